"""What is known, and is judged: plain values, which whoever keeps records makes of them.

Keys (of companies, people, offices) are whatever tells one from another and can be sorted: identifiers of records, or
tax codes. One person has one key, whatever the company; '' stands for none. Addresses are normalised, see
``tools.pec.address``. Days are dates, or None when they are not known.
"""
import datetime
from typing import NamedTuple


class Pec(NamedTuple):
    """The PEC of a company, or of somebody in an office, and what is known of it in the register."""
    address: str = ''
    verdict: str = 'known'  # as ``pec.address.judge`` has it, or what the service has said of the domain
    filed_on: datetime.date | None = None  # completed by the service with this address; the chamber has not answered
    proved_on: datetime.date | None = None  # the chamber has accepted it, or a person says that it stands there
    since: datetime.date | None = None  # on which it has come into the register
    seen_on: datetime.date | None = None  # the last look into the register
    seen: str = ''  # the address that stood there then, '' for none
    accepted_on: datetime.date | None = None  # the chamber has accepted it: with no word of a person


class Company(NamedTuple):
    """A company that is followed."""
    key: object
    form: str = ''  # code of its legal form, '' when it is not known
    state: str = 'active'  # code of the table of answers
    pec: Pec = Pec()
    owner: object = ''  # of an enterprise of one person: that person
    registered_on: datetime.date | None = None
    # What a person has decided; it counts where the rules do not.
    own_decision: str = ''  # whether its own PEC is due: 'yes', 'no', '' for nothing
    administrator_decision: str = ''  # whether an administrator's is due
    chosen: object = ''  # the person whose PEC is due


class Office(NamedTuple):
    """An office that a person holds, or will hold, or has held, in a company."""
    key: object
    company: object
    person: object
    role: str  # code of the table of answers
    since: datetime.date | None = None
    registered_on: datetime.date | None = None  # stands for the former where that is not known
    until: datetime.date | None = None  # the last day of its term
    ended_on: datetime.date | None = None  # from which on it is not held any more
    pec: Pec = Pec()
    doubt: str = ''  # why nobody can tell what the rule is for this person: 'no_tax_code', 'legal_person'

    @property
    def start(self):
        """The day on which it starts, as far as it is known."""
        return self.since or self.registered_on


class Filing(NamedTuple):
    """A filing that is under way."""
    company: object
    kind: str  # 'company' or 'administrator'
    person: object = ''  # of an administrator's
    state: str = ''  # as ``openapi_pec.communication`` has it; 'suspended' when the chamber has asked for something


class Mailbox(NamedTuple):
    """A mailbox that was bought here."""
    address: str
    reason: str = ''  # why it does not work ('mailbox_revoked' and the like), '' when it does
    expires_on: datetime.date | None = None  # None when it renews itself


class Notice(NamedTuple):
    """A chamber's notice that a company's PEC is irregular, unless somebody has settled it."""
    company: object
    published_on: datetime.date
    chamber: str = ''  # its province
    due_on: datetime.date | None = None  # when the notice itself names the day


class Holder(NamedTuple):
    """Who has an address: a company as its own, or a person for an office."""
    kind: str  # 'company' or 'administrator'
    company: object
    person: object = ''  # in the office; of an enterprise of one person its owner
    is_proved: bool = False  # whether it is known to stand in the register
    since: datetime.date | None = None


class Facts(NamedTuple):
    """All that is judged at once.

    :param companies: for each of which there are two lines.
    :param offices: of these companies, those that ended long ago as well.
    :param filings: of these companies, that are under way.
    :param mailboxes: with the addresses of these companies and offices, one for each address.
    :param notices: to these companies.
    :param holders: (address, Holder) of others who have one of these addresses; of these companies and offices as well.
        Who has ceased has none.
    """
    companies: tuple = ()
    offices: tuple = ()
    filings: tuple = ()
    mailboxes: tuple = ()
    notices: tuple = ()
    holders: tuple = ()


class Ahead(NamedTuple):
    """How many days before something ends it is told."""
    office: int
    mailbox: int

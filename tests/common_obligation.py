"""What the tests of the register of positions have in common: days, PECs, and judging one company."""
import datetime
import functools

from odoo.addons.l10n_it_openapi_pec.tools.obligation import position, rules
from odoo.addons.l10n_it_openapi_pec.tools.obligation.facts import Ahead, Company, Facts, Office, Pec

TODAY = datetime.date(2026, 11, 27)
AHEAD = Ahead(office=60, mailbox=45)
LONG_AGO = datetime.date(2010, 3, 1)  # a registration
ALREADY = datetime.date(2024, 5, 6)  # an office from before the duty of administrators
PROVED = datetime.date(2026, 1, 20)


def day(text):
    """Return the date of a day as people write it: 31/12/2025."""
    return datetime.datetime.strptime(text, '%d/%m/%Y').date()


def proved(address='alfa@legalmail.it', proved_on=PROVED, **values):
    """Return a PEC that is known to stand in the register."""
    return Pec(address, proved_on=proved_on, **values)


def company(form='SR', pec=None, **values):
    """Return a company that was registered long ago, whose own PEC is in order."""
    return Company(**{
        'key': 'alfa', 'form': form, 'registered_on': LONG_AGO, 'pec': proved() if pec is None else pec, **values})


def office(role='AUN', person='mario', pec=None, **values):
    """Return an office from long ago, whose PEC is in order."""
    return Office(**{
        'key': f'{person} {role}', 'company': 'alfa', 'person': person, 'role': role, 'since': ALREADY,
        'pec': proved('mario@pec.it') if pec is None else pec, **values})


@functools.cache
def shipped(today):
    """Return the rules of a day as they are shipped."""
    return rules.in_force(rules.read_shipped(), today)


def judge(companies, offices=(), today=TODAY, rows=None, **facts):
    """Return the lines of some companies."""
    in_force = rules.in_force(rows, today) if rows else shipped(today)
    return position.judge(Facts(companies, offices, **facts), in_force, today, AHEAD)


def judge_one(own, *offices, **arguments):
    """Return the line about a company's own PEC, and the one about its administrator's."""
    return judge([own], offices, **arguments)

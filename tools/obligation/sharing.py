"""Who has the same address, and who of them has to give way.

The register's rules INT.P (MIMIT, decree of 4/12/2025, since 15/1/2026), and what they leave open:

1. The PEC of an office holder differs from every company's. He gives way; but a company whose PEC does not stand in the
   register yet gives way to his that does (rule 2).
2. The PEC that a company communicates differs from every other company's and from every office holder's.
3. One person may have one PEC for the offices in several companies.
4. Who has an enterprise of his own and an office elsewhere needs two: the enterprise's is a company's.
5. Of companies whose PEC is the same in the register all are asked for another one but the last that came (directive of
   MISE and Giustizia of 2015).
6. Two people do not share one (Unioncamere and Notariato, Orientamento 3/2025), though no check of the register finds
   it.

What is only written here gives way to what stands in the register. How many have an address makes no difference to the
time that judging one of them takes.
"""
import datetime
import heapq
from collections import defaultdict
from typing import NamedTuple

from .facts import Holder
from .rules import ADMINISTRATOR, COMPANY

CEASED = 'ceased'  # state of a company whose address is free for others
MOST_TOLD = 5  # others who are named in a line


class Clash(NamedTuple):
    """That an address is somebody else's as well, and that this one has to give way."""
    reason: str  # 'pec_of_own_company', 'pec_of_own_trade', 'pec_of_company', 'pec_of_person', 'shared_by_people'
    others: tuple  # of Holder, those of whom it is said first; at most ``MOST_TOLD``


class _Sharers:
    """Who has one address, by what is asked of them.

    :param holders: of (Holder, day from which on it is one no more, or None).
    """

    def __init__(self, holders):
        self.companies, self.people, self.trades = {}, {}, {}
        self.ends = {ends_on for _holder, ends_on in holders if ends_on}
        for holder, _ends_on in holders:
            if holder.kind == ADMINISTRATOR:
                _keep(self.people, holder.person, holder)
            else:
                _keep(self.companies, holder.company, holder)
                if holder.person:
                    _keep(self.trades, holder.person, holder)
        self.proved_companies = [holder for holder in self.companies.values() if holder.is_proved]
        self.proved_people = [holder for holder in self.people.values() if holder.is_proved]
        self.last = _find_last(self.proved_companies)
        everybody = (*self.companies.values(), *self.people.values())
        self.sample = heapq.nsmallest(MOST_TOLD + 1, everybody, key=lambda holder: [*map(str, holder[:3])])


def group(companies, offices, others=()):
    """Group who shares an address.

    :param companies: of Company, as ``offices`` are of Office that are held, or will be.
    :param others: of (address, Holder).
    :return: to be given to the functions below.
    :rtype: dict
    """
    found = defaultdict(list)
    for company in companies:
        if (pec := company.pec).address and company.state != CEASED:
            found[pec.address].append((Holder(COMPANY, company.key, company.owner, is_proved(pec), pec.since), None))
    for office in offices:
        if (pec := office.pec).address:
            found[pec.address].append((
                Holder(ADMINISTRATOR, office.company, office.person, is_proved(pec), pec.since), office.ended_on))
    for address, holder in others:
        if address in found:
            found[address].append((holder, None))
    return {address: _Sharers(holders) for address, holders in found.items() if len(holders) > 1}


def is_proved(pec):
    """Tell whether a PEC is known to stand in the register: by a look that was later than anything else, or since."""
    if not pec.address:
        return False
    if pec.seen_on and pec.seen == pec.address:
        return True
    return bool(pec.proved_on) and (not pec.seen_on or pec.seen_on <= pec.proved_on)


def get_days(address, grouped):
    """Return the days on which others give an address up.

    :param dict grouped: as :func:`group` returns it.
    :rtype: set[datetime.date]
    """
    return grouped[address].ends if address in grouped else set()


def judge_company(company, grouped):
    """Tell whether a company has to give its PEC up.

    :param Company company: as it was grouped.
    :param dict grouped: as :func:`group` returns it.
    :rtype: Clash | None
    """
    sharers = grouped.get(company.pec.address)
    if not sharers:
        return None
    if not is_proved(company.pec):
        if len(sharers.companies) > 1:
            return _tell('pec_of_company', sharers, COMPANY, company.key)
        return _tell('pec_of_person', sharers, COMPANY, company.key) if sharers.proved_people else None
    if len(sharers.proved_companies) > 1 and sharers.last != company.key:
        return _tell('pec_of_company', sharers, COMPANY, company.key)
    return None


def judge_office(office, grouped):
    """Tell whether a person has to give the PEC of an office up.

    :param Office office: as it was grouped.
    :param dict grouped: as :func:`group` returns it.
    :rtype: Clash | None
    """
    sharers = grouped.get(office.pec.address)
    if not sharers:
        return None
    is_standing = sharers.people[office.person].is_proved

    def counts(holder):
        return holder and (holder.is_proved or not is_standing)

    others = sharers.proved_people if is_standing else sharers.people
    reasons = (
        ('pec_of_own_company', counts(sharers.companies.get(office.company))),
        ('pec_of_own_trade', counts(sharers.trades.get(office.person))),
        ('pec_of_company', sharers.proved_companies if is_standing else sharers.companies),
        ('shared_by_people', len(others) > 1),
    )
    reason = next((reason for reason, is_so in reasons if is_so), '')
    return _tell(reason, sharers, ADMINISTRATOR, office.person) if reason else None


def _keep(holders, key, holder):
    """Keep one of several holders who are the same: what is proved, since last."""
    known = holders.get(key)
    if not known or (holder.is_proved, holder.since or datetime.date.min) > (
            known.is_proved, known.since or datetime.date.min):
        holders[key] = holder


def _find_last(holders):
    """Return the company whose PEC has come into the register last; None when nobody knows."""
    days = sorted(holder.since or datetime.date.max for holder in holders)
    if len(days) < 2 or days[-1] == datetime.date.max or days[-1] == days[-2]:
        return None
    return next(holder.company for holder in holders if holder.since == days[-1])


def _tell(reason, sharers, kind, key):
    """Return a clash with the others who have the address: not the company, or not the person, that is judged."""
    own = 'company' if kind == COMPANY else 'person'
    others = [holder for holder in sharers.sample if holder.kind != kind or getattr(holder, own) != key]
    return Clash(reason, tuple(others[:MOST_TOLD]))

"""Whose digital domicile an address may be, and what would be filed twice.

The register's two rules INT.P, in force since 15/1/2026:

1. An office holder's PEC differs from every company's PEC.
2. A company's new PEC differs from every other company's and from every office holder's.

The same personal PEC may serve the offices of one person in several companies. A sole trader is a person and an
enterprise: the PEC of the trade is an enterprise's, and cannot serve the same person's office elsewhere.
"""
from typing import NamedTuple

from ..italy import enterprise, legal_form


class Claim(NamedTuple):
    """That an address is somebody's PEC, or is to be."""
    kind: str  # 'company' (the company's own), 'administrator' (a person's), 'unknown' (of a contact that may be both)
    owner: frozenset  # whatever identifies the company, or the person, whose PEC it is
    company: frozenset  # whatever identifies the company that it is filed for, or that a contact belongs to; or empty
    standing: str  # 'contact' (in the address book), 'draft' (to be filed with it), 'open' (being filed), 'completed'
    label: str  # how people call where this is written
    person: frozenset = frozenset()  # whatever identifies who asks for it; empty when it is not filed
    trade: str = ''  # of a person's: 'known' (who is an enterprise with this PEC as well), 'perhaps'
    name: str = ''  # denomination of what is filed, and of a contact without a code
    is_office: bool = False  # of an unknown one: called like an office of its company
    has_code: bool = True  # of what is filed: what has none may be a contact of the same denomination
    called: str = ''  # denomination of a contact, whether it has a code or not


# what is known of a person's own trade -> what its PEC means for an office of the same person
OWN_TRADE = {'known': 'pec_of_own_trade', 'perhaps': 'pec_of_own_trade_perhaps'}


def judge(mine, other):
    """Tell what another claim to the same address means for one that is about to be filed.

    :param Claim mine: the one to be filed.
    :param Claim other: what is known.
    :return: None when both may stand. Of another filing, whose standing takes the place of the dots: 'filing_…' (the
        same once more), 'other_person_…' (for another office holder of the same company), '…_elsewhere' (rules 1 and
        2, of what is filed for others). 'pec_of_own_company', 'pec_of_company', 'pec_of_person' (rules 1 and 2);
        'pec_of_own_trade' and 'pec_of_own_trade_perhaps' (rule 1, of who is an enterprise too); 'shared_by_people' (two
        office holders: no rule forbids it, and one PEC is one person's); 'perhaps_duplicate' (a contact of the same
        name without a code) and 'pec_of_unknown' (nobody can tell whose).
    :rtype: str | None
    """
    if other.standing == 'contact':
        return _judge_contact(mine, other)
    is_own = bool(mine.owner & other.owner)
    if mine.kind == other.kind and mine.company & other.company:
        is_another = mine.kind == 'administrator' and not is_own
        return f'other_person_{other.standing}' if is_another else f'filing_{other.standing}'
    if is_own and mine.kind == other.kind:
        return None
    if mine.kind == other.kind == 'administrator':
        return 'shared_by_people'
    if is_own and mine.kind == 'administrator' and other.standing == 'completed' and other.trade in OWN_TRADE:
        return OWN_TRADE[other.trade]
    return f'{other.standing}_elsewhere'


def _judge_contact(mine, other):
    """Tell what an address in the address book means for one that is about to be filed."""
    if other.kind == 'unknown':
        return _judge_unknown(mine, other)
    is_own = bool(mine.owner & other.owner)
    if mine.kind == 'company':
        if is_own or (mine.company & other.company and legal_form.is_of_one(legal_form.read(mine.name).form)):
            return None  # the enterprise of the person who has its VAT number
        if other.kind == 'administrator':
            return 'pec_of_person'
        named = other.name if mine.has_code else other.called
        return 'perhaps_duplicate' if enterprise.perhaps_same(mine.name, named) else 'pec_of_company'
    if other.kind == 'administrator':
        if is_own:
            return OWN_TRADE.get(other.trade)
        return 'pec_of_company' if other.trade == 'known' else 'shared_by_people'
    if mine.company & other.owner:
        return 'pec_of_own_company'
    return 'pec_of_own_trade' if is_own else 'pec_of_company'


def _judge_unknown(mine, other):
    """Tell the same of a contact of which nobody can tell whether it is a person or an enterprise.

    Who asks is a person, whatever his contact misses; an office is its company.
    """
    if mine.person & other.owner:
        return _judge_contact(mine, other._replace(
            kind='administrator', owner=other.owner | mine.person, company=frozenset()))
    if other.is_office:
        return _judge_contact(mine, other._replace(kind='company', owner=other.owner | other.company, name=''))
    if mine.kind == 'company':
        if mine.company & (other.owner | other.company):
            return None
        if enterprise.perhaps_same(mine.name, other.name):
            return 'perhaps_duplicate'
        if not other.name:  # it has a code, and another one
            return 'pec_of_company'
    return 'pec_of_unknown'

"""Whose digital domicile an address may be, and what would be filed twice.

The register's two rules INT.P, in force since 15/1/2026:

1. An office holder's PEC differs from every company's PEC.
2. A company's new PEC differs from every other company's and from every office holder's.

The same personal PEC may serve the offices of one person in several companies.
"""
from typing import NamedTuple


class Claim(NamedTuple):
    """That an address is somebody's PEC, or is to be."""
    kind: str  # 'company' (the company's own) or 'administrator' (a person's)
    owner: frozenset  # whatever identifies the company, or the person, whose PEC it is
    company: frozenset  # whatever identifies the company that it is filed for; empty when it is not filed
    standing: str  # 'contact' (in the address book), 'open' (being filed) or 'completed' (filed)
    label: str  # how people call where this is written


def judge(mine, other):
    """Tell what another claim to the same address means for one that is about to be filed.

    :param Claim mine: the one to be filed.
    :param Claim other: what is known.
    :return: None when both may stand; 'filing_open', 'filing_completed' (the same once more); 'pec_of_own_company',
        'pec_of_company', 'pec_of_person' (rules 1 and 2); 'open_elsewhere', 'completed_elsewhere' (the same rules, of
        what is filed for others); 'shared_by_people' (two office holders: no rule forbids it, and one PEC is one
        person's).
    :rtype: str | None
    """
    if mine.kind == other.kind and mine.company & other.company:
        return f'filing_{other.standing}'
    if mine.owner & other.owner and (mine.kind == other.kind or other.standing == 'contact'):
        return None
    if mine.kind == other.kind == 'administrator':
        return 'shared_by_people'
    if other.standing != 'contact':
        return f'{other.standing}_elsewhere'
    if other.kind == 'administrator':
        return 'pec_of_person'
    return 'pec_of_own_company' if mine.company & other.owner else 'pec_of_company'

"""What a message is about: codes, numbers and addresses in its text, and which of some filings they fit."""
import itertools
import re
from typing import NamedTuple

from ..cleaning import clean
from ..italy import fiscal_code, omocodia
from ..pattern import Pattern
from ..pec import address as pec_address

MAX_FOUND = 1000  # of each kind
MOST_NAMED = 20  # tax codes in what is about one filing
MAX_TEXT = 200_000  # characters that are read
PLAIN_CODE = Pattern(r'(?<![0-9A-Za-z])(?:[0-9]{11}|[A-Za-z]{6}[0-9A-Za-z]{10})(?![0-9A-Za-z])')
# After the word, since the number alone looks like any other: "REA RM-1234567", "n. R.E.A.: 1234567".
REA = Pattern(
    r'\br\.?e\.?a\.?(?![a-z])[^0-9a-z\n]{0,10}(?:(?:n|nr|numero)\b[^0-9a-z\n]{0,5})?'
    r'(?:([a-z]{2})[ /-]{0,3})?([0-9]{1,7})(?![0-9])', re.IGNORECASE)
PROTOCOL = Pattern(
    r'\bprot(?:ocollo|ocollata|ocollato)?\b[^0-9a-z\n]{0,5}(?:(?:con|il|al|n|nr|num|numero|ri|r\.i)\b[^0-9a-z\n]{0,5}){0,4}'
    r'([0-9a-z][0-9a-z./_-]{2,40})', re.IGNORECASE)
DATE = re.compile(r'[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}')
MIN_DIGITS = 3  # of a protocol number


class About(NamedTuple):
    """What was found in a text."""

    codes: frozenset = frozenset()  # tax codes with a right check digit, as ``omocodia.identity`` has them
    reas: frozenset = frozenset()  # (province or '', number without zeros before it)
    protocols: frozenset = frozenset()  # as ``fold_number`` has them
    addresses: frozenset = frozenset()  # normalized
    shown_codes: tuple = ()  # normalized, in their order
    shown_protocols: tuple = ()


class Case(NamedTuple):
    """A filing that may be meant."""

    number: int  # whatever identifies it
    company_code: str
    person_code: str
    address: str
    protocol: str = ''
    reas: frozenset = frozenset()  # as of About
    is_answered: bool = False  # the chamber has said its last word


class Match(NamedTuple):
    """Which filing a message is about."""

    number: int | None  # that of the case; None when it is for a person to choose
    reason: str  # why none: 'nothing', 'other', 'several', 'contradiction', 'answered', 'unknown'; '' when there is one
    signs: tuple = ()  # what tells it: 'code', 'person', 'protocol', 'rea', 'pec'


def read(text, ignored=()):
    """Return what a text says of whom it is about.

    :param str text: subject and text of a message.
    :param ignored: texts; what is among them is left out, such as the chamber's own tax code.
    :rtype: About
    """
    text, left_out = text[:MAX_TEXT], set(map(fold_number, ignored))
    written = sorted(
        (found.start(group), found[group]) for pattern, group in ((PLAIN_CODE, 0), (omocodia.WITHIN, 1))
        for found in itertools.islice(pattern.finditer(text), MAX_FOUND))
    codes = list(dict.fromkeys(filter(None, (_get_valid(code) for _place, code in written))))
    codes = [code for code in codes if code not in left_out]
    protocols = [
        number for number in (found.rstrip('./_-') for found in PROTOCOL.findall(text)[:MAX_FOUND])
        if sum(map(str.isdigit, number)) >= MIN_DIGITS and not DATE.fullmatch(number)
        and fold_number(number) not in left_out]
    addresses = pec_address.find_in_text(text, MAX_FOUND)
    return About(
        frozenset(map(omocodia.identity, codes)),
        frozenset((province.upper(), number.lstrip('0')) for province, number in REA.findall(text)[:MAX_FOUND]),
        frozenset(map(fold_number, protocols)),
        frozenset(address for address in addresses if fold_number(address) not in left_out), tuple(codes),
        tuple(dict.fromkeys(protocols)))


def _get_valid(written):
    """Return a tax code as it is compared, '' when it cannot be one."""
    code = omocodia.normalize(re.sub(r'[ ./_|:-]', '', written))
    return code if fiscal_code.is_valid(code) else ''


def fold_number(number):
    """Return what the ways to write one protocol number have in common: letters and digits, in capitals."""
    return ''.join(filter(str.isalnum, clean(number))).upper()


def find_case(about, cases):
    """Return which case a message is about. It is never guessed: what fits two, or speaks of somebody else, fits none.

    The company's code counts first, if no other company is named before it: the chamber's own stands at the end. The
    person's counts where no other company is named: he may ask for several. What else is known (protocol, REA, PEC)
    tells which of several is meant, one that was answered included, or that it is none of them; it stands alone only
    where the message has no code of anybody. A list of many codes is about nobody.

    :param About about: of the message.
    :param cases: list of Case, with all those that any of it can mean.
    :rtype: Match
    """
    signs = {case.number: _get_signs(about, case) for case in cases}
    fitting, reason = _get_fitting(about, cases, signs)
    if not fitting:
        return Match(None, reason)
    for sign in ('protocol', 'rea', 'pec'):
        meant = [case for case in cases if sign in signs[case.number]]
        kept = [case for case in fitting if case in meant]
        if meant and not kept:
            return Match(None, 'contradiction')
        fitting = kept or fitting
    if all(case.is_answered for case in fitting):
        return Match(None, 'answered')
    if len(fitting) > 1:  # one that was answered may be meant as well as the one that follows it
        return Match(None, 'several')
    [case] = fitting
    if _is_contradicted(about, case, signs[case.number]):
        return Match(None, 'contradiction')
    return Match(case.number, '', tuple(sorted(signs[case.number])))


def _is_contradicted(about, case, signs):
    """Return whether a text names protocols or REA numbers, and none is that which is known of the case."""
    return any(named and own and sign not in signs for named, own, sign in (
        (about.protocols, case.protocol, 'protocol'), (about.reas, case.reas, 'rea')))


def _get_fitting(about, cases, signs):
    """Return the cases that the codes mean, or all that is known where there is no code; and why there is none."""
    named = [case for case in cases if 'code' in signs[case.number]]
    companies = {omocodia.identity(case.company_code) for case in named}
    if len(companies) > 1 or len(about.shown_codes) > MOST_NAMED:
        return [], 'several'
    if named and _is_other_first(about, *companies):
        return [], 'contradiction'
    persons = [case for case in named or cases if 'person' in signs[case.number]]
    is_of_person = all(map(omocodia.is_identity_of_person, about.codes))
    if named or (persons and is_of_person):
        return persons or named, ''
    if about.codes:
        return [], 'other'
    return [case for case in cases if signs[case.number]], 'unknown' if about != About() else 'nothing'


def _is_other_first(about, own):
    """Return whether a text names another company before the own one (its identity)."""
    order = list(map(omocodia.identity, about.shown_codes))
    return not all(map(omocodia.is_identity_of_person, order[:order.index(own)]))


def _get_signs(about, case):
    """Return what of a message is a case's."""
    found = {
        'code': omocodia.identity(case.company_code) in about.codes,
        'person': bool(case.person_code) and omocodia.identity(case.person_code) in about.codes,
        'protocol': bool(case.protocol) and fold_number(case.protocol) in about.protocols,
        'rea': any(is_same_rea(rea, own) for rea in about.reas for own in case.reas),
        'pec': case.address in about.addresses}
    return {sign for sign, is_found in found.items() if is_found}


def is_same_rea(rea, own):
    """Tell whether two REA numbers can be one; a number without its province is anybody's of that number.

    :param rea: ``(province or '', number without zeros before it)``; likewise ``own``.
    """
    return rea[1] == own[1] and (not rea[0] or not own[0] or rea[0] == own[0])


def split_rea(text):
    """Return ``(province or '', number)`` of a REA number as it is kept: "RM 1234567", or the number alone."""
    province, _space, number = text.rpartition(' ')
    return province, number

"""A chamber's list of irregular addresses, as text: the tax codes on it, and the PECs printed beside them.

No two chambers write such a list alike. So nothing is known of its columns: codes are found wherever they stand, and
count when their check digit is right. A spreadsheet takes the zeros away with which a code begins: what may be such a
code is marked as guessed.
"""
import itertools
import re
from typing import NamedTuple

from .cleaning import clean
from .italy import fiscal_code, omocodia
from .pattern import Pattern
from .pec import address as pec_address

MAX_CODES = 250_000  # distinct ones that are read, addresses without a code among them
MAX_UNREAD = 100  # lines that are told
SHOWN = 200  # characters of a line that are
MAX_LINE = 1000  # characters of a line in which codes in groups are looked for as well
LEAST_DIGITS = 3  # without which 16 signs are a word

CODE = Pattern(r'(?<![0-9A-Za-z])(?:IT)?([0-9]{11}|[A-Za-z]{6}[0-9A-Za-z]{10})(?![0-9A-Za-z])', re.IGNORECASE)
# A number beside which nothing but a separator stands, and what stands before one that is no code: its name, a prefix.
SHORT = Pattern(r'(?<![^\s;,|:=<>()"\'])[1-9][0-9]{6,9}(?![^\s;,|<>()"\'])')
OTHER_NUMBER = Pattern(
    r'\b(?:tel|telefono|cell|cellulare|fax|r\.?e\.?a|prot|protocollo)\b[^0-9a-z;,|\t]*'
    r'(?:(?:n|nr|num|numero|[a-z]{2})\b[^0-9a-z;,|\t]*)?$|(?:\+[0-9]{1,3}|(?<![0-9])0[0-9]{1,3}) $', re.IGNORECASE)
BEFORE = 30  # characters in which that is looked for


class Entry(NamedTuple):
    """Somebody on a list."""

    number: int  # of the line, from 1
    line: str  # as it stands there, cut
    identity: str  # of the tax code, as ``omocodia.identity`` has it; '' where there is an address alone
    address: str  # normalized PEC on the same line, '' for none
    is_guessed: bool = False  # the zeros with which the code begins are not there


class IrregularList(NamedTuple):
    """What a list says."""

    entries: tuple  # of Entry: each code and each address without a code once, in their order
    unread: tuple  # (number, line) of lines with what looks like a code and is none, the first; others may be beside it
    unread_count: int
    is_cut: bool  # whether it goes on after what was read


def read(text):
    """Return what a list says.

    :param str text: of the whole list.
    :rtype: IrregularList
    """
    entries, unread, count = {}, [], 0
    for number, line in enumerate(text.splitlines(), 1):
        if len(entries) >= MAX_CODES:
            return IrregularList(tuple(entries.values()), tuple(unread), count, True)
        codes, is_doubtful = find_codes(line)
        guessed = [] if codes else find_short_codes(line)
        addresses = pec_address.find_in_text(line) if '@' in line else []
        shown = clean(line[:SHOWN * 2])[:SHOWN] if codes or guessed or addresses or is_doubtful else ''
        for code in codes or guessed:
            if code not in entries or (codes and entries[code].is_guessed):
                entries[code] = Entry(number, shown, code, addresses[0] if addresses else '', not codes)
        for address in () if codes else addresses:  # a guess may be wrong
            entries.setdefault(address, Entry(number, shown, '', address))
        if is_doubtful:
            count += 1
            unread += [(number, shown)] if len(unread) < MAX_UNREAD else []
    return IrregularList(tuple(entries.values()), tuple(unread), count, False)


def find_codes(line):
    """Return the identities of the tax codes in a line, and whether something there looks like one and is none.

    :return: ``(list of str, bool)``
    :rtype: tuple
    """
    written = [code for code in CODE.findall(line) if sum(map(str.isdigit, code)) >= LEAST_DIGITS]
    codes = [identity for identity in map(get_identity, written) if identity]
    is_doubtful = len(codes) < len(written)
    if not codes and len(line) <= MAX_LINE:  # in groups, or with what stands right before it
        found = (get_identity(match[1]) for match in itertools.islice(omocodia.WITHIN.finditer(line), MAX_LINE))
        codes = [identity for identity in found if identity]
    return list(dict.fromkeys(codes)), is_doubtful


def find_short_codes(line):
    """Return the identities of companies' tax codes in a line that has none in full: those that have lost their zeros.

    Of ten numbers at most one has a right check digit, so what is found may still be another number.

    :rtype: list[str]
    """
    if len(line) > MAX_LINE:
        return []
    numbers = [
        match[0].zfill(fiscal_code.COMPANY_LENGTH) for match in SHORT.finditer(line)
        if not OTHER_NUMBER.search(line[max(match.start() - BEFORE, 0):match.start()])]
    return list(dict.fromkeys(filter(None, map(get_identity, numbers))))


def get_identity(written):
    """Return what a tax code has in common with all codes of the same one, '' when its check digit is wrong.

    :param str written: as it stands somewhere.
    """
    code = omocodia.normalize(written)
    return omocodia.identity(code) if fiscal_code.is_valid(code) else ''

"""A chamber's list of irregular addresses, as text: the tax codes on it, and the PECs printed beside them.

No two chambers write such a list alike. So nothing is known of its columns: codes are found wherever they stand, and
count when their check digit is right.
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
AROUND_ADDRESS = re.compile(r'[\s<>()\[\]{},;:"\'|]+')


class Entry(NamedTuple):
    """Somebody on a list."""

    number: int  # of the line, from 1
    line: str  # as it stands there, cut
    identity: str  # of the tax code, as ``omocodia.identity`` has it; '' where there is an address alone
    address: str  # normalized PEC on the same line, '' for none


class IrregularList(NamedTuple):
    """What a list says."""

    entries: tuple  # of Entry: each code and each address without a code once, in their order
    unread: tuple  # (number, line) of lines with what looks like a code and is none, the first of them
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
        addresses = find_addresses(line) if '@' in line else []
        shown = clean(line[:SHOWN * 2])[:SHOWN] if codes or addresses or is_doubtful else ''
        for code in codes:
            entries.setdefault(code, Entry(number, shown, code, addresses[0] if addresses else ''))
        for address in () if codes else addresses:
            entries.setdefault(address, Entry(number, shown, '', address))
        if is_doubtful and not codes:
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
    if not codes and len(line) <= MAX_LINE:  # in groups, or with what stands right before it
        found = (get_identity(match[1]) for match in itertools.islice(omocodia.WITHIN.finditer(line), MAX_LINE))
        codes = [identity for identity in found if identity]
    return list(dict.fromkeys(codes)), bool(written)


def get_identity(written):
    """Return what a tax code has in common with all codes of the same one, '' when its check digit is wrong.

    :param str written: as it stands somewhere.
    """
    code = omocodia.normalize(written)
    return omocodia.identity(code) if fiscal_code.judge_company(code) == 'code_valid' else ''


def find_addresses(line):
    """Return the addresses in a line, normalized."""
    pieces = (piece.strip('.').lower() for piece in AROUND_ADDRESS.split(line) if '@' in piece)
    return list(dict.fromkeys(filter(pec_address.is_well_formed, pieces)))

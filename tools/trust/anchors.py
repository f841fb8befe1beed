"""Where trust begins: the certificates that may sign the European list of lists.

``anchors.csv`` holds their fingerprints (SHA-256, hexadecimal), and the notice of the Official Journal of the European
Union, series C, in whose annex they stand. They were taken from two programs of others that agree, of September 2026,
and not from the notice itself: so they are only proposed, and an administrator compares them with the notice and
confirms them (its address is ``NOTICE_URL``). When the Commission names others, the list of lists is signed by one that
is not among them, which is refused; its ``notice`` says beforehand that there is a new one (:func:`find_notice`).
"""
import csv
import re
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).with_name('anchors.csv')
LIST_URL = 'https://ec.europa.eu/tools/lotl/eu-lotl.xml'
LIST_TERRITORY = 'EU'
NOTICE_URL = 'https://eur-lex.europa.eu/eli/%(notice)s/oj'
# A notice of the series C since October 2023, in the ways in which EUR-Lex writes it in addresses, and people do: by
# its name (eli/C/2026/1944), the number of its page (OJ:C_202601944), or CELEX (52026XC01944).
NOTICES = re.compile(
    r'\bC/(?P<year>2[0-9]{3})/(?P<number>[0-9]{1,5})\b|OJ(?::|%3A)C_(?P<year_2>2[0-9]{3})(?P<number_2>[0-9]{5})\b'
    r'|\b5(?P<year_3>2[0-9]{3})XC(?P<number_3>[0-9]{5})\b')


class Anchor(NamedTuple):
    """A certificate that may sign the list of lists."""

    fingerprint: str
    notice: str  # such as ``C/2026/1944``


def read_anchors():
    """Return the proposed anchors (list of :class:`Anchor`)."""
    with DATA.open(encoding='utf-8', newline='') as file:
        return [Anchor(**line) for line in csv.DictReader(file)]


def find_notice(*texts):
    """Return the newest notice that texts name, such as ``C/2026/1944``; '': none, or in a way that nobody knows.

    :param str texts: addresses, or what somebody has typed.
    """
    found = [
        (int(match['year'] or match['year_2'] or match['year_3']),
         int(match['number'] or match['number_2'] or match['number_3']))
        for text in texts for match in NOTICES.finditer(text)]
    return 'C/{}/{}'.format(*max(found)) if found else ''

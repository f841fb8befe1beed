"""Where trust begins: the certificates that may sign the European list of lists.

``anchors.csv`` holds their fingerprints (SHA-256, hexadecimal), and the notice of the Official Journal of the European
Union, series C, in whose annex they stand. They were taken from two programs of others that agree, of September 2026,
and not from the notice itself: so they are only proposed, and an administrator compares them with the notice and
confirms them (its address is ``NOTICE_URL``). When the Commission names others, the list of lists is signed by one that
is not among them, which is refused; its ``notice`` says beforehand that there is a new one.
"""
import csv
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).with_name('anchors.csv')
LIST_URL = 'https://ec.europa.eu/tools/lotl/eu-lotl.xml'
LIST_TERRITORY = 'EU'
NOTICE_URL = 'https://eur-lex.europa.eu/eli/%(notice)s/oj'


class Anchor(NamedTuple):
    """A certificate that may sign the list of lists."""

    fingerprint: str
    notice: str  # such as ``C/2026/1944``


def read_anchors():
    """Return the proposed anchors (list of :class:`Anchor`)."""
    with DATA.open(encoding='utf-8', newline='') as file:
        return [Anchor(**line) for line in csv.DictReader(file)]

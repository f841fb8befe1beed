"""The table of municipalities and countries, and when two names are one.

``birth_places.csv`` holds one place a line, by the code that a person's tax code has of it (*codice catastale*, also
*codice nazionale* or *Belfiore*: "H501" is Roma; with Z begin those of countries). Its columns:

- the name of now, or the last one;
- of a municipality the abbreviation of the province in which it is, or was at its end; of a country the ISO 3166 code,
  empty when there is none (Yugoslavia);
- former names, each after the last day on which it was valid;
- other names, in the languages of minorities or of everyday;
- the province of Sardinia's reform where it is another one (L.R. 7/2021, in work since 2025, ISTAT's since 1/1/2026).
  Registers of the state had not taken it over by September 2026, and no decree gave abbreviations to the new
  provinces: those of 2006 to 2016 are written (OT, OG, VS, CI). Both provinces are right;
- the provinces in which it was before, as they were written then;
- the last day of a municipality that is no more;
- the code of the one into which it went; empty where it went to several, abroad, or where that was not looked up.

Municipalities are those of ANPR's archive (*archivio storico dei comuni*, Ministero dell'Interno, of May 2026),
countries those of its table of foreign states, both by way of python-codicefiscale 0.12.1 (MIT licence, (c) Fabio
Caccamo). The small words of their names were put into lower case, abbreviations of provinces that changed replaced (FO,
PS), ISO codes added. Into which one a municipality went is told by the day: another one begins, or changes, on the next
one; that was looked through for those since 1960 and for parts of large cities.
"""
import csv
import functools
import re
from pathlib import Path
from typing import NamedTuple

from ..cleaning import without_accents
from .fiscal_code import TRANSLITERATION

DATA = Path(__file__).with_name('birth_places.csv')
FOREIGN = 'Z'  # first letter of the codes of countries
MANY = ';'  # between names in one column
PIECE_ENDS = re.compile(r'[/()]|\s-\s')  # "Bolzano/Bozen", "Roma (RM)"
WORD = re.compile('[A-Z]+')
# Small words that people leave out, or write otherwise: "Reggio Calabria", "Reggio di Calabria".
SMALL_WORDS = frozenset({
    'A', 'AGLI', 'AI', 'AL', 'ALL', 'ALLA', 'ALLE', 'ALLO', 'CON', 'D', 'DA', 'DAL', 'DALLA', 'DE', 'DEGLI', 'DEI',
    'DEL', 'DELL', 'DELLA', 'DELLE', 'DELLO', 'DI', 'E', 'ED', 'ET', 'I', 'IL', 'IN', 'L', 'LA', 'LE', 'LI', 'LO',
    'NE', 'NEI', 'NEL', 'NELL', 'NELLA', 'SU', 'SUL', 'SULL', 'SULLA', 'SULLO',
})
SAINTS = dict.fromkeys(  # "S. Giovanni", "St. Vincent"
    ('SAINT', 'SAINTE', 'SAN', 'SANKT', 'SANT', 'SANTA', 'SANTI', 'SANTO', 'SS', 'ST', 'STA', 'STE', 'STO'), 'S')


class Row(NamedTuple):
    """One line of the table, as it stands there."""

    code: str
    name: str
    area: str
    former: str
    others: str
    new_province: str
    former_provinces: str
    last_day: str
    now_in: str

    @property
    def is_municipality(self):
        """Return whether it is, or was, a municipality, and not a country."""
        return not self.code.startswith(FOREIGN)

    @property
    def names(self):
        """Return the names that are right now, in every language, the official one first."""
        return (self.name, *filter(None, self.others.split(MANY)))

    @property
    def past_names(self):
        """Return the last day (ISO 8601) and the name of each former name, the oldest first."""
        return [tuple(entry.split(' ', 1)) for entry in self.former.split(MANY) if entry]

    @property
    def provinces(self):
        """Return the abbreviations of the provinces in which it is now: two in Sardinia, until registers agree."""
        return tuple(filter(None, (self.area, self.new_province)))

    @property
    def provinces_ever(self):
        """Return the abbreviations of all provinces in which it is or was."""
        return (*self.provinces, *filter(None, self.former_provinces.split(MANY)))


@functools.cache
def rows():
    """Return the lines by code; the file is read once.

    :rtype: dict[str, Row]
    """
    with DATA.open(encoding='utf-8', newline='') as file:
        lines = csv.reader(file)
        next(lines)  # titles
        return {line[0]: Row(*line) for line in lines}


def row(code):
    """Return the line of a code, None when it is not known.

    :param code: "H501", in any case; or anything else for none.
    """
    return rows().get(code.strip().upper()) if isinstance(code, str) else None


def words(name):
    """Return the words of a name in capital letters A to Z, without accents, apostrophes and dashes.

    A J is an I: "Roccella Jonica", "Roccella Ionica".
    """
    return WORD.findall(without_accents(name.upper()).translate(TRANSLITERATION).replace('J', 'I'))


def keys(name):
    """Return what has to be equal in two spellings of a name: one of its keys.

    Case, accents, apostrophes, dashes, small words and how a saint is written make no difference.

    :param str name: of a place.
    :rtype: set[str]
    """
    parts = words(name)
    full = ''.join('SAN' if word == 'S' else word for word in parts)  # "S. Remo" is Sanremo
    return {''.join(parts), full, ''.join(SAINTS.get(word, word) for word in parts if word not in SMALL_WORDS)} - {''}

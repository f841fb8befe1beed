"""Where somebody was born: the municipality or the country behind the place code in a person's tax code.

The code (*codice catastale*, also *codice nazionale* or *Belfiore*) is a letter and three digits: "H501" is Roma; with
Z begin those of countries. A person's code keeps that of a municipality or of a state that is no more.

``birth_places.csv`` holds one place a line: its code; the name of now, or the last one; of a municipality the
abbreviation of the province in which it is, or was at its end, of a country the ISO 3166 code, empty when there is none
(Yugoslavia); former names, each after the last day on which it was valid; and other names, in the languages of
minorities or of everyday. Municipalities are those of ANPR's archive (*archivio storico dei comuni*, Ministero
dell'Interno), countries those of its table of foreign states, both by way of python-codicefiscale 0.12.1 (MIT licence,
(c) Fabio Caccamo). The small words of their names were put into lower case, abbreviations of provinces that changed
replaced (FO, PS), ISO codes added. What that archive did not know in May 2026 (the Sardinian provinces of 2025) is not
known here either.
"""
import csv
import datetime
import functools
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from .fiscal_code import TRANSLITERATION

DATA = Path(__file__).with_name('birth_places.csv')
ITALY = 'IT'
FOREIGN = 'Z'  # first letter of the codes of countries
MANY = ';'  # between names in one column
PIECE_ENDS = re.compile(r'[/()]|\s-\s')  # "Bolzano/Bozen", "Roma (RM)"
WORD = re.compile('[A-Z]+')
# Small words that people leave out, or write otherwise: "Reggio Calabria", "Reggio di Calabria".
SMALL_WORDS = frozenset({
    'A', 'AGLI', 'AI', 'AL', 'ALL', 'ALLA', 'ALLE', 'ALLO', 'CON', 'D', 'DA', 'DAL', 'DALLA', 'DE', 'DEGLI', 'DEI',
    'DEL', 'DELL', 'DELLA',
    'DELLE', 'DELLO', 'DI', 'E', 'ED', 'ET', 'I', 'IL', 'IN', 'L', 'LA', 'LE', 'LI', 'LO', 'NE', 'NEI', 'NEL', 'NELL',
    'NELLA', 'SU', 'SUL',
    'SULL', 'SULLA', 'SULLO',
})
SAINTS = dict.fromkeys(('SAN', 'SANT', 'SANTA', 'SANTO'), 'S')  # "S. Giovanni"


class Place(NamedTuple):
    """Where somebody was born."""
    name: str
    province: str  # abbreviation, '' abroad; of what Italy ceded in 1947 the one of then: "FU" for Fiume
    country: str  # ISO 3166 alpha-2: 'IT' of every municipality, '' of a state that had no code


def find(code, birth_date=None):
    """Return the place that a code names.

    :param code: "H501", in any case; or anything else for none.
    :param birth_date: the day whose name is wanted; None (or what is no date) for that of now, or the last one. The
        province is that of now in any case: forms ask for it.
    :type birth_date: datetime.date | None
    :rtype: Place | None
    """
    row = _row(code)
    if not row:
        return None
    code, name, area, former, _others = row
    if isinstance(birth_date, datetime.date):
        day = birth_date.isoformat()[:10]
        name = next((past for end, past in _former_names(former) if day <= end), name)
    return Place(name, '', area) if code.startswith(FOREIGN) else Place(name, area, ITALY)


def same_place(code, name):
    """Tell whether a name that a person typed is one of a code's place: of now, a former one, or in another language.

    Case, accents, apostrophes, small words and how a saint is written make no difference; a province may stand behind.

    :param code: as for :func:`find`.
    :param name: a string, or anything else for none.
    :return: False, too, when the code is not known.
    :rtype: bool
    """
    row = _row(code)
    if not row or not isinstance(name, str):
        return False
    _code, current, _area, former, others = row
    names = {current, *others.split(MANY), *(past for _end, past in _former_names(former))}
    known = set().union(*map(_keys, names))
    return any(known & _keys(piece) for piece in (name, *PIECE_ENDS.split(name)))


def _row(code):
    """Return the columns of a code in the data, None when it is not known."""
    return _rows().get(code.strip().upper()) if isinstance(code, str) else None


@functools.cache
def _rows():
    """Return all columns by code; the file is read once."""
    with DATA.open(encoding='utf-8', newline='') as file:
        rows = csv.reader(file)
        next(rows)  # titles
        return {row[0]: row for row in rows}


def _former_names(former):
    """Yield the last day (ISO 8601) and the name of each former name, the oldest first."""
    for entry in filter(None, former.split(MANY)):
        end, _space, name = entry.partition(' ')
        yield end, name


def _keys(name):
    """Return what has to be equal in two spellings of a name: one of its keys."""
    letters = unicodedata.normalize('NFKD', name.upper()).translate(TRANSLITERATION)
    words = WORD.findall(''.join(letter for letter in letters if not unicodedata.combining(letter)))
    return {''.join(words), ''.join(SAINTS.get(word, word) for word in words if word not in SMALL_WORDS)} - {''}

"""Where somebody was born: the municipality or the country behind the place code in a person's tax code.

A person's code keeps that of a municipality or of a state that is no more; ``place_table`` has them all.
"""
import datetime
from typing import NamedTuple

from . import fiscal_code, place_table
from .omocodia import PERSON, normalize, place

ITALY = 'IT'
OLDEST_AGE = 100  # years, from which on two digits of a year are a child's, too


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
    row = place_table.row(code)
    if not row:
        return None
    name = row.name
    if isinstance(birth_date, datetime.date):
        day = birth_date.isoformat()[:10]
        name = next((past for end, past in row.past_names if day <= end), name)
    return Place(name, row.area, ITALY) if row.is_municipality else Place(name, '', row.area)


def judge_person(code):
    """Tell whether a code can be a person's, as ``fiscal_code.judge_person``, and whether its place is known.

    :param code: as for :func:`.omocodia.normalize`.
    :return: as of ``fiscal_code.judge_person``; 'code_place' when all is right but the place of birth, which is in no
        table. A municipality may be newer than the table.
    :rtype: str
    """
    reason = fiscal_code.judge_person(code)
    match = PERSON.fullmatch(normalize(code)) if reason == 'code_valid' else None
    return 'code_place' if match and not place_table.row(place(match)) else reason


def judge_age(code, today):
    """Tell whether the person of a code can ask for something: whoever is younger than 18 is represented by others.

    Of the year a code holds two digits: those of somebody older than a hundred are a child's as well.

    :param code: as for :func:`.omocodia.normalize`.
    :param datetime.date today: the present day.
    :return: 'minor' (younger than 18, or as old as that), or 'fine', also when the code tells no birth.
    :rtype: str
    """
    birth = fiscal_code.birth(code, today.year)
    if not birth:
        return 'fine'
    day = birth.date
    age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    return 'fine' if fiscal_code.ADULT_AGE <= age < OLDEST_AGE else 'minor'


def same_place(code, name):
    """Tell whether a name that a person typed is one of a code's place: of now, a former one, or in another language.

    Case, accents, apostrophes, small words and how a saint is written make no difference; a province may stand behind.

    :param code: as for :func:`find`.
    :param name: a string, or anything else for none.
    :return: False, too, when the code is not known.
    :rtype: bool
    """
    row = place_table.row(code)
    if not row or not isinstance(name, str):
        return False
    names = (*row.names, *(past for _end, past in row.past_names))
    known = set().union(*map(place_table.keys, names))
    return any(known & place_table.keys(piece) for piece in (name, *place_table.PIECE_ENDS.split(name)))


def same_province(code, province):
    """Tell whether a province is one in which a code's place is, or was at some time: cards of those days say it.

    :param code: as for :func:`find`.
    :param str province: its abbreviation.
    :return: False, too, when the code is not known or is a country's.
    :rtype: bool
    """
    row = place_table.row(code)
    return bool(row) and row.is_municipality and province in row.provinces_ever

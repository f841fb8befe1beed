"""The Italian tax code (*codice fiscale*): whose it can be, and what it says about a person.

A person's code has 16 characters (DPR 605/1973; DM 23/12/1976): three letters of the surname, three of the name, year,
month and day of birth (of a woman the day plus 40), place of birth, check character. When two people would have the
same code, digits of it are replaced by letters (*omocodia*) and the check character is computed anew. A company's code
has 11 digits, as the *partita IVA*; so has a person's provisional code. A sole trader's is the person's own. Check
digits are python-stdnum's.

No function here raises on whatever it is given; what is no text counts as no code or no name.
"""
import datetime
import re
import unicodedata
from typing import NamedTuple

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.it import codicefiscale

from ..cleaning import clean
from .omocodia import OMOCODIA, PERSON, find_all, normalize, place

PERSON_LENGTH, COMPANY_LENGTH = 16, 11
WOMAN = 40  # what is added to a woman's day of birth
DAYS = (*range(1, 32), *range(1 + WOMAN, 32 + WOMAN))

ADULT_AGE = 18  # years, of whoever files or buys
OLDEST_YEAR = 1920  # of birth, while nobody's age is looked at; 29 February of '00 is that of 2000

FAULTS = {
    InvalidLength: 'code_form',
    InvalidFormat: 'code_form',
    InvalidComponent: 'code_office',
    InvalidChecksum: 'code_check',
}

VOWELS = 'AEIOU'
# Latin letters that Unicode does not take apart into a letter and an accent.
TRANSLITERATION = str.maketrans(
    {'Æ': 'AE', 'Œ': 'OE', 'Ø': 'O', 'Ł': 'L', 'Đ': 'D', 'Ð': 'D', 'Þ': 'TH', 'Ħ': 'H', 'Ŧ': 'T'})

WORD_ENDS = re.compile(r'[\s,;]+')
MAX_WORDS = 12  # of a name; a longer text is no name
# What stands before or after a name in an address book, in pieces: "Dott.ssa" is "dott" and "ssa".
TITLES = frozenset({
    'arch', 'avv', 'avvocato', 'cav', 'comm', 'dott', 'dottor', 'dottore', 'dottoressa', 'dottssa', 'dr', 'drssa',
    'geom', 'ing', 'mr',
    'mrs', 'ms', 'not', 'notaio', 'on', 'prof', 'professor', 'professore', 'professoressa', 'profssa', 'ra', 'rag',
    'sig', 'signor',
    'signora', 'sigra', 'ssa',
})


class Agreement(NamedTuple):
    """Whether the parts of a name agree with a tax code."""
    surname: bool
    name: bool


class Birth(NamedTuple):
    """The birth of a person, as the tax code states it."""
    date: datetime.date
    sex: str  # 'M' or 'F'
    place: str  # municipality's code in the land register (*codice catastale*, "H501"), or Z and the country's number


# ------------------------------------------------------------ the code

def judge_person(code):
    """Tell whether a code can be a person's.

    :param code: as for :func:`normalize`.
    :return: 'code_valid'; 'code_provisional' (11 digits); 'missing', 'code_form', 'code_several', 'code_date' (no such
        day), 'code_office' (no such office in a provisional code) or 'code_check' (check digit).
    :rtype: str
    """
    reason = judge_company(code)
    return 'code_provisional' if reason == 'code_valid' and len(normalize(code)) != PERSON_LENGTH else reason


def judge_company(code):
    """Tell whether a code can be a company's: 11 digits, or the 16 characters of a sole trader.

    :param code: as for :func:`normalize`.
    :return: 'code_valid'; 'missing', 'code_form', 'code_several' (which one is not for us to say), 'code_date',
        'code_office' (digits 8 to 10 name no office) or 'code_check'.
    :rtype: str
    """
    written, code = code, normalize(code)
    if not code:
        return 'missing'
    if len(code) not in (PERSON_LENGTH, COMPANY_LENGTH) or not code.isascii():
        return 'code_several' if len(find_all(written)) > 1 else 'code_form'
    if PERSON.fullmatch(code) and not _birth(code, OLDEST_YEAR):
        return 'code_date'
    try:
        codicefiscale.validate(code)
    except ValidationError as error:
        return FAULTS[type(error)]
    return 'code_valid'


def birth(code, year):
    """Return the birth that a person's code states, whatever its check character.

    :param code: as for :func:`normalize`; omocodes too.
    :param int year: the current one. A code keeps two digits of the year: it is taken for the youngest adult's.
    :return: None when the code is no person's or its day does not exist.
    :rtype: Birth | None
    """
    return _birth(normalize(code), year - ADULT_AGE - 99)


def _birth(code, oldest_year):
    """Return the birth in the hundred years from ``oldest_year`` on, or None; see :func:`birth`."""
    match = PERSON.fullmatch(code)
    day = match and int(match['day'].translate(OMOCODIA))
    if day not in DAYS:
        return None
    try:
        date = codicefiscale.get_birth_date(code, minyear=oldest_year)
    except InvalidComponent:
        return None
    # Not codicefiscale.get_gender: it raises a bare ValueError when the day is written in letters.
    return Birth(date, 'F' if day > WOMAN else 'M', place(match))


# ------------------------------------------------------------ the names in it

def surname_part(surname):
    """Return the three letters of a surname in a code: consonants, then vowels, then X (DM 23/12/1976).

    Accents, apostrophes and spaces do not count: "De Rossi", "D'Amico", "Nicolò".

    :return: '' when the surname has no Latin letter.
    :rtype: str
    """
    consonants, vowels = _letters(surname)
    return (consonants + vowels + 'XX')[:3] if consonants + vowels else ''


def name_part(name):
    """Return the three letters of a name in a code.

    With four consonants or more these are the 1st, 3rd and 4th, else they are formed as a surname's.

    :return: '' when the name has no Latin letter.
    :rtype: str
    """
    consonants, _vowels = _letters(name)
    return consonants[0] + consonants[2:4] if len(consonants) > 3 else surname_part(name)


def agrees(code, surname, name):
    """Tell which parts of a name agree with a person's code.

    What cannot be compared (no code of a person, a part that is empty) does not disagree.

    :rtype: Agreement
    """
    match = PERSON.fullmatch(normalize(code))
    return Agreement(
        not match or _is_blank(surname) or surname_part(surname) == match['surname'],
        not match or _is_blank(name) or name_part(name) == match['name'],
    )


def judge_names(code, surname, name):
    """Tell whether a name agrees with a person's code.

    :return: 'names_agree'; 'surname_disagrees', 'name_disagrees', 'names_disagree' (neither part agrees) or
        'names_swapped' (they would agree the other way round).
    :rtype: str
    """
    agreement = agrees(code, surname, name)
    if not all(agreement) and all(agrees(code, name, surname)):
        return 'names_swapped'
    return {
        (True, True): 'names_agree',
        (False, True): 'surname_disagrees',
        (True, False): 'name_disagrees',
        (False, False): 'names_disagree',
    }[agreement]


def split_name(full_name, code):
    """Split a full name, in either order, with the help of the person's code.

    "De Rossi Mario" and "Mario De Rossi" both give ("De Rossi", "Mario") with a code that begins with DRSMRA.
    Titles are left out ("Dott. Mario Rossi"), unless they turn out to be a part of the name.

    :param full_name: two to ``MAX_WORDS`` words.
    :param code: as for :func:`normalize`.
    :return: surname and name as they were written, or None when no split agrees with the code or several do.
    :rtype: tuple[str, str] | None
    """
    if not isinstance(full_name, str) or not PERSON.fullmatch(normalize(code)):
        return None
    words = [word for word in WORD_ENDS.split(full_name) if any(map(str.isalpha, word))]
    for named in ([word for word in words if not _is_title(word)], words):
        splits = {split for split in _splits(named) if all(agrees(code, *split))}
        if splits:
            return splits.pop() if len(splits) == 1 else None
    return None


def _splits(words):
    """Yield every (surname, name) into which words can be read, both orders."""
    if len(words) > MAX_WORDS:
        return
    for count in range(1, len(words)):
        first, second = ' '.join(words[:count]), ' '.join(words[count:])
        yield first, second
        yield second, first


def _is_title(word):
    """Tell whether a word is a title: each of its pieces between full stops is one."""
    pieces = [piece for piece in word.lower().split('.') if piece]
    return bool(pieces) and TITLES.issuperset(pieces)


def _is_blank(text):
    """Tell whether there is nothing to compare."""
    return not clean(text)


def _letters(text):
    """Return the consonants and the vowels of a text, A to Z, without what stands above and below them."""
    if not isinstance(text, str):
        return '', ''
    letters = unicodedata.normalize('NFKD', text.upper()).translate(TRANSLITERATION)
    letters = [letter for letter in letters if 'A' <= letter <= 'Z']
    return (
        ''.join(letter for letter in letters if letter not in VOWELS),
        ''.join(letter for letter in letters if letter in VOWELS),
    )

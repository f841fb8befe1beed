"""The Italian tax code (*codice fiscale*): whose it can be, and what it says about a person.

A person's code has 16 characters (DPR 605/1973; DM 23/12/1976): three letters of the surname, three of the name, year,
month and day of birth (of a woman the day plus 40), place of birth, check character. When two people would have the
same code, digits of it are replaced by letters (*omocodia*) and the check character is computed anew. A company's code
has 11 digits, as the *partita IVA*; so has a person's provisional code. A sole trader's is the person's own. Check
digits are python-stdnum's.

No function here raises on whatever it is given; what is no text counts as no code or no name.
"""
import datetime
import itertools
import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.it import codicefiscale

from ..cleaning import clean
from ..remembered import remembered
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

# How else letters with a sign were written in capital letters without one, beside without their sign.
DIGRAPHS = {
    'Ä': 'AE', 'Å': 'AA', 'Æ': 'AE', 'Ð': 'DH', 'Đ': 'DJ', 'Ñ': 'NY', 'Ö': 'OE', 'Ø': 'OE', 'Œ': 'OE', 'Ü': 'UE',
    'Č': 'CH', 'Ç': 'CH', 'Š': 'SH', 'Ş': 'SH', 'Ž': 'ZH',
}
LAST_ACCENT = re.compile(r"([AEIOU])['’`´](?![^\W\d_])")  # "NICOLO'": keyboards of capital letters have no accents
ACCENTED = dict(zip('AEIOU', 'ÀÈÌÒÙ', strict=True))
MAX_SIGNED = 4  # letters with a sign of which all combinations of readings are tried
ONE_NAME = 'XXX'  # stands for the surname or the name that a person does not have


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


@remembered
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


def is_valid(code):
    """Tell whether a code can be anybody's, a person's or a company's.

    :param code: as for :func:`normalize`.
    :rtype: bool
    """
    return judge_company(code) == 'code_valid'


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

def agrees(code, surname, name):
    """Tell which parts of a name agree with a person's code.

    What cannot be compared (no code of a person, a part that is empty) does not disagree. Letters with a sign had
    several readings at the tax office: of the code of "Alù Noè" some hold LAX NOX, as if "Al No" had been written, and
    "ü" was "u" or "ue". Any reading will do.

    :rtype: Agreement
    """
    match = PERSON.fullmatch(normalize(code))
    return Agreement(
        not match or _is_blank(surname) or match['surname'] in map(_surname_letters, _readings(surname)),
        not match or _is_blank(name) or match['name'] in map(_name_letters, _readings(name)),
    )


def judge_names(code, surname, name):
    """Tell whether a name agrees with a person's code.

    :return: 'names_agree'; 'surname_disagrees', 'name_disagrees', 'names_disagree' (neither part agrees),
        'names_swapped' (they would agree the other way round), 'letters_unsure' (all that disagrees hangs on letters
        with a sign, or of another alphabet) or 'one_name' (the code is that of a person with one name, which is among
        those that were written).
    :rtype: str
    """
    agreement = agrees(code, surname, name)
    if all(agreement):
        return 'names_agree'
    if all(agrees(code, name, surname)):
        return 'names_swapped'
    match = PERSON.fullmatch(normalize(code))
    wrong = [
        (field, reason) for field, reason, part, agreed in zip(
            ('surname', 'name'), ('surname_disagrees', 'name_disagrees'), (surname, name), agreement, strict=True)
        if not agreed and not _may_be(match[field], part)]
    if wrong and ((len(wrong) == 1 and match[wrong[0][0]] == ONE_NAME) or _has_only_name(code, surname, name)):
        return 'one_name'
    return 'names_disagree' if len(wrong) > 1 else wrong[0][1] if wrong else 'letters_unsure'


def missing_part(code):
    """Return which part of a name a person does not have, as the code says: 'surname', 'name', or '' for none.

    People from where one name is enough have XXX in the place of the other one.

    :param code: as for :func:`normalize`.
    """
    match = PERSON.fullmatch(normalize(code))
    return next((part for part in ('surname', 'name') if match and match[part] == ONE_NAME), '')


def _has_only_name(code, surname, name):
    """Tell whether a code is that of a person with one name, which is one of these or both together."""
    missing = missing_part(code)
    texts = [text for text in (surname, name) if not _is_blank(text)]
    texts += [' '.join(texts), ' '.join(reversed(texts))] if texts else []
    pairs = [(text, '') if missing == 'name' else ('', text) for text in texts]
    return bool(missing) and any(all(agrees(code, *pair)) for pair in pairs)


def _may_be(letters, text):
    """Tell whether letters of a code can be those of a text of whose letters some may have been read as anything.

    A letter of another script may stand for any number of them ("王" is "Wang"), a letter with a sign for one.
    """
    readings = _letters(text)
    if ('',) in readings:
        return True
    plain = Counter(reading[0] for reading in readings if len(reading) == 1 and reading[0])
    signed = len(readings) - plain.total()
    return bool(signed) and (Counter(letters.rstrip('X')) - plain).total() <= signed


def _is_blank(text):
    """Tell whether there is nothing to compare."""
    return not clean(text)


def _surname_letters(letters):
    """Return the three letters that stand for the letters A to Z of a surname: consonants, vowels, X (DM 23/12/1976).

    :return: '' when there is no letter.
    """
    consonants, vowels = _sorted(letters)
    return (consonants + vowels + 'XX')[:3] if consonants + vowels else ''


def _name_letters(letters):
    """Return the three letters that stand for the letters A to Z of a name.

    With four consonants or more these are the 1st, 3rd and 4th, else they are formed as a surname's.
    """
    consonants, _vowels = _sorted(letters)
    return consonants[0] + consonants[2:4] if len(consonants) > 3 else _surname_letters(letters)


def _sorted(letters):
    """Return the consonants and the vowels of letters A to Z."""
    return (
        ''.join(letter for letter in letters if letter not in VOWELS),
        ''.join(letter for letter in letters if letter in VOWELS),
    )


def _plain(text):
    """Return the letters A to Z of a text, without what stands above and below them."""
    if not isinstance(text, str):
        return ''
    letters = unicodedata.normalize('NFKD', text.upper()).translate(TRANSLITERATION)
    return ''.join(letter for letter in letters if 'A' <= letter <= 'Z')


def _letters(text):
    """Return how each letter of a text may have been read: in one way of A to Z, in several of a letter with a sign.

    The last one is that it was left out, which is all that is known of other alphabets.

    :rtype: list[tuple[str, ...]]
    """
    if not isinstance(text, str):
        return []
    text = unicodedata.normalize('NFKC', LAST_ACCENT.sub(lambda match: ACCENTED[match[1]], text.upper()))
    return [
        (letter,) if 'A' <= letter <= 'Z' else (
            *dict.fromkeys(filter(None, (_plain(letter), DIGRAPHS.get(letter)))), '')
        for letter in text if letter.isalpha()]


def _readings(text):
    """Yield the letters A to Z of a text in each way in which it may have been read; the same letter in one way."""
    letters = _letters(text)
    signed = list(dict.fromkeys(reading for reading in letters if len(reading) > 1))
    choices = itertools.product(*signed) if len(signed) <= MAX_SIGNED else (
        [reading[index] for reading in signed] for index in (0, -2, -1))
    for choice in choices:
        chosen = dict(zip(signed, choice, strict=True))
        yield ''.join(chosen.get(reading, reading[0]) for reading in letters)

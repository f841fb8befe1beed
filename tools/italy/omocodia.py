"""Comparing tax codes: which ones are the same person's.

When two people would have the same code, digits of it are replaced by letters (*omocodia*, DM 23/12/1976) and the check
character is computed anew. ``fiscal_code`` says which codes are valid, and what they state about a person.
"""
import re

from .. import labels
from ..cleaning import MAX_UNWRAPPED, clean
from ..pattern import Pattern

SEPARATORS = Pattern(r'[\s:-]+')
NO_SIGN = Pattern('[^A-Z0-9]')
SIGN = Pattern('[./_|]')
DECIMALS = Pattern(r'[.,]00?$')
COUNTRY_PREFIX = Pattern(r'^IT(?=[0-9]{11}$)')
# The letters that stand for 0 to 9 in an omocode.
OMOCODIA = str.maketrans('LMNPQRSTUV', '0123456789')
DIGIT = '[0-9LMNPQRSTUV]'
# part of a person's code -> its signs, and how many of each
_PARTS = {
    'surname': [('[A-Z]', 3)], 'name': [('[A-Z]', 3)], 'year': [(DIGIT, 2)], 'month': [('[ABCDEHLMPRST]', 1)],
    'day': [(DIGIT, 2)], 'place': [('[A-Z]', 1), (DIGIT, 3)], 'check': [('[A-Z]', 1)]}
_SIGNS = [sign for signs in _PARTS.values() for sign, count in signs for _number in range(count)]
PERSON = Pattern(''.join(
    f'(?P<{part}>{"".join(f"{sign}{{{count}}}" for sign, count in signs)})' for part, signs in _PARTS.items()))
CODE = Pattern(f'[0-9]{{11}}|{"".join(_SIGNS)}')
# A code wherever it stands: in groups ("RSS MRA 80A01 H501U", "12.485.671.007"), after what is written right before it
# ("P.IVA12485671007"), with the decimals that a spreadsheet adds.
_GROUPS = '[ ./_|:-]?'
_PERSON = _GROUPS.join(_SIGNS)
_COMPANY = f'[0-9](?:{_GROUPS}[0-9]){{10}}(?![0-9])(?:[.,]00?(?![0-9]))?'
WITHIN = Pattern(
    rf'(?<!\w)(?:c\.? ?f[.:=]*|p\.? ?iva[.:=]*|it|tinit)?[ ./()-]{{0,2}}({_COMPANY}|{_PERSON})(?!\w)',
    re.IGNORECASE | re.ASCII)


def normalize(code):
    """Return a code as the API wants it: upper case, no white space, '-', ':' nor an 'IT' before 11 digits.

    What stood around it ("C.F.:", "P.IVA") is removed as well: see ``tools.labels``.

    :param code: a string, or anything else for no code.
    :return: '' when there is no code. What is no code, or several, stays as it was written, without white space.
    :rtype: str
    """
    text = clean(code)
    compact = _compact(text)
    if CODE.fullmatch(compact):  # nearly all of them
        return compact
    found = find_all(text)
    return found[0] if len(found) == 1 else compact


def find_all(code):
    """Return the codes that stand in one text, such as a company's tax code and its VAT number.

    :param code: as for :func:`normalize`.
    :return: normalized and distinct, in their order; none when the text is no code. One alone when nothing but that
        code stands there, in whatever wrapping.
    :rtype: list[str]
    """
    text = clean(code)
    whole = _compact(text)
    if CODE.fullmatch(whole):
        return [whole]
    if len(text) > MAX_UNWRAPPED or not labels.are_words(WITHIN.sub(' ', text), labels.CODE_WORDS):
        return []
    found = [DECIMALS.sub('', code) for code in WITHIN.findall(text)]
    if any(len(SIGN.findall(code)) == 1 for code in found):  # one alone is a mistake, several make groups
        return []
    return list(dict.fromkeys(NO_SIGN.sub('', code.upper()) for code in found))


def _compact(text):
    code = SEPARATORS.sub('', text)
    # Of other alphabets some letters would become ASCII only now ('ſ', 'ß'): they stay, and are found wrong.
    return COUNTRY_PREFIX.sub('', code.upper()) if code.isascii() else code


def is_personal(code):
    """Tell whether a code has the form of a person's, of 16 characters, whatever its check character.

    :param code: as for :func:`normalize`.
    :rtype: bool
    """
    return bool(PERSON.fullmatch(normalize(code)))


def same(code, other):
    """Tell whether two codes can be one person's (or are one company's).

    After an *omocodia* a person may show the old and the new code: letters in the place of digits, and the check
    character that follows from them, make no difference.

    :rtype: bool
    """
    if code == other and isinstance(code, str) and code.isascii() and code.isalnum():  # nearly all of them
        return True
    return bool(identity(code)) and identity(code) == identity(other)


def identity(code):
    """Return what all codes of one person (or company) have in common, and no other code has: see :func:`same`.

    :param code: as for :func:`normalize`.
    :return: '' when there is no code.
    :rtype: str
    """
    code = normalize(code)
    digits = _without_omocodia(code)
    return f'{digits}*' if digits else code


def is_identity_of_person(key):
    """Tell whether what :func:`identity` returned is a person's.

    :param str key: as returned.
    :rtype: bool
    """
    return key.endswith('*')


def _without_omocodia(code):
    """Return a person's code in digits and without its check character, '' when it is no person's."""
    match = PERSON.fullmatch(code)
    if not match:
        return ''
    year, day = match['year'].translate(OMOCODIA), match['day'].translate(OMOCODIA)
    return match['surname'] + match['name'] + year + match['month'] + day + place(match)


def place(match):
    """Return the place of birth that a match of ``PERSON`` names, in digits after its letter."""
    return match['place'][0] + match['place'][1:].translate(OMOCODIA)

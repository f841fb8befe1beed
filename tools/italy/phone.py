"""Mobile telephone numbers, as the API wants them: the national number of Italian mobiles, else international form."""
import re

from ..cleaning import MAX_UNWRAPPED, unwrap_phone

# Letters come first: libraries that read telephone keypads find "34xxxxxx18" valid.
CHARACTERS = re.compile(r'[+0-9 ().\-/]*')
SEPARATORS = re.compile(r'[ ().\-/]')
ITALY = r'(?:(?:\+|00)39)?'
# reason code, form of a number without separators, what goes before the group that is kept
FORMS = (
    # Prefixes that begin with 3, nine or ten digits in all (national numbering plan, AGCOM).
    ('mobile_italian', re.compile(ITALY + r'(3[0-9]{8,9})'), ''),
    # The prefix of Italy without its plus, as messengers and spreadsheets write it: twelve digits can be nothing else.
    ('mobile_italian', re.compile(r'39(3[0-9]{9})'), ''),
    # Country code and number: at most 15 digits (ITU-T E.164); the shortest numbers have 7.
    ('mobile_foreign', re.compile(r'(?:\+|00)(?!39)([1-9][0-9]{6,14})'), '+'),
    ('mobile_landline', re.compile(ITALY + r'(0[1-9][0-9]{4,9})'), ''),
    ('mobile_landline', re.compile(r'39(0[1-9][0-9]{4,9})'), ''),
)
ACCEPTED = ('mobile_italian', 'mobile_foreign')
# A zero in brackets, as it is dialled within a country and not from abroad: "+41 (0)79 123 45 67".
TRUNK = re.compile(r'\( ?0 ?\)')
COUNTRY = re.compile(r'(?:\+|00)[1-9][0-9]{0,2}|39')  # what may stand before it
MOBILE = re.compile(r'3[0-9]{8,9}')
# Countries in which no number begins with zero beyond that one (ITU-T, national numbering plans): there it is left out
# without its brackets as well. Of others (Italy, San Marino, Ivory Coast) the zero is a part of the number.
TRUNK_ZERO = re.compile(
    r'^((?:\+|00)(?:20|27|3[1-3]|40|4[1346]|49|6[0-46]|8[1246]|9[0-58]|21[238]|23[34]|25[4-6]|35[3589]|37[034]|'
    r'38[01235679]|421|880|972))0(?=[1-9])')
# What stands between several numbers in one field, the least ambiguous first.
BETWEEN = tuple(map(re.compile, (r'[;,|&]| (?:e|o|ed|oppure|and|or) ', r'/', r' - ', r' (?=\+|00)', r'-', r' ')))
MAX_WORDS = 16  # of two numbers


def normalize(number):
    """Return a mobile number as the API wants it.

    :param number: a string, or anything else for no number.
    :return: '3401234518' of an Italian number, '+41791234567' of another country's, '' of what is no mobile number.
    :rtype: str
    """
    reason, number = _read(number)
    return number if reason in ACCEPTED else ''


def normalize_telephone(number):
    """Return a telephone number, of a landline or a mobile, as :func:`normalize`: '0612345678' of an Italian one."""
    return _read(number)[1]


def judge(number):
    """Tell whether a number can be a mobile number.

    :param number: as for :func:`normalize`.
    :return: 'mobile_italian', 'mobile_foreign'; 'missing', 'mobile_several' (which one is not for us to say),
        'mobile_characters' (something but digits and ``+ ().-/``), 'mobile_landline' (Italian, and no mobile) or
        'mobile_form'.
    :rtype: str
    """
    return _read(number)[0]


def judge_telephone(number):
    """Tell whether a number can be a telephone number, of a landline or a mobile.

    :param number: as for :func:`normalize`.
    :return: 'fine', 'missing', 'mobile_several' or 'phone_form'.
    :rtype: str
    """
    reason = judge(number)
    if reason in ('missing', 'mobile_several'):
        return reason
    return 'fine' if reason in (*ACCEPTED, 'mobile_landline') else 'phone_form'


def find_all(number):
    """Return the telephone numbers that stand in one text, of landlines as well.

    :param number: as for :func:`normalize`.
    :return: in the form of the API and distinct, in their order; none when the text is no number.
    :rtype: list[str]
    """
    text = unwrap_phone(number)
    _reason, whole = _read_one(text)
    if whole or len(text) > MAX_UNWRAPPED:
        return [whole] if whole else []
    for between in BETWEEN:
        pieces = [_read_one(unwrap_phone(piece))[1] for piece in between.split(text) if piece.strip()]
        if len(pieces) > 1 and all(pieces):
            return list(dict.fromkeys(pieces))
    return _find_two(text.split())


def _find_two(words):
    """Return the two numbers into which words fall: "340 1234518 339 1234567"."""
    for end in range(1, len(words) if len(words) <= MAX_WORDS else 0):
        pair = [_read_one(unwrap_phone(' '.join(part)))[1] for part in (words[:end], words[end:])]
        if all(pair):
            return list(dict.fromkeys(pair))
    return []


def _read(number):
    """Return the reason code of a number, and what it is in the form of the API ('' of what is none, or several)."""
    text = unwrap_phone(number)
    if not text:
        return 'missing', ''
    reason, whole = _read_one(text)
    if whole:
        return reason, whole
    found = find_all(text)
    return ('mobile_several', '') if len(found) > 1 else _read_one(found[0]) if found else (reason, '')


def _read_one(text):
    """Return the same of a text that holds one number and nothing around it."""
    if not CHARACTERS.fullmatch(text):
        return 'mobile_characters', ''
    number = TRUNK_ZERO.sub(r'\1', _join(text))
    for reason, form, prefix in FORMS:
        if match := form.fullmatch(number):
            return reason, prefix + match[1]
    return 'mobile_form', ''


def _join(text):
    """Return a number without what separates its digits, nor a zero in brackets that is not dialled."""
    if len(parts := TRUNK.split(text)) == 2:
        country, rest = (SEPARATORS.sub('', part) for part in parts)
        is_italian = country.endswith('39')
        # Of a landline in Italy the zero belongs to the number.
        if COUNTRY.fullmatch(country) and (not is_italian or MOBILE.fullmatch(rest)):
            return country + rest
    return SEPARATORS.sub('', text)

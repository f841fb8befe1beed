"""Mobile telephone numbers, as the API wants them: the national number of Italian mobiles, else international form."""
import re

from .. import labels
from ..cleaning import MAX_UNWRAPPED, clean

# Letters come first: libraries that read telephone keypads find "34xxxxxx18" valid.
CHARACTERS = re.compile(r'[+0-9 ().\-/\u00b7\u2022]*')
SEPARATORS = re.compile(r'[ ().\-/\u00b7\u2022]')
# What is beside a number: the parameters and hosts of links.
BESIDE = re.compile(r';(?:ext|isub|phone-context|postd|type)=[^;]*|(?:https?://)?wa\.me/|//', re.IGNORECASE)
# The extension within a house, which no mobile number has: "int. 12", "r.a.".
EXTENSION = re.compile(
    r'(?<=[0-9)]) ?(?:(?:interno|int\.?|ext\.?|x|#) ?[0-9]{1,5}|r\.? ?a\.?|\( ?r\.? ?a\.? ?\))(?!\w)', re.IGNORECASE)
DECIMALS = re.compile(r'(?<=[0-9]{9})[.,]0{1,2}$')  # which a spreadsheet adds
# A word, which no digit stands right before: that would be a mistake ("34O1234518").
WORD = re.compile(r'(?<![0-9])[^\W\d_]+')
AROUND = re.compile(r'^[^\w+(#*?=<>[\]|\\!@]+|[^\w)#*?=<>[\]|\\!@+]+$')
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
OTHER_TRUNK = re.compile(r'^((?:\+|00) ?(?:7|370|375)) ?\( ?8 ?\)|^((?:\+|00) ?36) ?\(? ?06(?![0-9]{7}$)')
COUNTRY = re.compile(r'(?:\+|00)([1-9][0-9]{0,2})|39')  # what may stand before it
# Where the zero is a part of the number: Italy, San Marino, Ivory Coast, Gabon, Congo.
KEEPING_ZERO = ('39', '378', '225', '241', '242')
MOBILE = re.compile(r'3[0-9]{8,9}')
# Countries in which no number begins with zero beyond that one (ITU-T, national numbering plans): there it is left out
# without its brackets as well. Of others (Italy, San Marino, Ivory Coast) the zero is a part of the number.
TRUNK_ZERO = re.compile(
    r'^((?:\+|00)(?:20|27|3[1-3]|40|4[1346]|49|6[0-46]|8[1246]|9[0-58]|21[238]|23[34]|25[4-6]|35[3589]|37[034]|'
    r'38[01235679]|421|880|972))0(?=[1-9])')
# What stands between several numbers in one field, the least ambiguous first.
BETWEEN = tuple(map(re.compile, (
    r'[;,|&\\\u2022]', r'/', r' [-_] ', r'(?<=[0-9)]) ?(?=\+)| (?=00)', r'-', r' ')))
# The last digits of a second number: "0522 123456/7", "0522 123456-57".
ENDING = re.compile(r'(.*[0-9]{5,}) ?[/-] ?([0-9]{1,2})')
SHORTEST = 9  # digits of a number that has another ending
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
    return _find_all(_without_words(number) or '')


def _find_all(text):
    if len(text) > MAX_UNWRAPPED:
        return []
    if found := _find_endings(text):
        return found
    if whole := _read_one(text)[1]:
        return [whole]
    for between in BETWEEN:
        pieces = [_read_one(AROUND.sub('', piece))[1] for piece in between.split(text) if AROUND.sub('', piece)]
        if len(pieces) > 1 and all(pieces):
            return list(dict.fromkeys(pieces))
    words = text.split()
    return list(dict.fromkeys(_partition(tuple(words)))) if len(words) <= MAX_WORDS else []


def _find_endings(text):
    """Return the two Italian numbers of which only the last digits of the second one are written."""
    match = ENDING.fullmatch(text)
    reason, number = _read_one(match[1]) if match else ('', '')
    if len(number) < SHORTEST or reason not in ('mobile_italian', 'mobile_landline'):
        return []
    return [number, number[:-len(match[2])] + match[2]]


def _partition(words):
    """Return the numbers into which words fall: "340 1234518 339 1234567"; none when they do not."""
    found = {len(words): []}  # from which word on -> numbers
    for start in reversed(range(len(words))):
        for end in sorted(found):
            if end > start and (number := _read_one(' '.join(words[start:end]))[1]):
                found[start] = [number, *found[end]]
                break
    return found.get(0, [])


def _without_words(number):
    """Return the numbers in a text, with ";" in the place of the words between them.

    :return: None when a word is there that says nothing of a number, or stands within one.
    """
    text = DECIMALS.sub('', clean(number))
    if len(text) > MAX_UNWRAPPED or CHARACTERS.fullmatch(text):  # nearly all of them
        return text
    text, extensions = EXTENSION.subn(' ', BESIDE.sub(' ', text))
    pieces = [AROUND.sub('', piece).strip('()') if piece.strip('() ') else '' for piece in WORD.split(text)]
    numbers = ';'.join(filter(None, pieces))
    if not numbers or any(map(str.isalpha, numbers)) or (extensions and _read_one(numbers)[0] != 'mobile_landline'):
        return None
    return numbers if labels.are_words(' '.join(WORD.findall(text)), labels.PHONE_WORDS) else None


def _read(number):
    """Return the reason code of a number, and what it is in the form of the API ('' of what is none, or several)."""
    if not clean(number):
        return 'missing', ''
    text = _without_words(number)
    if text is None:
        return 'mobile_characters', ''
    found = _find_all(text)
    return ('mobile_several', '') if len(found) > 1 else _read_one(found[0] if found else text)


def _read_one(text):
    """Return the same of a text that holds one number and nothing around it."""
    if not CHARACTERS.fullmatch(text):
        return 'mobile_characters', ''
    number = TRUNK_ZERO.sub(r'\1', _join(OTHER_TRUNK.sub(r'\1\2', text)))
    for reason, form, prefix in FORMS:
        if match := form.fullmatch(number):
            return reason, prefix + match[1]
    return 'mobile_form', ''


def _join(text):
    """Return a number without what separates its digits, nor a zero in brackets that is not dialled."""
    if len(parts := TRUNK.split(text)) == 2:
        country, rest = (SEPARATORS.sub('', part) for part in parts)
        match = COUNTRY.fullmatch(country)
        if match and ((match[1] or '39') not in KEEPING_ZERO or MOBILE.fullmatch(rest)):
            return country + rest
    return SEPARATORS.sub('', text)

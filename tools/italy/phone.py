"""Mobile telephone numbers, as the API wants them: the national number of Italian mobiles, else international form."""
import re

# Letters come first: libraries that read telephone keypads find "34xxxxxx18" valid.
CHARACTERS = re.compile(r'[+0-9 ().\-/]*')
SEPARATORS = re.compile(r'[ ().\-/]')
ITALY = r'(?:(?:\+|00)39)?'
# reason code, form of a number without separators, what goes before the group that is kept
FORMS = (
    # Prefixes that begin with 3, nine or ten digits in all (national numbering plan, AGCOM).
    ('mobile_italian', re.compile(ITALY + r'(3[0-9]{8,9})'), ''),
    # Country code and number: at most 15 digits (ITU-T E.164); the shortest numbers have 7.
    ('mobile_foreign', re.compile(r'(?:\+|00)(?!39)([1-9][0-9]{6,14})'), '+'),
    ('mobile_landline', re.compile(ITALY + r'(0[1-9][0-9]{4,9})'), ''),
)
ACCEPTED = ('mobile_italian', 'mobile_foreign')


def normalize(number):
    """Return a mobile number as the API wants it.

    :param number: a string, or anything else for no number.
    :return: '3401234518' of an Italian number, '+41791234567' of another country's, '' of what is no mobile number.
    :rtype: str
    """
    reason, number = _read(number)
    return number if reason in ACCEPTED else ''


def judge(number):
    """Tell whether a number can be a mobile number.

    :param number: as for :func:`normalize`.
    :return: 'mobile_italian', 'mobile_foreign'; 'missing', 'mobile_characters' (something but digits and ``+ ().-/``),
        'mobile_landline' (Italian, and no mobile) or 'mobile_form'.
    :rtype: str
    """
    return _read(number)[0]


def judge_telephone(number):
    """Tell whether a number can be a telephone number, of a landline or a mobile.

    :param number: as for :func:`normalize`.
    :return: 'fine', 'missing' or 'phone_form'.
    :rtype: str
    """
    reason = judge(number)
    return reason if reason == 'missing' else 'fine' if reason in (*ACCEPTED, 'mobile_landline') else 'phone_form'


def _read(number):
    """Return the reason code of a number, and what it is in the form of the API."""
    number = number.strip() if isinstance(number, str) else ''
    if not number:
        return 'missing', ''
    if not CHARACTERS.fullmatch(number):
        return 'mobile_characters', ''
    number = SEPARATORS.sub('', number)
    for reason, form, prefix in FORMS:
        if match := form.fullmatch(number):
            return reason, prefix + match[1]
    return 'mobile_form', ''

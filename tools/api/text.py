"""Text from outside, as it may be kept, shown and logged."""
import functools
import re

from ..pattern import Pattern

MAX_MESSAGE_LENGTH = 500  # characters
MAX_READ_LENGTH = 50000  # characters of a message that are looked at: an answer may be of any size
# A personal tax code, omocodia included, and any run of eleven digits or more (company codes, phones).
TAX_CODE = Pattern(
    r'[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]|\d{11,}', re.IGNORECASE)
# Control characters (C0, C1), and what ends a line or a paragraph: in one line of text, a space.
NOT_PRINTABLE = Pattern(r'[\x00-\x1f\x7f-\x9f\u2028\u2029]+')
CONTROL = Pattern(r'[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]')  # but tab and line ends
# What nobody sees, and what makes a text read as another one: it is removed wherever text comes in.
INVISIBLE = Pattern(
    '['
    r'\x00'  # NUL, which no database takes
    r'\xad'  # soft hyphen
    r'\u034f'  # combining grapheme joiner
    r'\u061c'  # Arabic letter mark, which turns the direction
    r'\u115f\u1160\u3164\uffa0'  # Hangul fillers
    r'\u17b4\u17b5'  # Khmer vowels that are not shown
    r'\u180b-\u180f'  # Mongolian selectors, and vowel separator
    r'\u200b-\u200f'  # of no width (space, joiners), and marks of direction
    r'\u202a-\u202e'  # embeddings and overrides of direction
    # word joiner, signs of mathematics that are not shown, isolates of direction, and what Unicode gave up
    r'\u2060-\u206f'
    r'\ufe00-\ufe0f'  # variation selectors
    r'\ufeff'  # mark of the order of bytes
    r'\ufff9-\ufffb'  # annotations
    r'\U0001d173-\U0001d17a'  # of musical notation
    r'\U000e0000-\U000e0fff'  # tags, and more variation selectors
    ']')
# What opens something here, wherever a text quotes it: the address of a callback, the token of a signer's page, a
# Bearer token.
OPENERS = Pattern(
    r'((?:\\?/|%2f)openapi_pec(?:\\?/|%2f)callback(?:\\?/|%2f)|access_token(?:=|%3d)|\bBearer\s+)[^\s"\'<>&#?]+',
    re.IGNORECASE)
OPENER_WORDS = ('openapi_pec', 'access_token', 'bearer')  # one of which is in each of them
HAS_OPENER = Pattern('|'.join(OPENER_WORDS), re.IGNORECASE)
LONG_TOKEN = Pattern(r'[0-9A-Za-z_-]{32,}')  # where a digit is among it
LONGEST_WORD = 64  # characters
SHORTEST_SECRET = 8  # characters; what is shorter would be found in the midst of words


def visible(text):
    """Return a text without its invisible characters: see ``INVISIBLE`` and ``CONTROL``. Tabs and line ends stay.

    :param str text: anything; JSON can hold halves of characters, which no database takes.
    """
    return text if text.isascii() and text.isprintable() else CONTROL.sub('', _without_invisible(text))


def _without_invisible(text):
    if text.isascii():  # nearly all of them, and in a list of an account there are many
        return text.replace('\x00', '')
    return INVISIBLE.sub('', text.encode(errors='replace').decode())


def _mask_long_token(match):
    return '***' if any(map(str.isdigit, match[0])) else match[0]


def mask_openers(text, *secrets):
    """Return a text in which whatever opens something is masked: tokens, addresses of callbacks, and these secrets."""
    if HAS_OPENER.search(text):
        text = OPENERS.sub(r'\1***', text)
    for secret in secrets:
        if secret and len(secret) >= SHORTEST_SECRET and secret in text:
            text = text.replace(secret, '***')
    return text


def tidy(data, *secrets):
    """Return data from outside, as JSON holds them, with each text in them visible and without secrets.

    Tax codes are data and stay. Control characters stay for the function that bounds the text: they stand between
    words.

    :param str secrets: strings to mask.
    """
    if isinstance(data, str):
        return mask_openers(_without_invisible(data), *secrets)
    if isinstance(data, list):
        return [tidy(item, *secrets) for item in data]
    if isinstance(data, dict):
        return {key: tidy(value, *secrets) for key, value in data.items()}
    return data


def is_tidy(text, *secrets):
    """Return whether JSON (text) certainly holds nothing that :func:`tidy` changes.

    It has signs of ASCII alone, no escapes, and nothing that opens something: of a list of many records this is known
    much faster for all of them than for each text.
    """
    if not text.isascii() or '\\' in text or any(secret in text for secret in secrets if secret):
        return False
    lowered = text.lower()
    return not any(word in lowered for word in OPENER_WORDS)


def clean_text(text, *secrets):
    """Return a text from outside as it may be logged and shown.

    :param text: anything; it is turned into a string.
    :param str secrets: further strings to mask.
    :return: one line of at most ``MAX_MESSAGE_LENGTH`` characters, tax codes and secrets masked.
    """
    text = visible(NOT_PRINTABLE.sub(' ', str(text)[:MAX_READ_LENGTH])).strip()
    for secret in filter(None, secrets):
        text = text.replace(secret, '***')
    return TAX_CODE.sub('***', LONG_TOKEN.sub(_mask_long_token, mask_openers(text)))[:MAX_MESSAGE_LENGTH]


@functools.lru_cache(maxsize=256)
def _clean_word(text):
    return clean_text(text)


def clean_word(text):
    """Return what :func:`clean_text` returns: for one of few words that come again and again, such as a state."""
    return _clean_word(text) if isinstance(text, str) and len(text) <= LONGEST_WORD else clean_text(text)


def bound_text(text):
    """Return a piece of data from outside as it may be kept and compared, but not logged: it may be a tax code.

    :param text: anything; what is no text counts as none.
    :return: one line of at most ``MAX_MESSAGE_LENGTH`` characters.
    """
    if not isinstance(text, str):
        return ''
    if not (text.isascii() and text.isprintable()):
        text = visible(NOT_PRINTABLE.sub(' ', text))
    return text.strip()[:MAX_MESSAGE_LENGTH]


def end_once(sentence):
    """Return sentences without the second full stop after a name that ends with one, such as "S.r.l."."""
    return sentence.replace('..', '.')

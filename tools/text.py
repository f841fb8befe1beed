"""Text from outside, as it may be kept, shown and logged."""
import re
import unicodedata

MAX_MESSAGE_LENGTH = 500  # characters
# A personal tax code, omocodia included, and any run of eleven digits or more (company codes, phones).
TAX_CODE = re.compile(r'[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]|\d{11,}', re.IGNORECASE)
NOT_PRINTABLE = re.compile(r'[\x00-\x1f\x7f]+')


def clean_text(text, *secrets):
    """Return a text from outside as it may be logged and shown.

    :param text: anything; it is turned into a string.
    :param str secrets: further strings to mask.
    :return: one line of at most ``MAX_MESSAGE_LENGTH`` characters, tax codes and secrets masked.
    """
    text = NOT_PRINTABLE.sub(' ', str(text).encode(errors='replace').decode()).strip()
    for secret in filter(None, secrets):
        text = text.replace(secret, '***')
    return TAX_CODE.sub('***', text)[:MAX_MESSAGE_LENGTH]


def bound_text(text):
    """Return a piece of data from outside as it may be kept and compared, but not logged: it may be a tax code.

    :param text: anything; what is no text counts as none.
    :return: one line of at most ``MAX_MESSAGE_LENGTH`` characters.
    """
    if not isinstance(text, str):
        return ''
    # JSON can hold halves of characters, which no database takes.
    return NOT_PRINTABLE.sub(' ', text.encode(errors='replace').decode()).strip()[:MAX_MESSAGE_LENGTH]


def fold_words(text):
    """Return the words of a text for a lenient comparison: letters and digits alone, without case and accents.

    :rtype: list[str]
    """
    text = ''.join(character for character in unicodedata.normalize('NFKD', text) if not unicodedata.combining(character))
    return re.sub(r"['’`´]", '', text).casefold().replace('-', ' ').split()


def end_once(sentence):
    """Return sentences without the second full stop after a name that ends with one, such as "S.r.l."."""
    return sentence.replace('..', '.')

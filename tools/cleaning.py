"""The one cleaning of what people type or paste, before it is judged, compared and kept.

A text is copied out of a web page, a mail, a PDF or a spreadsheet, and brings along what nobody sees (spaces of no
width, soft hyphens, marks of direction), signs that only look like the plain ones, and what stood around it ("PEC:",
"<…>", a comma). ``clean`` takes the former away from any text. What takes the latter away from values of one kind, and
says what these must be like, is ``pec.address``, ``italy.phone``, ``italy.omocodia`` and ``italy.names``, with the
words of ``labels``.

No function here raises on whatever it is given; what is no text counts as none. What was cleaned once stays as it is.
"""
import re
import unicodedata

from .api.text import visible

# What looks like a plain sign -> that sign. Letters of other alphabets are none of them: they stay, and are found
# wrong.
FOLDED = str.maketrans({
    **dict.fromkeys(
        '\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb\u00b4\u055a\ua78c', "'"),
    **dict.fromkeys('\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02d7\ufe58\ufe63', '-'),
    '\u2800': ' ',  # of Braille, without a dot
    **{code: code - 0xfee0 for code in range(0xff01, 0xff5f)},  # the signs, digits and letters of full width
})
MAX_UNWRAPPED = 1000  # characters; a longer text is no address, number or code


def clean(text):
    """Return a text on one line, of which everything is seen and nothing only looks like a plain sign.

    Removed: format and control characters (U+200B to U+200F, U+202A to U+202E, U+2066 to U+2069, U+FEFF, soft hyphen
    and the like). Folded: spaces and line ends of every kind, several of them to one, none at the ends; dashes; what
    serves as an apostrophe; signs, digits and letters of full width.

    :param text: a string, or anything else for none.
    :rtype: str
    """
    if not isinstance(text, str):
        return ''
    if not (text.isascii() and text.isprintable()):
        # Spaces first: some of them are control characters.
        text = visible(' '.join(text.split())).translate(FOLDED)
    return ' '.join(text.split())


def clean_lines(text):
    """Return a text of several lines, each of them as :func:`clean` returns it."""
    return '\n'.join(map(clean, text.splitlines())) if isinstance(text, str) else ''


def without_accents(text):
    """Return a text without what stands above and below its letters, and its letters the plain ones ("ﬁ" is "fi").

    :param str text: in any case.
    """
    letters = unicodedata.normalize('NFKD', text)
    return ''.join(letter for letter in letters if not unicodedata.combining(letter))


def fold_words(text):
    """Return the words of a text for a lenient comparison: without case, accents and apostrophes, dashes as spaces.

    :rtype: list[str]
    """
    return re.sub("['`]", '', without_accents(clean(text))).casefold().replace('-', ' ').split()


def fold_name(name, is_bare=False):
    """Return what two ways of writing one name have in common: capitals and spaces make no difference.

    "ALFA  S. r. l." and "Alfa S.r.l." give the same; "Alfa" and "Alfà" do not.

    :param bool is_bare: neither do full stops and commas: "Alfa Srl" gives the same, too.
    :rtype: str
    """
    folded = unicodedata.normalize('NFC', clean(name)).replace('`', "'").casefold().replace(' ', '')
    return re.sub('[.,]', '', folded) if is_bare else folded


def name_keys(name):
    """Return the ASCII letters and digits of a name in small letters, its accents composed and taken apart.

    A database computes the same key of what it keeps, whichever way that is written: names that :func:`fold_name` finds
    equal have a key in common.

    :return: without the empty key.
    :rtype: set[str]
    """
    forms = {unicodedata.normalize(form, clean(name)) for form in ('NFC', 'NFD')}
    return {re.sub('[^a-z0-9]', '', form.lower()) for form in forms} - {''}

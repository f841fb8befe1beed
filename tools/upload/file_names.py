"""Names of files that every system takes, from texts that people wrote."""
import re
import unicodedata

MAX_LENGTH = 80  # characters, without the extension
UNSAFE = re.compile(r'[^A-Za-z0-9 ._-]+')


def safe(text):
    """Return a text as the name of a file without its extension.

    It keeps only letters, without their accents, digits, spaces and ``._-``.
    """
    plain = unicodedata.normalize('NFKD', text).encode('ascii', 'ignore').decode()
    return UNSAFE.sub('-', plain)[:MAX_LENGTH].strip(' .-')


def distinct(texts, extension):
    """Return the name of a file for each text, no two alike, on systems that ignore case either.

    :param list texts: what the files are about.
    :param str extension: such as ``.pdf``.
    :rtype: list[str]
    """
    names, taken = [], set()
    for text in texts:
        stem, number = safe(text) or 'file', 1
        name = stem
        while name.lower() in taken:
            number += 1
            name = f'{stem} ({number})'
        taken.add(name.lower())
        names.append(name + extension)
    return names

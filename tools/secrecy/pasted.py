"""A token as people paste it."""
import re

# What stands before the token where it is copied from an example of a call.
AROUND = re.compile(r'\s*(?:authorization\s*:\s*)?(?:bearer\s+)?', re.IGNORECASE)


def unwrap(text):
    """Return the token in what was pasted (str): without spaces around it, and without ``Authorization: Bearer``.

    :param text: what was pasted; None and False are no text.
    """
    text = text or ''
    return text[AROUND.match(text).end():].strip()


def find_problem(token):
    """Return what no token has: ``'spaces'`` (line breaks as well), ``'letters'`` (accents, quotes of a text), or None.

    :param str token: as ``unwrap`` returns it.
    """
    if re.search(r'\s', token):
        return 'spaces'
    return None if token.isascii() and token.isprintable() else 'letters'

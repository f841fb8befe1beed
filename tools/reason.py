"""What counts as a reason: a few words that tell others why something was done in spite of what stands against it."""
from .cleaning import clean

MIN_LETTERS = 10  # letters and digits; "." and "ok" tell nobody anything
MAX_LENGTH = 1000  # characters that are kept


def get_reason(text):
    """Return a person's reason as it is kept, '' when it says too little.

    :param text: what was typed, or sent by a program: a string, or anything else for none.
    :rtype: str
    """
    reason = clean(text)[:MAX_LENGTH].rstrip()
    return reason if sum(map(str.isalnum, reason)) >= MIN_LETTERS else ''

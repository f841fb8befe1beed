"""The words of a denomination: in small letters without accents, initials put together, some of them in short."""
import re
from typing import NamedTuple

from ..cleaning import clean, without_accents
from .fiscal_code import TRANSLITERATION

MAX_LENGTH = 500  # characters of a denomination that are looked at
SHORTEST_ACRONYM = 3  # letters of initials that are over where a space follows: "S.r.l. i.l."

WORD = re.compile('[a-z0-9]+|&')
APOSTROPHES = re.compile("['`]")
INITIALS_GAP = re.compile(r'[\s.]*')
# how words are written in short -> as the spellings have them
SHORT_WORDS = {
    'societa': 'soc', 'cooperativa': 'coop', 'responsabilita': 'resp', 'limitata': 'lim', 'consortile': 'cons',
    'agricola': 'agr', 'fra': 'tra',
}
# liabilities and shares, in one word
PHRASES = {
    ('a', 'resp', 'lim'): 'arl', ('a', 'rl'): 'arl', ('resp', 'lim'): 'arl', ('a', 'r', 'l'): 'arl',
    ('per', 'azioni'): 'pa', ('per', 'az'): 'pa', ('p', 'az'): 'pa', ('p', 'azioni'): 'pa',
}


class Word(NamedTuple):
    """A word of a denomination."""
    text: str
    is_initials: bool = False  # written as "S.r.l."
    is_cut: bool = False  # with a full stop behind it: "Fall."


def read_words(name, acronyms):
    """Return the words of a denomination.

    "Società a r.l." is soc, arl; "F. & C. S.n.c." is f, e, c, snc.

    :param name: the denomination, or anything else for none.
    :param acronyms: what initials can be ("srl"), the longest first.
    :rtype: list[Word]
    """
    text = without_accents(clean(name)[:MAX_LENGTH].upper()).translate(TRANSLITERATION).lower()
    text = APOSTROPHES.sub('', text).replace('+', '&')
    words, run, end = [], '', 0
    for match in WORD.finditer(text):
        word, gap = 'e' if match[0] == '&' else match[0], text[end:match.start()]
        is_cut = text[match.end():match.end() + 1] == '.'
        is_and = word == 'e' and not (run and gap == '.' and is_cut)  # "G.E.I.E."
        is_partner = word == 'c' and words and not run and words[-1].text == 'e'
        if len(word) > 1 or not word.isalpha() or is_and or is_partner:
            words += [*_split_initials(run, acronyms), Word(SHORT_WORDS.get(word, word), is_cut=is_cut)]
            run = ''
        elif run and INITIALS_GAP.fullmatch(gap) and not (' ' in gap and _is_over(run, acronyms)):
            run += word
        else:
            words += _split_initials(run, acronyms)
            run = word
        end = match.end()
    return _join_phrases([*words, *_split_initials(run, acronyms)])


def _is_over(run, acronyms):
    """Tell whether a run of initials ends in an acronym that nothing is part of any more."""
    return any(len(word) >= SHORTEST_ACRONYM and run.endswith(word) for word in acronyms)


def _split_initials(run, acronyms):
    """Return the words that a run of initials is: "ABSRL" is ab, srl; the acronyms behind it are known."""
    words = []
    while run:
        known = next((word for word in acronyms if run.endswith(word)), run)  # or a name's own initials
        words.insert(0, Word(known, is_initials=len(known) > 1))
        run = run[:len(run) - len(known)]
    return words


def _join_phrases(words):
    """Return words with the phrases of ``PHRASES`` in one."""
    joined = []
    for word in words:
        joined.append(word)
        for phrase, short in PHRASES.items():
            if tuple(last.text for last in joined[-len(phrase):]) == phrase:
                joined[-len(phrase):] = [Word(short)]
    return joined

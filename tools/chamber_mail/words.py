"""The outcome that the words of a message propose.

Words are data: phrases, of which a ``*`` at the end of a word stands for any ending. They are compared word by word,
without case and accents; there is no regular expression that somebody could get wrong.
"""
import re
from collections import defaultdict
from typing import NamedTuple

from ..cleaning import without_accents

# Outcomes, in the order in which they are tested: of weak phrases the first one counts.
OUTCOMES = ('irricevibile', 'respinta', 'sospesa', 'evasa', 'protocollata', 'ricevuta')
IGNORED, DOUBT = 'ignored', 'doubt'
UNCLEAR = 'unclear'
MAX_WORDS = 40_000  # of a text
MAX_WORD = 40  # characters of a word that are compared
MAX_PHRASE = 10  # words of a phrase
TOKEN = re.compile(r'[a-z0-9]+|[.;:!?]')
PARAGRAPH = re.compile(r'\n\s*\n')
STOPS = frozenset('.;:!?')


class Phrase(NamedTuple):
    """A phrase, and what it says."""

    kind: str  # of OUTCOMES; IGNORED (left out before anything is read); DOUBT ("non", "potrebbe")
    text: str
    is_weak: bool = False  # counts only where no other outcome is found


class Proposal(NamedTuple):
    """What a text seems to say."""

    outcome: str  # of OUTCOMES; UNCLEAR; '' when it says nothing
    found: tuple  # the words that say it, as they stand there, distinct


class Words(NamedTuple):
    """The words of a text, and in which sentence each one is."""

    words: list
    sentences: list


def split_phrase(text):
    """Return the words of a phrase, each with the ``*`` at its end if it has one; none when it has no word.

    :rtype: list[str]
    """
    folded = without_accents(text).casefold()
    return re.findall(r'[a-z0-9]+\*?', folded)


def split(text):
    """Return a text in words, without case and accents.

    :rtype: Words
    """
    words, sentences, sentence = [], [], 0
    for token in TOKEN.findall(PARAGRAPH.sub(' . ', without_accents(text).casefold())):
        if token in STOPS:
            sentence += 1
        elif len(words) < MAX_WORDS:
            words.append(token[:MAX_WORD])
            sentences.append(sentence)
    return Words(words, sentences)


def remove_ignored(text, phrases):
    """Return a text in words without the phrases that say nothing.

    :rtype: Words
    """
    words, sentences = split(text)
    hidden = {
        place for start, end, _phrase in find(words, [phrase for phrase in phrases if phrase.kind == IGNORED])
        for place in range(start, end)}
    kept = [place for place in range(len(words)) if place not in hidden]
    return Words([words[place] for place in kept], [sentences[place] for place in kept])


def find(words, phrases):
    """Return ``[(start, end, phrase), …]``: where phrases stand among words.

    :param list words: of a text.
    :param phrases: of Phrase.
    """
    exact, starting = defaultdict(list), defaultdict(list)
    for phrase in phrases:
        parts = split_phrase(phrase.text)[:MAX_PHRASE]
        if parts:
            first = parts[0]
            (starting[first[:-1]] if first.endswith('*') else exact[first]).append((parts, phrase))
    lengths = sorted({len(start) for start in starting})
    found = []
    for place, word in enumerate(words):
        candidates = [*exact.get(word, ()), *(
            one for length in lengths if length <= len(word) for one in starting.get(word[:length], ()))]
        found += [
            (place, place + len(parts), phrase) for parts, phrase in candidates if _fits(words, place, parts)]
    return found


def _fits(words, place, parts):
    own = words[place:place + len(parts)]
    return len(own) == len(parts) and all(
        word.startswith(part[:-1]) if part.endswith('*') else word == part
        for word, part in zip(own, parts, strict=True))


def propose(text, phrases):
    """Propose the outcome that a text tells.

    Two outcomes in one text, as where it lists all that there are, are unclear; so is one that is denied or only
    possible ("non è stata sospesa", "potrebbe essere rifiutata"), wherever in its sentence that stands before it. Weak
    phrases ("numero di protocollo", which any notice has) count where there is no other, in the order of ``OUTCOMES``.

    :param str text: subject and text of a message.
    :param phrases: list of Phrase.
    :rtype: Proposal
    """
    words, sentences = remove_ignored(text, phrases)
    found = find(words, [phrase for phrase in phrases if phrase.kind in OUTCOMES])
    doubts = find(words, [phrase for phrase in phrases if phrase.kind == DOUBT])
    strong = [one for one in found if not one[2].is_weak]
    told = strong or found
    kinds = {phrase.kind for _start, _end, phrase in told}
    shown = tuple(dict.fromkeys(' '.join(words[start:end]) for start, end, _phrase in told))
    if not kinds:
        return Proposal('', ())
    doubtful = {}  # sentence -> where its first doubt ends: all that follows in it is uncertain
    for _start, end, _phrase in doubts:
        doubtful[sentences[end - 1]] = min(end, doubtful.get(sentences[end - 1], end))
    is_doubtful = any(doubtful.get(sentences[start], start + 1) <= start for start, _end, _phrase in strong)
    if is_doubtful or (strong and len(kinds) > 1):
        return Proposal(UNCLEAR, shown)
    return Proposal(next(kind for kind in OUTCOMES if kind in kinds), shown)

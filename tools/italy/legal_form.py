"""The legal form and the state of an enterprise, read from its denomination; and what follows from a form.

``legal_forms.csv`` holds the forms with the codes of the business register (*natura giuridica*) and what they are to
the duty of administrators to communicate a PEC (``ADMINISTRATORS``). ``legal_form_spellings.csv`` holds what stands in
denominations, in words as :func:`_read_words` gives them, what that means, and where it means it:

- ``any``: anywhere; ``inside``: anywhere but as the first word ("SAS Institute"); ``initials``: anywhere but first when
  it is written as initials, otherwise at the end ("Hotel & Spa dei Pini"); ``end``: at the end;
- ``plain``: nothing, whatever its parts mean, unless they are written as initials ("Beauty Spa", "Beauty S.p.A.");
- ``strong``: before all others, since of a partnership the partners are named behind it ("S.a.s. di Beta S.r.l. & C.");
- ``start``: as the first words; ``alone``, ``last``: when nothing else is found, anywhere or at the end;
- ``profession``: as the first words, of who has a personal tax code and is in no register;
- ``state``, ``last_state``, ``prefix``: a state, anywhere, at the end, or as the first words;
- ``mark``, ``tail``: no part of the form, anywhere or at the end; ``single`` says that there is one member;
- ``other``: another denomination follows ("in breve").

A denomination is a hint and no proof: a person may know better. No function here raises on whatever it is given; what
is no text counts as none.
"""
import csv
import functools
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from ..cleaning import clean
from . import person_name
from .fiscal_code import TRANSLITERATION
from .omocodia import is_personal

FORMS_DATA = Path(__file__).with_name('legal_forms.csv')
SPELLINGS_DATA = Path(__file__).with_name('legal_form_spellings.csv')
MAX_LENGTH = 500  # characters of a denomination that are looked at

TRADER, PROFESSION = 'DI', 'PF'
TRADERS = frozenset({TRADER, 'IF'})  # enterprises of one person
SINGLE_MEMBER = {'SR': 'SU', 'SP': 'AU'}  # form -> the same with one member
STATES = ('liquidation', 'procedure', 'failed')

# group of a form -> what its administrators' PEC is: 'due', 'not_due', 'undecided' (nobody has said it) or 'none' (it
# has no administrators); Unioncamere's note of 10/11/2025 on L. 207/2024 art. 1 c. 860.
ADMINISTRATORS = {
    'capital': 'due', 'partnership': 'not_due', 'foreign': 'not_due', 'other': 'not_due', 'undecided': 'undecided',
    'trader': 'none', 'person': 'none', 'unknown': 'due',
}
# groups whose tax code is a person's, or may be
PERSONAL_GROUPS = frozenset({'trader', 'person', 'unknown'})

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
    ('per', 'azioni'): 'pa',
}


class Form(NamedTuple):
    """A legal form."""
    code: str  # natura giuridica, two letters
    group: str  # key of ``ADMINISTRATORS``
    name: str  # as the register calls it


class Reading(NamedTuple):
    """What a denomination tells."""
    form: str  # code, '' when it tells none
    state: str  # of ``STATES``, '' for an ordinary one


class Spelling(NamedTuple):
    """What some words mean in a denomination, and where."""
    means: str
    where: str


class Word(NamedTuple):
    """A word of a denomination."""
    text: str
    is_initials: bool


NOTHING = Reading('', '')
USUAL = ('any', 'inside', 'initials', 'end', 'plain')  # where a form stands


@functools.cache
def forms():
    """Return all legal forms by code, the most common ones first: ``{code: Form}``."""
    return {row['code']: Form(**row) for row in _read_table(FORMS_DATA)}


def choices():
    """Return the legal forms to choose from: ``[(code, name with the code), …]``."""
    return [(form.code, f'{form.name} ({form.code})') for form in forms().values()]


def read(name, code='', is_company=True):
    """Read legal form and state from a denomination.

    "Alfa di Mario Rossi & C. S.n.c. in liquidazione" gives ("SN", "liquidation"). A denomination without a form is a
    sole trader's when the tax code is a person's.

    :param name: the denomination.
    :param code: tax code, for who is no society; in any way of writing.
    :param bool is_company: whether it is known as an enterprise; a person's name alone tells none.
    :rtype: Reading
    """
    words, state = _cut_states(_read_words(name))
    if not words:
        return NOTHING
    form = _read_form(words)
    if not form and is_personal(code):
        form = _read_person(name, words, code, is_company)
    return Reading(form, state)


def same_denomination(name, other):
    """Tell whether two denominations can be one enterprise's: the same words, and no two forms.

    "Alfa S.r.l.", "ALFA SRL" and "Alfa" are; "Alfa S.r.l." and "Alfa S.p.A." are not.

    :rtype: bool
    """
    own, others = _core(name), _core(other)
    named = {read(name).form, read(other).form} - {''}
    return bool(own) and own == others and len({SINGLE_MEMBER.get(form, form) for form in named}) < 2


# ------------------------------------------------------------ the tables

def _read_table(path):
    with path.open(encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


@functools.cache
def _spellings():
    """Return what words mean: ``{tuple of words: [Spelling, …]}``."""
    spellings = {}
    for row in _read_table(SPELLINGS_DATA):
        spellings.setdefault(tuple(row['words'].split()), []).append(Spelling(row['means'], row['where']))
    return spellings


@functools.cache
def _longest():
    """Return how many words the longest spelling has that begins with a word: ``{word: count}``."""
    longest = {}
    for words in _spellings():
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


@functools.cache
def _acronyms():
    """Return the words of the table that initials can be, the longest first: "srl", "snc", "stp"."""
    words = {word for spelling in _spellings() for word in spelling if 2 <= len(word) <= 6}
    known = {word for word in words if (word,) in _spellings() and word not in {'agr', 'ing', 'dr'}}
    return sorted(known | {'arl', 'rl', 'lca', 'cp', 'as', 'lg'}, key=len, reverse=True)


# ------------------------------------------------------------ words

def _read_words(name):
    """Return the words of a denomination in small letters without accents; initials are put together.

    "Società a r.l." is soc, arl; "F. & C. S.n.c." is f, e, c, snc.

    :rtype: list[Word]
    """
    text = unicodedata.normalize('NFKD', clean(name)[:MAX_LENGTH].upper()).translate(TRANSLITERATION).lower()
    text = ''.join(char for char in text if not unicodedata.combining(char))
    text = APOSTROPHES.sub('', text).replace('+', '&')
    words, run, end = [], '', 0
    for match in WORD.finditer(text):
        word = 'e' if match[0] == '&' else match[0]
        is_joined = run and INITIALS_GAP.fullmatch(text, end, match.start())
        is_partner = word == 'c' and words and not run and words[-1].text == 'e'
        if len(word) > 1 or not word.isalpha() or word == 'e' or is_partner:
            words += [*_split_initials(run), Word(SHORT_WORDS.get(word, word), is_initials=False)]
            run = ''
        elif is_joined:
            run += word
        else:
            words += _split_initials(run)
            run = word
        end = match.end()
    return _join_phrases([*words, *_split_initials(run)])


def _split_initials(run):
    """Return the words that a run of initials is: "ABSRL" is ab, srl; the acronyms behind it are known."""
    words = []
    while run:
        known = next((word for word in _acronyms() if run.endswith(word)), '')
        if not known:  # "S.r.l. a socio unico", or a name's own initials
            known = 'a' if run.endswith('a') and run[:-1].endswith(tuple(_acronyms())) else run
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
                joined[-len(phrase):] = [Word(short, is_initials=False)]
    return joined


def _find(words, place, wanted):
    """Return how many words from a place on have a meaning, and which; the longest counts.

    :param wanted: the values of ``where`` that count.
    :return: (0, None) when there is none.
    """
    for length in range(min(_longest().get(words[place].text, 0), len(words) - place), 0, -1):
        texts = tuple(word.text for word in words[place:place + length])
        for spelling in _spellings().get(texts, ()):
            if spelling.where in wanted and _is_in_place(spelling.where, words, place, length):
                return length, spelling
    return 0, None


def _is_in_place(where, words, place, length):
    """Tell whether words mean what they mean where they stand."""
    is_last = place + length == len(words)
    if where in ('end', 'last', 'tail', 'last_state'):
        return is_last and place > 0
    if where == 'inside':
        return place > 0
    if where == 'initials':
        return place > 0 and (is_last or words[place].is_initials)
    if where == 'plain':
        return not any(word.is_initials for word in words[place:place + length])
    if where in ('start', 'prefix', 'profession'):
        return place == 0 and not is_last
    return True


# ------------------------------------------------------------ what they mean

def _cut_states(words):
    """Return words without those that say a state, and that state; the gravest counts."""
    rest, states, place = [], {''}, 0
    while place < len(words):
        length, spelling = _find(words, place, ('state', 'last_state', 'prefix'))
        if spelling:
            states.add(spelling.means)
        else:
            rest.append(words[place])
        place += length or 1
    return rest, max(states, key=('', *STATES).index)


def _cut_marks(words):
    """Return words without marks, and whether they say that there is one member."""
    rest, is_single, place = [], False, 0
    while place < len(words):
        length, spelling = _find(words, place, ('mark',))
        is_single |= bool(spelling) and spelling.means == 'single'
        if not spelling:
            rest.append(words[place])
        place += length or 1
    return rest, is_single


def _cut_tails(words):
    """Yield words, and words without what is no part of the form at their end, one tail after the other."""
    yield words
    while True:
        for place in range(1, len(words)):
            length, _spelling = _find(words, place, ('tail',))
            if length and place + length == len(words):
                words = words[:place]
                break
        else:
            return
        yield words


def _get_clauses(words):
    """Return the denominations that stand one after the other: "Alfa Beta in breve A.B. S.r.l." are two."""
    clauses, place = [[]], 0
    while place < len(words):
        length, _spelling = _find(words, place, ('other',))
        if length:
            clauses.append([])
        else:
            clauses[-1].append(words[place])
        place += length or 1
    return [clause for clause in clauses if clause]


def _read_form(words):
    """Return the code of the form that words tell, or ''."""
    words, is_single = _cut_marks(words)
    clauses = _get_clauses(words)
    form = next(filter(None, map(_read_clause, clauses)), '')
    if not form and clauses:
        form = _find(clauses[0], 0, ('start',))[1]
        form = form.means if form else _read_last(clauses[0])
    return SINGLE_MEMBER.get(form, form) if is_single else form


def _read_clause(words):
    """Return the form that stands in one denomination: behind the name, then within it."""
    strong, _end = _get_last(words, ('strong',))
    if strong:
        return strong
    form = ''
    for rest in _cut_tails(words):
        means, end = _get_last(rest, USUAL)
        if means and end == len(rest):
            return means
        form = form or means
    return form


def _read_last(words):
    """Return the form that stands in one denomination when no other was found."""
    for rest in _cut_tails(words):
        means, _end = _get_last(rest, ('last',))
        if means:
            return means
    return _get_last(words, ('alone',))[0]


def _get_last(words, wanted):
    """Return what the last words with a meaning mean, and where they end: ('', 0) when there are none."""
    found, place = ('', 0), 0
    while place < len(words):
        length, spelling = _find(words, place, wanted)
        place += length or 1
        if spelling and spelling.means:
            found = spelling.means, place
    return found


def _read_person(name, words, code, is_company):
    """Return the form of who has a personal tax code: a profession, a sole trader, or '' for a mere person."""
    if _find(words, 0, ('profession',))[1]:
        return PROFESSION
    _business, di, owner = clean(name).lower().rpartition(' di ')
    return TRADER if is_company or (di and person_name.split(owner, code)) else ''


def _core(name):
    """Return what tells a denomination from others: its words without form, state and marks."""
    words, _single = _cut_marks(_cut_states(_read_words(name))[0])
    clauses = _get_clauses(words)
    *_longer, words = _cut_tails(clauses[0]) if clauses else [[]]
    rest, place = [], 0
    while place < len(words):
        length, spelling = _find(words, place, (*USUAL, 'last'))
        if not (spelling and spelling.means):
            rest += [word.text for word in words[place:place + (length or 1)]]
        place += length or 1
    return ''.join(rest)

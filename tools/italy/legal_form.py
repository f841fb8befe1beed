"""The legal form and the state of an enterprise, read from its denomination; and what follows from a form.

``legal_forms.csv`` holds the forms with the codes of the business register (*natura giuridica*) and what they are to
the duty of administrators to communicate a PEC (``ADMINISTRATORS``). ``legal_form_spellings.csv`` holds what stands in
denominations, in words as :func:`_read_words` gives them, what that means, and where it means it:

- ``any``: anywhere; ``inside``: anywhere, as the first word when it is written as initials alone ("SAS Institute");
  ``initials``: anywhere when it is written as initials, otherwise at the end ("Hotel & Spa dei Pini"); ``end``: at the
  end;
- ``plain``: nothing, whatever its parts mean, unless they are written as initials ("Beauty Spa", "Beauty S.p.A.");
- ``strong``: before all others, since of a partnership the partners are named behind it ("S.a.s. di Beta S.r.l. & C.");
- ``start``: as the first words; ``alone``, ``last``: when nothing else is found, anywhere or at the end;
- ``doubt_start``, ``doubt``: the same as the first words or at the end, of who has no personal tax code ("Circolo",
  "& Associati");
- ``profession``, ``title``: as the first words, of who has a personal tax code and is in no register; ``trade``: what
  is a business, whatever title stands before it ("Dott. Rossi Farmacia");
- ``state``, ``last_state``, ``prefix``: a state, anywhere, at the end, or as the first words; ``behind``: behind a form
  ("S.r.l. fallimento"); ``cut``: as the first word when it is cut off ("Fall. Alfa");
- ``mark``, ``tail``: no part of the form, anywhere or at the end; ``single`` says that there is one member;
- ``other``: another denomination follows ("in breve"); ``elsewhere``: somebody else's ("c/o Beta S.p.A.").

"SR/SS" means SR of who has an Italian code of 11 digits, otherwise SS: companies of South Tyrol have German names.
"/SS" is the same of what may be a name's initials.

A denomination is a hint and no proof: a person may know better. No function here raises on whatever it is given; what
is no text counts as none.
"""
import csv
import functools
import re
from pathlib import Path
from typing import NamedTuple

from ..cleaning import clean
from ..remembered import remembered
from . import person_name
from .denomination import MAX_LENGTH, read_words
from .fiscal_code import COMPANY_LENGTH
from .omocodia import is_personal, normalize

FORMS_DATA = Path(__file__).with_name('legal_forms.csv')
SPELLINGS_DATA = Path(__file__).with_name('legal_form_spellings.csv')

LONGEST_NAME = 5  # words at the end of a denomination in which a person's name is looked for

TRADER, PROFESSION = 'DI', 'PF'
TRADERS = frozenset({TRADER, 'IF'})  # enterprises of one person
SINGLE_MEMBER = {'SR': 'SU', 'SP': 'AU'}  # form -> the same with one member
STATES = ('liquidation', 'procedure', 'failed')

# group of a form -> what its administrators' PEC is: 'due', 'not_due', 'undecided' (nobody has said it) or 'none' (it
# has no administrators); Unioncamere's note of 10/11/2025 on L. 207/2024 art. 1 c. 860.
ADMINISTRATORS = {
    'capital': 'due', 'partnership': 'not_due', 'foreign': 'not_due', 'other': 'not_due', 'outside': 'not_due',
    'undecided': 'undecided',
    'trader': 'none', 'person': 'none', 'unknown': 'due',
}
# groups whose tax code is a person's, or may be
PERSONAL_GROUPS = frozenset({'trader', 'person', 'unknown'})

BRACKETS = re.compile(r'\([^()]*\)|\[[^\[\]]*\]')


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


NOTHING = Reading('', '')
ITALIAN = '0' * COMPANY_LENGTH  # stands for the tax code of an Italian company
USUAL = ('any', 'inside', 'initials', 'end', 'plain')  # where a form stands
INITIALS = frozenset({*USUAL, 'start', 'last', 'alone', 'tail'})  # what is written as "S.r.l." as well


@functools.cache
def forms():
    """Return all legal forms by code, the most common ones first: ``{code: Form}``."""
    return {row['code']: Form(**row) for row in _read_table(FORMS_DATA)}


def choices():
    """Return the legal forms to choose from: ``[(code, name with the code), …]``."""
    return [(form.code, f'{form.name} ({form.code})') for form in forms().values()]


@remembered
def read(name, code='', is_company=True):
    """Read legal form and state from a denomination.

    "Alfa di Mario Rossi & C. S.n.c. in liquidazione" gives ("SN", "liquidation"). A denomination without a form is a
    sole trader's when the tax code is a person's.

    :param name: the denomination.
    :param code: tax code, for who is no society; in any way of writing.
    :param bool is_company: whether it is known as an enterprise; a person's name alone tells none.
    :rtype: Reading
    """
    words, state = _cut_states(_words(name))
    if not words:
        return NOTHING
    is_person = is_personal(code)
    text = clean(name)[:MAX_LENGTH]
    shorter = _cut_brackets(text, code)
    if shorter != text:
        words = _cut_states(_words(shorter))[0] or words
    form, is_owned = _read_plain(words), False
    if not form:
        is_owned = is_person and _names_owner(name, code)
        form = '' if is_owned else _read_weak(words, is_person)
    italian, _slash, foreign = form.partition('/')
    form = italian if not foreign or len(normalize(code)) == COMPANY_LENGTH else foreign
    if not form and is_person:
        form = _read_person(words, is_company, is_owned)
    return Reading(form, state)


def is_of_one(form):
    """Tell whether a form is that of one person's enterprise, or may be: a sole trader's, none, or an unknown one.

    :param str form: code, or ''.
    :rtype: bool
    """
    return form not in forms() or forms()[form].group in PERSONAL_GROUPS


def is_named_after(name, code):
    """Tell whether the last words of a denomination are the name of the person whose code it is.

    "Falegnameria di Rossi Mario", "Az. Agricola Rossi Mario", "Rossi Mario".

    :param name: the denomination, or anything else for none.
    :param code: of a person; with another one nobody is named.
    :rtype: bool
    """
    words = clean(name)[:MAX_LENGTH].split()
    return any(person_name.split(' '.join(words[-count:]), code) for count in range(2, LONGEST_NAME + 1))


def words_of(name):
    """Return the words of a denomination, compared whatever their case, accents and full stops: alfa, srl.

    :rtype: list[str]
    """
    return [word.text for word in _words(name)]


def same_denomination(name, other):
    """Tell whether two denominations can be one enterprise's: the same words, and no two forms.

    "Alfa S.r.l.", "ALFA SRL" and "Alfa" are; "Alfa S.r.l." and "Alfa S.p.A." are not.

    :rtype: bool
    """
    own, others = ''.join(core_words(name)), ''.join(core_words(other))
    named = {read(name, ITALIAN).form, read(other, ITALIAN).form} - {''}
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
    known = {
        words[0] for words, spellings in _spellings().items()
        if len(words) == 1 and 2 <= len(words[0]) <= 6 and any(spelling.where in INITIALS for spelling in spellings)}
    return sorted(known - {'agr'} | {'arl', 'rl', 'lca', 'cp', 'as', 'lg'}, key=len, reverse=True)


# ------------------------------------------------------------ words

def _words(name):
    return read_words(name, _acronyms())


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
    is_initials = words[place].is_initials
    if where in ('end', 'last', 'doubt', 'tail', 'last_state'):
        return is_last and place > 0
    if where == 'inside':
        return place > 0 or (is_initials and not is_last)
    if where == 'initials':
        return (is_last and place > 0) or (is_initials and not is_last)
    if where == 'behind':
        return bool(_get_last(words[:place], USUAL)[0])
    if where == 'plain':
        return not any(word.is_initials for word in words[place:place + length])
    if where in ('start', 'doubt_start', 'prefix', 'cut', 'profession', 'title'):
        return place == 0 and not is_last and (where != 'cut' or words[place].is_cut)
    return True


# ------------------------------------------------------------ what they mean

def _cut_states(words):
    """Return words without those that say a state, and that state; the gravest counts."""
    rest, states, place = [], {''}, 0
    while place < len(words):
        length, spelling = _find(words, place, ('state', 'last_state', 'prefix', 'cut', 'behind'))
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


def _cut_elsewhere(words):
    """Return words without those of whose letters somebody minds, and the like."""
    end = next((place for place in range(1, len(words)) if _find(words, place, ('elsewhere',))[0]), len(words))
    return words[:end]


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
    """Return the denominations that stand one after the other: "Alfa Beta in breve A.B. S.r.l." are two.

    Behind "a socio unico" may stand who that is.
    """
    clauses, place = [[]], 0
    while place < len(words):
        length, spelling = _find(words, place, ('other', 'mark'))
        if length and spelling.where == 'mark' and spelling.means != 'single':
            pass
        elif length:
            clauses.append([])
        else:
            clauses[-1].append(words[place])
        place += length or 1
    return [clause for clause in clauses if clause]


def _read_plain(words):
    """Return the code of the form that words say, or ''."""
    words = _cut_elsewhere(words)
    clauses = _get_clauses(words)
    words, is_single = _cut_marks(words)
    form = next(filter(None, map(_read_clause, [*clauses, words])), '')
    return SINGLE_MEMBER.get(form, form) if is_single else form


def _read_weak(words, is_person=False):
    """Return the code of the form that is to be supposed when words say none, or ''.

    :param bool is_person: whether the tax code is a person's.
    """
    clauses = _get_clauses(_cut_elsewhere(words))
    if not clauses:
        return ''
    form = _find(clauses[0], 0, ('start',))[1]
    form = form.means if form else _read_last(clauses[0], ('last',), ('alone',))
    if not form and not is_person:
        form = _find(clauses[0], 0, ('doubt_start',))[1]
        form = form.means if form else _read_last(clauses[0], ('doubt',), ())
    return SINGLE_MEMBER.get(form, form) if _cut_marks(words)[1] else form


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


def _read_last(words, at_the_end, anywhere):
    """Return the form that stands in one denomination when no other was found.

    :param at_the_end: the values of ``where`` of what counts before each tail.
    :param anywhere: of what counts otherwise.
    """
    for rest in _cut_tails(words):
        means, _end = _get_last(rest, at_the_end)
        if means:
            return means
    return _get_last(words, anywhere)[0]


def _get_last(words, wanted):
    """Return what the last words with a meaning mean, and where they end: ('', 0) when there are none."""
    found, place = ('', 0), 0
    while place < len(words):
        length, spelling = _find(words, place, wanted)
        place += length or 1
        if spelling and spelling.means:
            found = spelling.means, place
    return found


def _cut_brackets(name, code):
    """Return a denomination without brackets that hold another one: "Alfa S.r.l. (gruppo Beta S.p.A.)"."""
    outside = ' '.join(BRACKETS.sub(' ', name).split())
    if not any(core_words(found[0]) and _tells(_words(found[0])) for found in BRACKETS.finditer(name)):
        return name
    is_enough = _tells(_cut_states(_words(outside))[0]) or (is_personal(code) and person_name.split(outside, code))
    return outside if is_enough else name


def _tells(words):
    """Tell whether words tell a form."""
    return bool(_read_plain(words) or _read_weak(words))


def _names_owner(name, code):
    """Tell whether a denomination ends in the person whose code it is: "Falegnameria di Rossi Mario"."""
    _business, di, owner = clean(name).lower().rpartition(' di ')
    return bool(di and person_name.split(owner, code))


def _read_person(words, is_company, is_owned):
    """Return the form of who has a personal tax code: a profession, a sole trader, or '' for a mere person."""
    if _find(words, 0, ('profession',))[1]:
        return PROFESSION
    is_business = is_owned or any(_find(words, place, ('trade',))[1] for place in range(len(words)))
    if not is_business and _find(words, 0, ('title',))[1]:
        return PROFESSION
    return TRADER if is_company or is_owned else ''


def core_words(name):
    """Return what tells a denomination from others: its words without form, state and marks.

    :rtype: list[str]
    """
    words, _single = _cut_marks(_cut_states(_words(name))[0])
    clauses = _get_clauses(words)
    *_longer, words = _cut_tails(clauses[0]) if clauses else [[]]
    rest, place = [], 0
    while place < len(words):
        length, spelling = _find(words, place, (*USUAL, 'last', 'alone'))
        if not (spelling and spelling.means):
            rest += words[place:place + (length or 1)]
        place += length or 1
    *_longer, rest = _cut_tails(rest)  # "& C. S.n.c."
    return [word.text for word in rest]

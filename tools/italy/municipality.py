"""Municipality and province judged together, as they stand in an address.

``place_table`` knows the municipalities that are, those that were, and in which province each is. ``hamlets.csv`` holds
parts of municipalities that people write in their place: the larger ones alone, each with the code of its municipality.

What is not found is a warning and no error: a municipality may be newer than the table.
"""
import csv
import difflib
import functools
import itertools
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from . import place_table
from .names import judge_municipality, normalize_province, normalize_text

HAMLETS = Path(__file__).with_name('hamlets.csv')
MAX_LENGTH = 80  # of a name; a longer text is none
MAX_PLACES = 3  # proposed at once
# Of difflib: how similar a name is within the province; outside; anywhere, when the province is none.
ALIKE_HERE, ALIKE_ELSEWHERE, ALIKE_ANYWHERE = 0.75, 0.95, 0.8
OTHER_INITIAL = 0.85  # the least when the first letter is another one
SHORTEST_END = 4  # letters: less is no name of its own
CLOSE = 0.05  # what is less similar than the best by no more than this is proposed as well
BRACKETS = re.compile(r'[(\[{].*?[)\]}]|[0-9]+')  # "00100 Roma", "Roma (RM)"
NUMBERED = re.compile(r'\bMilano ([23])\b', re.IGNORECASE)  # quarters of other municipalities
NUMBERS = {'2': 'Due', '3': 'Tre'}
ON = re.compile(r'\b[ads]/(?=\w)', re.IGNORECASE)  # "Cernusco s/Naviglio"
# What is written before the name: "Comune di Roma", "Fraz. Acilia".
BEFORE = re.compile(r"(?:comune (?:di |d')|citt[aà]'? di |fraz(?:ione|\.)? |loc(?:alit[aà]'?|\.) ?)", re.IGNORECASE)
BEHIND = re.compile(r'[ ./-]*[ ./-]([A-Z]{2}|)$')  # "Roma/RM", "Roma."
ABBREVIATED = re.compile(r"\w+\.|\b\w\b(?!')")  # "Busto A.", "Sesto F.no", "Cernusco S N"
# What an address abroad has in the place of a province: of Ticino and San Marino as well.
ABROAD = frozenset({'EE', 'RSM', 'SM', 'TI'})
NO_NAME = re.compile(r"[^\w\s'./-]")


class Municipality(NamedTuple):
    """A municipality as it is written in an address."""

    name: str
    province: str

    def __str__(self):
        return f'{self.name} ({self.province})'


class Judgement(NamedTuple):
    """What is to be said of a municipality and its province, and what would be right: the likeliest first."""

    reason: str
    places: tuple = ()


def judge(name, province):
    """Tell whether a municipality is in a province.

    A name in another language of the place is right; so are both provinces of a place in Sardinia.

    :param name: as for :func:`.names.normalize_text`.
    :param province: its abbreviation, as for :func:`.names.normalize_province`; when it is none, the municipality's
        is proposed.
    :return: reason 'fine' or 'missing' (no name); 'place_elsewhere' (it is in another province), 'place_former' (it is
        no more, or has another name now), 'place_gone' (it is no more, and into which it went is not known),
        'place_hamlet', 'place_misspelt' (something similar is known), 'place_unknown'.
    :rtype: Judgement
    """
    name, province = normalize_text(name), normalize_province(province)
    judgement = _judge(name, province)
    if judgement.reason == 'fine' and (match := BEHIND.search(name)) and match[1] in ('', province):
        rows = _find(_current(), name[:match.start()])
        return Judgement('place_misspelt', _places(row for row in rows if province in row.provinces))
    return judgement


def propose(name, province):
    """Return what would be right in the place of a municipality and a province that are wrong, or badly written.

    :param name: as for :func:`judge`; a postal code or a province in brackets is left out.
    :return: the likeliest first, none when all is right or nothing is known.
    :rtype: tuple[Municipality, ...]
    """
    if judge_municipality(name) == 'fine':
        return judge(name, province).places
    name = NUMBERED.sub(lambda match: f'Milano {NUMBERS[match[1]]}', normalize_text(name)[:2 * MAX_LENGTH])
    cleaned = normalize_text(NO_NAME.sub(' ', BRACKETS.sub(' ', name))).strip(" './-")
    judgement = judge(cleaned, province)
    if judgement.reason != 'fine':
        return judgement.places
    return _places(row for row in _find(_current(), cleaned) if normalize_province(province) in row.provinces)


def judge_birth(name, province):
    """Tell whether a municipality was in a province at some time: cards and codes keep what was on the day of birth.

    :return: as :func:`judge`, but a municipality that is no more is right, and so is a former name or province.
    :rtype: Judgement
    """
    judgement = judge(name, province)
    name, province = normalize_text(name)[:MAX_LENGTH], normalize_province(province)
    rows = {*_find(_current(), name), *_find(_past(), name)}
    return Judgement('fine') if any(province in row.provinces_ever for row in rows) else judgement


@functools.lru_cache(maxsize=4096)
def _judge(name, province):
    """Judge a pair that is in its form; see :func:`judge`."""
    if not name or len(name) > MAX_LENGTH:
        return Judgement('place_unknown' if name else 'missing')
    rows = _find(_current(), name) or _find_one_of(name)
    if any(province in row.provinces for row in rows):
        return Judgement('fine')
    past = _find(_past(), name)
    past_here = {row for row in past if province in row.provinces_ever}
    hamlet = _find(_hamlets(), name)
    if not rows and not past_here and (short := _abbreviated(name, province)):
        return Judgement('place_misspelt', _places(short))
    if past_here or (past and not rows):
        found = _successors(past_here or past)
        if found or not hamlet:
            return Judgement('place_former' if found else 'place_gone', _places(found))
    hamlet_here = {row for row in hamlet if province in row.provinces}
    if hamlet_here or (hamlet and not rows):
        return Judgement('place_hamlet', _places(sorted(hamlet_here or hamlet)))
    if match := BEFORE.match(name):
        bare = _judge(name[match.end():], province)
        if bare.reason == 'fine':
            return Judgement('place_misspelt', _places(
                row for row in _find(_current(), name[match.end():]) if province in row.provinces))
        if bare.places:
            return bare
    parts = _similar_words(name, province)
    if rows:
        return Judgement('place_elsewhere', _places([*parts, *sorted(rows)]))
    here = _by_province().get(province, ())
    alike = parts or _similar(name, here, ALIKE_HERE) or (province not in ABROAD and _similar(
        name, _by_initial().get(''.join(place_table.words(name))[:1], ()), ALIKE_ELSEWHERE if here else ALIKE_ANYWHERE))
    return Judgement('place_misspelt', _places(alike)) if alike else Judgement('place_unknown')


def _places(rows):
    """Return what rows of the table are called, each once."""
    return tuple(dict.fromkeys(Municipality(row.name, row.area) for row in rows))[:MAX_PLACES]


# ------------------------------------------------------------ what the table knows of a name

def _index(named):
    """Return rows by the keys of names: ``{key: [row, …]}``.

    :param named: iterable of (name, row).
    """
    index = defaultdict(set)
    for name, row in named:
        for key in place_table.keys(name):
            index[key].add(row)
    return dict(index)


def _municipalities():
    return (row for row in place_table.rows().values() if row.is_municipality)


@functools.cache
def _current():
    """Return the municipalities that are, by their names of now."""
    return _index((name, row) for row in _municipalities() if not row.last_day for name in row.names)


@functools.cache
def _past():
    """Return municipalities by what they were called, and those that are no more."""
    return _index((name, row) for row in _municipalities() for name in (
        *(past for _end, past in row.past_names), *(row.names if row.last_day else ())))


@functools.cache
def _hamlets():
    """Return municipalities by the names of their parts."""
    with HAMLETS.open(encoding='utf-8', newline='') as file:
        lines = csv.reader(file)
        next(lines)  # titles
        return _index((name, place_table.row(code)) for name, code in lines)


@functools.cache
def _by_province():
    """Return the municipalities that are, each with the words of its name, by province."""
    groups = defaultdict(list)
    for row in _municipalities():
        for province in row.provinces if not row.last_day else ():
            groups[province].append((row, place_table.words(row.name)))
    return dict(groups)


@functools.cache
def _by_initial():
    """Return the same by the first letter of their names."""
    groups = defaultdict(set)
    for row, words in itertools.chain.from_iterable(_by_province().values()):
        groups[words[0][0]].add((row, tuple(words)))
    return dict(groups)


def _find(index, name):
    """Return the rows of a name; of a name in several languages those that have all of them.

    :rtype: set[Row]
    """
    name = ON.sub(' ', name)
    if found := _get(index, name):
        return found
    pieces = [piece for piece in place_table.PIECE_ENDS.split(name) if piece.strip()]
    if len(pieces) > 1:
        return set.intersection(*(_get(index, piece) for piece in pieces))
    words = re.split(r'[\s-]+', name)  # "Brixen-Bressanone", "Bozen Bolzano"
    for end in range(1, len(words)):
        parts = [' '.join(words[:end]), ' '.join(words[end:])]
        if place_table.keys(parts[0]).isdisjoint(place_table.keys(parts[1])) and (
                found := _get(index, parts[0]) & _get(index, parts[1])):
            return found
    return set()


def _find_one_of(name):
    """Return the rows of "Udine/Udin", of which one name is known, and the other one is no place's of the table."""
    found = [
        (_get(_current(), piece), _get(_past(), piece) or _get(_hamlets(), piece)) for piece in name.split('/')]
    current = [rows for rows, _past_rows in found if rows]
    is_clear = len(found) > 1 and len(current) == 1 and not any(past for rows, past in found if not rows)
    return current[0] if is_clear else set()


def _get(index, name):
    return set().union(*(index.get(key, ()) for key in place_table.keys(name)))


def _successors(rows):
    """Return the municipalities of now of some that are no more, or have another name."""
    now = (row if not row.last_day else place_table.row(row.now_in) for row in sorted(rows))
    return [row for row in now if row]


# ------------------------------------------------------------ what is similar

def _abbreviated(name, province):
    """Return the municipalities of a province whose name has abbreviations in a text: "Busto A.", "Sesto F.no".

    Each word is one of the name, in its order, or begins as one; of a contraction the end is that of the word as well.
    Initials may stand together: "S. Maria C.V.".
    """
    if not ABBREVIATED.search(name):
        return []
    text = re.sub(r'\.(?=\w)', '. ', re.sub(r'\.(?=[a-z]{1,3}\b)', '', ON.sub(' ', name)))
    given = [
        word for piece in text.split() for word in place_table.words(piece)
        if piece.endswith('.') or word not in place_table.SMALL_WORDS]
    if not given or max(map(len, given)) < len('Re'):
        return []
    found = []
    for row, words in _by_province().get(province, ()):
        own = [word for word in words if word not in place_table.SMALL_WORDS]
        if len(own) == len(given) and any(map(str.__eq__, own, given)) and all(map(_is_short_for, given, own)):
            found.append(row)
    return found


def _is_short_for(short, word):
    """Tell whether one word is an abbreviation, or a contraction, of another: "A", "TSE", "MAGG", "MILSE"."""
    saints = place_table.SAINTS
    if word == short or word.startswith(short) or (saints.get(short, short) == saints.get(word) == 'S'):
        return True
    return any(
        word.startswith(short[:end]) and word.endswith(short[end:]) for end in range(1, len(short)) if len(short) < 6)


def _similar_words(name, province):
    """Return the municipalities of a province of whose name another one is the beginning, or that begin or end it.

    "Cortina" in BL, "Roma Capitale" in RM, "Lido di Jesolo" in VE; and the one that ends so: "Paestum" in SA.
    """
    words = place_table.words(name)
    if not words:
        return []
    longer, shorter, ending = [], [], []
    for row, known in _by_province().get(province, ()):
        if len(known) > 1 and known[:len(words)] == words:
            longer.append(row)
        elif len(known) > 1 and known[-len(words):] == words and len(''.join(words)) > SHORTEST_END:
            ending.append(row)
        elif words[:len(known)] == known or words[-len(known):] == known:
            shorter.append((len(known), row))
    most = max((length for length, _row in shorter), default=0)
    return longer or [row for length, row in shorter if length == most] or (ending if len(ending) == 1 else [])


def _similar(name, rows, least):
    """Return the municipalities whose names are spelled almost as another one, the likeliest first.

    :param rows: of ``_by_province``.
    """
    plain = ''.join(place_table.words(name))
    if not plain:
        return []
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(plain)
    found = []
    for row, words in rows:
        known = ''.join(words)
        matcher.set_seq1(known)
        # Few err in the first letter; and of letters in another order no letter is wrong.
        limit = least if known[0] == plain[0] else max(least, OTHER_INITIAL)
        limit = min(limit, ALIKE_ANYWHERE) if sorted(known) == sorted(plain) else limit
        if matcher.real_quick_ratio() >= limit and matcher.quick_ratio() >= limit and matcher.ratio() >= limit:
            found.append((matcher.ratio(), row))
    best = max((ratio for ratio, _row in found), default=0)
    return [row for ratio, row in sorted(found, key=lambda pair: (-pair[0], pair[1])) if ratio >= best - CLOSE]

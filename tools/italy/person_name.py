"""Which words of an address book are a person's surname and name.

People write more than a name: titles ("Dott.", "Per. Ind."), what somebody is ("amministratore unico"), whose wife she
is ("in Bianchi"), whose letters one minds ("c/o Studio Verdi"). The tax code picks the words that are the name; without
one, only what no person is called is left out.
"""
import re
import unicodedata

from ..cleaning import clean, without_accents
from ..remembered import remembered
from .fiscal_code import agrees, missing_part
from .omocodia import PERSON, normalize

WORD_ENDS = re.compile(r'[\s,;]+')
BRACKETS = re.compile(r'\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|"[^"]*"|«[^»]*»|“[^”]*”')
BEHIND = re.compile(r'\s[-–—/+]\s.*|,\s.*|[|;].*', re.DOTALL)  # "Rossi Mario - titolare", "Rossi Mario, titolare"
GLUED = re.compile(r'[._/]')  # "mario.rossi"
# What parts a name from what is none: "Mario Rossi / Anna Verdi", "Mario Rossi | Alfa". An "&" joins, as an "e" does.
DASH = re.compile(r'\s[-–—]+\s')
SIGN = re.compile(r'\s[/+*:]+\s|[|;]')
PARTING = re.compile(f'{DASH.pattern}|{SIGN.pattern}')
MAX_WORDS = 12  # of a name; a longer text is no name
MAX_LENGTH = 500  # characters; of a longer text nobody is told what it leaves out
MAX_SHOWN = 40  # characters of each word that is told

# What stands before or after a name and is nobody's name, in pieces: "Dott.ssa" is "dott" and "ssa".
TITLES = frozenset({
    'agrotecnico', 'ammre', 'arch', 'architetto', 'attne', 'avv', 'avvocata', 'avvocato', 'avvto', 'cav',
    'cavaliere', 'chiarmo', 'comm', 'commendatore', 'dott', 'dottor', 'dottore', 'dottoressa', 'dottrssa', 'dottsa',
    'dottssa', 'dr', 'dra', 'drssa', 'dssa', 'egr', 'egregia', 'egregio', 'gent', 'gentilissima', 'gentilissimo',
    'gentle', 'gentma', 'gentmo', 'geom', 'geometra', 'illma', 'illmo', 'illustrissimo', 'industriale', 'ing',
    'ingegnere', 'monsignore', 'mr', 'mrs', 'notaia', 'notaio', 'onorevole', 'perind', 'perito', 'phd', 'pind',
    'pregiatissimo', 'pregmo', 'prof', 'professor', 'professore', 'professoressa', 'profssa', 'rag', 'ragioniera',
    'ragioniere', 'reverendo', 'sig', 'sigg', 'signa', 'signor', 'signora', 'signore', 'signorina', 'sigra',
    'spett', 'spettabile', 'spettle',
})
# The same, of what may be a name when no full stop shows that it is cut off ("Per Hansen", "Per. Ind. Rossi").
CUT_OFF = frozenset({
    'a.d', 'a.u', 'agr', 'amm', 'c.a', 'cap', 'col', 'cpl', 'dir', 'gen', 'gr', 'ill', 'ind', 'jr', 'l.r', 'lic', 'med',
    'mag', 'mba', 'mons', 'mro', 'ms', 'n.d', 'n.h', 'not', 'on', 'p.a', 'p.e', 'p.i', 'pa', 'per', 'pi', 'preg',
    'pres', 'ra', 'rev', 'sen', 'ssa', 'ten', 'uff',
})
# What somebody is, or of what one speaks. Some of these are surnames as well.
ROLES = frozenset({
    'accomandante', 'accomandataria', 'accomandatario', 'ad', 'administrator', 'agrario', 'amministratore',
    'amministratrice', 'cda', 'ceo', 'cfo', 'commercialista', 'commissario', 'consigliera', 'consigliere',
    'contatto', 'coo', 'cto', 'curatore', 'curatrice', 'delegata', 'delegato', 'direttore', 'direttrice', 'ditta',
    'don', 'fallimentare', 'figli', 'figlio', 'firmataria', 'firmatario', 'flli', 'fondatore', 'fondatrice',
    'fratelli', 'gerente', 'giudiziario', 'impresa', 'individuale', 'institore', 'junior', 'leg', 'legale',
    'liquidatore', 'liquidatrice', 'lr', 'manager', 'owner', 'padre', 'presidente', 'procuratore', 'procuratrice',
    'rapp', 'rappr', 'rappresentante', 'rappte', 'referente', 'responsabile', 'revisore', 'senior', 'socia',
    'socio', 'speciale', 'studio', 'suor', 'titolare', 'ufficio', 'unica', 'unico', 'vicepresidente',
})
# Behind these stands somebody else's surname, a further one or another name, but not the person's own.
MARRIED = frozenset({
    'con', 'coniugata', 'coniugato', 'coniuge', 'divorziata', 'fu', 'in', 'moglie', 'nata', 'separata', 'sp', 'sposata',
    'vd', 'ved', 'vedova'})
# Behind these stands nothing of the name any more.
ELSEWHERE = frozenset({'alias', 'c/o', 'cell', 'co', 'detta', 'detto', 'presso', 'tel'})
# Companies' forms, and what a contact is that is no person's alone, or a person's no more.
COMPANY_FORMS = frozenset({
    'gmbh', 'llc', 'ltd', 'saa', 'sapa', 'sarl', 'sas', 'scarl', 'scrl', 'snc', 'soccoop', 'spa', 'srl', 'srls',
    'srlu', 'ssrl'})
NO_MORE = frozenset({
    'cessata', 'cessato', 'deceduta', 'deceduto', 'defunta', 'defunto', 'erede', 'eredi', 'fallita', 'fallito',
    'interdetta', 'interdetto', 'minore', 'minorenne', 'revocata', 'revocato'})
# Titles of nobility, which are surnames as well; before a name only.
NOBILITY = frozenset({
    'barone', 'baronessa', 'conte', 'contessa', 'duca', 'duchessa', 'marchesa', 'marchese', 'nob', 'nobile', 'principe',
    'principessa', 'visconte'})
NAME_SIGNS = frozenset(" '.-`’·")
BUSINESS = frozenset({'di', 'del', 'dei', 'della'})  # "Bar Sport di Rossi Mario"
MARRIED_OR_NAME = frozenset({'con', 'fu'})  # "Ho Con", "Zhang Fu Li"
GLUED_WORD = re.compile(r'[\s._/,]+')
PARTNERS = frozenset({'c', 'co', 'altri', 'soci'})  # behind an "and"
# Of several words, and nobody's name.
ADDRESSED = re.compile(
    r"\bcav\w*\.? del lav\w*\b\.?|\bconsulente del lavoro\b|\ball[' ]attenzione d\w+(?: sig\w*\.?)?|"
    r'\balla (?:c\.? ?a\.?|cortese attenzione(?: d\w+)?)(?=\s)', re.IGNORECASE)
PARTICLES = frozenset({
    'd', 'da', 'dal', 'dalla', 'de', 'degli', 'dei', 'del', 'della', 'delle', 'di', 'el', 'la', 'le', 'li', 'lo', 'van',
    'von'})
AND = frozenset({'e', 'ed', '&', 'und', 'y'})
JOINING = PARTICLES | MARRIED | AND  # no name of several words ends in one of these


@remembered
def split(full_name, code):
    """Split a full name, in either order, with the help of the person's code.

    "De Rossi Mario" and "Mario De Rossi" both give ("De Rossi", "Mario") with a code that begins with DRSMRA. What is
    no name is left out, unless it turns out to be a part of it ("Ing Maria").

    :param full_name: two to ``MAX_WORDS`` words; one, when the code says that the person has no more.
    :param code: as for :func:`.omocodia.normalize`.
    :return: surname and name as they were written, or None when no split agrees with the code or several do.
    :rtype: tuple[str, str] | None
    """
    full_name = clean(full_name)[:MAX_LENGTH]
    if not PERSON.fullmatch(normalize(code)):
        return None
    bare_text = BRACKETS.sub(' ', full_name)
    readings = _get_readings(bare_text)
    everything = _words(full_name)
    apart = [word for word in _words(GLUED.sub(' ', full_name)) if not _is_one_of(word, TITLES)]
    pieces = PARTING.split(bare_text)[:MAX_WORDS]
    parted = [reading for piece in pieces for reading in _get_readings(piece) if len(reading) > 1]
    readings = dict.fromkeys(map(tuple, (*(parted if len(pieces) > 1 else ()), *readings, everything, apart)))
    for is_wanted in (_is_name, bool):  # "Zhou Xiao Li" ends in a word that joins
        for words in readings:
            if len(words) == 1 and (one := _split_one(words[0], code)):
                return one
            found = {halves for halves in _halves(words) if is_wanted(halves) and all(agrees(code, *halves))}
            if found:
                return found.pop() if len(found) == 1 else None
    return _pick(everything, code)


def split_in_doubt(full_name, code):
    """Split a full name of which :func:`split` makes nothing: by what the code tells of one half, if anything.

    "Rossi" and "Rossi Luca" with a code that begins with RSSMRA have the surname "Rossi".

    :return: as :func:`split_without_code`.
    :rtype: tuple[str, str]
    """
    halves = split_without_code(full_name)
    words = _words(clean(full_name)[:MAX_LENGTH])
    if len(words) > 1 and _plain(words[0]) in PARTICLES and len(words) <= MAX_WORDS:
        whole = ' '.join(words)  # "De Rossi"
        if all(agrees(code, whole, '')) and PERSON.fullmatch(normalize(code)):
            return whole, ''
    swapped = halves[1], halves[0]
    return swapped if sum(agrees(code, *swapped)) > sum(agrees(code, *halves)) else halves


def split_without_code(full_name):
    """Split a full name of which no tax code tells the order: the first word is taken for the name.

    :return: surname and name, either may be ''; before a comma stands the surname.
    :rtype: tuple[str, str]
    """
    full_name = clean(full_name)[:MAX_LENGTH]
    bare = ADDRESSED.sub(' ', BRACKETS.sub(' ', full_name))
    bare = bare if _words(bare) else full_name
    before, _comma, after = bare.partition(',')
    halves = [' '.join(_without_roles(_without_titles(_words(half)))) for half in (before, after)]
    if all(halves):
        return halves[0], halves[1]  # "Rossi, Mario"
    shorter = _words(BEHIND.sub('', bare))
    words = _without_titles(shorter if len(shorter) > 1 else _words(bare))
    for leave_out in (_without_others, _without_roles, _without_forms):
        left = leave_out(words)
        words = left if len(left) > 1 else words
    return ' '.join(words[1:]), ' '.join(words[:1])


def _get_readings(text):
    """Return which words of a text can be a name, those without all that is none first."""
    bare = _words(text)
    without_titles = [word for word in bare if not _is_one_of(word, TITLES | CUT_OFF)]
    without_roles = _without_roles(without_titles)
    without_others = _without_others(without_roles)
    return _without_forms(without_others), without_others, without_roles, without_titles, bare


def _without_forms(words):
    """Return words without the form of a company, which stands behind the name."""
    kept = list(words)
    while len(kept) > 2 and _is_one_of(kept[-1], COMPANY_FORMS):
        kept.pop()
    return kept


def _without_titles(words):
    """Return words without titles; what may be a name is one only when it is cut off."""
    return [word for word in words if not (
        _is_one_of(word, TITLES) or ('.' in word and _is_one_of(word, TITLES | CUT_OFF)))]


def _without_roles(words):
    """Return words without what somebody is, and without an "and" that it leaves behind."""
    of_role = next((
        index for index in range(2, len(words) - 1)
        if _is_one_of(words[index], ROLES) and _plain(words[index + 1]) in BUSINESS), len(words))
    words = words[:of_role + 1]  # "Rossi Mario, legale rappresentante di Alfa Srl"
    kept = [word for word in words if not _is_one_of(word, ROLES)]
    while kept and len(kept) < len(words) and _plain(kept[-1]) in AND:
        kept.pop()
    return kept


def _words(text):
    """Return the words of a text; what a full stop joins to a title is a word of its own ("Avv.Mario")."""
    found = []
    for word in WORD_ENDS.split(text):
        word = word.strip('()[]{}"«»“”')
        pieces = word.split('.')
        known = [_is_one_of(piece, TITLES | CUT_OFF) for piece in pieces]
        is_title = _is_one_of(word, TITLES | CUT_OFF)
        # "Rag.Cavaliere" may be a title and a surname; "Dott.ssa" and "Gent.mo" are no two words.
        if len(pieces) > 1 and (not is_title or (all(known) and _plain(''.join(pieces)) not in TITLES | CUT_OFF)):
            count = known.index(False) if False in known else len(pieces) - 1
            found += [f'{piece}.' for piece in pieces[:count]]
            word = '.'.join(pieces[count:])
        found.append(word)
    return [word for word in found if word == '&' or any(map(str.isalpha, word))]


def _plain(word):
    """Return a word in small letters without accents and the signs around it."""
    return without_accents(word.casefold()).strip(".:'’-–—")


def _is_one_of(word, known):
    """Tell whether each piece of a word between full stops is one of those known, or all of them together are."""
    pieces = [piece for piece in _plain(word).replace('/', '.').split('.') if piece]
    return bool(pieces) and (known.issuperset(pieces) or ''.join(pieces) in known or _plain(word) in known)


def _without_others(words):
    """Return words without other people's names, and without what follows when the name is over."""
    kept, index = [], 0
    while index < len(words):
        word = _plain(words[index])
        following = _plain(words[index + 1]) if index + 1 < len(words) else ''
        if kept and (word in ELSEWHERE or (word in AND and following in PARTNERS) or (
                len(kept) > 1 and (word == '&' or (word in AND and index + 2 < len(words))))):
            break
        if word in MARRIED and kept and following:
            index += 1
            while index + 1 < len(words) and _plain(words[index]) in PARTICLES:
                index += 1
        else:
            kept.append(words[index])
        index += 1
    return kept


def _split_one(word, code):
    """Return the only name of a person who has no other one, as surname or name, None when the code says otherwise."""
    missing = missing_part(code)
    pair = ('', word) if missing == 'surname' else (word, '')
    return pair if missing and all(agrees(code, *pair)) else None


def _halves(words):
    """Yield every (surname, name) into which all words can be read, in both orders."""
    if len(words) > MAX_WORDS:
        return
    for count in range(1, len(words)):
        first, second = ' '.join(words[:count]), ' '.join(words[count:])
        yield first, second
        yield second, first


def _is_name(halves):
    """Tell whether no half of several words ends in a word that joins."""
    return not any(' ' in half and _plain(half.rpartition(' ')[2]) in JOINING for half in halves)


def _pick(words, code):
    """Return the surname and the name that stand somewhere among words, as many of them as agree with the code.

    None when there is none, or when as many words agree in another way.
    """
    if len(words) > MAX_WORDS:
        return None
    runs = [(start, end) for start in range(len(words)) for end in range(start + 1, len(words) + 1)]
    texts = {run: ' '.join(words[slice(*run)]) for run in runs}
    surnames = [run for run in runs if all(agrees(code, texts[run], '')) and _is_name([texts[run]])]
    names = [run for run in runs if all(agrees(code, '', texts[run])) and _is_name([texts[run]])]
    found = [
        (surname[1] - surname[0] + name[1] - name[0], texts[surname], texts[name])
        for surname in surnames for name in names if surname[1] <= name[0] or name[1] <= surname[0]]
    most = max(found, default=(0,))[0]
    best = {(surname, name) for count, surname, name in found if count == most}
    return best.pop() if len(best) == 1 else None


# ------------------------------------------------------------ what is odd

def judge_form(part):
    """Tell whether a surname or a name holds what belongs to none: digits, signs, a company's form, a husband's name.

    Letters of every alphabet are letters of a name, and so are apostrophes, dashes and full stops between them.

    :param part: a string, or anything else for none.
    :return: the reason, 'name_form' or 'fine', and the words that are odd, as they were written.
    :rtype: tuple[str, str]
    """
    words = clean(part).split()
    odd = [word for word in words if not all(_belongs(char) for char in word)]
    if len(words) > 1 and _is_one_of(words[-1], COMPANY_FORMS):
        odd.append(words[-1])
    places = [index for index in range(1, len(words) - 1) if _plain(words[index]) in MARRIED - MARRIED_OR_NAME]
    if places:
        odd.append(' '.join(words[places[0]:]))
    return ('name_form', ', '.join(dict.fromkeys(word[:MAX_SHOWN] for word in odd[:5]))) if odd else ('fine', '')


def is_odd(part):
    """Tell whether a surname or a name holds what belongs to none, as :func:`judge_form` finds it."""
    return judge_form(part)[0] != 'fine'


def _belongs(char):
    """Tell whether a sign can stand in a name: letters with what stands above and below them, and what joins them."""
    return char.isalpha() or char in NAME_SIGNS or unicodedata.category(char).startswith('M')


def find_left_out(full_name, surname, name):
    """Return the words of a contact's name that are in neither part, and that nothing explains.

    Explained are titles, roles, other people's names behind a married woman's or an "and", what a sign or brackets
    part from the name, and a business ("Bar Sport di Rossi Mario"). Not explained are particles ("De") and further
    surnames and names, of which the tax code may be another person's, and whatever tells that somebody acts no more
    ("deceduto", "eredi"), wherever it stands.

    :param full_name: the contact's.
    :param surname: as :func:`split` returned it, as well as the name.
    :return: in their order, as they were written.
    :rtype: list[str]
    """
    if max(len(text) if isinstance(text, str) else 0 for text in (full_name, surname, name)) > MAX_LENGTH:
        return []
    used = [_plain(word) for word in GLUED_WORD.split(f'{clean(surname)} {clean(name)}')]
    text = clean(full_name)
    body = BRACKETS.sub(' ', ADDRESSED.sub(' ', text))
    # Of "Mario Rossi - Bianchi" the last word may be a surname.
    words = [
        word for whole in _get_pieces(SIGN.split(body), used)
        for piece in _get_pieces(DASH.split(' '.join(whole)), used, may_be_name=True) for word in piece]
    if len(words) > MAX_WORDS:
        return []
    left = _leave_used(words, used)
    warned = [words[index] for index in _drop_explained(words, left)]
    return warned + [word for word in _words(text) if _plain(word) in NO_MORE - set(used) and word not in warned]


def _get_pieces(texts, used, may_be_name=False):
    """Return the words of the texts that hold most words of a name, or that may be one of its words."""
    pieces = [_words(text) if may_be_name else text.split() for text in texts]
    hits = [sum(_plain(word) in used for piece_word in piece for word in _words(piece_word)) for piece in pieces]
    return [
        piece for piece, hit in zip(pieces, hits, strict=True) if hit == max(hits) or (
            may_be_name and len(piece) == 1 and not _is_one_of(piece[0], ROLES | TITLES | COMPANY_FORMS | CUT_OFF))]


def _leave_used(words, used):
    """Return the places of the words that are not in a name; each word of the name is found once."""
    used, left = list(filter(None, used)), []
    for index, word in enumerate(words):
        pieces = [_plain(piece) for piece in GLUED_WORD.split(word) if _plain(piece)]
        if _plain(word) in used:
            used.remove(_plain(word))
        elif set(pieces) <= set(used):
            for piece in dict.fromkeys(pieces):
                used.remove(piece)
        else:
            left.append(index)
    return left


def _drop_explained(words, left):
    """Return the places of words that are left out of a name and that nothing explains: see :func:`find_left_out`."""
    plain = [_plain(word) for word in words]
    taken = [index for index in range(len(words)) if index not in left]
    if not taken:
        return []
    first, last = taken[0], taken[-1]
    if 'nata' in plain[1:] or 'nato' in plain[1:]:
        return []
    # "Bar Sport di Rossi Mario", "Luca Verdi e Mario Rossi"
    is_parted = first > 1 and len(taken) > 1 and plain[first - 1] in BUSINESS | AND
    begin = first if is_parted else 0
    over = ELSEWHERE | AND | MARRIED
    end = next((
        index for index in range(last + 1, len(words)) if plain[index] in over or _is_one_of(words[index], ROLES)),
        len(words))
    found, skip = [], False
    for index in range(begin, end):
        if index in taken:
            skip = False
        elif index > 0 and (plain[index] in MARRIED or (plain[index] in PARTICLES and plain[index + 1:][:1] == ['fu'])):
            skip = True  # "Rossi in Bianchi Maria"
        elif 0 < index < first and plain[index] in BUSINESS and _is_one_of(words[index - 1], ROLES):
            skip = True  # "Amministratore di sostegno Rossi Mario"
        elif not skip and not _is_explained(words[index], index < first):
            found.append(index)
    return found


def _is_explained(word, is_before):
    """Tell whether a word is a title, a role or the like; before the name more of them are."""
    return (
        _is_one_of(word, TITLES | ROLES) or (is_before and _is_one_of(word, NOBILITY))
        or (('.' in word or is_before) and _is_one_of(word, CUT_OFF | TITLES | ROLES)))


# ------------------------------------------------------------ two ways of writing one name

def name_key(full_name):
    """Return what two ways of writing a person's full name have in common.

    Capitals, spaces, full stops, accents, titles, brackets and the order of the words make no difference.

    :return: sorted words; empty when no word is left.
    :rtype: tuple[str, ...]
    """
    words = _words(BRACKETS.sub(' ', clean(full_name)[:MAX_LENGTH]))
    words = [word for word in words if not _is_one_of(word, TITLES)] or words
    return tuple(sorted(filter(None, (re.sub(r"[.'-]", '', _plain(word)) for word in words))))

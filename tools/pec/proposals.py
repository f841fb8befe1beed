"""What may stand before the "@" of a mailbox to be bought: proposals from a name, and a check of what was typed.

Only the provider knows whether an address is still free. The proposals hold to what any provider takes: small letters
without accents, digits and single full stops.

No function here raises on whatever it is given; what is no text counts as none.
"""
import re

from ..cleaning import clean, without_accents
from ..italy.fiscal_code import TRANSLITERATION
from ..italy.person_name import CUT_OFF, TITLES
from .address import MAX_LOCAL_LENGTH, fold_case

LOCAL_PART = re.compile(r'[a-z0-9_-]+(?:\.[a-z0-9_-]+)*')
PROPOSALS = 4
HANDY_LENGTH = 24  # characters that people still like to type
MAX_NAME_LENGTH = 500  # characters that are looked at

APOSTROPHES = re.compile("['`]")
INITIAL = re.compile(r'\b([a-z])\.(?=[a-z])')  # "s.r.l.", "f.lli"; not "soc.coop"
WORD = re.compile('[a-z0-9]+')

# What says how a company is made, in words as `_words` gives them -> how it is written in short, '' for what is never
# told.
FORMS = {
    tuple(words.split()): short
    for short, spellings in {
        'srl': [
            'srl', 'arl', 'a rl', 'soc arl', 'soc a rl', 'soc a responsabilita limitata', 'srlcr', 'srl cr', 'srlu',
            'srl u',
                'soc a responsabilita limitata a capitale ridotto', 'srl a capitale ridotto'],
        'srls': ['srls', 'srl s', 'srl semplificata', 'soc a responsabilita limitata semplificata'],
        'spa': ['spa', 'soc per azioni'],
        'sapa': ['sapa', 'soc in accomandita per azioni'],
        'sas': ['sas', 'soc in accomandita semplice'],
        'snc': ['snc', 'soc in nome collettivo'],
        'ss': ['ss', 'soc semplice'],
        'scarl': ['scarl', 'scrl', 'sc arl', 'sc a rl', 'soc consortile', 'soc consortile arl', 'soc consortile a rl',
                  'soc consortile a responsabilita limitata'],
        'scpa': ['scpa', 'soc consortile per azioni', 'soc cooperativa per azioni', 'soc coop per azioni'],
        'coop': [
            f'{coop}{kind}{liability}' for coop in ('soc cooperativa', 'soc coop', 's coop', 'scoop', 'soccoop', 'coop')
                 for kind in ('', ' sociale', ' agricola', ' consortile')
                 for liability in ('', ' arl', ' a rl', ' a responsabilita limitata')
                 if kind or liability or coop != 'coop'],  # alone it is a name
        'stp': [
            'stp', 'soc tra professionisti', 'soc fra professionisti', 'sta', 'soc tra avvocati', 'soc fra avvocati'],
        'sb': ['sb', 'soc benefit'],
        'gmbh': ['gmbh'], 'ltd': ['ltd'], 'llc': ['llc'], 'inc': ['inc'], 'sarl': ['sarl'],
        '': [
            'unipersonale', 'a socio unico', 'con socio unico', 'a unico socio', 'con unico socio', 'socio unico',
            'in liquidazione',
             'in liquidazione giudiziale', 'in liquidazione coatta amministrativa', 'in fallimento',
             'in amministrazione straordinaria',
             'in concordato', 'in concordato preventivo', 'impresa individuale', 'ditta individuale', 'soc agricola',
             'e c'],
    }.items()
    for words in spellings
}
LONGEST_FORM = max(map(len, FORMS))
PARTNERSHIPS = ('sas', 'snc')  # behind them stand the partners: "di Mario Rossi & C."
# Words that do not tell one name from another.
SMALL_WORDS = frozenset({
    'a', 'ad', 'agli', 'ai', 'al', 'alla', 'alle', 'allo', 'con', 'da', 'dai', 'dal', 'dalla', 'dalle', 'degli', 'dei',
    'del', 'dell',
    'della', 'delle', 'dello', 'di', 'e', 'ed', 'fra', 'gli', 'i', 'il', 'in', 'la', 'le', 'lo', 'negli', 'nei', 'nel',
    'nella', 'nelle',
    'nello', 'per', 'su', 'sui', 'sul', 'sulla', 'sulle', 'tra',
})
# What begins the surname of a person: "De Rossi", "Lo Cascio", "Van Dijk".
SURNAME_WORDS = frozenset({
    'd', 'da', 'dal', 'dalla', 'de', 'degli', 'dei', 'del', 'dell', 'della', 'delle', 'delli', 'dello', 'di', 'el',
    'la', 'le', 'li', 'lo',
    'mac', 'mc', 'san', 'van', 'von',
})
MAX_NAMES = 3  # of a person, the surname among them


def judge_local_part(text):
    """Tell whether a text can stand before the "@" of a new mailbox.

    :param text: a string, in any case and with space around, or anything else for none.
    :return: 'fine'; 'missing', 'local_form' (something else than a-z, 0-9 and ``._-``, or a full stop at an end or
        beside another one) or 'local_long' (more than 64 characters).
    :rtype: str
    """
    text = fold_case(text)
    if not text:
        return 'missing'
    if not LOCAL_PART.fullmatch(text):
        return 'local_form'
    return 'fine' if len(text) <= MAX_LOCAL_LENGTH else 'local_long'


def propose_local_parts(name, city='', most=PROPOSALS):
    """Propose what may stand before the "@", from the name of a company or of a person; the best ones come first.

    "Falegnameria Esempio S.r.l." in Roma gives falegnameriaesempio, falegnameria.esempio, falegnameriaesempiosrl and
    falegnameriaesempio.roma; "Mario Rossi" gives mario.rossi, rossi.mario, mariorossi. Two or three words without a
    form of company count as a person's name: where they are none, the same proposals still come, in another order.

    :param name: a string, or anything else for no name.
    :param city: for one more proposal; as ``name``.
    :param int most: how many proposals at the most.
    :return: distinct, each one fine for :func:`judge_local_part`; none when there is no Latin letter nor digit in the
        name.
    :rtype: list[str]
    """
    words = _words(name)
    core, form = _split_form(words)
    city = ''.join(_words(city.partition('/')[0])) if isinstance(city, str) else ''
    person = [] if form else _person(core)
    proposals = _of_person(person, city) if person else _of_company(core, form, city)
    most = max(most, 0) if isinstance(most, int) else PROPOSALS
    return list(dict.fromkeys(filter(None, proposals)))[:most]


def _of_person(names, city):
    """Yield proposals for a person: names, then surname (or the other way round)."""
    name, surname = ''.join(names[:-1]), names[-1]
    for parts in ([name, surname], [surname, name]):
        yield _fit(parts, '.')
    yield _fit(names, '')
    yield _fit([name, surname], '.', city)
    yield _fit(names, '.')
    yield _fit([name[0], surname], '.')


def _of_company(words, form, city):
    """Yield proposals for a company."""
    joined = ''.join(words)
    yield _fit(words, '')
    telling = [word for word in words if word not in SMALL_WORDS]
    if len(joined) > HANDY_LENGTH and telling and len(telling[0]) <= HANDY_LENGTH:
        yield _fit(telling, '', most=HANDY_LENGTH)
    yield _fit(words, '.')
    if form:
        yield _fit(words, '', form, '')
    if city != joined:
        yield _fit(words, '', city)
    if form:
        yield _fit(words, '.', form)


def _fit(words, separator, tail='', before_tail='.', most=MAX_LOCAL_LENGTH):
    """Return words joined and a tail, with as many of the words as fit, of the first one at least what fits.

    :return: '' when there are no words, or the tail leaves no room.
    """
    tail = before_tail + tail if tail else ''
    room = most - len(tail)
    if not words or room <= 0:
        return ''
    words = list(words)
    if len(separator.join(words)) > room:
        while len(words) > 1 and (len(separator.join(words)) > room or words[-1] in SMALL_WORDS):
            words.pop()
    return separator.join(words)[:room] + tail


def _words(text):
    """Return the words of a name in small letters and digits; initials are put together ("S. r. l." is "srl")."""
    if not isinstance(text, str):
        return []
    text = without_accents(clean(text[:MAX_NAME_LENGTH]).upper()).translate(TRANSLITERATION).lower()
    text = INITIAL.sub(r'\1', APOSTROPHES.sub('', text).replace('&', ' e ').replace('+', ' e '))
    words = []
    initials = False
    for word in WORD.findall(text):
        is_initial = len(word) == 1 and word.isalpha() and word not in 'ae'
        if is_initial and initials:
            words[-1] += word
        else:
            words.append('soc' if word == 'societa' else word)
        initials = is_initial
    return words


def _split_form(words):
    """Return the words of a name without those that say how the company is made, and its form in short.

    A name that consists of nothing else stays as it is.
    """
    core, form, place = [], '', 0
    while place < len(words):
        length = next(
            (length for length in range(LONGEST_FORM, 0, -1) if tuple(words[place:place + length]) in FORMS), 0)
        if not length:
            core.append(words[place])
            place += 1
            continue
        short = FORMS[tuple(words[place:place + length])]
        place += length
        form = form or short
        if core and short in PARTNERSHIPS and words[place:place + 1] == ['di']:
            break
    if len(core) > 1 and core[0] == 'di' != words[0]:  # "Impresa individuale di Mario Rossi"
        core.pop(0)
    return (core, form) if core else (words, '')


def _person(words):
    """Return the names of a person, a surname's small words put to it; none when the words are no person's name."""
    named = list(words)
    while len(named) > 2 and named[0] in TITLES | CUT_OFF:
        named.pop(0)
    names, prefix = [], ''
    for word in named:
        if word in SURNAME_WORDS:
            prefix += word
        else:
            names.append(prefix + word)
            prefix = ''
    if prefix:
        names.append(prefix)
    is_person = 2 <= len(names) <= MAX_NAMES and ''.join(names).isalpha() and not SMALL_WORDS.intersection(names)
    return names if is_person else []

"""A population as an accountant keeps it: companies and sole traders with their people, seats and codes.

Everything is made up from a seed, and computed here in the simplest way, without the addon's own tools: a tax code from
name, birth and place, a seat from the table of municipalities. What is right is also written as people write: capitals,
titles, labels, prefixes, signs that nobody sees.
"""
import csv
import random
import unicodedata
from pathlib import Path

from stdnum import luhn
from stdnum.it import codicefiscale

from odoo.addons.l10n_it_openapi_pec.tools.italy import place_table

MALE = [
    'Mario', 'Luca', 'Giuseppe', 'Francesco', 'Antonio', 'Alessandro', 'Andrea', 'Pietro', 'Gian Luca', 'Niccolò',
    'Ugo', 'Pier Paolo', 'Noè', 'Bruno', 'Enea', 'Elia', 'Jürgen', 'Ivo', 'Domenico', 'Carlo Maria']
FEMALE = [
    'Maria', 'Anna', 'Lucia', 'Maria Teresa', 'Giulia', 'Chiara', 'Ada', 'Eva', 'Zoe', 'Margherita', 'Ida', 'Annamaria',
    'Maria Pia', 'Renée', 'Ludovica', 'Ginevra', 'Lia', 'Stefania', 'Rosa', 'Immacolata']
SURNAMES = [
    'Rossi', 'Russo', 'Ferrari', 'Esposito', 'De Luca', "D'Amico", 'Fo', 'Re', 'Lo Cascio', 'Della Valle', 'Pellò',
    'Nicolò', 'Hofer', 'Dalla Costa', 'Di Maio', 'Aiello', 'Boe', 'Santangelo', 'Mc Donald', 'Rossi Bianchi', 'Colombo',
    'Zanon', 'Marchesin', 'Piras', 'Cadeddu', "Dell'Orto", 'Gottardi', 'Serra', 'Unterholzner', 'Kofler', 'Sala', 'Li',
    'Amministratore', 'Senatore', 'Presidente', 'Signor', 'Cavaliere', 'Conte', 'Sanna', 'La Rosa']
TRADES = [
    'Falegnameria', 'Autotrasporti', 'Panificio', 'Officina Meccanica', 'Edilizia', 'Bar Sport', 'Ottica', 'Pizzeria',
    'Hotel Spa', 'Beauty & Spa', 'Immobiliare', 'Vivai', 'Cantine', 'Tipografia', 'Lavanderia', 'Farmacia',
    'Elettronica', 'Consulenze', 'Copy Service', 'Ditta Trasporti', 'Ferramenta', 'Onoranze Funebri', 'Caffè',
    'Pelletteria']
# denomination, and what an administrator's PEC of it is
SOCIETIES = [
    *[(text, 'due') for text in (
        '{trade} {surname} S.r.l.', '{trade} {surname} SRL', '{TRADE} {SURNAME} S.R.L.', '{surname} {trade} s.r.l.s.',
        '{trade} {surname} S.p.A.', '{trade} {surname} Spa', '{trade} {surname} S.r.l. unipersonale',
        '{trade} {surname} società a responsabilità limitata', '{trade} {surname} Soc. Coop. a r.l.',
        '{trade} {surname} Società Cooperativa Sociale Onlus', '{TRADE} {SURNAME} SOCIETA\' COOPERATIVA',
        '{trade} {surname} S.r.l. Società Benefit', '{trade} {surname} S.r.l. STP', '{trade} {surname} S.c.a r.l.',
        '{trade} {surname} società consortile a r.l.', '{surname} S.r.l. a socio unico',
        '{trade} {surname} S. r. l.', 'Società Agricola {surname} S.r.l.', 'Fratelli {surname} S.p.A.')],
    *[(text, 'not_due') for text in (
        '{trade} {surname} & C. S.n.c.', '{trade} di {surname} {name} & C. S.a.s.', '{TRADE} {SURNAME} SNC',
        'Società Agricola {surname} S.S.', 'F.lli {surname} s.n.c.', 'Consorzio {trade} {surname}',
        '{trade} {surname} di {surname} {name} e figli s.n.c.')],
]
TRADERS = ['{trade} di {surname} {name}', '{trade} {surname}', '{surname} {name}', '{name} {surname}', '{TRADE}']
WINDING_UP = ['{name} in liquidazione', '{name} (in liquidazione)', '{name} IN LIQUIDAZIONE']
PROVIDERS = ['legalmail.it', 'pec.it', 'arubapec.it', 'postecert.it', 'pec.buffetti.it', 'cert.legalmail.it']
# How people write what is right.
NAMED = [
    '{name} {surname}', '{surname} {name}', '{SURNAME} {NAME}', 'Dott. {name} {surname}', 'Egr. Sig. {surname} {name}',
    '{surname} {name} (amministratore)', 'Per. Ind. {name} {surname}', 'Rag.{surname} {name}', '{surname}, {name}',
    '{name} {surname} - legale rappresentante', '  {surname}\u00a0{name} ']
PHONED = ['3{}', '+39 3{}', '0039 3{}', '+393{}', 'cell. 3{}', 'tel:+393{}', '393{}', '3{} ', '+39 (0)3{}']
ADDRESSED = ['{}', '{}', '{} ', 'PEC: {}', 'mailto:{}', '<{}>', '{};', '\u200b{}', 'Studio <{}>', '{}.']
MONTHS = 'ABCDEHLMPRST'
SEED = 'an accountant with two thousand clients'


def plain(text):
    """Return the letters of a name in capitals, without accents, spaces and apostrophes."""
    letters = unicodedata.normalize('NFD', text.upper())
    return ''.join(letter for letter in letters if letter.isascii() and letter.isalpha())


def part(text, is_name=False):
    """Return the three letters of a surname, or of a name, in a tax code."""
    consonants = [letter for letter in plain(text) if letter not in 'AEIOU']
    vowels = [letter for letter in plain(text) if letter in 'AEIOU']
    if is_name and len(consonants) > 3:
        del consonants[1]
    return ''.join([*consonants, *vowels, *'XXX'][:3])


def fill(pattern, **values):
    """Fill in a pattern: {surname} as it is, {SURNAME} in capitals."""
    return pattern.format(**values, **{name.upper(): value.upper() for name, value in values.items()})


class Population:
    """Makes one thing after the other; with the same seed the same ones.

    :param seed: of the random choices.
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.count = 0
        with Path(place_table.DATA).open(encoding='utf-8', newline='') as file:
            rows = [row for row in csv.DictReader(file) if row['code'][0] != 'Z' and not row['last day']]
        self.born = [row['code'] for row in rows]
        self.seats = [(row['name'], row['province or country']) for row in rows]

    def make_person(self):
        """Return ``{'name': …, 'surname': …, 'code': …}``."""
        is_woman = self.random.random() < 0.4
        name, surname = self.random.choice(FEMALE if is_woman else MALE), self.random.choice(SURNAMES)
        day = self.random.randint(1, 28) + 40 * is_woman
        code = '%s%s%02d%s%02d%s' % (
            part(surname), part(name, is_name=True), self.random.randint(40, 99), self.random.choice(MONTHS), day,
            self.random.choice(self.born))
        if self.random.random() < 0.03:  # a duplicate: the last digit became a letter
            code = code[:14] + 'LMNPQRSTUV'[int(code[14])]
        return {'name': name, 'surname': surname, 'code': code + codicefiscale.calc_check_digit(code)}

    def make_address(self):
        """Return a PEC that nobody else has."""
        return f'{plain(self.random.choice(SURNAMES)).lower()}{self.count}@{self.random.choice(PROVIDERS)}'

    def make(self, number, values, is_administrators=False, pattern=None):
        """Return the values of one filing's contacts: the company, and who asks.

        :param int number: tells one fault of a kind from another.
        :param dict values: what is written in the place of what is right: ``{'person.name': pattern}``.
        :param bool is_administrators: a society whose administrator's PEC is to be communicated.
        :param pattern: of the denomination; otherwise one of a society, or of a trader three times in ten.
        :return: values of the ``'filing'`` and of the contacts ``'company'`` and ``'person'`` (who asks), by field; of
            the company also its province's abbreviation.
        """
        self.count += 1
        person = self.make_person()
        is_trader = not pattern and not is_administrators and self.random.random() < 0.3
        company = self.make_company(person, is_trader, pattern or self.random.choice(TRADERS if is_trader else [
            text for text, due in SOCIETIES if due == 'due' or not is_administrators]))
        made = {
            'filing': {'kind': 'administrator' if is_administrators else 'company'}, 'company': company,
            'person': self.make_asking(person)}
        right = {
            **company, 'surname': person['surname'], 'code': person['code'], 'number': number, 'pair': number // 2,
            'wrong_day': person['code'][:9] + '39' + person['code'][11:],
            'wrong_check': person['code'][:15] + chr((ord(person['code'][15]) - 64) % 26 + 65)}
        for name, text in values.items():
            group, field = name.split('.')
            made[group][field] = text.format(**right)
        return made

    def make_company(self, person, is_trader, pattern):
        """Return the values of the contact of a company."""
        write = self.random.choice
        trade, (city, province) = write(TRADES), write(self.seats)
        digits = '%07d%03d' % (1000000 + self.count, self.random.randint(1, 100))
        return {
            'name': fill(pattern, trade=trade, surname=person['surname'], name=person['name']), 'is_company': True,
            'l10n_it_codice_fiscale': person['code'] if is_trader else digits + luhn.calc_check_digit(digits),
            'city': write([city, city, city.upper(), f' {city} ']), 'province': province,
            'openapi_pec_email': write(ADDRESSED).format(self.make_address()),
        }

    def make_asking(self, person):
        """Return the values of the contact of the person who asks."""
        write = self.random.choice
        return {
            'name': fill(write(NAMED), name=person['name'], surname=person['surname']),
            'l10n_it_codice_fiscale': write([person['code'], person['code'].lower()]),
            'email': write(['{}@example.com', '{}@EXAMPLE.com', 'mailto:{}@example.com']).format(f'p{self.count}'),
            'phone': write(PHONED).format('4%08d' % (10000000 + self.count)),
            'openapi_pec_email': f'titolare.{self.make_address()}',
        }

import datetime
import re

from stdnum.it import codicefiscale

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.italy import birth_place, fiscal_code, place_table
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.italy.birth_place import Place

from ..odd_values import ODD_VALUES

MUNICIPALITIES = {
    'H501': ('Roma', 'RM'), 'F205': ('Milano', 'MI'), 'F839': ('Napoli', 'NA'), 'A345': ("L'Aquila", 'AQ'),
    'D704': ('Forlì', 'FC'),
    'G479': ('Pesaro', 'PU'), 'H223': ("Reggio nell'Emilia", 'RE'), 'H224': ('Reggio di Calabria', 'RC'),
    'A952': ('Bolzano', 'BZ'),
    'D403': ('Empoli', 'FI'), 'L424': ('Trieste', 'TS'), 'F704': ('Monza', 'MB'), 'I726': ('Siena', 'SI'),
    'M208': ('Lamezia Terme', 'CZ'),
    'B354': ('Cagliari', 'CA'), 'H199': ('Ravenna', 'RA'), 'A262': ('Amelia', 'TR'),
    'M403': ('Corigliano-Rossano', 'CS'),
    'I869': ('Sotto il Monte Giovanni XXIII', 'BG'), 'D621': ('Fiume Veneto', 'PN'),
    # no more: merged into others, or no more in Italy
    'D005': ('Corigliano Calabro', 'CS'), 'A011': ('Abbiateguazzone', 'VA'), 'D620': ('Fiume', 'FU'),
    'G778': ('Pola', 'PL'),
    'M149': ('Zara', 'ZA'),
}
COUNTRIES = {
    'Z110': ('Francia', 'FR'), 'Z112': ('Germania', 'DE'), 'Z114': ('Regno Unito', 'GB'),
    'Z156': ('Repubblica Ceca', 'CZ'),
    'Z115': ('Grecia', 'GR'), 'Z133': ('Svizzera', 'CH'), 'Z129': ('Romania', 'RO'), 'Z100': ('Albania', 'AL'),
    'Z330': ('Marocco', 'MA'),
    'Z210': ('Cina', 'CN'), 'Z213': ('Corea del Sud', 'KR'), 'Z214': ('Corea del Nord', 'KP'),
    'Z404': ("Stati Uniti d'America", 'US'),
    'Z160': ('Kosovo', 'XK'), 'Z158': ('Serbia', 'RS'), 'Z159': ('Montenegro', 'ME'), 'Z311': ('Congo', 'CG'),
    'Z138': ('Ucraina', 'UA'),
    'Z312': ('Repubblica Democratica del Congo', 'CD'), 'Z319': ('Guinea', 'GN'), 'Z320': ('Guinea Bissau', 'GW'),
    'Z334': ('Niger', 'NE'),
    'Z321': ('Guinea Equatoriale', 'GQ'), 'Z335': ('Nigeria', 'NG'), 'Z526': ('Dominica', 'DM'),
    'Z505': ('Repubblica Dominicana', 'DO'),
    'Z700': ('Australia', 'AU'), 'Z102': ('Austria', 'AT'), 'Z347': ('Sudafrica', 'ZA'), 'Z907': ('Sud Sudan', 'SS'),
    'Z348': ('Sudan', 'SD'), 'Z106': ('Città del Vaticano', 'VA'), 'Z130': ('San Marino', 'SM'),
    'Z349': ('Eswatini', 'SZ'),
    'Z226': ('Israele', 'IL'), 'Z161': ('Palestina', 'PS'), 'Z217': ('Taiwan', 'TW'), 'Z221': ('Hong Kong', 'HK'),
    # states that are no more
    'Z118': ('Jugoslavia', ''), 'Z135': ('Unione Sovietica', ''), 'Z105': ('Cecoslovacchia', ''),
    'Z111': ('Repubblica Democratica Tedesca', ''),
}
# code -> day of birth -> name
NAMES_ONCE = {
    'A001': {'1920-05-01': 'Abano', '1924-11-13': 'Abano', '1924-11-14': 'Abano Terme', '1980-01-01': 'Abano Terme'},
    'H675': {
        '1900-01-01': 'Saint Rhémy', '1940-01-01': 'San Remigio', '1970-01-01': 'Saint-Rhémy',
        '2000-01-01': 'Saint-Rhémy-en-Bosses'},
    'H501': {'1870-01-01': 'Roma', '0001-01-01': 'Roma', '9999-12-31': 'Roma'},
    'Z110': {'1980-01-01': 'Francia'},
}
SPELLINGS = {
    'H501': ['Roma', 'ROMA', ' roma ', 'Roma (RM)', 'roma(rm)', 'Roma / RM', 'Roma - RM', 'Ròma'],
    'A345': ["L'Aquila", "L’AQUILA", 'L`Aquila', 'LAquila', 'L Aquila', 'Aquila'],
    'D704': ['Forlì', "FORLI'", 'Forli', 'Forlí', 'Forli\u0300', 'forlì (FC)'],
    'H224': ['Reggio Calabria', 'Reggio di Calabria', 'REGGIO DI CALABRIA', 'reggiocalabria'],
    'H223': ['Reggio Emilia', "Reggio nell'Emilia", "REGGIO NELL' EMILIA", 'Reggio nell’Emilia'],
    'A952': ['Bolzano', 'Bozen', 'Bolzano/Bozen', 'Bolzano - Bozen', 'BOLZANO (BZ)'],
    'A001': ['Abano Terme', 'Abano'],
    'I197': ["Sant'Agata de' Goti", 'S. Agata dei Goti', "SANT'AGATA DE'GOTI"],
    'D403': ['Empoli'],
    'Z112': ['Germania', 'Germany', 'DEUTSCHLAND'],
    'Z114': ['Regno Unito', 'Inghilterra', 'Gran Bretagna', 'United Kingdom'],
    'Z126': ['Olanda', 'Paesi Bassi'],
    'Z404': ['USA', 'Stati Uniti', "Stati Uniti d'America", 'STATI UNITI D AMERICA', 'u.s.a.'],
    'Z611': ['Perù', "Peru'", 'PERU'], 'Z313': ["Costa d'Avorio", 'Côte d’Ivoire', 'Cote d Ivoire'],
    'Z108': ['Isole Faer Oer', 'isole fær øer'],
    'Z102': ['Austria', 'Österreich', 'OSTERREICH'],
}
OTHERS = {
    'H501': ['Milano', 'Roma Capitale', 'Rom', 'Romano', '', ' ', '(RM)', 'RM', '...'],
    'F205': ['Roma', 'Milano Marittima'], 'A001': ['Terme', 'Montegrotto Terme'], 'Z110': ['Spagna', 'FR'],
    'H501 ': ['Napoli'], 'X999': ['Roma'], '': [''], 'Z999': [''], 'Z135': ['Russia'],
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestBirthPlace(BaseCase):

    def test_municipalities(self):
        for code, (name, province) in MUNICIPALITIES.items():
            with self.subTest(code=code):
                self.assertEqual(birth_place.find(code), Place(name, province, 'IT'))

    def test_countries(self):
        for code, (name, country) in COUNTRIES.items():
            with self.subTest(code=code):
                self.assertEqual(birth_place.find(code), Place(name, '', country))

    def test_codes(self):
        self.assertEqual(birth_place.find(' h501\n'), birth_place.find('H501'))
        for code in ('H5O1', 'H50', 'H5011', 'H 501', 'X999', 'Z999', 'Z000', 'ND', 'IT', 'code', 'CODE'):
            with self.subTest(code=code):
                self.assertIsNone(birth_place.find(code))
        self.assertEqual(birth_place.find(fiscal_code.birth('RSSMRA80A01H50MM', 2026).place).name, 'Roma')  # an omocode

    def test_names_at_a_date(self):
        for code, names in NAMES_ONCE.items():
            for day, name in names.items():
                with self.subTest(code=code, day=day):
                    date = datetime.date.fromisoformat(day)
                    self.assertEqual(birth_place.find(code, date).name, name)
                    self.assertEqual(
                        birth_place.find(code, datetime.datetime.combine(date, datetime.time.max)).name, name)
                    self.assertEqual(birth_place.find(code, date)[1:], birth_place.find(code)[1:])

    def test_same_place(self):
        for code, names in SPELLINGS.items():
            for name in names:
                with self.subTest(code=code, name=name):
                    self.assertIs(birth_place.same_place(code, name), True)

    def test_other_place(self):
        for code, names in OTHERS.items():
            for name in names:
                with self.subTest(code=code, name=name):
                    self.assertIs(birth_place.same_place(code, name), False)

    def test_data(self):
        """Each line has a code and names of the form that the rest of the addon asks for.

        Each place has the names it shows.
        """
        rows = place_table.rows()
        self.assertGreater(len(rows), 10000)
        for code, row in rows.items():
            place = birth_place.find(code)
            self.assertRegex(code, r'^[A-Z][0-9]{3}$')
            self.assertRegex(row.area, r'^[A-Z]{2}$' if place.country else r'^$', code)
            for text in (*row.names, *(past for _end, past in row.past_names)):
                self.assertEqual(text, italian_form.normalize_text(text), code)
                self.assertTrue(birth_place.same_place(code, text), text)
            if place.country == 'IT':
                for text in (row.name, *(past for _end, past in row.past_names)):
                    self.assertEqual(italian_form.judge_municipality(text), 'fine', text)
                for province in row.provinces_ever:
                    self.assertRegex(province, r'^[A-Z]{2}$', code)
                if row.now_in:
                    self.assertTrue(row.last_day and not rows[row.now_in].last_day, code)
            ends = [datetime.date.fromisoformat(end) for end, _past in row.past_names]
            self.assertEqual(ends, sorted(ends), code)
            if row.last_day:
                datetime.date.fromisoformat(row.last_day)
        self.assertEqual(list(rows), sorted(rows))
        lines = place_table.DATA.read_text(encoding='utf-8').splitlines()
        self.assertEqual(len(lines), len(rows) + 1)  # no code twice
        self.assertLess(place_table.DATA.stat().st_size, 400 * 1024)

    def test_countries_are_distinct(self):
        """Two codes are one country only where the data say so (Georgia got another when it left the Soviet Union)."""
        countries = [birth_place.find(code).country for code in place_table.rows() if code.startswith('Z')]
        countries = [country for country in countries if country]
        self.assertEqual({country for country in countries if countries.count(country) > 1}, {'GE'})
        self.assertNotIn('IT', countries)
        for code, row in place_table.rows().items():
            if code.startswith('Z'):
                self.assertTrue(re.fullmatch(r"[^\W\d_][\w' -]+", row[1]), row[1])

    def test_odd_values(self):
        for value in ODD_VALUES:
            with self.subTest(value=str(value)[:40].encode('ascii', 'backslashreplace')):
                self.assertIsNone(birth_place.find(value))
                self.assertEqual(birth_place.find('H501', value), Place('Roma', 'RM', 'IT'))
                self.assertIs(birth_place.same_place(value, 'Roma'), False)
                self.assertIs(birth_place.same_place('H501', value), value == 'roma')

    def test_places_of_codes(self):
        """A place that is in no table is a doubt, what was wrong before stays wrong."""
        for place, reason in {
            'H501': 'code_valid', 'F205': 'code_valid', 'Z110': 'code_valid', 'D620': 'code_valid',  # Fiume
            'H5LM': 'code_valid', 'ALLL': 'code_place', 'D005': 'code_valid', 'Z222': 'code_valid',
            'A000': 'code_place', 'M999': 'code_place', 'Z999': 'code_place', 'Z000': 'code_place',
            'X123': 'code_place', 'N001': 'code_place', 'MVVV': 'code_place',
        }.items():
            with self.subTest(place=place):
                code = f'RSSMRA80A01{place}'
                self.assertEqual(birth_place.judge_person(code + codicefiscale.calc_check_digit(code)), reason)
        for code in ('RSSMRA80A01A000C', 'RSSMRA80A01M999L', 'RSSMRA80A01Z999Y'):
            self.assertEqual(birth_place.judge_person(code), 'code_place')
        for code, reason in {
            'RSSMRA00B29A000': 'code_place', 'RSSMRA80A32A000': 'code_date', 'RSSMRA80A01A00': 'code_form',
        }.items():
            code += codicefiscale.calc_check_digit(code) if len(code) == 15 else ''
            self.assertEqual(birth_place.judge_person(code), reason)
        self.assertEqual(birth_place.judge_person('RSSMRA80A01A000D'), 'code_check')
        for code in ('00743110157', '', None):
            self.assertEqual(birth_place.judge_person(code), fiscal_code.judge_person(code))

    def test_age(self):
        """Of a year that has two digits, a person of 1920 may be one of 2020."""
        today = datetime.date(2026, 11, 26)
        for date, reason in {
            '80A01': 'fine', '40A41': 'fine', '99T31': 'fine', '00B29': 'fine', '07A01': 'fine', '08A01': 'fine',
            '08S26': 'fine', '26T01': 'fine',  # 1926, as 2026 has no December yet
            '27A01': 'fine', '08S27': 'minor', '08T71': 'minor', '09A01': 'minor', '12A01': 'minor', '20A01': 'minor',
            '25T31': 'minor', '26A01': 'minor', '26S26': 'minor', 'NLALM': 'minor',
        }.items():
            with self.subTest(date=date):
                self.assertEqual(birth_place.judge_age(f'RSSMRA{date}H501X', today), reason)
        self.assertEqual(birth_place.judge_age('RSSMRA09A01H501X', datetime.date(2027, 1, 1)), 'fine')
        self.assertEqual(birth_place.judge_age('RSSMRA27A01H501X', datetime.date(2027, 1, 1)), 'minor')
        for code in ('', None, '00743110157', 'RSSMRA80A32H501X', 'nonsense'):
            self.assertEqual(birth_place.judge_age(code, today), 'fine')

import unicodedata

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools import cleaning
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code, omocodia, phone
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import fold
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

from ..odd_values import ODD_VALUES

# removed wherever they stand: all those of the ranges, and others that nobody sees
FORMAT = [
    *range(0x200b, 0x2010), *range(0x202a, 0x202f), *range(0x2066, 0x206a), 0xfeff, 0xad, 0x2060, 0x180e, 0x34f, 0x61c,
    0xfe0f, 0xe0041, 0x0, 0x7, 0x7f, 0x9b,
]
SPACES = [0x20, 0x9, 0xa, 0xb, 0xc, 0xd, 0x85, 0xa0, 0x1680, *range(0x2000, 0x200b), 0x2028, 0x2029, 0x202f, 0x205f,
          0x3000, 0x2800]
DASHES = [0x2d, *range(0x2010, 0x2016), 0x2043, 0x2212, 0xfe58, 0xfe63, 0xff0d]
APOSTROPHES = [
    0x27, 0x2018, 0x2019, 0x201b, 0x2032, 0x2b9, 0x2bb, 0x2bc, 0x2bd, 0x2c8, 0x2ca, 0x2cb, 0xb4, 0x55a, 0xff07]
COMPANY, PERSON, OTHER = '12485671007', 'RSSMRA80A01H501U', '00743110157'
# as people paste it -> the code
CODES = {
    'rssmra80a01h501u': PERSON, 'RSS MRA 80A01 H501U': PERSON, 'RSSMRA-80A01-H501U': PERSON,
    'IT12485671007': COMPANY,
    'it 12485671007': COMPANY, '12485671007\n': COMPANY, '12485\u200b671007': COMPANY,
    '\u202a12485671007\u202c': COMPANY,
    '１２４８５６７１００７': COMPANY, 'ＩＴ１２４８５６７１００７': COMPANY, 'RSSMRA\u00ad80A01H501U': PERSON,
    'RSSMRA–80A01–H501U': PERSON, '12485\xa0671\u2009007': COMPANY, '\ufeff12485671007': COMPANY,
    'C.F.: RSSMRA80A01H501U': PERSON, 'CF RSSMRA80A01H501U': PERSON, 'C.F. RSSMRA80A01H501U.': PERSON,
    'Codice fiscale: RSS MRA 80A01 H501U': PERSON, 'Cod. Fisc. RSSMRA80A01H501U': PERSON,
    'P.IVA 12485671007': COMPANY, 'P. IVA: IT12485671007': COMPANY, 'Partita IVA 12485671007': COMPANY,
    'C.F. e P.IVA 12485671007': COMPANY, 'C.F./P.IVA: 12485671007': COMPANY, 'VAT IT12485671007': COMPANY,
    '(12485671007)': COMPANY, "'00743110157": OTHER, '12485671007;': COMPANY, '<12485671007>': COMPANY,
    # in groups, and with other words
    'RSSMRA.80A01.H501U': PERSON, 'RSSMRA/80A01/H501U': PERSON, 'R S S M R A 8 0 A 0 1 H 5 0 1 U': PERSON,
    '12.485.671.007': COMPANY, '(IT) 12485671007': COMPANY, 'IT/12485671007': COMPANY, 'I.T. 12485671007': COMPANY,
    'C.F.RSSMRA80A01H501U': PERSON, 'C.F. n. RSSMRA80A01H501U': PERSON, 'C.Fisc. RSSMRA80A01H501U': PERSON,
    'Codice fiscale n° RSSMRA80A01H501U': PERSON, 'CF=RSSMRA80A01H501U': PERSON, '• RSSMRA80A01H501U': PERSON,
    'RSSMRA80A01H501U C.F.': PERSON, 'ITRSSMRA80A01H501U': PERSON, 'codice fiscale personale: RSSMRA80A01H501U': PERSON,
    'P.IVA12485671007': COMPANY, 'PI 12485671007': COMPANY, 'P.I.V.A. 12485671007': COMPANY,
    'IVA: 12485671007': COMPANY,
    'Partita I.V.A. n. 12485671007': COMPANY, 'Part. IVA 12485671007': COMPANY, 'VAT no. IT12485671007': COMPANY,
    'C.F., P.IVA e Registro Imprese: 12485671007': COMPANY, '12485671007 (C.F. e P.IVA)': COMPANY,
    'Codice fiscale e n. iscrizione 12485671007': COMPANY, 'C.F. = P.IVA 12485671007': COMPANY,
    'CF 12485671007 PI 12485671007': COMPANY, '12485671007.0': COMPANY, '12485671007,00': COMPANY,
    '="12485671007"': COMPANY,
    '12485671007 / IT12485671007': COMPANY, 'C.F. 12485671007 P.IVA 12485671007': COMPANY,
}
SEVERAL_CODES = {
    '12485671007 / RSSMRA80A01H501U': [COMPANY, PERSON], 'RSSMRA80A01H501U, 12485671007': [PERSON, COMPANY],
    '12485671007;00743110157': [COMPANY, OTHER],
    'C.F. RSSMRA80A01H501U - P.IVA 12485671007': [PERSON, COMPANY],
    'CF: RSSMRA80A01H501U P.IVA: IT12485671007': [PERSON, COMPANY], '12485671007\n00743110157': [COMPANY, OTHER],
    'RSSMRA80A01H501U e 12485671007': [PERSON, COMPANY], '12485671007 o 00743110157': [COMPANY, OTHER],
    'RSSMRA80A01H501U oppure 12485671007': [PERSON, COMPANY], 'CF RSSMRA80A01H501U PI 12485671007': [PERSON, COMPANY],
    'RSS MRA 80A01 H501U - 124 856 71007': [PERSON, COMPANY], 'IT 12485671007 / IT 00743110157': [COMPANY, OTHER],
    '12485671007 & 00743110157': [COMPANY, OTHER], '12485671007 = 00743110157': [COMPANY, OTHER],
    'RSSMRA80A01H501U (12485671007)': [PERSON, COMPANY], '12485671007|RSSMRA80A01H501U': [COMPANY, PERSON],
}
NO_CODES = [
    'Rossi Mario RSSMRA80A01H501U', 'RSSMRA80A01H501U/A', '12485671007/1', 'DE123456789', 'n. 1 12485671007',
    'C.F. del commercialista 12485671007', '1248567100700743110157',
    '1248567100', '124856710071', 'RSSMRA80A01H501', 'RSSMRA80A01H501UU', 'C.F.', 'Mario Rossi', '12485671007 Roma',
    'IT1248567100', '٣٤٠١٢٣٤٥١٨٣', 'РSSMRA80A01H501U', 'ſ' * 16,
]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCleaning(BaseCase):
    """One cleaning for all texts, before they are judged, compared and kept."""

    def test_what_nobody_sees(self):
        for code in FORMAT:
            sign = chr(code)
            with self.subTest(sign=hex(code)):
                self.assertEqual(cleaning.clean(f'{sign}Ro{sign}ma{sign}'), 'Roma')
                self.assertEqual(italian_form.normalize_text(f'Ro{sign}ma'), 'Roma')
                self.assertEqual(italian_form.normalize_province(f'{sign}rm'), 'RM')
                self.assertEqual(pec_address.normalize(f'Alfa{sign}@pec{sign}.it{sign}'), 'alfa@pec.it')
                self.assertEqual(phone.normalize(f'{sign}340{sign}1234518'), '3401234518')
                self.assertEqual(omocodia.normalize(f'12485{sign}671007'), COMPANY)
                self.assertTrue(omocodia.same(f'RSSMRA{sign}80A01H501U', PERSON))
                self.assertEqual(fold(f'al{sign}fa@pec.it'), fold('alfa@pec.it'))
                self.assertEqual(cleaning.clean(sign), '')

    def test_what_looks_like_a_plain_sign(self):
        for signs, plain in ((SPACES, ' '), (DASHES, '-'), (APOSTROPHES, "'")):
            for code in signs:
                with self.subTest(sign=hex(code)):
                    self.assertEqual(cleaning.clean(f'a{chr(code)}b'), f'a{plain}b')
                    self.assertEqual(italian_form.normalize_text(f'Sant{chr(code)}Angelo'), f'Sant{plain}Angelo')
                    self.assertEqual(italian_form.judge_municipality(f'Sant{chr(code)}Angelo'), 'fine')
        for code in (*SPACES, *DASHES):
            with self.subTest(sign=hex(code)):
                self.assertEqual(phone.normalize(f'+39{chr(code)}340{chr(code)}1234518'), '3401234518')
                self.assertEqual(omocodia.normalize(f'12485{chr(code)}671007'), COMPANY)
        for code in range(0x21, 0x7f):
            self.assertEqual(cleaning.clean(chr(code + 0xfee0)), chr(code))

    def test_texts(self):
        for text, expected in {
            'Roma': 'Roma', ' Roma\t\n': 'Roma', 'De  Rossi': 'De Rossi', 'Perù – L’Aquila': "Perù - L'Aquila",
            'Forli\u0300': 'Forli\u0300', 'Società “Alfa” S.r.l.': 'Società “Alfa” S.r.l.', 'a\ud800b': 'a?b',
            'Łódź': 'Łódź', 'Рим': 'Рим', '王': '王', '': '', None: '', False: '', 12: '', b'a': '',
        }.items():
            with self.subTest(text=ascii(text)):
                self.assertEqual(cleaning.clean(text), expected)
                self.assertEqual(cleaning.clean(expected), expected)
        self.assertEqual(cleaning.clean_lines(' a\u200b  b \n\xa0c\r\nd\u2019e'), "a b\nc\nd'e")

    def test_names(self):
        """Names in a spreadsheet are the same whatever their capitals and spaces."""
        for name, other in (
            ("Falegnameria Prova S.r.l.", "FALEGNAMERIA PROVA S.R.L."), ("Alfa  S.r.l.", "alfa s.r.l. "),
            ("Alfa S.r.l.", "Alfa S. r. l."), ("L’Aquila Viaggi", "l'aquila\xa0viaggi"),
            ("Forlì S.p.A.", "FORLI\u0300 s.p.a."),
            ("Città d`Arte", "CITTÀ D’ARTE"), ("Alfa – Beta", "alfa-beta"), ("Straße", "STRASSE"),
            ("Al\u200bfa", "alfa"),
            ("Ｒｏｍａ", "roma"), ("Рим", "РИМ"),
        ):
            with self.subTest(name=name):
                self.assertEqual(cleaning.fold_name(name), cleaning.fold_name(other))
        for name, other in (
                ("Alfa", "Alfà"), ("Alfa", "Alfa 2"), ("Alfa S.r.l.", "Alfa S.p.A."), ("Rossi", "Rosso"), ("", "x")):
            with self.subTest(name=name):
                self.assertNotEqual(cleaning.fold_name(name), cleaning.fold_name(other))

    def test_name_keys(self):
        """The key that the database computes of a name is among those of each way of writing it."""
        for name, written in (
            ("Falegnameria Prova S.r.l.", "FALEGNAMERIA  prova s.r.l."), ("Forlì S.p.A.", "forli\u0300 S.P.A."),
            ("L’Aquila", "l'aquila"), ("Alfa – Beta", "ALFA-BETA"), ("Al\u200bfa", "ALFA"), ("Müller", "MÜLLER"),
        ):
            for kept in (name, unicodedata.normalize('NFD', name), unicodedata.normalize('NFC', name)):
                key = ''.join(sign for sign in kept.lower() if sign.isascii() and sign.isalnum())
                with self.subTest(name=kept):
                    self.assertIn(key, cleaning.name_keys(written))
        self.assertEqual(cleaning.name_keys("Рим"), set())

    def test_words(self):
        for text in ("Nicolò D’Amico", "NICOLO' D'AMICO", "nicolo\u0300  d\u2019amico\u200b", "Nicolò D`Amico"):
            self.assertEqual(cleaning.fold_words(text), ['nicolo', 'damico'])

    def test_codes(self):
        for written, code in CODES.items():
            with self.subTest(written=ascii(written)):
                self.assertEqual(omocodia.normalize(written), code)
                self.assertEqual(fiscal_code.judge_company(written), 'code_valid')
                self.assertEqual(omocodia.find_all(written), [code])
                self.assertTrue(omocodia.same(written, code))

    def test_several_codes(self):
        for written, codes in SEVERAL_CODES.items():
            with self.subTest(written=written):
                self.assertEqual(fiscal_code.judge_person(written), 'code_several')
                self.assertEqual(omocodia.find_all(written), codes)

    def test_no_codes(self):
        for written in NO_CODES:
            with self.subTest(written=written):
                self.assertEqual(fiscal_code.judge_company(written), 'code_form')
                self.assertEqual(omocodia.find_all(written), [])

    def test_odd_values(self):
        for value in ODD_VALUES:
            with self.subTest(value=ascii(value)[:40]):
                cleaned = cleaning.clean(value)
                self.assertEqual(cleaning.clean(cleaned), cleaned)
                for function in (
                        cleaning.clean_lines, cleaning.fold_name, omocodia.normalize, pec_address.normalize):
                    once = function(value)
                    self.assertIsInstance(once, str)
                    self.assertEqual(function(once), once)
                self.assertIsInstance(cleaning.fold_words(value), list)
                self.assertIsInstance(cleaning.name_keys(value), set)
                self.assertEqual(omocodia.find_all(value), [])

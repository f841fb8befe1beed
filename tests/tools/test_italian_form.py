from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form

from ..odd_values import ODD_VALUES

PROVINCES = ('AG', 'AO', 'BZ', 'MI', 'NA', 'RM', 'SU', 'TO')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestItalianForm(BaseCase):

    def test_texts(self):
        for text, expected in {
            'Roma': 'Roma', 'roma': 'roma', 'ROMA': 'ROMA', ' Roma ': 'Roma',
            'Reggio  nell\'Emilia': "Reggio nell'Emilia", 'San\nRemo': 'San Remo', 'Forlì': 'Forlì',
            'Forli\u0300': 'Forlì', 'Forlì-Cesena': 'Forlì-Cesena', 'Bozen/Bolzano': 'Bozen/Bolzano',
            'De\xa0Rossi': 'De Rossi', "L'Aquila": "L'Aquila", 'L’Aquila': "L'Aquila",
            'Müller & C. S.n.c.': 'Müller & C. S.n.c.', 'Ｒｏｍａ': 'Roma', 'Reggio nell`Emilia': "Reggio nell'Emilia",
            'Forlì–Cesena': 'Forlì-Cesena', 'Ro\u00adma\u200b': 'Roma', 'Рома': 'Рома', '\t \r\n': '', '': '', None: '',
            False: '', 12: '',
        }.items():
            with self.subTest(text=text):
                self.assertEqual(italian_form.normalize_text(text), expected)

    def test_provinces(self):
        for province, expected, reason in [
            ('RM', 'RM', 'province_known'), ('rm', 'RM', 'province_known'), (' Rm ', 'RM', 'province_known'),
            ('mi\n', 'MI', 'province_known'), ('su', 'SU', 'province_known'), ('EE', 'EE', 'province_unknown'),
            ('zz', 'ZZ', 'province_unknown'), ('IT', 'IT', 'province_unknown'), ('Roma', 'ROMA', 'province_form'),
            ('R', 'R', 'province_form'), ('RMA', 'RMA', 'province_form'), ('R1', 'R1', 'province_form'),
            ('R M', 'R M', 'province_form'), ('R.', 'R.', 'province_form'), ('(RM)', '(RM)', 'province_form'),
            ('12', '12', 'province_form'), ('ß', 'ß', 'province_form'), ('ſu', 'ſu', 'province_form'),
            ('ＲＭ', 'RM', 'province_known'), ('R\u200bM', 'RM', 'province_known'),
            ('РМ', 'РМ', 'province_form'), ('ﬁ', 'ﬁ', 'province_form'),
            ('', '', 'missing'), (' ', '', 'missing'), (None, '', 'missing'), (False, '', 'missing'),
        ]:
            with self.subTest(province=province):
                self.assertEqual(italian_form.normalize_province(province), expected)
                self.assertEqual(italian_form.judge_province(province, PROVINCES), reason)

    def test_municipalities(self):
        for name in (
            'Roma', 'roma', 'ROMA', "L'Aquila", 'L’Aquila', "Sant'Agata de' Goti", 'Reggio nell`Emilia', 'Forlì',
            'Forli\u0300', "Forli'", 'Corigliano-Rossano', 'Bolzano/Bozen', 'Bolzano - Bozen', 'S. Agata', 'Ne', 'Re',
            'Ro', 'Vo', 'Lʼ Aquila', 'L´Aquila', 'L′Aquila', 'Corigliano–Rossano', 'Corigliano—Rossano',
            'Puos d’Alpago', ' Roma ', 'Châtillon', 'San Dorligo della Valle-Dolina', 'Sèn Jan di Fassa',
        ):
            with self.subTest(name=name):
                self.assertEqual(italian_form.judge_municipality(name), 'fine')
        for name in (
            '00100 Roma', 'Roma (RM)', 'Roma, RM', 'Roma 1', 'R', "'", '-', '.Roma', 'roma@pec.it', 'Roma;', '1',
            'Rom\u0430 1', '<b>Roma',
        ):
            with self.subTest(name=name):
                self.assertEqual(italian_form.judge_municipality(name), 'municipality_form')
        for name in ('', ' ', None, False):
            self.assertEqual(italian_form.judge_municipality(name), 'missing')

    def test_odd_values(self):
        for value in ODD_VALUES:
            with self.subTest(value=str(value)[:40].encode('ascii', 'backslashreplace')):
                self.assertIsInstance(italian_form.normalize_text(value), str)
                self.assertIn(italian_form.judge_municipality(value), ('fine', 'municipality_form', 'missing'))
                self.assertIn(
                    italian_form.judge_province(value, PROVINCES), ('missing', 'province_form', 'province_unknown'))

"""Offices from a spreadsheet: Odoo's own import, by tax code."""
import datetime
import io

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from ..common_register import RegisterCase

COLUMNS = ('partner_id', 'person_id', 'role', 'since', 'until', 'registered_on', 'pec_email')
XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
COMPANY, PERSON = '00743110157', 'BNCNNA85T50F205O'
ROW = (COMPANY, PERSON, "Amministratore unico", '2024-05-06', '2027-04-30', '2024-05-13', 'anna@legalmail.it')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOfficeImport(RegisterCase):

    def setUp(self):
        super().setUp()
        partners = self.env['res.partner']
        alike = partners._openapi_pec_find(['12485671007', COMPANY, PERSON, 'RSSMRA80A01H501U'])
        (partners.union(*alike.values()) - self.partner - self.representative).active = False  # of the demo data
        self.second = partners.create({'name': "Seconda S.p.A.", 'is_company': True, 'vat': 'IT00743110157'})
        self.person = partners.create({'name': "Anna Bianchi", 'l10n_it_codice_fiscale': PERSON})
        self.offices = self.env['openapi_pec.office'].with_user(self.user)

    def load(self, *rows, columns=COLUMNS):
        """Load rows; return the offices and the sentences about rows."""
        result = self.offices.load(list(columns), [list(row) for row in rows])
        return self.offices.browse(result['ids'] or ()), [message['message'] for message in result['messages']]

    def row(self, **cells):
        return [cells.get(name, cell) for name, cell in zip(COLUMNS, ROW, strict=True)]

    def assert_refused(self, sentence, *rows, row=0):
        before = self.offices.search([])
        result = self.offices.load(list(COLUMNS), [list(cells) for cells in rows])
        self.assertFalse(result['ids'])
        self.assertEqual(self.offices.search([]), before)
        self.assertEqual([message['rows'] for message in result['messages']], [{'from': row, 'to': row}])
        self.assertRegex(result['messages'][0]['message'], sentence)

    # ------------------------------------------------------------ what it makes

    def test_a_row_becomes_an_office(self):
        offices, messages = self.load(ROW)
        self.assertFalse(messages)
        self.assertEqual(
            (offices.partner_id, offices.person_id, offices.role, offices.source),
            (self.second, self.person, 'AUN', 'spreadsheet'))
        self.assertEqual([str(offices[name]) for name in ('since', 'until', 'registered_on')], [
            '2024-05-06', '2027-04-30', '2024-05-13'])
        self.assertEqual(offices.pec_email_normalized, 'anna@legalmail.it')

    def test_the_line_follows(self):
        self.second._openapi_pec_follow()
        self.assertEqual(self.stands('administrator', self.second)[1], 'office_unknown')
        self.load(ROW)
        self.assertEqual(self.stands('administrator', self.second)[1], 'not_proved')

    def test_the_office_by_code_or_name(self):
        for written, code in (
                ('AUN', 'AUN'), ('aun', 'AUN'), ("AMMINISTRATORE UNICO", 'AUN'), ("Amministratore unico (AUN)", 'AUN'),
                ("Presidente del C.d.A.", 'PCA'), ("Consigliere delegato", 'COD'), ("Liquidatore", 'liquidator'),
                ('xyz', 'XYZ')):
            with self.subTest(written=written):
                offices, messages = self.load(self.row(role=written))
                self.assertEqual((offices.role, messages), (code, []))

    def test_ways_of_writing_codes_and_days(self):
        offices, messages = self.load([743110157, ' bncnna85t50f205o', 'AUN', '06/05/2024', '', '', ''])
        self.assertEqual((offices.partner_id, offices.person_id, messages), (self.second, self.person, []))
        self.assertEqual((str(offices.since), offices.until), ('2024-05-06', False))
        self.assertFalse(offices.pec_email)

    def test_one_person_with_several_contacts_is_one(self):
        other = self.env['res.partner'].create({
            'name': "Bianchi Anna", 'l10n_it_codice_fiscale': PERSON, 'parent_id': self.second.id})
        offices, messages = self.load(ROW)
        self.assertEqual((offices.person_id, messages), (other, []), "her contact at the company")
        other.active = False
        self.assertEqual(self.load(ROW)[0], offices, "known again by the tax code")

    # ------------------------------------------------------------ once more

    def test_the_same_file_changes_nothing_twice(self):
        rows = [ROW, self.row(role='COD', since='2025-01-01', until=''), self.row(role='PCA', since='')]
        first, messages = self.load(*rows)
        self.assertEqual((len(first), messages), (3, []))
        kept = first.read(['write_date', *COLUMNS])
        self.env.flush_all()
        again, messages = self.load(*rows)
        self.assertEqual((again, messages), (first, []))
        self.env.flush_all()
        self.assertEqual(first.read(['write_date', *COLUMNS]), kept)

    def test_a_row_that_stands_there_twice(self):
        offices, messages = self.load(ROW, ROW)
        self.assertEqual((len(offices), messages), (1, []))
        self.assert_refused("Row 3 is about the same office, and differs", ROW, self.row(
            role='COD', until=''), self.row(role='COD', until='2028-01-01'), row=2)

    def test_what_is_empty_is_filled_in(self):
        office = self.create_office(self.second, self.person, since=False)
        offices, messages = self.load(ROW)
        self.assertEqual((offices, messages), (office, []))
        self.assertEqual((str(office.since), str(office.until), office.source), ('2024-05-06', '2027-04-30', 'typed'))

    def test_nothing_is_overwritten(self):
        office = self.load(ROW)[0]
        self.assert_refused("Until: the office is here already, with 04/30/2027, and the file has 04/30/2028. Nothing",
                            self.row(until='2028-04-30'))
        self.assert_refused("PEC: .* with anna@legalmail.it", self.row(pec_email='altra@legalmail.it'))
        self.assertEqual(str(office.until), '2027-04-30')

    def test_a_new_term_is_a_new_office(self):
        first = self.load(ROW)[0]
        second = self.load(self.row(since='2027-05-01', until='2030-04-30'))[0]
        self.assertNotEqual(first, second)

    # ------------------------------------------------------------ bad rows

    def test_bad_rows(self):
        for cells, sentence in (
                ({'partner_id': '07432261001'}, "About: there is no such contact"),
                ({'partner_id': ''}, "About is missing"),
                ({'person_id': 'VRDLCU75L01H501L'}, "Person: there is no such contact"),
                ({'person_id': ''}, "Person is missing"),
                ({'role': ''}, "Code of the Office is missing: write the code"),
                ({'role': "Capo di tutto"}, "\"Capo di tutto\" is the name of no office.*Amministratore unico"),
                ({'since': '2024-13-45'}, "From: this is no day"),
                ({'since': '2027-05-01'}, "A term cannot end before it starts"),
                ({'pec_email': 'anna at legalmail'}, "PEC: this is no address"),
                ({'role': 'x' * 5000}, "more than")):
            with self.subTest(cells=cells):
                self.assert_refused(sentence, self.row(role='COD'), self.row(**cells), row=1)

    def test_columns_that_are_missing(self):
        for column in ('partner_id', 'person_id', 'role'):
            names = [name for name in COLUMNS if name != column]
            offices, messages = self.load(['x'] * len(names), columns=names)
            self.assertFalse(offices)
            self.assertRegex(messages[0], "There is no column for")

    def test_hostile_rows(self):
        for data in (None, [None], [[]], [[['x']] * 7], [[{}] * 7], [['=1+1'] * 7]):
            with self.subTest(data=data):
                result = self.offices.load(list(COLUMNS), data)
                self.assertFalse(result['ids'])

    def test_by_ids_odoo_imports(self):
        office = self.load(ROW)[0]
        result = self.offices.load(['.id', 'until'], [[str(office.id), '2029-01-01']])
        self.assertEqual((result['ids'], str(office.until)), (office.ids, '2029-01-01'))

    # ------------------------------------------------------------ rights, sets, the file to be filled in

    def test_who_may(self):
        stranger = new_test_user(self.env, 'pec_no_office', 'base.group_user')
        with self.assertRaises(AccessError):
            self.offices.with_user(stranger).load(list(COLUMNS), [list(ROW)])
        self.second.company_id = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.assert_refused("About: there is no such contact", ROW)

    def test_queries_do_not_grow(self):
        people = self.env['res.partner'].create([
            {'name': f"Persona {number}", 'l10n_it_codice_fiscale': self.person_code(number)} for number in range(200)])
        rows = [(COMPANY, person.l10n_it_codice_fiscale, 'COD', '2024-05-06', '', '', '') for person in people]
        counts = []
        for some in (rows[:10], rows[:10], rows[10:20], rows[20:], rows):  # the first one fills caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            offices, messages = self.load(*some)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual((len(offices), messages), (len(some), []))
        self.assertLessEqual(counts[4], counts[1] + 2, f"the same file: {counts}")
        self.assertLessEqual(counts[3], counts[2] + 5, f"new offices: {counts}")

    @staticmethod
    def person_code(number):
        """Return a valid tax code of a man who was born in Rome."""
        from stdnum.it import codicefiscale  # noqa: PLC0415
        letters = 'BCDFGHLMNP'
        name = ''.join(letters[int(digit)] for digit in f'{number:03}')
        code = f'RSS{name}80A01H501'
        return code + codicefiscale.calc_check_digit(code)

    def test_the_file_to_be_filled_in(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['l10n_it_openapi_pec'], ['it_IT'])
        for lang in ('en_US', 'it_IT'):
            with self.subTest(lang=lang):
                [template] = self.offices.with_context(lang=lang).get_import_templates()
                with file_open(template['template'].lstrip('/'), 'rb') as file:
                    content = file.read()
                result = self.import_file(content, lang, ['partner_id', 'person_id', 'role_choice', 'since', 'until',
                                                          'registered_on', 'pec_email'])
                self.assertEqual((result['messages'], result['ids']), ([], self.office.ids), "it is here already")
        self.assertEqual(str(self.office.registered_on), '2024-05-13')

    def test_a_file_of_one_s_own(self):
        book = openpyxl.Workbook()
        book.active.append(["About", "Person", "Office", "From"])
        book.active.append([743110157, PERSON, "Presidente CdA", datetime.date(2025, 2, 3)])
        content = io.BytesIO()
        book.save(content)
        result = self.import_file(
            content.getvalue(), 'en_US', ['partner_id', 'person_id', 'role_choice', 'since'])
        office = self.offices.browse(result['ids'])
        self.assertEqual(
            (office.partner_id, office.role, str(office.since)), (self.second, 'PCA', '2025-02-03'))

    def import_file(self, content, lang, expected):
        """Import an XLSX as a user does, whose columns are matched by themselves."""
        wizard = self.env['base_import.import'].with_user(self.user).with_context(lang=lang).create({
            'res_model': 'openapi_pec.office', 'file': content, 'file_name': 'x.xlsx', 'file_type': XLSX})
        options = {'has_headers': True, 'date_format': '', 'datetime_format': ''}
        preview = wizard.parse_preview(options)
        self.assertNotIn('error', preview)
        matched = [preview['matches'].get(index, [None])[0] for index in range(len(preview['headers']))]
        self.assertEqual(matched, expected)
        return wizard.execute_import(matched, preview['headers'], preview['options'])

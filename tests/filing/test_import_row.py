import csv
import io

import openpyxl

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.l10n_it_openapi_pec import const

from ..common import PecCase
from ..odd_values import ODD_VALUES

MODEL = 'openapi_pec.import_row'
XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
PERSON_CODE = 'BNCNNA85T50F205O'
QUERIES = 60  # that rows may cost beside what is written, so many at a time


TABLES = (range(10), range(10, 20), range(20, 220))  # numbers of rows that are loaded together


class ImportRowCase(PecCase):
    """A spreadsheet whose rows become contacts, filings and a multiple filing."""

    def setUp(self):
        super().setUp()
        self.code = self.partner.l10n_it_codice_fiscale = self.code_of(7000)  # not that of the demo data's company
        self.rows = self.env[MODEL].with_user(self.user)
        self.env.user.lang = 'en_US'

    def row(self, number=0, **cells):
        """Return the cells of a row about a company that does not exist, in the order of the columns."""
        values = {
            'company_name': f"Nuova {number} S.r.l.", 'company_fiscal_code': self.code_of(5000 + number),
            'city': "Milano", 'province': "MI", 'pec_email': f'nuova{number}@legalmail.it', 'kind': '',
            'person_name': "Anna Bianchi", 'fiscal_code': PERSON_CODE, 'email': 'anna@example.com',
            'mobile': '3281234567', 'administrator_pec': '', **cells}
        return [values[name] for name in const.import_row.CELLS]

    def load(self, *rows):
        result = self.rows.load(list(const.import_row.CELLS), [list(row) for row in rows])
        self.assertFalse(result['messages'])
        return self.rows.browse(result['ids'])

    def count(self, function):
        """Return how many queries a function makes, and what it returns."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, result

    def apply(self, rows):
        """Apply rows, and return the multiple filing that opens."""
        action = rows.action_apply()['params']['next']
        return self.env['openapi_pec.batch'].browse(action['context']['openapi_pec_batch_id'])

    def say_prepared(self, batch):
        """Return what a row does whose filing is in a multiple filing already."""
        return f"Prepared already, in multiple filing {batch.name}: Company's PEC"


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestImportRow(ImportRowCase):

    def test_a_new_company(self):
        before = self.env['res.partner'].search_count([])
        [row] = rows = self.load(self.row(administrator_pec='anna@legalmail.it'))
        self.assertEqual(self.env['res.partner'].search_count([]), before, "nothing is made before")
        self.assertEqual((row.level, row.findings, row.differences), ('fine', False, False))
        self.assertEqual(row.effects.splitlines(), [
            "New company", "New person", "New filing: Company's PEC", "New filing: Administrator's PEC"])
        batch = self.apply(rows)
        filings = batch.communication_ids.sorted('kind')
        self.assertEqual(filings.mapped('kind'), ['administrator', 'company'])
        self.assertEqual(filings.mapped('findings_level'), ['fine', 'fine'])
        company, person = filings.partner_id, filings.representative_id
        self.assertRecordValues(company, [{
            'name': "Nuova 0 S.r.l.", 'is_company': True, 'city': "Milano", 'openapi_pec_email': 'nuova0@legalmail.it',
            'state_id': self.env.ref('base.state_it_mi').id, 'country_id': self.env.ref('base.it').id,
            'l10n_it_codice_fiscale': self.code_of(5000)}])
        self.assertRecordValues(person, [{
            'name': "Anna Bianchi", 'is_company': False, 'type': 'contact', 'parent_id': company.id,
            'l10n_it_codice_fiscale': PERSON_CODE, 'email': 'anna@example.com', 'phone': '3281234567',
            'openapi_pec_email': 'anna@legalmail.it', 'commercial_partner_id': company.id}])
        self.assertEqual(filings.mapped('province'), ['MI', 'MI'])
        self.assertEqual(row.state, 'applied')
        with self.assertRaisesRegex(UserError, "Nothing was made"):
            rows.action_apply()

    def test_what_exists_is_left_filled_in_or_shown(self):
        self.partner.city = False
        self.representative.phone = False
        cells = {
            'company_name': "FALEGNAMERIA PROVA S.R.L.", 'company_fiscal_code': f'IT {self.code}', 'city': "Roma",
            'province': "Roma", 'pec_email': 'PROVA@legalmail.it', 'person_name': "Rossi Mario",
            'fiscal_code': 'rssmra80a01h501u', 'email': 'mario.r@example.com', 'mobile': '+39 340 1234518'}
        [row] = rows = self.load(self.row(**cells))
        self.assertEqual((row.partner_id, row.representative_id), (self.partner, self.representative))
        self.assertEqual(row.effects.splitlines()[:2], [
            "Falegnameria Prova S.r.l. gets: Municipality", "Falegnameria Prova S.r.l., Mario Rossi gets: Mobile"])
        self.assertEqual(
            row.differences, "Email: mario.r@example.com in the spreadsheet, mario@example.com on the contact")
        batch = self.apply(rows)
        self.assertEqual(self.partner.city, "Roma")
        self.assertEqual(self.representative.phone, '3401234518')
        self.assertEqual(self.representative.email, 'mario@example.com', "nothing is overwritten silently")
        self.assertEqual(batch.communication_ids.email, 'mario@example.com')

    def test_names_kept_apart(self):
        """The preview judges the names that the filing will have."""
        self.patch(const.service, 'NAME_FIELDS', ('ref', 'function'))  # surname and name, as another addon has them
        self.representative.write({
            'name': "Anna De Rossi Maria", 'ref': "De Rossi Maria", 'function': "Anna",
            'l10n_it_codice_fiscale': False})
        [row] = self.load(self.row(
            company_name='', company_fiscal_code=self.code, person_name='', fiscal_code='', email='', mobile=''))
        values = row._get_filing_values(row._get_plans()[row], 'company')
        self.assertEqual((values['last_name'], values['first_name']), ("De Rossi Maria", "Anna"))

    def test_overwritten_when_ticked(self):
        [row] = rows = self.load(self.row(
            company_name="Falegnameria Prova S.r.l.", company_fiscal_code=self.code, person_name='',
            fiscal_code='', email='', mobile='', city='', province='', pec_email='altra@legalmail.it'))
        self.assertTrue(row.differences)
        row.takes_over = True
        self.assertFalse(row.differences)
        self.assertIn("gets: Company's PEC", row.effects)
        batch = self.apply(rows)
        self.assertEqual(self.partner.openapi_pec_email, 'altra@legalmail.it')
        self.assertEqual(batch.communication_ids.representative_id, self.representative, "who is proposed")

    def test_overwritten_is_what_was_seen(self):
        """What somebody has changed after the preview is not overwritten before it was shown."""
        [row] = rows = self.load(self.row(
            company_name="Falegnameria Prova S.r.l.", company_fiscal_code=self.code, person_name='',
            fiscal_code='', email='', mobile='', city='', province='', pec_email='altra@legalmail.it'))
        row.takes_over = True
        self.partner.openapi_pec_email = 'nuovissima@legalmail.it'
        self.assertIn("something else by now", rows.action_apply()['params']['message'])
        self.assertEqual((self.partner.openapi_pec_email, row.state), ('nuovissima@legalmail.it', 'new'))
        self.apply(rows)
        self.assertEqual(self.partner.openapi_pec_email, 'altra@legalmail.it')

    def test_what_is_prepared_is_not_made_twice(self):
        draft = self.create_filing()
        [row] = rows = self.load(self.row(
            company_name='', company_fiscal_code=self.code, person_name='', fiscal_code='', email='', mobile='',
            city='', province='', pec_email=''))
        self.assertEqual(row.effects, "Prepared already: Company's PEC")
        self.assertEqual(self.apply(rows).communication_ids, draft)

    def test_what_is_under_way_is_not_asked_for_again(self):
        """Whatever its PEC is: who uploads all of his clients once more pays for none of them twice."""
        self.create_filing(pec_email='vecchia@legalmail.it', state='code_requested', environment='sandbox')
        [row] = rows = self.load(self.row(
            company_name='', company_fiscal_code=self.code, person_name='', fiscal_code='', email='', mobile='',
            city='', province='', pec_email=''))
        self.assertEqual(row.level, 'error')
        self.assertIn("is under way already", row.findings)
        with self.assertRaisesRegex(UserError, "Nothing was made"):
            rows.action_apply()
        row.kind = 'both'
        self.assertNotEqual(row.level, 'error')
        self.assertEqual(row.effects.splitlines(), [
            "New filing: Administrator's PEC", "Under way already: Company's PEC"])
        self.assertEqual(self.apply(rows).communication_ids.mapped('kind'), ['administrator'])

    def test_who_pays(self):
        """A draft that another company pays for is not taken for one's own, nor is a contact of that company."""
        elsewhere = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.user.company_ids = [Command.link(elsewhere.id)]
        self.rows = self.rows.with_context(allowed_company_ids=[self.company.id, elsewhere.id])
        draft = self.create_filing(company_id=elsewhere.id, user_id=self.user.id)
        [theirs] = self.create_companies(1)
        theirs.company_id = elsewhere
        rows = self.load(
            self.row(company_name='', company_fiscal_code=self.code, person_name='', fiscal_code='', email='',
                     mobile='', city='', province='', pec_email=''),
            self.row(1, company_fiscal_code=theirs.l10n_it_codice_fiscale)).sorted('id')
        self.assertEqual(rows[0].effects, "New filing: Company's PEC")
        self.assertEqual((rows[0].partner_id, rows[1].partner_id), (self.partner, self.env['res.partner']))
        batch = self.apply(rows)
        self.assertEqual((batch.company_id, len(batch.communication_ids)), (self.company, 2))
        self.assertFalse(draft.batch_id)

    def test_several_rows_of_one_company(self):
        rows = self.load(
            self.row(kind="Both", administrator_pec='anna@legalmail.it'),
            self.row(kind="Both", person_name="Mario Rossi", fiscal_code='RSSMRA80A01H501U', mobile='3401234518',
                     email='mario@example.com', administrator_pec='mario.r@legalmail.it'))
        self.assertEqual(set(rows.mapped('level')), {'fine'})
        filings = self.apply(rows).communication_ids
        self.assertEqual(sorted(filings.mapped('kind')), ['administrator', 'administrator', 'company'])
        self.assertEqual((len(filings.partner_id), len(filings.partner_id.child_ids)), (1, 2))

    def test_rows_that_disagree_or_repeat(self):
        rows = self.load(
            self.row(), self.row(city="Roma", province="RM"), self.row(1), self.row(1), self.row(2))
        self.assertEqual(
            rows.sorted('id').mapped('level'), ['fine', 'error', 'fine', 'error', 'fine'])
        by_id = rows.sorted('id')
        self.assertIn("Municipality differs from that of another row", by_id[1].findings)
        self.assertIn("Another row asks for the same filing (Row 4: Nuova 1 S.r.l.)", by_id[3].findings)
        by_id[0].unlink()
        self.assertEqual(by_id[1].level, 'fine')
        by_id[3].write(dict(zip(const.import_row.CELLS, self.row(3), strict=True)) | {'kind': False})
        self.assertEqual(by_id[3].level, 'fine')

    def test_the_same_file_twice(self):
        first, again = self.load(self.row()), self.load(self.row())
        self.assertEqual((first.level, again.level), ('fine', 'error'))
        batch = self.apply(first)
        again.action_check()
        self.assertEqual((again.level, again.effects), ('fine', self.say_prepared(batch)))

    def test_a_fault_stops_no_other_row(self):
        rows = self.load(
            self.row(), self.row(1, company_fiscal_code='12485671008'), self.row(2, fiscal_code='RSSMRA80A01H501X'),
            self.row(3, kind="Boss"), self.row(4, company_name='=HYPERLINK("http://x")'), self.row(5, city='x' * 30000),
            self.row(6, company_name='', company_fiscal_code=''), self.row(7, person_name=''),
            self.row(8, company_name=''), self.row(9, mobile='06 1234567')).sorted('id')
        self.assertEqual(rows.mapped('level'), ['fine', *['error'] * 8, 'warning'])
        for row, sentence in zip(rows[1:], (
                "Company Tax Code is not a valid tax code", "Representative's Tax Code is not a valid tax code",
                'Kind "Boss" is neither', "Company Name begins like a formula", "Municipality held too many characters",
                "The company is missing", "The representative's name is missing", "No contact has this tax code",
                "Mobile is the number of a landline"), strict=True):
            self.assertIn(sentence, row.findings)
        self.assertNotIn('RSSMRA80A01H501X', ' '.join(rows.mapped('findings')[1:]))
        batch = self.apply(rows)
        self.assertEqual(
            sorted(batch.communication_ids.partner_id.mapped('name')), ["Nuova 0 S.r.l.", "Nuova 9 S.r.l."])
        self.assertEqual(rows.mapped('state'), ['applied', *['new'] * 8, 'applied'])
        rows[3].kind = 'company'
        self.assertEqual((rows[3].level, rows[3].faults), ('fine', False))

    def test_ways_of_writing(self):
        rows = self.load(
            self.row(company_fiscal_code=f'P.IVA {self.code_of(5000)}', province='milano', kind="PEC dell'impresa"),
            self.row(1, kind="AMMINISTRATORE", administrator_pec=' PEC: Anna1@Legalmail.it ', pec_email=''),
            self.row(2, kind="entrambi", administrator_pec='anna2@legalmail.it', person_name="  Bianchi\u00a0Anna "),
            self.row(3, mobile="'+39 328 1234567", province="Zürich")).sorted('id')
        self.assertEqual(rows.mapped('kind'), ['company', 'administrator', 'both', False])
        filings = self.apply(rows).communication_ids
        self.assertEqual(len(filings), 5)
        self.assertEqual(set(filings.mapped('mobile')), {'3281234567'})
        self.assertEqual(filings.mapped('representative_id.state_id.code'), ['MI'])
        self.assertIn('anna1@legalmail.it', filings.mapped('pec_email'))
        self.assertEqual(set(filings.mapped('last_name')), {"Bianchi"})

    def test_leading_zeros_and_traders(self):
        second = self.env['res.partner'].create({
            'name': "Seconda S.p.A.", 'is_company': True, 'l10n_it_codice_fiscale': '00743110157'})
        rows = self.load(
            self.row(company_fiscal_code='743110157', company_name=''),
            self.row(1, company_name="Bar di Bianchi Anna", company_fiscal_code=PERSON_CODE, fiscal_code='')
        ).sorted('id')
        self.assertEqual(rows[0].partner_id, second)
        filings = self.apply(rows).communication_ids
        trader = filings.filtered(lambda filing: filing.partner_id != second)
        self.assertEqual((trader.qualification, trader.fiscal_code), ('TITOLARE', PERSON_CODE))
        self.assertTrue(trader.partner_id.is_company)
        self.assertFalse(trader.representative_id.is_company)

    def test_same_name_with_another_code(self):
        [row] = self.load(self.row(company_name="Falegnameria Prova S.r.l.", pec_email='prova@legalmail.it'))
        self.assertFalse(row.partner_id)
        self.assertEqual(row.level, 'warning')
        self.assertIn("A contact of this name has another tax code", row.findings)
        self.partner.l10n_it_codice_fiscale = False
        row.action_check()
        self.assertEqual(row.partner_id, self.partner)
        self.assertIn("gets: Company Tax Code", row.effects)

    def test_several_contacts(self):
        self.partner.copy({'name': "Copia", 'l10n_it_codice_fiscale': self.code})
        [row] = self.load(self.row(company_fiscal_code=self.code))
        self.assertEqual(row.level, 'error')
        self.assertIn("Several companies are meant", row.findings)

    def test_addresses_of_others(self):
        """What stands against the filings is found before they exist, also among the rows of one file."""
        rows = self.load(
            self.row(pec_email='prova@legalmail.it'), self.row(1, pec_email='due@legalmail.it'),
            self.row(2, pec_email='due@legalmail.it')).sorted('id')
        self.assertIn("is the PEC of Falegnameria Prova S.r.l. already", rows[0].findings)
        self.assertIn("is in another draft for somebody else", rows[1].findings)
        self.assertEqual(rows.mapped('level'), ['warning'] * 3)

    def test_odd_values(self):
        cells = [value if isinstance(value, str) else repr(value) for value in ODD_VALUES]
        rows = self.load(*(
            self.row(number, **{name: cell[:600]}) for number, (cell, name) in enumerate(
                (cell, name) for cell in cells for name in const.import_row.CELLS)))
        self.assertTrue(all(rows.mapped('effects')))
        rows.action_apply()

    def test_columns_and_size(self):
        for columns in (['company_name', 'state'], ['.id'], ['partner_id'], ['create_uid'], ['faults']):
            result = self.rows.load(columns, [['x'] * len(columns)])
            self.assertFalse(result['ids'])
            self.assertIn("none of a multiple filing", result['messages'][0]['message'])
        self.patch(const.import_row, 'MAX_ROWS', 2)
        result = self.rows.load(['company_name'], [['x']] * 3)
        self.assertIn("more than 2 rows", result['messages'][0]['message'])
        result = self.rows.load(['company_name'], [[''], [None]])
        self.assertIn("nothing in this file", result['messages'][0]['message'])
        for model, columns in ((MODEL, ['company_name']), ('openapi_pec.communication', ['pec_email', 'partner_id'])):
            model = self.env[model].with_user(self.user)
            for data in ([None, 1, {}, []], 'x', None):  # what no spreadsheet holds
                result = model.load(columns, data)
                self.assertFalse(result['ids'])
                self.assertTrue(result['messages'] or data in ('x', None))
        result = self.rows.with_context(_import_limit=1).load(['company_name'], [["Una"], ["Due"]])
        self.assertEqual((len(result['ids']), result['nextrow']), (1, 1))

    def test_rights(self):
        rows = self.load(self.row())
        other = new_test_user(self.env, 'pec_other', 'base.group_user,l10n_it_openapi_pec.group_user')
        for user, error in ((other, AccessError), (self.outsider, AccessError)):
            with self.assertRaises(error):
                rows.with_user(user).read(['company_name'])
            with self.assertRaises(error):
                rows.with_user(user).action_apply()
        self.assertFalse(self.env[MODEL].with_user(other).search([]))
        with self.assertRaises(AccessError):
            self.env[MODEL].with_user(self.outsider).load(['company_name'], [['x']])
        elsewhere = self.env['res.company'].create({'name': "Altra S.r.l."})
        with self.assertRaises(AccessError):
            rows.company_id = elsewhere
        self.user.company_ids = [Command.link(elsewhere.id)]
        self.assertFalse(self.env[MODEL].with_user(self.user).with_company(elsewhere).with_context(
            allowed_company_ids=elsewhere.ids).search([]))

    def test_a_contact_of_another_company_is_not_found(self):
        [company] = self.create_companies(1)
        [row] = self.load(self.row(company_fiscal_code=company.l10n_it_codice_fiscale))
        self.assertEqual(row.partner_id, company)
        company.company_id = self.env['res.company'].create({'name': "Altra S.r.l."})
        row.action_check()
        self.assertFalse(row.partner_id)

    def test_cleared_after_a_while(self):
        rows = self.load(self.row())
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_import_row SET write_date = now() - interval '2 days'")
        self.env[MODEL]._transient_vacuum()
        self.assertTrue(rows.exists())
        self.env.cr.execute("UPDATE openapi_pec_import_row SET write_date = now() - interval '8 days'")
        self.env[MODEL]._transient_vacuum()
        self.assertFalse(rows.exists())

    def test_all_that_the_list_shows(self):
        rows = self.load(self.row(), self.row(1), self.row(2)).sorted('id')
        batch = self.apply(self.rows.with_context(active_domain=[('id', 'in', rows[:2].ids)]))
        self.assertEqual((len(batch.communication_ids), rows[2].state), (2, 'new'))

    def test_exported_without_formulas(self):
        [row] = self.load(self.row(company_name='=1+1'))
        self.assertEqual(row._export_rows([['company_name']]), [["'=1+1"]])

    # ------------------------------------------------------------ Odoo's own import

    def execute_import(self, content, file_type, lang='en_US'):
        wizard = self.env['base_import.import'].with_user(self.user).with_context(lang=lang).create({
            'res_model': MODEL, 'file': content, 'file_name': 'x', 'file_type': file_type})
        options = {'has_headers': True, 'quoting': '"', 'separator': ',', 'encoding': 'utf-8'}
        preview = wizard.parse_preview(options)
        self.assertNotIn('error', preview)
        matched = [preview['matches'].get(index, [False])[0] for index in range(len(preview['headers']))]
        return matched, wizard.execute_import(matched, preview['headers'], options)

    def test_opened_from_its_own_list(self):
        """The button above the list sends which rows are selected, often none."""
        for ids in ([], self.rows.create({'company_name': "Alfa S.r.l."}).ids):
            action = call_kw(self.rows, 'action_open_import', [ids], {})
            self.assertEqual(action['params']['active_model'], 'openapi_pec.import_row')

    def test_templates(self):
        """The files to be filled in are matched by themselves, in both languages, and their rows are good."""
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['l10n_it_openapi_pec'], ['it_IT'])
        for lang in ('en_US', 'it_IT'):
            with self.subTest(lang=lang):
                [template] = self.rows.with_context(lang=lang).get_import_templates()
                with file_open(template['template'].lstrip('/'), 'rb') as file:
                    matched, result = self.execute_import(file.read(), XLSX, lang)
                self.assertEqual(matched, list(const.import_row.CELLS))
                self.assertFalse(result['messages'])
                rows = self.rows.browse(result['ids'])
                self.assertEqual(rows.mapped('kind'), ['both', 'company'])
                self.assertNotIn('error', rows.mapped('level'))
                rows.unlink()

    def test_csv_and_xlsx(self):
        labels = self.rows.fields_get(const.import_row.CELLS, ['string'])
        table = [[labels[name]['string'] for name in const.import_row.CELLS], self.row(), self.row(1)]
        text = io.StringIO()
        csv.writer(text).writerows(table)
        book = openpyxl.Workbook()
        for cells in table:
            book.active.append(cells)
        content = io.BytesIO()
        book.save(content)
        for data, file_type in ((text.getvalue().encode(), 'text/csv'), (content.getvalue(), XLSX)):
            with self.subTest(file_type=file_type):
                _matched, result = self.execute_import(data, file_type)
                self.assertFalse(result['messages'])
                rows = self.rows.browse(result['ids'])
                self.assertEqual(rows.mapped('level'), ['fine', 'fine'])
                rows.unlink()

    # ------------------------------------------------------------ how many queries

    def test_queries_of_the_preview(self):
        tables = [[self.row(number) for number in numbers] for numbers in TABLES]
        counts = [self.count(lambda table=table: self.load(*table))[0] for table in tables]
        self.assertLess(counts[2], counts[1] + QUERIES)

    def test_queries_of_applying(self):
        tables = [[self.row(number) for number in numbers] for numbers in TABLES]
        counts = []
        for table in tables:
            rows = self.load(*table)
            count, batch = self.count(lambda rows=rows: self.apply(rows))
            counts.append(count - len(table))  # a number each, of Odoo's own sequence
            self.assertEqual(len(batch.communication_ids), len(table))
        # beside what Odoo writes so many at a time, or reads together
        self.assertLess(counts[2], counts[1] + 2 * QUERIES)

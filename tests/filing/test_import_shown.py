from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const

from .test_import_row import ImportRowCase

ALONE = {
    'company_name': '', 'person_name': '', 'fiscal_code': '', 'email': '', 'mobile': '', 'city': '', 'province': '',
    'pec_email': ''}  # cells of a row that says nothing but whose PEC is communicated


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestImportShown(ImportRowCase):
    """What is applied is what was shown."""

    def assert_shown_anew(self, rows, *sentences):
        """Applying makes nothing, and says that these rows would do something else."""
        models = ('res.partner', 'openapi_pec.communication')
        before = [self.env[model].search_count([]) for model in models]
        params = rows.action_apply()['params']
        for sentence in ("Nothing was made, and nothing was spent", *sentences):
            self.assertIn(sentence, params['message'])
        self.assertEqual(params['next']['type'], 'ir.actions.act_window_close', "the list is read anew")
        self.assertEqual([self.env[model].search_count([]) for model in models], before)
        self.assertEqual(set(rows.mapped('state')), {'new'})

    def test_pressed_twice(self):
        """A row that was left out is not applied because the one before it has been."""
        rows = self.load(self.row(), self.row())
        batch = self.apply(rows)
        self.assertEqual((rows[0].state, rows[1].state), ('applied', 'new'))
        for _time in range(2):
            with self.assertRaisesRegex(UserError, "None of these rows can be applied"):
                rows.action_apply()
        rows[1].action_check()
        self.assertEqual((rows[1].level, rows[1].effects), ('fine', self.say_prepared(batch)))
        rows.action_apply()
        self.assertEqual(rows[1].state, 'applied')
        self.assertEqual(self.env['openapi_pec.communication'].search_count([
            ('partner_id', '=', rows[1].partner_id.id)]), 1)

    def test_a_row_alone_is_what_it_is_among_the_others(self):
        rows = self.load(self.row(), self.row())
        with self.assertRaisesRegex(UserError, "None of these rows can be applied"):
            rows[1].action_apply()
        batch = self.apply(rows[0])
        self.assertEqual(rows[1].effects, self.say_prepared(batch), "what has to do with it is judged anew")

    def test_a_contact_made_meanwhile(self):
        rows = self.load(self.row(), self.row(1))
        company = self.env['res.partner'].create({
            'name': "Nuova 0", 'is_company': True, 'l10n_it_codice_fiscale': self.code_of(5000)})
        self.assert_shown_anew(rows, "(Row 2: Nuova 0 S.r.l.)")
        self.assertEqual(rows[0].partner_id, company)
        self.assertIn("Company Name: Nuova 0 S.r.l. in the spreadsheet", rows[0].differences)
        self.assertEqual(len(self.apply(rows).communication_ids), 2)

    def test_another_filing_or_a_value(self):
        [row] = self.load(self.row(**{**ALONE, 'company_fiscal_code': self.code, 'city': "Milano"}))
        self.assert_applicable(row)
        draft = self.create_filing()
        self.assert_shown_anew(row, "Row 2")
        self.assertEqual(row.effects, "Prepared already: Company's PEC")
        self.partner.city = "Napoli"
        self.assert_shown_anew(row)  # it stays, but another one was shown
        self.assertIn("Napoli on the contact", row.differences)
        self.assertEqual(self.apply(row).communication_ids, draft)

    def assert_applicable(self, row):
        self.assertTrue(row.digest)
        self.assertNotEqual(row.level, 'error')

    def test_a_row_that_became_good_unseen(self):
        """Whoever corrects a row is shown that row alone: what becomes of others is shown before it is applied."""
        first, again = rows = self.load(self.row(), self.row())
        first.write(dict(zip(const.import_row.CELLS, self.row(1), strict=True)) | {'kind': False})
        self.assertEqual(again.level, 'fine')
        self.assert_shown_anew(rows, "(Row 3: Nuova 0 S.r.l.)")
        self.assertEqual(len(self.apply(rows).communication_ids), 2)

    def test_a_warning_that_was_not_there(self):
        [row] = self.load(self.row())
        self.create_companies(1).openapi_pec_email = 'nuova0@legalmail.it'
        self.assert_shown_anew(row)
        self.assertEqual(row.level, 'warning')

    def test_whoever_corrects_a_row_has_seen_it(self):
        [row] = self.load(self.row(company_fiscal_code='12485671008'))
        row.company_fiscal_code = self.code_of(5000)
        self.assertTrue(self.apply(row))

    def test_the_language_does_not_matter(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['l10n_it_openapi_pec'], ['it_IT'])
        rows = self.load(self.row(pec_email='prova@legalmail.it'))
        self.assertEqual(rows.level, 'warning')
        self.assertTrue(self.apply(rows.with_context(lang='it_IT')))

    # ------------------------------------------------------------ what is said afterwards

    def test_how_many_and_why(self):
        rows = self.load(self.row(), *(self.row(number, company_fiscal_code='12485671008') for number in range(1, 6)))
        params = rows.action_apply()['params']
        self.assertIn("Rows applied: 1. Nothing was spent. Rows that wait: 5. Row 3: Nuova 1 S.r.l. (Company Tax Code",
                      params['message'])
        self.assertIn("From a Spreadsheet", params['message'])
        self.assertNotIn("Row 6", params['message'])
        self.assertTrue(params['sticky'])
        [row] = self.load(self.row(7))
        params = row.action_apply()['params']
        self.assertEqual((params['message'], params['sticky']), ("Rows applied: 1. Nothing was spent.", False))

    def test_number_of_the_row(self):
        rows = self.load(self.row(), [''] * len(const.import_row.CELLS), self.row(1))
        self.assertEqual(rows.mapped('number'), [2, 4])
        table = [self.row(number) for number in range(5)]
        numbers, skipped = [], 0
        while True:  # as Odoo's import loads a long file
            result = self.rows.with_context(_import_limit=2).load(list(const.import_row.CELLS), table[skipped:])
            numbers += self.rows.browse(result['ids']).mapped('number')
            if not result['nextrow']:
                break
            skipped += result['nextrow']
        self.assertEqual(numbers, [2, 3, 4, 5, 6])
        self.assertEqual(self.load(self.row(9)).number, 2)

    def test_what_no_person_looks_for(self):
        described = self.rows.fields_get()
        for name, is_offered in (('digest', False), ('following', False), ('number', True)):
            self.assertEqual((described[name]['searchable'], described[name]['groupable']), (is_offered, is_offered))

    def test_what_stays_in_another_multiple_filing(self):
        batch = self.apply(self.load(self.row(), self.row(1)))
        rows = self.load(self.row(), self.row(1), self.row(2))
        self.assertEqual(rows.mapped('effects')[:2], [self.say_prepared(batch)] * 2)
        params = rows.action_apply()['params']
        self.assertIn(
            f"Filings that stay in another multiple filing, where they were prepared: 2 ({batch.name}).",
            params['message'])
        self.assertTrue(params['sticky'])
        opened = self.env['openapi_pec.batch'].browse(params['next']['context']['openapi_pec_batch_id'])
        self.assertEqual((len(opened.communication_ids), len(batch.communication_ids)), (1, 2))

    # ------------------------------------------------------------ what was communicated

    def create_communicated(self, **values):
        filing = self.create_filing(
            state='completed', environment='sandbox', submitted_at='2026-03-05 10:00:00', **values)
        self.env.flush_all()
        return filing

    def test_what_was_communicated_is_not_filed_again(self):
        filing = self.create_communicated(pec_email='PROVA@Legalmail.it')
        self.partner.city = False
        cells = {**ALONE, 'company_fiscal_code': self.code, 'city': "Roma"}
        [row] = rows = self.load(self.row(**cells))
        self.assertEqual(row.level, 'warning')
        self.assertIn(f"Communicated already: {filing.name}, 03/05/2026. No filing is made of it", row.findings)
        self.assertIn("File Again for a New Term", row.findings)
        self.assertEqual(row.effects.splitlines(), [
            "Falegnameria Prova S.r.l. gets: Municipality", "Communicated already: Company's PEC"])
        params = rows.action_apply()['params']
        self.assertEqual(params['next']['type'], 'ir.actions.act_window_close')
        self.assertEqual((row.state, self.partner.city), ('applied', "Roma"))
        self.assertEqual(self.partner.openapi_pec_communication_ids, filing)

    def test_another_pec_is_not_what_was_communicated(self):
        """Nobody is led to pay again for the old PEC when the spreadsheet has the new one."""
        self.create_communicated(pec_email='prova@legalmail.it')
        [row] = rows = self.load(self.row(**{
            **ALONE, 'company_fiscal_code': self.code, 'pec_email': 'nuova@legalmail.it'}))
        self.assertEqual((row.level, row.effects), ('error', "Left out until it is corrected."))
        self.assertNotIn("Communicated already", row.findings)
        row.takes_over = True
        self.assertEqual(row.effects.splitlines()[1:], ["New filing: Company's PEC"])
        self.assertEqual(self.apply(rows).communication_ids.pec_email, 'nuova@legalmail.it')

    def test_another_pec_or_person_is_filed(self):
        self.create_communicated(pec_email='vecchia@legalmail.it')
        self.representative.openapi_pec_email = 'mario.r@legalmail.it'
        self.create_communicated(
            kind='administrator', representative_id=self.representative.id, pec_email='mario.r@legalmail.it')
        [row] = self.load(self.row(**{
            **ALONE, 'company_fiscal_code': self.code, 'kind': "Both"}))
        self.assertEqual(row.effects.splitlines(), [
            "New filing: Company's PEC", "Communicated already: Administrator's PEC"])
        [other] = self.load(self.row(**{
            **ALONE, 'company_fiscal_code': self.code, 'kind': "Administrator", 'person_name': "Anna Bianchi",
            'fiscal_code': 'BNCNNA85T50F205O', 'administrator_pec': 'mario.r@legalmail.it'}))
        self.assertIn("New filing: Administrator's PEC", other.effects)

    def test_what_does_not_stand(self):
        """What the chamber has refused, or was filed in another environment, is filed again."""
        filing = self.create_communicated(pec_email='prova@legalmail.it')
        [row] = self.load(self.row(**{**ALONE, 'company_fiscal_code': self.code}))
        self.assertIn("Communicated already", row.effects)
        filing.chamber_outcome = 'respinta'
        row.action_check()
        self.assertEqual(row.effects, "New filing: Company's PEC")
        filing.write({'chamber_outcome': False, 'environment': 'production'})
        row.action_check()
        self.assertEqual(row.effects, "New filing: Company's PEC")

    def test_a_draft_beside_what_was_communicated(self):
        """One that was forgotten is not taken, and one that a person has made for a new term is."""
        self.create_filing()
        filing = self.create_communicated(pec_email='prova@legalmail.it')
        [row] = self.load(self.row(**{**ALONE, 'company_fiscal_code': self.code}))
        self.assertEqual(row.effects, "Communicated already: Company's PEC")
        filing.action_renew()
        row.action_check()
        self.assertEqual(row.effects, "Prepared already: Company's PEC")
        self.assertEqual(self.apply(row).communication_ids.renews_id, filing)

    def test_who_is_proposed_is_under_way(self):
        """A row that names nobody means who would be proposed."""
        self.create_filing(
            kind='administrator', representative_id=self.representative.id, state='code_requested',
            environment='sandbox', pec_email='mario.r@legalmail.it')
        [row] = self.load(self.row(**{**ALONE, 'company_fiscal_code': self.code, 'kind': "Administrator"}))
        self.assertEqual(row.level, 'error')
        self.assertIn("is under way already", row.findings)

    def test_by_person(self):
        completed = self.create_communicated()
        draft, under_way = self.create_filing(), self.create_filing(state='queued')
        refused = self.create_communicated(chamber_outcome='respinta')
        theirs = self.create_filing(kind='administrator', representative_id=self.representative.id)
        filings = completed | draft | under_way | refused | theirs
        key = (self.company.id, self.partner.id)
        person = self.representative.id
        self.assertEqual(
            {key: list(found) for key, found in filings._by_person().items()}, {
                (*key, 'company', person): [under_way, draft, completed],
                (*key, 'company', None): [under_way, draft, completed],
                (*key, 'administrator', person): [theirs], (*key, 'administrator', None): [theirs]})

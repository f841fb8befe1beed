"""Another PEC that is being communicated for the same company: it is warned of before both are paid."""
from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import PecCase

OTHER = 'altra@legalmail.it'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUnderWay(PecCase):

    def setUp(self):
        super().setUp()
        self.first = self.create_filing()

    def codes(self, filing):
        """Return what stands against a draft, as the database keeps it."""
        self.env.flush_all()
        filing.invalidate_recordset()
        return [code for _level, code, _field, _place in filing.finding_codes or ()]

    def test_named_with_its_pec_and_date(self):
        self.submit(self.first)
        draft = Form(self.env['openapi_pec.communication'].with_user(self.manager))
        draft.partner_id = self.partner
        draft.pec_email = OTHER
        second = draft.save()
        self.assertEqual(self.codes(second), ['other_pec_open'])
        [sentence] = second._get_sentences('warning')[second]
        for part in (self.first.name, 'prova@legalmail.it', str(fields.Date.today().year)):
            self.assertIn(part, sentence)
        with self.assertRaisesRegex(UserError, "(?s)only for a reason.*same company already.*in a few words why"):
            second.action_submit()
        second.action_submit("It takes the place of the other one")
        self.assertIn("same company already", self.messages(second))
        self.assertIn('another one is under way', dict(
            second._fields['finding_reason']._description_selection(self.env))['pec_email.other_pec_open'])

    def test_kept_as_the_other_one_goes_on(self):
        second = self.create_filing(pec_email=OTHER)
        self.assertEqual(self.codes(second), [])
        self.submit(self.first)
        self.assertEqual(self.codes(second), ['other_pec_open'])
        self.first.sudo()._on_state_entered('awaiting_documents')
        self.assertEqual(self.codes(second), ['other_pec_open'])
        self.first.sudo().write({'state': 'documents_uploaded'})
        self.first.chamber_outcome = 'irricevibile'
        self.assertEqual(self.codes(second), [])
        self.first.chamber_outcome = False
        self.assertEqual(self.codes(second), ['other_pec_open'])
        self.first.sudo()._on_state_entered('completed')
        self.assertEqual(self.codes(second), [])
        self.first.sudo().state = 'failed'
        self.assertEqual(self.codes(second), [])

    def test_whose(self):
        """The company, and of administrators the person; a company is its tax code, whichever contact it is."""
        self.submit(self.first)
        anna = self.env['res.partner'].create({'name': "Anna Bianchi", 'parent_id': self.partner.id})
        mario = self.create_filing(kind='administrator')
        self.assertNotIn('other_pec_open', self.codes(mario))
        self.submit(mario)
        for values, is_found in (
                ({'pec_email': 'mario@legalmail.it'}, True), ({'representative_id': anna.id}, False)):
            draft = self.create_filing(kind='administrator', **values)
            self.assertEqual('other_pec_open' in self.codes(draft), is_found, values)
        copy = self.partner.copy({'openapi_pec_email': OTHER})
        self.assertIn('other_pec_open', self.codes(self.create_filing(partner_id=copy.id)))
        [other] = self.create_companies(1)
        self.assertEqual(self.codes(self.create_filing(partner_id=other.id)), [])

    def test_the_other_environment(self):
        self.submit(self.first)
        second = self.create_filing(pec_email=OTHER)
        self.company.openapi_pec_environment = 'production'
        self.assertEqual(self.codes(second), [])

    def test_the_same_address_is_another_matter(self):
        self.submit(self.first)
        self.assertEqual(self.codes(self.create_filing(pec_email='prova@legalmail.it')), ['filing_open'])

    def test_of_a_company_in_which_the_reader_does_not_work(self):
        """Who pays does not matter; what the reader may not see is told without naming it."""
        elsewhere = self.env['res.company'].create({'name': "Altrove S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_elsewhere', 'base.group_user,base.group_partner_manager,l10n_it_openapi_pec.group_manager',
            company_id=elsewhere.id, company_ids=[Command.set(elsewhere.ids)])
        self.submit(self.first)
        second = self.env['openapi_pec.communication'].with_user(stranger).create(
            {'partner_id': self.partner.id, 'pec_email': OTHER, 'company_id': elsewhere.id})
        self.assertEqual(self.codes(second.sudo()), ['other_pec_hidden'])
        [sentence] = second._get_sentences('warning')[second]
        self.assertIn("a filing that you may not see", sentence)
        self.assertNotIn(self.first.name, sentence)
        self.assertNotIn('prova@legalmail.it', sentence)

    def test_queries_do_not_grow(self):
        companies = self.create_companies(300)
        filings = self.env['openapi_pec.communication']
        made = filings.create([
            {'partner_id': company.id, 'user_id': self.manager.id} for company in companies])
        made.sudo().write({'state': 'code_requested', 'environment': 'sandbox'})
        drafts = filings.create([
            {'partner_id': company.id, 'user_id': self.manager.id, 'pec_email': f'altra{number}@legalmail.it'}
            for number, company in enumerate(companies)])

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            findings = records._get_findings()
            self.assertTrue(all(
                'other_pec_open' in {finding.code for finding in findings[record]} for record in records))
            return self.env.cr.sql_log_count - before
        count(drafts[:5])  # fills caches
        few, many = count(drafts[:10]), count(drafts[10:])
        self.assertLess(few, 40)
        self.assertLess(many, few + 5)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        made.sudo().write({'state': 'completed'})
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 100, "the drafts are judged together")

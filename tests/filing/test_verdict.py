"""The verdict on drafts is kept: who else changes something that counts has it computed anew, in sets."""
import importlib.util
from pathlib import Path

from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec.models.filing import verdict as verdict_module

from ..common import PecCase

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / 'migrations/19.0.1.7.0'
ADDRESS = 'prova@legalmail.it'
QUERIES = 60  # to judge any number of drafts, beside what is read and written a thousand at a time


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestVerdict(PecCase):

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing()

    def kept(self, filing=None):
        """Return level and codes as the database has them."""
        filing = filing or self.filing
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT findings_level, finding_codes FROM openapi_pec_communication WHERE id = %s", [filing.id])
        level, codes = self.env.cr.fetchone()
        return level, [code[1] for code in codes or ()]

    # ------------------------------------------------------------ what is kept

    def test_codes_and_places_are_kept_and_no_sentences(self):
        self.assertEqual(self.kept(), ('fine', []))
        self.representative.phone = '06 1234567'
        self.assertEqual(self.kept(), ('error', ['mobile_landline']))
        self.assertEqual(
            self.filing.finding_codes, [['error', 'mobile_landline', 'mobile', 'representative_id']])
        found = self.env['openapi_pec.communication'].search([('findings_level', '=', 'error')])
        self.assertEqual(found, self.filing)
        groups = self.env['openapi_pec.communication']._read_group(
            [('findings_level', '!=', False)], ['findings_level'], ['__count'])
        self.assertEqual(groups, [('error', 1)])

    def test_what_is_submitted_has_none(self):
        self.submit(self.filing)
        self.assertEqual(self.kept(), (None, []))

    def test_nobody_writes_it(self):
        with self.assertRaisesRegex(Exception, "findings_level"):
            self.filing.with_user(self.manager).findings_level = 'fine'

    # ------------------------------------------------------------ what else changes

    def test_another_contact_takes_the_address(self):
        other = self.env['res.partner'].create({
            'name': "Altra S.r.l.", 'is_company': True, 'l10n_it_codice_fiscale': self.code_of(1),
            'openapi_pec_email': ADDRESS})
        self.assertEqual(self.kept(), ('error', ['pec_of_company']))
        other.openapi_pec_email = 'altra@legalmail.it'
        self.assertEqual(self.kept(), ('fine', []))
        other.l10n_it_pec_email = ADDRESS  # for invoices, and proposed nowhere
        self.assertEqual(self.kept(), ('fine', []))
        other.openapi_pec_email = ADDRESS
        other.active = False
        self.assertEqual(self.kept(), ('fine', []))
        other.active = True
        self.assertEqual(self.kept(), ('error', ['pec_of_company']))
        other.l10n_it_codice_fiscale = self.partner.l10n_it_codice_fiscale  # the same company twice
        self.assertEqual(self.kept(), ('fine', []))
        other.l10n_it_codice_fiscale = self.code_of(1)
        other.unlink()
        self.assertEqual(self.kept(), ('fine', []))

    def test_another_filing_has_the_address(self):
        other = self.create_filing(pec_email=ADDRESS)
        self.assertEqual((self.kept(), self.kept(other)), (('fine', []), ('fine', [])))
        self.submit(other)
        self.assertEqual(self.kept(), ('error', ['filing_open']))
        other.sudo()._on_state_entered('completed')
        self.assertEqual(self.kept(), ('warning', ['filing_completed']))
        other.chamber_outcome = 'respinta'
        self.assertEqual(self.kept(), ('warning', ['not_corrected']))
        other.chamber_outcome = 'evasa'
        self.assertEqual(self.kept(), ('warning', ['filing_completed']))

    def test_drafts_of_one_batch(self):
        other = self.create_filing(pec_email=ADDRESS)
        both = self.filing + other
        both.action_create_batch()
        self.assertEqual({*map(str, map(self.kept, both))}, {str(('error', ['filing_draft']))})
        for words in ("in another draft for the same company too", "each is paid"):
            self.assertIn(words, self.filing.findings_summary)
        self.assertNotIn("being communicated", self.filing.findings_summary, "nothing is under way")
        other.pec_email = 'altra@legalmail.it'
        self.assertEqual((self.kept(), self.kept(other)), (('fine', []), ('fine', [])))
        other.pec_email = ADDRESS
        self.assertEqual(self.kept()[0], 'error')
        other.action_remove_from_batch()
        self.assertEqual(self.kept(), ('fine', []))

    def test_a_mailbox_has_the_address(self):
        mailbox = self.env['openapi_pec.mailbox'].create({
            'partner_id': self.partner.id, 'address': ADDRESS, 'mailbox_type': 'STANDARD', 'state': 'revoked',
            'environment': 'sandbox'})
        self.assertEqual(self.kept(), ('error', ['mailbox_revoked']))
        mailbox.state = 'active'
        self.assertEqual(self.kept(), ('fine', []))

    def test_a_domain_is_looked_up(self):
        self.filing.pec_email = 'prova@pec.example'
        self.assertEqual(self.kept(), ('warning', ['unknown']))
        domain = self.env['openapi_pec.domain'].sudo().create({
            'name': 'pec.example', 'company_id': self.company.id, 'user_id': self.manager.id, 'state': 'queued',
            'environment': 'sandbox'})
        self.assertEqual(self.kept(), ('warning', ['domain_asked']))
        domain.write({'state': 'certified', 'answered_at': self.env.cr.now()})
        self.assertEqual(self.kept(), ('fine', []))

    def test_the_environment(self):
        self.filing.fiscal_code = 'RSSMRA80A01H501X'
        self.assertEqual(self.kept(), ('warning', ['code_check']))
        self.company.openapi_pec_environment = 'production'
        self.assertEqual(self.kept(), ('error', ['code_check']))

    # ------------------------------------------------------------ whose rights, and when

    def test_it_is_judged_with_the_rights_of_the_company(self):
        """Whoever happens to be at work: the same is kept."""
        elsewhere = self.env['res.company'].create({'name': "Altrove S.r.l."})
        self.env['res.partner'].create({
            'name': "Nascosta S.r.l.", 'is_company': True, 'l10n_it_codice_fiscale': self.code_of(1),
            'openapi_pec_email': ADDRESS, 'company_id': elsewhere.id})
        both = new_test_user(
            self.env, 'pec_both', 'base.group_user,base.group_partner_manager,l10n_it_openapi_pec.group_user',
            company_id=self.company.id, company_ids=[Command.set((self.company + elsewhere).ids)])
        for user in (self.user, both, self.env.user):
            self.filing.with_user(user).city = "Milano"
            self.env.flush_all()
            self.filing.with_user(user).city = "Roma"
            self.assertEqual(self.kept(), ('fine', []), user.login)
        self.env.invalidate_all()
        self.assertEqual(self.filing.with_user(self.user).present_level, 'fine')
        self.assertEqual(self.filing.with_user(both).present_level, 'error', "who sees more is shown more")

    def test_what_somebody_else_is_changing_is_left_to_the_job(self):
        self.env.flush_all()
        self.patch(verdict_module, 'lock_rows', lambda records, skip_locked: {})
        self.env['res.partner'].create({
            'name': "Altra S.r.l.", 'is_company': True, 'l10n_it_codice_fiscale': self.code_of(1),
            'openapi_pec_email': ADDRESS})
        self.assertEqual(self.kept(), ('fine', []))
        job = self.env.ref('l10n_it_openapi_pec.ir_cron_verdict')
        self.assertTrue(self.env['ir.cron.trigger'].sudo().search([('cron_id', '=', job.id)]))
        self.patch(verdict_module, 'lock_rows', lambda records, skip_locked: dict.fromkeys(records.ids))
        self.run_cron('verdict')
        self.assertEqual(self.kept(), ('error', ['pec_of_company']))

    def test_the_click_judges_anew(self):
        other = self.env['res.partner'].create({
            'name': "Altra S.r.l.", 'is_company': True, 'l10n_it_codice_fiscale': self.code_of(1)})
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET openapi_pec_email_normalized = %s, openapi_pec_email = %s "
                            "WHERE id = %s", [ADDRESS, ADDRESS, other.id])
        self.env.invalidate_all()
        self.assertEqual(self.kept(), ('fine', []))
        with self.assertRaisesRegex(Exception, "is the PEC of"):
            self.filing.action_submit()

    # ------------------------------------------------------------ how many queries

    def count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_drafts(self):
        companies = self.create_companies(1010)
        filings = self.env['openapi_pec.communication'].create(
            [{'partner_id': company.id, 'user_id': self.manager.id} for company in companies])
        self.count(filings[:5]._mark_unjudged)  # fills caches
        few, many = (self.count(drafts._mark_unjudged) for drafts in (filings[:10], filings[10:]))
        self.assertLess(few, QUERIES)
        self.assertLess(many, few + QUERIES)
        # and what is the same is not written
        self.env.cr.execute("UPDATE openapi_pec_communication SET write_date = '2020-01-01'")
        self.count(filings._mark_unjudged)
        self.env.cr.execute("SELECT count(*) FROM openapi_pec_communication WHERE write_date != '2020-01-01'")
        self.assertEqual(self.env.cr.fetchall(), [(0,)])

    # ------------------------------------------------------------ the update

    def test_migration(self):
        filed = self.create_filing(kind='administrator')
        self.submit(filed)
        filed.sudo().write({'state': 'completed'})
        filed.chamber_outcome = 'irricevibile'
        self.representative.phone = False
        expected = self.kept()
        self.assertEqual(expected[0], 'error')
        columns = ('status', 'findings_level', 'finding_codes', 'pec_email_normalized')
        for column in columns:
            self.env.cr.execute(f"ALTER TABLE openapi_pec_communication DROP COLUMN {column}")
        self.env.invalidate_all()
        for name in ('pre-verdict', 'post-verdict'):
            spec = importlib.util.spec_from_file_location(name.replace('-', '_'), MIGRATIONS / f'{name}.py')
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            module.migrate(self.env.cr, '19.0.1.6.0')
        self.env.invalidate_all()
        self.assertEqual(self.kept(), expected)
        self.assertEqual((self.filing.status, self.filing.pec_email_normalized), ('draft', ADDRESS))
        self.assertEqual((filed.status, filed.findings_level), ('refused', False))

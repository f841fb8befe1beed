import unittest
from datetime import timedelta

import office

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.filing.verdict import READY
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code, municipality

from ..common import SandboxMixin

# what has something to be corrected, and what is to be looked at
WRONG, DOUBTFUL = {'demo_filing_gelateria'}, ('demo_filing_agenzia', 'demo_filing_carrozzeria')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDemo(SandboxMixin, TransactionCase):
    """The office of the demo data is at work, valid by form, and the same as the local sandbox API tells."""
    sandbox_settings = {'callback_shape': 'none'}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref('l10n_it_openapi_pec.demo_filing_bar', raise_if_not_found=False):
            raise unittest.SkipTest("This database has no demo data.")
        cls.filings = cls.get_demo('openapi_pec.communication')
        cls.mailboxes = cls.get_demo('openapi_pec.mailbox')
        cls.certificate = cls.get_demo('openapi_pec.certificate')

    @classmethod
    def get_demo(cls, model):
        named = cls.env['ir.model.data'].search([
            ('module', '=', 'l10n_it_openapi_pec'), ('model', '=', model), ('name', '=like', 'demo%')])
        return cls.env[model].browse(named.mapped('res_id'))

    def test_people_and_companies(self):
        companies = self.get_demo('res.partner').filtered('is_company')
        self.assertEqual(len(companies), 30)
        self.assertGreater(len(set(companies.mapped('openapi_pec_legal_form')) - {False}), 18)
        for company in companies:
            code = company.l10n_it_codice_fiscale
            judge = fiscal_code.judge_company if code.isdigit() else fiscal_code.judge_person
            self.assertEqual(judge(code), 'code_valid', company.name)
            if company != self.env.ref('l10n_it_openapi_pec.demo_agenzia'):
                self.assertEqual(municipality.judge(company.city, company.state_id.code).reason, 'fine', company.name)
            [person] = company.child_ids
            last_name, first_name = person._openapi_pec_split_name()
            self.assertEqual(
                fiscal_code.judge_names(person.l10n_it_codice_fiscale, last_name, first_name), 'names_agree',
                person.name)

    def test_signers_are_written_to_in_italian(self):
        """Their contacts have no language, as Italian may not be there: the mails are Italian where it is."""
        self.assertEqual(set(self.get_demo('res.partner').mapped('lang')), {False})
        waiting = self.filings.filtered(lambda filing: filing.state == 'awaiting_documents')[0]
        self.env['res.lang']._activate_lang('it_IT')
        self.assertEqual(waiting._get_signer_lang(), 'it_IT')

    def test_something_in_each_state(self):
        states = {state for state, _label in self.filings._fields['state'].selection}
        self.assertEqual(set(self.filings.mapped('state')), states)
        statuses = set(self.filings.mapped('status'))
        self.assertLessEqual({'examined', 'suspended', 'entered', 'refused'}, statuses)
        self.assertEqual(
            set(self.mailboxes.mapped('state')), {'draft', 'registered', 'documents_wrong', 'active', 'revoked'})
        self.assertTrue(self.filings.filtered('is_late'))
        soon = fields.Date.today() + timedelta(days=const.mailbox.EXPIRY_DAYS)
        active = self.mailboxes.filtered(lambda mailbox: mailbox.state == 'active')
        self.assertTrue(active.filtered(lambda mailbox: mailbox.expires_on <= soon))
        self.certificate._tell_ends()
        self.assertIn("expires on", self.certificate.activity_ids.summary)
        [unconfirmed] = self.filings.filtered(lambda filing: filing.state == 'unconfirmed')
        self.assertTrue(unconfirmed.is_to_decide)
        batch = self.env.ref('l10n_it_openapi_pec.demo_batch')
        self.assertEqual((batch.state, batch.filing_count, batch.queued_count), ('paused', 6, 2))

    def test_only_what_is_meant_is_wrong(self):
        names = self.filings.get_external_id()
        drafts = self.filings.filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES)
        self.assertEqual({
            names[filing.id].partition('.')[2] for filing in drafts if filing.findings_level == 'error'}, WRONG)
        ready = drafts.filtered_domain(READY)
        for name in DOUBTFUL:
            filing = self.env.ref(f'l10n_it_openapi_pec.{name}')
            self.assertEqual((filing.findings_level, filing in ready), ('warning', False), name)
        # as the last one of both shows, whose data the service has refused, and which nobody has corrected
        self.assertEqual((filing.refusal, filing.finding_reason), ('same', 'pec_email.refused'))
        for filing in self.filings - drafts:
            self.assertTrue(all(filing[name] for name in const.filing.REQUEST_KEYS), filing.partner_id.name)

    def test_activities_end_like_real_ones(self):
        """What the addon plans it ends as well: the demo mailbox that is renewed asks for no second renewal."""
        activities = self.get_demo('mail.activity')
        self.assertTrue(activities)
        self.assertTrue(all(activities.mapped('automated')))
        mailbox = self.env.ref('l10n_it_openapi_pec.demo_mailbox_pastificio')
        self.assertEqual(mailbox.expiry_told, mailbox.expires_on)
        self.assertTrue(mailbox.activity_ids)
        mailbox.expires_on += timedelta(days=365)
        self.assertFalse(mailbox.activity_ids)

    def test_known_to_the_sandbox(self):
        office.tell(self.env.cr.dbname, self.sandbox)
        ids = {filing['id'] for filing in self.sandbox.filings()}
        self.assertLessEqual({*self.filings.filtered('remote_id').mapped('remote_id')}, ids)
        for api, url in (('', self.sandbox.url), ('signature_', self.sandbox.signature_url)):
            self.env['ir.config_parameter'].set_param(f'l10n_it_openapi_pec.{api}base_url', url)
        self.env.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        states = {record: record.state for record in (*self.filings, *self.mailboxes)}
        self.env.flush_all()
        for job in ('synchronize', 'mailboxes'):
            with self.enter_registry_test_mode():
                self.env.ref(f'l10n_it_openapi_pec.ir_cron_{job}').method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual({record: record.state for record in states}, states)
        self.assertFalse(self.filings.filtered('is_gone'))
        self.assertFalse(self.mailboxes.filtered('is_gone'))
        [unconfirmed] = self.filings.filtered(lambda filing: filing.state == 'unconfirmed')
        question = self.env['openapi_pec.reconcile'].browse(unconfirmed.action_choose()['res_id'])
        self.assertEqual(len(question.line_ids), 2)
        with self.enter_registry_test_mode():
            self.certificate.action_refresh()
        self.assertEqual((self.certificate.state, self.certificate.error_message), ('active', False))
        count = len(ids)
        office.tell(self.env.cr.dbname, self.sandbox)  # once
        self.assertEqual(len(self.sandbox.filings()), count)
        self.assertEqual([known['id'] for known in self.sandbox.certificates()], [self.certificate.remote_id])

    def test_closed(self):
        self.env.flush_all()
        self.env.cr.execute(office.CLOSE)  # a constant; pylint: disable=sql-injection
        self.env.invalidate_all()
        for model in office.MODELS:
            self.assertFalse(self.env[f'openapi_pec.{model}'].search([]), model)
        self.assertTrue(self.get_demo('res.partner'))

import base64

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import CREATE, PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSecurity(PecCase, HttpCase):
    """Each as the wrong user."""

    def test_outsider(self):
        filing = self.create_filing()
        partner = self.partner.with_user(self.outsider)
        with self.assertRaises(AccessError):
            filing.with_user(self.outsider).read(['name'])
        with self.assertRaises(AccessError):
            partner.action_openapi_pec_communicate()
        for field in ('openapi_pec_communication_ids', 'openapi_pec_status', 'openapi_pec_communication_count'):
            with self.assertRaises(AccessError):
                partner.read([field])
        self.assertEqual(partner.read(['openapi_pec_email'])[0]['openapi_pec_email'], 'prova@legalmail.it')

    def test_user_prepares_and_does_not_spend(self):
        self.partner.with_user(self.user).action_openapi_pec_communicate()
        filing = self.create_filing().with_user(self.user)
        filing.city = "Milano"
        for spend in (filing.action_submit, filing.action_open_submit):
            with self.assertRaises(AccessError):
                spend()
        for model in ('openapi_pec.submit', 'openapi_pec.reconcile', 'openapi_pec.api_call'):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.user).search([])
        with self.assertRaises(AccessError):
            filing.read(['api_call_ids'])
        self.assertEqual(self.sandbox.requested(CREATE), 0)

    def test_user_uploads_and_delivers(self):
        filing = self.create_filing()
        self.bring_to_signature(filing)
        filing = filing.with_user(self.user)
        filing.write(
            {'signed_procura_file': base64.b64encode(self.sign(filing)), 'signed_procura_filename': 'procura.p7m'})
        filing.action_send_documents()
        self.commit()
        self.assertEqual(filing.state, 'documents_uploaded')

    def test_nobody_writes_the_states_or_the_journal(self):
        filing = self.create_filing()
        self.submit(filing)
        line = filing.api_call_ids.with_user(self.manager)
        line.read(['state', 'message'])
        for forge in (lambda: line.write({'state': 'never_arrived'}), line.unlink, line.copy):
            with self.assertRaises(AccessError):
                forge()
        for user in (self.user, self.manager):
            for values in (
                    {'state': 'queued'}, {'remote_id': 'x'}, {'environment': 'production'}, {'procura_id': False}):
                with self.assertRaises(AccessError):
                    filing.with_user(user).write(values)
            with self.assertRaises(AccessError):
                filing.with_user(user).create({'partner_id': self.partner.id, 'state': 'queued'})

    def test_other_companies(self):
        company = self.env['res.company'].create({'name': "Altra"})
        stranger = new_test_user(self.env, 'pec_stranger', 'l10n_it_openapi_pec.group_manager', company_id=company.id,
                                 company_ids=[Command.set(company.ids)])
        filing = self.create_filing()
        self.submit(filing)
        for record in (filing, filing.api_call_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(['display_name'])
        self.assertFalse(self.env['openapi_pec.communication'].with_user(stranger).search([]))

    def test_secrets(self):
        filing = self.create_filing()
        admin = self.env.ref('base.user_admin')
        for user in (self.user, self.manager, admin):
            for record, field in ((filing, 'callback_token'), (self.company, 'openapi_pec_sealed_tokens')):
                with self.assertRaises(AccessError):
                    record.with_user(user).read([field])
        with self.assertRaises(AccessError):
            self.company.with_user(self.manager).read(['openapi_pec_token'])
        self.assertNotIn('sandbox-token', str(self.company.with_user(admin).read(['openapi_pec_token'])))
        for field in ('fiscal_code', 'company_fiscal_code', 'callback_token', 'access_token'):
            self.assertNotIn(field, filing.with_user(self.user).fields_get([], ['exportable']) and [
                name for name, attributes in filing.with_user(admin).fields_get(attributes=['exportable']).items()
                if attributes.get('exportable', True)])

    def test_wizards_are_ones_own(self):
        filing = self.create_filing()
        wizard = self.env['openapi_pec.submit'].with_user(self.manager).create({'communication_ids': filing.ids})
        with self.assertRaises(AccessError):
            wizard.with_user(self.env.ref('base.user_admin')).read(['price'])

    def test_public_reaches_nothing(self):
        filing = self.create_filing()
        response = self.url_open('/web/dataset/call_kw', json={'params': {
            'model': filing._name, 'method': 'action_submit', 'args': [filing.ids], 'kwargs': {}}})
        self.assertIn('error', response.json())
        self.assertEqual(filing.state, 'draft')

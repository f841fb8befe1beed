import json

from odoo.tests import HttpCase, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common_mailbox import MailboxCase

CODE, OTHER_CODE = '12485671007', '00743110157'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSharedAccount(MailboxCase, HttpCase):
    """Two companies with the same token: each client goes to the company that knows it, whichever is active."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        alike = cls.env['res.partner']._openapi_pec_find([CODE, OTHER_CODE, 'RSSMRA80A01H501U', 'RSSMRA80A01L117D'])
        # of the demo data
        (cls.env['res.partner'].union(*alike.values()) - cls.partner - cls.representative).active = False
        cls.other = cls.env['res.company'].create({'name': "Studio Gemello", 'openapi_pec_token': 'sandbox-token'})
        cls.manager.company_ids += cls.other

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.authenticate(self.manager.login, self.manager.login)

    def call(self, model, method, companies, ids=()):
        """Call a method as the web client does, with the companies that are switched on, the active one first."""
        self.env.flush_all()
        response = self.url_open('/web/dataset/call_kw', data=json.dumps({'jsonrpc': '2.0', 'params': {
            'model': model, 'method': method, 'args': [list(ids)],
            'kwargs': {'context': {'allowed_company_ids': companies.ids}},
        }}), headers={'Content-Type': 'application/json'})
        self.env.invalidate_all()
        answer = response.json()
        self.assertNotIn('error', answer, answer.get('error', {}).get('data', {}).get('message'))
        return answer['result']

    def import_filings(self, companies):
        message = self.call('openapi_pec.foreign_filing', 'action_import', companies)['params']['message']
        self.env.cr.execute("UPDATE openapi_pec_foreign_filing SET seen_at = seen_at - interval '1 hour'")
        self.env.invalidate_all()
        self.run_cron('import')
        return message

    def get_orders(self):
        """Return the companies that are switched on, the active one first, in both orders."""
        return (self.company + self.other, self.other + self.company)

    def start_again(self):
        self.sandbox.reset()
        self.env['openapi_pec.foreign_filing'].search([]).unlink()

    def make_remote(self, **template):
        [remote_id] = self.sandbox.create_filings(
            1, 'comunicazione_evasa',
            **{'casella_pec': 'altra@legalmail.it', 'cf_piva': CODE, 'cf': 'RSSMRA80A01H501U', **template})
        return remote_id

    def find(self, remote_id):
        return self.env['openapi_pec.communication'].search([('remote_id', '=', remote_id)])

    def told(self):
        return self.env['mail.message'].search([('partner_ids', '=', self.manager.partner_id.id)], limit=1).body

    # ------------------------------------------------------------ filings

    def test_known_to_one_company(self):
        client = self.env['res.partner'].create(
            {'name': "Cliente S.r.l.", 'is_company': True, 'l10n_it_codice_fiscale': OTHER_CODE})
        self.create_filing()
        self.create_filing(
            partner_id=client.id, company_id=self.other.id, user_id=False, pec_email='cliente@legalmail.it')
        for companies in self.get_orders():
            self.start_again()
            own, others = self.make_remote(), self.make_remote(cf_piva=OTHER_CODE, casella_pec='cliente2@legalmail.it')
            self.import_filings(companies)
            self.assertEqual((self.find(own).company_id, self.find(others).company_id), (self.company, self.other))
        for companies in (self.company, self.other):
            remote_id = self.make_remote(cf_piva=OTHER_CODE, casella_pec='cliente3@legalmail.it')
            self.import_filings(companies)
            self.assertEqual(self.find(remote_id).company_id, self.other, "even when it is not switched on")

    def test_contact_of_a_company_and_the_company_itself(self):
        client = self.env['res.partner'].create({
            'name': "Cliente S.r.l.", 'is_company': True, 'l10n_it_codice_fiscale': OTHER_CODE,
            'company_id': self.other.id})
        self.other.partner_id.l10n_it_codice_fiscale = CODE
        self.partner.active = False
        for companies in self.get_orders():
            self.start_again()
            remote_ids = [self.make_remote(), self.make_remote(cf_piva=OTHER_CODE, casella_pec='cliente2@legalmail.it')]
            self.import_filings(companies)
            filings = self.find(remote_ids[0]) + self.find(remote_ids[1])
            self.assertEqual(filings.partner_id, self.other.partner_id + client)
            self.assertEqual(filings.company_id, self.other)

    def test_what_cannot_be_told_waits(self):
        for companies in self.get_orders():
            self.start_again()
            remote_id = self.make_remote()
            message = self.import_filings(companies)
            self.assertFalse(self.find(remote_id))
            row = self.env['openapi_pec.foreign_filing'].search([('remote_id', '=', remote_id)])
            self.assertEqual((row.state, row.reason), ('unassigned', 'shared_account'))
            for text in (message, self.told()):
                self.assertIn(self.company.name, text)
                self.assertIn("Studio Gemello", text)
            row = row.with_user(self.manager).with_context(allowed_company_ids=companies.ids)
            with self.assertRaisesRegex(Exception, "choose the company"):
                row.action_assign()
            self.assertEqual(row.possible_company_ids, self.company + self.other)
            row.chosen_company_id = self.other
            self.call(row._name, 'action_assign', companies, row.ids)
            self.assertEqual(self.find(remote_id).company_id, self.other)
            self.env.cr.execute("DELETE FROM openapi_pec_communication")  # for the other order
            self.env.invalidate_all()

    def test_known_to_both_waits(self):
        self.create_filing()
        self.create_filing(company_id=self.other.id, user_id=False)
        remote_id = self.make_remote()
        self.import_filings(self.company)
        self.assertEqual(self.env['openapi_pec.foreign_filing'].search([]).reason, 'shared_account')
        self.assertFalse(self.find(remote_id))

    def test_who_works_for_one_of_them(self):
        self.manager.company_ids = self.company
        remote_id = self.make_remote()
        message = self.import_filings(self.company)
        self.assertIn("Studio Gemello", message)
        row = self.env['openapi_pec.foreign_filing'].search([])
        self.assertEqual((row.reason, self.find(remote_id)), ('shared_account', self.find(remote_id).browse()))
        self.call(row._name, 'action_assign', self.company, row.ids)
        self.assertEqual(self.find(remote_id).company_id, self.company, "a person has assigned it")
        client = self.env['res.partner'].create(
            {'name': "Cliente S.r.l.", 'is_company': True, 'l10n_it_codice_fiscale': OTHER_CODE})
        self.create_filing(
            partner_id=client.id, company_id=self.other.id, user_id=False, pec_email='cliente@legalmail.it')
        self.make_remote(cf_piva=OTHER_CODE, casella_pec='cliente2@legalmail.it')
        self.import_filings(self.company)
        self.assertEqual(self.env['openapi_pec.foreign_filing'].search([]).reason, 'other_company')

    # ------------------------------------------------------------ mailboxes

    def import_mailboxes(self, companies):
        self.patch(const.service, 'SAFE_MINUTES', -1)
        message = self.call('openapi_pec.mailbox', 'action_import_from_service', companies)['params']['message']
        self.run_cron('mailboxes')
        return message

    def test_mailboxes(self):
        client = self.env['res.partner'].create(
            {'name': "Cliente S.r.l.", 'is_company': True, 'l10n_it_codice_fiscale': OTHER_CODE})
        self.create_filing(
            partner_id=client.id, company_id=self.other.id, user_id=False, pec_email='cliente@legalmail.it')
        for companies in self.get_orders():
            self.start_again()
            self.env.flush_all()
            self.env.cr.execute("DELETE FROM openapi_pec_mailbox WHERE is_imported")
            self.env.invalidate_all()
            known, unknown = (self.sandbox.create_mailboxes(
                1, casella_pec=f'{name}@testcert.legalmail.it', cf_piva_titolare=code)[0]
                for name, code in (('nota', OTHER_CODE), ('ignota', CODE)))
            message = self.import_mailboxes(companies)
            self.assertIn("Studio Gemello", message)
            mailboxes = {
                mailbox.remote_id: mailbox
                for mailbox in self.env['openapi_pec.mailbox'].search([('remote_id', '!=', False)])}
            self.assertEqual((mailboxes[known].partner_id, mailboxes[known].company_id), (client, self.other))
            mailbox = mailboxes[unknown]
            self.assertFalse(mailbox.partner_id, "it waits in To Be Assigned")
            self.assertEqual(mailbox.company_id, companies[0])
            mailbox = mailbox.with_user(self.manager).with_context(allowed_company_ids=companies.ids)
            mailbox.write({'partner_id': self.partner.id, 'company_id': self.other.id})
            self.assertEqual(mailbox.company_id, self.other)
            stranger = self.env['res.company'].create({'name': f"Estranea {companies[0].name}"})
            with self.assertRaisesRegex(Exception, "cannot be changed"):
                mailbox.sudo(False).write({'company_id': stranger.id})
            mailbox.sudo().partner_id = False

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common_client import ClientCase, RpcError
from ..common_mailbox import BUY, MailboxCase
from ..common_mailbox_operations import OperationsCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUserDefaults(ClientCase, MailboxCase):
    """Whatever a user lets Odoo propose for new records, it is his to write, and nothing else."""

    def propose(self, user, model, **values):
        """Let a user have defaults of his own, as the developer mode's *Set Default Values* does."""
        self.log_in(user)
        for name, value in values.items():
            self.env['ir.default'].with_user(user).set(model, name, value, user_id=user.id)

    def test_a_user_queues_nothing(self):
        self.propose(
            self.user, 'openapi_pec.communication', state='queued', environment='sandbox', kind='administrator')
        [filing] = self.env['openapi_pec.communication'].browse(self.rpc('openapi_pec.communication', 'create', [{
            'partner_id': self.partner.id, 'representative_id': self.representative.id,
            'pec_email': 'prova@legalmail.it'}]))
        self.assertEqual((filing.state, filing.environment, filing.kind), ('draft', False, 'administrator'))
        self.propose(
            self.user, 'openapi_pec.mailbox', call_state='queued', operation='mailbox_create', environment='sandbox',
            request={'before': {}})
        [mailbox] = self.env['openapi_pec.mailbox'].browse(self.rpc('openapi_pec.mailbox', 'create', [{
            'partner_id': self.partner.id, 'address': 'prova1@testcert.legalmail.it', 'mailbox_type': 'STANDARD'}]))
        self.assertEqual((mailbox.call_state, mailbox.operation, mailbox.environment), (False, False, False))
        self.run_cron('dispatch')
        self.assertEqual((self.sandbox.executed(), self.sandbox.requested(BUY)), (0, 0))

    def test_a_user_reads_no_file(self):
        secret = self.env['ir.attachment'].create({'name': 'segreto.pdf', 'raw': b'%PDF-segreto'})
        self.propose(self.user, 'openapi_pec.communication', procura_id=secret.id)
        ids = self.rpc('openapi_pec.communication', 'create', [{'partner_id': self.partner.id}])
        self.assertFalse(self.env['openapi_pec.communication'].browse(ids).procura_id)

    def test_settings_of_a_new_company(self):
        rights = new_test_user(
            self.env, 'pec_rights', 'base.group_user,base.group_erp_manager,base.group_partner_manager')
        self.propose(
            rights, 'res.company', openapi_pec_environment='production', openapi_pec_parallel_calls=32,
            openapi_pec_credit=777.0)
        [company] = self.env['res.company'].browse(self.rpc('res.company', 'create', [{'name': "Nuova"}]))
        self.assertEqual((company.openapi_pec_environment, company.openapi_pec_credit), ('sandbox', 0))
        self.assertNotEqual(company.openapi_pec_parallel_calls, 32)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFilesOfTheArchive(ClientCase, OperationsCase):
    """What was downloaded, uploaded or sent stays as it is, and nobody else's."""

    def test_content_name_and_publicity(self):
        filing = self.create_filing()
        self.bring_to_signature(filing)
        self.upload(filing)
        self.log_in(self.user)
        for file in filing.procura_id + filing.signed_procura_id:
            before = file.raw
            for values in (
                    {'raw': 'eA=='}, {'datas': 'eA=='}, {'name': 'x'}, {'public': True}, {'res_id': 0},
                    {'res_model': False}):
                with self.subTest(file=file.name, values=values), mute_logger('odoo.http'), \
                        self.assertRaisesRegex(RpcError, "archive cannot be changed"):
                    self.rpc('ir.attachment', 'write', file.ids, values)
            self.env.invalidate_all()
            self.assertEqual((file.raw, file.public), (before, False))

    def test_files_of_fields(self):
        mailbox = self.take_over('registrata')
        mailbox.action_fetch_form()
        files = self.env['ir.attachment'].search([
            ('res_model', '=', 'openapi_pec.mailbox'), ('res_id', '=', mailbox.id), ('res_field', '!=', False)])
        files += mailbox.form_id
        self.assertTrue(files)
        for file in files:
            with self.assertRaises(AccessError):
                file.with_user(self.user).write({'raw': b'x'})

    def test_other_files_stay_free(self):
        file = self.env['ir.attachment'].with_user(self.user).create({'name': 'x', 'raw': b'x'})
        file.raw = b'y'
        self.assertEqual(file.raw, b'y')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestNamesOfHiddenContacts(ClientCase, MailboxCase):
    """The name of a record tells nothing of a contact that whoever fills in the form may not read."""

    def test_display_name_and_create(self):
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_hidden', 'base.group_user,l10n_it_openapi_pec.group_user', company_id=other.id,
            company_ids=[Command.set(other.ids)])
        self.partner.write({'name': "Segretissima", 'company_id': self.company.id})
        self.log_in(stranger)
        told = self.rpc(
            'openapi_pec.communication', 'onchange', [], {'partner_id': self.partner.id}, ['partner_id'],
            {'display_name': {}})
        self.assertNotIn("Segretissima", str(told))
        for model in ('openapi_pec.communication', 'openapi_pec.mailbox'):
            with mute_logger('odoo.http'), self.assertRaisesRegex(RpcError, "there is no such record") as caught:
                self.rpc(model, 'create', [{'partner_id': self.partner.id}])
            self.assertNotIn("Segretissima", str(caught.exception))

"""Uninstalling is asked, exported first, and clean."""
import csv
import io
import zipfile

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.models.service import archive

import environment

from ..common import PecCase
from ..common_processes import FilingProcessCase
from .test_tour import TourMixin

NAME = 'l10n_it_openapi_pec'
# What of the addon must not be in a database any more: what is looked for -> a query that finds it.
LEFT = {
    'parameter': f"SELECT key FROM ir_config_parameter WHERE key ~ '^{NAME}'",
    'attachment': "SELECT res_model || ' ' || name FROM ir_attachment WHERE res_model ~ '^openapi_pec' OR res_field ~ "
                  "'^openapi_pec'",
    'table': "SELECT relname FROM pg_class WHERE relname ~ '^openapi_pec'",
    'column': "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE column_name ~ "
              "'^openapi_pec'",
    'external id': f"SELECT name FROM ir_model_data WHERE module = '{NAME}'",
    'job': "SELECT code FROM ir_act_server WHERE code ~ '_cron_(dispatch|synchronize)'",
    'template': "SELECT id FROM mail_template WHERE model ~ '^openapi_pec'",
    'activity': "SELECT id FROM mail_activity WHERE res_model ~ '^openapi_pec'",
    'message': "SELECT id FROM mail_message WHERE model ~ '^openapi_pec'",
    'follower': "SELECT id FROM mail_followers WHERE res_model ~ '^openapi_pec'",
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUninstall(TourMixin, PecCase, HttpCase):
    """The question before the uninstallation, and what is taken along."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.module = cls.env['ir.module.module'].search([('name', '=', NAME)])
        cls.admin = new_test_user(
            cls.env, 'pec_admin', f'base.group_system,base.group_user,{NAME}.group_manager', name="Dario Blu")

    def open_wizard(self, user=None, module=None):
        action = (module or self.module).with_user(user or self.admin).button_uninstall_wizard()
        return self.env[action['res_model']].with_user(user or self.admin).with_context(**action['context']).create({})

    def export(self, login='pec_admin'):
        self.authenticate(login, login)
        return self.url_open('/openapi_pec/archive.zip', allow_redirects=False)

    def read_export(self):
        response = self.export()
        self.assertEqual((response.status_code, response.headers['Content-Type']), (200, 'application/zip'))
        with zipfile.ZipFile(io.BytesIO(response.content)) as file:
            return {name: file.read(name) for name in file.namelist()}

    def rows(self, files, name):
        return list(csv.DictReader(io.StringIO(files[f'{name}.csv'].decode('utf-8-sig'))))

    def test_wizard_tells_what_goes(self):
        filing = self.create_filing()
        self.bring_to_signature(filing)
        wizard = self.open_wizard()
        counts = [self.env[model].search_count([]) for model in (
            'openapi_pec.communication', 'openapi_pec.mailbox', 'openapi_pec.api_call')]
        self.assertIn("%s filings, %s mailboxes, %s lines of the journal" % tuple(counts), wizard.openapi_pec_loss)
        documents = self.env['ir.attachment'].with_context(skip_res_field_check=True).search_count([
            ('res_model', 'in', archive.DOCUMENTED)])
        self.assertIn(f"{documents} documents", wizard.openapi_pec_loss)
        self.assertTrue(documents and wizard.openapi_pec_may_export)
        self.assertFalse(wizard.openapi_pec_under_way)
        # What the addon depends on takes it along; another one does not.
        self.assertTrue(self.open_wizard(module=self.module.search([('name', '=', 'l10n_it_edi')])).openapi_pec_loss)
        other = self.module.search([('name', '=', 'base_import')])
        self.assertFalse(self.open_wizard(module=other).openapi_pec_loss)

    def test_under_way_stops_it(self):
        filing = self.create_filing()
        self.sandbox.fault('POST /comunica_pec', 'drop_after')
        self.submit(filing)
        self.assertEqual(filing.state, 'unconfirmed')
        wizard = self.open_wizard()
        self.assertEqual(wizard.openapi_pec_under_way, 1)
        for stopped in (
                self.module.with_user(self.admin),
                self.module.search([('name', '=', 'l10n_it_edi')]).with_user(self.admin)):
            with self.assertRaisesRegex(
                    UserError, "Nothing was uninstalled, because PEC calls are under way: 1"), self.env.cr.savepoint():
                stopped.button_uninstall()
        self.assertEqual(self.module.state, 'installed')
        calls = []
        self.patch(
            type(self.module), 'button_immediate_uninstall', lambda modules: calls.append(modules.button_uninstall()))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            wizard.action_uninstall()
        wizard.openapi_pec_is_sure = True
        wizard.action_uninstall()
        self.assertEqual((len(calls), self.module.state), (1, 'to remove'))

    def test_nothing_under_way_stops_nothing(self):
        self.module.with_user(self.admin).button_uninstall()
        self.assertEqual(self.module.state, 'to remove')

    def test_export(self):
        filing = self.create_filing()
        self.bring_to_signature(filing)
        self.upload(filing)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE openapi_pec_communication SET company_name = %s WHERE id = %s",
            ['=HYPERLINK("http://x")', filing.id])
        mailbox = self.env['openapi_pec.mailbox'].create({
            'partner_id': self.partner.id, 'address': 'mia@testcert.legalmail.it', 'mailbox_type': 'BRONZE'})
        self.env['ir.attachment'].sudo().create({
            'name': 'signed_form', 'res_model': mailbox._name, 'res_field': 'signed_form', 'res_id': mailbox.id,
            'raw': b'%PDF-1.4\n'})
        self.env.flush_all()
        files = self.read_export()
        self.assertEqual(
            {f'{name}.csv' for name in [*archive.TABLES, 'documents']}, {name for name in files if '/' not in name})
        [row] = [row for row in self.rows(files, 'filings') if row['id'] == str(filing.id)]
        self.assertEqual((row['pec_email'], row['company_fiscal_code'], row['state'], row['company_name']), (
            filing.pec_email, '12485671007', 'awaiting_documents', "'=HYPERLINK(\"http://x\")"))
        [line] = [row for row in self.rows(files, 'journal') if row['res_id'] == str(filing.id)]
        self.assertIn('12485671007', line['sent'])
        self.assertIn('mia@testcert.legalmail.it', [row['address'] for row in self.rows(files, 'mailboxes')])
        documents = {row['file']: row for row in self.rows(files, 'documents')}
        self.assertEqual(documents.keys(), {name for name in files if '/' in name})
        contents = {
            documents[name]['name']: files[name] for name in documents
            if documents[name]['record_id'] == str(filing.id)}
        self.assertEqual((contents['procura.pdf.p7m'], contents[filing.procura_id.name]), (
            filing.signed_procura_id.raw, filing.procura_id.raw))
        self.assertIn(b'%PDF-1.4\n', [files[name] for name in documents if documents[name]['field'] == 'signed_form'])
        everything = b''.join(content for name, content in files.items() if name.endswith('.csv'))
        self.assertNotIn(b'sandbox-token', everything)
        self.assertNotIn(b'/openapi_pec/callback/', everything)
        header = everything.decode('utf-8-sig').splitlines()
        self.assertFalse([line for line in header if 'access_token' in line or 'callback_token' in line])

    def test_visits(self):
        """When the page of who signs was opened, its document downloaded, and something uploaded."""
        mailbox = self.env['openapi_pec.mailbox'].create({'partner_id': self.partner.id, 'mailbox_type': 'BRONZE'})
        filing, unvisited = self.create_filing(), self.create_filing()
        visits = self.env['openapi_pec.signer_visit'].sudo()
        visits.create({
            'communication_id': filing.id, 'opened_at': '2026-01-02 03:04:05', 'downloaded_at': '2026-01-02 03:05:00',
            'uploaded_at': '2026-01-03 10:00:00'})
        visits.create({'mailbox_id': mailbox.id, 'opened_at': '2026-01-04 09:00:00'})
        self.env.flush_all()
        files = self.read_export()
        rows = {
            (name, row['id']): [row[column] for column in archive.VISITED]
            for name in ('filings', 'mailboxes') for row in self.rows(files, name)}
        self.assertEqual(
            rows['filings', str(filing.id)], ['2026-01-02 03:04:05', '2026-01-02 03:05:00', '2026-01-03 10:00:00'])
        self.assertEqual(rows['filings', str(unvisited.id)], ['', '', ''])
        self.assertEqual(rows['mailboxes', str(mailbox.id)], ['2026-01-04 09:00:00', '', ''])

    def test_who_may_export(self):
        new_test_user(self.env, 'pec_only_admin', 'base.group_system,base.group_user')
        new_test_user(self.env, 'pec_portal', 'base.group_portal')
        for login in ('pec_user', 'pec_manager', 'pec_outsider', 'pec_only_admin', 'pec_portal'):
            self.assertEqual(self.export(login).status_code, 404, login)
        self.assertEqual(self.export(None).status_code, 303)  # to the login
        self.assertIn("Only a system administrator who is a manager", self.open_wizard(
            self.env['res.users'].search([('login', '=', 'pec_only_admin')])).openapi_pec_unseen)

    def test_other_companies(self):
        """What cannot be exported by this administrator is told, and is not in the file."""
        company = self.env['res.company'].create({'name': "Altra"})
        stranger = self.create_filing(company_id=company.id, user_id=False, pec_email='altra@legalmail.it')
        self.assertIn("1 records are of companies", self.open_wizard().openapi_pec_unseen)
        self.assertNotIn(b'altra@legalmail.it', self.read_export()['filings.csv'])
        self.admin.company_ids = [Command.link(company.id)]
        self.assertFalse(self.open_wizard().openapi_pec_unseen)
        self.assertIn(stranger.pec_email.encode(), self.read_export()['filings.csv'])

    def test_many_are_packed_in_slices(self):
        self.patch(archive, 'SLICE', 2)
        filings = self.env['openapi_pec.communication'].concat(*(self.create_filing() for _number in range(5)))
        self.assertEqual(len(self.rows(self.read_export(), 'filings')), len(filings.search([])))

    def test_tour(self):
        filing = self.create_filing()
        self.sandbox.fault('POST /comunica_pec', 'drop_after')
        self.submit(filing)
        # The test framework lets nothing be uninstalled at once; what stops it comes before.
        self.patch(type(self.module), 'button_immediate_uninstall', lambda modules: modules.button_uninstall())
        with mute_logger('odoo.http'):
            self.start_tour(f'/odoo/apps/{self.module.id}', 'openapi_pec_uninstall', login='pec_admin')
        self.assertEqual(self.module.state, 'installed')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUninstalled(FilingProcessCase):
    """Uninstalled for real, by Odoo's own command, from a database with an archive."""

    def test_nothing_is_left(self):
        person, _process = self.start()
        ids = self.create_filings(person, 2)
        for filing in ids:
            self.submit(person, [filing]).result()
        self.sandbox.set_stato('in_attesa_di_documenti')
        person.run_job('synchronize')
        self.assertFalse(
            self.query("SELECT 1 FROM openapi_pec_communication WHERE id = ANY(%s) AND procura_id IS NULL", ids))
        for kind, query in LEFT.items():
            self.assertTrue(self.query(query), kind)
        question = person.call('ir.module.module', 'search', [('name', '=', NAME)])
        with self.assertRaisesRegex(environment.Failure, "Odoo failed"):
            self.sandbox.fault('POST /comunica_pec', 'drop_after')
            self.submit(person, self.create_filings(person, 1, pec_email='altra@legalmail.it')).result()
            environment.run_odoo('module', 'uninstall', NAME, '-d', self.database, log='uninstall_refused')
        self.assertIn("Nothing was uninstalled", environment.log_path('uninstall_refused').read_text())
        [wizard] = person.call('base.module.uninstall', 'create', [{'openapi_pec_is_sure': True}], context={
            'default_module_ids': question})
        person.call('base.module.uninstall', 'action_uninstall', [wizard])
        self.assertEqual({kind: self.query(query) for kind, query in LEFT.items()}, {kind: [] for kind in LEFT})
        self.assertEqual(
            self.query("SELECT state FROM ir_module_module WHERE name = %s", NAME), [('uninstalled',)])

"""An account belongs to the database in which its token was set: a copy of it reads, and pays nothing."""
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError
from odoo.modules.module import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

import environment

from ..common import CREATE, LIST, PATCH
from ..common_client import ClientCase, RpcError
from ..common_mailbox import RENEW, MailboxCase
from ..common_processes import PATIENCE, FilingProcessCase

ROOT = Path(__file__).resolve().parent.parent.parent
BUTTONS = {'openapi_pec.communication': 'action_confirm_home', 'openapi_pec.mailbox': 'action_confirm_home',
           'openapi_pec.batch': 'action_confirm_home', 'res.config.settings': 'action_openapi_pec_confirm_home'}


class CopyMixin:

    def become_copy(self, uuid='a-copy'):
        """Let this database be another one, as Odoo does with what it duplicates."""
        self.env['ir.config_parameter'].set_param('database.uuid', uuid)
        self.env.flush_all()
        self.env.invalidate_all()

    def make_administrator(self, user):
        user.group_ids = [Command.link(self.env.ref('base.group_system').id)]
        self.env.flush_all()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCopy(CopyMixin, ClientCase):

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing()

    def read_form(self, record):
        """Return a form as this user gets it: its fields, and the text of its view."""
        _fields, values, arch = self.open_form(
            {'res_model': record._name, 'res_id': record.id, 'views': [(False, 'form')]})
        return values, [node.get('name') for node in arch.iter('button')]

    def test_nothing_is_sent_from_a_copy(self):
        """Neither by a click nor by the job; what is queued says why, and reading goes on."""
        waiting = self.create_filing()
        self.submit(waiting)
        self.become_copy()
        self.submit(self.filing)
        filings = self.filing + waiting
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.requested(CREATE), 1)
        self.assertEqual(self.filing.state, 'queued')
        self.assertEqual(self.filing.waiting_for, 'copy')
        self.assertIn("nothing was spent", self.filing.waiting_sentence)
        self.assertFalse(self.filing.api_call_ids, "it was not even taken")
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertEqual(waiting.state, 'awaiting_documents')
        self.upload(waiting)
        waiting.action_send_documents()
        self.commit()
        self.assertEqual(self.sandbox.requested(PATCH), 0, "nothing free either")
        self.assertEqual(waiting.state, 'queued')
        self.make_administrator(self.manager)
        filings[0].with_user(self.manager).action_confirm_home()
        self.run_cron('dispatch')
        self.assertEqual(filings.mapped('state'), ['code_requested', 'documents_uploaded'])
        self.assertEqual(self.sandbox.executed(CREATE), 2)

    def test_domain(self):
        self.become_copy()
        self.env['openapi_pec.domain']._look_up(self.company, ['example.com'])
        self.commit()
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.requested('GET /domini_pec/{dominio}'), 0)

    def test_by_role(self):
        """Everybody is told why, a system administrator what to do, and nobody else may do it."""
        self.filing.action_submit()
        batch = self.env['openapi_pec.batch'].create({'company_id': self.company.id, 'user_id': self.manager.id})
        self.create_filing().batch_id = batch
        mailbox = self.env['openapi_pec.mailbox'].create({'partner_id': self.partner.id, 'user_id': self.manager.id})
        self.env.flush_all()
        records = [self.filing, batch, mailbox]
        for record in records:
            values, _buttons = self.read_form(record)
            self.assertFalse(values['copy_sentence'])
        self.become_copy()
        for record in records:
            values, buttons = self.read_form(record)
            self.assertIn("may be a copy", values['copy_sentence'])
            self.assertIn("nothing is spent", values['copy_sentence'])
            self.assertIn("ask a system administrator", values['copy_sentence'])
            self.assertNotIn(BUTTONS[record._name], buttons)
            with mute_logger('odoo.http'), self.assertRaisesRegex(RpcError, "system administrator"):
                self.press(record, BUTTONS[record._name])
        self.make_administrator(self.manager)
        for record in records:
            values, buttons = self.read_form(record)
            self.assertIn("press \"This Is the Live Database\"", values['copy_sentence'])
            self.assertIn(BUTTONS[record._name], buttons)
        self.press(records[1], BUTTONS[records[1]._name])
        self.assertIn("Anna Verdi says that this is the live database", self.messages(batch))
        self.assertIn("Anna Verdi says that this is the live database: the call goes on", self.messages(self.filing))
        for record in records:
            self.assertFalse(record.copy_sentence)

    def test_settings(self):
        self.become_copy()
        with self.assertRaises(AccessError):
            self.env['res.config.settings'].with_user(self.manager).sudo().action_openapi_pec_confirm_home()
        self.make_administrator(self.manager)
        settings = self.env['res.config.settings'].with_user(self.manager).create({})
        self.assertIn("may be a copy", settings.openapi_pec_copy_sentence)
        settings.action_openapi_pec_confirm_home()
        settings.invalidate_recordset()
        self.assertFalse(settings.openapi_pec_copy_sentence)

    def test_another_name(self):
        facts = self.company._openapi_pec_get_facts('sandbox')
        self.assertEqual(facts['home'][1], self.env.cr.dbname)
        self.company._openapi_pec_write_facts('sandbox', home=[facts['home'][0], 'another'])
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.sandbox.requested()), ('queued', 0))

    def test_a_token_binds_its_own_account(self):
        """A token that is set in a copy, for trials, does not let it pay with the others."""
        self.become_copy()
        for token in ('another', 'sandbox-token'):  # the same one as well: somebody has pasted it here
            self.company._openapi_pec_set_token('sandbox', token)
        self.assertFalse(self.company._openapi_pec_is_copy('sandbox'))
        self.assertTrue(self.company._openapi_pec_is_copy('production'))
        self.submit(self.filing)
        self.assertEqual(self.filing.state, 'code_requested')

    def test_neutralised(self):
        """A neutralised copy has no tokens: it says what it always said, and a new token is its own."""
        self.become_copy()
        self.env.cr.execute((ROOT / 'data/neutralize.sql').read_text())
        self.env.invalidate_all()
        self.assertFalse(self.filing.copy_sentence)
        self.assertFalse(self.company._openapi_pec_get_facts('production').get('home'))

    def test_no_token(self):
        self.company._openapi_pec_set_token('sandbox', False)
        self.become_copy()
        self.assertFalse(self.company._openapi_pec_is_copy('sandbox'))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCopyOfMailboxes(CopyMixin, MailboxCase):

    def test_renewal(self):
        mailbox = self.buy_active()
        self.become_copy()
        self.order(mailbox, 'mailbox_renew')
        self.run_cron('dispatch')
        self.assertEqual((mailbox.call_state, mailbox.waiting_for), ('queued', 'copy'))
        self.assertEqual(self.sandbox.requested(RENEW), 0)
        self.make_administrator(self.manager)
        mailbox.with_user(self.manager).action_confirm_home()
        self.run_cron('dispatch')
        self.assertFalse(mailbox.call_state)
        self.assertEqual(self.sandbox.executed(RENEW), 1)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestBindingMigration(TransactionCase):

    def test_bound_to_where_they_are(self):
        company = self.env['res.company'].create({'name': "Uno"})
        company._openapi_pec_set_token('production', 'kept')
        company._openapi_pec_write_facts('production', home=None, names=['known'])
        script = load_script(str(ROOT / 'migrations/19.0.1.4.0/post-binding.py'), 'post_binding')
        script.migrate(self.env.cr, '19.0.1.3.0')
        self.env.flush_all()
        self.env.invalidate_all()
        facts = company._openapi_pec_get_facts('production')
        self.assertEqual(
            facts['home'], [self.env['ir.config_parameter'].get_param('database.uuid'), self.env.cr.dbname])
        self.assertEqual(facts['names'], ['known'])
        self.env['ir.config_parameter'].set_param('database.uuid', 'a-copy')
        self.assertTrue(company._openapi_pec_is_copy('production'))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDuplicatedDatabase(FilingProcessCase):
    """A real database, its copy, and a server on each."""

    def test_what_is_queued_in_a_copy(self):
        """The original pays; the copy does not, until somebody says that it is the live one.

        Then it finds what is paid already.
        """
        person, process = self.start()
        person.call('res.company', 'write', [1], {'openapi_pec_token': 'sandbox-token'})
        ids = self.create_filings(person, 3)
        self.submit(person, ids).result(PATIENCE)
        self.kill(process)
        original, copy = self.database, f'{self.database}_2'
        environment.drop_database(copy)
        environment.copy_database(original, copy)
        self.addCleanup(environment.drop_database, copy)

        person, process = self.start()
        person.run_job('dispatch')
        self.assert_truth(ids)
        self.kill(process)

        self.database = copy
        person, process = self.start()
        person.run_job('dispatch')
        [alone] = self.create_filings(person, pec_email='dopo@legalmail.it')
        self.submit(person, [alone]).result(PATIENCE)
        self.assertEqual(self.sandbox.requested(CREATE), 3)
        self.assertEqual(
            self.query("SELECT DISTINCT state FROM openapi_pec_communication WHERE id = ANY(%s)", [*ids, alone]),
            [('queued',)])
        [values] = person.call('openapi_pec.communication', 'read', [alone], ['copy_sentence', 'waiting_for'])
        self.assertEqual(values['waiting_for'], 'copy')
        self.assertIn("This Is the Live Database", values['copy_sentence'])
        lists = self.sandbox.requested(LIST)
        person.run_job('synchronize')
        person.call('openapi_pec.communication', 'action_refresh', ids[:2])
        self.assertGreater(self.sandbox.requested(LIST), lists, "reading goes on")

        person.call('openapi_pec.communication', 'action_confirm_home', [alone])
        person.run_job('dispatch')
        self.assertEqual(self.sandbox.requested(CREATE), 4, "the three are found, one is new")
        self.assert_truth([*ids, alone])

"""A service that drips: whoever clicks is told in time, and the scheduled jobs do the rest."""
import time
from concurrent.futures import wait

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service import account
from odoo.addons.l10n_it_openapi_pec.wizards.mailbox.mailbox_purchase import PROPOSALS

from ..common import CREATE, FURTHER, LIST
from ..common_client import ClientCase, RpcError
from ..common_mailbox import ACTIVATION_FORM, CHECK, MAILBOX, MAILBOXES, MailboxCase
from ..common_processes import PATIENCE, FilingProcessCase

READ = 'GET /comunica_pec/{id}'
PROCURA = 'GET /comunica_pec/{id}/procura_registro_imprese'
MARGIN = 15  # seconds, on a busy machine: without an end to it, each read takes a minute


class SlowMixin:
    """Clicks over HTTP, for which there is a second."""

    def setUp(self):
        super().setUp()
        self.patch(account, 'REQUEST_SECONDS', 1)

    def slow_down(self, *operations):
        for operation in operations:
            self.sandbox.fault(operation, 'slow_body', seconds=60, times=-1)

    def press_in_time(self, record, button, *arguments):
        """Press a button; return what it says."""
        start = time.monotonic()
        try:
            with mute_logger('odoo.http'):
                return self.rpc(record._name, button, record.ids, *arguments)['params']['message']
        except RpcError as error:
            return str(error)
        finally:
            self.assertLess(time.monotonic() - start, 1 + MARGIN)

    def assert_left_to_job(self, message, job):
        self.assertIn("answers slowly", message)
        self.assertIn("Odoo goes on by itself", message)
        self.assertIn("nothing was changed or spent", message)
        self.assertTrue(self.env['ir.cron.trigger'].search_count([
            ('cron_id', '=', self.env.ref(f'l10n_it_openapi_pec.ir_cron_{job}').id),
            ('call_at', '<=', fields.Datetime.now())]))

    def forget_triggers(self):
        self.env['ir.cron.trigger'].search([]).unlink()
        self.env.flush_all()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSlowFilings(SlowMixin, ClientCase):

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing()
        self.submit(self.filing)
        self.assertEqual(self.filing.state, 'code_requested')
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.forget_triggers()

    def test_refresh_one(self):
        self.slow_down(READ)
        self.assert_left_to_job(self.press_in_time(self.filing, 'action_refresh'), 'synchronize')
        self.assertEqual(self.sandbox.requested(READ), 1, "it is not repeated")
        self.sandbox.clear_faults()
        self.run_cron('synchronize')
        self.assertEqual(self.filing.state, 'awaiting_documents')

    def test_refresh_several(self):
        other = self.create_filing()
        self.submit(other)
        self.forget_triggers()
        lists = self.sandbox.requested(LIST)
        self.slow_down(LIST)
        self.assert_left_to_job(self.press_in_time(self.filing + other, 'action_refresh'), 'synchronize')
        self.assertEqual(self.sandbox.requested(LIST) - lists, 1)

    def test_refresh_from_the_list(self):
        """The action of the list says it as well."""
        self.slow_down(READ)
        action = self.env.ref('l10n_it_openapi_pec.action_communication_refresh')
        context = {'active_model': self.filing._name, 'active_ids': self.filing.ids, 'active_id': self.filing.id}
        answer = self.opener.post(f'{self.base_url()}/web/action/run', json={
            'jsonrpc': '2.0', 'method': 'call',
            'params': {'action_id': action.id, 'context': {**self.client_context, **context}}}).json()
        self.assert_left_to_job(answer['result']['params']['message'], 'synchronize')

    def test_what_comes_in_time_is_kept(self):
        """The state is here, the power of attorney is not: the job fetches it."""
        self.slow_down(PROCURA)
        self.assert_left_to_job(self.press_in_time(self.filing, 'action_refresh'), 'synchronize')
        self.assertEqual(self.filing.state, 'awaiting_documents')
        self.assertFalse(self.filing.procura_id)
        self.forget_triggers()
        self.assert_left_to_job(self.press_in_time(self.filing, 'action_fetch_procura'), 'synchronize')
        self.sandbox.clear_faults()
        self.run_cron('synchronize')
        self.assertTrue(self.filing.procura_id)

    def test_the_deadline_cannot_be_sent_away(self):
        """What tells a scheduled job from a click no request can send."""
        self.slow_down(READ)
        start = time.monotonic()
        result = self.rpc(
            self.filing._name, 'action_refresh', self.filing.ids,
            context={'cron_id': 1, 'openapi_pec_job': True, 'cron_end_time': 10**9})
        self.assertLess(time.monotonic() - start, 1 + MARGIN)
        self.assert_left_to_job(result['params']['message'], 'synchronize')

    def test_import(self):
        """Also a list that takes longer than anybody waits is imported."""
        [remote_id] = self.sandbox.create_filings(1)
        self.slow_down(LIST)
        rows = self.env['openapi_pec.foreign_filing']
        self.assert_left_to_job(self.press_in_time(rows, 'action_import'), 'import')
        self.assertFalse(rows.search([('remote_id', '=', remote_id)]))
        self.sandbox.clear_faults()
        self.run_cron('import')
        row = rows.search([('remote_id', '=', remote_id)])
        self.assertEqual(row.user_id, self.manager)
        lists = self.sandbox.requested(LIST)
        self.run_cron('import')
        self.assertEqual(self.sandbox.requested(LIST), lists, "it was wanted once")

    def test_import_of_nothing(self):
        self.slow_down(LIST)
        self.press_in_time(self.env['openapi_pec.foreign_filing'], 'action_import')
        self.sandbox.clear_faults()
        self.run_cron('import')
        notified = self.env['mail.message'].search([
            ('partner_ids', 'in', self.manager.partner_id.ids), ('subject', '=', "Imported from the service")])
        self.assertIn("knows every filing", notified.body)

    def test_settings(self):
        self.manager.group_ids = [Command.link(self.env.ref('base.group_system').id)]
        settings = self.env['res.config.settings'].with_user(self.manager).create({})
        self.env.flush_all()
        self.slow_down(LIST)
        message = self.press_in_time(settings, 'action_openapi_pec_test')
        self.assertIn("answers slowly", message)
        self.assertIn("Nothing was changed or spent", message)
        self.sandbox.clear_faults()
        self.slow_down(MAILBOXES)
        self.assertIn(
            "mailboxes cannot be read now: The service answers slowly",
            self.press_in_time(settings, 'action_openapi_pec_test'))

    def test_candidates(self):
        """A question opens in time, whatever could be read of what it offers."""
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'drop_after')
        self.submit(filing)
        ids = self.sandbox.create_filings(3)
        filing.sudo().candidates = [
            {'id': remote_id, 'stato': 'codice_in_richiesta', 'timestamp': None} for remote_id in ids]
        self.env.flush_all()
        self.slow_down(READ)
        start = time.monotonic()
        question = self.env['openapi_pec.reconcile'].browse(self.press(filing, 'action_choose')['res_id'])
        self.assertLess(time.monotonic() - start, 1 + MARGIN)
        self.assertEqual(len(question.line_ids), 3)
        self.assertIn("answers slowly", question.line_ids[0].comparison)
        self.assertIn("answers slowly", self.press_in_time(question.line_ids[0], 'action_this_one'))
        self.assertEqual(filing.state, 'unconfirmed')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSlowMailboxes(SlowMixin, MailboxCase, ClientCase):

    def test_mailbox(self):
        mailbox = self.buy()
        self.forget_triggers()
        self.slow_down(MAILBOX)
        self.assert_left_to_job(self.press_in_time(mailbox, 'action_refresh'), 'mailboxes')
        mailbox.state = 'active'
        self.env.flush_all()
        message = self.press_in_time(mailbox, 'action_open_renew')
        self.assertIn("has to be read before", message)
        self.assertIn("Nothing was changed or spent", message)
        mailbox.state = 'registered'
        self.forget_triggers()
        self.sandbox.clear_faults()
        self.slow_down(ACTIVATION_FORM)
        self.assert_left_to_job(self.press_in_time(mailbox, 'action_fetch_form'), 'mailboxes')
        self.sandbox.clear_faults()
        self.run_cron('mailboxes')
        self.assertTrue(mailbox.form_id)

    def test_import(self):
        [remote_id] = self.sandbox.create_mailboxes(1, casella_pec='altrove@testcert.legalmail.it')
        self.env.cr.execute("DELETE FROM ir_cron_trigger")
        self.slow_down(MAILBOXES)
        mailboxes = self.env['openapi_pec.mailbox']
        self.assert_left_to_job(self.press_in_time(mailboxes, 'action_import_from_service'), 'mailboxes')
        self.sandbox.clear_faults()
        self.patch(const.service, 'SAFE_MINUTES', 0)
        self.run_cron('mailboxes')
        mailbox = mailboxes.search([('remote_id', '=', remote_id)])
        self.assertEqual(mailbox.user_id, self.manager)
        notified = self.env['mail.message'].search([
            ('partner_ids', 'in', self.manager.partner_id.ids), ('subject', '=', "Imported from the service")])
        self.assertIn("did not know: 1", notified.body)

    def test_addresses(self):
        """Proposals and the address that is typed share the time; what is not known is said to be unknown."""
        self.slow_down(CHECK)
        start = time.monotonic()
        values = self.rpc('openapi_pec.mailbox.purchase', 'onchange', [], {
            'partner_id': self.partner.id, 'company_id': self.company.id, 'mailbox_type': 'STANDARD',
            'local_part': 'prova'},
            ['local_part'], {'availability': {}, 'availability_sentence': {}, 'proposals': {}})['value']
        self.assertLess(time.monotonic() - start, 1 + MARGIN)
        self.assertEqual(values['availability'], 'unknown')
        self.assertLess(self.sandbox.requested(CHECK), 1 + PROPOSALS, "what is asked second finds no time left")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSlowServiceProcesses(FilingProcessCase):
    """A real server, in real time."""

    def timed(self, function, *arguments):
        start = time.monotonic()
        return function(*arguments), time.monotonic() - start

    def test_two_clicks(self):
        """Two people press Refresh, and one submits.

        Each has an answer after 15 seconds, nothing is paid, and the job goes on.
        """
        person, _server = self.start()
        paid, lost, queued = self.create_filings(person, 3)
        for filing in (paid, lost):
            self.submit(person, [filing]).result(PATIENCE)
        for operation in (LIST, READ):
            self.sandbox.fault(operation, 'slow_body', seconds=300, times=-1)
        before = self.sandbox.requested(LIST)
        clicks = [
            self.threads.submit(self.timed, person.call, 'openapi_pec.communication', 'action_refresh', ids)
            for ids in ([paid], [paid, lost])]
        clicks.append(self.threads.submit(
            self.timed, person.call, 'openapi_pec.communication', 'action_submit', [queued], FURTHER))
        wait(clicks, 2 * PATIENCE)
        for click in clicks:
            self.assertLess(click.result()[1], account.REQUEST_SECONDS + MARGIN)
        for click in clicks[:2]:
            self.assertIn("answers slowly", click.result()[0]['params']['message'])
        self.assertEqual(self.sandbox.requested(LIST) - before, 2, "no read was repeated")
        [(state, message)] = self.query(
            "SELECT state, error_message FROM openapi_pec_communication WHERE id = %s", queued)
        self.assertEqual(state, 'queued')
        self.assertIn("answers slowly", message)
        self.assertIn("nothing was spent", message)
        self.assertEqual(self.sandbox.requested(CREATE), 2)
        self.sandbox.clear_faults()
        self.query("UPDATE openapi_pec_communication SET retry_at = NULL")
        person.run_job('dispatch')
        self.assertEqual(self.sandbox.requested(CREATE), 3)

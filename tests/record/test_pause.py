from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import CREATE
from ..common_client import ClientCase, RpcError

BATCH, SETTINGS = 'openapi_pec.batch', 'res.config.settings'
FILING, MAILBOX = 'openapi_pec.communication', 'openapi_pec.mailbox'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPause(ClientCase):
    """What waits for the wallet, or the token, says so wherever one looks, and goes on when somebody says that it may.
    """

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.company.openapi_pec_parallel_calls = 1
        self.env.flush_all()

    def submit_batch(self, count=4, paid=2):
        """Submit a batch of which the wallet pays the first ones only; return it."""
        self.sandbox.settings(credit=paid * 15.70 + 1, no_credit_form=2)
        action = self.create_companies(count).with_user(self.manager).action_openapi_pec_communicate()
        batch = self.env[BATCH].browse(action['context']['openapi_pec_batch_id'])
        batch.communication_ids.with_user(self.manager).action_submit()
        self.run_cron('dispatch')
        self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (paid, paid + 1))
        return batch

    def read_as_client(self, record, *names):
        [values] = self.rpc(record._name, 'web_read', record.ids, specification={name: {} for name in names})
        return [values[name] for name in names]

    def top_up(self):
        self.sandbox.settings(credit=1000)

    # ------------------------------------------------------------ lack of credit

    def test_each_filing_that_waits_says_so_and_the_batch_goes_on(self):
        batch = self.submit_batch()
        waiting = batch.communication_ids.filtered(lambda filing: filing.state == 'queued')
        self.assertEqual(len(waiting), 2)
        untried = waiting.filtered(lambda filing: not filing.sudo().api_call_ids)
        self.assertEqual(len(untried), 1)
        for record in (*waiting, batch):
            reason, sentence = self.read_as_client(record, *(
                ('pause_reason', 'pause_sentence') if record == batch else ('waiting_for', 'waiting_sentence')))
            self.assertEqual(reason, 'credit')
            for words in (
                    "Not sent, nothing was spent", "wallet holds too little credit", "it held EUR 1.00",
                    "I Have Topped Up", "Odoo tries again by itself at"):
                self.assertIn(words, sentence)
        self.assertEqual(
            self.read_as_client(untried, 'progress_sentence', 'error_message'),
            ["Not sent: the Openapi wallet is to be topped up.", False])
        found = self.rpc(
            FILING, 'search', [('state', '=', 'queued'), ('company_id.openapi_pec_paused_until', '>', 'now')])
        self.assertEqual(set(found), set(waiting.ids))
        self.top_up()
        self.press(batch, 'action_go_on')
        self.run_cron('dispatch')
        self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (4, 5))
        self.assertEqual(self.read_as_client(batch, 'state', 'pause_reason', 'pause_sentence'), ['done', False, False])
        self.assertFalse(batch.activity_ids)

    def test_one_filing_goes_on_at_once(self):
        batch = self.submit_batch()
        untried = batch.communication_ids.filtered(
            lambda filing: filing.state == 'queued' and not filing.sudo().api_call_ids)
        self.top_up()
        self.press(untried, 'action_go_on')
        self.assertEqual(untried.state, 'code_requested')
        self.assertEqual((self.sandbox.executed(), self.company.openapi_pec_pause_reason), (3, False))
        self.run_cron('dispatch')  # woken for the others
        self.assertEqual(self.sandbox.executed(), 4)
        with self.assertRaisesRegex(RpcError, "not made a second time"), mute_logger('odoo.http'):
            self.press(untried, 'action_go_on')

    def test_still_empty(self):
        """Pressed too early: it waits again, and people are told once."""
        filing = self.create_filing()
        self.sandbox.settings(credit=1, no_credit_form=2)
        self.submit(filing)
        for _press in range(3):
            self.press(filing, 'action_go_on')
            self.assertEqual(self.read_as_client(filing, 'state', 'waiting_for'), ['queued', 'credit'])
        self.assertEqual(filing.activity_ids.mapped('summary'), ["Top up the Openapi wallet: PEC calls are waiting"])
        self.assertEqual(self.sandbox.executed(), 0)

    def test_a_pause_by_hand_is_ended_where_it_was_made(self):
        batch = self.submit_batch()
        self.press(batch, 'action_pause')
        self.top_up()
        first, second = batch.communication_ids.filtered(lambda filing: filing.state == 'queued')
        _reason, sentence = self.read_as_client(batch, 'pause_reason', 'pause_sentence')
        self.assertIn("This batch is paused by hand", sentence)
        self.assertNotIn("by itself", sentence)
        self.assertIn(f"Batch {batch.name} is paused by hand", self.read_as_client(first, 'waiting_sentence')[0])
        self.press(first, 'action_go_on')
        self.run_cron('dispatch')
        self.assertEqual(
            (self.sandbox.executed(), batch.is_paused, self.company.openapi_pec_pause_reason), (2, True, False))
        self.assertEqual(self.read_as_client(batch, 'state', 'pause_reason', 'pause_sentence'), [
            'paused', 'resumption', "This batch is paused by hand: nothing of it is sent before a manager resumes it."])
        self.assertEqual(self.read_as_client(second, 'waiting_for', 'waiting_sentence', 'progress_sentence'), [
            'resumption', (f"Batch {batch.name} is paused by hand: nothing of it is sent before a manager resumes it "
                          f"there."),
            "Not sent: its batch is paused by hand."])
        self.press(batch, 'action_go_on')
        self.run_cron('dispatch')
        self.assertEqual((self.sandbox.executed(), batch.state), (4, 'done'))

    def test_resuming_a_batch_does_not_hide_the_wallet(self):
        batch = self.submit_batch()
        self.press(batch, 'action_pause')
        self.press(batch, 'action_resume')
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.executed(), 2)
        _reason, sentence = self.read_as_client(batch, 'pause_reason', 'pause_sentence')
        self.assertIn("Odoo tries again by itself at", sentence)

    def test_the_pause_ends_when_it_says_so(self):
        batch = self.submit_batch()
        until = self.company.openapi_pec_paused_until
        job = self.env.ref('l10n_it_openapi_pec.ir_cron_dispatch')
        self.assertIn(until, self.env['ir.cron.trigger'].search([('cron_id', '=', job.id)]).mapped('call_at'))
        self.top_up()
        self.company.openapi_pec_paused_until = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()
        self.assertEqual(self.read_as_client(batch, 'pause_reason', 'pause_sentence'), [False, False])
        self.run_cron('dispatch')
        self.assertEqual((self.sandbox.executed(), batch.state), (4, 'done'))

    def test_a_mailbox_waits_and_goes_on(self):
        self.partner.write({'street': "Via delle Prove 1", 'zip': "00100"})
        mailbox = self.env[MAILBOX].create({
            'partner_id': self.partner.id, 'mailbox_type': 'STANDARD', 'customer_subtype': 'ED',
            'address': 'prova@testcert.legalmail.it'})
        self.submit_batch()
        mailbox.write(
            {
                'call_state': 'queued', 'operation': 'mailbox_create', 'environment': 'sandbox',
                'request': {'before': False}})
        self.env.flush_all()
        reason, sentence = self.read_as_client(mailbox, 'waiting_for', 'waiting_sentence')
        self.assertEqual(reason, 'credit')
        self.assertIn("wallet holds too little credit", sentence)
        self.top_up()
        self.press(mailbox, 'action_go_on')
        self.assertEqual((mailbox.state, self.sandbox.executed('POST /pec')), ('registered', 1))

    def test_companies_that_share_the_account(self):
        other = self.env['res.company'].create({'name': "Altra S.r.l.", 'openapi_pec_token': 'sandbox-token'})
        stranger = self.env['res.company'].create({'name': "Terza S.r.l.", 'openapi_pec_token': 'another-token'})
        batch = self.submit_batch()
        for company in (other, stranger):
            company._openapi_pec_pause('credit', record=batch.communication_ids[0])
        self.env.flush_all()
        self.top_up()
        self.press(batch, 'action_go_on')
        self.assertEqual((self.company + other + stranger).mapped('openapi_pec_pause_reason'), [False, False, 'credit'])

    # ------------------------------------------------------------ token, rate

    def test_a_token_that_was_corrected_at_the_service(self):
        first, second = self.create_filing(), self.create_filing(kind='administrator')
        self.sandbox.fault(CREATE, 'error_before', status=403, body={
            'success': False, 'message': "Wrong Token", 'error': 125, 'data': None})
        self.submit(first)
        self.assertEqual((first.state, self.company.openapi_pec_pause_reason), ('failed', 'token'))
        second.write({'state': 'queued', 'environment': 'sandbox'})
        self.env.flush_all()
        reason, sentence = self.read_as_client(second, 'waiting_for', 'waiting_sentence')
        self.assertEqual(reason, 'token')
        for words in ("nothing was spent", "does not accept the token", "The Token Was Corrected: Go On",
                      "what the service then refuses fails"):
            self.assertIn(words, sentence)
        self.press(second, 'action_go_on')
        self.assertEqual(second.state, 'code_requested')

    def test_a_pause_that_the_service_asks_for_is_kept(self):
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'error_before', status=429, headers={'Retry-After': '300'})
        self.submit(filing)
        reason, sentence = self.read_as_client(filing, 'waiting_for', 'waiting_sentence')
        self.assertEqual(reason, 'rate')
        self.assertRegex(sentence, "asks for a pause between calls. Odoo goes on by itself at .*[.]$")
        self.press(filing, 'action_go_on')
        self.assertEqual((self.company.openapi_pec_pause_reason, self.sandbox.requested(CREATE)), ('rate', 1))

    # ------------------------------------------------------------ who, and where

    @mute_logger('odoo.http')
    def test_managers_alone_go_on(self):
        batch = self.submit_batch()
        settings = self.env[SETTINGS].create({})
        self.env.flush_all()
        self.log_in(self.user)
        for record, button in [
                (batch, 'action_go_on'), (batch.communication_ids[:1], 'action_go_on'),
                (settings, 'action_openapi_pec_go_on')]:
            with self.assertRaises(RpcError):
                self.press(record, button)
        self.assertEqual(self.company.openapi_pec_pause_reason, 'credit')

    def test_from_the_settings(self):
        batch = self.submit_batch()
        self.top_up()
        admin = self.env.ref('base.user_admin')
        settings = self.env[SETTINGS].with_user(admin).create({})
        self.assertIn("wallet holds too little credit", settings.openapi_pec_pause_sentence)
        settings.action_openapi_pec_go_on()
        self.env.flush_all()
        settings.invalidate_recordset()
        self.assertEqual((settings.openapi_pec_pause_sentence, settings.openapi_pec_pause_reason), (False, False))
        self.run_cron('dispatch')
        self.assertEqual((self.sandbox.executed(), batch.state), (4, 'done'))

    def test_sentences_hold_no_promise_that_is_not_kept(self):
        """Each reason, with and without a pause by hand: nothing goes on by itself that a person has paused."""
        filing = self.create_filing()
        for reason, words in [
                ('credit', "too little credit"), ('token', "does not accept the token"), ('rate', "asks for a pause")]:
            self.company._openapi_pec_pause(reason, record=filing)
            told = {by_hand: self.company._openapi_pec_get_pause(by_hand)[1] for by_hand in (False, "Paused by hand.")}
            for by_hand, sentence in told.items():
                with self.subTest(reason=reason, by_hand=by_hand):
                    self.assertIn(words, sentence)
                    self.assertIn("nothing was spent", sentence)
                    self.assertEqual("by itself" in sentence, not by_hand)
                    self.assertEqual("Paused by hand." in sentence, bool(by_hand))
            self.company._openapi_pec_resume()
        self.assertEqual(self.company._openapi_pec_get_pause("Paused by hand."), ('resumption', "Paused by hand."))
        self.assertEqual(self.company._openapi_pec_get_pause(), (False, False))

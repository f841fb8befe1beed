import contextlib
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_cron
from odoo.addons.l10n_it_openapi_pec.models.service import call_dispatch
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import CREATE, LIST, PATCH, PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDispatch(PecCase):
    """What each outcome of a call does to the record, the journal and the account."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.filing = self.create_filing()

    def assert_call(self, state, line_state, executed=0, requested=1):
        self.assertEqual(self.filing.state, state)
        self.assertEqual(self.filing.api_call_ids[:1].state, line_state)
        self.assertEqual(self.sandbox.executed(), executed)
        self.assertEqual(self.sandbox.requested(CREATE), requested)

    def test_refused(self):
        for status, code, words in [(406, 336, "does not accept this PEC"), (428, 344, "misses a piece")]:
            self.sandbox.fault(CREATE, 'error_before', status=status, body={
                'success': False, 'message': "<b>because</b>", 'error': code, 'data': None})
            self.filing.action_submit("once more, please")
            self.commit()
            self.assertEqual(self.filing.state, 'failed')
            for word in (words, "nothing was spent", "<b>because</b>", str(code)):
                self.assertIn(word, self.filing.error_message)
            self.assertIn("&lt;b&gt;because", self.messages(self.partner))
            self.assertEqual(
                self.filing.activity_ids.activity_type_id,
                self.env.ref('l10n_it_openapi_pec.mail_activity_type_correct'))
        self.filing.city = "Tivoli"  # can be corrected and sent again
        self.submit(self.filing)
        self.assertEqual(self.filing.state, 'code_requested')
        self.assertFalse(self.filing.error_message)
        self.assertEqual(self.filing.api_call_ids.mapped('state'), ['accepted', 'refused', 'refused'])

    def test_bad_token_fails_and_pauses(self):
        other = self.create_filing(kind='administrator')
        self.company.openapi_pec_token = 'wrong'
        self.submit(self.filing)
        self.assert_call('failed', False, requested=0)  # it was refused when Odoo looked before paying
        self.assertIn("nothing was spent", self.filing.error_message)
        self.assertIn("token", self.filing.error_message)
        other.write({'state': 'queued', 'environment': 'sandbox'})
        self.run_cron('dispatch')
        self.assertEqual((other.state, self.sandbox.requested(CREATE)), ('queued', 0))
        self.company.openapi_pec_token = 'sandbox-token'  # a new token ends the pause
        self.run_cron('dispatch')
        self.assertEqual(other.state, 'code_requested')

    def test_bad_token_in_a_batch(self):
        """One tells it; the others wait, and none is unconfirmed."""
        filings = self.filing.union(
            *(self.create_filing(partner_id=company.id) for company in self.create_companies(20)))
        self.company.openapi_pec_token = 'wrong'
        filings.action_submit()
        self.run_cron('dispatch')
        self.assertEqual(sorted(filings.mapped('state')), ['failed', *['queued'] * 20])
        self.assertEqual((self.sandbox.requested(CREATE), self.company.openapi_pec_pause_reason), (0, 'token'))
        self.company.openapi_pec_token = 'sandbox-token'
        self.run_cron('dispatch')
        self.assertEqual((filings - self.filing).mapped('state'), ['code_requested'] * 20)

    def test_a_run_that_is_out_of_time_wakes_the_next(self):
        """What is left is called at once, and not when Odoo looks for jobs again, which takes up to a minute."""
        self.patch(ir_cron, 'MIN_RUNS_PER_JOB', 1)
        self.patch(ir_cron, 'MIN_TIME_PER_JOB', 0)
        self.company.openapi_pec_parallel_calls = 1
        filings = self.filing.union(
            *(self.create_filing(partner_id=company.id) for company in self.create_companies(2)))
        filings.action_submit()
        woken, mixin = [], self.registry['openapi_pec.job.mixin']
        self.patch(mixin, '_trigger_cron', lambda _self, job, at=None: woken.append((job, at)))
        for count in (1, 2, 3):
            self.run_cron('dispatch')
            self.assertEqual(filings.mapped('state').count('code_requested'), count)
            self.assertEqual(('dispatch', None) in woken, count < 3)
            woken.clear()

    def test_the_token_is_refused_between_look_and_call(self):
        self.sandbox.fault(
            CREATE, 'error_before', status=401, body={'success': False, 'message': "Wrong token", 'error': 121})
        self.submit(self.filing)
        self.assert_call('failed', 'refused')
        self.assertEqual(self.company.openapi_pec_pause_reason, 'token')

    def test_throttled_when_looked(self):
        self.sandbox.fault(LIST, 'error_before', status=429, headers={'Retry-After': '30'})
        self.submit(self.filing)
        self.assert_call('queued', False, requested=0)
        self.assertEqual(self.company.openapi_pec_pause_reason, 'rate')
        self.filing.action_submit()
        self.commit()
        self.assert_call('code_requested', 'accepted', executed=1)

    def test_no_credit_waits_and_tells_once(self):
        other = self.create_filing(kind='administrator')
        self.sandbox.settings(credit=1)
        self.submit(self.filing)
        self.assert_call('queued', 'refused')
        self.assertIn("nothing was spent", self.filing.waiting_sentence)
        self.submit(other)
        self.assertEqual(other.state, 'queued')
        activities = (self.filing + other).activity_ids
        self.assertEqual(activities.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_account'))
        requested = self.sandbox.requested(CREATE)
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.requested(CREATE), requested, "no call while the account is paused")
        self.sandbox.settings(credit=100)
        self.company.openapi_pec_paused_until = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron('dispatch')
        self.assertEqual((self.filing + other).mapped('state'), ['code_requested', 'code_requested'])
        self.assertFalse(self.company.openapi_pec_pause_reason)
        self.assertEqual(self.sandbox.executed(), 2)

    def test_throttled_waits(self):
        self.sandbox.fault(CREATE, 'error_before', status=429, headers={'Retry-After': '30'})
        self.submit(self.filing)
        self.assert_call('queued', 'refused')
        self.assertEqual(self.company.openapi_pec_pause_reason, 'rate')
        self.assertFalse(self.filing.activity_ids)
        self.filing.action_submit()  # a person may insist
        self.commit()
        self.assert_call('code_requested', 'accepted', executed=1, requested=2)

    def test_not_sent_is_tried_again_with_growing_pauses(self):
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', 'http://127.0.0.1:9')
        self.submit(self.filing)
        pauses = []
        for _attempt in range(5):
            self.assert_call('queued', False, requested=0)  # nothing was sent, not even the look before it
            pauses.append(round((self.filing.retry_at - fields.Datetime.now()).total_seconds() / 60))
            retry_at = self.filing.retry_at
            self.run_cron('dispatch')  # not due yet
            self.assertEqual((self.filing.retry_at, self.filing.retry_count), (retry_at, len(pauses)))
            self.filing.retry_at = fields.Datetime.now()
            self.run_cron('dispatch')
        self.assertEqual(pauses, [1, 5, 15, 60, 60])
        self.assertIn("nothing was spent", self.filing.error_message)
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', self.sandbox.url)
        self.filing.retry_at = False
        self.run_cron('dispatch')
        self.assert_call('code_requested', 'accepted', executed=1)

    def test_environment_changed_meanwhile(self):
        self.filing.action_submit()
        self.company.openapi_pec_environment = 'production'
        self.commit()
        self.assertEqual((self.filing.state, self.filing.api_call_ids), ('queued', self.env['openapi_pec.api_call']))
        self.assertIn("environment has changed", self.filing.error_message)

    def test_account_unusable_meanwhile(self):
        self.filing.action_submit()
        self.company.openapi_pec_token = False
        self.commit()
        self.assertEqual(self.filing.state, 'queued')
        self.assertIn("no usable token", self.filing.error_message)
        self.assertEqual(self.sandbox.requested(CREATE), 0)

    def test_a_failed_delivery_keeps_the_filing(self):
        self.bring_to_signature(self.filing)
        self.upload(self.filing)
        self.sandbox.set_stato('documenti_caricati')  # somebody has sent them in the service's console meanwhile
        self.filing.action_send_documents()
        self.commit()
        self.assertEqual(self.filing.state, 'awaiting_documents')
        self.assertIn("nothing was spent", self.filing.error_message)
        self.assertEqual(self.filing.api_call_ids[0].state, 'refused')
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.upload(self.filing)
        self.filing.action_send_documents()
        self.commit()
        self.assertEqual(self.filing.state, 'documents_uploaded')
        self.assertEqual(self.sandbox.executed(PATCH), 1)

    def test_a_record_somebody_has_is_skipped(self):
        self.filing.action_submit()
        self.patch(call_dispatch, 'lock_rows', lambda records, **kwargs: {})
        self.commit()
        self.assertEqual((self.filing.state, self.sandbox.requested(CREATE)), ('queued', 0))

    def test_one_bad_record_does_not_hold_up_the_others(self):
        other = self.create_filing(kind='administrator')
        (self.filing + other).action_submit()
        original = type(self.filing)._prepare_call

        def prepare_call(record, operation, client):
            if record.id == self.filing.id:
                raise ValueError("a bug")
            return original(record, operation, client)

        self.patch(type(self.filing), '_prepare_call', prepare_call)
        with self.assertLogs('odoo.addons.l10n_it_openapi_pec.models.service.call_dispatch', 'ERROR'):
            self.run_cron('dispatch')
        self.assertEqual((self.filing.state, other.state), ('queued', 'code_requested'))
        self.filing.action_submit()
        with self.assertLogs('odoo.addons.l10n_it_openapi_pec.models.service.call_dispatch', 'ERROR'):
            self.commit()
        self.assertEqual(self.filing.state, 'queued')

    def test_a_busy_row_is_tried_again(self):
        self.filing.action_submit()
        tries = []
        original = type(self.filing)._claim

        def take(record, price):
            tries.append(record)
            if len(tries) < 3:
                raise call_dispatch.PG_CONCURRENCY_EXCEPTIONS_TO_RETRY[0]
            return original(record, price)

        self.patch(type(self.filing), '_claim', take)
        self.patch(call_dispatch.time, 'sleep', lambda seconds: None)
        self.commit()
        self.assert_call('code_requested', 'accepted', executed=1)
        tries.clear()
        other = self.create_filing(kind='administrator')
        other.action_submit()
        self.patch(call_dispatch, 'MAX_TRIES', 2)
        with mute_logger('odoo.addons.l10n_it_openapi_pec.models.service.call_dispatch'):
            self.commit()
        self.assertEqual(other.state, 'queued')

    def test_alike_outcomes_are_announced_together(self):
        """Each filing and each contact has its own lines, in order, though they are inserted at once."""
        filings = self.filing + self.create_filing(kind='administrator')
        filings += self.env['openapi_pec.communication'].union(*(
            self.create_filing(partner_id=company.id) for company in self.create_companies(3)))
        filings.write({'state': 'queued', 'environment': 'sandbox'})
        self.sandbox.fault(CREATE, 'error_before', status=406, body={
            'success': False, 'message': "because", 'error': 336, 'data': None})
        self.patch(call_dispatch, 'FIRST_COMPLETED', 'ALL_COMPLETED')
        self.run_cron('dispatch')
        accepted = filings.filtered(lambda filing: filing.state == 'code_requested')
        [refused] = filings - accepted
        self.assertEqual(refused.state, 'failed')
        for filing in filings:
            sentence = "does not accept this PEC" if filing == refused else "ccepted by the service"
            self.assertEqual(self.messages(filing).count(sentence), 1, filing)
            line = filing.partner_id.message_ids.filtered(lambda message, filing=filing: filing.name in message.body)
            self.assertEqual(len(line), 1)
            self.assertIn(sentence, line.body)

    def dispatch_noting_steps(self, parallel, fails=False):
        """Dispatch four filings, so many at a time; return them and the steps that were taken, in their order.

        :param bool fails: whether the second claim raises.
        """
        filings = self.env['openapi_pec.communication'].union(*(
            self.create_filing(partner_id=company.id) for company in self.create_companies(4)))
        filings.write({'state': 'queued', 'environment': 'sandbox'})
        steps, cls = [], type(filings)
        begin, record_outcomes = cls._begin, cls._record_outcomes

        def note_begin(records, lines):
            if records:
                steps.append('begin')
            if fails and steps.count('begin') == 2:
                raise ValueError("the database is gone")
            return begin(records, lines)

        def note_outcomes(records, outcomes):
            steps.append('record')
            return record_outcomes(records, outcomes)

        self.patch(cls, '_begin', note_begin)
        self.patch(cls, '_record_outcomes', note_outcomes)
        self.patch(call_dispatch, 'FIRST_COMPLETED', 'ALL_COMPLETED')
        # Not assertRaises, which takes back what was written meanwhile.
        with self.real_transactions(), contextlib.suppress(*[ValueError] * fails):
            steps.append(filings._dispatch(parallel))
        return filings, steps

    def test_calls_follow_accepted_ones_before_these_are_recorded(self):
        filings, steps = self.dispatch_noting_steps(2)
        self.assertEqual(steps, ['begin', 'begin', 'record', 'record', True])
        self.assertEqual(set(filings.mapped('state')), {'code_requested'})

    def test_one_at_a_time_is_recorded_before_the_next(self):
        filings, steps = self.dispatch_noting_steps(1)
        self.assertEqual(steps, ['begin', 'record'] * 4 + [True])
        self.assertEqual(set(filings.mapped('state')), {'code_requested'})

    def test_what_is_not_accepted_is_recorded_before_the_next(self):
        """It may pause the account: then nothing else is called."""
        self.sandbox.settings(credit=0)
        filings, steps = self.dispatch_noting_steps(2)
        self.assertEqual(steps, ['begin', 'record', 'begin', True])
        self.assertEqual(set(filings.mapped('state')), {'queued'})
        self.assertEqual(self.sandbox.requested(CREATE), 2)

    def test_answers_are_kept_though_the_next_claim_fails(self):
        filings, steps = self.dispatch_noting_steps(2, fails=True)
        self.assertEqual(steps, ['begin', 'begin', 'record'])
        self.assertEqual(filings.mapped('state'), ['code_requested'] * 2 + ['queued'] * 2)

    def test_a_line_closed_meanwhile_is_not_called(self):
        """The process slept between taking the record and calling; somebody closed the line."""
        self.filing.action_submit()
        line_class = type(self.env['openapi_pec.api_call'])
        self.patch(line_class, '_lock_executions', lambda line: line._close('never_arrived').flush_recordset())
        self.commit()
        self.assertEqual(self.sandbox.requested(CREATE), 0)

    def test_one_pending_line(self):
        values = {
            'operation': 'create', 'res_model': self.filing._name, 'res_id': self.filing.id,
            'company_id': self.company.id, 'environment': 'sandbox', 'user_id': self.env.uid}
        self.env['openapi_pec.api_call'].create(values)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env['openapi_pec.api_call'].create(values)

    def test_a_second_person_is_told(self):
        self.filing.with_user(self.manager).action_submit()
        self.commit()
        with self.assertRaisesRegex(UserError, "not sent a second time"):
            self.filing.with_user(self.env.ref('base.user_admin')).action_submit()

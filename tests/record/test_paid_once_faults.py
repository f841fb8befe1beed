"""Paid once, whatever the service does: each fault through the whole addon, counted by the service."""
import time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models import ir_cron
from odoo.addons.l10n_it_openapi_pec.models.service import call_dispatch
from odoo.addons.l10n_it_openapi_pec.models.service.company import PARALLEL_CALLS
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.clock import now

from ..common import CREATE, LIST, SHORT, PecCase
from ..common_mailbox import BUY, MAILBOXES, RENEW
from ..common_mailbox_operations import OperationsCase

READ = 'GET /comunica_pec/{id}'
TRUTHFUL = {'list_late': 0, 'details_late': 0, 'list_cap': 0}  # again, after another mood
# How the service may tell what it has -> whether that proves the call (otherwise a person decides).
TELLINGS = [
    ({'clock': -2 * 3600}, True),
    ({'clock': 9 * 3600}, True),
    ({'values': ['upper']}, True),
    ({'values': ['entities']}, True),
    ({'values': ['labels']}, True),
    ({'values': ['missing']}, True),
    ({'number_ids': True}, True),
    ({'values': ['upper', 'entities', 'labels', 'missing'], 'number_ids': True, 'clock': -2 * 3600}, True),
    ({'echo': False}, True),
    ({'echo': False, 'clock': 9 * 3600}, True),
    ({'echo': False, 'values': ['upper', 'entities', 'labels'], 'number_ids': True}, True),
    ({'echo': False, 'clock': -2 * 3600}, False),
    ({'echo': False, 'values': ['missing']}, False),
]
# What the service, or a gateway, does to a call that it executes, without telling what came of it.
LOSSES = [
    ('drop_after', {}), ('other_answer', {}), ('length_without_body', {}),
    *(('error_after', {'status': status, 'body': {'success': False, 'message': "no", 'error': None, 'data': None}})
      for status in (404, 408, 409, 425, 499)),
]


def told_id(remote_id, mood):
    """Return an identifier as the service tells it."""
    return str(int(remote_id, 16)) if mood.get('number_ids') else remote_id


class FaultsCase(PecCase):
    """Filings whose calls meet the faults of the service."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.patch(client_module, 'READ_TIMEOUT', SHORT)

    def begin(self, mood=None, **values):
        """Empty the service, and make a filing of its own."""
        self.company.sudo().openapi_pec_accounts = False
        self.company.openapi_pec_token = 'sandbox-token'
        filings = self.env['openapi_pec.communication'].search([])
        filings.sudo().write({'state': 'cancelled', 'remote_id': False, 'look_until': False})
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_api_call SET state = 'refused'")
        self.env.invalidate_all()
        self.sandbox.reset(credit=10_000, mood=mood or {})
        self.filing = self.create_filing(**values)

    def lose_answer(self, fault='drop_after', **options):
        self.sandbox.fault(CREATE, fault, **options)
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.filing.api_call_ids.mapped('state')), ('unconfirmed', ['pending']))

    def be_late(self, seconds=3600):
        self.sandbox.weather(mood={'list_late': seconds})

    def lose_and_free(self):
        """Have a call executed that does not show, and freed as not found."""
        self.lose_answer()
        self.be_late()
        for _look in range(2):
            self.look_again(self.filing)
        self.free(self.filing)
        self.assertEqual(self.filing.state, 'failed')

    def make_elsewhere(self, **changes):
        """Make at the service what this filing would make, without Odoo knowing; return its id."""
        body = {**self.filing._prepare_request_body(), **changes}
        return self.client.create_filing({key: value for key, value in body.items() if value is not None})['id']

    def queue(self, count, **values):
        """Have so many filings wait for the scheduled job."""
        filings = self.env['openapi_pec.communication'].create([{
            'partner_id': self.partner.id, 'user_id': self.manager.id, 'pec_email': f'coda{number}@legalmail.it',
            **values,
        } for number in range(count)])
        filings.sudo().write({'state': 'queued', 'environment': 'sandbox'})
        return filings

    def assert_paid_once(self, calls=1):
        """By the service's own count; and the filing is what was paid."""
        self.assertEqual(self.filing.state, 'code_requested', self.filing.error_message)
        self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (1, calls))
        [remote] = self.sandbox.filings()
        self.assertIn(self.filing.remote_id, (remote['id'], told_id(remote['id'], {'number_ids': True})))
        self.assertEqual(self.filing.api_call_ids[:1].state, 'accepted')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPaidOnceFaults(FaultsCase):
    """Answers lost, lists that lie, and calls executed when nobody expects it."""

    # ------------------------------------------------------------ how it is told

    def test_told_otherwise(self):
        """A wrong clock, other spellings, keys left out: what was executed is found, or a person is asked.

        Once answered, it is taken as it is.
        """
        self.partner.name = "Caffè D'Italia & Figli S.r.l."
        for mood, is_proof in TELLINGS:
            with self.subTest(**mood, lost=True):
                self.begin(mood)
                self.lose_answer()
                self.run_cron('synchronize')
                self.settle(mood, is_proof)
                self.assert_paid_once()
            with self.subTest(**mood, lost=False):
                self.begin(mood)
                self.submit(self.filing)
                self.assert_paid_once()

    def test_told_otherwise_before_it_is_paid(self):
        """The same when a backup has come back: the filing is a draft that was paid already."""
        self.partner.name = "Caffè D'Italia & Figli S.r.l."
        for mood, _is_proof in TELLINGS:
            with self.subTest(**mood):
                self.begin(mood)
                self.make_elsewhere()
                self.submit(self.filing)
                # Without an echo it may be what somebody else has filed: nobody had seen it at the click.
                self.settle(mood, mood.get('echo', True))
                self.assert_paid_once()

    def settle(self, mood, is_proof):
        """Where the service's telling proves nothing, decide as a person does, for the one record that is offered."""
        self.assertEqual(bool(self.filing.candidates), not is_proof)
        if not is_proof:
            self.assertNotEqual(self.filing.state, 'code_requested')
            [remote] = self.sandbox.filings()
            self.choose(self.filing, told_id(remote['id'], mood))()

    # ------------------------------------------------------------ how the answer was lost

    def test_executed_and_answered_otherwise(self):
        """Statuses that no specification documents, answers of other calls: it is executed, and found."""
        for fault, options in LOSSES:
            with self.subTest(fault=fault, **options):
                self.begin()
                self.lose_answer(fault, **options)
                self.run_cron('synchronize')
                self.assert_paid_once()

    def test_executed_after_the_connection_broke(self):
        """At the first looks it is really not there."""
        self.begin()
        self.lose_answer('executed_late', seconds=600)
        self.look_again(self.filing)
        self.assertEqual(
            (self.filing.state, self.filing.api_call_ids.looks, self.sandbox.executed()), ('unconfirmed', 1, 0))
        self.execute_at_last()
        self.look_again(self.filing)
        self.assert_paid_once()

    def test_executed_after_it_was_freed(self):
        """Submitted again after the connection broke: the late one is found before it is paid a second time."""
        self.begin()
        self.lose_answer('executed_late', seconds=600)
        for _look in range(2):
            self.look_again(self.filing)
        self.free(self.filing)
        self.execute_at_last()
        self.submit(self.filing)
        self.assert_paid_once()

    def execute_at_last(self):
        self.sandbox.clear_faults()
        self.assertTrue(self.sandbox.wait_until_executed())

    def test_a_list_seven_minutes_late(self):
        """Looked for after 1, 5 and 6 minutes it is not there; after 7 it is."""
        self.begin()
        self.lose_answer()
        for minutes in (420, 360, 120, 60):
            self.be_late(minutes)
            self.look_again(self.filing, minutes=1)
            self.assertEqual((self.filing.state, self.filing.remote_id), ('unconfirmed', False))
            self.assertNotRegex(self.filing.error_message, "nothing was spent|never arrived")
        self.be_late(0)
        self.look_again(self.filing, minutes=1)
        self.assert_paid_once()

    def test_executed_twice_by_the_service(self):
        """Whether its answer arrived or was lost: both identifiers are told, once, and a refund is to be asked for."""
        for is_lost in (True, False):
            with self.subTest(is_lost=is_lost):
                self.begin()
                if is_lost:
                    self.lose_answer()
                    self.make_elsewhere()
                else:
                    self.sandbox.fault(CREATE, 'twice')
                    self.submit(self.filing)
                for _run in range(2):
                    self.run_cron('synchronize')
                self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 2))
                for remote in self.sandbox.filings():
                    self.assertEqual(self.messages(self.filing).count(remote['id']), 1)
                self.assertIn(
                    self.env.ref('l10n_it_openapi_pec.mail_activity_type_refund'),
                    self.filing.activity_ids.activity_type_id)

    def test_what_is_no_double(self):
        """A filing of the console, and one of another database, with the same address.

        Each is read once, and nothing is said about it.
        """
        self.begin()
        self.submit(self.filing)
        self.make_elsewhere(callback=None)
        self.make_elsewhere(callback={**self.filing._prepare_callback(), 'data': {'reference': 'of another database'}})
        for _run in range(3):
            self.run_cron('synchronize')
        self.assertEqual(self.sandbox.requested(READ), 3, "and the filing itself once, to know whether the service "
                                                          "echoes")
        self.assertNotIn("refund", self.messages(self.filing))
        self.assertEqual((self.filing.state, self.filing.activity_ids.activity_type_id.ids), ('code_requested', []))

    # ------------------------------------------------------------ corrected, and submitted again

    def test_corrected_and_submitted_again(self):
        """It is found by what was sent then, with an echo or without.

        The filing shows what was filed, and the chatter says what differs.
        """
        for correction, labels in [
            ({'company_name': "Falegnameria Nuova S.r.l."}, ["Company Name"]),
            ({'first_name': "Maria", 'last_name': "Rossini"}, ["First Name", "Surname"]),
            ({'pec_email': 'corretta@legalmail.it'}, ["PEC"]),
            ({'mobile': '3409999999'}, ["Mobile"]),
        ]:
            for echo in (True, False):
                with self.subTest(**correction, echo=echo):
                    self.begin({'echo': echo})
                    filed = {name: self.filing[name] for name in correction}
                    self.lose_and_free()
                    self.filing.write(
                        {**correction, **({'fiscal_code': 'RSSMRA80A01H501U'} if 'first_name' in correction else {})})
                    self.be_late(0)
                    self.filing.action_submit("so it has to be")
                    self.commit()
                    self.assert_paid_once()
                    self.assertEqual({name: self.filing[name] for name in correction}, filed)
                    for label in labels:
                        self.assertRegex(self.messages(self.filing), f"shows again what was filed. It differs in: "
                                                                     f".*{label}")

    def test_corrected_and_paid_again(self):
        """Corrected, freed and paid while the first does not show: when it does, both are told."""
        self.begin()
        self.lose_and_free()
        self.filing.pec_email = 'corretta@legalmail.it'
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 2))
        self.be_late(0)
        self.run_cron('synchronize')
        self.assertIn("Paid twice", self.messages(self.filing))
        for remote in self.sandbox.filings():
            self.assertIn(remote['id'], self.messages(self.filing))
        self.assertEqual((self.filing.pec_email, self.sandbox.executed()), ('corretta@legalmail.it', 2))

    # ------------------------------------------------------------ lists that cannot be believed

    def test_lists_that_cannot_be_believed(self):
        """What they do not show proves nothing, and nobody may free it.

        When they can be believed again, it is found.
        """
        for name, sentence in [
            ('unreadable', "rows that cannot be read"), ('capped', "not complete"), ('missing', "not complete"),
            ('other_account', "account"), ('other_account_empty', "account"), ('no_route', "cannot be asked"),
            ('details', "details"), ('details_late', "details"),
        ]:
            with self.subTest(list=name):
                self.begin()
                known = self.create_filing()
                self.submit(known)
                self.run_cron('synchronize')
                self.lose_answer()
                self.spoil(name, known)
                for _look in range(3):
                    self.look_again(self.filing)
                line = self.filing.api_call_ids
                self.assertEqual((self.filing.state, line.state, line.looks), ('unconfirmed', 'pending', 0))
                self.assertRegex(self.filing.error_message, sentence)
                self.assertNotIn("nothing was spent", self.filing.error_message)
                with self.assertRaisesRegex(UserError, "still being looked for"):
                    self.free(self.filing)
                self.assertEqual((known.state, known.is_gone), ('code_requested', False))
                self.sandbox.clear_faults()
                self.sandbox.weather(mood=TRUTHFUL)
                self.company.openapi_pec_token = 'sandbox-token'
                self.look_again(self.filing)
                self.assertEqual((self.filing.state, line.state), ('code_requested', 'accepted'))
                self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (2, 2))

    def spoil(self, name, known):
        """Have the service's lists be of a kind that proves no absence."""
        [row] = [row for row in self.client.list_filings() if row['id'] == known.remote_id]
        rows = {
            'unreadable': [row, {'id': None}, 'row'],
            'missing': [{**row, 'id': self.sandbox.create_filings(1)[0], 'casella_pec': 'altra@legalmail.it'}],
        }
        envelope = {'success': True, 'message': '', 'error': None}
        if name in rows:
            self.sandbox.fault(LIST, 'error_before', times=-1, status=200, body={**envelope, 'data': rows[name]})
        elif name == 'capped':
            self.sandbox.create_filings(2)
            self.sandbox.weather(mood={'list_cap': 2})
        elif name.startswith('other_account'):
            self.company.openapi_pec_token = 'sandbox-token:another'
            if name == 'other_account':
                self.sandbox._control('POST', 'filings', {'account': 'another', 'count': 2})
        elif name == 'no_route':
            self.sandbox.fault(LIST, 'error_before', times=-1, status=404, body={
                'success': False, 'message': 'no Route matched with those values', 'error': None, 'data': None})
        elif name == 'details':
            self.sandbox.fault(READ, 'error_before', times=-1, status=404, body={
                'success': False, 'message': 'no Route matched with those values', 'error': None, 'data': None})
        elif name == 'details_late':  # the documented 404, for a row that the list shows
            self.sandbox.weather(mood={'details_late': 3600})

    def test_the_empty_list_of_another_account(self):
        """With a token of another account nothing that is known counts as gone, nor as absent."""
        self.begin()
        known = self.queue(5)
        self.run_cron('dispatch')
        self.run_cron('synchronize')
        self.assertEqual(set(known.mapped('state')), {'code_requested'})
        before = [self.messages(filing) for filing in known]
        self.company.openapi_pec_token = 'sandbox-token:another'
        for rows in (0, 2):
            with self.subTest(rows=rows):
                if rows:
                    self.sandbox._control('POST', 'filings', {'account': 'another', 'count': rows})
                for _run in range(2):
                    self.run_cron('synchronize')
                self.assertEqual(set(known.mapped('state')), {'code_requested'})
                self.assertFalse(known.filtered('is_gone'))
                self.assertEqual([self.messages(filing) for filing in known], before)
        self.company.openapi_pec_token = 'sandbox-token'
        self.sandbox.set_stato('documenti_caricati')
        self.run_cron('synchronize')
        self.assertEqual(set(known.mapped('state')), {'documents_uploaded'})

    # ------------------------------------------------------------ batches

    def test_a_batch_reads_few_lists(self):
        self.begin()
        filings, began_at = self.queue(100), now()
        with self.real_transactions():
            filings._dispatch(parallel=8)
        self.assertEqual(set(filings.mapped('state')), {'code_requested'})
        self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (100, 100))
        # one a minute
        self.assertLessEqual(self.sandbox.requested(LIST), 1 + (now() - began_at) / call_dispatch.LOOK_SECONDS)
        self.assertEqual(self.sandbox.requested(READ), 0)

    def test_a_lagging_list_in_the_middle_of_a_batch(self):
        """It is looked at before each call, and lacks, or hides, what was paid a moment ago: nobody is stopped."""
        self.patch(call_dispatch, 'LOOK_SECONDS', -1)
        unreadable = [{'id': None, 'casella_pec': 'altra@pec.it'}, 'row']
        for mood, rows in [({'list_late': 3600}, None), ({'list_cap': 1}, None), ({}, unreadable)]:
            with self.subTest(mood=mood, rows=rows):
                self.begin(mood)
                known = self.create_filing()
                self.submit(known)
                self.run_cron('synchronize')
                if rows:
                    self.sandbox.fault(LIST, 'error_before', times=-1, status=200, body={'success': True, 'data': rows})
                filings = self.queue(24)
                self.run_cron('dispatch')
                self.assertEqual(set(filings.mapped('state')), {'code_requested'}, filings.mapped('error_message'))
                self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (25, 25))

    def test_a_wrong_token_in_a_batch_of_300(self):
        """Calls are refused at the look, or at the call because a scope lacks.

        None is unconfirmed, few are notified, and the others wait.
        """
        for operation, most in ((LIST, 1), (CREATE, PARALLEL_CALLS)):
            with self.subTest(operation=operation):
                self.begin()
                filings = self.queue(300)
                self.sandbox.fault(operation, 'error_before', times=-1, status=401, body={
                    'success': False, 'message': "Wrong Token", 'error': 121, 'data': None})
                self.run_cron('dispatch')
                states = filings.mapped('state')
                self.assertEqual(set(states), {'failed', 'queued'})
                self.assertLessEqual(states.count('failed'), most)
                self.assertFalse(filings.api_call_ids.filtered(lambda line: line.state == 'pending'))
                self.assertLessEqual(self.sandbox.requested(CREATE), most)
                self.assertEqual((self.sandbox.executed(), self.company.openapi_pec_pause_reason), (0, 'token'))

    # ------------------------------------------------------------ recovery

    def test_many_lost_answers_starve_nobody(self):
        """60 looks take long and decide nothing: a run keeps to its time.

        The next run begins with what was looked for least lately.
        """
        self.begin()
        other, lost = self.queue_elsewhere(), self.queue(60)
        self.sandbox.fault(CREATE, 'drop_after', times=-1)
        self.run_cron('dispatch')
        self.assertEqual(set((lost + other).mapped('state')), {'unconfirmed'})
        self.sandbox.clear_faults()
        self.patch(ir_cron, 'MIN_RUNS_PER_JOB', 1)
        self.patch(ir_cron, 'MIN_TIME_PER_JOB', 1)
        self.patch(client_module, 'READ_TIMEOUT', 0.2)  # in which a list does come
        self.sandbox.fault(READ, 'delay_before', seconds=60, times=-1)
        looked, runs = self.env['openapi_pec.api_call'], 0
        while len(looked) < 60 and runs < 60:
            started, before = time.monotonic(), looked
            self.run_cron('synchronize')
            runs += 1
            self.assertLess(time.monotonic() - started, 10)  # one second, and what a busy machine adds
            looked = lost.api_call_ids.filtered('last_look_at')
            self.assertTrue(looked > before or len(looked) == 60, "each run looks for others first")
            if len(looked) < 60:
                self.assertTrue(self.env['ir.cron.trigger'].search([
                    ('cron_id', '=', self.env.ref('l10n_it_openapi_pec.ir_cron_synchronize').id),
                    ('call_at', '<=', fields.Datetime.now()),
                ]), "the others are looked for at once, not in half an hour")
            if runs == 2:
                self.assertTrue(other.api_call_ids.last_look_at, "another account waits for none of them")
        self.assertEqual((len(looked), set(lost.mapped('state'))), (60, {'unconfirmed'}))
        self.assertGreater(runs, 1, "one run has no time for all")
        self.sandbox.clear_faults()
        self.patch(client_module, 'READ_TIMEOUT', 5)
        self.patch(ir_cron, 'MIN_TIME_PER_JOB', 60)
        self.run_cron('synchronize')
        self.assertEqual(set((lost + other).mapped('state')), {'code_requested'})
        self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (61, 61))

    def queue_elsewhere(self):
        """Have a filing of another company, with an account of its own, wait for the scheduled job."""
        company = self.env['res.company'].create({'name': "Altra S.r.l."})
        company.openapi_pec_token = 'sandbox-token:elsewhere'
        filing = self.queue(1, pec_email='altrove@legalmail.it', user_id=False)
        filing.sudo().write({'state': 'draft'})
        filing.sudo().company_id = company
        filing.sudo().write({'state': 'queued'})
        return filing

    def test_a_unique_violation_in_recovery(self):
        """Two calls that the same record at the service proves, as of a row that was copied: the others are settled."""
        self.begin()
        filings = self.queue(4)
        self.sandbox.fault(CREATE, 'drop_after', times=-1)
        self.run_cron('dispatch')
        self.sandbox.clear_faults()
        first, twin = filings[:2]
        twin.sudo().reference = first.reference
        self.env.flush_all()
        self.env.cr.execute("""
            UPDATE openapi_pec_api_call AS line SET sent = first.sent FROM openapi_pec_api_call AS first
             WHERE line.res_id = %s AND first.res_id = %s
        """, [twin.id, first.id])
        self.patch(type(filings), '_get_strangers', lambda filing, rows: set())
        self.patch(type(filings), '_get_owner', lambda filing, remote_id: filing.browse())
        with self.assertLogs('odoo.addons.l10n_it_openapi_pec.models.record.following', 'ERROR') as logs, \
                self.assertLogs('odoo.sql_db', 'ERROR') as sql:
            self.run_cron('synchronize')
        self.assertIn('openapi_pec_communication_remote_id_unique', sql.output[0])
        self.assertEqual(len(logs.output), 1)
        self.assertEqual((filings - twin).mapped('state'), ['code_requested'] * 3)
        self.assertEqual((twin.state, twin.api_call_ids.state), ('unconfirmed', 'pending'))
        self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (4, 4))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPaidOnceMailboxes(OperationsCase):
    """The same of a mailbox that is bought, or renewed."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_TIMEOUT', SHORT)

    def lose_answer(self, fault='drop_after', **options):
        mailbox = self.begin('mailbox_create')
        self.sandbox.fault(BUY, fault, **options)
        self.order(mailbox, 'mailbox_create')
        self.assertEqual(mailbox.call_state, 'unconfirmed')
        return mailbox

    def assert_paid_once(self, mailbox):
        self.assertEqual((mailbox.state, mailbox.call_state), ('registered', False), mailbox.error_message)
        self.assertEqual((self.sandbox.executed(BUY), self.sandbox.requested(BUY)), (1, 1))
        [remote] = self.sandbox.mailboxes()
        self.assertIn(mailbox.remote_id, (remote['id'], told_id(remote['id'], {'number_ids': True})))

    def test_told_otherwise(self):
        self.partner.name = "Caffè D'Italia & Figli S.r.l."
        for mood in (mood for mood, _is_proof in TELLINGS if len(mood) > 1):
            with self.subTest(**mood):
                mailbox = self.lose_answer()
                self.sandbox.weather(mood=mood)
                self.run_cron('mailboxes')
                if mailbox.candidates:
                    self.assertFalse(mood.get('echo', True), "what is echoed proves it")
                    [remote] = self.sandbox.mailboxes()
                    self.choose(mailbox, told_id(remote['id'], mood))()
                self.assert_paid_once(mailbox)

    def test_executed_and_answered_otherwise(self):
        for fault, options in LOSSES[1::2]:  # every other one: the client is the same
            with self.subTest(fault=fault, **options):
                mailbox = self.lose_answer(fault, **options)
                self.run_cron('mailboxes')
                self.assert_paid_once(mailbox)

    def test_lists_that_cannot_be_believed(self):
        for name, options in [
            ('late', None),
            (
                'no_route', {
                    'status': 404, 'body': {
                        'success': False, 'message': 'no Route matched', 'error': None, 'data': None}}),
            ('unreadable', {'status': 200, 'body': {'success': True, 'data': [{'id': None}]}}),
        ]:
            with self.subTest(list=name):
                mailbox = self.lose_answer()
                if options:
                    self.sandbox.fault(MAILBOXES, 'error_before', times=-1, **options)
                else:
                    self.sandbox.weather(mood={'list_late': 3600})
                for _look in range(3):
                    self.look_again(mailbox, 'mailboxes')
                    self.assertEqual(
                        (mailbox.call_state, mailbox.sudo().api_call_ids.state), ('unconfirmed', 'pending'))
                self.assertNotRegex(mailbox.error_message, "nothing was spent")
                self.sandbox.clear_faults()
                self.sandbox.weather(mood=TRUTHFUL)
                self.run_cron('mailboxes')
                self.assert_paid_once(mailbox)

    def test_two_open_questions_of_a_renewal(self):
        """Both questions are opened before the first is answered.

        The second is refused while the outcome of the first is not known, and wants a reason after.
        """
        mailbox = self.begin('mailbox_renew')
        first, second = (self.open_order(mailbox, 'mailbox_renew').create({'years': '2'}) for _question in range(2))
        self.sandbox.weather(mood={'renewal_late': 3600})
        self.sandbox.fault(RENEW, 'drop_after')
        first.action_confirm()
        self.commit()
        with self.assertRaisesRegex(UserError, "under way"):
            second.action_confirm()
        for _look in range(2):
            self.look_again(mailbox, 'mailboxes')
        self.free(mailbox)
        with self.assertRaisesRegex(UserError, "(?s)perhaps executed all the same.*Say in a few words why"):
            second.action_confirm()
        self.commit()
        self.sandbox.weather(mood={'renewal_late': 0})
        self.run_cron('mailboxes')
        self.assertIn("it shows at the service now", self.messages(mailbox))
        self.assert_counts('mailbox_renew', 1, 1)

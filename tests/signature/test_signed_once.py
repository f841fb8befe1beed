"""Paid once: each fault of the service around each paid call of signatures, counted at the service and in the journal.

A further paid call needs a line in CALLS.
"""
from typing import NamedTuple

from chaos.wallet import says_nothing_spent

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import make_credentials, make_title

from ..common import PecCase
from ..common_signature import (
    BUY_OTP,
    CREDENTIALS,
    LIST_CERTIFICATES,
    LIST_SIGNATURES,
    ONE_TIME,
    READ_SIGNATURE,
    SANDBOX_PIN,
    SANDBOX_USERNAME,
    SIGN_OTP,
)

PATIENCE = 1.5  # seconds that are waited for an answer which never comes
MONEY = {'accepted': 'paid', 'refused': 'nothing', 'not_sent': 'nothing', 'pending': 'unknown',
         'never_arrived': 'unknown'}
ANSWERED, LOST, REFUSED = ('accepted',), ('pending',), ('refused',)
MOST_ROUNDS = 6


def envelope(code, message="no"):
    """Return the body of a refusal."""
    return {'data': None, 'success': False, 'message': message, 'error': code}


class Call(NamedTuple):
    """A paid call.

    :param str operation: of the journal
    :param str name: of the service's operation
    :param str listing: of the service's operation that shows what was made
    :param str ask: name of the method of the test that asks for it, and returns its record
    :param tuple refusal: a documented one: status and code
    """
    operation: str
    name: str
    listing: str
    ask: str
    refusal: tuple


class Fault(NamedTuple):
    """What goes wrong with a call.

    :param str name: of ``sandbox_api.faults``
    :param int executed: how often the call takes effect at once
    :param tuple states: of the journal's line afterwards
    :param dict options: of the fault
    """
    name: str
    executed: int
    states: tuple
    options: dict = {}


CALLS = [
    Call('sign_otp', SIGN_OTP, LIST_SIGNATURES, 'ask_to_sign', (422, 615)),
    Call('certificate_otp', BUY_OTP, LIST_CERTIFICATES, 'ask_to_buy', (404, 305)),
]
# What is answered although it was executed, and is no answer.
NO_ANSWERS = ([], 'text', {'data': []}, {'data': {'id': None}}, {'data': {'id': 'a b'}}, {'data': {'id': [1]}},
              {'success': False, 'data': None, 'message': "", 'error': None})
FAULTS = [
    *(Fault(name, 0, LOST, options) for name, options in [
        ('drop_before', {}), ('not_envelope_4xx', {}), ('redirect', {'location': '/comunica_pec'}),
        *(('error_before', {'status': status}) for status in (408, 500, 502, 503, 504)),
        *(('error_before', {'status': status, 'body': envelope(1)}) for status in (400, 409, 425, 500)),
    ]),
    *(Fault(name, 1, LOST, options) for name, options in [
        ('drop_after', {}), ('truncate', {}), ('other_answer', {}), ('length_without_body', {}), ('wrong_json', {}),
        ('wrong_shape', {}), ('huge', {}), ('bomb', {}), ('delay_after', {'seconds': PATIENCE + 1}),
        *(('wrong_shape', {'body': body}) for body in NO_ANSWERS),
        *(('error_after', {'status': status}) for status in (200, 204, 302, 404, 408, 500, 503)),
        *(('error_after', {'status': status, 'body': envelope(1)}) for status in (404, 409, 422, 499, 500)),
    ]),
    *(Fault(name, 1, ANSWERED, options) for name, options in [
        ('delay_before', {'seconds': .2}), ('delay_after', {'seconds': .2}), ('packed', {}),
        ('slow_body', {'seconds': 1}), ('slow_head', {'seconds': 1}),
    ]),
    *(Fault('error_before', 0, REFUSED, options) for options in [
        {'status': 401, 'body': envelope(10, "Wrong Token")}, {'status': 402, 'body': envelope(1, "0.7 > 0.6")},
        {'status': 403, 'body': envelope(2, "Wrong scope")}, {'status': 429, 'headers': {'Retry-After': '1'}},
    ]),
]
# Lists that prove nothing by what they do not show: fault of the reading, or mood; whether another account is asked.
DOUBTFUL = [
    ('drop_before', {}), ('error_before', {'status': 500}), ('error_before', {'status': 404, 'body': 'no route'}),
    ('truncate', {}), ('wrong_json', {}), ('wrong_shape', {}), ('redirect', {'location': '/'}),
    ('wrong_shape', {'body': {'data': [{'id': None, 'state': 'DONE'}]}}), ('wrong_shape', {'body': [7, "x"]}),
    ('error_before', {'status': 401, 'body': envelope(10, "Wrong Token")}), ('error_before', {'status': 429}),
]
# Of certificates a list without rows is documented as an empty list alone.
DOUBTFUL_OF = {'sign_otp': [], 'certificate_otp': [('error_before', {'status': 404, 'body': ''})]}


# operation -> what calls it once more with a reference, as a gateway does that repeats a call
CALLS_AGAIN = {
    'sign_otp': lambda client, procura, reference: client.sign(
        'sign_otp', procura, make_title(reference, "x"), CREDENTIALS),
    'certificate_otp': lambda client, procura, reference: client.buy_certificate(
        'certificate_otp', "Mario Rossi", reference),
}


class PaidCase(PecCase):
    """A filing in production that waits for its signature, and a person without a certificate."""
    sandbox_settings = {**PecCase.sandbox_settings, 'credit': 10_000}

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.patch(client_module, 'READ_TIMEOUT', PATIENCE)
        self.company.openapi_pec_sign_remotely = True
        self.company.openapi_pec_environment = 'production'
        self.filing = self.create_filing()
        self.bring_to_signature(self.filing)

    # ------------------------------------------------------------ what people do

    def begin(self):
        """Empty the service, and end what was asked for before."""
        self.sandbox.reset()
        self.filing.sudo().signed_procura_id = False
        attempts, certificates = self.env['openapi_pec.signature'].search([]), self.env[
            'openapi_pec.certificate'].search([])
        attempts.write({'state': 'failed'})
        certificates.write({'state': 'ended'})
        self.company.sudo().write({'openapi_pec_paused_until': False, 'openapi_pec_pause_reason': False})
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_api_call SET state = 'refused', operation = 'domain'")
        self.env.invalidate_all()

    def ask_to_sign(self, credentials=CREDENTIALS):
        attempt = self.env['openapi_pec.signature'].with_user(self.manager)._sign(
            self.filing, credentials, self.filing._get_signing_offer())
        self.commit()
        return attempt

    def ask_to_buy(self):
        action = self.representative.with_user(self.manager).action_openapi_pec_buy_certificate()
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        question.is_further = True  # where an earlier one is not found
        bought = question.action_confirm()
        self.commit()
        return self.env['openapi_pec.certificate'].browse(bought['res_id'])

    def ask(self, call):
        return getattr(self, call.ask)()

    def lose_until_late(self, call):
        """Make a call whose answer is lost, and which the list shows after an hour only; return its record."""
        self.begin()
        self.sandbox.weather(mood={'list_late': 3600})
        self.sandbox.fault(call.name, 'drop_after')
        return self.ask(call)

    def is_done(self, record):
        if record._name == 'openapi_pec.signature':
            return record.state == 'done' and bool(self.filing.signed_procura_id)
        return record.state == 'ordered' and bool(record.remote_id)

    def go_on(self, call, record):
        """Let time pass and the jobs run, and do what the state of a record asks for; return the record that counts."""
        if record.state == 'waiting':
            record.retry_at = fields.Datetime.now()
        self.look_again(record, 'remote_signatures')
        if self.is_done(record):
            return record
        if record._name == 'openapi_pec.signature':
            return self.ask(call) if self.filing.with_user(self.manager).can_sign_remotely else record
        if record.state == 'failed':
            return self.ask(call)
        if record.can_be_freed:
            record.with_user(self.manager).action_free("Not in the console")
        elif record.state == 'queued':
            self.company.sudo().openapi_pec_paused_until = False
            record.retry_at = False
            self.run_cron('dispatch')
        return record

    def finish(self, call, record):
        """Go on until it is there; return all records that it took."""
        records = record
        for _round in range(MOST_ROUNDS):
            if self.is_done(record):
                return records
            record = self.go_on(call, record)
            records |= record
        self.fail(f"It is stuck: {record.state}, {record.error_message}")

    def call_again(self, call, record):
        client = self.company._openapi_pec_client('production', 'signature')
        CALLS_AGAIN[call.operation](client, self.filing.procura_id.raw, record.reference)

    def get_chatter(self, record):
        return self.filing if record._name == 'openapi_pec.signature' else record

    # ------------------------------------------------------------ the books

    def lines(self, call):
        return self.env['openapi_pec.api_call'].search([('operation', '=', call.operation)])

    def executions(self, call):
        return [row for row in self.sandbox.executions() if row['operation'] == call.name]

    def assert_money(self, call, record):
        """What is said of the money is what is known of it."""
        line = self.lines(call)[:1]
        self.assertEqual(line.money, MONEY[line.state])
        sentence = record.error_message or ''
        if line.money == 'unknown':
            self.assertFalse(says_nothing_spent(sentence), sentence)
        if line.money == 'nothing' and record.state == 'failed':
            self.assertTrue(says_nothing_spent(sentence), sentence)

    def assert_not_again(self, call, record):
        """While the answer is missing, no job and no click makes the call once more."""
        asked = self.sandbox.requested(call.name)
        self.run_cron('dispatch')
        with self.assertRaisesRegex(UserError, "already"), self.env.cr.savepoint():
            self.ask(call)
        self.env.cr.postcommit.clear()
        self.assertEqual((self.sandbox.requested(call.name), record.state), (asked, 'unconfirmed'))

    def assert_books(self, call, records, twice=0):
        """Each request is a line of the journal, and each execution is one that is told as such.

        :param int twice: how many calls the service has executed a second time by itself
        """
        lines, executions = self.lines(call), self.executions(call)
        called = lines.filtered(lambda line: line.state != 'not_sent')
        self.assertEqual(self.sandbox.requested(call.name), len(called))
        requests = {row['number'] for row in executions}
        self.assertEqual(len(executions), len(requests) + twice, "one call took effect twice")
        accepted = lines.filtered(lambda line: line.state == 'accepted')
        self.assertLessEqual(set(accepted.mapped('remote_id')), {row['id'] for row in executions})
        uncertain = lines.filtered(lambda line: line.state == 'never_arrived')
        self.assertLessEqual(len(accepted), len(requests))
        self.assertLessEqual(len(requests), len(accepted | uncertain))
        self.assertFalse(lines.filtered(lambda line: line.state == 'pending'))
        self.assertEqual(len(records.filtered(self.is_done)), 1)
        # nobody signs or buys another one without a line that says why
        self.assertEqual(len(records.api_call_ids), len(lines))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignatureFaults(PaidCase):
    """Each fault of each paid call, to its end."""

    def test_faults(self):
        for call in CALLS:
            status, code = call.refusal
            documented = Fault('error_before', 0, REFUSED, {'status': status, 'body': envelope(code)})
            for fault in [*FAULTS, documented]:
                with self.subTest(call=call.operation, fault=fault.name, **fault.options):
                    self.begin()
                    self.sandbox.fault(call.name, fault.name, **fault.options)
                    record = self.ask(call)
                    self.assertEqual(
                        (self.lines(call).mapped('state'), len(self.executions(call))),
                        ([*fault.states], fault.executed))
                    self.assert_money(call, record)
                    if fault.states == LOST:
                        self.assert_not_again(call, record)
                    elif fault.states == ANSWERED:
                        self.assertTrue(self.is_done(record))
                    records = self.finish(call, record)
                    self.assert_books(call, records)
                    self.assertEqual(len(self.executions(call)), 1, "what was executed was found, and not asked again")

    def test_nobody_there(self):
        for call in CALLS:
            with self.subTest(call=call.operation):
                self.begin()
                parameters = self.env['ir.config_parameter'].sudo()
                name = 'l10n_it_openapi_pec.signature_base_url'
                address = parameters.get_param(name)
                parameters.set_param(name, 'http://127.0.0.1:9')
                record = self.ask(call)
                parameters.set_param(name, address)
                self.assertEqual(self.sandbox.requested(call.name), 0)
                self.assertIn(record.state, ('failed', 'queued'))
                self.assertTrue(says_nothing_spent(record.error_message), record.error_message)
                self.assert_books(call, self.finish(call, record))

    def test_executed_late(self):
        """It takes effect after the connection broke: at the first look it is not there, at the next it is."""
        for call in CALLS:
            with self.subTest(call=call.operation):
                self.begin()
                self.sandbox.fault(call.name, 'executed_late', seconds=600)
                record = self.ask(call)
                self.look_again(record, 'remote_signatures', minutes=0)
                self.assertEqual((record.state, self.executions(call)), ('unconfirmed', []))
                self.assert_money(call, record)
                self.sandbox.clear_faults()
                self.assertTrue(self.sandbox.wait_until_executed(call.name))
                self.assert_books(call, self.finish(call, record))
                self.assertEqual(len(self.executions(call)), 1)

    def test_executed_twice_by_the_service(self):
        """Asked once: what was answered first counts."""
        for call in CALLS:
            with self.subTest(call=call.operation):
                self.begin()
                self.sandbox.fault(call.name, 'twice')
                self.assert_books(call, self.finish(call, self.ask(call)), twice=1)

    def test_found_twice(self):
        """The list shows two of one lost call: one of them is ours, and the other one is told with its identifier."""
        for call in CALLS:
            with self.subTest(call=call.operation):
                self.begin()
                self.sandbox.fault(call.name, 'drop_after')
                record = self.ask(call)
                self.call_again(call, record)
                self.finish(call, record)
                self.run_cron('remote_signatures')
                first, second = self.executions(call)
                self.assertIn(record.remote_id, (first['id'], second['id']))
                [other] = {first['id'], second['id']} - {record.remote_id}
                self.assertEqual(self.messages(self.get_chatter(record)).count(other), 1)

    def test_one_that_cannot_be_followed(self):
        """A mistake of this program about one of them keeps no other one from being followed."""
        self.begin()
        self.sandbox.fault(READ_SIGNATURE, 'error_before', status=500, body='x')
        attempt = self.ask_to_sign()
        self.sandbox.fault(BUY_OTP, 'drop_after')
        certificate = self.ask_to_buy()
        attempt.retry_at = fields.Datetime.now()
        for name in ('_prepare_reading', '_look_for_late'):
            self.patch(self.env.registry['openapi_pec.signature'], name, lambda *args: 1 / 0)
        with self.assertLogs(level='ERROR') as logged:
            self.run_cron('remote_signatures')
        self.assertEqual(len(logged.output), 2)
        self.assertEqual((attempt.state, certificate.state), ('waiting', 'ordered'))

    def test_found_twice_late(self):
        """The same of what was taken for not executed meanwhile."""
        for call in CALLS:
            with self.subTest(call=call.operation):
                record = self.lose_until_late(call)
                self.call_again(call, record)
                for _look in range(2):
                    self.look_again(record, 'remote_signatures')
                if record.state == 'unconfirmed':
                    record.with_user(self.manager).action_free("Not in the console")
                    self.commit()
                self.assertEqual(self.lines(call).state, 'never_arrived')
                self.sandbox.weather(mood={'list_late': 0})
                self.look_again(record, 'remote_signatures', days=2)
                [other] = {row['id'] for row in self.executions(call)} - {record.remote_id}
                self.assertEqual(self.messages(self.get_chatter(record)).count(other), 1)

    def test_answered_and_made_twice(self):
        """A purchase that was answered is looked for once more: what was made besides costs EUR 99."""
        self.begin()
        certificate = self.ask_to_buy()
        self.call_again(CALLS[1], certificate)
        for _look in range(3):
            self.look_again(certificate, 'remote_signatures')
        other = self.executions(CALLS[1])[1]['id']
        self.assertEqual(self.messages(certificate).count(other), 1)
        self.assertIn(
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_refund'), certificate.activity_ids.activity_type_id)

    def test_freed_and_taken_over(self):
        """Freed, and bought again when it shows: that one is taken over, and neither of the records is stuck."""
        self.begin()
        self.sandbox.fault(BUY_OTP, 'drop_after')
        self.sandbox.weather(mood={'list_late': 3600})
        freed = self.ask_to_buy()
        for _look in range(2):
            self.look_again(freed, 'remote_signatures')
        freed.with_user(self.manager).action_free("Not in the console")
        self.commit()
        self.sandbox.weather(mood={'list_late': 0})
        certificate = self.ask_to_buy()
        self.assertEqual((certificate.state, self.sandbox.requested(BUY_OTP)), ('held', 1))
        certificate.with_user(self.manager).action_take_over()
        self.commit()
        self.look_again(freed, 'remote_signatures', days=2)
        self.assertEqual((freed.state, freed.api_call_ids.state), ('failed', 'accepted'))
        self.assertIn("is paid once", freed.error_message)
        self.assertFalse(freed.activity_ids | certificate.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(
                'l10n_it_openapi_pec.mail_activity_type_refund')))
        self.assertEqual(certificate.state, 'ordered')

    def test_lists_that_prove_nothing(self):
        """While they cannot be believed, it stays as it is, whether it was executed or not."""
        for call in CALLS:
            for loss in ('drop_after', 'drop_before'):
                for name, options in DOUBTFUL + DOUBTFUL_OF[call.operation]:
                    if (name, loss) == ('truncate', 'drop_before'):
                        continue  # there is nothing to be cut off
                    with self.subTest(call=call.operation, loss=loss, fault=name, **options):
                        self.begin()
                        self.sandbox.fault(call.name, loss)
                        record = self.ask(call)
                        self.sandbox.fault(call.listing, name, times=-1, **options)
                        for _look in range(3):
                            self.look_again(record, 'remote_signatures')
                        line = self.lines(call)
                        self.assertEqual((record.state, line.state, line.looks), ('unconfirmed', 'pending', 0))
                        self.assert_money(call, record)
                        self.sandbox.clear_faults()
                        self.assert_books(call, self.finish(call, record))
                        self.assertEqual(len(self.executions(call)), 1)

    def test_told_otherwise(self):
        """Other spellings, what is told of another attempt beside it, a list of several pages: it is found."""
        for call in CALLS:
            for mood in ({'values': ['upper']}, {'values': ['entities']}, {'clock': 9 * 3600}, {'clock': -7200}):
                with self.subTest(call=call.operation, **mood):
                    self.begin()
                    self.sandbox.fault(call.name, 'drop_after')
                    record = self.ask(call)
                    self.sandbox.weather(mood=mood)
                    for _number in range(3):
                        self.sandbox.create_certificate(certificateOwner="Anna Bianchi")
                    self.assert_books(call, self.finish(call, record))
                    self.assertEqual(len(self.executions(call)), 1)
                    self.sandbox.weather(mood={'values': [], 'clock': 0})

    def test_shown_late(self):
        """A list that shows it after a vain look: it is found, and asked once."""
        for call in CALLS:
            with self.subTest(call=call.operation):
                record = self.lose_until_late(call)
                self.run_cron('remote_signatures')
                self.assertEqual((record.state, self.lines(call).looks), ('unconfirmed', 1))
                self.sandbox.weather(mood={'list_late': 0})
                self.assert_books(call, self.finish(call, record))
                self.assertEqual(len(self.executions(call)), 1)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignedOnce(PaidCase):
    """What is a signature's alone: credentials, and the way of the signed file."""
    call = CALLS[0]

    def test_wrong_credentials(self):
        """In both forms, and with an answer that was lost: told as such, nothing signed, nothing tried again."""
        wrong = make_credentials(SANDBOX_USERNAME, SANDBOX_PIN, ONE_TIME)
        for told, fault in (('state', None), ('refusal', None), ('state', 'drop_after')):
            with self.subTest(told=told, fault=fault):
                self.begin()
                self.sandbox.settings(credentials_told=told)
                if fault:
                    self.sandbox.fault(SIGN_OTP, fault)
                attempt = self.ask_to_sign(wrong)
                if fault:
                    self.assertEqual(attempt.state, 'unconfirmed')
                    self.look_again(attempt, 'remote_signatures')
                self.run_cron('dispatch')
                self.assertEqual((attempt.state, attempt.outcome), ('failed', 'wrong_credentials'))
                line = self.lines(self.call)
                self.assertEqual((line.state, line.money), ('accepted', 'unknown'))
                self.assertIn("Whether the attempt costs", attempt.error_message)
                self.assertEqual((self.sandbox.requested(SIGN_OTP), self.executions(self.call)), (1, []))
                self.assertTrue(self.filing.can_sign_remotely)
                self.assertTrue(self.is_done(self.ask_to_sign()))

    def test_faults_of_the_file(self):
        """What is signed is fetched whatever happens to details and file, and never signed again for it."""
        for fault in ('drop_before', 'truncate', 'wrong_json', 'wrong_shape', 'other_answer', 'not_envelope_4xx',
                      'length_without_body', 'huge', 'error_before'):
            for skip in (0, 1):  # of the details, and of the file
                with self.subTest(fault=fault, skip=skip):
                    self.begin()
                    self.sandbox.fault(READ_SIGNATURE, fault, skip=skip)
                    attempt = self.ask_to_sign()
                    if attempt.state == 'waiting':
                        self.assertFalse(self.filing.can_sign_remotely)
                        attempt.retry_at = fields.Datetime.now()
                        self.run_cron('remote_signatures')
                    self.assertEqual(attempt.state, 'done')
                    line = self.lines(self.call)
                    self.assertEqual((line.state, line.money), ('accepted', 'paid'))
                    self.assertEqual(self.sandbox.requested(SIGN_OTP), 1)
                    refused = not self.filing.signed_procura_id  # a file that is none: told, and paid
                    self.assertEqual(refused, "is paid" in (attempt.error_message or ''))
                    if refused:
                        self.assertTrue(self.is_done(self.ask_to_sign()))

    def test_states_nobody_knows(self):
        """An answer of another state is waited for, and an error of the service is told."""
        for body, expected in [
            ({'state': 'DREAMING'}, 'done'), ({'state': None}, 'done'),
            ({'state': 'WAIT_SIGN', 'createdAt': 'yesterday'}, 'done'),
            ({'state': 'ERROR', 'errorNumber': 999, 'errorMessage': "broken"}, 'failed'),
            ({'state': 'ERROR', 'errorNumber': '110'}, 'failed'),
        ]:
            with self.subTest(**body):
                self.begin()
                self.sandbox.fault(READ_SIGNATURE, 'delay_before', seconds=PATIENCE + 1)  # while it is awaited
                attempt = self.ask_to_sign()
                self.assertEqual(attempt.state, 'waiting')
                told = {'id': attempt.remote_id, 'document': {}, **body}
                self.sandbox.fault(READ_SIGNATURE, 'error_before', status=200, body=told)
                for _reading in range(2):
                    attempt.retry_at = fields.Datetime.now()
                    self.run_cron('remote_signatures')
                self.assertEqual(attempt.state, expected)
                self.assertEqual((self.lines(self.call).money, self.sandbox.requested(SIGN_OTP)),
                                 ('paid' if expected == 'done' else 'unknown', 1))

"""Remote signatures among real processes: a server that dies around the call, and PINs that nothing remembers."""
import re

from odoo.tests import tagged

from ..common_processes import PATIENCE
from ..common_signature import BUY_OTP, ONE_TIME, PIN, SIGN_OTP
from ..common_signing import SigningProcessCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignProcesses(SigningProcessCase):
    """What no transaction of a test can show."""

    def test_killed_before_the_call(self):
        """The click is committed, nothing else: nobody has the PIN any more, and nothing was spent."""
        person, process = self.start()
        _filing, link = self.prepare(person)
        with self.connection() as cr:
            cr.execute("LOCK TABLE openapi_pec_api_call IN SHARE MODE")
            self.sign(person, link, ONE_TIME)
            self.wait_until(self.is_blocked, "the call is about to be taken")
            self.kill(process)
        self.assertEqual((self.attempts(), self.lines()), ([('queued', None)], []))
        person, _process = self.start()
        person.run_job('dispatch')
        person.run_job('remote_signatures')
        self.assertEqual(self.attempts(), [('queued', None)], "it may be about to begin")
        self.query("UPDATE openapi_pec_signature SET asked_at = asked_at - interval '2 minutes'")
        person.run_job('dispatch')
        person.run_job('remote_signatures')
        self.assertEqual((self.attempts(), self.lines()), ([('failed', 'not_begun')], []))
        self.assertEqual(self.sandbox.requested(SIGN_OTP), 0)
        self.assert_forgotten()
        self.sign(person, link).result(PATIENCE)
        self.assertEqual(self.attempts()[1], ('done', None))

    def test_killed_while_the_service_answers(self):
        """It was signed, and nobody was told: the list shows it, and nothing is signed twice."""
        person, process = self.start()
        filing, link = self.prepare(person)
        self.sandbox.fault(SIGN_OTP, 'delay_after', seconds=20)
        self.sign(person, link)
        self.wait_until(lambda: self.sandbox.requested(SIGN_OTP), "the service is asked")
        self.kill(process)
        self.assertEqual((self.attempts(), self.lines()), ([('unconfirmed', None)], [('pending',)]))
        self.sandbox.clear_faults()
        person, _process = self.start()
        person.run_job('dispatch')
        person.run_job('remote_signatures')
        self.assertEqual((self.attempts(), self.lines()), ([('done', None)], [('accepted',)]))
        self.assertEqual((self.sandbox.requested(SIGN_OTP), len(self.sandbox.signatures())), (1, 1))
        self.assertTrue(self.query("SELECT signed_procura_id FROM openapi_pec_communication WHERE id = %s AND "
                                   "signed_procura_id IS NOT NULL", filing))
        self.assert_forgotten()

    def test_two_servers_sign_at_once(self):
        """The signer presses twice, on two servers: one signature is asked for."""
        people = [self.start()[0] for _server in range(2)]
        _filing, link = self.prepare(people[0])
        for person in people:
            self.open_form(person, link)
        self.sandbox.fault(SIGN_OTP, 'delay_before', seconds=2)
        answers = [click.result(PATIENCE) for click in [self.sign(person, link) for person in people]]
        self.assertEqual({answer.status_code for answer in answers}, {200}, "both see the page")
        self.assertEqual((self.attempts(), self.sandbox.requested(SIGN_OTP)), ([('done', None)], 1))
        self.assert_forgotten()

    def test_forgotten_in_the_logs(self):
        """A server that logs as much as it can, wrong passwords, a service that repeats them, and a broken answer."""
        filing, link = self.prepare(self.start()[0])
        person, _process = self.start(options=('--log-level=debug_rpc_answer',))
        for told in ('state', 'refusal'):
            self.sandbox.settings(credentials_told=told)
            answer = self.sign(person, link, ONE_TIME).result(PATIENCE)
            self.assertIn("was not accepted", answer.text)
            self.assertFalse(re.search(f'{re.escape(PIN)}|{ONE_TIME}', answer.text))
            self.assertNotIn(PIN, answer.url)
        self.sandbox.fault(SIGN_OTP, 'error_before', status=422, body={
            'data': None, 'success': False, 'message': f"no {PIN} {ONE_TIME}", 'error': 615})
        self.sign(person, link, ONE_TIME).result(PATIENCE)
        self.sandbox.fault(SIGN_OTP, 'error_before', status=500, body=f'{PIN} {ONE_TIME}')
        self.sign(person, link, ONE_TIME).result(PATIENCE)
        self.assertEqual([outcome for _state, outcome in self.attempts()], [
            'wrong_credentials', 'wrong_credentials', 'refused', 'unconfirmed'])
        answer = self.sign_in_dialog(person, filing, ONE_TIME)
        self.assertIn("being asked for already", answer.json()['problem'])
        self.assert_forgotten()

    def test_killed_while_a_certificate_is_bought(self):
        """It was bought, and nobody was told: the list shows it, and it is paid once."""
        person, process = self.start()
        self.query("UPDATE res_company SET openapi_pec_sign_remotely = true")
        partner = person.call('res.partner', 'create', [{
            'name': "Mario Rossi", 'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'}])
        action = person.call('res.partner', 'action_openapi_pec_buy_certificate', partner)
        self.sandbox.settings(credit=1000)
        self.sandbox.fault(BUY_OTP, 'delay_after', seconds=20)
        self.threads.submit(person.call, action['res_model'], 'action_confirm', [action['res_id']])
        self.wait_until(lambda: self.sandbox.requested(BUY_OTP), "it is being bought")
        self.kill(process)
        self.assertEqual(self.query("SELECT state FROM openapi_pec_certificate"), [('unconfirmed',)])
        self.sandbox.clear_faults()
        person, _process = self.start()
        for job in ('dispatch', 'remote_signatures', 'dispatch'):
            person.run_job(job)
        self.assertEqual(self.query("SELECT state FROM openapi_pec_certificate"), [('ordered',)])
        self.assertEqual((self.sandbox.requested(BUY_OTP), len(self.sandbox.certificates())), (1, 1))

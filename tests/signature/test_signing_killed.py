"""`kill -9` at each step of a remote signature and of the purchase of a certificate, both at once in one server."""
import contextlib
from typing import NamedTuple

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.models.service.call_right import LOCK_SPACE
from odoo.addons.l10n_it_openapi_pec.models.signer.upload import LOCK

from ..common_processes import PATIENCE
from ..common_signature import BUY_OTP, ONE_TIME, READ_CERTIFICATE, READ_SIGNATURE, SIGN_OTP
from ..common_signing import SigningProcessCase

CALLS = {'sign_otp': SIGN_OTP, 'certificate_otp': BUY_OTP}
LONG = 10 * PATIENCE
MOST_ROUNDS = 8


class Left(NamedTuple):
    """What a killed server leaves.

    :param attempt: state of the attempt to sign; None: there is none
    :param certificate: likewise
    :param lines: states of the lines in the journal of both
    :param executed: how many signatures and certificates the service has made
    """
    attempt: object
    certificate: object
    lines: tuple = ()
    executed: tuple = (0, 0)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSigningKilled(SigningProcessCase):
    """Never twice, nothing lost, and neither the filing nor the purchase is stuck."""

    def kill_at(self, hold, left):
        """Ask for both, kill the server where ``hold`` stops it, and go on with another server until both are there.

        :param hold: context manager that is entered before it is asked, and left when both have stopped
        :param Left left: what the killed server leaves
        """
        person, process = self.start()
        self.filing, link = self.prepare(person, ONE_TIME)
        self.sandbox.settings(credit=1000)
        [self.partner] = person.call('res.partner', 'create', [
            {'name': "Anna Bianchi", 'l10n_it_codice_fiscale': 'BNCNNA85M41F205Q'}])
        with hold() as wait:
            self.sign(person, link, ONE_TIME)
            self.buy(person, [self.partner])
            wait()
            self.kill(process)
        self.assertEqual(self.get_left(), left)
        self.assert_forgotten()
        self.sandbox.clear_faults()
        person, _process = self.start()
        self.finish(person, link)
        self.assert_forgotten()

    def get_left(self):
        [attempt], [certificate] = self.attempts() or [(None, None)], self.certificates() or [(None,)]
        lines = tuple(state for operation in CALLS for [state] in self.lines(operation))
        return Left(attempt[0], certificate[0], lines, self.executed())

    def finish(self, person, link):
        """Let time pass and the jobs run, and do what the forms say, until both are there; then compare the books."""
        for _round in range(MOST_ROUNDS):
            for job in ('dispatch', 'remote_signatures', 'uploads'):
                person.run_job(job)
            if self.is_signed() and self.certificates()[-1:] == [('ordered',)]:
                break
            self.pass_time()
            if self.attempts()[-1:] in ([], [('failed', 'not_begun')], [('lost', 'lost')]):
                self.assertEqual(self.sign(person, link, ONE_TIME).result(PATIENCE).status_code, 200)
            if self.certificates()[-1:] in ([], [('failed',)]):
                self.buy(person, [self.partner]).result(PATIENCE)
            elif self.certificates()[-1] == ('unconfirmed',):
                self.free_certificate(person)
        self.assertTrue(self.is_signed(), self.attempts())
        self.assertEqual(self.certificates()[-1], ('ordered',))
        self.assertEqual(self.executed(), (1, 1), "never twice, nothing lost")
        for operation, name in CALLS.items():
            lines = [state for [state] in self.lines(operation)]
            self.assertEqual(lines.count('accepted'), 1)
            self.assertNotIn('pending', lines)
            self.assertLessEqual(self.sandbox.requested(name), len(lines))

    def free_certificate(self, person):
        [[certificate]] = self.query("SELECT id FROM openapi_pec_certificate WHERE state = 'unconfirmed'")
        [row] = person.call('openapi_pec.certificate', 'read', [certificate], ['can_be_freed'])
        if row['can_be_freed']:
            person.call('openapi_pec.certificate', 'action_free', [certificate], "Not in the console")

    def pass_time(self, minutes=15):
        for table, columns in (
                ('api_call', ('started_at', 'looked_at', 'last_look_at', 'last_believed_at')),
                ('signature', ('asked_at', 'retry_at')), ('certificate', ('retry_at',))):
            moved = ', '.join(f"{column} = {column} - interval '{minutes} minutes'" for column in columns)
            self.query(f'UPDATE openapi_pec_{table} SET {moved}')

    def is_signed(self):
        return bool(self.query(
            "SELECT 1 FROM openapi_pec_communication WHERE id = %s AND signed_procura_id IS NOT NULL", self.filing))

    # ------------------------------------------------------------ where it is stopped

    def are_blocked(self):
        return len(self.is_blocked() or ()) >= len(CALLS)

    @contextlib.contextmanager
    def locked(self, statement, *parameters):
        with self.connection() as cr:
            cr.execute(statement, parameters)
            yield lambda: self.wait_until(self.are_blocked, "both meet what is locked")

    @contextlib.contextmanager
    def faulty(self, fault):
        for name in CALLS.values():
            self.sandbox.fault(name, fault, seconds=LONG)
        yield lambda: self.wait_until(
            lambda: all(self.sandbox.requested(name) for name in CALLS.values()), "both are asked")

    @contextlib.contextmanager
    def rights_taken(self):
        """The sole right to make the next two calls is held by somebody else."""
        with self.connection() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, (last_value + is_called::int + later)::int) "
                       "  FROM openapi_pec_api_call_id_seq, generate_series(0, 1) AS later", [LOCK_SPACE])
            yield lambda: self.wait_until(self.are_blocked, "both are about to call")

    @contextlib.contextmanager
    def outcomes_locked(self):
        with self.faulty('delay_before') as wait, self.connection() as cr:
            def wait_for_outcomes():
                wait()
                cr.execute("SELECT FROM openapi_pec_api_call FOR UPDATE")
                self.sandbox.clear_faults()
                self.wait_until(self.are_blocked, "both outcomes are to be written")

            yield wait_for_outcomes

    @contextlib.contextmanager
    def read_slowly(self):
        for name in (READ_SIGNATURE, READ_CERTIFICATE):
            self.sandbox.fault(name, 'delay_before', seconds=LONG, times=-1)
        yield lambda: self.wait_until(
            lambda: self.sandbox.requested(READ_SIGNATURE) and self.certificates() == [('ordered',)],
            "the signed file is fetched")

    @contextlib.contextmanager
    def fetched_slowly(self):
        """The details are told, the file is under way."""
        self.sandbox.fault(READ_SIGNATURE, 'delay_before', seconds=LONG, skip=1)
        yield lambda: self.wait_until(
            lambda: self.sandbox.requested(READ_SIGNATURE) > 1 and self.certificates() == [('ordered',)],
            "the signed file is fetched")

    @contextlib.contextmanager
    def judged_slowly(self):
        """The signed file is here, and is about to become the filing's."""
        with self.connection() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, self.filing])
            yield lambda: self.wait_until(
                lambda: self.is_blocked() and self.certificates() == [('ordered',)], "the signed file is judged")

    # ------------------------------------------------------------ the steps

    def test_before_the_click_is_committed(self):
        self.kill_at(
            lambda: self.locked("LOCK TABLE openapi_pec_signature, openapi_pec_certificate IN SHARE MODE"),
            Left(None, None))

    def test_before_the_line_is_written(self):
        self.kill_at(lambda: self.locked("LOCK TABLE openapi_pec_api_call IN SHARE MODE"), Left('queued', 'queued'))

    def test_right_before_the_call(self):
        self.kill_at(self.rights_taken, Left('unconfirmed', 'unconfirmed', ('pending', 'pending')))

    def test_before_it_is_executed(self):
        """The service executes it when nobody waits for the answer any more."""
        self.kill_at(
            lambda: self.faulty('delay_before'), Left('unconfirmed', 'unconfirmed', ('pending', 'pending')))

    def test_before_the_answer(self):
        self.kill_at(
            lambda: self.faulty('delay_after'), Left('unconfirmed', 'unconfirmed', ('pending', 'pending'), (1, 1)))

    def test_before_the_outcome_is_written(self):
        self.kill_at(self.outcomes_locked, Left('unconfirmed', 'unconfirmed', ('pending', 'pending'), (1, 1)))

    def test_while_it_is_read(self):
        self.kill_at(self.read_slowly, Left('waiting', 'ordered', ('accepted', 'accepted'), (1, 1)))

    def test_while_the_file_is_fetched(self):
        self.kill_at(self.fetched_slowly, Left('waiting', 'ordered', ('accepted', 'accepted'), (1, 1)))

    def test_while_the_file_is_judged(self):
        self.kill_at(self.judged_slowly, Left('judging', 'ordered', ('accepted', 'accepted'), (1, 1)))

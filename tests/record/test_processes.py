"""One call, once, among real processes: Odoo servers on one database, killed and started again."""
import contextlib

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.models.service.call_right import LOCK_SPACE
from odoo.addons.l10n_it_openapi_pec.models.service.company import PARALLEL_CALLS

import environment
import serving

from ..common import CREATE
from ..common_processes import PATIENCE, FilingProcessCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestProcesses(FilingProcessCase):
    """Servers, sessions and database connections of their own: nothing is shared with the test's process."""

    # ------------------------------------------------------------ several at once

    def test_clicks_at_once(self):
        """Two people on each of two servers press the button of one filing, while the service is slow."""
        people = [self.start()[0] for _server in range(2)]
        people += [serving.Person(person.url, self.database) for person in people]
        for delay in (0, 1):
            with self.subTest(delay=delay):
                self.sandbox.reset()
                ids = self.create_filings(people[0])
                self.sandbox.fault(CREATE, 'delay_before', seconds=delay)
                clicks = [self.submit(person, ids) for person in people]
                outcomes = [click.exception(PATIENCE) for click in clicks]
                self.assertIn(None, outcomes)
                for outcome in filter(None, outcomes):
                    self.assertIsInstance(outcome, serving.Refused)
                    self.assertRegex(str(outcome), "submitted already. It is not sent a second time|concurrent update")
                self.query("DELETE FROM openapi_pec_api_call WHERE res_id != ALL(%s)", ids)
                self.assert_truth(ids)

    def test_the_same_filing_twice_at_once(self):
        """Two drafts of the same thing are submitted on two servers at once: one is paid.

        They are of one contact of the company, or of two.
        """
        people = [self.start()[0] for _server in range(2)]
        for delay, contacts in ((0, 1), (0.5, 1), (0, 2), (0.5, 2)):
            with self.subTest(delay=delay, contacts=contacts):
                self.sandbox.reset()
                ids = [filing for _contact in range(contacts) for filing in self.create_filings(
                    people[0], 2 // contacts, pec_email=f'same.{delay}.{contacts}@legalmail.it')]
                self.sandbox.fault(CREATE, 'delay_before', seconds=delay)
                clicks = [self.submit(person, [filing]) for person, filing in zip(people, ids, strict=True)]
                outcomes = [click.exception(PATIENCE) for click in clicks]
                paid = [filing for filing, outcome in zip(ids, outcomes, strict=True) if outcome is None]
                self.assertEqual(len(paid), 1)
                self.assertRegex(str(next(filter(None, outcomes))), "follow that filing, do not pay twice")
                self.query("DELETE FROM openapi_pec_api_call WHERE res_id != ALL(%s)", paid)
                self.assert_truth(paid)

    def test_serialization_failure(self):
        """Another transaction changes the filing during the click: Odoo runs the request again, with one call made."""
        person, _process = self.start()
        ids = self.create_filings(person)
        with self.connection() as cr:
            cr.execute("UPDATE openapi_pec_communication SET chamber_note = 'meanwhile' WHERE id = ANY(%s)", [ids])
            click = self.submit(person, ids)
            self.wait_until(self.is_blocked, "the click meets the other transaction")
        click.result(PATIENCE)
        log = environment.log_path(f'{self._testMethodName}_1').read_text()
        self.assertRegex(log, "(?i)serializ.* tries left|concurrent update")
        self.assertEqual(
            self.query("SELECT chamber_note FROM openapi_pec_communication WHERE id = ANY(%s)", ids), [('meanwhile',)])
        self.assert_truth(ids)

    def test_two_processes_dispatch_one_queue(self):
        count = 30
        people = [self.start()[0] for _server in range(2)]
        ids = self.create_filings(people[0], count)
        self.submit(people[0], ids).result(PATIENCE)
        self.assertEqual(self.sandbox.requested(), 0)
        script = "env['openapi_pec.api_call']._cron_dispatch()\n"
        self.sandbox.fault(CREATE, 'delay_before', seconds=0.1, times=-1)
        with contextlib.ExitStack() as stack:
            processes = [
                stack.enter_context(environment.odoo_process(
                    'shell', '-d', self.database, '--no-http', log=f'{self._testMethodName}_shell_{number}',
                    script=script))
                for number in range(2)
            ]
            self.assertEqual([process.wait(PATIENCE) for process in processes], [0, 0])
        self.assert_truth(ids)

    def test_two_processes_one_killed_in_the_middle(self):
        """Two processes make many calls at a time, and one dies.

        What it was calling is found by reading, the rest is called.
        """
        count = 40
        person, _server = self.start()
        ids = self.create_filings(person, count)
        self.submit(person, ids).result(PATIENCE)
        self.sandbox.fault(CREATE, 'delay_after', seconds=0.3, times=-1)
        script = "env['openapi_pec.api_call']._cron_dispatch()\n"
        with contextlib.ExitStack() as stack:
            first, second = (
                stack.enter_context(environment.odoo_process(
                    'shell', '-d', self.database, '--no-http', log=f'{self._testMethodName}_shell_{number}',
                    script=script))
                for number in range(2)
            )
            self.wait_until(lambda: self.sandbox.executed() >= count // 4, "the calls are being made")
            self.kill(first)
            self.assertEqual(second.wait(PATIENCE), 0)
        self.sandbox.clear_faults()
        person.run_job('dispatch')
        self.recover(person)
        # What had been taken and not called yet is freed and submitted again by a person, and is looked for once more.
        failed = [row[0] for row in self.query("SELECT id FROM openapi_pec_communication WHERE state = 'failed'")]
        self.assertLessEqual(len(failed), PARALLEL_CALLS)
        if failed:
            self.submit(person, failed).result(PATIENCE)
            person.run_job('dispatch')
        self.assert_truth(ids)

    # ------------------------------------------------------------ kill -9

    def recover(self, person):
        """Let the scheduled job look, and look again ten minutes later; then a person frees what was not found."""
        person.run_job('synchronize')
        self.query("UPDATE openapi_pec_api_call SET looked_at = looked_at - interval '10 minutes'")
        person.run_job('synchronize')
        for [filing] in self.query("SELECT res_id FROM openapi_pec_api_call WHERE state = 'pending' ORDER BY id"):
            self.free(person, 'openapi_pec.communication', filing)

    def test_killed_before_the_call_is_taken(self):
        """The click is committed, nothing else: the scheduled job goes on with it."""
        person, process = self.start()
        ids = self.create_filings(person)
        with self.connection() as cr:
            cr.execute("LOCK TABLE openapi_pec_api_call IN SHARE MODE")
            self.submit(person, ids)
            self.wait_until(self.is_blocked, "the dispatch writes its line")
            self.kill(process)
        self.assertEqual(
            self.query("SELECT state FROM openapi_pec_communication WHERE id = ANY(%s)", ids), [('queued',)])
        person, _process = self.start()
        person.run_job('dispatch')
        self.assert_truth(ids)

    def test_killed_right_before_the_call(self):
        """The line is written, the call is not made: a person may submit again."""
        person, process = self.start()
        ids = self.create_filings(person)
        with self.connection() as cr:
            cr.execute("SELECT last_value + is_called::int FROM openapi_pec_api_call_id_seq")
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, cr.fetchone()[0]])
            self.submit(person, ids)
            self.wait_until(self.is_blocked, "the dispatch is about to call")
            self.kill(process)
        self.assertEqual(self.query("SELECT state FROM openapi_pec_api_call"), [('pending',)])
        self.assertEqual(self.sandbox.requested(), 0)
        person, _process = self.start()
        person.run_job('dispatch')
        self.recover(person)
        [[state, message]] = self.query(
            "SELECT state, error_message FROM openapi_pec_communication WHERE id = ANY(%s)", ids)
        self.assertEqual((state, self.sandbox.requested()), ('failed', 0))
        self.assertIn("nothing was spent", message)
        self.submit(person, ids).result(PATIENCE)
        self.assert_truth(ids)

    def test_killed_during_the_call(self):
        """The service has the request and executes it when nobody waits for the answer any more."""
        person, process = self.start()
        ids = self.create_filings(person)
        self.sandbox.fault(CREATE, 'delay_before', seconds=10 * PATIENCE)
        self.submit(person, ids)
        self.wait_until(self.sandbox.requested, "the request arrives")
        self.kill(process)
        self.assertEqual(self.sandbox.executed(), 0)
        person, _process = self.start()
        person.run_job('dispatch')
        self.sandbox.clear_faults()
        self.wait_until(self.sandbox.executed, "the service executes the call")
        self.recover(person)
        self.assert_truth(ids)

    def test_killed_before_the_answer(self):
        """The call is executed and paid, its answer under way."""
        person, process = self.start()
        ids = self.create_filings(person)
        self.sandbox.fault(CREATE, 'delay_after', seconds=30)
        self.submit(person, ids)
        self.wait_until(self.sandbox.executed, "the service executes the call")
        self.kill(process)
        person, _process = self.start()
        person.run_job('dispatch')
        self.recover(person)
        self.assert_truth(ids)

    def test_killed_right_after_the_call(self):
        """The answer is here, and not written yet."""
        person, process = self.start()
        ids = self.create_filings(person)
        self.sandbox.fault(CREATE, 'delay_before', seconds=10 * PATIENCE)
        with self.connection() as cr:
            self.submit(person, ids)
            self.wait_until(self.sandbox.requested, "the request arrives")
            cr.execute("SELECT FROM openapi_pec_api_call FOR UPDATE")
            self.sandbox.clear_faults()
            self.wait_until(self.is_blocked, "the outcome is written")
            self.kill(process)
        self.assertEqual(self.sandbox.executed(), 1)
        self.assertEqual(self.query("SELECT state FROM openapi_pec_api_call"), [('pending',)])
        person, _process = self.start()
        person.run_job('dispatch')
        self.recover(person)
        self.assert_truth(ids)

    # ------------------------------------------------------------ filings made elsewhere

    def make_remote(self, count):
        """Make filings at the service, about the company of :meth:`create_filings`, and let them be old."""
        return self.sandbox.create_filings(
            count, 'comunicazione_evasa', casella_pec='altra{n}@legalmail.it', cf_piva='12485671007')

    def age(self):
        self.query("UPDATE openapi_pec_foreign_filing SET seen_at = seen_at - interval '1 hour'")

    def forget_likenesses(self):
        """Archive the company of the demo data that has the same tax code."""
        self.query("UPDATE res_partner SET active = false WHERE l10n_it_codice_fiscale = '12485671007'")

    def test_import_by_two_people_at_once(self):
        """Two people on each of two servers press the button, and the job runs on both: each filing becomes one record.
        """
        self.forget_likenesses()
        people = [self.start()[0] for _server in range(2)]
        people += [serving.Person(person.url, self.database) for person in people]
        self.create_filings(people[0])
        remote_ids = self.make_remote(30)
        self.sandbox.fault('GET /comunica_pec', 'delay_before', seconds=0.5, times=-1)
        clicks = [
            self.threads.submit(person.call, 'openapi_pec.foreign_filing', 'action_import', []) for person in people]
        outcomes = [click.exception(PATIENCE) for click in clicks]
        self.assertIn(None, outcomes)
        for outcome in filter(None, outcomes):
            self.assertIsInstance(outcome, serving.Refused)
            self.assertRegex(str(outcome), "Somebody else has just started the same import|concurrent update")
        self.assertEqual(self.query("SELECT count(*) FROM openapi_pec_foreign_filing"), [(30,)])
        self.age()
        jobs = [self.threads.submit(person.run_job, 'import') for person in people[:2]]
        outcomes = [job.exception(PATIENCE) for job in jobs]
        self.assertIn(None, outcomes)
        people[0].run_job('import')
        filings = self.query("SELECT remote_id FROM openapi_pec_communication WHERE is_imported")
        self.assertEqual(sorted(row[0] for row in filings), sorted(remote_ids))

    def test_import_after_kill_during_the_call(self):
        """What the call of a killed server made is recovered by its own filing, however old it is, and not imported."""
        self.forget_likenesses()
        person, process = self.start()
        ids = self.create_filings(person)
        self.sandbox.fault(CREATE, 'delay_after', seconds=PATIENCE)
        self.submit(person, ids)
        self.wait_until(self.sandbox.executed, "the call took effect")
        self.kill(process)
        person, _process = self.start()
        person.call('openapi_pec.foreign_filing', 'action_import', [])
        self.age()
        person.run_job('import')
        self.assertEqual(self.query("SELECT reason FROM openapi_pec_foreign_filing"), [('own_call',)])
        self.assertFalse(self.query("SELECT 1 FROM openapi_pec_communication WHERE is_imported"))
        self.recover(person)
        person.run_job('import')
        self.assertFalse(self.query("SELECT 1 FROM openapi_pec_foreign_filing"))
        self.assert_truth(ids)

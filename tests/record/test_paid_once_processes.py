"""Paid once among real processes: a process that is suspended right before it pays, yesterday's database, a power cut.
"""
import os
import signal
import time
from pathlib import Path
from unittest import mock

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.models.service.call_right import LOCK_SPACE

import environment
import throwaway

from ..common import CREATE, LIST
from ..common_processes import PATIENCE, READY, FilingProcessCase

# The job in a process of its own, for which a second is what is half a minute otherwise.
DISPATCH = """
from odoo.addons.l10n_it_openapi_pec.models.service import call_dispatch
call_dispatch.TAKE_SECONDS = 1
env['openapi_pec.api_call']._cron_dispatch()
"""


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPaidOnceProcesses(FilingProcessCase):
    """What no transaction of a test can show."""

    def test_suspended_after_it_was_taken(self):
        """A process sleeps between taking calls and making them: when it wakes up, it makes none."""
        person, _server = self.start()
        ids = self.create_filings(person, 2)
        self.submit(person, ids).result(PATIENCE)
        with environment.odoo_process(
                'shell', '-d', self.database, '--no-http', log=f'{self._testMethodName}_shell',
                script=DISPATCH) as process:
            with self.connection() as cr:
                cr.execute("SELECT last_value + is_called::int FROM openapi_pec_api_call_id_seq")
                cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, cr.fetchone()[0]])
                self.wait_until(self.is_blocked, "the dispatch is about to call")
                os.killpg(process.pid, signal.SIGSTOP)
            time.sleep(2)
            os.killpg(process.pid, signal.SIGCONT)
            self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(self.sandbox.requested(), 0)
        for state, message, line in self.query("""
            SELECT filing.state, filing.error_message, line.state
              FROM openapi_pec_communication AS filing JOIN openapi_pec_api_call AS line ON line.res_id = filing.id
             WHERE filing.id = ANY(%s)
        """, ids):
            self.assertEqual((state, line), ('queued', 'not_sent'))
            self.assertIn("nothing was spent", message)
        self.query("UPDATE openapi_pec_communication SET retry_at = NULL")
        person.run_job('dispatch')
        self.query("DELETE FROM openapi_pec_api_call WHERE state = 'not_sent'")
        self.assert_truth(ids)

    def restore(self, process, backup):
        """Have yesterday's database come back: the server ends, and its database is replaced by an earlier copy."""
        self.kill(process)
        environment.drop_database(self.database)
        environment.copy_database(backup, self.database)

    def test_a_backup_comes_back(self):
        """The backup has drafts, queued filings, or nothing at all.

        What was paid since is found at the service, and not paid again.
        """
        person, process = self.start()
        drafts, queued = self.create_filings(person, 3), self.create_filings(person, 3)
        self.submit(person, queued).result(PATIENCE)
        self.kill(process)
        backup = f'{self.database}_backup'
        environment.copy_database(self.database, backup)
        self.addCleanup(environment.drop_database, backup)
        person, process = self.start()
        self.submit(person, drafts).result(PATIENCE)
        person.run_job('dispatch')
        self.assert_truth(drafts + queued)
        [later] = self.create_filings(person, pec_email='dopo@legalmail.it')  # of which the backup knows nothing
        self.submit(person, [later]).result(PATIENCE)
        self.assert_truth(drafts + queued + [later])
        self.restore(process, backup)
        person, process = self.start()
        lists = self.sandbox.requested(LIST)
        person.run_job('dispatch')
        self.submit(person, drafts).result(PATIENCE)
        person.run_job('dispatch')
        self.assertLessEqual(self.sandbox.requested(LIST) - lists, 4)
        [again] = self.create_filings(person, pec_email='dopo@legalmail.it')
        self.submit(person, [again]).result(PATIENCE)
        self.choose_the_only_one(person, again)
        self.assertEqual(self.sandbox.requested(CREATE), 7)
        self.assert_truth(drafts + queued + [again])

    def choose_the_only_one(self, person, filing):
        """Say of the one record that is offered before a filing is paid that it is this one."""
        self.assertEqual(
            self.query("SELECT state, is_held FROM openapi_pec_communication WHERE id = %s", filing),
            [('queued', True)])
        question = person.call('openapi_pec.communication', 'action_choose', [filing])['res_id']
        [values] = person.call('openapi_pec.reconcile', 'read', [question], ['line_ids'])
        [line] = values['line_ids']
        person.call('openapi_pec.reconcile.line', 'action_this_one', [line])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPowerCut(FilingProcessCase):
    """A PostgreSQL that does not wait for the disk, on a cluster of its own that may be killed."""

    def make_database(self):
        home = Path(f'{environment.SOCKETS}-power-cut-{os.getpid()}')
        # What a server promises by itself, but for commits: those it loses when it is killed, whoever does not ask for
        # more.
        self.cluster = throwaway.Cluster(home / 'data', home, synchronous_commit='off', wal_writer_delay='10s')
        self.addCleanup(self.cluster.remove)
        self.cluster.create()
        self.cluster.start()
        with environment.workplace() as place:
            throwaway.dump(READY, place / 'dump')
            self.enterContext(mock.patch.dict(os.environ, self.cluster.environ))
            throwaway.restore(self.database, place / 'dump')
        environment.copy_files(READY, self.database)

    def test_killed_right_after_the_call(self):
        """What a call needs to be found again survives, and so does its answer.

        This holds although the server's setting lets commits be lost.
        """
        self.assertEqual(self.query("SHOW synchronous_commit"), [('off',)])
        person, process = self.start()
        answered, lost = self.create_filings(person, 2)
        self.submit(person, [answered]).result(PATIENCE)
        self.sandbox.fault(CREATE, 'delay_after', seconds=PATIENCE)
        self.submit(person, [lost])
        self.wait_until(lambda: self.sandbox.executed() == 2, "the call took effect")
        self.cluster.stop('immediate')
        self.kill(process)
        self.cluster.start()
        self.assertEqual(
            self.query("SELECT filing.state, line.state FROM openapi_pec_api_call AS line"
                       " JOIN openapi_pec_communication AS filing ON filing.id = line.res_id ORDER BY line.id"),
            [('code_requested', 'accepted'), ('unconfirmed', 'pending')])
        person, _process = self.start()
        person.run_job('dispatch')
        person.run_job('synchronize')
        self.assert_truth([answered, lost])
        self.assertEqual(self.sandbox.requested(CREATE), 2)

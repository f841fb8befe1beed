"""Paid once among real processes: a server that is suspended right before it pays, and yesterday's database that comes back."""
import os
import signal
import time

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.const import TAKE_SECONDS
from odoo.addons.l10n_it_openapi_pec.models.openapi_pec_api_call import LOCK_SPACE

import environment

from .common import LIST
from .common_processes import PATIENCE, FilingProcessCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPaidOnceProcesses(FilingProcessCase):
    """What no transaction of a test can show."""

    def test_suspended_after_it_was_taken(self):
        """A process sleeps between taking a call and making it: when it wakes up, it makes none."""
        person, process = self.start()
        ids = self.create_filings(person)
        with self.connection() as cr:
            cr.execute("SELECT last_value + is_called::int FROM openapi_pec_api_call_id_seq")
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, cr.fetchone()[0]])
            click = self.submit(person, ids)
            self.wait_until(self.is_blocked, "the dispatch is about to call")
            os.killpg(process.pid, signal.SIGSTOP)
        time.sleep(TAKE_SECONDS + 2)
        os.killpg(process.pid, signal.SIGCONT)
        click.result(PATIENCE)
        self.assertEqual(self.sandbox.requested(), 0)
        [[state, message, line]] = self.query("""
            SELECT filing.state, filing.error_message, line.state
              FROM openapi_pec_communication AS filing JOIN openapi_pec_api_call AS line ON line.res_id = filing.id
             WHERE filing.id = ANY(%s)
        """, ids)
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
        """Drafts, queued filings and nothing at all in the backup: what was paid since is found at the service, and not paid again."""
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
        self.restore(process, backup)
        person, process = self.start()
        lists = self.sandbox.requested(LIST)
        person.run_job('dispatch')
        self.submit(person, drafts).result(PATIENCE)
        person.run_job('dispatch')
        self.assert_truth(drafts + queued)
        self.assertLessEqual(self.sandbox.requested(LIST) - lists, 4)

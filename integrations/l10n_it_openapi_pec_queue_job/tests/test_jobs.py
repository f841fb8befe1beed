from contextlib import closing

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.tests.common import CREATE, LIST, PecCase
from odoo.addons.l10n_it_openapi_pec_queue_job.models import call_mixin
from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID

COUNT = 120
CLASS = 'odoo.addons.l10n_it_openapi_pec.models.service.call_dispatch'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestJobs(PecCase):
    """Who makes the calls that are due, and that each is made once."""

    def setUp(self):
        super().setUp()
        self.sandbox.settings(credit=100 * COUNT)
        self.runner = self.enterContext(closing(psycopg2.connect(dbname=self.env.cr.dbname)))
        self.filings = self.env['openapi_pec.communication'].union(
            *(self.create_filing(partner_id=company.id) for company in self.create_companies(COUNT)))

    def start_runner(self):
        """Hold what queue_job's runner holds as long as it runs."""
        with self.runner.cursor() as cr:
            cr.execute("SELECT pg_advisory_lock(%s)", [PG_ADVISORY_LOCK_ID])

    def get_jobs(self, *states):
        return self.env['queue.job'].search([('state', 'in', states or ('pending',))], order='id')

    def perform(self, jobs, is_twice=False):
        """Execute jobs, as queue_job does."""
        with self.real_transactions():
            for uuid in jobs.mapped('uuid'):
                job = Job.load(self.env, uuid)
                for _time in range(1 + is_twice):
                    job.perform()
                job.set_done()
                job.store()

    def assert_called_once(self):
        self.assertEqual(self.filings.mapped('state'), ['code_requested'] * COUNT)
        self.assertEqual(len(set(self.filings.mapped('remote_id'))), COUNT)
        self.assertEqual((self.sandbox.requested(CREATE), self.sandbox.executed()), (COUNT, COUNT))

    def test_without_a_runner(self):
        """Where nobody starts jobs, the scheduled job makes the calls, and leaves none to a job."""
        self.filings.action_submit()
        self.run_cron('dispatch')
        self.assertFalse(self.get_jobs())
        self.assert_called_once()

    def test_jobs_in_the_channel_of_the_account(self):
        self.start_runner()
        self.filings.action_submit()
        self.run_cron('dispatch')
        jobs = self.get_jobs()
        self.assertEqual([len(job.records) for job in jobs], [50, 50, 20])
        self.assertEqual(set(jobs.mapped('channel')), {f'root.openapi_pec.account_{self.company.id}'})
        self.assertEqual(jobs.job_function_id.channel, 'root.openapi_pec')
        self.assertEqual(self.sandbox.requested(CREATE), 0)
        self.run_cron('dispatch')  # woken by a click
        self.assertEqual(self.get_jobs(), jobs, "what a job has is given to no other one")
        before = self.sandbox.requested(LIST)
        self.perform(jobs, is_twice=True)
        self.assert_called_once()
        self.assertLessEqual(self.sandbox.requested(LIST) - before, len(jobs))
        self.assertFalse(self.get_jobs())

    def test_companies_of_one_account_share_a_channel(self):
        self.start_runner()
        other = self.env['res.company'].create({'name': "Another One"})
        other._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.filings.action_submit()
        self.env.flush_all()
        some = self.filings[:10].ids
        self.env.cr.execute("UPDATE openapi_pec_communication SET company_id = %s WHERE id = ANY(%s)", [other.id, some])
        self.env.invalidate_all()
        self.run_cron('dispatch')
        self.assertEqual(len(self.get_jobs()), 4)
        self.assertEqual(len(set(self.get_jobs().mapped('channel'))), 1)

    def test_a_job_leaves_the_rest_to_another_one(self):
        self.start_runner()
        self.patch(call_mixin, 'JOB_SECONDS', 0)
        self.filings.action_submit()
        self.run_cron('dispatch')
        rounds = 0
        while jobs := self.get_jobs():
            self.perform(jobs)
            rounds += 1
        self.assertGreater(rounds, 2)
        self.assert_called_once()

    def test_what_a_failed_job_had_is_given_to_another_one(self):
        self.start_runner()
        self.filings.action_submit()
        self.run_cron('dispatch')
        self.get_jobs().write({'state': 'failed'})
        self.run_cron('dispatch')
        self.assertEqual(len(self.get_jobs()), 3)
        self.perform(self.get_jobs('failed', 'pending'))
        self.assert_called_once()

    def test_the_service_is_not_reached(self):
        """What was certainly not sent waits for its next attempt: the job is done, and is not tried again."""
        self.start_runner()
        self.filings.action_submit()
        self.run_cron('dispatch')
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', 'http://127.0.0.1:9')
        with mute_logger(CLASS):
            self.perform(self.get_jobs())
        self.assertEqual(set(self.filings.mapped('state')), {'queued'})
        self.assertTrue(all(self.filings.mapped('retry_at')))
        self.run_cron('dispatch')
        self.assertFalse(self.get_jobs(), "nothing is due")
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', self.sandbox.url)
        self.filings.retry_at = False
        self.run_cron('dispatch')
        self.perform(self.get_jobs())
        self.assert_called_once()

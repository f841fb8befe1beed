import time

from odoo import models
from odoo.fields import Domain
from odoo.tools import split_every

from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import job
from odoo.addons.queue_job.job import ENQUEUED, PENDING, STARTED, WAIT_DEPENDENCIES
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID

CHANNEL = 'root.openapi_pec'  # of which each account has a channel of its own
SLICE = 50  # records of a job, for which the account's list is read once
JOB_SECONDS = 20  # after which a job begins no more calls, and leaves the rest to another one
LIVE_STATES = (WAIT_DEPENDENCIES, PENDING, ENQUEUED, STARTED)
RUNNER_QUERY = """
    SELECT 1 FROM pg_locks
     WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND (classid::bigint << 32) + objid::bigint = %s
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class OpenapiPecCallMixin(models.AbstractModel):
    """The dispatch in jobs of `queue_job`, which all servers share.

    A job does what the scheduled job does: it calls ``_dispatch``, which claims each record with a pending line, makes
    the call, and records its outcome, in transactions of its own. A job that is executed twice, retried, or begun again
    after its server was lost, finds the records no longer due and calls nothing.
    """
    _inherit = 'openapi_pec.call.mixin'

    # ------------------------------------------------------------ CALLS

    def _dispatch_due(self, parallel, go_on):
        if not self._has_job_runner():
            return super()._dispatch_due(parallel, go_on)
        for ids in split_every(SLICE, (self - self._get_in_jobs()).ids):
            self.browse(ids)._delay_dispatch()
        return bool(go_on(len(self)))

    def _has_job_runner(self):
        """Return whether some server starts the jobs of this database: without one the scheduled job makes the calls.
        """
        self.env.cr.execute(RUNNER_QUERY, [PG_ADVISORY_LOCK_ID])
        return bool(self.env.cr.rowcount)

    def _get_in_jobs(self):
        """Return those of these records that a job has which is not done."""
        jobs = self.env['queue.job'].sudo().search([
            ('model_name', '=', self._name), ('method_name', '=', '_dispatch_in_job'), ('state', 'in', LIVE_STATES)])
        return self & self.browse(record_id for job in jobs for record_id in job.records.ids)

    def _delay_dispatch(self):
        """Leave the calls of these records of one company to a job, in the channel of its account."""
        account = min(self.company_id._openapi_pec_with_same_account().ids)
        self.with_delay(channel=f'{CHANNEL}.account_{account}')._dispatch_in_job()

    @job
    def _dispatch_in_job(self):
        """Make the calls of these records of one company that are still due; the first line is the job's name."""
        due = self.search(self._due_domain() & Domain('id', 'in', self.ids), order='id')
        end = time.monotonic() + JOB_SECONDS
        if due and not due._dispatch(
                due.company_id.openapi_pec_parallel_calls, lambda _count: time.monotonic() < end):
            due._delay_dispatch()

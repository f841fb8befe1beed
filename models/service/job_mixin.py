import functools
import logging
import random
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

JOB = object()  # in the context of what a scheduled job does: an object that no request can send

SECOND = timedelta(seconds=1)
MAX_TRIES = 5  # of a short transaction that meets another one on the same rows

# Context in which records are created without mails, followers and lines in their chatters.
QUIETLY = {
    'mail_create_nolog': True, 'mail_create_nosubscribe': True, 'mail_auto_subscribe_no_notify': True,
    'tracking_disable': True,
}


def is_job(env):
    """Return whether a scheduled job is at work, so that nobody waits for an answer."""
    return env.context.get('openapi_pec_job') is JOB


def job(method):
    """Decorate the method of a scheduled job: nobody waits for it, also when somebody starts it by hand."""
    @functools.wraps(method)
    def run(self):
        return method(self.with_context(openapi_pec_job=JOB))

    return run


class OpenapiPecJobMixin(models.AbstractModel):
    """A model on which a scheduled job works; the same methods also run in the transaction of a person's click.

    The method of a job is decorated with :func:`job`. A row that another transaction changes at the same moment is left
    for later: see :func:`.lock.run_unless_met`.
    """
    _name = 'openapi_pec.job.mixin'
    _description = "Work of Scheduled Jobs"
    _inherit = ['openapi_pec.words.mixin']

    @api.model
    def _trigger_cron(self, job, at=None):
        """Have a scheduled job of this addon run soon.

        :param str job: its external id without ``ir_cron_`` (``dispatch``, ``synchronize`` and others).
        :param datetime at: not before this moment.
        """
        cron = self._get_cron(job)
        cron.fetch(['active'])  # and not all that a job has: a callback is answered fast
        cron._trigger(at)

    @api.model
    def _get_cron(self, job):
        return self.env['ir.cron'].sudo().browse(self.env['ir.model.data']._xmlid_to_res_id(
            f'l10n_it_openapi_pec.ir_cron_{job}', raise_if_not_found=True))

    @api.model
    def _wake_cron(self, job):
        """Have a scheduled job run at once, or with the next round of jobs if it was woken within the last second.

        Waking opens a connection to PostgreSQL: of a flood, one in a second does so. What is noted for a second later
        wakes nobody, and is no waking that others go by.
        """
        is_woken = self.env.execute_query(SQL(
            "SELECT 1 FROM ir_cron_trigger WHERE cron_id = %s AND create_date > %s AND call_at <= create_date LIMIT 1",
            self._get_cron(job).id, self.env.cr.now() - SECOND))
        self._trigger_cron(job, fields.Datetime.now() + SECOND if is_woken else None)

    def _commit_in_cron(self):
        """Commit what a scheduled job has done so far; a person's click stays one transaction.

        :return: the seconds that are left to the job; None for a click.
        """
        return self.env['ir.cron']._commit_progress() if is_job(self.env) else None

    @api.model
    def _take_steps(self, *steps):
        """Take some steps of a scheduled job, each whatever becomes of the others, and commit after each.

        What fails is logged, and what it has written since the last commit is undone.
        """
        for step in steps:
            try:
                step()
                self._commit_in_cron()
            except Exception:
                _logger.exception("%s failed: what comes after it goes on.", step)
                self.env.cr.rollback()

    def _in_transaction(self, function):
        """Run ``function(records)`` in its own transaction; repeat it when another one changed the same rows.

        ``function`` works on the database alone, as superuser; it returns plain data.
        """
        for attempt in range(1, MAX_TRIES + 1):
            try:
                with self.pool.cursor() as cr:
                    cr.execute("SET LOCAL synchronous_commit TO on")  # what is written here must survive a power cut
                    return function(self.with_env(self.env(cr=cr)).sudo())
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if attempt == MAX_TRIES:
                    raise
                time.sleep(random.uniform(0, 0.1 * 2 ** attempt))
        return None

    def _quietly(self):
        """Return these records in a context that creates others without mails, followers and lines in chatters."""
        return self.with_context(**QUIETLY)

    # ------------------------------------------------------------ activities of who is responsible

    def _by_reader(self):
        """Return these records grouped by language and time zone of their responsible, each group in these."""
        groups = self.grouped(lambda record: tuple(record._get_reader().items()))
        return [records.with_context(**dict(reader)) for reader, records in groups.items()]

    def _get_reader(self):
        """Return language and time zone of who is responsible for this record, as a context has them (dict)."""
        user = self.user_id
        return {'lang': user.lang or self.env.lang, 'tz': user.tz or self.env.context.get('tz')}

    def _plan_activity(self, activity_type, summary, deadline=None):
        """Plan an activity for the responsible of each of these records.

        :param date deadline: today, if there is none.
        """
        activity_type_id = self.env['ir.model.data']._xmlid_to_res_id(f'l10n_it_openapi_pec.{activity_type}')
        # Quick: it stands in everybody's list at once, without an e-mail for each of hundreds.
        self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True).create([{
            'activity_type_id': activity_type_id,
            'summary': summary,
            'res_model_id': self.env['ir.model']._get_id(self._name),
            'res_id': record.id,
            'user_id': record.user_id.id or self.env.uid,
            'date_deadline': deadline or fields.Date.context_today(self),
            'automated': True,
        } for record in self])

import logging
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import job
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError
from odoo.addons.l10n_it_openapi_pec.tools.api.refusals import is_no_request

_logger = logging.getLogger(__name__)

WAITING_LIMIT = timedelta(days=const.look.WAITING_DAYS)


class OpenapiPecRegisterLook(models.Model):
    """The scheduled job of looks: it reads what comes later, and closes what nobody will ever answer.

    Reading is free, and may be repeated. The look-up itself never is.
    """
    _inherit = 'openapi_pec.register_look'

    @api.model
    @job
    def _cron_follow(self):
        """Settle the looks that wait, and ask what is asked by itself."""
        run_unless_met(self.env.cr, self._free_dead)
        self._commit_in_cron()
        self.search([('state', '=', 'done'), ('is_taken_in', '=', False)])._take_in()
        self._commit_in_cron()
        self._read_waiting()
        self._ask_scheduled()

    def _read_waiting(self):
        """Read the answers that were to come later; each is kept as soon as it is there."""
        due = self.search(
            [('state', '=', 'waiting'), '|', ('retry_at', '=', False), ('retry_at', '<=', fields.Datetime.now())],
            order='retry_at, id')
        self.env['ir.cron']._commit_progress(remaining=len(due))
        for look in due:
            data, error = look._read_answer()
            if not run_unless_met(self.env.cr, lambda look=look, data=data, error=error: look._for_reader()._settle(
                    data, error)):
                self._trigger_cron(self._synchronize_job)
            if not self.env['ir.cron']._commit_progress(1):
                self._trigger_cron(self._synchronize_job)
                break

    def _read_answer(self):
        """Read what became of a request.

        :return: ``(answer, None)``, as :meth:`_make_call` returns it, or ``(None, error)``.
        """
        try:
            client = self.company_id._openapi_pec_client(self.environment, self._api_name)
            return self._make_call(lambda asked: client.get_offices(self.request_id, asked), self.asked), None
        except OpenapiPecError as error:
            return None, error

    def _settle(self, data, error):
        """Apply what the reading of a request has told, unless somebody else has done it meanwhile."""
        lock_rows(self)
        line = self.sudo().api_call_ids.filtered(lambda line: line.state == 'pending')[:1]
        if self.state != 'waiting' or not line:
            return
        if error is None and data['retry_after'] is None:
            line._close('accepted', status=200, may_be_free=line.may_be_free or data['told'] is None)
            self._on_call_accepted(self.operation, data, line.started_at)
        elif (error and is_no_request(error.status, error.code)) or self._get_waited(line) > WAITING_LIMIT:
            _logger.info("The request of %s cannot be read any more: %s", self, error)
            line.message = self._get_error_words(error) if error else (
                self._in_words(const.look.STILL_PENDING) % const.look.WAITING_DAYS)
            self._on_call_unknown()
        elif error is None:  # the longer it takes, the less often it is read
            self._read_later(max(data['retry_after'], self._get_waited(line).total_seconds() / 10))
        else:
            minutes = const.look.WAITING_MINUTES
            self._read_later(60 * minutes[min(self.retry_count, len(minutes) - 1)])
            self.retry_count += 1

    @staticmethod
    def _get_waited(line):
        return fields.Datetime.now() - line.started_at

import logging

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import job
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, OpenapiPecError

_logger = logging.getLogger(__name__)


class OpenapiPecRecordMixin(models.AbstractModel):
    """Following the service: a scheduled job reads each account's list, and applies what has changed."""
    _inherit = 'openapi_pec.record.mixin'

    # ------------------------------------------------------------ SYNCHRONISATION

    @api.model
    @job
    def _cron_synchronize(self):
        """Read the state of all records, with one request per account, and apply what has changed."""
        self._reconcile_left_pending()
        commit_progress = self.env['ir.cron']._commit_progress
        followed = self._read_group(self._followed_domain(), ['company_id', 'environment'], ['id:recordset'])
        accounts = self._put_least_looked_first(self.env['res.company']._openapi_pec_join_accounts(followed))
        commit_progress(remaining=len(accounts))
        for companies, environment, records in accounts:
            company = companies[0]
            try:
                client = company._openapi_pec_client(environment)
                records._synchronize(client)
                commit_progress()
                records._fetch_due(client)
            except OpenapiPecError as error:
                _logger.info("%s of %s cannot be synchronised now: %s", self._description, company.display_name, error)
                has_token = company._openapi_pec_get_token(environment) and not isinstance(error, BadToken)
                records._note_vain_look('service' if has_token else 'token')
                if isinstance(error, BadToken):
                    company._openapi_pec_note_refused(environment)
            except Exception:  # of which the other accounts know nothing
                self.env.cr.rollback()
                _logger.exception("%s of %s cannot be synchronised.", self._description, company.display_name)
            if not commit_progress(1):
                break
        self._announce_due()

    def _put_least_looked_first(self, accounts):
        """Sort accounts so that those come first whose lost calls were looked for longest ago.

        So no account holds up the others.
        """
        latest = dict(self.env['openapi_pec.api_call'].sudo()._read_group([
            ('res_model', '=', self._name), ('state', 'in', ('pending', 'never_arrived')),
            ('last_look_at', '!=', False),
        ], ['company_id'], ['last_look_at:max']))
        return sorted(accounts, key=lambda account: max(str(latest.get(company, '')) for company in account[0]))

    # ------------------------------------------------------------ SYNCHRONISATION: other transactions

    def _get_seen(self):
        """Return when each of these records was last written, as it is read now: ``{id: moment}``."""
        return {record.id: record.write_date for record in self}

    def _take_over(self, function, seen):
        """Run ``function(records)`` on those of these records that have not changed since they were seen.

        The others are synchronised later.

        One that cannot take what the service tells does not hold up the others.

        :param function: is called with records whose rows are locked.
        :param dict seen: see :meth:`_get_seen`; from before the service was asked.
        """
        # rows that a click has changed since the job reads can be locked in a new transaction alone
        self._commit_in_cron()
        try:
            self._unless_meeting(lambda records: records._take_over_unchanged(function, seen))
        except Exception:
            if len(self) == 1:
                _logger.exception("%s cannot be synchronised.", self)
            for record in self if len(self) > 1 else ():
                record._take_over(function, seen)
        self._commit_in_cron()

    def _take_over_unchanged(self, function, seen):
        """Lock these records, except those that others have, and run a function on the unchanged ones."""
        locked = lock_rows(self, skip_locked=True)
        unchanged = self.filtered(lambda record: locked.get(record.id) == seen[record.id])
        if unchanged:
            function(unchanged)
        if unchanged != self:
            self._postpone()

    def _unless_meeting(self, function):
        """Run ``function(self)``; if another transaction changes the same rows, synchronise them later instead."""
        if not run_unless_met(self.env.cr, lambda: function(self)):
            self._postpone()

    def _postpone(self):
        """Synchronise these records once more soon, since another transaction has changed, or is changing, them."""
        _logger.info("%s are being changed by somebody else: synchronised later.", self)
        self._trigger_cron(self._synchronize_job)

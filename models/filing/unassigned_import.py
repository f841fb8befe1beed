import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import job
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import Gone, OpenapiPecError, OutcomeUnknown, TooSlow

_logger = logging.getLogger(__name__)

IMPORT_SLICE = 20  # details read, then taken over at once
IMPORT_PER_RUN = 200  # details read in a run of the job
IMPORT_FAILURES = 3  # details that cannot be read, after which the run leaves the account alone


class OpenapiPecForeignFiling(models.Model):
    """The import of filings that Odoo does not know: the button reads the accounts' lists, the job the details."""
    _inherit = 'openapi_pec.foreign_filing'

    # ------------------------------------------------------------ ACTIONS

    def action_import(self):
        """Make rows of all unknown filings in the accounts and have them read, whichever rows are selected."""
        self._check_may_decide()
        companies = self.env.companies
        companies = companies.filtered(lambda company: company._openapi_pec_account()[1]) or companies
        companies._openapi_pec_check_configured()
        late = companies.browse()
        for company in companies._openapi_pec_one_per_account():
            try:
                client = company._openapi_pec_client()
                rows = self._list_remote(client)
            except TooSlow:
                late += company
                continue
            except OpenapiPecError as error:
                raise UserError(self._get_unread_sentence(error)) from error
            company._openapi_pec_note_account(client, rows, company.openapi_pec_environment)
            self.sudo()._note(company, rows)
        late._openapi_pec_leave_import(self._name)
        self._trigger_cron('import')
        if late:
            return self._get_slow_notification(self.env._(
                "The service answers slowly. Odoo goes on by itself in the background, and notifies you when it is "
                "done; nothing was changed or spent."))
        return self._notify_started(companies._openapi_pec_notify_shared())

    @staticmethod
    def _list_remote(client):
        """Read the list of an account without using the database.

        :rtype: Listing
        """
        return client.list_filings()

    def _notify_started(self, shared):
        """Return the action that shows how many filings are being read, and then the list.

        :param str shared: a sentence about accounts that several companies use; False without such accounts.
        """
        count = self.search_count([('state', '=', 'unread')])
        message = self.env._(
            "Filings in the account that Odoo does not know: %s. They are being read, which costs nothing; you are "
            "notified when it is done.",
            count,
        ) if count else self.env._("Odoo knows every filing in the account already, or has it in this list.")
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'info', 'message': ' '.join(filter(None, (message, shared))),
                'next': self.env.ref('l10n_it_openapi_pec.action_foreign_filing').id,  # its help as HTML
            },
        }

    # ------------------------------------------------------------ SYNCHRONISATION

    @api.model
    def _import_wanted(self, company, listing):
        """Make rows from a list that the job has read for a person; notify him now only if there is nothing new."""
        if not self._note(company, listing):
            company.with_env(self.env)._openapi_pec_notify_imported(
                self.env._("Odoo knows every filing in the account already, or has it in this list."))

    @api.model
    @job
    def _cron_import(self):
        """Read the details of the rows, a few at a time, and make filings of them."""
        commit_progress = self.env['ir.cron']._commit_progress
        if not self.env['res.company']._openapi_pec_import_wanted(self):
            self._trigger_cron('import', self._in_minutes(const.service.IMPORT_PAUSE_MINUTES))
        self.search([('state', 'in', ('unread', 'unassigned'))])._forget_known()
        # The details of these are here already, and their contacts may have been created since.
        self.search(
            [('state', '=', 'unassigned'), ('partner_id', '=', False), ('reason', '!=', 'refused')])._import_safely()
        rows = self._get_unread()
        due = (rows - rows._hold_back())[:IMPORT_PER_RUN]
        commit_progress(remaining=len(due))
        pause = 0
        for company, own in self.env['res.company']._openapi_pec_by_account(due):
            try:
                own._read_and_import(company._openapi_pec_client(own[0].environment))
            except OpenapiPecError as error:
                _logger.info("The filings of %s cannot be imported now: %s", company.display_name, error)
                pause = const.service.IMPORT_PAUSE_MINUTES
            except Exception:  # which does not stop the other accounts
                self.env.cr.rollback()
                _logger.exception("The filings of %s cannot be imported.", company.display_name)
                pause = const.service.IMPORT_PAUSE_MINUTES
            commit_progress(len(own))
        self._plan_next_run(pause)

    @staticmethod
    def _in_minutes(minutes):
        return fields.Datetime.now() + timedelta(minutes=minutes)

    @api.model
    def _get_unread(self):
        """Return the rows whose details are to be read, and whose company has a token for that."""
        rows = self.search([('state', '=', 'unread')], order='attempts, id')
        return rows.filtered(lambda row: row.company_id._openapi_pec_get_token(row.environment))

    def _read_and_import(self, client):
        """Read these rows of one account and make filings of them, in slices.

        :raise OutcomeUnknown: several could not be read; what was read is kept.
        """
        failures = 0
        for slice_ids in split_every(IMPORT_SLICE, self.ids):
            records, failed = self.browse(slice_ids)._read_details(client, IMPORT_FAILURES - failures)
            # The snapshot that begins after this commit shows every call that may have made one of these records.
            self._commit_in_cron()
            self.browse([*records, *failed])._import_safely(records)
            self._commit_in_cron()
            failures += len(failed)
            if failures >= IMPORT_FAILURES:
                raise OutcomeUnknown("The service does not tell the details of several filings")

    def _read_details(self, client, patience):
        """Read the details of these rows at the service, without writing anything.

        :param int patience: how many that cannot be read end the reading.
        :return: ``({id of a row: record, or None when it is gone}, [id of a row that cannot be read, …])``.
        """
        records, failed = {}, []
        for row in self:
            try:
                records[row.id] = client.get_filing(row.remote_id)
            except OpenapiPecError as error:
                # An account that may be another one does not prove that the filing is gone.
                if isinstance(error, Gone) and not row.company_id._openapi_pec_get_facts(row.environment).get('status'):
                    records[row.id] = None
                    continue
                _logger.info("The details of %s cannot be read now: %s", row, error)
                failed.append(row.id)
                if len(failed) >= patience:
                    break
        return records, failed

    def _keep_details(self, records):
        """Write what was read to these rows and delete those that are gone at the service; return the rows to import.

        :param dict records: see :meth:`_read_details`.
        """
        gone = self.filtered(lambda row: row.id in records and not records[row.id])
        unreadable = self.filtered(lambda row: row.id not in records)
        read = self - gone - unreadable
        gone.unlink()
        for row in unreadable:
            row.write({'reason': 'unreadable', 'attempts': row.attempts + 1})
        for row in read:
            row._keep_record(records[row.id])
        return read

    # ------------------------------------------------------------ how far it is

    @api.model
    def _plan_next_run(self, pause):
        """Plan the next run for what is left, or notify whoever pressed the button of the result.

        :param int pause: minutes until it makes sense to ask the service again.
        """
        left = self._get_unread()
        reasons = left.grouped('reason')
        if unread := reasons.get(False):
            self._trigger_cron('import', self._in_minutes(pause) if pause else None)
            unread._notify_progress()
            return
        if recent := reasons.get('recent'):
            seen_at = min(recent.mapped('seen_at'))
            self._trigger_cron('import', seen_at + timedelta(minutes=const.service.SAFE_MINUTES, seconds=1))
        if any(row.attempts < IMPORT_FAILURES for row in reasons.get('unreadable', ())):
            self._trigger_cron('import', self._in_minutes(const.service.IMPORT_PAUSE_MINUTES))
        self.search([('state', 'in', ('imported', 'unassigned')), ('is_told', '=', False)])._notify_done(left)

    def _notify_progress(self):
        """Notify the users who wait for these rows how many are still to be read."""
        for user, rows in self.grouped('user_id').items():
            user._bus_send('simple_notification', {'type': 'info', 'message': self.with_context(lang=user.lang).env._(
                "Import from the service: filings still to be read: %s.", len(rows))})

    def _notify_done(self, left):
        """Notify the users who imported these rows of the result, and delete the rows that are filings now.

        :param left: rows that the job looks at again later.
        """
        for user, rows in self.grouped('user_id').items():
            env = self.with_context(lang=user.lang or self.env.lang).env
            undecided = rows.filtered(lambda row: row.state == 'unassigned' and row.reason == 'shared_account')
            imported = rows.filtered(lambda row: row.state == 'imported')
            self.env['mail.thread'].message_notify(
                partner_ids=user.partner_id.ids,
                subject=env._("Filings imported from the service"),
                body=' '.join(filter(None, (env._(
                    "Imported: %(imported)s. To be assigned to a contact: %(unassigned)s. Looked at again by itself, "
                    "because it may be Odoo's own or cannot be read now: %(left)s. Nothing was spent.",
                    imported=len(imported), unassigned=len(rows - imported),
                    left=len(left.filtered(lambda row, user=user: row.user_id == user)),
                ), undecided.with_env(env).company_id._openapi_pec_notify_shared()))),
            )
        self.is_told = True
        self.filtered(lambda row: row.state == 'imported').unlink()

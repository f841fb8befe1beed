import logging
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent, OpenapiPecError, OutcomeUnknown, describe
from odoo.addons.l10n_it_openapi_pec.tools.clock import DAY

_logger = logging.getLogger(__name__)

OPERATION = 'signature_delete'
MOST_PER_RUN = 20  # signatures that a run of the job deletes


class OpenapiPecSignature(models.Model):
    """Deleting at the service what was signed, once the file is safe here: asked by a manager, or by the setting.

    The service's audit trail goes with it: its proof of who signed, and when. It is free, and may be repeated: what is
    gone already is deleted. So the journal has it when it is done.
    """
    _inherit = 'openapi_pec.signature'

    # ------------------------------------------------------------ whether it may be deleted

    def _is_deletable(self):
        """Return whether the service may still have what was signed, and the filing has the same file."""
        return bool(
            self.state == 'done' and self.remote_id and not self.deleted_at and self.signed_checksum
            and self.communication_id.sudo().signed_procura_id.checksum == self.signed_checksum)

    def _is_safe(self):
        """Return whether the signed file can be read here, and is the very one."""
        kept = self.communication_id.sudo().signed_procura_id
        return self._is_deletable() and kept._compute_checksum(read_content(kept) or b'') == self.signed_checksum

    # ------------------------------------------------------------ ACTIONS

    def _delete_now(self):
        """Delete these signatures at the service, for a manager who waits.

        Nothing is locked while the service is asked.

        :raise UserError: it cannot be done now.
        """
        started_at = fields.Datetime.now()
        for attempt in self:
            if not attempt._is_safe():
                raise UserError(self.env._(
                    "The signed file cannot be read here, so it was not deleted at the service. Nothing was changed."))
            try:
                client = attempt.company_id._openapi_pec_client(attempt.environment, attempt._api_name)
                client.delete_signature(attempt.remote_id)
            except OutcomeUnknown as error:
                raise UserError(self.env._(
                    "The service did not answer as it should, so it is not known whether it has deleted the signed "
                    "file. Press the button again: it costs nothing, and does no harm. [%s]",
                    attempt._get_error_words(error))) from error
            except OpenapiPecError as error:
                attempt._raise_unread(error, attempt.environment)
        for attempt in self:
            attempt._note_deleted(started_at, by_user=True)

    # ------------------------------------------------------------ SYNCHRONISATION: the scheduled job

    @api.model
    def _delete_old(self):
        """Delete what was signed long enough ago by the setting of its company; so many in a run."""
        companies = self.env['res.company'].search([('openapi_pec_delete_days', '>', 0)])
        left = MOST_PER_RUN
        for company in companies:
            due = self.search(self._get_deletion_domain(company), order='id', limit=left)
            self._commit_in_cron()
            for attempt in due:
                left -= 1
                if not attempt._delete_one():
                    break  # the service cannot be asked: its other signatures wait as well
            if left <= 0:
                self._trigger_cron(self._synchronize_job)
                break

    @api.model
    def _get_deletion_domain(self, company):
        now = fields.Datetime.now()
        return [
            ('company_id', '=', company.id), ('state', '=', 'done'), ('deleted_at', '=', False),
            ('remote_id', '!=', False), ('signed_checksum', '!=', False),
            ('asked_at', '<', now - timedelta(days=company.openapi_pec_delete_days)),
            '|', ('retry_at', '=', False), ('retry_at', '<=', now)]

    def _delete_one(self):
        """Delete one signature, with no transaction open while the service is asked.

        :return: whether the service could be asked, or needed not be.
        """
        for delete in self._in_transaction(lambda own: own._prepare_deletion()):
            started_at = fields.Datetime.now()
            try:
                delete()
            except OpenapiPecError as error:
                _logger.info("%s cannot be deleted at the service now: %s", self, describe(error))
                return False
            self._in_transaction(lambda own, at=started_at: own._note_deleted(at))
        return True

    def _prepare_deletion(self):
        """Return a function that deletes this signature, in a list; none when it is not to be deleted now.

        Until that is known to be done it is tried again tomorrow.
        """
        lock_rows(self)
        self.retry_at = fields.Datetime.now() + DAY
        if not self._is_safe():
            return []
        try:
            client = self.company_id._openapi_pec_client(self.environment, self._api_name)
        except NotSent as error:
            _logger.info("%s cannot be deleted at the service now: %s", self, error)
            return []
        return [partial(client.delete_signature, self.remote_id)]

    def _note_deleted(self, started_at, by_user=False):
        """Note that the service has no copy any more, unless somebody else has done so."""
        lock_rows(self)
        if self.deleted_at:
            return
        own = self._for_reader()
        now = fields.Datetime.now()
        own.write({'deleted_at': now, 'retry_at': False})
        own._create_line(
            OPERATION, state='accepted', status=200, user_id=self.env.uid, remote_id=own.remote_id,
            started_at=started_at, ended_at=now)
        own.communication_id._message_log(body=own.env._(
            "Remote signature: %s had the service delete its copy of what was signed, and its audit trail. The signed "
            "file is kept here; nothing was spent.", self.env.user.name) if by_user else own.env._(
            "Remote signature: the service has deleted its copy of what was signed, and its audit trail, as the "
            "settings want it after %s days. The signed file is kept here; nothing was spent.",
            own.company_id.openapi_pec_delete_days))

import logging
from datetime import timedelta, timezone
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim, lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError, describe
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import Signature, has_reference

_logger = logging.getLogger(__name__)

DAY = timedelta(days=1)


class OpenapiPecSignature(models.Model):
    """A signature that was taken for lost, and shows in the service's list afterwards: it was paid.

    Its file is not taken by itself: meanwhile the filing may have been signed, or a person has decided otherwise.
    """
    _inherit = 'openapi_pec.signature'

    def _is_late(self):
        """Return whether this attempt was taken for lost, and made after all: its file can be taken."""
        return self.state == 'lost' and self.outcome == 'late'

    # ------------------------------------------------------------ SYNCHRONISATION: the scheduled job

    @api.model
    def _look_for_late(self):
        """Look for what was taken for lost: one list for each account, once a day, for 30 days."""
        lost = self._search_freed().filtered(lambda attempt: attempt.state == 'lost')
        accounts = lost.grouped(lambda attempt: (
            attempt.environment, attempt.company_id._openapi_pec_get_fingerprint(attempt.environment)))
        for attempts in accounts.values():
            attempts._look_in_list()
            self._commit_in_cron()

    def _look_in_list(self):
        """Look in the list of their account for these signatures."""
        started_at = min(self._get_freed_line().mapped('started_at'))
        try:
            client = self[0].company_id._openapi_pec_client(self[0].environment, self._api_name)
            rows = client.list_signatures(started_at.replace(tzinfo=timezone.utc) - DAY)
        except OpenapiPecError as error:
            _logger.info("%s cannot be looked for now: %s", self, describe(error))
            return
        self._commit_in_cron()  # what others have written meanwhile is seen
        for attempt in self:
            found = [row for row in rows if has_reference(row.title, attempt.reference)]
            run_unless_met(self.env.cr, partial(attempt._note_late_look, found))

    def _note_late_look(self, rows):
        lock_rows(self)
        line = self._get_freed_line()
        line.last_look_at = fields.Datetime.now()
        found = rows and line and self._choose_found(rows)
        if found and (found.is_done or found.is_failed):  # else it is not signed yet, nor certainly paid
            self._for_reader()._note_late(line, found)

    def _accept_closed(self, line, data):
        result, signature = super()._accept_closed(line, data), Signature(**data)
        if signature.is_done or signature.is_failed:
            self._note_late(line, signature)
        else:
            line.state = 'never_arrived'  # so that it is looked for until the service has signed, or not
        return result

    def _note_late(self, line, signature):
        """Say that a signature was executed that was taken for lost, and set its money right.

        :param Signature signature: as the service tells it.
        """
        line.write({
            'state': 'accepted', 'remote_id': signature.id, 'message': self.env._("Found at the service"),
            'may_be_free': signature.is_failed})
        self.remote_id = signature.id
        if signature.is_failed:
            self._apply(signature)
        else:
            self._close_attempt('lost', 'late' if self.communication_id._awaits_signer() else 'late_needless')

    # ------------------------------------------------------------ ACTIONS

    def _take_late(self):
        """Have the file of a signature fetched that was taken for lost, after this transaction.

        :raise UserError: another one is under way.
        """
        if claim(self, 'is_open', True):
            raise UserError(self._in_words(const.remote_signature.UNDER_WAY))
        self._close_attempt('waiting', 'waiting')
        now = fields.Datetime.now()
        self.write({'asked_at': now, 'retry_at': now, 'retry_count': 0})  # it is waited for anew, for a day
        self._trigger_cron(self._synchronize_job)
        self.env.cr.postcommit.add(self._dispatch_after_commit)

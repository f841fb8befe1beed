from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import Signature


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
        lost._look_once_more('never_arrived', lambda own, line, rows: own._note_found(line, rows))

    def _note_found(self, line, rows):
        """Note what became of a signature that was taken for lost, and whether it was made more than once.

        :param list rows: what the service's list has with its reference.
        """
        if self._note_shown(line, self._choose_found(rows)):
            self._tell_doubled(rows)

    def _note_shown(self, line, signature):
        """Note what became of a signature that was taken for lost.

        :param Signature signature: as the service tells it now.
        :return: whether that is known: else it is not signed yet, nor certainly paid.
        """
        is_known = signature.is_done or signature.is_failed
        if is_known:
            self._note_late(line, signature)
        return is_known

    def _accept_closed(self, line, data):
        result = super()._accept_closed(line, data)
        if not self._note_shown(line, Signature(**data)):
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

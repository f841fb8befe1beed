import hashlib

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent


class OpenapiPecCommunication(models.Model):
    """Filings whose powers of attorney can be signed remotely."""
    _inherit = 'openapi_pec.communication'

    signature_ids = fields.One2many('openapi_pec.signature', 'communication_id', "Remote Signatures", readonly=True)
    can_sign_remotely = fields.Boolean(compute='_compute_signing', help="A remote signature can be asked for now.")
    signing_state = fields.Selection(
        const.remote_signature.STATES, "Remote Signature", compute='_compute_signing')
    signing_sentence = fields.Text(compute='_compute_signing')

    @api.depends(
        'state', 'environment', 'procura_id', 'signed_procura_id', 'company_id.openapi_pec_sign_remotely',
        'signature_ids.state', 'signature_ids.error_message')
    def _compute_signing(self):
        for filing in self:
            last = filing.signature_ids[:1]
            awaits = filing.state == 'awaiting_documents'
            filing.can_sign_remotely = filing._is_signed_remotely() and not last.is_open
            filing.signing_state = awaits and last.state
            filing.signing_sentence = awaits and not filing.signed_procura_id and last.error_message

    def _is_signed_remotely(self):
        """Return whether a remote signature is offered for this filing."""
        return bool(
            self.company_id.sudo().openapi_pec_sign_remotely and self._takes_documents()
            and self._is_of_present_environment())

    def _get_signing_problem(self):
        """Return why this filing's power of attorney cannot be signed remotely now, in words; False when it can be."""
        words = const.remote_signature
        if not self.company_id.sudo().openapi_pec_sign_remotely:
            return self._in_words(words.NOT_WANTED)
        if not self._takes_documents():
            return self._in_words(words.NOT_AWAITED)
        if not self._is_of_present_environment():
            return self._in_words(words.OTHER_ENVIRONMENT)
        try:
            self.company_id._openapi_pec_client(self.environment, 'signature')
        except NotSent as error:
            return self._in_words(words.NOT_READY) % self._get_error_words(error).rstrip('.')
        return False

    # ------------------------------------------------------------ ACTIONS

    def action_sign_remotely(self):
        """Open the dialog in which who signs types PIN and one-time password: it is no record, and keeps neither.

        :raise UserError: it cannot be signed remotely now.
        """
        self.check_access('write')
        self.ensure_one()
        return {
            'type': 'ir.actions.client', 'tag': 'openapi_pec_sign', 'target': 'new',
            'name': self.env._("Sign Remotely"),
            'params': {
                'filing_id': self.id, 'filing': f'{self.name}, {self.company_name}',
                'signer': self._get_signer_name(),
                'username': self.representative_id.openapi_pec_sign_username or '',
                'document_url': f'/web/content/{self._name}/{self.id}/procura_file?filename={self.procura_filename}',
            },
        }

    # ------------------------------------------------------------ what was signed goes the way of an upload

    def _get_signer_outcome(self):
        """Return what the signer has to know of the last attempt, in his words; False when there is nothing."""
        last = self.signature_ids[:1]
        words = const.remote_signature.SIGNER_OUTCOMES.get(last.outcome)
        return bool(words) and last.kind == 'otp' and not last.is_open and self._in_words(words)

    def _take_upload(self, files, verdict, signature_id=None, **said):
        if not signature_id:
            return super()._take_upload(files, verdict, **said)
        words = {**const.remote_signature.SIGNED_SENTENCES, 'sent': const.remote_signature.SENT_SENTENCE}
        attempt = self.env['openapi_pec.signature'].browse(signature_id).exists()
        is_automatic = attempt.kind == 'automatic'
        result, is_kept = super()._take_upload(
            files, verdict, words=const.sign_many.SIGNED_SENTENCES if is_automatic else words, **said)
        if is_kept and is_automatic:
            attempt.signed_digest = hashlib.sha256(verdict.message).hexdigest()  # without what was around it
        elif is_kept and verdict.level == 'good':
            self.representative_id.sudo().openapi_pec_sign_username = attempt.username
        elif not is_kept and attempt:
            own = attempt._for_reader()
            own.write({
                'outcome': 'refused_file', 'error_message': own._in_words(const.remote_signature.REFUSED_FILE)})
            own.communication_id._message_log(body=own.error_message)
        return result, is_kept

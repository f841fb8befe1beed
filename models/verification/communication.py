from odoo import api, fields, models
from odoo.tools.misc import format_datetime

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right, may
from odoo.addons.l10n_it_openapi_pec.models.service.zone import get_zone
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent


class OpenapiPecCommunication(models.Model):
    """Filings whose signed powers of attorney Openapi verifies."""
    _inherit = 'openapi_pec.communication'

    verification_ids = fields.One2many(
        'openapi_pec.verification', 'communication_id', "Verifications by Openapi", readonly=True)
    can_be_reported = fields.Boolean(
        compute='_compute_verification', help="Openapi can be asked now whether the signature is good.")
    verification_sentence = fields.Text("Verification by Openapi", compute='_compute_verification')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('verification_ids.state')
    def _compute_signature(self):
        return super()._compute_signature()

    @api.depends(
        'state', 'environment', 'signed_procura_id', 'company_id.openapi_pec_verify', 'verification_ids.state',
        'verification_ids.error_message')
    @api.depends_context('uid')
    def _compute_verification(self):
        for filing in self:
            last = filing.verification_ids[:1]
            filing.can_be_reported = bool(
                filing.id and filing._has_to_report() and not last.is_open and may(self.env, 'spend'))
            filing.verification_sentence = filing.state == 'awaiting_documents' and last.error_message

    def _has_to_report(self):
        """Return whether there is a signed file of this filing that its company has Openapi verify."""
        return bool(
            self.company_id.sudo().openapi_pec_verify == 'openapi' and self.state == 'awaiting_documents'
            and self.signed_procura_id and self._is_of_present_environment())

    def _get_verified_message(self):
        """Return the file that is verified (bytes): the signed message as it is delivered; empty when there is none."""
        content = self.sudo()._get_signed_content()
        return (content and self._judge_file(content).message) or b''

    def _get_report_sentence(self):
        """Return what was paid, or perhaps paid, for a report on this very file before another one is; False when
        nothing was.
        """
        digest = self.env['openapi_pec.verification']._get_digest(self._get_verified_message())
        last = self.sudo().verification_ids.filtered(
            lambda known: known.digest == digest and known.state in const.verification.REPORTED)[:1]
        if not last:
            return False
        moment = format_datetime(
            self.env, last.answered_at or last.asked_at, tz=get_zone(self.env), dt_format='short')
        return last._say_paid(*const.verification.REPORTED[last.state], moment=moment)

    def _get_verification_problem(self):
        """Return why Openapi cannot verify this filing's signed file now, in words; False when it can."""
        words = const.verification
        if self.company_id.sudo().openapi_pec_verify != 'openapi':
            return self._in_words(words.NOT_WANTED)
        if not self._is_of_present_environment():
            return self._in_words(words.OTHER_ENVIRONMENT)
        if self.state != 'awaiting_documents' or not self._get_verified_message():
            return self._in_words(words.NO_FILE)
        if self.sudo().verification_ids[:1].is_open:
            return self._in_words(words.UNDER_WAY)
        if halt := self.company_id._openapi_pec_get_halt(self.environment):
            return self._in_words(words.HALTED) % self._in_words(halt)
        try:
            self.company_id._openapi_pec_client(self.environment, 'signature')
        except NotSent as error:
            return self._in_words(const.remote_signature.NOT_READY) % self._get_error_words(error).rstrip('.')
        return False

    # ------------------------------------------------------------ ACTIONS

    def action_verify_by_openapi(self):
        """Open the question before Openapi verifies the signed power of attorney, which is sent to it.

        :raise AccessError: this user may not spend.
        :raise UserError: it cannot be verified now.
        """
        check_right(self.env, 'spend')
        self.check_access('write')
        self.ensure_one()
        question = self.env['openapi_pec.verification.question'].create({'communication_id': self.id})
        question._check_answers()
        return question._open(self.env._("Have Openapi Verify It"))

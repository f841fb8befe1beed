from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.l10n_it_openapi_pec.models.service.rights import SIGNER

TO_SIGN = Domain([
    ('state', '=', 'awaiting_documents'), ('procura_id', '!=', False), ('signed_procura_id', '=', False)])


class OpenapiPecBatch(models.Model):
    """A multiple filing whose powers of attorney are signed with one click, and what became of that."""
    _inherit = 'openapi_pec.batch'

    to_sign_count = fields.Integer("To Be Signed", compute='_compute_signing')
    can_sign_many = fields.Boolean(compute='_compute_signing', help="This user can have them signed now.")
    is_signing = fields.Boolean(compute='_compute_signing', help="What became of some signatures is not known yet.")
    signing_sentence = fields.Text("Signatures", compute='_compute_signing')
    signing_progress = fields.Float("Signed So Far", compute='_compute_signing', help="Of the last click, in percent.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends('communication_ids.state', 'communication_ids.signed_procura_id', 'company_id.openapi_pec_sign_many')
    @api.depends_context('uid', 'lang', 'tz')
    def _compute_signing(self):
        to_sign = dict(self.env['openapi_pec.communication']._read_group(
            Domain('batch_id', 'in', self._origin.ids) & TO_SIGN, ['batch_id'], ['__count']))
        told = self.env['openapi_pec.signature']._tell_last_clicks('batch_id', [('batch_id', 'in', self._origin.ids)])
        is_signer = self.env.user.has_group(SIGNER)
        for batch in self:
            last = told.get(batch._origin, {})
            batch.to_sign_count = to_sign.get(batch._origin, 0)
            batch.can_sign_many = bool(
                is_signer and batch.to_sign_count > last.get('waiting', 0)
                and batch.company_id.sudo().openapi_pec_sign_many)
            batch.is_signing = last.get('is_signing', False)
            batch.signing_progress = last.get('signing_progress', 0)
            batch.signing_sentence = last.get('signing_sentence', False)

    # ------------------------------------------------------------ ACTIONS

    def action_open_sign_many(self):
        """Open the question before the powers of attorney of this batch are signed together.

        :raise AccessError, UserError: as of the filings' action.
        """
        self.check_access('write')
        self.ensure_one()
        return self.communication_ids.action_open_sign_many()

    # ------------------------------------------------------------ the worklist

    def get_worklist(self):
        """Return what the head shows: also how far the signatures are."""
        return {
            **super().get_worklist(), 'signing': self.signing_sentence, 'is_signing': self.is_signing,
            'signing_progress': round(self.signing_progress)}

    def _get_pressable(self):
        return [*super()._get_pressable(), *(['action_open_sign_many'] if self.can_sign_many else [])]

from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether a company verifies signatures beyond their files."""
    _inherit = 'res.company'

    openapi_pec_verify = fields.Boolean(
        "Verify Signatures over the Network",
        help="Whether who issued a certificate is a qualified authority, and whether it was revoked, is asked over the "
             "network.")

    def write(self, vals):
        result = super().write(vals)
        if vals.get('openapi_pec_verify'):
            self.env['openapi_pec.trusted_list'].sudo()._trigger_cron('lists')
        return result


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    openapi_pec_verify = fields.Boolean(related='company_id.openapi_pec_verify', readonly=False)
    openapi_pec_trust_sentence = fields.Text(compute='_compute_openapi_pec_trust')
    openapi_pec_is_trust_ready = fields.Boolean(compute='_compute_openapi_pec_trust')

    @api.depends('openapi_pec_verify')
    @api.depends_context('lang')
    def _compute_openapi_pec_trust(self):
        sentence, is_ready = self.env['openapi_pec.trusted_list'].sudo()._get_state_sentence()
        self.openapi_pec_trust_sentence, self.openapi_pec_is_trust_ready = sentence, is_ready

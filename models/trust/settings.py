from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether a company verifies signatures beyond their files."""
    _inherit = 'res.company'

    openapi_pec_verify = fields.Selection(
        [('odoo', "Over the Network, by Odoo"), ('openapi', "By Openapi, Each Time Paid")], "Verify Signatures",
        help="Whether who issued a certificate is a qualified authority, and whether it was revoked: asked by Odoo "
             "itself, or by Openapi, to whom the signed document is sent. Empty: neither is asked.")

    def write(self, vals):
        result = super().write(vals)
        if vals.get('openapi_pec_verify') == 'odoo':
            self.env['openapi_pec.trusted_list'].sudo()._trigger_cron('lists')
        return result


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    openapi_pec_verify = fields.Selection(related='company_id.openapi_pec_verify', readonly=False)
    openapi_pec_trust_sentence = fields.Text(compute='_compute_openapi_pec_trust')
    openapi_pec_is_trust_ready = fields.Boolean(compute='_compute_openapi_pec_trust')

    @api.depends('openapi_pec_verify')
    @api.depends_context('lang')
    def _compute_openapi_pec_trust(self):
        sentence, is_ready = self.env['openapi_pec.trusted_list'].sudo()._get_state_sentence()
        self.openapi_pec_trust_sentence, self.openapi_pec_is_trust_ready = sentence, is_ready

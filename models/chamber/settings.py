from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    openapi_pec_chamber_alias = fields.Char(
        "Chamber's Mail", compute='_compute_openapi_pec_chamber_alias', inverse='_inverse_openapi_pec_chamber_alias',
        help="What stands before the \"@\" of the address to which the chamber's mail is forwarded.")
    openapi_pec_alias_domain = fields.Char(related='company_id.alias_domain_id.name', string="Domain of the Aliases")

    @api.depends('company_id')
    def _compute_openapi_pec_chamber_alias(self):
        for settings in self:
            settings.openapi_pec_chamber_alias = settings.company_id.openapi_pec_chamber_alias_id.alias_name

    def _inverse_openapi_pec_chamber_alias(self):
        for settings in self:
            settings.company_id._openapi_pec_set_chamber_alias(settings.openapi_pec_chamber_alias)

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    openapi_pec_budget = fields.Float(related='company_id.openapi_pec_budget', readonly=False)
    openapi_pec_approval_amount = fields.Float(related='company_id.openapi_pec_approval_amount', readonly=False)
    openapi_pec_low_credit = fields.Float(related='company_id.openapi_pec_low_credit', readonly=False)

from odoo import api, fields, models


class OpenapiPecSubmit(models.TransientModel):
    """The last question before the click that costs."""
    _name = 'openapi_pec.submit'
    _description = "Confirmation of a Submission"

    communication_ids = fields.Many2many('openapi_pec.communication', string="Filings", required=True, readonly=True)
    price = fields.Float("Total (EUR)", compute='_compute_price', digits=(16, 2))
    is_sandbox = fields.Boolean(compute='_compute_price')

    @api.depends('communication_ids')
    def _compute_price(self):
        for wizard in self:
            wizard.price = sum(wizard.communication_ids.mapped('price'))
            wizard.is_sandbox = all(wizard.communication_ids.mapped('is_sandbox'))

    def action_confirm(self):
        """Submit the filings."""
        self.communication_ids.action_submit()
        return {'type': 'ir.actions.act_window_close'}

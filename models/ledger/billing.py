from odoo import api, fields, models


class OpenapiPecBilledCost(models.Model):
    """Which call's cost stands on which line of a customer invoice; the database takes each cost once.

    The code alone writes it. A line that is deleted, or whose invoice is cancelled, or wholly reversed by a credit
    note, gives the cost free.
    """
    _name = 'openapi_pec.billed_cost'
    _description = "PEC Cost on an Invoice"
    _rec_name = 'call_id'

    # the journal is never deleted
    call_id = fields.Many2one('openapi_pec.api_call', required=True, readonly=True, ondelete='cascade')
    line_id = fields.Many2one('account.move.line', required=True, readonly=True, index=True, ondelete='cascade')
    is_active = fields.Boolean(compute='_compute_is_active', store=True)

    _one_active = models.UniqueIndex(
        '(call_id) WHERE is_active',
        "Some of these PEC costs are on another invoice already. Take their lines out of this one: each cost is "
        "invoiced once.")

    @api.depends('line_id.parent_state', 'line_id.move_id.payment_state')
    def _compute_is_active(self):
        for cost in self:
            line = cost.line_id
            cost.is_active = line.parent_state != 'cancel' and line.move_id.payment_state != 'reversed'

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const


class OpenapiPecCommunication(models.Model):
    """What a filing has cost."""
    _inherit = 'openapi_pec.communication'

    cost = fields.Float(
        "Cost (EUR)", **const.service.PRICE_DIGITS, compute='_compute_cost', groups='l10n_it_openapi_pec.group_manager',
        help="What was certainly paid for it, as far as the price is known; before VAT.")

    @api.depends('api_call_ids.spent')
    def _compute_cost(self):
        costs = dict(self.env['openapi_pec.ledger']._read_group(
            [('communication_id', 'in', self.ids)], ['communication_id'], ['cost:sum']))
        for filing in self:
            filing.cost = costs.get(filing._origin, 0)

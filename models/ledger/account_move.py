from odoo import api, fields, models


class AccountMove(models.Model):
    """An invoice with PEC costs on it."""
    _inherit = 'account.move'

    openapi_pec_cost_count = fields.Integer(
        compute='_compute_openapi_pec_cost_count', groups='l10n_it_openapi_pec.group_manager')

    @api.depends('line_ids')
    def _compute_openapi_pec_cost_count(self):
        # that there are some is no secret to who reads the invoice, whatever else of the accounts he may read
        counts = dict(self.env['openapi_pec.ledger'].sudo()._read_group(
            [('move_id', 'in', self.ids)], ['move_id'], ['__count']))
        for move in self:
            move.openapi_pec_cost_count = counts.get(move._origin, 0)

    def action_openapi_pec_costs(self):
        """Open the PEC costs on this invoice."""
        self.check_access('read')
        self.env['openapi_pec.ledger'].check_access('read')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_ledger'),
            'domain': [('id', 'in', self.env['openapi_pec.ledger'].sudo().search([('move_id', 'in', self.ids)]).ids)],
            'context': {}}

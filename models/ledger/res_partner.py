from odoo import api, fields, models


class ResPartner(models.Model):
    """What a client has cost."""
    _inherit = 'res.partner'

    openapi_pec_cost = fields.Char(
        "PEC Costs of This Year", compute='_compute_openapi_pec_cost', groups='l10n_it_openapi_pec.group_manager',
        help="What was certainly paid for this contact since the year began, in EUR before VAT; of the companies in "
             "which you work now.")

    @api.depends_context('allowed_company_ids', 'lang', 'uid')
    def _compute_openapi_pec_cost(self):
        costs = dict(self.env['openapi_pec.ledger']._read_group(
            self._get_openapi_pec_cost_domain(), ['partner_id'], ['cost:sum']))
        for partner in self:
            cost = costs.get(partner._origin)
            partner.openapi_pec_cost = cost and f"{self.env['res.company']._openapi_pec_show_eur(cost)} €"

    def _get_openapi_pec_cost_domain(self):
        """Return the domain of what these contacts have cost this year."""
        return [
            ('partner_id', 'in', self.ids), ('company_id', 'in', self.env.companies.ids), ('money', '=', 'paid'),
            ('started_at', '>=', fields.Date.context_today(self).replace(month=1, day=1))]

    def action_openapi_pec_costs(self):
        """Open what these contacts have cost this year."""
        self.check_access('read')
        self.env['openapi_pec.ledger'].check_access('read')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_ledger'),
            'domain': self._get_openapi_pec_cost_domain(), 'context': {}}

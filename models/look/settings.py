from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const


class ResConfigSettings(models.TransientModel):
    """What the look-ups of this month have cost at most, beside their budget."""
    _inherit = 'res.config.settings'

    @api.depends('company_id')
    @api.depends_context('lang')
    def _compute_openapi_pec_register_sentence(self):
        looks = self.env['openapi_pec.register_look']
        for settings in self:
            company = settings.company_id
            month = looks._get_month(
                company, company.sudo().openapi_pec_environment, list(const.look.PAID)) if company else []
            settings.openapi_pec_register_sentence = self.env._(
                "This month: %(count)s look-ups, EUR %(amount)s at most.",
                count=sum(count for _operation, count, _amount in month),
                amount=looks._show_amount(sum(amount for _operation, _count, amount in month)))

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const


class OpenapiPecSubmit(models.TransientModel):
    """The last question before the click that costs."""
    _name = 'openapi_pec.submit'
    _description = "Confirmation of a Submission"
    _inherit = ['openapi_pec.input.mixin']

    communication_ids = fields.Many2many('openapi_pec.communication', string="Filings", required=True, readonly=True)
    price = fields.Float("Total (EUR)", compute='_compute_price', digits=(16, 2))
    is_sandbox = fields.Boolean(compute='_compute_price')
    warnings = fields.Text(compute='_compute_warnings')
    earlier_calls = fields.Text(compute='_compute_warnings', help="What may have been paid for already.")
    reason = fields.Char("Why All the Same", help="Kept in the chatter of the filing.")

    @api.depends('communication_ids')
    def _compute_price(self):
        for wizard in self:
            wizard.price = sum(wizard.communication_ids.mapped('price'))
            wizard.is_sandbox = all(wizard.communication_ids.mapped('is_sandbox'))

    @api.depends('communication_ids')
    def _compute_warnings(self):
        for wizard in self:
            wizard.warnings = '\n'.join(
                f"{filing.display_name}: {sentence}"
                for filing, sentences in wizard.communication_ids._get_sentences(const.WARNING).items() for sentence in sentences)
            wizard.earlier_calls = '\n'.join(
                f"{filing.display_name}: {filing.earlier_call_sentence}"
                for filing in wizard.communication_ids if filing.earlier_call_sentence)

    def action_confirm(self):
        """Submit the filings."""
        self.communication_ids.action_submit(self.reason)
        return {'type': 'ir.actions.act_window_close'}

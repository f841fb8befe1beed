from odoo import api, fields, models


class OpenapiPecSent(models.TransientModel):
    """What a call sent, shown to a manager: nothing of it is kept here."""
    _name = 'openapi_pec.sent'
    _description = "What a Call Sent"
    _rec_name = 'api_call_id'

    api_call_id = fields.Many2one('openapi_pec.api_call', "Call", required=True, readonly=True, ondelete='cascade')
    sent = fields.Html(compute='_compute_sent', exportable=False, sanitize=False)

    @api.depends('api_call_id')
    @api.depends_context('lang')
    def _compute_sent(self):
        for shown in self:
            # As the user who looks, who may not be the one that opened it.
            line = shown.api_call_id._origin.sudo(False)
            sent = line.get_sent()
            rows = sent and self.env[line.sudo().res_model].browse(line.sudo().res_id)._show_sent(sent)
            shown.sent = self.env['ir.qweb']._render('l10n_it_openapi_pec.sent', {'rows': rows})

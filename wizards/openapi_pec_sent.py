from odoo import api, fields, models


class OpenapiPecSent(models.TransientModel):
    """What a call sent, shown to a manager: nothing of it is kept here."""
    _name = 'openapi_pec.sent'
    _description = "What a Call Sent"
    _rec_name = 'api_call_id'

    api_call_id = fields.Many2one('openapi_pec.api_call', "Call", required=True, readonly=True, ondelete='cascade')
    sent = fields.Text(compute='_compute_sent', exportable=False)

    @api.depends('api_call_id')
    def _compute_sent(self):
        for shown in self:
            # As the user who looks, who may not be the one that opened it.
            sent = shown.api_call_id.sudo(False).get_sent()
            shown.sent = '\n'.join(f'{key}: {value}' for key, value in sent.items()) or self.env._(
                "Nothing was kept: the call sends no data, or an earlier version of this addon made it.")

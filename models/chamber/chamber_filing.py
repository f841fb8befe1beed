from odoo import api, fields, models


class OpenapiPecCommunication(models.Model):
    """What a filing shows of the mail about it."""
    _inherit = 'openapi_pec.communication'

    chamber_message_ids = fields.One2many(
        'openapi_pec.chamber_message', 'communication_id', "Messages of the Chamber", readonly=True, copy=False)
    has_chamber_mail = fields.Boolean(compute='_compute_has_chamber_mail')

    @api.depends('chamber_message_ids.state')
    def _compute_has_chamber_mail(self):
        for filing in self:
            filing.has_chamber_mail = any(message.state == 'waiting' for message in filing.chamber_message_ids)

    def action_open_chamber_mail(self):
        """Open the message that waits to be confirmed, or the list of them."""
        self.check_access('read')
        self.ensure_one()
        waiting = self.chamber_message_ids.filtered(lambda message: message.state == 'waiting')
        if len(waiting) == 1:
            return waiting.action_open_form()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_chamber_message'),
            'domain': [('communication_id', '=', self.id)], 'context': {}}

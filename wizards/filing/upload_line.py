from odoo import fields, models
from odoo.exceptions import AccessError


class OpenapiPecUploadLine(models.TransientModel):
    """One file of an upload, its filing, and whether it is sent."""
    _name = 'openapi_pec.upload.line'
    _description = "Received Signed File"
    _order = 'rank, id'

    receive_id = fields.Many2one('openapi_pec.upload', required=True, readonly=True, index=True, ondelete='cascade')
    name = fields.Char("File", readonly=True)
    status = fields.Selection([
        ('warning', "To Be Looked At"),
        ('refused', "Refused"),
        ('unmatched', "Without a Filing"),
        ('good', "Good"),
        ('sent', "Sent"),
        ('delivered', "Not Waited For"),
        ('duplicate', "Duplicate"),
        ('ignored', "Left Out"),
    ], readonly=True, required=True)
    rank = fields.Integer(readonly=True)
    sentence = fields.Text("What Was Found", readonly=True)
    communication_id = fields.Many2one('openapi_pec.communication', "Filing", readonly=True, index=True)
    identity_sentence = fields.Text(related='communication_id.identity_sentence', related_sudo=False)
    is_ticked = fields.Boolean("Send")
    # The signed message without armour, as it was judged: nobody may put another one in its place.
    file = fields.Binary("Signed Message", readonly=True, groups=fields.NO_ACCESS)

    def write(self, vals):
        if not self.env.su and vals.keys() - {'is_ticked'}:
            raise AccessError(self.env._("What was found in a file is kept by Odoo alone. Only the ticks are yours to "
                                         "change."))
        return super().write(vals)

    def action_open(self):
        """Open the filing."""
        self.check_access('read')
        return self.communication_id.action_open_form()

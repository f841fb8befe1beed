from odoo import fields, models


class OpenapiPecDelivery(models.TransientModel):
    """The question why a signed document is sent that would be refused: for what a person may know better."""
    _name = 'openapi_pec.delivery'
    _description = "Sending of Another Document"
    _inherit = ['openapi_pec.input.mixin']

    communication_id = fields.Many2one('openapi_pec.communication', "Filing", required=True, readonly=True)
    signature_findings = fields.Html(related='communication_id.signature_findings', related_sudo=False)
    identity_sentence = fields.Text(related='communication_id.identity_sentence', related_sudo=False)
    reason = fields.Char("Why All the Same", required=True, help="Kept in the chatter of the filing.")

    def action_confirm(self):
        """Send the documents, with the reason."""
        self.check_access('write')
        self.communication_id.action_send_documents(self.reason)
        return {'type': 'ir.actions.act_window_close'}

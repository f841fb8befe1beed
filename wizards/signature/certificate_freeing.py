from odoo import api, fields, models


class OpenapiPecCertificateFreeing(models.TransientModel):
    """The question whether a lost purchase of a certificate was not executed, and why somebody is sure enough."""
    _name = 'openapi_pec.certificate.freeing'
    _description = "Question before a Lost Purchase Is Freed"
    _inherit = ['openapi_pec.input.mixin']
    _rec_name = 'certificate_id'

    certificate_id = fields.Many2one('openapi_pec.certificate', required=True, readonly=True, ondelete='cascade')
    sentence = fields.Text("What Is Known", related='certificate_id.error_message', related_sudo=False)
    reason = fields.Char("Why", help="Kept in the chatter.")

    @api.constrains('certificate_id')
    def _check_readable(self):
        self.sudo().certificate_id.sudo(False).check_access('read')

    def action_confirm(self):
        """Free the lost purchase.

        :raise UserError: it may not be freed (any more), or the reason is missing.
        """
        self.check_access('write')
        self.ensure_one()
        self.certificate_id.action_free(self.reason)
        return {'type': 'ir.actions.act_window_close'}

from odoo import models

REQUEST = 'openapi_pec.signing_request'


class MailNotification(models.Model):
    """The delivery of a signing request's mail, as Odoo keeps it: the request follows each change."""
    _inherit = 'mail.notification'

    def write(self, vals):
        result = super().write(vals)
        # Nothing of ours is written here: a conflict would undo that the mail has left, and it would be sent again.
        if 'notification_status' in vals and REQUEST in self.sudo().mail_message_id.mapped('model'):
            self.env[REQUEST]._trigger_cron()
        return result

from odoo import models

REQUEST = 'openapi_pec.signing_request'


class MailMail(models.Model):
    """A mail as it leaves: the tokens stand in no queue."""
    _inherit = 'mail.mail'

    def _prepare_outgoing_body(self):
        """Put the tokens into the links of a signing request."""
        body = super()._prepare_outgoing_body()
        if self.model != REQUEST or not self.mail_message_id:
            return body
        request = self.env[REQUEST].sudo().search([('message_id', '=', self.mail_message_id.id)], limit=1)
        return request._put_tokens(body) if request else body

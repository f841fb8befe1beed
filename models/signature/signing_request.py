from odoo import models


class OpenapiPecSigningRequest(models.Model):
    """The mail to who signs tells that he can do so right on his page."""
    _inherit = 'openapi_pec.signing_request'

    def _is_signed_on_page(self):
        """Return whether the pages of its filings take a PIN and a one-time password."""
        return self.company_id.sudo().openapi_pec_sign_remotely

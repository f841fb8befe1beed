from odoo import fields, models


class ResCompany(models.Model):
    """Whether powers of attorney of a company can be signed remotely."""
    _inherit = 'res.company'

    openapi_pec_sign_remotely = fields.Boolean(
        "Remote Signatures",
        help="Signers, on their page, and users can have powers of attorney signed with a one-time password.")


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    openapi_pec_sign_remotely = fields.Boolean(related='company_id.openapi_pec_sign_remotely', readonly=False)

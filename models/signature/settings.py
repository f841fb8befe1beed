from odoo import fields, models


class ResCompany(models.Model):
    """Whether powers of attorney of a company can be signed remotely, and how long the service keeps them."""
    _inherit = 'res.company'

    openapi_pec_sign_remotely = fields.Boolean(
        "Remote Signatures",
        help="Signers, on their page, and users can have powers of attorney signed with a one-time password.")
    openapi_pec_delete_days = fields.Integer(
        "Days until Signed Files Are Deleted at the Service",
        help="Days after which the service deletes its copy of a signed file that is kept here; 0: only when a manager "
             "asks for it.")


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    openapi_pec_sign_remotely = fields.Boolean(related='company_id.openapi_pec_sign_remotely', readonly=False)
    openapi_pec_delete_days = fields.Integer(related='company_id.openapi_pec_delete_days', readonly=False)

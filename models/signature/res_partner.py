from odoo import fields, models


class ResPartner(models.Model):
    """Who signs remotely."""
    _inherit = 'res.partner'

    openapi_pec_sign_username = fields.Char(
        "Username of Remote Signature", copy=False, groups='l10n_it_openapi_pec.group_user',
        help="Of the certificate with which this person signs remotely (RHI…). PIN and one-time passwords are kept "
             "nowhere.")

from odoo import fields, models


class OpenapiPecMailboxUser(models.Model):
    """Somebody who uses a mailbox beside its holder (*utenza*), as the service tells."""
    _name = 'openapi_pec.mailbox.user'
    _description = "User of a PEC Mailbox"
    _inherit = ['openapi_pec.spreadsheet.mixin']
    _order = 'id'
    _rec_name = 'last_name'

    mailbox_id = fields.Many2one('openapi_pec.mailbox', required=True, readonly=True, index=True, ondelete='cascade')
    first_name = fields.Char(readonly=True)
    last_name = fields.Char("Surname", readonly=True)
    description = fields.Char(readonly=True)
    email = fields.Char(readonly=True, help="Where the password is managed.")
    userid = fields.Char(
        "User ID", readonly=True, groups='l10n_it_openapi_pec.group_manager',
        help="With which this user enters the mailbox.")
    remote_id = fields.Char("Identifier at the Service", readonly=True)
    activated_at = fields.Datetime("Activated", readonly=True)

from odoo import fields, models

from odoo.addons.l10n_it_openapi_pec import const


class OpenapiPecTransaction(models.Model):
    """What went into the wallet of an account, or out of it, as the vendor tells it.

    The code alone writes it: what was read stays as it was told. Which call a charge was made for is written where
    nothing else can explain either of them.
    """
    _name = 'openapi_pec.transaction'
    _description = "Openapi Transaction"
    _inherit = ['openapi_pec.spreadsheet.mixin']
    _order = 'told_at desc, id desc'
    _rec_name = 'remote_id'

    account_id = fields.Many2one(
        'openapi_pec.account', required=True, readonly=True, index=True, ondelete='cascade',
        groups='base.group_system')
    account_name = fields.Char("Openapi Account", related='account_id.email', related_sudo=True, store=True)
    environment = fields.Selection(related='account_id.environment', related_sudo=True, store=True)
    remote_id = fields.Char("Identifier at the Service", required=True, readonly=True)
    told_at = fields.Datetime("Time", readonly=True, help="As the service tells it.")
    has_zone = fields.Boolean(
        "Time with Its Zone", readonly=True, default=True,
        help="Otherwise the time may be hours off, and tells no call from another.")
    amount = fields.Float(
        "Amount (EUR)", **const.service.PRICE_DIGITS, readonly=True, help="Less than nothing: it was charged.")
    description = fields.Char(readonly=True)
    host = fields.Char("Service", readonly=True, help="The host that the description names.")
    kind = fields.Selection([
        ('charge', "Charge"),
        ('sum', "Sum of Charges"),
        ('recharge', "Came In"),
        ('refund', "Given Back"),
    ], required=True, readonly=True, help=(
        "A charge that was higher at a later reading is a sum of several. Given back is what came in for a service "
        "that Odoo calls."))
    call_id = fields.Many2one(
        'openapi_pec.api_call', "For the Call", readonly=True,
        help="Where nothing else can explain the charge, or the call.")
    price_id = fields.Many2one(
        'openapi_pec.price', "Price That It Shows", readonly=True, index='btree_not_null', ondelete='set null')

    _remote_unique = models.UniqueIndex('(account_id, remote_id)', "This transaction is known already.")
    _one_per_call = models.UniqueIndex('(call_id) WHERE call_id IS NOT NULL', "This call has its charge already.")

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.l10n_it_openapi_pec import const

from .api_call import OPERATIONS


class OpenapiPecPrice(models.Model):
    """A price of the service, as a person last saw it: the sums that are shown before a click come from here.

    The service tells no price before a call; its console does. So a price that is not here is said to be unknown.
    """
    _name = 'openapi_pec.price'
    _description = "PEC Price"
    _inherit = ['openapi_pec.input.mixin']
    _order = 'operation, mailbox_type, seen_on desc, id desc'
    _rec_name = 'operation'

    operation = fields.Selection(OPERATIONS, "For", required=True)
    mailbox_type = fields.Selection(
        const.mailbox.TYPE_LABELS,
        help="Empty for what costs the same whatever the mailbox. Of a mailbox: for one year.")
    amount = fields.Float("Price (EUR)", digits=(16, 2), required=True, help="Before VAT.")
    seen_on = fields.Date("Seen on", required=True, default=fields.Date.context_today,
        help="The newest counts; older ones show what it was.")
    source = fields.Char(help="Where it was seen.")

    _amount_not_negative = models.Constraint('CHECK (amount >= 0)', "A price cannot be negative.")

    def _is_possible(self, field, value):
        if field.name == 'amount' and isinstance(value, (int, float)) and value < 0:
            # before the database says so, with the row
            raise ValidationError(self.env._("A price cannot be negative."))
        return super()._is_possible(field, value)

    @api.constrains('amount')
    def _check_amount(self):
        if any(price.amount < 0 for price in self):
            raise ValidationError(self.env._("A price cannot be negative."))

    @api.model
    def _get(self, operation, mailbox_type=False):
        """Return the price of an operation, as last seen.

        :param str operation: of the journal.
        :param mailbox_type: of a mailbox (``const.mailbox.TYPES``), or False.
        :return: EUR before VAT, or None when it is not known.
        :rtype: float | None
        """
        if operation in const.service.FREE_OPERATIONS:
            return 0.0
        price = self.sudo().search([
            ('operation', '=', operation), ('mailbox_type', '=', mailbox_type),
        ], order='seen_on desc, id desc', limit=1)
        return price.amount if price else None

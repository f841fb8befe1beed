from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.l10n_it_openapi_pec import const

from .api_call import OPERATIONS


class OpenapiPecPrice(models.Model):
    """A price of the service, as last seen: the sums that are shown before a click come from here.

    The service tells no price with a call; its console does, and of some kinds its list of scopes, to whoever has the
    account's API key (``account.prices``). So a price that is not here is said to be unknown.
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
    amount = fields.Float("Price (EUR)", **const.service.PRICE_DIGITS, required=True, help="Before VAT.")
    seen_on = fields.Date("Last Seen", default=fields.Date.context_today,
        help="The newest counts; older ones show what it was. Empty: not known yet, and asked for before a click that "
             "costs it.")
    source = fields.Char(translate=True, help="Where it was seen.")
    free_count = fields.Integer(
        "Free a Month", help="So many of these calls are free in each calendar month, as far as it is known; 0: none, "
                             "or nobody knows.")

    _amount_not_negative = models.Constraint('CHECK (amount >= 0)', "A price cannot be negative.")
    _free_count_not_negative = models.Constraint(
        'CHECK (free_count >= 0)', "A number of free calls cannot be negative.")

    def _is_possible(self, field, value):
        if field.name in ('amount', 'free_count') and isinstance(value, (int, float)) and value < 0:
            # before the database says so, with the row
            raise ValidationError(
                self.env._("A price cannot be negative.") if field.name == 'amount'
                else self.env._("A number of free calls cannot be negative."))
        if not super()._is_possible(field, value):
            return False
        if field.name == 'seen_on' and field.to_date(value) > fields.Date.context_today(self):
            raise ValidationError(self.env._("A price cannot be seen on a day that is yet to come."))
        return True

    @api.constrains('amount')
    def _check_amount(self):
        if any(price.amount < 0 for price in self):
            raise ValidationError(self.env._("A price cannot be negative."))

    @api.onchange('amount')
    def _onchange_amount(self):
        if self.amount:
            self.seen_on = fields.Date.context_today(self)

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        unseen = self.filtered(lambda price: not price.seen_on) if vals.get('amount') else self.browse()
        result = super().write(vals)
        if unseen and 'seen_on' not in vals:
            super(OpenapiPecPrice, unseen).write({'seen_on': fields.Date.context_today(self)})
        return result

    # ------------------------------------------------------------ what is known

    @api.model
    def _ask_for_unknown(self):
        """List all that has a price of its own, so that one sees in one place what is not known yet."""
        kinds = {(price.operation, price.mailbox_type) for price in self.sudo().search([])}
        self.sudo().create([
            {'operation': operation, 'mailbox_type': mailbox_type, 'amount': 0, 'seen_on': False}
            for operation, rule in const.mailbox.OPERATIONS.items()
            for mailbox_type in rule.priced_types
            if not {(operation, mailbox_type), (operation, False)} & kinds])

    @api.model
    def _note_typed(self, operation, mailbox_type, amount, source):
        """Keep a price that a manager typed before what it is the price of: as :meth:`_note`."""
        self._note(operation, mailbox_type, amount, source)

    @api.model
    def _note(self, operation, mailbox_type, amount, source, **values):
        """Keep a price that was just seen.

        :param str operation: of the journal.
        :param mailbox_type: of a mailbox (``const.mailbox.TYPES``), or False.
        :param float amount: EUR before VAT, of one: for one year, one user.
        :param str source: where it was seen, in words.
        :param values: of other fields.
        """
        values = {'amount': amount, 'seen_on': fields.Date.context_today(self), 'source': source, **values}
        asked = self.sudo().search([
            ('operation', '=', operation), ('mailbox_type', '=', mailbox_type), ('seen_on', '=', False)], limit=1)
        if asked:
            asked.write(values)
        else:
            self.sudo().create({'operation': operation, 'mailbox_type': mailbox_type, **values})

    @api.model
    def _note_told(self, operation, mailbox_type, amount, free_count, source):
        """Keep a price that the service has told, if it is another one than the newest that is kept.

        :param operation, mailbox_type, amount, source: as of :meth:`_note`.
        :param free_count: how many are free a month; None: not told, so that it stays.
        """
        known = self._find(operation, mailbox_type)
        free_count = known.free_count if free_count is None else free_count
        if (known.mailbox_type, round(known.amount, 3), known.free_count) != (
                mailbox_type, round(amount, 3), free_count):
            self._note(operation, mailbox_type, amount, source, free_count=free_count)

    @api.model
    def _find(self, operation, mailbox_type=False):
        """Return the price of an operation as last seen, of this type or whatever the type; none when not known.

        What is sold for nothing nobody knows the price of.

        :param str operation: of the journal.
        :param mailbox_type: of a mailbox (``const.mailbox.TYPES``), or False.
        """
        newest = next(filter(None, (self.sudo().search([
            ('operation', '=', operation), ('mailbox_type', '=', kind), ('seen_on', '!=', False),
        ], order='seen_on desc, id desc', limit=1) for kind in dict.fromkeys((mailbox_type, False)))), self.browse())
        return newest.filtered('amount')

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
        price = self._find(operation, mailbox_type)
        return price.amount if price else None

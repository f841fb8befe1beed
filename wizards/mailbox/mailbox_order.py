from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_PRICE = 100_000  # EUR, so that a slip of the finger is not kept


class OpenapiPecMailboxOrder(models.AbstractModel):
    """The last question before a click that costs, or cannot be taken back, for one mailbox.

    A model that inherits says which operation it is about, adds what is filled in, and gives what is asked for
    (:meth:`_get_request`) and what is wrong with it (:meth:`_get_problem`).
    """
    _name = 'openapi_pec.mailbox.order'
    _description = "Order for a Mailbox"
    _inherit = ['openapi_pec.question.mixin']

    _operation = None  # key of const.mailbox.OPERATIONS
    _priced_by = ()  # the fields on which the price depends

    mailbox_id = fields.Many2one('openapi_pec.mailbox', required=True, readonly=True)
    snapshot = fields.Json(readonly=True, help="What the mailbox was like when the question was opened.")
    is_sandbox = fields.Boolean(related='mailbox_id.is_sandbox', related_sudo=False)
    address = fields.Char("PEC", related='mailbox_id.address', related_sudo=False)
    price = fields.Float("Total (EUR)", compute='_compute_price', digits=(16, 2), help="Before VAT.")
    is_price_known = fields.Boolean(compute='_compute_price')
    price_seen_on = fields.Date("Last Seen", compute='_compute_price')
    is_price_wanted = fields.Boolean(
        compute='_compute_price', help="Whether what it costs is not known here, and has to be typed.")
    typed_price = fields.Float(
        "Total in the Console (EUR)", digits=(16, 2),
        help="What the Openapi console asks for it, before VAT. The journal of API calls keeps it.")
    earlier_call_sentence = fields.Text(
        compute='_compute_earlier_call_sentence', help="What may have been paid for already.")
    awaited_sentence = fields.Text(
        compute='_compute_awaited_sentence',
        help="That the same was asked for and does not show yet, or is there already.")
    reason = fields.Char("Why Nevertheless", help="It is kept in the chatter.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends(lambda self: ('mailbox_id', *self._priced_by))
    def _compute_price(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            call = order.mailbox_id._get_order_price(order._operation, order._get_request())
            order.price, order.is_price_known = call['price'], call['is_price_known']
            order.is_price_wanted = not order.is_price_known and not order.is_sandbox
            order.price_seen_on = order.mailbox_id._find_price(order._operation, order._get_request()).seen_on

    @api.depends(lambda self: ('mailbox_id', 'typed_price', *self._priced_by))
    def _compute_spending(self):
        return super()._compute_spending()

    @api.depends('mailbox_id')
    @api.depends_context('lang')
    def _compute_earlier_call_sentence(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            order.earlier_call_sentence = order.mailbox_id._get_earlier_call_sentence(order._operation)

    @api.depends('mailbox_id')
    @api.depends_context('lang')
    def _compute_awaited_sentence(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            order.awaited_sentence = order._get_awaited_sentence()

    # ------------------------------------------------------------ what a model that inherits says

    def _get_awaited_sentence(self):
        """Return why a reason is wanted before the click, as a sentence; False when none is."""
        return self.mailbox_id._get_awaited_sentence(self._operation)

    def _get_request(self):
        """Return what is asked for, as ``tools.outcome.changed.judge`` reads it (dict)."""
        return {}

    def _get_whole_request(self):
        """Return what is asked for, with the price that was typed where none is known."""
        typed = {'typed_price': self.typed_price} if self.is_price_wanted else {}
        return {**self._get_request(), **typed}

    def _get_payer(self):
        self.mailbox_id._check_may_spend()
        return self.mailbox_id.company_id

    def _get_asked_operation(self):
        return self._operation

    def _get_asked_records(self):
        return self.mailbox_id._origin

    def _get_asked_prices(self):
        return [self.mailbox_id._get_order_price(self._operation, self._get_whole_request())]

    def _get_shown_now(self):
        return self.mailbox_id._get_shown(self._operation)

    def _get_changed(self, shown):
        return [] if shown == self._get_shown_now() else self.mailbox_id.mapped('display_name')

    def _check_answers(self):
        self.mailbox_id._check_may_spend()
        self._check_order()
        self.mailbox_id._check_as_shown(self._operation, self.snapshot or False)
        self.mailbox_id._check_orderable(self._operation)
        if self.awaited_sentence:
            self.mailbox_id._require_reason(self.reason, self.awaited_sentence)

    def _get_problem(self):
        """Return what is wrong with what was filled in, as a sentence; False when nothing is."""
        return False

    def _check_order(self):
        """Raise when this cannot be ordered as it was filled in."""
        if problem := self._get_problem():
            raise UserError(self.env._("%s Nothing was sent or spent.", problem))
        if self.is_price_wanted and not 0 < self.typed_price < MAX_PRICE:
            raise UserError(self.env._(
                "What this costs is not known here: type the total that the Openapi console shows. Nothing was sent or "
                "spent."))

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Have the operation called once, after this transaction."""
        self.check_access('write')
        self.ensure_one()
        self.mailbox_id._check_may_spend()
        self._check_order()
        self.mailbox_id._check_as_shown(self._operation, self.snapshot or False)
        request = self._get_whole_request()
        is_typed = self.is_price_wanted
        self.mailbox_id._ask_for(self._operation, reason=self.reason, **request)
        if is_typed:
            self.mailbox_id._note_typed_price(self._operation, request)
        return {'type': 'ir.actions.act_window_close'}

"""Every call that is asked for passes here: nothing is queued that was not cleared."""
from dataclasses import dataclass

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet

from .plan import Cost


@dataclass(frozen=True, eq=False)
class Cleared:
    """In the context, records whose calls may be paid, in this transaction: no request can send such an object.

    ``ids`` of the records of a ``model``, by a ``cursor``; ``waiting`` of those that were queued, and cleared, before;
    ``typed`` is the price of one (EUR) that a manager typed, where none is known.
    """

    cursor: object
    model: str
    ids: frozenset
    waiting: frozenset
    typed: float | None

    def covers(self, records):
        """Return whether these records are among them."""
        return self.cursor is records.env.cr and self.model == records._name and self.ids.issuperset(records._ids)


@dataclass(frozen=True, eq=False)
class Approved:
    """In the context, that a second manager, who is the environment's user, approves what another one has asked for.

    No request can send such an object either.

    :param asked_by: the first manager (``res.users``).
    :param cursor: of the transaction in which it was approved.
    """

    asked_by: object
    cursor: object


def get_approved(env):
    """Return what stands in the context of an environment about an approval; None without one."""
    approved = env.context.get('openapi_pec_approved')
    return approved if isinstance(approved, Approved) and approved.cursor is env.cr else None


def get_asker(env):
    """Return who asks for what is being asked for: the first manager, where a second one approves it."""
    approved = get_approved(env)
    return env.user.browse(approved.asked_by.id) if approved else env.user


class OpenapiPecCallMixin(models.AbstractModel):
    """What is asked for is cleared before it is queued: by whom it may be asked, and whether budgets allow it."""
    _inherit = 'openapi_pec.call.mixin'

    approved_by_id = fields.Many2one(
        'res.users', "Last Approved by", readonly=True, copy=False,
        help="The second manager who approved the last call, where one was wanted.")
    approval_sentence = fields.Text("Waits for Approval", compute='_compute_approval_sentence')
    asked_price = fields.Float(
        "Price Asked for (EUR)", **const.service.PRICE_DIGITS, readonly=True, copy=False, aggregator=None,
        help="What the last call costs, as known when it was asked for; before VAT. It counts for budgets while the "
             "call waits.")

    # ------------------------------------------------------------ CALLS: step 1, the user's transaction

    def _queue_call(self, at_once=True):
        cleared = self.env.context.get('openapi_pec_cleared')
        is_cleared = isinstance(cleared, Cleared) and cleared.covers(self)
        return super(OpenapiPecCallMixin, self if is_cleared else self._clear_spending())._queue_call(at_once)

    def _queue_again(self):
        """Queue what is queued already once more: it was cleared when it was asked for."""
        self._keep_clearance(waiting=self)._queue_call()

    def _get_asking(self):
        """Return what is kept of who asks for the calls of these records, and of their prices.

        :return: ``[(records, values), …]``
        :rtype: list
        """
        cleared = self.env.context['openapi_pec_cleared']
        approver = self.env.uid if get_approved(self.env) else False
        prices = self._get_typed_prices(cleared.typed)
        # What is queued once more stays whose it was, and approved: None.
        groups = self.grouped(
            lambda record: None if record.id in cleared.waiting and record.asked_by_id else prices[record]['price'])
        return [
            (records, {} if price is None else {
                'asked_by_id': get_asker(self.env).id, 'asked_price': price, 'approved_by_id': approver})
            for price, records in groups.items()]

    # ------------------------------------------------------------ CALLS: the rule

    def _clear_spending(self, reason=None, waiting=None, typed=None):
        """Return these records with the clearance that their calls may be paid, or raise what stands against it.

        What exceeds a budget is cleared for a reason, which the chatters keep; what a second manager has to approve is
        not cleared before. The scheduled jobs have budgets of their own.

        :param str reason: why it is asked for although a budget is exceeded.
        :param waiting: those of the records that were queued before, and cleared then.
        :param float typed: the price of one (EUR) that was typed, of those whose price is not known.
        :raise UserError: the reason is missing, or the approval.
        """
        new = self if waiting is None else self - waiting
        if self.env.uid != SUPERUSER_ID:
            prices = new._get_typed_prices(typed)
            total = Cost.of(prices.values())
            for company, records in new.grouped('company_id').items() if total.count else ():
                companies = company._openapi_pec_with_same_account()
                cost = Cost.of(price for record, price in prices.items() if record.company_id in companies)
                records._check_spending(company, cost, total, reason, new)
        return self._keep_clearance(waiting, typed)

    def _keep_clearance(self, waiting=None, typed=None):
        """Return these records with their clearance.

        :param waiting, typed: as of :meth:`_clear_spending`.
        """
        waiting = () if waiting is None else waiting._ids
        return self.with_context(openapi_pec_cleared=Cleared(
            self.env.cr, self._name, frozenset(self._ids), frozenset(waiting), typed))

    def _get_typed_prices(self, typed):
        """Return the prices of the calls of these records, with one that was typed where none is known.

        :param typed: as of :meth:`_clear_spending`.
        :return: ``{record: {'price', 'is_price_known'}}``, with ``'is_typed'`` where it is that one.
        """
        return {
            record: {'price': typed, 'is_price_known': True, 'is_typed': True}
            if typed and not price['is_price_known'] else price
            for record, price in self._get_call_prices().items()}

    def _get_call_prices(self):
        # What waits costs what was typed when it was asked for, where nobody knows better.
        return {
            record: {'price': record.asked_price, 'is_price_known': True, 'is_typed': True}
            if not price['is_price_known'] and record.asked_price and record[self._call_state_field] == 'queued'
            else price
            for record, price in super()._get_call_prices().items()}

    def _check_spending(self, company, cost, total, reason, together):
        """Raise when what these records of a company cost exceeds a budget without a reason, or is to be approved.

        :param Cost cost: of the records whose companies share the account.
        :param Cost total: of all that is asked for at once.
        :param together: the records that are.
        """
        approved = get_approved(self.env)
        if company._openapi_pec_get_limit('openapi_pec_budget') or get_asker(self.env).sudo().openapi_pec_budget:
            meet(company._openapi_pec_with_same_account().sorted('id')[:1])  # who spends at the same moment
        over = company._openapi_pec_get_over_budget(cost, total, get_asker(self.env), together)
        if over:
            kept = self._require_spending_reason(reason, over)
            # more people read a chatter than may know what is spent
            self._note_spending(self.env._("Asked for over budget, because: %s", kept))
        if approved:
            self._note_spending(self.env._(
                "%(asker)s asked for this, and %(approver)s approved it.",
                asker=approved.asked_by.name, approver=self.env.user.name))
        elif company._openapi_pec_needs_approval(total, self.env.user):
            self._refuse_without_approval({
                'amount': company._openapi_pec_show_cost(total), 'company': company.display_name,
                'limit': company._openapi_pec_show_eur(company._openapi_pec_get_limit('openapi_pec_approval_amount'))})

    def _refuse_without_approval(self, told):
        """Raise that a second manager has to approve these calls.

        :param dict told: ``{'amount', 'limit', 'company'}``, in words.
        :raise UserError: always.
        """
        raise UserError(self.env._(
            "This costs %(amount)s, and one manager of %(company)s spends at most EUR %(limit)s alone. Nothing was "
            "sent or spent. Open the question again and press \"Ask for Approval\": another manager then approves it.",
            **told))

    def _require_spending_reason(self, reason, over):
        """Return why these calls are asked for although budgets are exceeded.

        :param reason: what was typed, which may be anything.
        :param list over: sentences about the budgets.
        :raise UserError: it says too little.
        """
        return self.env['openapi_pec.words.mixin']._require_reason(reason, *over)

    def _is_spending_stopped(self):
        """Return whether these calls can be asked for only with a reason, or by a second manager."""
        prices = self._get_call_prices()
        return any(
            (plan := company._openapi_pec_plan_spending([prices[record] for record in records], self)).over
            or plan.needs_approval
            for company, records in self.grouped('company_id').items())

    def _note_spending(self, body):
        """Keep in the chatters how it came that something was paid."""
        records = self._get_spending_chatters().sudo()
        records._message_log_batch({record.id: body for record in records})

    def _get_spending_chatters(self):
        """Return the records that have the chatters of these."""
        return self

    # ------------------------------------------------------------ CALLS: step 2

    def _prepare_line(self, operation, **values):
        return super()._prepare_line(operation, **{'approved_by_id': self.approved_by_id.id, **values})


class OpenapiPecApiCall(models.Model):
    _inherit = 'openapi_pec.api_call'

    approved_by_id = fields.Many2one(
        'res.users', "Approved by", readonly=True, help="The second manager, where one was wanted.")


class OpenapiPecDomain(models.Model):
    """A domain need not be looked up, so nobody is asked for a reason."""
    _inherit = 'openapi_pec.domain'

    def _require_spending_reason(self, reason, over):
        raise UserError('\n'.join([*over, self.env._(
            "Nothing was asked or spent. A domain need not be looked up: go on without it, or have a system "
            "administrator raise the budget in the settings.")]))

    def _refuse_without_approval(self, told):
        raise UserError(self.env._(
            "These look-ups cost %(amount)s, and one manager of %(company)s spends at most EUR %(limit)s alone. "
            "Nothing was asked or spent. Select fewer, or go on without: a domain need not be looked up.", **told))

    def _get_spending_chatters(self):
        return self.env['openapi_pec.communication']  # it has none of its own

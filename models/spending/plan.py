"""What stands against spending a sum: the budgets of account and user, and what a second manager approves."""
from itertools import accumulate
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from odoo.addons.l10n_it_openapi_pec import const


class Cost(NamedTuple):
    """What some calls cost, before VAT.

    :param float amount: EUR, of those whose price is known.
    :param bool is_known: whether that is all of it.
    :param int count: calls that cost something, or whose price is not known.
    """

    amount: float
    is_known: bool
    count: int

    @classmethod
    def of(cls, prices):
        """Return what calls cost together.

        :param prices: of each ``{'price', 'is_price_known'}``.
        """
        told = [(price['price'], price['is_price_known']) for price in prices]
        return cls(
            sum(amount for amount, _is_known in told), all(is_known for _amount, is_known in told),
            sum(bool(amount) or not is_known for amount, is_known in told))


class Plan(NamedTuple):
    """What stands against some calls that are about to be asked for.

    :param Cost cost: of them.
    :param list over: a sentence for each budget that they exceed.
    :param bool needs_approval: whether a second manager has to approve them.
    """

    cost: Cost
    over: list
    needs_approval: bool


class ResCompany(models.Model):
    """What an account spends in a month, and what its companies have decided about it."""
    _inherit = 'res.company'

    # ------------------------------------------------------------ COMPUTE: what was spent

    def _openapi_pec_get_spent(self, user=None, without=None):
        """Return what this month's calls of this company's account have cost, and those that are queued (EUR).

        Each counts with its full price, lost and free ones too.

        :param user: whose calls alone are counted, of all accounts of the environment.
        :param without: records whose queued calls are not counted.
        """
        company = self.sudo()
        environment = company.openapi_pec_environment
        whose = fields.Domain('environment', '=', environment)
        if not user:
            whose &= fields.Domain('company_id', 'in', company._openapi_pec_with_same_account(environment).ids)
        month = fields.Datetime.now().replace(day=1, hour=0, minute=0, second=0)
        [[called]] = self.env['openapi_pec.api_call'].sudo()._read_group([
            *whose, *([('user_id', '=', user.id)] if user else ()), ('started_at', '>=', month),
            ('state', 'in', const.service.CHARGED_STATES)], [], ['price:sum'])
        if user:
            whose &= fields.Domain('asked_by_id', '=', user.id)
        return (called or 0) + self._openapi_pec_get_queued(whose, without)

    def _openapi_pec_get_queued(self, domain, without=None):
        """Return what the queued calls of a domain will cost (EUR), for which there is no line of the journal yet."""
        total = 0
        for model in map(self.env.__getitem__, self.env['openapi_pec.api_call']._get_calling_models()):
            queued = domain & fields.Domain(model._call_state_field, '=', 'queued')
            if without is not None and without._name == model._name:
                queued &= fields.Domain('id', 'not in', without.ids)
            [[amount]] = model.sudo()._read_group(queued, [], ['asked_price:sum'])
            total += amount or 0
        return total

    # ------------------------------------------------------------ COMPUTE: what stands against more

    def _openapi_pec_get_over_budget(self, cost, total, user, without=None):
        """Return a sentence for each budget that some calls exceed; none where there is no budget.

        :param Cost cost: of the calls of this company's account.
        :param Cost total: of all that is asked for with one click.
        :param user: who asks for them.
        :param without: records whose queued calls are these.
        """
        budgets = (
            (self.sudo().openapi_pec_budget, None, cost, self.env._(
                "This is over the budget of this month: EUR %(spent)s of EUR %(budget)s are spent or under way, and "
                "this costs EUR %(amount)s.")),
            (user.sudo().openapi_pec_budget, user, total, self.env._(
                "This is over your own budget of this month: EUR %(spent)s of EUR %(budget)s are spent or under way, "
                "and this costs EUR %(amount)s.")))
        over = []
        for budget, whose, meant, sentence in budgets:
            if not budget or not meant.count:
                continue
            spent = self._openapi_pec_get_spent(whose, without)
            if round(spent + meant.amount - budget, 2) > 0:
                over.append(sentence % {
                    'spent': self._openapi_pec_show_eur(spent), 'budget': self._openapi_pec_show_eur(budget),
                    'amount': self._openapi_pec_show_eur(meant.amount)})
        return over

    def _openapi_pec_plan_spending(self, prices, without=None, asker=None):
        """Return what stands against some calls of this company.

        :param list prices: of each call ``{'price', 'is_price_known'}``.
        :param without: records whose queued calls are these.
        :param asker: who asks for them; the user.
        :rtype: Plan
        """
        cost, asker = Cost.of(prices), asker or self.env.user
        return Plan(
            cost, self._openapi_pec_get_over_budget(cost, cost, asker, without),
            self._openapi_pec_needs_approval(cost, asker))

    def _openapi_pec_needs_approval(self, cost, user):
        """Return whether a second manager approves what some calls cost.

        That is so above the company's amount, where it has another manager; a price that is not known may be above it.

        :param Cost cost: of all that is asked for with one click.
        :param user: who asks for it.
        """
        limit = self.sudo().openapi_pec_approval_amount
        is_above = round(cost.amount - limit, 2) > 0 or not cost.is_known
        return bool(limit and cost.count and is_above and self._openapi_pec_get_managers() - user)

    @api.model
    def _openapi_pec_show_eur(self, amount):
        return formatLang(self.env, amount, digits=2)

    # ------------------------------------------------------------ COMPUTE: before and after

    def _openapi_pec_get_left(self):
        """Return what is left of the wallet when all that is asked for is paid (EUR), and how much that is.

        :return: ``(left, spoken for)``; left is None where the balance is not known now.
        :rtype: tuple
        """
        balance = self._openapi_pec_get_balance()
        if balance.problem:
            return None, 0
        environment = self.sudo().openapi_pec_environment
        whose = fields.Domain([
            ('environment', '=', environment),
            ('company_id', 'in', self._openapi_pec_with_same_account(environment).ids)])
        [[called]] = self.env['openapi_pec.api_call'].sudo()._read_group(
            whose & fields.Domain([('started_at', '>=', balance.at), ('state', 'in', const.service.CHARGED_STATES)]),
            [], ['price:sum'])
        reserved = (called or 0) + self._openapi_pec_get_queued(whose)
        return balance.amount - reserved, reserved

    def _openapi_pec_show_after(self, prices):
        """Return what the wallet holds before and after some calls, and a sentence if it is not enough for them.

        :param list prices: of each call ``{'price', 'is_price_known'}``, in the order in which they are made.
        :return: ``(sentence, sentence or False)``
        :rtype: tuple
        """
        sentence, cost = self._openapi_pec_show_balance(), Cost.of(prices)
        left, reserved = self._openapi_pec_get_left() if sentence else (None, 0)
        if self.sudo().openapi_pec_environment == 'sandbox':
            return left is not None and sentence, False  # nothing is paid, so nothing is missed
        if left is None or not cost.count:
            return sentence or False, False
        sentences = [sentence]
        if round(reserved, 2):
            sentences.append(self.env._(
                "EUR %s of it are spoken for: what was called since, and what is queued.",
                self._openapi_pec_show_eur(reserved)))
        if cost.is_known and round(left - cost.amount, 2) >= 0:
            sentences.append(self.env._("After this: EUR %s.", self._openapi_pec_show_eur(left - cost.amount)))
        return ' '.join(sentences), cost.is_known and self._openapi_pec_show_short(prices, left)

    def _openapi_pec_show_short(self, prices, left):
        """Return the sentence that says how far the wallet gets; False when it is enough.

        :param list prices: as above.
        :param float left: EUR that are left for them.
        """
        paid = [price['price'] for price in prices if price['price']]
        missing = sum(paid) - left
        if round(missing, 2) <= 0:
            return False
        enough = sum(round(total - left, 2) <= 0 for total in accumulate(paid))
        return self.env._(
            "The wallet is enough for %(enough)s of %(count)s; EUR %(missing)s are missing. What it is not enough for "
            "waits, and nothing is spent for it, until the wallet is topped up.", enough=enough, count=len(paid),
            missing=self._openapi_pec_show_eur(missing))

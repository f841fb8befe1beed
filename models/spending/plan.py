"""What stands against spending a sum: the budgets of account and user, and what a second manager approves."""
from datetime import timedelta
from itertools import accumulate
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import may

FRESH_MINUTES = 5  # for which a balance tells what is left after what is asked for


class Cost(NamedTuple):
    """What some calls cost, before VAT.

    :param float amount: EUR, of those whose price is known.
    :param bool is_known: whether that is all of it.
    :param int count: calls that cost something, or whose price is not known.
    :param bool is_typed: whether some price is what was typed with the question.
    """

    amount: float
    is_known: bool
    count: int
    is_typed: bool

    @classmethod
    def of(cls, prices):
        """Return what calls cost together.

        :param prices: of each ``{'price', 'is_price_known'}``, with ``'is_typed'`` where a manager typed it.
        """
        prices = list(prices)
        told = [(price['price'], price['is_price_known']) for price in prices]
        return cls(
            sum(amount for amount, _is_known in told), all(is_known for _amount, is_known in told),
            sum(bool(amount) or not is_known for amount, is_known in told),
            any(price.get('is_typed') for price in prices))


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
        called = whose & fields.Domain('user_id', '=', user.id) if user else whose
        month = self.env['openapi_pec.api_call']._get_charged_this_month(called)
        if user:
            whose &= fields.Domain('asked_by_id', '=', user.id)
        return sum(amount for *_what, amount in month) + self._openapi_pec_get_queued(whose, without)

    def _openapi_pec_get_queued(self, domain, without=None):
        """Return what the queued calls of a domain will cost (EUR), for which there is no line of the journal yet."""
        total = 0
        for model in map(self.env.__getitem__, self.env['openapi_pec.api_call']._get_calling_models()):
            queued = domain & fields.Domain(model._call_state_field, '=', 'queued')
            if without is not None and without._name == model._name:
                queued &= fields.Domain('id', 'not in', without.ids)
            [[amount]] = model.sudo()._read_group(queued, [], ['asked_price:sum'])
            # What was queued before prices were kept, or before its price was known, costs what it costs now.
            unpriced = model.sudo().search(queued & fields.Domain('asked_price', '=', 0))
            total += (amount or 0) + sum(price['price'] for price in unpriced._get_call_prices().values())
        return total

    # ------------------------------------------------------------ COMPUTE: limits

    @api.model
    def _openapi_pec_is_spending_bound(self):
        """Return whether a budget, or what a second manager approves, is set for anybody in this database."""
        self.env['res.company'].flush_model(['openapi_pec_budget', 'openapi_pec_approval_amount'])
        self.env['res.users'].flush_model(['openapi_pec_budget'])
        [[is_bound]] = self.env.execute_query(SQL("""
            SELECT EXISTS (SELECT FROM res_company WHERE openapi_pec_budget > 0 OR openapi_pec_approval_amount > 0)
                OR EXISTS (SELECT FROM res_users WHERE openapi_pec_budget > 0)
        """))  # no search: nothing is found by a budget
        return is_bound

    def _openapi_pec_get_limit(self, field):
        """Return the least limit that is set for this company's account: who spends from it may do so in any of them.

        :param str field: ``openapi_pec_budget`` or ``openapi_pec_approval_amount``.
        :return: EUR; 0 where none is set.
        :rtype: float
        """
        limited = self.sudo().search([(field, '>', 0)])
        return min((limited & self._openapi_pec_with_same_account()).mapped(field), default=0) if limited else 0

    # ------------------------------------------------------------ COMPUTE: what stands against more

    def _openapi_pec_get_over_budget(self, cost, total, user, without=None):
        """Return a sentence for each budget that some calls exceed; none where there is no budget.

        Who asks without being a manager, as signers do, is told no amount: one sentence, whatever the budgets.

        :param Cost cost: of the calls of this company's account.
        :param Cost total: of all that is asked for with one click.
        :param user: who asks for them.
        :param without: records whose queued calls are these.
        """
        # who approves what another one asks for is not told what that one spends
        of_user = self.env._(
            "This is over your own budget of this month: EUR %(spent)s of EUR %(budget)s are spent or under way, and "
            "this costs %(amount)s.") if user == self.env.user else self.env._(
            "This is over the budget of %(person)s for this month, or may be.")
        budgets = (
            (self._openapi_pec_get_limit('openapi_pec_budget'), None, cost, self.env._(
                "This is over the budget of this month: EUR %(spent)s of EUR %(budget)s are spent or under way, and "
                "this costs %(amount)s.")),
            (user.sudo().openapi_pec_budget, user, total, of_user))
        over = []
        for budget, whose, meant, sentence in budgets:
            if not budget or not meant.count:
                continue
            spent = self._openapi_pec_get_spent(whose, without)
            if round(spent + meant.amount - budget, 3) > 0 or not meant.is_known:
                over.append(sentence % {
                    'spent': self._openapi_pec_show_eur(spent), 'budget': self._openapi_pec_show_eur(budget),
                    'amount': self._openapi_pec_show_cost(meant), 'person': user.name})
        if over and not may(self.env, 'spend'):
            return [self.env._("The budget for calls of the service does not suffice for this.")]
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

        That is so above the account's amount, where the company has another manager; a price that is not known may be
        above it, and so may be one that was typed with the question.

        :param Cost cost: of all that is asked for with one click.
        :param user: who asks for it.
        """
        limit = self._openapi_pec_get_limit('openapi_pec_approval_amount')
        is_above = round(cost.amount - limit, 3) > 0 or not cost.is_known or cost.is_typed
        return bool(limit and cost.count and is_above and self._openapi_pec_get_managers() - user)

    @api.model
    def _openapi_pec_show_cost(self, cost):
        """Return what some calls cost, in words.

        :param Cost cost: of them.
        """
        if cost.is_known:
            return self.env._("EUR %s", self._openapi_pec_show_eur(cost.amount))
        if not round(cost.amount, 3):
            return self.env._("an amount that is not known yet")
        return self.env._("EUR %s and an amount that is not known yet", self._openapi_pec_show_eur(cost.amount))

    @api.model
    def _openapi_pec_show_eur(self, amount):
        """Return an amount of EUR in words: a part of a cent is shown where there is one."""
        return formatLang(self.env, amount, digits=3 if round(amount, 2) != round(amount, 3) else 2)

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
        # What was being called when the balance was read may not have been charged yet.
        under_way = fields.Domain('started_at', '>=', balance.at - timedelta(minutes=FRESH_MINUTES)) & (
            fields.Domain('ended_at', '>=', balance.at) | fields.Domain('state', '=', 'pending'))
        since = fields.Domain('started_at', '>=', balance.at) | under_way
        called = self.env['openapi_pec.api_call']._get_charged(whose & since)
        reserved = sum(amount for *_what, amount in called) + self._openapi_pec_get_queued(whose)
        return balance.amount - reserved, reserved

    def _openapi_pec_show_after(self, prices, operation):
        """Return what the wallet holds before and after some calls, and a sentence if it is not enough for them.

        :param list prices: of each call ``{'price', 'is_price_known'}``, in the order in which they are made.
        :param str operation: of the journal: what they do; of several kinds, one of them.
        :return: ``(sentence, sentence or False)``
        :rtype: tuple
        """
        sentence, cost = self._openapi_pec_show_balance(), Cost.of(prices)
        left, reserved = self._openapi_pec_get_left() if sentence else (None, 0)
        if self.sudo().openapi_pec_environment == 'sandbox':
            return sentence or False, False  # nothing is paid, so nothing is missed
        if left is None or not cost.count or self._openapi_pec_get_balance().at < (
                fields.Datetime.now() - timedelta(minutes=FRESH_MINUTES)):
            return sentence or False, False  # of an old balance nobody knows what is left
        sentences = [sentence]
        if round(reserved, 3):
            sentences.append(self.env._(
                "EUR %s of it are spoken for: what was called since, and what is queued.",
                self._openapi_pec_show_eur(reserved)))
        if cost.is_known and round(left - cost.amount, 3) >= 0:
            sentences.append(self.env._("After this: EUR %s.", self._openapi_pec_show_eur(left - cost.amount)))
        return ' '.join(sentences), cost.is_known and self._openapi_pec_show_short(prices, left, operation)

    def _openapi_pec_show_short(self, prices, left, operation):
        """Return the sentence that says how far the wallet gets; False when it is enough.

        :param prices, operation: as above.
        :param float left: EUR that are left for them.
        """
        paid = [price['price'] for price in prices if price['price']]
        missing = sum(paid) - left
        if round(missing, 3) <= 0:
            return False
        enough = sum(round(total - left, 3) <= 0 for total in accumulate(paid))
        told = {'enough': enough, 'count': len(paid), 'missing': self._openapi_pec_show_eur(missing)}
        return self.env._(
            "The wallet is enough for %(enough)s of %(count)s; EUR %(missing)s are missing. What it is not enough for "
            "is not made, and nothing is spent for it: ask for it again once the wallet is topped up.", **told,
        ) if operation in const.service.NEVER_WAITING else self.env._(
            "The wallet is enough for %(enough)s of %(count)s; EUR %(missing)s are missing. What it is not enough for "
            "waits, and nothing is spent for it, until the wallet is topped up.", **told)

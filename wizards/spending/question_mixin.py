from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec.models.spending.clearance import get_asker

# Of a question, what is no answer to it.
NO_ANSWERS = (*models.MAGIC_COLUMNS, 'update_id')
# Of answers, what is said in other words.
TOLD_OTHERWISE = ('reason', 'typed_price')


class OpenapiPecQuestionMixin(models.AbstractModel):
    """The last question before something is paid: the wallet before and after, budgets, and whether a second manager
    has to approve it.

    A model that inherits has a field ``reason`` and the method ``action_confirm``, and says who pays what.
    """
    _name = 'openapi_pec.question.mixin'
    _description = "Question about Spending"
    _inherit = ['openapi_pec.input.mixin', 'openapi_pec.words.mixin']

    wallet_sentence = fields.Text("Wallet", compute='_compute_spending', help="Before and after this.")
    short_sentence = fields.Text("Missing", compute='_compute_spending')
    budget_sentence = fields.Text(
        "Over Budget", compute='_compute_spending', help="What budgets it exceeds: then the reason is asked for.")
    approval_sentence = fields.Text("Approval", compute='_compute_spending')
    is_approval_wanted = fields.Boolean(compute='_compute_spending')

    # ------------------------------------------------------------ what a model that inherits says

    def _get_payer(self):
        """Return the company whose account pays."""
        raise NotImplementedError

    def _get_asked_operation(self):
        """Return the operation (of the journal) that is asked for; of several kinds, one of them."""
        raise NotImplementedError

    def _get_asked_records(self):
        """Return the records that this is about."""
        raise NotImplementedError

    def _get_asked_prices(self):
        """Return the price of each call, in their order: ``[{'price', 'is_price_known'}, …]``."""
        raise NotImplementedError

    def _get_shown_now(self):
        """Return what tells whether all is still as this question showed it (JSON)."""
        raise NotImplementedError

    def _get_changed(self, shown):
        """Return the names of what is not as it was shown (list); empty when nothing has changed.

        :param shown: what :meth:`_get_shown_now` returned then.
        """
        raise NotImplementedError

    def _check_answers(self):
        """Raise when this cannot be asked for as it was answered."""

    def _as_asker(self, records):
        """Return records as the one sees them who asks for it, in his language: what a second one approves is that."""
        asker = get_asker(self.env)
        return records.with_user(asker).with_context(
            lang=asker.lang, tz=asker.tz, allowed_company_ids=asker.company_ids.ids)

    # ------------------------------------------------------------ COMPUTE

    @api.depends_context('lang', 'uid')
    def _compute_spending(self):
        for question in self:
            company, prices = question._get_payer(), question._get_asked_prices()
            records = question._get_asked_records()
            plan = company._openapi_pec_plan_spending(prices)
            question.wallet_sentence, question.short_sentence = company._openapi_pec_show_after(
                prices, question._get_asked_operation())
            question.budget_sentence = '\n'.join(plan.over) or False
            question.is_approval_wanted = bool(records) and plan.needs_approval
            question.approval_sentence = question.is_approval_wanted and question._get_approval_sentence(plan.cost)

    def _get_approval_sentence(self, cost):
        """Return why a second manager has to approve this.

        :param Cost cost: of it.
        """
        company = self._get_payer()
        limit = company._openapi_pec_show_eur(company._openapi_pec_get_limit('openapi_pec_approval_amount'))
        if cost.is_known and not cost.is_typed:
            return self.env._(
                "More than the EUR %(limit)s that one manager spends alone: another manager has to approve it. Until "
                "then nothing is sent or spent.", limit=limit)
        return self.env._(
            "One manager spends at most EUR %(limit)s alone, and Odoo does not know what this costs: another manager "
            "has to approve it. Until then nothing is sent or spent.", limit=limit)

    # ------------------------------------------------------------ ACTIONS

    def _open(self, name):
        """Have the wallet read, and return the action that opens this question.

        :param str name: its title.
        """
        self._get_payer()._openapi_pec_read_wallet()
        return self._get_records_action(name=name, target='new')

    def action_ask_approval(self):
        """Ask the other managers to approve this, and open the request.

        :return: the action that opens it.
        :raise UserError: it is not possible now, a reason is missing, or no approval is wanted.
        """
        self.check_access('write')
        self.ensure_one()
        self._check_answers()
        if self.budget_sentence:
            self._require_reason(self.reason, self.budget_sentence)
        if not self.is_approval_wanted:
            return self.action_confirm()
        approval = self.env['openapi_pec.approval']._ask(
            self, self._get_payer(), self._get_asked_records(), self._get_asked_operation(), self._get_asked_prices())
        return approval._get_records_action(name=self.env._("Waits for Approval"))

    def _get_answered_words(self):
        """Return what a second manager has to know of how this question was answered (list of sentences)."""
        words = []
        for name in self._get_answers():
            field, value = self._fields[name], self[name]
            if not value or name in TOLD_OTHERWISE or field.type not in ('selection', 'boolean', 'integer', 'char'):
                continue
            label = field._description_string(self.env)
            if field.type == 'selection':
                value = dict(field._description_selection(self.env))[value]
            words.append(label if field.type == 'boolean' else f'{label}: {value}')
        prices = self._get_asked_prices()
        if any(price.get('is_typed') for price in prices):
            words.append(self.env._(
                "The price was not known: %(asker)s typed EUR %(amount)s.", asker=self.env.user.name,
                amount=self._get_payer()._openapi_pec_show_eur(self.typed_price)))
        if not all(price['is_price_known'] for price in prices):
            words.append(self.env._("The price is not known: look into the Openapi console before you approve it."))
        return words

    def _get_answers(self):
        """Return how this question was answered, as values of a new one (JSON)."""
        names = [
            name for name, field in self._fields.items()
            if field.store and not field.compute and name not in NO_ANSWERS and field.groups != fields.NO_ACCESS]
        return self._convert_to_write({name: self[name] for name in names})

"""What a manager asked for that a second one has to approve."""
import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.api_call import OPERATIONS
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_company, check_own, check_right, filter_seen

from .clearance import Approved
from .plan import Cost

ACTIVITY = 'l10n_it_openapi_pec.mail_activity_type_approve'
NAMED = 50  # lines that say what is asked for; the others are counted


class OpenapiPecApproval(models.Model):
    """A question whose price is above what one manager spends alone: another one answers it, and it is done.

    It keeps the question as the first manager answered it, and what that question showed: what has changed since is not
    paid.
    """
    _name = 'openapi_pec.approval'
    _description = "PEC Approval"
    _inherit = [
        'openapi_pec.input.mixin', 'openapi_pec.words.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _rec_name = 'operation'

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, help="The company whose Openapi account pays.")
    environment = fields.Selection(
        [('sandbox', "Sandbox"), ('production', "Production")], required=True, readonly=True)
    operation = fields.Selection(OPERATIONS, "For", required=True, readonly=True)
    asked_by_id = fields.Many2one('res.users', "Asked by", required=True, readonly=True, ondelete='restrict')
    description = fields.Text("What Is Asked for", readonly=True)
    asked_reason = fields.Char("Why", readonly=True, help="What the first manager said.")
    res_model = fields.Char("Model", required=True, readonly=True)
    res_ids = fields.Json("Records", readonly=True)
    count = fields.Integer("Calls", readonly=True)
    price = fields.Float(
        "Total (EUR)", **const.service.PRICE_DIGITS, readonly=True, help="Before VAT, as far as it is known.")
    is_price_known = fields.Boolean(readonly=True)
    state = fields.Selection([
        ('asked', "To Be Approved"),
        ('approved', "Approved"),
        ('rejected', "Rejected"),
        ('changed', "Changed Meanwhile"),
    ], required=True, readonly=True, default='asked', index=True)
    decided_by_id = fields.Many2one('res.users', "Decided by", readonly=True, ondelete='restrict')
    decided_at = fields.Datetime("Decided", readonly=True)
    decision_reason = fields.Char(
        "Your Reason", help="Why it is rejected, or approved over budget; the first manager reads it.")
    is_mine = fields.Boolean(compute='_compute_is_mine', search='_search_is_mine')
    is_sandbox = fields.Boolean(compute='_compute_is_mine')
    wallet_sentence = fields.Text("Wallet", compute='_compute_spending')
    short_sentence = fields.Text("Missing", compute='_compute_spending')
    budget_sentence = fields.Text("Over Budget", compute='_compute_spending')
    # The question: its model, how it was answered, and what it showed; no client reads or writes them.
    question = fields.Char(readonly=True, groups=fields.NO_ACCESS, exportable=False)
    answers = fields.Json(readonly=True, groups=fields.NO_ACCESS, exportable=False)
    snapshot = fields.Json(readonly=True, groups=fields.NO_ACCESS, exportable=False)

    # ------------------------------------------------------------ COMPUTE

    @api.depends('operation', 'price', 'is_price_known')
    @api.depends_context('lang')
    def _compute_display_name(self):
        labels = dict(self._fields['operation']._description_selection(self.env))
        for approval in self:
            approval.display_name = f"{labels.get(approval.operation, '')}: {approval._show_price()}"

    @api.depends('asked_by_id', 'environment')
    @api.depends_context('uid')
    def _compute_is_mine(self):
        for approval in self:
            approval.is_mine = approval.asked_by_id == self.env.user
            approval.is_sandbox = approval.environment == 'sandbox'

    def _search_is_mine(self, operator, value):
        return Domain('asked_by_id', '=', self.env.uid) if operator == 'in' else NotImplemented

    def _show_price(self):
        """Return the sum in words, in the language of the environment."""
        return self.env['res.company']._openapi_pec_show_cost(
            Cost(self.price, self.is_price_known, self.count, False))

    @api.depends('state', 'company_id', 'price')
    @api.depends_context('uid', 'lang')
    def _compute_spending(self):
        for approval in self:
            approval.wallet_sentence = approval.short_sentence = approval.budget_sentence = False
            if approval.state == 'asked':
                prices = approval.sudo()._get_prices()
                company = approval.company_id
                plan = company._openapi_pec_plan_spending(prices, asker=approval.asked_by_id)
                approval.wallet_sentence, approval.short_sentence = company._openapi_pec_show_after(
                    prices, approval.operation)
                approval.budget_sentence = '\n'.join(plan.over) or False

    def _is_price(self, amount):
        """Return whether an amount (EUR) is the price that is kept."""
        return not round(self.price - amount, 3)

    def _get_prices(self):
        """Return the price of each call, as far as the sum tells it."""
        count = max(self.count, 1)
        return [{'price': self.price / count, 'is_price_known': self.is_price_known}] * count

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        # who decides gives his reason, and nobody writes anything else
        check_own(self.env, {name for name in vals if name in self._fields and self._fields[name].readonly})
        if not self.env.su and 'decision_reason' in vals and any(
                approval.is_mine or approval.state != 'asked' for approval in self):
            raise AccessError(self.env._("The reason is that of who decides, before it is decided."))
        return super().write(vals)

    # ------------------------------------------------------------ asking for it

    @api.model
    def _ask(self, question, company, records, operation, prices):
        """Keep a question for another manager, and tell the others.

        :param question: of ``openapi_pec.question.mixin``, as the first manager answered it.
        :param company: whose account pays.
        :param records: what it is about.
        :param str operation: of the journal.
        :param list prices: of each call ``{'price', 'is_price_known'}``.
        :return: the request; the open one, if the same was asked for before.
        """
        plan = company._openapi_pec_plan_spending(prices)
        values = {
            'company_id': company.id, 'environment': company.sudo().openapi_pec_environment, 'operation': operation,
            'asked_by_id': self.env.uid, 'res_model': records._name, 'res_ids': records.ids, 'count': len(prices),
            'price': plan.cost.amount, 'is_price_known': plan.cost.is_known, 'question': question._name,
        }
        meet(company.sudo())  # somebody may press twice
        same = [(name, '=', values[name]) for name in (
            'company_id', 'environment', 'operation', 'asked_by_id', 'res_model')]
        known = self.sudo().search([('state', '=', 'asked'), *same]).filtered(
            lambda approval: approval.res_ids == records.ids)
        kept = json.loads(json.dumps({'answers': question._get_answers(), 'snapshot': question._get_shown_now()}))
        for approval in known:
            if (approval.answers, approval.snapshot, approval.is_price_known) == (
                    kept['answers'], kept['snapshot'], plan.cost.is_known) and approval._is_price(plan.cost.amount):
                return approval.sudo(False)
            approval._close('changed', self.env.user, self.env._("It was asked for anew, otherwise."))
        told = question._get_answered_words()
        approval = self.sudo().with_context(mail_create_nolog=True).create({
            **values, **kept, 'description': '\n'.join([*told, *self._get_names(company, records)]),
            'asked_reason': question.reason})
        others = company._openapi_pec_get_managers() - self.env.user
        for manager in others:
            approval.activity_schedule(ACTIVITY, user_id=manager.id, summary=approval.with_context(
                lang=manager.lang)._get_summary())
        approval._message_log(body=self.env._(
            "%(asker)s asks for the approval of: %(others)s.", asker=self.env.user.name,
            others=', '.join(others.mapped('name'))))
        return approval.sudo(False)

    @api.model
    def _get_names(self, company, records):
        """Return the names of what is asked for that all who approve it may see; the others are counted.

        :param company: whose managers approve it.
        :rtype: list
        """
        names = filter_seen(records, company)[:NAMED].mapped('display_name')
        more = len(records) - len(names)
        return [*names, self.env._("%s more", more)] if more else names

    def _get_summary(self):
        return self.env._(
            "%(asker)s asks you to approve: %(what)s", asker=self.asked_by_id.name, what=self.display_name)

    # ------------------------------------------------------------ what waits

    @api.model
    def _find_waiting(self, records):
        """Return the requests about some records that wait for a decision, of the companies that the user works in.

        :param records: of one model.
        """
        ids = set(records._origin.ids)
        return self.sudo().search([
            ('state', '=', 'asked'), ('res_model', '=', records._name), ('company_id', 'in', self.env.companies.ids),
        ]).filtered(lambda approval: not ids.isdisjoint(approval.res_ids))

    @api.model
    def _tell_waiting(self, records):
        """Return what waits for a decision about some records, in words: ``{id of a record: sentences}``.

        Everybody who sees the records reads them, so no amount stands in them.

        :param records: of one model.
        """
        told = defaultdict(list)
        for approval in self._find_waiting(records):
            sentence = approval._get_waiting_sentence()
            for record_id in approval.res_ids:
                told[record_id].append(sentence)
        return {record_id: '\n'.join(sentences) for record_id, sentences in told.items()}

    def _get_waiting_sentence(self):
        labels = dict(self._fields['operation']._description_selection(self.env))
        others = self.company_id._openapi_pec_get_managers() - self.asked_by_id
        return self.env._(
            "%(what)s: approval asked of %(others)s by %(asker)s on %(date)s. It waits for a decision; until then "
            "nothing is sent or spent for it.", what=labels[self.operation],
            others=', '.join(others.mapped('name')) or self.env._("another manager"), asker=self.asked_by_id.name,
            date=self.company_id._openapi_pec_show_moment(self.create_date))

    @api.model
    def _open_waiting(self, records):
        """Return the action that opens what waits for a decision about a record.

        :raise AccessError: this user approves nothing, or may not read the record.
        :raise UserError: it is decided already.
        """
        records.check_access('read')
        approvals = self._find_waiting(records).sudo(False)
        approvals.check_access('read')
        if not approvals:
            raise UserError(self.env._("It is decided already: nothing was sent or spent now. Refresh the page."))
        return approvals.action_open()

    # ------------------------------------------------------------ ACTIONS

    def action_approve(self):
        """Do what the first manager asked for, if it is still as his question showed it.

        :return: what the question returns, or the action that says what has changed.
        :raise AccessError: this user may not spend, or not in this company now.
        :raise UserError: it is decided already, one's own, or not possible now.
        """
        self._check_decidable()
        if self.asked_by_id == self.env.user:
            raise UserError(self.env._(
                "You asked for this yourself: another manager approves it. Nothing was sent or spent."))
        kept = self.sudo()
        if kept.asked_by_id not in self.company_id._openapi_pec_get_managers():
            return self._close_changed(self.env._("who asked for it, who is no manager here any more"))
        question = self._make_question()
        changed = [self.env._("the records, some of which are gone")] if question is None else (
            question._get_changed(kept.snapshot) or self._get_changed(question))
        if changed:
            return self._close_changed(', '.join(changed))
        kept._close('approved', self.env.user, kept.decision_reason)
        return question.action_confirm()

    def _check_decidable(self):
        """Raise when this user may not decide now."""
        self.ensure_one()
        check_right(self.env, 'spend')
        self.check_access('read')
        check_company(self.company_id)
        meet(self)  # of two who press at the same moment, the second one comes too late
        if self.state != 'asked':
            raise UserError(self.env._("It is decided already: nothing was sent or spent now. Refresh the page."))

    def _make_question(self):
        """Return the first manager's question as this user's, with his approval; None when something of it is gone."""
        kept = self.sudo()
        records = self.env[kept.res_model].browse(kept.res_ids)
        if records.exists() != records:
            return None
        approved = Approved(kept.asked_by_id, self.env.cr)
        return self.env[kept.question].with_context(openapi_pec_approved=approved).create(
            {**kept.answers, 'reason': kept.asked_reason or kept.decision_reason})

    def _get_changed(self, question):
        """Return what has changed of environment and price since it was asked for (list of words)."""
        kept, now = self.sudo(), self.company_id._openapi_pec_plan_spending(question._get_asked_prices()).cost
        told = (
            (kept.environment != self.company_id.sudo().openapi_pec_environment, self.env._("the environment")),
            ((kept.is_price_known, kept.count) != (now.is_known, len(question._get_asked_prices()))
             or not kept._is_price(now.amount), self.env._("the price")))
        return [words for is_changed, words in told if is_changed]

    def _close_changed(self, changed):
        """Close a request whose records are not as they were; nothing is paid."""
        sentence = self.env._(
            "Changed since %(asker)s asked for it: %(changed)s. Nothing was sent or spent, and the request is closed: "
            "whoever still wants it asks for it anew.", asker=self.asked_by_id.name, changed=changed)
        self.sudo()._close('changed', self.env.user, sentence)
        self.sudo()._tell_asker(self.env._("Not approved, since it has changed: look at it, and ask again"))
        return self._get_slow_notification(sentence)

    def action_reject(self):
        """Close the request with a reason; who asked for it may take it back so, without one.

        :raise UserError: it is decided already, or the reason is missing.
        """
        self._check_decidable()
        reason = None if self.is_mine else self._require_reason(self.decision_reason)
        self.sudo()._close('rejected', self.env.user, reason)
        if reason:
            self.sudo()._tell_asker(self.env._("Not approved: %s", reason))

    def action_open(self):
        """Open these requests, with what the wallet holds now."""
        self.check_access('read')
        self.company_id._openapi_pec_read_wallet()
        return self._get_records_action(name=', '.join(self.mapped('display_name')))

    def action_open_records(self):
        """Open what it is about."""
        self.check_access('read')
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_ids).exists()._get_records_action(name=self.display_name)

    def _close(self, state, user, reason=None):
        """Keep how it was decided.

        :param str state: the new one.
        :param user: who decided.
        :param str reason: in words, if there is one.
        """
        self.activity_unlink([ACTIVITY])
        self.write({'state': state, 'decided_by_id': user.id, 'decided_at': fields.Datetime.now()})
        labels = dict(self._fields['state']._description_selection(self.env))
        self._message_log(body=self.env._(
            "%(user)s: %(decision)s", user=user.name, decision=' – '.join(filter(None, (labels[state], reason)))))

    def _tell_asker(self, summary):
        """Plan an activity for the first manager, if he still is one."""
        if self.asked_by_id in self.company_id._openapi_pec_get_managers():
            self.activity_schedule(ACTIVITY, user_id=self.asked_by_id.id, summary=summary)

from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim, lock_rows
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right
from odoo.addons.l10n_it_openapi_pec.models.spending.clearance import get_asker
from odoo.addons.l10n_it_openapi_pec.tools.api.company_data import Pending, to_plain


class OpenapiPecRegisterLook(models.Model):
    """One question about a company that the service was asked, and what it answered.

    A look-up costs cents, and nothing proves afterwards whether it was executed. So it is called once; when the answer
    is lost it was perhaps paid, and only a person asks again. What the service takes up and answers later has a number,
    by which the answer is read.
    """
    _name = 'openapi_pec.register_look'
    _description = "PEC Register Look-Up"
    _inherit = ['openapi_pec.call.mixin']
    _order = 'id desc'
    _rec_name = 'partner_id'
    _asking_access = 'read'  # people write none of it
    _synchronize_job = 'looks'
    _api_name = 'company'
    _refusal_sentences = const.look.REFUSALS

    update_id = fields.Many2one(
        'openapi_pec.register_update', readonly=True, index='btree_not_null', ondelete='set null')
    communication_id = fields.Many2one(
        'openapi_pec.communication', "Asked for the Filing", readonly=True, index='btree_not_null', ondelete='set null')
    partner_id = fields.Many2one(
        'res.partner', "Contact", required=True, readonly=True, index=True, ondelete='restrict')
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, help="The company whose Openapi account paid.")
    user_id = fields.Many2one('res.users', "Asked by", required=True, readonly=True)
    operation = fields.Selection(const.look.OPERATIONS, "What Is Asked", required=True, readonly=True)
    asked = fields.Char(
        "Asked about", required=True, readonly=True, index=True,
        help="Tax code or VAT number; of a count, the address.")
    state = fields.Selection([
        ('queued', "Queued"),
        ('unconfirmed', "Being Asked"),
        ('waiting', "Answer Comes Later"),
        ('done', "Answered"),
        ('not_found', "Not Found"),
        ('failed', "Not Asked"),
        ('lost', "Perhaps Paid"),
    ], required=True, readonly=True, index=True)
    is_open = fields.Boolean(readonly=True, help="It is under way: nobody asks the same a second time.")
    request_id = fields.Char("Request at the Service", readonly=True)
    looked_at = fields.Datetime("Looked Up", readonly=True)
    is_taken_in = fields.Boolean(
        readonly=True, default=True, help="What was told stands on contact and filing, and was compared.")
    # As the client reads it (tools/api/company_data.py); nobody reads it here, and no relational path leads there.
    told = fields.Json(groups=fields.NO_ACCESS, exportable=False)
    difference_ids = fields.One2many('openapi_pec.register_difference', 'look_id', "Differences", readonly=True)
    price = fields.Float("Price (EUR)", **const.service.PRICE_DIGITS, compute='_compute_money', help="Before VAT.")
    money_sentence = fields.Char("Money", compute='_compute_money')

    # A double click, another user and another server ask the same once.
    _one_open = models.UniqueIndex(
        "(company_id, environment, operation, asked) WHERE is_open",
        "The same is being asked already. Refresh the page to see the answer.")
    _latest = models.Index("(partner_id, operation, looked_at)")

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        if 'state' in vals:
            vals = {**vals, 'is_open': vals['state'] in const.look.OPEN_STATES}
        result = super().write(vals)
        if 'state' in vals and not self.env.context.get('openapi_pec_untold'):
            self.update_id._tell_pages()
        return result

    # ------------------------------------------------------------ CALLS: step 1, the user's transaction

    @api.model
    def _ask(self, company, wanted, update=None, reason=None, typed=None):
        """Have the service asked, after this transaction; what is being asked already is not asked again.

        A look of one company is made right after the commit, others by the scheduled job.

        :param company: whose account pays.
        :param list wanted: values of looks: ``partner_id``, ``operation``, ``asked``, perhaps ``communication_id``.
        :param update: ``openapi_pec.register_update`` that shows them, if any.
        :param str reason: why they are asked for although a budget is exceeded.
        :param float typed: the price of one (EUR) that a manager typed, where none is known.
        :return: the looks that were made.
        :raise AccessError: this user may not spend.
        """
        self._free_dead([('company_id', '=', company.id), ('asked', 'in', [one['asked'] for one in wanted])])
        looks = self.sudo().create([{
            **one, 'company_id': company.id, 'environment': company.openapi_pec_environment,
            'user_id': get_asker(self.env).id, 'update_id': update and update.id, 'state': 'queued',
        } for one in wanted])
        met = claim(looks, 'is_open', True)
        looks -= met
        met.unlink()
        looks._queue_looks(reason, typed)
        return looks

    def _queue_looks(self, reason=None, typed=None):
        """Queue these looks; for what may take long nobody waits.

        :param str reason: why they are asked for although a budget is exceeded.
        :param float typed: as of :meth:`_ask`.
        """
        cleared = self._clear_spending(reason, typed=typed)  # all of them together
        slow = cleared.filtered(lambda look: look.operation in const.look.LATER)
        for looks, at_once in ((cleared - slow, True), (slow, False)):
            if looks:
                looks._queue_call(at_once)

    def _check_may_ask(self):
        result = super()._check_may_ask()
        self.partner_id.sudo(False).check_access('read')
        return result

    def action_ask_again(self):
        """Ask once more what was refused, or may have been paid: a new look-up. Of several the price is said
        before, and of what exceeds a budget.

        :return: the action that opens the question, of these.
        :raise UserError: the answer is known, or on its way, or the contact has another code now.
        """
        self.check_access('read')
        looks = self.sudo()
        looks._check_may_ask()
        if any(look.state not in const.look.FAILED_STATES for look in looks):
            raise UserError(self.env._("It was answered, or is being asked already: nothing was asked or spent again."))
        if len(self) > 1 or looks._is_spending_stopped():
            return self._open_question()
        looks._check_code()
        looks._check_first_count()
        for look in looks:
            look.company_id._openapi_pec_check_configured(look.environment, self._api_name)
        if claim(looks, 'is_open', True):
            raise UserError(self.env._("The same is being asked already: nothing was asked or spent again."))
        looks.write({'told': False, 'request_id': False})
        looks._queue_looks()
        return None

    def _get_spending_chatters(self):
        return self.update_id

    def _is_of_contact(self):
        """Return whether the contact still has the code that was asked: else this is about another company."""
        return self.partner_id._has_openapi_pec_code(self.asked)

    def _check_code(self):
        """Raise when the contact of a paid look has another code now than the one that was asked."""
        if self.operation in const.look.PAID and (
                self.partner_id._openapi_pec_get_asked().get(self.partner_id) != self.asked):
            raise UserError(self.env._(
                "%(name)s has another tax code now than %(code)s, which was asked: nothing was asked or spent again. "
                "Press \"Update from the Register\" on the contact.", name=self.partner_id.display_name,
                code=self.asked))

    def _open_question(self):
        """Return the action that opens the question what it costs to ask again what these looks asked.

        :raise UserError: some were counts, which are free, or of the other environment.
        """
        if any(look.operation not in const.look.PAID or not look._is_of_present_environment() for look in self.sudo()):
            raise UserError(self.env._(
                "Among these are some that only counted who has a PEC, or were asked in the other environment: ask "
                "each of them again by itself. Nothing was asked or spent."))
        question = self.env['openapi_pec.register_question'].create({
            'look_ids': self.ids, 'company_id': self.company_id[:1].id})
        return question._open(self.env._("Ask Again"))

    def action_give_up(self):
        """Give up what is queued, and not yet being asked, among these looks.

        :raise AccessError: this user is no manager.
        :raise UserError: nothing of it is queued (any more).
        """
        check_right(self.env, 'decide')
        self.check_access('read')
        lock_rows(self)  # whoever is about to ask holds them
        queued = self.sudo().filtered(lambda look: look.state == 'queued')
        if not queued:
            raise UserError(self.env._(
                "Nothing of it is queued any more: it is being asked, or was. Look at its state and at what is known "
                "of the money."))
        queued._close_unasked(const.look.GIVEN_UP)

    # ------------------------------------------------------------ CALLS: steps 2 and 3

    def _due_operation(self):
        return self.operation

    def _prepare_call(self, operation, client):
        ask = getattr(client, const.look.METHODS[operation])
        return partial(self._call_in_time, partial(self._make_call, ask, self.asked))

    @staticmethod
    def _make_call(ask, asked):
        """Ask, and return the answer as the database keeps it.

        :param ask: function of a tax code, or of an address.
        :return: ``id`` of a request that is answered later, else False, ``retry_after`` (seconds) of it, else None, and
            what was ``told``, None for "not found".
        :rtype: dict
        """
        answer = ask(asked)
        if isinstance(answer, Pending):
            return {'id': answer.request_id, 'retry_after': answer.retry_after, 'told': None}
        return {'id': False, 'retry_after': None, 'told': to_plain(answer)}

    # ------------------------------------------------------------ CALLS: a process that died

    @api.model
    def _free_dead(self, domain=()):
        """Close what a process left that died: nothing shows later whether it was executed.

        :param domain: of the looks that are meant.
        """
        looks = self.sudo().search([('state', '=', 'unconfirmed'), *domain])
        if looks:
            lock_rows(looks)  # whoever closes a line of the journal holds its record
            lines = self.env['openapi_pec.api_call'].sudo().search([
                ('res_model', '=', self._name), ('res_id', 'in', looks.ids), ('state', '=', 'pending')])
            self.sudo().browse(lines._without_live_worker().mapped('res_id'))._on_call_unknown()

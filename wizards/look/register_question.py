from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_company, check_right

RECENT_DAYS = 7  # for which it is said that something was asked already


class OpenapiPecRegisterQuestion(models.TransientModel):
    """The question before look-ups are paid: how many, what they cost at most, how many may be free."""
    _name = 'openapi_pec.register_question'
    _description = "Question before the Register Is Asked"
    _inherit = ['openapi_pec.question.mixin']

    partner_ids = fields.Many2many('res.partner', string="Contacts", readonly=True)
    communication_ids = fields.Many2many(
        'openapi_pec.communication', string="Filings", readonly=True, help="Whose PEC the register may show by now.")
    look_ids = fields.Many2many(
        'openapi_pec.register_look', string="Look-Ups", readonly=True, help="What is asked again.")
    company_id = fields.Many2one(
        'res.company', "Paid by", required=True, readonly=True, default=lambda self: self.env.company,
        help="The company whose Openapi account pays.")
    is_check = fields.Boolean(compute='_compute_is_check')
    is_again = fields.Boolean(compute='_compute_is_check')
    has_offices = fields.Boolean(
        "Offices Too", help="Who has an office in each company, with role and date: IT-stakeholders, a second look-up.")
    company_count = fields.Integer("Companies Asked about", compute='_compute_meant')
    look_count = fields.Integer("Look-Ups to Be Asked", compute='_compute_meant')
    price_sentence = fields.Text("Price", compute='_compute_meant')
    is_price_unknown = fields.Boolean(compute='_compute_meant')
    typed_price = fields.Float(
        "Price of One (EUR)", digits=(16, 2),
        help="It is not known yet: type what the Openapi console asks for one.")
    notes = fields.Text(compute='_compute_meant')
    reason = fields.Char("Why All the Same", help="Kept in the chatter of the update.")
    # What the price was said of; the form sends it back when it has shown another one.
    shown = fields.Char(compute='_compute_shown', compute_sudo=False, store=True, readonly=False)
    update_id = fields.Many2one(
        'openapi_pec.register_update', readonly=True, help="What was asked with this question: it is asked once.")

    @api.constrains('partner_ids', 'communication_ids', 'look_ids')
    def _check_readable(self):
        for question in self.sudo():
            question.partner_ids.sudo(False).check_access('read')
            question.communication_ids.sudo(False).check_access('read')
            question.look_ids.sudo(False).check_access('read')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('communication_ids', 'look_ids')
    def _compute_is_check(self):
        for question in self:
            question.is_check, question.is_again = bool(question.communication_ids), bool(question.look_ids)

    @api.depends('partner_ids', 'communication_ids', 'look_ids', 'company_id', 'has_offices')
    @api.depends_context('lang')
    def _compute_meant(self):
        for question in self:
            wanted, notes = question._get_wanted()
            question.company_count = len({look['asked'] for look in wanted})
            question.look_count = len(wanted)
            question.notes = '\n'.join(notes) or False
            question.price_sentence, question.is_price_unknown = question._get_price_sentence(
                [look['operation'] for look in wanted])

    @api.depends('partner_ids', 'communication_ids', 'look_ids', 'company_id', 'has_offices')
    def _compute_shown(self):
        for question in self:
            question.shown = question._get_total(question._get_wanted()[0])

    @api.depends('partner_ids', 'communication_ids', 'look_ids', 'company_id', 'has_offices', 'typed_price')
    def _compute_spending(self):
        return super()._compute_spending()

    # ------------------------------------------------------------ what is paid

    def _get_payer(self):
        check_right(self.env, 'spend')
        company = self._get_company()
        check_company(company)
        return company

    def _get_asked_operation(self):
        return next((look['operation'] for look in self._get_wanted()[0]), 'register_company')

    def _get_asked_records(self):
        wanted, _notes = self._get_wanted()
        return self.env['res.partner'].browse(dict.fromkeys(look['partner_id'] for look in wanted))

    def _get_asked_prices(self):
        table, operations = self.env['openapi_pec.price'], [look['operation'] for look in self._get_wanted()[0]]
        prices = {operation: table._get(operation) for operation in set(operations)}
        typed = self.typed_price if list(prices.values()).count(None) == 1 and self.typed_price > 0 else None
        told = {operation: typed if price is None else price for operation, price in prices.items()}
        return [{
            'price': told[operation] or 0, 'is_price_known': told[operation] is not None,
            'is_typed': prices[operation] is None and typed is not None,
        } for operation in operations]

    def _get_shown_now(self):
        wanted, _notes = self._get_wanted()
        return ' '.join([self._get_total(wanted), *sorted(look['asked'] for look in wanted)])

    def _get_changed(self, shown):
        changed = shown != self._get_shown_now()
        return [self.env._("number, price or environment of the look-ups")] if changed else []

    def _check_answers(self):
        wanted, notes = self._get_wanted()
        self._check_wanted(wanted, notes)
        self._get_unknown(self._get_company(), {look['operation'] for look in wanted})

    def _check_wanted(self, wanted, notes):
        """Raise when there is nothing to ask, or something else than was shown."""
        if not wanted:
            raise UserError('\n'.join([
                self.env._("There is nothing to ask: choose companies with a valid tax code. Nothing was spent."),
                *notes]))
        if self.shown != self._get_total(wanted):
            raise UserError(self.env._(
                "What this question showed has changed meanwhile (number of look-ups, price or environment), so "
                "nothing was asked or spent. Close this, look again, and ask if it is right."))

    def _get_total(self, wanted):
        """Return what a confirmation counts for: the environment, how many look-ups of each kind, and their prices.

        :param list wanted: values of looks.
        :rtype: str
        """
        counts = Counter(look['operation'] for look in wanted)
        return ' '.join([self._get_company().sudo().openapi_pec_environment, *(
            f"{operation} {count} {self.env['openapi_pec.price']._get(operation)}"
            for operation, count in sorted(counts.items()))])

    def _get_company(self):
        """Return the company whose account pays: of filings, and of look-ups asked again, their own one.

        :raise UserError: there are several.
        """
        companies = self.company_id | self.communication_ids._origin.company_id | self.look_ids._origin.company_id
        if len(companies) > 1:
            raise UserError(self.env._(
                "What was chosen is of several companies, each with its own account: choose that of one company. "
                "Nothing was asked or spent."))
        return companies

    def _get_meant(self):
        """Return what is meant to be asked: ``[(contact, operation, filing that it is asked for)]``."""
        filings, none = self.communication_ids._origin.sorted('id'), self.env['openapi_pec.communication']
        if looks := self.look_ids._origin.sorted('id'):
            last = {(look.partner_id, look.operation): look.communication_id for look in looks}
            return [(*what, filing) for what, filing in last.items()]
        if filings:
            return [(partner, 'register_pec', own[-1:]) for partner, own in filings.grouped('partner_id').items()]
        operations = ['register_company', *(['register_offices'] if self.has_offices else [])]
        return [(partner, operation, none) for partner in self.partner_ids._origin for operation in operations]

    def _get_wanted(self):
        """Return what is to be asked, and a sentence for each reason why something is left out.

        :return: ``([values of looks], [sentence])``
        :rtype: tuple
        """
        check_right(self.env, 'spend')
        meant = self._get_meant()
        chosen = self.env['res.partner'].union(*(partner for partner, *_what in meant))
        chosen.check_access('read')
        people = chosen.filtered(lambda partner: not partner.is_company and not partner._get_openapi_pec_trade())
        asked = (chosen - people)._openapi_pec_get_asked()
        wanted = [
            {'partner_id': partner.id, 'operation': operation, 'asked': asked[partner], 'communication_id': filing.id}
            for partner, operation, filing in meant if partner in asked]
        free, recent = self._without_open(wanted)
        without = len(chosen - people) - len(asked)
        sentences = [
            people and self.env._("People are left out: %s.", len(people)),
            without and self.env._(
                "Contacts without a valid tax code, or with that of another one chosen, are left out: %s.", without),
            len(wanted) > len(free) and self.env._(
                "Look-ups that are being made already are left out: %s.", len(wanted) - len(free)),
            recent and self.env._(
                "Asked already in the last %(days)s days: %(count)s. What was told then stands on the contacts; asked "
                "again, each is a new look-up.", days=RECENT_DAYS, count=recent)]
        return free, list(filter(None, sentences))

    def _without_open(self, wanted):
        """Return what is not being asked already, and how many of it were asked lately."""
        company = self._get_company()
        looks = self.env['openapi_pec.register_look'].sudo().search_fetch([
            ('company_id', '=', company.id), ('environment', '=', company.sudo().openapi_pec_environment),
            ('asked', 'in', [look['asked'] for look in wanted]), '|', ('is_open', '=', True),
            ('looked_at', '>=', fields.Datetime.now() - timedelta(days=RECENT_DAYS)),
        ], ['operation', 'asked', 'is_open'])
        known = {(look.operation, look.asked) for look in looks if look.is_open}
        recent = {(look.operation, look.asked) for look in looks} - known
        free = [look for look in wanted if (look['operation'], look['asked']) not in known]
        return free, len(recent & {(look['operation'], look['asked']) for look in free})

    def _get_price_sentence(self, operations):
        """Return what is said of the price of some look-ups, and whether a price is missing."""
        company, looks = self._get_company(), self.env['openapi_pec.register_look']
        if company.sudo().openapi_pec_environment == 'sandbox':
            return self._in_words(const.service.NOT_PAID), False
        least, most, left, unknown = looks._get_cost(company.sudo(), operations)
        free = sum(left.values())
        amount = self.env._("not known yet") if unknown else self.env._(
            "EUR %(least)s to %(most)s, before VAT", least=looks._show_amount(least), most=looks._show_amount(most)
        ) if least < most else self.env._("EUR %s, before VAT", looks._show_amount(most))
        sentences = [self.env._("Look-ups: %(count)s (%(amount)s).", count=len(operations), amount=amount)]
        if free:
            sentences.append(self.env._(
                "%s of this month's free look-ups are left as far as Odoo has counted; other programs may have used "
                "them.", free))
        return ' '.join(sentences), bool(unknown)

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Ask the register, after this transaction, and open what shows the answers.

        :raise UserError: there is nothing to ask, or something else than was shown, or a price is to be typed first.
        """
        self.check_access('write')
        self.ensure_one()
        meet(self)  # somebody may press twice
        if self.update_id:
            return self.update_id.action_open_form()
        company = self._get_company()
        wanted, notes = self._get_wanted()
        self._check_wanted(wanted, notes)
        unknown = self._get_unknown(company, {look['operation'] for look in wanted})
        company._openapi_pec_check_configured(api_name='company')
        partners = self.env['res.partner'].browse({look['partner_id'] for look in wanted})
        looks = self.env['openapi_pec.register_look']
        update = self.env['openapi_pec.register_update']._start(company, partners)
        if not looks._ask(company, wanted, update, self.reason, unknown and self.typed_price):
            raise UserError(self.env._("The same is being asked already. Nothing was asked or spent again."))
        if unknown:
            self.env['openapi_pec.price']._note_typed(unknown, False, self.typed_price, self.env._("Openapi console"))
        self.sudo().update_id = update
        return update.sudo(False).action_open_form()

    def _get_unknown(self, company, operations):
        """Return the operation whose price is typed here, as none is known yet; False where nothing is.

        :raise UserError: it was not typed, or several are missing.
        """
        if company.sudo().openapi_pec_environment == 'sandbox':
            return False
        prices = self.env['openapi_pec.price']
        unknown = [operation for operation in sorted(operations) if prices._get(operation) is None]
        if not unknown:
            return False
        if len(unknown) > 1 or self.typed_price <= 0:
            raise UserError(self.env._(
                "What one look-up costs is not known yet: type what the Openapi console asks, here or under "
                "Configuration, Prices. Nothing was asked or spent."))
        return unknown[0]

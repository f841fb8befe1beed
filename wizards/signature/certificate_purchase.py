from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_company, check_right
from odoo.addons.l10n_it_openapi_pec.tools.italy import omocodia


class OpenapiPecCertificatePurchase(models.TransientModel):
    """The question before a certificate for remote signatures is bought for a person."""
    _name = 'openapi_pec.certificate.purchase'
    _description = "Question before a Certificate Is Bought"
    _inherit = ['openapi_pec.question.mixin']

    partner_id = fields.Many2one('res.partner', "For", required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', "Paid by", required=True, readonly=True, default=lambda self: self.env.company,
        help="The company whose Openapi account pays.")
    kind = fields.Selection(const.sign_many.KINDS, required=True, default='otp', help=(
        "With a one-time password the person signs himself. An automatic one signs many powers of attorney for others: "
        "of a commercialista or a notary whom they have appointed."))
    held_id = fields.Many2one(
        'openapi_pec.certificate', "Waits for a Decision", readonly=True, ondelete='cascade',
        help="What waits for a decision, and is bought all the same.")
    holder_sentence = fields.Text("Made Out to", compute='_compute_holder')
    doubt_sentence = fields.Text("Doubt", compute='_compute_holder', help="The name does not fit the tax code.")
    known_sentence = fields.Text("Has Already", compute='_compute_known_sentence')
    is_under_way = fields.Boolean(
        compute='_compute_known_sentence', help="One of this kind is being bought for this very contact: no other is.")
    is_further = fields.Boolean("Buy Another One All the Same", help="Beside what this person has already.")
    price_sentence = fields.Text("Price", compute='_compute_price_sentence')
    is_price_wanted = fields.Boolean(compute='_compute_price_sentence')
    typed_price = fields.Float(
        "Price in the Console (EUR)", digits=(16, 2), help="What the Openapi console asks for it, before VAT.")
    reason = fields.Char("Why All the Same", help="Kept in the chatter of the certificate.")
    # What the price was said of; the form sends it back when it has shown another one.
    shown = fields.Char(compute='_compute_shown', compute_sudo=False, store=True, readonly=False)
    certificate_id = fields.Many2one(
        'openapi_pec.certificate', readonly=True, help="What was bought with this question: it is bought once.")

    @api.constrains('partner_id')
    def _check_readable(self):
        self.sudo().partner_id.sudo(False).check_access('read')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('partner_id')
    @api.depends_context('lang')
    def _compute_holder(self):
        for question in self:
            partner = question.partner_id
            code, halves = partner.l10n_it_codice_fiscale, partner._get_openapi_pec_halves()
            question.holder_sentence = self.env._(
                "%(name)s, tax code %(code)s", name=partner._get_openapi_pec_holder(),
                code=omocodia.normalize(code) or self.env._("missing"))
            question.doubt_sentence = not halves and self.env._(
                "The name does not fit the tax code: compare both with the identity document. A certificate in a "
                "wrong name is paid all the same.")

    @api.depends('partner_id', 'company_id', 'held_id', 'kind')
    @api.depends_context('lang')
    def _compute_known_sentence(self):
        for question in self:
            [other] = {kind for kind, _label in const.sign_many.KINDS} - {question.kind}
            known = question._find_known()
            question.is_under_way = bool(question._get_under_way(known))
            sentences = known._get_known_sentences()
            if question._find_known(other):
                sentences.append(self.env._(
                    "This person has a certificate of the other kind already, or is getting one. What is bought here "
                    "is a further one, at a price of its own."))
            question.known_sentence = '\n'.join(sentences) or False

    def _find_known(self, kind=None):
        """Return the certificates of a kind (the one that is bought) that the person has already, but for the one that
        waits for this decision.
        """
        known = self.env['openapi_pec.certificate']._find_known(self.company_id, self.partner_id, kind or self.kind)
        return known - self.held_id.sudo()

    def _get_under_way(self, known):
        """Return which of these certificates of the person is being bought for this very contact already."""
        return known.filtered(
            lambda one: one.is_open and (one.partner_id, one.company_id) == (self.partner_id, self.company_id))

    @api.depends('partner_id', 'company_id', 'kind')
    def _compute_shown(self):
        for question in self:
            question.shown = question._get_shown_now()

    @api.depends('company_id', 'kind')
    @api.depends_context('lang')
    def _compute_price_sentence(self):
        for question in self:
            price = self.env['openapi_pec.price']._get(question._get_asked_operation())
            is_sandbox = question.company_id.sudo().openapi_pec_environment == 'sandbox'
            question.is_price_wanted = price is None and not is_sandbox
            if is_sandbox:
                question.price_sentence = self._in_words(const.service.NOT_PAID)
            elif price is None:
                question.price_sentence = self.env._(
                    "What it costs is not known here: look into the Openapi console, and type it before you buy it.")
            else:
                question.price_sentence = self.env._(
                    "EUR %s, before VAT, from the Openapi wallet.", question.company_id._openapi_pec_show_eur(price))

    @api.depends('company_id', 'kind', 'typed_price')
    def _compute_spending(self):
        return super()._compute_spending()

    # ------------------------------------------------------------ what is paid

    def _get_payer(self):
        check_right(self.env, 'spend')
        check_company(self.company_id)
        return self.company_id

    def _get_asked_operation(self):
        return f'certificate_{self.kind}'

    def _get_asked_records(self):
        return self.partner_id

    def _get_asked_prices(self):
        price = self.env['openapi_pec.price']._get(self._get_asked_operation())
        is_typed = self.is_price_wanted and self.typed_price > 0
        return [{
            'price': price or (is_typed and self.typed_price) or 0, 'is_price_known': price is not None or is_typed,
            **({'is_typed': True} if is_typed else {})}]

    def _get_shown_now(self):
        company, price = self.company_id.sudo(), self.env['openapi_pec.price']._get(self._get_asked_operation())
        partner, known = self.partner_id, self._find_known()
        return ' '.join(map(str, (
            company.openapi_pec_environment, price, self.kind, partner._get_openapi_pec_holder(),
            omocodia.normalize(partner.l10n_it_codice_fiscale),
            *(f'{certificate.id} {certificate.state}' for certificate in known))))

    def _get_changed(self, shown):
        changed = shown != self._get_shown_now()
        return [self.env._("name, tax code, other certificates, price or environment")] if changed else []

    def _check_possible(self):
        """Raise when nothing can be bought for this person, however it is answered."""
        company = self.company_id.sudo()
        if not any(company[switch] for switch in const.sign_many.SWITCHES.values()):
            raise UserError(self._in_words(const.remote_signature.NO_CERTIFICATES))
        if self.partner_id.is_company or not self.partner_id.name:
            raise UserError(self.env._("A certificate is a person's: choose one. Nothing was bought or spent."))
        if not self.partner_id._get_openapi_pec_person_code():
            raise UserError(self.env._(
                "%s has no valid tax code on the contact, so whose certificate it would be cannot be told for certain: "
                "complete it first. Nothing was bought or spent.", self.partner_id.display_name))
        if self._get_under_way(self._find_known()):
            raise UserError(self._in_words(const.remote_signature.BOUGHT_ALREADY) % self.partner_id.display_name)
        held = self.held_id
        if held and (held.partner_id, held.company_id, held.kind) != (self.partner_id, self.company_id, self.kind):
            raise UserError(self._in_words(const.remote_signature.CHANGED))

    def _is_answer_wanted(self):
        """Return whether a person has to answer something before this can be bought."""
        return bool(self.known_sentence or self.budget_sentence or self.is_approval_wanted or self.is_price_wanted)

    def _check_answers(self):
        self._check_possible()
        if self.shown != self._get_shown_now():
            raise UserError(self.env._(
                "What this question showed has changed meanwhile (name, tax code, other certificates, price or "
                "environment), so nothing was bought or spent. Close this, look again, and buy it if it is right."))
        if self.known_sentence and not self.is_further:
            raise UserError('\n'.join([self.known_sentence, self.env._(
                "Tick that another one is bought all the same, if it is meant. Nothing was bought or spent.")]))
        if self.is_price_wanted and self.typed_price <= 0:
            raise UserError(self.env._(
                "What a certificate costs is not known here: type what the Openapi console asks. Nothing was bought or "
                "spent."))

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Buy the certificate, after this transaction, and open it.

        :raise UserError: it cannot be bought now.
        """
        self.check_access('write')
        self.ensure_one()
        meet(self)  # somebody may press twice
        if not self.certificate_id:
            company = self._get_payer()
            self._check_answers()
            company._openapi_pec_check_configured(api_name='signature')
            self.sudo().certificate_id = self._buy(company)
        return self.certificate_id.sudo(False)._get_records_action()

    def _buy(self, company):
        """Have the certificate bought as it was answered, and return it."""
        certificate, typed = self.held_id, self.is_price_wanted and self.typed_price
        if certificate:
            certificate._buy_held(self.reason, typed)
        else:
            certificate = certificate._buy(company, self.partner_id, self.reason, self.kind, typed)
        if self.known_sentence:
            certificate.sudo()._message_log(body=self.env._(
                "Bought beside what there is already: %s", self.known_sentence))
        if typed:
            self.env['openapi_pec.price']._note_typed(
                self._get_asked_operation(), False, typed, self.env._("Openapi console"))
        return certificate

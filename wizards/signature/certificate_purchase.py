from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_company, check_right


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
    price_sentence = fields.Text("Price", compute='_compute_price_sentence')
    reason = fields.Char("Why All the Same", help="Kept in the chatter of the certificate.")
    # What the price was said of; the form sends it back when it has shown another one.
    shown = fields.Char(compute='_compute_shown', compute_sudo=False, store=True, readonly=False)
    certificate_id = fields.Many2one(
        'openapi_pec.certificate', readonly=True, help="What was bought with this question: it is bought once.")

    @api.constrains('partner_id')
    def _check_readable(self):
        self.sudo().partner_id.sudo(False).check_access('read')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('partner_id', 'company_id', 'kind')
    def _compute_shown(self):
        for question in self:
            question.shown = question._get_shown_now()

    @api.depends('company_id', 'kind')
    @api.depends_context('lang')
    def _compute_price_sentence(self):
        for question in self:
            price = self.env['openapi_pec.price']._get(question._get_asked_operation())
            if question.company_id.sudo().openapi_pec_environment == 'sandbox':
                question.price_sentence = self.env._("In the sandbox nothing is paid.")
            elif price is None:
                question.price_sentence = question._in_words(const.remote_signature.NO_PRICE)
            else:
                question.price_sentence = self.env._(
                    "EUR %s, before VAT, from the Openapi wallet.", question.company_id._openapi_pec_show_eur(price))

    @api.depends('company_id', 'kind')
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
        return [{'price': price or 0, 'is_price_known': price is not None}]

    def _get_shown_now(self):
        company, price = self.company_id.sudo(), self.env['openapi_pec.price']._get(self._get_asked_operation())
        return f'{company.openapi_pec_environment} {price} {self.kind} {self.partner_id.name}'

    def _get_changed(self, shown):
        return [self.env._("name, price or environment")] if shown != self._get_shown_now() else []

    def _check_answers(self):
        company = self.company_id.sudo()
        if not (company.openapi_pec_sign_remotely or company.openapi_pec_sign_many):
            raise UserError(self._in_words(const.remote_signature.NO_CERTIFICATES))
        if self.partner_id.is_company or not self.partner_id.name:
            raise UserError(self.env._("A certificate is a person's: choose one. Nothing was bought or spent."))
        is_paid = company.openapi_pec_environment == 'production'
        if is_paid and self.env['openapi_pec.price']._get(self._get_asked_operation()) is None:
            raise UserError(self._in_words(const.remote_signature.NO_PRICE))
        if self.shown != self._get_shown_now():
            raise UserError(self.env._(
                "What this question showed has changed meanwhile (name, price or environment), so nothing was bought "
                "or spent. Close this, look again, and buy it if it is right."))

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
            self.sudo().certificate_id = self.env['openapi_pec.certificate']._buy(
                company, self.partner_id, self.reason, self.kind)
        return self.certificate_id.sudo(False)._get_records_action()

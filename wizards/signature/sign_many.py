from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_company, check_right
from odoo.addons.l10n_it_openapi_pec.models.spending.clearance import get_approved, get_asker

OPERATION = 'sign_automatic'


class OpenapiPecSignMany(models.TransientModel):
    """The question before many powers of attorney are signed with the company's automatic certificate.

    It says how many are signed and why others are left out, in whose name, and what that costs; who goes on declares to
    hold the mandates. The confirmation counts for what was shown alone. Then it shows what becomes of them.
    """
    _name = 'openapi_pec.sign_many'
    _description = "Question before Many Are Signed"
    _inherit = ['openapi_pec.question.mixin']

    # The table's own name would be cut, and so those of what belongs to it.
    communication_ids = fields.Many2many(
        'openapi_pec.communication', 'openapi_pec_sign_many_filing_rel', string="Filings", required=True, readonly=True)
    # What was shown; no client reads or writes it.
    snapshot = fields.Json(groups=fields.NO_ACCESS, exportable=False)
    is_asked = fields.Boolean(readonly=True, help="They are signed with this question once.")
    signed_sentence = fields.Text("What Is Signed", compute='_compute_shown')
    left_sentence = fields.Text("What Is Left Out", compute='_compute_shown')
    price_sentence = fields.Text("Price", compute='_compute_shown')
    mandate = fields.Text("Declaration", compute='_compute_shown')
    has_mandates = fields.Boolean("I Declare This")
    reason = fields.Char("Why All the Same", help="Kept in the chatters of the filings.")
    is_signing = fields.Boolean(compute='_compute_signing', help="What became of some signatures is not known yet.")
    signing_sentence = fields.Text("Signatures", compute='_compute_signing')
    signing_progress = fields.Float("Signed So Far", compute='_compute_signing', help="In percent.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends('communication_ids')
    @api.depends_context('lang', 'uid')
    def _compute_shown(self):
        for question in self:
            signable, left = question._get_sorted()
            company = question._get_payer().sudo()
            signer = company.openapi_pec_signer_id.name or ''
            question.signed_sentence = question._get_signed_sentence(signer, len(signable))
            question.left_sentence = '\n'.join(signable._get_left_out_words(left)) or False
            question.price_sentence = question._get_price_sentence(company, len(signable))
            again = company.openapi_pec_environment != 'sandbox' and signable._count_paid_in_vain()
            if again:
                question.price_sentence += '\n' + self._in_words(const.sign_many.PAID_AGAIN) % again
            question.mandate = self._in_words(const.sign_many.MANDATE) % {'signer': signer}

    def _get_signed_sentence(self, signer, count):
        """Return how many are signed, and in whose name, in words."""
        if count == 1:
            return self.env._(
                "One power of attorney is signed in the name of %s, with the company's automatic certificate: a "
                "qualified signature.", signer)
        return self.env._(
            "%(count)s powers of attorney are signed in the name of %(signer)s, with the company's automatic "
            "certificate: a qualified signature for each.", count=count, signer=signer)

    def _get_price_sentence(self, company, count):
        """Return what so many signatures cost, in words."""
        price = self.env['openapi_pec.price']._get(OPERATION)
        if company.openapi_pec_environment == 'sandbox':
            return self._in_words(const.service.NOT_PAID)
        if price is None:
            return self.env._(
                "What a signature costs is not known here: look into the Openapi console before you go on.")
        return self.env._(
            "EUR %(total)s together, before VAT, from the Openapi wallet: %(count)s at EUR %(price)s each, as last "
            "known.", total=company._openapi_pec_show_eur(price * count), count=count,
            price=company._openapi_pec_show_eur(price))

    @api.depends('is_asked')
    @api.depends_context('lang', 'tz')
    def _compute_signing(self):
        for question in self:
            told = self.env['openapi_pec.signature']._tell_last_clicks('company_id', [
                ('communication_id', 'in', question.communication_ids._origin.ids)]) if question.is_asked else {}
            last = told.get(question._get_payer(), {})
            question.is_signing = last.get('is_signing', False)
            question.signing_sentence = last.get('signing_sentence', False)
            question.signing_progress = last.get('signing_progress', 0)

    @api.depends('communication_ids')
    def _compute_spending(self):
        return super()._compute_spending()

    def _get_sorted(self):
        return self.communication_ids._origin._sort_for_signing()

    # ------------------------------------------------------------ what is paid

    def _get_payer(self):
        check_right(self.with_user(get_asker(self.env)).env, 'sign')
        company = self.communication_ids._origin.company_id[:1]
        check_company(company)
        return company

    def _get_asked_operation(self):
        return OPERATION

    def _get_asked_records(self):
        return self._get_sorted()[0]

    def _get_asked_prices(self):
        price = self.env['openapi_pec.price']._get(OPERATION)
        return [{'price': price or 0, 'is_price_known': price is not None}] * len(self._get_sorted()[0])

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        questions = super().create(vals_list)
        for question in questions:
            question.communication_ids.sudo(False).check_access('write')
            question.sudo().snapshot = question._get_shown_now()
        return questions

    # ------------------------------------------------------------ what has changed

    def _get_shown_now(self):
        company, (signable, _left) = self._get_payer().sudo(), self._get_sorted()
        return {
            'signed': {str(filing.id): filing.sudo().procura_id.checksum for filing in signable},
            'signer': [company.openapi_pec_signer_id.name, company._openapi_pec_get_signer_code()],
            'price': self.env['openapi_pec.price']._get(OPERATION), 'again': signable._count_paid_in_vain(),
            'environment': company.openapi_pec_environment}

    def _get_changed(self, shown):
        now, words = self._get_shown_now(), {
            'signed': self.env._("which powers of attorney are signed"), 'signer': self.env._("in whose name"),
            'price': self.env._("the price"), 'again': self.env._("what was paid before"),
            'environment': self.env._("the environment")}
        return [word for name, word in words.items() if (shown or {}).get(name) != now[name]]

    def _check_answers(self):
        if problem := self._get_payer()._openapi_pec_get_signer_problem():
            raise UserError(problem)
        if changed := self._get_changed(self.sudo().snapshot):
            raise UserError(self.env._(
                "What this question showed has changed meanwhile (%s), so nothing was signed or spent. Close this, "
                "look again, and have them signed if it is right.", ', '.join(changed)))
        if not self.has_mandates:
            raise UserError(self._in_words(const.sign_many.NO_MANDATE))

    # ------------------------------------------------------------ ACTIONS

    def action_ask_approval(self):
        """Ask another manager to approve it, as a manager may alone.

        :raise AccessError: this user is a signer, and no manager.
        """
        check_right(self.env, 'spend')
        return super().action_ask_approval()

    def action_confirm(self):
        """Have them signed, right after this transaction.

        :return: the action that shows what becomes of them, to who asked for it.
        :raise AccessError: this user, or who asked for it, is no signer.
        :raise UserError: something is missing, has changed, or stands against it; nothing was signed or spent.
        """
        self.check_access('write')
        self.ensure_one()
        meet(self)  # somebody may press twice
        if not self.is_asked:
            company = self._get_payer()
            self._check_answers()
            company._openapi_pec_check_configured(api_name='signature')
            self.env['openapi_pec.signature']._sign_many(self._get_sorted()[0], self.mandate, self.reason)
            self.sudo().is_asked = True
        if get_approved(self.env):  # who approves it need be no signer
            return {'type': 'ir.actions.act_window_close'}
        return self._get_records_action(name=self.env._("Sign Powers of Attorney"), target='new')

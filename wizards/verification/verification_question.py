from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_company, check_right
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_client import VERIFY


class OpenapiPecVerificationQuestion(models.TransientModel):
    """The question before Openapi verifies a signed power of attorney: the document leaves the server, and it is paid.
    """
    _name = 'openapi_pec.verification.question'
    _description = "Question before a Verification by Openapi"
    _inherit = ['openapi_pec.question.mixin']

    communication_id = fields.Many2one(
        'openapi_pec.communication', "Filing", required=True, readonly=True, ondelete='cascade')
    known_sentence = fields.Text(
        "Reported Already", compute='_compute_known_sentence', help="What was asked about this very file before.")
    price_sentence = fields.Text("Price", compute='_compute_price_sentence')
    reason = fields.Char("Why All the Same", help="Kept in the chatter of the filing.")
    # What was asked about; the form sends it back when it has shown something else.
    shown = fields.Char(compute='_compute_shown', compute_sudo=False, store=True, readonly=False)
    verification_id = fields.Many2one(
        'openapi_pec.verification', readonly=True, help="What was asked for with this question: once.")

    @api.constrains('communication_id')
    def _check_readable(self):
        self.sudo().communication_id.sudo(False).check_access('read')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('communication_id')
    def _compute_shown(self):
        for question in self:
            question.shown = question._get_shown_now()

    @api.depends('communication_id')
    @api.depends_context('lang')
    def _compute_price_sentence(self):
        for question in self:
            company, price = question.communication_id.company_id, self.env['openapi_pec.price']._get(VERIFY)
            if company.sudo().openapi_pec_environment == 'sandbox':
                question.price_sentence = self._in_words(const.service.NOT_PAID)
            elif price is None:
                question.price_sentence = self.env._(
                    "What it costs is not known here, and it is paid whatever it finds: look into the Openapi console "
                    "before you have it verified.")
            else:
                question.price_sentence = self.env._(
                    "EUR %s, before VAT, from the Openapi wallet, whatever it finds.",
                    company._openapi_pec_show_eur(price))

    @api.depends('communication_id')
    @api.depends_context('lang', 'tz')
    def _compute_known_sentence(self):
        for question in self:
            question.known_sentence = question.communication_id._get_report_sentence()

    @api.depends('communication_id')
    def _compute_spending(self):
        return super()._compute_spending()

    # ------------------------------------------------------------ what is paid

    def _get_payer(self):
        check_right(self.env, 'spend')
        check_company(self.communication_id.company_id)
        return self.communication_id.company_id

    def _get_asked_operation(self):
        return VERIFY

    def _get_asked_records(self):
        return self.communication_id

    def _get_asked_prices(self):
        price = self.env['openapi_pec.price']._get(VERIFY)
        return [{'price': price or 0, 'is_price_known': price is not None}]

    def _get_shown_now(self):
        filing, price = self.communication_id.sudo(), self.env['openapi_pec.price']._get(VERIFY)
        last = filing.verification_ids[:1]
        return (f'{filing.company_id.openapi_pec_environment} {price} {filing.signed_procura_id.checksum} '
                f'{last.id} {last.state}')

    def _get_changed(self, shown):
        changed = shown != self._get_shown_now()
        return [self.env._("signed file, reports on it, price or environment")] if changed else []

    def _check_answers(self):
        if problem := self.communication_id._get_verification_problem():
            raise UserError(problem)
        if self.shown != self._get_shown_now():
            raise UserError(self._in_words(const.verification.CHANGED))

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Have Openapi verify it, after this transaction.

        :raise UserError: it cannot be verified now.
        """
        self.check_access('write')
        self.ensure_one()
        meet(self)  # somebody may press twice
        if not self.verification_id:
            company = self._get_payer()
            self.communication_id.check_access('write')
            self._check_answers()
            company._openapi_pec_check_configured(api_name='signature')
            self.sudo().verification_id = self.env['openapi_pec.verification']._ask(
                self.communication_id, self.reason)
        return {'type': 'ir.actions.act_window_close'}

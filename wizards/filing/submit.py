from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.finding import WARNING


class OpenapiPecSubmit(models.TransientModel):
    """The last question before the click that costs.

    Odoo creates it when a manager presses the button, and keeps a digest of what it shows: the confirmation counts for
    that alone.
    """
    _name = 'openapi_pec.submit'
    _description = "Confirmation of a Submission"
    _inherit = ['openapi_pec.question.mixin']

    communication_ids = fields.Many2many('openapi_pec.communication', string="Filings", required=True, readonly=True)
    # {id of a filing: digest of what was shown of it}; no client reads or writes it.
    snapshot = fields.Json(groups=fields.NO_ACCESS, exportable=False)
    price = fields.Float("Total (EUR)", compute='_compute_price', digits=(16, 2))
    is_price_known = fields.Boolean(compute='_compute_price')
    is_sandbox = fields.Boolean(compute='_compute_price')
    warnings = fields.Text(compute='_compute_warnings')
    earlier_calls = fields.Text(compute='_compute_warnings', help="What may have been paid for already.")
    reason = fields.Char("Why All the Same", help="Kept in the chatter of the filing.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends('communication_ids')
    def _compute_price(self):
        for wizard in self:
            filings = wizard._get_filings()
            wizard.price = sum(filings.mapped('price'))
            wizard.is_price_known = all(filings.mapped('is_price_known'))
            wizard.is_sandbox = all(filings.mapped('is_sandbox'))

    @api.depends('communication_ids')
    def _compute_warnings(self):
        for wizard in self:
            filings = wizard._get_filings()
            wizard.warnings = '\n'.join(
                f"{filing.display_name}: {sentence}"
                for filing, sentences in filings._get_sentences(WARNING).items()
                for sentence in sentences)
            wizard.earlier_calls = '\n'.join(
                f"{filing.display_name}: {filing.earlier_call_sentence}" for filing in filings
                if filing.earlier_call_sentence)

    @api.depends('communication_ids')
    def _compute_spending(self):
        return super()._compute_spending()

    def _get_payer(self):
        return self._get_filings().company_id[:1]

    def _get_asked_operation(self):
        return 'create'

    def _get_asked_records(self):
        return self.communication_ids._origin

    def _get_asked_prices(self):
        filings = self._get_filings().filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES)
        return list(filings._get_call_prices().values())

    def _get_filings(self):
        """Return the filings, or raise if this user may not submit them."""
        filings = self.communication_ids._origin
        filings._check_may_spend()
        return filings

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            snapshot = wizard._get_shown_now()
            wizard.sudo().snapshot = snapshot
        return wizards

    # ------------------------------------------------------------ what has changed

    def _get_shown_now(self):
        return self._as_asker(self._get_filings())._take_snapshot()

    def _get_changed(self, shown):
        filings, shown, now = self._get_filings(), shown or {}, self._get_shown_now()
        changed = filings.filtered(lambda filing: shown.get(str(filing.id)) != now[str(filing.id)])
        return (changed or filings).mapped('display_name') if changed or shown.keys() != now.keys() else []

    def _check_answers(self):
        filings = self._get_filings()
        self._check_unchanged()
        filings._check_submittable()
        if self.warnings:
            self._require_reason(self.reason, self.warnings)

    def _check_unchanged(self):
        """Raise when what this question showed has changed."""
        if changed := self._get_changed(self.sudo().snapshot):
            raise UserError(self.env._(
                "%s: what this question showed of it has changed meanwhile, so nothing was sent or spent. Close this, "
                "look at it, and submit it again if it is right.", ', '.join(changed)))

    # ------------------------------------------------------------ ACTIONS

    def action_confirm(self):
        """Submit the filings if they are still as they were shown."""
        self.check_access('write')
        self.ensure_one()
        filings = self._get_filings()
        self._check_unchanged()
        filings.action_submit(self.reason)
        return {'type': 'ir.actions.act_window_close'}

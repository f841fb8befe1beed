from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, FINE, WARNING, get_worst_level


class OpenapiPecBatch(models.Model):
    """Filings of many companies: a manager confirms them once, and their calls are made in the background."""
    _name = 'openapi_pec.batch'
    _description = "PEC Batch"
    _inherit = ['openapi_pec.input.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, default=lambda self: self.env.company,
        help="The company whose Openapi account pays.")
    user_id = fields.Many2one('res.users', "Responsible", default=lambda self: self.env.user, check_company=True)
    communication_ids = fields.One2many('openapi_pec.communication', 'batch_id', "Filings")
    is_paused = fields.Boolean("Paused", readonly=True, copy=False)
    state = fields.Selection(
        [('draft', "To Be Submitted"), ('running', "Under Way"), ('paused', "Paused"), ('partial', "Partly Sent"),
         ('done', "Sent"), ('cancelled', "All Given Up")],
        compute='_compute_progress')
    filing_count = fields.Integer("Number of Filings", compute='_compute_progress')
    draft_count = fields.Integer("Not Submitted", compute='_compute_progress')
    called_count = fields.Integer("Filings Sent", compute='_compute_progress')
    failed_count = fields.Integer("Filings Failed", compute='_compute_progress')
    queued_count = fields.Integer(compute='_compute_progress')
    unconfirmed_count = fields.Integer("Filings Unconfirmed", compute='_compute_progress',
        help="Sent, and not known yet whether the service has them.")
    unconfirmed_price = fields.Float(
        "Not Known Whether Paid (EUR)", compute='_compute_unconfirmed_price', digits=(16, 2),
        help="What the unconfirmed filings may have cost, before VAT.")
    progress = fields.Float(
        compute='_compute_progress', help="How many of the filings are sent, in percent; given up ones do not count.")
    ready_count = fields.Integer(
        "Filings Ready", compute='_compute_ready',
        help="Drafts against which nothing stands: they are submitted together.")
    warned_count = fields.Integer(
        "To Be Looked At", compute='_compute_ready',
        help="Drafts that somebody looks at before they are submitted: they are chosen one by one, with a reason.")
    incomplete_count = fields.Integer("To Be Corrected", compute='_compute_ready')
    price = fields.Float(
        "Total (EUR)", compute='_compute_ready', digits=(16, 2), help="Of the filings that are ready, before VAT.")
    is_price_known = fields.Boolean(compute='_compute_ready')
    is_sandbox = fields.Boolean(compute='_compute_account')
    credit = fields.Float("Wallet (EUR)", compute='_compute_account', digits=(16, 2))
    credit_at = fields.Datetime("Wallet Known Since", compute='_compute_account')
    is_credit_short = fields.Boolean(compute='_compute_ready')
    pause_reason = fields.Selection(const.service.WAITING_FOR, "Waits for", compute='_compute_pause')
    pause_sentence = fields.Text(compute='_compute_pause')
    copy_sentence = fields.Text("May Be a Copy", compute='_compute_copy_sentence')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('communication_ids.state', 'is_paused')
    def _compute_progress(self):
        counts = {}
        for batch, state, count in self.env['openapi_pec.communication']._read_group(
                [('batch_id', 'in', self._origin.ids)], ['batch_id', 'state'], ['__count']):
            counts.setdefault(batch.id, {})[state] = count
        for batch in self:
            states = counts.get(batch._origin.id, {})
            waiting = sum(states.get(state, 0) for state in ('queued', 'unconfirmed'))
            editable = sum(states.get(state, 0) for state in const.filing.EDITABLE_STATES)
            batch.filing_count = sum(states.values())
            batch.draft_count = states.get('draft', 0)
            batch.queued_count = states.get('queued', 0)
            batch.unconfirmed_count = states.get('unconfirmed', 0)
            batch.failed_count = states.get('failed', 0)
            given_up = states.get('cancelled', 0)
            meant = batch.filing_count - given_up
            batch.called_count = meant - waiting - editable
            batch.progress = 100 * batch.called_count / meant if meant else 0
            if waiting:
                batch.state = 'paused' if batch.is_paused else 'running'
            elif batch.called_count:
                batch.state = 'partial' if editable else 'done'
            else:
                batch.state = 'cancelled' if given_up and not editable else 'draft'

    @api.depends('communication_ids.state')
    def _compute_unconfirmed_price(self):
        for batch in self:
            filings = batch.sudo().communication_ids.filtered(lambda filing: filing.state == 'unconfirmed')
            lines = filings._get_pending_line().filtered(lambda line: line.money == 'unknown')
            batch.unconfirmed_price = sum(lines.mapped('price'))

    @api.depends('communication_ids.findings_level')
    def _compute_ready(self):
        counts = {
            (batch.id, level): count for batch, level, count in self.env['openapi_pec.communication']._read_group(
                [('batch_id', 'in', self._origin.ids), ('findings_level', '!=', False)],
                ['batch_id', 'findings_level'], ['__count'])}
        price = self.env['openapi_pec.price']._get('create')
        for batch in self:
            batch.ready_count, batch.warned_count, batch.incomplete_count = (
                counts.get((batch._origin.id, level), 0) for level in (FINE, WARNING, ERROR))
            batch.is_price_known = price is not None
            batch.price = batch.ready_count * (price or 0)
            # What a wallet held before it was topped up warns of nothing; the question before the click reads it.
            is_empty = batch.company_id.sudo().openapi_pec_pause_reason == 'credit'
            batch.is_credit_short = is_empty and bool(batch.credit_at) and batch.credit < batch.price

    @api.depends('company_id')
    @api.depends_context('uid')
    def _compute_account(self):
        for batch in self:
            batch.is_sandbox = batch.company_id.sudo().openapi_pec_environment == 'sandbox'
            company = batch.company_id._openapi_pec_filter_wallet()
            balance = company._openapi_pec_get_balance() if company else None
            batch.credit = balance and balance.amount
            batch.credit_at = balance and balance.at

    @api.depends(
        'communication_ids.environment', 'company_id.openapi_pec_environment', 'company_id.openapi_pec_accounts')
    @api.depends_context('uid', 'lang')
    def _compute_copy_sentence(self):
        used = self.env['openapi_pec.communication']._read_group(
            [('batch_id', 'in', self._origin.ids)], ['batch_id'], ['environment:array_agg_distinct'])
        by_batch = {batch.id: environments for batch, environments in used}
        for batch in self:
            environments = {
                *by_batch.get(batch._origin.id, ()), batch.company_id.sudo().openapi_pec_environment} - {False, None}
            batch.copy_sentence = next(filter(None, map(
                batch.company_id._openapi_pec_get_copy_sentence, sorted(environments))), False)

    @api.depends('copy_sentence', 'state', 'is_paused', *(
        f'company_id.openapi_pec_{name}' for name in ('paused_until', 'pause_reason', 'credit', 'credit_at')))
    @api.depends_context('lang', 'tz', 'uid')
    def _compute_pause(self):
        for batch in self:
            by_hand = batch.is_paused and self.env._("This batch is paused by hand: nothing of it is sent before a "
                                                     "manager resumes it.")
            is_open = batch.state in ('running', 'paused')
            reason, sentence = batch.company_id._openapi_pec_get_pause(by_hand) if is_open else (False, False)
            if is_open and batch.copy_sentence:
                reason, sentence = 'copy', self.env._("Not sent, nothing was spent: this database may be a copy.")
            batch.pause_reason, batch.pause_sentence = reason, sentence

    def _get_drafts(self):
        """Return the filings that can still be submitted."""
        return self.communication_ids.filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES)

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access('create')  # before a number is taken
        for vals in vals_list:
            # without the sequence, which somebody may have deleted, there is still a batch
            vals['name'] = self.env['ir.sequence'].next_by_code('openapi_pec.batch') or "/"
        return super().create(vals_list)

    def write(self, vals):
        if 'is_paused' in vals and not self.env.su:
            raise AccessError(self.env._("A batch is paused and resumed with its buttons."))
        return super().write(vals)

    def _check_movable(self, company):
        raise UserError(self.env._("A batch stays in its company, whose account pays for its filings."))

    @api.ondelete(at_uninstall=False)
    def _unlink_if_nothing_was_sent(self):
        if any(filing.state not in ('draft', 'cancelled') for filing in self.communication_ids):
            raise UserError(self.env._("A batch of which something has been submitted cannot be deleted."))
        self.communication_ids.unlink()

    # ------------------------------------------------------------ ACTIONS

    def action_open_submit(self):
        """Open the question that confirms the price of all filings that are ready: the click judges them anew.

        What is to be looked at is left out: somebody chooses it in the worklist, and says why.
        """
        self.check_access('write')
        self.ensure_one()
        found = self._get_drafts()._get_findings(together=True)
        ready = self._get_drafts().filtered(lambda filing: get_worst_level(found[filing]) == FINE)
        if not ready:
            raise UserError(self.env._(
                "No filing of this batch is ready: correct what each line says. What is only to be looked at is chosen "
                "in the worklist, and submitted with a reason. Nothing was spent."))
        return ready.action_open_submit()

    def action_pause(self):
        """Pause the calls of these batches; a call that has begun is finished."""
        self.check_access('write')
        check_right(self.env, 'decide')
        self.sudo().is_paused = True

    def action_resume(self):
        """Resume the calls of these batches."""
        self.check_access('write')
        self.communication_ids._check_may_spend()
        self.sudo().is_paused = False
        self.communication_ids._trigger_cron('dispatch')

    def action_go_on(self):
        """End the pause of the account, whose wallet or token is in order again, and that of these batches."""
        self.check_access('write')
        self.communication_ids._check_may_spend()
        self.company_id._openapi_pec_go_on()
        self.action_resume()

    def action_confirm_home(self):
        """Confirm that this is the live database: Odoo pays from here again."""
        self.env['res.company']._openapi_pec_confirm_home()
        for batch in self:
            batch._message_log(body=self.env._("%s says that this is the live database.", self.env.user.name))

    def action_open_filings(self):
        """Open the filings of this batch as its worklist."""
        return self.action_open_worklist()

    def action_open_incomplete(self):
        """Open the filings that cannot be submitted yet."""
        return self._open_level(ERROR)

    def action_open_warned(self):
        """Open the filings that are to be looked at before they are submitted."""
        return self._open_level(WARNING)

    def _open_level(self, level):
        self.check_access('read')
        return {
            **self.action_open_worklist(), 'domain': [('batch_id', '=', self.id), ('findings_level', '=', level)]}

    def action_open_unconfirmed(self):
        """Open the unconfirmed filings: it is not known yet whether the service has them."""
        return {
            **self.action_open_worklist(), 'domain': [('batch_id', '=', self.id), ('state', '=', 'unconfirmed')]}

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.ir_websocket import CHANNEL
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own, check_right


class OpenapiPecRegisterUpdate(models.Model):
    """What somebody asked the register at once, about one company or many: how far it is, and what came of it."""
    _name = 'openapi_pec.register_update'
    _description = "Update from the Business Register"
    _inherit = ['openapi_pec.spreadsheet.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _rec_name = 'partner_id'

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, help="The company whose Openapi account pays.")
    user_id = fields.Many2one('res.users', "Asked by", required=True, readonly=True)
    environment = fields.Selection(
        [('sandbox', "Sandbox"), ('production', "Production")], required=True, readonly=True)
    partner_id = fields.Many2one('res.partner', "Contact", readonly=True, help="When it is about one alone.")
    look_ids = fields.One2many('openapi_pec.register_look', 'update_id', "Look-Ups", readonly=True)
    difference_ids = fields.One2many(
        'openapi_pec.register_difference', 'update_id', "Differences", domain=[('state', '=', 'open')])
    state = fields.Selection([('running', "Under Way"), ('done', "Answered")], compute='_compute_progress')
    look_count = fields.Integer("Look-Ups Asked", compute='_compute_progress')
    answered_count = fields.Integer("Answers", compute='_compute_progress')
    not_found_count = fields.Integer("Not Found", compute='_compute_progress')
    left_count = fields.Integer("Answered, and Not Compared", compute='_compute_progress')
    failed_count = fields.Integer("Without an Answer", compute='_compute_progress')
    progress = fields.Float(compute='_compute_progress', help="How many look-ups are settled, in percent.")
    difference_count = fields.Integer("Differences Open", compute='_compute_progress')
    ticked_count = fields.Integer(compute='_compute_progress')
    is_sandbox = fields.Boolean(compute='_compute_is_sandbox')
    pause_reason = fields.Selection(const.service.WAITING_FOR, "Waits for", compute='_compute_pause')
    pause_sentence = fields.Text(compute='_compute_pause')

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        # people tick differences in the form, and write nothing else
        check_own(self.env, {name for name in vals if name in self._fields and self._fields[name].readonly})
        return super().write(vals)

    # ------------------------------------------------------------ COMPUTE

    @api.depends('partner_id', 'create_date')
    @api.depends_context('lang', 'tz')
    def _compute_display_name(self):
        for update in self:
            asked = format_datetime(self.env, update.create_date, dt_format='short') if update.create_date else ''
            update.display_name = ', '.join(filter(None, (update.partner_id.display_name, asked)))

    @api.depends('look_ids.state', 'difference_ids.state', 'difference_ids.is_ticked')
    def _compute_progress(self):
        looks = self._count(self.env['openapi_pec.register_look'], [], 'state')
        left = self._count(  # the sentence says why
            self.env['openapi_pec.register_look'], [('state', '=', 'done'), ('error_message', '!=', False)], 'state')
        lines = self._count(self.env['openapi_pec.register_difference'], [('state', '=', 'open')], 'is_ticked')
        for update in self:
            states, ticks = looks.get(update._origin, {}), lines.get(update._origin, {})
            total, open_count = sum(states.values()), sum(states.get(state, 0) for state in const.look.OPEN_STATES)
            update.look_count = total
            update.answered_count = states.get('done', 0)
            update.not_found_count = states.get('not_found', 0)
            update.left_count = left.get(update._origin, {}).get('done', 0)
            update.failed_count = sum(states.get(state, 0) for state in const.look.FAILED_STATES)
            update.progress = 100 * (total - open_count) / total if total else 0
            update.state = 'running' if open_count else 'done'
            update.difference_count, update.ticked_count = sum(ticks.values()), ticks.get(True, 0)

    def _count(self, records, domain, field):
        """Return how many records of these updates there are: ``{update: {value of the field: number}}``."""
        counts = {}
        for update, value, count in records._read_group(
                [('update_id', 'in', self._origin.ids), *domain], ['update_id', field], ['__count']):
            counts.setdefault(update, {})[value] = count
        return counts

    @api.depends('environment')
    def _compute_is_sandbox(self):
        for update in self:
            update.is_sandbox = update.environment == 'sandbox'

    @api.depends('look_ids.state', *(
        f'company_id.openapi_pec_{name}' for name in ('paused_until', 'pause_reason', 'credit', 'credit_at')))
    @api.depends_context('lang', 'tz', 'uid')
    def _compute_pause(self):
        for update in self:
            is_open = update.state == 'running'
            update.pause_reason, update.pause_sentence = (
                update.company_id._openapi_pec_get_pause() if is_open else (False, False))

    # ------------------------------------------------------------ CALLS

    @api.model
    def _start(self, company, partners):
        """Return a new update of a company about some contacts."""
        return self.sudo().create({
            'company_id': company.id, 'user_id': self.env.uid, 'environment': company.openapi_pec_environment,
            'partner_id': partners.id if len(partners) == 1 else False})

    def _plan_account(self, sentence):
        """Plan, for who asked, what makes the account's calls go on."""
        for update in self.filtered(lambda update: update.user_id.active):
            update.activity_schedule(
                'l10n_it_openapi_pec.mail_activity_type_account', summary=sentence, user_id=update.user_id.id)

    def _tell_pages(self):
        """Tell the pages that show these updates that they have changed."""
        for company, updates in self.sudo().grouped('company_id').items():
            self.env['bus.bus']._sendone(
                (company, CHANNEL), CHANNEL, {'model': self._name, 'ids': updates.ids})

    # ------------------------------------------------------------ ACTIONS

    def action_open_form(self):
        """Open this update."""
        self.check_access('read')
        return self._get_records_action(name=self.env._("Update from the Register"))

    def action_take_over(self):
        """Take over the ticked differences."""
        self.check_access('read')
        ticked = self.difference_ids.filtered('is_ticked')
        if not ticked:
            raise UserError(self.env._("Nothing is ticked: tick what is to be taken over. Nothing was changed."))
        if changed := ticked._untick_changed():
            return self.env['openapi_pec.words.mixin']._get_slow_notification(self.env._(
                "Somebody has changed this on the contacts since: %s. Nothing was taken over, and its ticks were taken "
                "away. Look at what stands there now; tick again what is to be taken over all the same.",
                ', '.join(dict.fromkeys(changed.mapped('label')))))
        ticked.action_take_over()
        return None

    def action_open_differences(self):
        """Open the differences as a list, from which some or all are taken over."""
        self.check_access('read')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_register_difference'),
            'domain': [('update_id', 'in', self.ids)],
        }

    def action_open_looks(self):
        """Open the look-ups of this update that have no answer."""
        self.check_access('read')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_register_look'),
            'domain': [('update_id', 'in', self.ids), ('state', 'in', const.look.FAILED_STATES)], 'context': {},
        }

    def action_give_up(self):
        """Give up the look-ups of these updates that are queued; those that are being asked go on."""
        self.check_access('read')
        self.look_ids.action_give_up()

    def action_go_on(self):
        """End the account's pause, after a top-up or a corrected token."""
        check_right(self.env, 'spend')
        self.check_access('read')
        self.company_id._openapi_pec_go_on()

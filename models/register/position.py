from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own, filter_seen
from odoo.addons.l10n_it_openapi_pec.tools.obligation.sharing import CEASED

from .facts import ENTERPRISES, get_state

# What people write of a line; all else follows from what is known.
TYPED_FIELDS = {'user_id', 'decision', 'decision_reason', 'chosen_id'}
# What is judged: of each line, all or nothing.
LINE_FIELDS = (
    'state', 'reason', 'step', 'due_on', 'is_late', 'fine_least', 'fine_most', 'fine_reduced',
    'fine_reduced_days', 'address', 'office_id', 'person_id', 'again_on', 'candidate_ids')
DECISIONS = [('yes', "The PEC Is Due"), ('no', "The PEC Is Not Due")]


class OpenapiPecPosition(models.Model):
    """A line of the register of positions: how a followed company stands with one of its duties.

    These are its own PEC, and that of its administrator who must have one.

    A line belongs to the Odoo company that follows. It is judged in sets (``judging``) by ``tools.obligation``, and
    kept, so that lines can be counted, sorted and searched. Codes are kept, never sentences.
    """
    _name = 'openapi_pec.position'
    _description = "PEC Position"
    _inherit = ['openapi_pec.input.mixin', 'openapi_pec.job.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'due_on, id'

    # Whose line it is
    company_id = fields.Many2one(
        'res.company', "Followed by", required=True, index=True, readonly=True, default=lambda self: self.env.company,
        help="The company of yours that follows this contact.")
    partner_id = fields.Many2one(
        'res.partner', "About", required=True, index=True, readonly=True, ondelete='cascade')
    kind = fields.Selection(
        [('company', "The Company's Own PEC"), ('administrator', "An Administrator's PEC")], "Duty", required=True,
        readonly=True)
    user_id = fields.Many2one(
        'res.users', "Responsible", index='btree_not_null', ondelete='set null', tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]")
    is_followed = fields.Boolean(default=True, readonly=True)
    active = fields.Boolean(compute='_compute_active', store=True, index=True)
    is_hidden = fields.Boolean(
        "Contact of Another Company", compute='_compute_active', store=True, exportable=False,
        help="The company that follows it may not see it any more, and so nobody sees this line.")

    # How it stands: judging.py
    state = fields.Selection(
        '_select_states', compute='_compute_line', store=True, index=True, copy=False)
    state_since = fields.Datetime(
        "So since", compute='_compute_line', store=True, copy=False, help="Since when the line stands so.")
    reason = fields.Selection('_select_reasons', compute='_compute_line', store=True, copy=False)
    step = fields.Selection('_select_steps', "Next Step", compute='_compute_line', store=True, copy=False)
    due_on = fields.Date(
        "Due on", compute='_compute_line', store=True, copy=False,
        help="The last day in time of what is to be done next.")
    is_late = fields.Boolean("Overdue", compute='_compute_line', store=True, copy=False)
    fine_least = fields.Float(
        "Possible Fine, at Least (EUR)", compute='_compute_line', store=True, copy=False, digits=(16, 2))
    fine_most = fields.Float(
        "Possible Fine, at Most (EUR)", compute='_compute_line', store=True, copy=False, digits=(16, 2))
    fine_reduced = fields.Float(
        "Reduced Fine (EUR)", compute='_compute_line', store=True, copy=False, digits=(16, 2),
        help="What may be paid in its place soon after its notice; 0: not known.")
    fine_reduced_days = fields.Integer(
        "Days for the Reduced Fine", compute='_compute_line', store=True, copy=False, aggregator=None,
        help="From the notice of the fine; 0: not known.")
    is_fine_each = fields.Boolean(
        compute='_compute_is_fine_each', help="Whether each legal representative may have to pay it.")
    address = fields.Char(
        "PEC", compute='_compute_line', store=True, index='btree_not_null', copy=False,
        help="The PEC that is judged: the company's, or that of the administrator who must have one.")
    office_id = fields.Many2one(
        'openapi_pec.office', compute='_compute_line', store=True, copy=False, index='btree_not_null',
        ondelete='set null', help="The office of the administrator whose PEC is due.")
    person_id = fields.Many2one(
        'res.partner', "Administrator", compute='_compute_line', store=True, copy=False, index='btree_not_null',
        ondelete='set null')
    candidate_ids = fields.Many2many(
        'openapi_pec.office', 'openapi_pec_position_candidate', 'position_id', 'office_id', "Who It May Be",
        compute='_compute_line', store=True, copy=False, help="Of these offices a person says whose PEC is due.")
    again_on = fields.Date(
        "Judged Again on", compute='_compute_line', store=True, copy=False, index='btree_not_null', exportable=False,
        help="Until that day the line stays as it is, unless something else changes.")
    due_told = fields.Date(
        readonly=True, copy=False, exportable=False, help="The last day in time that the responsible was told of.")

    # What a person decides where nobody has said it
    decision = fields.Selection(
        DECISIONS, tracking=True, copy=False, help="It counts as long as the rules leave it undecided.")
    decision_reason = fields.Char("Reason of the Decision", copy=False, help="Who has said it, and when.")
    decided_by_id = fields.Many2one('res.users', "Decided by", readonly=True, copy=False, ondelete='set null')
    decided_on = fields.Date("Decided on", readonly=True, copy=False)
    chosen_id = fields.Many2one(
        'res.partner', "Administrator Chosen", copy=False, ondelete='set null', tracking=True,
        domain="[('openapi_pec_held_office_ids.partner_id', '=', partner_id)]",
        help="Whose PEC is due, where the rules leave that undecided. It counts while that person holds an office "
             "here.")

    # What is read beside it
    last_filing_id = fields.Many2one('openapi_pec.communication', compute='_compute_last_filing_id')
    others = fields.Text("Who Else Has This PEC", compute='_compute_others')

    _in_order = models.Index("(due_on, id)")
    # A constraint, which Odoo's merging of contacts looks for.
    _one_for_each_duty = models.Constraint(
        'UNIQUE(company_id, partner_id, kind)', "There is a line about this already: refresh the page.")

    # ------------------------------------------------------------ COMPUTE

    @api.model
    def _select_states(self):
        return [(code, self._in_words(words)) for code, words in const.position.STATES.items()]

    @api.model
    def _select_reasons(self):
        return [(code, self._in_words(words)) for code, words in const.position.REASONS.items()]

    @api.model
    def _select_steps(self):
        return [(code, self._in_words(words)) for code, words in const.position.STEPS.items()]

    @api.depends('partner_id', 'kind')
    @api.depends_context('lang')
    def _compute_display_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for position in self:
            position.display_name = f'{position.partner_id.display_name}: {kinds.get(position.kind, "—")}'

    @api.depends(
        'is_followed', 'company_id', 'partner_id.active', 'partner_id.company_id', 'partner_id.partner_share')
    def _compute_active(self):
        for company, own in self.grouped('company_id').items():
            seen = set(filter_seen(own.partner_id, company)._ids)
            for position in own:
                position.is_hidden = position.partner_id.id not in seen
                position.active = position.is_followed and position.partner_id.active and not position.is_hidden

    @api.depends('kind', 'fine_most', 'partner_id.openapi_pec_legal_form', 'partner_id.vat', 'partner_id.parent_id')
    def _compute_is_fine_each(self):
        for line in self:  # art. 2630 of the Civil Code; of a trader (art. 2194) there is one
            line.is_fine_each = bool(
                line.fine_most and line.kind == 'company' and not line.partner_id._get_openapi_pec_trade())

    @api.depends('partner_id', 'kind', 'company_id')
    def _compute_last_filing_id(self):
        filings = self.env['openapi_pec.communication']
        found = {
            (partner.id, company.id, kind): last_id
            for partner, company, kind, last_id in filings._read_group(
                [('partner_id', 'in', self.partner_id.ids), ('state', '!=', 'cancelled')],
                ['partner_id', 'company_id', 'kind'], ['id:max'])}
        for position in self:
            position.last_filing_id = found.get((position.partner_id.id, position.company_id.id, position.kind))

    @api.depends('address', 'state')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_others(self):
        """Name who else has the address, as far as the reader may see them in all of his companies."""
        shared = self.filtered(lambda position: position.address and position.state == 'duplicate')
        found = shared._find_having(shared.mapped('address')) if shared else {}
        for position in self - shared:
            position.others = False
        for position in shared:
            is_own = position._is_own
            names = [record.display_name for record in found[position.address] if not is_own(record)]
            position.others = '\n'.join(names) or self.env._("Somebody whom you may not see")

    def _find_having(self, addresses):
        """Return who has some addresses, of those whom this user may see: ``{address: [contact or office, …]}``."""
        everywhere = self.with_context(allowed_company_ids=self.env.user.company_ids.ids).env
        found = {address: [] for address in addresses}
        for partner in everywhere['res.partner'].search(
                Domain('openapi_pec_email_normalized', 'in', list(found)) & ENTERPRISES):
            if get_state(partner) != CEASED:
                found[partner.openapi_pec_email_normalized].append(partner)
        for office in everywhere['openapi_pec.office'].search([
                ('pec_email_normalized', 'in', list(found)), ('ended_on', '=', False)]):
            found[office.pec_email_normalized].append(office)
        return found

    def _is_own(self, record):
        """Return whether a contact or an office has this line's address as it may."""
        if self.kind == 'company':
            return record == self.partner_id
        return record._name == 'openapi_pec.office' and record.person_id == self.person_id

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._check_typed({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        self._check_typed(vals)
        if 'decision' in vals or 'decision_reason' in vals:
            vals = self._with_author(vals)
        return super().write(vals)

    def _check_typed(self, names):
        """Raise when a user writes what follows by itself."""
        own = {name for name, field in self._fields.items() if field._module == 'l10n_it_openapi_pec'}
        check_own(self.env, (own - TYPED_FIELDS) & set(names))

    def _with_author(self, vals):
        """Return values with who has decided, and when; a decision needs a reason."""
        if not vals.get('decision', True):
            return {**vals, 'decision_reason': False, 'decided_by_id': False, 'decided_on': False}
        if 'decision' not in vals and not any(self.mapped('decision')):
            return vals
        reason = vals['decision_reason'] if 'decision_reason' in vals else next(
            iter(self.mapped('decision_reason')), False)
        return {
            **vals, 'decision_reason': self._require_reason(reason), 'decided_by_id': self.env.uid,
            'decided_on': self._get_today()}

    # ------------------------------------------------------------ what is asked of all lines

    @api.model
    def _get_today(self):
        """Return the day on which it is judged: in Italy."""
        return self._get_day(fields.Datetime.now())

    @api.model
    def _get_day(self, moment):
        """Return the day of a moment in Italy."""
        return fields.Datetime.context_timestamp(self.with_context(tz=const.position.TIME_ZONE), moment).date()

    @api.model
    def _judge_later(self, company=None):
        """Have all lines judged anew by the job.

        :param company: whose; by default, of all companies.
        """
        self.flush_model(['again_on'])
        condition = SQL("company_id = %s", company.id) if company else SQL("TRUE")
        self.env.cr.execute(SQL(
            "UPDATE openapi_pec_position SET again_on = %s WHERE active AND %s", self._get_today(), condition),
            log_exceptions=False)
        self.invalidate_model(['again_on'], flush=False)
        self._trigger_cron('positions')

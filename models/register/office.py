from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

from .partner import keep_confirmed

# What the code alone writes: who says that the PEC stands in the register, and what the register has shown.
OWN_FIELDS = {'confirmed_email', 'confirmed_on', 'confirmed_by_id', 'seen_on', 'source'}


class OpenapiPecOffice(models.Model):
    """An office that a person holds in a company, for one term: ended and never deleted, it is its own history.

    A new term is a new record.
    """
    _name = 'openapi_pec.office'
    _description = "Office in a Company"
    _inherit = ['openapi_pec.input.mixin', 'openapi_pec.job.mixin', 'mail.thread']
    _order = 'partner_id, ended_on desc, since desc, id desc'
    _check_company_auto = True

    partner_id = fields.Many2one(
        'res.partner', "About", required=True, index=True, ondelete='restrict')
    person_id = fields.Many2one(
        'res.partner', required=True, index=True, ondelete='restrict', check_company=True, tracking=True)
    company_id = fields.Many2one(
        string="Company of the Contact", related='partner_id.company_id', store=True, index='btree_not_null')
    role = fields.Char(
        "Code of the Office", required=True, tracking=True,
        help="As the business register has it (codice carica). What the rules do not know is decided by a person.")
    role_choice = fields.Selection(
        '_select_roles', "Office", compute='_compute_role_choice', inverse='_inverse_role_choice', exportable=False)
    role_name = fields.Char("Office Held", compute='_compute_role_choice')
    since = fields.Date("From", tracking=True, help="The first day of this term.")
    registered_on = fields.Date("Registered", help="When the business register has entered it.")
    until = fields.Date(
        tracking=True, help="The last day of this term. Who is not followed by anybody stays in office.")
    ended_on = fields.Date("Ended", tracking=True, help="From this day on the person holds it no more.")
    own_pec_email = fields.Char(exportable=False, help="The PEC for this office, where it is not the person's.")
    pec_email = fields.Char(
        "PEC", compute='_compute_pec_email', inverse='_inverse_pec_email', store=True, readonly=False, tracking=True,
        help="The PEC communicated for this office. It is the person's, unless you write another one here.")
    pec_email_normalized = fields.Char(
        "Normalized PEC", compute='_compute_pec_email_normalized', store=True, index='btree_not_null', exportable=False)
    has_no_tax_code = fields.Boolean(
        "No Italian Tax Code", help="The person has none: then nobody has said what the rule is, and a person decides.")
    source = fields.Selection(
        [('typed', "Typed"), ('spreadsheet', "Spreadsheet"), ('register', "Business Register")], required=True,
        default='typed', readonly=True, copy=False)
    seen_on = fields.Date("Seen in the Register", readonly=True, copy=False, help="The last look that has found it.")
    confirmed_email = fields.Char(readonly=True, copy=False)
    confirmed_on = fields.Date(
        "PEC Confirmed", readonly=True, copy=False, help="When a person said that the PEC stands in the register.")
    confirmed_by_id = fields.Many2one('res.users', "Confirmed by", readonly=True, copy=False, ondelete='set null')

    _term_in_order = models.Constraint(
        'CHECK (until IS NULL OR since IS NULL OR until >= since)', "A term cannot end before it starts.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends('person_id', 'role', 'partner_id')
    def _compute_display_name(self):
        for office in self:
            person, company = (contact.name or '—' for contact in (office.person_id, office.partner_id))
            office.display_name = f'{person} ({office.role or "—"}, {company})'

    @api.model
    def _select_roles(self):
        return list(self.env['openapi_pec.rule']._get_roles().items())

    @api.depends('role')
    def _compute_role_choice(self):
        roles = self.env['openapi_pec.rule']._get_roles()
        for office in self:
            office.role_choice = office.role if office.role in roles else False
            office.role_name = roles.get(office.role, office.role)

    def _inverse_role_choice(self):
        for office in self.filtered('role_choice'):
            office.role = office.role_choice

    @api.onchange('role_choice')
    def _onchange_role_choice(self):
        self._inverse_role_choice()

    @api.depends('own_pec_email', 'person_id.openapi_pec_email')
    def _compute_pec_email(self):
        for office in self:
            office.pec_email = office.own_pec_email or office.person_id.openapi_pec_email

    def _inverse_pec_email(self):
        for office in self:
            address = pec_address.normalize(office.pec_email)
            is_persons = address == pec_address.normalize(office.person_id.openapi_pec_email)
            office.own_pec_email = False if is_persons else address

    @api.depends('pec_email')
    def _compute_pec_email_normalized(self):
        for office in self:
            office.pec_email_normalized = ' '.join(pec_address.find_compared(office.pec_email)) or False

    @api.constrains('since', 'until')
    def _check_term(self):
        if any(office.since and office.until and office.until < office.since for office in self):
            raise ValidationError(self.env._("A term cannot end before it starts."))

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            check_own(self.env, OWN_FIELDS & {name for vals in vals_list for name in vals})
        offices = super().create(self._with_codes(vals_list))
        self.env['openapi_pec.position']._judge_facts(addresses=offices._get_addresses())
        return offices

    def write(self, vals):
        check_own(self.env, OWN_FIELDS & vals.keys())
        before = self._get_addresses()
        result = super().write(*self._with_codes([vals]))
        self.env['openapi_pec.position']._judge_facts(addresses=before | self._get_addresses())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._(
            "An office is ended and never deleted, so that its history stays: press End the Office."))

    @api.model
    def _with_codes(self, vals_list):
        """Return values with the codes of offices as the rules, or the register, have them."""
        codes = [str(vals.get('role') or vals.get('role_choice') or '').strip() for vals in vals_list]
        known = {code.lower(): code for code in self.env['openapi_pec.rule']._get_roles()} if any(codes) else {}
        return [
            {**vals, 'role': known.get(code.lower(), code.upper())} if code else vals
            for vals, code in zip(vals_list, codes, strict=True)]

    def _get_addresses(self):
        """Return the PECs of these offices, as they are compared.

        :rtype: set
        """
        return set(self.sudo().mapped('pec_email_normalized')) - {False}

    # ------------------------------------------------------------ ACTIONS

    def action_end(self):
        """Keep that these offices are held no more, from today on."""
        self.check_access('write')
        today = self.env['openapi_pec.position']._get_today()
        self.filtered(lambda office: not office.ended_on).write({'ended_on': today})

    def action_renew(self):
        """Make the office of the next term, and open it."""
        self.ensure_one()
        self.check_access('write')
        return self._renew()._get_records_action(name=self.env._("New Term"))

    def _renew(self, since=None):
        """Return the office of the next term: from the day after this one, whose last day is kept.

        :param since: the first day of the next term, when it is known.
        """
        self.ensure_one()
        since = since or (self.until or self.env['openapi_pec.position']._get_today()) + timedelta(days=1)
        following = self.search([
            ('partner_id', '=', self.partner_id.id), ('person_id', '=', self.person_id.id), ('role', '=', self.role),
            ('since', '>=', since), ('ended_on', '=', False)], limit=1)
        if following:
            return following
        if not self.until:
            self.until = since - timedelta(days=1)
        renewed = self.copy({'since': since, 'until': False, 'registered_on': False, 'ended_on': False})
        self._message_log(body=self.env._(
            "A new term starts on %(day)s: %(office)s.", day=format_date(self.env, since),
            office=renewed._get_html_link()))
        return renewed

    def _confirm_pec(self):
        """Keep that a person says that the PECs of these offices stand in the register."""
        keep_confirmed(self, 'pec_email_normalized')

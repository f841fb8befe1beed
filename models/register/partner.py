from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own
from odoo.addons.l10n_it_openapi_pec.tools.italy import omocodia

USER = 'l10n_it_openapi_pec.group_user'
# What one look in the register has shown, and what one person has said: each belongs together, and the code alone
# writes it. The day comes first.
SEEN = tuple(f'openapi_pec_register_{name}' for name in ('seen_on', 'email', 'since', 'is_sandbox'))
CONFIRMED = tuple(f'openapi_pec_confirmed_{name}' for name in ('on', 'email', 'by_id'))
MERGING = object()  # in a context: contacts are being merged; no request can send it


class ResPartner(models.Model):
    """What is kept of a contact for the register of positions: what the business register shows of it, and its offices.

    Which PEC stood in the register at the last look (``SEEN``) is kept by itself. All else that the register tells
    otherwise is shown as a difference, and a person takes it over.
    """
    _inherit = 'res.partner'

    openapi_pec_is_followed = fields.Boolean(
        "Followed", compute='_compute_openapi_pec_is_followed', inverse='_inverse_openapi_pec_is_followed',
        search='_search_openapi_pec_is_followed', groups=USER,
        help="Whether the register of positions of your present company has lines about this contact: what it has to "
             "communicate to the business register, and by when.")
    openapi_pec_is_proposed = fields.Boolean(
        "Proposed to Be Followed", compute='_compute_openapi_pec_is_proposed', groups=USER,
        search='_search_openapi_pec_is_proposed',
        help="Not followed yet; it has a filing, a mailbox or an office here, or is a company of your own.")
    openapi_pec_position_ids = fields.One2many('openapi_pec.position', 'partner_id', "Positions", groups=USER)
    openapi_pec_office_ids = fields.One2many('openapi_pec.office', 'partner_id', "Offices", groups=USER)
    openapi_pec_held_office_ids = fields.One2many('openapi_pec.office', 'person_id', "Offices Held", groups=USER)
    openapi_pec_notice_ids = fields.One2many('openapi_pec.notice', 'partner_id', "Chamber's Notices", groups=USER)

    # What the business register shows.
    openapi_pec_register_email = fields.Char(
        "PEC in the Register", readonly=True, copy=False, groups=USER,
        help="The PEC that stood in the business register at the last look; empty: none.")
    openapi_pec_register_seen_on = fields.Date("Seen in the Register", readonly=True, copy=False, groups=USER)
    openapi_pec_register_since = fields.Date("In the Register since", readonly=True, copy=False, groups=USER)
    openapi_pec_register_is_sandbox = fields.Boolean(
        "Seen in the Sandbox", readonly=True, copy=False, groups=USER,
        help="The sandbox has told it, which invents: in production it counts for nothing.")
    openapi_pec_register_state = fields.Selection(
        '_select_openapi_pec_register_states', "State in the Register", groups=USER,
        help="State of activity. Of the states of a company that are known the one counts that exempts most.")
    openapi_pec_rea = fields.Char("REA", groups=USER, help="With the province of the chamber, such as RM-1234567.")
    openapi_pec_registered_on = fields.Date(
        "Registered on", groups=USER, help="When the company was entered into the business register.")

    # A person says that the PEC stands there. Of another address it says nothing.
    openapi_pec_confirmed_email = fields.Char(readonly=True, copy=False, groups=USER)
    openapi_pec_confirmed_on = fields.Date("PEC Confirmed", readonly=True, copy=False, groups=USER)
    openapi_pec_confirmed_by_id = fields.Many2one(
        'res.users', "PEC Confirmed by", readonly=True, copy=False, groups=USER, ondelete='set null')

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        check_own(self.env, {name for vals in vals_list for name in vals} & {*SEEN, *CONFIRMED})
        return super().create(vals_list)

    def write(self, vals):
        if self.env.context.get('openapi_pec_merging') is MERGING:  # Odoo mixes what belongs together
            vals = {name: value for name, value in vals.items() if name not in SEEN + CONFIRMED}
        check_own(self.env, vals.keys() & {*SEEN, *CONFIRMED})
        return super().write(vals)

    # ------------------------------------------------------------ COMPUTE

    @api.model
    def _select_openapi_pec_register_states(self):
        words = self.env['openapi_pec.words.mixin']
        return [(code, words._in_words(const.position.COMPANY_STATES[code])) for code in const.position.REGISTER_STATES]

    @api.depends('openapi_pec_position_ids.is_followed')
    @api.depends_context('company')
    def _compute_openapi_pec_is_followed(self):
        followed = self.env['openapi_pec.position'].sudo().with_context(active_test=False)._read_group([
            ('partner_id', 'in', self.ids), ('company_id', '=', self.env.company.id), ('is_followed', '=', True),
        ], ['partner_id'])
        ids = {partner.id for partner, in followed}
        for partner in self:
            partner.openapi_pec_is_followed = partner._origin.id in ids

    def _inverse_openapi_pec_is_followed(self):
        for is_followed, partners in self.grouped('openapi_pec_is_followed').items():
            partners._openapi_pec_follow(is_followed)

    @api.model
    def _search_openapi_pec_is_followed(self, operator, value):
        if operator != 'in':
            return NotImplemented
        positions = self.env['openapi_pec.position'].sudo().with_context(active_test=False)
        followed = positions._search([('company_id', '=', self.env.company.id), ('is_followed', '=', True)])
        found = Domain('id', 'in', followed.subselect('partner_id'))
        return found if True in value else ~found

    @api.depends('openapi_pec_is_followed')
    @api.depends_context('company')
    def _compute_openapi_pec_is_proposed(self):
        proposed = self.search([('id', 'in', self.ids), ('openapi_pec_is_proposed', '=', True)])
        for partner in self:
            partner.openapi_pec_is_proposed = partner._origin in proposed

    @api.model
    def _search_openapi_pec_is_proposed(self, operator, value):
        """Find the companies that are not followed, and have something of this addon, or are one's own."""
        if operator != 'in':
            return NotImplemented
        own = Domain('id', 'in', self.env.user.company_ids.sudo().partner_id.ids)
        mine = [('company_id', 'in', self.env.companies.ids), ('partner_id', '!=', False)]
        for model, domain in (
                ('openapi_pec.communication', mine), ('openapi_pec.mailbox', mine), ('openapi_pec.office', [])):
            own |= Domain('id', 'in', self.env[model].sudo()._search(domain).subselect('partner_id'))
        found = own & Domain('openapi_pec_is_followed', '=', False) & (
            Domain('is_company', '=', True) | Domain('parent_id', '=', False))
        return found if True in value else ~found

    # ------------------------------------------------------------ who it is

    def _get_openapi_pec_register_key(self):
        """Return what tells this contact from all others in the register: its tax code, or else the contact itself.

        A branch is its company; people have one key, whatever contacts they have.
        """
        own = self._get_openapi_pec_keys(frozenset())
        if self._is_openapi_pec_branch(own):
            return self.parent_id.sudo()._get_openapi_pec_register_key()
        codes = map(omocodia.identity, (self.l10n_it_codice_fiscale, self.is_company and self.vat))
        return next((code for code in codes if code in own), f'#{self.id}')

    # ------------------------------------------------------------ what is known of its PEC

    def _get_openapi_pec_seen(self, environment):
        """Return what the last look in the register has shown of this contact, as far as an environment believes it.

        :param str environment: of the company that asks: production believes nothing of the sandbox.
        :return: the PEC ('' for none), the day of the look and the day since when (None when not known).
        :rtype: tuple
        """
        day, address, since, is_sandbox = (self.sudo()[name] for name in SEEN)
        if not day or (is_sandbox and environment == 'production'):
            return '', None, None
        return address or '', day, since or None

    def _get_openapi_pec_newest(self):
        """Return what is known last of the PEC of these contacts, which are the same: values for the first of them."""
        values = {}
        for names in (SEEN, CONFIRMED):
            newest = max(self, key=lambda partner, day=names[0]: (bool(partner[day]), partner[day]))
            if newest != self[0]:
                values |= {name: newest._fields[name].convert_to_write(newest[name], newest) for name in names}
        return values

    # ------------------------------------------------------------ ACTIONS

    def _openapi_pec_confirm_pec(self):
        """Keep that a person says that the PECs of these companies stand in the register."""
        keep_confirmed(self, 'openapi_pec_email_normalized', 'openapi_pec_')


def keep_confirmed(records, name, prefix=''):
    """Keep that the user says that the PECs of some contacts or offices stand in the register.

    :param str name: of the field that has the PEC; who has none is left out.
    :param str prefix: of the three fields that keep it.
    """
    today = records.env['openapi_pec.position']._get_today()
    bodies = {}
    for address, own in records.sudo().filtered(name).grouped(name).items():
        own.write({
            f'{prefix}confirmed_email': address, f'{prefix}confirmed_on': today,
            f'{prefix}confirmed_by_id': records.env.uid})
        bodies |= dict.fromkeys(own.ids, records.env._(
            "%(user)s says that %(pec)s stands in the business register.", user=records.env.user.name, pec=address))
    records.sudo().browse(bodies)._message_log_batch(bodies)

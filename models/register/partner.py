from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.italy import omocodia

USER = 'l10n_it_openapi_pec.group_user'


class ResPartner(models.Model):
    """What is kept of a contact for the register of positions: what the business register shows of it, and its offices.

    The fields ``openapi_pec_register_*`` hold what the last look there has shown, and are written by the code alone.
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

    # What the business register shows: of the last look that a person has taken over.
    openapi_pec_register_email = fields.Char(
        "PEC in the Register", readonly=True, copy=False, groups=USER,
        help="The PEC that stood in the business register at the last look; empty: none.")
    openapi_pec_register_seen_on = fields.Date("Seen in the Register", readonly=True, copy=False, groups=USER)
    openapi_pec_register_since = fields.Date("In the Register since", readonly=True, copy=False, groups=USER)
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

    # ------------------------------------------------------------ ACTIONS

    def _openapi_pec_confirm_pec(self):
        """Keep that a person says that the PECs of these companies stand in the register."""
        today = self.env['openapi_pec.position']._get_today()
        for partner in self.sudo().filtered('openapi_pec_email_normalized'):
            address = partner.openapi_pec_email_normalized
            partner.write({
                'openapi_pec_confirmed_email': address, 'openapi_pec_confirmed_on': today,
                'openapi_pec_confirmed_by_id': self.env.uid})
            partner._message_log(body=self.env._(
                "%(user)s says that %(pec)s stands in the business register.", user=self.env.user.name, pec=address))

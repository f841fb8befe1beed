from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.record.sighting import Sighting
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_own, check_right
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code, omocodia
from odoo.addons.l10n_it_openapi_pec.tools.italy.names import normalize_province
from odoo.addons.l10n_it_openapi_pec.tools.outcome import unassigned
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

# qualification of the person -> kind, otherwise `company`: the service does not tell whose PEC a filing is about
KIND_BY_QUALIFICATION = {'AMMINISTRATORE': 'administrator'}

OWN_FIELDS = {'partner_id', 'kind', 'chosen_company_id'}  # that people change; all others are the service's
# What of a row a draft with its address is compared with.
SIGHTED_FIELDS = frozenset({
    'pec_email', 'company_fiscal_code', 'remote_state', 'reference', 'state', 'company_id', 'environment'})


class OpenapiPecForeignFiling(models.Model):
    """A filing in the account at the service that Odoo does not know, until it is one of Odoo's.

    The button makes a row of each (one request); the job reads their details a few at a time and makes filings of those
    whose tax code leads to one contact. The others wait for a person. A row never becomes a filing while it may be the
    outcome of a paid call of our own whose answer is missing: the recovery settles that.
    """
    _name = 'openapi_pec.foreign_filing'
    _description = "Filing to Be Assigned"
    _inherit = ['openapi_pec.input.mixin', 'openapi_pec.job.mixin']
    _order = 'id desc'
    _rec_name = 'pec_email'

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, help="The company whose account it is in.")
    environment = fields.Selection([('sandbox', "Sandbox"), ('production', "Production")], required=True, readonly=True)
    remote_id = fields.Char("Identifier at the Service", required=True, readonly=True)
    remote_state = fields.Char("State at the Service", readonly=True, help="As the service calls it (stato).")
    changed_at = fields.Datetime("Last Changed", readonly=True, help="At the service.")
    seen_at = fields.Datetime("First Seen", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        'res.users', "Imported by", required=True, readonly=True, default=lambda self: self.env.user)
    state = fields.Selection(
        [('unread', "Being Read"), ('unassigned', "To Be Assigned"), ('imported', "Imported"), ('ignored', "Ignored")],
        required=True, readonly=True, default='unread', index=True)
    reason = fields.Selection([
        ('recent', "Too recent: it may be a filing of Odoo's own. It is looked at again by itself."),
        ('own_call', ("A filing of Odoo's with this PEC waits for its answer, and this may be it. It is looked at "
                     "again by itself.")),
        ('unreadable', "The service does not give its details now. They are asked for again by themselves."),
        ('no_partner', "No contact has this tax code: create it, or choose one."),
        ('several_partners', "Several contacts have this tax code: choose one."),
        ('filed_already', ("The same PEC is being communicated for the same company by another filing: assign it when "
                          "that is completed.")),
        ('other_company', ("The contact belongs to a company with another account, or where you do not work: choose "
                          "another one.")),
        ('shared_account', ("Several companies use this account, and nothing shows whose contact it is: choose the "
                           "company.")),
        ('refused', "Odoo can make no filing from the data of the service: ignore it, or ask Openapi's support."),
    ], "What It Waits For", readonly=True)
    is_told = fields.Boolean(readonly=True)
    attempts = fields.Integer(readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Assign to", ondelete='set null', index='btree_not_null',
        help="The company, or sole trader, that it is about.")
    chosen_company_id = fields.Many2one(
        'res.company', "For Company", ondelete='set null', domain="[('id', 'in', possible_company_ids)]",
        help="Whose filing it is, where several companies use the account and nothing else shows it.")
    possible_company_ids = fields.Many2many('res.company', compute='_compute_possible_company_ids')
    kind = fields.Selection(
        [('company', "Company's PEC"), ('administrator', "Administrator's PEC")], required=True, default='company',
        help="The service does not say it: it is proposed from the qualification of the person.")
    communication_id = fields.Many2one(
        'openapi_pec.communication', "Filing", readonly=True, index='btree_not_null', ondelete='cascade')

    reference = fields.Char(readonly=True, help="What the call that made it said of itself.")

    # What was filed: the names are the filing's.
    pec_email = fields.Char("PEC", readonly=True)
    first_name = fields.Char(readonly=True)
    last_name = fields.Char("Surname", readonly=True)
    fiscal_code = fields.Char("Tax Code", readonly=True, exportable=False)
    qualification = fields.Char(readonly=True)
    email = fields.Char(readonly=True)
    mobile = fields.Char(readonly=True)
    company_name = fields.Char(readonly=True)
    company_fiscal_code = fields.Char("Company Tax Code", readonly=True, exportable=False)
    city = fields.Char("Municipality", readonly=True)
    province = fields.Char(readonly=True)

    _remote_id_unique = models.UniqueIndex(
        "(environment, remote_id)",
        "Somebody else has just started the same import. Refresh the page to see how far it is.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends('company_id')
    @api.depends_context('uid')
    def _compute_possible_company_ids(self):
        for (company, environment), rows in self.grouped(lambda row: (row.company_id, row.environment)).items():
            rows.possible_company_ids = company._openapi_pec_with_same_account(environment) & self.env.user.company_ids

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._judge_drafts()
        return rows

    def write(self, vals):
        check_own(self.env, vals.keys() - OWN_FIELDS)
        if not self.env.su:
            self.check_access('write')  # before anything is locked
            for name in {'partner_id', 'chosen_company_id'} & vals.keys():
                chosen = self.env[self._fields[name].comodel_name].browse(vals[name] or ())
                chosen.exists().check_access('read')  # whoever assigns to a contact or company may see it
            lock_rows(self)  # people decide about rows while the job reads them
        result = super().write(vals)
        if SIGHTED_FIELDS & vals.keys():
            self._judge_drafts()
        return result

    def _judge_drafts(self):
        """Have the drafts with the addresses of these filings judged anew: they may be the same."""
        self.env['openapi_pec.communication']._judge_addresses(map(pec_address.normalize, self.mapped('pec_email')))

    # ------------------------------------------------------------ what the service shows

    @api.model
    def _get_known(self, environment, remote_ids):
        """Return those of some identifiers at the service that a filing or a row has already."""
        domain = [('environment', '=', environment), ('remote_id', 'in', remote_ids)]
        filings = self.env['openapi_pec.communication'].sudo().search_fetch(domain, ['remote_id'])
        return {*filings.mapped('remote_id'), *self.sudo().search_fetch(domain, ['remote_id']).mapped('remote_id')}

    @api.model
    def _note(self, company, rows):
        """Make a row of each filing in an account's list that is not known yet.

        The database takes each identifier once: of two people at the same moment one gets that sentence as an error.

        :param list rows: as ``PecClient.list_filings`` returns them.
        :return: the new rows.
        """
        environment = company.openapi_pec_environment
        known = self._get_known(environment, [row['id'] for row in rows])
        new = {row['id']: row for row in reversed(rows) if row['id'] not in known}  # the oldest first, each once
        return self.create([{
            'company_id': company.id, 'environment': environment, 'remote_id': remote_id, **self._get_list_values(row),
        } for remote_id, row in new.items()])

    def _forget_known(self):
        """Delete the rows that are filings by now, for example since a lost answer was found; return the others."""
        known = self.browse()
        for environment, rows in self.grouped('environment').items():
            filings = self.env['openapi_pec.communication'].sudo().search_fetch(
                [('environment', '=', environment), ('remote_id', 'in', rows.mapped('remote_id'))], ['remote_id'])
            remote_ids = set(filings.mapped('remote_id'))
            known += rows.filtered(lambda row, remote_ids=remote_ids: row.remote_id in remote_ids)
        others = self - known
        known.unlink()
        return others

    @api.model
    def _get_list_values(self, row):
        """Return the values of a row that the account's list shows."""
        return {
            'pec_email': pec_address.normalize(row['casella_pec'])[:unassigned.MAX_LENGTH],
            'remote_state': row['stato'],
            'changed_at': self._to_moment(unassigned.plausible(row['timestamp'])),
        }

    def _keep_record(self, record):
        """Write the details of a filing, as the service returns them, to its row.

        :param dict record: the answer of the service.
        """
        details = unassigned.read_details(record, const.filing.REQUEST_KEYS)
        self.write({
            **details, **self._get_list_values(record),
            'reference': unassigned.read_reference(record),
            'kind': KIND_BY_QUALIFICATION.get(details['qualification'].upper(), 'company'),
        })

    def _is_read(self):
        """Return whether the details of this row have been read."""
        return self.reference is not False

    def _get_sightings(self):
        """Return these rows as what the service showed before a click, a list of ``Sighting``."""
        return [
            Sighting(
                row.remote_id, row.pec_email, row.company_id._openapi_pec_account(), row.remote_state, row.changed_at,
                (row.company_fiscal_code or '') if row._is_read() else None, row.reference or '')
            for row in self if row.environment == row.company_id.openapi_pec_environment]

    def _get_state(self):
        """Return the state of the filing to be made; an unknown ``stato`` counts as accepted, as after a call."""
        return const.filing.STATE_BY_STATO.get(self.remote_state, 'code_requested')

    # ------------------------------------------------------------ ACTIONS

    def _check_may_decide(self):
        """Raise when this user may not decide about these rows."""
        check_right(self.env, 'decide')
        self.check_access('write')

    def action_assign(self):
        """Make filings of these rows, for the chosen contacts or those that have their tax codes by now."""
        self._check_may_decide()
        rows = self.sudo().filtered(lambda row: row.state in ('unassigned', 'ignored'))
        rows.user_id = self.env.user
        filings = rows._import({row: row.partner_id for row in rows if row.partner_id})
        if not filings:
            reasons = dict(self._fields['reason']._description_selection(self.env))
            raise UserError('\n'.join([
                self.env._("Not assigned; nothing was changed or spent."),
                *(reasons[reason] for reason in dict.fromkeys(self.sudo().mapped('reason')) if reason),
            ]))
        rows.exists().filtered(lambda row: row.state == 'imported').unlink()
        return filings.sudo(False).action_open_form()

    def action_ignore(self):
        """Ignore these rows: they are not imported until somebody takes them up again."""
        self._check_may_decide()
        lock_rows(self)
        self.sudo().filtered(lambda row: row.state in ('unread', 'unassigned')).write({'state': 'ignored'})

    def action_take_up(self):
        """Have rows that were ignored read and imported again."""
        self._check_may_decide()
        lock_rows(self)
        self.sudo().filtered(lambda row: row.state == 'ignored').write(
            {'state': 'unread', 'reason': False, 'is_told': False})
        self._trigger_cron('import')

    def _wait_for_person(self, reason):
        """Let these rows wait until a person decides.

        :param str reason: a value of the field ``reason``.
        """
        self.write({'state': 'unassigned', 'reason': reason})

    def action_create_contact(self):
        """Open a new contact with what was filed; "Assign" finds it by its tax code once it is saved."""
        self.check_access('read')
        self.ensure_one()
        italy = self.env.ref('base.it')
        province = self.province and self.env['res.country.state'].search(
            [('country_id', '=', italy.id), ('code', '=', normalize_province(self.province))], limit=1)
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Create Contact"),
            'res_model': 'res.partner',
            'view_mode': 'form',
            'target': 'new',
            'context': {
                'default_name': self.company_name,
                'default_is_company': len(omocodia.normalize(self.company_fiscal_code)) == fiscal_code.COMPANY_LENGTH,
                'default_l10n_it_codice_fiscale': omocodia.normalize(self.company_fiscal_code),
                'default_openapi_pec_email': self.pec_email if self.kind == 'company' else False,
                'default_city': self.city,
                'default_state_id': province.id if province else False,
                'default_country_id': italy.id,
                'default_lang': 'it_IT' if self.env['res.lang']._get_code('it_IT') else False,
            },
        }

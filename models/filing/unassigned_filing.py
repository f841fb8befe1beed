import logging
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.record.sighting import Sighting
from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import is_job, job
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim, lock_rows
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_right
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import Gone, OpenapiPecError, OutcomeUnknown, TooSlow
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code, omocodia
from odoo.addons.l10n_it_openapi_pec.tools.italy.calendar import add_working_days
from odoo.addons.l10n_it_openapi_pec.tools.outcome import unassigned as foreign_filing
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address
from odoo.addons.l10n_it_openapi_pec.tools.pec.identity_digest import digest

_logger = logging.getLogger(__name__)

IMPORT_SLICE = 20  # details read, then taken over at once
IMPORT_PER_RUN = 200  # details read in a run of the job
IMPORT_FAILURES = 3  # details that cannot be read, after which the run leaves the account alone

# Of what was made outside Odoo the service does not tell whose PEC it is: (qualification of the person) -> kind,
# company otherwise.
KIND_BY_QUALIFICATION = {'AMMINISTRATORE': 'administrator'}

# What people change here; everything else is what the service told.
OWN_FIELDS = {'partner_id', 'kind', 'chosen_company_id'}
# A filing that is only being imported says one thing, to nobody in particular.
QUIETLY = {
    'mail_create_nolog': True, 'mail_create_nosubscribe': True, 'mail_auto_subscribe_no_notify': True,
    'tracking_disable': True,
}


class OpenapiPecForeignFiling(models.Model):
    """A filing in the account at the service that Odoo does not know, until it is one of Odoo's.

    The button makes a row of each (one request); the job reads their details a few at a time and makes filings of those
    whose tax code leads to one contact. The others wait for a person. A row never becomes a filing while it may be the
    outcome of a paid call of our own whose answer is missing: the recovery settles that.
    """
    _name = 'openapi_pec.foreign_filing'
    _description = "Filing to Be Assigned"
    _inherit = ['openapi_pec.input.mixin']
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
        ('unreadable', "The service does not tell its details now. They are asked for again by themselves."),
        ('no_partner', "No contact has this tax code: create it, or choose one."),
        ('several_partners', "Several contacts have this tax code: choose one."),
        ('filed_already', ("The same PEC is being communicated for the same company by another filing: assign it when "
                          "that is completed.")),
        ('other_company', ("The contact belongs to a company with another account, or where you do not work: choose "
                          "another one.")),
        ('shared_account', ("Several companies use this account, and nothing tells whose contact it is: choose the "
                           "company.")),
        ('refused', "Odoo can make no filing of what the service tells: ignore it, or ask Openapi's support."),
    ], "What It Waits For", readonly=True)
    is_told = fields.Boolean(readonly=True)
    attempts = fields.Integer(readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Assign to", ondelete='set null', index='btree_not_null',
        help="The company, or sole trader, that it is about.")
    chosen_company_id = fields.Many2one(
        'res.company', "For Company", ondelete='set null', domain="[('id', 'in', possible_company_ids)]",
        help="Whose filing it is, where several companies use the account and nothing else tells.")
    possible_company_ids = fields.Many2many('res.company', compute='_compute_possible_company_ids')
    kind = fields.Selection(
        [('company', "Company's PEC"), ('administrator', "Administrator's PEC")], required=True, default='company',
        help="The service does not tell: it is proposed from the qualification of the person.")
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

    @api.depends('company_id')
    @api.depends_context('uid')
    def _compute_possible_company_ids(self):
        for (company, environment), rows in self.grouped(lambda row: (row.company_id, row.environment)).items():
            rows.possible_company_ids = company._openapi_pec_with_same_account(environment) & self.env.user.company_ids

    def write(self, vals):
        if not self.env.su and (forged := vals.keys() - OWN_FIELDS):
            raise AccessError(self.env._("These fields are kept by Odoo alone: %s.", ', '.join(sorted(forged))))
        if not self.env.su:
            self.check_access('write')  # before anything is locked
            for name in {'partner_id', 'chosen_company_id'} & vals.keys():
                chosen = self.env[self._fields[name].comodel_name].browse(vals[name] or ())
                chosen.exists().check_access('read')  # whom somebody assigns to he knows
            lock_rows(self)  # people decide about them while the job reads them
        return super().write(vals)

    # ------------------------------------------------------------ the button

    def action_import(self):
        """Note every filing in the accounts that Odoo does not know, and have their details read, whichever rows are
        selected.
        """
        check_right(self.env, 'decide')
        self.check_access('write')
        companies = self.env.companies
        companies = companies.filtered(lambda company: company._openapi_pec_account()[1]) or companies
        companies._openapi_pec_check_configured()
        late = companies.browse()
        for company in companies._openapi_pec_one_per_account():
            try:
                client = company._openapi_pec_client()
                rows = self._list_remote(client)
            except TooSlow:
                late += company
                continue
            except OpenapiPecError as error:
                raise UserError(self.env._(
                    "The service cannot be asked now: %s. Nothing was changed or spent; try again later.",
                    self.env['openapi_pec.communication']._get_error_words(error).rstrip('.'))) from error
            company._openapi_pec_note_account(client, rows, company.openapi_pec_environment)
            self.sudo()._note(company, rows)
        late._openapi_pec_leave_import(self._name)
        self._trigger_cron()
        if late:
            return self.env['openapi_pec.communication']._get_slow_notification(self.env._(
                "The service answers slowly. Odoo goes on by itself in the background, and tells you when it is done; "
                "nothing was changed or spent."))
        return self._notify_started(companies._openapi_pec_notify_shared())

    @staticmethod
    def _list_remote(client):
        """Read the list of an account, without the database.

        :rtype: Listing
        """
        return client.list_filings()

    @api.model
    def _import_wanted(self, company, listing):
        """Note what is not known of a list that a scheduled job has read, for whoever waits for it; that it is imported
        is told later.
        """
        if not self._note(company, listing):
            company.with_env(self.env)._openapi_pec_notify_imported(
                self.env._("Odoo knows every filing in the account already, or has it in this list."))

    @api.model
    def _note(self, company, rows):
        """Make a row of each filing in an account's list that is not known yet.

        Of two people at the same moment one is told that the other was faster: the database takes each identifier once.

        :param list rows: as ``PecClient.list_filings`` returns them.
        :return: the new rows.
        """
        environment = company.openapi_pec_environment
        known = self._get_known(environment, [row['id'] for row in rows])
        new = {row['id']: row for row in reversed(rows) if row['id'] not in known}  # the oldest first, each once
        return self.create([{
            'company_id': company.id, 'environment': environment, 'remote_id': remote_id, **self._get_list_values(row),
        } for remote_id, row in new.items()])

    @api.model
    def _get_known(self, environment, remote_ids):
        """Return those identifiers that are a filing of Odoo's, or noted."""
        domain = [('environment', '=', environment), ('remote_id', 'in', remote_ids)]
        filings = self.env['openapi_pec.communication'].sudo().search_fetch(domain, ['remote_id'])
        return {*filings.mapped('remote_id'), *self.sudo().search_fetch(domain, ['remote_id']).mapped('remote_id')}

    @api.model
    def _get_list_values(self, row):
        """Return what the account's list tells of a filing."""
        changed_at = foreign_filing.plausible(row['timestamp'])
        return {
            'pec_email': pec_address.normalize(row['casella_pec'])[:foreign_filing.MAX_LENGTH],
            'remote_state': row['stato'],
            'changed_at': changed_at and self._to_moment(changed_at),
        }

    @staticmethod
    def _to_moment(seconds):
        """Return seconds since 1970 as Odoo keeps times."""
        return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    @api.model
    def _trigger_cron(self, at=None):
        self.env['openapi_pec.communication']._trigger_cron('import', at)

    def _notify_started(self, shared):
        """Say how many filings are being read, and show the list.

        :param str shared: what is to be told of accounts that several companies use, if there are such.
        """
        count = self.search_count([('state', '=', 'unread')])
        message = self.env._(
            "Filings in the account that Odoo does not know: %s. They are being read, which costs nothing; you are "
            "told when it is done.",
            count,
        ) if count else self.env._("Odoo knows every filing in the account already, or has it in this list.")
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'info', 'message': ' '.join(filter(None, (message, shared))),
                'next': self.env.ref('l10n_it_openapi_pec.action_foreign_filing').id,  # its help as HTML
            },
        }

    # ------------------------------------------------------------ the job

    @api.model
    @job
    def _cron_import(self):
        """Read the details of what was noted, a few at a time, and make filings of them."""
        commit_progress = self.env['ir.cron']._commit_progress
        if not self.env['res.company']._openapi_pec_import_wanted(self):
            self._trigger_cron(fields.Datetime.now() + timedelta(minutes=const.service.IMPORT_PAUSE_MINUTES))
        self.search([('state', 'in', ('unread', 'unassigned'))])._forget_known()
        # Of these the details are here: their contacts may have been created since.
        self.search(
            [('state', '=', 'unassigned'), ('partner_id', '=', False), ('reason', '!=', 'refused')])._import_safely()
        rows = self._get_unread()
        due = (rows - rows._hold_back())[:IMPORT_PER_RUN]
        commit_progress(remaining=len(due))
        pause = 0
        for company, own in self.env['res.company']._openapi_pec_by_account(due):
            try:
                own._read_and_import(company._openapi_pec_client(own[0].environment))
            except OpenapiPecError as error:
                _logger.info("The filings of %s cannot be imported now: %s", company.display_name, error)
                pause = const.service.IMPORT_PAUSE_MINUTES
            except Exception:  # of which the other accounts know nothing
                self.env.cr.rollback()
                _logger.exception("The filings of %s cannot be imported.", company.display_name)
                pause = const.service.IMPORT_PAUSE_MINUTES
            commit_progress(len(own))
        self._plan_next_run(pause)

    @api.model
    def _get_unread(self):
        """Return the rows whose details are to be read, where there is a token to read them with."""
        rows = self.search([('state', '=', 'unread')], order='attempts, id')
        return rows.filtered(lambda row: row.company_id._openapi_pec_get_token(row.environment))

    def _forget_known(self):
        """Forget what has become a filing of Odoo's in the meantime, such as by the recovery of a lost answer; return
        the others.
        """
        known = self.browse()
        for environment, rows in self.grouped('environment').items():
            filings = self.env['openapi_pec.communication'].sudo().search_fetch(
                [('environment', '=', environment), ('remote_id', 'in', rows.mapped('remote_id'))], ['remote_id'])
            remote_ids = set(filings.mapped('remote_id'))
            known += rows.filtered(lambda row, remote_ids=remote_ids: row.remote_id in remote_ids)
        others = self - known
        known.unlink()
        return others

    def _read_and_import(self, client):
        """Read these filings of one account and make Odoo's of them, in slices.

        :raise OutcomeUnknown: the service does not tell; what was read is kept.
        """
        failures = 0
        for slice_ids in split_every(IMPORT_SLICE, self.ids):
            records, failed = self.browse(slice_ids)._read_details(client, IMPORT_FAILURES - failures)
            # Only now: in the snapshot that begins here, whatever call made one of these records can be seen.
            self._commit_in_cron()
            self.browse([*records, *failed])._import_safely(records)
            self._commit_in_cron()
            failures += len(failed)
            if failures >= IMPORT_FAILURES:
                raise OutcomeUnknown("The service does not tell the details of several filings")

    def _commit_in_cron(self):
        """Commit what is done so far when the scheduled job is at work."""
        if is_job(self.env):
            self.env['ir.cron']._commit_progress()

    def _read_details(self, client, patience):
        """Read the details of these filings; nothing is written.

        :param int patience: how many that cannot be read end the reading.
        :return: ``({id of a row: record, or None when it is gone}, [id of a row that cannot be read, …])``.
        """
        records, failed = {}, []
        for row in self:
            try:
                records[row.id] = client.get_filing(row.remote_id)
            except OpenapiPecError as error:
                # What may be another account does not tell that it is gone.
                if isinstance(error, Gone) and not row.company_id._openapi_pec_get_facts(row.environment).get('status'):
                    records[row.id] = None
                    continue
                _logger.info("The details of %s cannot be read now: %s", row, error)
                failed.append(row.id)
                if len(failed) >= patience:
                    break
        return records, failed

    def _import_safely(self, records=None):
        """Import these rows, later if a person is changing one of them just now.

        :param dict records: what was read of them anew, if it was; see :meth:`_read_details`.
        """
        try:
            with self.env.cr.savepoint():
                rows = self.browse(lock_rows(self, skip_locked=True)).filtered(
                    lambda row: row.state in ('unread', 'unassigned'))
                if records is not None:
                    rows = rows._keep_details(records)
                rows._import()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("%s are being changed by somebody else: imported later.", self)
        except Exception:  # one row that cannot be imported does not hold up the others
            if len(self) == 1:
                _logger.exception("%s cannot be imported.", self)
                self._wait_for_person('refused')
            for row in self if len(self) > 1 else ():
                row._import_safely(records)

    def _keep_details(self, records):
        """Write what was read to its rows, and forget what the service does not know any more; return what can be
        imported.
        """
        gone = self.filtered(lambda row: row.id in records and not records[row.id])
        unreadable = self.filtered(lambda row: row.id not in records)
        read = self - gone - unreadable
        gone.unlink()
        for row in unreadable:
            row.write({'reason': 'unreadable', 'attempts': row.attempts + 1})
        for row in read:
            row._keep_record(records[row.id])
        return read

    def _keep_record(self, record):
        """Write what a record of the service tells to its row."""
        details = foreign_filing.read_details(record, const.filing.REQUEST_KEYS)
        self.write({
            **details, **self._get_list_values(record),
            'reference': foreign_filing.read_reference(record),
            'kind': KIND_BY_QUALIFICATION.get(details['qualification'].upper(), 'company'),
        })

    def _is_read(self):
        """Return whether the details of this row have been read."""
        return self.reference is not False

    def _get_sightings(self):
        """Return these rows as what the service has shown before a click ([Sighting, …])."""
        return [
            Sighting(
                row.remote_id, row.pec_email, row.company_id._openapi_pec_account(), row.remote_state, row.changed_at,
                (row.company_fiscal_code or '') if row._is_read() else None, row.reference or '')
            for row in self if row.environment == row.company_id.openapi_pec_environment]

    # ------------------------------------------------------------ what may be the outcome of a paid call

    def _hold_back(self):
        """Return those rows that nobody may import now, because they may turn out to be Odoo's own; say so on them."""
        own = self._of_own_calls()
        recent = self.filtered(lambda row: row._is_recent()) - own
        for rows, reason in [(own, 'own_call'), (recent, 'recent'), (self - own - recent, False)]:
            rows.filtered(lambda row, reason=reason: row.reason != reason).write({'reason': reason})
        (own + recent).filtered(lambda row: row.state != 'unread').write({'state': 'unread'})
        return own + recent

    def _is_recent(self):
        """Tell whether a filing may have been made a moment ago, by our clock or, with a margin, by the service's."""
        safe = fields.Datetime.now() - timedelta(minutes=const.service.SAFE_MINUTES)
        return self.seen_at > safe and not (
            self.changed_at and self.changed_at < safe - timedelta(hours=const.service.CLOCK_SKEW_HOURS))

    def _of_own_calls(self):
        """Return those rows that a call of Odoo's may have made whose answer is missing, or was never found.

        They have the PEC of a filing that waits for its answer, or was looked for in vain, or they echo its reference.
        Which company pays for that filing makes no difference.
        """
        filings = self.env['openapi_pec.communication'].sudo().search([
            ('environment', 'in', self.mapped('environment')), ('state', '!=', 'cancelled'),
            '|', ('pec_email', 'in', [*filter(None, self.mapped('pec_email'))]),
            ('reference', 'in', [*filter(None, self.mapped('reference'))]),
        ])
        lines = self.env['openapi_pec.api_call'].sudo().search([
            ('res_model', '=', filings._name), ('res_id', 'in', filings.ids),
            ('state', 'in', ('pending', 'never_arrived'))])
        sought = filings.browse(lines.filtered(lambda line: line.state == 'pending').mapped('res_id'))
        sought |= filings.browse(lines.mapped('res_id')).filtered(lambda filing: not filing.remote_id)
        sought |= filings.filtered(lambda filing: filing.state in ('queued', 'unconfirmed'))
        addresses = {(filing.environment, filing.pec_email) for filing in sought}
        references = set(filings.filtered(lambda filing: not filing.remote_id).mapped('reference')) - {False}
        return self.filtered(lambda row: (row.environment, row.pec_email) in addresses or row.reference in references)

    # ------------------------------------------------------------ making filings

    def _import(self, chosen=None):
        """Make filings of these rows where a contact is found; say of the others what they wait for.

        :param dict chosen: ``{row: contact}``, the choice of a person.
        :return: the filings.
        """
        rows = self.browse(lock_rows(self, skip_locked=True)).filtered(
            lambda row: row.state != 'imported')._forget_known()
        rows -= rows._hold_back()
        nameless = rows.filtered(lambda row: not row.pec_email)
        nameless._wait_for_person('refused')
        rows -= nameless
        matches = rows._match(chosen)
        return self._make_filings(rows._not_filed_yet(matches))

    def _wait_for_person(self, reason):
        self.write({'state': 'unassigned', 'reason': reason})

    def _match(self, chosen):
        """Return ``{row: contact}`` for the rows whose contact is chosen, or the only one with their tax code, and put
        those rows into the companies whose contacts they are; say of the others what they wait for.

        :param dict chosen: see :meth:`_import`.
        """
        found = self.env['res.partner']._openapi_pec_find(self.mapped('company_fiscal_code'))
        nobody, matches = self.env['res.partner'], {}
        for (company, environment, user), rows in self.grouped(
                lambda row: (row.company_id, row.environment, row.user_id)).items():
            # The companies with the same account, and those of them to which whoever imports belongs.
            sharing = company._openapi_pec_with_same_account(environment)
            possible = sharing & user.sudo().company_ids
            candidates = {}
            for row in rows:
                everybody = (chosen or {}).get(row) or found.get(omocodia.identity(row.company_fiscal_code), nobody)
                partners = everybody.filtered_domain(
                    [('company_id', 'in', [False, *possible.ids])])._openapi_pec_best_placed()
                if len(partners) == 1:
                    candidates[row] = partners
                else:
                    row._wait_for_person(
                        'several_partners' if partners else 'other_company' if everybody else 'no_partner')
            owners = nobody.union(*candidates.values())._openapi_pec_owners(sharing)
            # What a person assigns who works for one of them alone is that one's.
            default = possible if chosen is not None and len(possible) == 1 else sharing
            for row, partner in candidates.items():
                owner = partner.company_id or row.chosen_company_id or owners[partner] or default
                if len(owner) != 1:
                    row._wait_for_person('shared_account')
                elif owner not in possible:
                    row._wait_for_person('other_company')
                else:
                    row.company_id = owner
                    matches[row] = partner
        return matches

    def _not_filed_yet(self, matches):
        """Return the matches without those that the database would refuse as filed twice: their rows wait."""
        keys = {
            row: digest(row.environment, row.company_fiscal_code, partner.id, row.kind, row.fiscal_code, row.pec_email)
                for row, partner in matches.items()}
        taken = set(self.env['openapi_pec.communication'].sudo().search([
            ('digest', 'in', list(keys.values())), ('state', 'in', const.filing.OPEN_STATES)]).mapped('digest'))
        free = {}
        for row, partner in matches.items():
            key = keys[row]
            if row._get_state() in const.filing.OPEN_STATES and key in taken:
                row._wait_for_person('filed_already')
                continue
            taken.add(key)
            free[row] = partner
        return free

    def _make_filings(self, matches):
        """Make filings of rows; one that cannot be made does not hold up the others.

        :param dict matches: ``{row: contact}``.
        :return: the filings.
        """
        filings = self.env['openapi_pec.communication']
        if not matches:
            return filings
        try:
            with self.env.cr.savepoint():
                return self._make_all(matches)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("%s are being changed by somebody else: imported later.", list(matches))
        except Exception as error:
            if len(matches) == 1:
                if isinstance(error, UserError):
                    next(iter(matches))._wait_for_person('filed_already')
                    return filings
                _logger.exception("%s cannot be imported.", *matches)
                next(iter(matches))._wait_for_person('refused')
            else:
                return filings.union(*(self._make_filings({row: partner}) for row, partner in matches.items()))
        return filings

    def _make_all(self, matches):
        """Make filings of rows at once, and note them in the chatters."""
        rows = self.union(*matches)
        people = self.env['res.partner']._openapi_pec_find(rows.mapped('fiscal_code'))
        filings = self.env['openapi_pec.communication'].sudo().with_context(**QUIETLY).create([
            {**row._get_filing_values(partner, people), 'state': 'cancelled'} for row, partner in matches.items()])
        rows_of = dict(zip(filings, matches, strict=True))
        for state, own in filings.grouped(lambda filing: rows_of[filing]._get_state()).items():
            if claim(own, 'state', state):
                raise UserError(self.env._("The same filing has just been submitted, or imported, by somebody else."))
            own.state = state
        filings._announce_import()
        for row, filing in zip(matches, filings, strict=True):
            row.write({'state': 'imported', 'reason': False, 'communication_id': filing.id, 'is_told': False})
        return filings

    def _get_state(self):
        """Return the state of the filing; a ``stato`` that nobody knows yet is an accepted one's, as after a call."""
        return const.filing.STATE_BY_STATO.get(self.remote_state, 'code_requested')

    def _get_filing_values(self, partner, people):
        """Return the values of the filing that this row becomes.

        :param partner: whom it is about.
        :param dict people: contacts by identity of their tax codes.
        """
        company = self.company_id
        persons = people.get(omocodia.identity(self.fiscal_code), partner.browse())._openapi_pec_people_of(partner)
        qualifications = dict(self.env['openapi_pec.communication']._fields['qualification'].selection)
        return {
            **{field: self[field] for field in const.filing.REQUEST_KEYS},
            'qualification': self.qualification.upper() if self.qualification.upper() in qualifications else False,
            'fiscal_code': omocodia.normalize(self.fiscal_code),
            'company_fiscal_code': omocodia.normalize(self.company_fiscal_code),
            'company_id': company.id, 'user_id': self.user_id.id, 'partner_id': partner.id,
            'representative_id': persons.id if len(persons) == 1 else False,
            'kind': self.kind, 'environment': self.environment, 'remote_id': self.remote_id,
            'remote_state': self.remote_state,
            'state': self._get_state(), 'is_imported': True,
            **self._get_terms(company),
        }

    def _get_terms(self, company):
        """Return when the filing was submitted and when it counts as late; nobody is told now of what is late since
        long.
        """
        seconds = foreign_filing.submitted_at(
            self.remote_id, self.remote_state, self.changed_at and self.changed_at.timestamp())
        if not seconds:
            return {}
        submitted_at = self._to_moment(seconds)
        late_on = add_working_days(submitted_at, company.openapi_pec_late_days)
        return {
            'submitted_at': submitted_at,
            'expected_on': add_working_days(submitted_at, const.filing.EXPECTED_WORKING_DAYS),
            'late_on': late_on, 'late_announced': late_on < fields.Date.context_today(self),
        }

    # ------------------------------------------------------------ how far it is

    @api.model
    def _plan_next_run(self, pause):
        """Wake the job for what is left, or tell whoever pressed the button what became of it.

        :param int pause: minutes until it makes sense to ask the service again.
        """
        left = self._get_unread()
        reasons = left.grouped('reason')
        if unread := reasons.get(False):
            self._trigger_cron(fields.Datetime.now() + timedelta(minutes=pause) if pause else None)
            unread._notify_progress()
            return
        if recent := reasons.get('recent'):
            self._trigger_cron(min(recent.mapped('seen_at')) + timedelta(minutes=const.service.SAFE_MINUTES, seconds=1))
        if any(row.attempts < IMPORT_FAILURES for row in reasons.get('unreadable', ())):
            self._trigger_cron(fields.Datetime.now() + timedelta(minutes=const.service.IMPORT_PAUSE_MINUTES))
        self.search([('state', 'in', ('imported', 'unassigned')), ('is_told', '=', False)])._notify_done(left)

    def _notify_progress(self):
        """Tell who waits for these filings how many there still are."""
        for user, rows in self.grouped('user_id').items():
            user._bus_send('simple_notification', {'type': 'info', 'message': self.with_context(lang=user.lang).env._(
                "Import from the service: filings still to be read: %s.", len(rows))})

    def _notify_done(self, left):
        """Tell who imported what became of these rows; those that are filings now have served.

        :param left: rows that wait for something to happen by itself.
        """
        for user, rows in self.grouped('user_id').items():
            env = self.with_context(lang=user.lang or self.env.lang).env
            undecided = rows.filtered(lambda row: row.state == 'unassigned' and row.reason == 'shared_account')
            imported = rows.filtered(lambda row: row.state == 'imported')
            self.env['mail.thread'].message_notify(
                partner_ids=user.partner_id.ids,
                subject=env._("Filings imported from the service"),
                body=' '.join(filter(None, (env._(
                    "Imported: %(imported)s. To be assigned to a contact: %(unassigned)s. Looked at again by itself, "
                    "because it may be Odoo's own or cannot be read now: %(left)s. Nothing was spent.",
                    imported=len(imported), unassigned=len(rows - imported),
                    left=len(left.filtered(lambda row, user=user: row.user_id == user)),
                ), undecided.with_env(env).company_id._openapi_pec_notify_shared()))),
            )
        self.is_told = True
        self.filtered(lambda row: row.state == 'imported').unlink()

    # ------------------------------------------------------------ what a person does

    def action_assign(self):
        """Make filings of these rows, for the contacts that were chosen, or those that have their tax codes by now."""
        check_right(self.env, 'decide')
        self.check_access('write')
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
        """Put these rows aside; they are not imported again."""
        check_right(self.env, 'decide')
        self.check_access('write')
        lock_rows(self)
        self.sudo().filtered(lambda row: row.state in ('unread', 'unassigned')).write({'state': 'ignored'})

    def action_take_up(self):
        """Take up again what was put aside."""
        check_right(self.env, 'decide')
        self.check_access('write')
        lock_rows(self)
        self.sudo().filtered(lambda row: row.state == 'ignored').write(
            {'state': 'unread', 'reason': False, 'is_told': False})
        self._trigger_cron()

    def action_create_contact(self):
        """Open a new contact with what was filed; once it is saved, "Assign" finds it by its tax code."""
        self.check_access('read')
        self.ensure_one()
        province = self.env['res.country.state'].search(
            [('country_id', '=', self.env.ref('base.it').id), ('code', '=', self.province.upper())],
            limit=1) if self.province else None
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
                'default_country_id': self.env.ref('base.it').id,
                'default_lang': 'it_IT' if self.env['res.lang']._get_code('it_IT') else False,
            },
        }

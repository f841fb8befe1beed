import logging
from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import claim, lock_rows, run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.italy import omocodia
from odoo.addons.l10n_it_openapi_pec.tools.italy.calendar import add_working_days
from odoo.addons.l10n_it_openapi_pec.tools.outcome import unassigned
from odoo.addons.l10n_it_openapi_pec.tools.pec.identity_digest import digest

_logger = logging.getLogger(__name__)


class OpenapiPecForeignFiling(models.Model):
    """Making filings of rows: which of them may be Odoo's own, whose contact and company each is about."""
    _inherit = 'openapi_pec.foreign_filing'

    # ------------------------------------------------------------ importing

    def _import_safely(self, records=None):
        """Import these rows, or later those that a person is changing now; one that fails does not stop the others.

        :param dict records: what was just read of them, if it was; see :meth:`_read_details`.
        """
        try:
            if not run_unless_met(self.env.cr, lambda: self._import_read(records)):
                _logger.info("%s are being changed by somebody else: imported later.", self)
        except Exception:
            if len(self) == 1:
                _logger.exception("%s cannot be imported.", self)
                self._wait_for_person('refused')
            for row in self if len(self) > 1 else ():
                row._import_safely(records)

    def _import_read(self, records):
        rows = self.browse(lock_rows(self, skip_locked=True)).filtered(
            lambda row: row.state in ('unread', 'unassigned'))
        if records is not None:
            rows = rows._keep_details(records)
        rows._import()

    def _import(self, chosen=None):
        """Make filings of these rows where a contact is found; note on the others what they wait for.

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

    # ------------------------------------------------------------ what may be the outcome of a paid call

    def _hold_back(self):
        """Return the rows that may turn out to be Odoo's own; nobody may import them now, and they say why."""
        own = self._of_own_calls()
        recent = self.filtered(lambda row: row._is_recent()) - own
        for rows, reason in [(own, 'own_call'), (recent, 'recent'), (self - own - recent, False)]:
            rows.filtered(lambda row, reason=reason: row.reason != reason).write({'reason': reason})
        (own + recent).filtered(lambda row: row.state != 'unread').write({'state': 'unread'})
        return own + recent

    def _is_recent(self):
        """Return whether it may have been made a moment ago, by our clock or, with a margin, by the service's."""
        safe = fields.Datetime.now() - timedelta(minutes=const.service.SAFE_MINUTES)
        return self.seen_at > safe and not (
            self.changed_at and self.changed_at < safe - timedelta(hours=const.service.CLOCK_SKEW_HOURS))

    def _of_own_calls(self):
        """Return the rows that a call of Odoo may have made whose answer is missing, or that was never found.

        They have the PEC of a filing that waits for its answer, or was looked for in vain, or they echo its reference.
        It makes no difference which company pays for that filing.
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

    # ------------------------------------------------------------ whose filing it is

    def _match(self, chosen):
        """Return ``{row: contact}`` for the rows whose contact is chosen, or the only one with their tax code, and put
        those rows into the companies whose contacts they are; say of the others what they wait for.

        :param dict chosen: see :meth:`_import`.
        """
        found = self.env['res.partner']._openapi_pec_find(self.mapped('company_fiscal_code'))
        nobody, matches = self.env['res.partner'], {}
        waiting, owned = defaultdict(self.browse), defaultdict(self.browse)  # reason, company -> rows
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
                    waiting['several_partners' if partners else 'other_company' if everybody else 'no_partner'] |= row
            owners = nobody.union(*candidates.values())._openapi_pec_owners(sharing)
            # What a person assigns who works for one of them alone is that one's.
            default = possible if chosen is not None and len(possible) == 1 else sharing
            for row, partner in candidates.items():
                owner = partner.company_id or row.chosen_company_id or owners[partner] or default
                if len(owner) != 1:
                    waiting['shared_account'] |= row
                elif owner not in possible:
                    waiting['other_company'] |= row
                else:
                    owned[owner] |= row
                    matches[row] = partner
        for reason, rows in waiting.items():
            rows._wait_for_person(reason)
        for owner, rows in owned.items():
            rows.company_id = owner
        return matches

    def _not_filed_yet(self, matches):
        """Return the matches without those that the database would refuse as filed twice; their rows wait.

        :param dict matches: ``{row: contact}``.
        """
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

    # ------------------------------------------------------------ making filings

    def _make_filings(self, matches):
        """Make filings of rows; one that cannot be made does not stop the others.

        :param dict matches: ``{row: contact}``.
        :return: the filings.
        """
        filings = self.env['openapi_pec.communication']
        if not matches:
            return filings
        made = []
        try:
            if not run_unless_met(self.env.cr, lambda: made.append(self._make_all(matches))):
                _logger.info("%s are being changed by somebody else: imported later.", list(matches))
            return filings.union(*made)
        except Exception as error:
            if len(matches) > 1:
                return filings.union(*(self._make_filings({row: partner}) for row, partner in matches.items()))
            [row] = matches
            if not isinstance(error, UserError):
                _logger.exception("%s cannot be imported.", row)
            row._wait_for_person('filed_already' if isinstance(error, UserError) else 'refused')
            return filings

    def _make_all(self, matches):
        """Make filings of rows at once, and log it in the chatters; see :meth:`_make_filings`."""
        rows = self.browse().union(*matches)
        found = self.env['res.partner']._openapi_pec_find(rows.mapped('fiscal_code'))
        people = {identity: partners._openapi_pec_people_finder() for identity, partners in found.items()}
        filings = self.env['openapi_pec.communication'].sudo()._quietly().create([
            {**row._get_filing_values(partner, people), 'state': 'cancelled'} for row, partner in matches.items()])
        rows_of = dict(zip(filings, matches, strict=True))
        for state, own in filings.grouped(lambda filing: rows_of[filing]._get_state()).items():
            if claim(own, 'state', state):
                raise UserError(self.env._("The same filing has just been submitted, or imported, by somebody else."))
            own.state = state
        filings._announce_import()
        rows.write({'state': 'imported', 'reason': False, 'is_told': False})
        for row, filing in zip(matches, filings, strict=True):
            row.communication_id = filing
        return filings

    def _get_filing_values(self, partner, people):
        """Return the values of the filing that this row becomes.

        :param partner: the contact that it is about.
        :param dict people: ``{identity of a tax code: function of a company that returns who represents it}``
        """
        company = self.company_id
        persons = people.get(omocodia.identity(self.fiscal_code), lambda company: company.browse())(partner)
        qualifications = dict(self.env['openapi_pec.communication']._fields['qualification'].selection)
        return {
            **{field: self[field] for field in const.filing.REQUEST_KEYS},
            'qualification': self.qualification.upper() if self.qualification.upper() in qualifications else False,
            'fiscal_code': omocodia.normalize(self.fiscal_code),
            'company_fiscal_code': omocodia.normalize(self.company_fiscal_code),
            'company_id': company.id, 'user_id': self.user_id.id, 'partner_id': partner.id,
            'representative_id': persons.id if len(persons) == 1 else False,
            'kind': self.kind, 'environment': self.environment, 'remote_id': self.remote_id,
            'remote_state': self.remote_state, 'state': self._get_state(), 'is_imported': True,
            **self._get_terms(company),
        }

    def _get_terms(self, company):
        """Return when the filing was submitted and when it counts as late; nobody is notified if it is late already."""
        seconds = unassigned.submitted_at(
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

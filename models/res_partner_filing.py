from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.italy import omocodia

# What of a contact says whose its PEC is: a draft about another one may have that address, or that code.
CLAIM_FIELDS = frozenset({
    'name', 'parent_id', 'is_company', 'type', 'company_id', 'active', 'vat', 'l10n_it_codice_fiscale',
    'openapi_pec_legal_form', 'openapi_pec_email', 'l10n_it_pec_email'})
PERSON_FIELDS = frozenset({'parent_id', 'is_company', 'type', 'active'})  # that make somebody a company's person


class ResPartner(models.Model):
    """A contact and its filings: what its changes mean for drafts, how far it has come, and the way there."""
    _inherit = 'res.partner'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('openapi_pec_communication_ids.status', 'openapi_pec_email')
    @api.depends_context('lang')
    def _compute_openapi_pec_communications(self):
        filings = self.env['openapi_pec.communication']
        counts, counting = defaultdict(int), {}
        for partner, state, count, last_id in filings._read_group(
                [('partner_id', 'in', self.ids)], ['partner_id', 'state'], ['__count', 'id:max']):
            counts[partner.id] += count
            if state != 'cancelled':
                # One that was submitted counts before one that is not; what was given up does not.
                is_made = state in const.filing.MADE_STATES
                counting[partner.id] = max(counting.get(partner.id, (False, 0)), (is_made, last_id))
        known = filings.browse(filing_id for _is_submitted, filing_id in counting.values())
        labels = dict(filings._fields['status']._description_selection(self.env))
        for partner in self:
            filing_id = counting.get(partner._origin.id, (False, False))[1]
            filing = filings.browse(filing_id or ()).with_prefetch(known._ids)
            partner.openapi_pec_communication_count = counts[partner._origin.id]
            partner.openapi_pec_filing_status = filing.status
            partner.openapi_pec_status = bool(filing) and self.env._(
                "%(state)s: %(pec)s, %(date)s", state=labels[filing.status], pec=filing.pec_email or '?',
                date=format_date(self.env, filing.chamber_date or filing.submitted_at or filing.create_date),
            )

    # ------------------------------------------------------------ CRUD: what drafts are worth

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._openapi_pec_judge_drafts(partners._openapi_pec_get_claimed(with_children=False))
        partners._openapi_pec_propose_to_drafts()
        return partners

    def write(self, vals):
        is_concerned = bool(CLAIM_FIELDS & vals.keys())
        before = self._openapi_pec_get_claimed() if is_concerned else None
        result = super().write(vals)
        if is_concerned:
            self._openapi_pec_judge_drafts(before, self._openapi_pec_get_claimed(with_children=False))
        if PERSON_FIELDS & vals.keys():
            self._openapi_pec_propose_to_drafts()
        return result

    def unlink(self):
        claimed = self._openapi_pec_get_claimed()
        result = super().unlink()
        self._openapi_pec_judge_drafts(claimed)
        return result

    def _openapi_pec_get_claimed(self, with_children=True):
        """Return what these contacts claim: their normalized PECs, and their VAT numbers.

        :param bool with_children: whether the contacts below them count, which are theirs by their codes.
        :rtype: tuple[set, set]
        """
        partners = self.sudo()
        if with_children:
            partners |= partners.child_ids
        addresses = {
            address for partner in partners for address in (partner.openapi_pec_email_normalized or '').split()}
        numbers = {omocodia.identity(vat) for vat in self.sudo().mapped('vat')}
        return addresses, {number for number in numbers if number.isdigit()}

    @api.model
    def _openapi_pec_judge_drafts(self, *claims):
        """Have the drafts judged anew that have what some contacts claim, or have claimed.

        :param claims: as :meth:`_openapi_pec_get_claimed` returns them.
        """
        addresses = set().union(*(addresses for addresses, _numbers in claims))
        numbers = set().union(*(numbers for _addresses, numbers in claims))
        domains = [Domain(field, 'in', list(values)) for field, values in (
            ('pec_email_normalized', addresses), ('company_fiscal_code', numbers)) if values]
        if domains:
            self.env['openapi_pec.communication']._judge_drafts(Domain.OR(domains))

    def _openapi_pec_propose_to_drafts(self):
        """Propose these people to the drafts about their companies that lack somebody who asks."""
        people = self.filtered(
            lambda partner: partner.parent_id and not partner.is_company and partner.type == 'contact')
        if people:
            filings = self.env['openapi_pec.communication'].sudo()
            waiting = filings.search([
                ('partner_id', 'in', people.parent_id.ids), ('state', 'in', const.filing.EDITABLE_STATES),
                ('representative_id', '=', False)])
            waiting._compute_anew(['representative_id'])

    # ------------------------------------------------------------ ACTIONS

    def action_openapi_pec_communicate(self):
        """Open the filing that is being prepared for this contact, or a new one; for several, a batch of new ones.

        Of several companies in which the user works now, the one counts whose account pays for a new filing.
        """
        self.check_access('read')
        filings = self.env['openapi_pec.communication']
        filings.check_access('create')
        companies = self.mapped(lambda partner: partner if partner.is_company else partner.commercial_partner_id)
        if len(companies) == 1 and (draft := companies._openapi_pec_get_filings()[:1]):
            return draft.action_open_form()
        filings = filings.create([{'partner_id': partner.id} for partner in reversed(companies)])
        return filings.action_open_form() if len(filings) == 1 else filings.action_create_batch()

    def _openapi_pec_get_filings(self, companies=None, states=const.filing.EDITABLE_STATES):
        """Return the filings about these contacts in some states, a company's PEC first, the newest first.

        :param companies: whose account pays; by default, that of the user's present company.
        :param states: by default, those of what is not submitted.
        """
        return self.env['openapi_pec.communication'].search([
            ('partner_id', 'in', self.ids), ('state', 'in', states),
            ('company_id', 'in', (companies or self.env.company).ids)], order='kind desc, id desc')

    def _openapi_pec_get_known(self, payers=None):
        """Return the filings about these contacts beside which none is to be made, by what they ask for.

        :param payers: companies whose account pays; by default, the user's present one.
        :return: as ``openapi_pec.communication._by_person`` does.
        """
        states = (*const.filing.EDITABLE_STATES, *const.filing.MADE_STATES)
        return self._openapi_pec_get_filings(payers, states)._by_person()

    def action_openapi_pec_ask(self):
        """Ask which filings of several contacts are meant before any is made; of one, open it."""
        self.check_access('read')
        if len(self) == 1:
            return self.action_openapi_pec_communicate()
        self.env['openapi_pec.communication'].check_access('create')
        question = self.env['openapi_pec.communicate'].create({'partner_ids': self.ids})
        return question._get_records_action(name=self.env._("Communicate PEC"), target='new')

from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form
from odoo.addons.l10n_it_openapi_pec.tools.italy.enterprise import OWNER
from odoo.addons.l10n_it_openapi_pec.tools.italy.omocodia import is_personal
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address
from odoo.addons.l10n_it_openapi_pec.tools.pec.identity_digest import digest


class OpenapiPecCommunication(models.Model):
    """The data of the request: what the contacts propose, and what is computed of them."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('partner_id')
    def _compute_representative_id(self):
        readable = self._filter_readable(self.partner_id | self.partner_id.child_ids)
        for filing in self:
            if filing.partner_id and filing.partner_id not in readable:
                filing.representative_id = filing.representative_id
                continue
            people = filing.partner_id.child_ids.filtered(
                lambda partner: not partner.is_company and partner.type == 'contact')
            if not filing.partner_id.is_company and filing.partner_id._is_openapi_pec_trader():
                people = filing.partner_id  # a sole trader asks in person
            if filing.representative_id not in people:
                people &= readable
                filing.representative_id = people.filtered('l10n_it_codice_fiscale')[:1] or people[:1]

    @api.depends('partner_id', 'pec_email')
    def _compute_display_name(self):
        readable = self.partner_id if self.env.su else self._filter_readable(self.partner_id)
        for filing in self:
            name = filing.partner_id.name if filing.partner_id in readable else ''
            filing.display_name = f"{filing.name} {name or ''}".strip()

    @api.depends('state')
    def _compute_is_editable(self):
        for filing in self:
            filing.is_editable = filing._is_following()

    @api.depends('environment', 'company_fiscal_code', 'partner_id', 'kind', 'fiscal_code', 'pec_email', 'is_twin')
    def _compute_digest(self):
        for filing in self:
            filing.digest = bool(filing.environment and filing.pec_email) and not filing.is_twin and digest(
                filing.environment, filing.company_fiscal_code, filing.partner_id.id, filing.kind, filing.fiscal_code,
                filing.pec_email)

    def _compute_price(self):
        price = self.env['openapi_pec.price']._get('create')
        self.price, self.is_price_known = price or 0, price is not None

    @api.depends('state', 'late_on')
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for filing in self:
            is_followed = filing.state in const.filing.FOLLOWED_STATES
            filing.is_late = is_followed and bool(filing.late_on) and filing.late_on < today
            filing.is_late_here = filing.is_late and filing.state == 'awaiting_documents'

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        late = fields.Domain('state', 'in', const.filing.FOLLOWED_STATES) & fields.Domain(
            'late_on', '<', fields.Date.context_today(self))
        return late if True in value else ~late

    # ------------------------------------------------------------ what the contacts propose

    def _is_following(self):
        return self.state in const.filing.EDITABLE_STATES

    def _propose(self):
        partner, person = self.partner_id, self.representative_id
        owner = person if self.kind == 'administrator' else partner
        return {
            **(self._from(self.mailbox_id, pec_email=self.mailbox_id.address) if self.mailbox_id
               else self._from(owner, pec_email=owner.openapi_pec_email)),
            **self._from(partner, self.kind, qualification=self._propose_qualification()),
            **(self._propose_company(partner) if partner else {}),
            **(self._propose_person(person) if person else {}),
        }

    def _propose_qualification(self):
        if self.kind == 'administrator':
            return 'AMMINISTRATORE'
        return OWNER if self.partner_id._is_openapi_pec_trader() else 'LEGALE_RAPPRESENTANTE'

    def _propose_company(self, partner):
        tax_code = partner.l10n_it_codice_fiscale or partner.vat
        proposals = self._from(
            partner, company_name=partner.name, city=partner.city, province=partner.state_id.code,
            company_fiscal_code=tax_code and partner._l10n_it_edi_normalized_codice_fiscale(tax_code))
        owner = self.representative_id
        is_trader = partner.openapi_pec_legal_form in legal_form.TRADERS
        if (is_trader and owner.parent_id._origin == partner._origin and is_personal(owner.l10n_it_codice_fiscale)
                and not is_personal(tax_code)):
            # Of a sole trader known by his VAT number the register has the personal code.
            proposals |= self._from(owner, 'owner', company_fiscal_code=owner.l10n_it_codice_fiscale)
        return proposals

    def _propose_person(self, person):
        last_name, first_name = person._openapi_pec_split_name()
        return self._from(
            person, first_name=first_name, last_name=last_name, fiscal_code=person.l10n_it_codice_fiscale,
            email=person.email, mobile=person.phone)

    # ------------------------------------------------------------ what is there already

    def _by_person(self):
        """Return these filings by what they ask for, so that nobody asks, and pays, for the same twice.

        The filings of a key are in the order in which they count: first what is under way, whatever its PEC is, then
        drafts, then what was completed. What was given up, what the chamber has refused, and what was submitted in
        another environment than that in which its company works now, count for nothing.

        :return: ``{(id of the company that pays, id of the contact, kind, id of who asks or False): filings}``; the
            same filings, whoever asks, with None in the last place.
        :rtype: dict
        """
        found = defaultdict(self.browse)
        for states in (const.filing.OPEN_STATES, const.filing.EDITABLE_STATES, ('completed',)):
            for filing in self:
                is_elsewhere = filing.environment not in (False, filing.company_id.openapi_pec_environment)
                is_void = states != const.filing.EDITABLE_STATES and (filing.is_refused or is_elsewhere)
                if filing.state in states and not is_void:
                    for person in (filing.representative_id.id, None):
                        found[filing.company_id.id, filing.partner_id.id, filing.kind, person] += filing
        return {key: filings.with_prefetch(self._prefetch_ids) for key, filings in found.items()}

    def _get_standing_in(self, pec):
        """Return the one of these filings, all for one contact, kind and person, that stands in the place of a new one.

        What is under way counts with whatever PEC; what was completed, with the same one alone. Then a draft counts
        only if somebody has asked for a new term.

        :param str pec: that would be communicated, in any form; empty when it is not known yet.
        :return: one filing; none when a new one is meant.
        """
        address = pec_address.normalize(pec)
        under_way = self.filtered(lambda filing: filing.state in const.filing.OPEN_STATES)
        communicated = self.filtered(lambda filing: (
            address and filing.state == 'completed' and filing.pec_email_normalized == address))
        drafts = self.filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES and (
            not communicated or filing.renews_id in communicated))
        return (under_way or drafts or communicated)[:1]

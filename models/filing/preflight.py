from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import seen_domain
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, WARNING, get_worst_level
from odoo.addons.l10n_it_openapi_pec.tools.italy import (
    birth_place,
    enterprise,
    fiscal_code,
    legal_form,
    municipality,
    omocodia,
)
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.italy import phone as mobile
from odoo.addons.l10n_it_openapi_pec.tools.italy.enterprise import Enterprise
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address
from odoo.addons.l10n_it_openapi_pec.tools.pec import digital_domicile
from odoo.addons.l10n_it_openapi_pec.tools.pec.digital_domicile import Claim
from odoo.addons.l10n_it_openapi_pec.tools.pec.identity_digest import digest

_lt = LazyTranslate(__name__, default_lang='en_US')

# (kind, qualification) -> reason code (L. 207/2024 art. 1 c. 860 as in force since DL 159/2025; the chambers'
# instructions)
QUALIFICATION_REASONS = {
    ('administrator', 'LIQUIDATORE'): 'liquidator_exempt',
    ('administrator', 'CURATORE_FALLIMENTARE'): 'procedure_own_pec',
    ('administrator', 'COMMISSARIO_GIUDIZIARIO'): 'procedure_own_pec',
    ('administrator', 'SOCIO'): 'not_an_administrator',
    ('administrator', 'TITOLARE'): 'not_an_administrator',
    ('company', 'CURATORE_FALLIMENTARE'): 'procedure_own_pec',
    ('company', 'COMMISSARIO_GIUDIZIARIO'): 'procedure_own_pec',
}

# What judges the data of a filing one by one: field -> function of its value that returns a reason code of
# const.filing.FINDINGS.
JUDGES = {
    'pec_email': pec_address.judge,
    'email': pec_address.judge_email,
    'fiscal_code': birth_place.judge_person,
    'company_fiscal_code': fiscal_code.judge_company,
    'mobile': mobile.judge,
    'city': italian_form.judge_municipality,
}
# Whether the company of a filing at the service is known -> reason code of const.filing.FINDINGS.
SIGHTING_REASONS = {True: 'filed_elsewhere', False: 'filed_elsewhere_unread'}

NOT_SUBMITTABLE = _lt("%(filing)s cannot be submitted yet; nothing was spent:\n%(findings)s")
REASON_NEEDED = _lt("%(filing)s can be submitted only for a reason, in spite of this:\n%(findings)s")


class OpenapiPecCommunication(models.Model):
    """What the register would refuse is found before the click that costs: the service knows no refusal."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ COMPUTE

    @api.depends(
        'partner_id', 'representative_id.name', 'batch_id', 'corrects_id', 'partner_id.openapi_pec_legal_form',
        'partner_id.openapi_pec_legal_state')
    def _compute_findings(self):
        return super()._compute_findings()

    def _keep_findings(self, findings):
        levels = dict(self._fields['findings_level']._description_selection(self.env))
        sentences = self._get_finding_sentences(findings, (ERROR, WARNING))
        self.findings_summary = ' '.join(sentences) or levels.get(get_worst_level(findings), False)
        self.is_domain_unknown = any(finding.code in ('unknown', 'domain_failed') for finding in findings)
        return super()._keep_findings(findings)

    def _get_finding_table(self):
        return const.filing.FINDINGS

    def _get_finding_place(self, field):
        return const.filing.FIELD_PLACES.get(
            field, 'representative_id' if self.kind == 'administrator' else 'partner_id')

    def _get_place_words(self, place):
        return const.filing.PLACES[place]

    # What is found: each judge yields findings.

    def _judge(self, together):
        alone = self._judge_alone()
        claims, shared = self._get_claims(together)
        under_way = self._get_under_way(shared)
        readable = set(self._filter_readable(
            self.partner_id | self._get_parents() | self.representative_id)._ids)
        mailboxes = self.env['openapi_pec.mailbox']._judge_domiciles(
            {pec_address.normalize(filing.pec_email) for filing in self})
        sightings, hidden = self._get_sightings(), self._get_hidden_twins()
        refused_alike = self._get_refused_alike()
        return {
            filing: [
                *alone[filing], *filing._judge_person(), *filing._judge_names(filing.representative_id, readable),
                *filing._judge_qualification(),
                *filing._judge_enterprise(readable, shared), *filing._judge_address(claims, shared),
                *filing._judge_under_way(under_way, shared),
                *filing._judge_mailbox(mailboxes), *filing._judge_hidden(hidden),
                *filing._judge_sightings(sightings, 'pec_email', SIGHTING_REASONS), *filing._judge_account(),
                *filing._judge_correction(refused_alike),
            ] for filing in self
        }

    def _judge_alone(self):
        """Judge what stands in each field of these filings, whoever asks and whoever else has it.

        :return: ``{filing: [Finding, …]}``
        :rtype: dict
        """
        provinces = self._get_provinces()
        domains = self.env['openapi_pec.domain']._get_reasons(
            {domain for filing in self for domain in (filing._get_domain(), filing._get_domain('email'))})
        return {
            filing: [*filing._judge_data(domains), *filing._judge_mailing(domains), *filing._judge_seat(provinces)]
            for filing in self}

    def _get_domain(self, field='pec_email'):
        return pec_address.normalize(self[field]).partition('@')[2]

    def _judge_data(self, domains):
        """Judge each value alone, the PEC's domain by the service's answer, and all data by what it refused."""
        if self.refusal == 'same':
            yield self._get_finding('pec_email', 'refused', who=self.refusal_sentence)
        for field in const.filing.REQUEST_KEYS:
            value = clean(self[field])
            reason = JUDGES.get(field, lambda value: 'fine')(value) if value else self._get_missing_reason(field)
            if reason == 'unknown':
                reason = domains.get((self._get_domain(), self.company_id.openapi_pec_environment), reason)
            if reason != 'fine':
                yield self._get_finding(field, reason)

    def _judge_mailing(self, domains):
        """Judge whether ordinary mail reaches who is to sign."""
        reason = pec_address.judge_mailing(self.email, self.pec_email)
        known = domains.get((self._get_domain('email'), self.company_id.openapi_pec_environment))
        if reason == 'fine' and known == 'domain_certified':
            reason = 'email_certified'
        if reason != 'fine':
            yield self._get_finding('email', reason)

    def _judge_seat(self, provinces):
        """Judge the province, alone and with the municipality."""
        if clean(self.province):
            reason = italian_form.judge_province(self.province, provinces)
            yield self._get_finding('province', reason)
            if reason == 'province_known':
                yield from self._judge_place('city', 'province')

    def _get_place_proposals(self):
        if self.partner_id.sudo().country_id.code not in (False, 'IT'):
            return {}
        return {('city', 'province'): municipality.propose(self.city, self.province)}

    def _judge_person(self):
        """Judge the names with the tax code, and whether it is a child's."""
        if (reason := birth_place.judge_age(self.fiscal_code, fields.Date.context_today(self))) != 'fine':
            yield self._get_finding('fiscal_code', reason)
        if self.first_name and self.last_name and fiscal_code.judge_person(self.fiscal_code) in (
                'code_valid', 'code_check'):
            yield self._get_finding(
                'fiscal_code', fiscal_code.judge_names(self.fiscal_code, self.last_name, self.first_name))

    def _judge_qualification(self):
        """Judge whether somebody of this qualification communicates this kind of PEC."""
        if reason := QUALIFICATION_REASONS.get((self.kind, self.qualification)):
            yield self._get_finding('qualification', reason)

    def _judge_enterprise(self, readable, shared):
        """Judge code, legal form, state, kind and qualification together.

        :param readable: identifiers of the contacts that this user may read.
        :param shared: the VAT numbers of several companies.
        """
        if omocodia.identity(self.company_fiscal_code) in shared:
            yield self._get_finding('company_fiscal_code', 'vat_of_several')
        parent = self._get_parents()
        if {parent.id, self.partner_id.id} <= readable and self.partner_id._is_openapi_pec_part():
            yield self._get_finding('company_name', 'branch_of_company', who=parent.display_name)
        known = self._get_enterprise(readable)
        form = legal_form.forms().get(known.form)
        for field, reason in enterprise.judge(known, self.kind, self.qualification, self.fiscal_code):
            yield self._get_finding(field, reason, who=form.name if form else '')

    def _get_parents(self):
        """Return the contacts above those that these filings are about, which this user may not be allowed to read."""
        return self.partner_id.sudo().parent_id.sudo(self.env.su)

    def _get_enterprise(self, readable):
        """Return what is known of the enterprise: what a person said on its contact, else what its name here tells.

        :rtype: Enterprise
        """
        partner = self.partner_id if self.partner_id.id in readable else self.env['res.partner']
        is_company = partner.is_company or not partner
        here = legal_form.read(self.company_name, self.company_fiscal_code, is_company)
        told = partner.openapi_pec_denomination or {}
        said = {'form': partner.openapi_pec_legal_form or '', 'state': partner.openapi_pec_legal_state or ''}
        form, state = (
            said[name] if said[name] != (told.get(name) or '') else now or said[name]
            for name, now in (('form', here.form), ('state', here.state)))
        # Of a society nobody asks whose name it has: its denomination is not read once more.
        is_named_after_owner = legal_form.is_of_one(form) and self._is_named_after_owner()
        return Enterprise(form, state, self.company_fiscal_code or '', is_company, is_named_after_owner)

    def _is_named_after_owner(self):
        """Return whether the denomination tells no form, and ends in the name of who asks."""
        return not legal_form.read(self.company_name).form and legal_form.is_named_after(
            self.company_name, self.fiscal_code)

    def _judge_address(self, claims, shared):
        """Judge whether the PEC is somebody else's, or filed already; each reason is given once."""
        if not pec_address.normalize(self.pec_email):
            return
        mine = self._get_claim('open', shared)
        reasons = {}
        for environment, filing, claim in claims[pec_address.normalize(self.pec_email)]:
            # In a form that is not saved, this filing is another record than the one that the database knows.
            is_own = filing is not None and (filing == self or (bool(self._origin) and filing._origin == self._origin))
            if not is_own and environment in (False, self.company_id.openapi_pec_environment):
                reasons.setdefault(digital_domicile.judge(mine, claim), claim.label)
        reasons.pop(None, None)
        for reason, label in reasons.items():
            yield self._get_finding('pec_email', reason, who=label)

    def _judge_mailbox(self, mailboxes):
        """Judge whether the PEC is a mailbox here that works; this filing need not have been made from it."""
        judged = mailboxes.get((pec_address.normalize(self.pec_email), self.company_id.openapi_pec_environment))
        if judged:
            reason, day = judged
            yield self._get_finding('pec_email', reason, who=day)

    # Whose the addresses are.

    def _get_claims(self, together):
        """Return who claims the addresses of these filings, as far as this user may see it in all of his companies.

        :return: ``{address: [(environment or False, filing or None, Claim), …]}``, contacts first; and the VAT numbers
            that tell nobody from others.
        :rtype: tuple[dict, frozenset]
        """
        addresses = list({pec_address.normalize(filing.pec_email) for filing in self} - {''})
        everywhere = self.with_context(allowed_company_ids=self.env.user.company_ids.ids)
        partners = everywhere.env['res.partner']._openapi_pec_search_addresses(addresses)
        filings = everywhere.search(Domain([
            ('pec_email', 'in', addresses), ('state', 'in', const.filing.MADE_STATES),
            ('chamber_outcome', 'not in', const.filing.REFUSED_OUTCOMES),
        ]) & seen_domain(self.env, self._name), order='state desc, id')
        involved = self | filings | self.batch_id.communication_ids
        shared = partners._openapi_pec_find_shared(
            [*involved.mapped('company_fiscal_code'), *involved.partner_id.sudo().mapped('vat')])
        claims = defaultdict(list)
        for address, owners in partners._openapi_pec_by_address().items():
            claims[address] += [(False, None, partner._get_openapi_pec_claim(shared)) for partner in owners]
        for filing in filings:
            standing = 'completed' if filing.state == 'completed' else 'open'
            claims[pec_address.normalize(filing.pec_email)].append(
                (filing.environment, filing, filing._get_claim(standing, shared)))
        for filing in self if together else self.batch_id.communication_ids:
            if filing.state in const.filing.EDITABLE_STATES:
                claims[pec_address.normalize(filing.pec_email)].append(
                    (False, filing, filing._get_claim('draft', shared)))
        return claims, shared

    def _get_claim(self, standing, shared=frozenset()):
        """Return what this filing claims.

        :param str standing: as of a claim.
        :param shared: the VAT numbers that tell nobody from others.
        :rtype: Claim
        """
        codes = {omocodia.identity(self.company_fiscal_code)} - shared
        partner = self.partner_id.sudo()  # its codes are compared, not told
        company = (self._get_company_keys(partner, shared) | codes) - {False, ''}
        person = frozenset({self.representative_id.id, omocodia.identity(self.fiscal_code)} - {False, ''})
        trade = ''
        if self.kind == 'company' and self._is_of_trader():
            company |= person  # who is the enterprise
            now = partner.openapi_pec_email_normalized
            # Otherwise the trade has another one by now.
            trade = 'known' if not now or now == pec_address.normalize(self.pec_email) else ''
        return Claim(
            self.kind, person if self.kind == 'administrator' else company, company, standing, self.display_name,
            person, trade, self.company_name or '', has_code=bool(codes - {''}))

    @api.model
    def _get_company_keys(self, partner, shared):
        """Return whatever identifies the company that a contact is, or is a branch or an address of."""
        keys = partner._get_openapi_pec_keys(shared)
        if partner._is_openapi_pec_branch(keys):
            return keys | partner.parent_id.sudo()._get_openapi_pec_keys(shared)
        return frozenset({partner.id}) if partner.parent_id and not partner.is_company else keys

    def _is_of_trader(self):
        """Return whether this filing is about a sole trader, as far as its own data tell."""
        code = self.company_fiscal_code or ''
        form = legal_form.read(self.company_name, code).form
        return enterprise.is_trader(Enterprise(form, '', code, is_company=True)) or (
            not form and (self.qualification == enterprise.OWNER or self._is_named_after_owner()))

    def _get_sent_digest(self):
        """Return the digest that this filing would have if it were submitted now: see ``tools.pec.identity_digest``."""
        return digest(
            self.company_id.openapi_pec_environment, self.company_fiscal_code, self.partner_id._origin.id, self.kind,
            self.fiscal_code,
            self.pec_email)

    def _get_hidden_twins(self):
        """Return which of these filings are there already with another one that this user may not see.

        :return: ``{digest: reason code}``
        """
        digests = {filing._get_sent_digest() for filing in self if filing.pec_email and filing.company_id}
        twins = self.sudo().search([
            ('digest', 'in', list(digests)), ('state', 'in', const.filing.MADE_STATES),
            ('chamber_outcome', 'not in', const.filing.REFUSED_OUTCOMES),
        ], order='state desc, id')
        return {
            twin.digest: 'hidden_completed' if twin.state == 'completed' else 'hidden_open'
            for twin in self._filter_hidden(twins).sorted(lambda twin: twin.state != 'completed')}

    def _judge_hidden(self, hidden):
        """Judge whether another filing is the same that this user may not see."""
        if self.pec_email and self.company_id and (reason := hidden.get(self._get_sent_digest())):
            yield self._get_finding('pec_email', reason)

    # ------------------------------------------------------------ ACTIONS

    def action_look_up_domain(self):
        """Have the service asked, after this transaction, whether these PECs are certified.

        This is paid, once a month for each domain.
        """
        self._check_may_spend()
        for company, filings in self.grouped('company_id').items():
            company._openapi_pec_check_configured()
            self.env['openapi_pec.domain']._look_up(
                company, {
                    filing._get_domain() for filing in filings if pec_address.judge(filing.pec_email) == 'unknown'})

    def _check_submittable(self):
        """Raise one sentence for all that stands against the submission of these filings."""
        self._check_may_spend()
        findings = self._get_findings(together=True)
        for filing in self:
            if filing.state not in (*const.filing.EDITABLE_STATES, 'queued'):
                raise UserError(
                    self.env._("%s has been submitted already. It is not sent a second time.", filing.display_name))
            filing._refuse_errors(NOT_SUBMITTABLE, findings[filing], filing=filing.display_name)
        self.company_id._openapi_pec_check_configured()

    def _check_warnings(self, reason):
        """Ask for the reason why filings are submitted in spite of warnings, and keep it in the chatter."""
        drafts = self.filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES)
        for filing, warnings in drafts._get_sentences(WARNING).items():
            if not warnings:
                continue
            kept = filing._require_reason(
                reason, filing._get_refusal(REASON_NEEDED, warnings, filing=filing.display_name))
            filing._message_log(body=Markup("%s<ul>%s</ul>") % (
                self.env._("Submitted in spite of the following, because: %s", kept),
                Markup().join(Markup("<li>%s</li>") % sentence for sentence in warnings),
            ))

"""What is known of followed contacts, read for ``tools.obligation`` with a number of queries that does not grow.

All is read with the rights of the Odoo company whose lines are judged: what is kept for all of its people may not
depend on who is at work.
"""
from collections import defaultdict

from odoo.fields import Domain

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import CompanyRights, filter_seen, seen_domain
from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form, omocodia
from odoo.addons.l10n_it_openapi_pec.tools.obligation import facts, sharing
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

FILING_FIELDS = [
    'partner_id', 'kind', 'representative_id', 'fiscal_code', 'pec_email_normalized', 'state', 'chamber_outcome',
    'chamber_date', 'completed_at', 'submitted_at']
# Contacts that have a PEC as an enterprise.
ENTERPRISES = Domain('openapi_pec_legal_form', '!=', legal_form.PROFESSION) & (
    Domain('is_company', '=', True) | Domain('openapi_pec_legal_form', 'in', list(legal_form.TRADERS)))


class Reader:
    """What is known of some contacts.

    :param positions: their lines, both of each contact, in one Odoo company.
    :param datetime.date today: on which is judged.
    """

    def __init__(self, positions, today):
        self.company = positions.company_id.sudo()
        env = positions.sudo().with_context(
            openapi_pec_rights=CompanyRights(tuple(self.company.ids)), active_test=True).env
        self.env, self.today = env, today
        self.environment = self.company.openapi_pec_environment
        self.partners = filter_seen(positions.partner_id.with_env(env), self.company)
        self.keys = {}
        self.decided = {(position.partner_id.id, position.kind): position for position in positions}
        self.offices = self._search('openapi_pec.office', [('partner_id', 'in', self.partners.ids)])
        self.addresses = {
            address for records, name in (
                (self.partners, 'openapi_pec_email_normalized'), (self.offices, 'pec_email_normalized'))
            for address in records.mapped(name) if address and ' ' not in address}
        self._read_holders()
        self._read_filings()
        self._read_addresses()
        notices = self._search('openapi_pec.notice', [
            ('partner_id', 'in', self.partners.ids), ('settled_on', '=', False)])
        self.notices = [facts.Notice(
            self.get_key(notice.partner_id), notice.published_on, notice.chamber or '', notice.due_on or None)
            for notice in notices]

    # ------------------------------------------------------------ queries

    def _search(self, model, domain):
        return self.env[model].search(Domain(domain) & seen_domain(self.env, model), order='id')

    def _read_holders(self):
        """Read who else has one of the addresses: companies, and people who hold an office."""
        addresses = list(self.addresses)
        partners = self._search('res.partner', Domain('openapi_pec_email_normalized', 'in', addresses) & ENTERPRISES)
        self.holders = partners.filtered(lambda partner: get_state(partner) != sharing.CEASED)
        self.holding = self._search('openapi_pec.office', [
            ('pec_email_normalized', 'in', addresses), '|', ('ended_on', '=', False), ('ended_on', '>', self.today)])

    def _read_filings(self):
        """Read what is under way, and what was communicated last for each company and person."""
        partners = self.partners | self.holders | self.holding.partner_id
        found = self.env['openapi_pec.communication'].search_fetch([
            ('partner_id', 'in', partners.ids), ('company_id', '=', self.company.id),
            ('environment', '=', self.environment), ('state', 'in', const.filing.MADE_STATES),
            ('chamber_outcome', 'not in', const.filing.REFUSED_OUTCOMES),
        ], FILING_FIELDS, order='id')
        self.under_way, self.filed = defaultdict(list), {}
        for filing in found.sorted(lambda filing: (self._get_day(filing), filing.id)):
            person = self._get_filing_person(filing) if filing.kind == 'administrator' else ''
            is_suspended = filing.state == 'completed' and filing.chamber_outcome == 'sospesa'
            if filing.state != 'completed' or is_suspended:
                self.under_way[filing.partner_id.id].append(
                    (filing.kind, person, 'suspended' if is_suspended else filing.state))
            else:
                self._note_filed((filing.partner_id.id, filing.kind, person), filing)

    def _note_filed(self, key, filing):
        """Note a filing that is completed: what was communicated after another address has taken its place."""
        address, filed_on, accepted_on = self.filed.get(key, ('', None, None))
        if address != filing.pec_email_normalized:
            accepted_on = None
        if filing.chamber_outcome == 'evasa':
            filed_on, accepted_on = None, filing.chamber_date or self._get_day(filing)
        else:
            filed_on = self._get_day(filing)
        self.filed[key] = filing.pec_email_normalized or '', filed_on, accepted_on

    def _read_addresses(self):
        """Read what is known of the mailboxes and the domains of the addresses."""
        mailboxes = self.env['openapi_pec.mailbox']._get_liveliest(self.addresses)
        self.mailboxes = []
        for (address, environment), mailbox in mailboxes.items():
            if environment == self.environment:
                self.mailboxes.append(self._get_mailbox(address, mailbox))
        self.verdicts = {address: pec_address.judge(address) for address in self.addresses}
        names = {address.partition('@')[2] for address, verdict in self.verdicts.items() if verdict == 'unknown'}
        reasons = self.env['openapi_pec.domain']._get_reasons(names) if names else {}
        for address, verdict in self.verdicts.items():
            if verdict == 'unknown':
                reason = reasons.get((address.partition('@')[2], self.environment), verdict)
                self.verdicts[address] = 'known' if reason == 'domain_certified' else reason

    @staticmethod
    def _get_mailbox(address, mailbox):
        """Return what is known of a mailbox. When it expires, the day says, and not what was so today."""
        reason, _day = mailbox._judge_domicile()
        expires_on = None if mailbox.auto_renew else mailbox.expires_on or None
        told_by_day = {None, 'mailbox_expiring', expires_on and 'mailbox_expired'}
        return facts.Mailbox(address, '' if reason in told_by_day else reason, expires_on)

    # ------------------------------------------------------------ facts

    def get_rounds(self):
        """Yield the contacts with what is known of them, so that no two with the same tax code are judged together.

        :return: pairs of contacts, in their order, and ``Facts``.
        """
        holders, waiting = tuple(self._get_holders()), list(self.partners)
        while waiting:
            together = {}
            for partner in waiting:
                together.setdefault(self.get_key(partner), partner)
            partners = list(together.values())
            yield partners, self._get_facts(partners, holders)
            judged = {partner.id for partner in partners}
            waiting = [partner for partner in waiting if partner.id not in judged]

    def _get_facts(self, partners, holders):
        """Return what is known of some contacts of which no two are the same company."""
        ids = {partner.id for partner in partners}
        keys = {self.get_key(partner) for partner in partners}
        return facts.Facts(
            tuple(map(self._get_company, partners)),
            tuple(self._get_office(office) for office in self.offices if office.partner_id.id in ids),
            tuple(facts.Filing(self.get_key(partner), kind, person, state) for partner in partners
                  for kind, person, state in self.under_way.get(partner.id, ())),
            tuple(self.mailboxes), tuple(notice for notice in self.notices if notice.company in keys), holders)

    def _get_company(self, partner):
        own, other = (self.decided.get((partner.id, kind)) for kind in ('company', 'administrator'))
        key = self.get_key(partner)
        return facts.Company(
            key, partner.openapi_pec_legal_form or '', get_state(partner), self._get_partner_pec(partner),
            self._get_owner(partner, key), partner.openapi_pec_registered_on or None,
            (own and own.decision) or '', (other and other.decision) or '',
            self.get_key(other.chosen_id) if other and other.chosen_id else '')

    def _get_owner(self, partner, key):
        """Return the person to whom an enterprise of one person belongs; '' of any other."""
        is_trader = partner.openapi_pec_legal_form in legal_form.TRADERS
        return key if is_trader and omocodia.is_identity_of_person(key) else ''

    def _get_office(self, office):
        doubt = 'legal_person' if office.person_id.is_company else 'no_tax_code' if office.has_no_tax_code else ''
        return facts.Office(
            office.id, self.get_key(office.partner_id), self.get_key(office.person_id), office.role,
            office.since or None, office.registered_on or None, office.until or None, office.ended_on or None,
            self._get_office_pec(office), doubt)

    def _get_holders(self):
        """Yield who has one of the addresses, with the address."""
        for partner in self.holders:
            pec, key = self._get_partner_pec(partner), self.get_key(partner)
            yield pec.address, facts.Holder(
                'company', key, self._get_owner(partner, key), sharing.is_proved(pec), pec.since)
        for office in self.holding:
            pec = self._get_office_pec(office)
            yield pec.address, facts.Holder(
                'administrator', self.get_key(office.partner_id), self.get_key(office.person_id),
                sharing.is_proved(pec))

    def _get_partner_pec(self, partner):
        address = partner.openapi_pec_email_normalized or pec_address.normalize(partner.openapi_pec_email)
        seen, seen_on, since = partner._get_openapi_pec_seen(self.environment)
        return self._make_pec(
            address, self.filed.get((partner.id, 'company', '')),
            (partner.openapi_pec_confirmed_email, partner.openapi_pec_confirmed_on),
            since=since, seen_on=seen_on, seen=seen)

    def _get_office_pec(self, office):
        address = office.pec_email_normalized or pec_address.normalize(office.pec_email)
        person = self.get_key(office.person_id)
        return self._make_pec(
            address, self.filed.get((office.partner_id.id, 'administrator', person)),
            (office.confirmed_email, office.confirmed_on))

    def _make_pec(self, address, filed, confirmed, **register):
        """Return what is known of an address of somebody.

        :param filed: (address, filed_on, accepted_on) of what was communicated last, or None.
        :param confirmed: (address, day) of what a person has said.
        :param register: what the register has shown.
        """
        filed_on, accepted_on = filed[1:] if filed and filed[0] == address else (None, None)
        said_on = confirmed[1] if confirmed[0] == address else None
        proved_on = max(filter(None, (accepted_on, said_on)), default=None)
        verdict = self.verdicts.get(address) or pec_address.judge(address)
        return facts.Pec(address, verdict, filed_on, proved_on, accepted_on=accepted_on, **register)

    # ------------------------------------------------------------ keys and days

    def get_key(self, partner):
        """Return what tells a contact from all others: see ``_get_openapi_pec_register_key``."""
        if partner.id not in self.keys:
            self.keys[partner.id] = partner.with_env(self.env)._get_openapi_pec_register_key()
        return self.keys[partner.id]

    def _get_filing_person(self, filing):
        return omocodia.identity(filing.fiscal_code) or self.get_key(filing.representative_id)

    @staticmethod
    def _get_day(filing):
        """Return the day on which a filing was completed, or else submitted, in Italy."""
        return filing.env['openapi_pec.position']._get_day(
            filing.completed_at or filing.submitted_at or filing.create_date)


def get_state(partner):
    """Return the state of a company that exempts most: of what the register and what a person, or its name, says."""
    known = {partner.openapi_pec_legal_state, partner.openapi_pec_register_state}
    return next((state for state in const.position.COMPANY_STATES if state in known), 'active')

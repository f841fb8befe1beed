from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import seen_domain, without_internals
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import fold_name, name_keys
from odoo.addons.l10n_it_openapi_pec.tools.italy import enterprise, fiscal_code, legal_form, omocodia, person_name
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address
from odoo.addons.l10n_it_openapi_pec.tools.pec.digital_domicile import Claim
from odoo.addons.l10n_it_openapi_pec.tools.spreadsheet_cells import defuse

PERSON_KEY_LENGTH = 6  # letters of surname and name, which no omocodia changes
INTERNAL_FIELDS = {'openapi_pec_denomination', 'openapi_pec_email_normalized'}  # which no person looks for
SHORTEST_CODE = 8  # characters of a VAT number, of whatever country


class ResPartner(models.Model):
    _inherit = 'res.partner'

    openapi_pec_email = fields.Char(
        "PEC (Digital Domicile)", compute='_compute_openapi_pec_email', store=True, readonly=False, tracking=True,
        index='btree_not_null',
        help="The certified address (PEC) of the business register: domicilio digitale. It is proposed from the PEC "
             "for electronic invoices, which is another thing and is never changed from here.",
    )
    openapi_pec_email_normalized = fields.Char(
        "Normalized PEC", compute='_compute_openapi_pec_email_normalized', store=True, index='btree_not_null',
        help="The PEC as the business register compares it: in lower case, without what was pasted along. Several "
             "addresses stand in one field with a space between them.")
    openapi_pec_legal_form = fields.Selection(
        selection='_get_openapi_pec_legal_forms', string="Legal Form", compute='_compute_openapi_pec_denomination',
        store=True, readonly=False, precompute=True,
        help="Natura giuridica, with the code of the business register. It is proposed from the name, and of a sole "
             "trader from the tax code; what you choose stays.")
    openapi_pec_legal_state = fields.Selection(
        [('liquidation', "In Liquidation"), ('procedure', "In a Procedure"), ('failed', "In Bankruptcy")],
        "State of the Company", compute='_compute_openapi_pec_denomination', store=True, readonly=False,
        precompute=True,
        help="Proposed from the name, such as \"Alfa S.r.l. in liquidazione\"; what you choose stays. Empty: none of "
             "these.")
    openapi_pec_denomination = fields.Json(
        compute='_compute_openapi_pec_denomination', store=True, precompute=True, exportable=False, copy=False,
        help="What the name has told of legal form and state.")
    openapi_pec_email_warning = fields.Char(
        compute='_compute_openapi_pec_email_warning', groups='l10n_it_openapi_pec.group_user',
        help="Problems of this PEC: several addresses, or a mailbox that was bought here and does not work.")
    openapi_pec_communication_ids = fields.One2many(
        'openapi_pec.communication', 'partner_id', "PEC Communications", groups='l10n_it_openapi_pec.group_user')
    openapi_pec_communication_count = fields.Integer(
        compute='_compute_openapi_pec_communications', groups='l10n_it_openapi_pec.group_user')
    openapi_pec_status = fields.Char(
        "Business Register", compute='_compute_openapi_pec_communications', groups='l10n_it_openapi_pec.group_user',
        help="How far the last communication of a PEC for this contact has come: the last one that was submitted, or "
             "else what is being prepared.")
    openapi_pec_filing_status = fields.Char(
        compute='_compute_openapi_pec_communications', groups='l10n_it_openapi_pec.group_user', exportable=False,
        help="The status of that filing, as Odoo keeps it.")

    openapi_pec_mailbox_ids = fields.One2many(
        'openapi_pec.mailbox', 'partner_id', "PEC Mailboxes", groups='l10n_it_openapi_pec.group_user')
    openapi_pec_mailbox_count = fields.Integer(
        compute='_compute_openapi_pec_mailbox_count', groups='l10n_it_openapi_pec.group_user')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('openapi_pec_mailbox_ids')
    def _compute_openapi_pec_mailbox_count(self):
        counts = dict(
            self.env['openapi_pec.mailbox']._read_group([('partner_id', 'in', self.ids)], ['partner_id'], ['__count']))
        for partner in self:
            partner.openapi_pec_mailbox_count = counts.get(partner._origin, 0)

    @api.depends('l10n_it_pec_email')
    def _compute_openapi_pec_email(self):
        for partner in self:
            proposal = pec_address.normalize(partner.l10n_it_pec_email)
            is_possible = len(proposal) <= const.service.MAX_CELL_LENGTH
            partner.openapi_pec_email = partner.openapi_pec_email or (is_possible and proposal) or False

    @api.model
    def _get_openapi_pec_legal_forms(self):
        return legal_form.choices()

    @api.depends('name', 'is_company', 'l10n_it_codice_fiscale', 'vat')
    def _compute_openapi_pec_denomination(self):
        """Propose legal form and state as the name tells them; what a person has chosen otherwise stays."""
        for partner in self:
            told = partner.openapi_pec_denomination or partner._origin.openapi_pec_denomination or {}
            reading = legal_form.read(
                partner.name, partner.l10n_it_codice_fiscale or partner.vat, partner.is_company)
            for name, value in reading._asdict().items():
                field = f'openapi_pec_legal_{name}'
                said = partner[field] or ''
                # A form that was emptied follows again; an emptied state says that the company is an ordinary one.
                follows = said == told.get(name, '') or (name == 'form' and not said)
                partner[field] = (value if follows else said) or False
            partner.openapi_pec_denomination = reading._asdict()

    @api.depends('openapi_pec_email')
    def _compute_openapi_pec_email_normalized(self):
        for partner in self:
            found = pec_address.find_compared(partner.openapi_pec_email)
            partner.openapi_pec_email_normalized = ' '.join(found) or False

    @api.depends('openapi_pec_email_normalized')
    @api.depends_context('uid', 'lang', 'company')
    def _compute_openapi_pec_email_warning(self):
        mailboxes = self.env['openapi_pec.mailbox']
        judged = mailboxes._judge_domiciles(self.mapped('openapi_pec_email_normalized'))
        values = {
            'field': self._fields['openapi_pec_email']._description_string(self.env),
            'place': mailboxes._in_words(const.mailbox.PLACE_HERE),
        }
        for partner in self:
            address = partner.openapi_pec_email_normalized or ''
            reason, who = ('address_several', address.replace(' ', ', ')) if ' ' in address else judged.get(
                (address, self.env.company.openapi_pec_environment), (None, None))
            partner.openapi_pec_email_warning = reason and mailboxes._in_words(const.filing.FINDINGS[reason][1]) % {
                **values, 'who': who}

    def _openapi_pec_split_name(self):
        """Return surname and name of this contact: see :meth:`_openapi_pec_split_name_as`."""
        return self._openapi_pec_split_name_as(self.name, self.l10n_it_codice_fiscale)

    def _openapi_pec_split_name_as(self, name, code):
        """Return surname and name of this contact, if any, with a name and a tax code that it has, or will have.

        Where another addon keeps them apart (``lastname``, ``firstname``), those, unless the tax code tells otherwise:
        such an addon has guessed the wrong way round, or has taken what is no name for a part of it ("Rossi / Anna
        Verdi"). Else what the tax code tells; without one, the name is taken to come first.
        """
        kept = tuple(self[part] for part in const.service.NAME_FIELDS if part in self._fields)
        split = person_name.split(name, code)
        if name == self.name and len(kept) == len(const.service.NAME_FIELDS) and all(kept) and (
                not split or (all(fiscal_code.agrees(code, *kept)) and not any(map(person_name.is_odd, kept)))):
            return kept
        return split or person_name.split_in_doubt(name, code)

    # ------------------------------------------------------------ CRUD

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return without_internals(super().fields_get(allfields, attributes), INTERNAL_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(list(map(self._with_normalized_pec, vals_list)))

    def write(self, vals):
        return super().write(self._with_normalized_pec(vals))

    def _with_normalized_pec(self, vals):
        """Return values of a contact with the PEC normalised as the register keeps it, so that equal ones match.

        :raise ValidationError: it is too long for the database, whose refusal would stand in the log with all that is
            written.
        """
        if 'openapi_pec_email' not in vals:
            return vals
        address = pec_address.normalize(vals['openapi_pec_email'])
        if len(address) > const.service.MAX_CELL_LENGTH:
            raise ValidationError(self.env._(
                "%(field)s: at most %(count)s characters are possible.",
                field=self._fields['openapi_pec_email']._description_string(self.env),
                count=const.service.MAX_CELL_LENGTH))
        return {**vals, 'openapi_pec_email': address or False}

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Export the addon's fields so that nothing becomes a formula; the others are Odoo's."""
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        own = [index for index, path in enumerate(fields) if path and path[0].startswith('openapi_pec_')]
        for row in rows if own else ():
            for index in own:
                row[index] = defuse(row[index])
        return rows

    # ------------------------------------------------------------ COMPUTE: whose it is

    def _is_openapi_pec_trader(self):
        """Return whether this contact is an enterprise of one person, who asks as its owner."""
        return bool(self) and enterprise.is_trader(enterprise.Enterprise(
            self.openapi_pec_legal_form or '', '', self.l10n_it_codice_fiscale or '', self.is_company))

    def _get_openapi_pec_claim(self, shared=frozenset()):
        """Return the claim of this contact to its PEC: as a company, as a person, or as one of both.

        :param shared: the VAT numbers that tell nobody from others.
        :rtype: Claim
        """
        own = self._get_openapi_pec_keys(shared)
        claim = Claim(
            'company', own, frozenset(), 'contact', self.display_name, name='' if len(own) > 1 else self.name or '',
            called=self.name or '')
        person = frozenset({self.id, *filter(omocodia.is_identity_of_person, own - {self.id})})
        if self._is_openapi_pec_branch(own):
            above = self.parent_id.sudo()._get_openapi_pec_claim(shared)  # it may belong to a hidden company
            return above._replace(owner=above.owner | {self.id}, label=claim.label)
        if self.is_company:
            is_person = self.openapi_pec_legal_form == legal_form.PROFESSION
            return claim._replace(kind='administrator', owner=person) if is_person else claim
        if len(person) > 1:
            numbers = frozenset() if self.parent_id else own - person  # which Odoo hands down to people of companies
            return claim._replace(
                kind='administrator', owner=person, company=numbers, trade=self._get_openapi_pec_trade())
        if self.parent_id:  # whose codes of 11 digits Odoo hands down
            company = self.commercial_partner_id.sudo()
            return claim._replace(
                kind='unknown', owner=person, company=company._get_openapi_pec_keys(shared), name=self.name or '',
                is_office=enterprise.is_office(self.name, company.name))
        if not self.openapi_pec_legal_form or self._is_openapi_pec_trader():
            claim = claim._replace(kind='unknown', trade=self._get_openapi_pec_trade())
        return claim

    def _get_openapi_pec_keys(self, shared):
        """Return whatever identifies this contact: itself, its tax code, and its VAT number unless others share it."""
        codes = {omocodia.identity(code) for code in (self.l10n_it_codice_fiscale, self.vat)}
        # Odoo takes "/" for "not subject to VAT", and people write zeros.
        codes = {code for code in codes if len(code) >= SHORTEST_CODE and len(set(code)) > 1}
        return frozenset({self.id, *codes} - shared)

    def _is_openapi_pec_branch(self, keys):
        """Return whether this contact is an address or a branch of the one above it, and nobody of its own.

        :param keys: as of :meth:`_get_openapi_pec_keys`.
        """
        if not self.parent_id:
            return False
        if not self.is_company:  # an address; it may be that of somebody else
            people = set(filter(omocodia.is_identity_of_person, keys - {self.id}))
            return self.type != 'contact' and people <= self.parent_id.sudo()._get_openapi_pec_keys(frozenset())
        if len(keys) > 1:
            return False
        return not self.openapi_pec_legal_form or enterprise.is_office(self.name, self.parent_id.sudo().name)

    def _is_openapi_pec_part(self):
        """Return whether this contact is a branch, an office or an address of the company above it, by whose name and
        seat the register knows it."""
        keys = self._get_openapi_pec_keys(frozenset())
        above = self.parent_id._get_openapi_pec_keys(frozenset()) if self.is_company else frozenset()
        return self._is_openapi_pec_branch(keys) or bool(keys & above)

    def _get_openapi_pec_trade(self):
        """Return whether this person is an enterprise too: 'known', 'perhaps' (a VAT number of his own), or ''."""
        if self.openapi_pec_legal_form in legal_form.TRADERS:
            return 'known'
        has_number = self.vat and not self.parent_id and self.openapi_pec_legal_form != legal_form.PROFESSION
        return 'perhaps' if has_number else ''

    def _openapi_pec_find_shared(self, codes):
        """Find the VAT numbers that several contacts with other tax codes have, as in a VAT group, with one query.

        Such a number tells none of them from the others. People's codes do not count: no group has people, and
        administrators are kept with the number of their company.

        :param list codes: tax codes and VAT numbers, in any way of writing; those of these contacts are added.
        :rtype: frozenset
        """
        numbers = {omocodia.identity(code) for code in (*codes, *self.mapped('vat'))}
        numbers = {number for number in numbers if number.isdigit()}
        owners = defaultdict(set)
        independent = fields.Domain('parent_id', '=', False) | fields.Domain('is_company', '=', True)
        domain = independent & seen_domain(self.env, self._name) & fields.Domain(
            'vat', 'in', [prefix + number for number in sorted(numbers) for prefix in ('', 'IT')])
        for partner in self.search_fetch(domain, ['vat', 'l10n_it_codice_fiscale']):
            number, own = map(omocodia.identity, (partner.vat, partner.l10n_it_codice_fiscale))
            if not omocodia.is_identity_of_person(own):
                owners[number] |= {own} - {'', number}
        return frozenset(number for number, others in owners.items() if len(others) > 1)

    @api.model
    def _openapi_pec_search_addresses(self, addresses):
        """Return the contacts with some PECs, as far as this user may see them, with one query however many.

        :param list addresses: normalized; however the contacts' are written. Contacts with several addresses in one
            field come along, whichever they are.
        """
        name = 'openapi_pec_email_normalized'
        wanted = fields.Domain(name, 'in', addresses) | fields.Domain(name, '=like', '% %')
        return self.search_fetch(wanted & seen_domain(self.env, self._name), [name])

    def _openapi_pec_by_address(self):
        """Return these contacts by their normalized PECs: ``{address: contacts}``."""
        found = defaultdict(list)
        for partner in self:
            for address in (partner.openapi_pec_email_normalized or '').split():
                found[address].append(partner.id)
        return {address: self.browse(ids).with_prefetch(self._ids) for address, ids in found.items()}

    @api.model
    def _openapi_pec_find(self, codes):
        """Find contacts by tax code or VAT number, as far as this user may see them, with two queries however many.

        :param codes: in any way of writing; omocodes find each other.
        :return: ``{omocodia.identity of a code: contacts}``; the people of a company have its code as well.
        :rtype: dict
        """
        identities = set(map(omocodia.identity, codes)) - {''}
        exact = [prefix + code for code in identities for prefix in ('', 'IT') if not code.endswith('*')]
        people = [code[:PERSON_KEY_LENGTH] for code in identities if code.endswith('*')]
        self.flush_model(['l10n_it_codice_fiscale', 'vat'])
        self.env.cr.execute(r"""
            SELECT id FROM res_partner, LATERAL (VALUES (l10n_it_codice_fiscale), (vat)) AS codes (code),
                   LATERAL (SELECT upper(regexp_replace(code COLLATE "C", '[^0-9A-Za-z]', '', 'g')) AS bare) AS bare
             WHERE bare = ANY(%s) OR left(bare, %s) = ANY(%s)
        """, [exact, PERSON_KEY_LENGTH, people])
        partners, found = self.search([('id', 'in', [row[0] for row in self.env.cr.fetchall()])]), defaultdict(list)
        for partner in partners:
            for identity in set(map(omocodia.identity, (partner.l10n_it_codice_fiscale, partner.vat))) & identities:
                found[identity].append(partner.id)
        return defaultdict(self.browse, {
            identity: self.browse(ids).with_prefetch(partners._ids) for identity, ids in found.items()})

    @api.model
    def _openapi_pec_find_names(self, names):
        """Find contacts of the companies that this user works in now by name, with two queries however many.

        Capitals and spaces make no difference, nor do full stops and commas ("Srl"); who is written with the same ones
        comes before all others.

        :param list names: names, or complete names ("Company, Person").
        :return: ``{name: contacts}``
        :rtype: dict
        """
        self.flush_model(['name', 'complete_name'])
        self.env.cr.execute(r"""
            SELECT id FROM res_partner, LATERAL (VALUES (name), (complete_name)) AS names (name)
             WHERE names.name = ANY(%s) OR regexp_replace(lower(names.name) COLLATE "C", '[^a-z0-9]', '', 'g') = ANY(%s)
        """, [list(names), list(set().union(*map(name_keys, names)))])
        partners = self.search([
            ('id', 'in', [row[0] for row in self.env.cr.fetchall()]),
            ('company_id', 'in', [False, *self.env.companies.ids])])
        exact, alike, bare = defaultdict(self.browse), defaultdict(self.browse), defaultdict(self.browse)
        for partner in partners:
            for name in {partner.name, partner.complete_name} - {False}:
                exact[italian_form.normalize_text(name)] |= partner
                alike[fold_name(name)] |= partner
                bare[fold_name(name, is_bare=True)] |= partner
        return {
            name: exact.get(italian_form.normalize_text(name)) or alike.get(fold_name(name)) or bare.get(
                fold_name(name, is_bare=True), self.browse())
            for name in names}

    def _openapi_pec_best_placed(self):
        """Return the independent contacts among these; if there are none, the companies, or else all."""
        places = self.grouped(lambda partner: 0 if not partner.parent_id else 1 if partner.is_company else 2)
        return places[min(places)] if places else self

    def _openapi_pec_people_finder(self):
        """Return a function of a company: the people among these contacts who can represent it, its own ones, or else
        independent ones, or else all. Contacts are looked through once, however many companies they are found for.
        """
        people = self.filtered(lambda partner: not partner.is_company)
        independent, own = people.filtered(lambda partner: not partner.parent_id), defaultdict(list)
        for person in people:
            for company_id in {person.id, person.parent_id.id or person.id}:
                own[company_id].append(person.id)
        return lambda company: people.browse(own.get(company.id, ())) or independent or people

    def _openapi_pec_owners(self, companies):
        """Return to which of the companies that share one account each of these contacts belongs.

        The number of queries is constant.

        :return: ``{contact: companies}``; none, or several, where that cannot be told.
        :rtype: dict
        """
        served = defaultdict(companies.browse)
        for model in ('openapi_pec.communication', 'openapi_pec.mailbox'):
            for partner, company in self.env[model].sudo()._read_group(
                    [('partner_id', 'in', self.ids), ('company_id', 'in', companies.ids)],
                    ['partner_id', 'company_id']):
                served[partner] |= company
        return {
            partner: partner.company_id
            or companies.filtered(lambda company, partner=partner: company.partner_id == partner)
            or served[partner] or companies & partner.user_id.sudo().company_ids
            for partner in self
        }

    # ------------------------------------------------------------ ACTIONS

    def action_openapi_pec_communications(self):
        """Open the filings of this contact."""
        self.check_access('read')
        self.env['openapi_pec.communication'].check_access('read')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_communication'),
            'domain': [('partner_id', 'in', self.ids)],
            'context': {'default_partner_id': self.id if len(self) == 1 else False},
        }

    def action_openapi_pec_buy(self):
        """Open the choice of type and address of a new mailbox for this contact."""
        self.check_access('read')
        self.env['openapi_pec.mailbox.purchase'].check_access('create')
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_buy'),
            'context': {'default_partner_id': self.id},
        }

    def action_openapi_pec_mailboxes(self):
        """Open the mailboxes of this contact."""
        self.check_access('read')
        self.env['openapi_pec.mailbox'].check_access('read')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_mailbox'),
            'domain': [('partner_id', 'in', self.ids)],
        }

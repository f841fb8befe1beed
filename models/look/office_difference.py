from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import fold_words
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code, omocodia

OFFICE = const.look.OFFICE
SHOWN_OFFICES = 200  # of one look; large banks have thousands of attorneys
REGISTERED_WITHIN = timedelta(days=30)  # of the start of an office; who is entered later has begun another term


def _get_start(office):
    return max(filter(None, (office.since, office.registered_on)), default=None)


def _fold(name):
    """Return a name as it is compared: whichever the order of its words."""
    return ' '.join(sorted(fold_words(name or '')))


def _is_new_term(office, day):
    """Return whether the register has entered another term of an office than the one that is known.

    :param day: of the entry, as the register tells it; '' or None when it does not.
    """
    day, start = fields.Date.to_date(day), _get_start(office)
    if not day:
        return False
    return bool((office.until and day > office.until) or (start and day > start + REGISTERED_WITHIN))


class OpenapiPecRegisterDifference(models.Model):
    """Offices that the register tells otherwise: not here yet, of another date, or not told any more.

    They are compared by the person's tax code and the code of the office; who is told without a tax code, as foreigners
    may be, by the name. The register tells no end of an office, so a person ends what it does not tell any more. An
    office that is entered much later than the one that is known is its next term.
    """
    _inherit = 'openapi_pec.register_difference'

    # ------------------------------------------------------------ what differs

    @api.model
    def _get_of_offices(self, look):
        """Return values of the differences of a company's offices; what was found is noted as seen."""
        known = self._get_held(look.partner_id)
        nothing = self.env['openapi_pec.office'].sudo()
        lines, seen, told = [], nothing, nothing
        for officer in look.told['officers']:
            for role in officer['roles']:
                terms = known.get(self._get_officer_key(officer, role['code']), nothing)
                own = terms[:1]  # the last one; the register tells no earlier ones
                seen, told = seen | own, told | terms
                if not own or (role['since'] and role['since'] != str(own.registered_on or '')):
                    lines.append({
                        'field': OFFICE, 'office_id': own.id, 'value': {**officer, 'roles': [role]},
                        'is_empty_here': not own,
                        'is_ticked': bool(
                            not own and fiscal_code.is_valid(officer['tax_code'])
                            and officer['is_legal_representative'])})
        if seen:
            seen.write({'seen_on': fields.Date.to_date(look.looked_at)})
        if not look.told['unreadable']:  # whoever is missing may be among those
            lines += [{'field': OFFICE, 'office_id': office.id, 'value': False} for office in self._filter_gone(
                nothing.union(*known.values()) - told, look.told['officers'])]
        return lines[:SHOWN_OFFICES]

    @api.model
    def _filter_gone(self, offices, officers):
        """Return those of some offices, which were not found, that have ended.

        Of who has no tax code it is not known where somebody without one is told in the same office: perhaps by a name
        that is written otherwise.
        """
        unsure = {
            role['code'].upper() for officer in officers if not officer['tax_code'] for role in officer['roles']}
        return offices.filtered(
            lambda office: office.person_id.l10n_it_codice_fiscale or office.role.upper() not in unsure)

    @api.model
    def _get_held(self, contact):
        """Return the offices of a company that have not ended, the last term first.

        :return: ``{key of person and role: offices}``, each by the tax code and by the name.
        """
        held = {}
        offices = contact.sudo().openapi_pec_office_ids.filtered(lambda office: not office.ended_on)
        for office in offices.sorted(lambda office: (_get_start(office) or date.min, office.id), reverse=True):
            person = office.person_id
            for who in {omocodia.identity(person.l10n_it_codice_fiscale), _fold(person.name)} - {''}:
                key = who, office.role.upper()
                held[key] = held.get(key, offices.browse()) | office
        return held

    @api.model
    def _get_officer_key(self, officer, role):
        """Return what tells who has an office in the register, as :meth:`_get_held` has it."""
        return omocodia.identity(officer['tax_code']) or _fold(self._get_officer_name(officer)), (role or '').upper()

    # ------------------------------------------------------------ COMPUTE

    def _show_offices(self):
        """Fill in what is shown of these differences, which are of offices."""
        label = self.env['openapi_pec.words.mixin']._in_words(const.look.OFFICE_LABEL)
        names = self.env['openapi_pec.rule']._get_roles()
        for line in self:
            officer, office = line.sudo().value, line.sudo().office_id
            line.label = label
            line.here = bool(office) and self._show_office(
                office.person_id.name, office.role_name, office.registered_on)
            line.there = line._show_officer(officer, names) if officer else self.env._(
                "Not told any more: if it has ended, end it here with its day")
            line.is_takeable = bool(officer) and bool(office or fiscal_code.is_valid(officer['tax_code']))

    def _show_officer(self, officer, names):
        """Return an office as the register tells it: who has which one since when.

        :param dict names: of the offices that the rules know, by code; the service tells others in English.
        """
        [role] = officer['roles']
        code = role['code']
        name = names.get(code, code)
        if name == code and role['name']:
            name = f"{role['name']} ({code})"
        shown = self._show_office(self._get_officer_name(officer), name, role['since'])
        return self.env._("New term: %s", shown) if _is_new_term(self.sudo().office_id, role['since']) else shown

    def _show_office(self, name, role, day):
        if day:
            return self.env._(
                "%(name)s: %(role)s, registered %(day)s", name=name or '?', role=role, day=format_date(self.env, day))
        return self.env._("%(name)s: %(role)s", name=name or '?', role=role)

    @api.model
    def _get_officer_name(self, officer):
        """Return the name of who has an office, as people write it."""
        name = ' '.join(filter(None, (officer['first_name'], officer['last_name'])))
        return officer['company_name'] or name.title()

    # ------------------------------------------------------------ ACTIONS

    def _take_over_offices(self, contact):
        """Take offices of a company over: their dates, or the offices with the people who have them.

        :param contact: the company.
        """
        offices, held = self.env['openapi_pec.office'], self._get_held(contact)
        new, dated = self.browse(), defaultdict(offices.browse)
        for line in self:
            role = line._get_role()
            key = self._get_officer_key(line.sudo().value, role['code'])
            # what was not here when it was told, somebody may have typed since
            if office := line.office_id or held.get(key, offices)[:1].sudo(False):
                if _is_new_term(office.sudo(), role['since']):
                    office.check_access('write')
                    office = office.with_context(default_source='register')._renew(fields.Date.to_date(role['since']))
                # of what was typed since, the day that was typed stays: the next look shows the difference
                is_known = not line.office_id and office.sudo().registered_on
                dated[not is_known and role['since'], line._get_day()] |= office
            else:
                new |= line
        for (registered_on, day), some in dated.items():
            some.check_access('write')
            some.sudo().write({'seen_on': day, **({'registered_on': registered_on} if registered_on else {})})
        if new:
            offices.check_access('create')
            people = self.env['res.partner']._openapi_pec_find([line.sudo().value['tax_code'] for line in new])
            offices.sudo()._quietly().create([{
                'partner_id': contact.id, 'person_id': line._find_officer(contact, people).id,
                'role': line._get_role()['code'], 'source': 'register', 'seen_on': line._get_day(),
                # of the deed, the book or the entry: not always the day from which it is held
                'registered_on': line._get_role()['since'] or False,
            } for line in new])

    def _get_role(self):
        """Return the one office that the register tells: a role as ``tools.api.company_data`` reads it."""
        [role] = self.sudo().value['roles']
        return role

    def _get_day(self):
        return fields.Date.to_date(self.looked_at)

    def _find_officer(self, contact, people):
        """Return the contact of who has an office; it is made where there is none with this tax code.

        :param contact: the company.
        :param dict people: contacts by identity of their tax codes; who is made is put there.
        """
        officer, partners = self.sudo().value, self.env['res.partner']
        code, is_company = officer['tax_code'], bool(officer['company_name'])
        found = people.get(omocodia.identity(code), partners)
        found = found.filtered('is_company')._openapi_pec_best_placed() if is_company else (
            found._openapi_pec_people_finder()(contact))
        if not found:
            found = people[omocodia.identity(code)] = partners.create({
                'name': self._get_officer_name(officer) or code, 'l10n_it_codice_fiscale': code,
                'is_company': is_company, 'company_id': contact.company_id.id,
                'parent_id': False if is_company else contact.id})
        return found[:1]

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field

from stdnum.it import codicefiscale, iva

from odoo import api, models
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rows import set_each
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean, fold_name, fold_words
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, FINE, ORDER
from odoo.addons.l10n_it_openapi_pec.tools.italy import enterprise, legal_form, omocodia, phone
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address
from odoo.addons.l10n_it_openapi_pec.tools.spreadsheet_cells import defuse

# field of a row -> field of the contact that it is about
FIELDS = {
    'company': {
        'company_name': 'name', 'company_fiscal_code': 'l10n_it_codice_fiscale', 'city': 'city',
        'province': 'state_id', 'pec_email': 'openapi_pec_email'},
    'person': {
        'person_name': 'name', 'fiscal_code': 'l10n_it_codice_fiscale', 'email': 'email', 'mobile': 'phone',
        'administrator_pec': 'openapi_pec_email'},
}
PECS = {'pec_email': 'company', 'administrator_pec': 'administrator'}  # of a row -> kind of filing
DOUBTS = frozenset({'other_name', 'several_companies', 'several_people', 'person_unnamed'})  # about who is meant
# field of a contact -> what two ways of writing the same value have in common
KEYS = {
    'name': lambda value: sorted(fold_words(value)),
    'l10n_it_codice_fiscale': omocodia.identity,
    'city': fold_name,
    'state_id': lambda value: value,
    'openapi_pec_email': pec_address.normalize,
    'email': lambda value: pec_address.normalize_email(value) or clean(value),
    'phone': lambda value: phone.normalize_telephone(value) or clean(value),
}


@dataclass
class Plan:
    """What a row would do.

    Of ``company`` and ``person`` each: ``contacts`` the one that is there already, if any; ``keys`` what tells it from
    those of other rows; ``values`` what is made, or written.
    """

    cells: dict
    contacts: dict = field(default_factory=dict)
    keys: dict = field(default_factory=dict)
    values: dict = field(default_factory=lambda: {'company': {}, 'person': {}})
    is_company_new: bool = False
    is_person: bool = False  # somebody is named
    kinds: tuple = ()  # of the filings that this row asks for, and no row before it
    drafts: dict = field(default_factory=dict)  # kind -> draft that is there already
    under_way: dict = field(default_factory=dict)  # kind -> filing that was submitted; none is made beside it
    communicated: dict = field(default_factory=dict)  # kind -> filing that was completed; none is made once more
    findings: list = field(default_factory=list)  # (level, reason code, sentence)
    differences: list = field(default_factory=list)  # sentences
    differing: dict = field(default_factory=dict)  # field of the row -> what its contact has, kept or overwritten

    @property
    def is_left_out(self):
        """Whether the row cannot be applied."""
        return any(level == ERROR for level, _code, _sentence in self.findings)

    @property
    def is_doubtful(self):
        """Whether the contacts of the row may not be those that it means."""
        return any(code in DOUBTS for _level, code, _sentence in self.findings)

    def get_digest(self):
        """Return what tells this plan from another one, in no language: whoever has seen one has not seen the other."""
        filings = (self.drafts, self.under_way, self.communicated)
        told = [
            sorted(found[:2] for found in self.findings), {side: contact.id for side, contact in self.contacts.items()},
            self.values, self.kinds, [{kind: filing.id for kind, filing in known.items()} for known in filings],
            self.differing]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class OpenapiPecImportRow(models.TransientModel):
    """What each row would make, change and leave: planned in sets, with the rights of who has loaded it."""
    _inherit = 'openapi_pec.import_row'

    def _judge_rows(self, seen=None):
        """Plan these rows together, and keep what each of them would do; those that are applied stay as they were.

        :param seen: those that are shown at once as they are judged now; by default, all.
        """
        waiting = self.exists().filtered(lambda row: row.state == 'new')
        if waiting:
            waiting._keep_plans(waiting._get_plans(), seen)

    def _get_plans(self):
        """Return what these rows would do together, with a constant number of queries: ``{row: Plan}``."""
        rows = self.sorted('id')
        states = self._get_states()
        plans = {row: Plan(row._get_cells(states)) for row in rows}
        for company, own in rows.grouped('company_id').items():
            by_code, by_name = self._find_planned([plans[row] for row in own], company)
            codes = {omocodia.identity(plans[row].cells['fiscal_code']) for row in own} & by_code.keys()
            finders = {code: by_code[code]._openapi_pec_people_finder() for code in codes}
            for row in own:
                row._find_faults(plans[row])
                row._plan_company(plans[row], by_code, by_name)
                row._plan_person(plans[row], finders)
        self._plan_together(plans)
        self._plan_filings(plans)
        self._judge_filings(plans)
        return plans

    # ------------------------------------------------------------ what stands in the cells

    @api.model
    def _get_states(self):
        """Return the provinces of Italy by abbreviation and by name: ``{folded text: state}``."""
        states = self.env['res.country.state'].search([('country_id', '=', self.env.ref('base.it').id)])
        return {fold_name(text): state for state in states for text in (state.name, state.code)}

    def _get_cells(self, states):
        """Return the cells of this row in the form in which they are kept: ``{field: text}``, of ``province`` its id.

        :param dict states: as of :meth:`_get_states`.
        """
        cells = {name: clean(self[name] or '') for name in const.import_row.CELLS if name != 'kind'}
        cells |= {name: italian_form.normalize_text(cells[name]) for name in ('company_name', 'person_name', 'city')}
        cells |= {name: pec_address.normalize(cells[name]) for name in ('pec_email', 'administrator_pec')}
        cells['email'] = KEYS['email'](cells['email'])
        cells['mobile'] = phone.normalize(cells['mobile']) or cells['mobile']
        complete = self.env['openapi_pec.communication']._complete_code
        cells['company_fiscal_code'] = complete(cells['company_fiscal_code'])
        cells['fiscal_code'] = omocodia.normalize(cells['fiscal_code'])
        if cells['person_name'] and not cells['fiscal_code'] and omocodia.is_personal(cells['company_fiscal_code']):
            cells['fiscal_code'] = cells['company_fiscal_code']  # a sole trader asks in person
        state = states.get(fold_name(cells['province']))
        cells['abbreviation'] = state.code if state else italian_form.normalize_province(cells['province'])
        cells['province'] = state.id if state else False
        return cells

    def _add_finding(self, plan, code, name='', who=''):
        """Add what is to be said of this row to its plan.

        :param str code: of const.import_row.FINDINGS.
        :param str name: the field that it is about.
        :param str who: what else the sentence names.
        """
        level, sentence = const.import_row.FINDINGS[code]
        words = self.env['openapi_pec.words.mixin']._in_words(sentence)
        label = self._fields[name]._description_string(self.env) if name else ''
        plan.findings.append((level, code, words % {'field': label, 'who': who}))

    def _find_faults(self, plan):
        """Add what is wrong with the cells of this row, whatever is known of its contacts."""
        for name, fault in (self.faults or {}).items():
            code, _space, written = fault.partition(' ')
            if name in const.import_row.CELLS and code in const.import_row.FINDINGS:
                self._add_finding(plan, code, name, who=written)
        for name in const.import_row.NAMES:
            if defuse(self[name] or '') != (self[name] or ''):
                self._add_finding(plan, 'formula', name)

    # ------------------------------------------------------------ whose they are

    @api.model
    def _find_planned(self, plans, company):
        """Return the contacts that plans may mean: ``({identity of a code: contacts}, {name: contacts})``.

        :param list plans: of Plan.
        :param company: which pays for their filings; a contact of another one can be in none of them.
        """
        partners = self.env['res.partner']
        codes = {plan.cells[name] for plan in plans for name in ('company_fiscal_code', 'fiscal_code')} - {''}
        allowed = [('company_id', 'in', [False, *company.sudo().parent_ids.ids])]
        by_code = {
            code: known.filtered_domain(allowed) for code, known in partners._openapi_pec_find(codes).items()}
        names = {plan.cells['company_name'] for plan in plans} - {''}
        by_name = {
            name: known.filtered_domain(allowed)
            for name, known in partners._openapi_pec_find_names(list(names)).items()}
        (partners.union(*by_code.values(), *by_name.values())).child_ids.mapped('name')  # read at once
        return by_code, by_name

    def _plan_company(self, plan, by_code, by_name):
        """Plan what becomes of the company of this row."""
        cells, partners = plan.cells, self.env['res.partner']
        code = omocodia.identity(cells['company_fiscal_code'])
        known = by_code.get(code, partners).filtered(lambda partner: partner.is_company or not partner.parent_id)
        known = (known.filtered('is_company') or known)._openapi_pec_best_placed()
        if not known:
            named = by_name.get(cells['company_name'], partners).filtered(
                lambda partner: partner.is_company or not partner.parent_id)
            others = named.filtered(lambda partner: code and omocodia.identity(
                partner.l10n_it_codice_fiscale or partner.vat or '') not in ('', code))
            known = (named - others)._openapi_pec_best_placed()
            if others and not known:
                self._add_finding(plan, 'same_name', who=', '.join(others[:3].mapped('display_name')))
        if len(known) > 1:
            self._add_finding(plan, 'several_companies', who=', '.join(known[:5].mapped('display_name')))
        elif not known and not cells['company_name']:
            self._add_finding(plan, 'company_nameless' if code else 'company_missing')
        elif known and self._is_other_name(cells, known.name):
            self._add_finding(plan, 'other_name', who=known.name)
        plan.is_company_new = not known
        plan.contacts['company'] = known[:1]
        plan.keys['company'] = known[:1].id or code or fold_name(cells['company_name'])
        self._compare(plan, 'company')

    def _is_other_name(self, cells, name):
        """Tell whether the company of this row is called wholly otherwise than the contact with its tax code.

        Then the code may be another company's: a spreadsheet eats zeros. A sole trader may be called like his shop.
        """
        return not self.takes_over and enterprise.are_strangers(cells['company_name'], name) and not any(
            legal_form.is_named_after(text, cells['company_fiscal_code']) for text in (cells['company_name'], name))

    def _plan_person(self, plan, finders):
        """Plan what becomes of the person of this row, if one is named: see :meth:`_find_person`."""
        cells, company = plan.cells, plan.contacts['company']
        plan.is_person = any(cells[name] for name in const.import_row.PERSON_CELLS)
        known = self._find_person(cells, company, finders) if plan.is_person else self.env['res.partner']
        if len(known) > 1:
            is_named = cells['person_name'] or cells['fiscal_code']
            self._add_finding(plan, 'several_people' if is_named else 'person_unnamed', who=', '.join(
                known[:5].mapped('display_name')))
        elif plan.is_person and not known and not cells['person_name']:
            self._add_finding(plan, 'person_nameless')
        plan.contacts['person'] = known[:1]
        plan.keys['person'] = known[:1].id or (
            plan.keys['company'], omocodia.identity(cells['fiscal_code']) or ' '.join(
                KEYS['name'](cells['person_name'])))
        self._compare(plan, 'person')

    @api.model
    def _find_person(self, cells, company, finders):
        """Return the contacts that the person of a row may be: by tax code, or by name among the company's people.

        Who is not named is one of these people, as a filing would propose him. ``finders`` are functions of a company
        that return who represents it, by identity of a tax code.
        """
        partners = self.env['res.partner']
        code = omocodia.identity(cells['fiscal_code'])
        found = finders[code](company) if code in finders else partners
        first = found[:1]  # all of them are the company's, or independent, or neither
        if found and (len(found) == 1 or not first.parent_id or company in (first, first.parent_id)):
            return found
        words, people = KEYS['name'](cells['person_name']), self._get_people(company)
        if not words and not code:
            return people if company.is_company else company
        return people.filtered(lambda partner: bool(words) and KEYS['name'](partner.name or '') == words and (
            not code or not partner.l10n_it_codice_fiscale))

    @api.model
    def _get_people(self, company):
        """Return who may ask for a company: its people; of a contact that is a person, he as well."""
        people = company.child_ids.filtered(lambda partner: not partner.is_company and partner.type == 'contact')
        return people if company.is_company else people | company

    def _compare(self, plan, side):
        """Compare the cells of this row with what a contact has: what is empty there is filled in, what differs stays.

        Where a person has ticked so, it is overwritten. A tax code never is. A PEC that is asked for and differs leaves
        the row out: which of both is paid for, a person says.
        """
        contact, values = plan.contacts[side], {}
        for name, target in FIELDS[side].items():
            here = plan.cells[name]
            there = contact[target].id if target == 'state_id' else contact[target]
            if not here or (there and KEYS[target](there) == KEYS[target](here)):
                continue
            if there:
                plan.differing[name] = there
            if there and (not self.takes_over or target == 'l10n_it_codice_fiscale'):
                if PECS.get(name) in self._get_kinds(plan.cells) and not plan.is_doubtful:
                    self._add_finding(plan, 'pec_differs', name, who=there)
                plan.differences.append(self.env._(
                    "%(field)s: %(here)s in the spreadsheet, %(there)s on the contact",
                    field=self._fields[name]._description_string(self.env), here=self[name],
                    there=contact[target].display_name if target == 'state_id' else there))
                continue
            if target == 'l10n_it_codice_fiscale' and not (codicefiscale.is_valid(here) or iva.is_valid(here)):
                self._add_finding(plan, 'code_invalid', name)
            values[target] = here
        plan.values[side] = values

    # ------------------------------------------------------------ several rows

    @api.model
    def _plan_together(self, plans):
        """Find rows that say different things of the same contact: the first one counts."""
        said = {}
        for row, plan in plans.items():
            for side, names in FIELDS.items():
                for name, target in names.items():
                    if target not in plan.values[side] or plan.is_left_out:
                        continue
                    value = KEYS[target](plan.values[side][target])
                    first, first_row = said.setdefault((side, plan.keys[side], target), (value, row))
                    if first != value:
                        row._add_finding(plan, 'rows_disagree', name, who=first_row.display_name)

    @api.model
    def _plan_filings(self, plans):
        """Plan which filings each row asks for, and which of them are there already."""
        known, taken = self._get_known(plans), {}
        for row, plan in plans.items():
            if plan.is_left_out:
                continue
            keys = {kind: self._get_filing_key(plan, kind) for kind in row._get_kinds(plan.cells)}
            plan.kinds = tuple(kind for kind, key in keys.items() if key not in taken)
            if not plan.kinds:
                row._add_finding(plan, 'same_row', who=taken[next(iter(keys.values()))].display_name)
            taken |= {keys[kind]: row for kind in plan.kinds}
            for kind in plan.kinds:
                row._find_standing(plan, kind, known)
            if plan.kinds and not {*plan.kinds} - plan.under_way.keys():
                row._add_finding(plan, 'under_way', who=', '.join(
                    filing.name for filing in plan.under_way.values()))
            if plan.communicated:
                row._add_finding(plan, 'communicated', who=', '.join(
                    f'{filing.name}, {format_date(self.env, filing.submitted_at or filing.create_date)}'
                    for filing in plan.communicated.values()))
            plan.kinds = tuple(
                kind for kind in plan.kinds if kind not in plan.under_way and kind not in plan.communicated)

    def _find_standing(self, plan, kind, known):
        """Note in the plan what there is already of a kind of filing that this row asks for.

        One that is under way counts whatever its PEC is, and one that was communicated if its PEC is the same: nobody
        pays twice. Then only a draft that a person has made of it on purpose, for a new term, is taken.

        :param dict known: as of :meth:`_get_known`.
        """
        company, asking = plan.contacts['company'], self._get_asking(plan)
        side, owner, person = ('company', company, None) if kind == 'company' else ('person', asking, asking.id)
        filings = known.get(
            (self.company_id.id, company.id, kind, person), self.env['openapi_pec.communication'])
        pec = plan.values[side].get('openapi_pec_email') or owner.openapi_pec_email
        if filing := filings._get_standing_in(pec):
            found = plan.under_way
            if filing.state in const.filing.EDITABLE_STATES:
                found = plan.drafts
            elif filing.state == 'completed':
                found = plan.communicated
            found[kind] = filing

    @api.model
    def _get_known(self, plans):
        """Return the filings about the companies of plans, as ``openapi_pec.communication._by_person`` does."""
        companies = self.env['res.partner'].union(*(plan.contacts['company'] for plan in plans.values()))
        return companies._openapi_pec_get_known(self.env['res.company'].union(*(row.company_id for row in plans)))

    @api.model
    def _get_filing_key(self, plan, kind):
        """Return what tells a filing from those of other rows."""
        person = self._get_asking(plan).id or plan.keys['person']
        return plan.keys['company'], kind, person if kind == 'administrator' else None

    def _get_kinds(self, cells):
        """Return the kinds of filings that this row asks for: chosen, or told by the PECs that stand there."""
        if self.kind == 'both' or (not self.kind and cells['pec_email'] and cells['administrator_pec']):
            return ('company', 'administrator')
        return (self.kind or ('administrator' if cells['administrator_pec'] else 'company'),)

    # ------------------------------------------------------------ what is kept

    @api.model
    def _keep_plans(self, plans, seen=None):
        """Write what each row would do, in the words of who reads.

        :param dict plans: ``{row: Plan}``
        :param seen: the rows that are shown at once; by default, all. Others are told of before they are applied.
        """
        alike = defaultdict(list)
        for row, plan in plans.items():
            found = sorted(plan.findings, key=lambda finding: finding[0])
            kept = {
                'level': min((level for level, _code, _sentence in found), key=ORDER.index, default=FINE),
                'findings': '\n'.join(dict.fromkeys(sentence for _level, _code, sentence in found)) or False,
                'effects': '\n'.join(row._get_effects(plan)) or False,
                'differences': '\n'.join(plan.differences) or False,
                'partner_id': plan.contacts['company'].id, 'representative_id': plan.contacts['person'].id,
            }
            alike[tuple(kept.items())].append(row.id)
        for kept, ids in alike.items():
            self.browse(ids).sudo().write(dict(kept))
        shown = self.browse(row.id for row in plans if seen is None or row in seen)
        set_each(shown, 'digest', (plans[row].get_digest() for row in shown))

    def _get_effects(self, plan):
        """Return sentences that say what this row would make and change."""
        if plan.is_left_out:
            return [self.env._("Left out until it is corrected.")]
        labels = dict(self._fields['kind']._description_selection(self.env))
        news = {'company': self.env._("New company"), 'person': self.env._("New person")}
        sentences = []
        for side in ('company', 'person'):
            contact, values = plan.contacts[side], plan.values[side]
            if not contact and (side == 'company' or plan.is_person):
                sentences.append(news[side])
            elif values:
                names = [self._fields[name]._description_string(self.env)
                         for name, target in FIELDS[side].items() if target in values]
                sentences.append(self.env._(
                    "%(contact)s gets: %(fields)s", contact=contact.display_name, fields=', '.join(names)))
        for kind in plan.kinds:
            draft = plan.drafts.get(kind)
            if draft and draft.batch_id:
                sentences.append(self.env._(
                    "Prepared already, in multiple filing %(batch)s: %(kind)s", batch=draft.batch_id.name,
                    kind=labels[kind]))
            else:
                sentences.append(self.env._("Prepared already: %s", labels[kind]) if draft else self.env._(
                    "New filing: %s", labels[kind]))
        sentences += [self.env._("Under way already: %s", labels[kind]) for kind in plan.under_way]
        sentences += [self.env._("Communicated already: %s", labels[kind]) for kind in plan.communicated]
        return sentences

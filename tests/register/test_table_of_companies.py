"""The table of companies (``companies.md``) in the database: each row as contacts, offices and filings, and its lines.

All of it is made once, and judged in one go; what depends on a day, once for each day.
"""
import itertools
from collections import defaultdict
from datetime import date, datetime, time

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form

from ..common import PecCase
from ..common_companies import (
    NONE,
    Maker,
    expect,
    group_rows,
    read_day,
    read_duties,
    read_orders,
    read_tables,
    split,
)

TODAY, LONG_AGO = date(2026, 11, 27), date(2026, 1, 20)
OWN, ADMINISTRATOR = 'company', 'administrator'
FORMS, ADMINISTRATORS, WHOSE = "A company's own PEC", "An administrator's PEC", "Whose PEC it is"
TERMS, REGISTRATIONS = "Nominations, renewals, ends of office", "Registrations and chambers' notices"
SHARED, BOTH = "Who has the same PEC", "Companies that both have it in the register"
TRADERS = "Sole traders who are administrators elsewhere"
# Who may have an address: the company's own, or that of who holds an office in it. Mario runs Alfa and Gamma, and has
# an enterprise of his own (ditta); Bruno runs Beta.
HOLDERS = {
    'alfa': ('alfa', OWN), 'mario': ('alfa', ADMINISTRATOR), 'beta': ('beta', OWN), 'bruno': ('beta', ADMINISTRATOR),
    'ditta': ('ditta', OWN), 'mario elsewhere': ('gamma', ADMINISTRATOR), 'hidden': ('hidden', OWN)}
MARIOS = {'mario', 'mario elsewhere'}
KNOWN = {'Neither': (False, False), 'The judged one': (True, False), 'The other one': (False, True),
         'Both': (True, True)}
# Several who have an address: what is said first.
FIRST = ['pec_of_own_company', 'pec_of_own_trade', 'pec_of_company', 'pec_of_person', 'shared_by_people', NONE]


def name_other(judged, other):
    """Return what the table of shared addresses calls one of ``HOLDERS``, seen from another one."""
    (company, kind), (of_company, of_kind) = HOLDERS[judged], HOLDERS[other]
    if other == 'hidden':
        return 'a company of another Odoo company'
    if kind == OWN and of_kind == OWN:
        return 'a sole trader' if other == 'ditta' else 'another company'
    if kind == OWN:
        return 'its administrator' if company == of_company else "another's administrator"
    if of_kind == ADMINISTRATOR:
        return 'himself elsewhere' if {judged, other} <= MARIOS else 'another administrator'
    if other == 'ditta' and judged in MARIOS:
        return 'his own enterprise'
    return 'his company' if company == of_company else 'another company'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTableOfCompanies(PecCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expected, cls.days = defaultdict(list), {}
        cls.hidden_company = cls.env['res.company'].create({'name': "Altra S.r.l."})
        with freeze_time(datetime.combine(TODAY, time(9))):
            cls.maker = Maker(cls.env, cls.code_of)
            for add in (cls.add_forms, cls.add_terms, cls.add_registrations, cls.add_shared, cls.add_traders):
                add()
            cls.partners = cls.maker.make()
        cls.lines = cls.judge()

    @classmethod
    def judge(cls):
        """Judge the lines of each day; return what they say: ``{(number of the contact, kind): {field: value}}``."""
        positions, numbers = cls.env['openapi_pec.position'], defaultdict(list)
        for _heading, number, *_others in itertools.chain(*cls.expected.values()):
            numbers[cls.days.get(number, TODAY)].append(number)
        found, places = {}, {partner.id: number for number, partner in enumerate(cls.partners)}
        for day, judged in numbers.items():
            lines = positions.search([('partner_id', 'in', [cls.partners[number].id for number in judged])])
            if day != TODAY:
                with freeze_time(datetime.combine(day, time(9))):
                    lines._judge_now()
            cls.env.invalidate_all()
            found |= {(places[line.partner_id.id], line.kind): {
                'state': line.state, 'reason': line.reason or '', 'due': line.due_on or None, 'late': line.is_late,
                'role': line.office_id.role or '', 'whose': line.person_id.name or NONE,
                'fine': f'{line.fine_least:g}–{line.fine_most:g}' if line.fine_most else NONE,
                'reduced': f'{line.fine_reduced:g}' if line.fine_reduced else NONE,
            } for line in lines}
        return found

    @classmethod
    def expect(cls, heading, row, number, kind, **values):
        """Note what is expected of the line of a contact.

        :param row: of the table, which is told when the line says something else.
        :param values: by the names of :meth:`judge`.
        """
        cls.expected[heading].append((row, number, kind, values))

    def check(self, heading, least):
        """Check the lines of a table, of which there are so many at least."""
        wrong = []
        for row, number, kind, values in self.expected[heading]:
            found = self.lines[number, kind]
            if any(found[name] != value for name, value in values.items()):
                wrong.append((row, kind, values, found))
        self.assertEqual(wrong[:5], [], f"{len(wrong)} of {len(self.expected[heading])} lines")
        self.assertGreaterEqual(len(self.expected[heading]), least)

    # ------------------------------------------------------------ legal forms, states, offices

    @classmethod
    def add_forms(cls):
        """Each form in each state, with one order of offices after the other; each order in an S.r.l."""
        people = [cls.maker.add_person(f'Persona {number}') for number in range(6)]
        legal_person = cls.maker.add_company()
        cls.maker.unfollowed.add(legal_person)
        orders = read_orders()
        for number, (form, state, roles, own, (standing, reason, role)) in enumerate(
                expect((read_duties(FORMS), read_duties(ADMINISTRATORS)), orders)):
            place = number // len(orders)
            if place % len(orders) != number % len(orders) and (form, state) != ('SR', 'active'):
                continue
            company = cls.maker.add_company(form, state)
            for person, (code, doubt) in zip(people, roles, strict=False):
                cls.maker.add_office(
                    company, legal_person if doubt == 'legal_person' else person, code,
                    has_no_tax_code=doubt == 'no_tax_code')
            row = form, state, roles
            cls.expect(FORMS, row, company, OWN, state=own[0], reason=own[1])
            cls.expect(ADMINISTRATORS, row, company, ADMINISTRATOR, state=standing, reason=reason, role=role)

    def test_legal_forms_states_and_offices(self):
        self.check(FORMS, 600)
        self.check(ADMINISTRATORS, 600)

    def test_each_form_and_state_stands_in_the_table(self):
        for heading in (FORMS, ADMINISTRATORS):
            self.assertEqual(set(read_duties(heading)), set(itertools.product(
                (*legal_form.forms(), ''), const.position.COMPANY_STATES)))
        self.assertTrue(all(
            row['Source'] for table in read_tables().values() for row in table if row.get('Day') != NONE))

    # ------------------------------------------------------------ terms

    @classmethod
    def add_terms(cls):
        maker = cls.maker
        for rows in group_rows(read_tables()[TERMS], 'Day'):
            first, people = rows[0], {}
            company = maker.add_company()
            for row in rows:
                name = row['Person']
                person = people.setdefault(name, people.get(name) or maker.add_person(name))
                pec = None if row['PEC'] == NONE else f'{name.lower()}{company}@legalmail.it'
                maker.add_office(
                    company, person, row['Office'], pec, since=read_day(row['From']), until=read_day(row['Until']),
                    ended_on=read_day(row['Ended']))
                filing = company, pec, row['PEC'] not in (NONE, 'written') and read_day(row['PEC']), person
                if filing[2] and row is next(one for one in rows if one['Person'] == name):
                    maker.add_filing(*filing)
            cls.days[company] = read_day(first['Day'])
            cls.expect(
                TERMS, first, company, ADMINISTRATOR, state=first['State'], reason=first['Reason'].replace(NONE, ''),
                due=read_day(first['Due']), late=first['Overdue'] == 'yes', whose=first['Whose'])

    def test_nominations_renewals_and_ends(self):
        self.check(TERMS, 50)

    @classmethod
    def add_registrations(cls):
        maker = cls.maker
        for row in read_tables()[REGISTRATIONS]:
            pec = None if row['PEC'] == NONE else maker.make_address()
            company = maker.add_company(
                row['Legal form'], pec=pec, openapi_pec_registered_on=read_day(row['Registered']))
            if row['PEC'] not in (NONE, 'written'):
                maker.add_filing(company, pec, read_day(row['PEC']))
            if row['Notice'] != NONE:
                published_on, chamber = split(row['Notice'])
                maker.add_notice(company, read_day(published_on), chamber)
            cls.days[company] = read_day(row['Day'])
            cls.expect(
                REGISTRATIONS, row, company, OWN, state=row['State'], reason=row['Reason'].replace(NONE, ''),
                due=read_day(row['Due']), late=row['Overdue'] == 'yes', fine=row['Fine'], reduced=row['Reduced'])

    def test_registrations_and_notices(self):
        self.check(REGISTRATIONS, 20)

    # ------------------------------------------------------------ shared addresses

    @classmethod
    def add_shared(cls):
        """Each pair of the table; of several people and companies at once all that there may be; two that stand there.
        """
        ways = {(row['Judged'], row['Who else has it']): row for row in read_tables()[SHARED]}
        for pair, known in itertools.product(itertools.combinations(HOLDERS, 2), KNOWN.values()):
            cls.add_world(SHARED, ways, dict(zip(pair, known, strict=True)))
        several = [names for size in range(3, len(HOLDERS)) for names in itertools.combinations(
            [name for name in HOLDERS if name != 'hidden'], size)]
        for names, known in itertools.product(several, itertools.product((False, True), repeat=2)):
            cls.add_world(SHARED, ways, {name: known[HOLDERS[name][1] == OWN] for name in names})
        for row in read_tables()[BOTH]:
            since = {'alfa': read_day(row["The judged one's since"]), 'beta': read_day(row["The other one's since"])}
            companies = cls.make_world(dict.fromkeys(since, True), since)
            reason = row['Reason'].replace(NONE, '')
            cls.expect(
                BOTH, row, companies['alfa'], OWN, state='duplicate' if reason else 'in_order', reason=reason)

    @classmethod
    def add_world(cls, heading, ways, having):
        """Add some who have the same address, and what is expected of each.

        :param dict ways: the rows of the table, by who is judged and who else has it.
        :param dict having: who has it, of ``HOLDERS``, and whether it stands in the register.
        """
        companies = cls.make_world(having)
        for judged, stands in having.items():
            company, kind = HOLDERS[judged]
            if judged == 'hidden':
                continue
            found = [
                ways[kind, name_other(judged, other)][next(
                    name for name, known in KNOWN.items() if known == (stands, there))]
                for other, there in having.items() if other != judged]
            reason = min(found, key=FIRST.index)
            expected = ('duplicate', reason) if reason != NONE else (
                ('in_order', '') if stands else ('to_confirm', 'not_proved'))
            cls.expect(heading, (judged, having), companies[company], kind, state=expected[0], reason=expected[1])

    @classmethod
    def make_world(cls, having, since=None):
        """Make the companies of some of ``HOLDERS`` and their people; return the numbers of the companies by name.

        :param since: when its PEC has come into the register, by company, where a look has shown it.
        """
        maker, companies, since = cls.maker, {}, since or {}
        shared, code = maker.make_address('contesa'), maker.make_person_code()
        people = {'mario': maker.add_person("Mario", l10n_it_codice_fiscale=code), 'bruno': maker.add_person("Bruno")}
        for name in {HOLDERS[holder][0]: None for holder in having}:
            pec = shared if name in having else maker.make_address(name)
            stands_since = LONG_AGO if having.get(name, True) and name not in since else None
            looked = {
                'openapi_pec_register_email': pec, 'openapi_pec_register_seen_on': TODAY,
                'openapi_pec_register_since': since[name]} if name in since else {}
            own = {'ditta': {'l10n_it_codice_fiscale': code}, 'hidden': {'company_id': cls.hidden_company.id}}
            companies[name] = maker.add_company(
                'DI' if name == 'ditta' else 'SR', pec=pec, stands_since=stands_since, **looked, **own.get(name, {}))
        maker.unfollowed |= {companies[name] for name in ('hidden',) if name in companies}
        for holder, (name, person) in {
                'mario': ('alfa', 'mario'), 'bruno': ('beta', 'bruno'), 'mario elsewhere': ('gamma', 'mario')}.items():
            if name in companies:
                maker.add_office(
                    companies[name], people[person], 'AUN', shared if holder in having else maker.make_address(person),
                    stands_since=LONG_AGO if having.get(holder, True) else None)
        return companies

    def test_who_has_the_same_pec(self):
        self.check(SHARED, 700)
        self.check(BOTH, 5)

    # ------------------------------------------------------------ sole traders

    @classmethod
    def add_traders(cls):
        maker = cls.maker
        for row in read_tables()[TRADERS]:
            code, mark = maker.make_person_code(), len(maker.contacts)
            pecs, state = {}, row['The enterprise']
            for column in ('Its PEC', "Mario's PEC"):
                name, written = split(row[column])
                pecs[column] = (None, None) if name == NONE else (
                    f'{name}{mark}@legalmail.it', None if written else LONG_AGO)
            ditta = maker.add_company(
                'DI', 'active' if state == 'not followed' else state, *pecs['Its PEC'], l10n_it_codice_fiscale=code)
            alfa = maker.add_company(pec=f'alfa{mark}@legalmail.it', stands_since=LONG_AGO)
            companies = [alfa] + [maker.add_company()] * (row['Beta too'] == 'yes')
            mario = maker.add_person("Mario", l10n_it_codice_fiscale=code)
            for company in companies:
                maker.add_office(company, mario, 'AUN', *pecs["Mario's PEC"])
            expected = [(alfa, OWN, "Alfa's own"), *(
                (company, ADMINISTRATOR, "Alfa's administrator") for company in companies)]
            if state == 'not followed':
                maker.unfollowed.add(ditta)
            else:
                expected.append((ditta, OWN, "The enterprise's line"))
            for number, kind, column in expected:
                standing, reason = split(row[column])
                cls.expect(TRADERS, row, number, kind, state=standing, reason=reason)

    def test_sole_traders_who_are_administrators_elsewhere(self):
        self.check(TRADERS, 40)

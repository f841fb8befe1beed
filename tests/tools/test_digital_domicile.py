from odoo.tests import BaseCase, TransactionCase, new_test_user, tagged

from odoo.addons.l10n_it_openapi_pec.tools.pec.digital_domicile import Claim, judge

from ..common import PecCase

ADDRESS = 'contesa@legalmail.it'
OTHER_PERSON = 'VRDNNA85C41F205T'


def claim(kind, owner, company='', standing='contact'):
    return Claim(kind, frozenset(owner.split()), frozenset(company.split()), standing, 'label')


OURS = claim('company', 'ours', 'ours', 'open')
MARIOS = claim('administrator', 'mario', 'ours', 'open')
STANDINGS = ('draft', 'open', 'completed')
CASES = [  # what is filed, what is known, what it means
    # a company's new PEC and the address book
    (OURS, claim('company', 'ours'), None),
    (OURS, claim('company', 'ours vat'), None),
    (OURS, claim('company', 'theirs'), 'pec_of_company'),
    (OURS, claim('administrator', 'mario'), 'pec_of_person'),
    (claim('company', 'mario', 'mario', 'open'), claim('administrator', 'mario'), None),  # a sole trader
    # an office holder's
    (MARIOS, claim('company', 'ours'), 'pec_of_own_company'),
    (MARIOS, claim('company', 'theirs'), 'pec_of_company'),
    (MARIOS, claim('administrator', 'mario'), None),
    (MARIOS, claim('administrator', 'anna'), 'shared_by_people'),
    # what is being filed, and what was
    *(
        (OURS, claim('company', 'theirs', 'theirs', standing), f'{standing}_elsewhere')
        for standing in STANDINGS),
    *(
        (OURS, claim('administrator', 'mario', 'ours', standing), f'{standing}_elsewhere')
        for standing in STANDINGS),
    *(
        (OURS, claim('administrator', 'anna', 'theirs', standing), f'{standing}_elsewhere')
        for standing in STANDINGS),
    *(
        (MARIOS, claim('company', 'ours', 'ours', standing), f'{standing}_elsewhere')
        for standing in STANDINGS),
    *(
        (MARIOS, claim('company', 'theirs', 'theirs', standing), f'{standing}_elsewhere')
        for standing in STANDINGS),
    # his other office
    *((MARIOS, claim('administrator', 'mario', 'theirs', standing), None) for standing in STANDINGS),
    *(
        (MARIOS, claim('administrator', 'anna', 'theirs', standing), 'shared_by_people')
        for standing in STANDINGS),
    # a sole trader's business and the same person's office: rule 1
    (claim('administrator', 'mario', 'ours', 'open'), claim('company', 'mario', 'mario', 'open'), 'open_elsewhere'),
    # the same once more
    *((OURS, claim('company', 'ours', 'ours', standing), f'filing_{standing}') for standing in STANDINGS),
    *(
        (MARIOS, claim('administrator', 'mario', 'ours', standing), f'filing_{standing}')
        for standing in STANDINGS),
    # another office holder of the same company
    *(
        (MARIOS, claim('administrator', 'anna', 'ours', standing), f'other_person_{standing}')
        for standing in STANDINGS),
    # a person who is an enterprise too
    (MARIOS, claim('company', 'mario'), 'pec_of_own_trade'),  # the trade is a contact of its own
    (MARIOS, claim('administrator', 'mario')._replace(trade='known'), 'pec_of_own_trade'),  # or the same one
    (MARIOS, claim('administrator', 'mario')._replace(trade='perhaps'), 'pec_of_own_trade_perhaps'),
    (MARIOS, claim('administrator', 'anna')._replace(trade='known'), 'pec_of_company'),
    (MARIOS, claim('administrator', 'anna')._replace(trade='perhaps'), 'shared_by_people'),
    (MARIOS, claim('company', 'mario', 'mario', 'completed')._replace(trade='known'), 'pec_of_own_trade'),
    (MARIOS, claim('company', 'mario', 'mario', 'completed'), 'completed_elsewhere'),  # it has another PEC by now
    (MARIOS, claim('company', 'mario', 'mario', 'open')._replace(trade='known'), 'open_elsewhere'),
    (OURS, claim('administrator', 'anna')._replace(trade='known'), 'pec_of_person'),
    (claim('company', 'mario', 'mario', 'open'), claim('administrator', 'mario')._replace(trade='known'), None),
    # whose VAT number the company's code is
    (OURS._replace(name="Bar Sport"), claim('administrator', 'anna', 'ours'), None),
    (OURS._replace(name="Alfa S.r.l."), claim('administrator', 'anna', 'ours'), 'pec_of_person'),
    (OURS._replace(name="Bar Sport"), claim('administrator', 'anna', 'theirs'), 'pec_of_person'),
    (OURS._replace(name="Ditta individuale Verdi"), claim('administrator', 'anna', 'ours'), None),
    (OURS._replace(name="Impresa familiare Verdi"), claim('administrator', 'anna', 'ours'), None),
    (OURS._replace(name="Alfa S.n.c."), claim('administrator', 'anna', 'ours'), 'pec_of_person'),
    (OURS._replace(name="Consorzio Alfa"), claim('administrator', 'anna', 'ours'), 'pec_of_person'),
    (OURS._replace(name="Ditta individuale Verdi"), claim('administrator', 'anna', 'theirs'), 'pec_of_person'),
    # a company with the code of its representative: its own PEC first
    (MARIOS._replace(company=frozenset({'mario'})), claim('company', 'mario'), 'pec_of_own_company'),
    # contacts that may be a person or an enterprise
    (OURS, claim('unknown', 'child', 'ours'), None),
    (OURS, claim('unknown', 'child', 'theirs')._replace(name="Anna"), 'pec_of_unknown'),
    (OURS, claim('unknown', 'child', 'theirs')._replace(is_office=True), 'pec_of_company'),
    (OURS, claim('unknown', 'child', 'ours')._replace(is_office=True), None),
    (OURS._replace(person=frozenset({'child'})), claim('unknown', 'child', 'ours'), 'pec_of_person'),
    (OURS, claim('unknown', 'alone', ''), 'pec_of_company'),  # it has a code, and another one
    (OURS, claim('unknown', 'alone', '')._replace(name="Beta"), 'pec_of_unknown'),
    (OURS._replace(name="Beta S.r.l."), claim('unknown', 'alone', '')._replace(name="Beta"), 'perhaps_duplicate'),
    (MARIOS, claim('unknown', 'child', 'ours'), 'pec_of_unknown'),
    (MARIOS, claim('unknown', 'child', 'ours')._replace(is_office=True), 'pec_of_own_company'),
    (MARIOS, claim('unknown', 'child', 'theirs')._replace(is_office=True), 'pec_of_company'),
    (MARIOS._replace(person=frozenset({'child', 'mario'})), claim('unknown', 'child', 'ours'), None),
    (MARIOS._replace(person=frozenset({'child', 'mario'})), claim('unknown', 'child')._replace(trade='perhaps'),
     'pec_of_own_trade_perhaps'),
    # the same name without a code
    (OURS._replace(name="Beta S.r.l."), claim('company', 'theirs')._replace(name="BETA SRL"), 'perhaps_duplicate'),
    (OURS._replace(name="Beta S.r.l."), claim('company', 'theirs')._replace(name="Beta S.p.A."), 'pec_of_company'),
    (
        OURS._replace(name="Beta S.r.l."), claim('company', 'theirs')._replace(name="Beta S.r.l. - Filiale di Milano"),
        'perhaps_duplicate'),
    (
        OURS._replace(name="Beta S.r.l."), claim('unknown', 'alone')._replace(name="Beta srl Milano"),
        'perhaps_duplicate'),
    (
        OURS._replace(name="Beta S.r.l."), claim('company', 'theirs')._replace(name="Beta Impianti S.r.l."),
        'pec_of_company'),
    (OURS._replace(name="Beta S.r.l."), claim('company', 'theirs')._replace(name="Gamma"), 'pec_of_company'),
    (OURS._replace(name="Beta S.r.l."), claim('company', 'theirs')._replace(called="Beta S.r.l."), 'pec_of_company'),
    (OURS._replace(name="Beta S.r.l.", has_code=False), claim('company', 'theirs')._replace(called="Beta S.r.l."),
     'perhaps_duplicate'),
    (OURS._replace(name="Beta S.r.l.", has_code=False), claim('company', 'theirs')._replace(called="Gamma S.r.l."),
     'pec_of_company'),
    (OURS._replace(name="Beta S.r.l."), claim('company', 'theirs'), 'pec_of_company'),
]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRules(BaseCase):
    """Both rules INT.P in both directions, and what is filed twice."""

    def test_cases(self):
        for mine, other, expected in CASES:
            with self.subTest(mine=mine, other=other):
                self.assertEqual(judge(mine, other), expected)

    def test_the_rules_have_no_direction(self):
        """Whoever comes second is told, whichever of both it is."""
        filed = [mine for mine, _other, _reason in CASES] + [
            other for _mine, other, _reason in CASES if other.standing == 'open']
        for mine in filed:
            for other in filed:
                mine, other = mine._replace(standing='open'), other._replace(standing='open')
                self.assertEqual(judge(mine, other), judge(other, mine))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestConflicts(PecCase):
    """The same rules against everything that Odoo knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env['res.partner'].create({
            'name': "Altra Prova S.p.A.", 'is_company': True, 'l10n_it_codice_fiscale': '00743110157'})
        cls.other_person = cls.env['res.partner'].create({
            'name': "Anna Verdi", 'parent_id': cls.other_company.id, 'l10n_it_codice_fiscale': OTHER_PERSON})

    def reasons(self, filing, level):
        return {finding.code for finding in filing._get_findings()[filing] if finding.level == level}

    def other_filing(self, **values):
        """Return what another one has filed, or is filing."""
        return self.create_filing(**{
            'partner_id': self.other_company.id, 'pec_email': ADDRESS, 'representative_id': self.other_person.id,
            'fiscal_code': OTHER_PERSON, 'company_fiscal_code': '00743110157', 'state': 'code_requested',
            'environment': 'sandbox', **values,
        })

    def test_contacts(self):
        for holder, of_company, of_person in [
            (self.partner, set(), {'pec_of_own_company'}),
            (self.representative, {'pec_of_person'}, set()),
            (self.other_company, {'pec_of_company'}, {'pec_of_company'}),
            (self.other_person, {'pec_of_person'}, set()),
        ]:
            with self.subTest(holder=holder.name):
                holder.openapi_pec_email = ' ' + ADDRESS.upper()
                company, person = self.create_filing(pec_email=ADDRESS), self.create_filing(
                    pec_email=ADDRESS, kind='administrator')
                self.assertEqual(self.reasons(company, 'error'), of_company)
                self.assertEqual(self.reasons(person, 'error'), of_person)
                self.assertEqual(
                    self.reasons(person, 'warning'), {'shared_by_people'} if holder == self.other_person else set())
                holder.openapi_pec_email = False

    def test_the_one_in_the_way_is_named(self):
        self.other_company.openapi_pec_email = ADDRESS
        filing = self.create_filing(pec_email=ADDRESS)
        self.assertIn("is the PEC of Altra Prova S.p.A. already", filing.findings)
        self.assertIn("or correct Altra Prova S.p.A.", filing.findings)

    def test_the_same_company_twice_in_the_address_book(self):
        for code in ({'l10n_it_codice_fiscale': '12485671007'}, {'vat': 'IT12485671007'}):
            twin = self.env['res.partner'].create(
                {'name': "Falegnameria", 'is_company': True, 'openapi_pec_email': ADDRESS, **code})
            self.assertEqual(self.reasons(self.create_filing(pec_email=ADDRESS), 'error'), set(), code)
            twin.active = False

    def test_an_office_of_the_same_company(self):
        self.env['res.partner'].create({
            'name': "Magazzino", 'type': 'delivery', 'parent_id': self.partner.id, 'openapi_pec_email': ADDRESS})
        self.assertEqual(self.reasons(self.create_filing(pec_email=ADDRESS), 'error'), set())
        self.assertEqual(
            self.reasons(self.create_filing(pec_email=ADDRESS, kind='administrator'), 'error'), {'pec_of_own_company'})

    def test_a_person_is_not_the_employer(self):
        """Contacts take the company's VAT number over; that does not make them the company."""
        self.partner.vat = 'IT12485671007'
        self.representative.write({'openapi_pec_email': ADDRESS, 'l10n_it_codice_fiscale': '12485671007'})
        self.assertEqual(
            self.reasons(self.create_filing(pec_email=ADDRESS, fiscal_code='RSSMRA80A01H501U'), 'error'),
            {'pec_of_person'})

    def test_an_omocode_is_the_same_person(self):
        self.env['res.partner'].create(
            {'name': "Mario Rossi", 'l10n_it_codice_fiscale': 'RSSMRA80A01H50MM', 'openapi_pec_email': ADDRESS})
        self.assertEqual(self.reasons(self.create_filing(pec_email=ADDRESS, kind='administrator'), 'warning'), set())

    def test_a_sole_trader(self):
        trader = self.env['res.partner'].create({
            'name': "Mario Rossi", 'l10n_it_codice_fiscale': 'RSSMRA80A01H501U', 'openapi_pec_email': ADDRESS,
            'city': "Roma", 'state_id': self.env.ref('base.state_it_rm').id, 'email': 'mario@example.com',
            'phone': '3401234518'})
        filing = self.create_filing(partner_id=trader.id)
        self.assertEqual((filing.pec_email, filing.qualification, filing.findings_level), (ADDRESS, 'TITOLARE', 'fine'))

    def test_filings(self):
        company, person = self.create_filing(pec_email=ADDRESS), self.create_filing(
            kind='administrator', pec_email=ADDRESS)
        same_company = {
            'partner_id': self.partner.id, 'company_fiscal_code': '12485671007',
            'representative_id': self.representative.id,
            'fiscal_code': 'RSSMRA80A01H501U',
        }
        for values, of_company, of_person in [
            ({}, 'open_elsewhere', 'open_elsewhere'),
            ({'kind': 'administrator'}, 'open_elsewhere', 'shared_by_people'),
            ({'state': 'queued'}, 'open_elsewhere', 'open_elsewhere'),
            ({'state': 'unconfirmed'}, 'open_elsewhere', 'open_elsewhere'),
            ({'state': 'completed'}, 'completed_elsewhere', 'completed_elsewhere'),
            ({'state': 'completed', 'chamber_outcome': 'evasa'}, 'completed_elsewhere', 'completed_elsewhere'),
            (same_company, 'filing_open', 'open_elsewhere'),
            ({**same_company, 'state': 'completed'}, 'filing_completed', 'completed_elsewhere'),
            ({**same_company, 'kind': 'administrator'}, 'open_elsewhere', 'filing_open'),
            (
                {
                    **same_company, 'kind': 'administrator', 'partner_id': self.other_company.id,
                    'company_fiscal_code': '00743110157'},
             'open_elsewhere', None),  # his office in another company
            # what does not stand
            ({'state': 'completed', 'chamber_outcome': 'respinta'}, None, None),
            ({'state': 'completed', 'chamber_outcome': 'irricevibile'}, None, None),
            ({'state': 'failed'}, None, None),
            ({'state': 'cancelled'}, None, None),
            ({'state': 'draft'}, None, None),
            ({'environment': 'production'}, None, None),
        ]:
            with self.subTest(values=values):
                other = self.other_filing(**values)
                for filing, expected in ((company, of_company), (person, of_person)):
                    found = self.reasons(filing, 'error') | self.reasons(filing, 'warning')
                    self.assertEqual(found, {expected} - {None})
                    if expected:
                        self.assertIn(other.name, filing.findings)
                    self.env.invalidate_all()
                other.state = 'cancelled'
                self.env.flush_all()

    def test_submitted_together(self):
        """Two drafts that stand in each other's way are no obstacle until both are to be sent."""
        first, second = self.create_filing(pec_email=ADDRESS), self.create_filing(
            kind='administrator', pec_email=ADDRESS)
        self.assertEqual((first.findings_level, second.findings_level), ('fine', 'fine'))
        with self.assertRaisesRegex(Exception, "is in another draft for somebody else"):
            (first | second).action_submit()
        first.action_submit()
        self.assertEqual(first.state, 'queued')

    def test_number_of_queries(self):
        """Ten filings or a hundred: the same."""
        self.create_filing()._get_findings()  # fills caches
        counts = []
        for number in (10, 100):
            filings = self.env['openapi_pec.communication'].create([
                {'partner_id': self.partner.id, 'pec_email': f'prova{index}@dominio{index}.example'}
                for index in range(number)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            filings._get_findings(together=True)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 22)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWhatUsersSee(TransactionCase):
    """Conflicts are found across the companies a user may see, and tell nothing of the others."""

    def test_across_companies(self):
        here, there, elsewhere = self.env['res.company'].create([{'name': name} for name in ("Qui", "Là", "Altrove")])
        user = new_test_user(
            self.env, 'pec_two_companies', 'base.group_user,l10n_it_openapi_pec.group_user', company_id=here.id,
            company_ids=[(6, 0, (here | there).ids)])
        partner = self.env['res.partner'].create({'name': "Prova S.r.l.", 'is_company': True, 'company_id': here.id})
        for company, reasons in ((here, ['pec_of_company']), (there, ['pec_of_company']), (elsewhere, [])):
            with self.subTest(company=company.name):
                address = f'{company.id}@legalmail.it'
                self.env['res.partner'].create({
                    'name': "Segreta S.r.l.", 'is_company': True, 'company_id': company.id,
                    'openapi_pec_email': address})
                filing = self.env['openapi_pec.communication'].with_user(user).with_context(
                    allowed_company_ids=here.ids).create(
                    {'partner_id': partner.id, 'company_id': here.id, 'pec_email': address})
                found = [
                    finding.code for finding in filing._get_findings()[filing] if finding.code.startswith('pec_of')]
                self.assertEqual(found, reasons)
                self.assertEqual("Segreta" in filing.findings, bool(reasons))
                self.assertIn("Segreta", filing.sudo().findings)

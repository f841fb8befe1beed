import importlib.util
from pathlib import Path

from odoo.tests import Form, tagged

from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, WARNING
from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form

from ..common import PecCase

MARIO, ANNA = 'RSSMRA80A01H501U', 'VRDNNA85C41F205T'
ADDRESS = 'contesa@legalmail.it'
GROUP = '07432261001'  # as the VAT number of a group
FOLDER = Path(__file__).resolve().parent.parent.parent / 'migrations/19.0.1.6.0'


class CompanyCase(PecCase):
    """A filing, and contacts that stand in its way."""

    def contact(self, name, **values):
        return self.env['res.partner'].create({'name': name, 'is_company': True, **values})

    def reasons(self, filing, *levels):
        self.env.invalidate_all()
        return {
            finding.code for finding in filing._get_findings()[filing] if finding.level in (levels or (ERROR, WARNING))}

    def complete(self, contact, **values):
        """Make a filing about a contact that misses nothing else."""
        contact.write({'city': "Roma", 'state_id': self.env.ref('base.state_it_rm').id})
        return self.create_filing(**{
            'partner_id': contact.id, 'first_name': "Mario", 'last_name': "Rossi", 'fiscal_code': MARIO,
            'email': 'mario@example.com', 'mobile': '3401234518', 'pec_email': ADDRESS, **values})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLegalFormOfContacts(CompanyCase):
    """Legal form and state are proposed from the name, and what a person chooses stays."""

    def values(self, contact):
        return contact.openapi_pec_legal_form, contact.openapi_pec_legal_state

    def test_proposal_follows_the_name(self):
        contact = self.contact("Alfa S.r.l.")
        self.assertEqual(self.values(contact), ('SR', False))
        contact.name = "Alfa S.p.A. in liquidazione"
        self.assertEqual(self.values(contact), ('SP', 'liquidation'))
        contact.name = "Alfa"
        self.assertEqual(self.values(contact), (False, False))
        contact.l10n_it_codice_fiscale = MARIO
        self.assertEqual(self.values(contact), ('DI', False))

    def test_what_is_chosen_stays(self):
        contact = self.contact("Alfa S.r.l. in liquidazione", openapi_pec_legal_form='SN')
        self.assertEqual(self.values(contact), ('SN', 'liquidation'))
        contact.openapi_pec_legal_state = False
        contact.name = "Alfa S.r.l. (in liquidazione)"
        self.assertEqual(self.values(contact), ('SN', False))
        contact.openapi_pec_legal_form = 'SR'  # as the name says: it follows again
        contact.name = "Alfa S.p.A."
        self.assertEqual(self.values(contact), ('SP', False))
        self.assertEqual(self.values(contact.copy()), ('SP', False))
        contact.openapi_pec_legal_form = False  # as if nobody had chosen one
        contact.name = "Alfa S.n.c."
        self.assertEqual(self.values(contact), ('SN', False))

    def test_form(self):
        italy = self.env.ref('base.it')
        self.company.write({'country_id': italy.id, 'account_fiscal_country_id': italy.id})
        with Form(self.env['res.partner'].with_user(self.manager)) as form:
            form.company_type = 'company'  # of a person, other addons have the name follow from its parts
            form.name = "Alfa S.r.l."
            self.assertEqual(form.openapi_pec_legal_form, 'SR')
            form.name = "Alfa S.n.c."
            self.assertEqual(form.openapi_pec_legal_form, 'SN')
            form.openapi_pec_legal_form = 'AS'
            form.name = "Alfa S.p.A."
            self.assertEqual(form.openapi_pec_legal_form, 'AS')

    def test_migration(self):
        contacts = (
            self.contact("Alfa S.n.c.") + self.contact("Beta S.r.l. in liquidazione") + self.contact("Gamma")
            + self.contact("Bar Sport", l10n_it_codice_fiscale=MARIO))
        draft = self.create_filing(partner_id=contacts[3].id)
        typed = self.create_filing(partner_id=contacts[3].id, qualification='SOCIO')
        draft.write({'qualification': 'LEGALE_RAPPRESENTANTE', 'proposals': {
            **draft.proposals,
            'qualification': [draft.proposals['qualification'][0], 'LEGALE_RAPPRESENTANTE']}})
        before = [self.values(contact) for contact in contacts]
        self.env.flush_all()
        self.env.cr.execute("""
            ALTER TABLE res_partner DROP COLUMN openapi_pec_legal_form, DROP COLUMN openapi_pec_legal_state,
                                    DROP COLUMN openapi_pec_denomination
        """)
        for name in ('pre-legal-forms', 'post-legal-forms'):
            self.env.invalidate_all()
            spec = importlib.util.spec_from_file_location(name.replace('-', '_'), FOLDER / f'{name}.py')
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            module.migrate(self.env.cr, '19.0.1.5.0')
        self.env.invalidate_all()
        self.assertEqual([self.values(contact) for contact in contacts], before)
        self.assertEqual((draft.qualification, typed.qualification), ('TITOLARE', 'SOCIO'))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCompanyAsOne(CompanyCase):
    """Code, legal form, state, kind and qualification are judged together."""

    CASES = [  # name, values of the contact, values of the filing, qualification proposed, what is found
        ("Alfa S.r.l.", {'l10n_it_codice_fiscale': '00743110157'}, {}, 'LEGALE_RAPPRESENTANTE', set()),
        ("Alfa Soc. Coop.", {'l10n_it_codice_fiscale': '00743110157'}, {'kind': 'administrator'}, 'AMMINISTRATORE',
         set()),
        ("Alfa S.r.l.", {'l10n_it_codice_fiscale': MARIO}, {}, 'LEGALE_RAPPRESENTANTE', {'code_of_person'}),
        ("Bar Sport", {'l10n_it_codice_fiscale': MARIO}, {}, 'TITOLARE', set()),
        ("Alfa S.r.l.", {'l10n_it_codice_fiscale': MARIO, 'openapi_pec_legal_form': 'DI'}, {}, 'TITOLARE', set()),
        ("Bar Sport", {'l10n_it_codice_fiscale': MARIO}, {'kind': 'administrator'}, 'AMMINISTRATORE',
         {'trader_has_no_administrator'}),
        ("Bar Sport", {'l10n_it_codice_fiscale': ANNA}, {}, 'TITOLARE', {'owner_is_another'}),
        ("Mario Rossi", {'is_company': False, 'vat': 'IT00743110157'}, {}, 'TITOLARE', {'vat_of_trader'}),
        ("Alfa S.n.c.", {'l10n_it_codice_fiscale': '00743110157'}, {'kind': 'administrator'}, 'AMMINISTRATORE',
         {'administrator_not_due'}),
        ("Alfa S.n.c.", {'l10n_it_codice_fiscale': '00743110157'}, {}, 'LEGALE_RAPPRESENTANTE', set()),
        ("Alfa S.n.c.", {'l10n_it_codice_fiscale': '00743110157', 'openapi_pec_legal_form': 'SR'},
         {'kind': 'administrator'}, 'AMMINISTRATORE', set()),
        ("Consorzio Alfa", {'l10n_it_codice_fiscale': '00743110157'}, {'kind': 'administrator'}, 'AMMINISTRATORE',
         {'administrator_not_due'}),
        ("Alfa S.r.l. in liquidazione", {'l10n_it_codice_fiscale': '00743110157'}, {'kind': 'administrator'},
         'AMMINISTRATORE', {'administrator_in_liquidation'}),
        ("Fallimento Alfa S.r.l.", {'l10n_it_codice_fiscale': '00743110157'}, {}, 'LEGALE_RAPPRESENTANTE',
         {'company_failed'}),
        ("Rossi GmbH", {'vat': 'IT00743110157'}, {'kind': 'administrator'}, 'AMMINISTRATORE', set()),
        ("Alfa S.r.l. (gruppo Beta S.n.c.)", {'l10n_it_codice_fiscale': '00743110157'}, {'kind': 'administrator'},
         'AMMINISTRATORE', set()),
        ("Studio Rossi e Verdi Associati", {'l10n_it_codice_fiscale': '00743110157'}, {'kind': 'administrator'},
         'AMMINISTRATORE', {'administrator_not_due'}),
        ("Comune di Roma", {'l10n_it_codice_fiscale': '00743110157'}, {'kind': 'administrator'}, 'AMMINISTRATORE',
         {'administrator_not_due'}),
        ("Alfa S.r.l. fallimento", {'l10n_it_codice_fiscale': '00743110157'}, {}, 'LEGALE_RAPPRESENTANTE',
         {'company_failed'}),
        ("Consorzio Caffè di Rossi Mario", {'l10n_it_codice_fiscale': MARIO}, {}, 'TITOLARE', set()),
        ("Mario Rossi (Alfa S.r.l.)", {'l10n_it_codice_fiscale': MARIO, 'is_company': False}, {}, 'TITOLARE', set()),
        ("Rossi Mario (S.r.l.)", {'l10n_it_codice_fiscale': MARIO}, {}, 'LEGALE_RAPPRESENTANTE', {'code_of_person'}),
        # what is in no register
        ("Comune di Roma", {'l10n_it_codice_fiscale': '00743110157'}, {}, 'LEGALE_RAPPRESENTANTE', {'not_in_register'}),
        ("Fondazione Alfa", {'l10n_it_codice_fiscale': '00743110157'}, {}, 'LEGALE_RAPPRESENTANTE',
         {'not_in_register'}),
        ("Consorzio Alfa", {'l10n_it_codice_fiscale': '00743110157'}, {}, 'LEGALE_RAPPRESENTANTE', set()),
        ("Farmacia Rossi", {'l10n_it_codice_fiscale': MARIO, 'openapi_pec_legal_form': 'PF'}, {}, 'TITOLARE',
         {'not_in_register'}),
        # a trade that is kept with its VAT number, and named after who asks
        *[(name, {'vat': 'IT00743110157'}, {}, 'LEGALE_RAPPRESENTANTE', {'vat_of_trader'}) for name in (
            "Bar Sport di Rossi Mario", "Az. Agricola Rossi Mario", "ROSSI MARIO", "Mario Rossi")],
        ("Impresa Sigma di Rossi Mario", {'vat': 'IT00743110157'}, {'kind': 'administrator'}, 'AMMINISTRATORE',
         {'vat_of_trader'}),
        *[(name, {'vat': 'IT00743110157'}, {}, 'LEGALE_RAPPRESENTANTE', set()) for name in (
            "Bar Sport di Verdi Anna", "Rossi S.r.l.", "Fratelli Rossi", "Rossi Mario S.n.c.")],
        # what was typed on the filing counts
        ("Alfa", {'l10n_it_codice_fiscale': '00743110157'},
         {'kind': 'administrator', 'company_name': "Alfa S.a.s."}, 'AMMINISTRATORE', {'administrator_not_due'}),
    ]

    def test_findings(self):
        for name, values, filed, qualification, expected in self.CASES:
            with self.subTest(name=name, values=values, filed=filed):
                filing = self.complete(self.contact(name, **values), **filed)
                self.assertEqual(filing.qualification, qualification)
                self.assertEqual(self.reasons(filing), expected)

    def test_nobody_looks_for_the_owner_of_a_society(self):
        filing = self.complete(self.contact("Alfa S.r.l.", l10n_it_codice_fiscale='00743110157'))
        looked_for = []
        self.patch(legal_form, 'is_named_after', lambda *names: looked_for.append(names))
        self.assertFalse(self.reasons(filing))
        self.assertFalse(looked_for)

    def test_the_owners_code_is_proposed(self):
        trader = self.contact("Impresa individuale Rossi", vat='IT00743110157')
        self.env['res.partner'].create({
            'name': "Mario Rossi", 'parent_id': trader.id, 'l10n_it_codice_fiscale': MARIO, 'phone': '3401234518'})
        filing = self.create_filing(partner_id=trader.id)
        self.assertEqual((filing.company_fiscal_code, filing.qualification), (MARIO, 'TITOLARE'))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWhoseAddress(CompanyCase):
    """Persons who are enterprises, groups, branches, duplicates, and two administrators."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.openapi_pec_email = cls.representative.openapi_pec_email = False
        cls.own = cls.create_filing(pec_email=ADDRESS)
        cls.persons = cls.create_filing(kind='administrator', pec_email=ADDRESS)

    def test_contacts(self):
        """Who else has the address -> what the company's and what the administrator's filing say."""
        parent = self.partner.id
        for name, values, of_company, of_person in [
            # the trade that he runs himself
            ("Falegnameria Mario Rossi", {'l10n_it_codice_fiscale': MARIO}, 'pec_of_company', 'pec_of_own_trade'),
            ("Falegnameria di Mario Rossi", {'l10n_it_codice_fiscale': MARIO, 'is_company': False}, 'pec_of_person',
             'pec_of_own_trade'),
            ("Mario Rossi", {'l10n_it_codice_fiscale': MARIO, 'is_company': False, 'openapi_pec_legal_form': 'DI'},
             'pec_of_person', 'pec_of_own_trade'),
            ("Mario Rossi", {'l10n_it_codice_fiscale': MARIO, 'is_company': False, 'vat': 'IT00743110157'},
             'pec_of_person', 'pec_of_own_trade_perhaps'),
            ("Mario Rossi", {'l10n_it_codice_fiscale': MARIO, 'is_company': False}, 'pec_of_person', None),
            ("Studio Legale Rossi", {'l10n_it_codice_fiscale': MARIO}, 'pec_of_person', None),
            ("Bar di Anna Verdi", {'l10n_it_codice_fiscale': ANNA, 'is_company': False}, 'pec_of_person',
             'pec_of_company'),
            # branches and offices
            ("Filiale di Milano", {'parent_id': parent}, None, 'pec_of_own_company'),
            ("Filiale di Milano", {'parent_id': parent, 'is_company': False}, None, 'pec_of_own_company'),
            ("Magazzino", {'parent_id': parent, 'is_company': False, 'type': 'other'}, None, 'pec_of_own_company'),
            ("FALEGNAMERIA PROVA SRL MILANO", {'parent_id': parent}, None, 'pec_of_own_company'),
            ("Punto vendita", {'parent_id': parent, 'is_company': False}, None, 'pec_of_own_company'),
            ("Anna Verdi", {'parent_id': parent, 'is_company': False}, None, 'pec_of_unknown'),
            ("Anna Verdi", {'parent_id': parent, 'is_company': False, 'type': 'other', 'l10n_it_codice_fiscale': ANNA},
             'pec_of_person', 'shared_by_people'),
            ("Beta S.r.l.", {'parent_id': parent}, 'pec_of_company', 'pec_of_company'),
            # no code
            ("FALEGNAMERIA PROVA SRL", {}, 'perhaps_duplicate', 'pec_of_company'),
            ("Falegnameria Prova", {'is_company': False}, 'perhaps_duplicate', 'pec_of_unknown'),
            ("Falegnameria Prova S.r.l. - Filiale di Milano", {}, 'perhaps_duplicate', 'pec_of_company'),
            ("Falegnameria Prova Impianti S.r.l.", {}, 'pec_of_company', 'pec_of_company'),
            ("Anna Verdi", {'is_company': False}, 'pec_of_unknown', 'pec_of_unknown'),
            ("Falegnameria Prova S.r.l.", {'l10n_it_codice_fiscale': '00743110157'}, 'pec_of_company',
             'pec_of_company'),
            ("Beta S.r.l.", {}, 'pec_of_company', 'pec_of_company'),
        ]:
            with self.subTest(name=name, values=values):
                contact = self.contact(name, openapi_pec_email=ADDRESS, **values)
                self.assertEqual(self.reasons(self.own), {of_company} - {None})
                self.assertEqual(self.reasons(self.persons), {of_person} - {None})
                contact.active = False

    def test_a_branch_is_filed(self):
        """A branch, and a company of the same name without a code, are no breach of INT.P."""
        self.own.unlink()
        self.partner.openapi_pec_email = ADDRESS
        for name, values, expected in [
            ("Filiale di Novara", {'parent_id': self.partner.id}, {'branch_of_company'}),
            ("Prova - Filiale Alba", {'parent_id': self.partner.id, 'l10n_it_codice_fiscale': '12485671007'},
             {'branch_of_company'}),
            ("Magazzino", {'parent_id': self.partner.id, 'is_company': False, 'type': 'other'}, {'branch_of_company'}),
            ("FALEGNAMERIA PROVA SRL", {}, {'perhaps_duplicate'}),
            ("Altra S.r.l.", {}, {'pec_of_company'}),
            ("Altra S.r.l.", {'parent_id': self.partner.id, 'l10n_it_codice_fiscale': '00743110157'},
             {'pec_of_company'}),
        ]:
            with self.subTest(name=name):
                filing = self.complete(self.contact(name, **values), qualification='LEGALE_RAPPRESENTANTE')
                self.assertEqual(self.reasons(filing) - {'missing', 'perhaps_same'}, expected)
                filing.unlink()

    def test_a_branch_that_is_hidden(self):
        """Who may not read the branch, or the company above it, is told nothing of them, and judges the draft."""
        other = self.env['res.company'].create({'name': "Altra"})
        branch = self.contact("Filiale di Novara", parent_id=self.partner.id)
        filing = self.complete(branch)
        for hidden in (branch, self.partner):
            (branch + self.partner).company_id = False
            hidden.company_id = other
            self.env.flush_all()
            self.env.invalidate_all()
            seen = filing.with_user(self.user)
            codes = {finding.code for finding in seen._get_findings()[seen]}
            self.assertNotIn('branch_of_company', codes)
            self.assertIn('code_valid', codes)
            self.assertFalse(seen.place_proposal)
            self.assertNotIn("Falegnameria", str(seen.findings))

    def test_a_trade_and_its_owner(self):
        """A trade kept as a company with its VAT number, and the owner whose name it has, have one PEC."""
        trade = self.contact("Mario Rossi", vat='IT00743110157', openapi_pec_email=ADDRESS)
        self.contact(
            "Rossi Mario", is_company=False, parent_id=trade.id, l10n_it_codice_fiscale=MARIO,
            openapi_pec_email=ADDRESS)
        self.assertEqual(self.reasons(self.complete(trade)), {'vat_of_trader'})

    def test_an_address_of_a_person(self):
        person = self.contact("Mario Rossi", is_company=False, l10n_it_codice_fiscale=MARIO)
        self.contact(
            "A casa", is_company=False, type='delivery', parent_id=person.id, openapi_pec_email=ADDRESS)
        self.assertEqual(self.reasons(self.persons), set())

    def test_the_same_trade_by_its_vat_number(self):
        """A trade kept as a company with its VAT number, and its owner as a person with both."""
        trade = self.contact("Bar Sport", vat='IT00743110157', openapi_pec_email=ADDRESS)
        named = self.contact("Ditta individuale Rossi", vat='IT00743110157')
        owner = self.contact(
            "Mario Rossi", is_company=False, l10n_it_codice_fiscale=MARIO, vat='IT00743110157',
            openapi_pec_email=ADDRESS)
        self.assertEqual(self.reasons(self.complete(trade)), set())
        self.assertEqual(self.reasons(self.complete(owner)), set())
        found = self.reasons(self.complete(named, fiscal_code=False))
        self.assertEqual(found & {'pec_of_person', 'pec_of_company'}, set())

    def test_his_trade_was_filed(self):
        trader = self.contact("Bar Sport", l10n_it_codice_fiscale=MARIO)
        self.complete(
            trader, state='completed', environment='sandbox', company_fiscal_code=MARIO, company_name="Bar Sport",
            qualification='TITOLARE')
        self.assertEqual(self.reasons(self.persons), {'pec_of_own_trade'})
        trader.openapi_pec_email = 'nuova@legalmail.it'
        self.assertEqual(self.reasons(self.persons), {'completed_elsewhere'})

    def test_vat_group(self):
        for code in ('00743110157', self.code_of(1)):
            self.contact(f"Membro {code}", l10n_it_codice_fiscale=code, vat=f'IT{GROUP}', openapi_pec_email=ADDRESS)
        member = self.contact("Membro senza codice", vat=f'IT{GROUP}')
        filing = self.complete(member)
        self.assertEqual(filing.company_fiscal_code, GROUP)
        self.assertEqual(self.reasons(filing) & {'vat_of_several', 'pec_of_company'}, {
            'vat_of_several', 'pec_of_company'})
        member.l10n_it_codice_fiscale = self.code_of(2)
        self.assertEqual(self.reasons(filing) - {'open_elsewhere'}, {'pec_of_company'})

    def test_a_vat_number_of_one(self):
        """A company whose tax code is another number than its VAT number is no group; nor are its people."""
        self.contact("Alfa S.r.l.", l10n_it_codice_fiscale='00743110157', vat=f'IT{GROUP}')
        twin = self.contact("Alfa S.r.l.", vat=f'IT{GROUP}')
        for name, code in (("Mario Rossi", MARIO), ("Anna Verdi", ANNA)):
            self.contact(name, is_company=False, parent_id=twin.id, l10n_it_codice_fiscale=code)
            self.contact(name, is_company=False, vat=f'IT{GROUP}', l10n_it_codice_fiscale=code)
        self.assertEqual(self.reasons(self.complete(twin, pec_email='alfa@legalmail.it')), set())

    def test_two_administrators(self):
        values = {
            'kind': 'administrator', 'pec_email': ADDRESS, 'fiscal_code': ANNA, 'first_name': "Anna",
            'last_name': "Verdi", 'representative_id': False, 'environment': 'sandbox'}
        other = self.create_filing(state='code_requested', **values)
        self.assertEqual(self.reasons(self.persons), {'other_person_open'})
        other.state = 'completed'
        self.assertEqual(self.reasons(self.persons), {'other_person_completed'})
        self.assertNotEqual(other.digest, self.persons._get_sent_digest())

    def test_number_of_queries(self):
        """The number of queries does not grow with that of filings and contacts."""
        self.own._get_findings()  # fills caches
        counts = []
        everybody = self.create_companies(110, name="Impresa %d S.n.c.")
        for companies in (everybody[:10], everybody[10:]):
            filings = self.env['openapi_pec.communication'].create([
                {'partner_id': company.id, 'kind': 'administrator', 'pec_email': company.openapi_pec_email}
                for company in companies])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            filings._get_findings(together=True)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 30)

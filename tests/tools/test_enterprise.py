import collections
import random

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.italy import enterprise, legal_form
from odoo.addons.l10n_it_openapi_pec.tools.italy.enterprise import Enterprise

MARIO, ANNA = 'RSSMRA80A01H501U', 'VRDNNA85C41F205T'
OMOCODE = 'RSSMRA80A01H50MM'
COMPANY = '12485671007'
NAMES = [  # denomination, code, kept as a company, kind, qualification, what is found
    # an ordinary company, whoever asks
    *(
        (name, COMPANY, True, kind, qualification, [])
        for name in ("Alfa S.r.l.", "Alfa S.p.A.", "Alfa Soc. Coop.", "Alfa S.c.a r.l.", "Alfa", "Alfa S.r.l.s.",
                     "Studio Rossi S.T.P. a r.l.", "Beauty Spa", "Il Sole Cooperativa Sociale",
                     "Rossi GmbH", "Coop Voce", "Sas Hotel", "Trasporti A.B.", "Edil S.L.", "Rossi & Partners",
                     "Alfa S.r.l. (gruppo Beta S.n.c.)", "Alfa S.r.l. c/o Studio Associato Rossi", "Fall Protection",
                     "Kg Service", "SS 106 Carburanti", "Alfa S.S.D. a r.l.", "Alfa S.C.S. Onlus",
                     "Alfa presso Beta S.n.c.")
        for kind in ('company', 'administrator') for qualification in ('LEGALE_RAPPRESENTANTE', 'AMMINISTRATORE')),
    ("Alfa S.n.c.", COMPANY, True, 'company', 'LEGALE_RAPPRESENTANTE', []),
    ("Alfa S.r.l. in liquidazione", COMPANY, True, 'company', 'LIQUIDATORE', []),
    ("Alfa S.r.l.", COMPANY, False, 'company', 'LEGALE_RAPPRESENTANTE', []),  # nobody ticked that it is a company
    # a society with a person's code
    *(
        (name, MARIO, True, 'company', 'LEGALE_RAPPRESENTANTE', ['code_of_person'])
        for name in ("Alfa S.r.l.", "Alfa S.p.A.", "Alfa S.n.c.", "Alfa S.a.s.", "Alfa Soc. Coop.", "Consorzio Alfa",
                     "Alfa S.n.c. di Rossi Mario & C.", "Rossi Mario S.r.l.", "Rossi Mario (S.r.l.)",
                     "Studio Associato Rossi", "Dott. Rossi Mario S.r.l.", "Alfa S.r.l. (ditta Rossi Mario)",
                     "Fondazione Alfa")),
    ("Alfa S.r.l.", OMOCODE, True, 'company', 'TITOLARE', ['code_of_person']),
    # a sole trader
    *(
        (name, code, is_company, 'company', 'TITOLARE', [])
        for name in ("Mario Rossi", "Falegnameria di Mario Rossi", "Bar Sport", "Bar Coop", "Edil A.G.",
                     "Consorzio Caffè di Rossi Mario", "Cooperativa Bar di Rossi Mario", "Circolo Vini", "Beauty Spa",
                     "Geom. Rossi Mario Impresa Edile", "Farmacia del Dott. Rossi Mario")
        for code in (MARIO, OMOCODE) for is_company in (True, False)),
    ("Bar Sport", ANNA, True, 'company', 'TITOLARE', ['owner_is_another']),
    ("Bar Sport", MARIO, True, 'company', 'LEGALE_RAPPRESENTANTE', ['trader_is_owner']),
    ("Bar Sport", MARIO, True, 'company', 'CURATORE_FALLIMENTARE', []),
    ("Bar Sport", MARIO, True, 'company', False, []),  # missing, which is said elsewhere
    *(
        (name, MARIO, is_company, 'administrator', 'AMMINISTRATORE', ['trader_has_no_administrator'])
        for name, is_company in (
            ("Mario Rossi", True), ("Mario Rossi", False), ("Bar Sport", True), ("Ditta individuale Rossi", True),
            ("Avv. Mario Rossi", True))),
    ("Ditta individuale Rossi", COMPANY, True, 'administrator', 'AMMINISTRATORE',
     ['vat_of_trader', 'trader_has_no_administrator']),
    # a VAT number
    ("Mario Rossi", COMPANY, False, 'company', 'TITOLARE', ['vat_of_trader']),
    ("Mario Rossi", COMPANY, True, 'company', 'TITOLARE', ['vat_of_trader']),
    ("Ditta individuale Rossi", COMPANY, True, 'company', 'TITOLARE', ['vat_of_trader']),
    ("Alfa S.r.l.", COMPANY, True, 'company', 'TITOLARE', ['owner_of_company']),
    ("Alfa S.n.c.", COMPANY, True, 'company', 'TITOLARE', ['owner_of_company']),
    # whose administrators need not
    *(
        (name, COMPANY, True, 'administrator', 'AMMINISTRATORE', ['administrator_not_due'])
        for name in (
            "Alfa S.n.c.", "Alfa S.a.s. di Beta S.r.l. & C.", "Azienda Agricola Rossi S.S.", "Consorzio Alfa",
            "Associazione Alfa", "Studio Rossi S.n.c. S.T.P.", "Fondazione Alfa", "Alfa Ltd", "Alfa GEIE",
            "Studio Rossi e Verdi Associati", "Comune di Roma", "Condominio Alfa", "Circolo Alfa", "Rossi OHG",
            "Alfa Onlus ETS")),
    *(
        (name, COMPANY, True, 'administrator', 'AMMINISTRATORE', ['administrator_undecided'])
        for name in ("Rossi Società tra Professionisti", "Alfa Società Consortile", "Alfa Società di Mutuo Soccorso")),
    # states
    ("Alfa S.r.l. in liquidazione", COMPANY, True, 'administrator', 'AMMINISTRATORE', ['administrator_in_liquidation']),
    ("Alfa S.r.l. in liquidazione", COMPANY, True, 'administrator', 'LIQUIDATORE', []),  # said of the liquidator
    ("Alfa S.r.l. in concordato preventivo", COMPANY, True, 'administrator', 'AMMINISTRATORE',
     ['administrator_in_procedure']),
    ("Fallimento Alfa S.r.l.", COMPANY, True, 'administrator', 'AMMINISTRATORE', ['administrator_in_procedure']),
    ("Alfa S.n.c. in liquidazione", COMPANY, True, 'administrator', 'AMMINISTRATORE',
     ['administrator_not_due', 'administrator_in_liquidation']),
    ("Fallimento Alfa S.r.l.", COMPANY, True, 'company', 'LEGALE_RAPPRESENTANTE', ['company_failed']),
    ("Fallimento Alfa S.r.l.", COMPANY, True, 'company', 'CURATORE_FALLIMENTARE', []),
    ("Alfa S.r.l. in concordato preventivo", COMPANY, True, 'company', 'LEGALE_RAPPRESENTANTE', []),
    ("Alfa S.r.l. in liquidazione", COMPANY, True, 'company', 'LEGALE_RAPPRESENTANTE', []),
    # nothing is known
    ("", "", True, 'company', 'LEGALE_RAPPRESENTANTE', []),
    (None, None, False, 'administrator', None, []),
    ("Alfa S.r.l.", "12", True, 'company', 'TITOLARE', []),
]
TRADERS = [  # denomination, code, kept as a company, whether the owner asks
    ("Mario Rossi", MARIO, False, True), ("Mario Rossi", MARIO, True, True), ("Mario Rossi", '', False, True),
    ("Ditta individuale Rossi", COMPANY, True, True), ("Alfa S.r.l.", MARIO, True, False),
    ("Alfa S.r.l.", '', False, False),
    ("Alfa", COMPANY, True, False), ("Alfa", '', True, False), ("Avv. Mario Rossi", MARIO, False, True),
]
# A population as accountants have it: how denominations are made, and how many of a thousand are made so; the register
# counts about as many. "{name}" is a trade, "{person}" a person's names, surname first.
POPULATION = [
    (300, "{name} S.r.l."), (60, "{name} SRL"), (40, "{name} S.r.l.s."), (30, "{name} S.r.l. unipersonale"),
    (20, "{name} di {person} S.r.l."), (20, "{name} S.p.A."), (15, "{name} Soc. Coop."), (10, "{name} S.c.a r.l."),
    (5, "{name} Società Cooperativa Sociale ONLUS"), (40, "{name} S.n.c. di {person} & C."),
    (20, "{name} di {person} e C. snc"), (40, "{name} S.a.s. di {person} & C."), (20, "Società Agricola {name} S.S."),
    (10, "Consorzio {name}"), (10, "Associazione {name}"), (10, "{name} S.r.l. in liquidazione"),
    (5, "Fallimento {name} S.r.l."), (5, "{name} S.p.A. in concordato preventivo"), (15, "{name}"),
    (150, "{name} di {person}"), (100, "{person}"), (75, "Azienda Agricola {person}"),
]
SOLE_TRADERS = ("{name} di {person}", "{person}", "Azienda Agricola {person}")
TRADES = ["Falegnameria", "Bar Sport", "Edil", "Immobiliare", "Trasporti", "Hotel", "Beauty Spa", "Officina", "Studio",
          "Pasticceria", "La Coop", "Informatica", "Consulting", "Gruppo", "Cantina", "Farmacia", "Agenzia", "Ditta"]
PLACES = ["Alfa", "Belvedere", "2000", "del Sole", "San Marco", "A. & G.", "F.lli", "L'Aquila", "Nord Est", "D.B.",
          "Esse", "Dolce Vita", "& Figli", "S.A.", "Più", "Città"]
PEOPLE = [("Rossi Mario", MARIO), ("Verdi Anna", ANNA)]


def make_population(count):
    """Yield ``(pattern, denomination, tax code, whether it is kept as a company)`` of enterprises of all kinds."""
    generator = random.Random(15)
    patterns = [pattern for share, pattern in POPULATION for _once in range(share * count // 1000)]
    for pattern in patterns:
        person, code = generator.choice(PEOPLE)
        name = f'{generator.choice(TRADES)} {generator.choice(PLACES)}'
        is_trader = pattern in SOLE_TRADERS
        yield (
            pattern, pattern.format(name=name, person=person), code if is_trader else COMPANY,
            not is_trader or generator.random() < 0.5, code)


OFFICES = [  # name, of the company above it, whether it is an office
    ("Filiale di Milano", "Alfa S.r.l.", True), ("Ufficio Acquisti", "Alfa S.r.l.", True),
    ("SEDE LEGALE", "Alfa", True), ("Alfa S.r.l. Milano", "Alfa S.r.l.", True), ("Alfa S.r.l.", "Alfa S.r.l.", True),
    ("Anna Verdi", "Alfa S.r.l.", False), ("Mario Rossi", "", False), (None, None, False),
    ("Beta S.r.l.", "Alfa S.r.l.", False), ("ALFA SRL", "Alfa S.r.l.", True), ("Alfa srl Milano", "Alfa S.r.l.", True),
    ("Punto vendita", "Alfa S.r.l.", True), ("Ufficio/Acquisti", "Alfa S.r.l.", True), ("(Sede)", "Alfa", True),
    ("Reparto vendite", "Alfa S.r.l.", True), ("Alfatec S.r.l.", "Alfa S.r.l.", False),
    ("Alfa Impianti S.r.l.", "Alfa S.r.l.", False), ("Anna Branch", "Alfa S.r.l.", False),
]
PERHAPS_THE_SAME = [  # of an enterprise, of another contact, whether both can be one
    ("Alfa S.r.l.", "ALFA SRL", True), ("Alfa S.r.l.", "Alfa", True),
    ("Alfa S.r.l.", "Alfa S.r.l. a socio unico", True), ("Alfa S.r.l.", "Alfa S.r.l. - Filiale di Milano", True),
    ("Alfa S.r.l.", "ALFA SRL MILANO", True), ("Alfa", "Alfa Filiale di Milano", True),
    ("Alfa S.r.l.", "Alfa S.r.l. in liquidazione", True), ("Alfa S.r.l.", "Alfa Impianti S.r.l.", False),
    ("Alfa", "Alfa Impianti", False), ("Alfa", "Alfatec", False), ("Alfa S.r.l.", "Alfa S.p.A.", False),
    ("Alfa S.r.l.", "Beta S.r.l. - Filiale", False), ("", "Sede", False), ("Alfa S.r.l.", "", False),
    (None, None, False), ("Alfa S.r.l.", "Sede di Milano", False),
]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestEnterprise(BaseCase):
    """Form, state, code, kind of PEC and qualification, together."""

    def test_judge(self):
        for name, code, is_company, kind, qualification, expected in NAMES:
            with self.subTest(name=name, code=code, kind=kind, qualification=qualification):
                reading = legal_form.read(name, code, is_company)
                known = Enterprise(*reading, code, is_company)
                found = [reason for _field, reason in enterprise.judge(known, kind, qualification, MARIO)]
                self.assertEqual(found, expected)

    def test_population(self):
        """Of 2,000 enterprises only what is so is found."""
        found = collections.defaultdict(collections.Counter)
        for _pattern, name, code, is_company, person_code in make_population(2000):
            known = Enterprise(*legal_form.read(name, code, is_company), code, is_company)
            asked = 'TITOLARE' if enterprise.is_trader(known) else 'LEGALE_RAPPRESENTANTE'
            for kind, qualification in (('company', asked), ('administrator', 'AMMINISTRATORE')):
                reasons = [reason for _field, reason in enterprise.judge(known, kind, qualification, person_code)]
                found[kind][tuple(reasons)] += 1
        self.assertEqual(found['company'], {(): 1970, ('not_in_register',): 20, ('company_failed',): 10})
        self.assertEqual(found['administrator'], {
            (): 1030, ('administrator_not_due',): 280, ('administrator_in_liquidation',): 20,
            ('administrator_in_procedure',): 20, ('trader_has_no_administrator',): 650})

    def test_a_person_knows_better(self):
        """The form that is chosen counts, not the denomination."""
        for form, code, kind, expected in [
            ('DI', MARIO, 'company', []), ('SR', MARIO, 'company', ['code_of_person']),
            ('SN', COMPANY, 'administrator', ['administrator_not_due']), ('XX', COMPANY, 'administrator', []),
            ('XX', MARIO, 'administrator', ['trader_has_no_administrator']), ('??', COMPANY, 'administrator', []),
        ]:
            with self.subTest(form=form):
                qualification = 'TITOLARE' if kind == 'company' else 'AMMINISTRATORE'
                known = Enterprise(form, '', code, is_company=True)
                found = [reason for _field, reason in enterprise.judge(known, kind, qualification, MARIO)]
                self.assertEqual(found, expected)

    def test_traders(self):
        for name, code, is_company, expected in TRADERS:
            with self.subTest(name=name, code=code, is_company=is_company):
                known = Enterprise(*legal_form.read(name, code, is_company), code, is_company)
                self.assertEqual(enterprise.is_trader(known), expected)

    def test_perhaps_the_same(self):
        for name, other, expected in PERHAPS_THE_SAME:
            with self.subTest(name=name, other=other):
                self.assertEqual(enterprise.perhaps_same(name, other), expected)

    def test_strangers(self):
        for name, other, expected in [
            ("Zeri Davanti S.r.l.", "IT Company", True), ("3M Srl", "Falegnameria Prova S.r.l.", True),
            ("Alfa in liquidazione", "Beta S.r.l. in liquidazione", True), ("Studio Rossi", "Studio Bianchi", True),
            ("Soc. agr. Alfa di Rossi", "Soc. agr. Beta di Bianchi", True), ("Bar Sport", "Bianchi Anna", True),
            ("FALEGNAMERIA PROVA SRL", "Falegnameria Prova S.r.l.", False), ("A. B. C. S.r.l.", "ABC Srl", False),
            ("Ricambi Auto srl", "RicambiAuto Roma S.p.A.", False), ("De.Co. S.r.l.", "DECO SRL", False),
            ("Alfa Beta in breve AB S.r.l.", "A.B. S.r.l.", False), ("Dell'Acqua srl", "DELL ACQUA SRL", False),
            ("Alfa Impianti S.r.l.", "Impianti Beta S.p.A.", False),
            ("S.r.l.", "Alfa", False), ("", "Alfa", False), ("Alfa", None, False), ("Рим", "Alfa", False),
        ]:
            with self.subTest(name=name, other=other):
                self.assertEqual(enterprise.are_strangers(name, other), expected)
                self.assertEqual(enterprise.are_strangers(other, name), expected)

    def test_offices(self):
        for name, above, expected in OFFICES:
            with self.subTest(name=name):
                self.assertEqual(enterprise.is_office(name, above), expected)

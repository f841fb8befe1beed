from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form
from odoo.addons.l10n_it_openapi_pec.tools.italy.legal_form import Reading

MARIO = 'RSSMRA80A01H501U'
FORMS = {
    'SR': [
        "Alfa S.r.l. - Filiale di Torino", "Alfa S.r.l. (Gruppo Beta S.p.A.)",
        "Alfa S.r.l. appartenente al gruppo Beta S.p.A.", "Alfa S.r.l. c/o Studio Rossi",
        "Alfa S.r.l. presso Beta S.p.A.", "Alfa Srl (ora Beta SpA)", "Alfa S.r.l. - P.IVA 01234567890",
        "ALFA SOC. RESP. LIMITATA", "Spa del Benessere S.r.l.", "SPA Management Srl", "Snc Trasporti S.r.l.",
        "S.A.S. Sistemi Avanzati di Sicurezza S.r.l.", "Coop Service S.r.l.", "Comune Bevande S.r.l.",
        "Fondazione Immobili S.r.l.", "Studio Associato Servizi S.r.l.", "Impresa Individuale Consulting S.r.l.",
        "A.S. Roma Gadget S.r.l.", "S.E.A. S.r.l.", "C/O Design S.r.l.", "Limited Edition S.r.l.", "AG S.r.l.",
        "C. & C. S.r.l.", "Alfa S.r.l. - AG", "Sciolta S.r.l.", "Condominio Service S.r.l.",
        "SSDRL Alfa", "ASD Alfa SSD a r.l.", "Rossi & Associati S.r.l. S.T.A.",
        "Farmacia Dott. Rossi Mario S.r.l.", "Impresa edile di Rossi S.r.l.", "Alfa S.r.l. i.l.", "Alfa (S.r.l.)",
        "Alfa S.r.l. (STP)", "Azienda Agricola Rossi Società Agricola a r.l.", "Alfa S.r.l. - GmbH",
        "GMBH Italia S.r.l.", "Alfa S.r.l. ex Alfa S.a.s.", "(S.r.l.) " * 99,
        "Alfa S.r.l.", "ALFA SRL", "Alfa s. r. l.", "Alfa S.r\u200b.l.\ufeff", "Ａｌｆａ Ｓ．ｒ．ｌ．",
        "Alfa S.R.L", "Alfa S.rl", "Società Alfa a r.l.",
        "Alfa Società a Responsabilità Limitata", "Alfa S.r.l. Società Benefit", "Alfa S.r.l. S.B.",
        "Alfa S.r.l. Società Agricola", "Società Agricola Alfa S.r.l.", "Alfa Srl Impresa Sociale", "Impresa 7 S.r.l.",
        "Alfa S.r.l. - Filiale di Milano", "SAS Institute S.r.l.", "Ex Novo S.r.l.", "Beauty Spa S.r.l.",
        "Alfa Beta in breve A.B. S.r.l.", "Alfa S.r.l. in sigla A.B.", "F. Bianchi S.r.l.", "Consorzi e Reti S.r.l.",
        "Studio Rossi S.T.P. S.r.l.", "Studio Rossi STP a r.l.", "Studio Rossi S.r.l. S.T.P.",
        "Studio Rossi Società tra Professionisti S.r.l.", "Alfa S.S.D. a R.L.", "S.S.D. Alfa a r.l.",
        "Falegnameria Esempio S.r.l.", "Alfa S.a r.l.", "DI.CO. s.r.l.",
        "ALFA RICERCA E SVILUPPO S.R.L", "I. C. & E. S.R.L.", "ALFA*BETA S.R.L. SISTEMI MEDICALI",
        "ALFA - SOCIETA A RESPONSABILITA  LIMITATA", "STUDIO DENTISTICO DOTT. ROSSI S.R.L.", "M.I.A. - S.R.L.",
        "Alfa S.r.l. soggetta a direzione e coordinamento di Beta S.p.A.", "Ditta Rossi S.r.l.",
    ],
    'RS': [
        "Alfa srl-s", "Alfa S. r. l. s.", "Alfa S.r.l. (semplificata)", "ALFA SRLS UNIPERSONALE",
        "Alfa S.r.l.s.", "ALFA SRLS", "Alfa S.r.l. semplificata", "Alfa Società a Resp. Lim. Semplificata"],
    'RR': ["Alfa S.r.l.c.r.", "Alfa S.r.l. a capitale ridotto"],
    'SU': [
        "ALFA SRL UNIP.", "Alfa s.r.l. uninominale", "ALFA SRL SOCIETA' A SOCIO UNICO",
        "Alfa S.r.l. - Socio Unico Beta S.p.A.",
        "Alfa S.R.L. UNIPERSONALE", "Alfa Srl a socio unico", "Alfa Unipersonale S.r.l.", "Alfa S.r.l.u."],
    'SP': [
        "Alfa Soc. p. Az.", "Alfa Soc. per Az.", "S.p.A. Autostrade Alfa", "AZIENDA SPECIALE ACQUE SPA",
        "Banca Alfa S.p.A. Milano",
        "Alfa S.p.A.", "ALFA SPA", "A. B. S.p.A.", "Rossi & C. S.p.A.", "Alfa Società per Azioni", "S.S. Alfa S.p.A.",
        "Alfa S.p.A. (già Beta S.n.c.)", "Hotel dei Pini S.p.A.", "Nature S.p.A.",
    ],
    'AU': [
        "Alfa S.p.A. ad unico azionista", "Alfa Holding S.p.A. soc. unip.", "ALFA SPA SOCIETA' CON SOCIO UNICO",
        "Alfa S.p.A. con socio unico", "Alfa S.p.A. ad azionista unico", "Alfa S.p.A. - Società con socio unico"],
    'AA': ["Alfa S.a.p.A. di Beta S.r.l. & C.", "Alfa Società in accomandita per azioni"],
    'SN': [
        "Rossi & C. soc. in nome coll.", "Coop Market S.n.c.", "BAR SPORT S.N.C. DI ROSSI MARIO & C",
        "Alfa S.n.c. di Verdi S.a.s. & C.", "Alfa S. n. c.",
        "Alfa S.n.c. di Mario Rossi & C.", "Alfa di Rossi Mario & C. S.n.c.", "ALFA SNC DI ROSSI E BIANCHI",
        "Rossi e C. snc", "F.lli Rossi S.n.c.", "Società in nome collettivo Rossi", "Studio Rossi S.n.c. S.T.P.",
        "Alfa S.n.c. di Beta S.r.l. & C.", "ALFA S.N.C. DI ROSSI MATTEO, BIANCHI SIMONE", "Alfa di Rossi e Bianchi snc",
        "FARMACIA ROSSI DEL DOTT. ROSSI MARIO & C. S.N.C.",
    ],
    'AS': [
        "Alfa in accomandita semplice di Rossi", "Alfa Soc. in acc. semplice", "S.a.s. Alfa di Rossi",
        "Sas Hotel S.a.s.", "Immobiliare Alfa Sas di Coop Beta",
        "Alfa S.a.s. di Beta S.r.l. & C.", "Alfa di Beta S.r.l. & C. S.a.s.", "ALFA SAS", "L’Artigiano & Figli S.a.s.",
        "Alfa Società in Accomandita Semplice di Mario Rossi", "ALFA ROSSI DI ROSSI S.& C.SAS",
    ],
    'SE': [
        "Soc. semp. Rossi", "S.S. Agricola Rossi", "Az. Agr. Rossi ss", "Immobiliare Rossi s.s.",
        "Società Agricola Alfa S.S.", "Azienda Agricola Rossi S.S. Società Agricola", "Alfa Società Semplice",
        "Società Semplice Agricola Rossi", "Alfa S.S. di Rossi Mario e Figli",
        "VIVAI ROSSI MARIO E FIGLI SOCIETA  AGRICOLA S.S.", "SOCIETA' AGRICOLA IL COLLE DI ROSSI MARIO E C. S.S.",
    ],
    'SC': [
        "Alfa S.C.", "Alfa Coop.", "Cantina Sociale Alfa Soc. Coop. Agricola",
        "Alfa Soc. Coop.", "Alfa Società Cooperativa", "Società Cooperativa Alfa", "Cooperativa Alfa",
        "Soc. agr. coop. Alfa", "Alfa Società Cooperativa per Azioni", "Banca di Credito Cooperativo di Roma",
        "Consorzio Alfa Soc. Coop.", "SOC. COOP. ALFA & BETA Arl",
        "ALFA - SOCIETA  COOPERATIVA PER AZIONI  IN SIGLA  AB",
        "Alfa S. Coop. p.a.",
    ],
    'CL': ["Alfa Soc. Coop. a r.l.", "Coop. Alfa Soc. Coop. a R.L.",
           "Alfa Società Cooperativa a Responsabilità Limitata"],
    'OO': [
        "Alfa S.C.S. ONLUS", "Alfa Società Cooperativa di Solidarietà Sociale",
        "Alfa Società Cooperativa Sociale di tipo B",
        "Alfa Società Cooperativa Sociale ONLUS", "Cooperativa Sociale Il Sole", "Alfa Soc. Coop. Soc. a r.l.",
        "Il Sole Coop. Sociale", "SOLE - SOCIETA' COOPERATIVA SOCIALE IMPRESA SOCIALE", "ALFA COOP. SOC. A R.L. ONLUS",
    ],
    'SL': [
        "Consorzio Alfa Società Consortile S.r.l.", "Alfa S.C. A R.L.",
        "Alfa S.c.a r.l.", "Alfa SCARL", "Alfa S.c.r.l.", "Alfa Soc. Cons. a r.l.",
        "Consorzio Alfa Società Consortile a Responsabilità Limitata",
    ],
    'SO': ["Alfa S.c.p.A.", "Alfa Società Consortile per Azioni"],
    'CN': ["Alfa Società Consortile"],
    'SV': [
        "Rossi & Bianchi STP",
        "Studio Rossi Società tra Professionisti", "Rossi Società tra Avvocati"],
    'CO': [
        "Alfa Consorzio",
        "Consorzio Alfa", "CONSORZIO DI TUTELA DEL VINO"],
    'CC': ["Consorzio Alfa con attività esterna"],
    'RC': [
        "Rete d'Imprese Alfa",
        "Rete di Imprese Alfa"],
    'GE': [
        "Alfa G.E.I.E.",
        "Alfa GEIE"],
    'AC': [
        "Studio Rossi Associato", "Studio Rossi Verdi Associati", "Studio Legale Rossi & Associati",
        "Avvocati Associati Rossi e Verdi", "A.P.S. Alfa", "Ass. Culturale Alfa", "Ass.ne Alfa", "Alfa Associazione",
        "Organizzazione di Volontariato Alfa", "Polisportiva Alfa", "Circolo Alfa",
        "Studio Dentistico Associato Rossi e Verdi", "Studio Ass. Rossi e Verdi", "Proloco Alfa",
        "Alfa A.S.D. e Culturale",
        "Associazione Alfa", "Alfa A.S.D.", "Studio Legale Associato Rossi", "Pro Loco di Alfa"],
    'SM': ["S.O.M.S. Alfa", "Società Operaia di Mutuo Soccorso"],
    'SD': ["Alfa S.E.", "Alfa SE"],
    'EN': ["Comitato Alfa", "Alfa ETS", "Condominio Via Roma 1"],
    'ED': ["COMUNE DI ROMA", "Provincia di Roma", "Ordine degli Avvocati di Roma"],
    'FO': [
        "Alfa Fondazione",
        "Fondazione Alfa"],
    'EE': [
        "Arcidiocesi di Alfa",
        "Parrocchia di San Pietro"],
    'SS': [
        "Alfa AG", "Alfa KG", "Alfa Inc.", "Alfa Limited", "Alfa d.o.o.", "Alfa Sp. z o.o.",
        "Alfa Ltd - sede secondaria", "Alfa GmbH & Co. KG", "Alfa S.A.", "Alfa Limited filiale italiana",
        "Alfa GmbH", "Beta Ltd"],
    'DI': [
        "Rossi Mario ditta ind.",
        "Alfa Impresa Individuale", "Ditta individuale Rossi Mario"],
    'IF': ["Impresa familiare Rossi"],
    '': [
        "Resort and Spa", "Sas Hotel", "SAS Institute", "Fall Protection Italia", "Liquidazione Stock", "Kg Service",
        "AG Consulting", "Associati Alfa", "Alfa S.A.S.A.", "Presso Alfa", "Alfa presso Beta S.p.A.",
        "SS 106 Carburanti", "Terme & SPA Alfa", "Alfa & Partners", "SE.RI.", "Rossi & C.", "In Liquid Design",
        "Mario Rossi", "Alfa", "Alfa di ROSSI MARIO &  C.",
        "Beauty Spa", "Hotel & Spa dei Pini", "Hotel dei Pini & Spa", "S.S. Annunziata",
        "Vado a Roma", "Rossi Mario Impianti", "Rete Casa di Mario Rossi", "Studio Rossi", "", "   ", None, False, 12,
        "Ditta F.lli Rossi", "Nature Spa", "S.r.l.s.a.s.n.c." * 99, "\u0000", "Ａｌｆａ",
    ],
}
STATES = {
    'liquidation': [
        "Alfa S.r.l. in liquidazione", "ALFA SRL (IN LIQ.)", "Alfa in liquidazione S.r.l.", "Alfa S.r.l. in liq.ne",
        "Alfa S.r.l. in liquidazione unipersonale", "Alfa S.r.l. liquidazione", "Alfa S.r.l. in liquid.",
        "Alfa S.r.l. sciolta", "In liquidazione Alfa S.r.l.", "ALFA S.R.L. IN LIQUIDAZIONE (EX BETA S.N.C.)",
        "Alfa S.r.l. in liquidazione dal 1/1/2024", "Alfa Srl-in liquidazione",
    ],
    'failed': [
        "Fallimento Alfa S.r.l.", "Alfa S.r.l. in liquidazione giudiziale", "Alfa S.r.l. fallita",
        "Liquidazione Giudiziale Alfa S.r.l.", "Curatela fallimentare Alfa S.r.l.",
        "Alfa S.r.l. fall.", "Fall. Alfa S.r.l.", "FALL.TO ALFA SRL", "Alfa S.r.l. fallimento",
        "Alfa S.r.l. - Fallimento 12/2019", "Alfa S.r.l. liquidazione giudiziale", "Alfa S.r.l. in stato di fallimento",
        "Alfa S.r.l. in liquid. giudiziale", "Fallimento n. 12/2019 Alfa S.r.l.", "Alfa S.r.l. - L.G. 12/2023",
        "Alfa S.r.l. in liquidazione giud.",
    ],
    'procedure': [
        "Alfa S.r.l. in concordato preventivo", "Alfa S.r.l. in L.C.A.", "Alfa S.r.l. in A.S.",
        "Alfa S.r.l. in liquidazione coatta amministrativa", "Alfa S.r.l. in amministrazione straordinaria",
        "Alfa S.r.l. in liquidazione e in concordato preventivo", "Alfa S.r.l. in conc. prev.",
        "Alfa S.r.l. concordato preventivo", "Alfa S.r.l. ammessa al concordato preventivo", "Alfa S.r.l. in C.P.",
        "Alfa S.r.l. in amministrazione giudiziaria", "Alfa S.r.l. in amm.ne straord.",
        "Concordato preventivo Alfa S.r.l.", "Alfa S.r.l. in liq. coatta", "Alfa S.r.l. in liquidazione coatta amm.va",
    ],
    '': ["Alfa S.r.l.", "Liquidazioni Rapide S.r.l.", "Studio Fallimentare S.r.l.", "Procedure e Sistemi S.r.l.",
         "Fall Protection S.r.l.", "Fallimenti e Aste S.r.l.", "Liquidazione Stock S.r.l.", "CP Trasporti S.r.l.",
         "A.S. Impianti S.r.l.", "Alfa S.r.l. in composizione negoziata", "Amministrazione Condomini S.r.l."],
}
PEOPLE = [  # name, whether it is kept as a company, form; all with a person's code
    ("Mario Rossi", False, ''), ("Mario Rossi", True, 'DI'), ("Bar Sport", True, 'DI'), ("Hotel & Spa", True, 'DI'),
    ("Falegnameria di Rossi Mario", False, 'DI'), ("Mario Di Rossi", False, ''), ("Avv. Mario Rossi", True, 'PF'),
    ("Studio Legale Rossi", True, 'PF'), ("Geom. Mario Rossi", False, 'PF'), ("Studio Fotografico Rossi", True, 'DI'),
    ("Alfa S.r.l.", True, 'SR'), ("Alfa S.r.l.", False, 'SR'),
    # a trade, whatever its name sounds like
    *((name, True, 'DI') for name in (
        "Cooperativa Bar di Rossi Mario", "Consorzio Caffè di Rossi Mario", "Circolo Vini", "Bar Coop", "Edil A.G.",
        "Hotel Limited", "Comitato Caffè", "Dott. Rossi Mario Farmacia", "Geom. Rossi Mario Impresa Edile",
        "Dr. Bike di Rossi Mario", "Edicola S.S. 16", "Rossi Mario & Associati", "Fall Winter Abbigliamento")),
    ("Studio Legale di Rossi Mario", True, 'PF'), ("Studio Legale Rossi & Associati", True, 'PF'),
    # the company of a person
    *((name, False, '') for name in (
        "Mario Rossi (Alfa S.r.l.)", "Mario Rossi [Alfa S.p.A.]", "Mario Rossi c/o Alfa S.r.l.",
        "Mario Rossi presso Alfa S.r.l.")),
    ("Rossi Mario (S.r.l.)", True, 'SR'), ("Rossi Mario S.r.l.", True, 'SR'),
]
TYROL = [  # German names: the form with an Italian code of 11 digits, and otherwise
    ("Rossi GmbH", 'SR', 'SS'), ("Rossi S.r.l. - GmbH", 'SR', 'SR'), ("GmbH Rossi", 'SR', 'SS'),
    ("Rossi AG", 'SP', 'SS'), ("Rossi S.a.s. KG", 'AS', 'AS'), ("Konsortium Rossi", 'CO', 'SS'),
    ("Rossi KG des Rossi Mario & Co.", 'AS', 'SS'), ("Rossi OHG", 'SN', 'SS'), ("Rossi GmbH & Co. KG", 'AS', 'SS'),
    ("Rossi Genossenschaft", 'SC', 'SS'),
    # what may be initials
    ("Trasporti A.B.", '', 'SS'), ("Edil S.L.", '', 'SS'), ("Alfa S.A.", '', 'SS'), ("Alfa Ltd", 'SS', 'SS'),
]
SAME = [("Alfa S.r.l.", "ALFA SRL"), ("Alfa S.r.l.", "Alfa"), ("Alfa & C. S.n.c.", "Alfa e C. snc"),
        ("Alfa S.r.l. in liquidazione", "Alfa S.r.l."), ("Alfa S.r.l.", "Alfa S.r.l. a socio unico"),
        ("Società Cooperativa Alfa", "Alfa Soc. Coop."), ("Rossi S.r.l.", "Rossi GmbH"), ("Rossi GmbH", "Rossi"),
        ("Alfa S.n.c. di Rossi Mario & C.", "ALFA DI ROSSI MARIO E C. SNC"), ("Alfa S.r.l.", "Alfa S.r.l. fallimento")]
OTHERS = [("Alfa S.r.l.", "Alfa S.p.A."), ("Alfa S.r.l.", "Beta S.r.l."), ("S.r.l.", "S.p.A."), ("", ""), (None, None),
          ("Alfa Impianti S.r.l.", "Alfa S.r.l."), ("Rossi GmbH", "Rossi KG"), ("Alfa S.r.l.", "Alfa Soc. Coop."),
          ("Rossi & Associati", "Bianchi & Associati")]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLegalForm(BaseCase):
    """What denominations tell of form and state."""

    def test_forms(self):
        for form, names in FORMS.items():
            for name in names:
                with self.subTest(name=name):
                    self.assertEqual(legal_form.read(name), Reading(form, ''))

    def test_states(self):
        for state, names in STATES.items():
            for name in names:
                with self.subTest(name=name):
                    reading = legal_form.read(name)
                    self.assertEqual((reading.state, reading.form in ('SR', 'SU')), (state, True))

    def test_no_states(self):
        """What would be a state behind a form is a part of a name."""
        for name in ("Free Fall", "Pizza Sciolta", "Studio Legale LCA", "Liquidazione Stock", "Studio Fallimento",
                     "LG Impianti", "Fall Winter", "Casa di Liquidazione"):
            with self.subTest(name=name):
                self.assertEqual(legal_form.read(name).state, '')

    def test_people(self):
        for name, is_company, form in PEOPLE:
            with self.subTest(name=name, is_company=is_company):
                self.assertEqual(legal_form.read(name, MARIO, is_company).form, form)
                self.assertNotIn(legal_form.read(name, '12485671007', is_company).form, ('DI', 'PF'))

    def test_german_names(self):
        for name, italian, foreign in TYROL:
            with self.subTest(name=name):
                self.assertEqual(legal_form.read(name, '12485671007').form, italian)
                self.assertEqual(legal_form.read(name).form, foreign)

    def test_same_denomination(self):
        for name, other in SAME:
            with self.subTest(name=name, other=other):
                self.assertTrue(legal_form.same_denomination(name, other))
                self.assertTrue(legal_form.same_denomination(other, name))
        for name, other in OTHERS:
            with self.subTest(name=name, other=other):
                self.assertFalse(legal_form.same_denomination(name, other))

    def test_tables(self):
        """Each spelling means a form, a state, a mark or nothing; each form has a group."""
        known = {*legal_form.forms(), *legal_form.STATES, 'single', ''}
        for spellings in legal_form._spellings().values():
            for spelling in spellings:
                self.assertLessEqual(set(spelling.means.split('/')), known)
        for form in legal_form.forms().values():
            self.assertIn(form.group, legal_form.ADMINISTRATORS)
        self.assertEqual(len(legal_form.choices()), len(legal_form.forms()))

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form
from odoo.addons.l10n_it_openapi_pec.tools.italy.legal_form import Reading

MARIO = 'RSSMRA80A01H501U'
FORMS = {
    'SR': [
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
    'RS': ["Alfa S.r.l.s.", "ALFA SRLS", "Alfa S.r.l. semplificata", "Alfa Società a Resp. Lim. Semplificata"],
    'RR': ["Alfa S.r.l.c.r.", "Alfa S.r.l. a capitale ridotto"],
    'SU': ["Alfa S.R.L. UNIPERSONALE", "Alfa Srl a socio unico", "Alfa Unipersonale S.r.l.", "Alfa S.r.l.u."],
    'SP': [
        "Alfa S.p.A.", "ALFA SPA", "A. B. S.p.A.", "Rossi & C. S.p.A.", "Alfa Società per Azioni", "S.S. Alfa S.p.A.",
        "Alfa S.p.A. (già Beta S.n.c.)", "Hotel dei Pini S.p.A.", "Nature S.p.A.",
    ],
    'AU': ["Alfa S.p.A. con socio unico", "Alfa S.p.A. ad azionista unico", "Alfa S.p.A. - Società con socio unico"],
    'AA': ["Alfa S.a.p.A. di Beta S.r.l. & C.", "Alfa Società in accomandita per azioni"],
    'SN': [
        "Alfa S.n.c. di Mario Rossi & C.", "Alfa di Rossi Mario & C. S.n.c.", "ALFA SNC DI ROSSI E BIANCHI",
        "Rossi e C. snc", "F.lli Rossi S.n.c.", "Società in nome collettivo Rossi", "Studio Rossi S.n.c. S.T.P.",
        "Alfa S.n.c. di Beta S.r.l. & C.", "ALFA S.N.C. DI ROSSI MATTEO, BIANCHI SIMONE", "Alfa di Rossi e Bianchi snc",
        "FARMACIA ROSSI DEL DOTT. ROSSI MARIO & C. S.N.C.",
    ],
    'AS': [
        "Alfa S.a.s. di Beta S.r.l. & C.", "Alfa di Beta S.r.l. & C. S.a.s.", "ALFA SAS", "L’Artigiano & Figli S.a.s.",
        "Alfa Società in Accomandita Semplice di Mario Rossi", "ALFA ROSSI DI ROSSI S.& C.SAS",
    ],
    'SE': [
        "Società Agricola Alfa S.S.", "Azienda Agricola Rossi S.S. Società Agricola", "Alfa Società Semplice",
        "Società Semplice Agricola Rossi", "Alfa S.S. di Rossi Mario e Figli",
        "VIVAI ROSSI MARIO E FIGLI SOCIETA  AGRICOLA S.S.", "SOCIETA' AGRICOLA IL COLLE DI ROSSI MARIO E C. S.S.",
    ],
    'SC': [
        "Alfa Soc. Coop.", "Alfa Società Cooperativa", "Società Cooperativa Alfa", "Cooperativa Alfa",
        "Soc. agr. coop. Alfa", "Alfa Società Cooperativa per Azioni", "Banca di Credito Cooperativo di Roma",
        "Consorzio Alfa Soc. Coop.", "SOC. COOP. ALFA & BETA Arl",
        "ALFA - SOCIETA  COOPERATIVA PER AZIONI  IN SIGLA  AB",
        "Alfa S. Coop. p.a.",
    ],
    'CL': ["Alfa Soc. Coop. a r.l.", "Coop. Alfa Soc. Coop. a R.L.",
           "Alfa Società Cooperativa a Responsabilità Limitata"],
    'OO': [
        "Alfa Società Cooperativa Sociale ONLUS", "Cooperativa Sociale Il Sole", "Alfa Soc. Coop. Soc. a r.l.",
        "Il Sole Coop. Sociale", "SOLE - SOCIETA' COOPERATIVA SOCIALE IMPRESA SOCIALE", "ALFA COOP. SOC. A R.L. ONLUS",
    ],
    'SL': [
        "Alfa S.c.a r.l.", "Alfa SCARL", "Alfa S.c.r.l.", "Alfa Soc. Cons. a r.l.",
        "Consorzio Alfa Società Consortile a Responsabilità Limitata",
    ],
    'SO': ["Alfa S.c.p.A.", "Alfa Società Consortile per Azioni"],
    'CN': ["Alfa Società Consortile"],
    'SV': ["Studio Rossi Società tra Professionisti", "Rossi Società tra Avvocati"],
    'CO': ["Consorzio Alfa", "CONSORZIO DI TUTELA DEL VINO"],
    'CC': ["Consorzio Alfa con attività esterna"],
    'RC': ["Rete di Imprese Alfa"],
    'GE': ["Alfa GEIE"],
    'AC': ["Associazione Alfa", "Alfa A.S.D.", "Studio Legale Associato Rossi", "Pro Loco di Alfa"],
    'FO': ["Fondazione Alfa"],
    'EE': ["Parrocchia di San Pietro"],
    'SS': ["Alfa GmbH", "Beta Ltd"],
    'DI': ["Alfa Impresa Individuale", "Ditta individuale Rossi Mario"],
    'IF': ["Impresa familiare Rossi"],
    '': [
        "Mario Rossi", "Alfa", "Alfa di ROSSI MARIO &  C.", "COMUNE DI ROMA", "Alfa S.A.",
        "Beauty Spa", "Hotel & Spa dei Pini", "Hotel dei Pini & Spa", "S.S. Annunziata",
        "Vado a Roma", "Rossi Mario Impianti", "Rete Casa di Mario Rossi", "Studio Rossi", "", "   ", None, False, 12,
        "Ditta F.lli Rossi", "Nature Spa", "S.r.l.s.a.s.n.c." * 99, "\u0000", "Ａｌｆａ",
    ],
}
STATES = {
    'liquidation': [
        "Alfa S.r.l. in liquidazione", "ALFA SRL (IN LIQ.)", "Alfa in liquidazione S.r.l.", "Alfa S.r.l. in liq.ne",
        "Alfa S.r.l. in liquidazione unipersonale",
    ],
    'failed': [
        "Fallimento Alfa S.r.l.", "Alfa S.r.l. in liquidazione giudiziale", "Alfa S.r.l. fallita",
        "Liquidazione Giudiziale Alfa S.r.l.", "Curatela fallimentare Alfa S.r.l.",
    ],
    'procedure': [
        "Alfa S.r.l. in concordato preventivo", "Alfa S.r.l. in L.C.A.", "Alfa S.r.l. in A.S.",
        "Alfa S.r.l. in liquidazione coatta amministrativa", "Alfa S.r.l. in amministrazione straordinaria",
        "Alfa S.r.l. in liquidazione e in concordato preventivo",
    ],
    '': ["Alfa S.r.l.", "Liquidazioni Rapide S.r.l.", "Studio Fallimentare S.r.l.", "Procedure e Sistemi S.r.l."],
}
PEOPLE = [  # name, whether it is kept as a company, form; all with a person's code
    ("Mario Rossi", False, ''), ("Mario Rossi", True, 'DI'), ("Bar Sport", True, 'DI'), ("Hotel & Spa", True, 'DI'),
    ("Falegnameria di Rossi Mario", False, 'DI'), ("Mario Di Rossi", False, ''), ("Avv. Mario Rossi", True, 'PF'),
    ("Studio Legale Rossi", True, 'PF'), ("Geom. Mario Rossi", False, 'PF'), ("Studio Fotografico Rossi", True, 'DI'),
    ("Alfa S.r.l.", True, 'SR'), ("Alfa S.r.l.", False, 'SR'),
]
SAME = [("Alfa S.r.l.", "ALFA SRL"), ("Alfa S.r.l.", "Alfa"), ("Alfa & C. S.n.c.", "Alfa e C. snc"),
        ("Alfa S.r.l. in liquidazione", "Alfa S.r.l."), ("Alfa S.r.l.", "Alfa S.r.l. a socio unico"),
        ("Società Cooperativa Alfa", "Alfa Soc. Coop.")]
OTHERS = [("Alfa S.r.l.", "Alfa S.p.A."), ("Alfa S.r.l.", "Beta S.r.l."), ("S.r.l.", "S.p.A."), ("", ""), (None, None),
          ("Alfa Impianti S.r.l.", "Alfa S.r.l.")]


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

    def test_people(self):
        for name, is_company, form in PEOPLE:
            with self.subTest(name=name, is_company=is_company):
                self.assertEqual(legal_form.read(name, MARIO, is_company).form, form)
                self.assertEqual(legal_form.read(name, '12485671007', is_company).form, form if form == 'SR' else '')

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
                self.assertIn(spelling.means, known)
        for form in legal_form.forms().values():
            self.assertIn(form.group, legal_form.ADMINISTRATORS)
        self.assertEqual(len(legal_form.choices()), len(legal_form.forms()))

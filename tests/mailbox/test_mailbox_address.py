import random

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address
from odoo.addons.l10n_it_openapi_pec.tools.pec import proposals as mailbox_address
from odoo.addons.l10n_it_openapi_pec.tools.pec.proposals import judge_local_part, propose_local_parts

from ..odd_values import ODD_VALUES

LOCAL_PARTS = {
    'fine': [
        'mario.rossi', 'Mario.Rossi', ' mario.rossi\n', 'MARIOROSSI', 'a', '1', 'mario_rossi', 'mario-rossi', '-', '_',
        'a-', '-a', 'a.b.c', 'ma\u200brio', 'mario\x00', 'mario\u2011rossi',
        '12485671007', '3m', 'a' * 64, '.'.join(['a'] * 32),
    ],
    'missing': ['', ' ', '\n', None, False, 0, 12, b'mario', ['mario']],
    'local_form': [
        '.mario', 'mario.', 'mario..rossi', '.', '..', 'mario rossi', 'mario@pec.it', 'mario@', '@', "d'amico",
        'niccolò', 'nicolo\u0300', 'mario+pec', 'a&b', 'a/b', 'a,b', 'a;b', 'a:b', '"a"', 'a\nb',
        'маrio', 'ﬁn', 'ſ', '\u212a', 'a' * 64 + 'è', 'a..' * 100,
    ],
    'local_long': ['a' * 65, '.'.join(['a'] * 33), 'a' * 100000],
}
# name, city -> the first proposals
PROPOSALS = {
    ('Falegnameria Esempio S.r.l.', 'Roma'):
        ['falegnameriaesempio', 'falegnameria.esempio', 'falegnameriaesempiosrl', 'falegnameriaesempio.roma'],
    ('Falegnameria Esempio S.r.l.', ''):
        ['falegnameriaesempio', 'falegnameria.esempio', 'falegnameriaesempiosrl', 'falegnameria.esempio.srl'],
    ('Esempio SRL', 'Forlì'): ['esempio', 'esempiosrl', 'esempio.forli', 'esempio.srl'],
    ('Mario Rossi', ''): ['mario.rossi', 'rossi.mario', 'mariorossi', 'm.rossi'],
    ('Rossi Mario', 'Roma'): ['rossi.mario', 'mario.rossi', 'rossimario', 'rossi.mario.roma'],
    ('Dott.ssa Maria Teresa De Rossi', ''): [
        'mariateresa.derossi', 'derossi.mariateresa', 'mariateresaderossi', 'maria.teresa.derossi'],
    ("Nicolò D'Amico", ''): ['nicolo.damico', 'damico.nicolo', 'nicolodamico', 'n.damico'],
    ('Di Maio Anna', ''): ['dimaio.anna', 'anna.dimaio', 'dimaioanna', 'd.anna'],
    ('Rossi Impianti S.n.c. di Mario Rossi & C.', "Reggio nell'Emilia"):
        ['rossiimpianti', 'rossi.impianti', 'rossiimpiantisnc', 'rossiimpianti.reggionellemilia'],
    ('L’Artigiano & Figli S.a.s.', ''): [
        'lartigianoefigli', 'lartigiano.e.figli', 'lartigianoefiglisas', 'lartigiano.e.figli.sas'],
    ('F.lli Rossi s.r.l. in liquidazione', 'Bolzano/Bozen'): [
        'fllirossi', 'flli.rossi', 'fllirossisrl', 'fllirossi.bolzano'],
    ('3M Italia', ''): ['3mitalia', '3m.italia'],
    ('Rossi e Bianchi', ''): ['rossiebianchi', 'rossi.e.bianchi'],
    ('«Müller» Straße GmbH', ''): ['mullerstrasse', 'muller.strasse', 'mullerstrassegmbh', 'muller.strasse.gmbh'],
    ('Ditta individuale di Mario Rossi', ''): ['mario.rossi', 'rossi.mario', 'mariorossi', 'm.rossi'],
    ('Roma S.p.A.', 'Roma'): ['roma', 'romaspa', 'roma.spa'],
    ('Associazione Italiana per la Promozione della Cultura Digitale nelle Scuole del Mezzogiorno', 'Napoli'): [
        'associazioneitalianaperlapromozionedellaculturadigitale', 'associazioneitaliana',
        'associazione.italiana.per.la.promozione.della.cultura.digitale',
        'associazioneitalianaperlapromozionedellaculturadigitale.napoli'],
    # names of which little is left
    ('S.p.A.', ''): ['spa'], ('Coop', ''): ['coop'], ('J', ''): ['j'], ('&', ''): ['e'], ('2000', ''): ['2000'],
    ('S.r.l. in liquidazione', ''): ['srlinliquidazione', 'srl.in.liquidazione'],
    ('Жанна', ''): [], ('...', 'Roma'): [], ('', 'Roma'): [],
}
# the same company's, however its form is written
FORMS = [
    'S.r.l.', 's.r.l', 'SRL', 'S. R. L.', 's r l', 'S.R.L. unipersonale', 'Srl a socio unico', 'S.r.l. in liquidazione',
    'S.R.L.S.', 'Società a responsabilità limitata', "SOCIETA' A RESPONSABILITA' LIMITATA",
    'soc. a responsabilità limitata', 'soc. a r.l.', 'Società a responsabilità limitata semplificata', 'S.p.A.', 'SPA',
    'Società per azioni', 'S.a.p.A.', 'S.a.s.', 'S.n.c.', 'Società in nome collettivo', 'Sas di Mario Rossi & C.',
    'SNC DI ROSSI E BIANCHI', '& C. S.n.c.', 'e C. sas', 'S.S.', 'società semplice', 'Soc. Coop.', 'Soc.Coop.',
    'soc. coop. a r.l.', 'Società Cooperativa', 'Società cooperativa sociale', 'S.C.A.R.L.', 'S.c. a r.l.', 'scrl',
    'soc. consortile a r. l.', 'S.C.p.A.', 'STP', 'S.t.p. a r.l.', 'Srl Società Benefit',
    'S.r.l. in concordato preventivo', 'GmbH', 'Ltd.',
]
LETTERS = "abcDEF èÉß'’.,-&+/()\"«» 0129 Ж王\u0301 srl spa snc di de e c coop società "


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxAddress(BaseCase):

    def assert_proposals(self, proposals, most=4):
        """Whatever is proposed can be bought and is well-formed, no two are alike."""
        self.assertIsInstance(proposals, list)
        self.assertLessEqual(len(proposals), most)
        self.assertEqual(len(proposals), len(set(proposals)))
        for proposal in proposals:
            self.assertRegex(proposal, r'\A[a-z0-9]+(\.[a-z0-9]+)*\Z')
            self.assertEqual(judge_local_part(proposal), 'fine', proposal)
            self.assertTrue(pec_address.is_well_formed(f'{proposal}@pec.it'), proposal)

    def test_judge(self):
        for reason, texts in LOCAL_PARTS.items():
            for text in texts:
                with self.subTest(text=str(text)[:40]):
                    self.assertEqual(judge_local_part(text), reason)

    def test_fine_is_well_formed(self):
        for text in LOCAL_PARTS['fine']:
            with self.subTest(text=text):
                self.assertTrue(pec_address.is_well_formed(f'{pec_address.normalize(text)}@pec.it'))

    def test_proposals(self):
        for (name, city), expected in PROPOSALS.items():
            with self.subTest(name=name, city=city):
                proposals = propose_local_parts(name, city)
                self.assertEqual(proposals, expected)
                self.assert_proposals(proposals)

    def test_forms_of_companies(self):
        for form in FORMS:
            for name in (
                    f'Falegnameria Esempio {form}', f'FALEGNAMERIA ESEMPIO {form.upper()}',
                    f'«Falegnameria Esempio» - {form}'):
                with self.subTest(name=name):
                    proposals = propose_local_parts(name)
                    self.assertEqual(proposals[:2], ['falegnameriaesempio', 'falegnameria.esempio'])
                    self.assert_proposals(proposals)

    def test_form_comes_first(self):
        for name in (
                'S.r.l. Esempio', 'SOCIETA\' A RESPONSABILITA\' LIMITATA ESEMPIO', 'Società Cooperativa "Esempio"'):
            with self.subTest(name=name):
                self.assertEqual(propose_local_parts(name)[0], 'esempio')

    def test_most(self):
        for most in range(8):
            self.assertEqual(len(propose_local_parts('Falegnameria Esempio S.r.l.', 'Roma', most)), min(most, 5))
        self.assertEqual(propose_local_parts('Mario Rossi', most=-1), [])
        self.assertEqual(propose_local_parts('Mario Rossi', most=None), propose_local_parts('Mario Rossi'))

    def test_long_names(self):
        """What is too long is cut between words; a single word somewhere."""
        name = 'Consorzio per lo Sviluppo Industriale dei Comuni della Bassa Valle e delle Colline'
        for proposal in propose_local_parts(name + ' S.C.A.R.L.', 'San Valentino in Abruzzo Citeriore', 9):
            self.assertRegex(
                proposal, r'(consorzio|industriale|bassavalle|comuni|colline|valle|scarl|bassa|sviluppo|citeriore)$')
        proposals = propose_local_parts('x' * 200 + ' S.r.l.', 'y' * 60)
        self.assertEqual([len(proposal) for proposal in proposals], [64, 64, 64, 64])
        self.assert_proposals(proposals)
        self.assert_proposals(propose_local_parts('Esempio', 'y' * 100))

    def test_random_names(self):
        generator = random.Random(20)
        for _number in range(3000):
            name = ''.join(
                generator.choices(
                    [*LETTERS, ' S.r.l. ', ' & C. ', ' S.n.c. di ', ' società '], k=generator.randrange(1, 90)))
            with self.subTest(name=name):
                proposals = propose_local_parts(name, name[::-1], 9)
                self.assert_proposals(proposals, 9)
                self.assertEqual(
                    bool(proposals), any(letter.isalnum() or letter in '&+' for letter in name if letter not in 'Ж王'))

    def test_forms_are_reachable(self):
        """What stands in the table is written as words are looked up."""
        for words in mailbox_address.FORMS:
            with self.subTest(words=words):
                self.assertEqual(
                    mailbox_address._split_form(mailbox_address._words(' '.join(['esempio', *words])))[0], ['esempio'])

    def test_odd_values(self):
        for value in ODD_VALUES:
            with self.subTest(value=str(value)[:40].encode('ascii', 'backslashreplace')):
                self.assertIn(judge_local_part(value), LOCAL_PARTS)
                self.assert_proposals(propose_local_parts(value))
                self.assert_proposals(propose_local_parts(value, value, 9), 9)
                self.assertEqual(
                    propose_local_parts('Mario Rossi', value)[:3], ['mario.rossi', 'rossi.mario', 'mariorossi'])
                self.assertLessEqual(len(propose_local_parts('Mario Rossi', 'Roma', value)), 6)

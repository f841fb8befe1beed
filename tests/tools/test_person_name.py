from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean
from odoo.addons.l10n_it_openapi_pec.tools.italy import person_name

from ..odd_values import ODD_VALUES
from .test_fiscal_code import MARIO, NAMES, SURNAMES, code_of, omocodes

# (full name, the code's six letters, surname, name)
SPLITS = [
    # both orders, as they were written
    ('Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('ROSSI MARIO', 'RSSMRA', 'ROSSI', 'MARIO'),
    ('mario rossi', 'RSSMRA', 'rossi', 'mario'),
    ('Rossi, Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('  Mario \t Rossi\n', 'RSSMRA', 'Rossi', 'Mario'),
    ('Mario\xa0Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Mario - Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Marco Bianchi', 'BNCMRC', 'Bianchi', 'Marco'),
    ('Bianchi Marco', 'BNCMRC', 'Bianchi', 'Marco'),
    # surnames of several words
    ('De Rossi Mario', 'DRSMRA', 'De Rossi', 'Mario'),
    ('Mario De Rossi', 'DRSMRA', 'De Rossi', 'Mario'),
    ('MARIO DE ROSSI', 'DRSMRA', 'DE ROSSI', 'MARIO'),
    ("D'Amico Lea", 'DMCLEA', "D'Amico", 'Lea'),
    ("Lea D' Amico", 'DMCLEA', "D' Amico", 'Lea'),
    ('Lea D’Amico', 'DMCLEA', 'D’Amico', 'Lea'),
    ('Van den Berg Eva', 'VNDVEA', 'Van den Berg', 'Eva'),
    ('Eva Van den Berg', 'VNDVEA', 'Van den Berg', 'Eva'),
    ('Della Valle Ugo', 'DLLGUO', 'Della Valle', 'Ugo'),
    ('Rossi Bianchi Carlo', 'RSSCRL', 'Rossi Bianchi', 'Carlo'),
    ('Carlo Rossi Bianchi', 'RSSCRL', 'Rossi Bianchi', 'Carlo'),
    # names of several words
    ('Maria Teresa Neri', 'NREMTR', 'Neri', 'Maria Teresa'),
    ('Neri Maria Teresa', 'NREMTR', 'Neri', 'Maria Teresa'),
    ('Anna Maria Sala', 'SLANMR', 'Sala', 'Anna Maria'),
    ('Gian Luca Verdi', 'VRDGLC', 'Verdi', 'Gian Luca'),
    ('Verdi Gian Luca', 'VRDGLC', 'Verdi', 'Gian Luca'),
    # both of several words
    ('De Luca Anna Maria', 'DLCNMR', 'De Luca', 'Anna Maria'),
    ('Anna Maria De Luca', 'DLCNMR', 'De Luca', 'Anna Maria'),
    ('Pier Paolo Della Valle', 'DLLPPL', 'Della Valle', 'Pier Paolo'),
    # the code decides what a middle word is
    ('Carlo Alberto Neri', 'NRECLL', 'Neri', 'Carlo Alberto'),
    ('Neri Alberto Carlo', 'NRELRT', 'Neri', 'Alberto Carlo'),
    ('Re Alberto Carlo', 'REXLRT', 'Re', 'Alberto Carlo'),
    ('Re Alberto Carlo', 'RLBCRL', 'Re Alberto', 'Carlo'),
    # accents
    ('Nicolò Müller', 'MLLNCL', 'Müller', 'Nicolò'),
    ("NICOLO' MULLER", 'MLLNCL', 'MULLER', "NICOLO'"),
    ('José Núñez', 'NNZJSO', 'Núñez', 'José'),
    ('Łysek Zoë', 'LYSZOE', 'Łysek', 'Zoë'),
    # short ones
    ('Fo Io', 'FOXIOX', 'Fo', 'Io'),
    ('Wu Li', 'WUXLIX', 'Wu', 'Li'),
    ('Wu Li', 'LIXWUX', 'Li', 'Wu'),
    # titles are left out
    ('Dott. Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Dott.ssa Maria Rossi', 'RSSMRA', 'Rossi', 'Maria'),
    ('Dott. ssa Maria Rossi', 'RSSMRA', 'Rossi', 'Maria'),
    ('DOTT.SSA ROSSI MARIA', 'RSSMRA', 'ROSSI', 'MARIA'),
    ('Avv. Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('AVV. ROSSI MARIO', 'RSSMRA', 'ROSSI', 'MARIO'),
    ('Prof. Avv. Mario De Rossi', 'DRSMRA', 'De Rossi', 'Mario'),
    ('Prof.Avv. Mario De Rossi', 'DRSMRA', 'De Rossi', 'Mario'),
    ('Rossi Mario, Dott.', 'RSSMRA', 'Rossi', 'Mario'),
    ('Mario Rossi Dott', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rag. Ugo Riva', 'RVIGUO', 'Riva', 'Ugo'),
    ('Geom. Riva Ugo', 'RVIGUO', 'Riva', 'Ugo'),
    ('Ing. Arch. Eva Sala', 'SLAVEA', 'Sala', 'Eva'),
    ('Sig.ra Eva Sala', 'SLAVEA', 'Sala', 'Eva'),
    # ... unless they are names
    ('Mario Ra', 'RAXMRA', 'Ra', 'Mario'),
    ('Ing Maria', 'NGIMRA', 'Ing', 'Maria'),
    ('Ra Maria Teresa', 'RAXMTR', 'Ra', 'Maria Teresa'),
    # what stands beside the name in an address book
    ('Egr. Sig. Rossi Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('Egregio Signor Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Gent.ma Sig.ra Rossi Maria', 'RSSMRA', 'Rossi', 'Maria'),
    ('Spett.le Rossi Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario (amministratore)', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario [AU]', 'RSSMRA', 'Rossi', 'Mario'),
    ('(Mario Rossi)', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario "Pippo"', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario - legale rappresentante', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario, amministratore unico', 'RSSMRA', 'Rossi', 'Mario'),
    ('Amministratore Unico Rossi Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('Mario Rossi titolare', 'RSSMRA', 'Rossi', 'Mario'),
    ('Per. Ind. Rossi Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('P.I. Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Cav. Uff. Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Avv.Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Arch.Rossi Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('Prof.Avv.Mario De Rossi', 'DRSMRA', 'De Rossi', 'Mario'),
    ('Dott.ssa.Maria Rossi', 'RSSMRA', 'Rossi', 'Maria'),
    ('rag.mario rossi', 'RSSMRA', 'rossi', 'mario'),
    ('Rossi Maria in Bianchi', 'RSSMRA', 'Rossi', 'Maria'),
    ('Rossi in Bianchi Maria', 'RSSMRA', 'Rossi', 'Maria'),
    ('Maria Rossi in De Luca', 'RSSMRA', 'Rossi', 'Maria'),
    ('Rossi Maria ved. Verdi', 'RSSMRA', 'Rossi', 'Maria'),
    ('Bianchi Maria nata Rossi', 'RSSMRA', 'Rossi', 'Maria'),
    ('Bianchi nata Rossi Maria', 'RSSMRA', 'Rossi', 'Maria'),
    ('Mario Rossi detto il Moro', 'RSSMRA', 'Rossi', 'Mario'),
    ('Mario Rossi c/o Studio Verdi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Mario Rossi e Figli', 'RSSMRA', 'Rossi', 'Mario'),
    ('Luca Verdi e Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Titolo Mai Visto Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    # ... unless it is the name
    ('In Maria', 'NIXMRA', 'In', 'Maria'),
    ('Senatore Paolo', 'SNTPLA', 'Senatore', 'Paolo'),
    ('Unico Mario', 'NCUMRA', 'Unico', 'Mario'),
    ('Per Hansen', 'HNSPRE', 'Hansen', 'Per'),
    # letters with a sign, in any reading
    ('Alù Noè', 'LAXNOX', 'Alù', 'Noè'),
    ("NOE' ALU'", 'LAUNOE', "ALU'", "NOE'"),
    ('Mario Ždero', 'DREMRA', 'Ždero', 'Mario'),
    # a name that ends in a word that joins
    ('Zhou Xiao Li', 'ZHOXLI', 'Zhou', 'Xiao Li'),
    ('Xiao Li Zhou', 'ZHOXLI', 'Zhou', 'Xiao Li'),
    ('Rossi Mario De', 'DEXRSM', 'De', 'Rossi Mario'),
    ('Zhang Fu', 'ZHNFUX', 'Zhang', 'Fu'),
    # who else is there, and what he is
    ('Ing. Mario Rossi & C.', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario e altri', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario A.U.', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario Amm.re Unico', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario legale rapp.te', 'RSSMRA', 'Rossi', 'Mario'),
    ('N.H. Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Conte Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Conte Mario', 'CNTMRA', 'Conte', 'Mario'),
    ('Principe Mario', 'PRNMRA', 'Principe', 'Mario'),
    ('Dott. Comm. Mario Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Dottore Giuseppe', 'DTTGPP', 'Dottore', 'Giuseppe'),
    ('Presidente Anna', 'PRSNNA', 'Presidente', 'Anna'),
    ("All'attenzione di Mario Rossi", 'RSSMRA', 'Rossi', 'Mario'),
    ('Alfa S.r.l. - Rossi Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('Bar Sport di Rossi Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi Mario fu Luigi', 'RSSMRA', 'Rossi', 'Mario'),
    ('Abd El Rahman Ahmed', 'BDLHMD', 'Abd El Rahman', 'Ahmed'),
    ('Kovačević Željko', 'KVCZJK', 'Kovačević', 'Željko'),
    # glued
    ('mario.rossi', 'RSSMRA', 'rossi', 'mario'),
    ('Rossi_Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('Rossi/Mario', 'RSSMRA', 'Rossi', 'Mario'),
    ('Dott.Mario.Rossi', 'RSSMRA', 'Rossi', 'Mario'),
    # one name only
    ('Suharto', 'SHRXXX', 'Suharto', ''),
    ('Sig. Suharto', 'SHRXXX', 'Suharto', ''),
    ('Suharto XXX', 'SHRXXX', 'Suharto', 'XXX'),
    ('Singh', 'XXXSGH', '', 'Singh'),
    # the same word twice
    ('Rosa Rosa', 'RSORSO', 'Rosa', 'Rosa'),
    # a surname that is a title as well, with a title before it
    ('Rag.Cavaliere Zoe', 'CVLZOE', 'Cavaliere', 'Zoe'), ('RAG.CAVALIERE ZOE', 'CVLZOE', 'CAVALIERE', 'ZOE'),
    ('Dott.ssa Signora Ada', 'SGNDAA', 'Signora', 'Ada'), ('Prof.Avv.Notaio Bruno', 'NTOBRN', 'Notaio', 'Bruno'),
    ('Gent.mo Conte Ugo', 'CNTGUO', 'Conte', 'Ugo'), ('Dott.Ing.Senatore Ivo', 'SNTVIO', 'Senatore', 'Ivo'),
]
# (full name, the code's six letters): nothing agrees, or more than one split does
UNSPLIT = [
    ('Mario', 'RSSMRA'), ('Rossi', 'RSSMRA'), ('Dott. Rossi', 'RSSMRA'), ('', 'RSSMRA'), (' ', 'RSSMRA'),
    ('- -', 'RSSMRA'),
    ('Mario Bianchi', 'RSSMRA'), ('Luca Rossi', 'RSSMRA'), ('Azienda Rossi S.r.l.', 'RSSMRA'),
    ('Марио Росси', 'RSSMRA'),
    ('Mario Rossi di Roma', 'RSSMRB'), ('MarioRossi', 'RSSMRA'),
    ('Rossi Russo', 'RSSRSS'),  # either could be the surname
    ('Mario A Rossi', 'RSSMRA'),  # of which the A is does not show in the code
    ('Mario ' * 11 + 'Rossi Bianchi', 'RSSMRM'), ('Rossi ' * 10000, 'RSSRSS'), ('R' * 100000 + ' Mario', 'RRRMRB'),
]
# full name without a code -> surname, name
WITHOUT_CODE = {
    'Mario Rossi': ('Rossi', 'Mario'), ' Mario  De Rossi ': ('De Rossi', 'Mario'), 'Mario': ('', 'Mario'), '': ('', ''),
    'Rossi, Mario': ('Rossi', 'Mario'), 'De Rossi, Anna Maria': ('De Rossi', 'Anna Maria'),
    # no title becomes a first name
    'Avv. Mario Rossi': ('Rossi', 'Mario'), 'Avv.Mario Rossi': ('Rossi', 'Mario'),
    'Avvocato Mario Rossi': ('Rossi', 'Mario'), 'Egr. Sig. Mario Rossi': ('Rossi', 'Mario'),
    'Per. Ind. Mario Rossi': ('Rossi', 'Mario'), 'P.I. Mario Rossi': ('Rossi', 'Mario'),
    'Dott.ssa Maria De Rossi': ('De Rossi', 'Maria'), 'Ing. Arch. Eva Sala': ('Sala', 'Eva'),
    'Spett.le Mario Rossi': ('Rossi', 'Mario'), 'Mons. Luigi Verdi': ('Verdi', 'Luigi'),
    'Don Luigi Verdi': ('Verdi', 'Luigi'), 'Gent.mo Prof. Luigi Verdi': ('Verdi', 'Luigi'),
    'Sig. Rossi': ('', 'Rossi'), 'Avvocato Rossi': ('', 'Rossi'), 'Dott.': ('', ''),
    'D.ssa Anna Rossi': ('Rossi', 'Anna'), 'Dott.sa Anna Rossi': ('Rossi', 'Anna'),
    'Sig.na Anna Rossi': ('Rossi', 'Anna'), 'P.Ind. Mario Rossi': ('Rossi', 'Mario'),
    'P.E. Mario Rossi': ('Rossi', 'Mario'), 'Gent.le Sig. Mario Rossi': ('Rossi', 'Mario'),
    'Chiar.mo Prof. Mario Rossi': ('Rossi', 'Mario'), 'Alla c.a. Mario Rossi': ('Rossi', 'Mario'),
    "All'attenzione del Sig. Mario Rossi": ('Rossi', 'Mario'), 'N.H. Mario Rossi': ('Rossi', 'Mario'),
    'Cav. del Lav. Mario Rossi': ('Rossi', 'Mario'), 'Att.ne Mario Rossi': ('Rossi', 'Mario'),
    # nor does what somebody is become a surname
    'Mario Rossi A.U.': ('Rossi', 'Mario'), 'Mario Rossi Amm.re': ('Rossi', 'Mario'),
    'Mario Rossi legale rapp.te': ('Rossi', 'Mario'), 'Mario Rossi leg. rappr.': ('Rossi', 'Mario'),
    'Mario Rossi presidente CdA': ('Rossi', 'Mario'), 'Mario Rossi socio accomandatario': ('Rossi', 'Mario'),
    'Mario Rossi Consulente del Lavoro': ('Rossi', 'Mario'), 'Mario Rossi & C.': ('Rossi', 'Mario'),
    'Mario Rossi alias Pippo': ('Rossi', 'Mario'), 'Mario Gentile': ('Gentile', 'Mario'),
    'Mario Padre': ('Padre', 'Mario'),
    'Mario Rossi (amministratore)': ('Rossi', 'Mario'), 'Mario Rossi - titolare': ('Rossi', 'Mario'),
    'Mario Rossi, titolare': ('Rossi', 'Mario'), 'Mario Rossi amministratore unico': ('Rossi', 'Mario'),
    'Maria Rossi in Bianchi': ('Rossi', 'Maria'), 'Maria Rossi ved. De Luca': ('Rossi', 'Maria'),
    'Mario Rossi c/o Studio Verdi': ('Rossi', 'Mario'), 'Mario Rossi e Figli': ('Rossi', 'Mario'),
    '(Mario Rossi)': ('Rossi', 'Mario'),
    # what may be a name stays when there is no other
    'Paolo Senatore': ('Senatore', 'Paolo'), 'Per Hansen': ('Hansen', 'Per'), 'Per Erik Hansen': ('Erik Hansen', 'Per'),
    'Mario Unico': ('Unico', 'Mario'), 'Sen Amartya': ('Amartya', 'Sen'), 'Li Pi Wang': ('Pi Wang', 'Li'),
    'M.T. Rossi': ('Rossi', 'M.T.'),
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPersonName(BaseCase):

    def test_split(self):
        for full_name, letters, surname, name in SPLITS:
            for code in (code_of(letters), next(omocodes(code_of(letters))).lower()):
                with self.subTest(full_name=full_name, code=code):
                    self.assertEqual(person_name.split(full_name, code), (clean(surname), clean(name)))

    def test_unsplit(self):
        for full_name, letters in UNSPLIT:
            with self.subTest(full_name=full_name[:60]):
                self.assertIsNone(person_name.split(full_name, code_of(letters)))
        for code in ('', None, '00743110157', 'RSSXXXXXXXX56E', 'RSSMRA80A01H501'):
            with self.subTest(code=code):
                self.assertIsNone(person_name.split('Mario Rossi', code))

    def test_split_every_name(self):
        """Every surname with every name of the tables, in both orders, and with what may stand beside them."""
        surnames = [
            surname for surname, part in SURNAMES.items()
            if part and surname == ' '.join(surname.split()) and '2' not in surname]
        for number, (name, part) in enumerate((name, part) for name, part in NAMES.items() if part):
            surname = surnames[number % len(surnames)]
            code = code_of(SURNAMES[surname] + part)
            for full_name in (f'{surname} {name}', f'{name} {surname}', f'Egr. Dott. {name} {surname} (titolare)'):
                with self.subTest(full_name=full_name):
                    self.assertEqual(person_name.split(full_name, code), (clean(surname), clean(name)))

    def test_split_without_code(self):
        for full_name, halves in WITHOUT_CODE.items():
            with self.subTest(full_name=full_name):
                self.assertEqual(person_name.split_without_code(full_name), halves)

    def test_odd_values(self):
        for value in ODD_VALUES:
            with self.subTest(value=str(value)[:40].encode('ascii', 'backslashreplace')):
                self.assertIsNone(person_name.split(value, MARIO))
                self.assertIsNone(person_name.split('Mario Rossi', value))
                self.assertEqual(len(person_name.split_without_code(value)), 2)

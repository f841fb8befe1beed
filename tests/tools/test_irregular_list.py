"""A chamber's list as text: which tax codes and PECs stand on it."""
import time

from stdnum import luhn

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools import irregular_list

COMPANY, PERSON = '12485671007', 'RSSMRA80A01H501U'
IDENTITY = 'RSSMRA80A01H501*'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestIrregularList(BaseCase):

    def look(self, text):
        """Return the codes and addresses of a list, and how many lines could not be read."""
        found = irregular_list.read(text)
        return [(entry.identity, entry.address) for entry in found.entries], found.unread_count

    def test_codes_wherever_they_stand(self):
        for line, identity in (
                (COMPANY, COMPANY), (f"1;Alfa S.r.l.;{COMPANY};RM-1234567", COMPANY), (f"C.F. {COMPANY}.", COMPANY),
                (f"IT{COMPANY}", COMPANY), (f"P.IVA{COMPANY}", COMPANY), ("12.485.671.007", COMPANY),
                (f"<td>{COMPANY}</td>", COMPANY), (PERSON, IDENTITY), (PERSON.lower(), IDENTITY),
                ("Rossi Mario RSS MRA 80A01 H501U", IDENTITY), ("RSSMRA80A01H5LMV ditta", '')):
            with self.subTest(line=line):
                found, _unread = self.look(f"Elenco degli indirizzi\n{line}\n")
                self.assertEqual([code for code, _address in found], [identity] if identity else [])

    def test_what_is_no_code(self):
        for line in ("Avviso del 12/02/2024", "tel. 06 1234567", "REA RM-1234567", "AMMINISTRAZIONIX",
                     "prot. 0012345", ''):
            with self.subTest(line=line):
                self.assertEqual(self.look(line), ([], 0))

    def test_a_wrong_check_digit_is_told(self):
        found = irregular_list.read(f"Alfa S.r.l. 12485671008\nBeta {COMPANY}\n")
        self.assertEqual([(number, line) for number, line in found.unread], [(1, "Alfa S.r.l. 12485671008")])
        self.assertEqual([(entry.number, entry.line) for entry in found.entries], [(2, f"Beta {COMPANY}")])

    def test_a_wrong_code_beside_a_right_one(self):
        line = f"Alfa S.r.l. 12485671008 {COMPANY}"
        found = irregular_list.read(line)
        self.assertEqual([entry.identity for entry in found.entries], [COMPANY])
        self.assertEqual((found.unread, found.unread_count), (((1, line),), 1))

    def test_codes_that_lost_their_zeros(self):
        for line, code in (
                ('2118311006;BETA', '02118311006'), ('BETA,2118311006,Roma', '02118311006'),
                ('7 2118311006 BETA', '02118311006'), ('"2118311006"\tBETA', '02118311006'),
                ("C.F.: 2118311006", '02118311006'), ('Alfa;743110157', '00743110157'),
                ('1000157|Gamma', '00001000157'), ('Mobili Reali 2118311006', '02118311006')):
            with self.subTest(line=line):
                [entry] = irregular_list.read(line).entries
                self.assertEqual((entry.identity, entry.is_guessed), (code, True))

    def test_numbers_that_are_no_short_codes(self):
        number = '2118311006'
        for line in ('2118311007;BETA', f'{number}@pec', f'{number}.', f'{number}-1', f'{number}/2026', f'RM-{number}',
                     f'N{number}', f'+{number}', f'{number}a', f'1.{number}', f'REA {number}', f'R.E.A. RM {number}',
                     f'tel. {number}', f'Cellulare: {number}', f'fax {number}', f'prot. n. {number}', f'+39 {number}',
                     f'06 {number}', '100015', '000157', f'x {number} ' * 100):
            with self.subTest(line=line[:40]):
                self.assertEqual(self.look(line), ([], 0))
        [entry] = irregular_list.read(f"{number};alfa;x {COMPANY}").entries
        self.assertEqual((entry.identity, entry.is_guessed), (COMPANY, False), "nothing is guessed beside a code")

    def test_a_code_in_full_replaces_a_guess(self):
        for text in ("2118311006;BETA\n02118311006;BETA", "02118311006;BETA\n2118311006;BETA"):
            [entry] = irregular_list.read(text).entries
            self.assertEqual((entry.identity, entry.is_guessed), ('02118311006', False))

    def test_an_address_beside_a_guess_counts_as_well(self):
        self.assertEqual(self.look("2118311006;BETA;beta@pec.it"), (
            [('02118311006', 'beta@pec.it'), ('', 'beta@pec.it')], 0))

    def test_addresses(self):
        self.assertEqual(self.look(f"{COMPANY};Alfa;ALFA@Legalmail.it"), ([(COMPANY, 'alfa@legalmail.it')], 0))
        self.assertEqual(self.look("alfa@legalmail.it beta@pec.it\nalfa@legalmail.it"), (
            [('', 'alfa@legalmail.it'), ('', 'beta@pec.it')], 0))

    def test_each_once(self):
        self.assertEqual(len(self.look(f"{COMPANY} {COMPANY}\n{COMPANY}\n")[0]), 1)

    def test_bounds(self):
        unread = irregular_list.read('\n'.join(['12485671008'] * 1000))
        self.assertEqual((len(unread.unread), unread.unread_count), (irregular_list.MAX_UNREAD, 1000))
        self.assertFalse(unread.is_cut)

    def test_hostile_lines(self):
        for text in ('1 ' * 500_000, 'A' * 2_000_000, '@' * 500_000, '1.' * 1_000_000, '(' * 1_000_000,
                     'a@b.' * 200_000, 'IT' * 500_000, 'tel ' * 500_000, '1234567 ' * 300_000, '1234567;\n' * 300_000,
                     'tel. n. 1234567\n' * 200_000, '\u202e' * 100_000, '\0' * 100_000):
            with self.subTest(text=text[:10]):
                started = time.monotonic()
                self.assertEqual(self.look(text)[0], [])
                self.assertLess(time.monotonic() - started, 10)

    def test_fifty_thousand(self):
        def make(number):
            digits = f'{number:07}015'
            return digits + luhn.calc_check_digit(digits)
        found = irregular_list.read('\n'.join(f"{number}\tDitta\t{make(number)}" for number in range(1, 50_001)))
        self.assertEqual((len(found.entries), found.unread_count, found.is_cut), (50_000, 0, False))

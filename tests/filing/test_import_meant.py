from odoo.tests import tagged

from .test_import_row import QUERIES, ImportRowCase

NOBODY = {'person_name': '', 'fiscal_code': '', 'email': '', 'mobile': ''}  # a row that names no person


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestImportMeant(ImportRowCase):
    """Which PEC, which company and whom a row means is never guessed where the contacts say something else."""

    def existing(self, **cells):
        """Return a row about the company that exists, which says what its contact has, beside these cells."""
        return self.row(**{
            'company_name': "Falegnameria Prova S.r.l.", 'company_fiscal_code': self.code, 'city': "Roma",
            'province': "RM", 'pec_email': 'prova@legalmail.it', **NOBODY, **cells})

    # ------------------------------------------------------------ another PEC

    def test_the_pec_has_changed(self):
        [row] = rows = self.load(self.existing(pec_email='nuova@legalmail.it'))
        self.assertEqual((row.level, row.effects), ('error', "Left out until it is corrected."))
        self.assertIn("Company's PEC: the contact has another one (prova@legalmail.it). Tick", row.findings)
        self.assertIn("nuova@legalmail.it in the spreadsheet", row.differences)  # and so the tick can be set
        row.takes_over = True
        self.assertEqual(row.effects.splitlines(), [
            "Falegnameria Prova S.r.l. gets: Company's PEC", "New filing: Company's PEC"])
        self.assertEqual(self.apply(rows).communication_ids.pec_email, 'nuova@legalmail.it')
        self.assertEqual(self.partner.openapi_pec_email, 'nuova@legalmail.it')

    def test_the_contacts_pec_is_meant(self):
        [row] = rows = self.load(self.existing(pec_email='nuova@legalmail.it'))
        row.pec_email = 'PROVA@legalmail.it'
        self.assertNotEqual(row.level, 'error')
        self.assertEqual(self.apply(rows).communication_ids.pec_email, 'prova@legalmail.it')

    def test_the_administrators_pec_has_changed(self):
        mario = {'person_name': "Mario Rossi", 'fiscal_code': 'RSSMRA80A01H501U', 'administrator_pec': 'm@legalmail.it'}
        company, both = self.load(self.existing(**mario, kind="Company"), self.existing(**mario)).sorted('id')
        self.assertNotIn("the contact has another one", company.findings or '', "it is not asked for")
        self.assertIn(
            "Administrator's PEC: the contact has another one (mario.rossi@legalmail.it)", both.findings)
        company.unlink()
        both.takes_over = True
        filings = self.apply(both).communication_ids
        self.assertEqual(set(filings.mapped('pec_email')), {'prova@legalmail.it', 'm@legalmail.it'})

    # ------------------------------------------------------------ another company

    def test_a_company_of_another_name(self):
        """A spreadsheet has eaten a zero, and the code is that of a stranger."""
        [row] = rows = self.load(self.existing(company_name="Zeri Davanti S.r.l.", pec_email='zeri@legalmail.it'))
        self.assertEqual(row.level, 'error')
        self.assertIn("The contact with this tax code is called Falegnameria Prova S.r.l.", row.findings)
        self.assertNotIn("the contact has another one", row.findings, "a stranger's PEC is no question yet")
        row.takes_over = True
        self.assertNotEqual(row.level, 'error')
        self.apply(rows)
        self.assertEqual(
            (self.partner.name, self.partner.openapi_pec_email), ("Zeri Davanti S.r.l.", 'zeri@legalmail.it'))

    def test_a_company_by_another_spelling(self):
        for name in ("", "FALEGNAMERIA PROVA SRL", "Prova di Rossi & C. S.n.c.", "Falegnameriaprova"):
            with self.subTest(name=name):
                [row] = self.load(self.existing(company_name=name))
                self.assertNotIn("The contact with this tax code", row.findings or '')
                row.unlink()

    def test_a_trader_by_his_name(self):
        """A personal code has lost no zero, and a shop is called otherwise than its owner."""
        code = 'BNCNNA85T50F205O'
        shop = self.env['res.partner'].create({
            'name': "Bar Sport", 'is_company': True, 'l10n_it_codice_fiscale': code})
        [row] = self.load(self.row(company_name="Bianchi Anna", company_fiscal_code=code))
        self.assertEqual(row.partner_id, shop)
        self.assertNotEqual(row.level, 'error')

    # ------------------------------------------------------------ nobody is named

    def test_the_only_person(self):
        [row] = rows = self.load(self.existing(
            administrator_pec='mario.rossi@legalmail.it', kind="Both", mobile='3281234567'))
        self.assertEqual((row.representative_id, row.effects.splitlines()), (self.representative, [
            "New filing: Company's PEC", "New filing: Administrator's PEC"]))
        self.assertIn("Mobile: 3281234567 in the spreadsheet, 3401234518 on the contact", row.differences)
        self.assertEqual(self.apply(rows).communication_ids.representative_id, self.representative)
        self.assertEqual(len(self.partner.child_ids), 1)

    def test_the_only_person_gets_his_pec(self):
        self.representative.openapi_pec_email = False
        rows = self.load(self.existing(administrator_pec='mario.r@legalmail.it', pec_email=''))
        self.assertEqual(self.apply(rows).communication_ids.pec_email, 'mario.r@legalmail.it')
        self.assertEqual(self.representative.openapi_pec_email, 'mario.r@legalmail.it')

    def test_several_people_or_none(self):
        other = self.env['res.partner'].create({'name': "Anna Bianchi", 'parent_id': self.partner.id})
        [row] = self.load(self.existing(administrator_pec='mario.r@legalmail.it'))
        self.assertEqual(row.level, 'error')
        self.assertNotIn("the contact has another one", row.findings, "whose it is, nobody knows yet")
        for person in self.representative | other:
            self.assertIn(person.display_name, row.findings)
        self.assertIn("write the name of one", row.findings)
        (self.representative | other).active = False
        self.partner.invalidate_recordset(['child_ids'])
        row.action_check()
        self.assertIn("The representative's name is missing: write name and surname.", row.findings)

    # ------------------------------------------------------------ all at once

    def test_what_else_is_wrong_is_told_at_once(self):
        """Whoever corrects a row that is left out corrects its other cells in the same round."""
        [row] = self.load(self.row(
            company_fiscal_code='12485671008', pec_email='nessuna chiocciola', mobile='06 1234567', province="Zürich",
            email=''))
        self.assertEqual(row.level, 'error')
        first, *others = row.findings.splitlines()
        self.assertIn("Company Tax Code is not a valid tax code", first)
        for label in ("Mobile", "PEC", "Province"):
            self.assertTrue([sentence for sentence in others if sentence.startswith(label)], label)
        self.assertFalse([sentence for sentence in others if sentence.startswith("Email")], "it may be filled in")
        row.write({'mobile': '3281234567', 'pec_email': 'nuova@legalmail.it', 'province': 'MI'})
        self.assertEqual(len(row.findings.splitlines()), 1)

    def test_a_row_left_out_claims_nothing(self):
        """Its PEC stands in the way of no row that is applied."""
        rows = self.load(
            self.row(company_fiscal_code='12485671008', pec_email='una@legalmail.it'),
            self.row(1, pec_email='una@legalmail.it')).sorted('id')
        self.assertEqual(rows.mapped('level'), ['error', 'fine'])

    def test_queries_of_rows_left_out(self):
        counts = []
        for numbers in (range(10), range(10, 20), range(20, 320)):
            table = [self.row(number, company_fiscal_code='12485671008') for number in numbers]
            counts.append(self.count(lambda table=table: self.load(*table))[0])
        self.assertLess(counts[2], counts[1] + QUERIES)

    def test_queries_of_what_is_prepared(self):
        """The names of multiple filings are read at once."""
        counts = []
        for numbers in (range(10), range(10, 20), range(20, 220)):
            table = [self.row(number) for number in numbers]
            self.apply(self.load(*table))
            counts.append(self.count(lambda table=table: self.load(*table))[0])
        self.assertLess(counts[2], counts[1] + QUERIES)

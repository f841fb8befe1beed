import csv
import io

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import file_open

from odoo.addons.l10n_it_openapi_pec import const

from ..common import PecCase
from ..odd_values import ODD_VALUES

HEADERS = ("About", "Kind", "PEC", "Representative", "Qualification")
XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
COMPANY_CODE, PERSON_CODE = '00743110157', 'BNCNNA85T50F205O'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestImportSpreadsheet(PecCase):
    """Drafts from CSV and XLSX, through Odoo's own import, with companies by tax code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env['res.partner']
        alike = partners._openapi_pec_find(['12485671007', COMPANY_CODE, PERSON_CODE, 'RSSMRA80A01H501U'])
        (partners.union(*alike.values()) - cls.partner - cls.representative).active = False  # of the demo data
        cls.second = partners.create({
            'name': "Seconda S.p.A.", 'is_company': True, 'vat': 'IT00743110157',
            'openapi_pec_email': 'seconda@legalmail.it'})
        cls.person = partners.create({
            'name': "Anna Bianchi", 'parent_id': cls.second.id, 'l10n_it_codice_fiscale': PERSON_CODE,
            'email': 'anna@example.com'})
        cls.filings = cls.env['openapi_pec.communication'].with_user(cls.user)

    def load(self, rows, headers=HEADERS, file_type='text/csv', fields=None, **options):
        """Import a file as a user does: look at it, then import what was matched.

        :return: ``(filings, messages)``
        """
        file = self.write_csv(headers, rows) if file_type == 'text/csv' else self.write_xlsx(headers, rows)
        wizard = self.env['base_import.import'].with_user(self.user).create({
            'res_model': 'openapi_pec.communication', 'file': file, 'file_name': 'x', 'file_type': file_type})
        options = {'has_headers': True, 'quoting': '"', 'separator': ',', 'encoding': 'utf-8', **options}
        if fields is None:
            preview = wizard.parse_preview(options)
            self.assertNotIn('error', preview)
            fields = [
                '/'.join(preview['matches'][index]) if index in preview['matches'] else False
                for index in range(len(headers))]
        result = wizard.execute_import(fields, headers, options)
        return self.env['openapi_pec.communication'].browse(result.get('ids') or ()), result['messages']

    def write_csv(self, headers, rows):
        file = io.StringIO()
        csv.writer(file).writerows([headers, *rows])
        return file.getvalue().encode('utf-8', 'replace')

    def write_xlsx(self, headers, rows):
        book = openpyxl.Workbook()
        for row in [headers, *rows]:
            book.active.append(row)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def assert_refused(self, rows, row, sentence, **options):
        """The import of these rows is refused as a whole, for this row."""
        before = self.filings.search_count([])
        filings, messages = self.load(rows, **options)
        self.assertFalse(filings)
        self.assertEqual(self.filings.search_count([]), before)
        found = [message['message'] for message in messages if message.get('rows', {}).get('from') == row]
        self.assertIn(sentence, ' '.join(found))

    GOOD = (
        ['12485671007', "Company's PEC", 'nuova@legalmail.it', 'RSSMRA80A01H501U', "Legal Representative"],
        [COMPANY_CODE, 'administrator', 'anna@legalmail.it', PERSON_CODE, 'AMMINISTRATORE'],
    )

    def test_good_rows(self):
        for file_type in ('text/csv', XLSX):
            with self.subTest(file_type=file_type):
                filings, messages = self.load(self.GOOD, file_type=file_type)
                self.assertFalse(messages)
                self.assertEqual(
                    filings.mapped(lambda filing: (
                        filing.partner_id, filing.kind, filing.pec_email, filing.representative_id,
                        filing.qualification, filing.state)),
                    [
                        (
                            self.partner, 'company', 'nuova@legalmail.it', self.representative, 'LEGALE_RAPPRESENTANTE',
                            'draft'),
                     (self.second, 'administrator', 'anna@legalmail.it', self.person, 'AMMINISTRATORE', 'draft')])
                self.assertEqual(filings[0].mobile, '3401234518')
                self.assertEqual(filings.mapped('company_fiscal_code'), ['12485671007', COMPANY_CODE])
                self.assertFalse(filings.filtered('remote_id') or filings.filtered('environment'))

    def test_what_is_empty_is_proposed(self):
        filings, messages = self.load(
            [['12485671007', '', '', '', ''], [COMPANY_CODE, "Administrator's PEC", '', '', '']])
        self.assertFalse(messages)
        self.assertEqual(
            filings.mapped(
                lambda filing: (filing.kind, filing.pec_email, filing.representative_id, filing.qualification)),
            [('company', 'prova@legalmail.it', self.representative, 'LEGALE_RAPPRESENTANTE'),
             ('administrator', False, self.person, 'AMMINISTRATORE')])

    def test_ways_of_writing_a_company(self):
        for value in (
            '12485671007', 'IT12485671007', ' it 12485671007', 12485671007, "Falegnameria Prova S.r.l.",
            'P.IVA 12485671007', '12485\u200b671007', "FALEGNAMERIA PROVA S.R.L.", "falegnameria  prova s.r.l.",
            "Falegnameria\xa0Prova S. r. l. ", "Falegnameria Prova\u200b S.r.l.",
        ):
            filings, messages = self.load([[value, '', 'x@legalmail.it', '', '']], file_type=XLSX)
            self.assertEqual((filings.partner_id, messages), (self.partner, []), value)
        # A number loses its zeros in a spreadsheet.
        filings, messages = self.load([[743110157, '', '', '', '']], file_type=XLSX)
        self.assertEqual((filings.partner_id, messages), (self.second, []))
        # An omocode is the same person's.
        filings, messages = self.load([[COMPANY_CODE, '', '', 'BNCNNA85T50F2LRZ', '']])
        self.assertEqual((filings.representative_id, messages), (self.person, []))

    def test_rows_that_miss_somebody(self):
        for file_type in ('text/csv', XLSX):
            for cells, sentence in [
                (['07432261001', '', 'x@pec.it', '', ''], "About: there is no such contact"),
                (['', '', 'x@pec.it', '', ''], "About is missing"),
                (['12485671007', '', 'x@pec.it', 'VRDLGU70A01H501X', ''], "Representative: there is no such contact"),
                (['12485671007', '', 'x@pec.it', 'Seconda S.p.A.', ''], "Representative: there is no such contact"),
            ]:
                with self.subTest(cells=cells, file_type=file_type):
                    self.assert_refused([*self.GOOD, cells], 2, sentence, file_type=file_type)
        _filings, messages = self.load([*self.GOOD, ['07432261001', '', 'x@pec.it', '', '']])
        self.assertNotIn('07432261001', str(messages))

    def test_ways_of_writing_a_name(self):
        """Capitals, spaces, apostrophes and how an accent is kept make no difference; the letters do."""
        partners = self.env['res.partner']
        company = partners.create({'name': "Forlì d’Oro  S.p.A.", 'is_company': True})
        for value in ("Forlì d'Oro S.p.A.", "FORLI\u0300 D`ORO S.P.A.", "forlì d’oro s.p.a."):
            filings, messages = self.load([[value, '', 'x@legalmail.it', '', '']])
            self.assertEqual((filings.partner_id, messages), (company, []), value)
        for value in ("Forli d'Oro S.p.A.", "Forlì d'Oro S.r.l.", "Forlì d'Or S.p.A."):
            self.assert_refused([[value, '', 'x@legalmail.it', '', '']], 0, "there is no such contact")
        # Of two that differ in capitals alone, who is written with the same ones is meant; otherwise nobody knows.
        other = partners.create({'name': "FORLÌ D’ORO S.P.A.", 'is_company': True})
        for value, expected in (("FORLÌ D'ORO S.P.A.", other), ("Forlì d’Oro S.p.A.", company)):
            filings, messages = self.load([[value, '', 'x@legalmail.it', '', '']])
            self.assertEqual((filings.partner_id, messages), (expected, []))
        self.assert_refused([["forlì d'oro s.p.a.", '', 'x@legalmail.it', '', '']], 0, "several contacts are meant")
        cyrillic = partners.create({'name': "Рим", 'is_company': True})
        filings, messages = self.load([["Рим", '', 'x@legalmail.it', '', '']])
        self.assertEqual((filings.partner_id, messages), (cyrillic, []))

    def test_full_stops_and_commas(self):
        """ "Srl" finds "S.r.l.", unless two contacts differ in that alone."""
        partners = self.env['res.partner']
        for value in ("Falegnameria Prova Srl", "FALEGNAMERIA PROVA SRL", "falegnameria prova, s.r.l"):
            filings, messages = self.load([[value, '', 'x@legalmail.it', '', '']])
            self.assertEqual((filings.partner_id, messages), (self.partner, []), value)
        for value in ("Falegnameria Prova Spa", "Falegnameria Prova", "Falegnameria Prova Srls"):
            self.assert_refused([[value, '', 'x@legalmail.it', '', '']], 0, "there is no such contact")
        other = partners.create({'name': "Falegnameria Prova Srl", 'is_company': True})
        for value, expected in (("Falegnameria Prova srl", other), ("Falegnameria Prova s.r.l.", self.partner)):
            filings, messages = self.load([[value, '', 'x@legalmail.it', '', '']])
            self.assertEqual((filings.partner_id, messages), (expected, []), value)
        self.assert_refused([["Falegnameria Prova, sr.l", '', 'x@legalmail.it', '', '']], 0, "several contacts")

    def test_people_of_the_company_first(self):
        """A representative's name is that of somebody of the company; a stranger's is not taken without more."""
        partners = self.env['res.partner']
        right = partners.create({'name': "Ditta Giusta S.r.l.", 'is_company': True, 'vat': 'IT07432261001'})
        elio, nicolo = partners.create([
            {'name': name, 'parent_id': right.id} for name in ("Elio Zorzi", "Dott. Nicolò D’Amico")])
        stranger = partners.create({
            'name': "Zorzi Elio", 'parent_id': self.second.id, 'l10n_it_codice_fiscale': 'ZRZLEI70A01F205C'})
        for company in ('07432261001', "Ditta Giusta Srl"):
            for value, expected in (
                ("ZORZI ELIO", elio), ("Elio Zorzi", elio), ("zorzi  elio", elio), ("Zorzi, Elio", elio),
                ("Zorzi Elio", elio), ("Dott. Elio Zorzi", elio), ("Ditta Giusta S.r.l., Elio Zorzi", elio),
                ("D'AMICO NICOLO'", nicolo), ("nicolò d'amico", nicolo),
                # outside, by complete name or code
                ("Seconda S.p.A., Zorzi Elio", stranger), ("SECONDA SPA, ZORZI ELIO", stranger),
                ('ZRZLEI70A01F205C', stranger),
            ):
                with self.subTest(company=company, value=value):
                    filings, messages = self.load_directly([[company, value]], ('partner_id', 'representative_id'))
                    self.assertEqual((filings.representative_id, messages), (expected, []))
        sentence = "the company has nobody of this name; somebody else has"
        for value in ("Zorzi Elio", "ZORZI ELIO", "zorzi  elio", "Anna Bianchi"):
            self.assert_refused([['12485671007', '', 'x@pec.it', value, '']], 0, sentence)
        self.assert_refused([['12485671007', '', 'x@pec.it', "Elia Zorzi", '']], 0, "there is no such contact")
        partners.create({'name': "Zorzi Elio", 'parent_id': right.id})
        filings, messages = self.load_directly([['07432261001', "Elio Zorzi"]], ('partner_id', 'representative_id'))
        self.assertEqual((filings.representative_id, messages), (elio, []), "written with the same words in order")
        self.assert_refused([['07432261001', '', 'x@pec.it', "Dott. Zorzi Elio", '']], 0, "several contacts are meant")
        # Somebody who belongs to no company is named completely by the name alone.
        alone = partners.create({'name': "Ugo Sala"})
        filings, messages = self.load_directly([['07432261001', "UGO SALA"]], ('partner_id', 'representative_id'))
        self.assertEqual((filings.representative_id, messages), (alone, []))

    def test_several_contacts(self):
        self.second.copy({'name': "Seconda copia"})
        self.assert_refused(self.GOOD, 1, "several contacts are meant")
        twin = self.env['res.partner'].create({'name': "Anna Bianchi", 'l10n_it_codice_fiscale': PERSON_CODE})
        filings, messages = self.load([['12485671007', '', 'x@pec.it', PERSON_CODE, '']])
        self.assertEqual((filings.representative_id, messages), (twin, []), "who belongs to nobody else")

    def test_other_companies(self):
        self.second.company_id = self.env['res.company'].create({'name': "Altra"})
        self.assert_refused(self.GOOD, 1, "there is no such contact")

    def test_wrong_selection(self):
        for file_type in ('text/csv', XLSX):
            both, boss = ['12485671007', "Both", 'x@pec.it', '', ''], ['12485671007', '', 'x@pec.it', '', "Boss"]
            self.assert_refused([*self.GOOD, both], 2, "not found in selection field", file_type=file_type)
            self.assert_refused([boss, *self.GOOD], 0, "not found in selection field", file_type=file_type)

    def test_huge_cells(self):
        for column in range(5):
            cells = ['12485671007', '', 'x@pec.it', '', '']
            cells[column] = 'x' * 30000
            self.assert_refused([*self.GOOD, cells], 2, f"more than {const.service.MAX_CELL_LENGTH} characters")

    def test_formulas_and_html(self):
        """A formula is no company; elsewhere it is text, which the checks find wrong and nobody evaluates."""
        evil = [
            '=HYPERLINK("http://x")', '<img src=x onerror=alert(1)>', '@SUM(1+1)*cmd|calc',
            "'; DROP TABLE res_partner --", '{{7*7}}']
        for text in evil:
            self.assert_refused([[text, '', 'x@pec.it', '', '']], 0, "there is no such contact")
            filings, messages = self.load([['12485671007', '', text, '', '']])
            self.assertEqual((filings.pec_email, filings.state, messages), (text.lower(), 'draft', []))
            self.assertEqual(filings.findings_level, 'error')
            self.assertNotIn('<img', filings.findings)
        # openpyxl keeps formulas as such: what they were worth was never computed, so the cell is empty.
        self.assert_refused([['="12485671007"', '', 'x@pec.it', '', '']], 0, "About is missing", file_type=XLSX)

    def test_odd_values(self):
        known = self.partner + self.second
        for value in ODD_VALUES:
            cell = value if isinstance(value, str) else repr(value)
            filings, messages = self.load_directly([[cell[:600]]])
            self.assertTrue(messages or filings.partner_id in known, repr(value)[:50])
            self.assertFalse(filings, repr(value)[:50])

    def load_directly(self, data, fields=('partner_id',)):
        result = self.filings.load(list(fields), data)
        return self.filings.browse(result['ids'] or ()), result['messages']

    def test_forbidden_columns(self):
        for field, value in [
            ('state', 'completed'), ('remote_id', '60ad149c3a7168084f1d2b68'), ('environment', 'production'),
            ('is_imported', 'True'), ('submitted_at', '2026-01-01 10:00:00'), ('remote_state', 'x'),
            ('procura_id/id', 'base.x'), ('reference', 'x'),
        ]:
            with self.subTest(field=field):
                filings, messages = self.load(
                    [['12485671007', value]], headers=["About", field], fields=['partner_id', field])
                self.assertFalse(filings)
                [message] = messages
                self.assertIn("kept by Odoo alone", message['message'])
                self.assertIn(field.split('/')[0], message['message'])
        for field in ('callback_token', 'api_call_ids/remote_id'):
            filings, messages = self.load_directly([['12485671007', 'x']], ('partner_id', field))
            self.assertFalse(filings, field)
            self.assertTrue(messages, field)

    def test_what_was_filed_cannot_be_overwritten(self):
        filing = self.create_filing(pec_email='x@legalmail.it')
        self.submit(filing)
        filings, messages = self.load_directly([[str(filing.id), 'y@legalmail.it']], ('.id', 'pec_email'))
        self.assertFalse(filings)
        self.assertIn("cannot be changed", messages[0]['message'])
        self.assertEqual(filing.pec_email, 'x@legalmail.it')
        draft = self.create_filing(pec_email='z@legalmail.it')
        filings, messages = self.load_directly([[str(draft.id), 'y@legalmail.it']], ('.id', 'pec_email'))
        self.assertEqual((filings, messages, draft.pec_email), (draft, [], 'y@legalmail.it'))

    def test_nothing_is_sent(self):
        self.load(self.GOOD)
        self.commit()
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.stats()['requests'], {})

    def test_users_alone(self):
        with self.assertRaises(AccessError):
            self.filings.with_user(self.outsider).create({'partner_id': self.partner.id})
        with self.assertRaises(AccessError):
            self.filings.with_user(self.outsider).load(['partner_id'], [['12485671007']])

    def test_queries(self):
        """Companies and people of many rows are found with a constant number of queries."""
        rows = [['12485671007', '', f'x{number}@pec.it', 'RSSMRA80A01H501U', ''] for number in range(300)]
        fields = ['partner_id', 'kind', 'pec_email', 'representative_id', 'qualification']
        counts = []
        for some in (rows[:3], rows[:3], rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            _fields, _data, messages = self.filings._find_contacts(fields, some)
            self.assertFalse(messages)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        filings, messages = self.load(rows)
        self.assertEqual((len(filings), messages), (300, []))

    def test_in_batches(self):
        rows = [['12485671007', '', f'x{number}@pec.it', '', ''] for number in range(5)]
        filings, messages = self.load(rows, limit=2)
        self.assertEqual((len(filings), messages), (2, []))
        filings, messages = self.load(rows, limit=2, skip=2)
        self.assertEqual(filings.mapped('pec_email'), ['x2@pec.it', 'x3@pec.it'])

    def test_examples(self):
        """The example files are matched by themselves, in both languages, and hold rows that can be imported."""
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['l10n_it_openapi_pec'], ['it_IT'])
        for lang in ('en_US', 'it_IT'):
            with self.subTest(lang=lang):
                [template] = self.filings.with_context(lang=lang).get_import_templates()
                with file_open(template['template'].lstrip('/'), 'rb') as file:
                    content = file.read()
                wizard = self.env['base_import.import'].with_user(self.user).with_context(lang=lang).create({
                    'res_model': 'openapi_pec.communication', 'file': content, 'file_name': 'x.xlsx',
                    'file_type': XLSX})
                options = {'has_headers': True}
                preview = wizard.parse_preview(options)
                matched = [preview['matches'].get(index) for index in range(len(preview['headers']))]
                self.assertEqual(
                    matched, [['partner_id'], ['kind'], ['pec_email'], ['representative_id'], ['qualification']])
                result = wizard.execute_import([path[0] for path in matched], preview['headers'], options)
                self.assertFalse(result['messages'])
                self.assertEqual(len(result['ids']), 2)

import csv
import io
import json

from openpyxl import load_workbook

from odoo.http import Request
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.tools import spreadsheet_cells
from odoo.addons.l10n_it_openapi_pec.tools.api import text
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError

from ..common import CREATE, p7m_files
from ..common_client import ClientCase
from ..common_mailbox import MailboxCase

# How the name of a company can be written by whoever filed it at the service.
FORMULA = '=HYPERLINK("http://example.com";"Rossi")'
TURNED = "Ros\u202esi\u200b S.r.l.\u2066"
TOKEN = 'sandbox-token'
ADDRESS = 'https://odoo.example.com/openapi_pec/callback/0123456789abcdef0123456789abcdef'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOutsideTextTools(BaseCase):
    """What is done with text from outside, without a database."""

    def test_visible(self):
        for written, shown in {
            "Rossi": "Rossi", "Perù – L’Aquila": "Perù – L’Aquila", TURNED: "Rossi S.r.l.", "a\x00b\x07": "ab",
            "\ud800": "?", "due\nrighe\te": "due\nrighe\te", "a\u00adb\ufeffc\U000e0041d\ufe0fe\u3164": "abcde",
        }.items():
            self.assertEqual(text.visible(written), shown)

    def test_formulas(self):
        for cell in (FORMULA, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "{=1}", "\uff1d1", "\n=1"):
            self.assertEqual(spreadsheet_cells.defuse(cell), "'" + cell)
            self.assertEqual(spreadsheet_cells.undo_defuse(spreadsheet_cells.defuse(cell)), cell)
        for cell in ("Rossi", "Società", "'ndrangheta", "1+1", "a=1", "x@y", "", False, None, -1, 1.5, "—"):
            self.assertEqual(spreadsheet_cells.defuse(cell), cell)
            self.assertEqual(spreadsheet_cells.undo_defuse(cell), cell)

    def test_rows(self):
        self.assertEqual(
            spreadsheet_cells.get_rows([['x'], None, 1, 'x', {}, ['y', None, 'z']], 2),
            [['x', ''], *[['', '']] * 4, ['y', None]])
        for data in (None, 'x', {}, 1):
            self.assertEqual(spreadsheet_cells.get_rows(data, 2), [])

    def test_tidy_at_once(self):
        """What is said to be tidy as a whole, no text of it is changed by; and most lists are."""
        rows = [{'id': 'a1', 'casella_pec': 'rossi@pec.it', 'stato': 'evasa', 'cf': 'RSSMRA80A01H501U', 'n': [1, None]}]
        self.assertTrue(text.is_tidy(json.dumps(rows), TOKEN, None, ''))
        for odd in (
                TURNED, "Perù", "a\x00b", TOKEN, ADDRESS, ADDRESS.upper(), 'Bearer xyz', 'x?ACCESS_TOKEN=abc',
                ADDRESS.replace('/', '%2F'), "due\nrighe", '\\'):
            for written in (json.dumps([odd]), json.dumps([odd], ensure_ascii=False)):
                with self.subTest(written=written):
                    self.assertFalse(text.is_tidy(written, TOKEN))
        for word in ("evasa", f"evasa {TOKEN}", "a\x00", 7, "x" * 100, ['evasa'], "RSSMRA80A01H501U"):
            self.assertEqual(text.clean_word(word), text.clean_text(word))
        for piece in ("Rossi", " Rossi ", "a\tb", "a\x00b", "Perù\u200b", "x" * 600, 7, None):
            self.assertEqual(
                text.bound_text(piece), text.visible(text.NOT_PRINTABLE.sub(' ', piece)).strip()[:500]
                if isinstance(piece, str) else '')

    def test_secrets(self):
        told = text.tidy({'note': [f"your token {TOKEN}, {ADDRESS}, {ADDRESS.replace('/', '%2F')}", {
            'url': 'https://odoo.example.com/openapi_pec/signature/7?access_token=abcdef&lang=it',
            'cf': 'RSSMRA80A01H501U'}]}, TOKEN)
        for secret in (TOKEN, '0123456789abcdef', 'abcdef'):
            self.assertNotIn(secret, str(told))
        self.assertIn('RSSMRA80A01H501U', str(told), "of data, the tax code is what is wanted")
        message = text.clean_text(f"no: {ADDRESS} {'a1' * 16} RSSMRA\u200b80A01H501U Bearer xyz", TOKEN)
        for secret in ('0123456789abcdef', 'a1a1', 'RSSMRA', 'xyz'):
            self.assertNotIn(secret, message)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOutsideText(ClientCase, MailboxCase):
    """No text in answers, certificates, spreadsheets and mails acts where it is shown; no secret in it is kept."""

    def import_filing(self, **template):
        """Have a filing that somebody made in the console imported."""
        self.sandbox.create_filings(1, 'comunicazione_evasa', **{
            'casella_pec': 'console@legalmail.it', 'cf_piva': '12485671007', 'cf': 'RSSMRA80A01H501U', **template})
        with mute_logger('odoo.http'):
            self.rpc('openapi_pec.foreign_filing', 'action_import', [])
        self.env.cr.execute("UPDATE openapi_pec_foreign_filing SET seen_at = seen_at - interval '1 hour'")
        self.env.invalidate_all()
        self.run_cron('import')
        filing = self.env['openapi_pec.communication'].search(
            [('pec_email', '=', template.get('casella_pec', 'console@legalmail.it'))])
        self.assertEqual(len(filing), 1)
        return filing

    def test_answers_are_visible_and_hold_no_secret(self):
        alike = self.env['res.partner']._openapi_pec_find(['12485671007', 'RSSMRA80A01H501U'])
        # of the demo data
        (self.env['res.partner'].union(*alike.values()) - self.partner - self.representative).active = False
        filing = self.import_filing(ragione_sociale=TURNED, comune=f"Roma {TOKEN}", nome=f"Mario {ADDRESS}")
        self.assertEqual(filing.company_name, "Rossi S.r.l.")
        self.assertEqual(filing.city, "Roma ***")
        self.assertNotIn('0123456789abcdef', filing.first_name)

    def test_mailboxes(self):
        self.sandbox.create_mailboxes(1)
        self.sandbox.change_mailboxes(nome_richiedente="Ma\u202erio", descrizione=f"note {TOKEN} {ADDRESS}")
        mailboxes = self.client.list_mailboxes()
        [record] = [self.client.get_mailbox(row['id']) for row in mailboxes]
        self.assertEqual(record['nome_richiedente'], "Mario")
        self.assertIn("note ***", record['descrizione'])
        for secret in (TOKEN, '0123456789abcdef'):
            self.assertNotIn(secret, str(record))

    def test_errors_hold_no_secret(self):
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'error_before', status=406, body=json.dumps({
            'success': False, 'error': 351, 'data': None,
            'message': f"no \u202e{TOKEN} {ADDRESS} RSSMRA\u200b80A01H501U access_token=geheim {'c0' * 20}"}))
        self.submit(filing)
        journal = filing.api_call_ids.read(['message', 'code'])
        told = f'{filing.error_message} {filing.refused} {journal} {self.messages(filing)}'
        self.assertIn("351", told)
        for secret in (TOKEN, '0123456789abcdef', 'RSSMRA80A01H501U', 'geheim', 'c0c0', '\u202e', '\u200b'):
            self.assertNotIn(secret, told)
        self.sandbox.fault(
            'GET /comunica_pec/{id}/procura_registro_imprese', 'error_before', status=400,
            body=f"wrong {TOKEN} {ADDRESS}")
        with self.assertRaises(OpenapiPecError) as refused:
            self.client.get_procura('a' * 24)
        self.assertNotIn(TOKEN, refused.exception.message)
        self.assertNotIn('0123456789abcdef', refused.exception.message)

    def test_certificates(self):
        filing = self.create_filing()
        self.bring_to_signature(filing)
        signer = p7m_files.identity(
            given="Ma\u3164rio\ufe0f", surname="Ros\u034fsi\u202e", common_name="x", issuer="Pro\u202eva CA")
        self.upload(filing, p7m_files.sign(signer, filing.procura_id.raw))
        shown = str(filing.signature_findings) + str(
            filing._get_signature_log(filing._judge_signed(filing._get_signed_content())))
        self.assertIn("Mario Rossi", shown)
        self.assertFalse(set(shown) & set('\u202e\u3164\ufe0f\u034f'))

    def test_spreadsheets_that_come_in(self):
        loaded = self.rpc('openapi_pec.communication', 'load', ['partner_id', 'first_name', 'mobile', 'city'], [
            ["Falegnameria\u200b Prova S.r.l.", "Ma\u202erio", "'+39 340 1234518", "'Ndrangheta"]])
        self.assertFalse(loaded['messages'], loaded)
        filing = self.env['openapi_pec.communication'].browse(loaded['ids'])
        self.assertEqual((filing.first_name, filing.mobile, filing.city), ("Mario", "3401234518", "'Ndrangheta"))

    def test_contacts_written_outside(self):
        self.representative.name = "Ma\u202erio Rossi\u200b"
        self.assertEqual(self.create_filing().first_name, "Mario")

    def test_mail_failures(self):
        request = self.env['openapi_pec.signing_request'].create(
            {'name': "Mario", 'email': 'm@example.com', 'company_id': self.company.id})
        request.message_id = request.message_post(message_type='comment')
        self.env['mail.notification'].create({
            'mail_message_id': request.message_id.id, 'res_partner_id': self.representative.id,
            'notification_type': 'email', 'notification_status': 'exception', 'failure_type': 'mail_smtp',
            'failure_reason': f"550 \u202e{ADDRESS} RSSMRA80A01H501U"})
        request._take_over()
        self.assertEqual(request.failure_text, "550 https://odoo.example.com/openapi_pec/callback/*** ***")

    # ------------------------------------------------------------ what goes out

    def export(self, kind, model, ids, names, groupby=()):
        response = self.url_open(
            f'/web/export/{kind}', timeout=60, data={'csrf_token': Request.csrf_token(self), 'data': json.dumps({
            'model': model, 'fields': [{'name': name, 'label': name, 'type': 'char'} for name in names], 'ids': ids,
            'domain': [],
            'import_compat': False, 'context': {}, 'groupby': list(groupby)})})
        self.assertEqual(response.status_code, 200, response.text[:500])
        return response.content

    def get_cells(self, content):
        """Return the cells of a workbook; of a formula its type is 'f'."""
        [sheet] = load_workbook(io.BytesIO(content)).worksheets
        return [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]

    def test_exports_hold_no_formula(self):
        self.manager.group_ids += self.env.ref('base.group_allow_export')
        self.log_in(self.manager)
        filing = self.create_filing(
            company_name=FORMULA, city='@SUM(A1)', first_name='\t=1+1', mobile='+393409999999',
            pec_email='=cmd@legalmail.it')
        self.partner.openapi_pec_email = '=1+1@legalmail.it'
        names = [
            'company_name', 'city', 'first_name', 'mobile', 'pec_email', 'partner_id/openapi_pec_email',
            'partner_id/name']
        rows = list(csv.reader(io.StringIO(self.export('csv', filing._name, filing.ids, names).decode())))
        self.assertEqual(rows[1][:5], ["'" + value for value in (
            FORMULA, '@SUM(A1)', '\t=1+1', '+393409999999', '=cmd@legalmail.it')])
        contents = [
            self.export('xlsx', filing._name, filing.ids, names),
            self.export('xlsx', filing._name, filing.ids, names, groupby=['company_name']),
            self.export('xlsx', 'res.partner', self.partner.ids, [
                'openapi_pec_email', 'openapi_pec_communication_ids/company_name', 'name']),
            self.export('xlsx', 'openapi_pec.foreign_filing', self.env['openapi_pec.foreign_filing'].create({
                'company_id': self.company.id, 'environment': 'sandbox', 'remote_id': 'a' * 24,
                'company_name': FORMULA}).ids,
                ['company_name', 'remote_id']),
        ]
        for number, content in enumerate(contents):
            with self.subTest(number=number):
                cells = self.get_cells(content)
                self.assertTrue(any("=" in str(cell.value) for cell in cells))
                self.assertNotIn('f', [cell.data_type for cell in cells], [cell.value for cell in cells])

    def test_pivot_holds_no_formula(self):
        table = {
            'model': 'openapi_pec.communication', 'title': "PEC", 'measure_count': 1, 'origin_count': 0,
            'col_group_headers': [[{'title': FORMULA, 'width': 1, 'height': 1}]],
            'measure_headers': [{'title': "Count", 'width': 1, 'height': 1, 'is_bold': False}],
            'rows': [{'title': FORMULA, 'indent': 0, 'values': [{'is_bold': False, 'value': 1}]}]}
        response = self.url_open('/web/pivot/export_xlsx', timeout=60, data={
            'csrf_token': Request.csrf_token(self), 'data': json.dumps(table)})
        self.assertEqual(response.status_code, 200)
        [sheet] = load_workbook(io.BytesIO(response.content)).worksheets
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        self.assertIn("'" + FORMULA, [cell.value for cell in cells])
        self.assertNotIn('f', [cell.data_type for cell in cells])

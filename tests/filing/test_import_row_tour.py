import base64
import io

import openpyxl

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec import const

from ..overview.test_overview_tour import ItalianTour
from .test_import_row import MODEL, ImportRowCase

ROWS = 30


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestImportRowTour(ItalianTour):
    """One spreadsheet of thirty rows, to a submitted multiple filing, in Italian."""
    row = ImportRowCase.row

    def test_spreadsheet(self):
        labels = self.env[MODEL].with_user(self.manager).with_context(lang='it_IT').fields_get(
            const.import_row.CELLS, ['string'])
        book = openpyxl.Workbook()
        book.active.append([labels[name]['string'] for name in const.import_row.CELLS])
        for number in range(ROWS):
            faults = {3: {'company_fiscal_code': '12485671008'}, 7: {'mobile': '06 1234567'}}
            book.active.append(self.row(number, **faults.get(number, {})))
        content = io.BytesIO()
        book.save(content)
        self.env['ir.attachment'].create({
            'name': 'rows.xlsx', 'url': '/openapi_pec_tour/rows.xlsx', 'public': True,
            'datas': base64.b64encode(content.getvalue())})
        self.sandbox.settings(credit=1000)
        self.dispatch_soon()
        with mute_logger('odoo.http'):  # Odoo's own page of the import sends more than its server takes
            self.start_tour('/odoo/pec-batches', 'openapi_pec_spreadsheet', login=self.manager.login)
        filings = self.env['openapi_pec.batch'].search([], limit=1).communication_ids
        self.assertEqual((len(filings), set(filings.mapped('state'))), (ROWS, {'code_requested'}))
        self.assertEqual(self.sandbox.executed(), ROWS)
        self.assertEqual(len(filings.partner_id), ROWS)

    def test_shown_anew(self):
        """What has changed since the list was opened is shown anew there, and on the row's own page."""
        self.partner.l10n_it_codice_fiscale = self.code_of(7000)
        result = self.env[MODEL].with_user(self.manager).load(list(const.import_row.CELLS), [self.row(
            company_name="Falegnameria Prova S.r.l.", company_fiscal_code=self.partner.l10n_it_codice_fiscale,
            pec_email='', city="Roma")])
        self.start_tour('/odoo/pec-spreadsheet', 'openapi_pec_spreadsheet_changed', login=self.manager.login)
        [row] = self.env[MODEL].browse(result['ids'])
        self.assertEqual((row.state, self.partner.openapi_pec_email), ('applied', 'terza@legalmail.it'))
        self.assertEqual(self.env['openapi_pec.communication'].search_count([
            ('partner_id', '=', self.partner.id)]), 1)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWorklistOnAPhone(ItalianTour):
    """A multiple filing at 390 px."""
    browser_size = '390x844'
    touch_enabled = True

    def test_worklist(self):
        companies = self.create_companies(4)
        companies[1].child_ids.phone = '06 1234567'
        action = companies.with_user(self.manager).action_openapi_pec_communicate()
        batch_id = action['context']['openapi_pec_batch_id']
        self.start_tour(
            f'/odoo/pec-batches/{batch_id}/pec-worklist', 'openapi_pec_worklist_phone', login=self.manager.login)

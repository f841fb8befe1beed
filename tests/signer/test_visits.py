from lxml import etree, html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

import p7m_files as files

from ..common import PATCH
from .test_signer import KEPT, SignerCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestVisits(SignerCase):
    """The filing shows when its page was opened, its document downloaded, something uploaded; the page knows it."""

    def seen(self):
        self.env.invalidate_all()
        return [bool(self.filing[f'page_{step}_at']) for step in ('opened', 'downloaded', 'uploaded')]

    def test_steps(self):
        self.assertEqual(self.seen(), [False, False, False])
        self.visit(access_token='0' * 64)
        self.url_open(self.url(), method='HEAD')
        self.url_open(self.url(suffix='/procura'), method='HEAD')
        self.assertEqual(self.seen(), [False, False, False], "neither a wrong visitor nor a scanner of links")
        self.visit()
        self.assertEqual(self.seen(), [True, False, False])
        self.visit(suffix='/procura')
        self.assertEqual(self.seen(), [True, True, False])
        self.assertIn(KEPT, self.post(self.sign(self.filing)).text)
        self.assertEqual(self.seen(), [True, True, True])
        self.assertEqual(self.env['openapi_pec.signer_visit'].search_count([]), 1)

    def test_what_was_tried(self):
        """A file that was not kept is not called uploaded; no reminder is announced once a file is here."""
        view = self.env.ref('l10n_it_openapi_pec.view_communication_form')
        filing = self.filing.with_user(self.user)
        arch = etree.fromstring(filing.get_view(view.id)['arch'])
        [remind_at] = arch.iterfind('.//field[@name="remind_at"]')
        self.filing.remind_at = fields.Datetime.now()
        self.post(b'x')
        self.assertEqual(self.seen()[2], True)
        self.assertEqual(filing.fields_get(['page_uploaded_at'])['page_uploaded_at']['string'], "Last Upload Tried")
        self.assertFalse(safe_eval(remind_at.get('invisible'), filing.read()[0]))
        self.post(self.sign(self.filing))
        self.assertTrue(safe_eval(remind_at.get('invisible'), filing.read()[0]))

    def test_no_pixels(self):
        self.assertFalse(html.fromstring(self.visit().text).xpath('//main//img'))

    def test_for_users(self):
        self.visit()
        self.assertTrue(self.filing.with_user(self.user).page_opened_at)
        with self.assertRaises(AccessError):
            self.env['openapi_pec.signer_visit'].with_user(self.manager).search([])

    def test_many_records(self):
        filings = self.filing + self.create_filing() + self.create_filing()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            filings.mapped('page_opened_at')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSentByItself(SignerCase):
    """A good file goes on by itself where the company wants that; everything else waits for somebody who looks."""

    def setUp(self):
        super().setUp()
        self.company.openapi_pec_send_signed = True

    def test_good_file(self):
        page = self.post(self.sign(self.filing))
        self.assertIn(KEPT, page.text)
        self.assertEqual(self.filing.state, 'queued')
        self.assertFalse(self.filing.activity_ids)
        self.assertIn("it is sent by itself", self.messages(self.filing))
        self.assertIn("Signed by: ", self.messages(self.filing))
        self.assertIn("on its way to the service", self.visit().text)
        self.assertFalse(self.post(self.sign(self.filing)).ok)
        self.run_cron('dispatch')
        self.assertEqual(self.filing.state, 'documents_uploaded')
        self.assertEqual(self.sandbox.executed(PATCH), 1)
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.executed(PATCH), 1)

    def test_another_power_of_attorney_meanwhile(self):
        verdict = self.filing._judge_signed(self.sign(self.filing))
        self.assertTrue(self.filing._may_send_by_itself(verdict))
        self.filing.procura_id = self.env['ir.attachment'].create({'name': 'procura.pdf', 'raw': b'%PDF-1.7 another'})
        self.assertEqual(verdict.level, 'good')
        self.assertFalse(self.filing._may_send_by_itself(verdict))

    def test_to_be_looked_at(self):
        other = files.identity(serial_number=f'TINIT-{files.ANNA}', given="Anna", surname="Bianchi")
        self.assertIn("not by the applicant", self.post(files.sign(other, self.filing.procura_id.raw)).text)
        self.assertEqual(self.filing.state, 'awaiting_documents')
        self.assertEqual(
            self.filing.activity_ids.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_send'))

    def test_refused(self):
        self.post(b'x')
        self.assertEqual((self.filing.state, bool(self.filing.signed_procura_id)), ('awaiting_documents', False))

    def test_not_wanted(self):
        self.company.openapi_pec_send_signed = False
        self.post(self.sign(self.filing))
        self.assertEqual(self.filing.state, 'awaiting_documents')
        self.assertTrue(self.filing.activity_ids)

    def test_without_a_token(self):
        self.company._openapi_pec_set_token('sandbox', False)
        self.assertIn(KEPT, self.post(self.sign(self.filing)).text)
        self.assertEqual(self.filing.state, 'awaiting_documents')
        self.assertTrue(self.filing.activity_ids)

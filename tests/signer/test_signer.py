from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.filing.signer_page import SIGNER_DAYS

import p7m_files as files

from ..common import PATCH, PecCase
from ..common_page import PageMixin, PageTests

REFUSED, KEPT = "This file was not accepted", "Thank you: the signed file has arrived"
DOUBTFUL = "The signed file has arrived, and has to be looked at"


class SignerCase(PageMixin, PecCase, HttpCase):
    """A filing that waits for its signature, and a visitor with a browser."""
    page, document = 'signature', '/procura'

    def make_record(self):
        self.filing = self.create_filing()
        self.bring_to_signature(self.filing)
        return self.filing

    def make_draft(self):
        return self.create_filing()

    def post(self, content=None, name='procura.pdf.p7m', filing=None, csrf=True, **query):
        """Upload a file as the page's form does."""
        return self.upload_files(
            {} if content is None else {'signed_file': (name, content)}, record=filing, csrf=csrf, **query)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSigner(PageTests, SignerCase):
    """The signer's page: each right way, and each wrong visitor."""
    dead_states, shown_states = {'draft', 'failed', 'cancelled'}, const.signature.SIGNER_SENTENCES.keys()
    document_field, prepared = 'procura_id', "is being prepared"
    thanks, too_many = KEPT, "no more are looked at"

    def post_good(self, **keywords):
        return self.post(self.sign(self.filing), **keywords)

    def good_files(self):
        return {'signed_file': ('x.p7m', self.sign(self.filing))}

    def is_anything_kept(self):
        return bool(self.filing.signed_procura_id)

    def get_files(self):
        procura, signed = self.filing.procura_id, self.filing.signed_procura_id
        return {
            str(procura.id): procura.raw, f'{self.filing._name}/{self.filing.id}/procura_file': procura.raw,
            str(signed.id): signed.raw}

    # ------------------------------------------------------------ what it shows

    def test_page(self):
        page, filing = self.visit(), self.filing
        self.assert_head(page)
        for shown in (
            filing.company_name, filing.pec_email, "Mario Rossi", filing.name, 'CAdES', '.p7m', "At most 20 MB",
        ):
            self.assertIn(shown, page.text)
        for hidden in (
            filing.fiscal_code, filing.company_fiscal_code, filing.mobile, filing.callback_token, filing.reference,
            filing.remote_id, self.manager.name,
        ):
            self.assertNotIn(hidden, page.text)
        tree = html.fromstring(page.text)
        self.assertEqual([element.tag for element in tree.xpath('//h1|//h2|//h3')], ['h1', 'h2', 'h2', 'h2', 'h2'])

    def test_states(self):
        for state, sentence in const.signature.SIGNER_SENTENCES.items():
            with self.subTest(state=state):
                self.filing.write({'state': state, 'completed_at': fields.Datetime.now()})
                page = self.visit()
                self.assertEqual(page.status_code, 200)
                waits = state == 'awaiting_documents'
                if state in ('queued', 'unconfirmed'):  # it is at the service already
                    sentence = const.signature.SIGNER_SENDING_SENTENCE
                self.assertEqual(('type="file"' in page.text, str(sentence) in page.text), (waits, not waits))

    def test_upload_only_while_it_is_awaited(self):
        token = self.get_csrf_token(self.visit())
        content = self.sign(self.filing)
        for state in const.signature.SIGNER_SENTENCES:
            self.filing.write({'state': state, 'completed_at': fields.Datetime.now(), 'signed_procura_id': False})
            response = self.url_open(self.url(), data={'csrf_token': token}, files={'signed_file': ('x.p7m', content)})
            self.env.invalidate_all()
            waits = state == 'awaiting_documents'
            self.assertEqual(
                (response.status_code, bool(self.filing.signed_procura_id)), (200, True) if waits else (409, False),
                state)
            self.assertEqual("the file was not kept" in response.text, not waits)
        self.assertEqual(self.filing.signer_uploads, 1)

    # ------------------------------------------------------------ who does not see it

    def test_expired(self):
        self.filing._on_state_entered('completed')
        self.assertEqual(self.visit().status_code, 200)
        for days, status in ((SIGNER_DAYS - 1, 200), (SIGNER_DAYS + 1, 404)):
            self.filing.completed_at = fields.Datetime.now() - timedelta(days=days)
            self.assertEqual(self.visit().status_code, status)
        self.assert_not_found(self.visit(suffix='/procura'))
        self.filing.completed_at = False
        self.assert_not_found(self.visit())

    def test_forging_the_token(self):
        with self.assertRaises(AccessError):
            self.filing.with_user(self.user).write({'access_token': 'x'})

    # ------------------------------------------------------------ uploads

    def test_good_file(self):
        response = self.post(self.sign(self.filing), name='<b>evil.html')
        self.assertIn(KEPT, response.text)
        self.assertIn("Signed by the applicant, Mario Rossi", response.text)
        self.assertNotIn(self.filing.fiscal_code, response.text)
        signed = self.filing.signed_procura_id
        self.assertEqual(signed.name, f'{self.filing.procura_id.name}.p7m')
        self.assertIn(self.filing.procura_id.raw, signed.raw)
        self.assertFalse(signed.public)
        self.assertIn("nothing was found against it", self.messages(self.filing))
        self.assertIn("nothing was found against it", self.messages(self.partner))
        self.assertNotIn('RSSMRA80A01H501U', self.messages(self.filing) + self.messages(self.partner))
        activity = self.filing.activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_send'))
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn(KEPT, self.visit().text)
        self.assertEqual(self.sandbox.requested(PATCH), 0)
        self.filing.with_user(self.user).action_send_documents()
        self.commit()
        self.assertEqual(self.filing.state, 'documents_uploaded')
        self.assertFalse(self.filing.activity_ids)

    def test_the_same_again(self):
        content = self.sign(self.filing)
        self.post(content)
        signed, count = self.filing.signed_procura_id, len(self.filing.message_ids)
        self.assertIn(KEPT, self.post(content).text)
        self.assertEqual((self.filing.signed_procura_id, len(self.filing.message_ids)), (signed, count))
        self.post(files.sign(files.identity(serial=1), self.filing.procura_id.raw))
        self.assertNotEqual(self.filing.signed_procura_id, signed)
        self.assertFalse(signed.exists())
        self.assertEqual(len(self.filing.activity_ids), 1)

    def test_warned_of(self):
        bianchi = files.identity(serial_number=f'TINIT-{files.ANNA}', given="Anna", surname="<script>alert(1)</script>")
        response = self.post(files.sign(bianchi, self.filing.procura_id.raw))
        self.assertIn(DOUBTFUL, response.text)
        self.assertIn("not by the applicant", response.text)
        self.assertIn("not by the applicant", self.visit().text, "it is told as long as it is so")
        self.assertIn("&lt;script&gt;alert(1)", response.text)
        self.assertNotIn("<script>alert(1)", response.text)
        self.assertNotIn(files.ANNA, response.text)
        self.assertTrue(self.filing.signed_procura_id)
        self.assertIn("is to be looked at before it is sent", self.messages(self.filing))

    def test_refused_files_are_not_kept(self):
        procura, mario = self.filing.procura_id.raw, files.identity()
        count = self.env['ir.attachment'].search_count([])
        for content, sentence in [
            (procura, "This PDF is not signed digitally"),
            (files.sign(mario, procura)[:-20], "The end of this file is missing"),
            (files.sign(mario), "download it again from this page"),
            (b'', "No file was chosen"),
            (None, "No file was chosen"),
            (b'alert(1)', "This is not a digitally signed file"),
            (b'<script>alert(1)</script>', "This is a web page"),
        ]:
            with self.subTest(sentence=sentence):
                response = self.post(content)
                self.assertEqual(response.status_code, 200)
                self.assertIn(REFUSED, response.text)
                self.assertIn(sentence, response.text)
                self.assertFalse(self.filing.signed_procura_id)
        self.assertEqual(self.env['ir.attachment'].search_count([]), count)
        self.assertEqual(
            self.filing.activity_ids.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_sign'))

    def test_a_refused_file_leaves_the_good_one(self):
        self.post(self.sign(self.filing))
        signed = self.filing.signed_procura_id
        self.assertIn(REFUSED, self.post(b'x').text)
        self.assertEqual(self.filing.signed_procura_id, signed)

    def test_other_filings_are_not_told_of(self):
        other = self.create_filing(pec_email='segreto@legalmail.it')
        self.bring_to_signature(other)
        for login in (None, 'pec_manager'):
            self.authenticate(login, login)
            for content in (self.sign(other), files.sign(files.identity(), other.procura_id.raw + b'\nfilled in')):
                response = self.post(content)
                self.assertIn("is not the power of attorney that was downloaded for this filing", response.text)
                for hidden in (other.name, other.pec_email, "another filing"):
                    self.assertNotIn(hidden, response.text)

    def test_too_large(self):
        self.company.openapi_pec_max_megabytes = 1
        response = self.post(b'x' * (2**20 + 1))
        self.assertIn("The file is larger than 1 MB", response.text)
        self.assertFalse(self.filing.signed_procura_id)
        largest = max(self.env['res.company'].search([]).mapped('openapi_pec_max_megabytes'))
        response = self.post(b'x' * (largest + 2) * 2**20)
        self.assertEqual(response.status_code, 413)
        self.assertIn(f"at most {largest} MB are taken", response.text)
        self.assertEqual(self.filing.signer_uploads, 1)


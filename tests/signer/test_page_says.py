"""Each page of who signs tells one thing at a time: what was uploaded, what it is worth, and what comes next."""
from odoo import fields
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const

import p7m_files as files

from ..common_page import read_page
from .test_applicant import FORM, IDENTITY, PICTURE, SIGNED, ApplicantCase, photo
from .test_signer import SignerCase
from .test_uploads import UploadCase


class SaysCase(UploadCase):
    """Compares pages with what they should say."""

    def assert_says(self, response, shown, sentence, boxes=1):
        """A page says a sentence, and either that nothing is left to do, or what to do; neither in ``waits``.

        :param str shown: ``to_do``, ``done`` or ``waits``.
        :param int boxes: how many messages it shows.
        """
        page = read_page(response)
        told = (page['is_done'], page['is_open'])
        self.assertEqual(told, {'to_do': (False, True), 'done': (True, False), 'waits': (False, False)}[shown], page)
        self.assertIn(sentence, page['text'])
        self.assertEqual(page['boxes'], boxes, page['text'])
        if shown == 'done':
            self.assertFalse(page['wants'], page['text'])

    def assert_too_many(self, shown, sentence):
        self.record.write({
            'signer_uploads': const.signature.SIGNER_UPLOADS, 'signer_uploads_on': fields.Date.today()})
        self.assert_says(self.post(b'x'), shown, sentence)
        self.record.signer_uploads = 0


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignerPageSays(SaysCase, SignerCase):

    def test_before_a_good_file(self):
        self.assert_says(self.visit(), 'to_do', "Power of attorney to be signed", boxes=0)
        self.assert_says(self.post(self.filing.procura_id.raw), 'to_do', "upload again")
        self.assert_says(self.visit(), 'to_do', "Power of attorney to be signed", boxes=0)
        self.assert_says(self.post(self.sign(self.filing), csrf=False), 'to_do', "Choose it again")
        self.assert_too_many('waits', "Come back tomorrow")
        with self.busy():
            self.assert_says(self.post(b'x'), 'waits', "is being checked")
            self.assert_says(self.visit(), 'waits', "is being checked")
        self.run_cron('uploads')
        self.assert_says(self.visit(), 'to_do', "upload again")

    def test_after_a_good_file(self):
        content = self.sign(self.filing)
        self.assert_says(self.post(content), 'done', "the signed file has arrived")
        self.assert_says(self.visit(), 'done', "the signed file has arrived")
        self.assert_says(self.post(content, csrf=False), 'done', "still counts")
        self.assert_too_many('done', "still counts")
        self.assert_says(self.post(b'x'), 'to_do', "the signed file that arrived before still counts")
        self.assert_says(self.visit(), 'done', "the signed file has arrived")
        with self.busy():
            self.assert_says(self.post(b'x'), 'waits', "is being checked")
        self.run_cron('uploads')
        self.assert_says(self.visit(), 'to_do', "Only if this one was to take its place")

    def test_a_doubtful_file(self):
        bianchi = files.sign(
            files.identity(serial_number=f'TINIT-{files.ANNA}', given="Anna", surname="Bianchi"),
            self.filing.procura_id.raw)
        for page in (self.post(bianchi), self.visit()):
            self.assert_says(page, 'waits', "not by the applicant")
            self.assertIn("If you can mend this", read_page(page)['text'])
        self.assertIn("has to be looked at before it is sent", self.filing._get_signer_sentence())
        self.assertIn("still counts", read_page(self.post(b'x'))['text'])
        for page in (self.visit(), self.post(b'x', csrf=False)):  # it is not forgotten what it is worth
            self.assert_says(page, 'waits', "looks at it")
        self.assert_too_many('waits', "looks at it")
        self.filing.signed_procura_id = False  # somebody at the office removed it
        self.assert_says(self.visit(), 'to_do', "Power of attorney to be signed", boxes=0)
        self.post(bianchi)
        self.assert_says(self.post(self.sign(self.filing)), 'done', "the signed file has arrived")
        self.assert_says(self.visit(), 'done', "the signed file has arrived")
        self.assertIn("nothing left to do", self.filing._get_signer_sentence())

    def test_sent_by_itself(self):
        self.company.openapi_pec_send_signed = True
        self.assert_says(self.post(self.sign(self.filing)), 'done', "the signed file has arrived")
        self.assert_says(self.visit(), 'done', "power of attorney")

    def test_moved_on(self):
        self.post(self.sign(self.filing))
        token = self.get_csrf_token(self.visit())
        for values, sentence in (
            ({'state': 'queued'}, "has arrived and is on its way"),
            ({'state': 'unconfirmed'}, "has arrived and is on its way"),
            ({'state': 'documents_uploaded'}, "has been delivered"),
            ({'state': 'completed'}, "the chamber of commerce has not answered yet"),
            ({'chamber_outcome': 'protocollata'}, "is examining it"),
            ({'chamber_outcome': 'evasa'}, "has entered the PEC in the register"),
        ):
            self.filing.write({**values, 'completed_at': fields.Datetime.now()})
            self.assert_says(self.visit(), 'done', sentence)
            is_over = self.filing.state in ('documents_uploaded', 'completed')
            self.assertEqual("Of a filing in earnest" in self.visit().text, is_over)  # beside that it is a trial
            late = self.url_open(self.url(), data={'csrf_token': token}, files={'signed_file': ('x.p7m', b'x')})
            self.assertEqual(late.status_code, 409)
            self.assert_says(late, 'done', sentence)
        for outcome, sentence in (('sospesa', "has suspended"), ('respinta', "has refused the filing")):
            self.filing.chamber_outcome = outcome
            self.assert_says(self.visit(), 'waits', sentence)
        self.filing.write({'chamber_outcome': False, 'state': 'code_requested'})
        self.assert_says(self.visit(), 'waits', "is being prepared")

    def test_awaited_again(self):
        """What was too late once is not told any more once documents are awaited again."""
        with self.busy():
            self.post(self.sign(self.filing))
        self.filing.state = 'queued'
        self.run_cron('uploads')
        self.assert_says(self.visit(), 'done', "the file was not kept")
        self.filing.state = 'awaiting_documents'
        self.assert_says(self.visit(), 'to_do', "Power of attorney to be signed", boxes=0)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestApplicantPageSays(SaysCase, ApplicantCase):

    def test_before_all_is_here(self):
        self.assert_says(self.visit(), 'to_do', "Form to be signed", boxes=0)
        self.assert_says(self.post(PICTURE), 'to_do', "Do what is said")
        self.assert_says(self.post(self.mailbox.form_id.raw), 'to_do', "This is the blank form")
        self.assert_says(self.post(FORM, csrf=False), 'to_do', "Choose them again")
        self.assert_too_many('waits', "Come back tomorrow")
        with self.busy():
            self.assert_says(self.post(FORM), 'waits', "is being checked")
        self.run_cron('uploads')
        self.assert_says(self.visit(), 'to_do', "Your identity document is still missing")
        self.assert_says(self.post(identity=PICTURE), 'to_do', "Your identity document is still missing", boxes=2)
        self.assert_says(self.post(identity=photo('JPEG')), 'to_do', "Upload a photo of its other side")
        self.assert_says(self.post(b'x'), 'to_do', "Upload a photo of its other side", boxes=2)
        self.assert_says(self.post(one_page=True), 'done', "your documents have arrived")

    def test_after_all_is_here(self):
        self.assert_says(self.post(FORM, IDENTITY), 'done', "your documents have arrived")
        self.assert_says(self.visit(), 'done', "your documents have arrived")
        self.assert_says(self.post(FORM, csrf=False), 'done', "still count")
        self.assert_too_many('done', "still count")
        self.assert_says(self.post(b'x'), 'to_do', "has arrived before, and still counts", boxes=2)
        self.assert_says(self.visit(), 'done', "your documents have arrived")
        with self.busy():
            self.assert_says(self.post(FORM), 'waits', "is being checked")

    def test_moved_on(self):
        self.post(FORM, IDENTITY)
        for values, shown, sentence in (
            ({'call_state': 'queued'}, 'done', "on their way to the provider"),
            ({'call_state': False, 'state': 'activating'}, 'done', "have been delivered"),
            ({'state': 'active'}, 'done', "The mailbox is active"),
        ):
            self.mailbox.write({**values, 'activated_on': fields.Date.today()})
            self.assert_says(self.visit(), shown, sentence)
        self.mailbox.state = 'documents_wrong'
        self.mailbox._forget_uploads()
        self.assert_says(self.visit(), 'to_do', "did not accept the documents")
        self.mailbox.form_id = False
        self.assert_says(self.visit(), 'waits', "The form is being prepared")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMergedPageSays(SaysCase, ApplicantCase):
    mailbox_type = 'DOMICILIODIGITALE'

    def test_one_file(self):
        self.assert_says(self.post(SIGNED, IDENTITY), 'to_do', "your signature would be lost")
        self.assert_says(self.post(tick=True), 'done', "your documents have arrived")
        page = self.post(SIGNED, IDENTITY, tick=True)
        self.assert_says(page, 'to_do', "has arrived before, and still counts", boxes=2)
        self.assert_says(self.visit(), 'done', "your documents have arrived")

import base64

from odoo.tests import Form, HttpCase, tagged

import p7m_files as files

from ..common import PATCH, PecCase
from ..service.test_tour import TourMixin
from ..tools.test_zip_reader import make_zip

JPEG = b'\xff\xd8\xff\xe0\x00\x10JFIF' + bytes(range(256))
LEFT_OUT = "The identity document is not sent along with the power of attorney."
SENT = "The identity document is sent along with the power of attorney"


class IdentityMixin:

    def setUp(self):
        super().setUp()
        self.mario = files.identity()
        self.filing = self.create_filing()
        self.bring_to_signature(self.filing)
        self.signed = self.sign(self.filing)
        self.upload(self.filing, self.signed)

    def upload_identity(self, content, name='documento'):
        self.filing.write({'identity_document_file': base64.b64encode(content), 'identity_document_filename': name})

    def send(self, filing=None):
        """Press the button; return how large the documents are that have arrived."""
        (filing or self.filing).action_send_documents()
        self.commit()
        self.assertEqual(self.filing.state, 'documents_uploaded')
        [remote] = self.sandbox.filings()
        return [document['size'] for document in remote['documents']]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestIdentityDocument(IdentityMixin, PecCase):
    """What is sent beside the signed power of attorney is judged by its content, and told before the click."""

    def test_sent_or_left_out_by_content(self):
        card = files.sign(self.mario)
        expired = files.identity(end=files.NOW - files.DAY)
        procura = self.filing.procura_id.raw
        for name, content, level, sentence in [
            ('documento.pdf.p7m', card, 'good', "it is signed"),
            ('documento', card, 'good', "it is signed"),
            ('documento.pdf', base64.encodebytes(card), 'good', "it is signed"),
            ('documento.p7m', files.pem(card), 'good', "it is signed"),
            ('documento', files.sign(self.mario, JPEG), 'warning', "What was signed is not a PDF"),
            ('documento.p7m', files.sign(files.identity(statements=None)), 'warning', "does not call itself qualified"),
            ('documento.p7m', JPEG, 'refused', "It is not a digitally signed file"),
            ('documento.p7m', files.PDF, 'refused', ("have it put into the PDF of the power of attorney before that is "
                                                    "signed")),
            ('documento.p7m', b' \n', 'refused', "It is not a digitally signed file"),
            ('documento.p7m', card[:-20], 'refused', "The end of this file is missing"),
            ('documento.p7m', card + b'x' * 100, 'refused', "sign the identity document anew"),
            ('documento.p7m', files.sign(expired), 'refused', "The certificate of Mario Rossi expired on "),
            ('documento.p7m', files.sign(self.mario, procura), 'refused', "the power of attorney once more"),
            ('documento.p7m', files.sign(self.mario, b'%PDF' + b'x' * 2**20), 'refused', "larger than 1 MB"),
        ]:
            with self.subTest(name=name, sentence=sentence):
                self.company.openapi_pec_max_megabytes = 1
                self.upload_identity(content, name)
                self.assertEqual(self.filing.identity_level, level)
                self.assertIn(sentence, self.filing.identity_sentence)
                self.assertTrue(self.filing.identity_sentence.startswith(LEFT_OUT if level == 'refused' else SENT))
                for other in ("sign the power of attorney", "signed power of attorney"):
                    self.assertNotIn(
                        other, self.filing.identity_sentence, "what the power of attorney needs is said there")
                documents = self.filing._get_signed_messages()
                self.assertEqual(documents[0], self.signed)
                self.assertEqual(len(documents), 1 if level == 'refused' else 2)
                if level == 'good':
                    self.assertEqual(documents[1], card)

    def test_delivered_unwrapped(self):
        card = files.sign(self.mario)
        self.upload_identity(base64.encodebytes(card))
        self.assertEqual(self.send(), [len(self.signed), len(card)])
        self.assertIn(SENT, self.messages(self.filing))
        self.assertFalse(self.filing.identity_sentence, "it is sent: what is said before is said no longer")

    def test_left_out(self):
        self.upload_identity(JPEG, 'documento.p7m')
        self.assertEqual(self.send(), [len(self.signed)])
        self.assertIn(LEFT_OUT, self.messages(self.filing))

    def test_none(self):
        self.assertFalse(self.filing.identity_level or self.filing.identity_sentence)
        self.send()
        self.assertNotIn("identity document", self.messages(self.filing))

    def test_told_while_the_upload_is_not_saved(self):
        with Form(self.filing.with_user(self.user)) as form:
            form.identity_document_file = base64.b64encode(JPEG).decode()
            self.assertEqual(form.identity_level, 'refused')
            form.identity_document_file = base64.b64encode(files.sign(self.mario)).decode()
            self.assertEqual(form.identity_level, 'good')
        self.assertEqual(self.filing.identity_level, 'good')

    def test_told_where_a_reason_is_asked_for(self):
        self.upload(self.filing, files.sign(self.mario))
        self.upload_identity(JPEG)
        wizard = Form(
            self.env['openapi_pec.delivery'].with_user(self.user).with_context(
                **self.filing.action_open_send()['context']))
        self.assertIn(LEFT_OUT, wizard.identity_sentence)

    def test_beside_what_is_received_together(self):
        """The identity document that waits on a filing goes along, or not, as the table tells before the click."""
        for content, sentence, count in ((JPEG, LEFT_OUT, 1), (files.sign(self.mario), SENT, 2)):
            with self.subTest(sentence=sentence):
                filing = self.create_filing()
                self.bring_to_signature(filing)
                filing.write(
                    {
                        'identity_document_file': base64.b64encode(content),
                        'identity_document_filename': 'documento.p7m'})
                reception = self.env['openapi_pec.upload'].with_user(self.user).create({})
                reception.attachment_ids = reception.env['ir.attachment'].create({
                    'name': 'back.zip', 'raw': make_zip(('procura.p7m', self.sign(filing))),
                    'res_model': reception._name})
                reception.action_read()
                self.assertIn(sentence, reception.line_ids.identity_sentence)
                self.assertTrue(reception.has_identity_documents)
                reception.action_send()
                self.commit()
                self.assertEqual(filing.state, 'documents_uploaded')
                [remote] = [remote for remote in self.sandbox.filings() if remote['id'] == filing.remote_id]
                self.assertEqual(len(remote['documents']), count)
                self.assertIn(sentence, self.messages(filing))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestIdentityDocumentTour(TourMixin, IdentityMixin, PecCase, HttpCase):

    def test_in_the_web_client(self):
        """A picture is left out whatever its name, and a signed file is sent along.

        Each is said beside the field, also later.
        """
        card = files.sign(self.mario)
        for name, content in (('identity.jpg', JPEG), ('identity.p7m', card)):
            self.env['ir.attachment'].create(
                {'name': name, 'url': f'/openapi_pec_tour/{name}', 'public': True, 'raw': content})
        self.start_tour(f'/odoo/pec-communications/{self.filing.id}', 'openapi_pec_identity', login=self.user.login)
        self.assertEqual(self.filing.state, 'documents_uploaded')
        self.assertEqual(self.sandbox.executed(PATCH), 1)
        [remote] = self.sandbox.filings()
        self.assertEqual([document['size'] for document in remote['documents']], [len(self.signed), len(card)])

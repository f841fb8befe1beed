import base64
import contextlib
import io

import psycopg2
from lxml import html
from PIL import Image

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer import upload
from odoo.addons.l10n_it_openapi_pec.models.signer.upload import JUDGING, LOCK, SIGNER_JUDGE_ATTEMPTS
from odoo.addons.l10n_it_openapi_pec.tools.upload import pdf

import p7m_files as files

from ..tools.test_uploads_hostile import LOOP
from .test_applicant import COMPLETE, FORM, IDENTITY, ApplicantCase
from .test_applicant import REFUSED as NOT_ALL
from .test_signer import KEPT, REFUSED, SignerCase
from .test_signer_tour import let_tours_run

PENDING = "is being checked"
PAGE = b'<html><script>alert(1)</script></html>\n'
# It takes the library a minute to look for the objects of a file whose table is nowhere.
SLOW = b'%PDF-1.4\n' + b' ' * (4 * 2**20) + b'\nstartxref\n9\n%%EOF'


class UploadCase:
    """What visitors uploaded, and who judges."""

    def uploads(self):
        return self.env['openapi_pec.signer_upload'].search([])

    def state(self):
        return self.visit(suffix='/state').text

    @contextlib.contextmanager
    def busy(self):
        """Have another process judge something."""
        with psycopg2.connect(self.env.cr._cnx.dsn) as session, session.cursor() as cr:
            cr.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, JUDGING])
            yield
        session.close()

    def trigger_count(self):
        job = self.env.ref('l10n_it_openapi_pec.ir_cron_uploads')
        return self.env['ir.cron.trigger'].search_count([('cron_id', '=', job.id)])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUploadsOfSigner(UploadCase, SignerCase):

    def test_judged_at_once(self):
        """Nothing is left of an upload that was judged while its visitor waited."""
        self.assertIn(REFUSED, self.post(b'x').text)
        self.assertIn(KEPT, self.post(self.sign(self.filing)).text)
        self.assertFalse(self.uploads())
        self.assertEqual((self.state(), self.trigger_count()), ('judged', 0))

    def test_busy(self):
        """While something else is judged nobody waits: it is kept, and judged by the job."""
        with self.busy():
            response = self.post(self.sign(self.filing))
        self.assertEqual(response.status_code, 200)
        self.assertIn(PENDING, response.text)
        self.assertNotIn(KEPT, response.text)
        self.assertFalse(self.filing.signed_procura_id)
        self.assertEqual((self.state(), self.trigger_count()), ('waiting', 1))
        page = html.fromstring(self.visit().text)
        self.assertIn(PENDING, page.text_content())
        [refresh] = page.xpath('//noscript/meta[@http-equiv="refresh"]/@content')
        self.assertIn(self.filing.access_token, refresh)
        self.assertTrue(page.xpath('//input[@type="file"]'), "something else can be uploaded in its place")
        self.run_cron('uploads')
        self.assertEqual(self.state(), 'judged')
        self.assertIn(KEPT, self.visit().text)
        self.assertIn(self.filing.procura_id.raw, self.filing.signed_procura_id.raw)
        self.assertIn("nothing was found against it", self.messages(self.filing))
        self.assertEqual(self.filing.activity_ids.user_id, self.manager)
        self.assertFalse(self.uploads())

    def test_busy_and_refused(self):
        """It is told later what was refused, and why; the file is deleted."""
        with self.busy():
            self.post(self.filing.procura_id.raw)
        self.assertTrue(self.uploads().signed_file)
        self.run_cron('uploads')
        page = self.visit().text
        self.assertIn(REFUSED, page)
        self.assertIn("This PDF is not signed digitally", page)
        self.assertIn(REFUSED, self.visit().text)
        self.assertFalse(self.uploads().signed_file)
        self.assertFalse(self.filing.signed_procura_id)
        self.assertIn(KEPT, self.post(self.sign(self.filing)).text)
        self.assertNotIn(REFUSED, self.visit().text)
        self.assertFalse(self.uploads())

    def test_replaced(self):
        with self.busy():
            self.post(b'x')
            self.post(self.sign(self.filing))
        self.assertEqual(len(self.uploads()), 1)
        self.assertEqual(self.filing.signer_uploads, 2)
        self.run_cron('uploads')
        self.assertIn(KEPT, self.visit().text)

    def test_not_awaited_any_more(self):
        with self.busy():
            self.post(self.sign(self.filing))
        self.filing.state = 'documents_uploaded'
        self.run_cron('uploads')
        self.assertFalse(self.filing.signed_procura_id)
        self.assertIn("the file was not kept", self.visit().text)

    def test_never_too_busy(self):
        """429 is for who uploads too often, not for who comes while others do."""
        with self.busy():
            codes = [self.post(b'x').status_code for _upload in range(const.signature.SIGNER_UPLOADS + 1)]
        self.assertEqual(codes, [200] * const.signature.SIGNER_UPLOADS + [429])

    def test_what_ends_the_process(self):
        """A file at which the process dies each time is given up."""
        with self.busy():
            self.post(self.sign(self.filing))
        self.uploads().attempts = SIGNER_JUDGE_ATTEMPTS  # times at which the process was killed
        self.run_cron('uploads')
        self.assertIn("could not be judged", self.visit().text)
        self.assertFalse(self.filing.signed_procura_id or self.uploads().signed_file)

    def test_one_that_fails_leaves_the_others(self):
        other = self.create_filing()
        self.bring_to_signature(other)
        other._portal_ensure_token()
        with self.busy():
            self.post(self.sign(self.filing))
            self.post(self.sign(other), filing=other)
        first = self.uploads()[0]
        first.said = False  # a mistake of ours
        with mute_logger('odoo.addons.l10n_it_openapi_pec.models.signer.upload'):
            self.run_cron('uploads')
        self.assertTrue(other.signed_procura_id)
        self.assertEqual(self.uploads(), first)

    def test_state_is_of_the_page(self):
        for access_token in (None, 'x'):
            self.assertEqual(self.visit(suffix='/state', access_token=access_token).status_code, 404)
        self.assertEqual(self.visit(suffix='/state').headers['Cache-Control'], 'no-store')

    def test_nobody_reads_it(self):
        with self.busy():
            self.post(self.sign(self.filing))
        for user in (self.manager, self.user, self.env.ref('base.user_admin'), self.env.ref('base.public_user')):
            uploads = self.uploads().with_user(user)
            for method in (
                    lambda uploads=uploads: uploads.read(['signed_file']), lambda uploads=uploads: uploads.search([])):
                with self.assertRaises(AccessError):
                    method()
        self.authenticate('admin', 'admin')
        self.assertEqual(
            self.url_open(f'/web/content/openapi_pec.signer_upload/{self.uploads().id}/signed_file').status_code, 404)

    # ------------------------------------------------------------ as what it is kept and served

    def serve(self, attachment):
        """Return the answer with which an internal user gets an attachment."""
        self.authenticate('pec_manager', 'pec_manager')
        response = self.url_open(f'/web/content/{attachment.id}')
        self.authenticate(None, None)
        self.assertEqual(response.content, attachment.raw)
        self.assertEqual(response.headers['X-Content-Type-Options'], 'nosniff')
        return response

    def test_page_around_a_signed_message(self):
        """A web page with a signed message in it: the message alone is kept."""
        signed = self.sign(self.filing)
        self.assertIn(KEPT, self.post(PAGE + files.pem(signed), name='evil.html').text)
        self.assertEqual(self.filing.signed_procura_id.raw, signed)
        response = self.serve(self.filing.signed_procura_id)
        self.assertEqual(response.headers['Content-Type'], 'application/pkcs7-mime')

    def test_page_around_a_signed_message_from_the_staff(self):
        signed = self.sign(self.filing)
        filing = self.filing.with_user(self.user)
        for content, kept, kind in [
            (PAGE + files.pem(signed), signed, 'application/pkcs7-mime'), (PAGE, PAGE, 'application/x-unknown'),
            (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', None, 'application/x-unknown'),
            (self.filing.procura_id.raw, None, 'application/pdf'), (b'%PDF' + PAGE, None, 'application/x-unknown'),
        ]:
            filing.write({'signed_procura_file': base64.b64encode(content), 'signed_procura_filename': 'evil.html'})
            self.assertEqual(self.filing.signed_procura_id.raw, kept or content)
            self.assertEqual(self.serve(self.filing.signed_procura_id).headers['Content-Type'], kind)
        # Whoever is an administrator has more rights to make pages.
        self.filing.write({'signed_procura_file': base64.b64encode(PAGE), 'signed_procura_filename': 'evil.html'})
        self.assertEqual(self.serve(self.filing.signed_procura_id).headers['Content-Type'], 'application/x-unknown')

    def test_identity_document(self):
        for content, kind in [
            (b'\xff\xd8\xff\xe0 no picture at all', 'image/jpeg'), (b'\x89PNG\r\n\x1a\n', 'image/png'),
            (b'MM\0*', 'image/tiff'), (PAGE, 'application/x-unknown'),
            (b'<?xml version="1.0"?><svg/>', 'application/x-unknown'), (FORM, 'application/pdf'),
            (b'GIF89a/*', 'application/x-unknown'), (b'PK\3\4', 'application/x-unknown'),
        ]:
            self.filing.write(
                {'identity_document_file': base64.b64encode(content), 'identity_document_filename': 'carta.html'})
            self.assertEqual(self.serve(self.filing.identity_document_id).headers['Content-Type'], kind)

    def test_procura(self):
        self.assertEqual(self.serve(self.filing.procura_id).headers['Content-Type'], 'application/pdf')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUploadsTour(UploadCase, SignerCase):
    """What waits, on a phone."""
    browser_size = '390x844'
    touch_enabled = True

    def test_pending(self):
        let_tours_run(self.env)
        self.env['ir.attachment'].create({
            'name': 'signed.p7m', 'url': '/openapi_pec_tour/signed.p7m', 'raw': self.sign(self.filing), 'public': True})
        with self.busy():
            self.post(b'x')
        self.start_tour(self.url(), 'openapi_pec_pending', login=None)
        self.assertTrue(self.filing.signed_procura_id)
        self.assertFalse(self.uploads())


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUploadsOfApplicant(UploadCase, ApplicantCase):

    def test_hostile(self):
        self.assertIn("This PDF cannot be read", self.post(LOOP).text)
        self.assertFalse(any(self.kept()) or self.uploads())

    def test_slow(self):
        """What takes long is left to the job after some seconds, which gives it all the time that it may take."""
        self.patch(upload, 'SIGNER_JUDGE_SECONDS', 0.5)
        self.patch(pdf, 'TIME_LIMIT', 1)
        self.patch(pdf, 'TIME_PER_MEGABYTE', 0)
        self.assertIn(PENDING, self.post(SLOW).text)
        self.assertEqual((self.uploads().state, self.uploads().attempts, self.state()), ('waiting', 1, 'waiting'))
        self.run_cron('uploads')
        page = self.visit().text
        self.assertIn(NOT_ALL, page)
        self.assertIn("This PDF cannot be read", page)
        self.assertFalse(any(self.kept()))

    def test_one_after_the_other(self):
        """What is still to be judged stays when another document comes; the same document is replaced."""
        with self.busy():
            for documents in ({'form': b'x'}, {'identity': IDENTITY}, {'form': FORM}):
                self.assertIn(PENDING, self.post(**documents).text)
        self.assertEqual(len(self.uploads()), 1)
        self.run_cron('uploads')
        self.assertIn(COMPLETE, self.visit().text)
        self.assertEqual((self.kept(), self.activities()), ([FORM, IDENTITY], {'send'}))

    def test_busy_and_one_refused(self):
        with self.busy():
            self.post(FORM, b'')
        self.run_cron('uploads')
        page = self.visit().text
        self.assertIn(NOT_ALL, page)
        self.assertIn("No file was chosen, or it is empty", page)
        self.assertEqual(self.kept(), [FORM, False])

    def test_served_as_pdf(self):
        """A web page before the PDF does not make a page of it."""
        self.post(PAGE + FORM, IDENTITY)
        self.assertEqual(self.kept(), [PAGE + FORM, IDENTITY])
        self.authenticate('pec_manager', 'pec_manager')
        for field, kind in (('signed_form', 'application/x-unknown'), ('identity_document', 'application/pdf')):
            response = self.url_open(f'/web/content/{self.mailbox._name}/{self.mailbox.id}/{field}')
            self.assertEqual(response.headers['Content-Type'], kind)
            self.assertEqual(response.headers['X-Content-Type-Options'], 'nosniff')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFromOutside(TransactionCase):
    """Files that anybody may have made, among Odoo's attachments."""

    def test_nobody_looks_into_it(self):
        """Neither to make it searchable nor to shrink a picture: both read whole files, with libraries, in the server.
        """
        picture = io.BytesIO()
        Image.new('L', (3000, 3000)).save(picture, 'PNG')
        texts, pictures = ([create([{'name': name, 'raw': content}]) for create in (
            self.env['ir.attachment'].create, self.env['ir.attachment']._openapi_pec_create)
        ] for name, content in (('a.txt', b'some words'), ('a.png', picture.getvalue())))
        self.assertEqual([bool(text.index_content) for text in texts], [True, False])
        self.assertEqual([picture.getvalue() == shrunk.raw for shrunk in pictures], [False, True])
        self.assertEqual([file.mimetype for file in (texts[1], pictures[1])], ['application/x-unknown', 'image/png'])

import base64
import io
from datetime import timedelta
from unittest.mock import patch

from lxml import html
from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.mailbox.applicant_page import APPLICANT_DAYS, APPLICANT_SENTENCES
from odoo.addons.l10n_it_openapi_pec.models.mailbox.documents import MERGED_TYPES
from odoo.addons.l10n_it_openapi_pec.tools.upload import pdf

from ..common import P7M
from ..common_mailbox import ACTIVATE, STORE, MailboxCase, make_pdf
from ..common_page import PageMixin, PageTests

REFUSED, COMPLETE, MISSING = "Not everything was accepted", "your documents have arrived", "something is still missing"
FORM, IDENTITY = make_pdf("Form, signed by hand"), make_pdf("Identity card")
SIGNED = make_pdf("/Type/Sig /ByteRange [0 1 2 3]")  # the marks of a signature within a PDF
PICTURE = b'\xff\xd8\xff\xe0' + bytes(100)  # damaged
HEIC = b'\0\0\0\x18ftypheic' + bytes(100)
# A PDF with a password, as its trailer tells.
ENCRYPTED = FORM.replace(
    b'/Root', b'/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> /Root' % (b'o' * 32, b'u' * 32))


def photo(kind):
    """Return a photograph of a card, as bytes."""
    output = io.BytesIO()
    Image.new('RGB', (1200, 800), 'beige').save(output, kind)
    return output.getvalue()


class ApplicantCase(PageMixin, MailboxCase, HttpCase):
    """A mailbox whose form waits for its signature, and a visitor with a browser."""
    page, document = 'mailbox', '/form'
    mailbox_type = 'STANDARD'

    def make_record(self):
        self.mailbox = self.waiting(self.mailbox_type)
        return self.mailbox

    def make_draft(self):
        return self.create_mailbox()

    def waiting(self, mailbox_type='STANDARD', **values):
        """Buy a mailbox, whose form arrives."""
        mailbox = self.buy(mailbox_type, **values)
        self.run_cron('mailboxes')
        self.assertTrue(mailbox.form_id)
        return mailbox

    def post(self, form=None, identity=None, tick=False, mailbox=None, csrf=True, back=None, one_page=False, **query):
        """Upload files as the page's form does; a browser sends an empty field for a file that was not chosen."""
        files = {
            name: ('', b'') if content is None else ('<b>evil.html', content)
            for name, content in (('signed_form', form), ('identity_document', identity), ('identity_back', back))}
        ticks = {'x': True, 'is_identity_in_form': tick, 'is_one_page': one_page}
        data = {name: '1' for name, is_ticked in ticks.items() if is_ticked}
        return self.upload_files(files, record=mailbox, data=data, csrf=csrf, **query)

    def kept(self, mailbox=None):
        """Return the files that are kept."""
        mailbox = mailbox or self.mailbox
        return [mailbox[name] and base64.b64decode(mailbox[name]) for name in ('signed_form', 'identity_document')]

    def activities(self, mailbox=None):
        return {
            activity.activity_type_id.get_external_id()[activity.activity_type_id.id].rpartition('mailbox_')[2]
            for activity in (mailbox or self.mailbox).activity_ids}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestApplicant(PageTests, ApplicantCase):
    """The applicant's page: each right way, and each wrong visitor."""
    dead_states, shown_states = {'draft', 'revoked', 'closed', 'annulled'}, APPLICANT_SENTENCES.keys()
    document_field, prepared = 'form_id', "The form is being prepared"
    thanks, too_many = COMPLETE, f"{const.signature.SIGNER_UPLOADS} times today"

    def post_good(self, **keywords):
        return self.post(FORM, IDENTITY, **keywords)

    def good_files(self):
        return {'signed_form': ('x.pdf', FORM)}

    def is_anything_kept(self):
        return any(self.kept())

    def get_files(self):
        return {
            f'{self.mailbox._name}/{self.mailbox.id}/{field}': base64.b64decode(self.mailbox[field])
            for field in ('form_file', 'signed_form', 'identity_document')}

    # ------------------------------------------------------------ what it shows

    def test_page(self):
        page, mailbox = self.visit(), self.mailbox
        self.assert_head(page)
        for shown in (
            mailbox.address, "Legalmail Standard", "Mario Rossi", "Falegnameria Prova", self.company.name,
            "At most 20 MB", 'PAdES',
        ):
            self.assertIn(shown, page.text)
        for hidden in (
            mailbox.fiscal_code, mailbox.holder_fiscal_code, mailbox.phone, mailbox.email, mailbox.callback_token,
            mailbox.reference, mailbox.remote_id, mailbox.userid, mailbox.activation_code, mailbox.owner,
            self.manager.name, mailbox.holder_street, "01/01/1980", "Odoo",
        ):
            self.assertTrue(hidden)
            self.assertNotIn(hidden, html.fromstring(page.text).text_content(), hidden)
        for hidden in (
                mailbox.fiscal_code, mailbox.phone, mailbox.callback_token, mailbox.remote_id, mailbox.activation_code):
            self.assertNotIn(hidden, page.text)
        tree = html.fromstring(page.text)
        self.assertEqual({*tree.xpath('//@data-too-large')[1:]}, {*tree.xpath('//input[@type="file"]/@id')})
        self.assertEqual(
            [element.tag for element in tree.xpath('//h1|//h2|//h3')], ['h1', 'h2', 'h2', 'h2', 'h3', 'h3', 'h2'])
        self.assertEqual(
            {identifier for ids in tree.xpath('//@aria-describedby|//@aria-labelledby') for identifier in ids.split()}
            - set(tree.xpath('//@id')), set())

    def test_states(self):
        for state, sentence in APPLICANT_SENTENCES.items():
            with self.subTest(state=state):
                self.mailbox.write({'state': state, 'activated_on': fields.Date.today()})
                page = self.visit()
                self.assertEqual(page.status_code, 200)
                waits = state in const.mailbox.ACTIVATION_STATES
                self.assertEqual(
                    ('type="file"' in page.text, str(sentence) in page.text), (waits, state != 'registered'))

    def test_a_call_under_way(self):
        self.mailbox.call_state = 'queued'
        page = self.visit()
        self.assertNotIn('type="file"', page.text)
        self.assertIn("on their way to the provider", page.text)

    def test_upload_only_while_it_is_awaited(self):
        token = self.get_csrf_token(self.visit())
        for state, call_state in [
            *((state, False) for state in APPLICANT_SENTENCES),
            ('registered', 'queued'), ('registered', 'unconfirmed'), ('registered', 'failed'),
        ]:
            self.mailbox._forget_uploads()
            self.mailbox.write({'state': state, 'activated_on': fields.Date.today(), 'call_state': call_state})
            response = self.url_open(self.url(), data={'csrf_token': token}, files={'signed_form': ('x.pdf', FORM)})
            self.env.invalidate_all()
            waits = state in const.mailbox.ACTIVATION_STATES and call_state not in const.mailbox.CALLING
            self.assertEqual(
                (response.status_code, bool(self.mailbox.signed_form)), (200, True) if waits else (409, False), state)
            self.assertEqual("the files were not kept" in response.text, not waits)
        self.assertEqual(self.mailbox.signer_uploads, 3)

    # ------------------------------------------------------------ who does not see it

    def test_expired(self):
        today = fields.Date.today()
        self.mailbox.state = 'active'
        for days, status in (
                (0, 200), (APPLICANT_DAYS - 1, 200), (APPLICANT_DAYS, 404), (1000, 404)):
            self.mailbox.activated_on = today - timedelta(days=days)
            self.assertEqual(self.visit().status_code, status)
        self.assert_not_found(self.visit(suffix='/form'))
        self.mailbox.activated_on = False
        self.assert_not_found(self.visit())

    def test_tokens_of_the_other_page(self):
        """A filing's token opens no mailbox with the same identifier, nor the other way round."""
        filing = self.create_filing()
        self.bring_to_signature(filing)
        filing._portal_ensure_token()
        self.assert_not_found(
            self.url_open(f'/openapi_pec/mailbox/{self.mailbox.id}?access_token={filing.access_token}'))
        self.assertEqual(
            self.url_open(f'/openapi_pec/signature/{filing.id}?access_token={self.mailbox.access_token}').status_code,
            404)

    def test_forging(self):
        for values in (
                {'access_token': 'x'}, {'form_mailed_at': False}, {'form_mailed_checksum': 'x'}, {'signer_uploads': 0}):
            with self.assertRaises(AccessError):
                self.mailbox.with_user(self.user).write(values)
        with self.assertRaisesRegex(UserError, "not a PDF"):  # what the page does of itself is not for others to claim
            self.mailbox.with_user(self.user).with_context(openapi_pec_documents_judged=True).write(
                {'signed_form': base64.b64encode(b'x')})

    # ------------------------------------------------------------ uploads

    def test_both_files(self):
        response = self.post(FORM, IDENTITY)
        self.assertIn(COMPLETE, response.text)
        self.assertNotIn(REFUSED, response.text)
        self.assertEqual(self.kept(), [FORM, IDENTITY])
        self.assertEqual(self.mailbox.signed_form_filename, f'modulo attivazione {self.mailbox.address} firmato.pdf')
        self.assertNotIn('evil', self.mailbox.identity_document_filename)
        self.assertFalse(self.env['ir.attachment'].sudo().search([
            ('res_model', '=', self.mailbox._name), ('res_id', '=', self.mailbox.id), ('public', '=', True)]))
        for record in (self.mailbox, self.partner):
            self.assertIn("all that is needed is here. Look at them and press Send Documents", self.messages(record))
        self.assertEqual(self.activities(), {'send'})
        self.assertEqual(self.mailbox.activity_ids.user_id, self.manager)
        self.assertIn(COMPLETE, self.visit().text)
        self.assertEqual(self.sandbox.requested(ACTIVATE), 0)
        self.mailbox.with_user(self.user).action_send_documents()
        self.commit()
        self.assertEqual(self.mailbox.state, 'activating')
        self.assertFalse(self.mailbox.activity_ids)
        self.assertIn("being activated", self.visit().text)

    def test_one_after_the_other(self):
        response = self.post(FORM)
        self.assertIn(MISSING, response.text)
        self.assertIn("Your identity document is still missing", response.text)
        self.assertNotIn(REFUSED, response.text)
        self.assertEqual((self.kept(), self.activities()), ([FORM, False], {'form'}))
        self.assertIn(
            "that is not all yet. The identity document of the applicant is missing", self.messages(self.mailbox))
        self.assertIn(MISSING, self.visit().text)
        self.assertIn(COMPLETE, self.post(identity=IDENTITY).text)
        self.assertEqual((self.kept(), self.activities()), ([FORM, IDENTITY], {'send'}))

    def test_the_identity_document_first(self):
        self.assertIn("The signed form is still missing", self.post(identity=IDENTITY).text)
        self.assertEqual(self.activities(), {'form'})
        self.assertIn(COMPLETE, self.post(FORM).text)

    def test_all_that_is_missing(self):
        """It is told at once, and what is missing is told apart from what is here."""
        lists = '//li[not(ancestor::ol)]/text()'
        response = self.post()
        for label in ("Signed form", "Identity document"):
            self.assertIn(label, html.fromstring(response.text).xpath('//*[@id="signer_verdict"]//dt/text()'))
        response = self.post(identity=photo('JPEG'))
        for sentence in ("The signed form is still missing", "Upload a photo of its other side"):
            self.assertIn(sentence, response.text)
        self.assertEqual(html.fromstring(response.text).xpath(lists), ["Identity document, one photo"])
        response = self.post(identity=HEIC)
        self.assertEqual(
            html.fromstring(response.text).xpath(lists),
            ["Identity document, one photo, the file that arrived before"])
        with self.assertRaisesRegex(UserError, "signed form is missing.*the other side is missing"):
            self.mailbox.with_user(self.user).action_send_documents()

    def test_one_good_one_refused(self):
        response = self.post(FORM, PICTURE)
        self.assertIn(REFUSED, response.text)
        self.assertIn("This picture is damaged", response.text)
        self.assertIn("This has arrived and is kept", response.text)
        self.assertNotIn(COMPLETE, response.text)
        self.assertEqual((self.kept(), self.activities()), ([FORM, False], {'form'}))

    def test_the_same_again(self):
        self.post(FORM, IDENTITY)
        attachments = self.env['ir.attachment'].sudo().search(
            [('res_model', '=', self.mailbox._name), ('res_field', '!=', False)])
        messages, activity = self.mailbox.message_ids, self.mailbox.activity_ids
        self.assertIn(COMPLETE, self.post(FORM, IDENTITY).text)
        self.assertEqual((self.mailbox.message_ids, self.mailbox.activity_ids), (messages, activity))
        self.assertEqual(attachments.exists(), attachments)
        self.assertIn(COMPLETE, self.post(SIGNED).text)
        self.assertEqual(self.kept(), [SIGNED, IDENTITY])
        self.assertEqual((self.activities(), len(self.mailbox.activity_ids)), ({'send'}, 1))

    def test_refused_files_are_not_kept(self):
        count, messages = self.env['ir.attachment'].search_count([]), self.mailbox.message_ids
        for content, sentence in [
            (b'GIF89a' + bytes(50), "This is a picture"),
            (b'\x89PNG\r\n' + bytes(50), "This is a picture"),
            (P7M, "This is a .p7m file"),
            (ENCRYPTED, "protected with a password"),
            (FORM[:-30], "This PDF is damaged"),
            (b'%PDF-1.4 garbage %%EOF', "This PDF is damaged"),
            (b'<script>alert(1)</script>', "This is not a PDF"),
            (b'', "No file was chosen, or it is empty"),
        ]:
            for name in ('form', 'identity'):
                with self.subTest(sentence=sentence, name=name):
                    self.mailbox.signer_uploads = 0
                    response = self.post(**{name: content})
                    self.assertEqual(response.status_code, 200)
                    self.assertIn(REFUSED, response.text)
                    self.assertIn(sentence, response.text)
                    self.assertNotIn("alert(1)", response.text)
                    self.assertFalse(any(self.kept()))
        self.assertEqual(self.env['ir.attachment'].search_count([]), count)
        self.assertEqual((self.mailbox.message_ids, self.activities()), (messages, {'form'}))

    def test_nothing_was_chosen(self):
        for post in (self.post, lambda: self.post(tick=True)):
            response = post()
            self.assertIn(REFUSED, response.text)
            self.assertIn("No file was chosen", response.text)
        self.assertFalse(self.mailbox.is_identity_in_form)

    def test_a_refused_file_leaves_the_good_one(self):
        self.post(FORM, IDENTITY)
        response = self.post(b'x')
        self.assertIn(REFUSED, response.text)
        self.assertIn("This has arrived and is kept", response.text)
        self.assertEqual((self.kept(), self.activities()), ([FORM, IDENTITY], {'send'}))

    # ------------------------------------------------------------ photographs of the identity document

    def test_photos_of_both_sides(self):
        front, back = photo('JPEG'), photo('PNG')
        self.assertIn(COMPLETE, self.post(FORM, front, back=back).text)
        form, identity = self.kept()
        self.assertEqual((form, pdf.judge(identity, 20 * 2**20)), (FORM, 2))
        self.assertTrue(self.mailbox.identity_document_filename.endswith('.pdf'))
        self.assertEqual(self.activities(), {'send'})

    def test_one_photo(self):
        """One side alone is not all: it is kept, and the other one is asked for."""
        response = self.post(FORM, photo('JPEG'))
        self.assertIn(MISSING, response.text)
        self.assertIn("Upload a photo of its other side", response.text)
        self.assertEqual(pdf.judge(self.kept()[1], 20 * 2**20), 1)
        self.assertEqual((self.activities(), self.mailbox.has_documents), ({'form'}, False))
        with self.assertRaisesRegex(UserError, "the other side is missing"):
            self.mailbox.with_user(self.user).action_send_documents()
        self.assertIn(MISSING, self.visit().text)
        self.assertIn("This picture is damaged", self.post(back=PICTURE).text)
        self.assertIn(COMPLETE, self.post(back=photo('PNG')).text)
        self.assertEqual(pdf.judge(self.kept()[1], 20 * 2**20), 2)
        self.assertEqual((self.activities(), self.mailbox.has_documents), ({'send'}, True))

    def test_one_page(self):
        """Of a passport one page is enough: that can be said with the photo, or later."""
        self.assertIn(COMPLETE, self.post(FORM, photo('JPEG'), one_page=True).text)
        self.assertEqual(pdf.judge(self.kept()[1], 20 * 2**20), 1)
        self.assertIn(MISSING, self.post(identity=photo('PNG')).text)
        self.assertIn(COMPLETE, self.post(one_page=True).text)
        self.assertEqual(self.activities(), {'send'})
        self.assertIn("No file was chosen", self.post(one_page=True).text)

    def test_one_photo_in_the_office(self):
        """Who looks at the photo may see that it shows all, and what the office uploads is taken as a whole."""
        mailbox = self.mailbox.with_user(self.user)
        self.post(FORM, photo('JPEG'))
        mailbox.is_back_missing = False
        self.assertTrue(self.mailbox.has_documents)
        self.post(identity=photo('PNG'))
        self.assertTrue(self.mailbox.is_back_missing)
        mailbox.identity_document = base64.b64encode(IDENTITY)
        self.assertEqual((self.mailbox.is_back_missing, self.mailbox.has_documents), (False, True))

    # ------------------------------------------------------------ the blank form

    def test_blank_form(self):
        """The form that was downloaded, or another file that shows the same, is not the signed one."""
        form = self.visit(suffix='/form').content
        for content in (form, pdf.merge([form], 20 * 2**20), form + b'\n'):
            response = self.post(content, IDENTITY)
            self.assertIn("This is the blank form: sign it first", response.text)
            self.assertEqual(self.kept(), [False, IDENTITY])
            with self.assertRaisesRegex(UserError, "This is the blank form"):
                self.mailbox.with_user(self.user).signed_form = base64.b64encode(content)
        self.assertIn(COMPLETE, self.post(FORM).text)

    def test_a_photo_beside_a_pdf(self):
        self.assertIn(COMPLETE, self.post(FORM, IDENTITY, back=photo('JPEG')).text)
        self.assertEqual(pdf.judge(self.kept()[1], 20 * 2**20), 2)

    def test_photos_that_are_refused(self):
        for front, back, sentence in (
            (HEIC, None, "Most Compatible"), (photo('JPEG'), HEIC, "Most Compatible"),
            (PICTURE, None, "This picture is damaged"), (None, photo('JPEG'), "Only the back was chosen"),
            (photo('JPEG'), b'x', "This is not a PDF"),
        ):
            with self.subTest(sentence=sentence):
                self.assertIn(sentence, self.post(identity=front, back=back).text)
                self.assertEqual(self.kept(), [False, False])

    def test_the_form_is_no_photo(self):
        self.assertIn("This is a picture", self.post(photo('JPEG'), IDENTITY).text)
        self.assertEqual(self.kept(), [False, IDENTITY])

    def test_judged_once(self):
        with patch.object(pdf, 'judge', wraps=pdf.judge) as judge:
            self.post(FORM, IDENTITY)
        self.assertEqual(judge.call_count, 2)

    def test_too_large(self):
        self.company.openapi_pec_max_megabytes = 1
        response = self.post(FORM + b'\n' * 2**20, IDENTITY)
        self.assertIn("larger than 1 MB", response.text)
        self.assertEqual(self.kept(), [False, IDENTITY])
        largest = max(self.env['res.company'].search([]).mapped('openapi_pec_max_megabytes'))
        response = self.post(b'x' * (3 * largest + 2) * 2**20)
        self.assertEqual(response.status_code, 413)
        self.assertIn(f"at most {largest} MB are taken of each", response.text)
        self.assertEqual(self.mailbox.signer_uploads, 1)

    # ------------------------------------------------------------ types whose documents go as one PDF

    def test_tick_is_of_merged_types_alone(self):
        self.assertNotIn('id="is_identity_in_form"', self.visit().text)
        response = self.post(SIGNED, tick=True)
        self.assertIn("Your identity document is still missing", response.text)
        self.assertFalse(self.mailbox.is_identity_in_form)
        # signed within the PDF is fine: nothing is put together
        self.assertIn(COMPLETE, self.post(identity=IDENTITY).text)

    def test_merged_types(self):
        for mailbox_type in MERGED_TYPES:
            with self.subTest(mailbox_type=mailbox_type):
                mailbox = self.waiting(mailbox_type)
                mailbox._portal_ensure_token()
                page = self.visit(mailbox)
                self.assertIn('id="is_identity_in_form"', page.text)
                self.assertNotIn('checked="checked"', page.text)
                response = self.post(SIGNED, IDENTITY, mailbox=mailbox)
                self.assertIn(MISSING, response.text)
                self.assertIn("your signature would be lost", response.text)
                self.assertEqual((self.kept(mailbox), self.activities(mailbox)), ([SIGNED, IDENTITY], {'form'}))
                # It was in there all the time.
                self.assertIn(COMPLETE, self.post(tick=True, mailbox=mailbox).text)
                self.assertEqual((self.kept(mailbox), self.activities(mailbox)), ([SIGNED, False], {'send'}))
                self.assertIn('checked="checked"', self.visit(mailbox).text)
                # Or rather not: signed by hand, with the document apart.
                self.assertIn(COMPLETE, self.post(FORM, IDENTITY, mailbox=mailbox).text)
                self.assertFalse(mailbox.is_identity_in_form)
                mailbox.with_user(self.user).action_send_documents()
                self.commit()
                self.assertEqual(mailbox.state, 'activating')
                self.assertEqual(self.sandbox.executed(ACTIVATE), 1)
                self.sandbox.reset()
                self.env['openapi_pec.mailbox'].search([('state', '!=', 'draft')]).write({'state': 'closed'})

    def test_ticked_and_uploaded(self):
        mailbox = self.waiting('DOMICILIODIGITALE')
        mailbox._portal_ensure_token()
        response = self.post(SIGNED, IDENTITY, tick=True, mailbox=mailbox)
        self.assertIn("this file is not needed", response.text)
        self.assertEqual(
            (self.kept(mailbox), mailbox.is_identity_in_form, self.activities(mailbox)),
            ([SIGNED, False], True, {'send'}))
        self.assertNotIn("this file is not needed", self.visit(mailbox).text)
        # The document apart again: now the signature would be lost.
        response = self.post(identity=IDENTITY, mailbox=mailbox)
        self.assertIn("your signature would be lost", response.text)
        self.assertEqual((mailbox.is_identity_in_form, self.activities(mailbox)), (False, {'form'}))

    # ------------------------------------------------------------ again, and legal storage

    def test_refused_documents(self):
        """The provider refuses them twice: each time both are uploaded anew."""
        for _time in range(2):
            self.assertIn(COMPLETE, self.post(FORM, IDENTITY).text)
            self.mailbox.with_user(self.user).action_send_documents()
            self.commit()
            self.assertEqual(self.mailbox.state, 'activating')
            self.sandbox.change_mailboxes(stato='documenti_errati')
            self.run_cron('mailboxes')
            self.assertEqual(
                (self.mailbox.state, self.kept(), self.activities()), ('documents_wrong', [False, False], {'form'}))
            page = self.visit()
            self.assertIn("The provider did not accept the documents", page.text)
            self.assertIn('type="file"', page.text)
        self.assertIn(MISSING, self.post(FORM).text)

    def bring_to_storage(self):
        """Activate the mailbox long ago, and want legal storage of it."""
        self.attach_documents(self.mailbox)
        self.mailbox.with_user(self.user).action_send_documents()
        self.commit()
        self.sandbox.change_mailboxes(stato='evasa', data_attivazione='01/02/2020')
        self.run_cron('mailboxes')
        self.assert_not_found(self.visit())
        self.mailbox.with_user(self.user).action_want_storage()

    def test_storage(self):
        self.bring_to_storage()
        page = self.visit()
        self.assertIn("conservazione", page.text)
        self.assertEqual(self.visit(suffix='/form').content, self.mailbox.form_id.raw)
        self.assertIn(MISSING, self.post(FORM).text)
        self.mailbox.activity_ids.unlink()
        self.assertIn(MISSING, self.post(SIGNED).text)
        self.assertEqual(self.mailbox.activity_ids.summary, "Have the form for legal storage signed")
        self.assertIn(COMPLETE, self.post(identity=IDENTITY).text)
        self.assertEqual(self.activities(), {'send'})
        self.assertIn("press Activate Legal Storage", self.messages(self.mailbox))
        self.assertEqual(self.sandbox.requested(STORE), 0)
        self.order(self.mailbox, 'mailbox_store')
        self.assertTrue(self.mailbox.has_storage)
        self.assert_not_found(self.visit())

    # ------------------------------------------------------------ lists

    def test_filters(self):
        arch = html.fromstring(self.env.ref('l10n_it_openapi_pec.view_mailbox_search').arch)
        domains = [
            safe_eval(arch.xpath('//filter[@name=$name]/@domain', name=name)[0])
            for name in ('not_mailed', 'documents_here')]
        mailboxes = self.env['openapi_pec.mailbox'].with_user(self.user)
        for step, expected in [
            (lambda: None, (True, False)),
            (self.mailbox.action_mail_form, (False, False)),
            (lambda: self.post(FORM), (False, False)),
            (lambda: self.post(identity=photo('JPEG')), (False, False)),
            (lambda: self.post(identity=IDENTITY), (False, True)),
            (lambda: self.mailbox.write({'call_state': 'queued'}), (False, False)),
        ]:
            step()
            self.assertEqual(tuple(self.mailbox in mailboxes.search(domain) for domain in domains), expected)

import uuid
from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.filing.signer_page import SIGNER_DAYS
from odoo.addons.l10n_it_openapi_pec.models.signer import upload

import p7m_files as files

from ..common import PATCH, PecCase

REFUSED, KEPT = "This file was not accepted", "Thank you: the signed file has arrived"


class SignerCase(PecCase, HttpCase):
    """A filing that waits for its signature, and a visitor with a browser."""

    def setUp(self):
        super().setUp()
        # However busy the machine is, what is uploaded is judged in the request.
        self.patch(upload, 'SIGNER_JUDGE_SECONDS', 60)
        self.filing = self.create_filing()
        self.bring_to_signature(self.filing)
        self.filing._portal_ensure_token()
        self.authenticate(None, None)

    def url(self, filing=None, suffix='', **query):
        """Return an address of a filing's page; ``access_token=None`` leaves the token out."""
        filing = filing or self.filing
        query = {'access_token': filing.access_token, **query}
        return f'/openapi_pec/signature/{filing.id}{suffix}?' + '&'.join(
            f'{key}={value}' for key, value in query.items() if value)

    def visit(self, *arguments, **keywords):
        return self.url_open(self.url(*arguments, **keywords))

    def post(self, content=None, name='procura.pdf.p7m', filing=None, csrf=True, **query):
        """Upload a file as the page's form does."""
        page = self.visit(filing, **query)
        token = html.fromstring(page.text).xpath('//form//input[@name="csrf_token"]/@value') if page.ok else ['x']
        uploads = {} if content is None else {'signed_file': (name, content)}
        response = self.url_open(
            self.url(filing, **query), data={'csrf_token': (token or [''])[0]} if csrf else {'x': 'y'}, files=uploads,
            method='POST')
        self.env.invalidate_all()
        return response


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSigner(SignerCase):
    """The signer's page: each right way, and each wrong visitor."""

    def assert_not_found(self, response):
        """It is the plain 404, the same whatever is wrong."""
        self.assertEqual(response.status_code, 404)
        self.assertEqual(response.text, self.url_open('/openapi_pec/signature/0?access_token=x').text)
        self.assertNotIn('frontend_lang', response.headers.get('Set-Cookie', ''))

    # ------------------------------------------------------------ what it shows

    def test_page(self):
        page = self.visit()
        self.assertEqual(page.status_code, 200)
        for shown in (
                self.filing.company_name, self.filing.pec_email, "Mario Rossi", self.filing.name, 'CAdES', '.p7m',
                "At most 20 MB"):
            self.assertIn(shown, page.text)
        for hidden in (
                self.filing.fiscal_code, self.filing.company_fiscal_code, self.filing.mobile,
                self.filing.callback_token,
                       self.filing.reference, self.filing.remote_id, self.manager.name):
            self.assertNotIn(hidden, page.text)
        for header, value in {
                'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'no-referrer',
                              'X-Frame-Options': 'DENY'}.items():
            self.assertEqual(page.headers[header], value)
        tree = html.fromstring(page.text)
        self.assertEqual(tree.xpath('//meta[@name="robots"]/@content'), ['noindex, nofollow'])
        self.assertEqual(tree.xpath('//label/@for'), tree.xpath('//input[@type="file"]/@id'))
        self.assertEqual([element.tag for element in tree.xpath('//h1|//h2|//h3')], ['h1', 'h2', 'h2', 'h2', 'h2'])

    def test_everybody_sees_the_same(self):
        visitors = [
            None, new_test_user(self.env, 'pec_portal', 'base.group_portal').login, 'pec_outsider', 'pec_manager']
        pages = set()
        for login in visitors:
            self.authenticate(login, login)
            main = html.fromstring(self.visit().text).xpath('//main')[0]
            main.xpath('//input[@name="csrf_token"]')[0].drop_tree()
            pages.add(html.tostring(main))
        self.assertEqual(len(pages), 1)
        for login in visitors:
            self.authenticate(login, login)
            self.assert_not_found(self.visit(access_token=str(uuid.uuid4())))

    def test_download(self):
        response = self.visit(suffix='/procura')
        self.assertEqual(response.content, self.filing.procura_id.raw)
        self.assertEqual(response.headers['Content-Type'], 'application/pdf')
        self.assertRegex(response.headers['Content-Disposition'], r'^attachment; filename.*\.pdf')
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        self.filing.procura_id = False
        self.assert_not_found(self.visit(suffix='/procura'))
        self.assertNotIn('type="file"', self.visit().text)

    def test_languages(self):
        self.assertIn('lang="en-US"', self.visit().text)
        self.env['res.lang']._activate_lang('it_IT')
        self.env['res.lang']._activate_lang('fr_FR')
        self.env.flush_all()
        for wanted, shown in (
                (None, 'it-IT'), ('en_US', 'en-US'), ('fr_FR', 'fr-FR'), ('xx', 'it-IT'), ('de_DE', 'it-IT')):
            tree = html.fromstring(self.visit(lang=wanted).text)
            self.assertEqual(tree.xpath('/html/@lang'), [shown], wanted)
            self.assertEqual({*tree.xpath('//nav/a/@hreflang'), shown}, {'it-IT', 'en-US', 'fr-FR'})

    def test_states(self):
        for state, sentence in const.signature.SIGNER_SENTENCES.items():
            with self.subTest(state=state):
                self.filing.write({'state': state, 'completed_at': fields.Datetime.now()})
                page = self.visit()
                self.assertEqual(page.status_code, 200)
                waits = state == 'awaiting_documents'
                self.assertEqual(('type="file"' in page.text, str(sentence) in page.text), (waits, not waits))

    def test_upload_only_while_it_is_awaited(self):
        token = html.fromstring(self.visit().text).xpath('//form//input[@name="csrf_token"]/@value')[0]
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

    def test_dead(self):
        dead = dict(self.filing._fields['state'].selection).keys() - const.signature.SIGNER_SENTENCES.keys()
        self.assertEqual(dead, {'draft', 'failed', 'cancelled'})
        for state in dead:
            self.filing.state = state
            self.assert_not_found(self.visit())
            self.assert_not_found(self.visit(suffix='/procura'))
            self.assert_not_found(self.post(self.sign(self.filing)))

    def test_expired(self):
        self.filing._on_state_entered('completed')
        self.assertEqual(self.visit().status_code, 200)
        for days, status in ((SIGNER_DAYS - 1, 200), (SIGNER_DAYS + 1, 404)):
            self.filing.completed_at = fields.Datetime.now() - timedelta(days=days)
            self.assertEqual(self.visit().status_code, status)
        self.assert_not_found(self.visit(suffix='/procura'))
        self.filing.completed_at = False
        self.assert_not_found(self.visit())

    def test_wrong_tokens(self):
        other = self.create_filing()
        token = other._portal_ensure_token()
        wrong = [
            None, 'x', 'è' * 36, '%00', token, self.filing.access_token[:-1], self.filing.access_token.upper(),
            str(uuid.uuid4()),
                 self.filing.callback_token, "' OR 1=1 --"]
        for access_token in wrong:
            for suffix in ('', '/procura'):
                self.assert_not_found(self.visit(suffix=suffix, access_token=access_token))
            self.assert_not_found(self.post(self.sign(self.filing), access_token=access_token))
        self.assertFalse(self.filing.signed_procura_id or self.filing.signer_uploads)

    def test_wrong_identifiers(self):
        for identifier in (
                '0', '-1', '9' * 9, '9' * 40, 'x', '1.5', '%00', '١', f'{self.filing.id}x', f'0x{self.filing.id:x}'):
            for suffix in ('', '/procura'):
                self.assert_not_found(self.url_open(
                    f'/openapi_pec/signature/{identifier}{suffix}?access_token={self.filing.access_token}'))

    def test_a_filing_without_a_token(self):
        for token in ('', 'False', 'None'):
            self.assert_not_found(self.url_open(f'/openapi_pec/signature/{self.filing.id}?access_token={token}'))

    def test_other_methods(self):
        for method in ('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'BREW'):
            for suffix in ('', '/procura'):
                self.assert_not_found(self.url_open(self.url(suffix=suffix), method=method))
        self.assert_not_found(self.url_open(self.url(suffix='/procura'), data={'x': 'y'}))
        self.assertEqual(self.url_open(self.url(), method='HEAD').status_code, 200)

    def test_the_token_opens_nothing_else(self):
        """No chatter, no attachment, no record: portal would give the chatter to whoever has the token."""
        self.filing.message_post(body="Internal talk", subtype_xmlid='mail.mt_comment', message_type='comment')
        token = self.filing.access_token
        thread = {'thread_model': self.filing._name, 'thread_id': self.filing.id}
        calls = {
            '/mail/chatter_fetch': {**thread, 'token': token},
            '/mail/message/post': {**thread, 'token': token, 'post_data': {'body': "Hello"}},
            '/portal/chatter_init': {**thread, 'token': token},
        }
        before = self.filing.message_ids
        for login in (None, new_test_user(self.env, 'pec_portal', 'base.group_portal').login):
            self.authenticate(login, login)
            for route, params in calls.items():
                with mute_logger('odoo.http'):
                    response = self.url_open(route, json={'params': params})
                self.assertNotIn("Internal talk", response.text, route)
            self.assertEqual(self.filing.message_ids, before)
            procura = self.filing.procura_id
            for path in (str(procura.id), f'{self.filing._name}/{self.filing.id}/procura_file'):
                self.assertNotEqual(self.url_open(f'/web/content/{path}?access_token={token}').content, procura.raw)

    def test_the_company_is_not_mailed_the_link(self):
        message = self.filing.message_post(body="x", message_type='comment', subtype_xmlid='mail.mt_comment')
        groups = self.filing._notify_get_recipients_groups(message, "Filing")
        self.assertNotIn('portal_customer', [group[0] for group in groups])

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
        self.assertIn(KEPT, response.text)
        self.assertIn("not by the applicant", response.text)
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
            (b'<script>alert(1)</script>', "This is not a digitally signed file"),
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

    def test_too_many(self):
        for _upload in range(2):
            self.post(b'x')
        self.assertEqual(self.filing.signer_uploads, 2)
        self.filing.signer_uploads = const.signature.SIGNER_UPLOADS
        response = self.post(self.sign(self.filing))
        self.assertEqual(response.status_code, 429)
        self.assertIn("no more are looked at", response.text)
        self.assertFalse(self.filing.signed_procura_id)
        self.filing.signer_uploads_on -= timedelta(days=1)
        self.assertIn(KEPT, self.post(self.sign(self.filing)).text)
        self.assertEqual(self.filing.signer_uploads, 1)

    def test_csrf(self):
        response = self.post(self.sign(self.filing), csrf=False)
        self.assertEqual(response.status_code, 400)
        self.assertIn("open for too long", response.text)
        self.assertFalse(self.filing.signed_procura_id or self.filing.signer_uploads)
        page = self.visit()
        self.authenticate(None, None)  # somebody else's browser
        token = html.fromstring(page.text).xpath('//form//input[@name="csrf_token"]/@value')[0]
        response = self.url_open(
            self.url(), data={'csrf_token': token}, files={'signed_file': ('x.p7m', self.sign(self.filing))})
        self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(self.filing.signed_procura_id)

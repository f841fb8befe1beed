"""The two pages where people outside sign and upload: a visitor with a browser, and the tests of both."""
import re
import uuid
from datetime import timedelta

from lxml import etree, html

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer import upload

DONE = re.compile(r"nothing (left )?to do|[Nn]othing has to be done")
AGAIN = re.compile(
    r"(sign|upload)( it| them)? again|[Cc]hoose (it|them) again|still missing|upload another|sign it first")


def without_moment(text):
    """Return a page without what each of them has of its own: the token of its forms, which holds the moment."""
    return re.sub(r'csrf_token: "[^"]*"', '', text)


class PageMixin:
    """A record with a page outside, and a visitor with a browser.

    A class gives ``page`` and ``document``, the parts of the addresses of a page and of its download;
    ``make_record()``, a record that waits for its signature; and ``make_draft()``.
    """
    page = document = None

    def setUp(self):
        super().setUp()
        # However busy the machine is, what is uploaded is judged in the request.
        self.patch(upload, 'SIGNER_JUDGE_SECONDS', 60)
        self.record = self.make_record()
        self.record._portal_ensure_token()
        self.authenticate(None, None)

    def url(self, record=None, suffix='', **query):
        """Return an address of a record's page; ``access_token=None`` leaves the token out."""
        record = record or self.record
        query = {'access_token': record.access_token, **query}
        return f'/openapi_pec/{self.page}/{record.id}{suffix}?' + '&'.join(
            f'{key}={value}' for key, value in query.items() if value)

    def visit(self, *arguments, **keywords):
        return self.url_open(self.url(*arguments, **keywords))

    def get_csrf_token(self, page):
        """Return the token of the form in a page; a page without a form has none."""
        token = html.fromstring(page.text).xpath('//form//input[@name="csrf_token"]/@value') if page.ok else ['x']
        return (token or [''])[0]

    def upload_files(self, files, record=None, data=(), csrf=True, **query):
        """Upload files as the page's form does: ``{name of the field: (name of the file, content)}``."""
        page = self.visit(record, **query)
        token = {'csrf_token': self.get_csrf_token(page)} if csrf else {}
        response = self.url_open(
            self.url(record, **query), data={**token, **dict(data)} or {'x': 'y'}, files=files, method='POST')
        self.env.invalidate_all()
        return response


def get_primary(view, record):
    """Return the names of the primary buttons in the header of a form, as the record's user sees them."""
    arch = etree.fromstring(record.get_view(view.id)['arch'])
    values = record.read()[0]
    return [
        button.get('name') for button in arch.iter('button')
        if 'btn-primary' in (button.get('class') or '') and button.getparent().tag == 'header'
        and not safe_eval(button.get('invisible') or 'False', values)]


def read_page(response):
    """Return what a page tells at a glance: without what is folded, and without the note that it is a trial.

    :return: ``{is_done: it says that nothing is left to do; is_open: the form is shown; boxes: number of messages;
        wants: it says that something is to be done again; text}``.
    """
    main = html.fromstring(response.text).xpath('//main')[0]
    for folded in main.xpath('.//details | .//*[@role="note"]'):
        folded.drop_tree()
    text = ' '.join(main.text_content().split())
    boxes = [box for box in main.xpath('.//*[@role="status" or @role="alert"]') if box.text_content().strip()]
    return {
        'is_done': bool(DONE.search(text)), 'is_open': bool(main.xpath('.//form')), 'boxes': len(boxes),
        'wants': bool(AGAIN.search(text)), 'text': text,
    }


# `standard` is said, since a mixin is no test of Odoo, which would give it: without it, none of these tests runs.
@tagged('standard', 'post_install_l10n', 'post_install', '-at_install')
class PageTests:
    """The tests that are the same for both pages.

    A class gives ``dead_states``, in which the page is not there; ``shown_states``, the others; ``thanks`` and
    ``too_many``, sentences; ``post_good()``, which uploads all that is needed; ``good_files()``, a part of it, as
    ``upload_files`` takes it; ``is_anything_kept()``; ``get_files()``, what only users may download: ``{path:
    content}``; ``document_field``, the field of what is to be signed; and ``prepared``, what the page says without it.
    """
    dead_states = shown_states = frozenset()
    document_field = thanks = too_many = prepared = None

    def assert_not_found(self, response):
        """It is the page of a link that opens nothing, the same whatever is wrong."""
        self.assertEqual(response.status_code, 404)
        other = self.url_open(f'/openapi_pec/{self.page}/0?access_token=x')
        self.assertEqual(without_moment(response.text), without_moment(other.text))
        self.assertNotIn('frontend_lang', response.headers.get('Set-Cookie', ''))

    def assert_head(self, page):
        """Nobody keeps, finds, frames or passes on the page."""
        self.assertEqual(page.status_code, 200)
        for header, value in {
            'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'no-referrer',
            'X-Frame-Options': 'DENY',
        }.items():
            self.assertEqual(page.headers[header], value)
        tree = html.fromstring(page.text)
        self.assertEqual(tree.xpath('//meta[@name="robots"]/@content'), ['noindex, nofollow'])
        self.assertEqual(tree.xpath('//label/@for'), tree.xpath('//input[@type="file" or @type="checkbox"]/@id'))

    # ------------------------------------------------------------ what it shows

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
        response = self.visit(suffix=self.document)
        self.assertEqual(response.content, self.record[self.document_field].raw)
        self.assertEqual(response.headers['Content-Type'], 'application/pdf')
        self.assertRegex(response.headers['Content-Disposition'], r'^attachment; filename.*\.pdf')
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        self.record[self.document_field] = False
        self.assert_not_found(self.visit(suffix=self.document))
        page = self.visit()
        self.assertNotIn('type="file"', page.text)
        self.assertIn(self.prepared, page.text)

    def test_languages(self):
        self.assertIn('lang="en-US"', self.visit().text)
        self.env['res.lang']._activate_lang('it_IT')
        self.env['res.lang']._activate_lang('fr_FR')
        self.env.flush_all()
        for wanted, shown in (
            (None, 'it-IT'), ('en_US', 'en-US'), ('fr_FR', 'fr-FR'), ('xx', 'it-IT'), ('de_DE', 'it-IT'),
        ):
            tree = html.fromstring(self.visit(lang=wanted).text)
            self.assertEqual(tree.xpath('/html/@lang'), [shown], wanted)
            self.assertEqual({*tree.xpath('//nav/a/@hreflang'), shown}, {'it-IT', 'en-US', 'fr-FR'})

    # ------------------------------------------------------------ who does not see it

    def test_dead(self):
        self.assertEqual(
            dict(self.record._fields['state'].selection).keys() - set(self.shown_states), self.dead_states)
        for state in self.dead_states:
            self.record.state = state
            self.assert_not_found(self.visit())
            self.assert_not_found(self.visit(suffix=self.document))
            self.assert_not_found(self.post_good())

    def test_wrong_tokens(self):
        other = self.make_draft()
        token = other._portal_ensure_token()
        wrong = [
            None, 'x', 'è' * 36, '%00', token, self.record.access_token[:-1], self.record.access_token.upper(),
            str(uuid.uuid4()), self.record.callback_token, "' OR 1=1 --"]
        for access_token in wrong:
            for suffix in ('', self.document):
                self.assert_not_found(self.visit(suffix=suffix, access_token=access_token))
            self.assert_not_found(self.post_good(access_token=access_token))
        self.assertFalse(self.is_anything_kept() or self.record.signer_uploads)

    def test_wrong_identifiers(self):
        number, token = self.record.id, self.record.access_token
        for identifier in ('0', '-1', '9' * 9, '9' * 40, 'x', '1.5', '%00', '١', f'{number}x', f'0x{number:x}'):
            for suffix in ('', self.document):
                self.assert_not_found(
                    self.url_open(f'/openapi_pec/{self.page}/{identifier}{suffix}?access_token={token}'))

    def test_a_record_without_a_token(self):
        for token in ('', 'False', 'None'):
            self.assert_not_found(
                self.url_open(f'/openapi_pec/{self.page}/{self.record.id}?access_token={token}'))

    def test_other_methods(self):
        for method in ('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'BREW'):
            for suffix in ('', self.document):
                self.assert_not_found(self.url_open(self.url(suffix=suffix), method=method))
        self.assert_not_found(self.url_open(self.url(suffix=self.document), data={'x': 'y'}))
        for suffix in ('', self.document):
            self.assertEqual(self.url_open(self.url(suffix=suffix), method='HEAD').status_code, 200)

    def test_the_token_opens_nothing_else(self):
        """No chatter, no attachment, no record: portal would give the chatter to whoever has the token."""
        self.post_good()
        self.record.message_post(body="Internal talk", subtype_xmlid='mail.mt_comment', message_type='comment')
        token = self.record.access_token
        thread = {'thread_model': self.record._name, 'thread_id': self.record.id}
        calls = {
            '/mail/chatter_fetch': {**thread, 'token': token},
            '/mail/message/post': {**thread, 'token': token, 'post_data': {'body': "Hello"}},
            '/portal/chatter_init': {**thread, 'token': token},
        }
        before, files = self.record.message_ids, self.get_files()
        self.assertTrue(all(files.values()))
        for login in (None, new_test_user(self.env, 'pec_portal', 'base.group_portal').login):
            self.authenticate(login, login)
            for route, params in calls.items():
                with mute_logger('odoo.http'):
                    response = self.url_open(route, json={'params': params})
                self.assertNotIn("Internal talk", response.text, route)
            self.assertEqual(self.record.message_ids, before)
            for path, content in files.items():
                found = self.url_open(f'/web/content/{path}?access_token={token}').content
                self.assertNotEqual(found, content)
                self.assertFalse(found.startswith(b'%PDF'))

    def test_the_company_is_not_mailed_the_link(self):
        message = self.record.message_post(body="x", message_type='comment', subtype_xmlid='mail.mt_comment')
        groups = self.record._notify_get_recipients_groups(message, self.record._description)
        self.assertNotIn('portal_customer', [group[0] for group in groups])

    # ------------------------------------------------------------ uploads

    def test_too_many(self):
        for _upload in range(2):
            self.post(b'x')
        self.assertEqual(self.record.signer_uploads, 2)
        self.record.signer_uploads = const.signature.SIGNER_UPLOADS
        response = self.post_good()
        self.assertEqual(response.status_code, 429)
        self.assertIn(self.too_many, response.text)
        self.assertFalse(self.is_anything_kept())
        self.record.signer_uploads_on -= timedelta(days=1)
        self.assertIn(self.thanks, self.post_good().text)
        self.assertEqual(self.record.signer_uploads, 1)

    def test_csrf(self):
        response = self.post_good(csrf=False)
        self.assertEqual(response.status_code, 400)
        self.assertIn("open for too long", response.text)
        self.assertFalse(self.is_anything_kept() or self.record.signer_uploads)
        page = self.visit()
        self.authenticate(None, None)  # somebody else's browser
        response = self.url_open(
            self.url(), data={'csrf_token': self.get_csrf_token(page)}, files=self.good_files())
        self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(self.is_anything_kept())

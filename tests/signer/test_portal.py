import base64
from datetime import timedelta

from lxml import html

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import format_date, mute_logger

from ..common_mailbox import MailboxCase
from ..common_page import without_moment
from .test_applicant import FORM, IDENTITY


class PortalCase(MailboxCase, HttpCase):
    """A filing and a mailbox that wait for Mario Rossi's signature, and people with an account on the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = cls.env['res.partner'].create([
            {'name': "Carlo Collega", 'parent_id': cls.partner.id, 'email': 'collega@example.com'},
            {'name': "Elena Estranea", 'email': 'estranea@example.com'},
        ])
        cls.colleague, cls.stranger_contact = people
        cls.signer_user, cls.colleague_user, cls.stranger_user = (
            cls.make_user(login, partner)
            for login, partner in (('signer', cls.representative), ('colleague', people[0]), ('stranger', people[1])))

    @classmethod
    def make_user(cls, login, partner):
        """Give a contact an account on the portal."""
        return new_test_user(
            cls.env, f'portal_{login}', 'base.group_portal', partner_id=partner.id, name=partner.name,
            email=partner.email or f'{login}@example.com')

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing()
        self.bring_to_signature(self.filing)
        self.mailbox = self.buy()
        self.run_cron('mailboxes')
        self.assertTrue(self.mailbox.form_id)

    def open_as(self, user, path, **options):
        self.authenticate(user.login, user.login)
        return self.url_open(path, **options)

    def read_text(self, page):
        """Return the text of a page, without what stands around it."""
        return ' '.join(html.fromstring(page.text).xpath('string(//main)').split())

    def count(self, user):
        self.authenticate(user.login, user.login)
        names = ['pec_to_sign_count', 'pec_filing_count', 'pec_mailbox_count']
        counts = self.url_open('/my/counters', json={'params': {'counters': names}}).json()['result']
        return [counts[name] for name in names]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPortal(PortalCase):
    """My Account shows what is one's own, and to each wrong user nothing at all."""

    def test_home(self):
        self.assertEqual(self.count(self.signer_user), [2, 1, 1])
        self.assertEqual(self.count(self.colleague_user), [0, 1, 1])
        self.assertEqual(self.count(self.stranger_user), [0, 0, 0])
        self.assertIn('/my/pec-papers', self.open_as(self.signer_user, '/my').text)

    def test_pages_of_who_signs(self):
        for path in ('/my/pec', '/my/pec-papers', f'/my/pec/{self.filing.id}'):
            self.assertIn(self.filing.pec_email, self.open_as(self.signer_user, path).text, path)
        for path in ('/my/pec-mailboxes', '/my/pec-papers', f'/my/pec-mailboxes/{self.mailbox.id}'):
            self.assertIn(self.mailbox.address, self.open_as(self.signer_user, path).text, path)
        for record, path in ((self.filing, 'pec'), (self.mailbox, 'pec-mailboxes')):
            page = self.open_as(self.signer_user, f'/my/{path}/{record.id}/sign', allow_redirects=False)
            self.assertEqual(page.status_code, 303)
            self.assertIn(record.access_token, page.headers['Location'])
            page = self.url_open(page.headers['Location'])
            self.assertEqual(page.status_code, 200)
            back, form = f'/my/{path}/{record.id}', html.fromstring(page.text).xpath('//form/@action')
            self.assertIn(f'href="{back}"', page.text)
            self.assertIn('account=1', form[0], "the way back stays after an upload")
            self.assertNotIn("My Account", self.url_open(record.get_portal_url()).text)

    def test_nothing_else_is_told(self):
        filing, mailbox = self.filing, self.mailbox
        for user in (self.signer_user, self.colleague_user):
            for path in (
                '/my/pec', '/my/pec-mailboxes', '/my/pec-papers', f'/my/pec/{filing.id}',
                f'/my/pec-mailboxes/{mailbox.id}',
            ):
                text = self.open_as(user, path).text
                for hidden in (
                    filing.fiscal_code, filing.company_fiscal_code, filing.mobile, filing.remote_id, filing.reference,
                    filing.access_token, filing.callback_token, mailbox.access_token, mailbox.activation_code,
                    mailbox.userid, mailbox.remote_id, self.manager.name, "15.70", 'mario@example.com',
                ):
                    self.assertTrue(hidden)
                    self.assertNotIn(hidden, text, path)

    def test_state(self):
        self.upload(self.filing)
        page = self.open_as(self.signer_user, f'/my/pec/{self.filing.id}')
        self.assertIn("Signed, and Received", self.read_text(page))
        self.assertEqual(self.count(self.signer_user), [1, 1, 1])
        for state, label in (
                ('completed', "Filed"), ('documents_uploaded', "Documents Delivered"), ('queued', "Signed")):
            self.filing.state = state
            self.assertIn(label, self.read_text(self.open_as(self.signer_user, f'/my/pec/{self.filing.id}')))

    def test_documents_that_are_here(self):
        """Refused documents are not told of any more once others have arrived in their place."""
        path = f'/my/pec-mailboxes/{self.mailbox.id}'
        self.mailbox.state = 'documents_wrong'
        text = self.read_text(self.open_as(self.signer_user, path))
        for part in ("Documents Not Accepted", "did not accept the documents"):
            self.assertIn(part, text)
        self.mailbox.signed_form = base64.b64encode(FORM)
        self.assertIn("A part of your documents has arrived", self.read_text(self.url_open(path)))
        self.mailbox.identity_document = base64.b64encode(IDENTITY)
        text = self.read_text(self.url_open(path))
        for part in ("Documents Received", "nothing left to do"):
            self.assertIn(part, text)
        self.assertNotIn("ccept", text)

    def test_expiry(self):
        """Of a mailbox that expires soon, nobody reads that nothing is left to do."""
        path, today = f'/my/pec-mailboxes/{self.mailbox.id}', fields.Date.today()
        for days, renews, told in ((300, False, False), (20, False, "expires on"), (20, True, False),
                                   (-2, False, "receives no more")):
            self.mailbox.write({
                'state': 'active', 'activated_on': today, 'expires_on': today + timedelta(days=days),
                'auto_renew': renews})
            for user in (self.signer_user, self.colleague_user):
                text = self.read_text(self.open_as(user, path))
                self.assertIn(format_date(self.env, self.mailbox.expires_on), text)
                self.assertEqual("The mailbox expire" in text, bool(told))
                self.assertIn(told or "Expires on", text)
                self.assertEqual("nothing to do" in text, not told and user == self.signer_user)

    def test_what_the_chamber_answers(self):
        """The words of the back end, and what comes next; nothing is called done before the chamber has answered."""
        self.upload(self.filing)
        self.filing.state = 'completed'
        statuses = dict(self.filing._fields['status']._description_selection(self.env))
        for outcome, sentence, colour in (
            (False, "the chamber of commerce has not answered yet", 'info'),
            ('protocollata', "is examining it", 'info'), ('sospesa', "has suspended the filing", 'warning'),
            ('evasa', "has entered the PEC in the register", 'success'),
            ('respinta', "has refused the filing", 'danger'), ('irricevibile', "has refused the filing", 'danger'),
        ):
            self.filing.chamber_outcome = outcome
            for user in (self.signer_user, self.colleague_user):
                page = self.open_as(user, f'/my/pec/{self.filing.id}')
                self.assertIn(sentence, self.read_text(page))
                [badge] = html.fromstring(page.text).xpath('//main//span[contains(@class, "badge")]')
                self.assertEqual(badge.text_content(), statuses[self.filing.status])
                self.assertIn(f'text-bg-{colour}', badge.get('class'))
                self.assertNotIn("completed", self.read_text(page))
                self.assertIn(statuses[self.filing.status], self.read_text(self.url_open('/my/pec')))

    def test_refused_is_not_filed(self):
        self.filing.state = 'completed'
        self.filing.chamber_outcome = 'respinta'
        for path in ('/my/pec', f'/my/pec/{self.filing.id}'):
            self.assertIn("Refused by the Chamber", self.read_text(self.open_as(self.signer_user, path)), path)

    # ------------------------------------------------------------ wrong users

    def assert_nothing(self, user, is_listed=False):
        """Nothing of the filing and the mailbox is found; their addresses answer as those that do not exist."""
        nowhere = self.open_as(user, '/my/pec/999999999')
        self.assertEqual(nowhere.status_code, 404)
        for path in (
            f'/my/pec/{self.filing.id}', f'/my/pec/{self.filing.id}/sign', f'/my/pec-mailboxes/{self.mailbox.id}',
            f'/my/pec-mailboxes/{self.mailbox.id}/sign',
        ):
            if is_listed and not path.endswith('/sign'):
                continue
            page = self.url_open(path, allow_redirects=False)
            self.assertEqual(
                (page.status_code, without_moment(page.text)), (404, without_moment(nowhere.text)), path)
        for path in ('/my/pec-papers', *(() if is_listed else ('/my/pec', '/my/pec-mailboxes'))):
            page = self.url_open(path)
            self.assertEqual(page.status_code, 200)
            for hidden in (self.filing.name, self.filing.pec_email, self.mailbox.address):
                self.assertNotIn(hidden, page.text)

    def test_another_contact(self):
        self.assert_nothing(self.stranger_user)

    def test_numbers_that_no_record_has(self):
        for path in ('pec', 'pec-mailboxes'):
            for number in (0, 2**31, 10**30):
                page = self.open_as(self.signer_user, f'/my/{path}/{number}', allow_redirects=False)
                self.assertEqual(page.status_code, 404, number)
            self.assertEqual(self.url_open(f'/my/{path}/page/{10**30}').status_code, 200)

    def test_a_colleague_does_not_sign(self):
        """A contact of the same company sees how far it is, and gets no address of a page where one signs."""
        self.assert_nothing(self.colleague_user, is_listed=True)
        page = self.open_as(self.colleague_user, f'/my/pec/{self.filing.id}')
        self.assertIn("To Be Signed", self.read_text(page))
        self.assertIn("waits for the digital signature of Mario Rossi", self.read_text(page))
        self.assertNotIn('/sign"', page.text)
        self.assertNotIn("your digital signature", page.text)

    def test_a_colleague_s_own_matters(self):
        """What is about another contact of the company, as a person, is not the company's."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_communication SET partner_id = %s", [self.colleague.id])
        self.env.cr.execute("UPDATE openapi_pec_mailbox SET partner_id = %s", [self.colleague.id])
        self.env.invalidate_all()
        other = self.env['res.partner'].create({'name': "Dina", 'parent_id': self.partner.id})
        self.assert_nothing(self.make_user('other', other))

    def test_another_company(self):
        """What another company of this Odoo files is not told to whom that company is not open."""
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_communication SET company_id = %s", [other.id])
        self.env.cr.execute("UPDATE openapi_pec_mailbox SET company_id = %s", [other.id])
        self.env.invalidate_all()
        self.assert_nothing(self.signer_user)
        self.signer_user.company_ids = [Command.link(other.id)]
        self.assertEqual(self.count(self.signer_user), [2, 1, 1])

    def test_archived(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET active = false WHERE id = %s", [self.representative.id])
        self.env.invalidate_all()
        self.assert_nothing(self.signer_user)
        self.env.cr.execute("UPDATE res_partner SET active = true WHERE id = %s", [self.representative.id])
        self.env.cr.execute("UPDATE res_partner SET active = false WHERE id = %s", [self.partner.id])
        self.env.invalidate_all()
        self.assertEqual(self.count(self.colleague_user), [0, 0, 0])

    def test_drafts(self):
        draft, mailbox = self.create_filing(), self.create_mailbox()
        self.assertEqual(self.count(self.signer_user), [2, 1, 1])
        for path in (f'/my/pec/{draft.id}', f'/my/pec-mailboxes/{mailbox.id}'):
            self.assertEqual(self.open_as(self.signer_user, path).status_code, 404)

    def test_without_a_login(self):
        self.authenticate(None, None)
        for path in ('/my/pec', '/my/pec-mailboxes', '/my/pec-papers', f'/my/pec/{self.filing.id}',
                     f'/my/pec/{self.filing.id}/sign', f'/my/pec-mailboxes/{self.mailbox.id}/sign'):
            page = self.url_open(path, allow_redirects=False)
            self.assertEqual(page.status_code, 303, path)
            self.assertIn('/web/login', page.headers['Location'])

    def test_no_rights_to_the_records(self):
        for user in (self.signer_user, self.colleague_user):
            for record in (self.filing, self.mailbox):
                own = record.with_user(user)
                for method, *args in (('read', ['id']), ('search', []), ('action_open_mailing',)):
                    with self.assertRaises(AccessError), mute_logger('odoo.models', 'odoo.addons.base.models.ir_model'):
                        getattr(own, method)(*args)

    def test_pages_of_a_list(self):
        for page in ('1', '2', '999', '0', '-1'):
            self.assertEqual(self.open_as(self.signer_user, f'/my/pec/page/{page}').status_code, 200)
        for wrong in ("1'--", '0', '9' * 30, '-1', '1.0'):  # of a NUL Odoo itself makes an error
            self.assertEqual(self.url_open(f'/my/pec/{wrong}').status_code, 404, wrong)

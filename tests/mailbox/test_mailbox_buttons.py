"""What a person meets on a mailbox: one button for the next step, and in the sandbox no word of money."""
import re
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common_mailbox import MailboxCase, make_pdf
from ..common_page import get_primary

MONEY = re.compile(r'\b(paid|pays?|wallet|EUR|costs?|charges|buys types)\b', re.IGNORECASE)
FREE = re.compile(r"nothing is (sent or )?paid|costs nothing|outside the sandbox", re.IGNORECASE)
NAME = re.compile(r"(?<!['\w.])[a-z_]+\b(?!')")
WORDS = {'and', 'or', 'not', 'in'}
QUESTIONS = (
    'mailbox.purchase', 'mailbox.confirmation', 'mailbox.renewal', 'mailbox.enlargement', 'mailbox.upgrade',
    'mailbox.storage', 'mailbox.addition', 'mailbox.revocation', 'submit')


def is_hidden(element, value):
    """Return whether an element is certainly not shown in the sandbox, if all else has one value."""
    for part in (element, *element.iterancestors()):
        condition = part.get('invisible') or 'False'
        values = dict.fromkeys(set(NAME.findall(condition)) - WORDS, value)
        if safe_eval(condition, {**values, 'is_sandbox': True}):
            return True
    return False


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxButtons(MailboxCase):
    """In each state one primary button at the most, and one where somebody can do something."""
    view = 'l10n_it_openapi_pec.view_mailbox_form'

    def assert_primary(self, mailbox, button, **values):
        mailbox.write(values)
        mailbox.invalidate_recordset()
        for user in (self.manager, self.user):
            buttons = get_primary(self.env.ref(self.view), mailbox.with_user(user))
            self.assertLessEqual(len(buttons), 1, (values, buttons))
            if user == self.manager:
                self.assertEqual(buttons, [button] if button else [], values)

    def days(self, count):
        return fields.Date.today() + timedelta(days=count)

    def test_until_it_is_active(self):
        draft = self.create_mailbox()
        self.assert_primary(draft, 'action_open_buy')
        mailbox = self.buy('STANDARD')
        self.assert_primary(mailbox, 'action_fetch_form')
        self.run_cron('mailboxes')
        self.assert_primary(mailbox, 'action_open_mailing')
        self.assert_primary(mailbox, 'action_send_documents', form_mailed_at=fields.Datetime.now())
        self.attach_documents(mailbox)
        self.assert_primary(mailbox, 'action_send_documents')
        self.assert_primary(mailbox, 'action_send_documents', state='documents_wrong')
        self.assert_primary(mailbox, 'action_submit_now', call_state='queued', operation='mailbox_activate')
        self.assert_primary(mailbox, 'action_refresh', call_state='unconfirmed')
        self.assert_primary(mailbox, 'action_refresh', call_state=False, state='activating')

    def test_while_it_is_active(self):
        mailbox = self.buy_active('STANDARD')
        self.assert_primary(mailbox, 'action_communicate', expires_on=self.days(300))
        for days in (45, 1, 0, -1, -100):
            self.assert_primary(mailbox, 'action_open_renew', expires_on=self.days(days))
        self.assert_primary(mailbox, 'action_submit_now', call_state='queued', operation='mailbox_renew')
        self.assert_primary(
            mailbox, 'action_refresh', call_state=False, operation=False, awaited={'mailbox_renew': {
                'is_accepted': True, 'day': str(self.days(0)), 'request': {'years': 1}, 'before': {}}})
        self.assert_primary(mailbox, 'action_open_renew', awaited=False)
        self.assert_primary(mailbox, 'action_choose', is_gone=True)
        self.assert_primary(mailbox, 'action_open_renew', is_gone=False, state='revoked')
        self.assert_primary(mailbox, False, state='closed')
        self.assert_primary(mailbox, False, state='annulled')

    def test_legal_storage(self):
        mailbox = self.buy_active('STANDARD')
        mailbox.expires_on = self.days(300)
        mailbox.is_storage_wanted = True
        self.assert_primary(mailbox, 'action_fetch_form')
        mailbox.with_user(self.user).action_fetch_form()
        self.assert_primary(mailbox, 'action_open_mailing')
        for name in ('signed_form', 'identity_document'):
            mailbox[name] = self.encode(make_pdf(name))
        self.assert_primary(mailbox, 'action_open_store')
        self.assert_primary(mailbox, 'action_open_renew', expires_on=self.days(3))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestNothingIsPaidInTheSandbox(MailboxCase):
    """Each question before a click, and each form, speaks of no payment in the sandbox."""

    def assert_free(self, arch, where):
        for element in arch.iter():
            own = element.text if isinstance(element.tag, str) else None
            for text in filter(None, (own, element.get('confirm'), element.get('title'))):
                text = ' '.join(FREE.sub('', text).split())
                if MONEY.search(text) and element.get('name') != 'action_confirm_home':
                    self.assertTrue(is_hidden(element, True) or is_hidden(element, False), f'{where}: {text}')

    def test_views(self):
        for name in QUESTIONS:
            model = self.env[f'openapi_pec.{name}']
            self.assert_free(etree.fromstring(model.get_view(view_type='form')['arch']), name)

    def test_forms(self):
        for model, view in (('mailbox', 'mailbox'), ('communication', 'communication')):
            view = self.env.ref(f'l10n_it_openapi_pec.view_{view}_form')
            self.assert_free(etree.fromstring(self.env[f'openapi_pec.{model}'].get_view(view.id)['arch']), model)

    def test_expiry(self):
        for environment, is_paid in (('sandbox', False), ('production', True)):
            mailbox = self.create_mailbox(
                state='active', environment=environment, remote_id=environment, auto_renew=True,
                address=f'casella.{environment}@legalmail.it', expires_on=fields.Date.today() + timedelta(days=9))
            mailbox._announce_expiry()
            said = self.messages(mailbox) + mailbox.activity_ids.summary
            self.assertEqual("wallet" in said, is_paid, said)
            self.assertEqual("nothing is paid" in said, not is_paid, said)

    def test_awaited(self):
        for environment, is_paid in (('sandbox', False), ('production', True)):
            mailbox = self.create_mailbox(
                state='active', environment=environment, remote_id=environment,
                address=f'casella.{environment}@legalmail.it', awaited={'mailbox_renew': {
                    'is_accepted': True, 'day': '2026-01-01', 'request': {'years': 1}, 'before': {}}})
            self.assertEqual("is paid again" in mailbox.awaited_sentence, is_paid)

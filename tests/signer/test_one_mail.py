from datetime import timedelta

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.models.signer import mailing as mailing_module

from ..common_mail import MailMixin, documents_of, text_of
from ..common_mailbox import MailboxCase

TEMPLATE = 'l10n_it_openapi_pec.mail_template_signing'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOneMail(MailMixin, MailboxCase):
    """A person gets one mail with all that he has to sign: powers of attorney, and forms of mailboxes."""

    def setUp(self):
        super().setUp()
        self.server = self.start_mail_server()

    def waiting(self):
        """Return a filing and a mailbox that wait for the same person."""
        filing = self.create_filing()
        self.bring_to_signature(filing)
        mailbox = self.buy()
        self.run_cron('mailboxes')
        self.assertEqual(filing._get_mail_key(), mailbox._get_mail_key())
        return filing, mailbox

    def open(self, record):
        """Press the button; return the question."""
        action = record.with_user(self.user).action_open_mailing()
        return self.env[action['res_model']].with_user(self.user).browse(action['res_id'])

    def assert_mail_lists(self, mail, *records):
        self.assertEqual(len(documents_of(mail)), len(records))
        for record in records:
            self.assertIn(f'/openapi_pec/{record._signer_path}/{record.id}?', text_of(mail))
            self.assertIn(record.access_token, text_of(mail))
            self.assertEqual(record.mail_state, 'sent')
        self.assertEqual(len({record.signing_request_id for record in records}), 1)

    def let_days_pass(self, *records):
        for record in records:
            record.remind_at -= timedelta(days=self.company.openapi_pec_remind_days)
        self.run_cron('signing')
        self.send()

    def test_by_a_click(self):
        """From the filing as from the mailbox; the preview shows what leaves."""
        filing, mailbox = self.waiting()
        for record in (mailbox, filing):
            mailing = self.open(record)
            [line] = mailing.line_ids
            self.assertEqual((line.communication_ids, line.mailbox_ids, line.document_count), (filing, mailbox, 2))
            self.assertIn(mailbox.address, line.about)
            for shown in (filing.company_name, filing.pec_email, mailbox.address, "needs your signature as well"):
                self.assertIn(shown, mailing.preview_body)
            self.assertTrue(filing.company_name.endswith('.') and mailbox.holder_name.endswith('.'))
            self.assertNotIn('..', html.fromstring(mailing.preview_body).text_content())
        params = mailing.action_confirm()['params']
        self.assertEqual((params['title'], params['type']), ("1 mail is on its way", 'success'))
        self.send()
        [(address, mail)] = self.server.mails
        self.assertEqual(address, 'mario@example.com')
        self.assert_mail_lists(mail, filing, mailbox)
        self.assertTrue(filing.procura_mailed_at and mailbox.form_mailed_at)
        for record in (filing, mailbox):
            self.assertIn("was mailed to mario@example.com", self.messages(record))

    def test_by_itself_and_reminded(self):
        self.company.write({'openapi_pec_mail_procura': True, 'openapi_pec_mail_forms': True})
        filing, mailbox = self.waiting()
        self.run_cron('signing')
        self.send()
        [(_address, mail)] = self.server.mails
        self.assert_mail_lists(mail, filing, mailbox)
        self.let_days_pass(filing, mailbox)
        _mail, (_address, reminder) = self.server.mails
        self.assertTrue(reminder['Subject'].startswith("Reminder: "))
        self.assert_mail_lists(reminder, filing, mailbox)
        self.assertEqual((filing.reminders_sent, mailbox.reminders_sent), (1, 1))
        # What is signed goes out of it.
        self.upload(filing)
        self.let_days_pass(filing, mailbox)
        _mail, _reminder, (_address, last) = self.server.mails
        self.assert_mail_lists(last, mailbox)
        self.assertIn("Form to be signed", last['Subject'])

    @mute_logger('odoo.addons.mail.models.mail_mail')
    def test_a_failure_is_told_on_both(self):
        filing, mailbox = self.waiting()
        self.server.refused.add('mario@example.com')
        self.open(filing).action_confirm()
        self.send()
        for record in (filing, mailbox):
            self.assertEqual(record.mail_state, 'failed')
            self.assertIn("did not reach mario@example.com", self.messages(record))

    def test_two_mails_where_one_does_not_do(self):
        """There is no room, or somebody has written a template that lists nothing but filings."""
        filing, _mailbox = self.waiting()
        with self.subTest("room"):
            self.patch(mailing_module, 'DOCUMENTS_PER_MAIL', 1)
            self.assertEqual(len(self.open(filing).line_ids), 2)
            self.patch(mailing_module, 'DOCUMENTS_PER_MAIL', 2)
            self.assertEqual(len(self.open(filing).line_ids), 1)
        with self.subTest("template"):
            self.env.ref(TEMPLATE).body_html = "<p>Ours</p>"
            mailing = self.open(filing)
            self.assertEqual([(len(line.communication_ids), len(line.mailbox_ids)) for line in mailing.line_ids], [
                (1, 0), (0, 1)])
            params = mailing.action_confirm()['params']
            self.assertEqual(params['title'], "2 mails are on their way")
            self.send()
            self.assertEqual(len(self.server.mails), 2)

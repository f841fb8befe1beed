from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PecCase
from ..common_mail import MailMixin, documents_of, text_of


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestReminders(MailMixin, PecCase):
    """Who was mailed and uploads nothing is reminded, as often as the company says."""

    def setUp(self):
        super().setUp()
        self.server = self.start_mail_server()
        self.filing = self.mailed()

    def mailed(self, **values):
        filing = self.create_filing(**values)
        self.bring_to_signature(filing)
        filing.with_user(self.user).action_mail_procura()
        self.send()
        self.assertEqual(filing.mail_state, 'sent')
        return filing

    def let_days_pass(self, filings, days=None):
        """Let days pass, and the scheduled job run; return how many mails left by that."""
        days = timedelta(days=days or self.company.openapi_pec_remind_days)
        for filing in filings.filtered('remind_at'):
            filing.remind_at -= days
        before = len(self.server.mails)
        self.run_cron('signing')
        self.send()
        return len(self.server.mails) - before

    def test_reminded_twice_at_most(self):
        self.assertEqual((self.filing.reminders_sent, bool(self.filing.remind_at)), (0, True))
        self.assertEqual(self.let_days_pass(self.filing, 1), 0)
        self.filing.remind_at += timedelta(days=1)
        for number in (1, 2):
            self.assertEqual(self.let_days_pass(self.filing), 1)
            address, mail = self.server.mails[-1]
            self.assertEqual(address, 'mario@example.com')
            self.assertTrue(mail['Subject'].startswith("Reminder: "))
            self.assertIn("we wrote to you on", text_of(mail))
            self.assertIn(self.filing.access_token, text_of(mail))
            self.assertEqual(list(documents_of(mail)), [self.filing.procura_id.name])
            self.assertEqual((self.filing.reminders_sent, self.filing.signing_request_id.reminder), (number, number))
            self.assertIn(f"A reminder (number {number})", self.messages(self.filing))
            self.assertTrue(self.filing.procura_mailed_at)
        self.assertFalse(self.filing.remind_at)
        self.assertEqual(self.let_days_pass(self.filing), 0)

    def test_the_day_stays(self):
        """A reminder names the day of the first mail, or says that it is urgent once that has passed."""
        request = self.filing.signing_request_id
        request.write({
            'asked_on': fields.Date.today() - timedelta(days=9), 'sign_by': fields.Date.today() - timedelta(days=2)})
        self.let_days_pass(self.filing)
        reminder = self.filing.signing_request_id
        self.assertEqual((reminder.asked_on, reminder.sign_by), (request.asked_on, request.sign_by))
        self.assertIn("as soon as you can", text_of(self.server.mails[-1][1]))

    def test_one_reminder_for_all_papers(self):
        second = self.mailed()
        self.assertEqual(self.let_days_pass(self.filing + second), 1)
        self.assertEqual(len(documents_of(self.server.mails[-1][1])), 2)
        self.assertEqual(self.filing.signing_request_id, second.signing_request_id)

    def test_not_after_an_upload(self):
        self.upload(self.filing)
        self.assertEqual(self.let_days_pass(self.filing), 0)
        self.assertFalse(self.filing.remind_at)

    def test_not_after_another_state(self):
        for state in ('documents_uploaded', 'completed', 'cancelled'):
            self.filing.write({'state': state, 'remind_at': fields.Datetime.now()})
            self.assertEqual(self.let_days_pass(self.filing), 0)

    def test_settings(self):
        self.company.openapi_pec_reminders = 0
        self.assertEqual(self.let_days_pass(self.filing), 0, "what was planned before is not mailed either")
        other = self.mailed()
        self.assertFalse(other.remind_at)
        self.company.write({'openapi_pec_reminders': 1, 'openapi_pec_remind_days': 10})
        third = self.mailed()
        self.assertGreater(third.remind_at, fields.Datetime.now() + timedelta(days=9))
        for values in ({'openapi_pec_reminders': 11}, {'openapi_pec_remind_days': 0}, {'openapi_pec_sign_days': 0}):
            with self.assertRaisesRegex(ValidationError, "is not possible"):
                self.company.write(values)

    def test_by_hand_begins_anew(self):
        self.let_days_pass(self.filing)
        self.assertEqual(self.filing.reminders_sent, 1)
        self.filing.action_mail_procura()
        self.send()
        self.assertEqual((self.filing.reminders_sent, bool(self.filing.remind_at)), (0, True))

    def test_withdrawn_and_failed(self):
        other = self.mailed()
        self.filing.action_withdraw_link()
        self.assertFalse(self.filing.remind_at)
        other._mail_has_failed()
        self.assertFalse(other.remind_at)

    def test_of_an_earlier_version(self):
        """What was mailed before there were reminders is reminded of by nobody."""
        self.filing.remind_at = False
        self.run_cron('signing')
        self.assertEqual(len(self.server.mails), 1)

    def test_a_broken_template_holds_up_nothing(self):
        self.filing.remind_at = fields.Datetime.now()
        with patch.object(
            type(self.env['mail.template']), '_render_field', side_effect=ValueError("broken"),
        ), mute_logger('odoo.addons.l10n_it_openapi_pec.models.signer.mailing'):
            self.run_cron('signing')
        self.assertIn("Check the mail template", self.messages(self.filing))

    def test_nobody_writes_them(self):
        for values in ({'remind_at': False}, {'reminders_sent': 0}):
            with self.assertRaises(AccessError):
                self.filing.with_user(self.user).write(values)

    def test_many_in_sets(self):
        """A job that has nothing to remind of asks as often with many records as with one."""
        self.filing.remind_at = False
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            self.env['openapi_pec.communication']._take_reminders()

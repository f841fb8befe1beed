from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_mailbox import RENEW, USER
from ..common_mailbox_operations import OperationsCase

REASON = "The Openapi console does not show it"


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRenewalLate(OperationsCase):
    """What was asked for and does not show yet is followed, and not asked for again without a reason."""

    def setUp(self):
        super().setUp()
        self.mailbox = self.begin('mailbox_renew')
        self.old = self.mailbox.expires_on
        self.new = self.old.replace(year=self.old.year + 2)

    def be_late(self, seconds=3600):
        self.sandbox.weather(mood={'renewal_late': seconds})

    def show(self):
        """Let the service tell what it has."""
        self.sandbox.weather(mood={'renewal_late': 0, 'changes_late': 0})

    def synchronize(self):
        self.run_cron('mailboxes')

    def renew(self, **values):
        self.order(self.mailbox, 'mailbox_renew', **values)

    def test_accepted_and_not_shown_yet(self):
        self.be_late()
        self.renew()
        self.assertEqual((self.mailbox.call_state, self.mailbox.expires_on), (False, self.old))
        self.assertEqual(self.line_states(self.mailbox), ['accepted'])
        self.assertIn("Renew: accepted; the new expiry is not shown yet", self.messages(self.mailbox))
        self.assertNotIn("renewed: it expires", self.messages(self.mailbox))
        self.assertIn("does not show yet", self.mailbox.awaited_sentence)
        self.assertTrue(self.mailbox.is_renewal_open)  # so that nobody is told to renew it
        for _run in range(2):
            self.synchronize()
            self.assertTrue(self.mailbox.awaited)
        self.show()
        self.synchronize()
        self.assertEqual(
            (self.mailbox.expires_on, self.mailbox.awaited, self.mailbox.awaited_sentence), (self.new, False, False))
        self.assertIn("it shows at the service now", self.messages(self.mailbox))
        self.assertFalse(self.mailbox.is_renewal_open)
        self.renew()  # is an ordinary renewal again
        self.assertEqual(self.sandbox.executed(RENEW), 2)

    def test_another_renewal_wants_a_reason(self):
        """Also from a question that somebody else had opened before."""
        self.be_late()
        opened = self.open_order(self.mailbox, 'mailbox_renew').create({'years': '2'})
        self.renew()
        opened.invalidate_recordset()
        for order in (opened, self.open_order(self.mailbox, 'mailbox_renew').create({'years': '1'})):
            self.assertIn("does not show yet", order.awaited_sentence)
            with self.assertRaisesRegex(
                    UserError, "(?s)does not show yet.*nothing is paid.*Say in a few words why.*nothing was spent"):
                order.action_confirm()
        self.commit()
        self.assertEqual(self.sandbox.executed(RENEW), 1)
        opened.reason = REASON
        opened.action_confirm()
        self.commit()
        self.assertEqual(self.sandbox.executed(RENEW), 2)
        self.assertIn(f"Asked for again, because: {REASON}", self.messages(self.mailbox))

    def test_lost_and_late(self):
        """Unchanged is no knowledge: nothing is closed, and it is found when it shows."""
        self.be_late()
        self.sandbox.fault(RENEW, 'drop_after')
        self.renew()
        for _look in range(3):
            self.look_again(self.mailbox, 'mailboxes')
            self.assertEqual((self.mailbox.call_state, self.line_states(self.mailbox)), ('unconfirmed', ['pending']))
        with self.assertRaisesRegex(UserError, "something else is under way"):
            self.open_order(self.mailbox, 'mailbox_renew')
        self.show()
        self.synchronize()
        self.assert_applied(self.mailbox, 'mailbox_renew')
        self.assert_counts('mailbox_renew', 1, 1)

    def test_lost_freed_and_late(self):
        """A freed renewal may have been executed: another one wants a reason, and what shows is told."""
        self.lose_and_free()
        self.assertIn("perhaps executed all the same", self.mailbox.awaited_sentence)
        with self.assertRaisesRegex(UserError, "Say in a few words why"):
            self.open_order(self.mailbox, 'mailbox_renew').create({'years': '2'}).action_confirm()
        self.show()
        self.synchronize()
        self.assertEqual((self.mailbox.expires_on, self.mailbox.awaited), (self.new, False))
        self.assertIn("it shows at the service now", self.messages(self.mailbox))
        self.assert_counts('mailbox_renew', 1, 1)

    def lose_and_free(self):
        self.be_late()
        self.sandbox.fault(RENEW, 'drop_after')
        self.renew()
        for _look in range(2):
            self.look_again(self.mailbox, 'mailboxes')
        self.free(self.mailbox)
        self.assertEqual(self.mailbox.call_state, 'failed')
        self.assertIn("that is not certain", self.mailbox.error_message)

    def test_lost_freed_and_paid_again(self):
        """The call that was not found arrives after the one that was paid in its place: that it is paid twice is told.
        """
        self.sandbox.fault(RENEW, 'drop_before')
        self.renew()
        for _look in range(2):
            self.look_again(self.mailbox, 'mailboxes')
        self.free(self.mailbox)
        self.renew(reason=REASON)
        self.assertEqual((self.mailbox.expires_on, self.sandbox.executed(RENEW)), (self.new, 1))
        self.assertIn("perhaps executed", self.mailbox.awaited_sentence)
        self.client.renew_mailbox(self.mailbox.remote_id, 2)  # the first one, late
        self.synchronize()
        self.assertIn("executed after all, so it is paid twice", self.messages(self.mailbox))
        self.assertIn(
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_refund'), self.mailbox.activity_ids.activity_type_id)
        self.assertFalse(self.mailbox.awaited)

    def test_what_is_not_found_is_awaited_for_a_month(self):
        self.lose_and_free()
        awaited = self.mailbox.awaited
        awaited['mailbox_renew']['day'] = '2020-01-01'
        self.mailbox.awaited = awaited
        self.synchronize()
        self.assertFalse(self.mailbox.awaited)

    def test_other_changes(self):
        """The same of space, type and storage: the answer shows what it was like before."""
        for operation in ('mailbox_modify', 'mailbox_transform', 'mailbox_store'):
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                self.sandbox.weather(mood={'changes_late': 3600})
                self.ask(mailbox, operation)
                self.assertEqual((mailbox.call_state, self.line_states(mailbox)), (False, ['accepted']))
                self.assertIn("accepted; it does not show yet", self.messages(mailbox))
                self.assertIn("does not show yet", mailbox.awaited_sentence)
                self.show()
                self.synchronize()
                self.assertFalse(mailbox.awaited)
                self.assertIn("it shows at the service now", self.messages(mailbox))
                self.assert_counts(operation, 1, 1)

    def test_a_user_who_does_not_show_yet(self):
        mailbox = self.begin('mailbox_user')
        self.sandbox.weather(mood={'changes_late': 3600})
        self.ask(mailbox, 'mailbox_user')
        self.assertEqual((mailbox.call_state, mailbox.user_count, len(mailbox.lost_users)), (False, 0, 1))
        with self.assertRaisesRegex(UserError, "does not show yet(.|\n)*in a few words why"):
            self.open(mailbox, 'mailbox_user')()
        self.show()
        mailbox.action_refresh()
        self.assertEqual((mailbox.user_count, mailbox.lost_users, self.sandbox.executed(USER)), (1, False, 1))

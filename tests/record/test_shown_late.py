"""What was freed and shows late; what a person is told who decides on a call, or looks at a record that is gone."""
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed as mailbox_truth

from ..common import PecCase
from ..common_mailbox_operations import CHANGES, OPERATIONS, PAID, OperationsCase

REASON = "The Openapi console does not show it"


class LateCase(OperationsCase):

    def be_late(self):
        self.sandbox.weather(mood={'renewal_late': 3600, 'changes_late': 3600})

    def show(self):
        self.sandbox.weather(mood={'renewal_late': 0, 'changes_late': 0})
        self.run_cron('mailboxes')

    def lose(self, mailbox, operation, fault='drop_after', **more):
        self.sandbox.fault(OPERATIONS[operation], fault)
        self.ask(mailbox, operation, **more)
        self.assertEqual(mailbox.call_state, 'unconfirmed')

    def lose_and_free(self, mailbox, operation, fault='drop_after', **more):
        self.lose(mailbox, operation, fault, **more)
        for _look in range(2):
            self.look_again(mailbox, 'mailboxes')
        if mailbox.call_state == 'unconfirmed':  # what is free frees itself
            self.free(mailbox)
        self.assertEqual((mailbox.call_state, self.line_states(mailbox)[0]), ('failed', 'never_arrived'))

    def get_activity_types(self, mailbox):
        names = mailbox.activity_ids.activity_type_id.get_external_id().values()
        return {name.removeprefix('l10n_it_openapi_pec.mail_activity_type_') for name in names}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestShownLate(LateCase):
    """A freed call that shows late is executed and paid: nothing goes on saying that it is to be asked for again."""

    def test_every_change(self):
        for operation in CHANGES:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                self.be_late()
                self.lose_and_free(mailbox, operation)
                self.assertIn('mailbox_refused', self.get_activity_types(mailbox))
                mailbox.sudo().api_call_ids.environment = 'production'  # where it costs
                self.show()
                self.assert_applied(mailbox, operation)
                [line] = mailbox.sudo().api_call_ids
                self.assertEqual((line.message, line.money), (
                    "Found at the service, late", 'paid' if operation in PAID else 'nothing'))
                self.assertFalse(mailbox.awaited or mailbox.lost_users)
                self.assertNotIn('mailbox_refused', self.get_activity_types(mailbox))
                self.assertEqual(self.messages(mailbox).count("it shows at the service now"), 1)
                self.assert_counts(operation, 1, 1)

    def test_the_next_renewal_is_a_new_wish(self):
        mailbox = self.begin('mailbox_renew')
        self.be_late()
        self.lose_and_free(mailbox, 'mailbox_renew')
        self.show()
        order = self.open_order(mailbox, 'mailbox_renew').create({'years': '1'})
        self.assertEqual(
            (order.awaited_sentence, order.new_expiry), (False, mailbox_truth.add_years(mailbox.expires_on, 1)))
        order.action_confirm()
        self.commit()
        self.assertEqual(self.line_states(mailbox), ['accepted', 'accepted'])

    def test_given_up_meanwhile(self):
        """What was asked for again and given up stands open no more: the line of what shows is settled all the same."""
        mailbox = self.begin('mailbox_renew')
        self.be_late()
        self.lose_and_free(mailbox, 'mailbox_renew')
        self.open(mailbox, 'mailbox_renew', reason=REASON)()
        mailbox.action_give_up()
        self.assertFalse(mailbox.call_state)
        self.show()
        self.assertEqual((self.line_states(mailbox), mailbox.awaited, mailbox.call_state), (['accepted'], False, False))

    def test_both_show_in_whatever_order(self):
        """Freed and asked for again, both are executed and neither shows at once: that it is paid twice is told."""
        for late_years in ('1', '3'):
            with self.subTest(late_years=late_years):
                mailbox = self.begin('mailbox_renew')
                old = mailbox.expires_on
                self.be_late()
                self.lose_and_free(mailbox, 'mailbox_renew', years=late_years)
                self.ask(mailbox, 'mailbox_renew', reason=REASON)  # for two years
                self.assertTrue(mailbox.awaited_sentence)
                self.show()
                self.assertEqual(mailbox.expires_on, mailbox_truth.add_years(old, 2 + int(late_years)))
                self.assertEqual((self.line_states(mailbox), mailbox.awaited), (['accepted', 'accepted'], False))
                self.assertIn("executed after all, so it is paid twice", self.messages(mailbox))
                self.assertIn('refund', self.get_activity_types(mailbox))

    def test_which_ones_explain_it(self):
        mailbox = self.begin('mailbox_renew')
        before = mailbox.snapshot
        accepted = {'request': {'years': 2}, 'is_accepted': True}
        lost = {'request': {'years': 1}, 'is_accepted': False}
        for years, calls, shown in [
            (2, [accepted, lost], [accepted]), (1, [accepted, lost], [lost]), (3, [accepted, lost], [accepted, lost]),
            (5, [accepted, lost], [accepted]), (5, [lost], []), (1, [lost], [lost]), (2, [lost, lost], [lost, lost]),
        ]:
            record = {
                **self.client.get_mailbox(mailbox.remote_id),
                'data_scadenza': mailbox_truth.add_years(mailbox.expires_on, years)}
            self.assertEqual(mailbox_truth.find_shown(mailbox_truth.RENEWAL, before, calls, record), shown)

    def test_freed_twice(self):
        mailbox = self.begin('mailbox_renew')
        self.be_late()
        self.lose_and_free(mailbox, 'mailbox_renew')
        self.lose_and_free(mailbox, 'mailbox_renew', fault='drop_before', reason=REASON)
        self.show()
        self.assertEqual(
            (sorted(self.line_states(mailbox)), mailbox.call_state), (['accepted', 'never_arrived'], False))
        self.assertIn(
            "perhaps executed all the same", mailbox.awaited_sentence, "one of two: the other one may come yet")
        self.assertNotIn("paid twice", self.messages(mailbox))

    def test_something_else_has_moved(self):
        """A renewal of other years, made in the console, is not the one that was not found."""
        mailbox = self.begin('mailbox_renew')
        self.lose_and_free(mailbox, 'mailbox_renew', 'drop_before')
        self.client.renew_mailbox(mailbox.remote_id, 1)
        self.show()
        self.assertEqual((self.line_states(mailbox), bool(mailbox.awaited)), (['never_arrived'], True))
        self.client.renew_mailbox(mailbox.remote_id, 2)  # the lost one
        self.show()
        self.assertEqual((self.line_states(mailbox), mailbox.awaited, mailbox.call_state), (['accepted'], False, False))

    def test_what_an_earlier_version_kept(self):
        mailbox = self.begin('mailbox_renew')
        self.be_late()
        self.lose_and_free(mailbox, 'mailbox_renew')
        entry = {key: mailbox.awaited['mailbox_renew'][key] for key in ('before', 'day', 'is_accepted')}
        mailbox.awaited = {'mailbox_renew': entry}
        self.show()
        self.assertEqual((self.line_states(mailbox), mailbox.awaited, mailbox.call_state), (['accepted'], False, False))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRenewalQuestion(LateCase):

    def test_no_new_expiry_while_one_is_awaited(self):
        mailbox = self.begin('mailbox_renew')
        self.assertTrue(self.open_order(mailbox, 'mailbox_renew').create({'years': '1'}).new_expiry)
        self.be_late()
        self.ask(mailbox, 'mailbox_renew')
        order = self.open_order(mailbox, 'mailbox_renew').create({'years': '1'})
        self.assertIn("does not show yet", order.awaited_sentence)
        self.assertFalse(order.new_expiry)

    def test_a_change_is_executed_or_not(self):
        mailbox = self.begin('mailbox_renew')
        self.be_late()
        self.lose(mailbox, 'mailbox_renew')
        for _look in range(2):
            self.look_again(mailbox, 'mailboxes')
        self.assertIn("does not show that the call was executed", mailbox.error_message)
        self.assertNotIn("did not find it", mailbox.error_message)
        self.assertEqual(mailbox.with_user(self.manager).action_choose()['name'], "Was It Executed?")
        self.look_again(mailbox, 'mailboxes', days=2)
        self.assertIn("If it was not executed, free it", ' '.join(mailbox.activity_ids.mapped('summary')))
        self.free(mailbox)
        self.assertIn("it does not show that the call was executed", mailbox.awaited_sentence)
        self.assertIn("does not show at the service", ' '.join(mailbox.activity_ids.mapped('summary')))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWhoDecides(PecCase):
    """Nobody is told to press a button that another one has to press."""

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing()
        self.sandbox.fault('POST /comunica_pec', 'drop_before')
        self.submit(self.filing)
        self.line = self.filing.sudo().api_call_ids

    def doubt(self, doubt):
        """Let two days pass in which no look can be believed."""
        self.line.write({'started_at': fields.Datetime.now() - timedelta(days=2), 'looks': 0, 'doubt': doubt})
        self.filing.sudo()._on_call_not_found(self.line)
        self.filing.invalidate_recordset()
        return self.filing.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(
                'l10n_it_openapi_pec.mail_activity_type_decide')).summary

    def open(self, user):
        action = self.filing.with_user(user).action_choose()
        return self.env[action['res_model']].with_user(user).browse(action['res_id'])

    def test_an_administrator(self):
        summary = self.doubt('unreadable')
        for sentence in (self.filing.error_message, self.filing.progress_sentence, summary):
            self.assertIn("system administrator", sentence)
            self.assertNotIn("manager", sentence)
        self.assertIn("no answer of the service could be believed", self.filing.error_message)
        self.assertNotIn(" 0 times", self.filing.error_message)
        question = self.open(self.manager)
        self.assertEqual((question.is_withheld, "only a system administrator" in question.advice), (True, True))
        self.manager.group_ids += self.env.ref('base.group_system')
        question = self.open(self.manager)
        self.assertEqual((question.is_withheld, question.advice), (False, False))
        question.reason = REASON
        question.action_none()
        self.assertEqual(self.filing.state, 'failed')
        self.assertIn("whether it was executed and paid is not known", self.filing.error_message)
        self.assertNotIn("robably", self.filing.error_message)

    def test_a_manager(self):
        self.line.write(
            {'looked_at': fields.Datetime.now() - timedelta(days=1), 'last_believed_at': fields.Datetime.now()})
        self.doubt('')
        self.line.looks = 2
        self.filing.sudo()._on_call_not_found(self.line)
        self.filing.invalidate_recordset()
        self.assertIn("a manager then presses", self.filing.error_message)
        self.assertIn("a manager decides", self.filing.progress_sentence)
        self.assertEqual((self.open(self.manager).is_withheld, self.open(self.manager).advice), (False, False))

    def test_the_token_first(self):
        for doubt in ('other_account', 'token'):
            with self.subTest(doubt=doubt):
                summary = self.doubt(doubt)
                self.assertIn("correct the token", self.filing.error_message)
                self.assertIn("correct the token", summary)
                self.assertIn("corrects the token", self.filing.progress_sentence)
                self.assertNotIn("Decide", self.filing.error_message)

    def test_rows_that_say_less_than_they_should(self):
        """A row of the journal, or what is known of accounts, that something else has written breaks nothing."""
        self.line.write({'looks': 3, 'last_believed_at': False, 'looked_at': fields.Datetime.now()})
        self.assertEqual(self.line._is_probably_not_executed(), False)
        self.assertFalse(self.filing.is_to_decide)
        for accounts in ("text", {'sandbox': "text"}):
            self.company.sudo().openapi_pec_accounts = accounts
            self.look_again(self.filing)
            self.assertTrue(self.line.looks)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWhatIsGone(LateCase):

    def test_a_filing(self):
        filing = self.create_filing()
        self.submit(filing)
        filing.sudo()._on_gone()
        filing.invalidate_recordset()
        action = filing.with_user(self.manager).action_choose()
        arch = self.env['openapi_pec.reconcile'].with_user(self.manager).get_view(view_type='form')['arch']
        self.assertEqual(action['name'], "Close What Is Gone?")
        self.assertIn('<field name="operation" invisible="question in (\'gone\', \'elsewhere\')"', arch)
        with self.assertRaises(UserError):
            filing.with_user(self.user).action_correct()
        self.choose(filing, 'none', reason="Openapi has annulled it")()
        self.assertIn("Nothing was spent for it", filing.error_message)
        self.assertIn("File Again", filing.error_message)
        filing.with_user(self.user).action_correct()
        again = filing.corrected_by_id
        self.assertEqual((again.state, again.pec_email, again.error_message), ('draft', filing.pec_email, False))
        self.assertIn("which the service does not know any more", self.messages(again))
        self.submit(again)
        self.assertEqual(again.state, 'code_requested')

    def test_a_mailbox(self):
        mailbox = self.begin('mailbox_renew')
        mailbox.state = 'active'
        mailbox._on_gone()
        for button in (mailbox.action_open_renew, mailbox.action_open_revoke, mailbox.action_communicate):
            with self.assertRaisesRegex(UserError, "does not know"):
                button()
        self.choose(mailbox, 'none', reason="Openapi has annulled it")()
        self.assertIn("whether it was paid for is not known here", mailbox.error_message)

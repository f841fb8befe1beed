from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import CREATE, LIST
from ..common_mailbox import BUY, MailboxCase
from .test_account import ANOTHER, AccountCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDoubtfulAccount(AccountCase):
    """While the token may lead to another account nothing is called not executed, and nothing is paid again."""

    def setUp(self):
        super().setUp()
        self.known = self.create_filing(kind='administrator')
        self.submit(self.known)
        self.run_cron('synchronize')

    def look_twice(self):
        for _look in range(2):
            self.look_again(self.filing)

    def submit_anyhow(self, filing=None):
        (filing or self.filing).action_submit("it is meant like this")
        self.commit()

    def dispatch(self):
        self.filing.retry_at = False
        self.run_cron('dispatch')

    def set_token(self, token):
        self.company.openapi_pec_token = token
        self.env.invalidate_all()

    def accept(self):
        self.known.with_user(self.manager).action_accept_account()
        self.env.invalidate_all()

    # ------------------------------------------------------------ no second call

    def test_nothing_is_freed(self):
        """It is freed neither before a list of the new token was read nor after, whatever was looked for before.

        With the right token it can be freed again.
        """
        self.lose_answer()
        self.look_twice()
        self.assertTrue(self.filing.is_to_decide)
        for run in (None, 'synchronize'):
            self.set_token(ANOTHER)
            if run:
                self.run_cron(run)
            self.assertFalse(self.filing.is_to_decide)
            with self.assertRaisesRegex(UserError, "Correct the token in the settings first"):
                self.free(self.filing)
            with self.assertRaisesRegex(UserError, "It Is Another Account"):
                self.filing.with_user(self.manager).action_choose()
        self.set_token('sandbox-token')
        self.run_cron('synchronize')
        self.assertEqual((self.filing.is_to_decide, self.sandbox.executed()), (True, 1))

    def test_what_was_freed_waits_for_the_right_account(self):
        self.lose_answer()
        self.look_twice()
        self.free(self.filing)
        self.set_token(ANOTHER)
        self.submit_anyhow()
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('queued', 1))
        self.assertRegex(self.filing.error_message, "Not sent, nothing was spent: .*Correct the token.*earlier call")
        self.set_token('sandbox-token')
        self.dispatch()
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 2))
        self.assertTrue(self.company._openapi_pec_has_called(self.line()))

    def test_paid_twice_tells_both_accounts(self):
        """A manager said that it is another account, and it was the wrong one."""
        self.lose_answer()
        self.look_twice()
        self.free(self.filing)
        self.set_token(ANOTHER)
        self.run_cron('synchronize')
        self.accept()
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 2))
        self.client.create_filing(self.filing._prepare_request_body())  # late, in the first account
        self.set_token('sandbox-token')
        self.run_cron('synchronize')
        self.assertRegex(self.messages(self.filing), r"Paid twice.*account: another@domain\.com.*account: \S+ "
                                                     r"mail@domain\.com")

    def test_looks_elsewhere_free_nothing(self):
        """What lost its answer in a doubtful account is not looked for in the one that comes back."""
        self.set_token(ANOTHER)
        self.run_cron('synchronize')
        self.sandbox.fault(CREATE, 'drop_before')
        self.submit_anyhow()
        self.assertEqual(self.filing.state, 'unconfirmed')
        self.set_token('sandbox-token')
        self.look_twice()
        self.assertEqual((self.line().looks, self.line().doubt, self.filing.is_to_decide), (0, 'other_account', False))
        self.set_token(ANOTHER)
        self.run_cron('synchronize')
        self.accept()
        self.look_twice()
        self.assertEqual((self.line().looks, self.filing.is_to_decide), (2, True))

    # ------------------------------------------------------------ gone, or elsewhere

    def test_made_with_a_wrong_token_is_not_gone(self):
        for is_told in (True, False):  # whether an owner is told by the answer
            with self.subTest(is_told=is_told):
                filing = self.create_filing()
                self.set_token(ANOTHER)
                self.submit_anyhow(filing)
                line = filing.sudo().api_call_ids
                self.assertEqual(line._get_account_names(), {'another@domain.com'})
                if not is_told:
                    line.account = self.company._openapi_pec_get_fingerprint('sandbox')
                    self.assertNotIn(ANOTHER, line.account)
                self.set_token('sandbox-token')
                for _run in range(2):
                    self.run_cron('synchronize')
                self.assertEqual((filing.is_gone, filing.is_to_decide, filing.error_message), (False, True, False))
                self.assertIn(filing, filing.search([('is_to_decide', '=', True)]))
                self.assertIn("another@domain.com" if is_told else "name is not known", filing.elsewhere_sentence)
                self.assertIn("a manager presses \"Decide\"", filing.elsewhere_sentence)
                with self.assertRaisesRegex(UserError, "made in another Openapi account"):
                    filing.action_refresh()
                self.assertFalse(self.known.is_gone or self.known.elsewhere_sentence)

    def test_its_account_comes_back(self):
        self.set_token(ANOTHER)
        self.submit_anyhow()
        self.set_token('sandbox-token')
        self.run_cron('synchronize')
        self.assertTrue(self.filing.elsewhere_sentence)
        self.set_token(ANOTHER)
        self.run_cron('synchronize')
        self.accept()
        self.run_cron('synchronize')
        self.assertFalse(self.filing.elsewhere_sentence)
        self.sandbox.delete(self.filing.remote_id)
        self.run_cron('synchronize')
        self.assertTrue(self.filing.is_gone)

    def test_the_first_filings_of_a_company(self):
        """Nobody knows yet whose account it is, and the token is renewed.

        What the new token's list shows proves that it is the same account.
        """
        company = self.env['res.company'].create({'name': "Nuova", 'openapi_pec_token': 'sandbox-token:new'})
        filings = self.env['openapi_pec.communication']
        for number in range(2):
            filings += self.create_filing(company_id=company.id, user_id=False, pec_email=f'nuova{number}@legalmail.it')
            self.submit(filings[-1])
        filings.sudo().api_call_ids.account = company._openapi_pec_get_fingerprint('sandbox')
        company.sudo().openapi_pec_accounts = False
        company.openapi_pec_token = 'sandbox-token-readonly:new'
        self.sandbox.delete(filings[0].remote_id)
        self.run_cron('synchronize')
        self.assertEqual(filings.mapped('is_gone'), [True, False])
        self.assertEqual(filings.filtered('elsewhere_sentence').ids, [])

    # ------------------------------------------------------------ before the click

    def test_a_draft_tells_of_the_token(self):
        draft = self.create_filing()
        self.assertNotIn("not recognised yet", draft.findings or '')
        self.set_token(ANOTHER)
        self.assertEqual((draft.findings_level, "not recognised yet" in draft.findings), ('warning', True))
        with self.assertRaisesRegex(UserError, "not recognised yet"):
            draft.action_submit()
        self.set_token('sandbox-token')
        self.run_cron('synchronize')
        self.assertNotIn("not recognised yet", draft.findings or '')

    # ------------------------------------------------------------ Refresh

    def test_refresh_of_what_is_gone(self):
        self.sandbox.delete(self.known.remote_id)
        self.known.with_user(self.manager).action_refresh()
        self.assertTrue(self.known.is_gone)
        self.assertIn("does not know this filing any more", self.known.error_message)

    def test_refresh_in_a_doubtful_account(self):
        self.set_token(ANOTHER)
        with self.assertRaisesRegex(UserError, "perhaps another one"):
            self.known.with_user(self.manager).action_refresh()
        self.assertFalse(self.known.is_gone)

    def test_refresh_with_a_wrong_token(self):
        self.set_token('wrong')
        with self.assertRaisesRegex(RedirectWarning, "does not accept the token"):
            self.known.with_user(self.manager).action_refresh()
        self.set_token(False)
        with self.assertRaisesRegex(RedirectWarning, "not ready"):
            self.known.with_user(self.manager).action_refresh()

    def test_refresh_while_the_service_is_down(self):
        self.sandbox.fault('GET /comunica_pec/{id}', 'error_before', status=500, times=-1)
        with self.assertRaisesRegex(UserError, "cannot be asked now"):
            self.known.with_user(self.manager).action_refresh()

    # ------------------------------------------------------------ the other environment

    def test_queued_in_the_other_environment(self):
        self.filing.action_submit()
        self.company.openapi_pec_environment = 'production'
        self.commit()
        self.assertRegex(
            self.filing.error_message,
            'nothing was spent: .*environment has changed.*"Sandbox".*chooses that environment again.*give it up')
        self.assertNotIn("tries again", self.filing.error_message)
        before = self.sandbox.requested(LIST)
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.requested(LIST), before)
        self.company.openapi_pec_environment = 'sandbox'
        self.run_cron('dispatch')
        self.assertEqual((self.filing.state, self.filing.error_message), ('code_requested', False))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDoubtfulAccountOfMailboxes(MailboxCase):

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.mailbox = self.buy()
        self.run_cron('mailboxes')

    def set_token(self, token):
        self.company.openapi_pec_token = token
        self.env.invalidate_all()

    def test_a_draft_tells_of_the_token(self):
        draft = self.create_mailbox()
        self.set_token(ANOTHER)
        self.assertIn("not recognised yet", draft.findings)
        self.assertIn("not recognised yet", self.open_order(draft, 'mailbox_create').create({}).warnings)

    def test_bought_with_a_wrong_token_is_not_gone(self):
        self.set_token(ANOTHER)
        other = self.buy()
        self.set_token('sandbox-token')
        for _run in range(2):
            self.run_cron('mailboxes')
        self.assertEqual((other.is_gone, other.error_message), (False, False))
        self.assertIn("another@domain.com", other.elsewhere_sentence)
        with self.assertRaisesRegex(UserError, "bought in another Openapi account"):
            other.action_refresh()

    def test_what_was_freed_is_not_bought_in_a_doubtful_account(self):
        draft = self.create_mailbox()
        self.sandbox.fault(BUY, 'drop_before')
        self.order(draft, 'mailbox_create')
        for _look in range(2):
            self.look_again(draft, 'mailboxes')
        self.free(draft)
        self.set_token(ANOTHER)
        executed = self.sandbox.executed(BUY)
        self.order(draft, 'mailbox_create')
        self.assertEqual((draft.call_state, self.sandbox.executed(BUY)), ('queued', executed))
        self.assertIn("Correct the token", draft.error_message)

    def test_refresh_of_what_is_gone(self):
        self.sandbox.delete_mailbox(self.mailbox.remote_id)
        self.mailbox.with_user(self.manager).action_refresh()
        self.assertTrue(self.mailbox.is_gone)
        self.assertIn("does not know this mailbox any more", self.mailbox.error_message)

    def test_an_order_for_what_is_gone(self):
        self.sandbox.change_mailboxes(stato='evasa')
        self.run_cron('mailboxes')
        self.sandbox.delete_mailbox(self.mailbox.remote_id)
        with self.assertRaisesRegex(UserError, "does not know this mailbox any more.*Nothing was sent or spent"):
            self.open_order(self.mailbox, 'mailbox_renew')

    def test_refresh_with_a_wrong_token(self):
        self.set_token('wrong')
        with self.assertRaisesRegex(RedirectWarning, "does not accept the token"):
            self.mailbox.with_user(self.manager).action_refresh()

"""What was made in an account that the company has left for good.

A manager closes it, and it stands in nobody's way any more.
"""
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common_mailbox import BUY, MailboxCase
from ..service.test_account import ANOTHER, AccountCase


class LeftAccountCase(AccountCase):
    """A filing that is known in an account, before its token is replaced."""

    def setUp(self):
        super().setUp()
        self.known = self.create_filing(kind='administrator')
        self.submit(self.known)
        self.run_cron('synchronize')
        self.company._openapi_pec_set_token('production', 'a third')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLeftAccount(LeftAccountCase):

    def leave(self):
        """Have the token replaced by another account's, as a manager confirms."""
        self.company.openapi_pec_token = ANOTHER
        self.run_cron('synchronize')
        self.assertFalse(self.known.is_to_decide, "it is not known yet whether it is another account")
        self.known.with_user(self.manager).action_accept_account()
        self.env.invalidate_all()
        self.run_cron('synchronize')

    def come_back(self):
        self.company.openapi_pec_token = 'sandbox-token'
        self.run_cron('synchronize')
        if self.known.account_sentence:
            self.known.with_user(self.manager).action_accept_account()
            self.env.invalidate_all()
            self.run_cron('synchronize')

    def close(self):
        self.choose(self.known, 'none', reason="given up there")()

    def test_closed_with_a_reason(self):
        self.leave()
        again = self.create_filing(kind='administrator', pec_email=self.known.pec_email)
        self.assertEqual(again.findings_level, 'error', "the first one stands in the way")
        self.assertIn("presses \"Decide\"", self.known.elsewhere_sentence)
        self.assertTrue(self.known.is_to_decide)
        self.assertIn(self.known, self.known.search([('is_to_decide', '=', True)]))
        with self.assertRaisesRegex(UserError, "Say in a few words why"):
            self.choose(self.known, 'none')()
        action = self.known.with_user(self.manager).action_choose()
        question = self.env[action['res_model']].browse(action['res_id'])
        self.assertEqual(question.question, 'elsewhere')
        for words in (
                "mail@domain.com", "Nothing was spent for it", "may still carry it out there",
                "console of that account", self.known.remote_id):
            self.assertIn(words, question.gone_sentence)
        self.close()
        self.assertEqual((self.known.state, self.known.is_gone, self.known.progress), ('cancelled', False, 100))
        self.assertFalse(self.known.is_to_decide)
        self.assertIn("may still be filed there", self.known.progress_sentence)
        self.assertNotIn(self.known, self.known.search([('is_to_decide', '=', True)]))
        for words in ("may still carry it out there", "console of that account", "File Again"):
            self.assertIn(words, self.known.error_message)
        self.assertIn("made in another Openapi account and: given up there", self.messages(self.known))
        again.invalidate_recordset()
        self.submit(again)
        self.assertEqual((again.state, self.sandbox.executed()), ('code_requested', 2))
        self.run_cron('synchronize')
        self.assertEqual(self.known.state, 'cancelled')

    def test_what_is_known_of_the_money(self):
        self.leave()
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_api_call SET money = 'paid' WHERE res_id = %s", [self.known.id])
        self.env.invalidate_all()
        self.assertIn("It was paid for", self.known.sudo()._get_closing_sentence())

    def test_filed_again(self):
        self.leave()
        self.close()
        action = self.known.with_user(self.manager).action_correct()
        again = self.known.browse(action['res_id'])
        self.assertEqual((again.state, again.pec_email), ('draft', self.known.pec_email))
        self.assertIn("another Openapi account and may still be filed there", self.messages(again))

    def test_followed_anew(self):
        """When the token leads back to the account, and it shows there."""
        self.leave()
        self.close()
        self.come_back()
        self.assertEqual((self.known.state, self.known.error_message), ('code_requested', False))
        self.assertIn("is followed again", self.messages(self.known))
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertEqual(self.known.state, 'awaiting_documents')

    def test_followed_anew_beside_the_other_one(self):
        self.leave()
        self.close()
        again = self.create_filing(kind='administrator', pec_email=self.known.pec_email)
        self.submit(again)
        self.come_back()
        self.assertEqual((self.known.state, self.known.is_twin), ('code_requested', True))
        self.assertIn(again.name, self.messages(self.known))

    def test_an_unknown_state_is_told_once(self):
        self.leave()
        self.close()
        self.sandbox.set_stato('nuovo_stato')
        told = len(self.known.message_ids)
        with self.assertLogs('odoo.addons.l10n_it_openapi_pec.models.record.record_mixin', 'WARNING') as logs:
            self.come_back()
            self.run_cron('synchronize')
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(self.known.state, 'cancelled')
        self.assertLessEqual(len(self.known.message_ids) - told, 2)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxOfLeftAccount(MailboxCase):

    def test_closed_and_followed_anew(self):
        self.patch(client_module, 'READ_PAUSES', ())
        mailbox = self.buy_active()
        self.run_cron('mailboxes')
        self.company.openapi_pec_token = ANOTHER
        self.run_cron('mailboxes')
        mailbox.with_user(self.manager).action_accept_account()
        self.env.invalidate_all()
        self.run_cron('mailboxes')
        self.assertIn("bought in another Openapi account", mailbox.elsewhere_sentence)
        self.assertTrue(mailbox.is_to_decide)
        self.assertIn(mailbox, mailbox.search([('is_to_decide', '=', True)]))
        self.choose(mailbox, 'none', reason="left to the other account")()
        self.assertEqual((mailbox.state, mailbox.is_to_decide, mailbox.is_gone), ('closed', False, False))
        self.assertIn("may still run it there", mailbox.error_message)
        filings = self.env['openapi_pec.mailbox']._judge_domiciles([mailbox.address])
        self.assertFalse(filings, "it is not known to have ended")
        again = self.create_mailbox(address=mailbox.address)
        self.assertFalse(again._get_twins()[mailbox.address], "its address stands in nobody's way")
        self.assertEqual(self.sandbox.executed(BUY), 1)
        self.run_cron('mailboxes')
        self.assertEqual(mailbox.state, 'closed')
        self.company.openapi_pec_token = 'sandbox-token'
        self.run_cron('mailboxes')
        self.assertEqual(mailbox.state, 'active')
        self.assertIn("is followed again", self.messages(mailbox))

"""What was called, or followed, in an account that was left.

Nothing that another account shows, or lacks, says anything about it.
"""
import importlib.util
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common_mailbox import RENEW, MailboxCase
from ..service.test_account import ANOTHER
from .test_left_account import LeftAccountCase

SCRIPT = Path(__file__).resolve().parent.parent.parent / 'migrations/19.0.1.3.0/post-left.py'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLeftCall(LeftAccountCase):

    def set_token(self, token):
        self.company.openapi_pec_token = token
        self.env.invalidate_all()

    def leave(self):
        self.set_token(ANOTHER)
        self.run_cron('synchronize')
        self.known.with_user(self.manager).action_accept_account()
        self.env.invalidate_all()

    def open(self):
        action = self.filing.with_user(self.manager).action_choose()
        return self.env[action['res_model']].browse(action['res_id']).with_user(self.manager)

    def test_looks_elsewhere_say_nothing(self):
        self.lose_answer()
        self.leave()
        self.assertNotIn("correct the token", self.filing.error_message, "it was accepted")
        for _look in range(3):
            self.look_again(self.filing)
        self.assertEqual((self.line().looks, self.line().doubt, self.filing.is_to_decide), (0, 'other_account', True))
        self.assertIn("mail@domain.com", self.filing.error_message)
        for words in ("orrect the token", "corrects the token", " times with an answer"):
            self.assertNotIn(words, self.filing.error_message + self.filing.progress_sentence)
        question = self.open()
        self.assertEqual((question.question, question.is_withheld, question.advice), ('free', False, False))
        for words in (self.sandbox.url, "mail@domain.com", "cannot look there", "nothing is known of the call since",
                      "console of that account"):
            self.assertIn(words, question.left_sentence)
        question.reason = "not in that console"
        question.action_none()
        self.assertEqual(self.filing.state, 'failed')
        self.assertIn("mail@domain.com", self.filing.error_message)
        self.assertNotIn("robably", self.filing.error_message)

    def test_looks_that_an_earlier_version_counted(self):
        self.lose_answer()
        self.leave()
        self.line().write({'looks': 12, 'accepted_doubt': 'other_account', 'doubt': ''})
        spec = importlib.util.spec_from_file_location('post_left', SCRIPT)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, '19.0.1.2.0')
        self.env.invalidate_all()
        self.assertEqual((self.line().looks, self.line().doubt), (0, 'other_account'))
        self.assertIn("nothing is known of the call since", self.filing.error_message)

    def test_its_account_comes_back(self):
        self.lose_answer(fault='drop_after')
        self.leave()
        self.look_again(self.filing)
        self.assertIn("another Openapi account", self.filing.error_message)
        self.set_token('sandbox-token')
        self.run_cron('synchronize')
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 2))

    def test_refresh_tells_the_account(self):
        self.leave()
        self.run_cron('synchronize')
        self.assertTrue(self.known.elsewhere_sentence)
        self.set_token('sandbox-token')
        self.known.with_user(self.manager).action_refresh()
        self.env.invalidate_all()
        self.assertFalse(self.known.elsewhere_sentence)

    def test_an_imported_filing(self):
        imported, missing = self.create_filing(pec_email='altra@legalmail.it'), self.create_filing(
            pec_email='terza@legalmail.it')
        self.submit(imported)
        self.submit(missing)
        # As an import leaves them: no line of the journal tells who made them.
        self.env.cr.execute("DELETE FROM openapi_pec_api_call WHERE res_model = %s AND res_id IN %s",
                            [imported._name, tuple((imported + missing).ids)])
        self.env.invalidate_all()
        self.leave()
        for _run in range(2):
            self.run_cron('synchronize')
        self.assertEqual((imported.is_gone, imported.error_message), (False, False))
        self.assertIn("mail@domain.com", imported.elsewhere_sentence)
        self.assertIn(imported, imported.search([('is_to_decide', '=', True)]))
        self.sandbox.delete(missing.remote_id)
        self.set_token('sandbox-token')
        self.run_cron('synchronize')
        self.assertEqual((imported.elsewhere_sentence, imported.left_account), (False, False))
        self.assertTrue(missing.is_gone, "in its own account it is")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxOfLeftAccount(MailboxCase):

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.mailbox = self.buy_active()
        self.run_cron('mailboxes')

    def leave(self):
        self.company.openapi_pec_token = ANOTHER
        self.run_cron('mailboxes')
        self.mailbox.with_user(self.manager).action_accept_account()
        self.env.invalidate_all()
        self.run_cron('mailboxes')

    def test_imported(self):
        self.env.cr.execute("DELETE FROM openapi_pec_api_call WHERE res_model = 'openapi_pec.mailbox'")
        self.env.invalidate_all()
        self.leave()
        self.run_cron('mailboxes')
        self.assertFalse(self.mailbox.is_gone)
        self.assertIn("mail@domain.com", self.mailbox.elsewhere_sentence)
        with self.assertRaisesRegex(UserError, "bought in another Openapi account"):
            self.mailbox.action_refresh()
        self.company.openapi_pec_token = 'sandbox-token'
        self.mailbox.action_refresh()
        self.env.invalidate_all()
        self.assertFalse(self.mailbox.elsewhere_sentence)
        self.run_cron('mailboxes')
        self.assertEqual((self.mailbox.left_account, self.mailbox.state), (False, 'active'))

    def test_a_lost_change(self):
        self.sandbox.fault(RENEW, 'drop_before')
        self.order(self.mailbox, 'mailbox_renew')
        self.assertEqual(self.mailbox.call_state, 'unconfirmed')
        self.leave()
        action = self.mailbox.with_user(self.manager).action_choose()
        question = self.env[action['res_model']].browse(action['res_id'])
        self.assertEqual((question.question, len(question.line_ids)), ('free', 0))
        self.assertIn("mail@domain.com", question.left_sentence)
        self.assertIn("mail@domain.com", self.mailbox.error_message)

    def test_an_untold_type_is_no_change(self):
        self.sandbox.weather(mood={'values': ['missing'], 'renewal_late': 3600})
        self.mailbox.action_refresh()
        self.assertFalse(self.mailbox.snapshot['tipo_casella'])
        self.sandbox.fault(RENEW, 'drop_after')
        self.order(self.mailbox, 'mailbox_renew')
        self.sandbox.weather(mood={'values': [], 'renewal_late': 3600})
        self.run_cron('mailboxes')
        self.assertEqual((self.mailbox.call_state, self.mailbox.candidates), ('unconfirmed', False))
        self.sandbox.weather(mood={'renewal_late': 0})
        self.run_cron('mailboxes')
        self.assertEqual((self.mailbox.call_state, self.sandbox.executed(RENEW)), (False, 1))

    def test_decide_settles_what_shows(self):
        """What was asked as open before is settled by the button, when what was asked for shows."""
        self.sandbox.weather(mood={'renewal_late': 3600})
        self.sandbox.fault(RENEW, 'drop_after')
        self.order(self.mailbox, 'mailbox_renew')
        line = self.mailbox.sudo().api_call_ids[:1]
        self.mailbox.sudo()._recover_line(
            line, [self.mailbox.sudo()._read_remote(self.mailbox.remote_id)], is_certain=False)
        self.assertTrue(self.mailbox.candidates)
        self.sandbox.weather(mood={'renewal_late': 0})
        self.assertFalse(self.mailbox.with_user(self.manager).action_choose())
        self.assertEqual((self.mailbox.call_state, self.mailbox.candidates, line.state), (False, False, 'accepted'))

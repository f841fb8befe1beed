"""Whatever state a record is in, it says what happens next, and offers nothing that cannot be done."""
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import format_datetime

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import CREATE, LostAnswerCase, PecCase
from ..common_client import ClientCase
from ..service.test_account import ANOTHER
from ..signer.test_applicant import ApplicantCase
from ..signer.test_signer import SignerCase

SIGN = "Have the power of attorney signed and upload it"
NOTHING = "Nothing has to be done at present"


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAwayFiling(SignerCase):
    """The service does not know a filing that waits for its signature, or another account has it."""

    def lose(self):
        self.sandbox.delete(self.filing.remote_id)
        self.run_cron('synchronize')
        self.assertTrue(self.filing.is_gone)

    def leave(self):
        self.company.openapi_pec_token = ANOTHER
        self.run_cron('synchronize')
        self.filing.with_user(self.manager).action_accept_account()
        self.env.invalidate_all()
        self.assertTrue(self.filing.elsewhere_sentence)

    def assert_away(self, sentence):
        self.assertIn(sentence, self.filing.progress_sentence)
        self.assertFalse(self.filing._takes_documents())
        with self.assertRaisesRegex(UserError, "nothing was mailed"):
            self.filing.action_mail_procura()
        with self.assertRaisesRegex(UserError, "Nothing was sent or spent"):
            self.filing.action_send_documents()
        page = self.visit()
        self.assertIn(NOTHING, page.text)
        self.assertNotIn('type="file"', page.text)
        self.assertEqual(self.filing.state, 'awaiting_documents')

    def test_gone(self):
        self.upload(self.filing)
        self.assertIn(SIGN, self.filing.activity_ids.mapped('summary'))
        self.lose()
        self.assert_away("the service does not know it any more")
        self.assertEqual(
            self.filing.activity_ids.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_gone'))

    def test_known_again(self):
        self.lose()
        self.filing._apply_stato('in_attesa_di_documenti')
        self.assertFalse(self.filing.is_gone)
        self.assertEqual(self.filing.activity_ids.mapped('summary'), [SIGN])
        self.assertIn("waits to be signed", self.filing.progress_sentence)
        self.assertIn('type="file"', self.visit().text)

    def test_in_another_account(self):
        self.upload(self.filing)
        self.leave()
        self.assert_away("Made in another Openapi account")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAwayMailbox(ApplicantCase):
    """The same of a mailbox whose form waits to be signed."""

    def test_gone_and_known_again(self):
        self.assertIn('form', self.activities())
        self.patch(client_module, 'READ_PAUSES', ())
        self.sandbox.delete_mailbox(self.mailbox.remote_id)
        for _run in range(2):
            self.run_cron('mailboxes')
        self.assertTrue(self.mailbox.is_gone)
        self.assertNotIn('form', self.activities())
        page = self.visit()
        self.assertIn(NOTHING, page.text)
        self.assertNotIn('type="file"', page.text)
        with self.assertRaisesRegex(UserError, "nothing was mailed"):
            self.mailbox.action_mail_form()
        self.mailbox._on_known_again()
        self.assertIn('form', self.activities())
        self.assertIn('type="file"', self.visit().text)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUnconfirmedStep(LostAnswerCase):
    """While nobody has to do anything, it says so, and from when on somebody can."""

    def show(self, minutes):
        return format_datetime(
            self.env, self.line.started_at + timedelta(minutes=minutes), tz=self.manager.tz, dt_format='short')

    def test_from_when_on_a_manager_can_decide(self):
        self.lose_answer('drop_before')
        self.line = self.filing.sudo().api_call_ids
        self.assertIn("You need not do anything now", self.filing.error_message)
        self.assertIn(f"a manager can decide from {self.show(15)} on", self.filing.error_message)
        self.assertIn("nothing has to be done now", self.filing.progress_sentence)
        self.look_again(self.filing, minutes=2)
        self.assertIn("Nothing has to be done now", self.filing.error_message)
        self.assertIn(f"a manager can decide from {self.show(15)} on", self.filing.error_message)
        self.look_again(self.filing, minutes=13)
        self.assertTrue(self.filing.is_to_decide)
        self.assertIn("a manager then presses \"Decide\"", self.filing.error_message)
        self.assertNotIn("Nothing has to be done now", self.filing.error_message)

    def test_a_batch_counts_it_with_what_it_may_have_cost(self):
        self.filing.action_create_batch()
        batch = self.filing.batch_id
        self.lose_answer('drop_before')
        self.assertRecordValues(
            batch, [{'state': 'running', 'unconfirmed_count': 1, 'queued_count': 0, 'unconfirmed_price': 0}])
        self.line = self.filing.sudo().api_call_ids
        self.line.environment = 'production'
        batch.invalidate_recordset()
        self.assertEqual(batch.unconfirmed_price, 15.70)
        found = self.env['openapi_pec.communication'].search(batch.action_open_unconfirmed()['domain'])
        self.assertEqual(found, self.filing)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestToken(PecCase):
    """When the token is refused, nothing is wrong with the filing."""

    def test_the_token_is_to_be_corrected(self):
        self.patch(client_module, 'READ_PAUSES', ())
        filing = self.create_filing()
        self.sandbox.fault(
            CREATE, 'error_before', status=403, body={'success': False, 'message': "No scope", 'error': 125})
        self.submit(filing)
        self.assertEqual(filing.state, 'failed')
        self.assertIn("the token of the Openapi account", filing.progress_sentence)
        summaries = filing.activity_ids.mapped('summary')
        self.assertIn("Have the token of the Openapi account corrected in the settings, then submit again", summaries)
        self.assertNotIn("Correct the filing and submit it again", summaries)

    def test_what_is_new_waits_as_long_as_the_account_is_paused(self):
        filing, other = self.create_filing(), self.create_filing(kind='administrator')
        self.sandbox.settings(credit=1)
        self.submit(filing)
        until = self.company.openapi_pec_paused_until
        self.assertGreater(until, fields.Datetime.now())
        self.sandbox.settings(credit=100)
        requested = self.sandbox.requested(CREATE)
        self.submit(other)
        self.assertEqual((other.state, other.waiting_for), ('queued', 'credit'))
        self.assertEqual((self.sandbox.requested(CREATE), self.company.openapi_pec_paused_until), (requested, until))
        other.with_user(self.manager).action_go_on()
        self.commit()
        self.assertEqual(other.state, 'code_requested')

    def test_who_may_not_decide_is_not_told_of_money(self):
        with self.assertRaisesRegex(AccessError, "Ask a manager") as raised:
            self.create_filing().with_user(self.user).action_accept_account()
        self.assertNotIn("money", str(raised.exception))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWhoSubmits(ClientCase):

    @mute_logger('odoo.http')
    def test_a_user_reads_that_a_manager_submits(self):
        for user, is_told in ((self.user, True), (self.manager, False)):
            self.log_in(user)
            for model, words in (('openapi_pec.communication', "submits it"), ('openapi_pec.mailbox', "buys it"),
                                 ('openapi_pec.batch', "submits what is ready")):
                arch = self.get_views(model, [[False, 'form']])['views']['form']['arch']
                self.assertEqual(f"A manager of PEC communications {words}" in arch, is_told, (user.login, model))

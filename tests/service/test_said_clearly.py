"""What a person reads is in his own language, in plain words, and comes before the click that pays again."""
import re
from datetime import timedelta
from html import unescape

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import CREATE, LIST, PecCase
from ..common_mailbox_operations import OperationsCase

ENGLISH = re.compile(r"\b(the|The|is|was|cannot|which|Odoo has)\b")


class SaidCase(PecCase):

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.filing = self.create_filing()

    def lose_answer(self, fault='drop_before', record=None):
        self.sandbox.fault(CREATE, fault)
        self.submit(record or self.filing)
        self.assertEqual((record or self.filing).state, 'unconfirmed')

    def free_it(self):
        self.lose_answer()
        for _look in range(2):
            self.look_again(self.filing)
        self.free(self.filing)

    def be_blind(self):
        self.sandbox.fault(LIST, 'error_before', status=500, times=-1)
        self.submit(self.filing)
        self.filing.unlooked_since -= timedelta(minutes=30)

    def make_elsewhere(self, count=1):
        body = self.filing._prepare_request_body()
        for key in ('callback', 'pec_amministratore'):
            body.pop(key)
        return self.sandbox.create_filings(count, 'comunicazione_evasa', **{**body, 'email': 'altra@example.com'})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestInTheReadersLanguage(SaidCase):
    """A scheduled job has no language of its own: what it writes is in that of who follows the record."""

    def setUp(self):
        super().setUp()
        self.env['res.lang']._activate_lang('it_IT')
        self.manager.lang = 'it_IT'

    def test_each_doubt(self):
        """All that makes a look worth less, accepted or not, and the lasting defects in the settings."""
        self.lose_answer()
        line = self.filing.sudo().api_call_ids
        for env in (self.filing._for_reader().env, self.env(context={'lang': 'it_IT'})):
            for name in const.service.DOUBTS:
                line.write({'doubt': name, 'accepted_doubt': name})
                for sentence in (line.with_env(env)._get_doubts(), line.with_env(env)._get_accepted_doubts()):
                    self.assertTrue(sentence)
                    self.assertNotRegex(sentence, ENGLISH)

    def test_what_the_job_writes(self):
        self.lose_answer()
        self.sandbox.fault(LIST, 'wrong_shape', times=-1, body={'success': True, 'data': [{'id': None}]})
        self.look_again(self.filing)
        self.look_again(self.filing, hours=24)
        self.assertIn("L'ultimo controllo non ha deciso nulla", self.filing.error_message)
        self.assertNotRegex(self.filing.error_message, ENGLISH)
        for text in [*self.filing.message_ids.mapped('body'), *self.filing.activity_ids.mapped('summary')]:
            self.assertNotRegex(str(text), ENGLISH)
        self.company._openapi_pec_write_facts('sandbox', defects={
            self.filing._name: {name: {'since': '2020-01-01 00:00:00'} for name in const.service.LIST_DOUBTS}})
        defects = self.company.with_context(lang='it_IT')._openapi_pec_get_defect_sentence('sandbox')
        self.assertTrue(defects)
        self.assertNotRegex(defects, ENGLISH)

    def test_twins_have_two_readers(self):
        """The other one of two filings that are under way twice is told of in the language of who follows that."""
        other = self.create_filing(kind='administrator')
        other.user_id = self.user
        self.user.lang = 'en_US'
        self.submit(other)
        self.filing.write({'environment': 'sandbox', 'state': 'unconfirmed'})
        taken = {
            name: other[name] for name in ('company_fiscal_code', 'partner_id', 'kind', 'fiscal_code', 'pec_email')}
        self.filing._for_reader()._mark_twin(taken)
        self.assertIn("Paid twice, or about to be", self.messages(other))
        self.assertNotIn("Paid twice", self.messages(self.filing))
        self.assertTrue(self.filing.is_twin)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestToDecide(SaidCase, OperationsCase):
    """The filter finds what waits for a decision, whatever it waits for, and nothing else."""

    def assert_found(self, record, is_found=True):
        everything = record.search([])
        found = record.with_user(self.manager).search([('is_to_decide', '=', True)])
        self.assertEqual(record in found, is_found)
        self.assertEqual(set(found.ids), set(everything.filtered('is_to_decide').ids))
        rest = record.search([('is_to_decide', '=', False)])
        self.assertEqual(set(rest.ids), set((everything - found).ids))
        view = self.env.ref(f"l10n_it_openapi_pec.view_{record._name.partition('.')[2]}_search").arch
        self.assertIn(
            """name="to_decide" string="Waits for a Decision" domain="[('is_to_decide', '=', True)]\"""", view)

    def test_nothing(self):
        self.assert_found(self.filing, False)
        self.submit(self.filing)
        self.assert_found(self.filing, False)

    def test_held(self):
        self.make_elsewhere()
        self.submit(self.filing)
        self.assertTrue(self.filing.is_held)
        self.assert_found(self.filing)

    def test_blind(self):
        self.be_blind()
        self.assert_found(self.filing)
        self.filing.unlooked_since += timedelta(minutes=10)
        self.assert_found(self.filing, False)

    def test_free(self):
        self.lose_answer()
        self.look_again(self.filing)
        self.assert_found(self.filing, False)
        self.look_again(self.filing)
        self.assert_found(self.filing)
        self.free(self.filing)
        self.assert_found(self.filing, False)

    def test_ambiguous(self):
        self.lose_answer()
        body = self.filing._prepare_request_body()
        body.pop('callback')
        self.sandbox.create_filings(2, **body)
        self.run_cron('synchronize')
        self.assertTrue(self.filing.candidates)
        self.assert_found(self.filing)

    def test_gone(self):
        self.submit(self.filing)
        self.sandbox.delete(self.filing.remote_id)
        self.run_cron('synchronize')
        self.assertTrue(self.filing.is_gone)
        self.assert_found(self.filing)
        self.choose(self.filing, 'none', reason="Openapi has annulled it")()
        self.assert_found(self.filing, False)

    def test_mailboxes(self):
        mailbox = self.begin('mailbox_renew')
        self.assert_found(mailbox, False)
        mailbox.is_gone = True
        self.assert_found(mailbox)
        mailbox.is_gone = False
        self.sandbox.fault('GET /pec/{id}/rinnovo', 'drop_before')
        self.order(mailbox, 'mailbox_renew')
        self.assertEqual(mailbox.call_state, 'unconfirmed')
        for _look in range(2):
            self.look_again_at(mailbox)
        self.assert_found(mailbox)

    def test_a_mailbox_not_looked_for(self):
        mailbox = self.begin('mailbox_create')
        mailbox.sudo().write({'call_state': 'queued', 'operation': 'mailbox_create'})
        mailbox.sudo().unlooked_since = self.env.cr.now() - timedelta(hours=1)
        self.assert_found(mailbox)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPaidAgain(SaidCase, OperationsCase):
    """The last question tells of an earlier call that may have been paid; nothing green stands beside it."""

    def test_a_freed_filing(self):
        question = self.env['openapi_pec.submit'].with_user(self.manager)
        self.assertFalse(question.create({'communication_ids': self.filing.ids}).earlier_calls)
        self.free_it()
        told = question.create({'communication_ids': self.filing.ids}).earlier_calls
        self.assertIn("An earlier call for the same was not found", told)
        self.assertIn("In the sandbox nothing is paid.", told)
        self.assertNotIn("paid again", told, "the money is told once, and as it is")
        self.assertIn(self.filing.display_name, told)
        form = self.filing.get_view(self.env.ref('l10n_it_openapi_pec.view_communication_form').id)['arch']
        self.assertIn("""invisible="present_level != 'fine' or earlier_call_sentence\"""", form)
        self.assertTrue(self.filing.earlier_call_sentence)

    def test_in_production(self):
        self.company.openapi_pec_environment = 'production'
        self.free_it()
        self.assertIn("If it was, a new call is paid again.", self.filing.earlier_call_sentence)
        self.assertNotIn("sandbox", self.filing.earlier_call_sentence)

    def test_given_up_and_set_to_draft(self):
        """Then no sentence is left of what happened, and the form tells it by itself."""
        self.free_it()
        self.filing.with_user(self.manager).action_cancel()
        self.filing.with_user(self.manager).action_draft()
        self.assertEqual((self.filing.state, self.filing.error_message), ('draft', False))
        self.assertIn("earlier call for the same was not found", self.filing.earlier_call_sentence)

    def test_a_freed_purchase_and_a_freed_user(self):
        for operation, call in [('mailbox_create', 'POST /pec'), ('mailbox_user', 'POST /pec/{id}/utenza')]:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                question = self.open_order(mailbox, operation)
                self.assertFalse(question.create({}).earlier_call_sentence)
                line = self.env['openapi_pec.api_call'].sudo().create({
                    'operation': operation, 'res_model': mailbox._name, 'res_id': mailbox.id,
                    'company_id': self.company.id, 'environment': 'sandbox', 'user_id': self.manager.id,
                    'state': 'never_arrived'})
                mailbox.sudo().environment = 'sandbox'
                self.env.invalidate_all()
                self.assertIn(
                    "was not found", self.open_order(mailbox, operation).create({}).earlier_call_sentence, call)
                self.assertTrue(line)

    def test_a_renewal_that_does_not_show_promises_no_day(self):
        mailbox = self.begin('mailbox_renew')
        self.assertTrue(self.open_order(mailbox, 'mailbox_renew').create({}).new_expiry)
        self.sandbox.weather(mood={'renewal_late': 3600})
        self.order(mailbox, 'mailbox_renew')
        self.assertTrue(mailbox.awaited)
        self.assertFalse(self.open_order(mailbox, 'mailbox_renew').create({}).new_expiry)

    def test_paid_twice_in_the_sandbox(self):
        """Where nothing is paid, that stands beside it."""
        self.lose_answer('drop_after')
        self.sandbox.weather(mood={'list_late': 7200})
        for _look in range(2):
            self.look_again(self.filing)
        self.free(self.filing)
        self.submit(self.filing)
        self.sandbox.weather(mood={'list_late': 0})
        self.look_again(self.filing)
        self.assertRegex(self.messages(self.filing), "(?s)twice.*In the sandbox nothing is paid")


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestWords(SaidCase, OperationsCase):
    """Names, titles, minutes, and who presses which button."""

    def test_one_minute(self):
        self.sandbox.fault(LIST, 'error_before', status=500, times=-1)
        self.submit(self.filing)
        self.assertIn("Odoo tries again in 1 minute.", self.filing.error_message)
        self.filing.retry_at = False
        self.run_cron('dispatch')
        self.assertIn("Odoo tries again in 5 minutes.", self.filing.error_message)

    def test_who_decides_on_what_is_held(self):
        self.make_elsewhere()
        self.submit(self.filing)
        self.assertIn('A manager presses "Decide"', self.filing.error_message)

    def test_title_of_a_line_of_the_journal(self):
        self.submit(self.filing)
        line = self.filing.sudo().api_call_ids
        self.assertRegex(line.display_name, r"^Communicate the PEC, \d")

    def test_what_was_sent_is_a_table(self):
        self.submit(self.filing)
        action = self.filing.with_user(self.manager).api_call_ids.action_show_sent()
        sent = self.env[action['res_model']].with_user(self.manager).browse(action['res_id']).sent
        text = re.sub(r'\s+', ' ', unescape(re.sub(r'<[^>]+>', ' ', sent)))
        for words in (
                "PEC prova@legalmail.it", "Tax Code RSSMRA80A01H501U", "Qualification Legal Representative",
                "Company's PEC"):
            self.assertIn(words, text)
        for raw in ('casella_pec', 'pec_amministratore', 'False', '{', 'callback'):
            self.assertNotIn(raw, text)
        self.assertLess(text.index("PEC prova"), text.index("Tax Code"))

    def test_what_a_purchase_sent_is_a_table(self):
        mailbox = self.buy()
        action = mailbox.with_user(self.manager).api_call_ids.action_show_sent()
        sent = self.env[action['res_model']].with_user(self.manager).browse(action['res_id']).sent
        self.assertIn(mailbox.address, sent)
        self.assertNotIn('casella_pec', sent)
        renewed = self.begin('mailbox_renew')
        self.order(renewed, 'mailbox_renew')
        action = renewed.with_user(self.manager).api_call_ids.action_show_sent()
        self.assertIn(
            "Nothing was kept", self.env[action['res_model']].with_user(self.manager).browse(action['res_id']).sent)

    def test_a_name_that_ends_with_a_full_stop(self):
        [company] = self.create_companies(1)  # whose PEC it is: the sentence ends with its name
        other = self.create_filing(kind='administrator', pec_email=company.openapi_pec_email)
        sentences = ' '.join(
            sentence for sentences in other._get_sentences('error').values() for sentence in sentences)
        self.assertIn("S.r.l.", sentences)
        self.assertNotIn("..", sentences)

    def test_the_question_about_a_change(self):
        """A renewal is not there or not there: it was executed or not."""
        mailbox = self.begin('mailbox_renew')
        self.sandbox.fault('GET /pec/{id}/rinnovo', 'drop_before')
        self.order(mailbox, 'mailbox_renew')
        for _look in range(2):
            self.look_again_at(mailbox)
        self.assertEqual(mailbox.with_user(self.manager).action_choose()['name'], "Was It Executed?")

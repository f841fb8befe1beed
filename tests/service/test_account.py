from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.models.service import call_dispatch
from odoo.addons.l10n_it_openapi_pec.models.service.account import MASK
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent
from odoo.addons.l10n_it_openapi_pec.tools.outcome.created import Look

from ..common import CREATE, LIST, PATCH, SHORT, PecCase
from ..common_mailbox import MailboxCase

ANOTHER = 'sandbox-token:another'


class AccountCase(PecCase):
    """The sandbox API has an account for each environment."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.patch(client_module, 'READ_TIMEOUT', SHORT)
        self.company._openapi_pec_set_token('production', ANOTHER)
        self.filing = self.create_filing()

    def lose_answer(self, filing=None, fault='drop_before'):
        self.sandbox.fault(CREATE, fault)
        self.submit(filing or self.filing)
        self.assertEqual((filing or self.filing).state, 'unconfirmed')

    def line(self):
        return self.filing.sudo().api_call_ids[:1]

    def break_rows(self):
        """Have the list hold rows that may be anything, for good."""
        self.sandbox.fault(LIST, 'wrong_shape', times=-1, body={'success': True, 'data': [{'id': None}]})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestEnvironments(AccountCase):
    """A token for each environment; both go on being read."""

    def test_a_token_for_each(self):
        self.company.openapi_pec_environment = 'production'
        self.assertEqual(self.company.openapi_pec_token, MASK)
        self.company.openapi_pec_token = 'third'
        self.company.openapi_pec_environment = 'sandbox'
        self.assertEqual(self.company._openapi_pec_account('sandbox')[1], 'sandbox-token')
        self.assertEqual(self.company._openapi_pec_account('production')[1], 'third')

    def test_the_settings_write_the_token_of_the_environment_that_they_show(self):
        with Form(self.env['res.config.settings'].create({})) as form:
            form.openapi_pec_token = 'of the sandbox'
            form.openapi_pec_environment = 'production'
            self.assertEqual(form.openapi_pec_token, MASK)
            form.openapi_pec_token = 'sandbox-token:of-production'
        self.assertEqual(self.company._openapi_pec_account('sandbox')[1], 'sandbox-token')
        self.assertEqual(self.company._openapi_pec_account(), ('production', 'sandbox-token:of-production'))

    def test_neither_token_reaches_production_from_a_copy(self):
        self.env['ir.config_parameter'].set_param('database.is_neutralized', True)
        self.company._openapi_pec_client('sandbox')
        for environment in ('sandbox', 'production'):  # which one the company uses makes no difference
            self.company.openapi_pec_environment = environment
            with self.assertRaisesRegex(NotSent, "neutralised"):
                self.company._openapi_pec_client('production')
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', 'https://pec.openapi.it')
        with self.assertRaisesRegex(NotSent, "neutralised"):
            self.company._openapi_pec_client('sandbox')

    def test_a_filing_is_followed_to_its_end_after_the_switch(self):
        self.submit(self.filing)
        self.company.openapi_pec_environment = 'production'
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertEqual((self.filing.state, bool(self.filing.procura_id)), ('awaiting_documents', True))
        self.filing.procura_id = False
        self.filing.action_fetch_procura()
        self.upload(self.filing)
        self.filing.action_send_documents()
        self.commit()
        self.assertEqual((self.filing.state, self.sandbox.executed(PATCH)), ('documents_uploaded', 1))
        self.sandbox.set_stato('comunicazione_evasa')
        self.filing.action_refresh()
        self.assertEqual(self.filing.state, 'completed')

    def test_a_lost_answer_is_found_after_the_switch(self):
        self.lose_answer(fault='drop_after')
        self.company.openapi_pec_environment = 'production'
        self.run_cron('synchronize')
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 1))

    def test_each_environment_has_its_own_account(self):
        self.submit(self.filing)
        self.company.openapi_pec_environment = 'production'
        other = self.create_filing()
        other.action_submit("As it should be")
        self.commit()
        self.assertEqual(other.state, 'code_requested')
        before = self.sandbox.requested(LIST)
        self.run_cron('synchronize')
        self.assertEqual(self.sandbox.requested(LIST) - before, 2)
        self.assertEqual([self.company._openapi_pec_get_account_name(name) for name in ('sandbox', 'production')], [
            f'{self.sandbox.url} mail@domain.com', f'{self.sandbox.url} another@domain.com'])
        self.assertFalse((self.filing + other).filtered('is_gone'))

    def test_what_is_queued_waits_for_its_environment(self):
        self.filing.action_submit()
        self.company.openapi_pec_environment = 'production'
        self.commit()
        self.assertEqual((self.filing.state, self.sandbox.requested(LIST)), ('queued', 0))
        self.assertIn("environment has changed", self.filing.error_message)

    def test_the_other_environment_pauses_nothing(self):
        self.bring_to_signature(self.filing)
        self.upload(self.filing)
        self.company.openapi_pec_environment = 'production'
        self.company._openapi_pec_pause('rate', record=self.filing, seconds=-1)
        self.filing.action_send_documents()
        self.commit()
        self.assertEqual((self.filing.state, self.company.openapi_pec_pause_reason), ('documents_uploaded', 'rate'))
        second = self.create_filing(kind='administrator')
        self.company.openapi_pec_environment = 'sandbox'
        self.company._openapi_pec_resume()
        self.bring_to_signature(second)
        self.upload(second)
        self.company.openapi_pec_environment = 'production'
        self.company._openapi_pec_set_token('sandbox', 'wrong')
        second.action_send_documents()
        self.commit()
        self.assertEqual((second.state, self.company.openapi_pec_pause_reason), ('awaiting_documents', False))

    def test_an_import_goes_on_after_the_switch(self):
        self.sandbox.create_filings(1, casella_pec='altra@legalmail.it')
        rows = self.env['openapi_pec.foreign_filing']
        rows.with_user(self.manager).action_import()
        self.env.cr.execute("UPDATE openapi_pec_foreign_filing SET seen_at = seen_at - interval '1 hour'")
        self.env.invalidate_all()
        self.company.openapi_pec_environment = 'production'
        self.run_cron('import')
        self.assertEqual((rows.search([]).state, rows.search([]).reason), ('unassigned', 'no_partner'))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxEnvironments(MailboxCase):

    def test_a_mailbox_is_followed_after_the_switch(self):
        [remote_id] = self.sandbox.create_mailboxes(1, 'registrata', casella_pec='nota@testcert.legalmail.it')
        mailbox = self.create_mailbox(address='nota@testcert.legalmail.it')
        mailbox.sudo().write({'remote_id': remote_id, 'environment': 'sandbox', 'state': 'registered'})
        self.company._openapi_pec_set_token('production', ANOTHER)
        self.company.openapi_pec_environment = 'production'
        self.sandbox.change_mailboxes('all', stato='evasa')
        self.run_cron('mailboxes')
        self.assertEqual((mailbox.state, mailbox.is_gone), ('active', False))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAnotherAccount(AccountCase):
    """What another account's list does not show is neither gone nor absent."""

    def setUp(self):
        super().setUp()
        self.known = self.create_filing(kind='administrator')
        self.submit(self.known)
        self.run_cron('synchronize')

    def accept(self, user=None):
        self.known.with_user(user or self.manager).action_accept_account()
        self.env.invalidate_all()

    def test_an_empty_list_of_another_account_makes_nothing_gone(self):
        self.company.openapi_pec_token = ANOTHER
        for _run in range(3):
            self.run_cron('synchronize')
        self.assertEqual(
            (self.known.state, self.known.is_gone, self.known.error_message), ('code_requested', False, False))
        self.assertIn("shows nothing of the account that was used before", self.known.account_sentence)
        settings = self.env['res.config.settings'].create({})
        self.assertIn("Sandbox: The token", settings.openapi_pec_account_sentence)
        with self.assertRaises(AccessError):
            self.accept(self.user)
        self.accept()
        self.assertFalse(self.known.account_sentence)
        self.run_cron('synchronize')
        self.assertFalse(self.known.is_gone, "gone it is only where it was made")
        self.assertIn("made in another Openapi account", self.known.elsewhere_sentence)
        with self.assertRaisesRegex(UserError, "nothing to decide"):
            self.accept()

    def test_the_filings_of_another_account_make_nothing_gone(self):
        self.company.openapi_pec_environment = 'production'
        other = self.create_filing()
        other.action_submit("As it should be")
        self.commit()
        self.company.openapi_pec_environment = 'sandbox'
        self.company.openapi_pec_token = ANOTHER
        self.run_cron('synchronize')
        self.assertEqual((self.known.is_gone, bool(self.known.account_sentence)), (False, True))

    def test_another_address_of_the_same_account(self):
        """One row of the account known before is enough."""
        self.env['ir.config_parameter'].set_param(
            'l10n_it_openapi_pec.base_url', self.sandbox.url.replace('http', 'HTTP'))
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertEqual((self.known.state, self.known.account_sentence), ('awaiting_documents', False))
        self.assertEqual(len(self.company._openapi_pec_get_facts('sandbox')['names']), 2)

    def test_the_account_comes_back(self):
        self.company.openapi_pec_token = ANOTHER
        self.run_cron('synchronize')
        self.assertTrue(self.known.account_sentence)
        self.company.openapi_pec_token = 'sandbox-token'
        self.run_cron('synchronize')
        self.assertFalse(self.known.account_sentence)

    def test_a_lost_call_of_the_account_before(self):
        """A manager can free what the called account does not show any more, and is warned.

        Nobody can before it is said which account it is.
        """
        self.lose_answer()
        self.company.openapi_pec_token = ANOTHER
        for _look in range(3):
            self.look_again(self.filing)
        self.assertEqual((self.line().looks, self.filing.is_to_decide), (0, False))
        self.accept()
        for _look in range(3):
            self.look_again(self.filing)
        self.assertEqual((self.line().looks, self.line().doubt, self.filing.is_to_decide), (0, 'other_account', True))
        self.assertIn("made in another Openapi account", self.filing.error_message)
        self.free(self.filing)
        self.assertEqual(self.filing.state, 'failed')

    def test_the_first_call_ever_is_lost_and_the_token_replaced(self):
        """Whose it was nobody knew before, and no list of the new account tells that it is not there."""
        company = self.env['res.company'].create({'name': "Nuova", 'openapi_pec_token': 'sandbox-token:new'})
        filing = self.create_filing(company_id=company.id, user_id=False, pec_email='prima@legalmail.it')
        self.lose_answer(filing)
        company.openapi_pec_token = ANOTHER
        for _look in range(3):
            self.look_again(filing)
        self.assertEqual((filing.sudo().api_call_ids.looks, filing.sudo().api_call_ids.doubt), (0, 'other_account'))

    def test_a_first_call_is_made_in_another_account(self):
        self.company.openapi_pec_token = ANOTHER
        self.run_cron('synchronize')
        self.filing.action_submit("it is meant like this")
        self.commit()
        self.assertEqual(
            (self.filing.state, self.line()._get_account_names()), ('code_requested', {'another@domain.com'}),
            "as told")

    def test_imports_forget_nothing(self):
        self.sandbox.create_filings(1, casella_pec='altra@legalmail.it')
        rows = self.env['openapi_pec.foreign_filing']
        rows.with_user(self.manager).action_import()
        self.env.cr.execute("UPDATE openapi_pec_foreign_filing SET seen_at = seen_at - interval '1 hour'")
        self.env.invalidate_all()
        self.company.openapi_pec_token = ANOTHER
        self.run_cron('import')
        self.assertEqual(rows.search([]).reason, 'unreadable')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestGone(AccountCase):
    """What the service does not know any more is told once, closed by a manager, and taken up again when it shows."""

    def lose_filing(self):
        self.submit(self.filing)
        self.removed = self.sandbox.filings()[0]
        self.sandbox.delete(self.filing.remote_id)
        self.run_cron('synchronize')
        self.assertTrue(self.filing.is_gone)

    def get_activities(self):
        gone = self.env.ref('l10n_it_openapi_pec.mail_activity_type_gone')
        return self.filing.activity_ids.filtered(lambda activity: activity.activity_type_id == gone)

    def test_told_once(self):
        self.lose_filing()
        self.run_cron('synchronize')
        self.assertEqual(self.get_activities().user_id, self.manager)
        self.assertEqual(self.messages(self.filing).count("does not know this filing"), 1)
        self.assertIn("Nothing was spent for it", self.filing.error_message)
        self.assertIn(self.filing, self.filing.search([('is_gone', '=', True)]))

    def test_what_is_known_of_the_money(self):
        self.submit(self.filing)
        line = self.line()
        for values, sentence in [
                ({'environment': 'production'}, "It was paid for"), ({'operation': 'documents'}, "outside Odoo")]:
            line.write(values)
            self.assertIn(sentence, self.filing._get_gone_sentence())

    def test_closed_with_a_reason(self):
        self.lose_filing()
        again = self.create_filing(pec_email=self.filing.pec_email)
        self.assertEqual(again.findings_level, 'error')
        self.assertTrue(self.filing.is_to_decide)
        with self.assertRaises(AccessError):
            self.filing.with_user(self.user)._decide(reason="no")
        with self.assertRaisesRegex(UserError, "Say in a few words why"):
            self.choose(self.filing, 'none')()
        self.choose(self.filing, 'none', reason="Openapi has annulled it")()
        self.assertEqual((self.filing.state, self.filing.is_to_decide, self.filing.progress), ('cancelled', False, 100))
        self.assertFalse(self.get_activities())
        self.assertIn("Openapi has annulled it", self.messages(self.filing))
        self.filing.action_draft()
        self.assertEqual(self.filing.state, 'cancelled', "it has been sent: it is no draft again")
        again.invalidate_recordset()
        self.submit(again)
        self.assertEqual(again.state, 'code_requested')

    def test_shown_again(self):
        self.lose_filing()
        self.sandbox.create_filings(1, **{key: self.removed[key] for key in ('casella_pec', 'cf_piva')})
        self.filing.remote_id = self.sandbox.filings()[-1]['id']
        self.run_cron('synchronize')
        self.assertEqual(
            (self.filing.state, self.filing.is_gone, self.filing.error_message), ('code_requested', False, False))
        self.assertFalse(self.get_activities())

    def test_shown_again_after_it_was_closed(self):
        self.lose_filing()
        self.choose(self.filing, 'none', reason="Openapi has annulled it")()
        again = self.create_filing(pec_email=self.filing.pec_email)
        self.submit(again)
        self.sandbox.create_filings(1, casella_pec='altra@legalmail.it')
        self.filing.remote_id = next(row['id'] for row in self.sandbox.filings() if row['id'] != again.remote_id)
        self.run_cron('synchronize')
        self.assertEqual((self.filing.state, self.filing.is_gone, self.filing.is_twin), ('code_requested', False, True))
        self.assertIn(again.name, self.messages(self.filing))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxGone(MailboxCase):

    def test_closed_with_a_reason(self):
        self.patch(client_module, 'READ_PAUSES', ())
        [remote_id] = self.sandbox.create_mailboxes(1, casella_pec='nota@testcert.legalmail.it')
        mailbox = self.create_mailbox(address='nota@testcert.legalmail.it')
        mailbox.sudo().write({'remote_id': remote_id, 'environment': 'sandbox', 'state': 'active', 'is_imported': True})
        self.sandbox.delete_mailbox(remote_id)
        for _run in range(2):
            self.run_cron('mailboxes')
        self.assertEqual((mailbox.is_gone, mailbox.is_to_decide), (True, True))
        self.assertEqual(self.messages(mailbox).count("does not know this mailbox"), 1)
        self.choose(mailbox, 'none', reason="Openapi has annulled it")()
        self.assertEqual((mailbox.state, mailbox.is_to_decide), ('closed', False))
        before = self.sandbox.requested('GET /pec/{id}')
        self.run_cron('mailboxes')
        self.assertEqual((mailbox.state, self.sandbox.requested('GET /pec/{id}')), ('closed', before))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDefects(AccountCase):
    """A lasting defect of an account's list is said once, and an administrator can accept it for the account."""

    def wait_a_day(self):
        """Let a day pass for the account, as for the call."""
        accounts = self.company.sudo().openapi_pec_accounts
        for own in accounts['sandbox']['defects'].values():
            for entry in own.values():
                entry['since'] = fields.Datetime.to_string(
                    fields.Datetime.to_datetime(entry['since']) - timedelta(days=1))
        self.company.sudo().openapi_pec_accounts = {**accounts}
        self.look_again(self.filing, days=1)

    def get_activities(self):
        account = self.env.ref('l10n_it_openapi_pec.mail_activity_type_account')
        return self.filing.activity_ids.filtered(lambda activity: activity.activity_type_id == account)

    def test_said_once_and_accepted(self):
        self.lose_answer()
        self.break_rows()
        self.look_again(self.filing)
        settings = self.env['res.config.settings'].create({})
        self.assertFalse(self.get_activities() or settings.openapi_pec_defect_sentence)
        for _day in range(2):
            self.wait_a_day()
        self.assertEqual(len(self.get_activities()), 1)
        settings.invalidate_recordset()
        self.assertRegex(settings.openapi_pec_defect_sentence, "Sandbox: .*rows that cannot be read.*at least 24 hours")
        with self.assertRaises(AccessError):
            self.company.with_user(self.manager)._openapi_pec_accept_defects('sandbox')
        settings.action_openapi_pec_accept_defects()
        self.assertEqual(self.line().looks, 0)
        self.look_again(self.filing)
        self.assertEqual((self.line().looks, self.line().doubt, self.line().accepted_doubt), (1, '', 'unreadable'))
        self.look_again(self.filing)
        self.assertTrue(self.filing.is_to_decide)
        self.assertIn(
            "worth less than others, which was accepted: The service's list holds rows", self.filing.error_message)
        action = self.filing.with_user(self.manager).action_choose()
        self.assertIn(
            "rows that cannot be read", self.env[action['res_model']].browse(action['res_id']).accepted_doubts)
        self.free(self.filing)
        self.assertEqual(self.filing.state, 'failed')

    def test_undone_by_itself(self):
        self.lose_answer()
        self.break_rows()
        self.look_again(self.filing)
        self.wait_a_day()
        self.company._openapi_pec_accept_defects('sandbox')
        self.assertEqual(self.company._openapi_pec_get_accepted('sandbox', self.filing._name), {'unreadable'})
        self.sandbox.clear_faults()
        self.run_cron('synchronize')
        self.assertFalse(self.company._openapi_pec_get_defects('sandbox'))
        self.break_rows()
        looks = self.line().looks
        self.look_again(self.filing)
        self.assertEqual((self.line().looks, self.line().doubt), (looks, 'unreadable'))

    def test_first_calls_are_made(self):
        self.lose_answer()
        self.break_rows()
        self.look_again(self.filing)
        other = self.create_filing(kind='administrator')
        self.submit(other)
        self.assertEqual(other.state, 'code_requested')

    def test_hours_are_a_setting(self):
        self.company.openapi_pec_decide_hours = 2
        self.lose_answer()
        self.break_rows()
        self.look_again(self.filing)
        self.assertFalse(self.filing.activity_ids)
        self.look_again(self.filing, hours=2)
        self.assertIn(
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_decide'), self.filing.activity_ids.activity_type_id)
        for hours in (0, 169):
            with self.assertRaisesRegex(Exception, "Choose 1 to 168"):
                self.company.openapi_pec_decide_hours = hours


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAgeOfLists(AccountCase):
    """A list is as old as its reading."""

    def test_a_look_is_noted_when_the_list_was_read(self):
        self.lose_answer()
        line = self.line()
        line.started_at -= timedelta(hours=1)
        line._note_look(Look(age=600))
        self.assertAlmostEqual(
            line.looked_at, fields.Datetime.now() - timedelta(minutes=10), delta=timedelta(minutes=1))
        line._note_look(Look(age=60))
        self.assertFalse(line._is_probably_not_executed(), "nine minutes apart, whenever they were judged")
        line._note_look(Look(doubts=frozenset({'unreadable'})))
        self.assertFalse(line._is_probably_not_executed(), "a look that decides nothing is none")
        line._note_look(Look())
        self.assertTrue(line._is_probably_not_executed())

    def test_a_list_from_before_the_call_says_nothing(self):
        listing = self.client.list_filings()
        self.lose_answer()
        listing.read_at -= 60
        self.filing.sudo()._recover(self.client, listing)
        self.assertEqual((self.line().looks, bool(self.line().last_look_at)), (0, True))

    def test_a_list_tells_when_it_was_read(self):
        self.sandbox.fault(LIST, 'delay_before', seconds=1)
        self.patch(client_module, 'READ_TIMEOUT', 5)
        self.assertGreaterEqual(self.client.list_filings().age, 1)

    def test_a_list_that_took_long_is_read_again_before_the_next_calls(self):
        filings = self.filing.union(*(self.create_filing(pec_email=f'uno{number}@legalmail.it') for number in range(2)))
        original = type(self.filing)._look_before_paying
        clock = {'ahead': 0.0}

        def look(records):
            result = original(records)
            clock['ahead'] += 61  # so long is the list judged
            return result

        self.patch(type(self.filing), '_look_before_paying', look)
        real = call_dispatch.now
        self.patch(call_dispatch, 'now', lambda: real() + clock['ahead'])
        filings.action_submit("As it should be")
        with self.real_transactions():
            filings._dispatch()
        self.assertEqual(self.sandbox.requested(LIST), len(filings))
        self.assertEqual(set(filings.mapped('state')), {'code_requested'})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSent(AccountCase):
    """A manager sees what a call sent; nobody else, and by no path."""

    def test_a_manager_sees_it(self):
        self.submit(self.filing)
        line = self.line().with_user(self.manager)
        sent = line.get_sent()
        self.assertEqual((sent['cf'], sent['casella_pec']), (self.filing.fiscal_code, self.filing.pec_email))
        self.assertNotIn(self.filing.sudo().callback_token, str(sent))
        action = line.action_show_sent()
        shown = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        self.assertIn(self.filing.fiscal_code, shown.read(['sent'])[0]['sent'])
        self.assertFalse(shown.fields_get(['sent'], ['exportable'])['sent'].get('exportable', True))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSentByRpc(AccountCase, HttpCase):
    """What was sent, asked for as anybody can who has a session."""

    def call(self, user, method, model='openapi_pec.api_call', arguments=None):
        self.authenticate(user.login, user.login)
        self.env.flush_all()
        with mute_logger('odoo.http'):
            return self._call(method, model, arguments)

    def _call(self, method, model, arguments):
        return self.url_open('/web/dataset/call_kw', json={'params': {
            'model': model, 'method': method, 'args': arguments or [self.line().ids], 'kwargs': {}}}).json()

    def test_who_may(self):
        self.submit(self.filing)
        self.env.flush_all()
        for method in ('get_sent', 'action_show_sent'):
            for user in (self.user, self.outsider):
                answer = self.call(user, method)
                self.assertIn('AccessError', answer['error']['data']['name'], (method, user.name))
                self.assertNotIn(self.filing.fiscal_code, str(answer))
        self.assertEqual(self.call(self.manager, 'get_sent')['result']['cf'], self.filing.fiscal_code)
        self.assertIn('error', self.call(self.manager, '_get_sent'))
        self.assertNotIn('sent', self.line()._fields, "no path leads there, and no export")

    def test_another_company(self):
        self.submit(self.filing)
        company = self.env['res.company'].create({'name': "Altra"})
        stranger = new_test_user(self.env, 'pec_stranger', 'l10n_it_openapi_pec.group_manager', company_id=company.id,
                                 company_ids=[Command.set(company.ids)])
        self.assertIn('AccessError', self.call(stranger, 'get_sent')['error']['data']['name'])
        with self.assertRaises(AccessError):
            self.env['openapi_pec.sent'].with_user(stranger).create({'api_call_id': self.line().id}).read(['sent'])

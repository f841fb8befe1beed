from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.models.service import call_dispatch

from ..common import CREATE, LIST, LostAnswerCase

READ = 'GET /comunica_pec/{id}'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPaidOnce(LostAnswerCase):
    """Before every paid creation the truth is looked at; after every lost answer it goes on being looked at."""

    def make_elsewhere(self, **changes):
        """Make at the service what this filing would make, without Odoo knowing; return its id."""
        body = {**self.filing._prepare_request_body(), **changes}
        return self.client.create_filing({key: value for key, value in body.items() if value is not None})['id']

    def assert_paid_once(self, state='code_requested'):
        self.assertEqual(self.filing.state, state)
        self.assertEqual(self.sandbox.executed(), 1)

    # ------------------------------------------------------------ look, then pay

    def test_a_restored_backup(self):
        """What was submitted before the backup was restored is found by its reference, and not paid again."""
        remote_id = self.make_elsewhere()
        self.submit(self.filing)
        self.assert_paid_once()
        self.assertEqual(self.filing.remote_id, remote_id)
        self.assertEqual(self.sandbox.requested(CREATE), 1)
        line = self.filing.api_call_ids
        self.assertEqual((line.state, line.remote_id, line.is_price_known), ('accepted', remote_id, False))

    def test_a_restored_backup_of_a_batch(self):
        filings = self.create_filing().union(
            *(self.create_filing(pec_email=f'uno{number}@legalmail.it') for number in range(11)))
        for filing in filings:
            self.client.create_filing(filing._prepare_request_body())
        before = self.sandbox.requested(LIST)
        filings.action_submit()
        self.commit()
        self.run_cron('dispatch')
        self.assertEqual(set(filings.mapped('state')), {'code_requested'})
        self.assertEqual(self.sandbox.executed(), len(filings))
        self.assertLessEqual(self.sandbox.requested(LIST) - before, 2)

    def test_what_nobody_had_seen_stops_the_call(self):
        remote_id = self.make_elsewhere(callback=None)
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.filing.is_held), ('queued', True))
        self.assertEqual([row['id'] for row in self.filing.candidates], [remote_id])
        self.assertEqual(len(self.filing.activity_ids), 1)
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.requested(CREATE), 1)
        self.filing.with_user(self.manager)._decide(remote_id)
        self.assert_paid_once()
        self.assertEqual((self.filing.remote_id, self.filing.is_held), (remote_id, False))

    def test_another_one_is_paid(self):
        self.make_elsewhere(callback=None)
        self.submit(self.filing)
        self.filing.with_user(self.manager)._decide(reason="of the year before")
        self.commit()
        self.assertEqual(self.filing.state, 'code_requested')
        self.assertEqual(self.sandbox.executed(), 2)

    def test_a_second_database_on_the_account(self):
        """What another database has filed for the same company echoes the reference of a call that nobody here made."""
        callback = {**self.filing._prepare_callback(), 'data': {'reference': 'of another database'}}
        remote_id = self.make_elsewhere(callback=callback)
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.filing.is_held), ('queued', True))
        self.choose(self.filing, remote_id)()
        self.assert_paid_once()
        self.assertEqual(self.filing.remote_id, remote_id)

    def test_given_up_while_somebody_is_asked(self):
        """Taken up and submitted again, it is asked about before the click, and does not hang."""
        self.make_elsewhere(callback=None)
        self.submit(self.filing)
        self.filing.action_cancel()
        self.assertEqual((self.filing.state, self.filing.is_held, self.filing.candidates), ('cancelled', False, False))
        self.filing.action_draft()
        with self.assertRaisesRegex(UserError, "that Odoo does not know"):
            self.filing.action_submit()
        self.filing.action_submit("of the year before")
        self.commit()
        self.assertEqual(
            (self.filing.state, self.filing.is_held, self.sandbox.executed()), ('code_requested', False, 2))

    def test_of_another_company(self):
        self.make_elsewhere(callback=None, cf_piva='01234567890', ragione_sociale="Altra S.r.l.")
        self.submit(self.filing)
        self.assertEqual(self.filing.state, 'code_requested')

    def test_no_list_no_call(self):
        self.sandbox.fault(LIST, 'error_before', status=500, times=-1)
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.sandbox.requested(CREATE)), ('queued', 0))
        self.assertIn("nothing was spent", self.filing.error_message)
        self.assertTrue(self.filing.unlooked_since)
        self.sandbox.clear_faults()
        self.filing.retry_at = False
        self.run_cron('dispatch')
        self.assert_paid_once()
        self.assertFalse(self.filing.unlooked_since)

    def test_a_broken_route_is_no_empty_list(self):
        self.sandbox.fault(
            LIST, 'error_before', status=404, times=-1, body={'success': False, 'message': "no Route", 'error': None})
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.sandbox.requested(CREATE)), ('queued', 0))

    def test_details_that_cannot_be_read(self):
        self.make_elsewhere(callback=None)
        self.sandbox.fault(READ, 'error_before', status=500)
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.filing.is_held, self.sandbox.requested(CREATE)), ('queued', False, 1))

    def test_rows_that_hide_their_address(self):
        """They stop nobody else, and are read for who may be behind them."""
        self.sandbox.create_filings(1)
        self.sandbox.weather(mood={'values': ['upper']})
        self.submit(self.filing)
        self.assert_paid_once()

    def test_no_list_for_long(self):
        """A manager may have it submitted without a look, with a reason; once."""
        self.sandbox.fault(LIST, 'error_before', status=500, times=-1)
        self.submit(self.filing)
        with self.assertRaisesRegex(UserError, "nothing to choose"):
            self.filing.with_user(self.manager).action_choose()
        self.filing.unlooked_since -= timedelta(minutes=30)
        self.assertTrue(self.filing.is_to_decide)
        with self.assertRaisesRegex(UserError, "Say in a few words why"):
            self.choose(self.filing, 'none')()
        self.choose(self.filing, 'none', reason="not in the console")()
        self.commit()
        self.assert_paid_once()
        self.assertFalse(self.filing.look_waiver)
        self.assertIn(
            "without looking into the service's list, because: not in the console", self.messages(self.filing))

    def test_no_list_for_what_was_called_before(self):
        self.lose_and_free(is_executed=False)
        self.sandbox.fault(LIST, 'error_before', status=500, times=-1)
        self.submit(self.filing)
        self.filing.unlooked_since -= timedelta(days=1)
        self.assertEqual((self.filing.state, self.filing.is_to_decide), ('queued', False))

    def test_a_process_that_slept(self):
        """Between taking and calling: it makes no call, as the world may be another one now."""
        self.patch(call_dispatch, 'TAKE_SECONDS', -1)
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.filing.api_call_ids.state), ('queued', 'not_sent'))
        self.assertIn("Not sent, nothing was spent", self.filing.error_message)
        self.assertEqual(self.sandbox.requested(CREATE), 0)

    # ------------------------------------------------------------ after a lost answer

    def test_a_list_that_is_late(self):
        """Whatever time passes, what is not shown yet is not called absent, and is found when it shows."""
        self.lose_answer()
        self.be_late()
        for _look in range(3):
            self.look_again(self.filing)
            self.assertEqual(self.filing.state, 'unconfirmed')
        self.be_late(0)
        self.run_cron('synchronize')
        self.assert_paid_once()

    def test_a_late_list_of_a_busy_account(self):
        """What was filed just now and is not shown yet says nothing about a call of yesterday.

        It says much about a call of just now.
        """
        self.lose_answer('drop_before')
        self.filing.api_call_ids.started_at -= timedelta(days=1)
        self.sandbox.weather(mood={'list_late': 3600})
        other, lost = self.create_filing(), self.create_filing(pec_email='persa@legalmail.it')
        self.submit(other)
        self.assertEqual(other.state, 'code_requested')
        self.sandbox.fault(CREATE, 'drop_before')
        self.submit(lost)
        for _look in range(2):
            self.look_again(self.filing)
        self.assertEqual((self.filing.api_call_ids.looks, self.filing.api_call_ids.doubt), (2, ''))
        self.assertEqual((lost.api_call_ids.looks, lost.api_call_ids.doubt), (0, 'incomplete'))
        # What a list lacks after an hour it should show.
        other.api_call_ids.started_at -= timedelta(hours=2)
        self.look_again(self.filing)
        self.assertEqual((self.filing.api_call_ids.looks, self.filing.api_call_ids.doubt), (2, 'incomplete'))

    def test_freed_and_found_late(self):
        self.lose_and_free()
        self.assertIn("not certain", self.filing.error_message)
        self.be_late(0)
        self.run_cron('synchronize')
        self.assert_paid_once()

    def test_freed_corrected_and_found_late(self):
        """It shows what was filed, not what it was corrected to, and says so."""
        self.lose_and_free()
        for corrected in ({'mobile': '3409999999'}, {'pec_email': 'nuova@legalmail.it'}, {'city': "Tivoli"}):
            self.filing.write(corrected)
        self.be_late(0)
        self.submit(self.filing)
        self.assert_paid_once()
        self.assertEqual(self.filing.mobile, '3401234518')
        self.assertEqual(self.filing.pec_email, 'prova@legalmail.it')
        self.assertIn("shows again what was filed", self.messages(self.filing))

    def test_freed_paid_again_and_found_late(self):
        self.lose_and_free()
        first = self.sandbox.filings()[0]['id']
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 2))
        self.be_late(0)
        self.run_cron('synchronize')
        self.assertNotEqual(self.filing.remote_id, first)
        self.assertIn("Paid twice", self.messages(self.filing))
        self.assertIn(first, self.messages(self.filing))
        self.assertEqual(self.sandbox.executed(), 2)

    def test_freed_paid_again_and_executed_late(self):
        """The first call is executed after the second one was taken over: it is found all the same, and told."""
        self.lose_and_free(is_executed=False)
        self.submit(self.filing)
        second = self.filing.remote_id
        self.run_cron('synchronize')
        self.assertEqual(self.filing.api_call_ids.mapped('state'), ['accepted', 'never_arrived'])
        self.assertNotIn("Paid twice", self.messages(self.filing))
        first = self.make_elsewhere()
        self.run_cron('synchronize')
        self.assertEqual(
            (self.filing.remote_id, self.filing.api_call_ids.mapped('remote_id')), (second, [second, first]))
        self.assertIn("Paid twice", self.messages(self.filing))

    def test_found_while_the_new_call_is_made(self):
        """The older call's record waits until the outcome of the newer call is known."""
        self.lose_and_free(is_executed=False)
        self.sandbox.fault(CREATE, 'drop_before')
        self.submit(self.filing)
        self.assertEqual(self.filing.api_call_ids.mapped('state'), ['pending', 'never_arrived'])
        first = self.make_elsewhere()
        self.run_cron('synchronize')
        self.assertEqual((self.filing.state, self.filing.remote_id), ('code_requested', first))
        self.assertEqual(self.filing.api_call_ids.mapped('state'), ['accepted', 'never_arrived'])
        second = self.make_elsewhere()
        self.run_cron('synchronize')
        self.assertEqual(self.filing.remote_id, first)
        self.assertIn(second, self.messages(self.filing))

    def test_a_new_filing_instead_of_the_lost_one(self):
        """It is not paid while the lost one shows at the service; somebody is asked."""
        self.lose_and_free()
        new = self.create_filing(pec_email=self.filing.pec_email)
        self.be_late(0)
        self.submit(new)
        self.assertEqual((new.state, new.is_held, self.sandbox.executed()), ('queued', True, 1))
        [remote] = self.sandbox.filings()
        self.choose(new, remote['id'])()
        self.assertEqual((new.state, new.remote_id), ('code_requested', remote['id']))
        self.run_cron('synchronize')
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('failed', 1))

    def test_a_new_filing_paid_before_the_lost_one_is_found(self):
        """The same filing is there twice: both are followed, and both tell it."""
        self.lose_and_free()
        new = self.create_filing(pec_email=self.filing.pec_email)
        self.submit(new)
        self.assertEqual((new.state, self.sandbox.executed()), ('code_requested', 2))
        self.be_late(0)
        self.run_cron('synchronize')
        self.assertEqual((self.filing.state, self.filing.is_twin, new.is_twin), ('code_requested', True, False))
        for filing, other in ((self.filing, new), (new, self.filing)):
            self.assertIn(f"Paid twice, or about to be: {other.name} is the same filing", self.messages(filing))
        self.assertEqual(self.sandbox.executed(), 2)

    def test_why_it_waits_is_told(self):
        """Nobody is told for ever that nothing need be done."""
        self.lose_answer('drop_before')
        self.run_cron('synchronize')
        self.assertRegex(self.filing.error_message, "looked for it 1 times.*goes on looking")
        self.assertNotIn("need not do anything", self.filing.error_message)
        for change, undo, sentence in [
            (
                {'openapi_pec_token': 'wrong'}, {'openapi_pec_token': 'sandbox-token'},
                "does not accept the token, or it is missing"),
            (
                {'openapi_pec_token': False}, {'openapi_pec_token': 'sandbox-token'},
                "does not accept the token, or it is missing"),
        ]:
            with self.subTest(**change):
                self.company.write(change)
                self.look_again(self.filing)
                self.assertIn(sentence, self.filing.error_message)
                self.company.write(undo)
        self.sandbox.fault(LIST, 'error_before', status=500, times=-1)
        self.look_again(self.filing)
        self.assertIn("cannot be asked now", self.filing.error_message)
        self.assertEqual((self.filing.state, self.filing.api_call_ids.looks), ('unconfirmed', 1))

    def test_a_lasting_defect_does_not_hang_for_ever(self):
        """After a day without a look that can be believed, an administrator decides, told why."""
        self.lose_answer('drop_before')
        self.sandbox.fault(LIST, 'wrong_shape', times=-1, body={'success': True, 'data': [{'id': None}]})
        self.look_again(self.filing)
        self.assertFalse(self.filing.is_to_decide)
        self.look_again(self.filing, days=1)
        self.assertEqual((self.filing.is_to_decide, len(self.filing.activity_ids)), (True, 1))
        with self.assertRaisesRegex(UserError, "Only a system administrator(.|\n)*rows that cannot be read"):
            self.free(self.filing)
        self.assertEqual(self.filing.state, 'unconfirmed')
        self.manager.group_ids += self.env.ref('base.group_system')
        self.free(self.filing)
        self.assertEqual(self.filing.state, 'failed')
        self.assertIn("executed and paid is not known", self.filing.error_message)

    def test_one_bad_line(self):
        """What cannot be settled does not hold up the others."""
        other = self.create_filing(kind='administrator')
        self.lose_answer()
        self.sandbox.fault(CREATE, 'drop_after')
        self.submit(other)
        original = type(self.filing)._on_call_accepted

        def accept(filing, *arguments):
            if filing.id == self.filing.id:
                raise ValueError("a bug")
            return original(filing, *arguments)

        self.patch(type(self.filing), '_on_call_accepted', accept)
        with self.assertLogs('odoo.addons.l10n_it_openapi_pec.models.record.following', 'ERROR'):
            self.run_cron('synchronize')
        self.assertEqual((self.filing.state, other.state), ('unconfirmed', 'code_requested'))

    def test_executed_twice_by_a_gateway(self):
        self.lose_answer()
        self.make_elsewhere()
        self.run_cron('synchronize')
        self.assertEqual(self.filing.state, 'code_requested')
        self.assertIn("refund", self.messages(self.filing))
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertIn(
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_refund'), self.filing.activity_ids.activity_type_id,
            "it stays to be done")

    def test_lists_that_cannot_be_believed(self):
        known = self.create_filing()
        self.submit(known)
        self.lose_answer('drop_before')
        for mood, fault in [({'list_cap': 1}, None), ({}, 'rows'), ({}, 'gone')]:
            with self.subTest(mood=mood, fault=fault):
                self.sandbox.create_filings(1)
                self.sandbox.weather(mood=mood)
                if fault == 'rows':
                    self.sandbox.fault(LIST, 'wrong_shape', times=-1, body={'success': True, 'data': [{'id': None}]})
                if fault == 'gone':
                    self.sandbox.fault(LIST, 'error_before', times=-1, status=200, body={'success': True, 'data': []})
                looks = self.filing.api_call_ids.looks
                self.look_again(self.filing)
                line = self.filing.api_call_ids
                self.assertEqual((line.state, line.looks), ('pending', looks))
                self.assertTrue(line.doubt)
                self.sandbox.clear_faults()
                self.sandbox.weather(mood={'list_cap': 0})

    def test_the_token_of_another_account(self):
        """Its empty list says nothing of a call of the account before, until somebody says that it is another one."""
        known = self.create_filing()
        self.submit(known)
        self.lose_answer('drop_before')
        self.run_cron('synchronize')
        self.assertEqual(self.filing.api_call_ids.looks, 1)
        self.company.openapi_pec_token = 'sandbox-token:another'
        for _look in range(2):
            self.look_again(self.filing)
        self.assertEqual((self.filing.api_call_ids.looks, self.filing.api_call_ids.state), (1, 'pending'))
        self.assertIn('other_account', self.filing.api_call_ids.doubt)

    def test_somebody_is_asked_after_a_day(self):
        self.lose_answer('drop_before')
        self.look_again(self.filing)
        self.assertFalse(self.filing.activity_ids)
        self.look_again(self.filing, days=1)
        self.assertEqual(len(self.filing.activity_ids), 1)
        self.look_again(self.filing)
        self.assertEqual(len(self.filing.activity_ids), 1)

    def test_when_it_is_looked_for(self):
        line = self.env['openapi_pec.api_call'].new({'started_at': fields.Datetime.now()})
        for minutes, after in [
                (0, 1), (2, 5), (6, 15), (20, 60), (70, 120), (23 * 60 + 30, 24 * 60), (25 * 60, 49 * 60)]:
            line.started_at = fields.Datetime.now() - timedelta(minutes=minutes)
            expected = line.started_at + timedelta(minutes=after)
            self.assertLess(abs(line._get_next_look() - expected), timedelta(seconds=30), minutes)

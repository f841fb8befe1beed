from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CREATE, LIST, PATCH, LostAnswerCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRecovery(LostAnswerCase):
    """After a lost answer the truth is read, and nothing is paid twice."""

    def twin(self, **template):
        """A filing at the service that looks like ours."""
        body = self.filing._prepare_request_body()
        body.pop('callback')
        return self.sandbox.create_filings(1, **{**body, **template})[0]

    def test_executed_and_answer_lost(self):
        for fault, options in [
            ('drop_after', {}), ('truncate', {}), ('error_after', {'status': 500}), ('error_after', {'status': 504}),
            ('wrong_json', {}), ('wrong_shape', {}), ('delay_after', {'seconds': 60}), ('huge', {}),
        ]:
            with self.subTest(fault=fault, **options):
                self.sandbox.reset()
                self.filing = self.create_filing()
                self.lose_answer(fault, **options)
                self.run_cron('synchronize')
                self.assertEqual(self.filing.state, 'code_requested')
                self.assertEqual(self.filing.api_call_ids.state, 'accepted')
                [remote] = self.sandbox.filings()
                self.assertEqual(self.filing.remote_id, remote['id'])
                self.assertFalse(self.filing.error_message)
                self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (1, 1))

    def test_an_address_that_holds_a_tax_code(self):
        """What is masked where people read is compared as it is."""
        self.filing.pec_email = '12485671007@legalmail.it'
        self.lose_answer()
        self.run_cron('synchronize')
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 1))

    def test_never_executed(self):
        for fault, options in [
            ('drop_before', {}), ('error_before', {'status': 500}), ('not_envelope_4xx', {'status': 400}),
            ('redirect', {'location': 'http://127.0.0.1:9/'}),
        ]:
            with self.subTest(fault=fault, **options):
                self.sandbox.reset()
                self.filing = self.create_filing()
                self.lose_answer(fault, **options)
                self.run_cron('synchronize')
                self.run_cron('synchronize')
                with self.assertRaisesRegex(UserError, "at least 10 minutes apart"):
                    self.free(self.filing)
                self.assertEqual(self.filing.state, 'unconfirmed', "two looks at once are not enough")
                self.look_again(self.filing)
                self.assertEqual(self.filing.state, 'unconfirmed', "absence is never knowledge")
                self.free(self.filing)
                self.assertEqual(self.filing.state, 'failed')
                self.assertIn("that is not certain", self.filing.error_message)
                self.assertEqual(self.filing.api_call_ids.state, 'never_arrived')
                self.submit(self.filing)
                self.assertEqual(self.filing.state, 'code_requested')
                self.assertEqual(self.sandbox.executed(), 1)

    def test_arrived_after_both_looks(self):
        """Before a call that was not found is paid again, the list is read once more."""
        self.lose_and_free(is_executed=False)
        late = self.twin(callback=self.filing._prepare_request_body()['callback'])
        self.submit(self.filing)
        self.assertEqual((self.filing.state, self.filing.remote_id), ('code_requested', late))
        self.assertEqual(self.sandbox.executed(), 0)

    def test_refresh_settles_at_once(self):
        self.lose_answer()
        self.filing.action_refresh()
        self.assertEqual(self.filing.state, 'code_requested')

    def test_list_unreadable(self):
        self.lose_answer()
        self.sandbox.fault(LIST, 'error_before', status=500, times=-1)
        self.run_cron('synchronize')
        self.assertEqual(self.filing.state, 'unconfirmed')
        with self.assertRaisesRegex(UserError, "cannot be asked now"):
            self.filing.action_refresh()

    def test_details_unreadable(self):
        self.lose_answer()
        self.sandbox.fault('GET /comunica_pec/{id}', 'error_before', status=500, times=-1)
        self.run_cron('synchronize')
        self.assertEqual((self.filing.state, self.filing.api_call_ids.looked_at), ('unconfirmed', False))

    def test_others_are_not_adopted(self):
        """Of our address, but of another call that says so, or another filing's own."""
        self.lose_answer('drop_before')
        self.client.create_filing({**self.filing._prepare_request_body(), 'callback': {
            'url': 'http://127.0.0.1:9/', 'method': 'JSON', 'data': {'reference': 'of somebody else'}}})
        other = self.create_filing()
        self.submit(other)
        self.run_cron('synchronize')
        self.run_cron('synchronize')
        self.look_again(self.filing)
        self.assertEqual(
            (self.filing.state, self.filing.remote_id, self.filing.candidates), ('unconfirmed', False, False))

    def test_an_older_filing_is_not_adopted(self):
        self.lose_answer('drop_before')
        self.twin()
        self.env.cr.execute("UPDATE openapi_pec_api_call SET started_at = started_at + interval '1 day'")
        self.env.invalidate_all()
        self.run_cron('synchronize')
        self.assertEqual((self.filing.state, len(self.filing.candidates)), ('unconfirmed', 1), "a person decides")

    def test_our_own_reference_wins(self):
        self.lose_answer()
        self.twin()
        self.run_cron('synchronize')
        self.assertEqual(self.filing.state, 'code_requested')
        [body] = [request['body'] for request in self.sandbox.requests() if request['method'] == 'POST']
        self.assertEqual(body['callback']['data']['reference'], self.filing.reference)

    def ambiguous(self):
        self.lose_answer('drop_before')
        ids = [self.twin(), self.twin()]
        for _look in range(2):
            self.run_cron('synchronize')
        self.assertEqual(self.filing.state, 'unconfirmed')
        self.assertEqual({row['id'] for row in self.filing.candidates}, set(ids))
        self.assertEqual(len(self.filing.activity_ids), 1)
        self.assertEqual(self.sandbox.requested(CREATE), 1)
        return ids

    def test_a_person_decides(self):
        ids = self.ambiguous()
        with self.assertRaises(AccessError):
            self.choose(self.filing, ids[1], self.user)
        this_one = self.choose(self.filing, ids[1])
        this_one()
        self.assertEqual(
            (self.filing.state, self.filing.remote_id, self.filing.candidates), ('code_requested', ids[1], False))
        with self.assertRaisesRegex(UserError, "nothing to choose"):
            this_one()

    def test_a_person_says_none(self):
        self.ambiguous()
        with self.assertRaisesRegex(UserError, "Say in a few words why"):
            self.choose(self.filing, 'none')()
        self.choose(self.filing, 'none', reason="made in the console")()
        self.assertEqual((self.filing.state, self.filing.candidates), ('unconfirmed', False))
        self.look_again(self.filing)
        self.assertFalse(self.filing.candidates, "what is none of them is not asked again")
        self.choose(self.filing, 'none', reason="not in the console")()
        self.assertEqual((self.filing.state, self.filing.api_call_ids.state), ('failed', 'never_arrived'))
        self.assertIn("not certain", self.filing.error_message)
        self.assertIn("a new call is paid again", self.filing.error_message)

    def test_documents(self):
        for fault, options, executed in [('drop_after', {}, 1),
                                         ('error_after', {'status': 502}, 1), ('truncate', {}, 1),
                                         ('drop_before', {}, 0)]:
            with self.subTest(fault=fault):
                self.sandbox.reset()
                self.filing = self.create_filing()
                self.bring_to_signature(self.filing)
                self.upload(self.filing)
                self.sandbox.fault(PATCH, fault, **options)
                self.filing.action_send_documents()
                self.commit()
                self.assertEqual(self.filing.state, 'unconfirmed')
                self.run_cron('synchronize')
                if executed:
                    self.assertEqual(self.filing.state, 'documents_uploaded')
                else:
                    self.look_again(self.filing)
                    self.assertEqual(self.filing.state, 'awaiting_documents')
                    self.assertIn("probably it did not arrive", self.filing.error_message)
                    self.filing.action_send_documents()
                    self.commit()
                    self.assertEqual(self.filing.state, 'documents_uploaded')
                self.assertEqual(self.sandbox.executed(PATCH), 1)

    def test_outcome_after_recovery_changes_nothing(self):
        self.lose_answer()
        line = self.filing.api_call_ids
        self.run_cron('synchronize')
        remote_id = self.filing.remote_id
        self.filing._record_outcome(line.id, {'id': 'other', 'stato': 'codice_in_richiesta'}, None)
        self.assertEqual((self.filing.remote_id, line.state), (remote_id, 'accepted'))

    def close_not_found(self):
        """Lose an answer, and have its call closed as not found before the answer comes.

        :return: the line, and what the service answers late.
        """
        self.lose_answer('drop_before')
        line = self.filing.api_call_ids
        self.filing._free_line(line, "not in the console")
        return line, {'id': 'f' * 24, 'stato': 'codice_in_richiesta'}

    def test_an_answer_after_never_arrived_is_taken_over(self):
        line, answer = self.close_not_found()
        self.filing._record_outcome(line.id, answer, None)
        self.assertEqual((self.filing.remote_id, line.state, line.money), (answer['id'], 'accepted', 'nothing'))
        self.assertIn("found at the service", str(self.filing.message_ids.mapped('body')).lower())

    def test_an_answer_after_another_call_is_told(self):
        for is_answered in (False, True):
            with self.subTest(is_answered=is_answered):
                self.filing = self.create_filing(pec_email=f'again{is_answered}@legalmail.it')
                line, answer = self.close_not_found()
                if not is_answered:
                    self.sandbox.fault(CREATE, 'drop_before')
                self.filing.action_submit("it was not found")
                self.commit()
                remote_id = self.filing.remote_id
                self.assertEqual(bool(remote_id), is_answered)
                self.filing._record_outcome(line.id, answer, None)
                self.assertEqual(
                    (self.filing.remote_id, line.state, line.remote_id), (remote_id, 'accepted', answer['id']))
                refund = self.filing.activity_ids.filtered(
                    lambda activity: activity.activity_type_id == self.env.ref(
                        'l10n_it_openapi_pec.mail_activity_type_refund'))
                self.assertIn(answer['id'], refund.summary)

    def test_a_crash_while_the_outcome_is_written(self):
        with mute_logger('odoo.addons.l10n_it_openapi_pec.models.service.call_dispatch'):
            self.patch(type(self.filing), '_record_outcome', lambda *args: 1 / 0)
            self.submit(self.filing)
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('unconfirmed', 1))
        self.run_cron('synchronize')
        self.assertEqual(self.filing.state, 'code_requested')
        self.assertEqual(self.sandbox.executed(), 1)

"""A multiple filing of three hundred lines on a real server, whose service takes its time."""
import time

from odoo.tests import tagged

from ..common import CREATE, PecCase
from ..common_processes import PATIENCE, FilingProcessCase

BATCH, FILING = 'openapi_pec.batch', 'openapi_pec.communication'
COUNT = 300
SECONDS = 0.2  # that each call takes
PARALLEL = 8  # calls of one company at a time, as it is set at first
STUCK = """
    SELECT state, error_message, retry_at, COUNT(*) FROM openapi_pec_communication WHERE batch_id = %s
     GROUP BY state, error_message, retry_at"""


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestBatchProcesses(FilingProcessCase):

    def create_batch(self, person):
        """Make a multiple filing about so many companies; return its id, and those of its lines."""
        [country, state] = [
            person.call('ir.model.data', 'check_object_reference', 'base', name)[1] for name in ('it', 'state_it_rm')]
        companies = person.call('res.partner', 'create', [{
            'name': f"Impresa {number} S.r.l.", 'is_company': True, 'city': "Roma", 'country_id': country,
            'state_id': state, 'l10n_it_codice_fiscale': PecCase.code_of(number),
            'openapi_pec_email': f'impresa{number}@legalmail.it',
        } for number in range(COUNT)])
        person.call('res.partner', 'create', [{
            'name': "Mario Rossi", 'parent_id': company, 'email': 'mario@example.com', 'phone': '3401234518',
            'l10n_it_codice_fiscale': 'RSSMRA80A01H501U',
        } for company in companies])
        ids = person.call(FILING, 'create', [{'partner_id': company} for company in companies])
        person.call(FILING, 'action_create_batch', ids)
        [(batch,)] = self.query("SELECT DISTINCT batch_id FROM openapi_pec_communication WHERE id = ANY(%s)", ids)
        return batch, ids

    def look_at(self, person, batch):
        """Return the batch as its page shows it."""
        [seen] = person.call(BATCH, 'read', [batch], [
            'state', 'progress', 'filing_count', 'called_count', 'queued_count', 'failed_count', 'unconfirmed_count'])
        self.assertEqual(seen['called_count'] + seen['queued_count'] + seen['unconfirmed_count'], COUNT)
        self.assertEqual((seen['filing_count'], seen['failed_count']), (COUNT, 0))
        return seen

    def watch(self, person, batch, count):
        """Look at the batch until so many lines are sent; return what was seen."""
        seen, end = [], time.monotonic() + 3 * PATIENCE
        while not seen or seen[-1]['called_count'] < count:
            if time.monotonic() > end:
                self.fail(f"The calls do not go on: {self.query(STUCK, batch)}")
            seen.append(self.look_at(person, batch))
            time.sleep(SECONDS / 4)
        return seen

    def test_progress_pause_and_go_on(self):
        """What is sent is counted while it goes on, a pause stops the rest, and every call is made once."""
        self.sandbox.settings(credit=100 * COUNT)
        self.sandbox.fault(CREATE, 'delay_after', times=-1, seconds=SECONDS)
        person, _process = self.start(crons=1)
        batch, ids = self.create_batch(person)
        question = person.call(BATCH, 'action_open_submit', [batch])['res_id']
        person.call('openapi_pec.submit', 'action_confirm', [question])
        seen = self.watch(person, batch, 3 * PARALLEL)
        self.assertEqual(seen[-1]['state'], 'running')
        self.assertTrue(0 < seen[-1]['progress'] < 100)

        person.call(BATCH, 'action_pause', [batch])
        arrived = self.sandbox.requested(CREATE)
        self.wait_until(
            lambda: not self.query("SELECT 1 FROM openapi_pec_api_call WHERE state = 'pending'"),
            "what was under way is finished")
        time.sleep(5 * SECONDS)
        paused, called = self.look_at(person, batch), self.sandbox.requested(CREATE)
        self.assertLessEqual(called, arrived + PARALLEL)
        self.assertLess(called, COUNT)
        self.assertEqual((paused['state'], paused['called_count'], paused['unconfirmed_count']), ('paused', called, 0))
        self.assertEqual(self.sandbox.executed(), called)

        person.call(BATCH, 'action_resume', [batch])
        seen = self.watch(person, batch, COUNT)
        self.assertGreater(len({look['progress'] for look in seen}), 5, "it is seen to grow")
        self.assertEqual((seen[-1]['state'], seen[-1]['progress']), ('done', 100))
        self.assertEqual(self.sandbox.requested(CREATE), COUNT)
        self.assert_truth(ids)

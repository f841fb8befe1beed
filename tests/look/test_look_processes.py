"""Look-ups among real processes: a server that dies while the service answers, and two people at the same moment."""
from odoo.tests import tagged

import serving

from ..common_company import CHECK_ID, CODE, LOOK_UP_COMPANY, LOOK_UP_OFFICES, SEARCH
from ..common_look import as_register
from ..common_processes import PATIENCE, ProcessCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLookProcesses(ProcessCase):
    """What no transaction of a test can show."""

    def setUp(self):
        super().setUp()
        self.sandbox.keep_companies(as_register(CODE))

    def ask(self, person, **values):
        """Press the button and confirm, in a thread; return what comes of it."""
        action = person.call('res.partner', 'action_openapi_pec_update', [self.company_id])
        if values:
            person.call(action['res_model'], 'web_save', [action['res_id']], values, {})
        return self.threads.submit(person.call, action['res_model'], 'action_confirm', [action['res_id']])

    def make_company(self, person):
        self.company_id = serving.create_company(person)

    def looks(self):
        return self.query("SELECT state, is_open FROM openapi_pec_register_look ORDER BY id")

    def lines(self):
        return self.query("SELECT state FROM openapi_pec_api_call WHERE operation = 'register_company' ORDER BY id")

    def test_killed_while_the_service_answers(self):
        person, process = self.start()
        self.make_company(person)
        self.sandbox.fault(LOOK_UP_COMPANY, 'delay_after', seconds=20)
        self.ask(person)
        self.wait_until(lambda: self.sandbox.requested(LOOK_UP_COMPANY), "the service is asked")
        self.kill(process)
        self.assertEqual((self.looks(), self.lines()), ([('unconfirmed', True)], [('pending',)]))
        person, _process = self.start()
        person.run_job('dispatch')
        person.run_job('looks')
        self.assertEqual((self.looks(), self.lines()), ([('lost', False)], [('lost',)]))
        self.assertEqual(self.sandbox.requested(LOOK_UP_COMPANY), 1)
        [[look_id]] = self.query("SELECT id FROM openapi_pec_register_look")
        self.sandbox.clear_faults()
        person.call('openapi_pec.register_look', 'action_ask_again', [look_id])
        self.assertEqual((self.looks(), self.sandbox.requested(LOOK_UP_COMPANY)), ([('done', False)], 2))

    def test_two_servers_ask_the_same(self):
        people = [self.start()[0] for _server in range(2)]
        self.make_company(people[0])
        self.sandbox.fault(LOOK_UP_COMPANY, 'delay_before', seconds=3)
        futures = [self.ask(person) for person in people]
        outcomes = [future.exception(PATIENCE) for future in futures]
        self.assertEqual(sum(outcome is None for outcome in outcomes), 1, outcomes)
        self.assertEqual((len(self.looks()), self.sandbox.requested(LOOK_UP_COMPANY)), (1, 1))

    def test_killed_while_the_answer_is_to_come(self):
        """What has a number is read by whoever comes next, and is not asked again."""
        self.sandbox.settings(offices_late=1)
        person, process = self.start()
        self.make_company(person)
        self.ask(person, has_offices=True).result(PATIENCE)
        person.run_job('dispatch')
        self.assertEqual(self.query(
            "SELECT state FROM openapi_pec_register_look WHERE operation = 'register_offices'"), [('waiting',)])
        self.kill(process)
        self.sandbox.settings(offices_late=0, ahead=60)
        self.query("UPDATE openapi_pec_register_look SET retry_at = now() AT TIME ZONE 'UTC' WHERE state = 'waiting'")
        person, _process = self.start()
        person.run_job('dispatch')
        person.run_job('looks')
        self.assertEqual(set(self.looks()), {('done', False)})
        self.assertEqual((self.sandbox.requested(LOOK_UP_OFFICES), self.sandbox.requested(CHECK_ID)), (1, 1))

    def at_once(self, table, *calls):
        """Have several calls begin before one of them is done: what they write into a table waits for all of them.

        :param calls: functions, each of which starts one in a thread.
        :return: what becomes of them: None, or an exception.
        """
        with self.connection() as cr:
            cr.execute(f'LOCK TABLE {table} IN SHARE MODE')  # of the tests' own; pylint: disable=sql-injection
            futures = [call() for call in calls]
            self.wait_until(lambda: self.query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )[0][0] >= len(calls), "both wait")
        return [future.exception(PATIENCE) for future in futures]

    def test_two_people_count_at_the_same_moment(self):
        """Until it is known to be free, one is counted first, whoever asks: two servers, two PECs."""
        people = [self.start()[0] for _server in range(2)]
        self.make_company(people[0])
        filings = people[0].call('openapi_pec.communication', 'create', [
            {'partner_id': self.company_id, 'pec_email': f'nessuno{number}@legalmail.it'} for number in range(2)])
        self.sandbox.fault(SEARCH, 'delay_after', seconds=6)
        outcomes = self.at_once('openapi_pec_register_look', *(
            lambda person=person, filing=filing: self.threads.submit(
                person.call, 'openapi_pec.communication', 'action_count_companies', [filing])
            for person, filing in zip(people, filings, strict=True)))
        self.assertEqual(sum(outcome is None for outcome in outcomes), 1, outcomes)
        self.assertIn("another one is just being counted", str(next(filter(None, outcomes))))
        self.assertEqual((len(self.looks()), self.sandbox.requested(SEARCH)), (1, 1))

    def test_two_people_take_over_at_the_same_moment(self):
        """One of them does; the contact is written once, with one line in its chatter."""
        people = [self.start()[0] for _server in range(2)]
        self.make_company(people[0])
        self.ask(people[0]).result(PATIENCE)
        [[update_id]] = self.query("SELECT id FROM openapi_pec_register_update")
        outcomes = self.at_once('mail_message', *(
            lambda person=person: self.threads.submit(
                person.call, 'openapi_pec.register_update', 'action_take_over', [update_id]) for person in people))
        self.assertEqual(sum(outcome is None for outcome in outcomes), 1, outcomes)
        self.assertIn("Nothing is ticked", str(next(filter(None, outcomes))))
        [[count]] = self.query(
            "SELECT count(*) FROM mail_message WHERE model = 'res.partner' AND res_id = %s AND body LIKE "
            "'%%business register%%'", self.company_id)
        self.assertEqual(count, 1)

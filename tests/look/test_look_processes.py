"""Look-ups among real processes: a server that dies while the service answers, and two that ask the same."""
from odoo.tests import tagged

import serving

from ..common_company import CODE, LOOK_UP_COMPANY
from ..common_look import as_register
from ..common_processes import PATIENCE, ProcessCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLookProcesses(ProcessCase):
    """What no transaction of a test can show."""

    def setUp(self):
        super().setUp()
        self.sandbox.keep_companies(as_register(CODE))

    def ask(self, person):
        """Press the button and confirm, in a thread; return what comes of it."""
        action = person.call('res.partner', 'action_openapi_pec_update', [self.company_id])
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

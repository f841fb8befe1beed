"""What a service that echoes nothing made twice of one call."""
from odoo.tests import tagged

from ..common import CREATE
from .test_paid_once_faults import FaultsCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDoubledSilently(FaultsCase):

    def synchronize_twice(self):
        for _run in range(2):
            self.run_cron('synchronize')

    def test_executed_twice_without_an_echo(self):
        """Nothing proves whose the second one is: both identifiers are told once, and a person is asked to look."""
        self.begin({'echo': False})
        self.sandbox.fault(CREATE, 'twice')
        self.submit(self.filing)
        self.synchronize_twice()
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 2))
        messages = self.messages(self.filing)
        for remote in self.sandbox.filings():
            self.assertEqual(messages.count(remote['id']), 1)
        self.assertIn("perhaps paid for nothing", messages)
        self.assertIn(
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_refund'), self.filing.activity_ids.activity_type_id)

    def test_a_double_is_no_proof_of_the_call_before(self):
        """A call that was freed is not said to be executed because of what the service made twice of the next one."""
        self.begin({'echo': False})
        self.lose_answer('drop_before')
        for _look in range(2):
            self.look_again(self.filing)
        self.free(self.filing)
        self.sandbox.fault(CREATE, 'twice')
        self.submit(self.filing)
        self.synchronize_twice()
        self.assertEqual((self.filing.state, self.sandbox.executed()), ('code_requested', 2))
        self.assertEqual(self.filing.api_call_ids.mapped('state'), ['accepted', 'never_arrived'])
        messages = self.messages(self.filing)
        self.assertIn("perhaps paid", messages.lower())
        self.assertNotIn("has been executed after all, and it was made again", messages)
        for remote in self.sandbox.filings():
            self.assertIn(remote['id'], messages)
        self.assertIn(remote['id'], self.filing.refund_sentence)

    def test_another_filing_without_an_echo(self):
        """Of another company, or much older: nothing is told."""
        self.begin({'echo': False})
        self.submit(self.filing)
        self.make_elsewhere(cf_piva='01234567897')
        self.synchronize_twice()
        self.assertNotIn("perhaps paid for nothing", self.messages(self.filing))
        self.assertFalse(self.filing.activity_ids)

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const

from ..common import CREATE, PATCH
from ..common_mailbox_operations import OPERATIONS, OperationsCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFreeCalls(OperationsCase):
    """While an answer is missing, money is spoken of as it is: of a free call nothing can have been paid."""

    def assert_honest(self, operation, sentence):
        is_free = operation in const.service.FREE_OPERATIONS
        self.assertEqual(("executed and paid" in sentence, "It is free" in sentence), (not is_free, is_free), operation)
        self.assertIn("You need not do anything", sentence)

    def test_mailboxes(self):
        for operation, route in OPERATIONS.items():
            mailbox = self.begin(operation)
            self.sandbox.fault(route, 'drop_after')
            self.ask(mailbox, operation)
            self.assertEqual(mailbox.call_state, 'unconfirmed', operation)
            self.assert_honest(operation, mailbox.error_message)

    def test_filings(self):
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'drop_after')
        self.submit(filing)
        self.assertEqual(filing.state, 'unconfirmed')
        self.assert_honest('create', filing.error_message)
        self.run_cron('synchronize')
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.upload(filing)
        self.sandbox.fault(PATCH, 'drop_after')
        filing.action_send_documents()
        self.commit()
        self.assertEqual(filing.state, 'unconfirmed')
        self.assert_honest('documents', filing.error_message)

"""The dispatch and what the service answers to it, over HTTP: what is refused, and what may have been executed."""
from odoo.tests import tagged

from ..common import CREATE, LIST, PecCase
from ..common_mailbox_operations import OPERATIONS, PAID, OperationsCase

UNKNOWN = (408, 409, 425, 499)


def envelope(code=None):
    return {'success': False, 'message': "no", 'error': code, 'data': None}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRefusedBatch(PecCase):
    """A batch of 300 with a token that is not accepted: nothing of it is unconfirmed."""

    def submit_300(self):
        action = self.create_companies(300).with_user(self.user).action_openapi_pec_communicate()
        batch = self.env['openapi_pec.batch'].browse(action['context']['openapi_pec_batch_id'])
        batch.communication_ids.with_user(self.manager).action_submit()
        self.commit()
        self.run_cron('dispatch')
        return batch.communication_ids

    def check(self, filings):
        states = filings.grouped('state')
        self.assertEqual(set(states), {'failed', 'queued'})
        self.assertLessEqual(len(states['failed']), self.company.openapi_pec_parallel_calls)
        self.assertEqual(set(states['failed'].sudo().api_call_ids.mapped('state')) - {'refused'}, set())
        self.assertEqual(self.company.openapi_pec_pause_reason, 'token')
        self.assertIn("nothing was spent", states['failed'][0].error_message)
        self.assertEqual(self.sandbox.executed(), 0)

    def test_token_not_accepted(self):
        self.company.openapi_pec_token = 'wrong'
        filings = self.submit_300()
        self.check(filings)
        self.assertEqual((self.sandbox.requested(LIST), self.sandbox.requested(CREATE)), (1, 0))

    def test_scope_is_missing(self):
        self.sandbox.fault(CREATE, 'error_before', status=403, times=-1, body=envelope())
        self.check(self.submit_300())
        self.assertLessEqual(self.sandbox.requested(CREATE), self.company.openapi_pec_parallel_calls)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUnknownDispatch(OperationsCase):
    """What no specification calls a refusal was perhaps executed: it is looked for, and never called again."""

    def test_filing(self):
        for status in UNKNOWN:
            for fault, executed in [('error_after', 1), ('error_before', 0)]:
                with self.subTest(status=status, fault=fault):
                    self.env['openapi_pec.communication'].search([]).write({'environment': False})
                    self.sandbox.reset()
                    filing = self.create_filing()
                    self.sandbox.fault(CREATE, fault, status=status, body=envelope())
                    self.submit(filing)
                    line = filing.api_call_ids
                    self.assertEqual((filing.state, line.state, line.status), ('unconfirmed', 'pending', status))
                    self.run_cron('synchronize')
                    self.assertEqual(filing.state, 'code_requested' if executed else 'unconfirmed')
                    self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (executed, 1))

    def test_mailboxes(self):
        for operation in PAID:
            for status in UNKNOWN:
                with self.subTest(operation=operation, status=status):
                    mailbox = self.begin(operation)
                    self.sandbox.fault(OPERATIONS[operation], 'error_after', status=status, body=envelope())
                    self.ask(mailbox, operation)
                    self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('unconfirmed', ['pending']))
                    self.run_cron('mailboxes')
                    self.assert_applied(mailbox, operation)
                    self.assert_counts(operation, 1, 1)

"""A draft of a mailbox in a database that was restored from before its purchase."""
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common_mailbox import BUY, MAILBOXES, MailboxCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxRestored(MailboxCase):

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.mailbox = self.create_mailbox()

    def buy_before(self, **changes):
        """Buy at the service what the draft would buy, without Odoo knowing; return its id."""
        body = {**self.mailbox._prepare_request_body(), **changes}
        return self.client.create_mailbox({key: value for key, value in body.items() if value is not None})['id']

    def test_adopted(self):
        """The service echoes the reference of the draft: it is this one, and nothing is paid."""
        remote_id = self.buy_before()
        self.order(self.mailbox, 'mailbox_create')
        self.assertEqual((self.mailbox.state, self.mailbox.remote_id), ('registered', remote_id))
        self.assertEqual((self.sandbox.executed(BUY), self.sandbox.requested(BUY)), (1, 1))
        line = self.mailbox.sudo().api_call_ids
        self.assertEqual((line.state, line.remote_id, line.is_price_known), ('accepted', remote_id, False))

    def test_asked(self):
        """Without the echo it may be what somebody bought in the console: a person says."""
        for callback in (None, {**self.mailbox._prepare_callback(), 'data': {'reference': 'of another database'}}):
            with self.subTest(callback=callback):
                self.sandbox.reset()
                self.mailbox = self.create_mailbox()
                remote_id = self.buy_before(callback=callback)
                self.order(self.mailbox, 'mailbox_create')
                self.assertEqual((self.mailbox.call_state, self.mailbox.is_held), ('queued', True))
                self.assertEqual(self.sandbox.requested(BUY), 1)
                self.choose(self.mailbox, remote_id)()
                self.assertEqual((self.mailbox.state, self.mailbox.remote_id), ('registered', remote_id))
                self.assertEqual(self.sandbox.requested(BUY), 1)

    def test_somebody_elses(self):
        """What is taken, and not in the account, is not bought, as before."""
        self.sandbox.fault('GET /verifica_pec/{pec}', 'error_before', times=-1, status=200, body={
            'success': True, 'message': '', 'error': None, 'data': {'available': False}})
        with self.assertRaisesRegex(UserError, "is taken already"):
            self.order(self.mailbox, 'mailbox_create')
        self.assertEqual(self.sandbox.requested(BUY), 0)

    def test_another_record_is_it(self):
        """What was imported, and given up, stands in the way no less: it is none of a lost purchase."""
        remote_id = self.buy_before()
        other = self.create_mailbox(address=self.mailbox.address)
        other.sudo().write({'remote_id': remote_id, 'environment': 'sandbox', 'state': 'annulled'})
        with self.assertRaisesRegex(UserError, "is taken already"):
            self.order(self.mailbox, 'mailbox_create')

    def test_no_list(self):
        self.buy_before()
        self.sandbox.fault(MAILBOXES, 'error_before', status=500, times=-1)
        with self.assertRaisesRegex(UserError, "cannot be asked now(.|\n)*Nothing was changed or spent"):
            self.order(self.mailbox, 'mailbox_create')
        self.assertEqual(self.sandbox.requested(BUY), 1)

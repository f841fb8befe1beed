"""The token was replaced: until the account is recognised, what its lists do not show may be in the one before."""
from odoo.tests import tagged

from ..common_signature import BUY_OTP, READ_SIGNATURE, SIGN_OTP
from ..service.test_account import ANOTHER
from .test_signed_once import CALLS, PaidCase

OTP, CERTIFICATE = CALLS


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOtherAccount(PaidCase):
    """Nothing counts as not found, as gone or as made once while the account is perhaps another one."""

    def use(self, token):
        self.company._openapi_pec_set_token('production', token)
        self.env.invalidate_all()

    def return_to_account(self):
        self.use('sandbox-token')
        self.run_cron('synchronize')
        self.assertFalse(self.company._openapi_pec_is_unsure('production'))

    def assert_looked_for_in_vain(self, call):
        record, line = self.ask(call), self.lines(call)
        self.assertEqual(len(line._get_account_names()), 2, "host and owner are known")
        self.use(ANOTHER)
        for _look in range(3):
            self.look_again(record, 'remote_signatures')
        self.assertEqual(
            (record.state, line.state, line.looks, line.doubt), ('unconfirmed', 'pending', 0, 'other_account'))
        self.return_to_account()
        self.assert_books(call, self.finish(call, record))
        self.assertEqual(len(self.executions(call)), 1)

    def test_lost_signature(self):
        self.sandbox.fault(SIGN_OTP, 'drop_after')
        self.assert_looked_for_in_vain(OTP)

    def test_lost_purchase(self):
        self.sandbox.fault(BUY_OTP, 'drop_after')
        self.assert_looked_for_in_vain(CERTIFICATE)

    def test_gone(self):
        self.sandbox.fault(READ_SIGNATURE, 'error_before', status=500, body='x')
        attempt = self.ask_to_sign()
        self.assertEqual(attempt.state, 'waiting')
        self.use(ANOTHER)
        attempt.write({'asked_at': '2026-01-01', 'retry_at': '2026-01-01'})
        self.run_cron('remote_signatures')
        self.assertEqual((attempt.state, attempt.outcome), ('failed', 'untold'))

    def test_made_twice(self):
        certificate = self.ask_to_buy()
        self.call_again(CERTIFICATE, certificate)
        self.use(ANOTHER)
        for _look in range(2):
            self.look_again(certificate, 'remote_signatures')
        self.return_to_account()
        self.look_again(certificate, 'remote_signatures')
        self.assertEqual(self.messages(certificate).count(self.executions(CERTIFICATE)[1]['id']), 1)

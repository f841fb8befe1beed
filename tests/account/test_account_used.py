from odoo.tests import tagged

from ..common import PecCase
from ..common_account import AccountMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAccountUsed(AccountMixin, PecCase):
    """Companies that use an account of the vendor: they share its token, and a pasted one ends that."""

    def test_its_token_is_used(self):
        account = self.connect()
        token = account._get_secret('token')
        self.assertEqual(self.company._openapi_pec_get_token('sandbox'), token)
        filing = self.create_filing()
        self.submit(filing)
        self.assertTrue(filing.remote_id, "the service has accepted it")
        self.run_cron('accounts')

    def test_two_companies_share_it(self):
        account = self.connect()
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        other._openapi_pec_use_account(account)
        self.assertEqual(self.company._openapi_pec_with_same_account('sandbox'), self.company + other)
        account._set_secret('token', 'another-token-of-the-account')
        self.env.invalidate_all()
        for company in self.company + other:
            self.assertEqual(company._openapi_pec_get_token('sandbox'), 'another-token-of-the-account')

    def test_a_pasted_token_leaves_it(self):
        account = self.connect()
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.assertFalse(self.company._openapi_pec_get_connection('sandbox'))
        self.assertEqual(self.company._openapi_pec_get_token('sandbox'), 'sandbox-token')
        self.assertTrue(account._get_secret('token'), "the account keeps its own")

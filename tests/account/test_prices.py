from odoo.tests import tagged

from sandbox_api.const import LIST_SCOPES

from ..common import PecCase
from .test_wallet import WalletMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPrices(WalletMixin, PecCase):
    """Prices that the vendor tells: taken over where there is no doubt what they are the price of."""

    def keep(self, account):
        account.prices_read_at = False
        self.run_cron('accounts')

    def test_what_changed_gets_a_new_dated_row(self):
        prices = self.env['openapi_pec.price']
        account = self.connect(environment='production')
        before = prices.search_count([('operation', '=', 'create')])
        self.sandbox.settings(price=15.7)
        self.keep(account)
        self.assertEqual(prices.search_count([('operation', '=', 'create')]), before, "the amount is the same")
        self.sandbox.settings(price=16.9)
        self.keep(account)
        price = prices._find('create')
        self.assertEqual((price.amount, price.seen_on), (16.9, price.create_date.date()))
        self.assertIn("POST:pec.openapi.it/comunica_pec", price.source)
        self.assertEqual(prices.search_count([('operation', '=', 'create')]), before + 1)
        self.assertEqual(self.create_filing().price, 16.9)
        self.keep(account)
        self.assertEqual(prices.search_count([('operation', '=', 'create')]), before + 1)

    def test_once_a_day(self):
        self.connect(environment='production')
        self.run_cron('accounts')
        self.run_cron('accounts')
        self.assertEqual(self.sandbox.requested(LIST_SCOPES), 1)

    def test_types_and_free_calls(self):
        prices = self.env['openapi_pec.price']
        account = self.connect(environment='production')
        self.sandbox.settings(mailbox_prices={'GOLD': 70}, free_looks=40)
        self.keep(account)
        self.assertEqual(prices._get('mailbox_create', 'GOLD'), 70)
        self.assertEqual(prices._find('register_company').free_count, 40)

    def test_what_is_not_read_changes_nothing(self):
        account = self.connect(environment='production')
        known = self.env['openapi_pec.price'].search_count([])
        self.sandbox.fault(LIST_SCOPES, 'error_before', status=503)
        self.keep(account)
        self.assertFalse(account.prices_read_at, "the next run asks again")
        self.assertEqual(self.env['openapi_pec.price'].search_count([]), known)

    def test_the_sandbox_tells_no_prices(self):
        self.company.openapi_pec_environment = 'sandbox'
        account = self.connect()
        self.keep(account)
        self.assertEqual(self.sandbox.requested(LIST_SCOPES), 0)

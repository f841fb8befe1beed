"""The ledger beside the vendor's transactions, after faults: equal, or each difference is explained by a line."""
import itertools

from odoo.tests import tagged

from ..common import CREATE, LostAnswerCase
from ..common_ledger import LedgerMixin

# What happens to calls, one after the other.
FAULTS = (None, 'drop_before', 'drop_after', 'error_before', None, 'error_after', 'truncate', 'drop_after')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAfterFaults(LedgerMixin, LostAnswerCase):
    """A small campaign: filings are submitted while the service errs, lost answers are looked for, and freed."""

    def setUp(self):
        super().setUp()
        self.pay()

    def storm(self):
        """Submit a filing for each fault, and settle what can be settled by reading."""
        filings = self.env['openapi_pec.communication']
        for fault in FAULTS:
            if fault:
                self.sandbox.fault(CREATE, fault)
            filing = self.create_filing()
            self.submit(filing)
            filings += filing
        self.run_cron('synchronize')
        self.look_again(filings, minutes=1)
        return filings

    def get_wallet(self):
        """Return what the wallet was charged with altogether, as the vendor's own list tells it."""
        rows = self.account._get_client().list_transactions()
        return round(-sum(row.amount for row in rows if row.amount < 0), 2)

    def compare(self, filings):
        """Return what the wallet was charged with, what was certainly paid, and what may have been."""
        lines = self.get_ledger(filings)
        return self.get_wallet(), round(sum(lines.mapped('cost')), 2), round(
            sum(lines.filtered(lambda line: line.money == 'unknown').mapped('price')), 2)

    def test_equal_or_explained(self):
        filings = self.storm()
        charged, paid, unknown = self.compare(filings)
        self.assertEqual(charged, round(15.7 * self.sandbox.executed(), 2))
        self.assertLessEqual(paid, charged)
        self.assertLessEqual(charged, paid + unknown)
        self.assertTrue(unknown, "some answers stay lost")
        self.read_wallet()
        self.assertFalse(self.get_differences())
        self.let_pass(hours=2)
        self.read_wallet()
        self.assertFalse(self.get_differences(), "what was lost explains what it may have cost")

    def test_what_is_not_explained_is_found(self):
        filings = self.storm()
        _charged, _paid, unknown = self.compare(filings)
        more = itertools.takewhile(lambda count: 15.7 * count <= unknown + 15.7, itertools.count(1))
        for _number in more:  # more often than all that is unknown can explain
            self.charge(-15.7)
        self.read_wallet()
        [(kind, difference)] = self.get_differences()
        self.assertEqual(kind, 'without_call')
        self.assertGreater(difference, 0)

    def test_summed_up(self):
        self.sandbox.settings(transactions='sums')
        self.storm()
        self.read_wallet()
        self.let_pass(hours=2)
        self.read_wallet()
        self.assertFalse(self.get_differences())

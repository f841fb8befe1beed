"""Helpers of the tests of the ledger: an account of the sandbox API whose transactions are read."""
from datetime import timedelta

from .common import PecCase
from .common_account import AccountMixin
from .common_oauth import TRANSACTIONS


class LedgerMixin(AccountMixin):
    """Gives a test class, of ``PecCase``, an account with a kept key; the wallet has what its filings cost."""

    def setUp(self):
        super().setUp()
        self.account = self.connect()
        self.age(self.account, 'create_date', days=2)

    def pay(self):
        """Have the company work in the production, where calls are paid: the sandbox API stands for both."""
        self.company._openapi_pec_set_token('sandbox', None)  # that account has the same wallet here
        self.account = self.connect(environment='production')
        self.age(self.account, 'create_date', days=2)
        self.company.openapi_pec_environment = 'production'

    def age(self, records, *columns, **ago):
        """Let time pass since something happened."""
        self.env.flush_all()
        for column in columns:
            self.env.cr.execute(  # names of the test's own; pylint: disable=sql-injection
                f'UPDATE {records._table} SET {column} = {column} - %s WHERE id = ANY(%s)',
                [timedelta(**ago), records.ids])
        self.env.invalidate_all()

    def let_pass(self, **ago):
        """Let time pass since everything that was called, charged and read."""
        calls = self.env['openapi_pec.api_call'].search([('vendor_account_id', '!=', False)])
        charges = self.env['openapi_pec.transaction'].search([('account_id', '!=', False)])
        self.age(calls, 'started_at', 'ended_at', **ago)
        self.age(charges, 'told_at', 'create_date', **ago)
        self.age(self.account, 'transactions_read_at', **ago)

    def make_filings(self, count=1):
        """Submit filings, each answered."""
        filings = self.env['openapi_pec.communication']
        for _number in range(count):
            filing = self.create_filing()
            self.submit(filing)
            filings += filing
        return filings

    def charge(self, amount, description="API usage - pec.openapi.it"):
        """Have the wallet charged without a call of Odoo; or more than nothing comes in."""
        self.sandbox._control('POST', 'transactions', {'amount': amount, 'description': description})

    def read_wallet(self):
        """Have the job read the transactions, whenever they were read last."""
        self.account.transactions_read_at = False
        self.run_cron('accounts')

    def get_charge(self, filing):
        """Return the transaction that was matched with the call of a filing."""
        return self.env['openapi_pec.transaction'].search([('call_id', 'in', filing.api_call_ids.ids)])

    def get_ledger(self, filings):
        """Return the lines of the ledger of filings, as a manager sees them."""
        self.env.flush_all()
        self.env.invalidate_all()  # it is made of other tables
        return self.env['openapi_pec.ledger'].with_user(self.manager).search(
            [('communication_id', 'in', filings.ids)], order='id')

    def get_differences(self):
        """Return the differences as ``[(kind, EUR), …]``."""
        self.env.invalidate_all()
        found = self.env['openapi_pec.ledger_difference'].with_user(self.manager).search([])
        return sorted((one.kind, round(one.difference, 2)) for one in found)


class LedgerCase(LedgerMixin, PecCase):
    """A company that uses an account with a kept key."""


__all__ = ['TRANSACTIONS', 'LedgerCase', 'LedgerMixin']

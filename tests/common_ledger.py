"""Helpers of the tests of the ledger: an account of the sandbox API whose transactions are read."""
from datetime import timedelta

from odoo import fields

from .common import PecCase
from .common_account import AccountMixin


class LedgerCase(AccountMixin, PecCase):
    """A company that uses an account with a kept key; the wallet has what its filings cost."""

    def setUp(self):
        super().setUp()
        self.account = self.connect()
        self.age(self.account, 'create_date', days=2)

    def age(self, record, *columns, **ago):
        """Let time pass since something happened."""
        record.env.flush_all()
        for column in columns:
            self.env.cr.execute(
                f'UPDATE {record._table} SET {column} = {column} - %s WHERE id = ANY(%s)',
                [timedelta(**ago), record.ids])
        self.env.invalidate_all()

    def make_filings(self, count=1):
        """Submit filings, each answered."""
        filings = self.env['openapi_pec.communication']
        for _number in range(count):
            filing = self.create_filing()
            self.submit(filing)
            filings += filing
        return filings

    def read(self):
        """Have the job read the transactions, whenever they were read last."""
        self.account.transactions_read_at = False
        self.run_cron('accounts')

    def get_charge(self, filing):
        """Return the transaction that was matched with the call of a filing."""
        return self.env['openapi_pec.transaction'].search([('call_id', 'in', filing.api_call_ids.ids)])

    def get_ledger(self, filings):
        """Return the lines of the ledger of filings, as a manager sees them."""
        return self.env['openapi_pec.ledger'].with_user(self.manager).search(
            [('communication_id', 'in', filings.ids)], order='id')

    def get_differences(self):
        """Return the differences as ``[(kind, EUR), …]``."""
        found = self.env['openapi_pec.ledger_difference'].with_user(self.manager).search([])
        return sorted((one.kind, round(one.difference, 2)) for one in found)

    def spread(self, filings, **apart):
        """Let the calls of filings, and the charges that were read, be so far apart that each stands alone.

        The first one is the oldest.
        """
        self.env.flush_all()
        for number, filing in enumerate(reversed(filings)):
            ago = {name: value * (number + 1) for name, value in (apart or {'hours': 3}).items()}
            self.age(filing.api_call_ids, 'started_at', **ago)

    def make_paid(self, filings):
        """Let the calls be those of the production, which are paid, as the journal would have them."""
        lines = filings.api_call_ids
        lines.write({'environment': 'production'})
        lines.flush_recordset()
        return lines

    @staticmethod
    def month():
        return fields.Date.today().replace(day=1)

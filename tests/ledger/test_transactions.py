from odoo.tests import tagged

from ..common_ledger import LedgerCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTransactions(LedgerCase):
    """What the wallet tells, read over HTTP, and which call each charge was made for."""

    def test_a_single_call(self):
        filing = self.make_filings()
        self.assertEqual(filing.api_call_ids.sudo().vendor_account_id, self.account)
        self.read()
        charge = self.get_charge(filing)
        self.assertEqual((charge.kind, charge.amount, charge.host), ('charge', -15.7, 'pec.openapi.it'))
        line = self.get_ledger(filing)
        self.assertEqual((line.witness, line.charged, line.partner_id), ('matched', 15.7, self.partner))
        self.assertEqual(line.user_id, self.env.user)
        self.assertIn('prova@legalmail.it', line.about)
        self.assertFalse(self.get_differences())

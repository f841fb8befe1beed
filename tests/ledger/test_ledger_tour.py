from odoo.tests import HttpCase, tagged

from ..common import PecCase
from ..common_ledger import LedgerMixin
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLedgerTour(LedgerMixin, TourMixin, PecCase, HttpCase):
    """From the ledger to an invoice and back, in Chromium."""

    def test_ledger_to_invoice(self):
        self.manager.group_ids += self.env.ref('account.group_account_invoice')
        (self.env.ref('base.EUR') + self.company.currency_id).rate_ids.unlink()
        self.env['product.product'].create({'name': "Comunicazione PEC di prova", 'type': 'service'})
        self.pay()
        filing = self.make_filings()
        self.read_wallet()
        self.start_tour('/odoo/pec-ledger', 'openapi_pec_ledger', login=self.manager.login)
        move = self.get_ledger(filing).move_id
        self.assertEqual((move.partner_id, move.state), (self.partner, 'draft'))
        self.assertEqual(move.invoice_line_ids.price_unit, 17.27)

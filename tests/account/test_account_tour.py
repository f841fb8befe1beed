from odoo import Command
from odoo.tests import HttpCase, tagged

from ..common import PecCase
from ..common_ledger import LedgerMixin
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAccountTour(LedgerMixin, TourMixin, PecCase, HttpCase):
    """One way in Chromium: an account is connected, tells its balance, is spent from, and is invoiced from."""

    def test_from_the_key_to_the_invoice(self):
        self.sandbox.settings(credit=100)
        for environment in ('sandbox', 'production'):
            self.company._openapi_pec_set_token(environment, False)
        self.company.openapi_pec_environment = 'production'
        self.manager.group_ids = [
            Command.link(self.env.ref(group).id) for group in ('base.group_system', 'account.group_account_invoice')]
        (self.env.ref('base.EUR') + self.company.currency_id).rate_ids.unlink()
        self.env['product.product'].create({'name': "Comunicazione PEC di prova", 'type': 'service'})
        filing = self.create_filing()
        self.start_tour('/odoo/pec', 'openapi_pec_connect_to_pay', login=self.manager.login)
        self.account = self.company._openapi_pec_get_connection('production')
        self.age(self.account, 'create_date', days=2)
        self.start_tour(f'/odoo/pec-communications/{filing.id}', 'openapi_pec_spend', login=self.manager.login)
        self.assertEqual(self.sandbox.executed(), 1)
        self.read_wallet()
        self.start_tour('/odoo/pec-ledger', 'openapi_pec_ledger', login=self.manager.login)
        self.assertEqual(self.get_ledger(filing).move_id.invoice_line_ids.price_unit, 17.27)

from odoo.tests import tagged

from sandbox_api.const import WALLET

from ..account.test_wallet import OVERVIEW, WalletMixin
from ..common import PecCase

TYPE = 'l10n_it_openapi_pec.mail_activity_type_account'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLowBalance(WalletMixin, PecCase):
    """A low balance is told once, and again after it was higher; nobody is told who did not want it."""

    def look(self, account, credit):
        self.sandbox.settings(credit=credit)
        self.pass_minutes(account)
        self.run_cron('accounts')

    def get_told(self):
        return self.company.partner_id.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(TYPE) and activity.user_id == self.manager)

    def get_problems(self, user):
        return repr(self.env[OVERVIEW].with_user(user).get_overview()['accounts'][0]['problems'])

    def test_told_once_and_again_after_it_was_higher(self):
        account = self.connect(environment='production')
        self.company.openapi_pec_low_credit = 50
        self.look(account, 49.5)
        self.assertEqual(len(self.get_told()), 1)
        self.assertIn("wallet is low", self.get_told().summary)
        self.assertNotIn("EUR", self.get_told().summary, "everybody reads it who sees the company's contact")
        self.assertIn("EUR 49.50, and less than EUR 50.00", self.get_problems(self.manager))
        self.assertNotIn("49.50", self.get_problems(self.user))
        self.get_told().action_done()
        self.look(account, 30)
        self.assertFalse(self.get_told(), "it was told already")
        self.look(account, 80)
        self.assertNotIn("low", self.get_problems(self.manager))
        self.look(account, 20)
        self.assertEqual(len(self.get_told()), 1)
        self.look(account, 80)
        self.assertFalse(self.get_told(), "somebody has topped up")

    def test_off_by_default(self):
        account = self.connect(environment='production')
        self.look(account, 0)
        self.assertEqual(self.sandbox.requested(WALLET), 0, "nobody wants to be told")
        self.env[OVERVIEW].with_user(self.manager).read_wallets()
        self.assertFalse(self.get_told())

    def test_what_could_not_be_read_tells_nothing(self):
        account = self.connect(environment='production')
        self.company.openapi_pec_low_credit = 50
        self.sandbox.fault(WALLET, 'error_before', status=503)
        self.look(account, 10)
        self.assertFalse(self.get_told())

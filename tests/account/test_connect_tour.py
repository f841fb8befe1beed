from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import PecCase
from ..common_account import AccountMixin
from ..service.test_tour import TourMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestConnectTour(TourMixin, AccountMixin, PecCase, HttpCase):
    """A system administrator connects an account, changes it, and disconnects it, in Chromium."""

    def test_connect(self):
        self.company._openapi_pec_set_token('sandbox', False)
        self.manager.group_ids = [Command.link(self.env.ref('base.group_system').id)]
        with mute_logger('odoo.http'):  # of the key that is wrong
            self.start_tour('/odoo/pec', 'openapi_pec_connect', login=self.manager.login)
        account = self.company._openapi_pec_get_connection('sandbox')
        self.assertEqual((account.connection, account.has_key), ('active', True))
        self.start_tour('/odoo/pec-accounts', 'openapi_pec_connect_change', login=self.manager.login)
        self.env.invalidate_all()
        self.assertFalse([token for token in self.sandbox.tokens() if token['is_valid']])
        self.assertFalse(self.company._openapi_pec_get_token('sandbox'))

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.l10n_it_openapi_pec.models.service.account import MASK
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from serving import EMAIL, KEY

from ..common import PecCase
from ..common_account import AccountMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestConnect(AccountMixin, PecCase):
    """E-mail and key are typed once: the token is made, tested and used."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.company._openapi_pec_set_token('sandbox', False)
        self.system = self.env.ref('base.user_admin')

    def test_from_the_key_to_the_first_filing(self):
        account = self.connect_by_hand()
        [made] = self.sandbox.tokens()
        self.assertEqual(account._get_secret('token'), made['id'])
        self.assertEqual(self.company._openapi_pec_get_token('sandbox'), made['id'])
        self.assertTrue(self.company._openapi_pec_is_working('sandbox'))
        self.assertEqual((account.token_state, account.has_key, account.user_id), ('active', True, self.system))
        self.assertTrue(account.expires_at)
        filing = self.create_filing()
        self.submit(filing)
        self.assertEqual(filing.state, 'code_requested')

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, tagged
from odoo.tools import file_open

from odoo.addons.l10n_it_openapi_pec.models.service.account import MASK
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent

from ..common import LIST, PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSettings(PecCase):

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.settings = self.env['res.config.settings'].create({})

    def test_token_is_masked(self):
        self.assertEqual((self.company.openapi_pec_token, self.settings.openapi_pec_token), (MASK, MASK))
        with Form(self.settings) as form:
            form.openapi_pec_environment = 'production'
        self.settings.execute()
        self.assertEqual(
            self.company._openapi_pec_account('sandbox'), ('sandbox', 'sandbox-token'),
            "saving does not overwrite with the mask")
        self.assertEqual(self.company.openapi_pec_environment, 'production')
        self.company.openapi_pec_token = ' new '
        self.assertEqual(self.company._openapi_pec_account(), ('production', 'new'))
        self.company.openapi_pec_token = False
        self.assertFalse(self.company._openapi_pec_account()[1])
        self.assertEqual(self.company._openapi_pec_account('sandbox'), ('sandbox', 'sandbox-token'))

    def test_connection(self):
        self.sandbox.create_filings(3)
        self.company._openapi_pec_pause('rate', record=self.create_filing())
        params = self.settings.action_openapi_pec_test()['params']
        self.assertEqual(params['type'], 'success')
        self.assertIn("3 filings", params['message'])
        self.assertFalse(self.company.openapi_pec_pause_reason)
        # The token of another account works as well, and is no good news.
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token:another')
        params = self.settings.action_openapi_pec_test()['params']
        self.assertEqual(params['type'], 'warning')
        self.assertIn("shows nothing of the account that was used before", params['message'])
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.assertEqual(self.settings.action_openapi_pec_test()['params']['type'], 'success')
        self.assertEqual(sum(self.sandbox.stats()['executed'].values()), 0)
        self.sandbox.fault(LIST, 'error_before', status=500)
        with self.assertRaisesRegex(UserError, "Nothing was changed or spent"):
            self.settings.action_openapi_pec_test()
        self.company.openapi_pec_token = 'wrong'
        with self.assertRaisesRegex(UserError, "does not accept the token"):
            self.settings.action_openapi_pec_test()
        self.company.openapi_pec_token = False
        with self.assertRaises(RedirectWarning):
            self.settings.action_openapi_pec_test()

    def test_hosts(self):
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', False)
        for environment, host in HOSTS.items():
            self.company.openapi_pec_environment = environment
            self.assertEqual(self.company._openapi_pec_base_url(), host)

    def test_neutralized(self):
        filing = self.create_filing()
        self.company.openapi_pec_environment = 'production'
        self.env['ir.config_parameter'].set_param('database.is_neutralized', True)
        with self.assertRaises(NotSent):
            self.company._openapi_pec_base_url()
        with self.assertRaisesRegex(RedirectWarning, "neutralised"):
            filing.action_submit()
        self.env.flush_all()
        with file_open("l10n_it_openapi_pec/data/neutralize.sql") as statements:
            self.env.cr.execute(statements.read())
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        self.assertEqual((self.company.openapi_pec_environment, self.company.openapi_pec_token), ('sandbox', False))
        for name in ('base_url', 'company_base_url'):
            self.assertFalse(self.env['ir.config_parameter'].get_param(f'l10n_it_openapi_pec.{name}'))

    def test_upgrade_from_the_invoice_address(self):
        partner = self.env['res.partner'].create({'name': "Nuova S.r.l.", 'l10n_it_pec_email': 'nuova@pec.it'})
        self.assertEqual(partner.openapi_pec_email, 'nuova@pec.it')
        partner.openapi_pec_email = 'altra@pec.it'
        self.assertEqual(partner.l10n_it_pec_email, 'nuova@pec.it')
        partner.l10n_it_pec_email = 'terza@pec.it'
        self.assertEqual(partner.openapi_pec_email, 'altra@pec.it')

from lxml import etree

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import file_open

from odoo.addons.l10n_it_openapi_pec.models.service.account import MASK
from odoo.addons.l10n_it_openapi_pec.models.service.company import BOUNDS
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

    def test_a_token_as_it_is_pasted(self):
        """What stands around it is left out; what no token has is told, and nothing is asked with it."""
        before = self.sandbox.requested(LIST)
        with Form(self.settings) as form:
            for text, sentence in (
                    ('sandbox- token', "spaces or line breaks"), ('sandbox-\ntoken', "spaces or line breaks"),
                    ('sandbox-tokèn', "accented letters"), ('', "is removed when you save")):
                form.openapi_pec_token = text
                self.assertIn(sentence, form.openapi_pec_token_problem)
            self.assertEqual(self.sandbox.requested(LIST), before)
            for text in ('Bearer sandbox-token', ' authorization: bearer  sandbox-token\n'):
                form.openapi_pec_token = text
                self.assertFalse(form.openapi_pec_token_problem)
        self.settings.execute()
        self.assertEqual(self.company._openapi_pec_account('sandbox'), ('sandbox', 'sandbox-token'))
        with self.assertRaisesRegex(UserError, "spaces or line breaks.*stays"):
            self.company._openapi_pec_replace_token('sandbox', 'two words')

    def test_names_on_the_screen(self):
        """What is out of bounds is called as the screen calls it; and no number of the screen stands there alone."""
        arch = etree.fromstring(self.settings.get_view(self.env.ref('base.res_config_settings_view_form').id)['arch'])
        [app] = arch.iterfind('.//app[@name="l10n_it_openapi_pec"]')
        for name in BOUNDS:
            for field in app.iterfind(f'.//field[@name="{name}"]'):
                [setting] = field.iterancestors('setting')
                label = self.company._fields[name]._description_string(self.env)
                self.assertIn(setting.get('string'), label)
                with self.assertRaisesRegex(ValidationError, label.partition('(')[0]):
                    self.company.write({name: 10**7})
        for setting in app.iter('setting'):  # of which Odoo shows the elements alone
            self.assertFalse(''.join(setting.xpath('text()')).strip(), setting.get('string'))

    def test_tested_as_it_is_saved(self):
        """Odoo's settings otherwise save what was typed, and forget that somebody asked for a test."""
        arch = etree.fromstring(self.settings.get_view(self.env.ref('base.res_config_settings_view_form').id)['arch'])
        [button] = arch.iterfind('.//button[@name="action_openapi_pec_test"]')
        self.assertEqual(button.get('noSaveDialog'), 'true')
        self.company._openapi_pec_set_token('sandbox', False)
        settings = self.env['res.config.settings'].create({'openapi_pec_token': 'sandbox-token'})  # as the button does
        self.assertEqual(settings.action_openapi_pec_test()['params']['type'], 'success')

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
        self.company.openapi_pec_verify = 'odoo'
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.env.flush_all()
        with file_open("l10n_it_openapi_pec/data/neutralize.sql") as statements:
            self.env.cr.execute(statements.read())
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        for company in (self.company, other):
            self.assertIs(company.openapi_pec_verify, False)
        self.assertIs(self.env['res.config.settings'].create({}).openapi_pec_verify, False, "the settings still open")
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

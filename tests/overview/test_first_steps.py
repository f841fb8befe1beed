from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.l10n_it_openapi_pec.models.service.account import MASK
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import LIST, PecCase

OVERVIEW = 'openapi_pec.overview'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestFirstSteps(PecCase):
    """Until an account works, the overview says what to do; each step is one click."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.manager.group_ids = [Command.link(self.env.ref('base.group_system').id)]
        self.company._openapi_pec_set_token('sandbox', False)

    def get_steps(self, user=None):
        steps = self.env[OVERVIEW].with_user(user or self.manager).get_overview()['steps']
        return {step['name']: step for step in steps}

    def get_done(self):
        return [name for name, step in self.get_steps().items() if step['is_done']]

    def test_steps(self):
        steps = self.get_steps()
        self.assertEqual([*steps], ['account', 'token', 'test', 'company'])
        self.assertFalse(self.get_done())
        self.assertEqual(steps['account']['buttons'][0]['url'], 'https://console.openapi.com')
        self.assertEqual(
            [button.get('action', button.get('url')) for button in steps['token']['buttons']],
            ['l10n_it_openapi_pec.action_connect', 'l10n_it_openapi_pec.action_settings',
             'https://console.openapi.com/oauth'])
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.assertEqual(self.get_done(), ['account', 'token'])
        action = self.env[OVERVIEW].with_user(self.manager).action_test_account()
        self.assertEqual(action['params']['type'], 'success')
        self.assertEqual(self.get_done(), ['account', 'token', 'test'])
        self.create_filing()
        self.assertFalse(self.get_steps())
        self.company._openapi_pec_set_token('sandbox', 'wrong')
        self.assertEqual(self.get_done(), ['account', 'token', 'company'], "another token is not tested yet")

    def test_whoever_may_not_is_told_who_may(self):
        steps = self.get_steps(self.user)
        self.assertIn("A system administrator does this", steps['token']['text'])
        self.assertFalse(steps['test']['buttons'])
        for user in (self.user, self.outsider):
            with self.assertRaises(AccessError):
                self.env[OVERVIEW].with_user(user).action_test_account()

    def test_an_account_that_was_used_before_works(self):
        """After an update nobody is asked to test what has worked for months."""
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.create_filing(state='code_requested', environment='sandbox', remote_id='x')
        self.assertFalse(self.get_steps())


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTokenIsTested(PecCase):
    """A token replaces a working one when the service accepts it, and not before."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())

    def get_token(self):
        return self.company._openapi_pec_account('sandbox')[1]

    def test_said_beside_it(self):
        form = Form(self.env['res.config.settings'].create({}))
        form.openapi_pec_token = 'wrong'
        self.assertIn("The token that was there before stays", form.openapi_pec_token_problem)
        self.assertIn("does not accept this token", form.openapi_pec_token_problem)
        with self.assertRaisesRegex(UserError, "The token that was there before stays"):
            form.save()
        self.assertEqual(self.get_token(), 'sandbox-token')
        form.openapi_pec_token = 'sandbox-token:another'
        self.assertFalse(form.openapi_pec_token_problem)
        form.save()
        self.assertEqual(self.get_token(), 'sandbox-token:another')

    def test_told_to_nobody(self):
        [told] = self.env['res.config.settings'].web_save(
            {'openapi_pec_token': 'sandbox-token:another'}, {'openapi_pec_token': {}})
        self.assertEqual((told['openapi_pec_token'], self.get_token()), (MASK, 'sandbox-token:another'))

    def test_settings_that_were_open_before(self):
        """What they show as missing was typed elsewhere since: saving them removes nothing. What they show they do."""
        secrets = ('openapi_pec_token', 'openapi_pec_signer_username', 'openapi_pec_signer_pin')
        self.company.write({
            'openapi_pec_sign_many': True,
            'openapi_pec_signer_id': self.env['res.partner'].create({'name': "Carla Neri"}).id})
        self.company._openapi_pec_set_token('sandbox', False)
        old = Form(self.env['res.config.settings'])
        self.assertEqual([old[name] for name in secrets], [False] * 3)
        self.env['res.config.settings'].create(
            dict(zip(secrets, ('sandbox-token', 'AHI1234567', '12345678'), strict=True)))
        old.save()
        self.assertEqual(self.get_token(), 'sandbox-token')
        new = Form(self.env['res.config.settings'])
        self.assertEqual([new[name] for name in secrets], [MASK] * 3)
        for name in secrets:
            new[name] = False
        new.save()
        self.assertEqual((self.get_token(), set(self.company._openapi_pec_get_signer_masks('sandbox').values())), (
            None, {False}))

    def test_written_to_the_company(self):
        """What a person writes there, by RPC or an import, is tested as in the settings."""
        company = self.company.with_user(self.env.ref('base.user_admin'))
        with self.assertRaisesRegex(UserError, "does not accept this token.*The token that was there before stays"):
            company.write({'openapi_pec_token': 'wrong'})
        self.assertEqual(self.get_token(), 'sandbox-token')
        with self.assertRaisesRegex(UserError, "It was not kept"):
            company.create({'name': "Nuova S.r.l.", 'openapi_pec_token': 'wrong'})
        requested = self.sandbox.requested(LIST)
        company.write({'openapi_pec_token': MASK})  # what is read, written back
        self.assertEqual((self.get_token(), self.sandbox.requested(LIST)), ('sandbox-token', requested))
        company.write({'openapi_pec_token': 'sandbox-token:another'})
        self.assertEqual((self.get_token(), self.sandbox.requested(LIST)), ('sandbox-token:another', requested + 1))
        self.assertTrue(self.company._openapi_pec_is_working('sandbox'))
        company.write({'openapi_pec_token': False})
        self.assertFalse(self.get_token())

    def test_the_first_one(self):
        self.company._openapi_pec_set_token('sandbox', False)
        with self.assertRaisesRegex(UserError, "It was not kept"):
            self.company._openapi_pec_replace_token('sandbox', 'wrong')
        self.company._openapi_pec_replace_token('sandbox', ' sandbox-token ')
        self.assertEqual(self.get_token(), 'sandbox-token')
        self.assertTrue(self.company._openapi_pec_is_working('sandbox'))
        self.company._openapi_pec_replace_token('sandbox', False)
        self.assertFalse(self.get_token() or self.company._openapi_pec_is_working('sandbox'))

    def test_a_service_that_cannot_be_asked(self):
        self.sandbox.fault(LIST, 'error_before', times=-1, status=500)
        with self.assertRaisesRegex(UserError, "cannot be tested now.*stays"):
            self.company._openapi_pec_replace_token('sandbox', 'sandbox-token:another')
        self.assertEqual(self.get_token(), 'sandbox-token')

    def test_the_account_is_recognised_at_once(self):
        """What the test has read says whether it is the account that was used before."""
        self.submit(self.create_filing())
        self.company._openapi_pec_test()
        self.company._openapi_pec_replace_token('sandbox', 'sandbox-token:another')
        self.assertTrue(self.company._openapi_pec_get_account_sentence('sandbox'))
        self.company._openapi_pec_replace_token('sandbox', 'sandbox-token')
        self.assertFalse(self.company._openapi_pec_get_account_sentence('sandbox'))
        self.assertEqual(self.sandbox.executed(), 1)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPecFieldOfAnyContact(PecCase):
    """The country decides what is proposed, not whether there is a field."""

    def test_field_is_there(self):
        countries = {'none': False, 'france': self.env.ref('base.fr').id, 'italy': self.env.ref('base.it').id}
        self.company.account_fiscal_country_id = self.company.country_id = self.env.ref('base.fr')
        for name, country in countries.items():
            with self.subTest(country=name):
                partner = self.env['res.partner'].create({
                    'name': "Senza Paese S.r.l.", 'is_company': True, 'country_id': country})
                form = Form(partner.with_user(self.manager))
                form.openapi_pec_email = 'senza.paese@legalmail.it'  # an invisible field refuses this
                form.save()
                self.assertEqual(partner.openapi_pec_email, 'senza.paese@legalmail.it')
                self.assertTrue(partner.with_user(self.manager).action_openapi_pec_communicate())

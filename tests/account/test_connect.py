import datetime
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec.models.account import connecting
from odoo.addons.l10n_it_openapi_pec.models.service.account import MASK
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import LIST, PecCase
from ..common_account import EMAIL, KEY, AccountMixin
from ..common_oauth import LIST_SCOPES, LIST_TOKENS, MAKE_TOKEN


class ConnectCase(AccountMixin, PecCase):
    """A company without a token, and a system administrator."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.patch(connecting, 'TRY_PAUSE', 0.05)
        self.patch(connecting, 'REQUEST_PATIENCE', 0.2)
        self.company._openapi_pec_set_token('sandbox', False)
        self.system = self.env.ref('base.user_admin')

    def get_valid(self):
        """Return the tokens that the service accepts, newest first."""
        return [token['id'] for token in self.sandbox.tokens() if token['is_valid']]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestConnect(ConnectCase):
    """E-mail and key are typed once: the token is made, tested and used."""

    def test_from_the_key_to_the_first_filing(self):
        account = self.connect_by_hand()
        [made] = self.sandbox.tokens()
        self.assertEqual(account._get_secret('token'), made['id'])
        self.assertEqual(self.company._openapi_pec_get_token('sandbox'), made['id'])
        self.assertTrue(self.company._openapi_pec_is_working('sandbox'))
        self.assertEqual((account.connection, account.has_key, account.user_id), ('active', True, self.system))
        self.assertIn(f'{account.id}/{account.token_ids.id} · {self.env.cr.dbname} · {self.company.name}', made['name'])
        self.assertEqual(account.token_ids.name, made['name'])
        filing = self.create_filing()
        self.submit(filing)
        self.assertEqual(filing.state, 'code_requested')
        self.assertEqual(self.sandbox.executed(), 1)

    def test_both_shapes_of_a_token(self):
        for shape in ('bare', 'data'):
            self.sandbox.settings(token_shape=shape)
            account = self.connect_by_hand()
            self.assertEqual(account._get_secret('token'), self.sandbox.tokens()[0]['id'], shape)

    def test_just_the_scopes_of_what_is_ticked(self):
        filings = {'GET:pec.openapi.it/comunica_pec', 'POST:pec.openapi.it/comunica_pec',
                   'PATCH:pec.openapi.it/comunica_pec'}
        self.connect_by_hand(uses_domains=False)
        self.assertEqual({*self.sandbox.tokens()[0]['scopes']}, filings)
        account = self.connect_by_hand(uses_domains=True, uses_mailboxes=True, uses_companies=True)
        scopes = {*self.sandbox.tokens()[0]['scopes']}
        self.assertEqual({scope.split(':')[1].split('/')[0] for scope in scopes}, {
            'pec.openapi.it', 'company.openapi.com'})
        self.assertLess(filings, scopes)
        self.assertEqual(self.company._openapi_pec_client().list_mailboxes(), [])
        self.assertTrue(account.uses_companies)

    def test_limits_and_life(self):
        account = self.connect_by_hand(
            limit_amount=50, limit_requests=1000, limit_ips='127.0.0.1, ::1', token_days=30)
        [made] = self.sandbox.tokens()
        self.assertEqual(made['limits'], {'walletAmount': 50, 'ip': ['127.0.0.1', '::1'], 'totalRequests': 1000})
        self.assertAlmostEqual(made['expires_at'] - made['created_at'], 30 * 86400, delta=1)
        expires_at = account.expires_at.replace(tzinfo=datetime.timezone.utc)
        self.assertAlmostEqual(expires_at.timestamp(), made['expires_at'], delta=1)
        for wrong in ({'token_days': 0}, {'token_days': 366}, {'limit_amount': -1}, {'limit_ips': 'here'}, {
                'email': 'nobody'}):
            with self.assertRaisesRegex(UserError, "Nothing was changed or spent"):
                self.connect_by_hand(**wrong)
        self.assertEqual(len(self.sandbox.tokens()), 1)

    def test_a_short_life_is_no_alarm(self):
        """The warning that a token should have been renewed comes after the time for it, however long it lives."""
        for days, before, after in ((1, 1, 20), (7, 3 * 24, 6 * 24), (365, 340 * 24, 350 * 24)):
            with self.subTest(days=days):
                account = self.connect_by_hand(token_days=days)
                expires_at = account.expires_at
                for hours, is_told in ((0, False), (before, False), (after, True)):
                    account.expires_at = expires_at - timedelta(hours=hours)
                    self.assertEqual(bool(self.company._openapi_pec_get_expiry_sentence('sandbox')), is_told)
                account.expires_at = expires_at

    def test_another_account_is_told_as_one(self):
        """Filings of a pasted token are recognised: the account is the same."""
        self.company._openapi_pec_replace_token('sandbox', 'sandbox-token')
        filing = self.create_filing()
        self.submit(filing)
        self.company._openapi_pec_test()
        self.connect_by_hand()
        self.assertFalse(self.company._openapi_pec_get_account_sentence('sandbox'))
        self.run_cron('synchronize')
        self.assertEqual(filing.state, 'code_requested')

    def test_the_key_lies_nowhere_in_clear(self):
        form = Form(self.env['openapi_pec.connect'].with_user(self.system))
        form.email, form.api_key = EMAIL, KEY
        question = form.save()
        self.assertEqual(question.read(['api_key'])[0]['api_key'], MASK)
        [told] = question.web_save({'api_key': KEY}, {'api_key': {}})
        self.assertEqual(told['api_key'], MASK, "not even to who has just typed it")
        self.assert_nowhere(KEY)
        with self.real_transactions():
            question.action_connect()
        self.assert_nowhere(KEY)
        self.assertEqual(
            self.env['openapi_pec.secret'].search_count([('key', '=like', 'openapi_pec.connect,%')]), 0)
        forgotten = self.env['openapi_pec.connect'].with_user(self.system).create({'email': EMAIL, 'api_key': KEY})
        forgotten.unlink()
        self.assertEqual(
            self.env['openapi_pec.secret'].search_count([('key', '=like', 'openapi_pec.connect,%')]), 0)

    def assert_nowhere(self, secret):
        """No row of any table holds a secret."""
        self.env.flush_all()
        self.env.cr.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        self.env.cr.execute(SQL(" UNION ALL ").join(
            SQL("SELECT %s FROM %s AS whole_row WHERE strpos(whole_row::text, %s) > 0", table, SQL.identifier(table),
                secret) for [table] in self.env.cr.fetchall()))
        self.assertFalse(self.env.cr.fetchall())

    def test_who_may(self):
        for user in (self.user, self.manager, self.outsider):
            with self.assertRaises(AccessError):
                self.env['openapi_pec.connect'].with_user(user).create({'email': EMAIL, 'api_key': KEY})
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        with self.assertRaisesRegex(AccessError, "You do not work in"):
            self.env['openapi_pec.connect'].with_user(self.system).create(
                {'email': EMAIL, 'api_key': KEY, 'company_id': other.id}).action_connect()
        self.assertFalse(self.sandbox.tokens())


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestConnectInVain(ConnectCase):
    """What is wrong is said clearly, and nothing is lost."""

    def assert_unchanged(self, sentence, **typed):
        before = self.company._openapi_pec_get_token('sandbox')
        with self.assertRaisesRegex(UserError, sentence):
            self.connect_by_hand(**typed)
        self.env.invalidate_all()
        self.assertEqual(self.company._openapi_pec_get_token('sandbox'), before)

    def test_a_wrong_key(self):
        self.assert_unchanged("does not accept this e-mail and API key.*console.openapi.com", api_key='wrong')
        self.assert_unchanged("does not accept this e-mail and API key", email='somebody@example.com')
        self.assert_unchanged("Type the API key", api_key=False)
        self.assertFalse(self.env['openapi_pec.account'].search([('email', '=', EMAIL)]))

    def test_a_service_that_does_not_answer(self):
        self.sandbox.fault(LIST_SCOPES, 'error_before', status=500, times=-1)
        self.assert_unchanged("has not answered.*Nothing was spent")
        self.assertFalse(self.sandbox.tokens())

    def test_an_api_that_is_not_enabled(self):
        self.sandbox.settings(not_enabled=['company.openapi.com'])
        self.assert_unchanged(
            "not enabled the API that these need: Looking Up Companies.*console.openapi.com", uses_companies=True)
        self.connect_by_hand()
        self.assertTrue(self.company._openapi_pec_get_token('sandbox'))

    def test_each_documented_refusal(self):
        for status, code, sentence in (
                (422, 90, "a scope is missing, an API is not enabled.*other environment's.*console"),
                (422, 70, "cannot be connected now"), (422, 80, "cannot be connected now"),
                (401, 140, "does not accept this e-mail and API key"), (429, 0, "cannot be connected now")):
            self.sandbox.fault(MAKE_TOKEN, 'error_before', status=status, body={
                'success': False, 'message': 'refused', 'error': code})
            self.assert_unchanged(sentence)
        self.assertFalse(self.sandbox.tokens())

    def test_what_fails_keeps_no_key(self):
        account = self.connect_by_hand(keeps_key='forget')
        self.sandbox.fault(MAKE_TOKEN, 'error_before', status=422, body={
            'success': False, 'message': 'refused', 'error': 70})
        self.assert_unchanged("Nothing was changed or spent")
        self.assertFalse(account._get_secret('key'))

    def test_another_host(self):
        """Whoever sets the address of the service does not learn the keys of all accounts by it."""
        self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.oauth_base_url', 'https://oauth.example.com')
        self.assert_unchanged("sent to no other host")

    def test_an_answer_that_is_lost(self):
        self.sandbox.fault(MAKE_TOKEN, 'drop_after')
        account = self.connect_by_hand()
        [made] = self.sandbox.tokens()
        self.assertEqual(account._get_secret('token'), made['id'], "it is found by its name")

    def test_an_answer_that_is_lost_with_all_else(self):
        self.sandbox.fault(MAKE_TOKEN, 'drop_after')
        self.sandbox.fault(LIST_TOKENS, 'error_before', status=500)
        self.assert_unchanged("found by its name and deleted")
        [lost] = self.get_valid()
        account = self.connect_by_hand()
        self.assertEqual(self.get_valid(), [account._get_secret('token'), lost])
        self.keep_later(account)
        self.assertEqual(self.get_valid(), [account._get_secret('token')])
        self.keep_later(account)
        self.assertEqual(account.token_ids.mapped('state'), ['active', 'gone'])

    def test_a_call_that_was_never_made(self):
        self.sandbox.fault(MAKE_TOKEN, 'drop_before')
        self.assert_unchanged("has not answered")
        self.assertFalse(self.sandbox.tokens())

    def test_a_token_that_is_not_accepted(self):
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.sandbox.fault(LIST, 'error_before', status=401, times=-1, body={
            'success': False, 'message': 'Wrong Token', 'error': 125.22})
        self.assert_unchanged("(?s)key are right.*deleted again.*Nothing was changed or spent")
        self.assertFalse(self.get_valid(), "what was made is deleted at once")

    def test_a_token_that_is_accepted_late(self):
        self.patch(connecting, 'REQUEST_PATIENCE', 5)
        self.sandbox.weather(mood={'tokens_late': 1})
        self.connect_by_hand()
        self.assertTrue(self.company._openapi_pec_is_working('sandbox'))

    def test_in_a_copy(self):
        self.connect_by_hand()
        self.company._openapi_pec_write_facts('sandbox', home=['another', 'database'])
        self.assert_unchanged("may be a copy")
        self.assertEqual(len(self.sandbox.tokens()), 1)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestConnected(ConnectCase):
    """What can be done with an account that is connected."""

    def test_the_key_is_forgotten(self):
        account = self.connect_by_hand(keeps_key='forget')
        self.assertFalse(account.has_key)
        self.assertIn("without the API key", account._get_token_sentence())
        self.submit(filing := self.create_filing())
        self.assertEqual(filing.state, 'code_requested')
        self.connect_by_hand()
        self.assertTrue(account.has_key)
        self.connect_by_hand(keeps_key='forget')
        self.assertFalse(account.has_key)

    def test_a_second_company_joins(self):
        account = self.connect_by_hand(uses_mailboxes=True)
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.system.company_ids += other
        self.assertEqual(self.connect_by_hand(other, email='Mail@Domain.com', uses_domains=False), account)
        self.assertTrue(account.uses_mailboxes and account.uses_domains, "what the first one needs stays")
        self.assertEqual(self.company._openapi_pec_with_same_account('sandbox'), self.company + other)
        self.assertTrue(other._openapi_pec_is_working('sandbox'))
        with self.assertRaisesRegex(UserError, "does not accept"):
            self.connect_by_hand(self.env['res.company'].create({
                'name': "Terza S.r.l.", 'user_ids': [(4, self.system.id)]}), api_key='wrong')

    def test_who_joins_changes_nothing_for_the_others(self):
        account = self.connect_by_hand(limit_amount=50, token_days=30, keeps_key='forget')
        other = self.env['res.company'].create({'name': "Altra S.r.l.", 'user_ids': [(4, self.system.id)]})
        new = new_test_user(
            self.env, 'pec_joins', 'base.group_user,base.group_system', company_id=other.id, company_ids=other.ids)
        self.connect_by_hand(other, user=new, uses_mailboxes=True)
        self.assertEqual(account.company_ids, self.company + other)
        self.assertEqual(
            (account.limit_amount, account.token_days, account.has_key, account.user_id, account.uses_mailboxes),
            (50, 30, False, self.system, True), "a feature is added, and nothing else")
        self.assertEqual(self.sandbox.tokens()[0]['limits'], {'walletAmount': 50})
        for typed in ({}, {'account_id': account.id}):  # from now on it is one of several that use it
            with self.assertRaisesRegex(AccessError, "You do not work in"):
                self.connect_by_hand(other, user=new, **typed)
        self.assertEqual(account.limit_amount, 50)

    def test_a_copy_of_one_of_them(self):
        self.connect_by_hand()
        self.company._openapi_pec_write_facts('sandbox', home=['another', 'database'])
        other = self.env['res.company'].create({'name': "Altra S.r.l.", 'user_ids': [(4, self.system.id)]})
        for company in (other, self.env['res.company']):
            with self.assertRaisesRegex(UserError, "may be a copy|Choose the company"):
                self.connect_by_hand(other, company_id=company.id)
        self.assertEqual(len(self.sandbox.tokens()), 1)

    def test_accounts_of_others_are_told_nothing_of(self):
        account = self.connect_by_hand()
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_stranger', 'base.group_user,base.group_system', company_id=other.id, company_ids=other.ids)
        questions = self.env['openapi_pec.connect'].with_user(stranger)
        spec = {'api_key': {}, 'account_id': {'fields': {'display_name': {}}}}
        typed = {'account_id': account.id, 'company_id': self.company.id}
        for ask in (
                lambda: questions.create({'account_id': account.id, 'email': EMAIL}),
                lambda: questions.with_context(default_account_id=account.id).create({'email': EMAIL}),
                lambda: questions.create({'email': EMAIL}).write({'account_id': account.id}),
                lambda: questions.onchange(typed, ['account_id'], spec),
                lambda: questions.with_context(default_account_id=account.id).onchange({}, [], spec)):
            with self.assertRaises(AccessError):
                ask()
        with self.assertRaises(AccessError):
            questions.onchange({'company_id': self.company.id, 'email': EMAIL}, ['email'], spec)

    def test_a_kept_key_lets_nobody_else_join(self):
        account = self.connect_by_hand()
        other = self.env['res.company'].create({'name': "Altra S.r.l.", 'user_ids': [(4, self.system.id)]})
        question = self.env['openapi_pec.connect'].with_user(self.system).with_context(
            allowed_company_ids=(other + self.company).ids).create(
            {'account_id': account.id, 'company_id': other.id, 'email': EMAIL})
        with self.assertRaisesRegex(UserError, "Type the API key"):
            question.action_connect()
        self.assertFalse(other._openapi_pec_get_connection('sandbox'))

    def change(self, account, **changed):
        """Open the account's question, change it, and press Change."""
        form = Form(self.env['openapi_pec.connect'].with_user(self.system).with_context(default_account_id=account.id))
        for name, value in changed.items():
            form[name] = value
        question = form.save()
        with self.real_transactions():
            question.action_connect()

    def test_changed_later(self):
        account = self.connect_by_hand(limit_amount=50)
        first = account._get_secret('token')
        self.change(account, uses_mailboxes=True, uses_domains=False, limit_amount=0)
        self.assertEqual(
            (account.uses_mailboxes, account.uses_domains, account.limit_amount, account.has_key),
            (True, False, 0, True))
        self.assertFalse(self.sandbox.tokens()[0]['limits'])
        self.assertEqual(self.get_valid(), [account._get_secret('token'), first], "calls with it may be under way")
        self.assertEqual(account.token_ids.mapped('state'), ['active', 'retiring'])
        self.keep_later(account)
        self.assertEqual(self.get_valid(), [account._get_secret('token')])
        self.assertEqual(account.token_ids.mapped('state'), ['active', 'gone'])
        self.assertFalse(self.company._openapi_pec_is_unsure('sandbox'))

    def test_changed_without_the_key(self):
        account = self.connect_by_hand(keeps_key='forget')
        with self.assertRaisesRegex(UserError, "Type the API key"):
            self.change(account, uses_mailboxes=True)
        self.change(account, uses_mailboxes=True, api_key=KEY)
        self.assertEqual((account.uses_mailboxes, account.has_key), (True, False))

    def test_disconnected(self):
        account = self.connect_by_hand()
        with self.real_transactions():
            action = account.with_user(self.system).action_disconnect()
        self.assertEqual(action['params']['type'], 'success')
        self.assertFalse(self.get_valid())
        self.assert_forgotten(account)
        self.assertEqual(self.connect_by_hand(), account, "and connected again")

    def test_disconnected_without_the_key(self):
        account = self.connect_by_hand(keeps_key='forget')
        with self.real_transactions():
            action = account.with_user(self.system).action_disconnect()
        self.assertIn("cannot revoke it", action['params']['message'])
        self.assertIn('https://console.openapi.com/oauth', action['params']['message'])
        self.assertEqual(len(self.get_valid()), 1)
        self.assert_forgotten(account)

    def test_disconnected_in_a_copy(self):
        account = self.connect_by_hand()
        self.company._openapi_pec_write_facts('sandbox', home=['another', 'database'])
        with self.real_transactions():
            account.with_user(self.system).action_disconnect()
        self.assertEqual(len(self.get_valid()), 1, "it is the live database's")
        self.assert_forgotten(account)

    def test_not_disconnected_while_the_service_is_silent(self):
        account = self.connect_by_hand()
        self.sandbox.fault(LIST_TOKENS, 'error_before', status=500, times=-1)
        with self.real_transactions(), self.assertRaisesRegex(UserError, "Nothing was changed or spent"):
            account.with_user(self.system).action_disconnect()
        self.assertTrue(account._get_secret('token'))
        with self.assertRaises(AccessError):
            account.with_user(self.manager).action_disconnect()

    def assert_forgotten(self, account):
        self.env.invalidate_all()
        self.assertFalse(any(map(account._get_secret, ('key', 'token', 'refresh'))))
        self.assertEqual((account.connection, account.expires_at), ('none', False))
        self.assertFalse(self.company._openapi_pec_get_token('sandbox'))
        self.assertFalse(account.company_ids)

    def test_in_the_settings(self):
        account = self.connect_by_hand()
        settings = self.env['res.config.settings'].with_user(self.system).create({})
        self.assertEqual((settings.openapi_pec_connection_id, settings.openapi_pec_token), (account, MASK))
        self.assertEqual(settings.openapi_pec_expires_at, account.expires_at)
        self.assertIn("renewed by itself", settings.openapi_pec_token_sentence)
        self.assertFalse(settings.openapi_pec_token_problem)
        account.token_problem = "Press Connect once."
        settings.invalidate_recordset()
        self.assertEqual(settings.openapi_pec_token_problem, account.token_problem)
        self.assertEqual(
            settings.action_openapi_pec_connect()['context']['default_account_id'], account.id)
        self.assert_secret_from_others()
        settings.openapi_pec_token = 'sandbox-token'
        settings.invalidate_recordset()
        self.assertFalse(
            settings.openapi_pec_connection_id or settings.openapi_pec_expires_at
            or settings.openapi_pec_token_sentence or settings.openapi_pec_token_problem)
        self.assertEqual(self.company._openapi_pec_get_token('sandbox'), 'sandbox-token')

    def assert_secret_from_others(self):
        """A system administrator of another company neither reads nor writes it."""
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_stranger', 'base.group_user,base.group_system', company_id=other.id, company_ids=other.ids)
        models = self.env['res.config.settings'].with_user(stranger)
        settings = models.create({'company_id': self.company.id})
        for name in ('connection_id', 'expires_at', 'token_sentence', 'token', 'account_sentence', 'pause_sentence'):
            self.assertFalse(settings[f'openapi_pec_{name}'], name)
        with self.assertRaisesRegex(AccessError, "You do not work in"):
            models.create({'company_id': self.company.id, 'openapi_pec_token': 'x'})
        with self.assertRaisesRegex(AccessError, "You do not work in"):
            settings.write({'openapi_pec_low_credit': 5})

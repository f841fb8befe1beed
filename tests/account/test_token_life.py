from contextlib import contextmanager, nullcontext

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.l10n_it_openapi_pec.models.account import connecting
from odoo.addons.l10n_it_openapi_pec.tools.api.client import PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import OauthClient, RenewalClient

from ..common import CREATE, LIST
from ..common_account import EMAIL, KEY
from ..common_oauth import CHANGE_TOKEN, DELETE_TOKEN, LIST_TOKENS, MAKE_TOKEN
from .test_connect import ConnectCase

ACTIVITY = 'l10n_it_openapi_pec.mail_activity_type_account'


class Killed(BaseException):
    """What ends a process at some moment; no code of ours sees it."""


class TokenCase(ConnectCase):
    """An account whose token expires in some days."""
    keeps_key = 'keep'

    def setUp(self):
        super().setUp()
        self.patch(connecting, 'PATIENCE', 0.2)
        self.account = self.connect_by_hand(keeps_key=self.keeps_key)
        self.first = self.account._get_secret('token')
        self.keep(self.account)
        self.assertEqual(self.get_token(), self.first, "it is not time yet")

    def get_token(self):
        self.env.invalidate_all()
        return self.account._get_secret('token')

    def be_due(self):
        """Let so much time pass that the token is to be renewed; at the service it lives on."""
        self.let_pass(self.account, days=340)

    def kill_at(self, target, name, after=False):
        """Have the process die when a method is called, or when it has ended."""
        original = getattr(target, name)

        def die(*arguments, **options):
            if after:
                original(*arguments, **options)
            raise Killed

        self.patch(target, name, die)

    @contextmanager
    def killed(self):
        """Expect the death of the process; what it has committed stays, as with no ``assertRaises``."""
        try:
            yield
        except Killed:
            return
        self.fail("it was not killed")

    def assert_valid(self):
        """The token in use is accepted."""
        PecClient(self.get_token(), self.sandbox.url).list_filings()

    def is_valid(self):
        try:
            self.assert_valid()
        except BadToken:
            return False
        return True

    def get_activities(self):
        return self.env['mail.activity'].search([
            ('res_model', '=', 'openapi_pec.account'), ('res_id', '=', self.account.id)])

    def assert_stopped(self):
        """The clear stop: nothing is sent, an administrator knows, and connecting anew ends it."""
        self.env.invalidate_all()
        self.assertEqual((self.account.connection, self.company.openapi_pec_pause_reason), ('lost', 'token'))
        self.assertIn("Press Connect", self.account.token_problem)
        [activity] = self.get_activities()
        self.assertEqual((activity.user_id, activity.activity_type_id), (self.system, self.env.ref(ACTIVITY)))
        made = len(self.sandbox.tokens())
        filing = self.create_filing()
        self.submit(filing)
        self.assertEqual((filing.state, self.sandbox.requested(CREATE)), ('queued', 0))
        for _run in range(3):
            self.keep_later(self.account, hours=1)
        self.assertEqual((len(self.sandbox.tokens()), len(self.get_activities())), (made, 1), "once, and no more")
        self.connect_by_hand(keeps_key=self.keeps_key)
        self.run_cron('dispatch')
        self.assertEqual(filing.state, 'code_requested')
        self.assertFalse(self.get_activities() or self.account.token_problem)
        self.assertFalse(self.company._openapi_pec_is_unsure('sandbox'))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRenewedWithTheKey(TokenCase):
    """Another token is made, put in place and tested before the one before is deleted: there is always a valid one."""

    def test_in_time(self):
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'drop_after')
        self.submit(filing)
        self.assertEqual(filing.state, 'unconfirmed')
        self.be_due()
        self.keep(self.account)
        self.assertNotEqual(self.get_token(), self.first)
        self.assertEqual(self.get_valid(), [self.get_token(), self.first])
        self.assertFalse(self.company._openapi_pec_is_unsure('sandbox'), "it is the same account")
        self.look_again(filing)
        self.assertEqual((filing.state, self.sandbox.executed()), ('code_requested', 1), "what was lost is settled")
        self.keep_later(self.account)
        self.assertEqual(self.get_valid(), [self.get_token()])
        self.assertEqual(self.account.token_ids.mapped('state'), ['active', 'gone'])
        self.assertEqual(self.account.token_ids.mapped('reason'), ['due', 'connected'])

    def test_killed_at_every_step(self):
        account = type(self.account)
        for target, name, after in (
                (OauthClient, 'make_token', False), (OauthClient, 'make_token', True),
                (account, '_try_made', False), (account, '_try_made', True), (account, '_put_in_place', False),
                (account, '_put_in_place', True), (OauthClient, 'find_tokens', True),
                (OauthClient, 'delete_token', False), (OauthClient, 'delete_token', True)):
            with self.subTest(name=name, after=after):
                self.be_due()
                original = getattr(target, name)
                self.kill_at(target, name, after)
                with self.killed():
                    for _run in range(3):
                        self.keep_later(self.account)
                        self.assert_valid()
                self.patch(target, name, original)
                self.assert_valid()
                for _run in range(4):
                    self.keep_later(self.account)
                    self.assert_valid()
                self.assertEqual(self.get_valid(), [self.get_token()], "nothing is left over")
                self.assertEqual({*self.account.token_ids.mapped('state')}, {'active', 'gone'})

    def test_each_documented_refusal(self):
        self.be_due()
        for operation, status, code in (
                (MAKE_TOKEN, 422, 90), (MAKE_TOKEN, 422, 80), (MAKE_TOKEN, 401, 140), (MAKE_TOKEN, 429, 0),
                (MAKE_TOKEN, 500, 0)):
            self.sandbox.fault(operation, 'error_before', status=status, body={
                'success': False, 'message': 'refused', 'error': code})
            self.keep_later(self.account)
            self.assertEqual(self.get_valid(), [self.first])
        [activity] = self.get_activities()
        self.assertEqual(activity.user_id, self.system)
        self.assertIn("could not be renewed", self.account.token_problem)
        self.keep_later(self.account)
        self.assertNotEqual(self.get_token(), self.first)
        self.assertFalse(self.get_activities() or self.account.token_problem)
        for status, code in ((404, 180), (500, 0), (429, 0)):
            self.sandbox.fault(DELETE_TOKEN, 'error_before', status=status, body={
                'success': False, 'message': 'Not Found', 'error': code})
        for _run in range(5):
            self.keep_later(self.account)
        self.assertEqual({*self.account.token_ids.mapped('state')}, {'active', 'gone'})
        self.assert_valid()

    def test_a_token_that_is_never_accepted(self):
        self.be_due()
        self.sandbox.weather(mood={'tokens_late': 3600})
        self.keep(self.account)
        self.assertEqual(self.get_valid(), [self.first], "it was deleted again, and the one before stays")
        self.assertIn("could not be renewed", self.account.token_problem)

    def test_refused_once(self):
        self.sandbox_delete(self.first)
        self.run_cron('synchronize')
        filing = self.create_filing()
        self.submit(filing)
        self.assertEqual(self.company.openapi_pec_pause_reason, 'token')
        self.keep(self.account)
        self.assert_valid()
        self.assertFalse(self.company.openapi_pec_pause_reason, "what is queued goes on")
        self.assertEqual(self.account.token_ids[0].reason, 'refused')
        self.sandbox_delete(self.get_token())
        self.submit(self.create_filing())
        self.keep(self.account)
        self.assert_stopped()

    def test_refused_with_a_key_that_is_refused_too(self):
        self.account._set_secret('key', 'wrong')
        self.sandbox_delete(self.first)
        self.submit(self.create_filing())
        self.keep(self.account)
        self.keep(self.account)
        self.assertEqual(self.account.connection, 'lost')
        self.assertTrue(self.get_activities())

    def test_a_silent_service_is_no_refusal(self):
        """The key is tried again as long as the service has not said no."""
        self.sandbox_delete(self.first)
        self.submit(self.create_filing())
        for fault, options in (('drop_before', {}), ('error_before', {'status': 500}), (
                'error_before', {'status': 429, 'body': {'success': False, 'message': 'slow down', 'error': 0}})):
            self.sandbox.fault(MAKE_TOKEN, fault, **options)
            self.keep(self.account)
            self.assertEqual(self.account.connection, 'active', fault)
        self.keep(self.account)
        self.assertEqual(self.account.connection, 'active')
        self.assert_valid()

    def test_tried_again_after_the_stop(self):
        self.account._set_secret('key', 'wrong')
        self.sandbox_delete(self.first)
        self.submit(self.create_filing())
        self.keep(self.account)
        self.assertEqual(self.account.connection, 'lost')
        self.account._set_secret('key', KEY)
        self.keep_later(self.account, hours=1)
        self.assertEqual(self.account.connection, 'lost', "not yet")
        self.keep_later(self.account, hours=6)
        self.assertEqual(self.account.connection, 'active')
        self.assertFalse(self.get_activities() or self.company.openapi_pec_pause_reason)
        self.assert_valid()

    def test_refused_for_a_scope(self):
        """A token that lacks a scope is valid: another one would lack it as well."""
        self.company._openapi_pec_pause('token', self.create_filing())
        self.assertTrue(self.account.refused_at)
        self.keep(self.account)
        self.assertEqual((self.get_token(), self.account.refused_at), (self.first, False))
        self.assertEqual(self.company.openapi_pec_pause_reason, 'token', "somebody has to tick the feature")
        self.sandbox.fault(LIST, 'error_before', status=403, times=-1, body={
            'success': False, 'message': 'no', 'error': 1})
        self.company._openapi_pec_note_refused('sandbox')
        self.keep(self.account)
        self.assertEqual((self.get_token(), self.account.connection), (self.first, 'active'))

    def test_in_a_copy(self):
        self.be_due()
        self.company._openapi_pec_write_facts('sandbox', home=['another', 'database'])
        self.run_cron('accounts')
        self.assertEqual(self.get_valid(), [self.first])
        self.assertEqual((len(self.sandbox.tokens()), self.sandbox.requested(LIST_TOKENS)), (1, 0))

    def test_what_another_database_has_made_is_never_deleted(self):
        """A copy that was connected with the same account, after its token was removed there."""
        client = OauthClient(self.account.email, self.account._get_secret('key'), self.sandbox.oauth_url)
        other = client.make_token(
            ['GET:test.pec.openapi.it/pec'], 'Odoo PEC 00000000/1/1 · live · Office', 86400).token
        self.connect_by_hand()
        for _run in range(3):
            self.keep_later(self.account, days=1)
        self.assertEqual(self.get_valid(), [self.get_token(), other])
        client.make_token(['GET:test.pec.openapi.it/pec'], 'of somebody else', 86400)
        with self.real_transactions():
            self.account.with_user(self.system).action_disconnect()
        self.assertEqual(len(self.get_valid()), 2)

    def make_elsewhere(self):
        """Make a token as a copy of this database does, which was restored under its name elsewhere."""
        client = OauthClient(EMAIL, KEY, self.sandbox.oauth_url)
        name = f"{self.env['openapi_pec.token']._get_family()}{self.account.id}/99999 · db · Office"
        return client.make_token(['GET:test.pec.openapi.it/comunica_pec'], name, 86400).token

    def test_another_database_of_the_same_name(self):
        """Neither takes the other one's token away, until a person says which one is live."""
        other = self.make_elsewhere()
        self.be_due()
        for _run in range(2):
            self.keep_later(self.account)
            self.assertEqual((self.get_token(), self.get_valid()), (self.first, [other, self.first]))
        self.assertTrue(self.account.has_double)
        self.assertIn("under the name and identity of this one", self.account.token_problem)
        self.assertEqual(len(self.get_activities()), 1)
        self.connect_by_hand()
        self.assertFalse(self.account.has_double or self.account.token_problem or self.get_activities())
        for _run in range(3):
            self.keep_later(self.account)
        self.be_due()
        self.keep(self.account)
        self.keep_later(self.account)
        self.assertEqual(self.get_valid(), [self.get_token(), other], "it goes on, and what is another one's stays")
        self.assertFalse(self.account.has_double)

    def test_another_database_stops_what_is_left_over_too(self):
        self.connect_by_hand()
        other = self.make_elsewhere()
        self.keep_later(self.account)
        self.assertEqual(self.get_valid(), [other, self.get_token(), self.first])
        with self.real_transactions():
            action = self.account.with_user(self.system).action_disconnect()
        self.assertIn("has revoked nothing", action['params']['message'])
        self.assertEqual(len(self.get_valid()), 3)
        self.assertNotIn('gone', self.account.token_ids.mapped('state'))

    def test_what_is_not_certain_has_not_ended(self):
        """A list that lacks rows does not say that a token is gone; nor does one that is read before it is made."""
        self.connect_by_hand()
        unreadable = {'status': 200, 'body': {'success': True, 'data': [{'token': 5}]}}
        self.sandbox.fault(LIST_TOKENS, 'error_before', **unreadable)
        self.keep_later(self.account)
        self.assertEqual(self.account.token_ids.mapped('state'), ['active', 'retiring'])
        self.sandbox.fault(MAKE_TOKEN, 'drop_before')
        with self.assertRaisesRegex(UserError, "has not answered"):
            self.connect_by_hand()
        self.sandbox.fault(LIST_TOKENS, 'error_before', **unreadable)
        with self.real_transactions():
            action = self.account.with_user(self.system).action_disconnect()
        self.assertEqual(self.account.token_ids.mapped('state'), ['making', 'gone', 'lost'])
        self.assertEqual(action['params']['type'], 'warning')
        for token in self.account.token_ids - self.account.token_ids[1]:
            self.assertIn(token.name, action['params']['message'])
        self.connect_by_hand()
        self.keep_later(self.account)
        self.keep_later(self.account)
        self.assertEqual(self.get_valid(), [self.get_token()], "it is found again with the key")

    def test_used_by_nobody_any_more(self):
        """Nothing is renewed; the token is revoked as soon as calls with it have ended, and the key is forgotten."""
        archived = self.env['res.company'].create({'name': "Archiviata S.r.l."})
        archived._openapi_pec_use_account(self.account)
        archived.active = False
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.run_cron('accounts')
        self.assertEqual(self.account.connection, 'active', "it may come back")
        archived._openapi_pec_set_token('sandbox', None)
        self.be_due()
        self.run_cron('accounts')
        self.assertEqual((self.account.connection, self.get_valid()), ('none', [self.first]))
        self.assertTrue(self.account._get_secret('key'))
        self.let_pass(self.account, minutes=11)
        for _run in range(2):
            self.run_cron('accounts')
        self.env.invalidate_all()
        self.assertFalse(self.get_valid() or any(map(self.account._get_secret, ('key', 'token', 'refresh'))))
        self.assertEqual(self.account.token_ids.mapped('state'), ['gone'])
        requested = len(self.sandbox.requests())
        self.run_cron('accounts')
        self.assertEqual(len(self.sandbox.requests()), requested)
        self.assert_seen_by_its_own_alone()

    def assert_seen_by_its_own_alone(self):
        other = new_test_user(self.env, 'pec_system', 'base.group_user,base.group_system')
        for user, is_seen in ((self.system, True), (other, False)):
            found = self.env['openapi_pec.account'].with_user(user).search([]) | self.env[
                'openapi_pec.token'].with_user(user).search([]).account_id
            self.assertEqual(self.account in found, is_seen, user.login)

    def test_used_by_nobody_and_the_key_is_refused(self):
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.account._set_secret('key', 'wrong')
        self.keep(self.account)
        self.keep_later(self.account)
        self.assertFalse(self.account._get_secret('key'))
        self.assertIn("cannot revoke it", self.account.token_problem)
        self.assertEqual((len(self.get_activities()), self.account.token_ids.state), (1, 'lost'))

    def test_neutralised(self):
        self.be_due()
        self.keep(self.account)
        self.env.flush_all()
        with file_open('l10n_it_openapi_pec/data/neutralize.sql') as statements:
            self.env.cr.execute(statements.read())
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        self.assertFalse(self.env['openapi_pec.secret'].search([]))
        self.assertEqual((self.account.connection, self.account.expires_at), ('none', False))
        self.assertFalse(self.account.company_ids or self.company._openapi_pec_get_token('sandbox'))
        self.assertEqual({*self.account.token_ids.mapped('state')}, {'gone'})
        requested = len(self.sandbox.requests())
        self.run_cron('accounts')
        self.assertEqual(len(self.sandbox.requests()), requested)

    def sandbox_delete(self, token):
        """Revoke a token at the service, as somebody does in the console."""
        OauthClient(self.account.email, 'sandbox-key', self.sandbox.oauth_url).delete_token(token)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRenewedWithoutTheKey(TokenCase):
    """Once, some days before its expiry; whatever happens then ends in a valid token or in the clear stop."""
    keeps_key = 'forget'

    def test_in_time(self):
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'drop_after')
        self.submit(filing)
        self.be_due()
        self.keep(self.account)
        self.assertNotEqual(self.get_token(), self.first)
        self.assertEqual(self.get_valid(), [self.get_token()])
        self.assertFalse(self.company._openapi_pec_is_unsure('sandbox'), "it is the same account")
        self.look_again(filing)
        self.assertEqual((filing.state, self.sandbox.executed()), ('code_requested', 1))
        self.assertEqual(self.account.token_ids.mapped('state'), ['active', 'gone'])
        self.keep_later(self.account)
        self.assertEqual(self.sandbox.requested(CHANGE_TOKEN), 1, "and it can be renewed again")
        self.be_due()
        self.keep(self.account)
        self.assertEqual(self.sandbox.requested(CHANGE_TOKEN), 2)
        self.assert_valid()

    def kill(self, target, name, after):
        """Renew, and be killed; then let the job run for some hours."""
        self.be_due()
        original = getattr(target, name)
        self.kill_at(target, name, after)
        with self.killed():
            self.keep(self.account)
        self.patch(target, name, original)
        was_valid = self.is_valid()
        for _run in range(3):
            self.keep_later(self.account, hours=1)
        return was_valid

    def test_killed_before(self):
        for target, name in ((type(self.account), '_set_renewing'), (RenewalClient, 'renew_token')):
            before = self.get_token()
            self.assertTrue(self.kill(target, name, False), name)
            self.assert_valid()
            self.assertEqual(self.account.connection, 'active')
            self.keep_later(self.account, hours=7)
            self.assertNotEqual(self.get_token(), before, "it is renewed at the next opportunity")
            self.assert_valid()

    def test_killed_right_after_it_was_made(self):
        self.assertFalse(self.kill(RenewalClient, 'renew_token', True))
        self.assert_stopped()

    def test_killed_before_it_was_kept(self):
        self.assertFalse(self.kill(type(self.account), '_put_in_place', False))
        self.assert_stopped()

    def test_killed_after_it_was_kept(self):
        self.kill(type(self.account), '_take_renewed', True)
        self.assertIn(self.account.connection, ('active', 'lost'))
        if self.account.connection == 'lost':
            self.assert_stopped()
        else:
            self.assert_valid()

    def test_what_was_lost_is_deleted_with_the_key(self):
        self.kill(RenewalClient, 'renew_token', True)
        [lost] = self.get_valid()
        self.connect_by_hand()
        for _run in range(3):
            self.keep_later(self.account)
        self.assertEqual(self.get_valid(), [self.get_token()])
        self.assertNotEqual(self.get_token(), lost)

    def test_an_answer_that_is_lost(self):
        self.be_due()
        self.sandbox.fault(CHANGE_TOKEN, 'drop_after')
        self.keep(self.account)
        self.keep_later(self.account)
        self.assert_stopped()

    def test_a_call_that_did_not_arrive(self):
        self.be_due()
        self.sandbox.fault(CHANGE_TOKEN, 'drop_before')
        self.keep(self.account)
        for _run in range(2):
            self.keep_later(self.account)
            self.assertEqual(self.get_token(), self.first)
        self.assertEqual(self.account.token_ids.state, 'active')
        self.keep_later(self.account, hours=7)
        self.assertNotEqual(self.get_token(), self.first)
        self.assert_valid()

    def test_each_documented_refusal(self):
        self.be_due()
        for status, code in ((401, 130), (404, 160), (422, 100), (422, 110), (400, 150), (429, 0)):
            self.sandbox.fault(CHANGE_TOKEN, 'error_before', status=status, body={
                'success': False, 'message': 'refused', 'error': code})
            self.keep_later(self.account, hours=7)
            self.assertEqual((self.get_token(), self.account.token_ids.state), (self.first, 'active'), status)
            self.assertIn("could not be renewed", self.account.token_problem)
        self.assertEqual(len(self.get_activities()), 1)
        self.keep_later(self.account, hours=7)
        self.assertNotEqual(self.get_token(), self.first)

    def test_a_service_that_asks_for_patience(self):
        self.sandbox.fault(LIST, 'error_before', status=401, times=2, body={
            'success': False, 'message': 'Wrong Token', 'error': 125.22})
        self.company._openapi_pec_note_refused('sandbox')
        self.sandbox.fault(CHANGE_TOKEN, 'error_before', status=429, body={
            'success': False, 'message': 'slow down', 'error': 0})
        self.keep(self.account)
        self.assertEqual((self.account.connection, self.get_token()), ('active', self.first))
        self.keep(self.account)
        self.assertEqual((self.account.connection, self.sandbox.requested(CHANGE_TOKEN)), ('active', 2))
        self.assertNotEqual(self.get_token(), self.first)

    def test_used_by_nobody_any_more(self):
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.keep(self.account)
        self.assertFalse(self.account._get_secret('token') or self.account._get_secret('refresh'))
        self.assertIn("cannot revoke it", self.account.token_problem)
        for _run in range(2):
            self.keep_later(self.account)
        self.assertEqual(len(self.get_activities()), 1)

    def test_refused(self):
        """One renewal at most; the refresh token of what was revoked is not accepted: the clear stop."""
        OauthClient(self.account.email, 'sandbox-key', self.sandbox.oauth_url).delete_token(self.first)
        self.submit(self.create_filing())
        self.keep(self.account)
        self.assertEqual(self.sandbox.requested(CHANGE_TOKEN), 1)
        self.assertEqual(self.account.connection, 'lost')
        self.assertEqual(len(self.get_activities()), 1)

    def test_without_a_refresh_token(self):
        self.account._set_secret('refresh', None)
        self.be_due()
        self.keep(self.account)
        self.assertIn("cannot be renewed without the API key", self.account.token_problem)
        self.assertEqual(len(self.get_activities()), 1)
        self.assert_valid()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestJustOneAtATime(TokenCase):
    """What another process is doing with an account is left to it."""

    def test_held(self):
        self.be_due()
        self.patch(type(self.account), '_hold', lambda account: nullcontext(False))
        self.keep(self.account)
        self.assertEqual(self.get_valid(), [self.first])
        with self.assertRaisesRegex(UserError, "being renewed at this moment"):
            self.connect_by_hand()
        with self.real_transactions(), self.assertRaisesRegex(UserError, "being renewed"):
            self.account.with_user(self.system).action_disconnect()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOneForEach(TokenCase):
    """What is wrong with one account, or one step, holds up no other."""

    def test_a_step_that_fails(self):
        other = self.connect(environment='production')
        keep = type(self.account)._keep_token

        def fail(account):
            if account.id == self.account.id:
                raise ZeroDivisionError
            keep(account)

        self.patch(type(self.account), '_keep_token', fail)
        with self.assertLogs('odoo.addons.l10n_it_openapi_pec.models.account.account', 'ERROR') as caught:
            self.run_cron('accounts')
        self.assertEqual(len(caught.output), 1)
        self.env.invalidate_all()
        self.assertTrue(self.account.callbacks_read_at and other.callbacks_read_at and other.prices_read_at)

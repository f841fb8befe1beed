import base64
import datetime
import logging
import pickle

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api import oauth_client
from odoo.addons.l10n_it_openapi_pec.tools.api import pages as pages_module
from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS, PRODUCTION_HOSTS, PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    Gone,
    NoCredit,
    NotEnabled,
    NotSent,
    OpenapiPecError,
    OtherRecord,
    OutcomeUnknown,
    Refused,
    Throttled,
    TooSlow,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import OAUTH_HOSTS, OauthClient, RenewalClient
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_data import Delivery, Limits, Scope, ScopeTerms, Transaction
from odoo.addons.l10n_it_openapi_pec.tools.api.refusals import (
    DOCUMENTED,
    EMPTY_LISTS,
    NOT_ENABLED,
    UNKNOWN_OF_ACCOUNT,
)
from odoo.addons.l10n_it_openapi_pec.tools.secrecy.token_mask import mask_tokens

from sandbox_api import specification

from ..common import BODY, CREATE, LIST
from ..common_company import CODE
from ..common_oauth import (
    CHANGE_TOKEN,
    COMPANIES,
    DAY,
    DELETE_TOKEN,
    EMAIL,
    FILINGS,
    KEY,
    LIST_CALLBACKS,
    LIST_SCOPES,
    LIST_TOKENS,
    MAKE_TOKEN,
    NAME,
    READ_SCOPE,
    READ_TOKEN,
    REFRESH_TOKEN,
    SCOPE_ID,
    TOKEN,
    TRANSACTIONS,
    UNKNOWN_TOKEN,
    WALLET,
    YEAR,
    OauthMixin,
    get_example,
    get_examples,
    get_token_example,
)

UTC = datetime.timezone.utc
CH_START = Scope(SCOPE_ID, 'GET:company.openapi.com/CH-start', None)
# operation of the service -> function of a client, and of the address of the service, that calls it
CALLS = {
    MAKE_TOKEN: lambda client, url: client.make_token(FILINGS, NAME, DAY),
    LIST_TOKENS: lambda client, url: client.find_tokens(''),
    READ_TOKEN: lambda client, url: client.get_token(TOKEN),
    CHANGE_TOKEN: lambda client, url: RenewalClient(TOKEN, REFRESH_TOKEN, url).renew_token(DAY),
    DELETE_TOKEN: lambda client, url: client.delete_token(TOKEN),
    LIST_SCOPES: lambda client, url: client.list_scopes(),
    READ_SCOPE: lambda client, url: client.get_terms(CH_START),
    WALLET: lambda client, url: client.get_wallet(),
    TRANSACTIONS: lambda client, url: client.list_transactions(),
    LIST_CALLBACKS: lambda client, url: client.list_callbacks(),
}
# those that change something -> operation of the table of refusals
CHANGES = {MAKE_TOKEN: 'token_make', CHANGE_TOKEN: 'token_renew', DELETE_TOKEN: 'token_delete'}
# refusals that are none to the client: an empty list, a token that is gone already
TAKEN = {(LIST_TOKENS, 404), (LIST_CALLBACKS, 404), (DELETE_TOKEN, 404)}


class CallsCase(OauthMixin, BaseCase):

    def call(self, operation, client=None):
        return CALLS[operation](client or self.client, self.sandbox.oauth_url)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOauthExamples(CallsCase):
    """The vendor's own examples, replayed over a socket: each documented answer of each call that is used."""

    def test_token(self):
        """Bare as the specification has it, below "data" as its lists have it, with and without "success"."""
        told = get_token_example()
        for wrap in (
            lambda token: token, lambda token: {'data': token},
            lambda token: {'data': token, 'success': True, 'message': '', 'error': None},
        ):
            self.answer(MAKE_TOKEN, wrap({**told, 'name': NAME}))
            self.answer(CHANGE_TOKEN, wrap(told))
            self.answer(READ_TOKEN, wrap(told))
            made, renewed, read = self.make(), self.call(CHANGE_TOKEN), self.call(READ_TOKEN)
            self.assertEqual((made.name, renewed.name), (NAME, "Service X API token"))
            for token in (made, renewed, read):
                self.assertEqual((token.token, token.refresh_token), (TOKEN, REFRESH_TOKEN))
                self.assertEqual(token.scopes, ('GET:api.openapi.com/resource',))
                self.assertEqual(token.created_at, datetime.datetime(2025, 11, 19, 10, tzinfo=UTC))
                self.assertEqual(token.expires_at, datetime.datetime(2025, 12, 19, 10, tzinfo=UTC))
                self.assertEqual(token.limits, Limits(50.0, ('192.168.1.1', '10.0.0.2'), 10000, 1000))
                self.assertEqual((token.requests, token.spent), (1234, 12.5))

    def test_tokens(self):
        for data in ([get_token_example()], [get_token_example(), {**get_token_example(), 'token': 'b' * 24}]):
            self.answer(LIST_TOKENS, {'data': data})
            self.assertEqual(len(self.client.find_tokens('Service X')), len(data))
        self.answer(LIST_TOKENS, {'data': data})
        self.assertEqual(self.client.find_tokens("Odoo"), [])

    def test_wallet(self):
        self.answer(WALLET, get_example(WALLET))
        wallet = self.client.get_wallet()
        self.assertEqual(wallet[:2], (125.5, datetime.datetime(2026, 2, 12, 8, 30, tzinfo=UTC)))

    def test_transactions(self):
        self.answer(TRANSACTIONS, get_example(TRANSACTIONS))
        found = self.client.list_transactions()
        self.assertEqual(found, [
            Transaction('txn_65a1b2c3d4e5f6789abc001', -15.5, datetime.datetime(2026, 2, 12, 8, 30, tzinfo=UTC),
                        "API usage - company.openapi.com", 'company.openapi.com'),
            Transaction('txn_65a1b2c3d4e5f6789abc002', 100.0, datetime.datetime(2026, 2, 10, 14, 15, tzinfo=UTC),
                        "Wallet recharge", ''),
            Transaction('txn_65a1b2c3d4e5f6789abc003', -5.25, datetime.datetime(2026, 2, 9, 11, 20, tzinfo=UTC),
                        "API usage - sms.openapi.com", 'sms.openapi.com')])

    def test_scope(self):
        self.answer(READ_SCOPE, get_example(READ_SCOPE))
        self.assertEqual(self.client.get_terms(CH_START), ScopeTerms(
            CH_START.name, False, {'ch-start': 0.06}, None, ('id_card', 'oa_general_contract')))

    def test_callbacks(self):
        self.answer(LIST_CALLBACKS, get_example(LIST_CALLBACKS, name='list'))
        found = self.client.list_callbacks()
        first = datetime.datetime(2026, 2, 12, 10, tzinfo=UTC)
        self.assertEqual(found[0], Delivery(
            '65a1b2c3d4e5f6789abcdef0', 'POST:company.openapi.com/webhook', 'https://example.com/callback', 200, first,
            first + datetime.timedelta(seconds=5)))
        self.assertEqual((len(found), found[1].completed_at), (2, None))
        # what is one callback, asked for by its id, is no list
        self.answer(LIST_CALLBACKS, get_example(LIST_CALLBACKS, name='detail'))
        with self.assertRaises(OutcomeUnknown):
            self.client.list_callbacks()

    def test_deleted(self):
        for body in ({'message': 'Deleted', 'data': None}, {'message': 'Deleted', 'data': None, 'success': True}):
            self.answer(DELETE_TOKEN, body)
            self.assertIs(self.client.delete_token(TOKEN), True)

    def test_documented_refusals(self):
        seen = set()
        for (operation, status), _content in specification.OAUTH.get_documented_answers().items():
            for example in get_examples(operation, status) if operation in CALLS and status >= 400 else []:
                self.answer(operation, example, status)
                seen.add((operation, status, example['error']))
                with self.subTest(operation=operation, status=status, code=example['error']):
                    if (operation, status) in TAKEN:
                        self.assertFalse(self.call(operation))
                        continue
                    with self.assertRaises(Refused) as raised:
                        self.call(operation)
                    error = raised.exception
                    self.assertEqual((error.status, error.code), (status, example['error']))
                    self.assertEqual(isinstance(error, BadToken), status == 401)
                    self.assertEqual(isinstance(error, Gone), status == 404)
                    self.assertEqual(isinstance(error, NotEnabled), 'API not enabled' in example['message'])
        self.assertEqual(len(seen), 3 + 2 + 2 + 6 + 2 + 1 + 2, sorted(seen))

    def test_the_tables_are_the_specification(self):
        codes = {
            (operation, status): {(status, str(example['error'])) for example in get_examples(operation, status)}
            for operation, status in specification.OAUTH.get_documented_answers() if status >= 400}
        for operation, name in CHANGES.items():
            documented = set().union(*(
                found for (its_name, status), found in codes.items() if its_name == operation and status != 401))
            self.assertEqual(DOCUMENTED[name], documented, operation)
        self.assertEqual(UNKNOWN_OF_ACCOUNT, set().union(*(
            codes[operation, 404] for operation in (READ_TOKEN, CHANGE_TOKEN, DELETE_TOKEN, READ_SCOPE))))
        for path, operation in (('/tokens', LIST_TOKENS), ('/callbacks', LIST_CALLBACKS)):
            self.assertEqual({EMPTY_LISTS[path]}, codes[operation, 404])
        self.assertEqual(NOT_ENABLED, {
            (status, str(example['error'])) for operation, status in codes
            for example in get_examples(operation, status) if 'API not enabled' in example['message']})
        servers = {server['description'].lower(): server['url'] for server in specification.OAUTH.specification[
            'servers']}
        self.assertEqual(OAUTH_HOSTS, servers)
        self.assertFalse(set(OAUTH_HOSTS.values()) & set(HOSTS.values()))
        self.assertIn('oauth.openapi.com', PRODUCTION_HOSTS)
        self.assertNotIn('test.oauth.openapi.com', PRODUCTION_HOSTS)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOauthClient(CallsCase):
    """Tokens that are made, used, limited, renewed and revoked, on the sandbox API."""

    def test_life(self):
        """Made, used, found by its name, revoked; in both shapes that an answer may have."""
        for shape in ('bare', 'data'):
            self.sandbox.reset(token_shape=shape)
            token = self.make()
            self.assertEqual((token.name, token.scopes, token.limits), (NAME, FILINGS, Limits()))
            self.assertEqual(token.expires_at - token.created_at, datetime.timedelta(days=1))
            self.assertEqual(token.get_lacking(FILINGS), ())
            self.assertEqual(self.use(token).list_filings(), [])
            self.use(token).create_filing(BODY)
            self.assertEqual(self.client.find_tokens("Odoo PEC test 1")[0].token, token.token)
            self.assertEqual(self.client.find_tokens("Odoo PEC test 2"), [])
            read = self.client.get_token(token.token)
            self.assertEqual((read.token, read.requests, read.spent), (token.token, 2, 15.7))
            self.assertIs(self.client.delete_token(token.token), True)
            self.assertIs(self.client.delete_token(token.token), False)
            self.assertEqual(self.client.find_tokens(''), [])
            with self.assertRaises(BadToken) as raised:
                self.use(token).list_filings()
            self.assertEqual((raised.exception.status, raised.exception.code), (401, 125.22))
            with self.assertRaises(Gone):
                self.client.get_token(token.token)

    def test_lifetimes(self):
        for ttl, seconds in ((3600, 3600), (YEAR, YEAR), (2 * YEAR, YEAR), (0, 30 * DAY), (-5, 30 * DAY)):
            token = self.make(ttl=ttl)
            self.assertEqual((token.expires_at - token.created_at).total_seconds(), seconds)

    def test_expired(self):
        token = self.make(ttl=60)
        self.use(token).list_filings()
        self.sandbox.settings(ahead=61)
        with self.assertRaises(BadToken):
            self.use(token).list_filings()
        with self.assertRaises(BadToken):
            self.renew(token)
        with self.assertRaises(Gone):
            self.client.get_token(token.token)
        self.assertEqual(self.client.find_tokens(''), [])
        self.assertIs(self.client.delete_token(token.token), False)

    def test_scopes(self):
        """A token opens what it was made for, and nothing else; in the sandbox only its own scopes are known."""
        reading = self.make([FILINGS[0]])
        self.use(reading).list_filings()
        for call in (lambda: self.use(reading).create_filing(BODY), lambda: self.use(reading).list_mailboxes(),
                     lambda: self.use_for_companies(reading).look_up_company(CODE)):
            with self.assertRaises(BadToken) as raised:
                call()
            self.assertEqual(raised.exception.status, 403)
        companies = self.make(COMPANIES)
        self.assertEqual(self.use_for_companies(companies).look_up_company(CODE).tax_code, CODE)
        with self.assertRaises(BadToken):
            self.use(companies).list_filings()
        live = OauthClient(EMAIL, 'production-key', self.sandbox.oauth_url)
        live_scopes = [scope.replace('test.', '') for scope in FILINGS]
        self.use(live.make_token(live_scopes, NAME, DAY)).list_filings()
        for client, scopes in [
                (live, FILINGS), (self.client, live_scopes), (self.client, ['GET:test.pec.openapi.it/none']),
                (self.client, [*FILINGS, 'nonsense'])]:
            with self.assertRaises(NotEnabled):
                client.make_token(scopes, NAME, DAY)
        self.assertEqual(len(self.client.find_tokens('')), 2, "those of the other key are not told")

    def test_accepted_late(self):
        """A service may know a new token later than OAuth does."""
        self.sandbox.settings(mood={'tokens_late': 30})
        token = self.make()
        with self.assertRaises(BadToken):
            self.use(token).list_filings()
        self.assertEqual(self.client.get_token(token.token).token, token.token)
        self.sandbox.settings(ahead=31)
        self.use(token).list_filings()

    def test_not_enabled(self):
        for not_enabled in (['company.openapi.com'], ['GET:company.openapi.com/IT-advanced']):
            self.sandbox.settings(not_enabled=not_enabled)
            with self.assertRaises(NotEnabled) as raised:
                self.make((*FILINGS, *COMPANIES))
            self.assertEqual((raised.exception.status, raised.exception.code), (422, 90))
            [scope] = [scope for scope in self.client.list_scopes() if scope.name == COMPANIES[0]]
            self.assertIs(scope.is_enabled, False)
            self.assertEqual(self.client.get_terms(scope).unmet, ('oa_general_contract',))
            self.make()
        with self.assertRaises(Refused) as raised:
            self.make(())
        self.assertEqual(raised.exception.code, 70)

    def test_fewer_scopes_than_asked_for(self):
        self.answer(MAKE_TOKEN, {**get_token_example(), 'name': NAME, 'scopes': [FILINGS[0].upper(), 5, None]})
        self.assertEqual(self.make().get_lacking(FILINGS), FILINGS[1:])

    def test_accounts(self):
        """An account sees its own tokens, and its tokens open its own filings."""
        other = OauthClient('other@domain.com', KEY, self.sandbox.oauth_url)
        token = self.make()
        self.assertEqual(other.find_tokens(''), [])
        with self.assertRaises(Gone):
            other.get_token(token.token)
        self.assertIs(other.delete_token(token.token), False)
        self.use(token).create_filing(BODY)
        self.assertEqual(self.use(other.make_token(FILINGS, NAME, DAY)).list_filings(), [])
        self.assertEqual(self.use(token).list_filings().owners, {EMAIL})

    # ------------------------------------------------------------ limits

    def test_wallet_limit(self):
        token = self.make(limits=Limits(wallet_amount=20.0))
        self.assertEqual(token.limits, Limits(wallet_amount=20.0))
        self.use(token).create_filing(BODY)
        with self.assertRaises(NoCredit) as raised:
            self.use(token).create_filing(BODY)
        self.assertEqual((raised.exception.status, raised.exception.needed), (402, None))
        self.assertEqual((self.sandbox.executed(CREATE), self.client.get_wallet().credit), (1, 984.3))
        self.assertEqual(len(self.use(token).list_filings()), 1, "what costs nothing goes on")
        self.use(self.make()).create_filing(BODY)

    def test_limits_of_requests(self):
        token = self.make(limits=Limits(total_requests=2))
        for _allowed in range(2):
            self.use(token).list_filings()
        with self.assertRaises(BadToken):
            self.use(token).list_filings()
        self.assertEqual(self.client.get_token(token.token).requests, 3)
        token = self.make(COMPANIES, limits=Limits(wallet_requests=1))
        self.sandbox.settings(free_looks=1)
        for _free_and_paid in range(2):
            self.use_for_companies(token).look_up_company(CODE)
        with self.assertRaises(NoCredit):
            self.use_for_companies(token).look_up_company(CODE)

    def test_limit_of_addresses(self):
        self.use(self.make(limits=Limits(ips=('127.0.0.1', '192.0.2.1')))).list_filings()
        token = self.make(limits=Limits(ips=('192.0.2.1',)))
        with self.assertRaises(BadToken):
            self.use(token).list_filings()

    # ------------------------------------------------------------ renewal

    def test_renewal(self):
        old = self.make(limits=Limits(wallet_amount=50.0))
        new = self.renew(old, 2 * DAY)
        self.assertNotIn(old.token, (new.token, new.refresh_token))
        self.assertNotEqual(old.refresh_token, new.refresh_token)
        self.assertEqual((new.name, new.scopes, new.limits), (old.name, old.scopes, old.limits))
        self.assertEqual(new.expires_at - new.created_at, datetime.timedelta(days=2))
        self.assertEqual(self.use(new).list_filings(), [])
        self.assertEqual(self.get_valid(), [new.token], "the old one was deleted with it")
        for spent in (old, old):
            with self.assertRaises(BadToken) as raised:
                self.renew(spent)
            self.assertEqual((raised.exception.status, raised.exception.code), (401, 130))
        newest = self.renew(new)
        self.assertEqual(newest.expires_at - newest.created_at, datetime.timedelta(days=2))

    def test_renewal_of_another_token(self):
        first, second = self.make(), self.make()
        client = RenewalClient(first.token, second.refresh_token, self.sandbox.oauth_url)
        with self.assertRaises(Gone):
            client.renew_token()
        with self.assertRaises(BadToken):  # a token is not its own refresh token
            RenewalClient(first.token, first.token, self.sandbox.oauth_url).renew_token()
        self.assertEqual(set(self.get_valid()), {first.token, second.token})

    def test_renewal_of_what_was_revoked(self):
        token = self.make()
        self.client.delete_token(token.token)
        with self.assertRaises(BadToken):
            self.renew(token)

    def test_lost_renewal(self):
        """Without the key nothing is left; with the key the new token is found by its name."""
        for fault in ('drop_after', 'truncate', 'wrong_json', 'wrong_shape', 'error_after'):
            self.sandbox.reset()
            old = self.make()
            self.sandbox.fault(CHANGE_TOKEN, fault)
            with self.subTest(fault=fault):
                with self.assertRaises(OutcomeUnknown):
                    self.renew(old)
                with self.assertRaises(BadToken):
                    self.use(old).list_filings()
                [new] = self.client.find_tokens(NAME)
                self.assertEqual(self.use(new).list_filings(), [])

    def test_lost_creation(self):
        """What it leaves over is found by its name, and deleted."""
        for fault, left in (('drop_before', 0), ('drop_after', 1), ('truncate', 1), ('error_after', 1), ('twice', 2)):
            self.sandbox.reset()
            kept = self.make(name="Odoo PEC test 1 kept")
            self.make(name="Another program's")
            self.sandbox.fault(MAKE_TOKEN, fault)
            with self.subTest(fault=fault):
                try:
                    self.make()
                except OutcomeUnknown:
                    self.assertNotEqual(fault, 'twice')
                found = self.client.find_tokens("Odoo PEC test 1")
                self.assertEqual((len(found), found.unreadable, found.is_whole), (left + 1, 0, True))
                for token in found:
                    if token.token != kept.token:
                        self.assertTrue(self.client.delete_token(token.token))
                self.assertEqual(len(self.get_valid()), 2)

    # ------------------------------------------------------------ money

    def test_wallet(self):
        self.assertEqual(self.client.get_wallet().credit, 1000)
        token = self.make()
        self.use(token).create_filing(BODY)
        self.assertEqual(self.client.get_wallet().credit, 984.3)
        self.sandbox.settings(credit=0)
        self.assertEqual(self.client.get_wallet().credit, 0)
        with self.assertRaises(NoCredit):
            self.use(token).create_filing(BODY)

    def test_transactions(self):
        """Each call stands there, or they are summed up by day and host; what came in stands by itself."""
        token = self.make((*FILINGS, *COMPANIES))
        self.sandbox.settings(free_looks=0)
        for _number in range(3):
            self.use(token).create_filing(BODY)
            self.use_for_companies(token).look_up_company(CODE)
        self.sandbox.book(50, "Wallet recharge")
        self.sandbox.book(-2, "Monthly fee")
        found = self.client.list_transactions()
        self.assertEqual([(row.amount, row.host) for row in found], [
            (-2, ''), (50, ''), *[(-0.1, 'company.openapi.com'), (-15.7, 'pec.openapi.it')] * 3, (1000, '')])
        self.assertAlmostEqual(sum(row.amount for row in found), self.client.get_wallet().credit)
        self.sandbox.settings(transactions='sums')
        summed = self.client.list_transactions()
        self.assertEqual([(row.amount, row.host) for row in summed], [
            (-2, ''), (50, ''), (-0.3, 'company.openapi.com'), (-47.1, 'pec.openapi.it'), (1000, '')])
        self.assertAlmostEqual(sum(row.amount for row in summed), self.client.get_wallet().credit)
        self.sandbox.settings(ahead=DAY)
        self.use(self.make()).create_filing(BODY)
        self.assertEqual([row.amount for row in self.client.list_transactions()][:2], [-15.7, -2])

    def test_late_transactions(self):
        self.sandbox.settings(mood={'transactions_late': 600})
        self.use(self.make()).create_filing(BODY)
        self.assertEqual(self.client.list_transactions(), [])
        self.sandbox.settings(ahead=601)
        self.assertEqual([row.amount for row in self.client.list_transactions()], [-15.7, 1000])

    def test_transactions_since(self):
        for days in range(5):
            self.sandbox.settings(ahead=days * DAY)
            self.sandbox.book(-1 - days, "API usage - pec.openapi.it")
        since = datetime.datetime.now(UTC) + datetime.timedelta(days=2.5)
        found = self.client.list_transactions(since)
        self.assertEqual(([row.amount for row in found], found.is_whole), ([-5, -4], True))
        self.answer(TRANSACTIONS, {'data': [
            {'id': 'a', 'amount': -1, 'createdAt': None},
            {'id': 'b', 'amount': -2, 'createdAt': '2020-01-01T00:00:00Z'}]})
        self.answer(TRANSACTIONS, {'data': []})
        self.assertEqual([row.id for row in self.client.list_transactions(since)], ['a'], "what has no time may be it")

    def test_transactions_oldest_first(self):
        """A page of old rows ends nothing where the newest come last: what is asked for is still to come."""
        self.sandbox.settings(transactions='oldest_first')
        self.patch(pages_module, 'PAGE', 3)
        for days in range(5):
            self.sandbox.settings(ahead=days * DAY)
            self.sandbox.book(-1 - days, "API usage - pec.openapi.it")
        since = datetime.datetime.now(UTC) + datetime.timedelta(days=3.5)
        found = self.client.list_transactions(since)
        self.assertEqual(([row.amount for row in found], found.is_whole), ([-5], True))
        self.patch(pages_module, 'MAX_PAGES', 1)
        self.assertFalse(self.client.list_transactions(since).is_whole)
        self.sandbox.settings(transactions='each')
        self.patch(pages_module, 'MAX_PAGES', 2)
        found = self.client.list_transactions(since)
        self.assertEqual(([row.amount for row in found], found.is_whole), ([-5], True), "the newest first")

    def test_more_rows_than_were_asked_for(self):
        self.patch(pages_module, 'PAGE', 3)
        rows = [{'id': str(number), 'amount': -1, 'createdAt': '2020-01-01T00:00:00Z'} for number in range(4)]
        for since in (None, datetime.datetime.now(UTC)):
            self.answer(TRANSACTIONS, {'data': rows})
            self.assertFalse(self.client.list_transactions(since).is_whole)
            self.assertEqual(self.sandbox.requested(TRANSACTIONS), 1)
            self.sandbox.reset()

    def test_prices(self):
        scopes = {scope.name: scope for scope in self.client.list_scopes()}
        self.assertTrue(set(FILINGS) | set(COMPANIES) <= scopes.keys())
        self.assertTrue(all(scope.is_enabled for scope in scopes.values()))
        self.sandbox.settings(price=17.2)
        self.assertEqual(self.client.get_terms(scopes[FILINGS[1]]).prices, {'comunica_pec': 17.2})
        self.assertEqual(self.client.get_terms(scopes[FILINGS[0]]).prices, {})
        terms = self.client.get_terms(scopes[COMPANIES[0]])
        self.assertEqual((terms.prices, terms.free_a_month, terms.unmet), ({'it-advanced': 0.1}, 30, ()))
        with self.assertRaises(Gone):
            self.client.get_terms(Scope('x', FILINGS[0], True))
        with self.assertRaises(OtherRecord):
            self.client.get_terms(scopes[FILINGS[1]]._replace(name=FILINGS[0]))

    # ------------------------------------------------------------ callbacks

    def test_callbacks(self):
        """One that was answered, here by nothing but a 404, one that nobody answered; without what is secret in them.
        """
        secret = 'c' * 43
        for url in (f'{self.sandbox.url}/openapi_pec/callback/{secret}', f'http://127.0.0.1:9/x?access_token={secret}'):
            self.use(self.make()).create_filing({**BODY, 'callback': {'url': url, 'method': 'JSON', 'data': {'r': 1}}})
            [remote_id] = [filing['id'] for filing in self.sandbox.filings()][:1]
            self.sandbox.set_stato('in_attesa_di_documenti', [remote_id])
            while self.sandbox.stats()['callbacks_pending']:
                pass
        found = self.client.list_callbacks()
        self.assertEqual([(row.status, row.address) for row in found], [
            (0, 'http://127.0.0.1:9/x'), (401, f'{self.sandbox.url}/openapi_pec/callback/***')])
        self.assertEqual({row.scope for row in found}, {FILINGS[1]})
        self.assertTrue(all(row.started_at <= row.completed_at for row in found))
        self.assertEqual(len(self.client.list_callbacks([FILINGS[1], 'x'])), 2)
        self.assertEqual(self.client.list_callbacks([FILINGS[0]]), [])
        later = datetime.datetime.now(UTC) + datetime.timedelta(days=1)
        self.assertEqual(self.client.list_callbacks(since=later), [])
        self.assertEqual(OauthClient('other@domain.com', KEY, self.sandbox.oauth_url).list_callbacks(), [])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOauthHostile(CallsCase):
    """Everything that can go wrong with a call, and what must never be told."""

    def test_credentials(self):
        """A wrong key, a key for a token, a token for a key: refused, and nothing was done."""
        token = self.make()
        for email, key in ((EMAIL, 'wrong'), ('nobody', KEY), (EMAIL, 'sandbox-token'), (EMAIL, token.token)):
            client = OauthClient(email, key, self.sandbox.oauth_url)
            for operation in CALLS.keys() - {CHANGE_TOKEN}:
                with self.subTest(operation=operation), self.assertRaises(BadToken):
                    self.call(operation, client)
        self.assertEqual(self.get_valid(), [token.token])
        with self.assertRaises(BadToken):
            PecClient(KEY, self.sandbox.url).list_filings()

    def test_not_sent(self):
        home = self.sandbox.oauth_url
        for email, key, url in [
            ('', KEY, home), (EMAIL, '', home), (EMAIL, None, home), ('a:b@c.it', KEY, home), (EMAIL, 'k\n', home),
            ('è@c.it', KEY, home), (EMAIL, KEY, 'http://192.0.2.1'), (EMAIL, KEY, ''),
        ]:
            with self.subTest(email=email, url=url), self.assertRaises(NotSent) as raised:
                OauthClient(email, key, url)
            self.assertIn(raised.exception.reason, ('no_key', 'no_https'))
        with self.assertRaises(NotSent):
            RenewalClient(TOKEN, '', self.sandbox.oauth_url)
        client = OauthClient(EMAIL, KEY, 'http://127.0.0.1:1')
        for call in CALLS.values():
            with self.assertRaises(NotSent):
                call(client, 'http://127.0.0.1:1')
        self.assertEqual(self.sandbox.stats()['requests'], {})

    def test_what_changes_something_is_called_once(self):
        self.patch(client_module, 'READ_PAUSES', (0.0, 0.0))
        for operation in CHANGES:
            for fault, is_executed, options in [
                ('drop_before', False, {}), ('drop_after', True, {}), ('truncate', True, {}),
                ('error_after', True, {'status': 500}), ('error_after', True, {'status': 503}), ('huge', True, {}),
                ('wrong_json', True, {}), ('not_envelope_4xx', False, {'status': 401}),
                ('not_envelope_4xx', False, {'status': 404}), ('redirect', False, {'location': 'http://127.0.0.1:9/'}),
                ('error_before', False, {'status': 409, 'body': {'success': False, 'error': 90, 'message': ''}}),
                ('error_before', False, {'status': 404, 'body': {'success': False, 'error': None, 'message': ''}}),
                ('error_before', False, {'status': 200, 'body': {}}),
                ('error_before', False, {'status': 200, 'body': []}),
                ('error_before', False, {'status': 200, 'body': {'success': False, 'error': 90, 'message': ''}}),
                ('error_before', False, {'status': 204, 'body': ''}), ('bomb', True, {}),
            ]:
                with self.subTest(operation=operation, fault=fault, **options):
                    self.sandbox.reset()
                    token = self.make()
                    self.sandbox.fault(operation, fault, **options)
                    calls = {
                        MAKE_TOKEN: self.make, CHANGE_TOKEN: lambda token=token: self.renew(token),
                        DELETE_TOKEN: lambda token=token: self.client.delete_token(token.token)}
                    with self.assertRaises(OutcomeUnknown):
                        calls[operation]()
                    once = 2 if operation == MAKE_TOKEN else 1
                    self.assertEqual(self.sandbox.requested(operation), once)
                    self.assertEqual(self.sandbox.executed(operation), once - 1 + is_executed)

    def test_reads_are_repeated(self):
        self.patch(client_module, 'READ_PAUSES', (0.0, 0.0))
        token = self.make()
        for operation, read, repeated in [
            (LIST_TOKENS, lambda: self.client.find_tokens(''), True), (LIST_SCOPES, self.client.list_scopes, True),
            (READ_TOKEN, lambda: self.client.get_token(token.token), True),
            (TRANSACTIONS, self.client.list_transactions, True), (LIST_CALLBACKS, self.client.list_callbacks, True),
            (WALLET, self.client.get_wallet, False),
        ]:
            self.sandbox.fault(operation, 'drop_after')
            with self.subTest(operation=operation):
                if repeated:
                    read()
                    continue
                with self.assertRaises(OutcomeUnknown):
                    read()
                self.assertEqual(self.sandbox.requested(operation), 1)

    def test_throttled(self):
        for operation in CALLS:
            self.answer(operation, '', 429, headers={'Retry-After': '7'})
            with self.subTest(operation=operation), self.assertRaises(Throttled) as raised:
                self.call(operation)
            self.assertEqual(raised.exception.retry_after, 7.0)

    def test_time_is_bounded(self):
        self.patch(oauth_client, 'WALLET_SECONDS', 0.5)
        self.sandbox.fault(WALLET, 'slow_head', seconds=30)
        with self.assertRaises(TooSlow):
            self.client.get_wallet()
        self.patch(client_module, 'CALL_TIMEOUT', 0.6)
        for operation in (MAKE_TOKEN, TRANSACTIONS):
            self.sandbox.fault(operation, 'slow_body', seconds=30)
            with self.assertRaises(OutcomeUnknown):
                self.call(operation)

    def test_answers_that_belong_to_others(self):
        token = self.make()
        self.sandbox.fault(MAKE_TOKEN, 'other_answer')
        self.sandbox.fault(READ_TOKEN, 'other_answer')
        self.sandbox.fault(READ_SCOPE, 'other_answer')
        [scope] = [scope for scope in self.client.list_scopes() if scope.name == FILINGS[1]]
        for call, reason in [
            (self.make, 'other_token'), (lambda: self.client.get_token(token.token), 'other_token'),
            (lambda: self.client.get_terms(scope), 'other_scope'),
        ]:
            with self.assertRaises(OtherRecord) as raised:
                call()
            self.assertEqual(raised.exception.reason, reason)
        self.sandbox.fault(LIST_TOKENS, 'other_answer')
        self.assertEqual(self.client.find_tokens(NAME), [])

    def test_without_a_usable_token(self):
        for spoiled in ({'token': ''}, {'token': 5}, {'token': 'short'}, {'token': 'x y' * 8}, {'token': 'x' * 513},
                        {'token': None}, {'token': 'a/../' * 5 + '?'}, {'token': 'è' * 24}):
            self.answer(MAKE_TOKEN, {**get_token_example(), 'name': NAME, **spoiled})
            with self.subTest(**spoiled), self.assertRaises(OutcomeUnknown) as raised:
                self.make()
            self.assertEqual(raised.exception.reason, 'no_new_token')
        self.answer(MAKE_TOKEN, {**get_token_example(), 'name': NAME, 'refreshToken': None})
        self.assertEqual(self.make().refresh_token, '')

    def test_the_same_refresh_token_again(self):
        """A token that is answered as it was is one all the same."""
        self.answer(CHANGE_TOKEN, get_token_example())
        token = RenewalClient(TOKEN, REFRESH_TOKEN, self.sandbox.oauth_url).renew_token()
        self.assertEqual((token.token, token.refresh_token), (TOKEN, REFRESH_TOKEN))

    # ------------------------------------------------------------ lists

    def test_pages(self):
        for number in range(230):
            self.sandbox.book(-1, f"API usage {number}")
        found = self.client.list_transactions()
        self.assertEqual((len(found), len({row.id for row in found}), found.is_whole), (231, 231, True))
        self.assertEqual([request['path'] for request in self.sandbox.requests()][-4:], [
            f'/oauth/wallet/transactions?limit=100&skip={skip}' for skip in (0, 100, 200, 231)])
        self.patch(pages_module, 'MAX_PAGES', 2)
        found = self.client.list_transactions()
        self.assertEqual((len(found), found.is_whole), (200, False))

    def test_pages_that_are_no_pages(self):
        """A service that does not look at `skip`, one with smaller pages, rows that cannot be read: all is told."""
        def rows(start, count):
            return [{'id': str(number), 'amount': -1, 'createdAt': '2026-01-01T00:00:00Z'}
                    for number in range(start, start + count)]

        for pages, count, unreadable, is_whole in [
            ([rows(0, 100), rows(0, 100)], 100, 0, False), ([rows(0, 7), rows(0, 7)], 7, 0, True),
            ([rows(0, 50), rows(50, 50), rows(100, 3), []], 103, 0, True),
            ([rows(0, 100), rows(99, 100), []], 199, 0, True), ([[{}, 5, None]], 0, 3, False),
            ([[*rows(0, 2), {}], [*rows(0, 2), {}]], 2, 1, True), ([rows(0, 5), [None]], 5, 1, False),
            ([[]], 0, 0, True),
        ]:
            for page in pages:
                self.answer(TRANSACTIONS, {'data': page})
            with self.subTest(pages=[len(page) for page in pages]):
                found = self.client.list_transactions()
                self.assertEqual((len(found), found.unreadable, found.is_whole), (count, unreadable, is_whole))
            self.sandbox.clear_faults()

    def test_lists_that_are_none(self):
        for operation in (LIST_TOKENS, TRANSACTIONS, LIST_CALLBACKS, LIST_SCOPES):
            for status, body in [
                (200, {'data': {}}), (200, {'data': None}), (200, {'data': 'x'}), (200, {'success': True}),
                (200, 'null'), (200, '[]'), (404, {'success': False, 'message': 'x', 'error': None}), (404, '<html>'),
                (404, {'success': False, 'message': 'x', 'error': 332}),
            ]:
                self.answer(operation, body, status)
                with self.subTest(operation=operation, status=status, body=body), self.assertRaises(OpenapiPecError):
                    self.call(operation)
                self.sandbox.clear_faults()

    # ------------------------------------------------------------ secrets

    def test_no_secret_is_told(self):
        """In no error, no log, no text of an answer: whatever the service repeats."""
        token = self.make()
        secrets = (
            KEY, token.token, token.refresh_token, base64.b64encode(f'{EMAIL}:{KEY}'.encode()).decode())
        told = [repr(token), str(token), repr(self.client), repr(Limits())]
        echo = ' '.join(secrets)
        calls = {
            **CALLS, READ_TOKEN: lambda client, url: client.get_token(token.token),
            CHANGE_TOKEN: lambda client, url: RenewalClient(token.token, token.refresh_token, url).renew_token(),
            DELETE_TOKEN: lambda client, url: client.delete_token(token.token)}
        with self.assertLogs('urllib3.connectionpool', logging.DEBUG) as logs:
            for operation, call in calls.items():
                own = {
                    CHANGE_TOKEN: secrets[1:3], READ_TOKEN: (*secrets[:2], secrets[3]),
                    DELETE_TOKEN: (*secrets[:2], secrets[3])}.get(operation, (KEY, secrets[3]))
                for fault, options in [
                    ('drop_before', {}), ('wrong_json', {}), ('not_envelope_4xx', {}),
                    *(('error_before', {'status': status, 'body': {
                        'success': False, 'message': ' '.join(own), 'error': ' '.join(own)}})
                      for status in (401, 422, 404)),
                    ('error_before', {'status': 500, 'body': echo}),
                ]:
                    self.sandbox.fault(operation, fault, **options)
                    with self.assertRaises(OpenapiPecError) as raised:
                        call(self.client, self.sandbox.oauth_url)
                    told += [repr(raised.exception), str(raised.exception.code), repr(raised.exception.args)]
                    self.assertFalse(any(secret.encode() in pickle.dumps(raised.exception.__dict__) for secret in own))
        lines = [line for line in logs.output if '/oauth/tokens/' in line]
        self.assertTrue(lines, "the library tells what is asked")
        for secret in secrets:
            self.assertFalse([line for line in (*told, *logs.output) if secret in line])

    def test_texts_without_secrets(self):
        self.answer(TRANSACTIONS, {'data': [{'id': 'a', 'amount': -1, 'description': f'x {KEY}\u202e'}]})
        self.answer(TRANSACTIONS, {'data': []})
        self.assertEqual(self.client.list_transactions()[0].description, "x ***")
        self.answer(MAKE_TOKEN, {**get_token_example(), 'name': NAME})
        self.answer(LIST_TOKENS, {'data': [{**get_token_example(), 'name': f'Odoo {KEY}'}]})
        self.answer(LIST_TOKENS, {'data': []})
        self.assertEqual(self.client.find_tokens('Odoo')[0].name, "Odoo ***")
        self.answer(LIST_CALLBACKS, {'data': [{'id': 'a', 'url': f'https://x.it/{KEY}?{KEY}', 'scope': KEY}]})
        self.answer(LIST_CALLBACKS, {'data': []})
        [delivery] = self.client.list_callbacks()
        self.assertEqual((delivery.address, delivery.scope), ('https://x.it/***', '***'))

    def test_the_log_of_addresses(self):
        """A token is its own address at the service: the filter of the log masks it, and nothing else."""
        for line, masked in [
            (f'"DELETE /tokens/{TOKEN} HTTP/1.1" 200', '"DELETE /tokens/*** HTTP/1.1" 200'),
            (f'"PATCH /oauth/tokens/{TOKEN}?x=1 HTTP/1.1"', '"PATCH /oauth/tokens/***?x=1 HTTP/1.1"'),
            ('"GET /tokens?limit=100&skip=0 HTTP/1.1"', '"GET /tokens?limit=100&skip=0 HTTP/1.1"'),
            ('"GET /my/tokens/list HTTP/1.1"', '"GET /my/tokens/list HTTP/1.1"'),
        ]:
            self.assertEqual(mask_tokens(line), masked)
        self.assertTrue(UNKNOWN_TOKEN not in mask_tokens(f'/tokens/{UNKNOWN_TOKEN}'))

    def test_no_redirect_takes_the_key_along(self):
        for operation in CALLS:
            self.sandbox.fault(operation, 'redirect', location=f'{self.sandbox.url}{LIST.split(" ")[1]}')
            with self.subTest(operation=operation), self.assertRaises(OutcomeUnknown):
                self.call(operation)
        self.assertEqual(self.sandbox.requested(LIST), 0)

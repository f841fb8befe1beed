import contextlib
import json
import time

import requests

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OutcomeUnknown

from sandbox_api import specification
from sandbox_api.const import OAUTH_OPERATIONS

from ..common import BODY, CREATE
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
    READ_CALLBACK,
    READ_SCOPE,
    READ_TOKEN,
    TRANSACTIONS,
    UNKNOWN_TOKEN,
    WALLET,
    OauthMixin,
    get_examples,
)
from ..common_specification import WireMixin
from ..tools.test_oauth_client import CALLS

CONTRACT = specification.OAUTH
NEW = {'scopes': list(FILINGS), 'name': NAME, 'ttl': DAY, 'limits': {
    'totalRequests': 10, 'walletRequests': 5, 'subscriptionRequests': 1, 'walletAmount': 50.5, 'ip': ['127.0.0.1']}}
VALUES = (None, '', ' ', 'nonsense', 0, 5, -5, 1.5, True, [], [5], [None], ['x'], {}, {'x': 1}, {'ip': 'x'},
          {'ip': [5]}, {'walletAmount': 'x'}, {'totalRequests': 1.5})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOauthSpecification(OauthMixin, WireMixin, BaseCase):
    """What the client asks of OAuth v2, and what the sandbox answers, is what the specification allows."""

    def call(self, operation, value='', body=None, key=KEY, bearer=None, **query):
        """Call an operation as no client of ours does."""
        method, path = operation.split(' ')
        headers = {'Authorization': f'Bearer {bearer}'} if bearer else {}
        return requests.request(
            method, self.sandbox.oauth_url + path.partition('{')[0] + value, params=query, json=body, timeout=(5, 60),
            auth=None if bearer else (EMAIL, key), headers=headers, allow_redirects=False)

    def deliver(self):
        """Have a callback delivered that nobody answers well."""
        self.use(self.make()).create_filing({**BODY, 'callback': {
            'url': f'{self.sandbox.url}/nowhere', 'method': 'JSON', 'field': 'data', 'data': {'x': 1}}})
        self.sandbox.set_stato('in_attesa_di_documenti')
        while self.sandbox.stats()['callbacks_pending']:
            pass

    def test_examples(self):
        """The vendor's own examples are what the vendor allows, of each operation that is served."""
        found = [
            (operation, status, fault) for (operation, status), content in CONTRACT.get_documented_answers().items()
            for answer in content.values() if operation in OAUTH_OPERATIONS and answer.keys() & {'example', 'examples'}
            for example in get_examples(operation, status)
            for fault in CONTRACT.find_faults_of_answer(
                operation, status, 'application/json', json.dumps(example).encode(), deviations=())]
        self.assertEqual(found, [])

    def test_client(self):
        """All that the client asks, of everything that there is, in both shapes, and what it gets."""
        self.deliver()
        for shape, transactions in (('bare', 'each'), ('data', 'sums')):
            self.sandbox.settings(token_shape=shape, transactions=transactions)
            token = self.make((*FILINGS, *COMPANIES))
            renewed = self.renew(token)
            self.client.get_token(renewed.token)
            self.client.find_tokens('')
            for scope in self.client.list_scopes():
                self.client.get_terms(scope)
            self.client.get_wallet()
            self.client.list_transactions()
            self.client.list_callbacks()
            self.client.list_callbacks(FILINGS)
            self.client.delete_token(renewed.token)
            self.client.delete_token(renewed.token)
        self.assert_wire()
        self.assertEqual({exchange.operation for exchange in self.wire}, set(CALLS))

    def test_answers(self):
        """Each documented answer of each operation that is served, and each that is the sandbox's own."""
        self.call(LIST_CALLBACKS)
        self.call(LIST_TOKENS)
        token = self.call(MAKE_TOKEN, body=NEW).json()
        for body in (None, {}, {'scopes': []}, {'scopes': 'x'}, {'scopes': ['x']}, {'scopes': [5]}):
            self.assertEqual(self.call(MAKE_TOKEN, body=body).status_code, 422)
        for query in ({}, {'limit': 1}, {'skip': 5}, {'limit': 'x'}, {'limit': 1000}):
            self.call(LIST_TOKENS, **query)
        for value in (token['token'], UNKNOWN_TOKEN, 'wrong', ''):
            self.call(READ_TOKEN, value)
            self.call(CHANGE_TOKEN, value, body={'name': 'x', 'ttl': 60})
        for body in ({'scopes': 'x'}, {'scopes': ['x']}, {'scopes': []}):
            self.assertEqual(self.call(CHANGE_TOKEN, token['token'], body=body).status_code, 422)
        self.call(CHANGE_TOKEN, token['token'], body={}, key='wrong')
        self.call(CHANGE_TOKEN, token['token'], body={}, bearer=UNKNOWN_TOKEN)
        renewed = self.call(CHANGE_TOKEN, token['token'], body={}, bearer=token['refreshToken']).json()
        for value in ('', UNKNOWN_TOKEN, token['token'], renewed['token']):
            self.call(DELETE_TOKEN, value)
        for scope in self.call(LIST_SCOPES).json()['data']:
            self.call(READ_SCOPE, scope['id'])
        self.call(READ_SCOPE, 'x')
        self.deliver()
        self.call(WALLET)
        for query in ({}, {'limit': 1, 'skip': 1}, {'limit': 100}):
            self.call(TRANSACTIONS, **query)
            self.call(LIST_CALLBACKS, **query)
        for query in ({'limit': 'x'}, {'limit': 1000}, {'scopes': 'x'}, {'scopes': FILINGS[1]}):
            self.call(LIST_CALLBACKS, **query)
        for value in (self.call(LIST_CALLBACKS).json()['data'][0]['id'], 'x'):
            self.call(READ_CALLBACK, value)
        for operation in OAUTH_OPERATIONS:
            for wrong in ({'key': 'wrong'}, {'bearer': 'sandbox-token'}):
                self.assertEqual(self.call(operation, **wrong).status_code, 401, operation)
        self.assert_wire(requests=False)
        seen = {(exchange.operation, exchange.status) for exchange in self.wire}
        documented = {key for key in CONTRACT.get_documented_answers() if key[0] in OAUTH_OPERATIONS}
        self.assertEqual(documented - seen, set())

    def test_refusals_in_the_vendors_words(self):
        documented = {
            (operation, example['error']): (status, example)
            for operation, status in CONTRACT.get_documented_answers()
            for example in (get_examples(operation, status) if operation in OAUTH_OPERATIONS and status >= 400 else ())}
        token = self.call(MAKE_TOKEN, body=NEW).json()['token']
        for operation, error, arguments in [
            (MAKE_TOKEN, 70, {'body': {}}), (MAKE_TOKEN, 80, {'body': {'scopes': 'x'}}),
            (MAKE_TOKEN, 90, {'body': {'scopes': ['x']}}), (LIST_TOKENS, 120, {'skip': 9}),
            (LIST_TOKENS, 60, {'skip': 'x'}), (READ_TOKEN, 120, {'value': UNKNOWN_TOKEN}),
            (READ_TOKEN, 60, {'value': 'x'}), (CHANGE_TOKEN, 150, {}),
            (CHANGE_TOKEN, 130, {'value': token, 'bearer': UNKNOWN_TOKEN}),
            (CHANGE_TOKEN, 140, {'value': token, 'key': 'x'}),
            (CHANGE_TOKEN, 160, {'value': UNKNOWN_TOKEN, 'body': {}}),
            (CHANGE_TOKEN, 100, {'value': token, 'body': {'scopes': 'x'}}),
            (CHANGE_TOKEN, 110, {'value': token, 'body': {'scopes': ['x']}}), (DELETE_TOKEN, 170, {}),
            (DELETE_TOKEN, 180, {'value': UNKNOWN_TOKEN}), (READ_SCOPE, 10, {'value': 'x'}), (LIST_CALLBACKS, 200, {}),
            (LIST_CALLBACKS, 210, {'limit': 'x'}), (READ_CALLBACK, 200, {'value': 'x'}),
        ]:
            status, example = documented.pop((operation, error))
            answer = self.call(operation, **arguments)
            with self.subTest(operation=operation, error=error):
                self.assertEqual((answer.status_code, answer.json()), (status, example))
        self.assertEqual(documented, {})

    def test_what_is_forbidden_is_refused(self):
        """Each field of a token with many a value: nothing that the specification forbids makes or changes one."""
        token = self.call(MAKE_TOKEN, body=NEW).json()['token']
        before = self.sandbox.tokens()
        forbidden = [
            (operation, body) for operation in (MAKE_TOKEN, CHANGE_TOKEN) for field in NEW for value in VALUES
            if CONTRACT.find_faults_of_body(operation, body := {**NEW, field: value})]
        self.assertGreater(len(forbidden), 60)
        for operation, body in forbidden:
            answer = self.call(operation, token if operation == CHANGE_TOKEN else '', body=body)
            self.assertEqual(answer.status_code, 422, (operation, body))
        self.assertEqual(self.sandbox.tokens(), before)

    def test_changed_with_the_key(self):
        """Scopes, life, name and limits of a token that stays the same: the product has no use for it."""
        token = self.make()
        told = self.call(CHANGE_TOKEN, token.token, body={
            'scopes': [FILINGS[0]], 'name': 'x', 'ttl': 2 * DAY, 'limits': {'walletAmount': 1}}).json()
        self.assertEqual(
            (told['token'], told['scopes'], told['name'], told['limits']),
            (token.token, [FILINGS[0]], 'x', {'walletAmount': 1}))
        self.assertGreater(self.client.get_token(token.token).expires_at, token.expires_at)
        self.assertEqual(self.call(CHANGE_TOKEN, token.token).json()['scopes'], [FILINGS[0]])

    def test_ledger(self):
        """The wallet is what its transactions make of it, whatever happened; and each call is one of them."""
        client = self.use(self.make())
        for fault in ('twice', 'drop_after', 'drop_before', 'error_after'):
            self.sandbox.fault(CREATE, fault)
            with contextlib.suppress(OutcomeUnknown):
                client.create_filing(BODY)
        self.sandbox.settings(credit=20)
        client.create_filing(BODY)
        rows = [row for page in ({}, {'skip': 100}) for row in self.call(TRANSACTIONS, **page).json()['data']]
        self.assertAlmostEqual(sum(row['amount'] for row in rows), self.call(WALLET).json()['data']['credit'])
        usage = [row for row in rows if row['description'] == 'API usage - pec.openapi.it']
        self.assertEqual(len(usage), 5)
        self.assertEqual(len(usage), self.sandbox.executed(CREATE))

    def test_a_token_that_is_revoked_under_way(self):
        """What is executed late, is asked late whether it may."""
        token = self.make()
        self.sandbox.fault(CREATE, 'executed_late', seconds=0.5)
        with self.assertRaises(OutcomeUnknown):
            self.use(token).create_filing(BODY)
        self.client.delete_token(token.token)
        time.sleep(1)
        self.assertEqual(self.sandbox.executed(CREATE), 0)

    def test_control(self):
        """What makes no sense is not kept, and no token stands in what the sandbox tells of requests."""
        for path, body in [
            ('transactions', {}), ('transactions', {'amount': 0, 'description': 'x'}), ('transactions', {'amount': 5}),
            ('transactions', {'amount': 'x', 'description': 'x'}), ('settings', {'token_shape': 'x'}),
            ('settings', {'transactions': 1}), ('settings', {'not_enabled': 'x'}), ('settings', {'not_enabled': [5]}),
            ('settings', {'mood': {'transactions_late': 'x'}}),
        ]:
            answer = requests.post(f'{self.sandbox.url}/_sandbox/{path}', json=body, timeout=(5, 60))
            self.assertEqual(answer.status_code, 400, (path, body))
        token = self.make()
        self.renew(token)
        told = json.dumps(self.sandbox.requests())
        self.assertNotIn(token.token, told)
        self.assertIn('/oauth/tokens/***', told)
        self.assertNotIn(KEY, told)
        [made] = [request for request in self.sandbox.requests() if request['method'] == 'POST']
        self.assertEqual((made['account'], made['body']['name']), ('mail', NAME))

    def test_what_does_not_conform_is_seen(self):
        """The measure measures: answers and requests that are wrong in one thing each."""
        for operation, status, body, place in [
            (MAKE_TOKEN, 200, {'token': 5}, ('token',)), (MAKE_TOKEN, 200, {'expireAt': 'soon'}, ('expireAt',)),
            (MAKE_TOKEN, 200, {'limits': {'ip': 'x'}}, ('limits', 'ip')), (MAKE_TOKEN, 418, {}, ('status',)),
            (LIST_TOKENS, 200, {'data': [{'scopes': 'x'}]}, ('data',)),
            (WALLET, 200, {'data': {'credit': 'x'}}, ('data', 'credit')),
            (TRANSACTIONS, 200, {'data': [{'amount': '1'}]}, ('data', 0, 'amount')),
            (READ_SCOPE, 200, {'data': {}, 'success': True, 'message': ''}, ('error',)),
            (MAKE_TOKEN, 422, {'success': False, 'message': 'x', 'error': '70', 'data': None}, ('error',)),
            (MAKE_TOKEN, 422, {'success': False}, ()),
        ]:
            faults = CONTRACT.find_faults_of_answer(operation, status, 'application/json', json.dumps(body).encode())
            self.assertEqual([fault.place for fault in faults], [place], (operation, body))
        for body, count in [(NEW, 0), ({}, 1), ({**NEW, 'ttl': 'x'}, 1), ({**NEW, 'scopes': 'x'}, 1)]:
            self.assertEqual(len(CONTRACT.find_faults_of_body(MAKE_TOKEN, body)), count)
        for query, count in [({'limit': '100', 'skip': '0'}, 0), ({'limit': '101'}, 1), ({'x': '1'}, 1)]:
            self.assertEqual(len(CONTRACT.find_faults_of_query(TRANSACTIONS, query)), count)

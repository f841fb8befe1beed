import json

import requests

from odoo.tests import BaseCase, tagged

from sandbox_api import specification
from sandbox_api.const import COMPANY_OPERATIONS

from ..common_company import (
    CHECK_ID,
    CODE,
    COOPERATIVE,
    ENVELOPE,
    LOOK_UP_COMPANY,
    LOOK_UP_OFFICES,
    LOOK_UP_PEC,
    LOOK_UPS,
    PEC,
    SEARCH,
    TRADER,
    CompanyMixin,
)
from ..common_specification import WireMixin

ID = '66a8ed9b82cf2ae627012068'
UNKNOWN_CODE = '01234567897'
TOKEN = 'sandbox-token'
CONTRACT = specification.COMPANY


def get_examples():
    """Yield ``(operation, status, body)`` of each example of an answer of the operations that are served."""
    for (operation, status), content in CONTRACT.get_documented_answers().items():
        answer = content.get('application/json', {})
        examples = [example['value'] for example in answer.get('examples', {}).values()]
        examples += [answer['example']] if 'example' in answer else []
        if operation in COMPANY_OPERATIONS:
            yield from ((operation, status, json.dumps(example).encode()) for example in examples)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCompanySpecification(CompanyMixin, WireMixin, BaseCase):
    """What the client asks of the Company API, and what the sandbox answers, is what the specification allows."""

    def call(self, operation, value='', token=None, **query):
        """Call an operation as no client of ours does."""
        path = operation.split(' ')[1].partition('{')[0]
        return requests.get(
            self.sandbox.company_url + path + value, params=query, timeout=(5, 60), allow_redirects=False,
            headers={'Authorization': f'Bearer {token or TOKEN}'})

    def test_examples(self):
        """The vendor's own examples are what the vendor allows, but for what is known of them."""
        found = {
            (operation, status, tuple(None if isinstance(key, int) else key for key in fault.place))
            for operation, status, body in get_examples()
            for fault in CONTRACT.find_faults_of_answer(operation, status, 'application/json', body)}
        balance = {'balanceSheetDate', 'turnover', 'netWorth', 'employees', 'shareCapital'}
        self.assertEqual(found, {
            # numbers that are not whole, and balances with null; this sandbox tells neither
            *((operation, 200, ('data', 'employees', 'employeeTrend')) for operation in (LOOK_UP_OFFICES, CHECK_ID)),
            *((LOOK_UP_COMPANY, 200, ('data', 'balanceSheets', 'all', None, key)) for key in balance),
            # each row fits several of the sorts of data, of which it has to fit one; this sandbox tells ids alone
            (SEARCH, 200, ('data', None))})

    def test_client(self):
        """All that the client asks, of everything that there is, and what it gets."""
        for code in (CODE, COOPERATIVE, TRADER, UNKNOWN_CODE):
            for _name, call in LOOK_UPS.values():
                call(self.client, code)
        self.sandbox.settings(offices_late=60)
        requests_told = [self.client.look_up_offices(code) for code in (COOPERATIVE, UNKNOWN_CODE)]
        self.client.get_offices(requests_told[0].request_id, COOPERATIVE)
        self.sandbox.settings(ahead=61)
        for request in requests_told:
            self.client.get_offices(request.request_id, COOPERATIVE)
        for address in (PEC, 'a+b@legalmail.it'):
            self.client.count_companies(address)
        self.assert_wire()
        self.assertEqual({exchange.operation for exchange in self.wire}, set(COMPANY_OPERATIONS))

    def test_answers(self):
        """Each documented answer of each operation that is served, and each that is the sandbox's own."""
        for operation in (LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC):
            for value in ('', 'wrong', ID, UNKNOWN_CODE, CODE, COOPERATIVE, TRADER.lower(), '02591680216'):
                self.call(operation, value)
        for company in self.sandbox.companies():
            self.assertEqual(self.call(LOOK_UP_PEC, company['id']).status_code, 200)
        self.sandbox.settings(offices_late=60)
        ids = [self.call(LOOK_UP_OFFICES, code).json()['data']['id'] for code in (CODE, UNKNOWN_CODE)]
        for value in ('', 'wrong', ID, *ids):
            self.call(CHECK_ID, value)
        self.sandbox.settings(ahead=61)
        for value in ids:
            self.call(CHECK_ID, value)
        for query in (
            {}, {'dryRun': 1}, {'pec': 'no pec'}, {'lat': 91}, {'limit': 0, 'pec': PEC}, {'pec': PEC},
            {'pec': PEC, 'dryRun': 1}, {'pec': 'a@b.it'}, {'companyName': 'openapi*', 'limit': 2},
        ):
            self.call(SEARCH, **query)
        self.sandbox.settings(credit=0, free_looks=0)
        for operation in (LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC):
            self.assertEqual(self.call(operation, CODE).status_code, 402)
        self.assertEqual(self.call(SEARCH, pec=PEC).status_code, 402)
        for operation in COMPANY_OPERATIONS:
            for token, status in (('wrong', 401), (f'{TOKEN}-pec', 403)):
                value = '' if operation == SEARCH else CODE
                self.assertEqual(self.call(operation, value, token=token).status_code, status)
        self.assert_wire(requests=False)
        seen = {(exchange.operation, exchange.status) for exchange in self.wire}
        documented = {key for key in CONTRACT.get_documented_answers() if key[0] in COMPANY_OPERATIONS}
        self.assertEqual(documented - seen, set())

    def test_refusals_in_the_vendors_words(self):
        """Numbers and words are those of the specification's examples, up to what they name at their end."""
        for operation, status, body in get_examples():
            example = json.loads(body)
            if status < 400:
                continue
            self.sandbox.reset(**({'credit': 0, 'free_looks': 0} if status == 402 else {}))
            if operation == SEARCH:
                answer = self.call(
                    SEARCH, **{406: {'pec': 'x'}, 422: {'lat': '91'}, 402: {'pec': PEC}}.get(status, {}))
            else:
                answer = self.call(operation, {400: '', 404: ID, 406: 'wrong'}.get(status, CODE))
            with self.subTest(operation=operation, status=status):
                told = answer.json()
                self.assertEqual((answer.status_code, told['error']), (status, example['error']))
                if status == 402:
                    self.assertRegex(told['message'], r'^Billing error message: .*: [\d.]+ > 0 code 810$')
                elif status != 422:
                    self.assertTrue(told['message'].startswith(example['message']), told['message'])

    def test_codes(self):
        """Codes of roles are the specification's: every officer may be a company, of which it allows any."""
        [person, _company] = CONTRACT.specification['components']['schemas']['managers']['items']['anyOf']
        codes = person['properties']['roles']['items']['properties']['role']['properties']['code']['enum']
        told = {
            role['role']['code'] for company in self.sandbox.companies()
            for manager in company['managers'] for role in manager['roles']}
        self.assertEqual(told - set(codes), set())

    def test_charges(self):
        """What is refused costs nothing, and a dry run neither."""
        self.sandbox.settings(free_looks=0)
        for operation in (LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC):
            for value in ('', 'wrong', *([ID] if operation != LOOK_UP_OFFICES else [])):
                self.call(operation, value)
        self.call(SEARCH, pec=PEC, dryRun=1)
        self.assertEqual((self.spent(), self.sandbox.stats()['executed']), (0, {}))
        self.call(SEARCH, pec=PEC)
        self.assertEqual((self.spent(), self.sandbox.executed(SEARCH)), (0.01, 1))

    def test_control(self):
        """What makes no sense is not kept."""
        for body in ({}, {'companies': [5]}, {'companies': [{}]}, {'companies': [{'taxCode': CODE, 'x': 1}]}):
            answer = requests.post(f'{self.sandbox.url}/_sandbox/companies', json=body, timeout=(5, 60))
            self.assertEqual(answer.status_code, 400)
        for settings in ({'free_looks': -1}, {'look_prices': {'IT-x': 1}}, {'offices_late': 'x'}):
            answer = requests.post(f'{self.sandbox.url}/_sandbox/settings', json=settings, timeout=(5, 60))
            self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.sandbox.stats()['companies'], 3)

    def test_what_does_not_conform_is_seen(self):
        """The measure measures: answers and queries that are wrong in one thing each."""
        for operation, status, body, place in [
            (LOOK_UP_COMPANY, 200, {**ENVELOPE, 'data': [{'taxCode': 5}]}, ('data', 'taxCode')),
            (LOOK_UP_COMPANY, 200, {**ENVELOPE, 'data': [{}, {'activityStatus': 'X'}]}, ('data', 'activityStatus')),
            (LOOK_UP_PEC, 200, {**ENVELOPE, 'data': {}}, ('data',)),
            (LOOK_UP_PEC, 200, {**ENVELOPE, 'data': [{'history': [{'timestamp': 'x'}]}]},
             ('data', 0, 'history', 0, 'timestamp')),
            (LOOK_UP_OFFICES, 200, {**ENVELOPE, 'data': []}, ('data',)),
            (LOOK_UP_OFFICES, 200, {**ENVELOPE, 'data': {'managers': [{'roles': {}}]}}, ('data', 'managers', 0)),
            (LOOK_UP_OFFICES, 302, {**ENVELOPE, 'data': {'state': 'LATER'}}, ('data', 'state')),
            (CHECK_ID, 200, {**ENVELOPE, 'data': {'managers': {}}}, ('data', 'managers')),
            (SEARCH, 200, {**ENVELOPE, 'data': {'total': 1}}, ('data',)),
            (SEARCH, 418, {}, ('status',)),
        ]:
            faults = CONTRACT.find_faults_of_answer(operation, status, 'application/json', json.dumps(body).encode())
            self.assertEqual([fault.place for fault in faults], [place], (operation, body))
        for query, count in [({'pec': PEC, 'dryRun': '1', 'limit': '10'}, 0), ({'dryRun': '2'}, 1), ({'limit': 'x'}, 1),
                             ({'limit': '0'}, 1), ({'address': 'x'}, 1), ({'lat': '90.5'}, 1), ({'lat': '1.5'}, 0)]:
            self.assertEqual(len(CONTRACT.find_faults_of_query(SEARCH, query)), count, query)

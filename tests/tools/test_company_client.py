import contextlib
import logging
from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api import company_calls
from odoo.addons.l10n_it_openapi_pec.tools.api.client import (
    COMPANY_HOSTS,
    HOSTS,
    PRODUCTION_HOSTS,
    CompanyClient,
    PecClient,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.company_calls import ENDPOINTS, get_scopes
from odoo.addons.l10n_it_openapi_pec.tools.api.company_data import (
    Company,
    CompanyPec,
    Count,
    Officer,
    PastPec,
    Pending,
    Role,
    Seat,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    Gone,
    NoCredit,
    NotSent,
    OpenapiPecError,
    OtherRecord,
    OutcomeUnknown,
    Refused,
    Throttled,
    TooSlow,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.refusals import DOCUMENTED

from sandbox_api import specification

from ..common_company import (
    CHECK_ID,
    CODE,
    COOPERATIVE,
    ENVELOPE,
    ID,
    LOOK_UP_COMPANY,
    LOOK_UP_OFFICES,
    LOOK_UP_PEC,
    LOOK_UPS,
    PEC,
    SEARCH,
    TRADER,
    UNKNOWN_CODE,
    CompanyMixin,
    get_example,
)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCompanyExamples(CompanyMixin, BaseCase):
    """The vendor's own examples, replayed over a socket."""

    def test_company(self):
        self.answer(LOOK_UP_COMPANY, get_example(LOOK_UP_COMPANY))
        self.assertEqual(self.client.look_up_company(CODE), Company(
            name="OPENAPI S.P.A.", tax_code=CODE, vat_code=CODE, form='SP', status='ATTIVA',
            registered_on=date(2013, 7, 19), rea_province='RM', rea_number='1378273',
            seat=Seat("VIALE F TOMMASO MARINETTI 221", '00143', "ROMA", 'RM'), pec=PEC, updated_at=1708705000))

    def test_company_of_the_monitor(self):
        """The same company as another example has it."""
        monitored = specification.COMPANY.operations['GET /monitor/{id}']['responses']['200']['content'][
            'application/json']['example']['data']['latestDataset']
        self.tell(LOOK_UP_COMPANY, monitored)
        company = self.client.look_up_company(CODE)
        self.assertEqual((company.form, company.pec), ('SP', PEC))

    def test_pec(self):
        self.answer(LOOK_UP_PEC, get_example(LOOK_UP_PEC))
        self.assertEqual(self.client.look_up_pec(CODE), CompanyPec(
            PEC, (PastPec('altraviaservizi@legalmail.it', 1623759855),)))

    def test_offices(self):
        self.answer(LOOK_UP_OFFICES, get_example(LOOK_UP_OFFICES, name='synchronous'))
        offices = self.client.look_up_offices(CODE)
        agent = Role('PP', "Special representative/agent", date(2013, 10, 17))
        self.assertEqual(offices.officers, (
            Officer("LUCA", "SCURIATTI", '', 'SCRLCU73R02H501H', True,
                    (Role('AUN', "Managing director", date(2020, 9, 10)),)),
            Officer('', '', "OPEN HOLDING SRL", '16935371001', False, (Role('SOU', "Sole owner", date(2022, 12, 5)),)),
            Officer("SIMONE", "DESANTIS", '', 'DSNSMN80M11L117F', False, (agent,)),
            Officer("SHAUN", "DE LUCIA", '', 'DLCSHN77S29Z114J', False, (agent,)),
        ))
        self.assertEqual((offices.tax_code, offices.vat_code, offices.unreadable), (CODE, CODE, 0))

    def test_offices_later(self):
        pending = get_example(LOOK_UP_OFFICES, 302, 'asynchronous')
        self.answer(LOOK_UP_OFFICES, pending, 302, headers={'Retry-After': '7', 'Location': f'/IT-check_id/{ID}'})
        self.assertEqual(self.client.look_up_offices(CODE), Pending(ID, 7.0))
        self.answer(CHECK_ID, get_example(CHECK_ID, name='PENDING'))
        self.assertEqual(self.client.get_offices(ID, CODE), Pending(ID, 30.0))
        self.answer(CHECK_ID, get_example(LOOK_UP_OFFICES, name='synchronous'))
        self.assertEqual(len(self.client.get_offices(ID, CODE).officers), 4)
        # of IT-full, without anybody in office: that nobody is told is not that there is nobody
        self.answer(CHECK_ID, get_example(CHECK_ID, name='DONE'))
        offices = self.client.get_offices(ID, CODE)
        self.assertEqual((offices.tax_code, offices.officers, offices.unreadable), (CODE, (), 1))

    def test_searches(self):
        """What the examples of a search tell is no number: it was no dry run."""
        for name in ('NoEnrichment', 'Start', 'Advanced', 'Pec'):
            self.answer(SEARCH, get_example(SEARCH, name=name))
            with self.subTest(name=name), self.assertRaises(OutcomeUnknown) as raised:
                self.client.count_companies(PEC)
            self.assertEqual(raised.exception.reason, 'not_dry')

    # ------------------------------------------------------------ refusals

    def test_the_table_is_the_specification(self):
        for operation, (name, _call) in LOOK_UPS.items():
            documented = {
                (status, str(content['application/json']['example']['error']))
                for (its_name, status), content in specification.COMPANY.get_documented_answers().items()
                if its_name == name and status >= 400 and status != 402}
            self.assertEqual(DOCUMENTED[operation], documented, operation)
            self.assertEqual({
                answer['schema']['$ref'].rpartition('/')[2] if '$ref' in answer['schema'] else 'object'
                for (its_name, status), content in specification.COMPANY.get_documented_answers().items()
                if its_name == name and status == 200 for answer in content.values()}, {'object'})

    def test_documented_statuses(self):
        """Each documented refusal of each operation: nothing was executed, and it says why."""
        calls = {
            **dict(LOOK_UPS.values()),
            CHECK_ID: lambda client: client.get_offices(ID, CODE),
            SEARCH: lambda client: client.count_companies(PEC)}
        seen = 0
        for (name, status), content in specification.COMPANY.get_documented_answers().items():
            if name not in calls or status < 400:
                continue
            example = content['application/json']['example']
            self.answer(name, example, status)
            with self.subTest(operation=name, status=status), self.assertRaises(Refused) as raised:
                calls[name](self.client)
            self.assertEqual((raised.exception.status, raised.exception.code), (status, example['error']))
            self.assertEqual(isinstance(raised.exception, NoCredit), status == 402)
            self.assertEqual(isinstance(raised.exception, Gone), name == CHECK_ID and status == 404)
            seen += 1
        self.assertEqual(seen, 4 + 3 + 4 + 3 + 4)

    def test_no_credit(self):
        """The vendor's own words, with either code: what the call costs, and that the wallet is empty."""
        for operation, (name, call) in LOOK_UPS.items():
            example = get_example(name, 402)
            self.assertEqual(example['error'], 611 if operation == 'register_offices' else 610)
            for code in (610, 611, '610'):
                self.answer(name, {**example, 'error': code}, 402)
                with self.assertRaises(NoCredit) as raised:
                    call(self.client)
                self.assertEqual(raised.exception.needed, 200)
                self.assertAlmostEqual(raised.exception.available, 0)
        self.assertEqual(self.spent(), 0)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestCompanyClient(CompanyMixin, BaseCase):
    """What the sandbox's register answers, and everything that can go wrong with a call that costs."""

    def test_hosts_and_scopes(self):
        """Those of the specification, none of the PEC API's; the live one is none for copies of a database."""
        servers = {server['description'].lower(): server['url'] for server in specification.COMPANY.specification[
            'servers']}
        self.assertEqual(COMPANY_HOSTS, servers)
        self.assertFalse(set(COMPANY_HOSTS.values()) & set(HOSTS.values()))
        self.assertIn('company.openapi.com', PRODUCTION_HOSTS)
        self.assertNotIn('test.company.openapi.com', PRODUCTION_HOSTS)
        self.assertEqual(ENDPOINTS.keys(), {*LOOK_UPS, 'register_count'})
        self.assertEqual(get_scopes('register_offices', 'test.company.openapi.com'), [
            'GET:test.company.openapi.com/IT-stakeholders', 'GET:test.company.openapi.com/IT-check_id'])
        paths = {name.split('/')[1] for name in specification.COMPANY.operations}
        self.assertLessEqual({endpoint for endpoints in ENDPOINTS.values() for endpoint in endpoints}, paths)

    def test_companies(self):
        company = self.client.look_up_company(COOPERATIVE)
        self.assertEqual((company.form, company.rea_province, company.seat.town), ('SC', 'PR', "PARMA"))
        offices = self.client.look_up_offices(COOPERATIVE)
        self.assertEqual([role.code for officer in offices.officers for role in officer.roles], ['PCA', 'COD', 'SIE'])
        # a sole trader, by either code, who has no PEC any more
        for code in (TRADER, '02591680216'):
            company = self.client.look_up_company(code)
            self.assertEqual((company.tax_code, company.vat_code, company.form), (TRADER, '02591680216', 'DI'))
            self.assertEqual((company.pec, self.client.look_up_pec(code).address), ('', ''))
        self.assertEqual(self.client.look_up_pec(TRADER).history, (
            PastPec('rossi.prova@legalmail.it', 1700000000),))

    def test_what_the_register_tells_changes(self):
        self.sandbox.keep_companies({
            'taxCode': CODE, 'activityStatus': 'CESSATA', 'endDate': '2026-01-31', 'pec': None, 'managers': []})
        company = self.client.look_up_company(CODE)
        self.assertEqual((company.status, company.pec), ('CESSATA', ''))
        offices = self.client.look_up_offices(CODE)
        self.assertEqual((offices.officers, offices.unreadable), ((), 0))
        self.sandbox.forget_company(CODE)
        self.assertIsNone(self.client.look_up_company(CODE))

    def test_not_found(self):
        """It was executed, and here it was paid: the vendor says neither."""
        for operation, (name, call) in LOOK_UPS.items():
            with self.subTest(operation=operation):
                self.assertIsNone(call(self.client, UNKNOWN_CODE))
                self.assertEqual(self.sandbox.executed(name), 1)
        self.tell(LOOK_UP_COMPANY, [])
        self.assertIsNone(self.client.look_up_company(CODE))

    def test_a_204_with_a_length(self):
        for operation, (name, call) in LOOK_UPS.items():
            self.sandbox.fault(name, 'length_without_body')
            with self.subTest(operation=operation):
                self.assertIsNone(call(self.client))

    def test_list_or_object(self):
        """Each answer is the same as a list of one and as what stands in it."""
        for operation, (name, call) in LOOK_UPS.items():
            data = get_example(name, name='synchronous' if name == LOOK_UP_OFFICES else None)['data']
            [data] = data if isinstance(data, list) else [data]
            answers = []
            for told in (data, [data]):
                self.tell(name, told)
                answers.append(call(self.client))
            with self.subTest(operation=operation):
                self.assertEqual(answers[0], answers[1])

    # ------------------------------------------------------------ later

    def test_later(self):
        self.sandbox.settings(offices_late=3600)
        pending = self.client.look_up_offices(COOPERATIVE)
        self.assertEqual(pending.retry_after, 3600)
        self.assertEqual(self.client.get_offices(pending.request_id, COOPERATIVE), Pending(pending.request_id, 30))
        self.sandbox.settings(ahead=3601)
        self.assertEqual(len(self.client.get_offices(pending.request_id, COOPERATIVE).officers), 3)
        self.assertEqual((self.sandbox.executed(LOOK_UP_OFFICES), self.spent()), (1, 0.2))
        other = CompanyClient('sandbox-token:other', self.sandbox.company_url)
        for client, request_id, error_class in [
                (other, pending.request_id, Gone), (self.client, ID, Gone), (self.client, 'wrong', Refused)]:
            with self.assertRaises(error_class):
                client.get_offices(request_id, COOPERATIVE)
        unknown = self.client.look_up_offices(UNKNOWN_CODE)
        self.sandbox.settings(ahead=7300)
        self.assertIsNone(self.client.get_offices(unknown.request_id, UNKNOWN_CODE))

    def test_how_a_request_is_told(self):
        """The number in the body, or in the Location alone; the wish to wait is bounded."""
        told = {**ENVELOPE, 'data': {'state': 'PENDING', 'id': ID}}
        for body, headers, seconds in [
            (told, {}, 30), (told, {'Retry-After': '999999'}, 3600), (told, {'Retry-After': 'soon'}, 30),
            (told, {'Retry-After': '0'}, 2), (told, {'Retry-After': '-5'}, 30),
            ('', {'Location': f'https://company.openapi.com/IT-check_id/{ID}', 'Retry-After': '5'}, 5),
            ({'data': {'id': ID}}, {'Location': 'http://[', 'Retry-After': '1' * 400}, 30),
        ]:
            self.answer(LOOK_UP_OFFICES, body, 302, headers=headers)
            self.assertEqual(self.client.look_up_offices(CODE), Pending(ID, seconds))
        self.answer(LOOK_UP_OFFICES, told)  # as a 200
        self.assertEqual(self.client.look_up_offices(CODE), Pending(ID, 30))

    def test_requests_that_nobody_can_ask_about(self):
        """A redirect that tells no number is no promise, and none is followed."""
        for body, headers in [
            ('<html>', {'Location': f'{self.sandbox.url}/login'}), ({'data': {'state': 'PENDING'}}, {}),
            ({'data': {'state': 'PENDING', 'id': '../x'}}, {}), ({'data': {'state': 'DONE', 'id': ID}}, {}),
            ({'data': {'state': [], 'id': ID}}, {}), ({'data': [ID]}, {}), ('', {'Location': '/IT-check_id/a/b'}),
        ]:
            self.sandbox.reset()
            self.answer(LOOK_UP_OFFICES, body, 302, headers=headers)
            with self.subTest(body=body), self.assertRaises(OutcomeUnknown) as raised:
                self.client.look_up_offices(CODE)
            self.assertEqual((raised.exception.reason, raised.exception.status), ('no_request', 302))
            self.assertEqual(self.sandbox.stats()['requests'], {LOOK_UP_OFFICES: 1})
        for name, call in (LOOK_UPS['register_company'], LOOK_UPS['register_pec']):  # which have no such answer
            self.answer(name, {**ENVELOPE, 'data': {'state': 'PENDING', 'id': ID}}, 302)
            with self.assertRaises(OutcomeUnknown):
                call(self.client)

    def test_another_request(self):
        self.tell(CHECK_ID, {'state': 'PENDING', 'id': 'f' * 24})
        with self.assertRaises(OtherRecord) as raised:
            self.client.get_offices(ID, CODE)
        self.assertEqual(raised.exception.reason, 'other_request')
        self.answer(CHECK_ID, get_example(LOOK_UP_OFFICES, name='synchronous'))
        with self.assertRaises(OtherRecord) as raised:
            self.client.get_offices(ID, COOPERATIVE)
        self.assertEqual(raised.exception.reason, 'other_company')

    # ------------------------------------------------------------ called once

    def test_a_paid_call_is_never_repeated(self):
        self.patch(client_module, 'READ_PAUSES', (0.0, 0.0))
        for operation, (name, call) in LOOK_UPS.items():
            for fault, is_executed, options in [
                ('drop_before', False, {}), ('drop_after', True, {}), ('truncate', True, {}),
                ('error_after', True, {'status': 500}), ('error_after', True, {'status': 503}),
                ('error_before', False, {'status': 503, 'body': {**ENVELOPE, 'success': False}}),
                ('wrong_json', True, {}), ('wrong_shape', True, {}), ('huge', True, {}),
                ('not_envelope_4xx', False, {'status': 402}), ('not_envelope_4xx', False, {'status': 404}),
                ('redirect', False, {'location': f'{self.sandbox.url}/elsewhere'}),
                ('error_before', False, {'status': 406, 'body': {**ENVELOPE, 'success': False, 'error': 999}}),
                ('error_before', False, {'status': 404, 'body': {**ENVELOPE, 'success': False}}),
                ('error_before', False, {'status': 408}), ('error_before', False, {'status': 200, 'body': {}}),
            ]:
                with self.subTest(operation=operation, fault=fault, **options):
                    self.sandbox.reset()
                    self.sandbox.fault(name, fault, **options)
                    with self.assertRaises(OutcomeUnknown):
                        call(self.client)
                    self.assertEqual(self.sandbox.stats()['requests'], {name: 1})
                    self.assertEqual(self.sandbox.executed(name), int(is_executed))

    def test_answer_to_another_call(self):
        for name, call in (LOOK_UPS['register_company'], LOOK_UPS['register_offices']):
            self.sandbox.fault(name, 'other_answer')
            with self.subTest(operation=name), self.assertRaises(OtherRecord) as raised:
                call(self.client)
            self.assertEqual((raised.exception.reason, self.sandbox.requested(name)), ('other_company', 1))
        # Of a PEC alone the service does not repeat whose it is: nobody can see that it is another one's.
        self.sandbox.fault(LOOK_UP_PEC, 'other_answer')
        self.assertEqual(self.client.look_up_pec(CODE).address, 'another@legalmail.it')

    def test_time_is_bounded(self):
        self.patch(client_module, 'READ_TIMEOUT', 0.3)
        self.sandbox.fault(LOOK_UP_COMPANY, 'delay_after', seconds=1.5)
        with self.assertRaises(OutcomeUnknown):
            self.client.look_up_company(CODE)
        self.patch(client_module, 'READ_TIMEOUT', 5.0)
        self.patch(client_module, 'CALL_TIMEOUT', 0.6)
        self.sandbox.fault(LOOK_UP_OFFICES, 'slow_body', seconds=30)
        with self.assertRaises(OutcomeUnknown):
            self.client.look_up_offices(CODE)
        self.patch(company_calls, 'COUNT_SECONDS', 0.5)
        self.sandbox.fault(SEARCH, 'slow_head', seconds=30)
        with self.assertRaises(TooSlow):
            self.client.count_companies(PEC)

    def test_not_sent(self):
        client = CompanyClient('sandbox-token', 'http://127.0.0.1:1/company')
        for _name, call in LOOK_UPS.values():
            with self.assertRaises(NotSent):
                call(client)
        for code in ('', '1', 'IT12485671007', '12485671007/../x', 'rssmra80a01h501u', ID, '1' * 17, '12485671007?'):
            for _name, call in LOOK_UPS.values():
                with self.subTest(code=code), self.assertRaises(Refused) as raised:
                    call(self.client, code)
                self.assertEqual(raised.exception.reason, 'wrong_code')
        self.assertEqual(self.sandbox.stats()['requests'], {})

    def test_throttled(self):
        for name, call in LOOK_UPS.values():
            self.answer(name, '', 429, headers={'Retry-After': '7'})
            with self.assertRaises(Throttled) as raised:
                call(self.client)
            self.assertEqual((raised.exception.retry_after, self.sandbox.executed(name)), (7.0, 0))

    def test_reads_are_repeated(self):
        self.patch(client_module, 'READ_PAUSES', (0.0, 0.0))
        self.sandbox.settings(offices_late=0.001)
        pending = self.client.look_up_offices(CODE)
        self.sandbox.fault(CHECK_ID, 'drop_after')
        self.sandbox.fault(CHECK_ID, 'error_before', status=503)
        self.assertEqual(len(self.client.get_offices(pending.request_id, CODE).officers), 4)
        self.assertEqual((self.sandbox.requested(CHECK_ID), self.sandbox.requested(LOOK_UP_OFFICES)), (3, 1))
        # A count is free as far as the service knows a dry run: it is asked once.
        self.sandbox.fault(SEARCH, 'drop_after')
        with self.assertRaises(OutcomeUnknown):
            self.client.count_companies(PEC)
        self.assertEqual(self.sandbox.requested(SEARCH), 1)

    # ------------------------------------------------------------ tokens and money

    def test_tokens(self):
        for token, lacks in [
            ('wrong', {LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC, CHECK_ID, SEARCH}),
            ('sandbox-token-pec', {LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC, CHECK_ID, SEARCH}),
            ('sandbox-token-unchecked', {CHECK_ID}), ('sandbox-token-readonly', set()),
        ]:
            client = CompanyClient(token, self.sandbox.company_url)
            calls = {
                **dict(LOOK_UPS.values()),
                CHECK_ID: lambda client: client.get_offices(ID, CODE),
                SEARCH: lambda client: client.count_companies(PEC)}
            refused = set()
            for name, call in calls.items():
                with contextlib.suppress(Gone):  # of a request that nobody made
                    try:
                        call(client)
                    except BadToken:
                        refused.add(name)
            with self.subTest(token=token):
                self.assertEqual(refused, lacks)
        self.assertEqual(PecClient('sandbox-token-pec', self.sandbox.url).list_filings(), [])

    def test_hosts_are_not_mixed_up(self):
        """The PEC API knows nothing of companies, and the Company API nothing of filings."""
        with self.assertRaises(OutcomeUnknown):
            CompanyClient('sandbox-token', self.sandbox.url).look_up_company(CODE)
        with self.assertRaises(OutcomeUnknown):
            PecClient('sandbox-token', self.sandbox.company_url).list_filings()
        self.assertEqual(self.spent(), 0)

    def test_free_look_ups(self):
        """So many of a kind are free in a month, for each account; then they cost, then the wallet is empty."""
        self.sandbox.settings(free_looks=2, credit=0.25)
        for _free in range(2):
            self.client.look_up_company(CODE)
            self.client.look_up_pec(CODE)
        self.assertEqual(self.sandbox.stats()['credit']['mail'], 0.25)
        for _paid in range(2):
            self.client.look_up_company(CODE)
        CompanyClient('sandbox-token:other', self.sandbox.company_url).look_up_company(CODE)
        self.assertEqual(self.sandbox.stats()['credit'], {'mail': 0.05, 'other': 0.25})
        for operation, code, needed in [
                ('register_company', 610, 0.1), ('register_offices', 611, 0.2)]:
            with self.assertRaises(NoCredit) as raised:
                LOOK_UPS[operation][1](self.client)
            error = raised.exception
            self.assertEqual((error.status, error.code, error.needed, error.available), (402, code, needed, 0.05))
        self.assertEqual((self.sandbox.executed(LOOK_UP_COMPANY), self.sandbox.executed(LOOK_UP_OFFICES)), (5, 0))
        self.sandbox.settings(ahead=32 * 86400)  # another month
        self.client.look_up_company(CODE)
        self.assertEqual(self.sandbox.stats()['credit']['mail'], 0.05)

    def test_ledger(self):
        """Each look-up that took effect, and one that a gateway made twice."""
        self.sandbox.settings(free_looks=0)
        self.sandbox.fault(LOOK_UP_COMPANY, 'twice')
        self.sandbox.fault(LOOK_UP_PEC, 'drop_after')
        self.client.look_up_company(CODE)
        with self.assertRaises(OutcomeUnknown):
            self.client.look_up_pec(COOPERATIVE)
        self.client.look_up_offices(TRADER)
        self.client.count_companies(PEC)
        self.assertEqual(
            [(row['operation'], row['number'], row['id']) for row in self.sandbox.executions()], [
                (LOOK_UP_COMPANY, 1, CODE), (LOOK_UP_COMPANY, 1, CODE), (LOOK_UP_PEC, 2, COOPERATIVE),
                (LOOK_UP_OFFICES, 3, TRADER)])
        self.assertEqual(self.spent(), 0.45)

    def test_prices(self):
        self.sandbox.settings(free_looks=0, look_prices={'IT-pec': 0.3})
        for _name, call in LOOK_UPS.values():
            call(self.client)
        self.client.count_companies(PEC)
        self.assertEqual(self.spent(), 0.6)

    # ------------------------------------------------------------ counting

    def test_count(self):
        self.assertEqual(self.client.count_companies(PEC), Count(1, False, 0.01))
        self.assertEqual(self.client.count_companies('nobody@legalmail.it'), Count(0, False, None))
        self.sandbox.keep_companies(*(
            {'taxCode': f'0000000{number:04}', 'pec': 'TUTTI@pec.it'} for number in range(12)))
        self.assertEqual(self.client.count_companies('tutti+a@pec.it'), Count(0, False, None))
        self.assertEqual(self.client.count_companies('tutti@pec.it')[:2], (10, True))
        with self.assertRaises(Refused) as raised:
            self.client.count_companies('no pec')
        self.assertEqual((raised.exception.status, raised.exception.code), (406, 316))
        self.assertEqual((self.spent(), self.sandbox.stats()['executed']), (0, {}))
        paths = [request['path'] for request in self.sandbox.requests()]
        self.assertTrue(all('dryRun=1' in path and 'limit=10' in path for path in paths), "nothing else was asked")
        self.assertIn('pec=tutti%2Ba%40pec.it', paths[2])

    # ------------------------------------------------------------ secrets

    def test_nothing_secret_in_errors_and_logs(self):
        """Neither of the address that is asked, nor of what is answered."""
        message = f"bad {TRADER.lower()} {CODE} sandbox-token"
        errors = []
        with self.assertLogs(level=logging.DEBUG) as logs:
            for name, call in LOOK_UPS.values():
                for fault, options in [
                    ('drop_after', {}), ('wrong_shape', {}),
                    *([('other_answer', {})] if name != LOOK_UP_PEC else []),
                    ('error_before', {'status': 406, 'body': {'success': False, 'error': message, 'message': message}}),
                ]:
                    self.sandbox.fault(name, fault, **options)
                    with self.assertRaises(OpenapiPecError) as raised:
                        call(self.client, CODE if fault == 'other_answer' else TRADER)
                    errors += [repr(raised.exception), str(raised.exception.code)]
        lines = [line for line in logs.output if '/company/IT-' in line]
        self.assertTrue(lines, "the library tells what is asked")
        text = ' '.join([*lines, *errors]).lower()
        for secret in ('sandbox-token', TRADER, CODE):
            self.assertNotIn(secret.lower(), text)

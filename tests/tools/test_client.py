import logging
import socket
import threading
import tracemalloc

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.client import PecClient, clean_text
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    NoCredit,
    NotFound,
    NotReady,
    NotSent,
    OutcomeUnknown,
    Refused,
    Throttled,
)

from ..common import BODY, CREATE, DOMAIN, LIST, P7M, SandboxMixin

ID = '60ad149c3a7168084f1d2b68'
PROCURA = 'GET /comunica_pec/{id}/procura_registro_imprese'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestClient(SandboxMixin, BaseCase):
    """The calls over a socket: the vendor's own examples, then everything that can go wrong."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', (0.0, 0.0))

    def post(self, **values):
        return self.client.create_filing({**BODY, **values})

    # ------------------------------------------------------------ the vendor's own examples

    def test_example_1_create(self):
        record = self.post()
        self.assertEqual(record['stato'], 'codice_in_richiesta')
        self.assertEqual((record['callback'], record['documenti_registro_imprese']), (False, []))
        self.assertRegex(record['id'], '^[0-9a-f]{24}$')
        self.assertNotIn('pec_amministratore', record)

    def test_example_3_no_credit(self):
        self.sandbox.settings(credit=0.6)
        with self.assertRaises(NoCredit) as raised:
            self.post()
        self.assertEqual((raised.exception.status, raised.exception.code), (402, 351))
        self.assertIsNone(raised.exception.needed)
        self.sandbox.settings(no_credit_form=2)
        with self.assertRaises(NoCredit) as raised:
            self.post()
        self.assertEqual((raised.exception.needed, raised.exception.available), (15.7, 0.6))
        self.assertEqual(self.sandbox.executed(), 0)

    def test_amounts_of_no_credit(self):
        """As PHP writes them; the digits of the small one would be masked in the message like a tax code's."""
        for words, amounts in {
            "200 > 1.1935842939015E-12 code 810": (200, 1.1935842939015e-12), "15,7 > 0,6": (15.7, 0.6),
            "0.1 > 0": (0.1, 0), "182.03": (None, None), "9" * 400 + " > 1": (None, None),
            "1E999 > 1": (None, None), "1 > 1E999": (None, None), "5 > 1E3.": (5, 1000),
        }.items():
            self.sandbox.fault(CREATE, 'error_before', status=402, body={
                'success': False, 'error': 351, 'data': None, 'message': f"Insufficient Credit in Wallet: {words}"})
            with self.subTest(words=words[:40]), self.assertRaises(NoCredit) as raised:
                self.post()
            self.assertEqual((raised.exception.needed, raised.exception.available), amounts)

    def test_examples_4_and_5_refused(self):
        for values, status, code, message in [
            ({'casella_pec': 'no pec'}, 406, 336, "invalid casella_pec"),
            ({'cf_piva': ''}, 428, 344, "cf_piva required"),
        ]:
            with self.assertRaises(Refused) as raised:
                self.post(**values)
            self.assertEqual(
                (raised.exception.status, raised.exception.code, raised.exception.message), (status, code, message))

    def test_examples_6_and_7_get(self):
        [filing_id] = self.sandbox.create_filings(1, 'in_attesa_di_documenti')
        self.client.upload_documents(filing_id, [P7M])
        self.sandbox.set_stato('comunicazione_evasa')
        record = self.client.get_filing(filing_id)
        self.assertEqual(record['documenti_registro_imprese'], [f'{filing_id}_0_registro_imprese.p7m'])
        for wrong_id, status, code in [('wrong', 400, 333), (ID, 404, 334)]:
            with self.assertRaises(NotFound) as raised:
                self.client.get_filing(wrong_id)
            self.assertEqual((raised.exception.status, raised.exception.code), (status, code))

    def test_example_8_empty_list(self):
        self.assertEqual(self.client.list_filings(), [])
        self.sandbox.create_filings(2)
        self.assertEqual({row['stato'] for row in self.client.list_filings()}, {'codice_in_richiesta'})

    def test_examples_9_and_10_documents(self):
        [filing_id] = self.sandbox.create_filings(1)
        for documents, target, status, code in [
            ([P7M], filing_id, 406, 355), ([P7M], 'wrong', 400, 353), ([P7M], ID, 404, 354),
        ]:
            with self.assertRaises(Refused) as raised:
                self.client.upload_documents(target, documents)
            self.assertEqual((raised.exception.status, raised.exception.code), (status, code))
        self.sandbox.set_stato('in_attesa_di_documenti')
        with self.assertRaises(Refused) as raised:
            self.client.upload_documents(filing_id, [])
        self.assertEqual((raised.exception.status, raised.exception.code), (428, 356))
        self.assertEqual(self.client.upload_documents(filing_id, [P7M, P7M])['stato'], 'documenti_caricati')

    def test_example_11_procura(self):
        [filing_id] = self.sandbox.create_filings(1)
        with self.assertRaises(NotReady):
            self.client.get_procura(filing_id)
        for wrong_id in ('wrong', ID):
            with self.assertRaises(NotFound):
                self.client.get_procura(wrong_id)
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.assertEqual(self.client.get_procura(filing_id)[:5], b'%PDF-')

    def test_example_12_domains(self):
        self.assertIs(self.client.look_up_domain('legalmail.it'), True)
        self.assertIs(self.client.look_up_domain('example.com'), False)
        with self.assertRaises(Refused) as raised:
            self.client.look_up_domain('not a domain')
        self.assertEqual((raised.exception.status, raised.exception.code), (406, 401))
        self.sandbox.settings(credit=0.0)
        with self.assertRaises(NoCredit) as raised:
            self.client.look_up_domain('legalmail.it')
        self.assertEqual((raised.exception.status, raised.exception.code), (402, 403))
        self.sandbox.fault(DOMAIN, 'error_after', status=503)
        with self.assertRaises(OutcomeUnknown):
            self.client.look_up_domain('legalmail.it')
        self.assertEqual(self.sandbox.requested(DOMAIN), 5)

    def test_example_15_bad_token(self):
        client = PecClient('wrong', self.sandbox.url)
        for call in (client.list_filings, lambda: client.get_procura(ID), lambda: client.create_filing(BODY)):
            with self.assertRaises(BadToken) as raised:
                call()
            self.assertEqual((raised.exception.status, raised.exception.code), (401, 125.22))
        with self.assertRaises(BadToken):
            PecClient('sandbox-token-readonly', self.sandbox.url).create_filing(BODY)

    # ------------------------------------------------------------ what goes wrong

    def test_a_paid_call_is_never_repeated(self):
        for fault, options in [
            ('drop_before', {}), ('drop_after', {}), ('truncate', {}), ('error_after', {'status': 500}),
            ('error_after', {'status': 503, 'body': {'success': False, 'error': 402, 'message': "x", 'data': None}}),
            ('wrong_json', {}), ('wrong_shape', {}), ('not_envelope_4xx', {'status': 400}),
            ('redirect', {'location': f'{self.sandbox.url}/elsewhere'}), ('huge', {}),
        ]:
            with self.subTest(fault=fault, **options):
                self.sandbox.reset()
                self.sandbox.fault(CREATE, fault, **options)
                with self.assertRaises(OutcomeUnknown):
                    self.post()
                self.assertEqual(self.sandbox.requested(CREATE), 1)
                self.assertEqual(sum(self.sandbox.stats()['requests'].values()), 1, "no redirect was followed")

    def test_time_is_bounded(self):
        self.patch(client_module, 'READ_TIMEOUT', 0.3)
        self.sandbox.fault(CREATE, 'delay_after', seconds=1.5)
        with self.assertRaises(OutcomeUnknown):
            self.post()
        self.patch(client_module, 'READ_TIMEOUT', 5.0)
        self.patch(client_module, 'CALL_TIMEOUT', 1.0)
        self.sandbox.fault(CREATE, 'slow_body', seconds=30)
        with self.assertRaises(OutcomeUnknown):
            self.post()
        self.assertEqual(self.sandbox.requested(CREATE), 2)

    def test_size_is_bounded(self):
        self.patch(client_module, 'MAX_ANSWER_SIZE', 1000)
        self.sandbox.create_filings(100)
        with self.assertRaises(OutcomeUnknown):
            self.client.list_filings()

    def test_packed(self):
        """An answer that is packed although nobody asked for it is read; the library unpacked any of it, unbounded."""
        self.sandbox.create_filings(100)
        self.sandbox.fault(LIST, 'packed')
        self.assertEqual(len(self.client.list_filings()), 100)
        self.patch(client_module, 'MAX_ANSWER_SIZE', 5000)  # packed it is smaller
        self.sandbox.fault(LIST, 'packed', times=3)
        with self.assertRaises(OutcomeUnknown) as raised:
            self.client.list_filings()
        self.assertEqual(raised.exception.reason, 'too_large')

    def test_bombs(self):
        for packing, reason in {
            'gzip, gzip': 'unreadable', 'br': 'unreadable', 'gzip': 'unreadable', 'zstd, gzip': 'unreadable',
        }.items():
            with self.subTest(packing=packing):
                self.sandbox.fault(CREATE, 'bomb', headers={'Content-Encoding': packing})
                tracemalloc.start()
                with self.assertRaises(OutcomeUnknown) as raised:
                    self.post()
                peak = tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
                self.assertEqual((raised.exception.status, raised.exception.reason), (200, reason))
                self.assertLess(peak, 20 * 2**20)

    def test_redirects(self):
        """None is prepared either: the library would read all of the answer, unpack it, and fail on a wrong address."""
        elsewhere = f'{self.sandbox.url}/elsewhere'
        for fault, location in [
            ('huge', elsewhere), ('bomb', elsewhere), ('redirect', 'http://['), ('redirect', 'http://a..b/'),
            ('redirect', '//'), ('redirect', 'x' * 5000),
        ]:
            options = {'location': location} if fault == 'redirect' else {'headers': {'Location': location}}
            self.sandbox.fault(CREATE, fault, status=302, **options)
            tracemalloc.start()
            with self.subTest(fault=fault, location=location[:20]), self.assertRaises(OutcomeUnknown) as raised:
                self.post()
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            self.assertIn(raised.exception.reason, ('unreadable', 'too_large'))
            self.assertLess(peak, 80 * 2**20)
        self.assertEqual(self.sandbox.stats()['requests'], {CREATE: 6})

    def test_not_sent(self):
        with socket.create_server(('127.0.0.1', 0)) as closed:
            port = closed.getsockname()[1]
        for url in (f'http://127.0.0.1:{port}', f'https://127.0.0.1:{self.sandbox.url.rsplit(":", 1)[1]}'):
            with self.subTest(url=url), self.assertRaises(NotSent):
                PecClient('sandbox-token', url).create_filing(BODY)
        self.assertEqual(self.sandbox.requested(CREATE), 0)

    def test_unusable_accounts(self):
        for token, url in [('t', 'http://pec.example.com'), ('t', ''), ('t', 'ftp://127.0.0.1'),
                           ('', self.sandbox.url), ('a\nb', self.sandbox.url)]:
            with self.assertRaises(NotSent):
                PecClient(token, url)

    def test_reads_are_repeated(self):
        self.sandbox.create_filings(1)
        for fault, options in [('drop_before', {}), ('error_before', {'status': 500}), ('wrong_json', {}),
                               ('error_before', {'status': 429, 'headers': {'Retry-After': '0'}})]:
            self.patch(client_module, 'READ_PAUSES', (0.0, 0.01))
            self.sandbox.fault(LIST, fault, times=2, **options)
            self.assertEqual(len(self.client.list_filings()), 1, fault)
        self.sandbox.fault(LIST, 'error_before', status=500, times=-1)
        with self.assertRaises(OutcomeUnknown):
            self.client.list_filings()

    def test_throttled(self):
        for headers, seconds in [({'Retry-After': '7'}, 7.0),
                                 ({'Retry-After': '999999'}, 3600.0), ({}, 60.0), ({'Retry-After': 'soon'}, 60.0)]:
            self.sandbox.fault(CREATE, 'error_before', status=429, headers=headers)
            with self.assertRaises(Throttled) as raised:
                self.post()
            self.assertEqual(raised.exception.retry_after, seconds)
        self.sandbox.fault(LIST, 'error_before', status=429, headers={'Retry-After': '7'})
        with self.assertRaises(Throttled):
            self.client.list_filings()

    def test_hostile_answers(self):
        def answer(body):
            self.sandbox.fault(CREATE, 'error_before', status=200, body=body)

        for data in (None, [], "text", {}, {'id': 5}, {'id': '../../x'}, {'id': 'x' * 65}):
            answer({'success': True, 'data': data})
            with self.assertRaises(OutcomeUnknown):
                self.post()
        answer(
            {
                'success': True, 'data': {
                    'id': ID, 'casella_pec': BODY['casella_pec'], 'stato': "a\nb" * 400, 'timestamp': '١٢'}})
        record = self.post()
        self.assertEqual((len(record['stato']), record['timestamp'], '\n' in record['stato']), (500, None, False))
        answer({'success': True, 'data': {'id': ID, 'casella_pec': BODY['casella_pec'], 'timestamp': '1621955739'}})
        self.assertEqual(self.post()['timestamp'], 1621955739)
        self.sandbox.fault(CREATE, 'error_before', status=200, body='[' * 100000)
        with self.assertRaises(OutcomeUnknown):
            self.post()
        self.sandbox.fault(LIST, 'error_before', status=200, body={'success': True, 'data': {'a': 1}})
        with self.assertRaises(OutcomeUnknown):
            self.client.list_filings()
        self.sandbox.fault(
            LIST, 'error_before', status=200, body={'success': True, 'data': [{'id': ID}, "x", {'id': None}]})
        self.assertEqual([row['id'] for row in self.client.list_filings()], [ID])
        self.sandbox.fault(PROCURA, 'error_before', times=-1, status=200, body="<html>no pdf")
        with self.assertRaises(OutcomeUnknown):
            self.client.get_procura(ID)

    def test_cutting_a_closed_connection(self):
        adapter = client_module.WatchingAdapter()
        adapter.cut()  # nothing connected yet
        left, right = socket.socketpair()
        adapter._sock = left
        left.close()
        adapter.cut()  # the answer came in the same moment
        right.close()

    def test_proxy(self):
        """Behind a proxy as well, failing to connect is told apart from losing the answer."""
        with socket.create_server(('127.0.0.1', 0)) as closed:
            port = closed.getsockname()[1]
        self.patch(
            client_module.requests.sessions, 'get_environ_proxies', lambda *args,
            **kwargs: {'http': f'http://127.0.0.1:{port}'})
        with self.assertRaises(NotSent):
            self.post()

    # ------------------------------------------------------------ secrets

    def test_nothing_secret_in_errors_and_logs(self):
        secrets = ('sandbox-token', BODY['cf'], BODY['cf_piva'])
        message = f"bad {BODY['cf'].lower()} {BODY['cf_piva']} sandbox-token"
        with self.assertLogs(level=logging.DEBUG) as logs:
            logging.getLogger(__name__).debug("at least one line")
            self.sandbox.fault(
                CREATE, 'error_before', status=406, body={'success': False, 'error': message, 'message': message})
            with self.assertRaises(OutcomeUnknown) as refused:  # with a code that nobody documents
                self.post()
            self.sandbox.fault(CREATE, 'drop_after')
            with self.assertRaises(OutcomeUnknown) as unknown:
                self.post()
        text = ' '.join(
            [*logs.output, repr(refused.exception), str(refused.exception.code), repr(unknown.exception)]).lower()
        for secret in secrets:
            self.assertNotIn(secret.lower(), text)

    def test_clean_text(self):
        for text, cleaned in [
            ("RSSMRA80A01H501U", "***"), ("x rssmra80a01h50mm y", "x *** y"), ("12345678901", "***"),
            ("a\r\nb", "a b"), ("x" * 600, "x" * 500), (None, "None"), (15.7, "15.7"),
        ]:
            self.assertEqual(clean_text(text), cleaned)

    def test_no_thread_is_left_behind(self):
        self.post()
        timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
        self.assertFalse([timer for timer in timers if not timer.finished.is_set()])

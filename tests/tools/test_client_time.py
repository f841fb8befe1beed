import contextlib
import socket
import threading
import time

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools import clock
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api import mailbox_calls
from odoo.addons.l10n_it_openapi_pec.tools.api.client import PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent, OutcomeUnknown, TooSlow

from ..common import BODY, CREATE, LIST, SandboxMixin

READ = 'GET /comunica_pec/{id}'
CHECK = 'GET /verifica_pec/{pec}'
MARGIN = 15  # seconds, on a busy machine: without an end to it, each of these services takes a minute


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestClientTime(SandboxMixin, BaseCase):
    """However slowly a service drips, a conversation with it ends in time."""

    @contextlib.contextmanager
    def within(self, seconds):
        start = time.monotonic()
        yield
        self.assertLess(time.monotonic() - start, seconds + MARGIN)

    def hasty(self, seconds=1.0):
        """Return the client of somebody who waits."""
        return PecClient('sandbox-token', self.sandbox.url, clock.now() + seconds)

    @contextlib.contextmanager
    def dripping(self, head, drop):
        """Run a server that answers every connection with a head at once, and then a drop each 0.2 s, for ever.

        :return: its port
        """
        done = threading.Event()

        def serve(server):
            while not done.is_set():
                with contextlib.suppress(OSError), server.accept()[0] as connection:
                    connection.sendall(head)
                    while not done.wait(0.2):
                        connection.sendall(drop)

        with socket.create_server(('127.0.0.1', 0)) as server:
            server.settimeout(0.2)
            thread = threading.Thread(target=serve, args=[server], daemon=True)
            thread.start()
            yield server.getsockname()[1]
            done.set()
            thread.join(5)

    def test_one_deadline_for_all_reads(self):
        [remote_id] = self.sandbox.create_filings(1)
        client = self.hasty()
        for operation in (LIST, READ):
            self.sandbox.fault(operation, 'slow_body', seconds=60)
        self.assertFalse(client.is_late)
        with self.within(1):
            for read in (client.list_filings, lambda: client.get_filing(remote_id), client.list_mailboxes):
                with self.assertRaises(TooSlow):
                    read()
        self.assertTrue(client.is_late)
        self.assertEqual(self.sandbox.requested(LIST), 1)
        self.assertEqual(self.sandbox.requested(READ), 0, "no time was left for it")

    def test_the_head_drips(self):
        self.sandbox.fault(LIST, 'slow_head', seconds=60)
        with self.within(1), self.assertRaises(TooSlow):
            self.hasty().list_filings()

    def test_nothing_is_repeated_while_somebody_waits(self):
        self.sandbox.fault(LIST, 'error_before', status=500, times=-1)
        client = self.hasty(10)
        with self.within(1), self.assertRaises(OutcomeUnknown) as raised:
            client.list_filings()
        self.assertNotIsInstance(raised.exception, TooSlow)
        self.assertFalse(client.is_late)
        self.assertEqual(self.sandbox.requested(LIST), 1)

    def test_in_time(self):
        self.sandbox.create_filings(2)
        self.sandbox.fault(LIST, 'slow_body', seconds=1)
        self.assertEqual(len(self.hasty(10).list_filings()), 2)

    def test_a_jobs_read_is_bounded_with_its_repetitions(self):
        self.patch(client_module, 'CALL_TIMEOUT', 1.5)
        self.patch(client_module, 'READ_PAUSES', (0.1, 0.1, 0.1))
        self.sandbox.fault(LIST, 'slow_body', seconds=60, times=-1)
        with self.within(1.5), self.assertRaises(OutcomeUnknown):
            self.client.list_filings()
        self.assertFalse(self.client.is_late)
        self.assertEqual(self.sandbox.requested(LIST), 1, "no time was left for a repetition")

    def test_a_question_while_typing(self):
        self.patch(mailbox_calls, 'CHECK_SECONDS', 1.0)
        self.sandbox.fault(CHECK, 'slow_body', seconds=60, times=-1)
        for client in (self.client, self.hasty(60)):
            with self.within(1), self.assertRaises(OutcomeUnknown):
                client.is_available('prova@testcert.legalmail.it')

    def test_a_paid_call_drips(self):
        """Its deadline is its own, and what it did is not known."""
        self.patch(client_module, 'CALL_TIMEOUT', 1.0)
        for fault in ('slow_body', 'slow_head'):
            self.sandbox.fault(CREATE, fault, seconds=60)
            with self.within(1), self.assertRaises(OutcomeUnknown) as raised:
                self.hasty(0.1).create_filing(BODY)
            self.assertNotIsInstance(raised.exception, TooSlow)
        self.assertEqual(self.sandbox.executed(CREATE), 2)

    def test_a_body_without_end_is_not_taken_for_whole(self):
        """When the time is over the connection ends, as such a body does."""
        self.patch(client_module, 'CALL_TIMEOUT', 1.0)
        head = b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"success": true, "data": []}'
        with self.dripping(head, b' ') as port, self.within(1), self.assertRaises(OutcomeUnknown):
            PecClient('sandbox-token', f'http://127.0.0.1:{port}').list_filings()

    def test_the_time_is_over_before_there_is_a_connection(self):
        """On a busy machine: nothing is sent then, and nothing is waited for."""
        self.sandbox.fault(LIST, 'slow_body', seconds=60)
        adapter = client_module.WatchingAdapter()
        adapter.cut()
        with client_module.requests.Session() as session, self.within(0), self.assertRaises(
                client_module.requests.ConnectionError):
            session.mount('http://', adapter)
            session.get(self.sandbox.url + '/comunica_pec', timeout=(5, 5))
        self.assertTrue(adapter.connect_failed)
        self.assertEqual(self.sandbox.requested(LIST), 0)

    def test_the_handshake_drips(self):
        """Nothing was sent before it ended."""
        self.patch(client_module, 'CALL_TIMEOUT', 1.0)
        with self.dripping(b'\x16\x03\x03\x40\x00', b'\x00') as port, self.within(1), self.assertRaises(NotSent):
            PecClient('sandbox-token', f'https://127.0.0.1:{port}').create_filing(BODY)

import contextlib
import datetime
import http.server
import socket
import threading
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import deliveries
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_data import Delivery

from ..common import SandboxMixin

OWN = 'https://odoo.example.com/openapi_pec/callback/'
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)


def row(status, hour=0, address=f'{OWN}***', is_timed=True, is_ended=True):
    began = NOON + datetime.timedelta(hours=hour) if is_timed else None
    return Delivery(str(hour), 'POST:pec.openapi.it/pec', address, status, began, (began or NOON) if is_ended else None)


@contextlib.contextmanager
def answering(status):
    """Run a server that answers each POST with a status; its address, and what was asked, are told."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            self.send_response(status)
            self.send_header('Location', 'http://127.0.0.1:9/elsewhere')
            self.send_header('Content-Length', '0')
            self.end_headers()

        def log_message(self, *_words):
            """Say nothing."""

    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f'http://127.0.0.1:{server.server_port}', asked
        finally:
            server.shutdown()
            thread.join()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDeliveries(SandboxMixin, BaseCase):
    """What the service's list of callbacks tells of our address, and what this server itself sees of it."""

    def judge(self, *rows):
        told = deliveries.judge(rows, [OWN])
        return told and (told.failed, told.status, told.delivered_at and (told.delivered_at - NOON).seconds // 3600)

    def test_what_could_not_be_delivered(self):
        for rows, expected in (
            ([], None),
            ([row(200, 1)], (0, 0, 1)),
            ([row(0, 1), row(502, 2)], (2, 502, None)),
            ([row(502, 2), row(0, 3), row(0, 1)], (3, 0, None)),  # in any order
            ([row(0, 1), row(502, 2), row(204, 3)], (0, 0, 3)),  # delivered since
            ([row(200, 1), row(404, 2), row(404, 3)], (2, 404, 1)),
            ([row(0, 1), row(301, 2)], (1, 0, None)),  # sent elsewhere: says nothing
            ([row(0, 1), row(0, 2, is_ended=False)], (1, 0, None)),  # goes on
            ([row(0, 2, is_ended=False)], None),
            ([row(0, 1), row(0, 2), row(200, is_timed=False)], (0, 0, None)),  # perhaps delivered since
            ([row(0, 1), row(0, is_timed=False)], (1, 0, None)),
        ):
            self.assertEqual(self.judge(*rows), expected, rows)

    def test_only_our_own_address(self):
        self.assertIsNone(self.judge(
            row(0, 1, 'https://other.example.com/openapi_pec/callback/***'), row(0, 2, 'https://odoo.example.com/x'),
            row(0, 3, '')))
        self.assertEqual(self.judge(row(0, 1, OWN.upper() + '***'), row(0, 2)), (2, 0, None))

    def test_a_host_that_looks_like_a_token(self):
        """The client masks what may be a token in the rows; our own address is compared with it masked alike."""
        host = 'https://studio-rossi-staging-branch-12345678901.dev.odoo.com/openapi_pec/callback/'
        shown = deliveries.clean_text(f'{host}***')
        self.assertNotIn('12345678901', shown)
        told = deliveries.judge([row(0, 1, shown), row(0, 2, shown)], [host])
        self.assertEqual((told.address, told.failed), (host, 2))

    def test_the_worse_of_two_addresses(self):
        other = 'https://second.example.com/openapi_pec/callback/'
        told = deliveries.judge([row(200, 1), row(500, 2, f'{other}***'), row(500, 3, f'{other}***')], [OWN, other])
        self.assertEqual((told.address, told.failed, told.status), (other, 2, 500))

    def test_the_answer_of_an_address(self):
        for status in (200, 301, 404, 502):
            with answering(status) as (url, asked):
                self.assertEqual(deliveries.send(f'{url}/x'), deliveries.Look('answered', '127.0.0.1', status))
                self.assertEqual(asked, ['/x'], "and nothing was followed")

    def test_no_answer(self):
        with contextlib.closing(socket.create_server(('127.0.0.1', 0))) as silent:
            port = silent.getsockname()[1]
            with patch.object(deliveries, 'SECONDS', (1, 1)):
                self.assertEqual(deliveries.send(f'http://127.0.0.1:{port}').kind, 'silent')
        self.assertEqual(deliveries.send(f'http://127.0.0.1:{port}').kind, 'silent', "nobody listens any more")
        with answering(200) as (url, _asked):
            self.assertEqual(deliveries.send(url.replace('http', 'https')).kind, 'silent', "it speaks no TLS")

    def test_what_is_not_asked(self):
        for url in ('http://odoo.example.com/x', 'https://127.0.0.1/x', None, 'https://odoo.local'):
            self.assertEqual(deliveries.ask(url), deliveries.Look('not_public'))
        for number in ('10.0.0.1', '127.0.0.1', 'fe80::1%eth0', '169.254.169.254'):
            found = [(socket.AF_INET, socket.SOCK_STREAM, 0, '', (number, 0))]
            with patch.object(socket, 'getaddrinfo', lambda *_args, found=found, **_options: found):
                self.assertEqual(
                    deliveries.ask('https://odoo.example.com/x'), deliveries.Look('private', 'odoo.example.com'),
                    "no number of the network within is told")
        self.assert_looked_up_once()
        with patch.object(socket, 'getaddrinfo', side_effect=socket.gaierror):
            self.assertEqual(
                deliveries.ask('https://odoo.example.com/x'), deliveries.Look('no_name', 'odoo.example.com'))

    def assert_looked_up_once(self):
        """What was looked at is what is called, whatever the name leads to a moment later."""
        asked = []

        def find(host, *_args, **_options):
            asked.append(host)
            if len(asked) > 1:
                raise socket.gaierror
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, '', ('93.184.215.14', 0))]

        url = 'https://odoo.example.com/x'
        with patch.object(socket, 'getaddrinfo', find), patch.object(deliveries, 'send', lambda *called: called):
            self.assertEqual(deliveries.ask(url), (url, '93.184.215.14'))
        self.assertEqual(asked, ['odoo.example.com'])

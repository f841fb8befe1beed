"""Fetching from addresses that strangers name: where nobody goes, and when one stops."""
import datetime
import socket
import ssl
import tempfile
import threading
import time
from pathlib import Path
from unittest.mock import patch

import requests

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.const.trust import FETCH_PROBLEMS
from odoo.addons.l10n_it_openapi_pec.tools import trust
from odoo.addons.l10n_it_openapi_pec.tools.trust import asking, fetching

import p7m_files as files
from trust_files import Authority, Server, drip, pour

from .test_trust import fill

MEGABYTE = 1 << 20
SECONDS = 1.0  # that a fetch may take here


def drip_header(handler):
    """Send a header without end, a byte now and then."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nX-Long: ')
    drip_bytes(handler)


def drip_chunks(handler):
    """Send chunks of a byte without end."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    drip_bytes(handler, b'1\r\nx\r\n')


def drip_bytes(handler, piece=b'x'):
    for _byte in range(600):
        handler.wfile.write(piece)
        handler.wfile.flush()
        time.sleep(0.05)


def say_nothing(_handler):
    time.sleep(3)


def pour_chunks(handler):
    """Send chunks without end."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    for _megabyte in range(1000):
        handler.wfile.write(b'100000\r\n' + bytes(MEGABYTE) + b'\r\n')


def cut_off(handler):
    """Send less than what was promised."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx')


def cut_off_chunks(handler):
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab')


def many_headers(handler):
    handler.wfile.write(b'HTTP/1.1 200 OK\r\n' + b'X: y\r\n' * 1000 + b'\r\n')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTrustFetching(BaseCase):
    """A server on loopback, which is allowed by its number and port alone."""

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(Server())
        self.fetcher = trust.Fetcher([self.server.place], seconds=SECONDS)

    def get_code(self, url, fetcher=None, **how):
        """Return why nothing was fetched, or what was."""
        started = time.monotonic()
        try:
            result = (fetcher or self.fetcher).fetch(url, **how).content
        except trust.TrustError as error:
            fill(FETCH_PROBLEMS[error.code], error.values)
            result = error.code
        self.assertLess(time.monotonic() - started, SECONDS + 1.5)
        return result

    def test_fetched(self):
        self.server.answers |= {'/a?b=c': b'content', '/': b'root', '/empty': b'', '/long': bytes(3 * MEGABYTE)}
        for path, content in (('/a?b=c', b'content'), ('', b'root'), ('/empty', b''), ('/long', bytes(3 * MEGABYTE))):
            self.assertEqual(self.get_code(self.server.url + path), content)
        self.assertEqual(
            self.get_code(f'{self.server.url}/', body=b'question', kind='application/ocsp-request'), b'root')
        self.assertEqual(self.server.bodies, [b'question'])

    def test_modified(self):
        moment = datetime.datetime(2026, 11, 1, 10, tzinfo=datetime.timezone.utc)
        text = 'Sun, 01 Nov 2026 10:00:00 GMT'
        seen = []

        def answer(handler):
            seen.append(handler.headers.get('If-Modified-Since'))
            handler.give(304 if seen[-1] else 200, {'Last-Modified': text}, b'' if seen[-1] else b'new')

        self.server.answers['/list'] = answer
        url = f'{self.server.url}/list'
        first = self.fetcher.fetch(url)
        self.assertEqual(first, (b'new', moment))
        self.assertEqual(self.fetcher.fetch(url, since=first.modified), (None, moment))
        self.assertEqual(seen, [None, text])
        for odd in ('yesterday', '', 'Sun, 99 Nov 2026 10:00:00 GMT', 'Sun, 01 Nov 2026 10:00:00'):
            self.server.answers['/list'] = (200, {'Last-Modified': odd}, b'new')
            self.assertEqual(self.fetcher.fetch(url), (b'new', None))
        self.server.answers['/list'] = (304, {}, b'')
        self.assertEqual(self.get_code(url), 'refused')

    def test_addresses(self):
        """No address of this machine, of its network or of a cloud's, in whatever writing, and no other port."""
        port = self.server.port
        for url in (
            'http://169.254.169.254/latest/meta-data/', 'http://127.0.0.1/', 'http://localhost/', 'http://LOCALHOST./',
            'https://localhost/', 'http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/',
            'http://0/', 'http://0.0.0.0/', 'http://10.0.0.1/', 'http://172.16.0.1/', 'http://192.168.1.1/',
            'http://100.64.0.1/', 'http://224.0.0.1/', 'http://255.255.255.255/', 'http://[::1]/', 'http://[::]/',
            'http://[fe80::1]/', 'http://[fd00::1]/', 'http://[ff02::1]/', 'http://[::ffff:127.0.0.1]/',
            'http://[::ffff:169.254.169.254]/', 'http://[2002:7f00:1::]/', 'http://[2002:a9fe:a9fe::1]/',
            'http://[64:ff9b::7f00:1]/', 'http://[64:ff9b::a9fe:a9fe]/', 'http://[64:ff9b:1::7f00:1]/',
            'http://[::127.0.0.1]/', 'http://[::ffff:0:127.0.0.1]/', 'http://[fec0::1]/', 'http://[5f00::1]/',
            'http://[ff0e::1]/', 'http://192.0.0.192/', 'http://[::ffff:224.0.0.1]/', f'http://127.0.0.2:{port}/',
            'http://8.8.8.8:8080/', 'http://8.8.8.8:443/', 'https://8.8.8.8:80/', 'http://8.8.8.8:22/',
            'ftp://8.8.8.8/', 'ldap://8.8.8.8/', 'file:///etc/passwd', 'gopher://8.8.8.8/', '//8.8.8.8/', '8.8.8.8', '',
            'http://', 'http:///x', 'http://user@8.8.8.8/', 'http://user:pw@8.8.8.8/', 'http://8.8.8.8:99999/',
            'http://8.8.8.8:x/', 'http://[x/', 'http://8.8.8.8/ x', 'http://8.8.8.8/\r\nHost: x', 'http://pròva.it/',
            'http://8.8.8.8/' + 'x' * 2000,
        ):
            with self.subTest(url), patch.object(socket, 'create_connection', side_effect=AssertionError):
                self.assertEqual(self.get_code(url), 'address_refused')

    def test_public(self):
        """What is public would be reached: no connection is made here."""
        for url, number, port in (
            ('http://8.8.8.8/', '8.8.8.8', 80), ('https://8.8.8.8', '8.8.8.8', 443),
            ('HTTP://8.8.8.8:80/', '8.8.8.8', 80), ('http://[2a00:1450:4002::1]/', '2a00:1450:4002::1', 80),
            ('http://[2002:808:808::1]/', '2002:808:808::1', 80),
        ):
            with self.subTest(url), patch.object(socket, 'create_connection', side_effect=OSError) as connect:
                self.assertEqual(self.get_code(url), 'unreachable')
                self.assertEqual(connect.call_args.args[0], (number, port))

    def test_names(self):
        """A name that leads to a private number, alone or among others; the number that was checked is the one that is
        used, whatever the name says next."""
        for numbers, code in (
            (['127.0.0.1'], 'address_refused'), (['8.8.8.8', '10.0.0.1'], 'address_refused'),
            (['10.0.0.1', '8.8.8.8'], 'address_refused'), (['fe80::1%2'], 'address_refused'),
            (['8.8.8.8'], 'unreachable'),
        ):
            answers = [[(socket.AF_INET, 1, 6, '', (number, 80)) for number in told] for told in (
                numbers, ['127.0.0.1'])]
            with self.subTest(numbers), patch.object(socket, 'getaddrinfo', side_effect=answers) as resolve, \
                    patch.object(socket, 'create_connection', side_effect=OSError) as connect:
                self.assertEqual(self.get_code('http://crl.prova.it/list'), code)
                self.assertEqual([call.args[0] for call in resolve.call_args_list], ['crl.prova.it'])
                self.assertEqual([call.args[0][0] for call in connect.call_args_list], [
                    number for number in numbers if code == 'unreachable'])

    def test_name_that_does_not_answer(self):
        """A name server that does not answer is not waited for."""
        release = threading.Event()
        self.addCleanup(release.set)

        def resolve(*_arguments, **_how):
            release.wait(30)
            return [(socket.AF_INET, 1, 6, '', ('8.8.8.8', 80))]

        with patch.object(socket, 'getaddrinfo', resolve), patch.object(
                socket, 'create_connection', side_effect=OSError) as connect:
            self.assertEqual(self.get_code('http://crl.prova.it/list'), 'too_slow')
            release.set()  # the answer comes when nobody waits any more
            self.check_ended()
            self.assertFalse(connect.called)
        with patch.object(socket, 'getaddrinfo', side_effect=socket.gaierror):
            self.assertEqual(self.get_code('http://crl.prova.it/list'), 'unreachable')
        self.assertEqual(self.get_code('http://' + 'x' * 70 + '.it/'), 'unreachable')

    def test_redirects(self):
        """Only to the same host, and not for ever."""
        other = self.enterContext(Server())
        other.answers['/secret'] = b'secret'
        self.server.answers |= {
            '/here': b'here', '/one': (301, {'Location': '/here'}, b''), '/two': (307, {'Location': '/one'}, b''),
            '/whole': (302, {'Location': f'{self.server.url}/here'}, b''), '/round': (302, {'Location': '/round'}, b''),
            '/nowhere': (302, {}, b'')}
        for path in ('/one', '/two', '/whole'):
            self.assertEqual(self.get_code(self.server.url + path), b'here')
        self.assertEqual(self.get_code(f'{self.server.url}/round'), 'refused')
        self.assertEqual(self.get_code(f'{self.server.url}/nowhere'), 'refused')
        for place, code in (
            ('http://169.254.169.254/latest', 'redirected'), ('http://localhost/', 'redirected'),
            (f'http://localhost:{self.server.port}/here', 'redirected'), (f'{other.url}/secret', 'address_refused'),
            ('http://127.0.0.1/', 'address_refused'), ('file:///etc/passwd', 'address_refused'),
            ('//8.8.8.8/', 'redirected'), ('http://[x', 'redirected'),
        ):
            with self.subTest(place):
                self.server.answers['/away'] = (302, {'Location': place}, b'')
                self.assertEqual(self.get_code(f'{self.server.url}/away'), code)
        self.assertEqual(other.asked, [])

    def test_size(self):
        """What is larger than it may be is not read, nor what has no end."""
        self.server.answers |= {
            '/hundred': (200, {'Content-Length': str(100 * MEGABYTE)}, b''), '/pour': pour, '/chunks': pour_chunks,
            '/exact': bytes(MEGABYTE), '/more': bytes(MEGABYTE + 1)}
        for path in ('/hundred', '/pour', '/chunks', '/more'):
            with self.subTest(path):
                self.assertEqual(self.get_code(self.server.url + path, most=MEGABYTE), 'too_large')
        self.assertEqual(len(self.get_code(f'{self.server.url}/exact', most=MEGABYTE)), MEGABYTE)
        self.assertEqual(self.get_code(f'{self.server.url}/hundred', most=asking.MAX_LIST), 'too_large')

    def test_time(self):
        """An answer without end, a byte now and then, ends when its time is over."""
        self.server.answers |= {
            '/drip': drip, '/header': drip_header, '/chunks': drip_chunks, '/silent': say_nothing}
        for path in self.server.answers:
            with self.subTest(path):
                self.assertEqual(self.get_code(self.server.url + path), 'too_slow')

    def test_broken(self):
        self.server.answers |= {
            '/cut': cut_off, '/chunks': cut_off_chunks, '/headers': many_headers,
            '/nothing': lambda handler: None, '/error': (500, {}, b'x'), '/gone': (410, {}, b''),
            '/made': (204, {}, b'')}
        for path, code in (
                ('/cut', 'unreachable'), ('/chunks', 'unreachable'), ('/headers', 'unreachable'),
                ('/nothing', 'unreachable'), ('/error', 'refused'), ('/gone', 'refused'), ('/made', 'refused'),
                ('/unknown', 'refused')):
            with self.subTest(path):
                self.assertEqual(self.get_code(self.server.url + path), code)
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            place = free.getsockname()
        self.assertEqual(self.get_code(f'http://127.0.0.1:{place[1]}/', trust.Fetcher([place])), 'unreachable')
        # Not TLS
        self.assertEqual(self.get_code(f'https://127.0.0.1:{self.server.port}/'), 'unreachable')

    def test_https(self):
        """The site's certificate is checked: of the right number, by an authority that is known."""
        authority = Authority("Sites")
        with tempfile.TemporaryDirectory() as folder:
            known = Path(folder, 'known.pem')
            known.write_bytes(files.pem(authority.certificate, 'CERTIFICATE'))
            for issuer, host, expected in (
                (authority, '127.0.0.1', b'list'), (authority, '127.0.0.2', 'unreachable'),
                (Authority("Sites", signing_key=files.key(copy='liar')), '127.0.0.1', 'unreachable'),
            ):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(issuer.issue_site(host).write(Path(folder)))
                with Server(context) as server, patch.object(requests.certs, 'where', lambda: str(known)):
                    server.answers['/list'] = b'list'
                    self.assertEqual(
                        self.get_code(f'{server.url}/list', trust.Fetcher([server.place], seconds=SECONDS)), expected)

    def test_no_proxy_and_no_threads(self):
        """The environment sends nobody elsewhere, and what has ended leaves nothing running."""
        self.server.answers['/'] = b'root'
        with patch.dict('os.environ', {'http_proxy': 'http://127.0.0.1:9', 'HTTP_PROXY': 'http://127.0.0.1:9'}):
            self.assertEqual(self.get_code(self.server.url), b'root')
        self.server.answers['/drip'] = drip
        self.get_code(f'{self.server.url}/drip')
        self.check_ended()

    def check_ended(self):
        """Check that what was fetched or given up is not under way any more."""
        for _pause in range(40):
            if not any(thread.name.startswith(fetching.THREAD) for thread in threading.enumerate()):
                break
            time.sleep(0.05)
        else:
            self.fail("a fetch is still under way")

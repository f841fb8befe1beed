"""Fetching from addresses that a stranger's file names, without being used by it.

The address is resolved once, and what it resolves to must be public; the connection goes to that very number, so no
second answer of a name server counts. One exchange, http and https on their own ports, no proxy, no redirect to another
host, so many bytes and so many seconds at most. ``tools/api/deliveries`` does less, and with ``requests``: it calls no
address but this Odoo's own, and reads nothing of the answer.
"""
import contextlib
import datetime
import email.utils
import http.client
import socket
import ssl
import threading
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import requests

from .. import clock
from ..api.public_address import is_public_number
from .findings import TrustError

PORTS = {'http': 80, 'https': 443}
CONNECT_TIMEOUT = 5.0  # seconds
MAX_REDIRECTS = 2
THREAD = 'fetching'  # name
REDIRECTS = (301, 302, 303, 307, 308)
MEGABYTE = 1 << 20


class Answer(NamedTuple):
    """What was fetched."""

    content: bytes  # None when it has not changed since
    modified: datetime.datetime  # as the server says (aware), or None


class Fetcher:
    """Fetches from public addresses.

    :param allowed: ``(number of the host, port)`` that are reached although they are not public or use another port,
        such as ``('127.0.0.1', 8080)``: for tests alone.
    :param float seconds: for one exchange, from the name to the last byte.
    """

    def __init__(self, allowed=(), seconds=10.0):
        self._allowed = frozenset(allowed)
        self._seconds = seconds

    def fetch(self, url, *, most=8 * MEGABYTE, body=None, kind=None, since=None):
        """Fetch something.

        :param str url: the address.
        :param int most: how many bytes at most.
        :param bytes body: what is posted; None to get.
        :param str kind: of the body, as Content-Type names it.
        :param datetime.datetime since: when what is kept was modified, as an earlier :class:`Answer` said.
        :rtype: Answer
        :raise TrustError: with a code of ``FETCH_PROBLEMS``.
        """
        headers = {'User-Agent': 'l10n_it_openapi_pec', 'Connection': 'close'}
        if kind:
            headers['Content-Type'] = kind
        if since:
            headers['If-Modified-Since'] = email.utils.format_datetime(since, usegmt=True)
        end, first = clock.now() + self._seconds, url
        for _redirect in range(MAX_REDIRECTS + 1):
            status, fields, content = self._exchange(url, body, headers, most, end)
            if status not in REDIRECTS:
                break
            url = _join(url, fields.get('Location', ''))
            if _split(url)[1] != _split(first)[1]:
                raise TrustError('redirected', host=_split(first)[1])
        if status == 304 and since:
            return Answer(None, since)
        if status != 200:
            raise TrustError('refused', host=_split(url)[1], status=str(status))
        return Answer(content, _read_date(fields.get('Last-Modified')))

    def _exchange(self, url, body, headers, most, end):
        """Make one exchange, within its time.

        It happens in a thread, since nothing else bounds how long a name is looked up.
        """
        scheme, host, port, path = _split(url)
        connection, outcome = _Connection(host), []
        thread = threading.Thread(target=self._run, name=THREAD, daemon=True, args=(
            outcome, connection, (scheme, host, port), ('POST' if body is not None else 'GET', path, body, headers),
            most, end))
        thread.start()
        thread.join(max(end - clock.now(), 0))
        connection.cut()
        if not outcome:
            raise TrustError('too_slow', host=host)
        if isinstance(outcome[0], TrustError):
            raise outcome[0]
        return outcome[0]

    def _run(self, outcome, connection, place, request, most, end):
        host = place[1]
        try:
            number = self._resolve(*place)
            seconds = end - clock.now()
            if seconds <= 0:  # nobody waits any more
                raise TimeoutError
            outcome.append(connection.exchange(number, place, request, most, seconds))
        except TrustError as error:
            outcome.append(error)
        except (OSError, http.client.HTTPException, ValueError):  # ValueError: what urllib makes of odd headers
            outcome.append(TrustError('too_slow' if clock.now() >= end else 'unreachable', host=host))

    def _resolve(self, scheme, host, port):
        """Return the number of a host: the first, when all are such that may be reached."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        numbers = list(dict.fromkeys(address[0].partition('%')[0] for *_rest, address in found))
        for number in numbers:
            is_usual = port == PORTS[scheme] and is_public_number(number)
            if not is_usual and (number, port) not in self._allowed:
                raise TrustError('address_refused', host=host)
        return numbers[0]


class _Connection:
    """One connection, which can be cut from another thread."""

    def __init__(self, host):
        self._host, self._socket, self._is_cut = host, None, False

    def cut(self):
        """End the conversation now."""
        self._is_cut = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def exchange(self, number, place, request, most, seconds):
        """Send a request to the number of a host; return ``(status, headers, content)``."""
        scheme, host, port = place
        method, path, body, headers = request
        sock = socket.create_connection((number, port), min(CONNECT_TIMEOUT, seconds))
        self._socket = sock.dup()  # TLS takes the other one over
        connection = http.client.HTTPConnection(host, port)
        try:
            sock.settimeout(seconds)
            if self._is_cut:
                raise TimeoutError
            if scheme == 'https':
                sock = ssl.create_default_context(cafile=requests.certs.where()).wrap_socket(
                    sock, server_hostname=host)
            connection.sock = sock
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.headers, self._read(response, most)
        finally:
            connection.close()
            sock.close()
            self._socket.close()

    def _read(self, response, most):
        """Read a body of so many bytes at most, and all that was promised."""
        if (response.length or 0) > most:
            raise TrustError('too_large', host=self._host, megabytes=f'{most / MEGABYTE:g}')
        content = bytearray()
        while chunk := response.read(65536):
            content += chunk
            if len(content) > most:
                raise TrustError('too_large', host=self._host, megabytes=f'{most / MEGABYTE:g}')
        if response.length or self._is_cut:  # it ended before it was whole
            raise http.client.IncompleteRead(b'')
        return bytes(content)


def _split(url):
    """Return ``(scheme, host, port, path with query)`` of an address, which must be plain."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme)
        host = (parts.hostname or '').rstrip('.')
    except ValueError:
        host = port = None
    is_plain = url.isascii() and url.isprintable() and ' ' not in url and len(url) <= 2000
    if not (is_plain and host and port and parts.scheme in PORTS and '@' not in parts.netloc):
        raise TrustError('address_refused', host=(host or '?')[:100])
    return parts.scheme, host, port, (parts.path or '/') + (f'?{parts.query}' if parts.query else '')


def _join(url, place):
    """Return where a redirect leads."""
    try:
        return urljoin(url, place)
    except ValueError:
        raise TrustError('redirected', host=_split(url)[1]) from None


def _read_date(text):
    """Return the moment of a header (aware), None when it has none."""
    try:
        moment = email.utils.parsedate_to_datetime(text or '')
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else None

"""Whether callbacks reach this Odoo: by what the service tells of its deliveries, and as this server itself can see it.
"""
import contextlib
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

import requests

from .connection import NamedAdapter, StayingSession
from .public_address import is_public, is_public_number
from .text import clean_text

FEWEST = 2  # callbacks in a row that could not be delivered, before an address counts as one that cannot be reached
SECONDS = (3, 5)  # to connect to our own address, and to wait for its answer


class Evidence(NamedTuple):
    """What the service tells of the callbacks to one address; times have the zone UTC."""
    address: str  # without what is secret in it
    delivered_at: object = None  # the last one that was delivered began then; None: there is none
    failed: int = 0  # how many could not be delivered since
    failed_at: object = None  # the last one of these
    status: int = 0  # that it was answered with; 0: there was no answer


class Look(NamedTuple):
    """What came of asking our own address."""
    kind: str  # 'not_public', 'no_name', 'private', 'silent', 'answered'
    detail: str = ''  # the host
    status: int = 0  # of what was answered


# ------------------------------------------------------------ what the service tells

def judge(rows, addresses):
    """Say what the service's list of callbacks tells of our own addresses.

    A callback was delivered when it was answered with a status of 200 to 299. It was not when it ended without an
    answer, or with a status of 400 or more. One that goes on, or was sent elsewhere, says nothing. One that has no time
    may have come after all others: if it was delivered it counts as the last one, otherwise it says nothing.

    :param rows: of ``Delivery``, in any order.
    :param addresses: with which the addresses of our callbacks begin.
    :return: of the address that fails most often; None: the list tells of none of them.
    :rtype: Evidence | None
    """
    told = []
    for address in dict.fromkeys(addresses):
        beginning = clean_text(address).casefold()  # as what is secret, or may be, is masked in the rows
        own = [row for row in rows if row.address.casefold().startswith(beginning)]
        ended = [row for row in own if row.completed_at or row.status]
        if ended:
            told.append(_judge(address, ended))
    return max(told, key=lambda evidence: evidence.failed, default=None)


def _judge(address, rows):
    delivered = [row for row in rows if 200 <= row.status < 300]
    last = max((row.started_at for row in delivered if row.started_at), default=None)
    failed = [] if any(not row.started_at for row in delivered) else [
        row for row in rows if (not row.status or row.status >= 400) and row.started_at
        and (last is None or row.started_at > last)]
    newest = max(failed, key=lambda row: row.started_at, default=None)
    return Evidence(
        address, last, len(failed), newest and newest.started_at, newest.status if newest else 0)


# ------------------------------------------------------------ what this server sees

def ask(url):
    """Send an empty request to an address of our own, unless it is, or leads to, a private network.

    Whether the service reaches it as well is not known after it: this server may see another network.

    :param str url: of `web.base.url`, which may be anything.
    :rtype: Look
    """
    if not is_public(url):
        return Look('not_public')
    host = urlsplit(url).hostname
    try:
        numbers = {found[4][0].partition('%')[0] for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return Look('no_name', host)
    if not all(map(is_public_number, numbers)):
        return Look('private', host)
    return send(url, min(numbers, key=lambda number: (':' in number, number)))


def send(url, number=None):
    """Send an empty request to an address, and read nothing of the answer but its status.

    :param str number: that its name leads to, as it was looked at: it is called, whatever the name leads to by now.
    :rtype: Look
    """
    parts = urlsplit(url)
    headers = {}
    with contextlib.suppress(requests.RequestException, OSError, UnicodeError), StayingSession() as session:
        if number:
            session.mount('https://', NamedAdapter(parts.hostname))
            headers['Host'] = parts.netloc.rpartition('@')[2]
            place = f'[{number}]' if ':' in number else number
            url = parts._replace(netloc=f'{place}:{parts.port}' if parts.port else place).geturl()
        response = session.post(url, headers=headers, timeout=SECONDS, allow_redirects=False, stream=True)
        response.close()
        return Look('answered', parts.hostname, response.status_code)
    return Look('silent', parts.hostname)

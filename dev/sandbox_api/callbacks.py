"""Deliveries to the url that a client registered with what it made."""
import asyncio
import ipaddress
import json
from urllib.parse import urlsplit

import aiohttp

from . import clock
from .const import CALLBACK_DEFAULT_FIELD, CALLBACK_DEFAULT_METHOD
from .record import new_id
from .scopes import get_scope

_TIMEOUT = 5  # seconds
_AT_ONCE = 20  # deliveries


def is_loopback(host):
    """:return: whether a host name or address is this machine's own"""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == 'localhost'
    return (getattr(address, 'ipv4_mapped', None) or address).is_loopback


# shape -> the bodies delivered for one change, from the record and the client's own `callback.data`.
# The first five are what clients have seen of the vendor; then what a client must survive.
SHAPES = {
    'data': lambda record, echo: [json.dumps({'data': record})],
    'custom': lambda record, echo: [json.dumps({'data': record, 'custom': echo})],
    'bare': lambda record, echo: [json.dumps(record)],
    'double': lambda record, echo: [json.dumps({'data': json.dumps(record)})],
    'none': lambda record, echo: [],
    'twice': lambda record, echo: [json.dumps({'data': record})] * 2,
    'garbage': lambda record, echo: ['<garbage> {not JSON'],
}


class Callbacks:
    """One attempt for each body, without retry, as the vendor does by default; what happened is kept in ``log``.

    An entry of the log: ``{'id', 'account', 'scope', 'url', 'shape', 'status': HTTP status or None, 'started_at', 'at':
    seconds since 1970, 'filing' (or another kind): id, 'note': text, empty when an answer came, 'record', 'callback':
    dict, as they were}``.
    """

    def __init__(self):
        self.log = []
        self._tasks = set()
        self._session = None
        self._gate = asyncio.Semaphore(_AT_ONCE)

    @property
    def pending(self):
        """:return: number of deliveries not finished yet"""
        return len(self._tasks)

    def announce(self, record, shape):
        """Start delivering the news that a record changed; returns at once.

        :param record: Record; nothing happens when it has no callback
        :param shape: key of SHAPES
        """
        if not record.callback:
            return
        for body in SHAPES[shape](record.get_record(), record.callback.get('data') or {}):
            task = asyncio.get_running_loop().create_task(self._deliver(record, shape, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def clear(self):
        """Give up what is under way and forget what was."""
        for task in self._tasks:
            task.cancel()
        self._tasks = set()
        self.log = []

    async def close(self):
        """Give up what is under way and close the connections."""
        self.clear()
        if self._session:
            await self._session.close()

    async def _deliver(self, record, shape, body):
        url = record.callback['url']
        status, note, started_at = None, '', clock.now()
        try:
            host = urlsplit(url).hostname or ''
            if is_loopback(host):
                async with self._gate:
                    status = await self._post(record.callback, body)
            else:
                note = 'refused: the sandbox delivers to this machine alone'
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError, OSError) as error:
            note = f'{type(error).__name__}: {error}'
        self.log.append({
            'id': new_id(started_at), 'account': record.account, 'scope': get_scope(record.operation),
            'url': url, 'shape': shape, 'status': status, 'started_at': started_at, 'at': clock.now(),
            record.kind: record.id, 'note': note, 'record': record.get_record(), 'callback': record.callback})

    async def _post(self, callback, body):
        """:return: HTTP status of the client's answer"""
        if not self._session:
            # No proxy of the environment, no cookies, no redirects: they could lead off this machine.
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=_TIMEOUT), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
        if callback.get('method', CALLBACK_DEFAULT_METHOD) == 'JSON':
            sent = {'data': body.encode(), 'headers': {'Content-Type': 'application/json'}}
        else:
            sent = {'data': {callback.get('field') or CALLBACK_DEFAULT_FIELD: body}}
        async with self._session.post(callback['url'], allow_redirects=False, **sent) as response:
            return response.status

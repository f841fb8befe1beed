"""Failures on demand: what networks, gateways and servers do to a call, before or after it took effect."""
import asyncio
import collections
import contextlib
import functools
import gzip
import json
import random
import socket
import struct
from dataclasses import asdict, dataclass, field, replace

from aiohttp import web

from .another import make_another
from .answers import Reply

_DRIP = 0.5  # seconds between the bytes of a slow body
_MEBIBYTE = 1024 * 1024
_HUGE = 50  # MiB
_BOMB = 400  # MiB that a packed answer holds


@dataclass
class Rule:
    """One entry of the list of faults.

    :param operation: name of the operation it strikes, ``'POST /comunica_pec'``
    :param fault: key of FAULTS
    :param times: how many calls it strikes; -1: all, until cleared
    :param seconds: for the faults that wait
    :param status: HTTP status for those that answer; None: their own
    :param body: text, or any JSON value, for those that answer; None: their own
    :param headers: dict of headers to add to the answer of those that answer by themselves
    :param skip: how many calls it lets through first
    :param location: where ``redirect`` leads
    """
    operation: str
    fault: str
    times: int = 1
    seconds: float = 2.0
    status: int = None
    body: object = None
    headers: dict = field(default_factory=dict)
    skip: int = 0
    location: str = ''

    def make_response(self, status, body, content_type):
        """:return: web.Response with the rule's own status, body and headers, where it has them

        :param status: HTTP status, :param body: text, :param content_type: media type, where it has none
        """
        if isinstance(self.body, str):
            body = self.body
        elif self.body is not None:
            body, content_type = json.dumps(self.body), 'application/json'
        headers = {'Content-Type': content_type, **self.headers}
        return web.Response(status=self.status or status, body=body.encode(), headers=headers)


@dataclass
class Weather:
    """Faults by chance: the same seed draws the same ones for the same calls.

    :param seed: whole number
    :param rates: dict of key of FAULTS -> how many calls of 1 it strikes
    :param operations: names of the operations it strikes
    :param options: dict of parameters of Rule, for all of them
    """
    seed: int
    rates: dict
    operations: list
    options: dict = field(default_factory=dict)
    drawn: collections.Counter = field(default_factory=collections.Counter)

    def draw(self, operation):
        """:return: Rule that strikes this call, or None"""
        if operation not in self.operations:
            return None
        self.drawn[operation] += 1
        chance = random.Random(f'{self.seed} {operation} {self.drawn[operation]}').random()
        for fault, rate in self.rates.items():
            chance -= rate
            if chance < 0:
                return Rule(operation, fault, **self.options)
        return None


class Abandoned(Exception):
    """The sandbox was reset, or ends, while a fault was waiting."""


class Faults:
    """The faults to come, and the pauses of those under way."""

    def __init__(self):
        self.rules = []
        self.weather = None
        self._reset, self._cleared = asyncio.Event(), asyncio.Event()

    def clear(self):
        """Forget the faults to come, and let the calls go on that wait."""
        self.rules = []
        self.weather = None
        self._cleared.set()
        self._cleared = asyncio.Event()

    def abandon(self):
        """Forget the faults to come and end those that wait.

        A call still waiting must not take effect in a sandbox that has been emptied for the next test.
        """
        self._reset.set()
        self._reset = asyncio.Event()
        self.clear()

    def get_rules(self):
        """:return: list of dict, the faults still to come"""
        return [asdict(rule) for rule in self.rules]

    def take(self, operation):
        """Take the fault that strikes this call.

        :return: Rule, or None
        """
        for rule in self.rules:
            if rule.operation != operation:
                continue
            if rule.skip:
                rule.skip -= 1
                continue
            if rule.times > 0:
                rule.times -= 1
            if not rule.times:
                self.rules.remove(rule)
            return rule
        return self.weather and self.weather.draw(operation)

    async def sleep(self, seconds):
        """Wait, until the faults are cleared at the latest.

        :raise Abandoned: when the sandbox is reset meanwhile
        """
        reset = self._reset
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._cleared.wait(), seconds)
        if reset.is_set():
            raise Abandoned


class Exchange:
    """One call under way: what a fault may do with it.

    :param request: web.Request whose body has been read
    :param execute: function without arguments, does what the call asks for, synchronously -> Reply
    :param sleep: coroutine function (seconds)
    """

    def __init__(self, request, execute, sleep):
        self.request, self.execute, self.sleep = request, execute, sleep

    def answer(self, reply):
        """:return: web.Response that sends the Reply"""
        return web.Response(
            status=reply.status, body=reply.body, headers={'Content-Type': reply.content_type, **reply.headers})

    async def open(self, reply, length=None):
        """Send the head of an answer.

        :param length: value of Content-Length in bytes; None: chunks, without one
        :return: web.StreamResponse to write to
        """
        response = web.StreamResponse(
            status=reply.status, headers={'Content-Type': reply.content_type, **reply.headers})
        response.content_length = length
        response.force_close()
        await response.prepare(self.request)
        return response


def hang_up(request, reset=False):
    """Close a connection without an answer.

    :param request: web.Request
    :param reset: by a TCP reset instead of an orderly end
    :return: a response that nobody will see
    """
    if request.transport:
        if reset:
            # To linger for no time makes the kernel send RST instead of FIN.
            linger = struct.pack('ii', 1, 0)
            request.transport.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        request.transport.abort()
    return web.Response()


# Each fault: (exchange, rule) -> web.StreamResponse. The first line of its docstring is shown to people.

async def _drop_before(exchange, rule):
    """Not executed; the connection is reset."""
    return hang_up(exchange.request, reset=True)


async def _drop_after(exchange, rule):
    """Executed; the connection is closed without a byte of answer."""
    exchange.execute()
    return hang_up(exchange.request)


async def _delay_before(exchange, rule):
    """Waits `seconds`, then executes and answers."""
    await exchange.sleep(rule.seconds)
    return exchange.answer(exchange.execute())


async def _delay_after(exchange, rule):
    """Executed; waits `seconds`, then answers."""
    reply = exchange.execute()
    await exchange.sleep(rule.seconds)
    return exchange.answer(reply)


async def _truncate(exchange, rule):
    """Executed; the answer announces its whole length and ends after half of it."""
    reply = exchange.execute()
    response = await exchange.open(reply, length=len(reply.body))
    await response.write(reply.body[:len(reply.body) // 2])
    exchange.request.transport.close()  # in order, so that the half does arrive
    return response


async def _error_after(exchange, rule):
    """Executed; answers `status` (503) with `body` and `headers`."""
    exchange.execute()
    return rule.make_response(503, 'Service Unavailable', 'text/plain')


async def _executed_late(exchange, rule):
    """The connection is closed without an answer; executed `seconds` later."""
    response = hang_up(exchange.request)
    await exchange.sleep(rule.seconds)
    exchange.execute()
    return response


async def _twice(exchange, rule):
    """Executed twice, as by a gateway that repeats a call; answers the first."""
    reply = exchange.execute()
    exchange.execute()
    return exchange.answer(reply)


async def _other_answer(exchange, rule):
    """Executed; answers what belongs to another call."""
    reply = exchange.execute()
    return rule.make_response(reply.status, make_another(rule.operation, reply.body), reply.content_type)


async def _error_before(exchange, rule):
    """Not executed; answers `status` (503) with `body` and `headers`."""
    return rule.make_response(503, 'Service Unavailable', 'text/plain')


async def _length_without_body(exchange, rule):
    """Executed; answers `status` (204) with the Content-Length of a body that does not come, as some gateways do."""
    exchange.execute()
    # By hand: an HTTP library leaves the header out.
    exchange.request.transport.write(f'HTTP/1.1 {rule.status or 204} \r\nContent-Length: 68\r\n\r\n'.encode())
    exchange.request.transport.close()
    return web.Response()


async def _wrong_json(exchange, rule):
    """Executed; answers 200 with a body that is not JSON."""
    exchange.execute()
    return rule.make_response(200, '{"data": {"id": ', 'application/json')


async def _wrong_shape(exchange, rule):
    """Executed; answers 200 with JSON of another shape: data null, or `body`."""
    exchange.execute()
    return rule.make_response(200, '{"data": null, "success": true, "message": "", "error": null}', 'application/json')


async def _not_envelope_4xx(exchange, rule):
    """Not executed; answers `status` (403) with a page of HTML."""
    return rule.make_response(403, '<html><body><h1>Forbidden</h1></body></html>', 'text/html')


async def _redirect(exchange, rule):
    """Not executed; answers `status` (302) to `location`."""
    rule = replace(rule, headers={'Location': rule.location, **rule.headers})
    return rule.make_response(302, '', 'text/plain')


async def _huge(exchange, rule):
    """Executed; answers `status` (200) with `headers` and 50 MiB of JSON, of no announced length."""
    exchange.execute()
    response = await exchange.open(Reply(rule.status or 200, headers=rule.headers))
    await response.write(b'{"data": "')
    for _number in range(_HUGE):
        await response.write(b'x' * _MEBIBYTE)
    await response.write(b'"}')
    return response


async def _endless(exchange, rule):
    """Executed; answers 200 with JSON that goes on, as fast as it is read, for `seconds`."""
    exchange.execute()
    response = await exchange.open(Reply(200))
    await response.write(b'{"data": "')
    end = asyncio.get_running_loop().time() + rule.seconds
    while asyncio.get_running_loop().time() < end:
        await response.write(b'x' * 65536)
        await asyncio.sleep(0)
    return response


async def _packed(exchange, rule):
    """Executed; the answer is packed (gzip), though nobody has asked for it."""
    reply = exchange.execute()
    return web.Response(status=reply.status, body=gzip.compress(reply.body),
                        headers={'Content-Type': reply.content_type, 'Content-Encoding': 'gzip'})


async def _bomb(exchange, rule):
    """Executed; answers `status` (200) with a few kilobytes that unpack, twice, to 400 MiB of JSON."""
    exchange.execute()
    return web.Response(
        status=rule.status or 200, body=await asyncio.to_thread(_make_bomb),
        headers={'Content-Type': 'application/json', 'Content-Encoding': 'gzip, gzip', **rule.headers})


@functools.cache
def _make_bomb():
    """:return: bytes; the blank of JSON, packed twice"""
    return gzip.compress(gzip.compress(b'{"data": "' + b' ' * (_BOMB * _MEBIBYTE) + b'"}'))


async def _slow_body(exchange, rule):
    """Executed; the body comes a byte each half second for `seconds`, then the rest."""
    reply = exchange.execute()
    response = await exchange.open(reply, length=len(reply.body))
    slow = min(int(rule.seconds / _DRIP), len(reply.body))
    for position in range(slow):
        await response.write(reply.body[position:position + 1])
        await exchange.sleep(_DRIP)
    await response.write(reply.body[slow:])
    return response


async def _slow_head(exchange, rule):
    """Executed; the head of the answer comes a byte each half second for `seconds`, then the rest."""
    reply, transport = exchange.execute(), exchange.request.transport
    # By hand: an HTTP library sends it at once.
    answer = (f'HTTP/1.1 {reply.status} \r\nContent-Type: {reply.content_type}\r\nContent-Length: {len(reply.body)}\r\n'
              'Connection: close\r\n\r\n').encode() + reply.body
    slow = min(int(rule.seconds / _DRIP), len(answer))
    for position in range(slow):
        if transport.is_closing():
            raise ConnectionError
        transport.write(answer[position:position + 1])
        await exchange.sleep(_DRIP)
    transport.write(answer[slow:])
    transport.close()
    return web.Response()


FAULTS = {
    'drop_before': _drop_before,
    'drop_after': _drop_after,
    'delay_before': _delay_before,
    'delay_after': _delay_after,
    'truncate': _truncate,
    'error_after': _error_after,
    'executed_late': _executed_late,
    'twice': _twice,
    'other_answer': _other_answer,
    'error_before': _error_before,
    'length_without_body': _length_without_body,
    'wrong_json': _wrong_json,
    'wrong_shape': _wrong_shape,
    'not_envelope_4xx': _not_envelope_4xx,
    'redirect': _redirect,
    'huge': _huge,
    'endless': _endless,
    'packed': _packed,
    'bomb': _bomb,
    'slow_body': _slow_body,
    'slow_head': _slow_head,
}

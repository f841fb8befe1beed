"""HTTP: routes, tokens, and the way of each call through the faults."""
import contextlib
import functools
import json
import time

from aiohttp import web

from .accounts import read_token
from .answers import Refused, json_reply
from .callbacks import is_loopback
from .const import (
    ACTIVATE,
    ADD_USER,
    AVAILABILITY,
    BODY_LIMIT,
    COMPANY_OPERATIONS,
    COMPANY_PATH,
    CREATE,
    CREATE_MAILBOX,
    DOMAIN,
    MISSING_SCOPE,
    RESIZE,
    START_STORAGE,
    TOO_LARGE,
    TRANSFORM,
    UNKNOWN_PATH,
    WRONG_TOKEN,
)
from .control import CONTROL, Mistake
from .faults import FAULTS, Abandoned, Exchange, hang_up
from .operations import OPERATIONS
from .page import make_page
from .world import Call

_UNKNOWN = 'unknown path'  # the name under which all requests to other paths are counted
# The path parameter may be empty here: the specifications have an answer for it (428 "domain required").
_PATHS = {
    DOMAIN: '/domini_pec/{dominio:[^/]*}', AVAILABILITY: '/verifica_pec/{pec:[^/]*}',
    **{operation: COMPANY_PATH + operation.split(' ')[1].replace('}', ':[^/]*}') for operation in COMPANY_OPERATIONS},
}
# Those whose JSON is kept, for what is sent with them must be right.
_KEPT = frozenset((CREATE, CREATE_MAILBOX, RESIZE, TRANSFORM, ADD_USER, ACTIVATE, START_STORAGE))


def make_app(world):
    """Build the application.

    :param world: World
    :rtype: web.Application
    """
    app = web.Application(client_max_size=BODY_LIMIT)
    for operation in OPERATIONS:
        method, path = operation.split(' ')
        app.router.add_route(method, _PATHS.get(operation, path), functools.partial(_handle, world, operation))
    for endpoint, function in CONTROL.items():
        method, path = endpoint.split(' ')
        app.router.add_route(method, path, functools.partial(_handle_control, world, function))
    app.router.add_route('GET', '/', _show_page)
    app.router.add_route('*', '/{path:.*}', functools.partial(_handle, world, _UNKNOWN))
    return app


async def _handle(world, operation, request):
    """Answer a call, unless the client hangs up, or a reset of the sandbox ends a fault that waits."""
    try:
        return await _answer(world, operation, request)
    except (Abandoned, ConnectionError):
        return hang_up(request)


async def _answer(world, operation, request):
    """Take a call through what the vendor and the faults do with it."""
    body = await _read_body(request)
    access = read_token(request.headers.get('Authorization', ''))
    _log_request(world, operation, request, body, access)
    if body is None:
        return web.json_response(TOO_LARGE, status=413)
    call = Call(world, operation, access and access.account, dict(request.match_info), dict(request.query), body,
                sum(world.request_counts.values()))
    exchange = Exchange(request, functools.partial(_execute, call, access), world.faults.sleep)
    rule = world.faults.take(operation)
    if not rule:
        return exchange.answer(exchange.execute())
    return await FAULTS[rule.fault](exchange, rule)


async def _read_body(request):
    """:return: bytes, or None when they are more than the limit"""
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        return None


def _execute(call, access):
    """Do what a call asks for, and account for it, in one transaction.

    Synchronous: a client that hangs up cannot come between the two.

    :param access: Access, or None for a wrong token
    :rtype: Reply
    """
    if access is None:
        return json_reply(401, WRONG_TOKEN)
    if call.operation not in OPERATIONS:
        return json_reply(404, UNKNOWN_PATH)
    if not access.allows(call.operation):
        return json_reply(403, MISSING_SCOPE)
    world = call.world
    with world.store.transaction():
        world.open_wallet(access.account)
        world.advance()
        try:
            reply = OPERATIONS[call.operation](call)
        except Refused as refused:
            return refused.reply
        if reply.executed:
            world.store.count_executed(call.operation)
        return reply


def _log_request(world, operation, request, body, access):
    """Keep what a test may want to know of a request; never the token."""
    world.request_counts[operation] += 1
    sent = None
    if operation in _KEPT and body:
        with contextlib.suppress(ValueError, RecursionError):  # a test that sends no JSON sees its length
            sent = _shorten(json.loads(body))
    world.requests.append({
        'at': time.time(),
        'account': access and access.account,
        'method': request.method,
        'path': request.path_qs,
        'headers': {name: value for name, value in request.headers.items() if name.lower() != 'authorization'},
        'length': request.content_length if body is None else len(body),
        'body': sent,
    })


def _shorten(body):
    """:return: the value of a body with the length of each document in its place"""
    if not isinstance(body, dict) or 'documenti' not in body:
        return body
    documenti = body['documenti']
    lengths = [
        len(item) if isinstance(item, str) else item
        for item in (documenti if isinstance(documenti, list) else [documenti])]
    return {**body, 'documenti': lengths if isinstance(documenti, list) else lengths[0]}


async def _handle_control(world, function, request):
    """Call a control endpoint in one transaction."""
    if not is_loopback(request.remote or ''):
        return web.json_response({'error': 'the control endpoints are for this machine alone'}, status=403)
    try:
        body = json.loads(await request.read() or b'{}')
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return web.json_response({'error': 'the body must be a JSON object'}, status=400)
    try:
        with world.store.transaction():
            world.advance()
            return web.json_response(function(world, dict(request.match_info), body))
    except Mistake as mistake:
        return web.json_response({'error': str(mistake)}, status=400)


async def _show_page(request):
    return web.Response(text=make_page(), content_type='text/html')

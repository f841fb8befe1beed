"""HTTP: routes, tokens, and the way of each call through the faults."""
import contextlib
import functools
import json
import time
from dataclasses import replace

from aiohttp import web

from . import trust
from .accounts import is_bearer
from .answers import Refused, json_reply
from .callbacks import is_loopback
from .checks import Mistake
from .const import (
    ACTIVATE,
    ADD_USER,
    AVAILABILITY,
    BODY_LIMIT,
    CHANGE_TOKEN,
    COMPANY_OPERATIONS,
    COMPANY_PATH,
    CREATE,
    CREATE_MAILBOX,
    DOMAIN,
    MAKE_TOKEN,
    MISSING_SCOPE,
    OAUTH_OPERATIONS,
    OAUTH_PATH,
    RESIZE,
    START_STORAGE,
    TOO_LARGE,
    TRANSFORM,
    UNKNOWN_PATH,
    WRONG_TOKEN,
)
from .control import CONTROL
from .faults import FAULTS, Abandoned, Exchange, hang_up
from .operations import OPERATIONS
from .page import make_page
from .signature_const import PURCHASES, SIGNATURE_OPERATIONS, SIGNATURE_PATH, SIGNINGS
from .world import Call

_UNKNOWN = 'unknown path'  # the name under which all requests to other paths are counted
# The path parameter may be empty here: the specifications have an answer for it (428 "domain required").
_PATHS = {
    DOMAIN: '/domini_pec/{dominio:[^/]*}', AVAILABILITY: '/verifica_pec/{pec:[^/]*}',
    **{operation: home + operation.split(' ')[1].replace('}', ':[^/]*}')
       for home, operations in (
           (COMPANY_PATH, COMPANY_OPERATIONS), (OAUTH_PATH, OAUTH_OPERATIONS), (SIGNATURE_PATH, SIGNATURE_OPERATIONS))
       for operation in operations},
}
# Those whose JSON is kept, for what is sent with them must be right.
_KEPT = frozenset((
    CREATE, CREATE_MAILBOX, RESIZE, TRANSFORM, ADD_USER, ACTIVATE, START_STORAGE, MAKE_TOKEN, *SIGNINGS, *PURCHASES))


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
    trust.add_routes(app)
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
    _log_request(world, operation, request, body)
    if body is None:
        return web.json_response(TOO_LARGE, status=413)
    call = Call(world, operation, None, dict(request.match_info), dict(request.query), body,
                sum(world.request_counts.values()), url=trust.get_url(request))
    execute = functools.partial(_execute, call, request.headers.get('Authorization', ''), request.remote)
    exchange = Exchange(request, execute, world.faults.sleep)
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


def _execute(call, authorization, ip):
    """Do what a call asks for, and account for it, in one transaction.

    Synchronous: a client that hangs up cannot come between the two.

    :param call: Call; whose it is, is asked now, since a token may have been deleted meanwhile
    :param authorization: value of the header
    :param ip: where the request comes from
    :rtype: Reply
    """
    world = call.world
    with world.store.transaction():
        access = world.find_access(call.operation, authorization)
        is_made = access is not None and call.operation not in OAUTH_OPERATIONS and access.token is not None
        reply = _refuse(call, access, authorization, ip if is_made else None)
        if reply is None:
            world.open_wallet(access.account)
            world.advance()
            try:
                reply = OPERATIONS[call.operation](replace(call, account=access.account, access=access))
            except Refused as refused:
                reply = refused.reply
        if reply.executed:
            world.store.count_executed(call.operation)
        if is_made:
            world.note_request(access, ip, reply)
        return reply


def _refuse(call, access, authorization, ip):
    """Tell whether somebody may not call what he calls.

    :param access: as `find_access` of the world returns it
    :param ip: where the request comes from, if it comes with a token that a client has made
    :return: Reply; None: he may
    """
    if access is None and call.operation in OAUTH_OPERATIONS:
        is_renewal = call.operation == CHANGE_TOKEN and is_bearer(authorization)
        return Refused(call.operation, 'refresh' if is_renewal else 'key').reply
    if access is None:
        return json_reply(401, WRONG_TOKEN)
    if call.operation not in OPERATIONS:
        return json_reply(404, UNKNOWN_PATH)
    if call.operation in OAUTH_OPERATIONS:
        return None
    if not access.allows(call.operation):
        return json_reply(403, MISSING_SCOPE)
    if ip and (limit := access.token.find_limit(ip)):
        return Refused(call.operation, limit).reply
    return None


def _log_request(world, operation, request, body):
    """Keep what a test may want to know of a request; never the token."""
    access = world.find_access(operation, request.headers.get('Authorization', ''))
    token = request.match_info.get('token')
    world.request_counts[operation] += 1
    sent = None
    if operation in _KEPT and body:
        with contextlib.suppress(ValueError, RecursionError):  # a test that sends no JSON sees its length
            sent = _shorten(json.loads(body))
    world.requests.append({
        'at': time.time(),
        'account': access and access.account,
        'method': request.method,
        'path': request.path_qs.replace(token, '***') if token else request.path_qs,
        'headers': {name: value for name, value in request.headers.items() if name.lower() != 'authorization'},
        'length': request.content_length if body is None else len(body),
        'body': sent,
    })


def _shorten(body):
    """:return: the value of a body with the length of each document in its place, and without PIN and password"""
    if isinstance(body, dict) and 'inputDocuments' in body:
        return {**body, **{key: '***' for key in ('certificatePassword', 'certificateOtp') if key in body},
                'inputDocuments': len(json.dumps(body['inputDocuments']))}
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

"""Wrong tokens, methods, identifiers and headers on every route of the addon."""
import contextlib
import itertools
import re
import secrets
import socket
import uuid
from urllib.parse import urlsplit

import requests

from table import TRACE

PATIENCE = 30
LISTS = ('pec', 'pec-mailboxes', 'pec-papers', 'pec-positions')  # the last words of lists of what is one's own
VERBS = ('GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND')
# 301: to the same without the last slash; 303: to the login
HELD = {301, 303, 400, 401, 403, 404, 405, 411, 413, 414, 415, 431, 501, 505}
# (A NUL is none of it: Odoo fails on one wherever no route is.)
IDS = ('0', '1', '-1', '999999999', '9' * 40, 'x', '1 OR 1=1', '%2e%2e', '١', '1.0', '1e3', 'None', '..%2f..%2fweb')
TOKENS = (
    '', 'x', 'a' * 32, secrets.token_hex(16), str(uuid.uuid4()), 'a' * 5000, "' OR 1=1 --", '%00', '%', 'è' * 36, '*',
    'None', '[]')
HEADERS = (
    {'X-HTTP-Method-Override': 'GET'}, {'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https'},
    {'Host': 'evil.example'}, {'Content-Type': 'application/json'}, {'Content-Type': 'multipart/form-data'},
    {'Content-Type': 'multipart/form-data; boundary='}, {'Cookie': 'session_id=' + 'a' * 84},
    {'Cookie': 'session_id=../../../../etc/passwd; frontend_lang=%00'}, {'Range': 'bytes=0-'},
    {'Accept-Language': 'xx-' * 1000}, {'X-Forwarded-For': '127.0.0.1'}, {'Authorization': 'Basic Og=='},
    {'Origin': 'null'}, {'If-None-Match': '*'}, {'Content-Encoding': 'gzip'},
)
# What no library sends. (A second Host is none of it: Odoo fails on it before any route, and a proxy refuses it.)
RAW = (
    'Content-Length: -1', 'Content-Length: 99999999999', 'Content-Length: x', 'Transfer-Encoding: chunked',
    'Content-Length: 1\r\nContent-Length: 2', 'Transfer-Encoding: identity, chunked\r\nContent-Length: 5',
    'Expect: 100-continue\r\nContent-Length: 9999999', 'X: \x01\x02')


CONVERTER = re.compile(r'<(?:\w+(?:\([^)]*\))?:)?\w+>')


def _fill(rules):
    """Yield the address of each route with odd identifiers in the place of its parameters."""
    for rule in rules:
        if not CONVERTER.search(rule):
            yield from (rule, rule + '/', rule + '/x')
        for value in IDS if CONVERTER.search(rule) else ():
            yield CONVERTER.sub(lambda _match, value=value: value, rule)


def _get_paths(known, rules):
    """Yield all routes, each with what does not open it.

    :param dict known: pages that exist, of which the identifier alone is right
    :param list rules: the routes of this addon, as Odoo knows them
    """
    yield from _fill(rules)
    yield from (f'/openapi_pec/callback/{token or "x"}' for token in (*TOKENS, 'own-' + secrets.token_hex(32), 'own-'))
    for page, suffix in (
            ('signature', ''), ('signature', '/procura'), ('signature', '/sign'), ('signature', '/signed'),
            ('signature', '/state'), ('mailbox', ''), ('mailbox', '/form')):
        right = [urlsplit(path).path.rpartition('/')[2] for path in known[page][:1]]
        for record, token in itertools.product((*IDS, '1%00', *right), TOKENS):
            yield f'/openapi_pec/{page}/{record}{suffix}?access_token={token}'
        # The token of another page.
        other = urlsplit(known['mailbox' if page == 'signature' else 'signature'][0]).query
        yield f'/openapi_pec/{page}/{right[0]}{suffix}?{other}'
        yield f'/openapi_pec/{page}/{right[0]}{suffix}?' + urlsplit(known[page][1]).query
        yield f'/openapi_pec/{page}/{right[0]}{suffix}?access_token[]=x&access_token=y'
    for ids in ('', '1', '1,2', '-1', 'x', '9' * 300):
        yield f'/openapi_pec/procure.zip?ids={ids}'
    yield from (
        '/openapi_pec/archive.zip', '/openapi_pec/', '/openapi_pec/callback/', '/openapi_pec/signature/',
        '/openapi_pec/x')


def run(url, known, pages, callbacks, sessions, table):
    """Try all, as everybody.

    :param dict known: what `prepare.py` has told
    :param dict sessions: role -> session
    """
    paths = list(_get_paths(pages, [route['rule'] for route in known['routes']]))
    plain = requests.Session()
    for number, path in enumerate(paths[::2]):
        for verb in {'GET', 'POST', VERBS[number % len(VERBS)]}:
            _try(plain, url, verb, path, table, 'wrong address, no login')
    for role, session in sessions.items():
        for path in paths[::10]:
            # A page that lists what is one's own is there for who has an account.
            is_list = '/page/' in path or path.rstrip('/').rpartition('/')[2] in LISTS
            held = HELD | ({200} if is_list else set())
            _try(session, url, 'GET', path, table, f'wrong address, as {role}', held=held)
    right = [pages['signature'][0], pages['mailbox'][0], callbacks[0], *paths[:3], '/openapi_pec/archive.zip']
    for path, headers in itertools.product(right, HEADERS):
        for verb in ('GET', 'POST'):
            # Of the right address any answer is well that is none of an error.
            _try(
                plain, url, verb, path, table, 'odd headers', headers,
                held=HELD | ({200, 304, 409} if path in right[:3] else set()))
    for path, verb in itertools.product(right[:3], VERBS[2:]):
        _try(
            plain, url, verb, path, table, 'odd methods on a right address',
            held=HELD | ({200} if verb in ('HEAD', 'OPTIONS') else set()))
    for path, lines in itertools.product((right[0], right[2], paths[3]), RAW):
        _try_raw(url, path, lines, table)


def _try(session, url, verb, path, table, attack, headers=None, held=HELD):
    try:
        answer = session.request(
            verb, url + path, headers=headers, data=None if verb in ('GET', 'HEAD') else b'x=y', timeout=PATIENCE,
            allow_redirects=False)
    except requests.RequestException as error:
        # A connection that is closed at once is a refusal as well; one that hangs is not.
        table.add(attack, got_in=isinstance(error, requests.Timeout), example='no answer')
        return
    is_form = answer.status_code == 204 and verb == 'OPTIONS'
    table.add(attack, got_in=answer.status_code not in held and not is_form, seconds=answer.elapsed.total_seconds(),
              text='' if 200 in held else answer.text, has_trace=TRACE in answer.text,
              example=f'{verb} {path.partition("?")[0][:60]} {headers or ""}: status {answer.status_code}')


def _try_raw(url, path, lines, table):
    """Send what no library sends; the answer is no error of the server."""
    place, status = urlsplit(url), 'closed'
    with contextlib.suppress(OSError), socket.create_connection((place.hostname, place.port), 10) as connection:
        connection.settimeout(5)
        head = f'POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\n{lines}\r\nConnection: close\r\n\r\n'
        connection.sendall(head.encode('latin-1', 'replace') + b'hello')
        connection.shutdown(socket.SHUT_WR)
        status = [*connection.recv(100).split(), b'', b''][1].decode('latin-1')
    table.add(
        'odd requests', got_in=status.startswith('5') and status not in ('501', '505'),
        example=f'{lines!r}: status {status}')

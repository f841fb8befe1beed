"""What somebody asks of Odoo over HTTP as its web client does, and what he is answered."""
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import requests

PATIENCE = 60
WORKERS = 2  # of the server that is asked: so many ask at the same time
ADDON = '/addons/l10n_it_openapi_pec/'  # in the paths of a stack trace that goes through this addon
REFUSED = (
    'odoo.exceptions.AccessError', 'odoo.exceptions.MissingError', 'odoo.exceptions.AccessDenied',
    'odoo.http.SessionExpiredException', 'werkzeug.exceptions.Forbidden', 'werkzeug.exceptions.NotFound')
FOR_PEOPLE = 'odoo.exceptions.'  # how the names of errors begin that are raised to be read


class Answer(NamedTuple):
    """What came of a question.

    :param str outcome: 'done', 'AccessError' of what is refused as such, 'UserError' of another sentence, or what else
        it was
    :param result: what was answered; None of an error
    :param str text: all of it
    :param float seconds: until it was there; None without an answer
    :param bool has_trace: whether an error of this addon, which nobody raised to be read, told where it came from.
        (Odoo adds the trace of each error to its answer to the web client.)
    """
    outcome: str
    result: object = None
    text: str = ''
    seconds: float = None
    has_trace: bool = False


def is_of_addon(trace):
    """Return whether an error that nobody raised to be read comes from this addon, by its trace.

    It does not if it only came through a method that this addon overrides.
    """
    frames = re.findall(r'^ *File "([^"]+)", line \d+, in .*(?:\n +(.*))?', trace, re.MULTILINE)
    own = [line for path, line in frames if ADDON in path]
    error = re.search(r'^\w[\w.]*', trace.rpartition('  File "')[2], re.MULTILINE)
    return bool(own) and 'super(' not in own[-1] and not (error and error[0].startswith(FOR_PEOPLE))


def for_each(roles, work):
    """Do the work of each role, of some at the same time.

    :param work: called with each of them
    """
    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(work, roles))


def ask(session, address, parameters):
    """Ask a route for JSON.

    :param dict parameters: of the route
    :rtype: Answer
    """
    try:
        response = session.post(address, json={'jsonrpc': '2.0', 'params': parameters}, timeout=PATIENCE)
    except requests.Timeout:
        return Answer('no answer')
    except requests.RequestException:
        return Answer('closed')
    seconds, text = response.elapsed.total_seconds(), response.text
    try:
        answer = response.json()
    except ValueError:
        return Answer('AccessError' if response.status_code in (303, 403, 404) else f'status {response.status_code}',
                      None, text, seconds)
    if not isinstance(answer, dict) or 'error' not in answer:
        return Answer('done', answer.get('result') if isinstance(answer, dict) else answer, text, seconds)
    data = answer['error'].get('data') or {}
    name, debug = data.get('name', ''), data.get('debug', '')
    if name in REFUSED or answer['error'].get('code') in (100, 403, 404):
        return Answer('AccessError', None, text, seconds)
    if name.startswith(FOR_PEOPLE):
        return Answer('UserError', None, text, seconds)
    return Answer(f'{name}: {data.get("message", "")}'[:120], None, text, seconds, is_of_addon(debug))


def call(session, url, model, method, arguments, keywords=None):
    """Call a method of a model.

    :rtype: Answer
    """
    return ask(session, f'{url}/web/dataset/call_kw/{model}/{method}', {
        'model': model, 'method': method, 'args': arguments, 'kwargs': keywords or {}})


def get_csrf_token(session, url):
    """Return the token with which forms of this session are sent; one that is wrong where there is none."""
    page = session.get(f'{url}/web/login', timeout=PATIENCE).text
    return page.partition('csrf_token: "')[2].partition('"')[0] or 'x'


def export(session, url, csrf_token, kind, data):
    """Ask for a spreadsheet, as the web client does; return the response.

    :param str kind: 'csv' or 'xlsx'
    :param dict data: what is exported of which records
    """
    return session.post(
        f'{url}/web/export/{kind}', timeout=2 * PATIENCE, allow_redirects=False,
        data={'csrf_token': csrf_token, 'data': json.dumps({
            'domain': [], 'groupby': [], 'import_compat': False, 'context': {}, **data})})


def judge(table, attack, example, answer, most):
    """Add a press of a button, or what else one's own person does, to a table: it is done or refused in words, in time.

    :param table: of all attacks
    :param str attack: its row
    :param str example: what was tried
    :param Answer answer: what came of it
    :param float most: seconds that it may take
    """
    is_well = answer.outcome in ('done', 'UserError') and (answer.seconds or 0) < most
    table.add(attack, got_in=not is_well, seconds=answer.seconds, has_trace=answer.has_trace,
              example=f'{example}: {answer.outcome}')

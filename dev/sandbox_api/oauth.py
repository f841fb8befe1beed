"""The vendor's operations on the account itself: OAuth v2. Each: (Call) -> Reply, as those on filings.

They take the account's e-mail and key; a renewal takes the refresh token instead. What their specification does not
say, such as what of an account is listed first, follows its examples.
"""
import json

from . import clock, tokens
from .answers import Refused, json_reply, success
from .const import LIST_CALLBACKS, LIST_TOKENS, MAKE_TOKEN
from .scopes import describe, describe_whole, get_scope_id, is_enabled, read_scope, write_scope
from .specification import OAUTH
from .validation import is_id


def make_token(call):
    """A new token, with the scopes, the name, the life and the limits that are asked for."""
    token = tokens.new_token(call.account, call.access.is_test, _read_values(call))
    call.world.store.tokens.add(token)
    return _tell(call, token, executed=True)


def list_tokens(call):
    """The tokens of the account that have not expired, with their secrets; none is a 404."""
    if OAUTH.find_faults_of_query(LIST_TOKENS, call.query):
        raise Refused(call.operation, 'invalid')
    found = [token for token in call.world.store.tokens.get_all(
        account=call.account, is_test=call.access.is_test) if token.is_valid]
    shown = call.cut(found)
    if not shown:
        raise Refused(call.operation, 'empty')
    return success([token.describe(call.world.write_time) for token in shown])


def read_token(call):
    """One token."""
    if not is_id(call.parameters['token']):
        raise Refused(call.operation, 'invalid')
    return _tell(call, _find(call))


def change_token(call):
    """With the key: change scopes, name, life or limits. With the refresh token: a new token, the old one is deleted.
    """
    if not call.parameters['token']:
        raise Refused(call.operation, 'required')
    old = call.access.renews
    if old is None:
        token = _find(call).change(_read_values(call))
        call.world.store.tokens.save(token)
        return _tell(call, token, executed=True)
    if old.id != call.parameters['token']:
        raise Refused(call.operation, 'missing')
    token = old.renew(_read_values(call))
    call.world.store.tokens.delete(old)
    call.world.store.tokens.add(token)
    return _tell(call, token, executed=True)


def delete_token(call):
    """Revoke a token, and its refresh token with it."""
    if not call.parameters['token']:
        raise Refused(call.operation, 'required')
    call.world.store.tokens.delete(_find(call))
    return success(None, 'Deleted', executed=True)


def list_scopes(call):
    """All scopes of the services that are served here, and whether the account has enabled them."""
    return json_reply(200, {'data': [
        describe(scope, call.access.is_test, call.world.settings) for scope in call.world.scopes]})


def read_scope_whole(call):
    """A scope with its prices, and how many calls are free."""
    is_test = call.access.is_test
    for scope in call.world.scopes:
        if get_scope_id(scope, is_test) == call.parameters['id']:
            return success(describe_whole(scope, is_test, call.world.settings))
    raise Refused(call.operation, 'missing')


def show_wallet(call):
    """What is left in the wallet."""
    world = call.world
    times = [at for _id, _cents, _description, at in world.store.transactions.get_all(call.account)]
    return json_reply(200, {'data': {
        'credit': world.store.get_cents(call.account) / 100,
        'createdAt': world.write_time(times[-1] if times else clock.now()),
        'updatedAt': world.write_time(times[0] if times else clock.now()),
    }})


def list_transactions(call):
    """What went into the wallet and out of it: each call, newest or oldest first, or summed up by day (setting
    `transactions`)."""
    world = call.world
    table, form = world.store.transactions, world.settings.transactions
    rows = table.get_sums(call.account) if form == 'sums' else table.get_all(call.account)
    rows = rows[::-1] if form == 'oldest_first' else rows
    shown_until = clock.now() - world.settings.mood.transactions_late
    return json_reply(200, {'data': [
        {'id': row_id, 'amount': cents / 100, 'createdAt': world.write_time(at), 'description': description}
        for row_id, cents, description, at in call.cut([row for row in rows if row[3] <= shown_until])]})


def list_callbacks(call):
    """What the service tried to deliver, newest first; `scopes` (a list with commas) chooses; none is a 404."""
    if OAUTH.find_faults_of_query(LIST_CALLBACKS, call.query):
        raise Refused(call.operation, 'invalid')
    wanted = [scope for scope in call.query.get('scopes', '').split(',') if scope]
    found = [
        told for told in (_describe_callback(call, entry) for entry in _get_callbacks(call))
        if not wanted or told['scope'] in wanted]
    if not (shown := call.cut(found)):
        raise Refused(call.operation, 'empty')
    keys = ('id', 'scope', 'url', 'startedAt', 'completedAt')
    return json_reply(200, {'data': [
        {**{key: told[key] for key in keys}, 'httpResponseCode': str(told['httpResponseCode'])} for told in shown]})


def read_callback(call):
    """What the service tried to deliver once, with all that was sent."""
    for entry in _get_callbacks(call):
        if entry['id'] == call.parameters['id']:
            return json_reply(200, {'data': _describe_callback(call, entry)})
    raise Refused(call.operation, 'missing')


def _get_callbacks(call):
    """:return: list of the log's entries of the account, newest first"""
    return [entry for entry in reversed(call.world.callbacks.log) if entry['account'] == call.account]


def _describe_callback(call, entry):
    """:return: dict; that nobody answered is told as the code 0, which is documented nowhere"""
    scope = write_scope(entry['scope'], call.access.is_test)
    world, callback = call.world, entry['callback']
    return {
        'id': entry['id'], 'scope': scope, 'domain': scope.split(':')[1].split('/')[0], 'active': False,
        'startedAt': world.write_time(entry['started_at']), 'createdAt': world.write_time(entry['started_at']),
        'completedAt': world.write_time(entry['at']), 'httpResponseCode': entry['status'] or 0,
        'data': entry['record'], 'custom': callback.get('data') or {}, 'headers': {},
        'elapsedTime': round(1000 * (entry['at'] - entry['started_at'])), 'attempt': 1, 'retry': 0,
        'field': callback.get('field') or '', 'method': callback.get('method') or '', 'url': entry['url'],
    }


def _find(call):
    """:return: the valid Token that the path names, of the account and of the key's environment"""
    token = call.world.store.tokens.find(
        id=call.parameters['token'], account=call.account, is_test=call.access.is_test)
    if token is None:
        raise Refused(call.operation, 'missing')
    return token


def _tell(call, token, executed=False):
    """:return: Reply with a token, bare as the specification has it, or in the envelope (setting `token_shape`)"""
    told = token.describe(call.world.write_time)
    if call.world.settings.token_shape == 'data':
        return success(told, executed=executed)
    return json_reply(200, told, executed=executed)


def _read_values(call):
    """:return: dict, the body of a call that makes or changes a token, its scopes as production calls them

    :raise Refused: something in it is wrong, or not enabled
    """
    try:
        values = json.loads(call.body or b'{}')
    except (ValueError, RecursionError):
        values = None
    is_new = call.operation == MAKE_TOKEN
    if not isinstance(values, dict) or (is_new and not values.get('scopes')):
        raise Refused(call.operation, 'required' if is_new else 'format')
    if OAUTH.find_faults_of_body(call.operation, values):
        raise Refused(call.operation, 'format')
    if 'scopes' not in values:
        return values
    scopes = [read_scope(text, call.access.is_test) for text in values['scopes']]
    if not scopes or not all(
            scope in call.world.scopes and is_enabled(scope, call.world.settings) for scope in scopes):
        raise Refused(call.operation, 'scopes')
    return {**values, 'scopes': scopes}

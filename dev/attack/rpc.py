"""Odoo's own calls, as everybody, on what belongs to another company: a sample of the matrix that the tests have whole.
"""
import requests

PATIENCE = 60
GENERIC = (
    ('read', lambda ids: ([ids], {})),
    ('web_read', lambda ids: ([ids], {'specification': {'display_name': {}}})),
    ('write', lambda ids: ([ids, {'user_id': 1}], {})),
    ('unlink', lambda ids: ([ids], {})),
    ('copy', lambda ids: ([ids], {})),
    ('export_data', lambda ids: ([ids, ['display_name']], {})),
    ('web_save', lambda ids: ([ids, {'user_id': 1}], {'specification': {}})),
    ('message_post', lambda ids: ([ids], {'body': 'x'})),
    ('message_subscribe', lambda ids: ([ids], {'partner_ids': [1]})),
    ('get_portal_url', lambda ids: ([ids[-1:]], {})),
)
# Reads that find records by themselves: those of the other company must not be among them.
SEARCHES = (
    ('search', lambda ids: ([[['id', 'in', ids]]], {})),
    ('search_count', lambda ids: ([[['id', 'in', ids]]], {})),
    ('search_read', lambda ids: ([[['id', 'in', ids]], ['id']], {})),
    ('web_search_read', lambda ids: ([[['id', 'in', ids]], {'id': {}}], {})),
    ('name_search', lambda ids: (['', [['id', 'in', ids]]], {})),
    ('formatted_read_group', lambda ids: ([[['id', 'in', ids]], ['create_uid'], ['__count']], {})),
)
# Ways to a secret through what is not one.
PROBES = (
    ('ir.attachment', 'search_count', [[['company_id.openapi_pec_token_secret', '=like', 's%']]]),
    ('ir.attachment', 'search_count', [[['company_id.openapi_pec_tokens', '!=', False]]]),
    ('res.users', 'search_count', [[['company_id.openapi_pec_tokens', '!=', False]]]),
    ('res.company', 'search_count', [[['openapi_pec_tokens', '!=', False]]]),
    ('res.company', 'read', [[1], ['openapi_pec_tokens']]),
    ('res.company', 'read', [[1], ['openapi_pec_token']]),
    ('openapi_pec.communication', 'search_count', [[['callback_token', '=like', '%']]]),
    ('openapi_pec.communication', 'search_count', [[['company_id.openapi_pec_tokens', '!=', False]]]),
    ('openapi_pec.api_call', 'search_count', [[['company_id.openapi_pec_tokens', '!=', False]]]),
)
OTHER_MODELS = (
    'openapi_pec.submit', 'openapi_pec.reconcile', 'openapi_pec.mailbox.renewal', 'openapi_pec.mailbox.revocation',
    'openapi_pec.delivery', 'openapi_pec.sent')


def run(url, sessions, targets, table):
    """Try all.

    :param dict sessions: role -> session, of the other company
    :param dict targets: model -> ids and methods
    """
    for role, session in sessions.items():
        for model, target in targets.items():
            ids = target['ids'][-3:]
            for method, prepare in GENERIC:
                _try(session, url, role, model, method, *prepare(ids), table)
            for method, prepare in SEARCHES:
                _try(session, url, role, model, method, *prepare(ids), table, is_search=True)
            for method in target['methods']:
                _try(session, url, role, model, method, [ids[-1:]], {}, table)
        for model, method, arguments in PROBES:
            _try(session, url, role, model, method, arguments, {}, table, is_search=method != 'read')
        for model in OTHER_MODELS:
            for field in ('communication_ids', 'communication_id', 'mailbox_id', 'api_call_id'):
                owner = {'mailbox_id': 'openapi_pec.mailbox', 'api_call_id': 'openapi_pec.api_call'}.get(
                    field, 'openapi_pec.communication')
                record = targets[owner]['ids'][-1]
                values = {field: [[6, 0, [record]]] if field.endswith('ids') else record}
                _confirm(session, url, role, model, values, table)


def _call(session, url, model, method, arguments, keywords):
    """Call a method; return ``(answer, seconds)``, without an answer None."""
    try:
        answer = session.post(
            f'{url}/web/dataset/call_kw/{model}/{method}', timeout=PATIENCE, json={'jsonrpc': '2.0', 'params': {
            'model': model, 'method': method, 'args': arguments, 'kwargs': keywords}})
        return answer.json(), answer.elapsed.total_seconds()
    except (requests.RequestException, ValueError):
        return None, None


def _try(session, url, role, model, method, arguments, keywords, table, is_search=False):
    answer, seconds = _call(session, url, model, method, arguments, keywords)
    worked = bool(answer) and 'error' not in answer
    result = answer.get('result') if worked else None
    if is_search:
        worked = bool(result and (not isinstance(result, dict) or result.get('records') or result.get('length')))
    elif isinstance(result, dict) and result.get('type') == 'ir.actions.act_window':
        # A door to what was named by the caller, and is checked when it is opened; to anything else it would be a way
        # in.
        worked = result.get('res_id') not in (None, False, 0, *arguments[0])
    table.add(f'RPC as {role}', got_in=worked, seconds=seconds, example=f'{model}.{method}')


def _confirm(session, url, role, model, values, table):
    """Forge a wizard about what belongs to others, and confirm it."""
    answer, _seconds = _call(session, url, model, 'create', [[values]], {})
    if not answer or 'error' in answer:
        table.add(f'forged question as {role}')
        return
    for method in ('action_confirm', 'action_send', 'action_none'):
        confirmed, seconds = _call(session, url, model, method, [answer['result']], {})
        table.add(f'forged question as {role}', got_in=bool(confirmed) and 'error' not in confirmed, seconds=seconds,
                  example=f'{model} with {next(iter(values))}, {method}')

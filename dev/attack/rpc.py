"""Odoo's own calls, as everybody, on what belongs to another company: the matrix that the tests have, and each field.
"""
import asking
from matrix import allowed

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
    ('openapi_pec.secret', 'search_count', [[['key', '=like', 'openapi_pec.account,%']]]),
    ('openapi_pec.secret', 'search_count', [[['key', '=like', '%signer_pin%']]]),
    ('openapi_pec.secret', 'read', [[1], ['sealed']]),
    ('openapi_pec.signature', 'search_count', [[['company_id.openapi_pec_signer_id.name', '=like', 'A%']]]),
    ('res.config.settings', 'search_count', [[['openapi_pec_signer_pin', '=like', '%']]]),
    ('res.company', 'read', [[1], ['openapi_pec_sealed_tokens']]),
    ('res.company', 'search_count', [[['openapi_pec_sealed_tokens', '!=', False]]]),
)
OTHER_MODELS = (
    'openapi_pec.submit', 'openapi_pec.reconcile', 'openapi_pec.mailbox.renewal', 'openapi_pec.mailbox.revocation',
    'openapi_pec.delivery', 'openapi_pec.sent', 'openapi_pec.sign_many', 'openapi_pec.certificate.purchase',
    'openapi_pec.certificate.freeing', 'openapi_pec.verification.question')
# What questions are about: field -> model.
FORGED = {
    'communication_ids': 'openapi_pec.communication', 'communication_id': 'openapi_pec.communication',
    'mailbox_id': 'openapi_pec.mailbox', 'api_call_id': 'openapi_pec.api_call',
    'certificate_id': 'openapi_pec.certificate', 'partner_id': 'res.partner'}
# What is the same for all companies.
COMMON = ('openapi_pec.price', 'openapi_pec.domain', 'openapi_pec.chamber_word', *allowed.RULES)
# Where Odoo keeps what is said of records: model, what names the record's model and the record. (Who follows a record,
# of any model, Odoo tells every internal user: `mail.followers` has no rules.)
BESIDE = (('mail.message', 'model', 'res_id'), ('mail.activity', 'res_model', 'res_id'),
          ('ir.attachment', 'res_model', 'res_id'))


def run(url, sessions, known, table):
    """Try all.

    :param dict sessions: role -> session, of the other company
    :param dict known: what `prepare.py` has told
    """
    def try_role(role):
        session = sessions[role]
        for told in known['calls']:
            _try(session, url, role, told, known['targets'].get(told['model'], []), table)
        for model, fields in known['fields'].items():
            _try_fields(session, url, role, model, known['targets'].get(model, []), fields, table)
        _try_beside(session, url, role, known['targets'], table)
        for model, method, arguments in PROBES:
            answer = asking.call(session, url, model, method, arguments)
            _add(table, f'a secret by RPC, as {role}', answer, f'{model}.{method}', bool(answer.result))
        for model in OTHER_MODELS:
            _forge(session, url, role, model, known['targets'], table)

    asking.for_each(sessions, try_role)


def _add(table, attack, answer, example, got_in):
    table.add(attack, got_in=got_in or answer.outcome in ('no answer', 'closed'), seconds=answer.seconds,
              example=f'{example}: {answer.outcome}', text=answer.text, has_trace=answer.has_trace)


def _try(session, url, role, told, theirs, table):
    """One cell of the matrix.

    :param list theirs: identifiers of the other company's records of the model
    """
    model, method = told['model'], told['method']
    answer = asking.call(session, url, model, method, told['arguments'])
    found = answer.result
    if method == 'name_search':  # also what he has made himself
        found = [row for row in found or () if row[0] in theirs]
    elif method == 'web_name_search':
        found = [row for row in found or () if row['id'] in theirs]
    did = ['found records'] if method in allowed.SEARCHES and allowed.has_found(found) else []
    problem = allowed.judge(role, model, method, answer.outcome, did, told['is_own'], told['names_records'])
    _add(table, f'every method, as {role}', answer, f'{model}.{method}', bool(problem))


def _try_fields(session, url, role, model, ids, fields, table):
    """Look for values, group, sort, export and read by each field."""
    if not ids or (model in COMMON and role in allowed.STRANGERS):
        return
    theirs = ['id', 'in', ids]
    for field in fields:
        ways = (
            ('search_count', [[theirs, [field, '!=', False]]], {}),
            ('search', [[theirs]], {'order': f'{field} desc'}),
            ('formatted_read_group', [[theirs], [field], ['__count']], {}),
            ('formatted_read_group', [[theirs], [], [f'{field}:array_agg']], {}),
            ('read', [ids, [field]], {}),
            ('export_data', [ids, [field]], {}))
        # Who has no group is refused the model, whichever way he takes.
        for method, arguments, keywords in ways if role in allowed.STRANGERS else ways[:1]:
            answer = asking.call(session, url, model, method, arguments, keywords)
            # A group of nothing is one line, with nothing in it.
            is_empty = method == 'formatted_read_group' and all(
                not any(value for name, value in group.items() if name != '__extra_domain')
                for group in answer.result or ())
            _add(table, f'every field, as {role}', answer, f'{model}.{method} by {field}',
                 bool(answer.result) and not is_empty)


def _try_beside(session, url, role, targets, table):
    """Look for what is said of the records elsewhere."""
    for model, name, record in BESIDE:
        for target, ids in targets.items():
            domain = [[name, '=', target], [record, 'in', ids]]
            for method, arguments in (
                    ('search_read', [domain, ['display_name']]), ('search_count', [domain]),
                    ('formatted_read_group', [domain, [name], ['__count']])):
                answer = asking.call(session, url, model, method, arguments)
                _add(table, f'what is said of records, as {role}', answer, f'{model}.{method} of {target}',
                     bool(answer.result))


def _forge(session, url, role, model, targets, table):
    """Forge a question about what belongs to others, and confirm it."""
    for field, owner in FORGED.items():
        record = targets[owner][-1]
        values = {field: [[6, 0, [record]]] if field.endswith('ids') else record}
        answer = asking.call(session, url, model, 'create', [[values]])
        _add(table, f'forged question as {role}', answer, f'{model} with {field}', False)
        for method in ('action_confirm', 'action_send', 'action_none') if answer.outcome == 'done' else ():
            confirmed = asking.call(session, url, model, method, [answer.result])
            _add(table, f'forged question as {role}', confirmed, f'{model} with {field}, {method}',
                 confirmed.outcome == 'done')

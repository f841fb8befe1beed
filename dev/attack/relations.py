"""Commands of relational fields, through contacts and other records of one's own, on records of another company."""
import asking

PARTNER = 'res.partner'
FIELDS = {
    'openapi_pec_communication_ids': 'openapi_pec.communication', 'openapi_pec_mailbox_ids': 'openapi_pec.mailbox',
    'openapi_pec_certificate_ids': 'openapi_pec.certificate'}
# Other ways from a record that somebody may write to one that he may not see: model -> {field: model of what it holds}.
OTHERS = {
    PARTNER: {'message_ids': 'mail.message', 'activity_ids': 'mail.activity', 'child_ids': PARTNER},
    'openapi_pec.batch': {'communication_ids': 'openapi_pec.communication'},
    'openapi_pec.communicate': {'partner_ids': PARTNER},
    'openapi_pec.submit': {'communication_ids': 'openapi_pec.communication'},
    'openapi_pec.mailing': {'line_ids': 'openapi_pec.mailing.line'},
    'openapi_pec.upload': {'line_ids': 'openapi_pec.upload.line', 'attachment_ids': 'ir.attachment'},
    'openapi_pec.notice_list': {'line_ids': 'openapi_pec.notice_list.line'},
    'openapi_pec.mailbox': {'api_call_ids': 'openapi_pec.api_call'},
    'openapi_pec.communication': {
        'api_call_ids': 'openapi_pec.api_call', 'message_ids': 'mail.message',
        'signature_ids': 'openapi_pec.signature'},
    'openapi_pec.sign_many': {'communication_ids': 'openapi_pec.communication'},
}

# What is changed of a record that is not one's own: model -> field; of the others, the name.
CHANGED = {
    'openapi_pec.signature': 'outcome', 'openapi_pec.certificate': 'link',
    'openapi_pec.communication': 'pec_email', 'openapi_pec.mailbox': 'address', 'openapi_pec.api_call': 'state',
    'openapi_pec.mailing.line': 'is_ticked', 'openapi_pec.upload.line': 'is_ticked', 'mail.message': 'body',
    'mail.activity': 'summary'}


def _get_commands(model, record):
    """Return what can be asked of a field that holds several records, about one that is not one's own.

    :param str model: of the record
    """
    change = {CHANGED.get(model, 'name'): 'x@legalmail.it'}
    yield from (
        [[4, record, 0]], [[6, 0, [record]]], [[1, record, change]], [[1, record, {'company_id': 1}]],
        [[2, record, 0]], [[3, record, 0]], [[5, 0, 0]],
        [[4, record, 0], [1, record, change]], [[6, 0, [record]], [2, record, 0]], [[0, 0, {'id': record}]])


def run(url, sessions, known, table):
    """Try all, as those who may write something.

    That nothing of the other company has changed is seen in the end; here, that nothing of it is told.

    :param dict sessions: role -> session, of the other company
    """
    targets = {**known['targets'], 'mail.message': known['messages']}

    def try_role(role):
        session = sessions[role]
        own = asking.call(session, url, PARTNER, 'create', [[{'name': "Un contatto", 'is_company': True}]]).result
        for model, fields in {PARTNER: {**FIELDS, **OTHERS[PARTNER]}, **{
                model: fields for model, fields in OTHERS.items() if model != PARTNER}}.items():
            for field, target in fields.items():
                for record in targets.get(target, [])[:2]:
                    for command in _get_commands(target, record):
                        _try(session, url, role, model, own if model == PARTNER else None, {field: command}, table)

    asking.for_each(sessions, try_role)


def _try(session, url, role, model, own, values, table):
    """Make, write and fill in with a command, and read back what it has linked.

    :param own: identifiers of what is written; None without it
    :param dict values: one field with its commands
    """
    [(field, commands)] = values.items()
    specification = {field: {'fields': {'display_name': {}, 'create_date': {}}}}
    made = asking.call(session, url, model, 'create', [[{'name': "x", **values} if model == PARTNER else values]])
    answers = [made, asking.call(session, url, model, 'onchange', [[], values, [field], specification])]
    ids = list(made.result or []) if made.outcome == 'done' else []
    if own:
        answers.append(asking.call(session, url, model, 'write', [own, values]))
        ids += own
    answers += [asking.call(session, url, model, 'web_read', [[one]], {'specification': specification})
                for one in ids[:2]]
    for answer in answers:
        table.add(f'commands of relations, as {role}', got_in=answer.outcome in ('no answer', 'closed'),
                  seconds=answer.seconds, example=f'{model}.{field} {commands[0][0]}: {answer.outcome}',
                  text=answer.text, has_trace=answer.has_trace)

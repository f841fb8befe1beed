"""Odoo's other doors to records, files, messages and changes of another company, and this addon's own pages."""
import itertools
import json

import asking
import requests

PATIENCE = 60
CHANNEL = 'openapi_pec_changed'  # on which pages hear that their record has changed
BINARY = {
    'openapi_pec.communication': ('procura_id', 'signed_procura', 'identity_document'),
    'openapi_pec.mailbox': ('form_id', 'signed_form', 'identity_document'),
    'openapi_pec.upload': ('attachment_ids',)}
# Odoo's own pages that send away, or show nothing, with a status that is well.
CLOSED = {301, 302, 303, 400, 401, 403, 404, 405, 410, 415, 422}
NOTHING = b'\x89PNG'  # what Odoo shows in the place of a picture that somebody may not see


def run(url, sessions, known, table):
    """Try all, as everybody.

    :param dict sessions: role -> session, of the other company
    :param dict known: what `prepare.py` has told
    """
    def try_role(role):
        session = sessions[role]
        for path in _get_pages(known):
            _open(session, url, path, f'doors of files and pages, as {role}', table)
        for path, parameters in _get_questions(known):
            answer = asking.ask(session, url + path, parameters)
            table.add(f'doors of messages, as {role}', text=answer.text, has_trace=answer.has_trace,
                      seconds=answer.seconds, got_in=answer.outcome in ('no answer', 'closed'),
                      example=f'{path}: {answer.outcome}')
        _export(session, url, known['targets'], f'exports, as {role}', table)

    asking.for_each(sessions, try_role)


def _get_pages(known):
    """Yield addresses that show or send something of the other company."""
    targets = known['targets']
    for model, ids in targets.items():
        for record, field in itertools.product(ids[:2], BINARY.get(model, ('image_1920', 'datas', 'display_name'))):
            yield f'/web/content/{model}/{record}/{field}'
            yield f'/web/image/{model}/{record}/{field}'
            yield f'/web/content?model={model}&id={record}&field={field}&filename_field=display_name'
        yield f'/mail/view?model={model}&res_id={ids[-1]}'
        yield f'/mail/avatar/{model}/{ids[-1]}'
        yield f'/json/1/{model}/{ids[-1]}'
        yield f'/odoo/{model}/{ids[-1]}'
    for file in targets['ir.attachment']:
        yield from (f'/web/content/{file}', f'/web/image/{file}', f'/web/content/{file}?access_token=x',
                    f'/mail/attachment/zip?file_ids={file}', f'/mail/attachment/pdf_first_page/{file}')
    for message in known['messages'][:3]:
        yield f'/mail/message/{message}'
    filings = ','.join(map(str, targets['openapi_pec.communication']))
    yield from (f'/openapi_pec/procure.zip?ids={filings}', '/openapi_pec/archive.zip', '/my/pec', '/my/pec-mailboxes',
                '/my/pec-papers', '/my/pec-positions', '/my/pec-positions/pdf', '/my/pec/page/2',
                '/my/pec/page/999999', '/my/pec/page/-1')
    for name in ('client', 'portfolio'):
        positions = ','.join(map(str, targets['openapi_pec.position']))
        yield from (f'/report/{kind}/l10n_it_openapi_pec.report_position_{name}/{positions}'
                    for kind in ('html', 'pdf', 'text'))
    for path, model in (('/my/pec/', 'openapi_pec.communication'), ('/my/pec-mailboxes/', 'openapi_pec.mailbox')):
        for record in (*targets[model], 0, -1, 999999999, 2**31, 2**63):
            yield from (f'{path}{record}', f'{path}{record}/sign', f'{path}{record}?access_token=x')


def _get_questions(known):
    """Yield routes of Odoo's web client, with parameters."""
    for model, ids in known['targets'].items():
        thread = {'thread_model': model, 'thread_id': ids[-1]}
        yield from (
            ('/mail/thread/messages', thread), ('/mail/thread/messages', {**thread, 'fetch_params': {'limit': 30}}),
            ('/mail/thread/recipients', {**thread, 'message_id': known['messages'][0]}),
            ('/mail/read_subscription_data', {'res_model': model, 'res_id': ids[-1]}),
            ('/mail/message/post', {**thread, 'post_data': {'body': "x"}}),
            ('/mail/message/post', {**thread, 'post_data': {'body': "x"}, 'hash': 'x' * 64, 'token': 'x', 'pid': 1}),
            ('/mail/thread/subscribe', {'res_model': model, 'res_id': ids[-1], 'partner_ids': [1]}),
            ('/mail/data', {'fetch_params': [['mail.thread', {
                **thread, 'request_list': ['activities', 'attachments', 'followers', 'suggestedRecipients']}]]}),
            ('/portal/chatter_init', thread), ('/mail/chatter_fetch', thread),
            ('/web/model/get_definitions', {'model_names': [model]}))
    for message in known['messages'][:2]:
        yield '/mail/message/update_content', {'message_id': message, 'update_data': {'body': "x"}}
        yield '/mail/message/reaction', {'message_id': message, 'content': "x", 'action': 'add'}
    yield from (('/web/action/load', {'action_id': action}) for action in (
        'l10n_it_openapi_pec.action_communication', 'l10n_it_openapi_pec.action_foreign_filing'))


def _open(session, url, path, attack, table):
    """Open a page: nothing of the other company is on it."""
    try:
        response = session.get(url + path, timeout=PATIENCE, allow_redirects=False)
    except requests.RequestException as error:
        table.add(attack, got_in=isinstance(error, requests.Timeout), example=f'{path}: no answer')
        return
    content = response.content
    is_file = content[:4] in (b'PK\x03\x04', b'%PDF') or b'segret' in content.lower()
    table.add(attack, got_in=response.status_code >= 500 or is_file, seconds=response.elapsed.total_seconds(),
              text='' if content.startswith(NOTHING) else response.text,
              example=f'{path[:70]}: status {response.status_code}')


def _export(session, url, targets, attack, table):
    """Have spreadsheets made of what belongs to others."""
    token = asking.get_csrf_token(session, url)
    for (model, ids), kind in itertools.product(targets.items(), ('csv', 'xlsx')):
        data = {'model': model, 'ids': ids, 'domain': [['id', 'in', ids]],
                'fields': [{'name': 'display_name', 'label': "x"}]}
        for changes in ({}, {'ids': False}, {'groupby': ['create_uid']}):
            response = asking.export(session, url, token, kind, {**data, **changes})
            # Odoo answers an export that somebody may not make with an error of the server, which tells its sentence.
            table.add(attack, text=response.text, seconds=response.elapsed.total_seconds(), has_trace=False,
                      example=f'{kind} of {model}: status {response.status_code}')


def listen(url, sessions, known, person, table):
    """Subscribe to what is told of changes, in all ways; nobody hears of what another company changes.

    :param person: who works in the attacked company, and changes a record there
    """
    company, filing = known['company'], known['targets']['openapi_pec.communication'][0]
    wishes = ([CHANNEL], [CHANNEL] * 50, [f'res.company_{company}', CHANNEL], [['res.company', company, CHANNEL]],
              [f"('res.company', {company}, '{CHANNEL}')"], [f'openapi_pec.communication_{filing}', CHANNEL])
    last = 0
    for session in sessions.values():  # once, so that each session is one of the bus
        answer = asking.ask(session, f'{url}/websocket/peek_notifications', {
            'channels': [], 'last': 0, 'is_first_poll': True})
        last = max([last, *(told['id'] for told in (answer.result or {}).get('notifications', ()))])
    for button in ('action_cancel', 'action_draft'):
        person.call('openapi_pec.communication', button, [filing])
    own = person.session
    heard = asking.ask(own, f'{url}/websocket/peek_notifications', {
        'channels': [CHANNEL], 'last': last, 'is_first_poll': True})
    table.add('changes heard of by who may', got_in=CHANNEL not in heard.text,
              example='nothing was told: the attack tries nothing')
    for role, session in sessions.items():
        for channels in wishes:
            answer = asking.ask(session, f'{url}/websocket/peek_notifications', {'channels': channels, 'last': last})
            told = [one for one in (answer.result or {}).get('notifications', ()) if CHANNEL in json.dumps(one)]
            table.add(f'changes heard of, as {role}', got_in=bool(told), text=answer.text, seconds=answer.seconds,
                      has_trace=answer.has_trace, example=f'{channels}: {answer.outcome}')

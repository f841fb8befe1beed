"""What is attacked: company A with its records and the pages of its signers; company B; and who attacks.

It runs in `odoo shell`.
"""
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, os.environ['ATTACK_DEV'])

from matrix import calls, records

PAGES = 16
# Of the company's own automatic certificate; and what is typed on pages and dialogs: username, PIN, one-time password.
PINS, TYPED = ('AHI0000000058213', 'Custodito-58213'), ('RHI0000000094711', 'Digitato-94711', '70318264')
FILED = {'state': 'awaiting_documents', 'environment': 'sandbox'}
TEXT = ('char', 'text', 'html', 'selection', 'many2one')

partners, users, attachments = env['res.partner'], env['res.users'], env['ir.attachment']  # noqa: F821 (of the shell)
filings, mailboxes = env['openapi_pec.communication'], env['openapi_pec.mailbox']  # noqa: F821
company, admin = env.company, env.ref('base.user_admin')  # noqa: F821
other = env['res.company'].create({'name': "Studio Estraneo"})  # noqa: F821


def make_company(name):
    """Make a company that can be filed for, and its representative."""
    holder = partners.create({
        'name': name, 'is_company': True, 'city': "Roma", 'country_id': env.ref('base.it').id,  # noqa: F821
        'state_id': env.ref('base.state_it_rm').id, 'l10n_it_codice_fiscale': '12485671007',  # noqa: F821
        'openapi_pec_email': 'prova@legalmail.it', 'street': "Via delle Prove 1", 'zip': "00100",
        'company_id': company.id})
    person = partners.create({
        'name': "Mario Rossi", 'parent_id': holder.id, 'email': 'mario@example.com', 'phone': '3401234518',
        'company_id': company.id, 'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'})
    return holder, person


def add_document(record, field):
    """Give a record what its signer has to sign."""
    document = attachments.create({
        'name': f'{field}.pdf', 'raw': b'%PDF-1.4\n%%EOF', 'mimetype': 'application/pdf', 'res_model': record._name,
        'res_id': record.id})
    record.sudo().write({field: document.id})


holder, person = make_company("Falegnameria Prova S.r.l.")
for number in range(PAGES + 1):  # the last filing is the one that is signed with a one-time password
    filing = filings.create(
        {'partner_id': holder.id, 'pec_email': f'attacco{number}@legalmail.it', 'company_id': company.id})
    filing.sudo().write({**FILED, 'remote_id': f'{number + 1:024x}'})
    add_document(filing, 'procura_id')
    filings += filing
    mailbox = mailboxes.create({
        'partner_id': holder.id, 'mailbox_type': 'STANDARD', 'customer_subtype': 'ED', 'company_id': company.id,
        'address': f'attacco{number}@testcert.legalmail.it'})
    mailbox.sudo().write({'state': 'registered', 'environment': 'sandbox', 'remote_id': f'{number + 1:024x}'})
    add_document(mailbox, 'form_id')
    mailbox.sudo().form_of = 'activation'
    mailboxes += mailbox
certificate = env['openapi_pec.certificate'].create({  # noqa: F821
    'partner_id': person.id, 'company_id': company.id, 'user_id': admin.id, 'environment': 'sandbox',
    'state': 'active', 'remote_id': f'{1:024x}'})

for one in company + other:
    intermediary = partners.create({
        'name': "Anna Bianchi", 'l10n_it_codice_fiscale': 'BNCNNA85M41F205Q', 'company_id': one.id})
    one.write({
        'openapi_pec_sign_remotely': True, 'openapi_pec_sign_many': True, 'openapi_pec_signer_id': intermediary.id})
    for name, value in zip(('username', 'pin'), PINS, strict=True):
        one._openapi_pec_set_signer('sandbox', name, value)

made = records.make_records(env, company, *make_company("Segreta"), admin)  # noqa: F821
values = records.point_at(made)
made['openapi_pec.communication'].filtered('procura_id').message_post(body="segreto")
made['openapi_pec.mailbox'][1].message_post(body="segreto")

ROLES = {
    'portal': ['base.group_portal'],
    'internal': ['base.group_user', 'base.group_partner_manager'],
    'stranger_user': ['l10n_it_openapi_pec.group_user', 'base.group_partner_manager', 'base.group_allow_export'],
    'stranger': [
        'l10n_it_openapi_pec.group_manager', 'l10n_it_openapi_pec.group_signer', 'base.group_partner_manager'],
    'own_user': ['l10n_it_openapi_pec.group_user', 'base.group_partner_manager', 'base.group_allow_export'],
}
for role, groups in ROLES.items():
    home = company if role == 'own_user' else other
    users.with_context(no_reset_password=True).create({
        'name': role, 'login': f'attack_{role}', 'password': f'attack_{role}', 'company_id': home.id,
        'company_ids': [(6, 0, home.ids)],
        'group_ids': [(6, 0, [env.ref(group).id for group in groups])]})  # noqa: F821


def get_calls():
    """Yield each call of the matrix."""
    for model in [*calls.get_own_models(env), *calls.get_extended_models(env)]:  # noqa: F821
        targets = made.get(model, env[model])  # noqa: F821
        for method in calls.get_methods(env, model):  # noqa: F821
            is_each = method.startswith(('action_', 'get_sent')) and targets
            for target in targets if is_each else [targets]:
                yield {
                    'model': model, 'method': method,
                    'arguments': calls.get_arguments(env, model, method, target, values.get(model, {})),  # noqa: F821
                    'is_own': calls.is_own(env, model, method),  # noqa: F821
                    'names_records': calls.names_records(method)}


def get_fields(model):
    """Return the fields of a model that can be looked for, those of this addon alone where the model is another's."""
    return sorted(
        name for name, field in env[model]._fields.items()  # noqa: F821
        if (field.store or field.search) and name != 'id' and (
            model.startswith('openapi_pec.') or name.startswith('openapi_pec_')))


EXPORTED = (
    'openapi_pec.communication', 'openapi_pec.foreign_filing', 'openapi_pec.mailbox', 'openapi_pec.api_call',
    'openapi_pec.signature', 'openapi_pec.certificate', 'openapi_pec.verification', 'res.partner')


def get_exported(model):
    """Return the fields of text that can be exported."""
    told = env[model].with_user(admin).fields_get()  # noqa: F821
    return sorted(
        name for name, field in told.items() if field['type'] in TEXT and field.get('exportable', True) and (
            model.startswith('openapi_pec.') or name.startswith('openapi_pec_')))


def get_grouped(model):
    """Return the first of these fields by which records can be grouped, in a list; Odoo exports groups to XLSX only."""
    told = env[model].with_user(admin).fields_get(attributes=['groupable'])  # noqa: F821
    return [name for name in get_exported(model) if told[name]['groupable']][:1]


def get_routes():
    """Return the routes of this addon: ``[{'rule', 'auth', 'type'}, …]``."""
    return [
        {'rule': rule.rule, 'auth': rule.endpoint.routing['auth'], 'type': rule.endpoint.routing['type']}
        for rule in env['ir.http'].routing_map().iter_rules() if 'pec' in rule.rule  # noqa: F821
    ]


every = (*filings, *mailboxes)
output = {
    'pages': {
        'signature': [record.get_portal_url() for record in filings[:-1]],
        'signing': [record.get_portal_url() for record in filings[-1:]],
        'mailbox': [record.get_portal_url() for record in mailboxes]},
    'callbacks': [record._prepare_callback()['url'] for record in every],
    'targets': {model: own.ids for model, own in made.items() if own.ids},
    'fields': {model: get_fields(model) for model in made},
    'exported': {model: get_exported(model) for model in EXPORTED},
    'grouped': {model: get_grouped(model) for model in EXPORTED},
    'calls': list(get_calls()),
    'routes': get_routes(),
    'messages': env['mail.message'].search(  # noqa: F821
        [('model', '=', 'openapi_pec.communication'), ('res_id', 'in', made['openapi_pec.communication'].ids),
         ('body', '!=', '')]).ids,
    'pins': PINS, 'typed': TYPED, 'holder': holder.id, 'company': company.id, 'other': other.id,
    'followed': {record._name: record.id for record in (filings[0], mailboxes[0], certificate)},
    'remote_ids': {
        'signing': filings[-1].remote_id,
        **{record._name: record.remote_id for record in (filings[0], mailboxes[0], certificate)}},
}
output['secrets'] = [
    records.SECRET, *PINS, *TYPED[1:], *(record.access_token for record in every if record.access_token),
    *(url.rpartition('/')[2] for url in output['callbacks'])]
env.cr.commit()  # noqa: F821
Path(os.environ['ATTACK_OUTPUT']).write_text(json.dumps(output))

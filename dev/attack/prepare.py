"""What is attacked: company A with its records and the pages of its signers; company B; and who attacks."""
import inspect
import json
import os
from pathlib import Path

ADDON = 'odoo.addons.l10n_it_openapi_pec'
PAGES = 16
FILED = {'state': 'awaiting_documents', 'environment': 'sandbox'}

partners, users, attachments = env['res.partner'], env['res.users'], env['ir.attachment']  # noqa: F821 (of the shell)
filings, mailboxes = env['openapi_pec.communication'], env['openapi_pec.mailbox']  # noqa: F821
company = env.company  # noqa: F821
other = env['res.company'].create({'name': "Studio Estraneo"})  # noqa: F821
holder = partners.create({
    'name': "Falegnameria Prova S.r.l.", 'is_company': True, 'city': "Roma", 'country_id': env.ref('base.it').id,  # noqa: F821
    'state_id': env.ref('base.state_it_rm').id, 'l10n_it_codice_fiscale': '12485671007',  # noqa: F821
    'openapi_pec_email': 'prova@legalmail.it', 'street': "Via delle Prove 1", 'zip': "00100", 'company_id': company.id})
partners.create({
    'name': "Mario Rossi", 'parent_id': holder.id, 'email': 'mario@example.com', 'phone': '3401234518',
    'company_id': company.id, 'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'})


def add_document(record, field):
    """Give a record what its signer has to sign."""
    document = attachments.create({
        'name': f'{field}.pdf', 'raw': b'%PDF-1.4\n%%EOF', 'mimetype': 'application/pdf', 'res_model': record._name,
        'res_id': record.id})
    record.sudo().write({field: document.id})


for number in range(PAGES):
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
draft = filings.create({'partner_id': holder.id, 'pec_email': 'bozza@legalmail.it', 'company_id': company.id})
draft_mailbox = mailboxes.create({
    'partner_id': holder.id, 'mailbox_type': 'STANDARD', 'customer_subtype': 'ED', 'company_id': company.id,
    'address': 'bozza@testcert.legalmail.it'})
calls = env['openapi_pec.api_call'].sudo().create([{  # noqa: F821
    'operation': 'create', 'res_model': filing._name, 'res_id': filing.id, 'company_id': company.id,
    'environment': 'sandbox',
    'user_id': env.uid, 'state': 'accepted', 'price': 15.7} for filing in filings])  # noqa: F821
batch = env['openapi_pec.batch'].create({'company_id': company.id})  # noqa: F821
domain = env['openapi_pec.domain'].sudo().create({  # noqa: F821
    'name': 'attacco.example', 'company_id': company.id, 'user_id': env.uid, 'state': 'certified',  # noqa: F821
    'environment': 'sandbox'})

ROLES = {
    'portal': ['base.group_portal'],
    'internal': ['base.group_user', 'base.group_partner_manager'],
    'user': ['l10n_it_openapi_pec.group_user', 'base.group_partner_manager'],
    'manager': ['l10n_it_openapi_pec.group_manager', 'base.group_partner_manager'],
}
for role, groups in ROLES.items():
    users.with_context(no_reset_password=True).create({
        'name': role, 'login': f'attack_{role}', 'password': f'attack_{role}', 'company_id': other.id,
        'company_ids': [(6, 0, other.ids)],
        'group_ids': [(6, 0, [env.ref(group).id for group in groups])]})  # noqa: F821


def get_methods(model):
    """Return the public methods that the addon gives a model and that work on records."""
    return sorted(
        name for name, method in inspect.getmembers(type(env[model]), inspect.isfunction)  # noqa: F821
        if not name.startswith('_') and method.__module__.startswith(ADDON) and not getattr(method, '_api_model', False)
        and name not in ('write', 'create', 'init', 'copy', 'unlink', 'search_fetch'))


targets = {
    filings._name: [*filings.ids, draft.id], mailboxes._name: [*mailboxes.ids, draft_mailbox.id],
    calls._name: calls.ids,
    batch._name: batch.ids}
output = {
    'pages': {
        'signature': [record.get_portal_url() for record in filings],
        'mailbox': [record.get_portal_url() for record in mailboxes]},
    'callbacks': [record._prepare_callback()['url'] for record in (*filings, *mailboxes)],
    'targets': {model: {'ids': ids, 'methods': get_methods(model)} for model, ids in targets.items()},
    'company': company.id, 'other': other.id,
}
env.cr.commit()  # noqa: F821
Path(os.environ['ATTACK_OUTPUT']).write_text(json.dumps(output))

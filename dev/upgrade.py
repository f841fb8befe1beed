"""What a database of an earlier version keeps when it is updated to the code of this checkout."""
import subprocess

import environment
from environment import NAME, ROOT

EARLIER = 'c4ccb90751a05fa347bd55b87c3d1e4c17f8beef'  # the last commit of 19.0.1.3.0

# Secrets that the earlier version keeps in clear: of the account, in the address of the signer's page, in that of a
# callback.
TOKENS = {'sandbox': 'upgraded-token-of-the-sandbox', 'production': 'upgraded-token-of-production'}
PAGES = {
    'openapi_pec.communication': '3f0c9f4e-6f0f-4a55-9c39-0d6f5b1a7c11',
    'openapi_pec.mailbox': '7a1de2b8-93b4-4c06-8a1e-5e0c2d9f4b22'}
CALLBACKS = {
    'openapi_pec.communication': '5c6f1be2a9d84d0f8f3f0f64c1a2b311',
    'openapi_pec.mailbox': '9e8d7c6b5a4f43c2b1a0f1e2d3c4b522'}

# Made by the earlier version's own code: a record in each state, a line of the journal of each kind.
DATA = f"""
TOKENS, PAGES, CALLBACKS = {TOKENS!r}, {PAGES!r}, {CALLBACKS!r}
""" + """
import hashlib
company = env.company
for environment, token in TOKENS.items():
    company._openapi_pec_set_token(environment, token)
partner = env['res.partner'].create({
    'name': "Falegnameria Prova S.r.l.", 'is_company': True, 'l10n_it_codice_fiscale': '12485671007', 'city': "Roma",
    'state_id': env.ref('base.state_it_rm').id, 'openapi_pec_email': 'prova@legalmail.it'})
person = env['res.partner'].create({
    'name': "Mario Rossi", 'parent_id': partner.id, 'email': 'mario@example.com', 'phone': '3401234518',
    'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'})
filings = env['openapi_pec.communication']
for state, _label in filings._fields['state'].selection:
    filings += filings.create({'partner_id': partner.id, 'pec_email': f'{state}@legalmail.it'})
    filings[-1].sudo().write({
        'state': state, 'environment': False if state == 'draft' else 'sandbox', 'error_message': "so" if state == 'failed' else False,
        'remote_id': f'{filings[-1].id:024x}' if state not in ('draft', 'queued', 'unconfirmed', 'failed', 'cancelled') else False})
calls = env['openapi_pec.api_call']
mailboxes = env['openapi_pec.mailbox']
for state, _label in mailboxes._fields['state'].selection:
    mailboxes += mailboxes.create({'partner_id': partner.id, 'address': f'{state}@testcert.legalmail.it', 'mailbox_type': 'BRONZE'})
    mailboxes[-1].sudo().write({'state': state, **({} if state == 'draft' else {
        'environment': 'sandbox', 'remote_id': f'{mailboxes[-1].id:024x}'})})
for number, (state, _label) in enumerate(calls._fields['state'].selection):
    for record in (filings[number], mailboxes[number]):
        calls.sudo().create({
            'operation': 'create' if record == filings[number] else 'mailbox_create', 'res_model': record._name, 'res_id': record.id,
            'company_id': company.id, 'environment': 'sandbox', 'user_id': env.uid, 'state': state, 'price': 15.7,
            'account': company._openapi_pec_get_fingerprint('sandbox')})
# Links that were mailed, and callbacks that the service knows; one mail has not left yet, and one answer quotes it.
for record in (filings.filtered(lambda own: own.state == 'awaiting_documents'), mailboxes.filtered(lambda own: own.state == 'registered')):
    record.sudo().write({'access_token': PAGES[record._name], 'callback_token': CALLBACKS[record._name]})
    link = f'<a href="https://odoo.example.com{record.get_portal_url(query_string="&amp;lang=it_IT")}">Sign</a>'
    env['mail.mail'].create({'body_html': link, 'state': 'exception'})
    record.message_post(body="x").body = link
env.cr.commit()
"""
# Asked by the present version's own code.
QUESTIONS = f"""
TOKENS, PAGES, CALLBACKS = {TOKENS!r}, {PAGES!r}, {CALLBACKS!r}
""" + """
def insist(is_so, sentence):
    print('' if is_so else f'PROBLEM {sentence}')
company = env.company
for environment, token in TOKENS.items():
    insist(company._openapi_pec_get_token(environment) == token, f'the token of {environment} is not what it was')
for line in env['openapi_pec.api_call'].search([('account', '!=', False)]):
    insist(company._openapi_pec_has_called(line), f'the account of {line} is not known any more')
for model, state in (('openapi_pec.communication', 'awaiting_documents'), ('openapi_pec.mailbox', 'registered')):
    record = env[model].search([('state', '=', state), ('link_digest', '!=', False)])
    insist(len(record) == 1, f'not one link of {model}')
    insist(record._find_for_signer(str(record.id), PAGES[model], 'en_US') == record, f'the link of {model} opens nothing')
    insist(record._find_for_callback(CALLBACKS[model]) == record, f'the callback of {model} is not known')
print('ASKED ALL')
"""
# Tables, and what of each row stays as it is.
KEPT = {
    'openapi_pec_communication': (
        'id, name, state, environment, remote_id, partner_id, representative_id, kind, pec_email, fiscal_code, mobile, '
        'email'),
    'openapi_pec_mailbox': 'id, state, environment, remote_id, address, partner_id, applicant_id, fiscal_code, '
                           'holder_name',
    'openapi_pec_api_call': 'id, operation, res_model, res_id, state, environment, price, started_at',
    'openapi_pec_price': 'id, operation, mailbox_type, amount',
    'res_company': 'id, openapi_pec_environment, openapi_pec_late_days, openapi_pec_max_megabytes',
    'res_partner': 'id, openapi_pec_email',
}


def has_earlier():
    """Whether the history is here: an archive, or a shallow clone, has none."""
    return not subprocess.call(
        ['git', '-C', ROOT, 'cat-file', '-e', EARLIER], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def install(database, place):
    """Install the earlier version of the addon in a database, and fill it with data.

    :param place: a folder for its files.
    """
    folder = place / NAME
    folder.mkdir()
    with subprocess.Popen(['git', '-C', ROOT, 'archive', EARLIER], stdout=subprocess.PIPE) as archive:
        subprocess.run(['tar', '-x', '-C', folder], stdin=archive.stdout, check=True)
    environment.run_odoo(
        '-d', database, f'--addons-path={place}', '-i', NAME, '--with-demo', '--stop-after-init', log='earlier')
    environment.run_odoo(
        'shell', '-d', database, f'--addons-path={place}', '--no-http', log='earlier_data', script=DATA)


def get_problems(database):
    """What is not as the present version wants it, after the update: sentences."""
    log = environment.run_odoo('shell', '-d', database, '--no-http', log='earlier_secrets', script=QUESTIONS)
    return [line.removeprefix('PROBLEM ') for line in log.splitlines() if line.startswith('PROBLEM ')] + (
        [] if 'ASKED ALL' in log else ['not everything was asked; the log is earlier_secrets']) + get_leaks(database)


def get_leaks(database):
    """Where a secret of the earlier version is still to be read in clear: sentences."""
    tables = environment.sql("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'", database)
    secrets = [*TOKENS.values(), *PAGES.values(), *CALLBACKS.values()]
    values = ', '.join(f"('{secret}')" for secret in secrets)
    found = environment.sql(' UNION ALL '.join(
        f"SELECT '{table}', in_clear FROM {table} AS whole_row, (VALUES {values}) AS wanted (in_clear)"
        f" WHERE strpos(whole_row::text, in_clear) > 0"
        for table in tables), database)
    return [f'in clear: {row}' for row in found]


def content(database):
    """What must stay, as a set of lines."""
    return {
        f'{table}: {row}' for table, columns in KEPT.items()
        for row in environment.sql(f'SELECT {columns} FROM {table}', database)}

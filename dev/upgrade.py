"""What a database of an earlier version keeps when it is updated to the code of this checkout."""
import subprocess

import environment
from environment import NAME, ROOT

EARLIER = '0c339cd38c32c4d19bf778b6b1caea1e9ea4f990'  # the last commit of 19.0.1.1.0

# Made by the earlier version's own code: a record in each state, a line of the journal of each kind.
DATA = """
company = env.company
company.openapi_pec_token = 'kept'
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
# The same filing once more, under way as well: that version told filings apart by their contacts.
twin = partner.copy({'name': "Falegnameria Prova Srl"})
filings.create({'partner_id': twin.id, 'pec_email': 'code_requested@legalmail.it'}).sudo().write({
    'state': 'code_requested', 'environment': 'sandbox', 'remote_id': f'{2**64:024x}'})
# A call that counted as never arrived, whose filing waits to be submitted again.
calls = env['openapi_pec.api_call']
[lost] = filings.filtered(lambda filing: filing.state == 'failed')
calls.sudo().create({
    'operation': 'create', 'res_model': lost._name, 'res_id': lost.id, 'company_id': company.id, 'environment': 'sandbox',
    'user_id': env.uid, 'state': 'never_arrived', 'price': 15.7})
mailboxes = env['openapi_pec.mailbox']
for state, _label in mailboxes._fields['state'].selection:
    mailboxes += mailboxes.create({'partner_id': partner.id, 'address': f'{state}@testcert.legalmail.it', 'mailbox_type': 'BRONZE'})
    mailboxes[-1].sudo().write({'state': state, **({} if state == 'draft' else {
        'environment': 'sandbox', 'remote_id': f'{mailboxes[-1].id:024x}'})})
for number, (state, _label) in enumerate(calls._fields['state'].selection):
    for record in (filings[number], mailboxes[number]):
        calls.sudo().create({
            'operation': 'create' if record == filings[number] else 'mailbox_create', 'res_model': record._name, 'res_id': record.id,
            'company_id': company.id, 'environment': 'sandbox', 'user_id': env.uid, 'state': state, 'price': 15.7})
env.cr.commit()
"""
# Tables, and what of each row stays as it is.
KEPT = {
    'openapi_pec_communication': (
        'id, name, state, environment, remote_id, partner_id, representative_id, kind, pec_email, fiscal_code, mobile, email'),
    'openapi_pec_mailbox': 'id, state, environment, remote_id, address, partner_id, applicant_id, fiscal_code, holder_name',
    'openapi_pec_api_call': 'id, operation, res_model, res_id, state, environment, price, started_at',
    'openapi_pec_price': 'id, operation, mailbox_type, amount',
    'res_company': 'id, openapi_pec_environment, openapi_pec_late_days, openapi_pec_max_megabytes',
    'res_partner': 'id, openapi_pec_email',
}


def has_earlier():
    """Whether the history is here: an archive, or a shallow clone, has none."""
    return not subprocess.call(['git', '-C', ROOT, 'cat-file', '-e', EARLIER], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def install(database, place):
    """Install the earlier version of the addon in a database, and fill it with data.

    :param place: a folder for its files.
    """
    folder = place / NAME
    folder.mkdir()
    with subprocess.Popen(['git', '-C', ROOT, 'archive', EARLIER], stdout=subprocess.PIPE) as archive:
        subprocess.run(['tar', '-x', '-C', folder], stdin=archive.stdout, check=True)
    environment.odoo('-d', database, f'--addons-path={place}', '-i', NAME, '--with-demo', '--stop-after-init', log='earlier')
    environment.odoo('shell', '-d', database, f'--addons-path={place}', '--no-http', log='earlier_data', script=DATA)


def get_problems(database):
    """What is not as the present version wants it, after the update: sentences."""
    twins = "SELECT pec_email, is_twin, digest IS NOT NULL FROM openapi_pec_communication WHERE pec_email = 'code_requested@legalmail.it'"
    expected = {
        "SELECT indexname FROM pg_indexes WHERE indexname = 'openapi_pec_communication_filed_once' AND indexdef LIKE '%(digest)%'":
            ['openapi_pec_communication_filed_once'],
        twins + ' ORDER BY id': ['code_requested@legalmail.it||t', 'code_requested@legalmail.it|t|f'],
        "SELECT count(*) FROM mail_activity WHERE summary LIKE 'The same filing is under way twice%'": ['1'],
        "SELECT look_until IS NOT NULL, error_message LIKE '%that is not certain%' FROM openapi_pec_communication WHERE state = 'failed'":
            ['t|t'],
        "SELECT openapi_pec_tokens FROM res_company WHERE openapi_pec_tokens IS NOT NULL": ['{"sandbox": "kept"}'],
    }
    found = {query: environment.sql(query, database) for query in expected}
    return [f'{query}: {found[query]}' for query in expected if found[query] != expected[query]]


def content(database):
    """What must stay, as a set of lines."""
    return {
        f'{table}: {row}' for table, columns in KEPT.items()
        for row in environment.sql(f'SELECT {columns} FROM {table}', database)}

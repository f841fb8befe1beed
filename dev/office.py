"""The living office of the demo data: what the local sandbox API has to know of it, and how it is closed again.

The filings, mailboxes and certificates of `demo/*.xml` have identifiers of the service. `make run` tells the sandbox
API the same records, so that each button does something; tests and benchmarks, which count, close the office.
"""
import json

import environment
from environment import NAME

# What the demo data have made beyond contacts goes, so that no job looks for it at a service that does not know it.
MODELS = (
    'communication', 'batch', 'foreign_filing', 'mailbox', 'mailbox.user', 'certificate', 'api_call',
    'register_look', 'register_update', 'register_difference')
_NAMES = ', '.join(f"'openapi_pec.{model}'" for model in MODELS)
CLOSE = f"""
    UPDATE openapi_pec_communication SET corrects_id = NULL, corrected_by_id = NULL;
    DELETE FROM mail_activity WHERE res_model IN ({_NAMES});
    DELETE FROM mail_message WHERE model IN ({_NAMES});
    DELETE FROM mail_followers WHERE res_model IN ({_NAMES});
    DELETE FROM openapi_pec_register_difference;
    DELETE FROM openapi_pec_register_look;
    DELETE FROM openapi_pec_register_update;
    DELETE FROM openapi_pec_api_call;
    DELETE FROM openapi_pec_foreign_filing;
    DELETE FROM openapi_pec_communication;
    DELETE FROM openapi_pec_batch;
    DELETE FROM openapi_pec_mailbox_user;
    DELETE FROM openapi_pec_mailbox;
    DELETE FROM openapi_pec_certificate;
    DELETE FROM ir_attachment WHERE res_model IN ({_NAMES});
    DELETE FROM ir_model_data WHERE module = 'l10n_it_openapi_pec' AND model IN ({_NAMES}, 'mail.activity');
"""

LATE = 'late_on < CURRENT_DATE'
# key of a filing at the service -> column
_FILING = {
    'casella_pec': 'pec_email', 'cf': 'fiscal_code', 'nome': 'first_name', 'cognome': 'last_name',
    'qualifica': 'qualification', 'email': 'email', 'cellulare': 'mobile', 'ragione_sociale': 'company_name',
    'cf_piva': 'company_fiscal_code', 'comune': 'city', 'provincia': 'province',
}
# ... and of a mailbox
_MAILBOX = {
    'casella_pec': 'address', 'tipo_casella': 'mailbox_type', 'tipo_cliente': 'customer_type',
    'sottotipo_cliente': 'customer_subtype', 'nome_richiedente': 'first_name', 'cognome_richiedente': 'last_name',
    'email': 'email', 'telefono': 'phone', 'codice_fiscale_richiedente': 'fiscal_code',
    'data_nascita_richiedente': "to_char(birth_date, 'DD/MM/YYYY')", 'sesso_richiedente': 'sex',
    'nazione_nascita_richiedente': 'birth_country', 'comune_nascita_richiedente': 'birth_city',
    'provincia_nascita_richiedente': 'birth_province', 'denominazione_titolare': 'holder_name',
    'cf_piva_titolare': 'holder_fiscal_code', 'indirizzo_titolare': 'holder_street', 'comune_titolare': 'holder_city',
    'cap_titolare': 'holder_zip', 'nazione_titolare': 'holder_country', 'provincia_titolare': 'holder_province',
    'data_scadenza': "to_char(expires_on, 'DD/MM/YYYY')",
}


def tell(database, sandbox):
    """Make in the sandbox API what the demo data say is there; what it knows already stays as it is.

    :param serving.Sandbox sandbox: of the service that the database uses
    """
    known = {record['id'] for record in (*sandbox.filings(), *sandbox.mailboxes())}
    template = _to_json(_FILING)
    for remote_id, stato, is_late, fields in _read(f"""
            SELECT json_build_array(remote_id, remote_state, {LATE}, {template}) FROM openapi_pec_communication
             WHERE remote_id LIKE '60d0%'
             UNION ALL
            SELECT json_build_array(remote_id, remote_state, false, {template}) FROM openapi_pec_foreign_filing
             WHERE remote_id LIKE '60d0%'
             UNION ALL
            SELECT json_build_array(candidate ->> 'id', candidate ->> 'stato', true, {template})
              FROM openapi_pec_communication, jsonb_array_elements(CASE jsonb_typeof(candidates)
                   WHEN 'array' THEN candidates ELSE '[]' END) AS candidate""", database):
        if remote_id not in known:
            sandbox.create_filings(1, stato, {'ids': [remote_id], 'is_resting': bool(is_late)}, **fields)
    for remote_id, stato, fields in _read(f"""
            SELECT json_build_array(remote_id, remote_state, {_to_json(_MAILBOX)}) FROM openapi_pec_mailbox
             WHERE remote_id LIKE '60d0%'""", database):
        if remote_id not in known:
            sandbox.create_mailboxes(1, stato, {'ids': [remote_id]}, **fields)
    _tell_certificates(database, sandbox)
    _tell_companies(database, sandbox)


def _tell_certificates(database, sandbox):
    """Have the service know the certificates of the demo data."""
    known = {certificate['id'] for certificate in sandbox.certificates()}
    for remote_id, fields in _read("""
            SELECT json_build_array(remote_id, json_build_object(
                   'stato', remote_state, 'certificateOwner', holder, 'customReference', reference,
                   'expires_at', extract(epoch FROM expires_at AT TIME ZONE 'UTC')))
              FROM openapi_pec_certificate WHERE remote_id LIKE '60d0%'""", database):
        if remote_id not in known:
            sandbox.create_certificate(id=remote_id, **fields)


def _tell_companies(database, sandbox):
    """Have the register know the demo companies: as their contacts have them, but for what differs in an office.

    Of each third one it has an older PEC, of each fifth one another seat.
    """
    known = {(company['taxCode'], company['companyName']) for company in sandbox.companies()}
    companies = [
        _as_register(number, *row) for number, row in enumerate(_read(f"""
            SELECT json_build_array(company.l10n_it_codice_fiscale, company.name, company.openapi_pec_legal_form,
                   company.street, company.zip, company.city, state.code, company.openapi_pec_email,
                   (SELECT COALESCE(json_agg(json_build_array(person.name, person.l10n_it_codice_fiscale)), '[]')
                      FROM res_partner AS person
                     WHERE person.parent_id = company.id AND person.l10n_it_codice_fiscale IS NOT NULL))
              FROM res_partner AS company JOIN ir_model_data AS named ON named.res_id = company.id
              LEFT JOIN res_country_state AS state ON state.id = company.state_id
             WHERE named.module = '{NAME}' AND named.model = 'res.partner' AND company.is_company
               AND company.l10n_it_codice_fiscale IS NOT NULL
             ORDER BY company.id""", database))]
    if new := [company for company in companies if (company['taxCode'], company['companyName']) not in known]:
        sandbox.keep_companies(*new)


def _as_register(number, code, name, form, street, zip_code, city, province, pec, people):
    """Return a company as the Company API tells it."""
    names = {'companyName': name.upper(), 'cciaa': province or '', 'reaCode': str(100001 + number)}
    address = {
        'streetName': (street or '').upper() if number % 5 else 'VIA VECCHIA SEDE 1', 'zipCode': zip_code or '',
        'town': (city or '').upper(), 'hamlet': None, 'province': province or '', 'townCode': ''}
    return {
        'taxCode': code, **names, 'detailedLegalForm': {'code': form or 'XX', 'description': form or ''},
        'address': {'registeredOffice': address}, 'activityStatus': 'ATTIVA',
        'pec': pec if pec and number % 3 else f'vecchia{number}@pec.esempio.it', 'history': [], 'shareholders': [],
        'managers': [_as_manager(form, *person) for person in people]}


def _as_manager(form, name, tax_code):
    """Return who runs a company, as the Company API tells it."""
    first_name, _space, last_name = name.upper().partition(' ')
    code, role = ('TI', 'Owner') if form == 'DI' else ('AUN', 'Sole director')
    return {
        'name': first_name, 'surname': last_name, 'taxCode': tax_code, 'isLegalRepresentative': True,
        'roles': [{'role': {'code': code, 'description': role}, 'roleStartDate': '2024-05-02'}]}


def _to_json(columns):
    """Return the SQL of an object of texts; what is empty is ''."""
    return 'json_build_object(%s)' % ', '.join(
        f"'{key}', COALESCE({column}, '')" for key, column in columns.items())


def _read(query, database):
    return [json.loads(line) for line in environment.sql(query, database)]

"""The living office of the demo data: what the local sandbox API has to know of it, and how it is closed again.

The filings and mailboxes of `demo/*.xml` have identifiers of the service. `make run` tells the sandbox API the same
records, so that each button does something; tests and benchmarks, which count, close the office.
"""
import json

import environment

# What the demo data have made beyond contacts goes, so that no job looks for it at a service that does not know it.
MODELS = ('communication', 'batch', 'foreign_filing', 'mailbox', 'mailbox.user', 'api_call')
_NAMES = ', '.join(f"'openapi_pec.{model}'" for model in MODELS)
CLOSE = f"""
    UPDATE openapi_pec_communication SET corrects_id = NULL, corrected_by_id = NULL;
    DELETE FROM mail_activity WHERE res_model IN ({_NAMES});
    DELETE FROM mail_message WHERE model IN ({_NAMES});
    DELETE FROM mail_followers WHERE res_model IN ({_NAMES});
    DELETE FROM openapi_pec_api_call;
    DELETE FROM openapi_pec_foreign_filing;
    DELETE FROM openapi_pec_communication;
    DELETE FROM openapi_pec_batch;
    DELETE FROM openapi_pec_mailbox_user;
    DELETE FROM openapi_pec_mailbox;
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


def _to_json(columns):
    """Return the SQL of an object of texts; what is empty is ''."""
    return 'json_build_object(%s)' % ', '.join(
        f"'{key}', COALESCE({column}, '')" for key, column in columns.items())


def _read(query, database):
    return [json.loads(line) for line in environment.sql(query, database)]

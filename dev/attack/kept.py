"""Everything of the attacked company: what is there, and what has become of it."""
import contextlib

import environment

# What any manager may write, for all.
COMMON = ('openapi_pec_price', 'openapi_pec_chamber_word', *(
    f'openapi_pec_{table}' for table in ('rule', 'rule_term', 'rule_fine')))
# Of lines of positions, what no table of the law changes: those are judged again when somebody corrects the law.
COLUMNS = {'openapi_pec_position': (
    't.id, t.partner_id, t.company_id, t.kind, t.user_id, t.decision, t.decision_reason, t.chosen_id')}
BESIDE = {
    'res_partner': 'company_id = {company}', 'res_company': 'id = {company}',
    'mail_message': "model LIKE 'openapi_pec.%'", 'ir_attachment': "res_model LIKE 'openapi_pec.%'",
    'mail_activity': "res_model LIKE 'openapi_pec.%'", 'mail_followers': "res_model LIKE 'openapi_pec.%'",
    'ir_config_parameter': 'TRUE'}
# What waits for a scheduled job among the records of every model, and would be changed by it: visitors wake jobs.
SETTLE = """
    UPDATE openapi_pec_communication SET state = 'draft' WHERE state = 'queued';
    UPDATE openapi_pec_mailbox SET call_state = NULL WHERE call_state = 'queued';
    DELETE FROM openapi_pec_signer_upload;
"""
# Of filings and mailboxes, apart from what visitors may upload and count.
STATES = """
    SELECT 'filing', id, state, remote_id, pec_email, user_id, company_id FROM openapi_pec_communication UNION ALL
    SELECT 'mailbox', id, state, remote_id, address, user_id, company_id FROM openapi_pec_mailbox UNION ALL
    SELECT 'line', id, state, remote_id, operation, user_id, company_id FROM openapi_pec_api_call ORDER BY 1, 2
"""


def read(database, company):
    """Return all of it: ``{(table, id): (digest of the row, whether it is the company's)}``."""
    tables = dict.fromkeys(environment.sql(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'"
        " AND table_name LIKE 'openapi\\_pec\\_%'", database), 'TRUE')
    with_company = set(environment.sql(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'company_id'", database))
    statements = [
        f"SELECT '{table}', id, md5(ROW({COLUMNS.get(table, 't.*')})::text), "
        f'{_is_own(table, table in with_company, company)} FROM {table} t WHERE {condition.format(company=company)}'
        for table, condition in {**tables, **BESIDE}.items() if table not in COMMON]
    rows = [line.split('|') for line in environment.sql(' UNION ALL '.join(statements), database)]
    return {(table, int(number)): (digest, own == 't') for table, number, digest, own in rows}


def _is_own(table, has_company, company):
    if table == 'mail_message':
        own = f'SELECT id FROM openapi_pec_communication WHERE company_id = {company}'
        return f"model = 'openapi_pec.communication' AND res_id IN ({own})"
    return f'company_id = {company}' if has_company and table.startswith('openapi') else 'FALSE'


@contextlib.contextmanager
def unchanged(database, company, table):
    """See that the block changes nothing of the company; no scheduled job runs meanwhile."""
    environment.sql(
        'CREATE TABLE attack_jobs AS SELECT id FROM ir_cron WHERE active; UPDATE ir_cron SET active = FALSE', database)
    before = read(database, company)
    yield
    after = read(database, company)
    environment.sql(
        'UPDATE ir_cron SET active = TRUE WHERE id IN (SELECT id FROM attack_jobs); DROP TABLE attack_jobs', database)
    for row, (digest, _own) in before.items():
        is_same = row in after and after[row][0] == digest
        table.add('rows of the attacked company', got_in=not is_same,
                  example=f'{row[0]} {row[1]} was {"changed" if row in after else "removed"}')
    for row, (_digest, own) in after.items():
        if row not in before and own:
            table.add('rows that nobody should have made', got_in=True, example=f'{row[0]}')

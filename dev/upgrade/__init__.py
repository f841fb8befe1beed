"""What a database of an earlier version keeps when it is updated to the code of this checkout.

- ``fill``: the data, made by the earlier version's own code
- ``ask``: the questions, answered by the present version's code
"""
import json
import re
import subprocess
from pathlib import Path

import environment
from environment import NAME, ROOT

# Commits from which users update: the last one of each version, the newest last.
EARLIER = {
    '19.0.1.3.0': 'c4ccb90751a05fa347bd55b87c3d1e4c17f8beef',  # keeps secrets in clear
    '19.0.1.4.0': '26d7fb127cfb645a7aac2d61f78e1fc74c14f77b',  # has wizards with other names
    '19.0.1.5.0': '4d28096cf63f06fa150c43306ca8ed3e96a1d1c2',  # keeps no legal forms and normalised addresses
    '19.0.1.6.0': '10fe54046ffa9580ac013ac90fd81e3f99b885f0',  # judges drafts when they are looked at
    '19.0.1.7.0': '87f319350ec787230bfac304af76282d1c236a22',  # has fewer findings, and other words
    '19.0.1.9.0': 'b2fc46c4e46deb200e8952e77581c113cb4013fa',  # tells nobody what is coming
    '19.0.1.10.0': '4f7999b689daab2a5dd2d449878fbdcab74e1183',  # knows no accounts of the vendor, only pasted tokens
    '19.0.1.11.0': '87e584f0e32bab46bceb7e5ef366d69bad05bb53',  # neither signs remotely nor verifies beyond the file
}
# Those whose register of positions judges as the present one does: an update leaves its lines as they are.
JUDGED_ALIKE = {'19.0.1.11.0'}
TOKENS = {'sandbox': 'upgraded-token-of-the-sandbox', 'production': 'upgraded-token-of-production'}
# Tables, and what of each row stays as it is.
KEPT = {
    'openapi_pec_communication': (
        'id, name, state, environment, remote_id, partner_id, representative_id, kind, pec_email, fiscal_code, mobile, '
        'email'),
    'openapi_pec_mailbox': (
        'id, state, environment, remote_id, address, partner_id, applicant_id, fiscal_code, holder_name'),
    'openapi_pec_api_call': 'id, operation, res_model, res_id, state, environment, price, started_at',
    'openapi_pec_price': 'id, operation, mailbox_type, amount',
    'res_company': 'id, openapi_pec_environment, openapi_pec_late_days, openapi_pec_max_megabytes',
    'res_partner': 'id, openapi_pec_email',
    'mail_template': 'id, name, subject',
    'ir_filters': 'id, model_id, domain',
    'ir_default': 'id, field_id, json_value',
}
# Fields in which something lasts, and those of earlier versions that are meant to be gone.
STORED = """
    SELECT field.model || '.' || field.name FROM ir_model_fields field JOIN ir_model model ON model.id = field.model_id
     WHERE field.store AND NOT model.transient AND NOT model.abstract
       AND (field.model LIKE 'openapi\\_pec.%' OR field.name LIKE 'openapi\\_pec\\_%')
"""
DROPPED = {
    # tokens that are encrypted elsewhere, or derived and stored nowhere
    'res.company.openapi_pec_tokens', 'openapi_pec.communication.access_token',
    'openapi_pec.communication.callback_token', 'openapi_pec.mailbox.access_token',
    'openapi_pec.mailbox.callback_token',
    'openapi_pec.signing_request.has_papers',  # `has_documents` now
}
# What is the same in a database that was updated and in one where the addon was just installed.
STRUCTURE = f"""
    SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns
     WHERE table_schema = 'public'
     UNION SELECT 'relation ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
     UNION SELECT 'constraint ' || conrelid::regclass || '.' || conname FROM pg_constraint
     UNION SELECT 'model ' || model FROM ir_model
     UNION SELECT 'field ' || model || '.' || name FROM ir_model_fields
     UNION SELECT 'external id ' || model || ' ' || name FROM ir_model_data WHERE module = '{NAME}'
     UNION SELECT 'access right ' || access.name || ' ' || model.model FROM ir_model_access access
             JOIN ir_model model ON model.id = access.model_id
     UNION SELECT 'rule ' || rule.name || ' ' || model.model || ' ' || rule.domain_force FROM ir_rule rule
             JOIN ir_model model ON model.id = rule.model_id
"""


def find_missing():
    """Return a sentence for each earlier commit that is not in this clone, such as a shallow one."""
    return [
        f'The commit {commit} of version {version}, from which the update is tested, is not in this clone: '
        '`git fetch --unshallow` gets it.'
        for version, commit in EARLIER.items() if subprocess.call(
            ['git', '-C', ROOT, 'cat-file', '-e', commit], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]


def install(version, database, place):
    """Install an earlier version of the addon in a database, and fill it with data; return the facts of ``fill``.

    :param version: a key of ``EARLIER``.
    :param place: a folder for its files.
    """
    folder = place / NAME
    folder.mkdir()
    with subprocess.Popen(['git', '-C', ROOT, 'archive', EARLIER[version]], stdout=subprocess.PIPE) as archive:
        subprocess.run(['tar', '-x', '-C', folder], stdin=archive.stdout, check=True)
    path = f'--addons-path={place}'
    environment.run_odoo(
        '-d', database, path, '-i', NAME, '--with-demo', '--stop-after-init', log=f'{version}_installed')
    log = environment.run_odoo(
        'shell', '-d', database, path, '--no-http', log=f'{version}_filled', script=make_script('fill', TOKENS))
    return json.loads(re.search(r'^FACTS (.*)$', log, re.MULTILINE)[1])


def make_script(name, *arguments):
    """Return the text of a file beside this one, and a call of the function with its name."""
    return f'{Path(__file__).with_name(name).with_suffix(".py").read_text()}\n\n{name}(env, *{arguments!r})\n'


def get_problems(version, database, facts):
    """Return a sentence for each thing that the present version finds wrong in an updated database."""
    script = make_script('ask', TOKENS, facts, version not in JUDGED_ALIKE)
    log = environment.run_odoo('shell', '-d', database, '--no-http', log=f'{version}_asked', script=script)
    return re.findall(r'^PROBLEM (.*)$', log, re.MULTILINE) + (
        [] if 'ASKED ALL' in log else [f'Not everything was asked: {environment.log_path(f"{version}_asked")}']
    ) + get_leaks(database, [*TOKENS.values(), *(token for kind in facts.values() for token in kind.values())])


def get_leaks(database, secrets):
    """Return where a secret is to be read in clear, as sentences."""
    tables = environment.sql("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'", database)
    values = ', '.join(f"('{secret}')" for secret in secrets)
    found = environment.sql(' UNION ALL '.join(
        f"SELECT '{table}', in_clear FROM {table} AS whole_row, (VALUES {values}) AS wanted (in_clear)"
        f" WHERE strpos(whole_row::text, in_clear) > 0"
        for table in tables), database)
    return [f'in clear: {row}' for row in found]


def get_content(database):
    """Return what must stay, as a set of lines."""
    return {
        f'{table}: {row}' for table, columns in KEPT.items()
        for row in environment.sql(f'SELECT {columns} FROM {table}', database)}


def get_stored(database):
    """Return the fields of a database in which something lasts, as a set of ``model.field``."""
    return set(environment.sql(STORED, database))


def compare_structure(updated, installed):
    """Return how an updated database differs from one in which the addon was just installed, as sentences."""
    there, here = (set(environment.sql(STRUCTURE, database)) for database in (updated, installed))
    return [f'left behind: {line}' for line in sorted(there - here, key=_by_kind)] + [
        f'missing: {line}' for line in sorted(here - there, key=_by_kind)]


def _by_kind(line):
    """Sort what a table consists of behind the tables."""
    return line.startswith(('column', 'constraint')), line

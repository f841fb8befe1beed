"""A running sandbox API, a running Odoo that uses it, and a person who works in that Odoo.

What `make run`, `make demo`, the benchmarks and the tests with processes of their own have in common.
"""
import contextlib
import importlib.util
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import office
import requests

import engines
import environment
from environment import DEV, NAME, Failure

TOKEN = 'sandbox-token'
EMAIL, KEY = 'mail@domain.com', 'sandbox-key'  # of the sandbox API's usual account, for OAuth v2
NOBODYS_CHILD = ('sh', '-c', '"$@" &', 'sh')  # has a command outlive whoever ends the children of this process
PATIENCE = (5, 120)  # seconds to connect, and to wait for an answer
# A company and its representative, whose codes fit together.
COMPANY = {
    'name': "Falegnameria Prova S.r.l.", 'is_company': True, 'street': "Via delle Prove 1", 'zip': '00100',
    'city': "Roma", 'l10n_it_codice_fiscale': '12485671007'}
REPRESENTATIVE = {
    'name': "Mario Rossi", 'email': 'mario@example.com', 'phone': '3401234518',
    'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'}


def control(url, method, path, body=None):
    """Ask the control endpoints of a sandbox API, wherever it was started.

    :param str url: of the sandbox API
    :return: what it answers
    """
    response = requests.request(method, f'{url}/_sandbox/{path}', json=body, timeout=PATIENCE)
    response.raise_for_status()
    return response.json()


class Sandbox:
    """A sandbox API in a process of its own, which ends with this one at the latest.

    :param arguments: further words of the command line of `dev/sandbox`
    :param before: words before its command, such as those of ``NOBODYS_CHILD``
    """

    def __init__(self, *arguments, before=()):
        self.usual = {}  # settings after each reset
        self.process = subprocess.Popen(
            [
                *before, sys.executable, '-B', DEV / 'sandbox', '--port', '0', '--parent-pid', str(os.getpid()),
                *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True)
        line = self.process.stdout.readline()
        if not line:
            raise Failure('The sandbox API did not start.')
        self.url = line.split()[-1]
        self.company_url = f'{self.url}/company'  # of the Company API, which has a host of its own
        self.oauth_url = f'{self.url}/oauth'  # of OAuth v2, likewise
        self.signature_url = f'{self.url}/esignature'  # of the esignature API, likewise

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()

    def stop(self):
        """End the process."""
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()

    def sign(self, content, **said):
        """Return a document signed by somebody of the sandbox's own authority (bytes).

        :param said: what is filled in on the page: `surname`, `given`, `tax_code`, `kind`.
        """
        response = requests.post(f'{self.url}/trust/sign', said, files={'file': content}, timeout=PATIENCE)
        response.raise_for_status()
        return response.content

    def _control(self, method, path, body=None):
        return control(self.url, method, path, body)

    def reset(self, **settings):
        """Empty it and return to its first settings, except for those given."""
        self._control('POST', 'reset', {**self.usual, **settings})

    def settings(self, **settings):
        """Change settings.

        They are `step`, `credit`, `price`, `callback_shape`, `no_credit_form`, `mailbox_prices`, `operation_prices`,
        `look_prices`, `free_looks`, `offices_late`, `token_shape`, `transactions`, `not_enabled`, `signature_prices`,
        `signing_late`, `credentials_told`, `verification`, `stock`, `mood` and `ahead`.
        """
        self._control('POST', 'settings', settings)

    def fault(self, operation, fault, **options):
        """Let something go wrong with the next call of an operation."""
        self._control('POST', 'faults', {'operation': operation, 'fault': fault, **options})

    def weather(self, **weather):
        """Let faults come by chance, and let it tell what it has in some mood.

        The settings are `seed`, `rates`, `operations`, `options` and `mood`.
        """
        self._control('POST', 'weather', weather)

    def clear_faults(self):
        """Let nothing go wrong any more; calls that wait go on."""
        self._control('DELETE', 'faults')

    def create_filings(self, count, stato='codice_in_richiesta', options=None, **template):
        """Make filings that nobody has paid for, like the specification's example but for `template`; return their ids.

        :param dict options: `ids` that they are to have, `is_resting` of those that do not advance by themselves
        """
        return self._control('POST', 'filings', {
            'count': count, 'stato': stato, 'template': template, **(options or {})})

    def set_stato(self, stato, ids='all'):
        """Bring filings to a `stato`."""
        self._control('PATCH', 'filings', {'ids': ids, 'stato': stato})

    def delete(self, remote_id):
        """Remove a filing."""
        self._control('DELETE', f'filings/{remote_id}')

    def filings(self):
        """Return all filings, as their details tell them."""
        return self._control('GET', 'filings')

    def create_mailboxes(self, count, stato='evasa', options=None, **template):
        """Make mailboxes that nobody has paid for; return their ids.

        They are like the specification's example, except for `template`.

        :param dict options: `ids` that they are to have
        """
        return self._control('POST', 'mailboxes', {
            'count': count, 'stato': stato, 'template': template, **(options or {})})

    def mailboxes(self):
        """Return all mailboxes, as their details tell them, with `account` and `documents`."""
        return self._control('GET', 'mailboxes')

    def change_mailboxes(self, ids='all', **changes):
        """Bring mailboxes to a `stato`, or change any of their fields, as the vendor does."""
        self._control('PATCH', 'mailboxes', {'ids': ids, 'changes': changes})

    def delete_mailbox(self, remote_id):
        """Remove a mailbox."""
        self._control('DELETE', f'mailboxes/{remote_id}')

    def keep_companies(self, *companies):
        """Have the register tell of companies (objects as ``sandbox_api.companies`` has them); return their ids."""
        return self._control('POST', 'companies', {'companies': companies})

    def companies(self):
        """Return all companies, as they were kept."""
        return self._control('GET', 'companies')

    def forget_company(self, tax_code):
        """Let the register know nothing of a tax code."""
        self._control('DELETE', f'companies/{tax_code}')

    def create_certificate(self, **fields):
        """Make a certificate whose owner has its PIN; return it as the sandbox keeps it, with `fields` of its own.

        Of those that may be given: `certificateType`, `certificateOwner`, `tax_code`, `username`, `pin`, `otp`,
        `account`, `id`, `stato`.
        """
        return self._control('POST', 'certificates', fields)

    def certificates(self):
        """Return all certificates, newest first, as the sandbox keeps them."""
        return self._control('GET', 'certificates')

    def change_certificate(self, certificate_id, **changes):
        """Bring a certificate to a `stato`, or change any of its fields."""
        self._control('PATCH', f'certificates/{certificate_id}', changes)

    def signatures(self):
        """Return all signatures, newest first, as their details tell them, with `account` and `size`."""
        return self._control('GET', 'signatures')

    def delete_signature(self, remote_id):
        """Remove a signature."""
        self._control('DELETE', f'signatures/{remote_id}')

    def tokens(self):
        """Return all tokens that were made, newest first, as the sandbox keeps them."""
        return self._control('GET', 'tokens')

    def book(self, amount, description, account='mail'):
        """Take EUR from a wallet (less than nothing), or add them, without a call."""
        self._control('POST', 'transactions', {'amount': amount, 'description': description, 'account': account})

    def requests(self):
        """Return the last requests, oldest first."""
        return self._control('GET', 'requests')

    def stats(self):
        """Return what was asked, what was executed, what is left in the wallets."""
        return self._control('GET', 'stats')

    def executions(self):
        """Each call that took effect, oldest first, with the number of its request."""
        return self._control('GET', 'executions')

    def executed(self, operation='POST /comunica_pec'):
        """Return how many calls of an operation took effect."""
        return self.stats()['executed'].get(operation, 0)

    def wait_until_executed(self, operation='POST /comunica_pec', patience=60):
        """Wait until a call of an operation takes effect; return how many did.

        :param float patience: seconds after which there may be none
        """
        end = time.monotonic() + patience
        while not (count := self.executed(operation)) and time.monotonic() < end:
            time.sleep(0.05)
        return count

    def requested(self, operation='POST /comunica_pec'):
        """Return how many calls of an operation arrived."""
        return self.stats()['requests'].get(operation, 0)


def install(database, with_office=False, engine=None):
    """Install the addon with its demo data in a database, which is made where there is none; update it otherwise.

    :param engine: who makes the calls, of ``engines``; the scheduled job unless told otherwise
    :param bool with_office: whether the filings and mailboxes of the demo data stay, which `office.tell` then tells the
        sandbox API; otherwise they go, as it would not know them
    """
    if not environment.database_exists(database):
        environment.copy_database(environment.template(demo=True), database)
    installed = environment.sql(
        f"SELECT 1 FROM ir_module_module WHERE name = '{NAME}' AND state = 'installed'", database)
    environment.say('Updating the addon …' if installed else 'Installing the addon …')
    engine = engine or engines.Scheduled()
    environment.run_odoo(
        '-d', database, *(('-u', NAME) if installed else ()), '-i', ','.join([NAME, *engine.modules]), '--with-demo',
        '--stop-after-init', '--addons-path', ','.join(map(str, engine.addons_path)), log='install',
        env=engine.environ())
    if not installed and not with_office:
        environment.sql(office.CLOSE, database)


def configure(database, sandbox_url):
    """Have the first company of a database use a sandbox API."""
    environment.sql(f"""
        INSERT INTO ir_config_parameter (key, value)
        VALUES ('{NAME}.base_url', '{sandbox_url}'), ('{NAME}.company_base_url', '{sandbox_url}/company'),
               ('{NAME}.oauth_base_url', '{sandbox_url}/oauth'),
               ('{NAME}.signature_base_url', '{sandbox_url}/esignature')
            ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value;
    """, database)
    keep_token(database, 'sandbox')


def trust(database, sandbox_url):
    """Have all companies of a database sign remotely, and verify signatures, with the authority of a sandbox API.

    It is for a database with the addon of ``engines.Local``. Each sandbox API that is started has others.
    """
    response = requests.get(f'{sandbox_url}/trust/signer', timeout=PATIENCE)
    response.raise_for_status()
    environment.sql(f"""
        UPDATE res_company SET openapi_pec_sign_remotely = true;
        DELETE FROM openapi_pec_trusted_list;
        DELETE FROM openapi_pec_trust_anchor WHERE notice = 'C/2026/1944 (local)';
        INSERT INTO openapi_pec_trust_anchor (fingerprint, notice, confirmed_at)
        VALUES ('{response.json()['fingerprint']}', 'C/2026/1944 (local)', now() AT TIME ZONE 'UTC');
        UPDATE res_company SET openapi_pec_verify = 'odoo';
        UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' WHERE id IN (
            SELECT res_id FROM ir_model_data WHERE module = '{NAME}' AND name = 'ir_cron_lists');
    """, database)


def keep_token(database, account):
    """Let the first company of a database have the sandbox API's token for an environment, as the addon keeps it."""
    spec = importlib.util.spec_from_file_location(
        'secret_box', Path(environment.ROOT) / 'tools' / 'secrecy' / 'secret_box.py')
    secret_box = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(secret_box)
    [secret] = environment.sql("SELECT value FROM ir_config_parameter WHERE key = 'database.secret'", database)
    environment.sql(f"""
        INSERT INTO openapi_pec_secret (key, sealed)
        SELECT 'res.company,' || res_id || ',token,{account}', '{secret_box.seal(secret, TOKEN)}'
          FROM ir_model_data WHERE module = 'base' AND name = 'main_company'
            ON CONFLICT (key) DO UPDATE SET sealed = EXCLUDED.sealed;
        UPDATE res_company SET openapi_pec_accounts = jsonb_set(
                   COALESCE(openapi_pec_accounts, '{{}}'), '{{{account}}}',
                   COALESCE(openapi_pec_accounts -> '{account}', '{{}}') || jsonb_build_object(
                       'home', jsonb_build_array(
                           (SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'), current_database())))
         WHERE id = (SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'main_company');
    """, database)


@contextlib.contextmanager
def server(database, log, port=0, crons=0, workers=0, options=()):
    """Run an Odoo that answers over HTTP for one database.

    :param str log: the name of its log.
    :param int port: which one, if it is free.
    :param int crons: threads, or processes, for scheduled jobs.
    :param int workers: processes that answer; 0: threads of one.
    :param options: further words of Odoo's command line.
    :return: ``(url, process)``
    """
    port = environment.free_port(preferred=port)
    url = f'http://127.0.0.1:{port}'
    with environment.odoo_process(
            '-d', database, '--db-filter', f'^{database}$', '--http-port', str(port), f'--workers={workers}',
            '--gevent-port', str(environment.free_port()), f'--max-cron-threads={crons}', *options, log=log) as process:
        while True:
            if process.poll() is not None:
                raise Failure(f'Odoo has ended; its log is {environment.log_path(log)}.')
            with contextlib.suppress(requests.ConnectionError):
                if not requests.get(url + '/web/health', timeout=PATIENCE).ok:
                    raise Failure(f'Odoo does not work; its log is {environment.log_path(log)}.')
                break
            time.sleep(0.2)
        yield url, process


class Refused(Exception):
    """Odoo's answer to a person who may not, or should not, do what he asked for."""


class Person:
    """Somebody logged in to an Odoo, who does over HTTP what the web client does.

    :param str url: the address of the Odoo.
    """

    def __init__(self, url, database, login='admin', password='admin'):
        self.url = url
        self.session = requests.Session()
        answer = self._post('/web/session/authenticate', {'db': database, 'login': login, 'password': password})
        self.context = answer['user_context']

    def _post(self, path, parameters):
        answer = self.session.post(
            self.url + path, json={'jsonrpc': '2.0', 'params': parameters}, timeout=PATIENCE).json()
        if 'error' in answer:
            data = answer['error'].get('data') or {}
            raise Refused(data.get('message') or answer['error']['message'])
        return answer.get('result')

    def call(self, model, method, *arguments, **keywords):
        """Call a public method of a model, as a button or the web client does."""
        keywords['context'] = {**self.context, **keywords.get('context', {})}
        return self._post(f'/web/dataset/call_kw/{model}/{method}', {
            'model': model, 'method': method, 'args': arguments, 'kwargs': keywords})

    def open_list(self, path):
        """Open the list of an action at its address, as the web client does.

        :return: the records that it shows first
        """
        self.session.get(f'{self.url}/odoo/{path}', timeout=PATIENCE).raise_for_status()
        action = self._post('/web/action/load', {'action_id': path})
        model = action['res_model']
        views = self.call(
            model, 'get_views', action['views'], {'action_id': action['id'], 'load_filters': True, 'toolbar': True})
        columns = re.findall(r'<field name="(\w+)"', views['views']['list']['arch'])
        return self.call(
            model, 'web_search_read', action['domain'] or [], {column: {} for column in columns}, limit=80)['records']

    def submit_form(self, path, **fields):
        """Post a form, as the web client's own dialogs do; return what is answered (of JSON)."""
        page = self.session.get(f'{self.url}/odoo', timeout=PATIENCE).text
        [token] = re.findall(r'csrf_token: "(\w+)"', page)
        response = self.session.post(self.url + path, {'csrf_token': token, **fields}, timeout=PATIENCE)
        response.raise_for_status()
        return response.json()

    def run_job(self, job):
        """Run a scheduled job of the addon now (`dispatch` or `synchronize`)."""
        _model, job_id = self.call('ir.model.data', 'check_object_reference', NAME, f'ir_cron_{job}')
        self.call('ir.cron', 'method_direct_trigger', [job_id])


def create_company(person):
    """Make a company with a representative, as a person; return the company's id."""
    return create_companies(person, [COMPANY['l10n_it_codice_fiscale']])[0]


def create_companies(person, codes):
    """Make companies, each with a representative, as a person.

    :param person: who can ``call`` a method.
    :param codes: tax codes of the companies.
    :return: the companies' ids, in the same order
    """
    country, province = (
        person.call('ir.model.data', 'check_object_reference', 'base', name)[1] for name in ('it', 'state_it_rm'))
    place = {'country_id': country, 'state_id': province}
    companies = person.call('res.partner', 'create', [
        {**COMPANY, **place, 'l10n_it_codice_fiscale': code} for code in codes])
    person.call('res.partner', 'create', [{**REPRESENTATIVE, 'parent_id': company} for company in companies])
    return companies

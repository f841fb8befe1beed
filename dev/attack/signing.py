"""Signatures with the certificates of others: who may ask for one, what is typed for it, and what is told of a PIN."""
import itertools
import re
from urllib.parse import urljoin

import asking
import requests

import environment

PATIENCE = 60
ROUTE = '/openapi_pec/sign'
SIGN = 'POST /EU-QES_otp'
# Whom the address of a filing's dialog is told to sign for, beside the filings of the other company.
IDS = ('', '0', '-1', '999999999', '9' * 40, '1.0', '١', 'x', "1 OR 1=1", '[1]')
NAMES = ('username', 'pin', 'otp')
ODD = ('', ' ', 'x' * 65, 'x' * 200_000, 'a b', 'a\x00b', 'à', "' OR 1=1 --", '<script>alert(1)</script>', 'x\r\nX: y',
       '{{7*7}}')
HIDDEN = re.compile(r'name="(csrf_token|offer)" value="([^"]*)"')
FLOOD, MOST_ASKED = 30, 20  # times that one page is sent; how many of them may reach the service in a day
# Where somebody could look for username and PIN of the company's own certificate: model, method, arguments; `$id` is a
# question of the settings that he has opened.
SETTINGS = 'res.config.settings'
SECRETS = ('openapi_pec_signer_username', 'openapi_pec_signer_pin')
SHOWN = {name: {} for name in SECRETS}
PROBES = (
    (SETTINGS, 'read', [['$id'], SECRETS]), (SETTINGS, 'web_read', [['$id'], SHOWN]),
    (SETTINGS, 'export_data', [['$id'], SECRETS]),
    (SETTINGS, 'default_get', [SECRETS]), (SETTINGS, 'search_read', [[], SECRETS]),
    (SETTINGS, 'onchange', [[], {}, [], SHOWN]),
    (SETTINGS, 'formatted_read_group', [[], [SECRETS[1]], ['__count']]),
    *((SETTINGS, 'search_count', [[[name, '=like', '%']]]) for name in SECRETS),
    ('openapi_pec.secret', 'search_read', [[], ['key', 'sealed']]), ('openapi_pec.secret', 'read', [[1], ['sealed']]),
    ('openapi_pec.secret', 'export_data', [[1, 2, 3], ['key', 'sealed']]),
    ('openapi_pec.secret', 'search_count', [[['key', '=like', '%signer_pin%']]]),
    ('openapi_pec.signature', 'search_read', [[], []]), ('openapi_pec.api_call', 'search_read', [[], []]),
    ('res.company', 'search_read', [[], ['openapi_pec_signer_id', 'openapi_pec_sealed_tokens']]),
    ('ir.logging', 'search_read', [[], ['message']]), ('ir.config_parameter', 'search_read', [[], ['key', 'value']]))
EXPORTED = (
    (SETTINGS, SECRETS), ('openapi_pec.secret', ('key', 'sealed')),
    ('openapi_pec.signature', ('username', 'mandate', 'error_message')),
    ('openapi_pec.certificate', ('reference', 'error_message')),
    ('openapi_pec.verification', ('digest', 'error_message')))


def run(url, sessions, known, table):
    """Have filings of the other company signed, as everybody, with credentials of one's own.

    :param dict sessions: role -> session, of the other company
    :param dict known: what `prepare.py` has told
    """
    def try_role(role):
        session = sessions[role]
        token = asking.get_csrf_token(session, url)
        for filing in (*known['targets']['openapi_pec.communication'], *IDS):
            for csrf_token, offer in itertools.product((token, 'x', ''), ('', 'x-')):
                _ask(session, url + ROUTE, {
                    'csrf_token': csrf_token, 'filing_id': filing, 'offer': offer,
                    **dict(zip(NAMES, known['typed'], strict=True))}, f'signatures asked for, as {role}', table)

    asking.for_each(sessions, try_role)


def _ask(session, address, data, attack, table):
    answer = session.post(address, data=data, timeout=PATIENCE, allow_redirects=False)
    try:
        is_asked = not answer.json()['problem']
    except ValueError:
        is_asked = False
    table.add(attack, got_in=is_asked or answer.status_code >= 500, seconds=answer.elapsed.total_seconds(),
              text=answer.text, example=f"filing {str(data['filing_id'])[:20]!r}: status {answer.status_code}")


class Signing:
    """What the company's own people try: its signer with his link, its users and administrators with its certificate.

    :param people: name -> a person who is logged in
    :param str page: address of a signer's page
    """

    def __init__(self, url, people, page, sandbox, known, database, table):
        self.url, self.people, self.page, self.sandbox = url, people, page, sandbox
        self.typed = dict(zip(NAMES, known['typed'], strict=True))
        self.secrets = *known['pins'], self.typed['pin'], self.typed['otp']
        self.database, self.table = database, table

    def run(self):
        """Try all; in the end nothing of what was typed is anywhere, and nothing was signed."""
        for name, person in self.people.items():
            self._probe(name, person)
        before = self.sandbox.requested(SIGN)
        for name, value in itertools.product(NAMES, ODD):
            self._type(f'{value[:30]!r} as {name}', **{name: value})
        for number in range(FLOOD):
            self._type(f'number {number}')
        asked = self.sandbox.requested(SIGN) - before
        self.table.bound('signatures asked for on one page', asked, MOST_ASKED, 'calls')
        self.table.add('signatures asked for on one page', got_in=not asked, example='none: it tries nothing')
        self.table.add('signatures that were made', got_in=self.sandbox.executed(SIGN) > 0, example=SIGN)
        self._search()

    def _probe(self, name, person):
        """Look for username and PIN of the company's certificate in all that Odoo answers."""
        def call(model, method, arguments):
            return asking.call(person.session, self.url, model, method, arguments)

        [settings] = call(SETTINGS, 'create', [[{}]]).result or [0]
        for model, method, arguments in PROBES:
            arguments = [[settings if one == '$id' else one for one in argument] if isinstance(argument, list)
                         else argument for argument in arguments]
            answer = call(model, method, arguments)
            self._judge(f'PIN of the company, as {name}', answer.text, f'{model}.{method}: {answer.outcome}',
                        answer.outcome in ('no answer', 'closed'), answer.has_trace)
        token = asking.get_csrf_token(person.session, self.url)
        for (model, names), kind in itertools.product(EXPORTED, ('csv', 'xlsx')):
            answer = asking.export(person.session, self.url, token, kind, {
                'model': model, 'ids': False,
                'fields': [{'name': field, 'label': field, 'type': 'char'} for field in names]})
            self._judge(f'PIN of the company, exported by {name}', answer.content.decode('latin-1'),
                        f'{kind} of {model}: status {answer.status_code}')

    def _judge(self, attack, text, example, got_in=False, has_trace=False):
        is_told = any(secret in text for secret in self.secrets)
        self.table.add(attack, got_in=got_in or is_told, has_trace=has_trace, example=example)

    def _type(self, example, **typed):
        """Open the page anew, and send its form with what is typed."""
        session = requests.Session()
        hidden = dict(HIDDEN.findall(session.get(self.url + self.page, timeout=PATIENCE).text))
        path, _mark, query = self.page.partition('?')
        answer = session.post(f'{self.url}{path}/sign?{query}', timeout=PATIENCE, allow_redirects=False, data={
            **hidden, **self.typed, **typed})
        shown = answer.text
        if answer.status_code == 303:
            shown = session.get(urljoin(answer.url, answer.headers['Location']), timeout=PATIENCE).text
        is_well = 'offer' in hidden and answer.status_code in (303, 413) and '<script>alert' not in shown
        example += '' if 'offer' in hidden else ' (there is no form)'
        self._judge("typed on a signer's page", shown + str(answer.headers), f'{example}: status '
                    f'{answer.status_code}', not is_well, 'Traceback (most' in shown)

    def _search(self):
        """Look for what was typed, and for the PIN of the company, in every table."""
        holds = ' OR '.join(f"strpos(t::text, '{secret}') > 0" for secret in self.secrets)
        names = environment.sql(
            "SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public' AND "
            "table_type = 'BASE TABLE'", self.database)
        for row in environment.sql(''.join(
                f"SELECT '{name}', count(*) FROM {name} AS t WHERE {holds};\n" for name in names), self.database):
            name, _bar, count = row.partition('|')
            self.table.add('tables with a PIN', got_in=count != '0', example=f'{name}: {count} rows')

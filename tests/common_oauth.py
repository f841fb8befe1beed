"""Helpers of the tests of OAuth v2: its clients, and the vendor's own examples."""
import copy

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.client import CompanyClient, PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import OauthClient, RenewalClient

import noted
from sandbox_api import specification
from sandbox_api.const import (
    CHANGE_TOKEN,
    DELETE_TOKEN,
    LIST_CALLBACKS,
    LIST_SCOPES,
    LIST_TOKENS,
    MAKE_TOKEN,
    READ_CALLBACK,
    READ_SCOPE,
    READ_TOKEN,
    TRANSACTIONS,
    WALLET,
)
from serving import EMAIL, KEY

from .common import SandboxMixin

DAY, YEAR = 86400, 365 * 86400
TOKEN = '656d1e2f8b3c2a001f7e4a12'  # of the vendor's examples
REFRESH_TOKEN = '656d1e2f8b3c2a001f7e4a13'
SCOPE_ID = '682c9f5a51671f7ef264c4fd'  # of CH-start, in them
UNKNOWN_TOKEN = 'a' * 24
FILINGS = tuple(f'{method}:test.pec.openapi.it/comunica_pec' for method in ('GET', 'POST', 'PATCH'))
COMPANIES = ('GET:test.company.openapi.com/IT-advanced',)
NAME = "Odoo PEC test 1 a"


def get_example(operation, status=200, name=None):
    """Return what the vendor's specification has as an example of an answer.

    :param str name: of one of several.
    """
    content = specification.OAUTH.get_documented_answers()[operation, status]['application/json']
    return copy.deepcopy(content['examples'][name]['value'] if name else content['example'])


def get_examples(operation, status):
    """Return all of them (list)."""
    content = specification.OAUTH.get_documented_answers()[operation, status]['application/json']
    several = [example['value'] for example in content.get('examples', {}).values()]
    return copy.deepcopy(several or [content['example']])


def get_token_example():
    """Return a token as the examples of its schema's properties have it."""
    schemas = specification.OAUTH.specification['components']['schemas']

    def build(schema):
        schema = schemas[schema['$ref'].rpartition('/')[2]] if '$ref' in schema else schema
        return copy.deepcopy(schema['example']) if 'example' in schema else {
            key: build(inner) for key, inner in schema['properties'].items()}

    return build(schemas['TokenDetail'])


class OauthMixin(SandboxMixin):
    """Gives a test class a client of the account, and what makes and uses its tokens."""
    contract, home = specification.OAUTH, '/oauth'  # of WireMixin, where a class has it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = OauthClient(EMAIL, KEY, cls.sandbox.oauth_url)

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.addCleanup(self._note_tokens)

    def _note_tokens(self):
        """Note the tokens that were made, which no log may tell."""
        noted.note('a token', [
            secret for token in self.sandbox.tokens() for secret in (token['id'], token['refresh'])])

    def answer(self, operation, body, status=200, **options):
        """Have the next call of an operation answered with a body, or with text."""
        self.sandbox.fault(operation, 'error_before', status=status, body=body, **options)

    def make(self, scopes=FILINGS, name=NAME, ttl=DAY, limits=None):
        return self.client.make_token(scopes, name, ttl, limits)

    def use(self, token):
        """Return a client of the PEC API that has a token."""
        return PecClient(token.token, self.sandbox.url)

    def use_for_companies(self, token):
        return CompanyClient(token.token, self.sandbox.company_url)

    def renew(self, token, ttl=None):
        return RenewalClient(token.token, token.refresh_token, self.sandbox.oauth_url).renew_token(ttl)

    def get_valid(self):
        """Return the tokens that the service would accept, without the client."""
        return [row['id'] for row in self.sandbox.tokens() if row['is_valid']]


__all__ = [
    'CHANGE_TOKEN', 'COMPANIES', 'DAY', 'DELETE_TOKEN', 'EMAIL', 'FILINGS', 'KEY', 'LIST_CALLBACKS', 'LIST_SCOPES',
    'LIST_TOKENS', 'MAKE_TOKEN', 'NAME', 'READ_CALLBACK', 'READ_SCOPE', 'READ_TOKEN', 'REFRESH_TOKEN', 'SCOPE_ID',
    'TOKEN', 'TRANSACTIONS', 'UNKNOWN_TOKEN', 'WALLET', 'YEAR', 'OauthMixin', 'get_example', 'get_examples',
    'get_token_example']

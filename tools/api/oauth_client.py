"""Clients of Openapi's OAuth v2: the account itself, with its tokens, its wallet and what was delivered to us.

Nothing here costs anything. A token is a secret that the service shows again to whoever has e-mail and key: what it
tells of tokens of others goes no further than this module. What makes, renews or deletes a token is called once; of a
lost answer the account's list of tokens shows what became of it. The rules are those of the vendor's specification
``oauthv2.openapi.json``; what is read stands in :mod:`.oauth_data`.

They raise, of :mod:`.errors`: NotSent, Refused, BadToken (e-mail and key, or the refresh token, are not accepted),
Throttled: nothing was done. OutcomeUnknown: of what makes, renews or deletes, it may have been done.
"""
import base64
import json
from urllib.parse import quote

from .. import clock
from .errors import Gone, NotEnabled, NotSent, OtherRecord, OutcomeUnknown
from .oauth_data import (
    read_delivery,
    read_own_token,
    read_scope,
    read_terms,
    read_token,
    read_transaction,
    read_wallet,
)
from .pages import PagedClient, Rows
from .refusals import UNKNOWN_OF_ACCOUNT, is_not_enabled, is_unknown_record
from .text import bound_text, tidy

OAUTH_HOSTS = {
    'production': 'https://oauth.openapi.com',
    'sandbox': 'https://test.oauth.openapi.com',
}
WALLET_SECONDS = 5.0  # for a balance, for which somebody waits who is about to spend
DELETED = 'deleted'  # the service's word, in small letters


class AccountClient(PagedClient):
    """How the answers of OAuth v2 are read, whoever asks; see :class:`.client.ServiceClient` for how calls travel."""

    def _read_json(self, body):
        """Return the JSON of an answer; None when it is none.

        Its texts are visible, but hold our own secrets if the service tells them: a token may be answered as it was.
        Whatever reads a text that is shown masks them.
        """
        try:
            return tidy(json.loads(body.decode(json.detect_encoding(body), 'surrogatepass')))
        except (ValueError, RecursionError):
            return None

    def _refusal(self, status, message, code=None):
        error = super()._refusal(status, message, code)
        error_class = Gone if is_unknown_record(status, code, UNKNOWN_OF_ACCOUNT) else (
            NotEnabled if is_not_enabled(status, code) else None)
        return error_class(error.message, status=status, code=error.code) if error_class else error

    def _get_address(self, token):
        """Return the address of a token, which is the token itself: the log of addresses masks it, and errors do."""
        self._secrets = tuple({*self._secrets, token})
        return '/tokens/' + quote(token, safe='')


class RenewalClient(AccountClient):
    """Who has a token and its refresh token alone: all that this opens is that token's renewal.

    :param str token: to be renewed.
    :param str refresh_token: that came with it.
    :param str base_url, float deadline: see :class:`.client.ServiceClient`.
    """

    def __init__(self, token, refresh_token, base_url, deadline=None):
        super().__init__(refresh_token, base_url, deadline)
        self._renewed = token

    def renew_token(self, ttl=None):
        """Have another token made in place of this one: ``PATCH /tokens/{token}``. **Never repeated.**

        The service deletes the old one with it: when the answer is lost, nothing but e-mail and key can tell the new
        one.

        :param int ttl: seconds that the new one lives; None: what the service makes of it.
        :return: the new one, with the same scopes.
        :rtype: Token
        :raise BadToken: 401/130, the refresh token is not accepted (any more); also Gone (404/160), NotSent,
            OutcomeUnknown, Refused, Throttled.
        """
        body = {} if ttl is None else {'ttl': ttl}
        return read_token(self._call('token_renew', 'PATCH', self._get_address(self._renewed), body), self._secrets)


class OauthClient(AccountClient):
    """An account, opened with its e-mail and API key.

    :param str email: of the account.
    :param str api_key: of the account, for one environment.
    :param str base_url, float deadline: see :class:`.client.ServiceClient`; ``OAUTH_HOSTS``.
    :raise NotSent: the address cannot be used, or e-mail and key.
    """

    def __init__(self, email, api_key, base_url, deadline=None):
        if not all(text and text.isascii() and text.isprintable() for text in (email, api_key)) or ':' in email:
            raise NotSent("There are no usable e-mail and API key", reason='no_key')
        basic = base64.b64encode(f'{email}:{api_key}'.encode()).decode()
        super().__init__(basic, base_url, deadline)
        self._secrets = (api_key, basic)
        self._authorization = f'Basic {basic}'

    # ------------------------------------------------------------ tokens

    def make_token(self, scopes, name, ttl, limits=None):
        """Make a token: ``POST /tokens``. **Never repeated**: what a lost answer leaves is found by its name.

        :param scopes: ``['POST:pec.openapi.it/comunica_pec', …]``.
        :param str name: one of its own for each call, by which :meth:`find_tokens` finds it.
        :param int ttl: seconds that it lives; the service allows a year at the most.
        :param Limits limits: if it is to be limited.
        :return: the token; the service may give less than was asked for: see :meth:`.oauth_data.Token.get_lacking`.
        :rtype: Token
        :raise NotEnabled: 422/90, a scope does not exist, or its API is not enabled; also Refused (422/70, 422/80),
            BadToken, NotSent, OutcomeUnknown, Throttled.
        """
        body = {'scopes': list(scopes), 'name': name, 'ttl': ttl}
        if limits and limits.get_body():
            body['limits'] = limits.get_body()
        token = read_token(self._call('token_make', 'POST', '/tokens', body), self._secrets)
        if token.name not in ('', bound_text(name)):
            raise OtherRecord("The service answered with another token", status=200, reason='other_token')
        return token

    def find_tokens(self, beginning):
        """Find the tokens whose name begins with a text: ``GET /tokens``. Those of others are not returned.

        :param str beginning: of the names that a database gives its tokens.
        :rtype: Rows[Token]
        :raise OutcomeUnknown: the list cannot be had now; also NotSent, BadToken, Throttled, Refused.
        """
        tokens = self._read_rows('/tokens', read_own_token, lambda token: token.token)
        own = [token for token in tokens if token.name.startswith(beginning)]
        return Rows(own, tokens.unreadable, tokens.is_whole, tokens.read_at)

    def get_token(self, token):
        """Read one token: ``GET /tokens/{token}``.

        :param str token: the token itself.
        :rtype: Token
        :raise Gone: 404/120, there is none, or it has expired; also Refused (422/60 it is no token), NotSent,
            OutcomeUnknown, BadToken, Throttled.
        """
        read = read_token(self._read(self._get_address(token)), self._secrets)
        if read.token != token:
            raise OtherRecord("The service answered with another token", status=200, reason='other_token')
        return read

    def delete_token(self, token):
        """Revoke a token, and its refresh token with it: ``DELETE /tokens/{token}``.

        It may be called again: to delete what is gone already does nothing.

        :param str token: the token itself.
        :return: whether it was there (404/180: it was not).
        :rtype: bool
        :raise OutcomeUnknown: it may be there still; also NotSent, BadToken, Refused, Throttled.
        """
        status, _headers, content = self._exchange('DELETE', self._get_address(token))
        try:
            self._data(status, content, 'token_delete')
        except Gone:
            return False
        told = self._envelope(content)
        if told.get('success') is not True and str(told.get('message')).strip().lower() != DELETED:
            raise OutcomeUnknown(
                f"The service answered with HTTP status {status} and nothing that can be read", status=status,
                reason='unreadable')
        return True

    # ------------------------------------------------------------ money

    def get_wallet(self):
        """Read what the wallet holds: ``GET /wallet``. Not repeated: somebody waits for it, or it is read again soon.

        :rtype: Wallet
        :raise OutcomeUnknown: it cannot be had now; also NotSent, BadToken, Throttled, Refused.
        """
        read_at = clock.now()
        status, _headers, content = self._ask('/wallet', WALLET_SECONDS)
        return read_wallet(self._data(status, content), read_at)

    def list_transactions(self, since=None):
        """Read what went into the wallet and out of it: ``GET /wallet/transactions``.

        Whether each call stands there, or sums, and how late, the specification does not say.

        :param datetime.datetime since: with its zone; what is older is left out, what has no time is not.
        :rtype: Rows[Transaction]
        :raise OutcomeUnknown: the list cannot be had now; also NotSent, BadToken, Throttled, Refused.
        """
        return self._read_rows(
            '/wallet/transactions', read_transaction, lambda row: row.id, lambda row: row.created_at, since)

    def list_scopes(self):
        """List the scopes that tokens can have: ``GET /scopes``.

        :rtype: Rows[Scope]
        :raise OutcomeUnknown: the list cannot be had now; also NotSent, BadToken, Throttled, Refused.
        """
        read_at = clock.now()
        data = self._read('/scopes')
        if not isinstance(data, list):
            raise OutcomeUnknown("The service's list cannot be read", status=200, reason='list_unreadable')
        scopes = list(filter(None, map(read_scope, data)))
        return Rows(scopes, len(data) - len(scopes), read_at=read_at)

    def get_terms(self, scope):
        """Read the prices of a scope: ``GET /scopes/{id}``.

        :param Scope scope: of :meth:`list_scopes`.
        :rtype: ScopeTerms
        :raise Gone: 404/10; also NotSent, OutcomeUnknown, BadToken, Throttled, Refused.
        """
        terms = read_terms(self._read('/scopes/' + quote(scope.id, safe='')), self._secrets)
        if terms.name != scope.name:
            raise OtherRecord("The service answered with another scope", status=200, reason='other_scope')
        return terms

    # ------------------------------------------------------------ callbacks

    def list_callbacks(self, scopes=(), since=None):
        """Read what the service tried to deliver to us, and with what answer: ``GET /callbacks``.

        :param scopes: of the calls that have registered them; all by default.
        :param datetime.datetime since: with its zone; what is older is left out, what has no time is not.
        :rtype: Rows[Delivery]
        :raise OutcomeUnknown: the list cannot be had now; also Refused (400/210), NotSent, BadToken, Throttled.
        """
        return self._read_rows(
            '/callbacks', read_delivery, lambda row: row.id, lambda row: row.started_at, since,
            {'scopes': ','.join(scopes)} if scopes else {})

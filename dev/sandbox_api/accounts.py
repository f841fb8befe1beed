"""Who calls: with a token, a refresh token, or e-mail and key; and the accounts they belong to."""
import base64
import re
from dataclasses import dataclass

from .const import CHECK_ID
from .scopes import PEC_HOST, get_host, get_scope

# The specification's examples are owned by mail@domain.com.
DEFAULT_ACCOUNT = 'mail'
_NAME = r'(?P<account>[A-Za-z0-9._-]{1,64})'
_BEARER = re.compile(
    rf'(?i:bearer) +sandbox-token(?:-(?P<scopes>readonly|pec|unchecked))?(?::{_NAME})?', re.ASCII)
_OTHER_BEARER = re.compile(r'(?i:bearer) +([0-9a-f]{24})', re.ASCII)  # a token that was made, or its refresh token
_BASIC = re.compile(r'(?i:basic) +([A-Za-z0-9+/]+={0,2})', re.ASCII)
_KEY = re.compile(rf'{_NAME}@domain\.com:(?P<environment>sandbox|production)-key', re.ASCII)
# what a token's name says of its scopes -> function (operation) -> whether it has the scope
_SCOPES = {
    None: lambda operation: True,
    'readonly': lambda operation: operation.startswith('GET '),
    'pec': lambda operation: get_host(operation) == PEC_HOST,
    'unchecked': lambda operation: operation != CHECK_ID,
}


@dataclass(frozen=True)
class Access:
    """What a token allows.

    :param account: name of the account whose filings and wallet it opens
    :param allows: function (operation) -> whether it has the scope of it
    :param token: Token, one that a client has made; None: one that is always there
    """
    account: str
    allows: object
    token: object = None


@dataclass(frozen=True)
class Holder:
    """Somebody whom OAuth knows.

    :param account: name of the account
    :param is_test: whether the key is the one of the vendor's sandbox, which has scopes of its own
    :param renews: Token, which is all that this refresh token opens; None: e-mail and key, which open the account
    """
    account: str
    is_test: bool
    renews: object = None


def read_token(authorization, tokens):
    """Tell what the token of a request allows.

    :param authorization: the header's value, ``'Bearer sandbox-token[-readonly|-pec|-unchecked][:account]'``, or with a
        token that was made
    :param tokens: Tokens
    :return: an Access, or None for a token that nobody knows, or that has expired or was deleted
    """
    if match := _BEARER.fullmatch(authorization.strip()):
        return Access(match['account'] or DEFAULT_ACCOUNT, _SCOPES[match['scopes']])
    match = _OTHER_BEARER.fullmatch(authorization.strip())
    token = match and tokens.find(id=match[1])
    return token and Access(token.account, lambda operation: get_scope(operation) in token.scopes, token)


def read_key(authorization):
    """Tell whose e-mail and API key a request has.

    :param authorization: the header's value, HTTP Basic of ``'<account>@domain.com:sandbox-key'``, or
        ``production-key``
    :return: a Holder, or None
    """
    match = _BASIC.fullmatch(authorization.strip())
    try:
        told = base64.b64decode(match[1], validate=True).decode('ascii') if match else ''
    except ValueError:
        return None
    key = _KEY.fullmatch(told)
    return key and Holder(key['account'], key['environment'] == 'sandbox')


def read_refresh_token(authorization, tokens):
    """Tell which token the refresh token of a request renews.

    That it ends with its token is documented nowhere.

    :param tokens: Tokens
    :return: a Holder, or None
    """
    match = _OTHER_BEARER.fullmatch(authorization.strip())
    token = match and tokens.find(refresh=match[1])
    return token and Holder(token.account, token.is_test, token)


def is_bearer(authorization):
    """:return: whether a request comes with a token of any kind"""
    return authorization.strip().lower().startswith('bearer ')


def get_owner(account):
    """:return: the ``owner`` that the records of an account show, which is its e-mail"""
    return f'{account}@domain.com'

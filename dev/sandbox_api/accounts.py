"""Tokens and the accounts they belong to."""
import re
from dataclasses import dataclass

from .const import CHECK_ID, COMPANY_OPERATIONS

# The specification's examples are owned by mail@domain.com.
DEFAULT_ACCOUNT = 'mail'
_BEARER = re.compile(
    r'(?i:bearer) +sandbox-token(?:-(?P<scopes>readonly|pec|unchecked))?(?::(?P<account>[A-Za-z0-9._-]{1,64}))?',
    re.ASCII)
# what a token's name says of its scopes -> function (operation) -> whether it has the scope
_SCOPES = {
    None: lambda operation: True,
    'readonly': lambda operation: operation.startswith('GET '),
    'pec': lambda operation: operation not in COMPANY_OPERATIONS,
    'unchecked': lambda operation: operation != CHECK_ID,
}


@dataclass(frozen=True)
class Access:
    """What a token allows.

    :param account: name of the account whose filings and wallet it opens
    :param scopes: key of the table of scopes
    """
    account: str
    scopes: str

    def allows(self, operation):
        """:return: whether it has the scope of an operation"""
        return _SCOPES[self.scopes](operation)


def read_token(authorization):
    """Tell what the token of a request allows.

    :param authorization: the header's value, ``'Bearer sandbox-token[-readonly|-pec|-unchecked][:account]'``
    :return: an Access, or None for a token nobody knows
    """
    match = _BEARER.fullmatch(authorization.strip())
    return match and Access(match['account'] or DEFAULT_ACCOUNT, match['scopes'])


def get_owner(account):
    """:return: the ``owner`` that the records of an account show"""
    return f'{account}@domain.com'

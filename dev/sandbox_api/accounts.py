"""Tokens and the accounts they belong to."""
import re
from dataclasses import dataclass

# The specification's examples are owned by mail@domain.com.
DEFAULT_ACCOUNT = 'mail'
_BEARER = re.compile(
    r'(?i:bearer) +sandbox-token(?P<readonly>-readonly)?(?::(?P<account>[A-Za-z0-9._-]{1,64}))?', re.ASCII)


@dataclass(frozen=True)
class Access:
    """What a token allows.

    :param account: name of the account whose filings and wallet it opens
    :param readonly: whether it holds the GET scopes alone
    """
    account: str
    readonly: bool


def read_token(authorization):
    """Tell what the token of a request allows.

    :param authorization: the header's value, ``'Bearer sandbox-token[-readonly][:account]'``
    :return: an Access, or None for a token nobody knows
    """
    match = _BEARER.fullmatch(authorization.strip())
    return match and Access(match['account'] or DEFAULT_ACCOUNT, bool(match['readonly']))


def get_owner(account):
    """:return: the ``owner`` that the records of an account show"""
    return f'{account}@domain.com'

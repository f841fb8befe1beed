"""What OAuth v2 tells of an account, read into small structures: of each only what this addon uses.

The rules come from the vendor's specification ``oauthv2.openapi.json``. It is read leniently, and bounded in size and
number: a number may come as text, and a token bare or below ``data``. What cannot be read is None, or counted, and is
never taken for nothing: a wallet whose balance cannot be read is not empty.
"""
import datetime
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from .errors import OutcomeUnknown
from .text import bound_text, clean_text, mask_openers
from .values import as_dict, as_list, has_zone, match_text, read_count, read_number, read_time

TOKEN = re.compile(r'[0-9A-Za-z._~+/=-]{16,512}')  # or a refresh token
ROW_ID = re.compile(r'[0-9A-Za-z_.:-]{1,64}')
SCOPE = re.compile(r'[A-Z]{1,10}:[0-9A-Za-z.-]{1,100}/[0-9A-Za-z_.*-]{0,100}')
HOST = re.compile(r'(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,20}(?![\w.-])')  # in the description of a transaction
MAX_SCOPES = 500  # of a token, or of the account
MAX_PRICES = 100  # of a scope
MAX_IPS = 100


class Limits(NamedTuple):
    """What a token is limited to; None, or no address: not limited."""
    wallet_amount: float | None = None  # EUR that it can spend altogether
    ips: tuple = ()  # from which it can be used
    total_requests: int | None = None
    wallet_requests: int | None = None

    def get_body(self):
        """Return the limits as the service takes them (dict)."""
        told = zip(('walletAmount', 'ip', 'totalRequests', 'walletRequests'), self, strict=True)
        return {key: list(value) if key == 'ip' else value for key, value in told if value not in (None, ())}


@dataclass(frozen=True)
class Token:
    """A token of the account; its two secrets do not show when it is printed."""
    token: str = field(repr=False)
    refresh_token: str = field(repr=False)  # ''; not told
    name: str
    scopes: tuple  # of str, as they were asked for
    created_at: datetime.datetime | None
    expires_at: datetime.datetime | None  # by the service's clock; None: not told
    limits: Limits
    requests: int | None  # made with it so far; None: not told
    spent: float | None  # EUR so far; None: not told

    def get_lacking(self, scopes):
        """Return those of the scopes that were asked for and that it has not (tuple of str)."""
        own = {scope.casefold() for scope in self.scopes}
        return tuple(scope for scope in scopes if scope.casefold() not in own)


class Wallet(NamedTuple):
    """The account's credit."""
    credit: float  # EUR
    updated_at: datetime.datetime | None
    read_at: float  # on the clock of :mod:`..clock`


class Transaction(NamedTuple):
    """What went into the wallet, or out of it."""
    id: str
    amount: float  # EUR; less than nothing: it went out
    created_at: datetime.datetime | None
    description: str
    host: str  # that its description names, such as pec.openapi.it; '': none
    has_zone: bool = True  # whether its time was told with its zone; otherwise it may be hours off


class Scope(NamedTuple):
    """A scope that a token of the account may have."""
    id: str
    name: str  # such as GET:pec.openapi.it/comunica_pec
    is_enabled: bool | None  # None: not told


class ScopeTerms(NamedTuple):
    """A scope with what its calls cost."""
    name: str
    is_enabled: bool | None
    prices: dict  # the service's own name of a kind of call -> EUR; what cannot be read is left out
    free_a_month: int | None  # calls; 0: none; None: not told, or no limit
    unmet: tuple  # what the account has to fulfil first, by the service's own names


class Delivery(NamedTuple):
    """A callback that the service tried to deliver."""
    id: str
    scope: str  # of the call that has registered it
    address: str  # without what is secret in it
    status: int  # HTTP status of what it was answered with; 0: no answer
    started_at: datetime.datetime | None
    completed_at: datetime.datetime | None  # None: it goes on


# ------------------------------------------------------------ whole answers

def read_token(data, secrets=()):
    """Read a token.

    :param data: of the answer; anything.
    :param secrets: strings to mask in its name.
    :rtype: Token
    :raise OutcomeUnknown: it holds none that can be used.
    """
    row = data if isinstance(data, dict) else {}
    token, refresh_token = (match_text(TOKEN, row.get(key)) for key in ('token', 'refreshToken'))
    if not token:
        raise OutcomeUnknown("The service's answer holds no token", status=200, reason='no_new_token')
    use = as_dict(row.get('stats'))
    scopes = [match_text(SCOPE, scope) for scope in as_list(row.get('scopes'))[:MAX_SCOPES]]
    return Token(
        token, refresh_token, mask_openers(bound_text(row.get('name')), *secrets), tuple(filter(None, scopes)),
        read_time(row.get('createdAt')), read_time(row.get('expireAt')), _limits(as_dict(row.get('limits'))),
        read_count(use.get('totalRequests')), read_number(use.get('walletAmount')))


def read_wallet(data, read_at):
    """Read what the wallet holds.

    :param data: of the answer; anything.
    :param float read_at: when it was asked for.
    :rtype: Wallet
    :raise OutcomeUnknown: it does not tell a sum.
    """
    row = as_dict(data)
    credit = read_number(row.get('credit'))
    if credit is None:
        raise OutcomeUnknown("The service does not say what the wallet holds", status=200, reason='wallet_untold')
    return Wallet(credit, read_time(row.get('updatedAt')), read_at)


def read_terms(data, secrets=()):
    """Read a scope with its prices.

    :param data: of the answer; anything.
    :rtype: ScopeTerms
    :raise OutcomeUnknown: it is no scope, or tells no prices.
    """
    row = as_dict(data)
    name, prices = match_text(SCOPE, row.get('scope')), row.get('prices')
    if not name or not isinstance(prices, (dict, list)) or (prices and isinstance(prices, list)):
        # an empty object is written as an empty list by some servers
        raise OutcomeUnknown("The service does not say what a scope costs", status=200, reason='scope_untold')
    told = [(clean_text(key, *secrets), read_number(value)) for key, value in list(dict(prices).items())[:MAX_PRICES]]
    unmet = [key for key, is_met in list(as_dict(row.get('requirements')).items())[:MAX_PRICES] if is_met is not True]
    return ScopeTerms(
        name, _flag(row.get('enabled')), {key: price for key, price in told if price is not None and price >= 0},
        read_count(as_dict(row.get('freeLimits')).get('monthLimit')), tuple(clean_text(key, *secrets) for key in unmet))


# ------------------------------------------------------------ rows of lists: each None when it cannot be read

def read_transaction(row, secrets=()):
    """Read a row of the wallet's transactions.

    :rtype: Transaction | None
    """
    row = as_dict(row)
    row_id, amount = match_text(ROW_ID, row.get('id')), read_number(row.get('amount'))
    if not row_id or amount is None:
        return None
    description = clean_text(row.get('description') or '', *secrets)
    host = HOST.search(description.lower())
    told = row.get('createdAt')
    return Transaction(
        row_id, amount, read_time(told), description, host[0] if host else '', has_zone(told))


def read_scope(row):
    """Read a row of the scopes.

    :rtype: Scope | None
    """
    row = as_dict(row)
    row_id, name = match_text(ROW_ID, row.get('id')), match_text(SCOPE, row.get('scope'))
    return Scope(row_id, name, _flag(row.get('enabled'))) if row_id and name else None


def read_delivery(row, secrets=()):
    """Read a row of the callbacks.

    :rtype: Delivery | None
    """
    row = as_dict(row)
    row_id = match_text(ROW_ID, row.get('id'))
    if not row_id:
        return None
    scope, address = bound_text(row.get('scope')), bound_text(row.get('url')).partition('?')[0]
    return Delivery(
        row_id, clean_text(scope, *secrets), clean_text(address, *secrets),
        read_count(row.get('httpResponseCode')) or 0, read_time(row.get('startedAt')),
        read_time(row.get('completedAt')))


def read_own_token(row, secrets=()):
    """Read a row of the tokens.

    :rtype: Token | None
    """
    try:
        return read_token(row, secrets)
    except OutcomeUnknown:
        return None


# ------------------------------------------------------------ parts

def _limits(told):
    ips = tuple(ip for ip in map(bound_text, as_list(told.get('ip'))[:MAX_IPS]) if ip)
    return Limits(
        read_number(told.get('walletAmount')), ips, read_count(told.get('totalRequests')),
        read_count(told.get('walletRequests')))


def _flag(value):
    return value if isinstance(value, bool) else None

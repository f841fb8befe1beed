"""What OAuth v2 tells of an account, read into small structures: of each only what this addon uses.

The rules come from the vendor's specification ``oauthv2.openapi.json``. It is read leniently, and bounded in size and
number: a number may come as text, and a token bare or below ``data``. What cannot be read is None, or counted, and is
never taken for nothing: a wallet whose balance cannot be read is not empty.
"""
import datetime
import math
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from .. import clock
from .errors import OutcomeUnknown
from .text import bound_text, clean_text, mask_openers

TOKEN = re.compile(r'[0-9A-Za-z._~+/=-]{16,512}')  # or a refresh token
ROW_ID = re.compile(r'[0-9A-Za-z_.:-]{1,64}')
SCOPE = re.compile(r'[A-Z]{1,10}:[0-9A-Za-z.-]{1,100}/[0-9A-Za-z_.*-]{0,100}')
HOST = re.compile(r'(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,20}(?![\w.-])')  # in the description of a transaction
TIME = re.compile(  # ISO 8601
    r'([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,9}))?'
    r'(?:[Zz]|([+-][0-9]{2}):?([0-9]{2}))?')
NUMBER = re.compile(r'-?[0-9]{1,12}(?:\.[0-9]{1,12})?')
LARGEST = 10 ** 9  # EUR, or requests; what is more is no number
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


class Rows(list):
    """The readable rows of a list of the account, in the service's order.

    :param int unreadable: how many rows could not be read: what is looked for may be among them.
    :param bool is_whole: whether all that was asked for was read; otherwise older rows are missing.
    :param float read_at: when reading began, on the clock of :mod:`..clock`.
    """

    def __init__(self, rows=(), unreadable=0, is_whole=True, read_at=None):
        super().__init__(rows)
        self.unreadable = unreadable
        self.is_whole = is_whole
        self.read_at = clock.now() if read_at is None else read_at


# ------------------------------------------------------------ whole answers

def read_token(data, secrets=()):
    """Read a token.

    :param data: of the answer; anything.
    :param secrets: strings to mask in its name.
    :rtype: Token
    :raise OutcomeUnknown: it holds none that can be used.
    """
    row = data if isinstance(data, dict) else {}
    token, refresh_token = (_match(TOKEN, row.get(key)) for key in ('token', 'refreshToken'))
    if not token:
        raise OutcomeUnknown("The service's answer holds no token", status=200, reason='no_new_token')
    use = _dict(row.get('stats'))
    scopes = [_match(SCOPE, scope) for scope in _list(row.get('scopes'))[:MAX_SCOPES]]
    return Token(
        token, refresh_token, mask_openers(bound_text(row.get('name')), *secrets), tuple(filter(None, scopes)),
        read_time(row.get('createdAt')), read_time(row.get('expireAt')), _limits(_dict(row.get('limits'))),
        _count(use.get('totalRequests')), _number(use.get('walletAmount')))


def read_wallet(data, read_at):
    """Read what the wallet holds.

    :param data: of the answer; anything.
    :param float read_at: when it was asked for.
    :rtype: Wallet
    :raise OutcomeUnknown: it does not tell a sum.
    """
    row = _dict(data)
    credit = _number(row.get('credit'))
    if credit is None:
        raise OutcomeUnknown("The service does not say what the wallet holds", status=200, reason='wallet_untold')
    return Wallet(credit, read_time(row.get('updatedAt')), read_at)


def read_terms(data, secrets=()):
    """Read a scope with its prices.

    :param data: of the answer; anything.
    :rtype: ScopeTerms
    :raise OutcomeUnknown: it is no scope, or tells no prices.
    """
    row = _dict(data)
    name, prices = _match(SCOPE, row.get('scope')), row.get('prices')
    if not name or not isinstance(prices, (dict, list)) or (prices and isinstance(prices, list)):
        # an empty object is written as an empty list by some servers
        raise OutcomeUnknown("The service does not say what a scope costs", status=200, reason='scope_untold')
    told = [(clean_text(key, *secrets), _number(value)) for key, value in list(dict(prices).items())[:MAX_PRICES]]
    unmet = [key for key, is_met in list(_dict(row.get('requirements')).items())[:MAX_PRICES] if is_met is not True]
    return ScopeTerms(
        name, _flag(row.get('enabled')), {key: price for key, price in told if price is not None and price >= 0},
        _count(_dict(row.get('freeLimits')).get('monthLimit')), tuple(clean_text(key, *secrets) for key in unmet))


# ------------------------------------------------------------ rows of lists: each None when it cannot be read

def read_transaction(row, secrets=()):
    """Read a row of the wallet's transactions.

    :rtype: Transaction | None
    """
    row = _dict(row)
    row_id, amount = _match(ROW_ID, row.get('id')), _number(row.get('amount'))
    if not row_id or amount is None:
        return None
    description = clean_text(row.get('description') or '', *secrets)
    host = HOST.search(description.lower())
    return Transaction(row_id, amount, read_time(row.get('createdAt')), description, host[0] if host else '')


def read_scope(row):
    """Read a row of the scopes.

    :rtype: Scope | None
    """
    row = _dict(row)
    row_id, name = _match(ROW_ID, row.get('id')), _match(SCOPE, row.get('scope'))
    return Scope(row_id, name, _flag(row.get('enabled'))) if row_id and name else None


def read_delivery(row, secrets=()):
    """Read a row of the callbacks.

    :rtype: Delivery | None
    """
    row = _dict(row)
    row_id = _match(ROW_ID, row.get('id'))
    if not row_id:
        return None
    scope, address = bound_text(row.get('scope')), bound_text(row.get('url')).partition('?')[0]
    return Delivery(
        row_id, clean_text(scope, *secrets), clean_text(address, *secrets), _count(row.get('httpResponseCode')) or 0,
        read_time(row.get('startedAt')), read_time(row.get('completedAt')))


def read_own_token(row, secrets=()):
    """Read a row of the tokens.

    :rtype: Token | None
    """
    try:
        return read_token(row, secrets)
    except OutcomeUnknown:
        return None


def read_time(value):
    """Read a time.

    :param value: ISO 8601, with or without a zone (then it counts as UTC), or seconds since 1970; anything.
    :return: of the zone UTC; None: it is none.
    :rtype: datetime.datetime | None
    """
    try:
        if isinstance(value, str) and (told := TIME.fullmatch(value.strip())):
            # As Python 3.10 reads it: six decimals, and a zone with a colon.
            day, time, decimals, hours, minutes = told.groups()
            zone = f'{hours}:{minutes}' if hours else '+00:00'
            written = f'{day}T{time}.{(decimals or "")[:6]:0<6}{zone}'
            return datetime.datetime.fromisoformat(written).astimezone(datetime.timezone.utc)
        if type(value) in (int, float):
            return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    except (ValueError, OverflowError, OSError):
        pass
    return None


# ------------------------------------------------------------ parts

def _limits(told):
    ips = tuple(ip for ip in map(bound_text, _list(told.get('ip'))[:MAX_IPS]) if ip)
    return Limits(
        _number(told.get('walletAmount')), ips, _count(told.get('totalRequests')), _count(told.get('walletRequests')))


def _number(value):
    """Return a number, which may come as text; None: it is none, or none that can be meant."""
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value = float(value)
    if type(value) is int and abs(value) < LARGEST:
        value = float(value)
    return value if type(value) is float and math.isfinite(value) and abs(value) < LARGEST else None


def _count(value):
    """Return a whole number, 0 or more; None: it is none."""
    number = _number(value)
    return int(number) if number is not None and number >= 0 and number.is_integer() else None


def _flag(value):
    return value if isinstance(value, bool) else None


def _match(pattern, value):
    """Return a text that has a form; '': it has not."""
    return value if isinstance(value, str) and pattern.fullmatch(value) else ''


def _dict(value):
    return value if isinstance(value, dict) else {}


def _list(value):
    return value if isinstance(value, list) else []

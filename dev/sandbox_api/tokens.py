"""Tokens that clients make through OAuth v2, as the sandbox keeps them and as the API shows them."""
import json
from dataclasses import dataclass, field, replace

from . import clock
from .record import new_id
from .scopes import write_scope

YEAR = 365 * 86400  # seconds; the longest life
MONTH = 30 * 86400  # the usual one: documented nowhere, but as in the specification's example
_NO_USE = {'totalRequests': 0, 'walletRequests': 0, 'subscriptionRequests': 0, 'errorRequests': 0, 'walletAmount': 0,
           'ip': []}


@dataclass(frozen=True)
class Token:
    """
    :param id: the token itself, 24 hexadecimal digits
    :param refresh: the one that renews it, likewise
    :param account: name of the account it belongs to
    :param is_test: whether it was made with the key of the vendor's sandbox
    :param name: as the client calls it
    :param scopes: list of scopes, as production calls them
    :param limits: dict, as in the specification; what is missing is not limited
    :param created_at: seconds since 1970, as the other times
    :param deleted_at: None: it is there
    :param use: dict, as in the specification (``TokenStats``)
    """
    id: str
    refresh: str
    account: str
    is_test: bool
    name: str
    scopes: list
    limits: dict
    created_at: float
    updated_at: float
    expires_at: float
    deleted_at: float = None
    use: dict = field(default_factory=_NO_USE.copy)

    @property
    def is_valid(self):
        return self.deleted_at is None and clock.now() < self.expires_at

    def change(self, values):
        """:return: the Token as it is after a change

        :param values: dict of what was sent: scopes (as production calls them), name, ttl, limits
        """
        now = clock.now()
        changes = {key: values[key] for key in ('scopes', 'name', 'limits') if key in values}
        if 'ttl' in values:
            changes['expires_at'] = now + _read_ttl(values['ttl'])
        return replace(self, updated_at=now, **changes)

    def renew(self, values):
        """:return: the Token that takes the place of this one, with the same scopes; it lives as long as this one did

        :param values: as for `change`
        """
        life = self.expires_at - self.created_at
        kept = {'scopes': self.scopes, 'name': self.name, 'limits': self.limits, 'ttl': life}
        return new_token(self.account, self.is_test, {**kept, **values})

    def find_limit(self, ip):
        """:return: key of the limit that stops a request which comes from an address, or None"""
        if self.limits.get('ip') and ip not in self.limits['ip']:
            return 'ip'
        return 'totalRequests' if self.use['totalRequests'] >= self.limits.get(
            'totalRequests', float('inf')) else None

    def find_wallet_limit(self, cents):
        """:return: key of the limit that stops a call of so many cents, or None"""
        if self.use['walletRequests'] >= self.limits.get('walletRequests', float('inf')):
            return 'walletRequests'
        spent = round(100 * self.use['walletAmount']) + cents
        return 'walletAmount' if spent > 100 * self.limits.get('walletAmount', float('inf')) else None

    def note_request(self, ip, is_error):
        """:return: the Token after one more request"""
        counts = {
            'totalRequests': self.use['totalRequests'] + 1, 'errorRequests': self.use['errorRequests'] + int(is_error),
            'ip': sorted({*self.use['ip'], ip})}
        return replace(self, use={**self.use, **counts})

    def note_payment(self, cents):
        """:return: the Token after one more paid call"""
        amount = round(self.use['walletAmount'] + cents / 100, 2)
        return replace(
            self, use={**self.use, 'walletRequests': self.use['walletRequests'] + 1, 'walletAmount': amount})

    def describe(self, write_time):
        """:return: dict, the token as the API shows it

        :param write_time: function (seconds since 1970) -> text
        """
        return {
            'token': self.id,
            'name': self.name,
            'createdAt': write_time(self.created_at),
            'expireAt': write_time(self.expires_at),
            'updatedAt': write_time(self.updated_at),
            'scopes': [write_scope(scope, self.is_test) for scope in self.scopes],
            'refreshToken': self.refresh,
            'limits': self.limits,
            'stats': self.use,
        }


def new_token(account, is_test, values):
    """Make a token.

    :param values: as for `Token.change`
    :rtype: Token
    """
    now = clock.now()
    return Token(
        new_id(now), new_id(now), account, is_test, values.get('name', ''), values['scopes'], values.get('limits', {}),
        now, now, now + _read_ttl(values.get('ttl', 0)))


def _read_ttl(seconds):
    """:return: a life in seconds; what is longer than a year is taken for one, which is documented nowhere"""
    return min(seconds, YEAR) if seconds > 0 else MONTH


SCHEMA = """
CREATE TABLE IF NOT EXISTS token (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    refresh TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    is_test INTEGER NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,       -- JSON list
    limits TEXT NOT NULL,       -- JSON object
    created_at REAL NOT NULL,   -- seconds since 1970
    updated_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    deleted_at REAL,            -- kept, so that a test can see when
    use TEXT NOT NULL           -- JSON object
);
"""
_COLUMNS = ('id', 'refresh', 'account', 'is_test', 'name', 'scopes', 'limits', 'created_at', 'updated_at',
            'expires_at', 'deleted_at', 'use')
_JSON = ('scopes', 'limits', 'use')


class Tokens:
    """The table of tokens."""

    def __init__(self, db):
        """:param db: sqlite3.Connection"""
        self._db = db

    def add(self, token):
        self._db.execute(
            f'INSERT INTO token ({", ".join(_COLUMNS)}) VALUES ({", ".join("?" * len(_COLUMNS))})', _to_row(token))

    def save(self, token):
        """Write back a token that has changed."""
        assignments = ', '.join(f'{column} = ?' for column in _COLUMNS)
        self._db.execute(f'UPDATE token SET {assignments} WHERE id = ?', (*_to_row(token), token.id))

    def delete(self, token):
        self.save(replace(token, deleted_at=clock.now()))

    def find(self, **values):
        """:return: the valid Token with the given values of columns, or None"""
        return next((token for token in self._read(values) if token.is_valid), None)

    def get_all(self, **values):
        """:return: list of Token with the given values of columns, newest first, invalid ones too"""
        return list(self._read(values))

    def _read(self, values):
        where = ' AND '.join(f'{column} = ?' for column in values) or '1'
        rows = self._db.execute(
            f'SELECT {", ".join(_COLUMNS)} FROM token WHERE {where} ORDER BY seq DESC', tuple(values.values()))
        return (
            Token(**{column: json.loads(value) if column in _JSON else value
                     for column, value in zip(_COLUMNS, row, strict=True)}) for row in rows.fetchall())


def _to_row(token):
    return tuple(
        json.dumps(getattr(token, column)) if column in _JSON else getattr(token, column) for column in _COLUMNS)

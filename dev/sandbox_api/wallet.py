"""What went into the wallets of the accounts, and out of them."""
import itertools

from . import clock
from .record import new_id

RECHARGE = 'Wallet recharge'
DAY = 86400  # seconds

SCHEMA = """
CREATE TABLE IF NOT EXISTS wallet_transaction (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    cents INTEGER NOT NULL,
    description TEXT NOT NULL,
    at REAL NOT NULL            -- seconds since 1970
);
CREATE INDEX IF NOT EXISTS wallet_transaction_account ON wallet_transaction (account, seq);
"""


class Transactions:
    """The table of transactions; those of an account are its wallet, altogether."""

    def __init__(self, db):
        """:param db: sqlite3.Connection"""
        self._db = db

    def add(self, account, cents, description):
        """Note what came in, or went out with a minus."""
        now = clock.now()
        self._db.execute(
            'INSERT INTO wallet_transaction (id, account, cents, description, at) VALUES (?, ?, ?, ?, ?)',
            (f'txn_{new_id(now)}', account, cents, description, now))

    def get_all(self, account):
        """:return: list of (id, cents, description, at), newest first"""
        return self._db.execute(
            'SELECT id, cents, description, at FROM wallet_transaction WHERE account = ? ORDER BY seq DESC',
            (account,)).fetchall()

    def get_sums(self, account):
        """:return: the same, with what went out summed up by day and description; a sum has the time of its last part
        """
        sums = []
        rows = [(row, index) for index, row in enumerate(self.get_all(account))]
        for _key, group in itertools.groupby(sorted(rows, key=_get_key), _get_key):
            parts = list(group)
            (_id, _cents, description, at), index = parts[0]
            first_id = parts[-1][0][0]
            sums.append((index, (first_id, sum(row[1] for row, _index in parts), description, at)))
        return [row for _index, row in sorted(sums)]


def _get_key(numbered):
    """:return: what is the same of all that is summed up; what came in stays by itself"""
    (row_id, cents, description, at), _index = numbered
    return (int(at // DAY), description, '' if cents < 0 else row_id)

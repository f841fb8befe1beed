"""All that must survive a restart: filings, wallets, and how often each operation took effect."""
import json
import sqlite3

from .accounts import get_owner
from .filing import Filing

_SCHEMA = """
CREATE TABLE IF NOT EXISTS filing (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    casella_pec TEXT NOT NULL,  -- beside its place in fields, so that the list reads no JSON
    fields TEXT NOT NULL,       -- JSON object
    stato TEXT NOT NULL,
    changed_at REAL NOT NULL,   -- seconds since 1970
    documents TEXT NOT NULL     -- JSON list
);
CREATE INDEX IF NOT EXISTS filing_account ON filing (account, seq);
CREATE INDEX IF NOT EXISTS filing_stato ON filing (stato, changed_at);
CREATE TABLE IF NOT EXISTS wallet (account TEXT PRIMARY KEY, cents INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS executed (operation TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID;
"""
_FILING = 'SELECT id, account, fields, stato, changed_at, documents FROM filing'


class Store:
    """SQLite, in memory or in a file. Writers wrap what belongs together in ``with store.transaction():``."""

    def __init__(self, path=':memory:'):
        """:param path: file, made when missing; its folder must exist"""
        self._db = sqlite3.connect(path)
        # A commit then costs one append, and survives the death of the process, if not of the machine.
        self._db.execute('PRAGMA journal_mode = WAL')
        self._db.execute('PRAGMA synchronous = NORMAL')
        self._db.executescript(_SCHEMA)

    def close(self):
        self._db.close()

    def transaction(self):
        """:return: a context that commits at its end, or rolls back on an exception; not to be nested"""
        return self._db

    def clear(self):
        """Forget everything."""
        for table in ('filing', 'wallet', 'executed'):
            self._db.execute(f'DELETE FROM {table}')

    # Filings

    def add(self, filings):
        """:param filings: iterable of Filing, with new ids"""
        self._db.executemany(
            'INSERT INTO filing (id, account, casella_pec, fields, stato, changed_at, documents) '
            'VALUES (?, ?, ?, ?, ?, ?, ?)',
            ((filing.id, filing.account, str(filing.fields['casella_pec']), json.dumps(filing.fields), filing.stato,
              filing.changed_at, json.dumps(filing.documents)) for filing in filings))

    def save(self, filing):
        """Write back what changes in the life of a filing."""
        self._db.execute(
            'UPDATE filing SET stato = ?, changed_at = ?, documents = ? WHERE id = ?',
            (filing.stato, filing.changed_at, json.dumps(filing.documents), filing.id))

    def delete(self, filing_id):
        """:return: whether there was one"""
        return self._db.execute('DELETE FROM filing WHERE id = ?', (filing_id,)).rowcount > 0

    def get(self, filing_id):
        """:return: a Filing or None"""
        return next(self._read(' WHERE id = ?', filing_id), None)

    def get_all(self):
        """:return: list of Filing, newest first"""
        return list(self._read(' ORDER BY seq DESC'))

    def get_due(self, stato, before):
        """:return: list of Filing in this stato since the given time (seconds since 1970) or longer"""
        return list(self._read(' WHERE stato = ? AND changed_at <= ? ORDER BY seq', stato, before))

    def get_summaries(self, account):
        """:return: list of dict, what the API's list shows of an account's filings, newest first"""
        owner = get_owner(account)
        rows = self._db.execute(
            'SELECT id, casella_pec, stato, changed_at FROM filing WHERE account = ? ORDER BY seq DESC', (account,))
        return [
            {'id': filing_id, 'casella_pec': casella_pec, 'stato': stato, 'timestamp': int(changed_at), 'owner': owner}
            for filing_id, casella_pec, stato, changed_at in rows
        ]

    def count(self):
        """:return: number of filings of all accounts"""
        return self._db.execute('SELECT COUNT(*) FROM filing').fetchone()[0]

    def _read(self, where, *values):
        for filing_id, account, fields, stato, changed_at, documents in self._db.execute(_FILING + where, values):
            yield Filing(filing_id, account, json.loads(fields), stato, changed_at, json.loads(documents))

    # Wallets, in cents

    def get_wallets(self):
        """:return: dict of account -> cents"""
        return dict(self._db.execute('SELECT account, cents FROM wallet ORDER BY account'))

    def get_cents(self, account):
        """:return: cents, or None for an account that has no wallet yet"""
        row = self._db.execute('SELECT cents FROM wallet WHERE account = ?', (account,)).fetchone()
        return row and row[0]

    def set_cents(self, account, cents):
        self._db.execute('INSERT OR REPLACE INTO wallet (account, cents) VALUES (?, ?)', (account, cents))

    # Counters

    def count_executed(self, operation):
        """Note that an operation took effect once more."""
        self._db.execute('INSERT OR IGNORE INTO executed (operation, times) VALUES (?, 0)', (operation,))
        self._db.execute('UPDATE executed SET times = times + 1 WHERE operation = ?', (operation,))

    def get_executed(self):
        """:return: dict of operation -> times"""
        return dict(self._db.execute('SELECT operation, times FROM executed ORDER BY operation'))

"""All that must survive a restart: records of each kind, companies, wallets, tokens, counts of what took effect."""
import json
import sqlite3

from . import tokens, wallet
from .accounts import get_owner
from .const import DEAD, TIMESTAMPS
from .filing import Filing
from .mailbox import Mailbox
from .signature import Certificate, Signature

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
CREATE TABLE IF NOT EXISTS mailbox (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    fields TEXT NOT NULL,       -- JSON object
    stato TEXT NOT NULL,
    changed_at REAL NOT NULL,   -- seconds since 1970
    documents TEXT NOT NULL,    -- JSON object
    -- These three beside their place in fields, so that the list reads no JSON.
    casella_pec TEXT NOT NULL,
    tipo_casella TEXT NOT NULL,
    data_scadenza TEXT NOT NULL,
    -- The timestamp, in seconds since 1970.
    registrazione INTEGER,
    ultima_modifica INTEGER,
    evasione INTEGER,
    scadenza INTEGER,
    revoca INTEGER
);
CREATE INDEX IF NOT EXISTS mailbox_account ON mailbox (account, seq);
CREATE INDEX IF NOT EXISTS mailbox_stato ON mailbox (stato, changed_at);
CREATE INDEX IF NOT EXISTS mailbox_casella_pec ON mailbox (casella_pec);
CREATE TABLE IF NOT EXISTS signature (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    fields TEXT NOT NULL,       -- JSON object
    stato TEXT NOT NULL,
    changed_at REAL NOT NULL,   -- seconds since 1970
    signed BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS signature_stato ON signature (stato, changed_at);
CREATE TABLE IF NOT EXISTS certificate (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    fields TEXT NOT NULL,       -- JSON object
    stato TEXT NOT NULL,
    changed_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS wallet (account TEXT PRIMARY KEY, cents INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS company (
    id TEXT PRIMARY KEY,
    tax_code TEXT NOT NULL UNIQUE,
    vat_code TEXT NOT NULL,
    pec TEXT NOT NULL,          -- lower case, or empty
    fields TEXT NOT NULL        -- JSON object
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS company_vat_code ON company (vat_code);
CREATE INDEX IF NOT EXISTS company_pec ON company (pec);
CREATE TABLE IF NOT EXISTS request (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    code TEXT NOT NULL,
    ready_at REAL NOT NULL      -- seconds since 1970
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS free_look (
    account TEXT NOT NULL,
    operation TEXT NOT NULL,
    month TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (account, operation, month)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS executed (operation TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID;
"""


class _Records:
    """The table of one kind of Record."""
    name = ''
    columns = ()  # beginning with the id

    def __init__(self, db):
        """:param db: sqlite3.Connection"""
        self._db = db
        self._select = f'SELECT {", ".join(self.columns)} FROM {self.name}'

    def add(self, records):
        """:param records: iterable of Record, with new ids"""
        self._db.executemany(
            f'INSERT INTO {self.name} ({", ".join(self.columns)}) VALUES ({", ".join("?" * len(self.columns))})',
            map(self._to_row, records))

    def save(self, record):
        """Write back a record that has changed."""
        assignments = ', '.join(f'{column} = ?' for column in self.columns)
        self._db.execute(f'UPDATE {self.name} SET {assignments} WHERE id = ?', (*self._to_row(record), record.id))

    def delete(self, record_id):
        """:return: whether there was one"""
        return self._db.execute(f'DELETE FROM {self.name} WHERE id = ?', (record_id,)).rowcount > 0

    def get(self, record_id):
        """:return: a Record or None"""
        return next(self._read(' WHERE id = ?', record_id), None)

    def get_all(self):
        """:return: list of Record, newest first"""
        return list(self._read(' ORDER BY seq DESC'))

    def get_due(self, stato, before):
        """:return: list of Record in this stato since the given time (seconds since 1970) or longer"""
        return list(self._read(' WHERE stato = ? AND changed_at <= ? ORDER BY seq', stato, before))

    def count(self):
        """:return: number of records of all accounts"""
        return self._db.execute(f'SELECT COUNT(*) FROM {self.name}').fetchone()[0]

    def _read(self, where, *values):
        return map(self._from_row, self._db.execute(self._select + where, values))


class _Filings(_Records):
    name = 'filing'
    columns = ('id', 'account', 'casella_pec', 'fields', 'stato', 'changed_at', 'documents')

    def get_summaries(self, account):
        """:return: list of dict, what the API's list shows of an account's filings, newest first"""
        owner = get_owner(account)
        rows = self._db.execute(
            'SELECT id, casella_pec, stato, changed_at FROM filing WHERE account = ? ORDER BY seq DESC', (account,))
        return [
            {'id': filing_id, 'casella_pec': casella_pec, 'stato': stato, 'timestamp': int(changed_at), 'owner': owner}
            for filing_id, casella_pec, stato, changed_at in rows
        ]

    def _to_row(self, filing):
        return (filing.id, filing.account, str(filing.fields['casella_pec']), json.dumps(filing.fields), filing.stato,
                filing.changed_at, json.dumps(filing.documents))

    def _from_row(self, row):
        filing_id, account, _casella_pec, fields, stato, changed_at, documents = row
        return Filing(filing_id, account, json.loads(fields), stato, changed_at, json.loads(documents))


class _Mailboxes(_Records):
    name = 'mailbox'
    columns = (
        'id', 'account', 'fields', 'stato', 'changed_at', 'documents', 'casella_pec', 'tipo_casella', 'data_scadenza',
        *TIMESTAMPS)

    def get_summaries(self, account):
        """:return: list of dict, what the API's list shows of an account's mailboxes, newest first"""
        owner = get_owner(account)
        rows = self._db.execute(
            f'SELECT id, casella_pec, tipo_casella, stato, data_scadenza, {", ".join(TIMESTAMPS)} '
            'FROM mailbox WHERE account = ? ORDER BY seq DESC', (account,))
        return [
            {'id': mailbox_id, 'casella_pec': casella_pec, 'tipo_casella': tipo_casella, 'stato': stato,
             'data_scadenza': data_scadenza, 'timestamp': _make_timestamp(times), 'owner': owner}
            for mailbox_id, casella_pec, tipo_casella, stato, data_scadenza, *times in rows
        ]

    def is_taken(self, address):
        """:return: whether somebody has a mailbox with this address, which must be in lower case"""
        places = ', '.join('?' * len(DEAD))
        found = self._db.execute(
            f'SELECT 1 FROM mailbox WHERE casella_pec = ? AND stato NOT IN ({places}) LIMIT 1', (address, *DEAD))
        return found.fetchone() is not None

    def _to_row(self, mailbox):
        return (mailbox.id, mailbox.account, json.dumps(mailbox.fields), mailbox.stato, mailbox.changed_at,
                json.dumps(mailbox.documents),
                *(mailbox.fields[field] for field in ('casella_pec', 'tipo_casella', 'data_scadenza')),
                *map(mailbox.timestamp.get, TIMESTAMPS))

    def _from_row(self, row):
        mailbox_id, account, fields, stato, changed_at, documents, *found_by = row
        _casella_pec, _tipo_casella, _data_scadenza, *times = found_by
        return Mailbox(
            mailbox_id, account, json.loads(fields), stato, changed_at, _make_timestamp(times), json.loads(documents))


class _Signatures(_Records):
    name = 'signature'
    columns = ('id', 'account', 'fields', 'stato', 'changed_at', 'signed')

    def _to_row(self, signature):
        return (signature.id, signature.account, json.dumps(signature.fields), signature.stato, signature.changed_at,
                signature.signed)

    def _from_row(self, row):
        signature_id, account, fields, *others = row
        return Signature(signature_id, account, json.loads(fields), *others)


class _Certificates(_Records):
    name = 'certificate'
    columns = ('id', 'account', 'fields', 'stato', 'changed_at')

    def _to_row(self, certificate):
        return (certificate.id, certificate.account, json.dumps(certificate.fields), certificate.stato,
                certificate.changed_at)

    def _from_row(self, row):
        certificate_id, account, fields, *others = row
        return Certificate(certificate_id, account, json.loads(fields), *others)


def _make_timestamp(times):
    """:return: dict as in Mailbox.timestamp, from the values of its columns"""
    return {name: value for name, value in zip(TIMESTAMPS, times, strict=True) if value is not None}


class Store:
    """SQLite, in memory or in a file. Writers wrap what belongs together in ``with store.transaction():``.

    ``filings``, ``mailboxes``, ``signatures`` and ``certificates`` are the tables of the records, ``tokens`` and
    ``transactions`` those of the accounts.
    """

    def __init__(self, path=':memory:'):
        """:param path: file, made when missing; its folder must exist"""
        self._db = sqlite3.connect(path)
        # A commit then costs one append, and survives the death of the process, if not of the machine.
        self._db.execute('PRAGMA journal_mode = WAL')
        self._db.execute('PRAGMA synchronous = NORMAL')
        self._db.executescript(_SCHEMA + tokens.SCHEMA + wallet.SCHEMA)
        self.filings, self.mailboxes = _Filings(self._db), _Mailboxes(self._db)
        self.signatures, self.certificates = _Signatures(self._db), _Certificates(self._db)
        self.tokens, self.transactions = tokens.Tokens(self._db), wallet.Transactions(self._db)
        self._tables = {table.name: table for table in (
            self.filings, self.mailboxes, self.signatures, self.certificates)}

    def close(self):
        self._db.close()

    def transaction(self):
        """:return: a context that commits at its end, or rolls back on an exception; not to be nested"""
        return self._db

    def clear(self):
        """Forget everything."""
        for table in (*self._tables, 'company', 'request', 'free_look', 'wallet', 'executed', 'token',
                      'wallet_transaction'):
            self._db.execute(f'DELETE FROM {table}')

    def save(self, record):
        """Write back a record of any kind that has changed."""
        self._tables[record.kind].save(record)

    # The register, its answers to come, and what was free

    def keep_company(self, company):
        """Keep what the register tells of a company, in place of what it told before.

        :param company: dict, as ``companies`` makes it
        """
        self._db.execute(
            'INSERT OR REPLACE INTO company (id, tax_code, vat_code, pec, fields) VALUES (?, ?, ?, ?, ?)',
            (company['id'], company['taxCode'], company['vatCode'], (company['pec'] or '').lower(),
             json.dumps(company)))

    def get_companies(self, code=None, pec=None):
        """:return: list of the companies with a tax code, VAT number or id, or with a PEC; of all without either"""
        where, values = ' ORDER BY tax_code', ()
        if code is not None:
            where, values = ' WHERE tax_code = ? OR vat_code = ? OR id = ?', (code, code, code.lower())
        elif pec is not None:
            where, values = ' WHERE pec = ?', (pec.lower(),)
        return [json.loads(fields) for [fields] in self._db.execute(f'SELECT fields FROM company{where}', values)]

    def forget_company(self, code):
        """:return: whether there was one with this tax code"""
        return self._db.execute('DELETE FROM company WHERE tax_code = ?', (code,)).rowcount > 0

    def keep_request(self, request_id, account, code, ready_at):
        """Keep what is answered later: for whom, about which code, when (seconds since 1970)."""
        self._db.execute('INSERT INTO request VALUES (?, ?, ?, ?)', (request_id, account, code, ready_at))

    def get_request(self, request_id, account):
        """:return: (code, when it is answered) of a request of an account, or None"""
        return self._db.execute(
            'SELECT code, ready_at FROM request WHERE id = ? AND account = ?', (request_id, account)).fetchone()

    def take_free_look(self, account, operation, month, most):
        """:return: whether one more look-up of a month is free, which it then was"""
        key = (account, operation, month)
        self._db.execute('INSERT OR IGNORE INTO free_look VALUES (?, ?, ?, 0)', key)
        return self._db.execute(
            'UPDATE free_look SET times = times + 1 WHERE account = ? AND operation = ? AND month = ? AND times < ?',
            (*key, most)).rowcount > 0

    # Wallets, in cents

    def get_wallets(self):
        """:return: dict of account -> cents"""
        return dict(self._db.execute('SELECT account, cents FROM wallet ORDER BY account'))

    def get_cents(self, account):
        """:return: cents, or None for an account that has no wallet yet"""
        row = self._db.execute('SELECT cents FROM wallet WHERE account = ?', (account,)).fetchone()
        return row and row[0]

    def set_cents(self, account, cents, reason=wallet.RECHARGE):
        """Let an account have so many cents, and note the difference."""
        difference = cents - (self.get_cents(account) or 0)
        if difference:
            self.transactions.add(account, difference, reason)
        self._db.execute('INSERT OR REPLACE INTO wallet (account, cents) VALUES (?, ?)', (account, cents))

    # Counters

    def count_executed(self, operation):
        """Note that an operation took effect once more."""
        self._db.execute('INSERT OR IGNORE INTO executed (operation, times) VALUES (?, 0)', (operation,))
        self._db.execute('UPDATE executed SET times = times + 1 WHERE operation = ?', (operation,))

    def get_executed(self):
        """:return: dict of operation -> times"""
        return dict(self._db.execute('SELECT operation, times FROM executed ORDER BY operation'))

"""The books: what the service executed, beside what Odoo's records, journal and sentences say."""
import collections
import html

import psycopg2
import wallet

import serving
from people import DELIVERED
from plan import BUY, CREATE, DELIVER, PAID, RENEW

VERDICTS = ('called twice', 'lost', 'false', 'pending', 'stuck', 'untrue', 'charged')
TABLES = {'openapi_pec.communication': 'openapi_pec_communication', 'openapi_pec.mailbox': 'openapi_pec_mailbox'}
MAKING = {'create': CREATE, 'mailbox_create': BUY, 'documents': DELIVER, 'mailbox_renew': RENEW}
STATES = {'codice_in_richiesta': 'code_requested', 'in_attesa_di_documenti': 'awaiting_documents',
          'documenti_caricati': 'documents_uploaded', 'comunicazione_evasa': 'completed'}


def query(database, statement, *parameters):
    """Ask the database itself, in a transaction of its own."""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection.cursor() as cr:
            cr.execute(statement, parameters)
            return cr.fetchall() if cr.description else None
    finally:
        connection.commit()
        connection.close()


class Books:
    """What is compared, and what was found.

    :param callable is_done: whether a form shows what was wanted
    """

    def __init__(self, sandbox, database, wants, is_done):
        self.sandbox, self.database, self.wants, self.is_done = sandbox, database, wants, is_done
        self.found = {verdict: {} for verdict in VERDICTS}
        self.explained = []  # what explains charges that no line of the journal is certain about
        self.since = 0  # number of the request from which on the journal tells everything: after a dump came back

    def note(self, verdict, key, sentence):
        """Note something that must not be; once for each subject."""
        self.found[verdict].setdefault(key, sentence)

    def get_counts(self):
        """Return how many of each."""
        return {verdict: len(found) for verdict, found in self.found.items()}

    # ------------------------------------------------------------ while it goes on

    def check_sentences(self, look):
        """Check what forms and journal say of the money now.

        :param callable look: reads the forms
        :return: the forms, ``(filings, mailboxes)``
        """
        executed = self._get_executed(self.since)  # before the forms: what is executed later makes no sentence false
        filings, mailboxes = look()
        lines = self._get_lines()
        executed_by_now = self._get_executed(since=0)  # after the journal: what is executed later makes no line false
        for rows, model, address in (
                (filings, 'openapi_pec.communication', 'pec_email'), (mailboxes, 'openapi_pec.mailbox', 'address')):
            for row in rows:
                for operation in ('create', 'documents') if address == 'pec_email' else (
                        'mailbox_create', 'mailbox_renew'):
                    subject, own = (operation, row[address]), lines[model, row['id'], operation]
                    if own['accepted'] > executed_by_now[subject]:
                        self.note('false', ' '.join(subject), f"{own['accepted']} are said to be executed: "
                                                              f"{executed_by_now[subject]}")
                    self._check_row(row, row[address], operation, executed[subject], own)
        return filings, mailboxes

    def _get_lines(self):
        """Count the lines of the journal for each record and operation, by state.

        Those of calls that were not made are left out.
        """
        lines = collections.defaultdict(collections.Counter)
        for model, record, operation, state in query(
                self.database, "SELECT res_model, res_id, operation, state FROM openapi_pec_api_call WHERE message IS "
                "NULL OR state != 'accepted' OR message NOT LIKE 'Found at the service before the call%%'"):
            lines[model, record, operation][state] += 1
        return lines

    def _get_executed(self, since):
        """Return how many requests took effect, of each operation of the journal and address."""
        names = {name: operation for operation, name in MAKING.items()}
        calls = {(row['number'], row['operation'], row['casella_pec'].casefold()) for row in self.sandbox.executions()}
        return collections.Counter(
            (names[name], address) for number, name, address in calls if name in names and number > since)

    def _check_row(self, row, address, operation, executed, lines):
        paid, unknown = lines['accepted'], lines['pending'] + lines['never_arrived'] + lines['lost']
        key = f'{address} {operation}'
        if executed > paid + unknown:
            self.note('false', key, f'{executed} calls were executed, the journal knows {paid}, and {unknown} that may '
                                    f'be: {dict(lines)}')
            for name in ('error_message', 'waiting_sentence'):
                if wallet.says_nothing_spent(row[name]):
                    self.note('false', f'{key} {name}', row[name])
        if executed > paid and wallet.says_nothing_spent(row.get('progress_sentence')) and operation == 'create':
            self.note('false', f'{address} progress', f"{row['state']}: {row['progress_sentence']}")

    # ------------------------------------------------------------ in the end

    def close(self, look, shown):
        """Compare everything.

        :param set shown: identifiers at the service that a person was shown in a question
        """
        filings, mailboxes = self.check_sentences(look)
        self._count_calls()
        self._find_lost(shown)
        self._compare_wallet()
        for model, record, *line in query(self.database, """
                SELECT res_model, res_id, operation, started_at, looks, last_look_at, doubt, status, message
                  FROM openapi_pec_api_call WHERE state = 'pending'"""):
            state = query(
                self.database, f'SELECT * FROM {TABLES[model]} WHERE id = %s', record) if model in TABLES else ''
            self.note('pending', f'{model} {record}', f'{line} {state}')
        remote_filings = {row['id']: row for row in self.sandbox.filings()}
        remote_mailboxes = {row['id']: row for row in self.sandbox.mailboxes()}
        for row in filings + mailboxes:
            if not self.is_done(row):
                self.note('stuck', row['display_name'], {key: value for key, value in row.items() if value})
        for row in filings:
            self._check_filing(row, remote_filings.get(plain_id(row['remote_id'])))
        for row in mailboxes:
            self._check_mailbox(row, remote_mailboxes.get(plain_id(row['remote_id'])))

    def _count_calls(self):
        numbers = collections.defaultdict(set)
        for row in self.sandbox.executions():
            if row['operation'] in MAKING.values():
                numbers[row['operation'], row['casella_pec'].casefold()].add(row['number'])
        for (operation, address), own in numbers.items():
            if len(own) > 1:
                self.note(
                    'called twice', f'{operation} {address}', f'requests {sorted(own)}, {self._get_story(address)}')

    def _get_story(self, address):
        """Return what the journal tells of the calls about an address, oldest first."""
        return query(self.database, """
            SELECT line.operation, line.state, line.started_at, line.ended_at, line.looked_at, line.last_believed_at,
                   line.looks, line.status, line.message
              FROM openapi_pec_api_call line
              LEFT JOIN openapi_pec_communication filing
                     ON line.res_model = 'openapi_pec.communication' AND filing.id = line.res_id
              LEFT JOIN openapi_pec_mailbox mailbox
                     ON line.res_model = 'openapi_pec.mailbox' AND mailbox.id = line.res_id
             WHERE lower(COALESCE(filing.pec_email, mailbox.address)) = %s ORDER BY line.id""", address)

    def _find_lost(self, shown):
        """Find what the service made of our calls and no record is, unless some person was notified of it."""
        said = ' '.join(html.unescape(text or '') for [text] in query(self.database, """
            SELECT body FROM mail_message WHERE model IN ('openapi_pec.communication', 'openapi_pec.mailbox')
             UNION ALL SELECT summary FROM mail_activity
                        WHERE res_model IN ('openapi_pec.communication', 'openapi_pec.mailbox')"""))
        said += ' '.join(map(str, shown))
        own = {plain_id(remote) for table in TABLES.values() for [remote] in query(
            self.database, f'SELECT remote_id FROM {table} WHERE remote_id IS NOT NULL')}
        for row in self.sandbox.executions():
            is_said = row['id'] in said or str(int(row['id'], 16)) in said
            if row['operation'] in (CREATE, BUY) and row['id'] not in own and not is_said:
                self.note(
                    'lost', row['id'],
                    f"{row['operation']} {row['casella_pec']}: made by us, no record is it, nobody was notified")

    def _compare_wallet(self):
        """Compare what the wallet was charged with and what the journal says that was paid.

        What was executed before a dump came back, the journal may have lost; what the service executed twice, it has
        charged twice.
        """
        lines = query(self.database, """
            SELECT operation || ' ' || id, CASE WHEN may_be_free THEN 'lost' ELSE state END,
                   message IS NOT NULL AND message LIKE 'Found at the service before the call%%',
                   CASE WHEN is_price_known THEN round(100 * price)::int END
              FROM openapi_pec_api_call WHERE operation != 'documents'""")
        seen, others = set(), []
        for row in self.sandbox.executions():
            name = f"{row['operation']} {row['casella_pec']}, request {row['number']}"
            is_explained = row['number'] <= self.since or row['number'] in seen
            if is_explained and row['operation'] in PAID and row['operation'] != DELIVER:
                others.append(name)
            seen.add(row['number'])
        charges = wallet.read_charges(self.sandbox.oauth_url, (serving.EMAIL, serving.KEY))
        wrong, self.explained = wallet.compare(charges, lines, others)
        for cents, sentence in wrong.items():
            self.note('charged', f'EUR {cents / 100:.2f}', sentence)

    def _check_filing(self, row, remote):
        if not row['remote_id']:
            return
        if not remote or remote['casella_pec'] != row['pec_email']:
            self.note('untrue', row['display_name'], f"{row['remote_id']} is {remote and remote['casella_pec']}")
        elif STATES.get(remote['stato']) != row['state'] and row['state'] not in ('queued', 'unconfirmed'):
            self.note('untrue', row['display_name'], f"{row['state']}, at the service {remote['stato']}")
        elif row['state'] in DELIVERED and not remote['documents']:
            self.note('untrue', row['display_name'], 'documents delivered, the service has none')

    def _check_mailbox(self, row, remote):
        if not row['remote_id']:
            return
        if not remote or remote['casella_pec'] != row['address']:
            self.note('untrue', row['display_name'], f"{row['remote_id']} is {remote and remote['casella_pec']}")
        elif row['id'] in self.wants:
            expiry = '-'.join(reversed(remote['data_scadenza'].split('/')))
            if str(row['expires_on']) != expiry:
                self.note('untrue', row['display_name'], f"expires on {row['expires_on']}, at the service {expiry}")


def plain_id(remote_id):
    """An identifier as the sandbox keeps it, which it may tell as a number."""
    return f'{int(remote_id):024x}' if remote_id and remote_id.isdigit() and 24 < len(remote_id) < 32 else remote_id

"""What one filing takes, from the draft to its end: processor time, requests, rows and bytes. In an `odoo shell`."""
import base64
import collections
import os
import time
from contextlib import contextmanager
from pathlib import Path

import requests
from stdnum import luhn

import p7m_files
import serving

COUNT, FEW = 300, 30
CHATTER = ('mail_',)
GROUPS = {
    'filings': ('openapi_pec_communication',), 'journal of calls': ('openapi_pec_api_call',),
    'chatter and activities': CHATTER, 'attachments (without the files)': ('ir_attachment',),
}
TICKS = os.sysconf('SC_CLK_TCK')


class Life:
    """Filings of as many companies, who live through a year of them.

    :param env: Odoo's environment, as superuser
    :param str url: the sandbox API
    """

    def __init__(self, env, url):
        self.env, self.url = env, url
        self.filings = env['openapi_pec.communication'].browse()

    def control(self, method, path, body=None):
        """Ask the sandbox's control endpoints."""
        return serving.control(self.url, method, path, body)

    def get_requests(self):
        """Return what the service was asked, and how often (Counter)."""
        return collections.Counter(self.control('GET', 'stats')['requests'])

    def _get_database_cpu(self):
        """Return the processor seconds of the database's sessions so far."""
        self.env.cr.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        total = 0
        for [pid] in self.env.cr.fetchall():
            fields = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
        self.env.cr.commit()
        return total

    @contextmanager
    def measured(self, count):
        """Measure what is done in the block: seconds of Odoo, of the database, and of the clock, of each of `count`."""
        self.env.invalidate_all()
        spent = {}
        database, odoo, clock = self._get_database_cpu(), time.process_time(), time.perf_counter()
        yield spent
        spent['clock'] = (time.perf_counter() - clock) / count
        spent['odoo'] = (time.process_time() - odoo) / count
        spent['database'] = (self._get_database_cpu() - database) / count

    def get_sizes(self):
        """Return the bytes of the tables, with their indexes: ``{group: bytes}``."""
        self.env.cr.execute("""
            SELECT relname, pg_total_relation_size(oid) FROM pg_class
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace""")
        sizes = collections.Counter()
        for table, size in self.env.cr.fetchall():
            sizes[next((group for group, names in GROUPS.items() if table.startswith(names)), 'others')] += size
        self.env.cr.execute("SELECT count(*) FROM mail_message")
        [messages] = self.env.cr.fetchone()
        self.env.cr.execute("SELECT pg_current_wal_lsn() - '0/0'")
        [written] = self.env.cr.fetchone()
        self.env.cr.commit()
        return sizes, messages, int(written)

    def create(self, count):
        """Make drafts of so many more companies, queued at once."""
        env, start = self.env, len(self.filings)
        companies = env['res.partner'].create([{
            'name': f'Impresa {number} S.r.l.', 'is_company': True, 'city': "Roma",
            'country_id': env.ref('base.it').id, 'state_id': env.ref('base.state_it_rm').id,
            'l10n_it_codice_fiscale': get_code(number), 'openapi_pec_email': f'impresa{number}@legalmail.it',
        } for number in range(start, start + count)])
        env['res.partner'].create([{
            'name': "Mario Rossi", 'parent_id': company.id, 'email': 'mario@example.com', 'phone': '3401234518',
            'l10n_it_codice_fiscale': 'RSSMRA80A01H501U',
        } for company in companies])
        filings = env['openapi_pec.communication'].create([{'partner_id': company.id} for company in companies])
        env.cr.commit()
        self.filings += filings
        return filings

    def submit(self, filings):
        """Submit them, and have them called."""
        filings.action_submit()
        self.env.cr.commit()
        filings._dispatch(8)
        self.check(filings, 'code_requested')

    def synchronize(self):
        """Run the scheduled job."""
        self.env['openapi_pec.communication']._cron_synchronize()

    def set_stato(self, stato, state):
        """Bring all to a state at the service, and read it."""
        self.control('PATCH', 'filings', {'ids': 'all', 'stato': stato})
        self.synchronize()
        self.check(self.filings, state)

    def check(self, filings, state):
        """Raise when some filing is not in a state."""
        filings.invalidate_recordset()
        if set(filings.mapped('state')) != {state}:
            raise ValueError(f'Not all are {state}: {collections.Counter(filings.mapped("state"))}')

    def sign(self):
        """Upload what was signed, for each."""
        signer = p7m_files.identity()
        for filing in self.filings:
            filing.write({
                'signed_procura_file': base64.b64encode(p7m_files.sign(signer, filing.procura_id.raw)),
                'signed_procura_filename': 'procura.pdf.p7m'})
        self.env.cr.commit()

    def deliver(self):
        """Send what was signed."""
        self.filings.action_send_documents()
        self.env.cr.commit()
        self.filings._dispatch(8)
        self.check(self.filings, 'documents_uploaded')


def get_code(number):
    """Return the valid code of a company in Rome that does not exist."""
    digits = f'{9000000 + number}058'
    return digits + luhn.calc_check_digit(digits)


def measure(env, url):
    """Return what was measured (dict): seconds, requests, messages and bytes of one filing; seconds of lists."""
    life = Life(env, url)
    life.control('POST', 'settings', {'credit': 1_000_000})
    life.submit(life.create(FEW))
    life.synchronize()  # the first one fills caches
    with life.measured(1) as few:
        life.synchronize()
    (sizes, messages, written), asked = life.get_sizes(), life.get_requests()
    count, steps = COUNT - FEW, {}
    with life.measured(count) as steps['drafts made and checked']:
        filings = life.create(count)
    with life.measured(count) as steps['submitted and called']:
        life.submit(filings)
    with life.measured(1) as many:
        life.synchronize()
    with life.measured(COUNT) as steps['power of attorney fetched']:
        life.set_stato('in_attesa_di_documenti', 'awaiting_documents')
        while not all(filing.procura_id for filing in life.filings):
            life.synchronize()
            life.filings.invalidate_recordset()
    with life.measured(COUNT) as steps['signed file uploaded and judged']:
        life.sign()
    with life.measured(COUNT) as steps['documents delivered']:
        life.deliver()
    with life.measured(COUNT) as steps['completed']:
        life.set_stato('comunicazione_evasa', 'completed')
    (sizes_after, messages_after, written_after) = life.get_sizes()
    return {
        'count': COUNT, 'steps': steps,
        'list': {
            'row': {key: max(0, many[key] - few[key]) / count for key in few},
            'account': {key: max(0, few[key] - FEW * max(0, many[key] - few[key]) / count) for key in few}},
        'requests': {name: number / COUNT for name, number in (life.get_requests() - asked).items()},
        'bytes': {group: (size - sizes[group]) / count for group, size in sizes_after.items()},
        'messages': (messages_after - messages) / count,
        'written': (written_after - written) / count,
        'row_bytes': len(requests.get(
            f'{url}/comunica_pec', headers={'Authorization': 'Bearer sandbox-token'}, timeout=60).content) / COUNT,
    }

"""Keeping many filings of one account in step: how many queries and requests, and how long beside the obvious way."""
import time
from contextlib import contextmanager

import serving
from table import row

COUNTS = (1_000, 10_000)
SAMPLE = 50  # filings read one by one, to know what reading all of them that way would take


class Account:
    """An account of the sandbox whose filings are all in Odoo.

    :param env: Odoo's environment, as superuser.
    :param str url: the sandbox API.
    """

    def __init__(self, env, url):
        self.env, self.url = env, url
        self.filings = env['openapi_pec.communication'].browse()

    def control(self, method, path, body=None):
        """Ask the sandbox's control endpoints."""
        return serving.control(self.url, method, path, body)

    def grow(self, count):
        """Have so many filings, at the service and in Odoo."""
        missing = count - len(self.filings)
        ids = self.control('POST', 'filings', {'count': missing})
        partner = self.env.ref('l10n_it_openapi_pec.demo_company')
        self.filings += self.env['openapi_pec.communication'].create([{
            'partner_id': partner.id, 'pec_email': f'{remote_id}@pec.example', 'state': 'code_requested',
            'environment': 'sandbox', 'remote_id': remote_id, 'remote_state': 'codice_in_richiesta',
            'submitted_at': '2026-11-23 09:00:00',
        } for remote_id in ids])
        self.env.cr.commit()

    def requested(self):
        """Return how many requests the service has had."""
        return sum(self.control('GET', 'stats')['requests'].values())

    @contextmanager
    def measured(self):
        """Measure what is done in the block: seconds, queries and requests, in the dict it is given."""
        self.env.invalidate_all()
        spent = {}
        requested, queries, started = self.requested(), self.env.cr.sql_log_count, time.perf_counter()
        yield spent
        spent['seconds'] = time.perf_counter() - started
        spent['queries'] = self.env.cr.sql_log_count - queries
        spent['requests'] = self.requested() - requested

    def synchronize(self):
        """Run the scheduled job; return what it took."""
        with self.measured() as spent:
            self.env['openapi_pec.communication']._cron_synchronize()
        return spent


def measure(env, url):
    """Yield the rows of this benchmark."""
    account = Account(env, url)
    queries = {}
    for count in COUNTS:
        account.grow(count)
        account.synchronize()  # the first one fills caches
        idle = account.synchronize()
        queries[count] = idle['queries']
        yield row(f'{count:,} filings, nothing changed: requests', idle['requests'], 'requests', 1)
        yield row(f'{count:,} filings, nothing changed: queries', idle['queries'], 'queries')
        with account.measured() as naive:
            client = env.company._openapi_pec_client()
            for filing in account.filings[:SAMPLE]:
                client.get_filing(filing.remote_id)
        yield row(f'{count:,} filings, nothing changed: time beside reading each',
                  idle['seconds'] / (naive['seconds'] / SAMPLE * count), 'of its time', 0.2)
        # Back and forth between two states that ask for no download.
        account.control('PATCH', 'filings', {'ids': 'all', 'stato': 'documenti_caricati'})
        busy = account.synchronize()
        assert set(account.filings.mapped('state')) == {'documents_uploaded'}
        yield row(f'{count:,} filings, all changed: requests', busy['requests'], 'requests', 1)
        yield row(f'{count:,} filings, all changed: queries', busy['queries'] / count, 'queries per filing', 0.1)
        yield row(f'{count:,} filings, all changed: time', busy['seconds'] / idle['seconds'], 'times nothing changed')
        account.control('PATCH', 'filings', {'ids': 'all', 'stato': 'codice_in_richiesta'})
        account.filings.write({'state': 'code_requested', 'remote_state': 'codice_in_richiesta'})
        env.cr.commit()
    small, large = COUNTS
    yield row(
        f'nothing changed: queries for {large:,} more than for {small:,}', queries[large] - queries[small], 'queries',
        0)

"""Making the calls of many queued filings: several at a time beside one at a time, at a service that takes its time."""
import collections
import time

import population
from measuring import compare, result

import serving

COUNT = 400  # filings dispatched several at a time
SAMPLE = 60  # filings dispatched one at a time, to know what all of them would take that way
LATENCY = 0.2  # seconds until the service answers
PARALLEL = 8
ROUNDS = 3


class Queue:
    """Filings that wait for their calls, each of another company.

    :param env: Odoo's environment, as superuser.
    :param str url: the sandbox API.
    """

    def __init__(self, env, url):
        self.env, self.url, self.made = env, url, 0

    def control(self, path, **body):
        """Set up the sandbox."""
        serving.control(self.url, 'POST', path, body)

    def count_lists(self):
        """Return how often the account's list was read."""
        return serving.control(self.url, 'GET', 'stats')['requests'].get('GET /comunica_pec', 0)

    def dispatch(self, count, parallel):
        """Have so many filings wait, and dispatch them; return the seconds of each."""
        companies, _people = population.make_companies(self.env, self.made, count)
        self.made += count
        filings = self.env['openapi_pec.communication'].create(
            [{'partner_id': company.id} for company in companies])
        filings.write({'state': 'queued', 'environment': 'sandbox'})
        self.env.cr.commit()
        started = time.perf_counter()
        filings._dispatch(parallel)
        spent = time.perf_counter() - started
        filings.invalidate_recordset()
        if set(filings.mapped('state')) != {'code_requested'} or len(set(filings.mapped('remote_id'))) != count:
            states = collections.Counter(filings.mapped(lambda filing: (filing.state, filing.error_message)))
            raise ValueError(f"Not each filing was executed once: {states}")
        return spent / count


def measure(env, url, _is_full):
    """Yield the figures of this benchmark."""
    queue = Queue(env, url)
    queue.control('settings', credit=1_000_000)
    queue.control('faults', operation='POST /comunica_pec', fault='delay_before', seconds=LATENCY, times=-1)
    queue.dispatch(2 * PARALLEL, PARALLEL)  # the first ones fill caches
    before = queue.count_lists()
    queue.dispatch(COUNT, PARALLEL)
    yield result('looks', value=queue.count_lists() - before)
    yield result('dispatch', compare(
        lambda: queue.dispatch(COUNT, PARALLEL), lambda: queue.dispatch(SAMPLE, 1), ROUNDS, is_warm=True),
        is_faster=True)

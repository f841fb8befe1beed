"""Making the calls of many queued filings: several at a time beside one at a time, at a service that takes its time."""
import collections
import time

import serving
from table import row

COUNT = 400  # filings dispatched several at a time
SAMPLE = 60  # filings dispatched one at a time, to know what all of them would take that way
LATENCY = 0.2  # seconds until the service answers
PARALLEL = 8


def lists(url):
    """Return how often the account's list was read."""
    return serving.control(url, 'GET', 'stats')['requests'].get('GET /comunica_pec', 0)


def queue(env, count, name):
    """Have so many filings wait for their calls."""
    filings = env['openapi_pec.communication'].create([{
        'partner_id': env.ref('l10n_it_openapi_pec.demo_company').id, 'pec_email': f'{name}.{number}@legalmail.it',
    } for number in range(count)])
    filings.write({'state': 'queued', 'environment': 'sandbox'})
    env.cr.commit()
    return filings


def seconds(filings, parallel):
    """Dispatch filings; return how long it took."""
    started = time.perf_counter()
    filings._dispatch(parallel)
    spent = time.perf_counter() - started
    filings.invalidate_recordset()
    if set(filings.mapped('state')) != {'code_requested'} or len(set(filings.mapped('remote_id'))) != len(filings):
        states = collections.Counter(filings.mapped(lambda filing: (filing.state, filing.error_message)))
        raise ValueError(f"Not each filing was executed once: {states}")
    return spent


def measure(env, url):
    """Yield the rows of this benchmark."""
    serving.control(url, 'POST', 'settings', {'credit': 100_000})
    serving.control(url, 'POST', 'faults', {
        'operation': 'POST /comunica_pec', 'fault': 'delay_before', 'seconds': LATENCY, 'times': -1})
    seconds(queue(env, 2 * PARALLEL, 'warm.up'), PARALLEL)
    single = seconds(queue(env, SAMPLE, 'one'), 1) / SAMPLE
    before = lists(url)
    several = seconds(queue(env, COUNT, 'several'), PARALLEL) / COUNT
    looks = lists(url) - before
    yield row(f'{COUNT} calls, {PARALLEL} at a time, at {LATENCY * 1000:.0f} ms each: time beside one at a time',
              several / single, 'of its time', 0.167)
    yield row(f'{COUNT} calls: lists read before they are paid for', looks, 'lists', 3)
    yield row('one at a time: of which waiting for the service', LATENCY / single, 'of the time')

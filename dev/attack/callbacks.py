"""A flood of callbacks, with right and wrong secrets."""
import itertools
import secrets
import time
from concurrent.futures import ThreadPoolExecutor

import requests

CLIENTS, COUNT = 16, 400
MOST = 2  # seconds that an answer may take
MOST_READS = 12  # lists that the flood may have read: the job is woken, and does not run once for each
PATIENCE = 60
LISTS = ('GET /comunica_pec', 'GET /pec')
BODIES = (
    {'json': {'data': {'id': '1', 'stato': 'comunicazione_evasa'}}}, {'data': {'data': 'x' * 60_000}},
    {'data': b'\xff' * 1000}, {})


def run(url, callbacks, sandbox, table):
    """Flood, and see what was woken.

    :param list callbacks: paths with the right secrets
    """
    before = {name: sandbox.requested(name) for name in LISTS}

    def post(number):
        right = number % 2 == 0
        path = callbacks[number // 2 % len(callbacks)] if right else f'/openapi_pec/callback/{secrets.token_hex(16)}'
        started = time.monotonic()
        status = requests.post(url + path, timeout=PATIENCE, **BODIES[number // 2 % len(BODIES)]).status_code
        expected = (200, 429) if right else (404, 429)
        table.add(
            'callback with the right secret' if right else 'callback with a wrong secret',
            seconds=time.monotonic() - started,
            got_in=status not in expected, example=f'status {status}')
        return time.monotonic() - started

    with ThreadPoolExecutor(CLIENTS) as threads:
        slowest = max(itertools.chain(threads.map(post, range(COUNT))))
    table.bound('slowest callback', slowest, MOST, 's')
    time.sleep(5)  # in which the woken job has run
    reads = sum(sandbox.requested(name) - before[name] for name in LISTS)
    table.bound('lists read because of the flood', reads, MOST_READS, 'lists')

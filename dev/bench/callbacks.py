"""Callbacks of the service, from several clients at once, beside a public route of the same Odoo that makes one UPDATE.

The clients speak HTTP from this process; the server has worker processes, as an Odoo at work has.
"""
import http.client
import os
import threading
from pathlib import Path
from urllib.parse import urlsplit

from measuring import compare, result

CLIENTS = 8
EACH = 60  # requests of a client in a round
ROUNDS = 5
WORKERS = 2
ADDONS = Path(__file__).resolve().parent / 'addons'
BODY = b'{"data": {"stato": "documenti_caricati"}}'
WOKEN = """
    SELECT count(*) FROM ir_cron_trigger WHERE cron_id = (
        SELECT res_id FROM ir_model_data WHERE module = 'l10n_it_openapi_pec' AND name = 'ir_cron_synchronize')"""


def prepare(env):
    """Make a filing for each client, in an `odoo shell`; yield for each what its addresses end with."""
    import population

    env['ir.cron.trigger'].search([]).unlink()
    companies, people = population.make_companies(env, 0, CLIENTS)
    filings = population.make_filings(
        env, companies, people, [f'60f0{os.urandom(10).hex()}' for _company in companies], **population.ACCEPTED)
    env.cr.commit()
    for filing in filings:
        yield [filing.callback_token, filing.partner_id.id]


class Clients:
    """Clients that call at once.

    :param str url: of the Odoo.
    """

    def __init__(self, url):
        self.address, self.failed = urlsplit(url).netloc, []

    def call(self, paths):
        """Have each client call its path again and again, in a thread of its own."""
        threads = [threading.Thread(target=self._repeat, args=[path]) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failed:
            raise ValueError(f'{len(self.failed)} calls failed: {self.failed[:3]}')

    def _repeat(self, path):
        for _call in range(EACH):
            connection = http.client.HTTPConnection(self.address, timeout=60)
            try:
                connection.request('POST', path, BODY, {'Content-Type': 'application/json'})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    self.failed.append(answer.status)
            except OSError as error:
                self.failed.append(error)
            finally:
                connection.close()


def measure(database, rows):
    """Yield the figures of this benchmark.

    :param rows: as :func:`prepare` yields them.
    """
    import environment
    import serving

    options = ('--addons-path', f'{environment.ADDONS},{ADDONS}', '--load', 'base,rpc,web,bench_route')
    with serving.server(database, 'callbacks_server', workers=WORKERS, options=options) as (url, _process):
        clients = Clients(url)
        pairs = compare(
            lambda: clients.call([f'/openapi_pec/callback/{token}' for token, _partner in rows]),
            lambda: clients.call([f'/bench/update/{partner}' for _token, partner in rows]), ROUNDS)
    yield result('callbacks', pairs, is_faster=True)
    [woken] = map(int, environment.sql(WOKEN, database))
    yield result('lost', value=CLIENTS * EACH * (ROUNDS + 1) - woken)

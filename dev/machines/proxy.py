"""HAProxy before the servers of a run."""
import contextlib
import csv
import subprocess
import time
from pathlib import Path

import requests

import environment
from environment import Failure

TEMPLATE = Path(__file__).resolve().parent / 'haproxy.cfg'
PATIENCE = 20


class Proxy:
    """A running HAProxy.

    :param url: where people find Odoo
    """

    def __init__(self, port, seen_port):
        self.port, self.url, self._seen = port, f'http://127.0.0.1:{port}', f'http://127.0.0.1:{seen_port}/;csv'

    def get_seen(self):
        """Return what it has counted of each server: ``{name: {column: text}}``, with HAProxy's own columns."""
        text = requests.get(self._seen, timeout=PATIENCE).text.lstrip('# ')
        return {row['svname']: row for row in csv.DictReader(text.splitlines()) if row['pxname'] == 'servers'}

    def wait(self, names):
        """Wait until it knows that these servers answer."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(requests.RequestException):
                seen = self.get_seen()
                if all(seen[name]['status'] == 'UP' for name in names):
                    return
            time.sleep(.2)
        raise Failure(f'HAProxy does not find the servers; its log is {environment.log_path("haproxy")}.')


@contextlib.contextmanager
def running(servers, folder, port):
    """Run an HAProxy before some servers; gives a Proxy.

    :param servers: with ``name`` and ``port``
    :param Path folder: for its configuration
    :param int port: on which people find Odoo
    """
    seen_port = environment.free_port()
    config = folder / 'haproxy.cfg'
    config.write_text(TEMPLATE.read_text().format(
        port=port, seen_port=seen_port,
        servers='\n'.join(f'    server {server.name} 127.0.0.1:{server.port}' for server in servers)))
    with environment.log_path('haproxy').open('w') as log, environment.ended(subprocess.Popen(
            [environment.get_haproxy(), '-db', '-f', str(config)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True)):
        yield Proxy(port, seen_port)

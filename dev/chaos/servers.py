"""Odoo servers with worker processes, on one database; killed and started again."""
import contextlib
import os
import random
import signal
import threading
import time
from pathlib import Path

import requests

import environment
from environment import Failure

ADDONS = Path(__file__).resolve().parent / 'addons'
WORKERS, CRONS = 2, 1
PATIENCE = 90
MOST_STARTS = 40


class Server:
    """One of the servers.

    :param str name: of its log
    :param engine: who makes the calls
    :param int jobs_port: where it has jobs executed; at itself unless told otherwise
    :param dict environ: what its clock needs
    """

    def __init__(self, name, database, engine, jobs_port, environ):
        self.name, self.database, self.engine, self.jobs_port = name, database, engine, jobs_port
        self.environ = environ
        self.port, self.starts, self.stack, self.process = environment.free_port(), 0, None, None
        self.lock, self.crons = threading.Lock(), CRONS

    @property
    def url(self):
        return f'http://127.0.0.1:{self.port}'

    def start(self, crons=CRONS):
        """Start it, without waiting until it answers."""
        with self.lock:
            self.crons = crons
            self._start()

    def _start(self):
        self.starts += 1
        self.stack = contextlib.ExitStack()
        self.process = self.stack.enter_context(environment.odoo_process(
            '-d', self.database, '--db-filter', f'^{self.database}$', '--http-port', str(self.port), '--addons-path',
            ','.join(map(str, [*self.engine.addons_path, ADDONS])), '--load',
            ','.join(['base', 'rpc', 'web', 'chaos_clock', *self.engine.load]), f'--workers={WORKERS}',
            f'--max-cron-threads={self.crons}', '--limit-time-real=300', '--limit-time-cpu=300',
            '--limit-time-real-cron=300', '--db_maxconn=24', log=f'{self.name}_{self.starts}',
            env=self.engine.environ(self.jobs_port or self.port, **self.environ)))

    def revive(self):
        """Start it again if it has ended by itself, as a service manager does: without a database it does not start."""
        with self.lock:
            if self.process and self.process.poll() is not None:
                if self.starts > MOST_STARTS:
                    raise Failure(f'Odoo ends again and again; its log is '
                                  f'{environment.log_path(f"{self.name}_{self.starts}")}.')
                self.stack.close()
                time.sleep(1)
                self._start()

    def wait(self):
        """Wait until it answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.revive()
            with contextlib.suppress(requests.RequestException):
                if requests.get(self.url + '/web/health?db_server_status=1', timeout=5).ok:
                    return
            time.sleep(0.1)
        raise Failure(f'Odoo does not answer; its log is {environment.log_path(f"{self.name}_{self.starts}")}.')

    def get_workers(self):
        """Return the ids of its worker processes; none while it is killed."""
        process = self.process
        with contextlib.suppress(OSError, AttributeError):
            pid = process.pid
            children = map(int, Path(f'/proc/{pid}/task/{pid}/children').read_text().split())
            return [child for child in children if b'odoo' in Path(f'/proc/{child}/cmdline').read_bytes()]
        return []

    def kill_worker(self, draw=random):
        """End one of its workers as the kernel does; the server starts another one."""
        if workers := self.get_workers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(draw.choice(workers), signal.SIGKILL)

    def kill(self):
        """End it as a power cut does."""
        with self.lock:
            if self.process:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.stack.close()
                self.process = None

    def log(self):
        """Return all that it has logged."""
        return ''.join(
            environment.log_path(f'{self.name}_{number}').read_text(errors='replace')
            for number in range(1, self.starts + 1))


class Servers:
    """All servers of a run, and the clock that they share with the service.

    :param engine: who makes the calls
    :param Path clock: the file that says by how many seconds it is ahead
    :param int jobs_port: where jobs are executed
    """

    def __init__(self, database, engine, sandbox, clock, speed, jobs_port=None, count=2):
        self.clock, self.sandbox, self.ahead = clock, sandbox, 0
        self.clock.write_text('0')
        environ = {'CHAOS_CLOCK': str(clock), 'CHAOS_SPEED': str(speed)}
        self.all = [
            Server(f'server{number}', database, engine, jobs_port, environ) for number in range(1, count + 1)]

    def start(self, **options):
        """Start all, and wait for them."""
        for server in self.all:
            server.start(**options)
        for server in self.all:
            server.wait()

    def kill(self):
        """End all."""
        for server in self.all:
            server.kill()

    def put_ahead(self, seconds):
        """Let it be so much later, for Odoo and the service alike."""
        self.ahead += seconds
        temporary = self.clock.with_suffix('.new')
        temporary.write_text(str(self.ahead))
        temporary.replace(self.clock)
        self.sandbox.settings(ahead=self.ahead)



"""Helpers of the tests among real processes: Odoo servers on one database, killed and started again."""
import contextlib
import itertools
import os
import signal
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import psycopg2

from odoo.tests import BaseCase

import environment
import serving

from .common import SandboxMixin

READY = os.environ.get('OPENAPI_PEC_READY_DB')
PATIENCE = 60  # seconds until something that must happen counts as missing


@unittest.skipUnless(READY, "needs a database to copy: dev/test prepares one")
class ProcessCase(SandboxMixin, BaseCase):
    """A copy of a database with the addon and its demo data, and servers that work on it."""

    def setUp(self):
        super().setUp()
        self.database = f'{READY}_copy'
        environment.copy_database(READY, self.database)
        self.addCleanup(environment.drop_database, self.database)
        serving.configure(self.database, self.sandbox.url)
        self.servers = 0
        self.numbers = itertools.count()
        self.threads = ThreadPoolExecutor(8)
        self.addCleanup(self.threads.shutdown)

    def start(self, **options):
        """Start a server on the database.

        :param options: of ``serving.server``, such as threads for scheduled jobs.
        :return: ``(somebody who works in it, its process)``
        """
        self.servers += 1
        url, process = self.enterContext(serving.server(self.database, log=f'{self._testMethodName}_{self.servers}', **options))
        return serving.Person(url, self.database), process

    def kill(self, process):
        """End a server as `kill -9` and a power cut do."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)

    @contextlib.contextmanager
    def connection(self):
        """Connect to the database, in a transaction of its own."""
        connection = psycopg2.connect(dbname=self.database)
        try:
            yield connection.cursor()
            connection.commit()
        finally:
            connection.close()

    def query(self, statement, *parameters):
        with self.connection() as cr:
            cr.execute(statement, parameters)  # the tests' own; pylint: disable=sql-injection
            return cr.fetchall() if cr.description else None

    def wait_until(self, condition, sentence):
        """Wait until a function returns something true, and return it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if value := condition():
                return value
            time.sleep(0.05)
        raise AssertionError(f"It did not happen in {PATIENCE} s: {sentence}")

    def is_blocked(self):
        """Tell whether some statement in the database waits for a lock."""
        return self.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")

"""Helpers of the tests among real processes: Odoo servers on one database, killed and started again."""
import contextlib
import itertools
import os
import signal
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import office
import psycopg2

from odoo.tests import BaseCase

import environment
import noted
import serving

from .common import FURTHER, SandboxMixin

READY = os.environ.get('OPENAPI_PEC_READY_DB')
PATIENCE = 60  # seconds until something that must happen counts as missing


@unittest.skipUnless(READY, "needs a database to copy: dev/test prepares one")
class ProcessCase(SandboxMixin, BaseCase):
    """A copy of a database with the addon and its demo data, and servers that work on it."""

    def setUp(self):
        super().setUp()
        self.database = f'{READY}_copy'
        self.make_database()
        environment.sql(office.CLOSE, self.database)
        self.addCleanup(environment.drop_database, self.database)
        self.addCleanup(self._note)
        serving.configure(self.database, self.sandbox.url)
        self.servers = 0
        self.numbers = itertools.count()
        self.threads = ThreadPoolExecutor(8)
        self.addCleanup(self.threads.shutdown)

    def _note(self):
        """Note what this test has made that no log may tell."""
        with contextlib.suppress(psycopg2.Error), self.connection() as cr:
            noted.note_database(cr)

    def make_database(self):
        environment.copy_database(READY, self.database)

    def start(self, **options):
        """Start a server on the database.

        :param options: of ``serving.server``, such as threads for scheduled jobs.
        :return: ``(somebody who works in it, its process)``
        """
        self.servers += 1
        url, process = self.enterContext(
            serving.server(self.database, log=f'{self._testMethodName}_{self.servers}', **options))
        return serving.Person(url, self.database), process

    def kill(self, process):
        """End a server as `kill -9` and a power cut do."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)

    def free(self, person, model, record_id):
        """Have somebody decide that a lost call was not executed, as in the question that its button opens."""
        question = person.call(model, 'action_choose', [record_id])['res_id']
        person.call('openapi_pec.reconcile', 'write', [question], {'reason': "not in the console"})
        person.call('openapi_pec.reconcile', 'action_none', [question])

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
        return self.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = "
                          "'Lock'")

    def create_drafts(self, person, *addresses):
        """Make drafts of mailboxes of a new company; return their ids."""
        [company] = person.call('res.partner', 'create', [{
            'name': "Falegnameria Prova S.r.l.", 'is_company': True, 'street': "Via delle Prove 1", 'zip': '00100',
            'city': "Roma", 'l10n_it_codice_fiscale': '12485671007',
            'country_id': person.call('ir.model.data', 'check_object_reference', 'base', 'it')[1],
            'state_id': person.call('ir.model.data', 'check_object_reference', 'base', 'state_it_rm')[1],
        }])
        person.call('res.partner', 'create', [{
            'name': "Mario Rossi", 'parent_id': company, 'email': 'mario@example.com', 'phone': '3401234518',
            'l10n_it_codice_fiscale': 'RSSMRA80A01H501U',
        }])
        return person.call('openapi_pec.mailbox', 'create', [{
            'partner_id': company, 'mailbox_type': 'STANDARD', 'customer_subtype': 'ED',
            'address': f'{address}@testcert.legalmail.it',
        } for address in addresses])


class FilingProcessCase(ProcessCase):
    """Filings of a company, submitted by people of a server."""

    def create_filings(self, person, count=1, pec_email='prova{}@legalmail.it'):
        """Make drafts about a new contact of the company; return their ids.

        :param str pec_email: with a place for a number, where each has its own.
        """
        [company] = person.call('res.partner', 'create', [{
            'name': "Falegnameria Prova S.r.l.", 'is_company': True, 'city': "Roma",
            'openapi_pec_email': 'prova@legalmail.it',
            'l10n_it_codice_fiscale': '12485671007',
            'state_id': person.call('ir.model.data', 'check_object_reference', 'base', 'state_it_rm')[1],
        }])
        person.call('res.partner', 'create', [{
            'name': "Mario Rossi", 'parent_id': company, 'email': 'mario@example.com', 'phone': '3401234518',
            'l10n_it_codice_fiscale': 'RSSMRA80A01H501U', 'openapi_pec_email': 'mario.rossi@legalmail.it',
        }])
        return person.call('openapi_pec.communication', 'create', [
            {'partner_id': company, 'pec_email': pec_email.format(next(self.numbers))} for _filing in range(count)])

    def submit(self, person, ids):
        """Press the button, in a thread; several PECs of one company are meant."""
        return self.threads.submit(
            person.call, 'openapi_pec.communication', 'action_submit', ids, FURTHER)

    def assert_truth(self, ids, state='code_requested'):
        """Each filing was paid for once, and its record and journal say so."""
        filings = self.query("SELECT id, state, remote_id FROM openapi_pec_communication WHERE id = ANY(%s)", ids)
        self.assertEqual([row[1] for row in filings], [state] * len(ids))
        remote_ids = {row[2] for row in filings}
        self.assertEqual(self.sandbox.executed(), len(ids))
        self.assertEqual(remote_ids, {filing['id'] for filing in self.sandbox.filings()})
        lines = self.query("SELECT res_id, remote_id FROM openapi_pec_api_call WHERE state = 'accepted'")
        self.assertEqual(sorted(lines), sorted((row[0], row[2]) for row in filings))
        self.assertFalse(self.query("SELECT 1 FROM openapi_pec_api_call WHERE state = 'pending'"))

"""An ordinary day among real processes.

People click, the service calls back, the scheduled jobs run, all on the same records.
"""
import base64
import itertools
import threading
import time

import requests

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.secrecy import secret_box

import environment
import p7m_files
import serving

from ..common import CREATE, FURTHER, LIST, PATCH
from ..common_mailbox import ACTIVATE, BUY, RENEW, make_pdf
from ..common_processes import PATIENCE, ProcessCase

FILINGS = 8
MAILBOXES = 4
# What a person may be answered who clicks while a job changes the record: he looks at it and clicks again.
CHANGED = "has changed at the service since|does not wait for documents|is not possible now|concurrent update"


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOrdinaryDay(ProcessCase):

    def setUp(self):
        super().setUp()
        self.sandbox.reset(step=1, callback_shape='twice')
        self.query("""
            UPDATE ir_cron SET active = false
             WHERE id NOT IN (
                   SELECT res_id FROM ir_model_data WHERE module = 'l10n_it_openapi_pec' AND model = 'ir.cron')""")

    def insist(self, click, *arguments):
        """Click again, after a look, when a job has changed the record in the meantime."""
        for attempt in itertools.count(1):
            try:
                return click(*arguments)
            except serving.Refused as refusal:
                self.assertRegex(str(refusal), CHANGED)
                if attempt == 5:
                    raise
                time.sleep(attempt)

    def wait_for(self, table, record, condition):
        self.wait_until(
            lambda: self.query(f"SELECT 1 FROM {table} WHERE id = %s AND {condition}", record), f"{table} {condition}")

    def bring_to_end(self, person, filing):
        """Do for a filing what people do, and look at it all the time."""
        model, table = 'openapi_pec.communication', 'openapi_pec_communication'
        person.call(model, 'action_submit', [filing], FURTHER)
        for _look in range(3):
            self.insist(person.call, model, 'action_refresh', [filing])
        self.wait_for(table, filing, "state = 'awaiting_documents' AND procura_id IS NOT NULL")
        [row] = person.call(model, 'read', [filing], ['procura_file'])
        signed = p7m_files.sign(p7m_files.identity(), base64.b64decode(row['procura_file']))
        self.insist(person.call, model, 'write', [filing], {
            'signed_procura_file': base64.b64encode(signed).decode(), 'signed_procura_filename': 'procura.pdf.p7m'})
        self.insist(person.call, model, 'action_send_documents', [filing])
        for _look in range(3):
            self.insist(person.call, model, 'action_refresh', [filing])
        self.wait_for(table, filing, "state = 'completed'")

    def order(self, person, mailbox, button, **values):
        action = person.call('openapi_pec.mailbox', button, [mailbox])
        person.call(
            action['res_model'], 'action_confirm',
            person.call(action['res_model'], 'create', [values], context=action['context']))

    def run_mailbox(self, person, mailbox):
        """Buy a mailbox, have it activated and renew it, and look at it all the time."""
        model, table = 'openapi_pec.mailbox', 'openapi_pec_mailbox'
        self.insist(self.order, person, mailbox, 'action_open_buy')
        for _look in range(2):
            self.insist(person.call, model, 'action_refresh', [mailbox])
        self.wait_for(table, mailbox, "state = 'registered' AND form_id IS NOT NULL")
        document = base64.b64encode(make_pdf()).decode()
        self.insist(person.call, model, 'write', [mailbox], {'signed_form': document, 'identity_document': document})
        self.insist(person.call, model, 'action_send_documents', [mailbox])
        self.wait_for(table, mailbox, "state = 'active' AND expires_on IS NOT NULL")
        self.insist(lambda: self.order(person, mailbox, 'action_open_renew', years='1'))
        for _look in range(2):
            self.insist(person.call, model, 'action_refresh', [mailbox])

    def call_back(self, url, is_over):
        """Call back about every record, again and again, as anybody may who knows the addresses; return how often.

        Unknown addresses are among them.
        """
        count = 0
        [[secret]] = self.query("SELECT value FROM ir_config_parameter WHERE key = 'database.secret'")
        with requests.Session() as session:
            while not is_over.is_set():
                for model, record_id in self.query("""
                        SELECT 'openapi_pec.communication', id FROM openapi_pec_communication
                         WHERE remote_id IS NOT NULL
                         UNION ALL
                        SELECT 'openapi_pec.mailbox', id FROM openapi_pec_mailbox WHERE remote_id IS NOT NULL"""):
                    token = f"{record_id}-{secret_box.derive_token(secret, 'callback', model, record_id, 0)}"
                    answer = session.post(f'{url}/openapi_pec/callback/{token}', json={'data': {}}, timeout=PATIENCE)
                    self.assertEqual((answer.status_code, answer.content), (200, b''))
                    count += 1
                    is_over.wait(0.02)
                self.assertEqual(
                    session.post(f'{url}/openapi_pec/callback/{"f" * 32}', timeout=PATIENCE).status_code, 404)
        return count

    def test_callbacks_clicks_and_jobs_meet(self):
        """The log of such a day is clean, no change is lost, each call is paid once."""
        first, _server = self.start(crons=2)
        people = [serving.Person(first.url, self.database) for _person in range(4)]
        company = serving.create_company(first)
        filings = first.call('openapi_pec.communication', 'create', [
            {'partner_id': company, 'pec_email': f'prova{number}@legalmail.it'} for number in range(FILINGS)])
        mailboxes = first.call('openapi_pec.mailbox', 'create', [{
            'partner_id': company, 'mailbox_type': 'STANDARD', 'customer_subtype': 'ED',
            'address': f'falegnameria{number}@testcert.legalmail.it'} for number in range(MAILBOXES)])
        is_over = threading.Event()
        callers = [self.threads.submit(self.call_back, first.url, is_over) for _caller in range(2)]
        try:
            lives = [(self.bring_to_end, filing) for filing in filings] + [
                (self.run_mailbox, mailbox) for mailbox in mailboxes]
            days = [
                self.threads.submit(self.work, person, lives[number::len(people)])
                for number, person in enumerate(people)]
            for day in days:
                day.result(3 * PATIENCE)
        finally:
            is_over.set()
        called = [caller.result(PATIENCE) for caller in callers]

        self.assertTrue(all(count > 20 for count in called), called)
        self.assertEqual(
            {name: self.sandbox.executed(name) for name in (CREATE, PATCH, BUY, ACTIVATE, RENEW)},
            {CREATE: FILINGS, PATCH: FILINGS, BUY: MAILBOXES, ACTIVATE: MAILBOXES, RENEW: MAILBOXES})
        self.assertEqual(
            self.query("SELECT DISTINCT state FROM openapi_pec_communication WHERE id = ANY(%s)", filings),
            [('completed',)])
        self.assertEqual(
            self.query("""
                SELECT DISTINCT state, call_state, expires_on - activated_on BETWEEN 729 AND 732
                  FROM openapi_pec_mailbox WHERE id = ANY(%s)""", mailboxes),
            [('active', None, True)])
        self.assertEqual(self.query("SELECT DISTINCT state FROM openapi_pec_api_call"), [('accepted',)])
        jobs = self.query("SELECT count(DISTINCT cron_id) FROM ir_cron_progress WHERE done > 0 OR remaining = 0")
        self.assertGreaterEqual(jobs, [(2,)])
        self.assertFalse(environment.log_records(environment.log_path(f'{self._testMethodName}_1').read_text()))

    def test_callback_while_the_job_reads(self):
        """What changes after the service has told, and before the job has ended, is read again."""
        self.sandbox.reset()
        person, _server = self.start()
        filings = person.call('openapi_pec.communication', 'create', [
            {'partner_id': serving.create_company(person), 'pec_email': 'prova@legalmail.it'}])
        person.call('openapi_pec.communication', 'action_submit', filings, FURTHER)
        looked = self.sandbox.requested(LIST)  # before it was paid
        self.sandbox.fault(LIST, 'delay_after', seconds=2)
        job = self.threads.submit(person.run_job, 'synchronize')
        self.wait_until(lambda: self.sandbox.requested(LIST) > looked, "the job reads")
        self.sandbox.set_stato('documenti_caricati')
        self.wait_until(
            lambda: [row['status'] for row in self.sandbox.stats()['callbacks']] == [200], "the service calls back")
        job.result(PATIENCE)
        self.assertEqual(self.state_and_wakes(filings), [('code_requested', 1)])
        person.run_job('synchronize')
        self.assertEqual(self.state_and_wakes(filings), [('documents_uploaded', 0)])

    def state_and_wakes(self, filings):
        return self.query("""
            SELECT state, (SELECT count(*) FROM ir_cron_trigger JOIN ir_model_data AS xmlid ON xmlid.res_id = cron_id
                            WHERE xmlid.name = 'ir_cron_synchronize' AND xmlid.model = 'ir.cron')
              FROM openapi_pec_communication WHERE id = ANY(%s)""", filings)

    def work(self, person, lives):
        for live, record in lives:
            live(person, record)

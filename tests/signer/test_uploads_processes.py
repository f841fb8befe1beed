"""Hostile uploads among real processes: whoever comes with other wishes is served meanwhile."""
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from lxml import html

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.secrecy.secret_box import derive_token

from ..common_mailbox import make_pdf
from ..common_processes import PATIENCE, ProcessCase
from ..tools.test_uploads_hostile import LOOP

VISITORS = 16
# Seconds, beside what the same crowd costs when it uploads nothing: what a page takes, and what one page may take when
# the machine is busy with other things. Who had to wait until the slow files are judged would wait for minutes.
USUALLY, ALWAYS = 5, 30
SLOW = b'%PDF-1.4\n' + b' ' * 2**20 + b'\nstartxref\n9\n%%EOF'  # which a library searches for objects for a minute


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUploadsProcesses(ProcessCase):
    """A server with two processes that answer, as in production."""

    def invite(self, person, count):
        """Buy mailboxes, and mail their forms; return the paths of the applicants' pages."""
        ids = self.create_drafts(person, *(f'upload{number}' for number in range(count)))
        for mailbox in ids:
            action = person.call('openapi_pec.mailbox', 'action_open_buy', [mailbox])
            question = person.call(action['res_model'], 'create', [{}], context=action['context'])
            person.call(action['res_model'], 'action_confirm', question)
        person.run_job('mailboxes')
        person.call('openapi_pec.mailbox', 'action_mail_form', ids)
        # The mails get their tokens when they leave.
        [[secret]] = self.query("SELECT value FROM ir_config_parameter WHERE key = 'database.secret'")
        generations = self.query("SELECT id, COALESCE(link_generation, 0) FROM openapi_pec_mailbox WHERE "
                                 "is_link_mailed ORDER BY id")
        self.assertEqual(len(generations), count)
        return [
            f'/openapi_pec/mailbox/{mailbox}?access_token='
            + derive_token(secret, 'page', 'openapi_pec.mailbox', mailbox, generation)
            for mailbox, generation in generations]

    def visit(self, link):
        """Open a page; return what uploads a file as its form does."""
        session = requests.Session()
        page = session.get(link, timeout=PATIENCE)
        token = html.fromstring(page.text).xpath('//form//input[@name="csrf_token"]/@value')[0]
        return lambda content: session.post(
            link, data={'csrf_token': token}, files={'signed_form': ('x.pdf', content)}, timeout=PATIENCE)

    def log_in(self, person):
        """Open the login page; return how many seconds that took."""
        started = time.monotonic()
        self.assertEqual(requests.get(f'{person.url}/web/login', timeout=PATIENCE).status_code, 200)
        return time.monotonic() - started

    def waiting(self):
        return self.query("SELECT 1 FROM openapi_pec_signer_upload WHERE state = 'waiting'")

    def test_hostile_uploads_at_once(self):
        links = self.invite(self.start()[0], 4)
        person, _process = self.start(workers=2, crons=1)
        links = [person.url + link for link in links]
        for _time in range(2):  # first comes what a server that has just started does once
            with ThreadPoolExecutor(VISITORS) as threads:
                quiet = max(threads.map(self.log_in, [person] * VISITORS))
        visitors = [self.visit(links[number % len(links)]) for number in range(VISITORS)]
        # On each page one slow file comes last, so that it is not replaced.
        ready = threading.Barrier(VISITORS + 1)

        def attack(number):
            ready.wait(PATIENCE)
            return visitors[number](SLOW if number < len(links) else LOOP)

        with ThreadPoolExecutor(VISITORS) as threads:
            answers = [threads.submit(attack, number) for number in range(VISITORS)]
            ready.wait(PATIENCE)
            seconds, end = [], time.monotonic() + 10
            while time.monotonic() < end or not all(answer.done() for answer in answers):
                seconds.append(self.log_in(person))
                time.sleep(0.2)
            self.assertEqual([answer.result().status_code for answer in answers], [200] * VISITORS)
        self.assertLess(statistics.median(seconds), USUALLY + quiet, seconds)
        self.assertLess(max(seconds), ALWAYS + 3 * quiet, seconds)
        self.assertEqual(self.query("SELECT sum(signer_uploads) FROM openapi_pec_mailbox")[0][0], VISITORS)
        # An honest one, while the job is at those that were left, is told that it is being checked, and gets its
        # result.
        honest = self.visit(links[0])(make_pdf("Form"))
        self.assertEqual(honest.status_code, 200)
        self.wait_until(lambda: not self.waiting(), "everything is judged")
        page = requests.get(links[0], timeout=PATIENCE).text
        self.assertIn("Your identity document is still missing", page)
        self.assertEqual(self.query("SELECT count(*) FROM ir_attachment WHERE res_model = 'openapi_pec.mailbox' AND "
                                    "res_field IS NOT NULL"),
                         [(1,)])

    def test_killed_while_it_judges(self):
        """The upload is there, and the next server judges it."""
        person, process = self.start()
        [link] = self.invite(person, 1)
        upload = self.visit(person.url + link)
        answer = self.threads.submit(upload, SLOW)
        self.wait_until(self.waiting, "the upload is kept")
        self.kill(process)
        self.assertIsInstance(answer.exception(PATIENCE), requests.ConnectionError)
        self.assertTrue(self.waiting())
        person, _process = self.start()
        person.run_job('uploads')
        self.assertFalse(self.waiting())
        self.assertEqual(self.query("SELECT signer_uploads FROM openapi_pec_mailbox WHERE signer_uploads > 0"), [(1,)])

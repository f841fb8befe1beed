import base64
import collections
import os
import threading
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser
from odoo.tests.test_cursor import TestCursor

from p7m_files import PDF, identity, sign

from ..common import CREATE, PATCH, PecCase
from ..tools.test_zip_reader import make_zip

AFTER_COMMIT = ('_dispatch_after_commit', '_verify_after_commit')
PICTURES = os.environ.get('OPENAPI_PEC_PICTURES')  # a folder: see dev/pictures


def take_pictures(case):
    """Keep a picture of the browser whenever a tour of this test case asks for one, by its name."""
    handle_console, navigate_to = ChromeBrowser._handle_console, ChromeBrowser.navigate_to

    def handle(browser, type, args=None, **keywords):  # noqa: A002 (the browser's own word)
        handle_console(browser, type, args=args, **keywords)
        message = str(args[0].get('value')) if args else ''
        if message.startswith('picture: '):
            path = Path(PICTURES, message.removeprefix('picture: ') + '.png')
            browser._websocket_send('Page.captureScreenshot', with_future=True).add_done_callback(
                lambda future: path.write_bytes(base64.b64decode(future.result()['data'])))

    def open_page(browser, *arguments, **keywords):
        # as a phone does
        browser._websocket_request('Emulation.setScrollbarsHidden', params={'hidden': case.touch_enabled})
        return navigate_to(browser, *arguments, **keywords)

    case.patch(ChromeBrowser, '_handle_console', handle)
    case.patch(ChromeBrowser, 'navigate_to', open_page)


class TourMixin:
    """What a person's way in Chromium needs: commits that are followed by what is to follow them, and pictures."""
    browser_size = '1366x768'

    def setUp(self):
        super().setUp()
        commit = TestCursor.commit

        def commit_and_go_on(cursor):
            """Do what a real commit does for our calls: the test framework drops what is to follow it."""
            hooks = [
                hook for hook in cursor.postcommit._funcs if getattr(hook, '__name__', '') in AFTER_COMMIT]
            commit(cursor)
            for hook in hooks:
                hook()

        self.patch(TestCursor, 'commit', commit_and_go_on)
        if PICTURES:
            take_pictures(self)

    def start_tour(self, *arguments, **options):
        """Give a tour three minutes: among other tests the longest one takes half of the one that Odoo gives it."""
        return super().start_tour(*arguments, **{'timeout': 180, **options})

    def dispatch_soon(self):
        """Run the scheduled job a moment after it is woken, as a server does."""
        Communication = type(self.env['openapi_pec.communication'])
        wake = Communication._trigger_cron
        planned = []

        def run():
            planned.clear()
            with self.registry.cursor() as cr:
                self.env(cr=cr).ref('l10n_it_openapi_pec.ir_cron_dispatch').method_direct_trigger()

        def wake_and_run(records, job, at=None):
            wake(records, job, at)
            if job == 'dispatch' and at is None and not planned:
                planned.append(job)
                timer = threading.Timer(3, run)
                self.addCleanup(timer.join)
                timer.start()

        self.patch(Communication, '_trigger_cron', wake_and_run)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTour(TourMixin, PecCase, HttpCase):
    """A person's way through the main job, in Chromium, with the sandbox API behind it."""

    def test_batch(self):
        """Thirty companies, of which five miss something; one of them is corrected."""
        companies = self.create_companies(30, "Cliente %02d S.r.l.")
        companies[3:6].openapi_pec_email = False
        companies[10:12].child_ids.phone = False
        self.sandbox.settings(credit=1000)
        self.dispatch_soon()
        self.start_tour('/odoo/contacts', 'openapi_pec_batch', login=self.manager.login)
        filings = self.env['openapi_pec.communication'].search([('partner_id', 'in', companies.ids)])
        self.assertEqual(collections.Counter(filings.mapped('state')), {'code_requested': 26, 'draft': 4})
        self.assertEqual(self.sandbox.executed(), 26)

    def test_wallet_empty_in_the_middle_of_a_batch(self):
        """Two of six are paid; somebody tops up, presses the button, and the others follow."""
        companies = self.create_companies(6, "Cliente %02d S.r.l.")
        self.company.openapi_pec_parallel_calls = 1
        self.sandbox.settings(credit=2 * 15.70 + 1, no_credit_form=2)
        self.dispatch_soon()
        Company = type(self.company)
        go_on = Company._openapi_pec_go_on

        def top_up_and_go_on(company):
            self.sandbox.settings(credit=1000)
            return go_on(company)

        self.patch(Company, '_openapi_pec_go_on', top_up_and_go_on)
        action = companies.with_user(self.manager).action_openapi_pec_communicate()
        batch_id = action['context']['openapi_pec_batch_id']
        self.start_tour(f'/odoo/pec-batches/{batch_id}', 'openapi_pec_batch_wallet', login=self.manager.login)
        self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (6, 7))

    def test_communicate(self):
        self.sandbox.settings(step=1)
        self.representative.phone = False  # to be completed
        Communication = type(self.env['openapi_pec.communication'])
        fetch = Communication._fetch_procura

        def fetch_and_sign(filing, client):
            fetch(filing, client)
            filing.env['ir.attachment'].create({
                'name': 'signed.p7m', 'url': '/openapi_pec_tour/signed.p7m', 'raw': self.sign(filing), 'public': True})

        self.patch(Communication, '_fetch_procura', fetch_and_sign)
        self.start_tour(f'/odoo/contacts/{self.partner.id}', 'openapi_pec_communicate', login=self.manager.login)
        filing = self.partner.openapi_pec_communication_ids
        self.assertEqual(filing.state, 'completed')
        self.assertTrue(filing.procura_id)
        self.assertIn(filing.procura_id.raw, filing.signed_procura_id.raw)
        self.assertIn("Signed by: Mario Rossi", self.messages(filing))
        self.assertEqual((self.sandbox.executed(CREATE), self.sandbox.executed(PATCH)), (1, 1))
        self.assertIn("completed", self.messages(self.partner))

    def create_many(self, *states):
        """Return filings in some states, of several companies; those that wait have a power of attorney."""
        today = fields.Date.today()
        companies = self.env['res.partner'].create([
            {'name': name, 'is_company': True}
            for name in ("Officine Lario S.r.l.", "Bianchi Costruzioni S.p.A.", "Studio Verdi S.r.l.")])
        filings = self.env['openapi_pec.communication'].create([{
            'partner_id': companies[number % len(companies)].id, 'user_id': self.manager.id, 'state': state,
            'environment': 'sandbox',
            'company_name': companies[number % len(companies)].name, 'pec_email': f'azienda{number}@legalmail.it',
            'fiscal_code': 'RSSMRA80A01H501U',
            'submitted_at': state != 'draft' and fields.Datetime.now() - timedelta(days=number),
            'expected_on': state != 'draft' and today + timedelta(days=number % 9 - 2),
            'late_on': today + timedelta(days=number % 9 - 1),
        } for number, state in enumerate(states)])
        waiting = filings.filtered(lambda filing: filing.state == 'awaiting_documents')
        for filing, remote_id in zip(
                waiting, self.sandbox.create_filings(len(waiting), 'in_attesa_di_documenti'), strict=True):
            filing.write({'remote_id': remote_id, 'procura_id': self.env['ir.attachment'].create({
                'name': f'procura {filing.name.replace("/", "-")}.pdf', 'raw': PDF + remote_id.encode(),
                'res_model': filing._name,
                'res_id': filing.id})})
        return filings

    def test_receive(self):
        good, also_good, warned, unsigned = filings = self.create_many(*['awaiting_documents'] * 4)
        self.env['ir.attachment'].create(
            {'name': 'back.zip', 'url': '/openapi_pec_tour/back.zip', 'public': True, 'raw': make_zip(
            ('Lario/procura.pdf.p7m', self.sign(good)), ('Bianchi/procura.pdf.p7m', self.sign(also_good)),
            ('warned.p7m', sign(identity(statements=None), warned.procura_id.raw)),
            ('unsigned.pdf', unsigned.procura_id.raw),
            ('again.p7m', self.sign(good)), ('another document.p7m', sign(identity())),
            ('../up.p7m', self.sign(unsigned)),
            ('Lario/.DS_Store', b'x'))})
        self.start_tour('/odoo/pec-receive', 'openapi_pec_receive', login=self.user.login)
        self.assertEqual(filings.mapped('state'), ['queued'] * 3 + ['awaiting_documents'])
        self.run_cron('dispatch')
        self.assertEqual(filings.mapped('state'), ['documents_uploaded'] * 3 + ['awaiting_documents'])
        self.assertEqual(self.sandbox.executed(PATCH), 3)

    def test_overview(self):
        filings = self.create_many(
            'draft', 'queued', 'code_requested', 'awaiting_documents', 'awaiting_documents', 'documents_uploaded',
            'awaiting_documents', 'failed', 'code_requested', 'awaiting_documents', 'draft', 'documents_uploaded',
            'code_requested')
        filings[4].awaiting_since = fields.Datetime.now() - timedelta(days=8)
        filings[:6]._plan_activity('mail_activity_type_sign', "Have the power of attorney signed and upload it")
        self.start_tour('/odoo/pec-communications', 'openapi_pec_overview', login=self.manager.login)

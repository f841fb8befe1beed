"""One wrong identifier from the service, on whichever way it is read, stops nobody but the record that it is about."""
import logging

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.filing import unassigned_match
from odoo.addons.l10n_it_openapi_pec.models.record import following
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import CREATE, LIST, PecCase
from ..common_mailbox import BUY, MAILBOX, MAILBOXES, MailboxCase

READ = 'GET /comunica_pec/{id}'
HOSTILE_IDS = [None, '', 10**80, 'x' * 65, '../x', {'a': 1}, ['x'], True, 1.5]
FOLLOWING = following.__name__


class HostileMixin:

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())

    def answer(self, operation, data, times=-1):
        self.sandbox.fault(operation, 'error_before', status=200, times=times, body={'success': True, 'data': data})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestHostileFilings(HostileMixin, PecCase):

    def setUp(self):
        super().setUp()
        self.first, self.second = self.create_filing(), self.create_filing()
        for filing in (self.first, self.second):
            self.submit(filing)
        self.owner = self.client.list_filings()[0]['owner']

    def row(self, filing, **values):
        return {'id': filing.remote_id, 'casella_pec': filing.pec_email, 'stato': 'in_attesa_di_documenti',
                'timestamp': 1700000000, 'owner': self.owner, **values}

    def lose_answer(self):
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'drop_before')
        self.submit(filing)
        self.assertEqual(filing.state, 'unconfirmed')
        return filing

    def test_details_of_another_filing(self):
        """The state of another filing is not taken over, neither by the job nor by a click."""
        self.answer(LIST, [])  # so that each is read by itself
        self.answer(READ, self.row(self.second, stato='comunicazione_evasa'))
        for _again in range(2):
            self.run_cron('synchronize')
        self.assertEqual((self.first.state, self.second.state), ('code_requested', 'completed'))
        self.assertEqual(
            [summary for summary in self.first.activity_ids.mapped('summary') if "another record" in summary], [
            "The service answers with another record's data: ask Openapi's support to mend it"], "told once")
        with self.assertRaisesRegex(UserError, "another filing"):
            self.first.action_refresh()
        self.assertEqual(self.first.state, 'code_requested')

    def test_answer_with_the_identifier_of_another_filing(self):
        """A paid call is answered with an identifier that is known already.

        The answer is not believed; it is said once, and looked for, and nobody is stopped.
        """
        filing = self.create_filing()
        body = filing._prepare_request_body()
        self.answer(
            CREATE, {**body, 'id': self.first.remote_id, 'stato': 'codice_in_richiesta', 'timestamp': 1}, times=1)
        self.submit(filing)
        self.assertEqual((filing.state, filing.remote_id), ('unconfirmed', False))
        self.assertEqual(filing.api_call_ids.state, 'pending')
        self.assertIn(self.first.remote_id, self.messages(filing))
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertEqual(self.first.state, 'awaiting_documents')
        self.assertEqual(self.messages(filing).count("not believed"), 1)

    def test_rows_with_the_identifier_of_another_filing(self):
        """A list gives known identifiers the address of a filing whose answer was lost; its details do as well."""
        filing = self.lose_answer()
        stolen = {
            **filing._prepare_request_body(), 'id': self.first.remote_id, 'stato': 'in_attesa_di_documenti',
            'timestamp': 2000000000}
        self.answer(LIST, [self.row(self.second), stolen])
        self.answer(READ, stolen)
        for _again in range(2):
            self.look_again(filing)
        self.assertEqual((filing.state, filing.remote_id), ('unconfirmed', False))
        self.assertEqual(self.second.state, 'awaiting_documents', "the others go on")
        filing.with_user(self.manager).action_refresh()  # nor is a click stopped
        self.assertEqual(filing.state, 'unconfirmed')

    def test_details_with_another_identifier_after_a_lost_answer(self):
        """A new row is read, and its details tell the identifier of a filing that is known."""
        filing = self.lose_answer()
        row = {
            **filing._prepare_request_body(), 'id': 'f' * 24, 'stato': 'in_attesa_di_documenti',
            'timestamp': 2000000000}
        self.answer(LIST, [self.row(self.second), row])
        self.answer(READ, {**row, 'id': self.first.remote_id})
        self.look_again(filing)
        self.assertEqual((filing.state, filing.remote_id), ('unconfirmed', False))
        self.assertEqual(self.second.state, 'awaiting_documents')

    def test_before_paying(self):
        """Neither is a filing adopted as what is another one's."""
        filing = self.create_filing()
        row = {
            **filing._prepare_request_body(), 'id': 'f' * 24, 'stato': 'in_attesa_di_documenti',
            'timestamp': 2000000000}
        self.answer(LIST, [row])
        self.answer(READ, {**row, 'id': self.first.remote_id})
        self.submit(filing)
        self.assertEqual((filing.state, filing.remote_id), ('queued', False))
        self.assertEqual(self.sandbox.requested(CREATE), 2)

    def test_of_a_twin(self):
        """A filing that is marked as filed twice is not taken over by the other one: a person looks at both."""
        filing = self.lose_answer()
        stolen = {
            **filing._prepare_request_body(), 'id': self.first.remote_id, 'stato': 'in_attesa_di_documenti',
            'timestamp': 2000000000}
        self.first.is_twin = True
        self.answer(LIST, [self.row(self.second), stolen])
        self.answer(READ, stolen)
        for _again in range(2):
            self.look_again(filing)
        self.assertEqual((filing.state, filing.remote_id), ('unconfirmed', False))
        self.assertEqual([candidate['id'] for candidate in filing.candidates], [self.first.remote_id])
        self.assertEqual(self.second.state, 'awaiting_documents')
        with self.assertRaisesRegex(UserError, "has become this record"):
            self.choose(filing, self.first.remote_id)()

    def test_odd_identifiers(self):
        """Doubled, numbers, huge, empty: the rest of the list counts."""
        self.answer(LIST, [
            {'id': 0}, {'id': -1},
            *({'id': remote_id, 'casella_pec': "a@b.it", 'stato': 'x'} for remote_id in HOSTILE_IDS),
            self.row(self.first), self.row(self.first), self.row(self.first, stato='codice_in_richiesta'),
            self.row(self.first),
            self.row(self.second), 5, None, 'x', []])
        self.run_cron('synchronize')
        self.assertEqual({self.first.state, self.second.state}, {'awaiting_documents'})

    def test_one_account_does_not_stop_the_others(self):
        """Whatever goes wrong with an account, the next one is synchronised."""
        other = self.env['res.company'].create({'name': "Un'altra"})
        other._openapi_pec_set_token('sandbox', 'sandbox-token:other')
        filing = self.env['openapi_pec.communication'].create({
            'company_id': other.id, 'user_id': False, 'partner_id': self.partner.id, 'pec_email': 'altra@legalmail.it'})
        self.submit(filing)
        self.assertEqual(filing.state, 'code_requested')
        self.sandbox.set_stato('in_attesa_di_documenti')
        synchronize = type(self.first)._synchronize

        def fail(records, client):
            if self.company in records.company_id:
                records.env.cr.execute("SELECT 1/0", log_exceptions=False)
            return synchronize(records, client)

        self.patch(type(self.first), '_synchronize', fail)
        with self.assertLogs(FOLLOWING, logging.ERROR):
            self.run_cron('synchronize')
        self.assertEqual((self.first.state, filing.state), ('code_requested', 'awaiting_documents'))

    def test_import(self):
        """Rows that are known, doubled or odd; details that tell of another filing."""
        new = 'e' * 24
        self.answer(LIST, [
            self.row(self.first), self.row(self.second, id=new), self.row(self.second, id=new),
            *({'id': remote_id} for remote_id in HOSTILE_IDS)])
        self.answer(READ, self.row(self.first))
        rows = self.env['openapi_pec.foreign_filing'].with_user(self.manager)
        for _twice in range(2):
            rows.action_import()
        row = self.env['openapi_pec.foreign_filing'].search([('state', '=', 'unread')])
        self.assertEqual(row.remote_id, new)
        row.seen_at = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        self.run_cron('import')
        self.assertEqual((row.state, row.reason), ('unread', 'unreadable'))

    def test_import_of_a_row_that_cannot_be_imported(self):
        """It waits for a person; the others are imported."""
        [company] = self.create_companies(1, "Un'impresa %d S.r.l.")
        ids = self.sandbox.create_filings(3, cf_piva=company.l10n_it_codice_fiscale, casella_pec='n{n}@legalmail.it')
        self.env['openapi_pec.foreign_filing'].with_user(self.manager).action_import()
        self.patch(const.service, 'SAFE_MINUTES', 0)
        hold_back = type(self.env['openapi_pec.foreign_filing'])._hold_back

        def fail(rows):
            if any(row.remote_id == ids[1] and row._is_read() for row in rows):
                rows.env.cr.execute("SELECT 1/0", log_exceptions=False)
            return hold_back(rows)

        self.patch(type(self.env['openapi_pec.foreign_filing']), '_hold_back', fail)
        with self.assertLogs(unassigned_match.__name__, logging.ERROR):
            self.run_cron('import')
        imported = self.env['openapi_pec.communication'].search([('remote_id', 'in', ids)]).mapped('remote_id')
        self.assertEqual(set(imported), {ids[0], ids[2]})
        row = self.env['openapi_pec.foreign_filing'].search([('remote_id', '=', ids[1])])
        self.assertEqual((row.state, row.reason), ('unassigned', 'refused'))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestHostileMailboxes(HostileMixin, MailboxCase):

    def row(self, number, **values):
        return {
            'id': f'{number:024x}', 'casella_pec': f'm{number}@testcert.legalmail.it', 'tipo_casella': 'STANDARD',
            'stato': 'evasa', 'timestamp': {'registrazione': 1600000000}, 'owner': 'x', **values}

    def import_all(self):
        return self.env['openapi_pec.mailbox'].with_user(self.manager).action_import_from_service()['params']['message']

    def find(self, number):
        return self.env['openapi_pec.mailbox'].search([('remote_id', '=', f'{number:024x}')])

    def test_import_of_a_doubled_address(self):
        """One row with the address of another one is left out and told, and the others are imported."""
        twin = self.row(3, casella_pec='M1@testcert.legalmail.it')
        self.answer(
            MAILBOXES, [self.row(1), self.row(2), twin, self.row(2), *({'id': remote_id} for remote_id in HOSTILE_IDS)])
        message = self.import_all()
        self.assertEqual(len(self.find(1) + self.find(3)), 1)
        self.assertEqual(len(self.find(2)), 1)
        self.assertIn("Odoo follows one of them: m1@testcert.legalmail.it", message)
        self.assertIn("did not know: 2", message)

    def test_details_tell_a_known_address(self):
        """A mailbox that the list tells without address does not take that of another one; the form says it."""
        self.answer(MAILBOXES, [self.row(1), self.row(2, casella_pec='')])
        self.import_all()
        self.answer(MAILBOX, self.row(2, casella_pec='m1@testcert.legalmail.it'))
        for _again in range(2):
            self.find(2).details_due = True
            self.run_cron('mailboxes')
        self.assertFalse(self.find(2).address)
        self.assertIn("another one has here already", self.find(2).error_message)
        self.find(2).with_user(self.manager).action_refresh()
        self.assertFalse(self.find(2).address)

    def test_answer_with_the_identifier_of_another_mailbox(self):
        first = self.buy()
        mailbox = self.create_mailbox()
        body = mailbox._prepare_request_body()
        self.answer(BUY, {**body, 'id': first.remote_id, 'stato': 'registrata', 'timestamp': {}}, times=1)
        self.order(mailbox, 'mailbox_create')
        self.assertEqual((mailbox.call_state, mailbox.remote_id), ('unconfirmed', False))
        self.assertIn(first.remote_id, self.messages(mailbox))
        self.run_cron('mailboxes')
        self.assertEqual(mailbox.call_state, 'unconfirmed')

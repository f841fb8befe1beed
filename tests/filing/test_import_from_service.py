from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.filing.unassigned_import import IMPORT_FAILURES, IMPORT_PER_RUN
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.outcome import unassigned as foreign_filing

from ..common import CREATE, LIST, SHORT, PecCase

GET = 'GET /comunica_pec/{id}'
COMPANY_CODE = '12485671007'
MATCH = 'odoo.addons.l10n_it_openapi_pec.models.filing.unassigned_match'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestImportFromService(PecCase):
    """What was made in the vendor's console becomes filings of Odoo's, and what a call of Odoo's made never does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        alike = cls.env['res.partner']._openapi_pec_find(
            [COMPANY_CODE, '00743110157', 'RSSMRA80A01H501U', 'RSSMRA80A01L117D'])
        # of the demo data
        (cls.env['res.partner'].union(*alike.values()) - cls.partner - cls.representative).active = False

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.patch(client_module, 'READ_TIMEOUT', SHORT)
        self.rows = self.env['openapi_pec.foreign_filing'].with_user(self.manager)

    def make_remote(self, count=1, stato='codice_in_richiesta', **template):
        template = {'casella_pec': 'altra@legalmail.it', 'cf_piva': COMPANY_CODE, 'cf': 'RSSMRA80A01H501U', **template}
        return self.sandbox.create_filings(count, stato, **template)

    def press(self):
        """Press the button, and wait until what was found is old enough."""
        action = self.rows.action_import()
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_foreign_filing SET seen_at = seen_at - interval '1 hour'")
        self.env.invalidate_all()
        return action

    def import_all(self):
        self.press()
        self.run_cron('import')

    def imported(self):
        return self.env['openapi_pec.communication'].search([('is_imported', '=', True)], order='id')

    def told(self):
        """Return the last message to the manager."""
        return self.env['mail.message'].search([('partner_ids', '=', self.manager.partner_id.id)], limit=1).body

    # ------------------------------------------------------------ found

    def test_by_tax_code(self):
        [remote_id] = self.make_remote(casella_pec='Altra@LegalMail.it')
        self.assertIn("does not know: 1.", self.press()['params']['message'])
        action = self.env['openapi_pec.communication'].with_user(self.manager).action_import_from_service()
        self.assertEqual(action['params']['next'], self.env.ref('l10n_it_openapi_pec.action_foreign_filing').id)
        self.run_cron('import')
        filing = self.imported()
        self.assertEqual(filing.mapped(lambda filing: (
            filing.partner_id, filing.representative_id, filing.kind, filing.state, filing.remote_id,
            filing.remote_state, filing.environment, filing.company_id, filing.user_id, filing.pec_email,
            filing.company_name, filing.city, filing.qualification,
        )), [(
            self.partner, self.representative, 'company', 'code_requested', remote_id, 'codice_in_richiesta',
            'sandbox', self.company, self.manager, 'altra@legalmail.it', "azienda test", "roma",
            'LEGALE_RAPPRESENTANTE',
        )])
        self.assertLess(abs((filing.submitted_at - fields.Datetime.now()).total_seconds()), 60)
        self.assertTrue(filing.expected_on and filing.late_on)
        self.assertFalse(filing.api_call_ids)
        self.assertFalse(self.env['openapi_pec.foreign_filing'].search([]))
        self.assertIn("Imported: 1.", self.told())
        self.assertEqual(self.sandbox.executed(), 0)

    def test_one_line_and_no_activity(self):
        self.make_remote(stato='in_attesa_di_documenti')
        self.import_all()
        filing = self.imported()
        self.assertEqual(filing.state, 'awaiting_documents')
        self.assertEqual(len(filing.message_ids), 1)
        self.assertIn("Imported from the service", self.messages(filing))
        self.assertIn("imported from the service", self.messages(self.partner))
        self.assertNotIn(COMPANY_CODE, self.messages(filing) + self.messages(self.partner) + self.told())
        self.assertFalse(filing.activity_ids)
        self.assertFalse(filing.procura_id)
        self.run_cron('synchronize')
        self.assertTrue(filing.procura_id, "the power of attorney comes as always")

    def test_lives_on_as_every_filing(self):
        self.make_remote()
        self.import_all()
        filing = self.imported()
        self.sandbox.set_stato('documenti_caricati')
        self.run_cron('synchronize')
        self.assertEqual(filing.state, 'documents_uploaded')
        other = self.create_filing(pec_email='altra@legalmail.it')
        self.assertIn('filing_open', [finding.code for finding in other._get_findings()[other]])
        stranger = self.env['res.partner'].create(
            {'name': "Altra S.p.A.", 'is_company': True, 'l10n_it_codice_fiscale': '00743110157'})
        other = self.create_filing(partner_id=stranger.id, pec_email='altra@legalmail.it')
        self.assertIn('open_elsewhere', [finding.code for finding in other._get_findings()[other]])
        with self.assertRaises(UserError):
            filing.unlink()
        with self.assertRaises(UserError):
            filing.pec_email = 'x@legalmail.it'

    def test_old_ones_are_late_and_nobody_is_told(self):
        self.make_remote()
        self.press()
        row = self.env['openapi_pec.foreign_filing'].search([])
        with patch.object(
                foreign_filing, 'submitted_at', return_value=datetime(2024, 5, 6, tzinfo=timezone.utc).timestamp()):
            self.run_cron('import')
        filing = self.imported()
        self.assertFalse(row.exists())
        self.assertEqual((filing.submitted_at, filing.is_late), (datetime(2024, 5, 6), True))
        self.run_cron('synchronize')
        self.assertFalse(filing.activity_ids)
        self.assertEqual(len(filing.message_ids), 1)

    def test_time_of_the_submission(self):
        now = int(datetime.now(timezone.utc).timestamp())
        vendor_id, vendor_time = '60ad149c3a7168084f1d2b68', 1621955740
        for remote_id, stato, timestamp, expected in [
            (vendor_id, 'codice_in_richiesta', vendor_time - 1, vendor_time - 1),
            (vendor_id, 'comunicazione_evasa', 1622127248, vendor_time),
            (vendor_id, 'comunicazione_evasa', None, vendor_time), ('abc', 'comunicazione_evasa', 1622127248, None),
            ('abc', 'codice_in_richiesta', None, None), ('abc', 'codice_in_richiesta', 99999999999, None),
            ('f' * 24, 'comunicazione_evasa', 1622127248, None), ('0' * 24, 'codice_in_richiesta', 0, None),
            ('abc', 'codice_in_richiesta', now, now), (vendor_id, 'comunicazione_evasa', 1500000000, None),
        ]:
            self.assertEqual(
                foreign_filing.submitted_at(remote_id, stato, timestamp), expected, (remote_id, stato, timestamp))

    def test_kind(self):
        self.make_remote(qualifica='amministratore')
        self.import_all()
        self.assertEqual(
            self.imported().mapped(lambda filing: (filing.kind, filing.qualification)),
            [('administrator', 'AMMINISTRATORE')])
        self.assertIn("Administrator", self.messages(self.imported()))

    def test_unknown_stato_and_qualification(self):
        self.make_remote(stato='sospesa_dal_fornitore', qualifica='Imperatore')
        self.import_all()
        filing = self.imported()
        self.assertEqual(
            (filing.state, filing.remote_state, filing.qualification),
            ('code_requested', 'sospesa_dal_fornitore', False))

    def test_whom_it_is_about(self):
        partners = self.env['res.partner']
        company = partners.create({'name': "Madre S.p.A.", 'is_company': True, 'vat': 'IT00743110157'})
        partners.create({'name': "Sede", 'parent_id': company.id, 'type': 'other', 'vat': 'IT00743110157'})
        trader = partners.create({'name': "Anna Bianchi", 'l10n_it_codice_fiscale': 'BNCNNA85T50F205O'})
        partners.create({'name': "Anna Bianchi", 'parent_id': company.id, 'l10n_it_codice_fiscale': 'BNCNNA85T50F205O'})
        self.make_remote(cf_piva='it 00743110157', casella_pec='uno@legalmail.it')
        self.make_remote(cf_piva='bncnna85t50f205o', casella_pec='due@legalmail.it')
        self.import_all()
        self.assertEqual(self.imported().mapped('partner_id'), company + trader)

    def test_omocode(self):
        trader = self.env['res.partner'].create({'name': "Mario Rossi", 'l10n_it_codice_fiscale': 'RSSMRA80A01L117D'})
        self.make_remote(cf_piva='RSSMRA80A01LMMTB')
        self.make_remote(cf_piva='RSSMRA80A01LMMT*')  # the check character does not count
        self.import_all()
        self.assertLessEqual(set(self.imported().partner_id.ids), {trader.id})

    def test_partners_of_other_companies(self):
        other = self.env['res.company'].create({'name': "Altra azienda"})
        self.partner.company_id = other
        self.make_remote()
        self.import_all()
        row = self.env['openapi_pec.foreign_filing'].search([])
        self.assertEqual(
            (row.state, row.reason, self.imported()), ('unassigned', 'other_company', self.imported().browse()))
        other.openapi_pec_token = 'sandbox-token'
        self.manager.company_ids += other
        row.with_user(self.manager).action_assign()
        self.assertEqual(self.imported().company_id, other)

    # ------------------------------------------------------------ not found

    def test_nobody_and_several(self):
        self.make_remote(cf_piva='00743110157', provincia='MI', comune='Milano', ragione_sociale="Nuova S.r.l.")
        self.make_remote(casella_pec='due@legalmail.it')
        self.partner.copy({'l10n_it_codice_fiscale': COMPANY_CODE})
        self.import_all()
        several, nobody = self.env['openapi_pec.foreign_filing'].search([]).with_user(self.manager)
        self.assertEqual((nobody.reason, several.reason), ('no_partner', 'several_partners'))
        self.assertIn("contact: 2.", self.told())
        with self.assertRaisesRegex(UserError, "No contact has this tax code"):
            nobody.action_assign()
        action = nobody.action_create_contact()
        contact = self.env['res.partner'].with_user(self.manager).with_context(**action['context']).create({})
        self.assertEqual(
            (contact.name, contact.is_company, contact.l10n_it_codice_fiscale, contact.openapi_pec_email),
            ("Nuova S.r.l.", True, '00743110157', 'altra@legalmail.it'))
        self.assertEqual((contact.city, contact.state_id.code), ("Milano", 'MI'))
        several.partner_id = self.partner
        several.kind = 'administrator'
        (nobody + several).action_assign()
        self.assertEqual(
            set(self.imported().mapped(lambda filing: (filing.partner_id, filing.kind))),
            {(self.partner, 'administrator'), (contact, 'company')})
        self.assertFalse((nobody + several).exists())

    def test_a_contact_that_is_created_later(self):
        self.make_remote(cf_piva='00743110157')
        self.import_all()
        self.assertEqual(self.rows.search([]).reason, 'no_partner')
        contact = self.env['res.partner'].create({'name': "Nuova", 'is_company': True, 'vat': 'IT00743110157'})
        requested = self.sandbox.requested(GET)
        self.run_cron('import')
        self.assertEqual((self.imported().partner_id, self.sandbox.requested(GET)), (contact, requested))
        self.assertIn("Imported: 1.", self.told())
        self.assertFalse(self.rows.search([]))

    def test_busy_rows_come_later(self):
        self.make_remote()
        self.press()

        def keep_record(rows, *args):
            raise PG_CONCURRENCY_EXCEPTIONS_TO_RETRY[0]

        with patch.object(type(self.rows), '_keep_record', keep_record):
            self.run_cron('import')
        self.assertFalse(self.imported())
        self.run_cron('import')
        self.assertTrue(self.imported())

    def test_ignored_meanwhile(self):
        self.make_remote()
        self.press()
        row = self.rows.search([])
        original = type(self.rows)._read_details

        def read_details(rows, *args):
            result = original(rows, *args)
            rows.write({'state': 'ignored'})
            return result

        self.patch(type(self.rows), '_read_details', read_details)
        self.run_cron('import')
        self.assertEqual((row.state, len(self.imported())), ('ignored', 0))

    def test_companies_without_an_account(self):
        company = self.env['res.company'].create({'name': "Senza conto"})
        self.manager.company_ids += company
        self.make_remote()
        self.rows = self.rows.with_context(allowed_company_ids=[company.id, self.company.id])
        self.import_all()
        self.assertEqual(self.imported().company_id, self.company)

    def test_ignore(self):
        self.make_remote(cf_piva='00743110157')
        self.import_all()
        row = self.rows.search([])
        row.action_ignore()
        self.import_all()
        self.assertEqual((row.state, len(self.rows.search([]))), ('ignored', 1))
        row.action_take_up()
        self.run_cron('import')
        self.assertEqual(row.state, 'unassigned')

    def test_two_open_filings_of_the_same(self):
        self.make_remote(2)
        self.import_all()
        row = self.rows.search([])
        self.assertEqual((len(self.imported()), row.reason), (1, 'filed_already'))
        with self.assertRaisesRegex(UserError, "another filing"):
            row.action_assign()
        self.sandbox.set_stato('comunicazione_evasa')
        self.run_cron('synchronize')
        row.action_assign()
        self.assertEqual(len(self.imported()), 2)

    def test_completed_ones_may_be_many(self):
        self.make_remote(3, 'comunicazione_evasa')
        self.import_all()
        self.assertEqual(self.imported().mapped('state'), ['completed'] * 3)

    # ------------------------------------------------------------ never what a paid call made

    def lose_answer(self):
        filing = self.create_filing()
        self.sandbox.fault(CREATE, 'drop_after')
        self.submit(filing)
        self.assertEqual(filing.state, 'unconfirmed')
        return filing

    def test_lost_answer(self):
        """The filing is recovered by its own call, however often the button is pressed before."""
        filing = self.lose_answer()
        for _time in range(2):
            self.import_all()
            row = self.rows.search([])
            self.assertEqual((row.state, row.reason, self.imported()), ('unread', 'own_call', self.imported().browse()))
        self.assertEqual(self.sandbox.requested(GET), 0)
        self.run_cron('synchronize')
        self.assertEqual((filing.state, filing.remote_id, filing.is_imported), ('code_requested', row.remote_id, False))
        self.run_cron('import')
        self.assertFalse(row.exists())
        self.assertFalse(self.imported())

    def test_lost_answer_of_another_company_with_the_same_account(self):
        filing = self.lose_answer()
        company = self.env['res.company'].create({'name': "Stesso conto", 'openapi_pec_token': 'sandbox-token'})
        self.manager.company_ids += company
        self.rows = self.rows.with_context(allowed_company_ids=company.ids)
        self.import_all()
        self.assertFalse(self.imported())
        self.run_cron('synchronize')
        self.assertEqual(filing.state, 'code_requested')

    def test_never_found_and_there_after_all(self):
        """A call that was looked for in vain is looked for once more before it is paid again.

        Its filing stays free for it.
        """
        self.sandbox.fault(CREATE, 'drop_before')
        filing = self.create_filing()
        self.submit(filing)
        self.run_cron('synchronize')
        self.look_again(filing)
        self.free(filing)
        self.assertEqual((filing.state, filing.api_call_ids.state), ('failed', 'never_arrived'))
        body = filing._prepare_request_body()
        [late] = self.sandbox.create_filings(1, **body)
        self.import_all()
        self.assertEqual(self.rows.search([]).reason, 'own_call')
        filing.pec_email = 'corretta@legalmail.it'
        self.run_cron('import')
        self.assertEqual(self.rows.search([]).reason, 'own_call', "its reference is echoed")
        filing.pec_email = 'prova@legalmail.it'
        self.submit(filing)
        self.assertEqual((filing.remote_id, self.sandbox.executed()), (late, 0))

    def test_given_up_and_there_after_all(self):
        self.sandbox.fault(CREATE, 'drop_before')
        filing = self.create_filing()
        self.submit(filing)
        self.run_cron('synchronize')
        self.look_again(filing)
        self.free(filing)
        self.sandbox.create_filings(1, **filing._prepare_request_body())
        filing.action_cancel()
        self.import_all()
        self.assertEqual(len(self.imported()), 1)

    def test_queued(self):
        filing = self.create_filing()
        self.sandbox.settings(credit=0)
        self.submit(filing)
        self.assertEqual(filing.state, 'queued')
        self.make_remote(casella_pec='prova@legalmail.it')
        self.make_remote()
        self.import_all()
        self.assertEqual(self.imported().pec_email, 'altra@legalmail.it')
        row = self.rows.search([])
        self.assertEqual(row.reason, 'own_call')
        row.sudo().state = 'unassigned'
        with self.assertRaisesRegex(UserError, "waits for its answer"):
            row.action_assign()

    def test_too_recent(self):
        self.make_remote()
        self.rows.action_import()
        self.run_cron('import')
        row = self.rows.search([])
        self.assertEqual((row.reason, self.sandbox.requested(GET)), ('recent', 0))
        triggers = self.env['ir.cron.trigger'].search(
            [('cron_id', '=', self.env.ref('l10n_it_openapi_pec.ir_cron_import').id)])
        self.assertTrue(
            any(trigger.call_at > row.seen_at + timedelta(minutes=const.service.SAFE_MINUTES) for trigger in triggers))
        row.sudo().changed_at = fields.Datetime.now() - timedelta(minutes=30)
        self.assertTrue(row._is_recent(), "the service's clock may be behind")
        row.sudo().changed_at = fields.Datetime.now() - timedelta(hours=3)
        self.assertFalse(row._is_recent())
        row.sudo().write(
            {'changed_at': False, 'seen_at': fields.Datetime.now() - timedelta(minutes=const.service.SAFE_MINUTES + 1)})
        self.assertFalse(row._is_recent())

    def test_recovery_meanwhile(self):
        """What becomes known between the button and the job is forgotten."""
        filing = self.lose_answer()
        self.press()
        self.run_cron('synchronize')
        self.assertEqual(filing.state, 'code_requested')
        self.run_cron('import')
        self.assertFalse(self.rows.search([]))
        self.assertFalse(self.imported())

    def test_the_database_refuses_a_second_record(self):
        [remote_id] = self.make_remote()
        self.press()
        filing = self.create_filing()
        original = type(self.rows)._read_details

        def read_details(rows, *args):
            result = original(rows, *args)
            rows.env['openapi_pec.communication'].browse(filing.id).write(
                {'remote_id': remote_id, 'environment': 'sandbox', 'state': 'completed'})
            return result

        self.patch(type(self.rows), '_read_details', read_details)
        self.patch(type(self.rows), '_forget_known', lambda rows: rows)
        with mute_logger('odoo.sql_db', MATCH):
            self.run_cron('import')
        self.assertFalse(self.imported())
        self.assertEqual(self.rows.search([]).reason, 'refused')

    # ------------------------------------------------------------ who may

    def test_managers_alone(self):
        for user in (self.user, self.outsider):
            with self.assertRaises(AccessError):
                self.rows.with_user(user).action_import()
            with self.assertRaises(AccessError):
                self.rows.with_user(user).search([])
        self.make_remote(cf_piva='00743110157')
        self.import_all()
        row = self.rows.search([])
        for name, value in [('remote_id', 'x'), ('state', 'imported'), ('pec_email', 'x@pec.it')]:
            with self.assertRaises(AccessError):
                row[name] = value
        with self.assertRaises(AccessError):
            row.with_user(self.user).action_assign()
        with self.assertRaises(AccessError):
            self.rows.create({'remote_id': 'x', 'environment': 'sandbox', 'company_id': self.company.id})
        with self.assertRaises(AccessError):
            row.unlink()

    def test_no_account(self):
        self.company.openapi_pec_token = False
        with self.assertRaisesRegex(Exception, "not ready"):
            self.rows.action_import()

    # ------------------------------------------------------------ faults

    def test_list_unreadable(self):
        self.sandbox.fault(LIST, 'drop_before', times=-1)
        with self.assertRaisesRegex(UserError, "cannot be asked now"):
            self.rows.action_import()

    def test_details_unreadable(self):
        for fault, options in [
            ('drop_before', {}), ('error_before', {'status': 500}), ('wrong_json', {}), ('wrong_shape', {}),
            ('huge', {}),
            (
                'error_before', {
                    'status': 200, 'body': {
                        'success': True, 'data': {'id': '60ad149c3a7168084f1d2b68', 'stato': 'x'}}}),
        ]:
            with self.subTest(fault=fault, **options):
                self.sandbox.reset()
                self.rows.search([]).sudo().unlink()
                self.make_remote(stato='comunicazione_evasa')
                self.make_remote(stato='comunicazione_evasa')
                before = len(self.imported())
                self.sandbox.fault(GET, fault, **options)
                self.import_all()
                self.assertEqual((len(self.imported()) - before, self.rows.search([]).reason), (1, 'unreadable'))
                self.run_cron('import')
                self.assertEqual(len(self.imported()) - before, 2)

    def test_token_refused(self):
        """A few requests, a pause, and the import goes on where it stood."""
        self.make_remote(30, 'comunicazione_evasa', casella_pec='pec{n}@legalmail.it')
        refusal = {'success': False, 'message': 'Wrong Token', 'error': 125.22}
        self.sandbox.fault(GET, 'error_before', status=401, skip=22, times=3, body=refusal)
        self.import_all()
        self.assertEqual((len(self.imported()), len(self.rows.search([('reason', '=', 'unreadable')]))), (22, 3))
        self.run_cron('import')
        self.assertEqual((len(self.imported()), self.sandbox.requested(GET)), (30, 33))

    def test_another_environment(self):
        self.make_remote()
        self.press()
        self.company.openapi_pec_environment = 'production'
        self.company._openapi_pec_set_token('sandbox', False)
        # of this job: other addons have jobs of their own
        own = [('cron_id', '=', self.env.ref('l10n_it_openapi_pec.ir_cron_import').id)]
        before = self.env['ir.cron.trigger'].search(own)
        self.run_cron('import')
        self.assertEqual((self.rows.search([]).state, self.sandbox.requested(GET)), ('unread', 0))
        # Odoo has removed the one that has woken the job, unless it is of this very second.
        self.assertLessEqual(set(self.env['ir.cron.trigger'].search(own)), set(before))

    def test_service_down(self):
        self.make_remote(40, casella_pec='pec{n}@legalmail.it')
        self.sandbox.fault(GET, 'error_before', status=500, times=-1)
        self.import_all()
        self.assertEqual(self.sandbox.requested(GET), IMPORT_FAILURES)
        triggers = self.env['ir.cron.trigger'].search(
            [('cron_id', '=', self.env.ref('l10n_it_openapi_pec.ir_cron_import').id)])
        self.assertGreater(
            max(triggers.mapped('call_at')),
            fields.Datetime.now() + timedelta(minutes=const.service.IMPORT_PAUSE_MINUTES - 2))

    def test_gone_meanwhile(self):
        [remote_id] = self.make_remote()
        self.press()
        self.sandbox.delete(remote_id)
        self.run_cron('import')
        self.assertFalse(self.rows.search([]))

    def test_hostile_records(self):
        evil = '<script>alert(1)</script>'
        for number, data in enumerate([
            {
                'casella_pec': evil, 'stato': evil, 'ragione_sociale': evil * 10000, 'cf_piva': COMPANY_CODE,
                'timestamp': 99999999999},
            {
                'casella_pec': 'a@pec.it', 'stato': None, 'cf_piva': [COMPANY_CODE], 'cf': {'a': 1}, 'nome': 3,
                'timestamp': -1},
            {
                'casella_pec': {'a': 1}, 'stato': 'x\x00y', 'cf_piva': COMPANY_CODE, 'nome': '\ud800', 'callback': [1],
                'timestamp': 'x'},
            {
                'casella_pec': 'b@pec.it\x00', 'stato': '\ud800', 'cf_piva': "' OR 1=1 --",
                'callback': {'data': {'reference': [1]}}},
            {
                'casella_pec': 'c@pec.it', 'stato': 'comunicazione_evasa', 'cf_piva': '%', 'comune': '{{7*7}}',
                'provincia': '%s'},
            {},
        ]):
            with self.subTest(data=number):
                [remote_id] = self.make_remote()
                self.sandbox.fault(LIST, 'error_before', status=200, body={
                    'success': True, 'data': [
                        {**data, 'id': remote_id}, {**data, 'id': remote_id}, {'id': '../../x'}, None]})
                self.press()
                self.sandbox.fault(
                    GET, 'error_before', status=200, body={'success': True, 'data': {**data, 'id': remote_id}})
                self.run_cron('import')
                known = self.rows.search_count([('remote_id', '=', remote_id)]) + len(
                    self.imported().filtered(lambda filing, remote_id=remote_id: filing.remote_id == remote_id))
                self.assertEqual(known, 1)
        for filing in self.imported():
            self.assertNotIn('<script', self.messages(filing) + self.messages(filing.partner_id))
            self.assertLessEqual(len(filing.company_name or ''), foreign_filing.MAX_LENGTH)

    def test_one_bad_record(self):
        self.make_remote(5, casella_pec='pec{n}@legalmail.it')
        self.press()
        original = type(self.rows)._get_filing_values

        def get_filing_values(row, *args):
            if row.pec_email == 'pec3@legalmail.it':
                raise ValueError("a bug")
            return original(row, *args)

        self.patch(type(self.rows), '_get_filing_values', get_filing_values)
        with self.assertLogs(MATCH, 'ERROR') as logs:
            self.run_cron('import')
        self.assertEqual(len(logs.output), 1)
        self.assertNotIn(COMPANY_CODE, logs.output[0])
        self.assertEqual(len(self.imported()), 4)
        self.assertEqual(self.rows.search([]).reason, 'refused')

    # ------------------------------------------------------------ many

    def test_many(self):
        """Of 1,000 filings only the unknown ones are read, a bounded number in a run, with few queries each."""
        self.make_remote(700, 'comunicazione_evasa', casella_pec='nota{n}@legalmail.it')
        self.import_all()
        while self.rows.search([('state', '=', 'unread')]):
            self.run_cron('import')
        self.assertEqual((len(self.imported()), self.sandbox.requested(GET)), (700, 700))
        self.assertIn("Imported: 700.", self.told())
        self.make_remote(300, 'comunicazione_evasa', casella_pec='nuova{n}@legalmail.it')
        lists = self.sandbox.requested(LIST)
        self.press()
        self.assertEqual(self.sandbox.requested(LIST) - lists, 1)
        self.assertEqual(len(self.rows.search([])), 300)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.run_cron('import')
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(self.sandbox.requested(GET), 700 + IMPORT_PER_RUN)
        self.assertLess(queries / IMPORT_PER_RUN, 5, f"{queries} queries for {IMPORT_PER_RUN} filings")
        self.run_cron('import')
        self.assertEqual((len(self.imported()), self.sandbox.requested(GET)), (1000, 1000))
        self.assertEqual(self.sandbox.executed(), 0)
        self.press()
        self.assertFalse(self.rows.search([]))

    def test_matching_takes_no_query_per_filing(self):
        self.make_remote(40, 'comunicazione_evasa', casella_pec='pec{n}@legalmail.it')
        self.press()
        rows = self.env['openapi_pec.foreign_filing'].search([])
        rows.write({'company_fiscal_code': COMPANY_CODE})
        counts = []
        for some in (rows[:4], rows[:4], rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(some._match({})), len(some))
            some._hold_back()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_language(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.env['ir.module.module']._load_module_terms(['l10n_it_openapi_pec'], ['it_IT'])
        self.manager.lang = 'it_IT'
        self.make_remote()
        self.import_all()
        self.assertIn("PEC dell&#39;impresa", self.messages(self.imported()).replace("'", "&#39;"))

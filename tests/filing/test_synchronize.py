from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.models.service import lock
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import LIST, PecCase

GET = 'GET /comunica_pec/{id}'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSynchronize(PecCase):
    """One request tells everything; only what changed is touched."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())

    def create_many(self, count, stato='codice_in_richiesta', state='code_requested'):
        ids = self.sandbox.create_filings(count, stato)
        filings = self.env['openapi_pec.communication'].create([{
            'partner_id': self.partner.id, 'user_id': self.manager.id, 'remote_id': remote_id, 'remote_state': stato,
            'state': state, 'environment': 'sandbox',
        } for remote_id in ids])
        self.env.flush_all()
        self.env.invalidate_all()
        return filings

    def count_queries(self, filings):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        filings._synchronize(self.client)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries(self):
        few, many = self.create_many(100), self.create_many(900)
        everything = few + many
        self.count_queries(everything)  # fills the caches that belong to no filing
        unchanged = self.count_queries(few)
        self.assertEqual(self.count_queries(everything), unchanged)
        with self.assertQueryCount(unchanged):
            self.env.invalidate_all()
            everything._synchronize(self.client)
        for stato in ('in_attesa_di_documenti', 'documenti_caricati', 'comunicazione_evasa'):
            requested = self.sandbox.requested(LIST)
            self.sandbox.set_stato(stato)
            queries = self.count_queries(everything)
            self.assertLess((queries - unchanged) / 1000, 0.1, f"{stato}: {queries} queries")
            self.assertEqual(self.sandbox.requested(LIST) - requested, 1)
            self.assertEqual(self.sandbox.requested(GET), 0)
        self.assertEqual(set(everything.mapped('state')), {'completed'})

    def test_what_was_filed_is_not_computed_anew(self):
        """A state between two states at the service changes neither the data nor what was found about them."""
        filings, computed = self.create_many(3), []
        for name in ('_compute_proposed', '_compute_verdict', '_compute_digest', '_compute_pec_email_normalized'):
            original = getattr(type(filings), name)

            def compute(records, name=name, original=original):
                computed.append(name)
                return original(records)

            self.patch(type(filings), name, compute)
        self.env.flush_all()
        kept = ('pec_email', 'fiscal_code', 'digest', 'findings_level', 'proposals')
        before = [[filing[name] for name in kept] for filing in filings.sudo()]
        computed.clear()
        for stato in ('in_attesa_di_documenti', 'documenti_caricati', 'comunicazione_evasa'):
            self.sandbox.set_stato(stato)
            filings._synchronize(self.client)
            self.env.flush_all()
        self.assertEqual((set(filings.mapped('status')), computed), ({'completed'}, []))
        self.env.invalidate_all()
        self.assertEqual([[filing[name] for name in kept] for filing in filings.sudo()], before)
        filings[0]._on_state_entered('failed', "refused")  # which can be corrected again
        self.env.flush_all()
        self.assertIn('_compute_proposed', computed)

    def test_news_alone_is_looked_at(self):
        """Of a list of many filings those alone are had as records of which it tells something."""
        filings = self.create_many(40)
        self.env.cr.execute(
            "UPDATE openapi_pec_communication SET pec_email = id || '@pec.it' WHERE id = ANY(%s)", [filings.ids])
        self.env.invalidate_all()
        rows = self.client.list_filings()
        stato_by_id = {row['id']: row['stato'] for row in rows}
        self.assertEqual(filings._filter_told(filings._read_known(), rows, stato_by_id), (filings[:0],) * 2)
        changed = {
            0: {'is_gone': True}, 1: {'look_until': '2100-01-01 00:00:00'}, 2: {'state': 'documents_uploaded'},
            3: {'remote_state': 'in_attesa_di_documenti'}, 4: {'remote_state': False}, 5: {'remote_id': False},
            6: {'state': 'unconfirmed'}, 7: {'state': 'cancelled'}}
        for number, values in changed.items():
            filings[number].write(values)
        self.sandbox.delete(filings[8].remote_id)
        self.sandbox.set_stato('documenti_caricati', [filings[9].remote_id])
        self.sandbox.create_filings(1, casella_pec=filings[10].pec_email.upper())
        rows = self.client.list_filings()
        stato_by_id = {row['id']: row['stato'] for row in rows}
        told, alike = filings._filter_told(filings._read_known(), rows, stato_by_id)
        self.assertEqual((told, alike), (filings[:11], filings[10]))

    def test_accounts_are_read_once(self):
        companies = self.env['res.company'].create([{'name': "Uno"}, {'name': "Due"}, {'name': "Tre"}])
        filings = self.create_many(4)
        for filing, company in zip(filings, self.company + companies, strict=True):
            filing.write({'state': 'draft', 'user_id': False})
            filing.company_id = company
            filing.state = 'code_requested'
        companies[:2].openapi_pec_token = 'sandbox-token'
        companies[2].openapi_pec_token = 'sandbox-token:other'
        self.sandbox.set_stato('documenti_caricati')
        self.run_cron('synchronize')
        self.assertEqual(self.sandbox.requested(LIST), 2)
        self.assertEqual(filings.mapped('state'), ['documents_uploaded'] * 3 + ['code_requested'])
        self.assertIn("does not know", filings[3].error_message)

    def test_another_environment_goes_on_being_read(self):
        filing = self.create_many(1)
        filing.environment = 'production'
        self.company._openapi_pec_set_token('production', False)
        self.sandbox.set_stato('documenti_caricati')
        self.run_cron('synchronize')
        self.assertEqual(
            (filing.state, self.sandbox.requested(LIST)), ('code_requested', 0), "not with the token of the other one")
        self.company._openapi_pec_set_token('production', 'sandbox-token')
        self.run_cron('synchronize')
        self.assertEqual((filing.state, self.sandbox.requested(LIST)), ('documents_uploaded', 1))

    def test_unknown_stato(self):
        filing = self.create_many(1)
        self.sandbox.set_stato('sospesa_dal_fornitore')
        with self.assertLogs('odoo.addons.l10n_it_openapi_pec.models.record.record_mixin', 'WARNING') as logs:
            self.run_cron('synchronize')
            self.run_cron('synchronize')
        self.assertEqual(len(logs.output), 1)
        self.assertEqual((filing.state, filing.remote_state), ('code_requested', 'sospesa_dal_fornitore'))
        self.assertIn('sospesa_dal_fornitore', self.messages(filing))
        self.sandbox.set_stato('comunicazione_evasa')
        self.run_cron('synchronize')
        self.assertEqual(filing.state, 'completed')

    def test_accepted_with_an_unknown_stato(self):
        filing = self.create_filing()
        self.sandbox.fault('POST /comunica_pec', 'error_before', status=200, body={
            'success': True, 'data': {
                'id': '60ad149c3a7168084f1d2b68', 'stato': 'nuovo', 'casella_pec': filing.pec_email}})
        with self.assertLogs('odoo.addons.l10n_it_openapi_pec.models.record.record_mixin', 'WARNING'):
            self.submit(filing)
        self.assertEqual((filing.state, filing.remote_state), ('code_requested', 'nuovo'))

    def test_stale_news(self):
        """A list that tells less than is known is not believed before the filing itself is read."""
        filing = self.create_many(1, 'documenti_caricati', 'documents_uploaded')
        self.sandbox.fault(LIST, 'error_before', status=200, body={
            'success': True, 'data': [
                {'id': filing.remote_id, 'casella_pec': 'x', 'stato': 'codice_in_richiesta', 'timestamp': 1}]})
        self.run_cron('synchronize')
        self.assertEqual((filing.state, self.sandbox.requested(GET)), ('documents_uploaded', 1))
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertEqual(filing.state, 'awaiting_documents')

    def test_missing_filings_are_asked_a_few_at_a_time(self):
        filings = self.create_many(25)
        for filing in filings:
            self.sandbox.delete(filing.remote_id)
        self.run_cron('synchronize')
        self.assertEqual(self.sandbox.requested(GET), 20)
        self.run_cron('synchronize')
        self.assertEqual(len(filings.filtered('error_message')), 25)
        self.run_cron('synchronize')
        self.assertEqual(self.messages(filings[0]).count("does not know"), 1)
        self.assertEqual(set(filings.mapped('state')), {'code_requested'})

    def test_one_bad_record(self):
        filings = self.create_many(5)
        bad = filings[2]
        original = type(filings)._on_state_entered

        def enter_state(records, *args, **options):
            if bad in records:
                raise ValueError("a bug")
            return original(records, *args, **options)

        self.patch(type(filings), '_on_state_entered', enter_state)
        self.sandbox.set_stato('documenti_caricati')
        with self.assertLogs('odoo.addons.l10n_it_openapi_pec.models.record.following', 'ERROR') as logs:
            self.run_cron('synchronize')
        self.assertEqual(len(logs.output), 1)
        self.assertEqual(set((filings - bad).mapped('state')), {'documents_uploaded'})
        self.assertEqual(bad.state, 'code_requested')

    def test_busy_records_come_later(self):
        filings = self.create_many(2)

        def enter_state(records, *args, **options):
            raise lock.PG_CONCURRENCY_EXCEPTIONS_TO_RETRY[0]

        self.patch(type(filings), '_on_state_entered', enter_state)
        self.sandbox.set_stato('documenti_caricati')
        self.run_cron('synchronize')
        self.assertEqual(set(filings.mapped('state')), {'code_requested'})
        self.assertTrue(
            self.env['ir.cron.trigger'].search(
                [('cron_id', '=', self.env.ref('l10n_it_openapi_pec.ir_cron_synchronize').id)]))

    def test_procura_a_few_at_a_time(self):
        filings = self.create_many(25)
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertEqual(len(filings.filtered('procura_id')), 20)
        self.run_cron('synchronize')
        self.assertEqual(len(filings.filtered('procura_id')), 25)

    def test_procura_unreadable(self):
        filing = self.create_many(1)
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.sandbox.fault('GET /comunica_pec/{id}/procura_registro_imprese', 'error_before', status=500, times=2)
        self.run_cron('synchronize')
        self.assertEqual((filing.state, filing.procura_id), ('awaiting_documents', self.env['ir.attachment']))
        with self.assertRaisesRegex(Exception, "cannot be downloaded now"):
            filing.action_fetch_procura()
        filing.action_fetch_procura()
        self.assertTrue(filing.procura_id)

    def test_language_of_the_follower(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.manager.lang = 'it_IT'
        filing = self.create_many(1)
        self.sandbox.set_stato('in_attesa_di_documenti')
        self.run_cron('synchronize')
        self.assertIn("Procura ricevuta", self.messages(filing))
        self.sandbox.set_stato('comunicazione_evasa')
        self.run_cron('synchronize')
        self.assertIn("completata", self.messages(self.partner))
        self.assertEqual(filing.state, 'completed')

    @mute_logger('odoo.addons.l10n_it_openapi_pec.models.record.following')
    def test_service_down(self):
        filing = self.create_many(1)
        self.sandbox.fault(LIST, 'drop_before', times=-1)
        self.run_cron('synchronize')
        self.assertEqual(filing.state, 'code_requested')

    def test_refresh_many_with_one_request(self):
        filings = self.create_many(3)
        self.sandbox.set_stato('documenti_caricati')
        filings.action_refresh()
        self.assertEqual(filings.mapped('state'), ['documents_uploaded'] * 3)
        self.assertEqual((self.sandbox.requested(LIST), self.sandbox.requested(GET)), (1, 0))

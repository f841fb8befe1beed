from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..common import CREATE, PATCH, PecCase
from ..common_page import get_primary


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestBatch(PecCase):
    """Many companies at once: one confirmation, called in the background."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.create_companies(6)

    def create_batch(self, companies=None):
        action = (companies or self.companies).with_user(self.user).action_openapi_pec_communicate()
        return self.env['openapi_pec.batch'].browse(action['context']['openapi_pec_batch_id']).with_user(self.manager)

    def submit_batch(self, batch, **values):
        """Confirm the price, as a manager does."""
        action = batch.action_open_submit()
        wizard = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        wizard.write(values)
        wizard.action_confirm()
        self.commit()
        batch.invalidate_recordset()
        return wizard

    def test_from_the_contacts_to_the_service(self):
        self.companies[1:3].openapi_pec_email = False
        self.companies[3].child_ids.phone = False
        batch = self.create_batch()
        self.assertRecordValues(batch, [{
            'state': 'draft', 'filing_count': 6, 'ready_count': 3, 'incomplete_count': 3, 'price': 3 * 15.70,
            'progress': 0}])
        missing = batch.communication_ids.filtered(lambda filing: filing.findings_level == 'error')
        self.assertEqual(missing.partner_id, self.companies[1:4])
        self.assertEqual(missing.search(batch.action_open_incomplete()['domain']), missing)
        self.assertEqual(missing.sorted('partner_id').mapped('findings_summary'), [
            *["PEC is missing: complete it on the company's contact."] * 2,
            "Mobile is missing: complete it on the representative's contact.",
        ])
        self.assertEqual(set((batch.communication_ids - missing).mapped('findings_summary')), {"Ready"})
        wizard = self.submit_batch(batch)
        self.assertEqual((round(wizard.price, 2), len(wizard.communication_ids)), (47.10, 3))
        self.assertRecordValues(batch, [{'state': 'running', 'progress': 0, 'draft_count': 3}])
        self.assertEqual(self.sandbox.requested(CREATE), 0, "the scheduled job makes the calls")
        self.run_cron('dispatch')
        self.assertRecordValues(
            batch, [{'state': 'partial', 'progress': 50, 'called_count': 3, 'draft_count': 3, 'ready_count': 0}])
        self.assertEqual(self.sandbox.executed(), 3)
        # Corrected in place, the rest follows.
        line = batch.communication_ids.filtered(lambda filing: filing.partner_id == self.companies[1])
        line.with_user(self.user).pec_email = 'corrected@legalmail.it'
        self.assertEqual((batch.ready_count, batch.incomplete_count), (1, 2))
        self.submit_batch(batch)
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.executed(), 4)
        self.assertIn('corrected@legalmail.it', {filing['casella_pec'] for filing in self.sandbox.filings()})
        self.assertEqual(batch.action_open_filings()['domain'], [('batch_id', '=', batch.id)])

    def test_nothing_ready(self):
        self.companies.openapi_pec_email = False
        batch = self.create_batch()
        with self.assertRaisesRegex(UserError, "No filing of this batch is ready.*Nothing was spent"):
            batch.action_open_submit()

    def test_lines_stand_in_each_others_way(self):
        """The same PEC for two companies: neither is ready."""
        self.companies[:2].openapi_pec_email = 'same@legalmail.it'
        batch = self.create_batch()
        both = batch.communication_ids.filtered(lambda filing: filing.partner_id in self.companies[:2])
        self.assertEqual(both.mapped('findings_level'), ['error', 'error'])
        self.assertEqual(batch.ready_count, 4)

    def test_what_is_to_be_looked_at_is_chosen_by_somebody(self):
        """It is not submitted with the others, and not paid for; chosen in the worklist, it asks for a reason."""
        self.companies[0].openapi_pec_email = 'impresa@unknown.example'
        batch = self.create_batch()
        self.assertRecordValues(
            batch, [{'ready_count': 5, 'warned_count': 1, 'incomplete_count': 0, 'price': 5 * 15.70}])
        warned = batch.communication_ids.search(batch.action_open_warned()['domain'])
        self.assertEqual(warned.partner_id, self.companies[0])
        wizard = self.submit_batch(batch)
        self.assertEqual(wizard.communication_ids, batch.communication_ids - warned)
        with self.assertRaisesRegex(UserError, "only to be looked at is chosen.*Nothing was spent"):
            batch.action_open_submit()
        with self.assertRaisesRegex(UserError, "nothing was spent"):
            self.submit_batch(warned)
        self.submit_batch(warned, reason="Its owner showed it")
        self.run_cron('dispatch')
        self.assertEqual((batch.state, self.sandbox.executed()), ('done', 6))

    def test_what_failed_before_is_no_progress(self):
        """A filing that was refused before it came into a batch: nothing of the batch is sent, and it says so."""
        filings = self.env['openapi_pec.communication'].create(
            [{'partner_id': company.id} for company in self.companies[:3]])
        filings[0].state = 'failed'
        filings.with_user(self.user).action_create_batch()
        batch = filings.batch_id.with_user(self.manager)
        self.assertRecordValues(
            batch, [{'state': 'draft', 'progress': 0, 'called_count': 0, 'failed_count': 1, 'ready_count': 3}])
        filings.with_user(self.manager).action_cancel()
        self.assertRecordValues(batch, [{'state': 'cancelled', 'progress': 0, 'called_count': 0, 'ready_count': 0}])
        self.assertFalse(batch.get_worklist()['may'])

    def test_pause_and_resume(self):
        batch = self.create_batch()
        self.submit_batch(batch)
        batch.action_pause()
        self.run_cron('dispatch')
        self.assertEqual((batch.state, self.sandbox.requested(CREATE)), ('paused', 0))
        batch.action_resume()
        self.run_cron('dispatch')
        self.assertEqual((batch.state, self.sandbox.executed()), ('done', 6))

    def test_no_credit_pauses_says_so_once_and_goes_on(self):
        self.company.openapi_pec_parallel_calls = 3
        batch = self.create_batch()
        self.sandbox.settings(credit=2 * 15.70 + 1, no_credit_form=2)
        self.submit_batch(batch)
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.executed(), 2)
        self.assertEqual((batch.state, batch.pause_reason, batch.called_count), ('running', 'credit', 2))
        self.assertFalse(batch.communication_ids.activity_ids)
        self.assertEqual(batch.activity_ids.mapped('summary'), ["Top up the Openapi wallet: PEC calls are waiting"])
        requested = self.sandbox.requested(CREATE)
        self.run_cron('dispatch')
        self.assertEqual(self.sandbox.requested(CREATE), requested)
        self.company.openapi_pec_paused_until = '2026-01-01 00:00:00'
        self.run_cron('dispatch')  # still none
        self.assertEqual(batch.activity_ids.mapped('summary'), ["Top up the Openapi wallet: PEC calls are waiting"])
        self.sandbox.settings(credit=1000)
        self.company.openapi_pec_paused_until = '2026-01-01 00:00:00'
        self.run_cron('dispatch')
        self.assertEqual((batch.state, self.sandbox.executed()), ('done', 6))
        self.assertFalse(batch.activity_ids)
        self.assertFalse(batch.pause_reason)

    def test_the_wallet_is_compared_with_the_total(self):
        self.company.write({
            'openapi_pec_credit': 20, 'openapi_pec_credit_at': '2026-11-01 10:00:00',
            'openapi_pec_pause_reason': 'credit'})
        batch = self.create_batch()
        self.assertTrue(batch.is_credit_short)
        self.company.openapi_pec_credit = 200
        self.assertFalse(self.create_batch(self.companies[:2]).is_credit_short)
        self.company.openapi_pec_credit = 20
        self.company._openapi_pec_resume()
        batch.invalidate_recordset()
        self.assertEqual((batch.is_credit_short, batch.credit), (False, 20), "it was topped up since")

    def test_one_button(self):
        """One primary button in each state, on the form and on the head of the worklist."""
        view = self.env.ref('l10n_it_openapi_pec.view_batch_form')

        def primary(batch, user=self.manager):
            batch.invalidate_recordset()
            return get_primary(view, batch.with_user(user))

        batch = self.create_batch()
        self.assertEqual(primary(batch), ['action_open_submit'])
        self.assertEqual(primary(batch, self.user), ['action_open_worklist'])
        self.submit_batch(batch)
        self.assertEqual(primary(batch), ['action_open_worklist'])
        batch.action_pause()
        self.assertEqual(primary(batch), ['action_resume'])
        batch.action_resume()
        self.company.write({'openapi_pec_pause_reason': 'credit', 'openapi_pec_paused_until': '2099-01-01 00:00:00'})
        batch.sudo().communication_ids[0].write({'state': 'draft', 'environment': False})
        batch.invalidate_recordset()
        self.assertEqual((batch.pause_reason, batch.ready_count), ('credit', 1))
        self.assertEqual(primary(batch), ['action_go_on'])
        self.assertEqual(batch.with_user(self.manager).get_worklist()['may'][0], 'action_go_on')
        self.company._openapi_pec_resume()
        batch.sudo().communication_ids.write({'state': 'completed'})
        self.assertEqual(primary(batch), ['action_open_worklist'])

    def test_failures_are_counted(self):
        batch = self.create_batch(self.companies[:2])
        self.sandbox.fault(CREATE, 'error_before', status=406, body={
            'success': False, 'message': "invalid casella_pec", 'error': 336, 'data': None})
        self.submit_batch(batch)
        self.run_cron('dispatch')
        self.assertEqual((batch.called_count, batch.failed_count, batch.state, batch.progress), (1, 1, 'partial', 50))
        self.assertEqual(
            (batch.warned_count, batch.ready_count), (1, 0), "what failed can be corrected and submitted again")

    def test_users_prepare_and_managers_spend(self):
        batch = self.create_batch().with_user(self.user)
        for spend in (batch.action_open_submit, batch.action_pause, batch.action_resume):
            with self.assertRaises(AccessError):
                spend()
        with self.assertRaises(AccessError):
            batch.is_paused = True
        with self.assertRaises(AccessError):
            batch.with_user(self.outsider).read(['name'])
        elsewhere = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_user',
                                 company_id=elsewhere.id, company_ids=[Command.set(elsewhere.ids)])
        with self.assertRaises(AccessError):
            batch.with_user(stranger).read(['name'])
        self.assertEqual(self.sandbox.requested(CREATE), 0)

    def test_delete(self):
        batch = self.create_batch()
        filings = batch.communication_ids
        filings[0].action_remove_from_batch()
        self.assertEqual(batch.filing_count, 5)
        self.submit_batch(batch)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            batch.unlink()
        other = self.create_batch()
        filings = other.communication_ids
        other.unlink()
        self.assertFalse(filings.exists())

    def test_drafts_put_into_a_batch(self):
        drafts = self.env['openapi_pec.communication'].create(
            [{'partner_id': company.id} for company in self.companies])
        action = drafts.with_user(self.user).action_create_batch()
        self.assertEqual(drafts.batch_id.id, action['context']['openapi_pec_batch_id'])
        with self.assertRaisesRegex(UserError, "in no other batch"):
            drafts.action_create_batch()

    def test_many_cost_no_query_each(self):
        """Judging the lines, and the totals, take the same number of queries for 6 as for 60."""
        counts = []
        for companies in (self.companies, self.create_companies(66)[6:]):
            batch = self.create_batch(companies)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.read(['ready_count', 'price', 'progress', 'state'])
            batch.communication_ids.read(['findings_level', 'findings_summary', 'price'])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertEqual(self.sandbox.requested(PATCH), 0)

    def test_a_form_that_is_not_saved(self):
        """A filing of a batch that is being corrected in its form is no twin of itself."""
        batch = self.create_batch()
        filing = batch.communication_ids[0]
        with Form(filing) as form:
            form.email = 'other@example.com'
            self.assertEqual(form.present_level, 'fine')
            self.assertNotIn(filing.name, str(form.finding_items))

    def test_what_was_refused_is_not_ready(self):
        """A filing that the service has refused waits for a correction.

        It is neither counted nor sent again with the others.
        """
        batch = self.create_batch(self.companies[:2])
        self.sandbox.fault(CREATE, 'error_before', status=406, body={
            'success': False, 'message': "invalid casella_pec", 'error': 336, 'data': None})
        self.submit_batch(batch)
        self.run_cron('dispatch')
        self.assertRecordValues(
            batch, [{'failed_count': 1, 'called_count': 1, 'ready_count': 0, 'warned_count': 1, 'price': 0}])
        failed = batch.communication_ids.filtered(lambda filing: filing.state == 'failed')
        failed.pec_email = 'corrected@legalmail.it'
        batch.invalidate_recordset()
        self.assertRecordValues(batch, [{'ready_count': 1, 'price': 15.70}])

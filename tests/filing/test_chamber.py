from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext, mute_logger

from ..common import CREATE, PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestChamber(PecCase):
    """What the chamber of commerce answers is recorded by hand; what it refuses is filed again from the old filing."""

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing(mobile='+39 340 1234518', qualification='LIQUIDATORE')
        self.submit(self.filing)
        self.sandbox.set_stato('comunicazione_evasa')
        self.run_cron('synchronize')
        self.assertEqual(self.filing.state, 'completed')

    def activities(self):
        xmlids = self.filing.activity_ids.activity_type_id.get_external_id().values()
        return {xmlid.rpartition('_')[2] for xmlid in xmlids}

    def test_outcomes(self):
        for outcome, activities, words in [
            ('protocollata', {'outcome'}, "Registered for Examination"),
            ('sospesa', {'outcome'}, "Suspended"),
            ('respinta', {'correct'}, "Rejected"),
            ('irricevibile', {'correct'}, "Not Receivable"),
            ('evasa', set(), "Entered in the Register"),
        ]:
            with self.subTest(outcome=outcome):
                self.filing.with_user(self.user).write({
                    'chamber_outcome': outcome, 'chamber_protocol': f"RM-{outcome}", 'chamber_date': '2026-11-20'})
                self.assertEqual(self.activities(), activities)
                self.assertEqual(self.filing.is_refused, activities == {'correct'})
                for record in (self.filing, self.partner):
                    self.assertIn(
                        f"he chamber of commerce answered: {words}, RM-{outcome}, 11/20/2026.", self.messages(record))

    def test_said_once(self):
        for _time in range(2):
            self.filing.chamber_outcome = 'evasa'
        self.filing.chamber_note = "Nothing more"
        self.assertEqual(self.messages(self.partner).count("chamber of commerce answered"), 1)

    def test_protocol_date_and_note_are_tracked(self):
        self.cr.precommit.run()  # what was tracked since the creation is another transaction's
        self.filing.write({'chamber_protocol': "RM 1", 'chamber_date': '2026-11-20', 'chamber_note': "Send it again"})
        self.env.flush_all()
        self.cr.precommit.run()  # where Odoo writes what was tracked
        tracked = self.filing.message_ids.sudo().tracking_value_ids.field_id.mapped('name')
        self.assertEqual(set(tracked), {'chamber_protocol', 'chamber_date', 'chamber_note'})

    def test_nothing_to_answer_to(self):
        for state in ('draft', 'queued', 'code_requested', 'awaiting_documents', 'failed'):
            filing = self.create_filing(state=state)
            with self.assertRaisesRegex(UserError, "record its outcome later"):
                filing.chamber_outcome = 'respinta'

    def test_no_answer_to_a_draft(self):
        """A new filing cannot count as refused, and so stand in nobody's way."""
        filings = self.env['openapi_pec.communication'].with_user(self.user)
        for context, values in (({}, {'chamber_outcome': 'respinta'}), ({'default_chamber_outcome': 'respinta'}, {})):
            with self.assertRaisesRegex(UserError, "record its outcome later"):
                filings.with_context(**context).create({'partner_id': self.partner.id, **values})

    def test_corrected_filing(self):
        self.filing.with_user(self.user).write(
            {'chamber_outcome': 'respinta', 'chamber_note': "The liquidator has changed"})
        action = self.filing.with_user(self.user).action_correct()
        correction = self.filing.browse(action['res_id'])
        self.assertEqual((self.filing.corrected_by_id, correction.corrects_id), (correction, self.filing))
        self.assertEqual((correction.state, correction.user_id, correction.create_uid), ('draft', self.user, self.user))
        for field in (
                'partner_id', 'kind', 'representative_id', 'pec_email', 'qualification', 'mobile', 'fiscal_code',
                'company_name'):
            self.assertEqual(correction[field], self.filing[field], field)
        for field in (
                'remote_id', 'remote_state', 'submitted_at', 'procura_id', 'chamber_outcome', 'chamber_note',
                'environment'):
            self.assertFalse(correction[field], field)
        self.assertNotEqual((correction.name, correction.reference), (self.filing.name, self.filing.reference))
        self.assertEqual(self.activities(), set())
        self.assertIn(correction.name, self.messages(self.filing))
        self.assertIn(self.filing.name, self.messages(correction))
        # What was refused does not stand in its way, and the same button leads to it again.
        self.assertEqual([code[1] for code in correction.finding_codes], ['not_corrected'])
        with self.assertRaisesRegex(UserError, "all other data are those that the chamber of commerce refused"):
            correction.action_submit()
        correction.email = 'liquidatore@example.com'
        self.assertEqual(correction.findings_level, 'fine')
        self.assertEqual(self.filing.with_user(self.user).action_correct()['res_id'], correction.id)
        self.submit(correction)
        self.assertEqual((correction.state, self.sandbox.executed(CREATE)), ('code_requested', 2))

    def test_a_draft_that_is_there_already_is_the_correction(self):
        """It is not made once more, and is judged, shown and asked about as what takes the refused one's place."""
        self.filing.chamber_outcome = 'respinta'
        draft = self.create_filing(
            **{name: self.filing[name] for name in ('pec_email', 'mobile', 'qualification')})
        count = draft.search_count([])
        action = self.filing.with_user(self.user).action_correct()
        self.assertEqual((action['res_id'], draft.search_count([])), (draft.id, count))
        self.assertEqual((self.filing.corrected_by_id, draft.corrects_id), (draft, self.filing))
        self.assertIn(draft.name, self.messages(self.filing))
        self.assertIn(f"prepared already, and takes the place of {self.filing.name}", self.text_of(draft))
        self.assertEqual(self.activities(), set())
        self.assertEqual([code[1] for code in draft.finding_codes], ['not_corrected'])
        self.assertEqual((draft.findings_level, draft.present_level), ('warning', 'warning'))
        self.assertEqual(draft.reasons, "Chamber Outcome: refused, nothing corrected")
        with self.assertRaisesRegex(UserError, "all other data are those that the chamber of commerce refused"):
            draft.action_submit()

    def text_of(self, record):
        """Return what the chatter of a record says, without its links."""
        return html2plaintext(self.messages(record), include_references=False)

    def test_a_draft_for_something_else_is_not_the_correction(self):
        self.filing.chamber_outcome = 'respinta'
        another = self.representative.copy({'name': "Anna Verdi", 'parent_id': self.partner.id})
        drafts = self.create_filing(kind='administrator') + self.create_filing(
            renews_id=self.create_filing(state='completed').id) + self.create_filing(representative_id=another.id)
        correction = drafts.browse(self.filing.action_correct()['res_id'])
        self.assertNotIn(correction, drafts)
        self.assertFalse(drafts.corrects_id)
        self.assertIn(f"Made from {self.filing.name}", self.text_of(correction))

    def test_a_deleted_correction_frees_the_button(self):
        self.filing.chamber_outcome = 'irricevibile'
        self.filing.action_correct()
        self.filing.corrected_by_id.unlink()
        self.assertFalse(self.filing.corrected_by_id)
        self.assertTrue(self.filing.action_correct()['res_id'])

    def test_only_what_is_refused(self):
        for outcome in (False, 'protocollata', 'sospesa', 'evasa'):
            self.filing.chamber_outcome = outcome
            with self.assertRaisesRegex(UserError, "Only what the chamber has refused"):
                self.filing.action_correct()

    def test_who_may(self):
        self.filing.chamber_outcome = 'respinta'
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            self.filing.with_user(self.outsider).action_correct()
        with self.assertRaisesRegex(AccessError, "corrected_by_id"):
            self.filing.with_user(self.manager).corrected_by_id = self.filing

    def test_form(self):
        with Form(self.filing) as form:
            form.chamber_outcome = 'sospesa'
            form.chamber_note = "Correction asked by e-mail"
        self.assertEqual(self.filing.chamber_outcome, 'sospesa')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTerms(PecCase):
    """When a filing is expected and when it is late."""

    def test_late_from_the_companys_setting(self):
        for days, late_on in ((2, '2027-10-06'), (6, '2027-10-12'), (10, '2027-10-18')):
            with self.subTest(days=days):
                self.company.openapi_pec_late_days = days
                filing = self.create_filing()
                # A Friday evening in Rome; Monday 4 October is a holiday.
                filing._on_call_accepted(
                    'create', {'id': f'{days:024x}', 'stato': 'codice_in_richiesta'},
                    fields.Datetime.to_datetime('2027-10-01 20:00:00'))
                self.assertEqual((str(filing.expected_on), str(filing.late_on)), ('2027-10-06', late_on))

    def test_bounds(self):
        for days in (-1, 0, 1, 251, 2_000_000_000):
            with self.assertRaisesRegex(ValidationError, "Choose 2 to 250"), self.cr.savepoint():
                self.company.openapi_pec_late_days = days
                self.env.flush_all()

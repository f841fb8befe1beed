from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import CREATE, PecCase
from ..common_mailbox import BUY, MailboxCase

ELSEWHERE = "that Odoo does not know"


class KnownMixin:
    """What somebody made at the service without Odoo."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())

    def make_elsewhere(self, filing, **changes):
        """Make at the service what a filing would make, without its reference; return its id."""
        body = {**filing._prepare_request_body(), 'callback': None, **changes}
        return self.client.create_filing({key: value for key, value in body.items() if value is not None})['id']

    def note(self, read=True):
        """Press *Import from the Service*; the details are read, unless told otherwise, and assigned to nobody."""
        self.env['openapi_pec.foreign_filing'].with_user(self.manager).action_import()
        rows = self.env['openapi_pec.foreign_filing'].search([])
        if read:
            records, _failed = rows._read_details(self.client, 1)
            rows._keep_details(records)
            rows._wait_for_person('several_partners')
        return rows


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestKnownBefore(KnownMixin, PecCase):
    """What the service has shown before the click is asked before the click, once; what nobody had seen stops the call.
    """

    def get_reasons(self, filing):
        return {finding.code for finding in filing._get_findings()[filing]}

    def test_to_be_assigned(self):
        filing = self.create_filing()
        self.make_elsewhere(filing)
        row = self.note()
        for state in ('unassigned', 'ignored'):
            row.state = state
            filing.invalidate_recordset()
            self.assertEqual((filing.findings_level, ELSEWHERE in filing.findings), ('warning', True))
        self.assertIn(self.env['openapi_pec.communication']._get_stato_label(row.remote_state), filing.findings_summary)
        self.assertIn("does not say whether as the company's or as an administrator's", filing.findings_summary)
        with self.assertRaisesRegex(UserError, "(?s)only for a reason.*that Odoo does not know.*nothing was spent"):
            self.submit(filing)
        self.assertEqual(self.sandbox.requested(CREATE), 1)
        filing.with_user(self.manager).action_submit("a new term of office")
        self.commit()
        self.assertEqual((filing.state, filing.is_held, self.sandbox.executed()), ('code_requested', False, 2))
        self.assertEqual(filing.stranger_ids, [row.remote_id])
        self.assertIn("a new term of office", self.messages(filing))
        self.assertIn(ELSEWHERE, self.messages(filing))

    def test_date(self):
        filing = self.create_filing()
        self.make_elsewhere(filing)
        self.note().changed_at = '2025-05-03 10:00:00'
        self.assertIn("05/03/2025", filing.findings_summary)

    def test_not_read_yet(self):
        """Its company is not known, so that is said; what it echoes is looked at all the same before it is paid."""
        filing = self.create_filing()
        # by a database that was restored since
        remote_id = self.client.create_filing(filing._prepare_request_body())['id']
        self.note(read=False)
        self.assertEqual(
            self.get_reasons(filing) & {'filed_elsewhere', 'filed_elsewhere_unread'}, {'filed_elsewhere_unread'})
        filing.action_submit("I do not know it")
        self.commit()
        self.assertEqual((filing.state, filing.remote_id, self.sandbox.executed()), ('code_requested', remote_id, 1))

    def test_not_read_yet_and_another_one(self):
        filing = self.create_filing()
        self.make_elsewhere(filing)
        self.note(read=False)
        filing.action_submit("a new term of office")
        self.commit()
        self.assertEqual((filing.state, filing.is_held, self.sandbox.executed()), ('code_requested', False, 2))

    def test_what_it_is_itself(self):
        """What echoes this filing's own reference is nothing to be asked about: it is taken over."""
        filing = self.create_filing()
        remote_id = self.client.create_filing(filing._prepare_request_body())['id']
        self.note()
        self.assertEqual(filing.findings_level, 'fine')
        self.submit(filing)
        self.assertEqual((filing.remote_id, self.sandbox.executed()), (remote_id, 1))

    def test_of_somebody_else(self):
        filing = self.create_filing()
        self.make_elsewhere(filing, cf_piva='00743110157')
        self.make_elsewhere(filing, casella_pec='altra@legalmail.it')
        self.note()
        self.assertEqual(filing.findings_level, 'fine')
        row = self.env['openapi_pec.foreign_filing'].search([('pec_email', '=', filing.pec_email)])
        row.company_fiscal_code = 'IT 12485671007'
        filing.invalidate_recordset()
        self.assertEqual(filing.findings_level, 'warning')
        row.company_id = self.env['res.company'].create({'name': "Altra", 'openapi_pec_token': 'sandbox-token:another'})
        filing.invalidate_recordset()
        self.assertEqual(filing.findings_level, 'fine', "of another account")

    def test_what_a_look_has_shown(self):
        """The call is stopped once; whoever gives up and comes back, or makes a new filing, is asked before the click.
        """
        filing = self.create_filing()
        remote_id = self.make_elsewhere(filing)
        self.submit(filing)
        self.assertTrue(filing.is_held)
        filing.action_cancel()
        filing.action_draft()
        again = self.create_filing(pec_email=filing.pec_email)
        for draft in (filing, again):
            self.assertEqual(self.get_reasons(draft) & {'filed_elsewhere'}, {'filed_elsewhere'})
            with self.assertRaisesRegex(UserError, ELSEWHERE):
                draft.action_submit()
        again.action_submit("a new term of office")
        self.commit()
        self.assertEqual((again.state, again.is_held, again.stranger_ids), ('code_requested', False, [remote_id]))
        self.assertEqual(self.sandbox.executed(), 2)

    def test_answered_once(self):
        """What was said to be another one is not asked about again when the call was refused."""
        filing = self.create_filing()
        self.make_elsewhere(filing)
        self.note()
        self.sandbox.fault(
            CREATE, 'error_before', status=406, body={'success': False, 'message': "no", 'error': 336, 'data': None})
        filing.action_submit("a new term of office")
        self.commit()
        self.assertEqual(filing.state, 'failed')
        self.assertFalse(self.get_reasons(filing) & {'filed_elsewhere'})

    def test_what_nobody_had_seen_stops_the_call(self):
        """Beside what was answered: only the other one is shown."""
        filing = self.create_filing()
        self.make_elsewhere(filing)
        self.note()
        new = self.make_elsewhere(filing)
        filing.action_submit("a new term of office")
        self.commit()
        self.assertEqual(
            (filing.state, filing.is_held, [row['id'] for row in filing.candidates]), ('queued', True, [new]))

    def test_a_lost_answer(self):
        """What was answered is no candidate either for what became of the call."""
        filing = self.create_filing()
        self.make_elsewhere(filing)
        self.note()
        self.sandbox.fault(CREATE, 'drop_before')
        filing.action_submit("a new term of office")
        self.commit()
        self.run_cron('synchronize')
        self.assertEqual((filing.state, filing.candidates), ('unconfirmed', False))

    def test_a_batch_of_300(self):
        """One reason for all, and as many queries as for one."""
        companies = self.create_companies(300)
        action = companies.with_user(self.user).action_openapi_pec_communicate()
        batch = self.env['openapi_pec.batch'].browse(action['context']['openapi_pec_batch_id']).with_user(self.manager)
        filings = batch.communication_ids
        moment = fields.Datetime.now() - timedelta(days=400)
        self.env['openapi_pec.foreign_filing'].create([{
            'company_id': self.company.id, 'environment': 'sandbox', 'remote_id': f'{number:024x}',
            'pec_email': filing.pec_email, 'company_fiscal_code': filing.company_fiscal_code,
            'remote_state': 'comunicazione_evasa', 'state': 'unassigned', 'changed_at': moment, 'reference': '',
        } for number, filing in enumerate(filings)])
        counts = []
        for some in (filings[:3], filings):
            self.env.flush_all()
            self.env.invalidate_all()
            some.sudo()._get_findings()  # what is read of the filings themselves
            before = self.env.cr.sql_log_count
            findings = some._get_findings(together=True)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(
                all('filed_elsewhere' in {finding.code for finding in own} for own in findings.values()))
        self.assertLessEqual(counts[1], counts[0] + 2)
        with self.assertRaisesRegex(UserError, "Nothing was spent"):
            batch.action_open_submit()  # not with one click for all: somebody chooses them
        action = filings.with_user(self.manager).action_open_submit()
        wizard = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        self.assertEqual(wizard.warnings.count(ELSEWHERE), 300)
        with self.assertRaisesRegex(UserError, ELSEWHERE):
            wizard.action_confirm()
        wizard.reason = "a new term of office"
        wizard.action_confirm()
        self.assertEqual(set(filings.mapped('state')), {'queued'})
        self.assertTrue(all(filings.mapped('stranger_ids')))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxKnownBefore(KnownMixin, MailboxCase):
    """The same of the purchase of a mailbox."""

    def test_what_a_look_has_shown(self):
        first = self.create_mailbox(address='nota@pec.example.it')
        self.sandbox.create_mailboxes(1, casella_pec=first.address)
        [remote] = self.sandbox.mailboxes()
        self.order(first, 'mailbox_create')
        self.assertEqual((first.call_state, first.is_held), ('queued', True))
        first.action_give_up()
        second = self.create_mailbox(address=first.address)
        self.assertEqual(second.findings_level, 'warning')
        self.assertIn(ELSEWHERE, second.findings)
        order = self.open_order(second, 'mailbox_create').create({})
        self.assertIn(ELSEWHERE, order.awaited_sentence)
        self.assertNotIn(ELSEWHERE, order.warnings or '')
        with self.assertRaisesRegex(UserError, "Say in a few words why.*nothing was spent"):
            order.action_confirm()
        self.assertEqual(self.sandbox.requested(BUY), 0)
        order.reason = "of another office"
        order.action_confirm()
        self.commit()
        self.assertEqual((second.stranger_ids, self.sandbox.requested(BUY)), ([remote['id']], 1))
        self.assertFalse(second.is_held)
        self.assertIn("of another office", self.messages(second))

"""What is said of the money agrees with what the journal knows of it: each operation, each outcome."""
import re

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.api_call import MONEY_BY_STATE

from ..common import CREATE, PATCH
from ..common_mailbox_operations import OPERATIONS, OperationsCase

HEDGED = re.compile(r"probably[^.:]*nothing was spent|what the service then refuses[^.]*")
NOTHING = re.compile(r"nothing (was|is) (sent or )?spent|nothing spent|before it was sent", re.IGNORECASE)
UNKNOWN = re.compile(r"not known|not certain|perhaps|may have been|probably|is finding out", re.IGNORECASE)
BAD_DATA = {'success': False, 'message': "no", 'data': None}
# operation -> a status and code that the specification documents for it
REFUSALS = {
    'create': (406, 336), 'documents': (406, 355), 'mailbox_create': (406, 242), 'mailbox_activate': (406, 296),
    'mailbox_modify': (406, 325), 'mailbox_transform': (406, 276), 'mailbox_store': (406, 293),
    'mailbox_user': (406, 217), 'mailbox_renew': (428, 203), 'mailbox_revoke': (428, 304),
}
NAMES = {'create': CREATE, 'documents': PATCH, **OPERATIONS}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMoneySaid(OperationsCase):
    """All that a person reads after a call: message, chatter, activities, overview."""

    def begin(self, operation):
        if operation in OPERATIONS:
            return super().begin(operation)
        self.env['openapi_pec.communication'].search([]).write({'environment': False})
        self.company._openapi_pec_resume()
        self.sandbox.reset()
        filing = self.create_filing()
        if operation == 'documents':
            self.bring_to_signature(filing)
            self.upload(filing)
        return filing

    def ask(self, record, operation, **more):
        if operation in OPERATIONS:
            return super().ask(record, operation, **more)
        if operation == 'create':
            record.action_submit("so it has to be")
        else:
            record.action_send_documents("so it has to be")
        return self.commit()

    def listen(self, record):
        """Begin to listen to what is said of a record."""
        self.heard = set(record.message_ids.ids), set(record.activity_ids.ids)

    def get_said(self, record):
        """Return what was said since, without what was only hedged."""
        record.invalidate_recordset()
        messages, activities = self.heard
        texts = [
            record.error_message or '', ('progress_sentence' in record._fields and record.progress_sentence) or '',
            ('awaited_sentence' in record._fields and record.awaited_sentence) or '',
            *record.message_ids.filtered(lambda message: message.id not in messages).mapped('body'),
            *record.activity_ids.filtered(lambda activity: activity.id not in activities).mapped('summary'),
        ]
        return HEDGED.sub('probably', ' | '.join(map(str, texts)))

    def assert_agrees(self, record, operation, state):
        """The line is in this state, and what is said claims of the money what the table says."""
        line = record.sudo().api_call_ids.filtered(lambda line: line.operation == operation)[:1]
        self.assertEqual(line.state, state)
        money, said, is_free = MONEY_BY_STATE[state], self.get_said(record), operation in const.service.FREE_OPERATIONS
        self.assertEqual(bool(NOTHING.search(said)), money == 'nothing', said)
        if not is_free:
            self.assertEqual(bool(UNKNOWN.search(said)), money == 'unknown', said)
        self.assertNotIn("need not do anything", said if state == 'never_arrived' else '')

    def make(self, operation, fault=None, **options):
        record = self.begin(operation)
        self.listen(record)
        if fault:
            self.sandbox.fault(NAMES[operation], fault, **options)
        self.ask(record, operation)
        return record

    def test_accepted(self):
        for operation in NAMES:
            with self.subTest(operation=operation):
                self.assert_agrees(self.make(operation), operation, 'accepted')

    def test_refused(self):
        for operation, (status, code) in REFUSALS.items():
            with self.subTest(operation=operation):
                record = self.make(operation, 'error_before', status=status, body={**BAD_DATA, 'error': code})
                self.assert_agrees(record, operation, 'refused')

    def test_unknown(self):
        for operation in NAMES:
            for status in (408, 409, 425, 499, 500):
                with self.subTest(operation=operation, status=status):
                    record = self.make(operation, 'error_after', status=status, body={**BAD_DATA, 'error': None})
                    self.assert_agrees(record, operation, 'pending')

    def test_looked_for_freed_and_given_up(self):
        for operation in NAMES:
            if operation in const.service.FREE_OPERATIONS:
                continue
            with self.subTest(operation=operation):
                record = self.make(operation, 'drop_before')
                job = 'synchronize' if operation == 'create' else 'mailboxes'
                for _look in range(2):
                    self.look_again(record, job)
                    self.listen(record)
                    self.assert_agrees(record, operation, 'pending')
                if record.is_to_decide and not record.candidates:
                    self.listen(record)
                    self.free(record)
                    self.assert_agrees(record, operation, 'never_arrived')
                    self.give_up(record, operation)

    def give_up(self, record, operation):
        """Submitted again, not sent, and given up: the earlier call is still not known."""
        self.sandbox.fault(NAMES[operation], 'error_before', times=-1, status=402, body={**BAD_DATA, 'error': 1})
        self.ask(
            record, operation, **(
                {'reason': "so it has to be"} if operation in OPERATIONS and operation != 'mailbox_create' else {}))
        self.assertIn('queued', (record.state, 'call_state' in record._fields and record.call_state))
        self.listen(record)
        if operation == 'create':
            record.action_cancel()
        else:
            record.action_give_up()
        said = self.get_said(record)
        self.assertRegex(said, UNKNOWN)
        self.assertNotRegex(said, NOTHING)

    def test_refused_after_a_call_that_was_not_found(self):
        record = self.make('create', 'drop_before')
        for _look in range(2):
            self.look_again(record)
        self.free(record)
        self.assertIn("not certain whether it was filed and paid", record.progress_sentence)
        self.sandbox.fault(CREATE, 'error_before', status=406, body={**BAD_DATA, 'error': 336})
        record.action_submit()
        self.commit()
        self.assertRegex(record.error_message, "Refused, nothing was spent.*an earlier call, which was not found")
        self.assertIn("not certain whether it was filed and paid", record.progress_sentence)

    def test_none_of_these_while_it_is_looked_for(self):
        """It frees nothing yet, and does not say so."""
        record = self.make('create', 'drop_after')
        for remote in self.sandbox.filings():
            self.sandbox.weather(mood={'echo': False})
            self.client.create_filing(
                {key: value for key, value in record._prepare_request_body().items() if key != 'callback'})
            self.assertTrue(remote)
        self.run_cron('synchronize')
        self.assertTrue(record.candidates)
        question = self.env['openapi_pec.reconcile'].browse(record.with_user(self.manager).action_choose()['res_id'])
        self.assertEqual((question.question, question.may_free), ('which', False))
        self.choose(record, 'none', reason="of the year before")()
        self.assertEqual(record.state, 'unconfirmed')
        self.assertIn(
            "none of the records at the service that look like it, because: of the year before", self.messages(record))
        self.assertIn("whether it was executed and paid is not known", record.error_message)

"""Lines of the journal that an earlier version left pending, of records that have gone on meanwhile: they are settled.
"""
from odoo.tests import tagged

from ..common import PATCH, LostAnswerCase
from ..common_mailbox import REVOKE
from ..common_mailbox_operations import OperationsCase


class LeaveMixin:
    """Records as an earlier version left them behind, in a database that is in use."""

    def leave_pending(self, line, **values):
        """Let a line be pending again, and the record be as told."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE openapi_pec_api_call SET state = 'pending', remote_id = NULL, ended_at = NULL, status = 0 WHERE id "
            "= %s", [line.id])
        self.env.invalidate_all()
        self.env[line.res_model].browse(line.res_id).sudo().write(values)
        self.env.flush_all()

    def count_run(self, job, model):
        """Return how many queries the synchronisation takes when nothing has changed."""
        self.run_cron(job)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env[model]._reconcile_left_pending()
        return self.env.cr.sql_log_count - before


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLeftPending(LeaveMixin, LostAnswerCase):

    def bring_to(self, state):
        if state == 'code_requested':
            self.submit(self.filing)
        else:
            self.bring_to_signature(self.filing)
        if state in ('documents_uploaded', 'completed'):
            self.upload(self.filing)
            self.filing.action_send_documents()
            self.commit()
        if state == 'completed':
            self.sandbox.set_stato('comunicazione_evasa')
            self.run_cron('synchronize')
        self.assertEqual(self.filing.state, state)

    def lines(self, operation):
        return self.filing.sudo().api_call_ids.filtered(lambda line: line.operation == operation)

    def test_what_made_the_filing(self):
        """Its identifier is there, in whatever state, and no other call has made it."""
        for state in ('code_requested', 'awaiting_documents', 'documents_uploaded', 'completed'):
            with self.subTest(state=state):
                self.sandbox.reset()
                self.filing = self.create_filing()
                self.bring_to(state)
                line = self.lines('create')
                self.leave_pending(line)
                self.run_cron('synchronize')
                self.assertEqual(
                    (line.state, line.remote_id, bool(line.ended_at)), ('accepted', self.filing.remote_id, True))
                self.assertEqual((self.filing.state, self.sandbox.executed()), (state, 1))

    def test_documents_that_are_there(self):
        for state in ('documents_uploaded', 'completed'):
            with self.subTest(state=state):
                self.sandbox.reset()
                self.filing = self.create_filing()
                self.bring_to(state)
                line = self.lines('documents')
                self.leave_pending(line)
                self.run_cron('synchronize')
                self.assertEqual((line.state, self.filing.state), ('accepted', state))

    def test_documents_that_are_not_known(self):
        """They are looked for again; when they are not there, they can be sent once more.

        Before that nothing could be done.
        """
        for state in ('awaiting_documents', 'queued'):
            with self.subTest(state=state):
                self.sandbox.reset()
                self.filing = self.create_filing()
                self.bring_to('awaiting_documents')
                self.upload(self.filing)
                self.sandbox.fault(PATCH, 'drop_before')
                self.filing.action_send_documents()
                self.commit()
                line = self.lines('documents')
                self.leave_pending(line, state=state)
                self.run_cron('synchronize')
                self.assertEqual((line.state, self.filing.state), ('pending', 'unconfirmed'))
                self.look_again(self.filing)
                self.assertEqual((line.state, self.filing.state), ('never_arrived', 'awaiting_documents'))
                self.filing.action_send_documents()
                self.commit()
                self.assertEqual((self.filing.state, self.sandbox.executed(PATCH)), ('documents_uploaded', 1))

    def test_another_call_has_made_it(self):
        """Then whether the first was executed as well is not known: it is looked for, and told when it shows."""
        self.submit(self.filing)
        first, line = self.filing.remote_id, self.lines('create')
        other = self.filing._create_line('create')
        other._keep_sent(self.filing._prepare_sent('create'))
        self.env.flush_all()
        self.run_cron('synchronize')
        self.assertEqual((other.state, other.money, self.filing.state), ('never_arrived', 'nothing', 'code_requested'))
        self.assertTrue(self.filing.look_until)
        self.assertIn("is not known. Odoo goes on looking", self.messages(self.filing))
        second = self.client.create_filing(self.filing._prepare_request_body())['id']
        self.run_cron('synchronize')
        self.assertEqual((line.remote_id, other.remote_id, self.filing.remote_id), (first, second, first))
        self.assertIn("Paid twice", self.messages(self.filing))

    def test_what_is_under_way_is_left_alone(self):
        self.bring_to('awaiting_documents')
        self.upload(self.filing)
        self.sandbox.fault(PATCH, 'drop_before')
        self.filing.action_send_documents()
        self.commit()
        self.filing._reconcile_left_pending()
        self.assertEqual((self.lines('documents').state, self.filing.state), ('pending', 'unconfirmed'))

    def test_queries(self):
        """One, however many filings there are, when nothing is left."""
        self.submit(self.filing)
        self.assertEqual(self.count_run('synchronize', 'openapi_pec.communication'), 1)
        for number in range(5):
            self.submit(self.create_filing(pec_email=f'uno{number}@legalmail.it'))
        self.assertEqual(self.count_run('synchronize', 'openapi_pec.communication'), 1)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxLeftPending(LeaveMixin, OperationsCase):

    def test_a_purchase(self):
        mailbox = self.begin('mailbox_create')
        self.order(mailbox, 'mailbox_create')
        line = mailbox.sudo().api_call_ids
        self.leave_pending(line)
        self.run_cron('mailboxes')
        self.assertEqual((line.state, line.remote_id, mailbox.state), ('accepted', mailbox.remote_id, 'registered'))

    def test_a_change_that_can_be_looked_for(self):
        """What was asked for is still known: the mailbox shows whether it was executed."""
        mailbox = self.begin('mailbox_renew')
        confirm = self.open(mailbox, 'mailbox_renew')
        self.sandbox.fault('GET /pec/{id}/rinnovo', 'drop_after')
        confirm()
        self.commit()
        line = mailbox.sudo().api_call_ids[:1]
        self.leave_pending(line, call_state='failed')
        self.run_cron('mailboxes')
        self.assert_applied(mailbox, 'mailbox_renew')

    def test_a_change_that_nothing_shows(self):
        mailbox = self.begin('mailbox_renew')
        self.ask(mailbox, 'mailbox_renew')
        line = mailbox.sudo().api_call_ids[:1]
        self.leave_pending(line)
        self.run_cron('mailboxes')
        self.assertEqual((line.state, mailbox.call_state), ('lost', False))
        self.ask(mailbox, 'mailbox_revoke')
        self.assertEqual((mailbox.state, self.sandbox.executed(REVOKE)), ('revoked', 1))

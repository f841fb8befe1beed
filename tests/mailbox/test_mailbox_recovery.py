from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec import const

from ..common_mailbox import BUY, MAILBOX, MAILBOXES, RENEW, REVOKE
from ..common_mailbox_operations import CHANGES, OPERATIONS, PAID, OperationsCase

CALL_DISPATCH = 'odoo.addons.l10n_it_openapi_pec.models.service.call_dispatch'
CLOSED = 'http://127.0.0.1:9'

# What loses the answer of a call that took effect.
EXECUTED = [
    ('drop_after', {}), ('truncate', {}), ('error_after', {'status': 502}), ('error_after', {'status': 503}),
    ('wrong_json', {}), ('wrong_shape', {}),
    ('wrong_shape', {'body': {'success': True, 'data': {'id': '6045fdee3a716847a978a47'}}}),
    ('delay_after', {'seconds': 60}), ('slow_body', {'seconds': 30}),
]
# What answers badly, or not at all, without having done anything.
UNCHANGED = [
    ('drop_before', {}), ('error_before', {'status': 500}), ('error_before', {'status': 503}),
    (
        'error_before', {
            'status': 503, 'body': {
                'success': False, 'message': "service temporarily unavailable", 'error': 402, 'data': None}}),
    ('not_envelope_4xx', {'status': 400}), ('not_envelope_4xx', {'status': 403}), ('redirect', {'location': CLOSED}),
]
# Whether a call that was not found may have cost something -> what is said of it.
FREED = {
    True: (
        "probably", "nothing was spent", "that is not certain", "a new call is paid again",
        "Look into the Openapi console"),
    False: ("probably it did not arrive. It costs nothing: send again",),
}
SLOW = ('delay_after', 'slow_body', 'delay_before')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxRecovery(OperationsCase):
    """After a lost answer the truth about a mailbox is read, and nothing is paid twice: for each operation, each fault.
    """

    def lose_answer(self, operation, fault='drop_after', **options):
        """Ask for an operation whose answer is lost; return the mailbox."""
        mailbox = self.begin(operation)
        self.lose_answer_of(mailbox, operation, fault, **options)
        return mailbox

    def lose_answer_of(self, mailbox, operation, fault='drop_after', **options):
        confirm = self.open(mailbox, operation)
        self.sandbox.fault(OPERATIONS[operation], fault, **options)
        confirm()
        if fault in SLOW:
            with self.short_time():
                self.commit()
        else:
            self.commit()
        self.assertEqual((mailbox.call_state, mailbox.operation), ('unconfirmed', operation))
        line = mailbox.sudo().api_call_ids[:1]
        self.assertEqual((line.operation, line.state, line.ended_at), (operation, 'pending', False))
        self.assertIn("It is not repeated", mailbox.error_message)
        self.assertIn("You need not do anything", mailbox.error_message)

    def assert_blocked(self, mailbox, operation):
        """While the outcome is not known nobody asks again, and no job calls again."""
        with self.assertRaisesRegex(UserError, "something else is under way"):
            mailbox.with_user(self.manager)._check_orderable(operation)
        with self.assertRaisesRegex(UserError, "no call waiting"):
            mailbox.with_user(self.manager).action_submit_now()
        with self.assertRaisesRegex(UserError, "no call waiting"):
            mailbox.with_user(self.manager).action_give_up()
        self.run_cron('dispatch')

    def close_never_arrived(self, mailbox):
        """Look twice, with the pause between both looks.

        What may have cost something is freed by a person alone, with a reason.
        """
        is_paid = mailbox.operation in PAID
        self.run_cron('mailboxes')
        self.run_cron('mailboxes')
        self.assertEqual(mailbox.call_state, 'unconfirmed', "one look is not enough")
        self.look_again_at(mailbox)
        if is_paid:
            self.run_cron('mailboxes')
            self.assertEqual(
                (mailbox.call_state, self.line_states(mailbox)[0]), ('unconfirmed', 'pending'),
                "absence is no knowledge")
            with self.assertRaisesRegex(UserError, "Say in a few words why"):
                self.free(mailbox, reason=' ')
            self.free(mailbox)

    # ------------------------------------------------------------ each operation, each fault

    def test_executed_and_answer_lost(self):
        for operation in OPERATIONS:
            for fault, options in EXECUTED:
                with self.subTest(operation=operation, fault=fault, **options):
                    mailbox = self.lose_answer(operation, fault, **options)
                    self.assert_blocked(mailbox, operation)
                    self.assert_counts(operation, 1, 1)
                    self.run_cron('mailboxes')
                    self.assert_applied(mailbox, operation)
                    for job in ('dispatch', 'mailboxes'):
                        self.run_cron(job)
                    self.assert_applied(mailbox, operation)
                    self.assertEqual(self.line_states(mailbox), ['accepted'])
                    self.assert_counts(operation, 1, 1)

    def test_settled_meanwhile(self):
        """A call that another process settles, while the job goes through several lost ones, is left alone."""
        mailboxes = self.begin('mailbox_renew') + self.take_over()
        for mailbox in mailboxes:
            self.lose_answer_of(mailbox, 'mailbox_renew')
        commit, settled = type(mailboxes)._commit_in_cron, []

        def commit_in_cron(records):
            own = mailboxes.with_env(records.env).sudo()
            lines = own.api_call_ids.filtered(lambda line: line.state == 'pending')
            if len(lines) == 1 and lines._close('accepted'):  # as another process does
                own.browse(lines.res_id).write({'request': False, 'call_state': False, 'operation': False})
                settled.append(lines.res_id)
            return commit(records)

        self.patch(type(mailboxes), '_commit_in_cron', commit_in_cron)
        with self.assertNoLogs('odoo.addons.l10n_it_openapi_pec.models', 'ERROR'):
            self.run_cron('mailboxes')
        self.assertEqual(settled, mailboxes[1:].ids)
        self.assertEqual([self.line_states(mailbox)[:1] for mailbox in mailboxes], [['accepted']] * 2)
        self.assert_counts('mailbox_renew', 2, 2)

    def test_executed_and_answer_of_50_megabytes(self):
        mailbox = self.lose_answer('mailbox_renew', 'huge')
        self.run_cron('mailboxes')
        self.assert_applied(mailbox, 'mailbox_renew')
        self.assert_counts('mailbox_renew', 1, 1)

    def test_executed_when_nobody_waits_any_more(self):
        """The service takes its time: the client gives up before the call takes effect."""
        for operation in OPERATIONS:
            with self.subTest(operation=operation):
                mailbox = self.lose_answer(operation, 'delay_before', seconds=600)
                self.run_cron('mailboxes')
                self.assertEqual(mailbox.call_state, 'unconfirmed')
                self.sandbox.clear_faults()
                self.assertTrue(self.sandbox.wait_until_executed(OPERATIONS[operation]))
                self.run_cron('mailboxes')
                self.assert_applied(mailbox, operation)
                self.assertEqual(self.line_states(mailbox), ['accepted'])
                self.assert_counts(operation, 1, 1)

    def test_never_executed(self):
        for operation in OPERATIONS:
            for fault, options in UNCHANGED:
                with self.subTest(operation=operation, fault=fault, **options):
                    mailbox = self.lose_answer(operation, fault, **options)
                    state = mailbox.state
                    self.assert_blocked(mailbox, operation)
                    self.close_never_arrived(mailbox)
                    self.assertEqual((mailbox.call_state, mailbox.state, mailbox.candidates), ('failed', state, False))
                    for words in FREED[operation in PAID]:
                        self.assertIn(words, mailbox.error_message)
                        self.assertIn(words, self.messages(mailbox))
                    self.assertEqual(mailbox.activity_ids.activity_type_id, self.env.ref(
                        'l10n_it_openapi_pec.mail_activity_type_mailbox_refused'))
                    self.assertEqual(self.line_states(mailbox), ['never_arrived'])
                    self.assert_counts(operation, 0, 1)
                    for job in ('dispatch', 'mailboxes'):
                        self.run_cron(job)
                    self.assert_counts(operation, 0, 1)
                    if operation in PAID and operation != 'mailbox_create':
                        with self.assertRaisesRegex(UserError, "in a few words why(.|\n)*nothing was spent"):
                            self.open(mailbox, operation)()
                    self.ask(mailbox, operation, reason="The Openapi console does not show it")
                    self.assert_applied(mailbox, operation)
                    self.assertEqual(self.line_states(mailbox), ['accepted', 'never_arrived'])
                    self.assert_counts(operation, 1, 2)
                    self.assertNotIn(self.env.ref('l10n_it_openapi_pec.mail_activity_type_mailbox_refused'),
                                     mailbox.activity_ids.activity_type_id)

    def test_refresh_settles_at_once(self):
        for operation in OPERATIONS:
            with self.subTest(operation=operation):
                mailbox = self.lose_answer(operation)
                mailbox.with_user(self.user).action_refresh()
                self.assert_applied(mailbox, operation)
                self.assert_counts(operation, 1, 1)

    def test_refresh_is_a_look(self):
        mailbox = self.lose_answer('mailbox_renew', 'drop_before')
        for _click in range(3):
            mailbox.with_user(self.user).action_refresh()
        self.assertEqual(mailbox.call_state, 'unconfirmed')
        self.assertTrue(mailbox.sudo().api_call_ids.looked_at)
        self.env.flush_all()
        self.assertFalse(mailbox.is_to_decide)
        self.look_again_at(mailbox)
        self.assertEqual((mailbox.call_state, mailbox.is_to_decide), ('unconfirmed', True))
        self.free(mailbox)
        self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('failed', ['never_arrived']))

    def test_several_at_once(self):
        """One run of the job settles all that is open in an account."""
        mailboxes = {'mailbox_renew': self.begin('mailbox_renew')}
        for operation in ('mailbox_modify', 'mailbox_user', 'mailbox_transform', 'mailbox_revoke'):
            mailboxes[operation] = self.take_over()
        mailboxes['mailbox_create'] = self.create_mailbox()
        for operation, mailbox in mailboxes.items():
            self.lose_answer_of(mailbox, operation)
        self.run_cron('mailboxes')
        for operation, mailbox in mailboxes.items():
            self.assert_applied(mailbox, operation)
            self.assertEqual(
                (self.sandbox.executed(OPERATIONS[operation]), self.sandbox.requested(OPERATIONS[operation])), (1, 1))

    # ------------------------------------------------------------ the truth cannot be read now

    def test_truth_unreadable(self):
        for operation, read in [('mailbox_create', MAILBOXES), ('mailbox_create', MAILBOX), ('mailbox_renew', MAILBOX)]:
            with self.subTest(operation=operation, read=read):
                mailbox = self.lose_answer(operation)
                self.sandbox.fault(read, 'error_before', status=500, times=-1)
                self.run_cron('mailboxes')
                self.look_again_at(mailbox)
                self.assertEqual((mailbox.call_state, mailbox.sudo().api_call_ids.looked_at), ('unconfirmed', False))
                if read == MAILBOXES:
                    with self.assertRaisesRegex(UserError, "cannot be asked now(.|\n)*Nothing was changed or spent"):
                        mailbox.action_refresh()
                self.sandbox.clear_faults()
                self.run_cron('mailboxes')
                self.assert_applied(mailbox, operation)
                self.assert_counts(operation, 1, 1)

    def test_another_mailbox_is_no_truth(self):
        """An answer about another mailbox, renewed as ours should be, settles nothing."""
        mailbox = self.lose_answer('mailbox_renew', 'drop_before')
        other = self.take_over(
            data_scadenza=mailbox.expires_on.replace(year=mailbox.expires_on.year + 2).strftime('%d/%m/%Y'))
        [record] = [row for row in self.sandbox.mailboxes() if row['id'] == other.remote_id]
        self.sandbox.fault(MAILBOX, 'error_before', status=200, body={'success': True, 'data': record})
        mailbox.sudo()._recover(self.client, [])
        self.assertEqual((mailbox.call_state, mailbox.sudo().api_call_ids.looked_at), ('unconfirmed', False))

    def test_token_refused_while_the_truth_is_read(self):
        for operation in ('mailbox_create', 'mailbox_revoke'):
            with self.subTest(operation=operation):
                mailbox = self.lose_answer(operation)
                self.company.openapi_pec_token = 'wrong'
                self.run_cron('mailboxes')
                self.look_again_at(mailbox)
                self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('unconfirmed', ['pending']))
                with self.assertRaisesRegex(RedirectWarning, "does not accept the token(.|\n)*Nothing was changed or "
                                                             "spent"):
                    mailbox.action_refresh()
                self.company.openapi_pec_token = 'sandbox-token'
                self.run_cron('mailboxes')
                self.assert_applied(mailbox, operation)

    def test_environment_changed_while_the_outcome_is_open(self):
        for operation in ('mailbox_create', 'mailbox_renew'):
            with self.subTest(operation=operation):
                mailbox = self.lose_answer(operation)
                self.company.openapi_pec_environment = 'production'
                self.company.openapi_pec_token = False  # another service is no witness, and is not asked
                self.run_cron('mailboxes')
                self.company.openapi_pec_environment = 'sandbox'
                self.assert_applied(mailbox, operation)

    # ------------------------------------------------------------ a purchase

    def twin(self, mailbox, stato='registrata', **template):
        """A mailbox at the service that looks like the one that was asked for."""
        body = mailbox._prepare_request_body()
        body.pop('callback')
        keys = ('casella_pec', 'tipo_casella', 'codice_fiscale_richiedente', 'nome_richiedente')
        return self.sandbox.create_mailboxes(1, stato, **{**{key: body[key] for key in keys}, **template})[0]

    def test_purchase_arrived_after_both_looks(self):
        """Before a purchase that was not found is paid again, the list is read once more: the address is taken by it.
        """
        mailbox = self.lose_answer('mailbox_create', 'drop_before')
        self.close_never_arrived(mailbox)
        late = self.twin(mailbox)
        self.assertFalse(self.client.is_available(mailbox.address))
        self.ask(mailbox, 'mailbox_create')
        self.assertEqual((mailbox.state, mailbox.remote_id), ('registered', late))
        self.assert_applied(mailbox, 'mailbox_create')
        self.assertEqual(self.line_states(mailbox), ['accepted'], "the line of the call that was not found tells now "
                                                                  "that it was executed")
        self.assert_counts('mailbox_create', 0, 1)

    def test_purchase_found_late(self):
        """What was freed goes on being looked for, and is taken over when it turns up."""
        mailbox = self.lose_answer('mailbox_create', 'drop_before')
        self.close_never_arrived(mailbox)
        self.assertTrue(mailbox.is_editable)
        late = self.twin(mailbox)
        self.run_cron('mailboxes')
        self.assertEqual((mailbox.state, mailbox.remote_id), ('registered', late))
        self.assert_applied(mailbox, 'mailbox_create')
        self.assertIn("it was already", self.messages(mailbox))

    def test_purchase_looked_for_in_vain(self):
        """The list cannot be read before a purchase is made again: it is not made, and looked for again."""
        mailbox = self.lose_answer('mailbox_create', 'drop_before')
        self.close_never_arrived(mailbox)
        late = self.twin(mailbox)
        self.sandbox.fault(MAILBOXES, 'error_before', status=500, times=1)
        self.ask(mailbox, 'mailbox_create')
        self.assertEqual(mailbox.call_state, 'queued')
        self.assertIn("Not sent, nothing was spent", mailbox.error_message)
        mailbox.retry_at = False
        self.run_cron('dispatch')
        self.assertEqual((mailbox.state, mailbox.remote_id), ('registered', late))
        self.assert_counts('mailbox_create', 0, 1)

    def test_purchases_of_others_are_not_adopted(self):
        """Of our address, but of another type, other people, older, or another mailbox's own."""
        mailbox = self.lose_answer('mailbox_create', 'drop_before')
        self.twin(mailbox, 'registrazione_annullata', tipo_casella='GOLD')
        self.twin(mailbox, 'registrazione_annullata', codice_fiscale_richiedente='RSSXXXXXXXX56E')
        self.twin(
            mailbox, 'registrazione_annullata',
            callback={'url': 'http://127.0.0.1:9/', 'data': {'reference': 'of somebody else'}})
        self.twin(mailbox, casella_pec='altra@testcert.legalmail.it')
        self.close_never_arrived(mailbox)
        self.assertEqual((mailbox.call_state, mailbox.remote_id), ('failed', False))

    def test_an_older_mailbox_is_not_adopted(self):
        mailbox = self.lose_answer('mailbox_create', 'drop_before')
        self.twin(mailbox, 'chiusa')
        self.env.cr.execute("UPDATE openapi_pec_api_call SET started_at = started_at + interval '1 day'")
        self.env.invalidate_all()
        self.run_cron('mailboxes')
        self.assertEqual(mailbox.call_state, 'unconfirmed')
        self.assertTrue(mailbox.sudo().api_call_ids.last_look_at)

    def test_our_own_reference_wins(self):
        mailbox = self.lose_answer('mailbox_create')
        self.twin(mailbox)
        self.run_cron('mailboxes')
        [body] = [request['body'] for request in self.sandbox.requests() if request['body']]
        reference = body['callback']['data']['reference']
        [own] = [row for row in self.sandbox.mailboxes() if row['callback']]
        self.assertEqual((mailbox.remote_id, reference), (own['id'], mailbox.reference))

    def ambiguous(self):
        mailbox = self.lose_answer('mailbox_create', 'drop_before')
        ids = [self.twin(mailbox, 'registrazione_annullata'), self.twin(mailbox)]
        for _look in range(2):
            self.run_cron('mailboxes')
        self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('unconfirmed', ['pending']))
        self.assertEqual({row['id'] for row in mailbox.candidates}, set(ids))
        self.assertIn(
            "Compare with the Openapi console and choose; nothing is sent again meanwhile", mailbox.error_message)
        self.assertEqual(
            mailbox.activity_ids.activity_type_id, self.env.ref('l10n_it_openapi_pec.mail_activity_type_decide'))
        self.assertEqual(len(mailbox.activity_ids), 1)
        self.assert_counts('mailbox_create', 0, 1)
        return mailbox, ids

    def test_a_person_decides_which_one_was_bought(self):
        mailbox, ids = self.ambiguous()
        with self.assertRaises(AccessError):
            self.choose(mailbox, ids[1], self.user)
        this_one = self.choose(mailbox, ids[1])
        this_one()
        self.assertEqual((mailbox.state, mailbox.call_state, mailbox.remote_id), ('registered', False, ids[1]))
        self.assertEqual((mailbox.candidates, self.line_states(mailbox)), (False, ['accepted']))
        self.assertNotIn(
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_decide'), mailbox.activity_ids.activity_type_id)
        with self.assertRaisesRegex(UserError, "nothing to choose"):
            this_one()

    def test_a_person_says_none_was_bought(self):
        mailbox, _ids = self.ambiguous()
        self.choose(mailbox, 'none', reason="neither is ours")()
        self.assertEqual((mailbox.call_state, mailbox.candidates), ('unconfirmed', False))
        self.look_again_at(mailbox)
        self.choose(mailbox, 'none', reason="not in the console")()
        self.assertEqual((mailbox.state, mailbox.call_state, mailbox.environment), ('draft', 'failed', 'sandbox'))
        self.assertTrue(mailbox.look_until, "it goes on being looked for")
        self.assertEqual((mailbox.candidates, self.line_states(mailbox)), (False, ['never_arrived']))
        self.assertEqual(
            mailbox.activity_ids.activity_type_id,
            self.env.ref('l10n_it_openapi_pec.mail_activity_type_mailbox_refused'))

    def test_a_person_decides_while_the_service_is_down(self):
        mailbox, ids = self.ambiguous()
        self.sandbox.fault(MAILBOX, 'error_before', status=500, times=-1)
        with self.assertRaisesRegex(UserError, "cannot be asked now(.|\n)*Nothing was changed or spent"):
            self.choose(mailbox, ids[1])()
        self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('unconfirmed', ['pending']))

    # ------------------------------------------------------------ a change

    def test_something_else_changed_meanwhile(self):
        """What the mailbox is like now leaves open whether the call was executed: a person decides, either way."""
        for operation in CHANGES:
            for is_executed in (True, False):
                with self.subTest(operation=operation, is_executed=is_executed):
                    mailbox = self.lose_answer(operation, 'drop_before')
                    self.sandbox.change_mailboxes(descrizione='changed in the console')
                    for _look in range(2):
                        self.run_cron('mailboxes')
                    self.look_again_at(mailbox)
                    self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('unconfirmed', ['pending']))
                    self.assertEqual([row['id'] for row in mailbox.candidates], [mailbox.remote_id])
                    self.assertIn("leaves open whether the call was executed", mailbox.error_message)
                    decide = self.env.ref('l10n_it_openapi_pec.mail_activity_type_decide')
                    self.assertEqual((mailbox.activity_ids.activity_type_id, len(mailbox.activity_ids)), (decide, 1))
                    self.assert_counts(operation, 0, 1)
                    self.choose(mailbox, mailbox.remote_id if is_executed else 'none', reason="not in the console")()
                    self.assertEqual(mailbox.candidates, False)
                    self.assertNotIn(decide, mailbox.activity_ids.activity_type_id)
                    if is_executed:
                        self.assertEqual((mailbox.call_state, self.line_states(mailbox)), (False, ['accepted']))
                    else:
                        self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('failed', ['never_arrived']))
                        self.run_cron('mailboxes')
                        self.assertEqual(mailbox.description, 'changed in the console')
                    self.assert_counts(operation, 0, 1)
        self.ask(mailbox, operation)
        self.assert_applied(mailbox, operation)

    def test_executed_and_something_else_changed(self):
        """What was asked for is there: that something else changed as well leaves nothing open."""
        for operation in CHANGES:
            with self.subTest(operation=operation):
                mailbox = self.lose_answer(operation)
                self.sandbox.change_mailboxes(descrizione='changed in the console')
                self.run_cron('mailboxes')
                self.assert_applied(mailbox, operation)
                self.assertEqual(mailbox.description, 'changed in the console')

    def test_changed_before_the_call(self):
        """Between the question and the call the mailbox has changed: nothing is called."""
        for operation in set(CHANGES) - {'mailbox_activate'}:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                confirm = self.open(mailbox, operation)
                self.sandbox.change_mailboxes(descrizione='changed in the console')
                confirm()
                self.commit()
                self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('failed', ['refused']))
                for words in ("nothing was spent", "has changed at the service", "ask again if it is still wanted"):
                    self.assertIn(words, mailbox.error_message)
                self.assert_counts(operation, 0, 0)
                self.ask(mailbox, operation)
                self.assert_applied(mailbox, operation)
                self.assert_counts(operation, 1, 1)

    def test_deleted_while_the_outcome_is_open(self):
        """Nothing tells any more whether the call was executed: a person is told, and may close it."""
        for operation in ('mailbox_renew', 'mailbox_activate'):
            for fault in ('drop_before', 'drop_after'):
                with self.subTest(operation=operation, fault=fault):
                    mailbox = self.lose_answer(operation, fault)
                    self.sandbox.delete_mailbox(mailbox.remote_id)
                    for _look in range(2):
                        self.run_cron('mailboxes')
                    self.look_again_at(mailbox)
                    self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('unconfirmed', ['pending']))
                    self.assertIn(
                        self.env.ref('l10n_it_openapi_pec.mail_activity_type_decide'),
                        mailbox.activity_ids.activity_type_id)
                    with self.assertRaisesRegex(UserError, "no pec found"):
                        self.choose(mailbox, mailbox.remote_id)()
                    self.choose(mailbox, 'none', reason="it was deleted")()
                    self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('failed', ['never_arrived']))

    def test_deleted_before_the_call(self):
        for operation in set(CHANGES) - {'mailbox_activate'}:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                confirm = self.open(mailbox, operation)
                self.sandbox.delete_mailbox(mailbox.remote_id)
                confirm()
                self.commit()
                self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('failed', ['refused']))
                for words in ("nothing was spent", "does not know this mailbox", "ask Openapi's support"):
                    self.assertIn(words, mailbox.error_message)
                self.assert_counts(operation, 0, 0)

    # ------------------------------------------------------------ not sent

    def test_not_sent_is_tried_again_with_growing_pauses(self):
        for operation in OPERATIONS:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                confirm = self.open(mailbox, operation) if operation != 'mailbox_activate' else None
                if operation == 'mailbox_activate':
                    mailbox.with_user(self.user).action_send_documents()
                self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', CLOSED)
                if confirm:
                    confirm()
                self.commit()
                pauses = []
                for _attempt in range(5):
                    self.assertEqual(mailbox.call_state, 'queued')
                    pauses.append(round((mailbox.retry_at - fields.Datetime.now()).total_seconds() / 60))
                    self.run_cron('dispatch')  # not due yet
                    # Before a purchase it was looked first: not even a line was written.
                    self.assertEqual(
                        self.line_states(mailbox), ['not_sent'] * (len(pauses) if operation != 'mailbox_create' else 0))
                    mailbox.retry_at = fields.Datetime.now()
                    self.run_cron('dispatch')
                self.assertEqual(pauses, [1, 5, 15, 60, 60])
                self.assertIn("Not sent, nothing was spent", mailbox.error_message)
                self.assertIn("Odoo tries again in 60 minutes", mailbox.error_message)
                self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', self.sandbox.url)
                self.assert_counts(operation, 0, 0)
                mailbox.retry_at = False
                self.run_cron('dispatch')
                self.assert_applied(mailbox, operation)
                self.assert_counts(operation, 1, 1)

    def test_the_mailbox_cannot_be_read_right_before_the_call(self):
        """So nothing was sent that costs, and it is tried again later."""
        for operation in set(CHANGES) - {'mailbox_activate'}:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                confirm = self.open(mailbox, operation)
                self.sandbox.fault(MAILBOX, 'error_before', status=500, times=-1)
                confirm()
                self.commit()
                self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('queued', ['not_sent']))
                self.assertIn("nothing was spent", mailbox.error_message)
                self.assert_counts(operation, 0, 0)
                self.sandbox.clear_faults()
                mailbox.retry_at = False
                self.run_cron('dispatch')
                self.assert_applied(mailbox, operation)
                self.assert_counts(operation, 1, 1)

    def test_given_up_before_it_is_sent(self):
        for operation in ('mailbox_create', 'mailbox_renew'):
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                confirm = self.open(mailbox, operation)
                self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', CLOSED)
                confirm()
                self.commit()
                mailbox.with_user(self.manager).action_give_up()
                self.env['ir.config_parameter'].set_param('l10n_it_openapi_pec.base_url', self.sandbox.url)
                self.run_cron('dispatch')
                self.assertEqual((mailbox.call_state, mailbox.operation), (False, False))
                self.assertIn("Nothing was spent", self.messages(mailbox))
                self.assert_counts(operation, 0, 0)
                self.ask(mailbox, operation)
                self.assert_applied(mailbox, operation)

    def test_throttled(self):
        for operation in OPERATIONS:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                confirm = self.open(mailbox, operation)
                self.sandbox.fault(OPERATIONS[operation], 'error_before', status=429, headers={'Retry-After': '30'})
                confirm()
                self.commit()
                self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('queued', ['refused']))
                self.assertIn("nothing was spent: the service asks for a pause", mailbox.waiting_sentence)
                self.assertEqual((self.company.openapi_pec_pause_reason, len(mailbox.activity_ids)), ('rate', 0))
                self.run_cron('dispatch')
                self.assert_counts(operation, 0, 1)
                mailbox.with_user(self.manager).action_submit_now()  # a person may insist
                self.commit()
                self.assert_applied(mailbox, operation)
                self.assert_counts(operation, 1, 2)

    def test_environment_changed_before_the_call(self):
        for operation in OPERATIONS:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                self.open(mailbox, operation)()
                self.company.openapi_pec_environment = 'production'
                self.commit()
                self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('queued', []))
                self.assertIn("environment has changed", mailbox.error_message)
                self.assert_counts(operation, 0, 0)
                self.company.openapi_pec_environment = 'sandbox'
                mailbox.retry_at = False
                self.run_cron('dispatch')
                self.assert_applied(mailbox, operation)

    def test_no_token_any_more(self):
        mailbox = self.begin('mailbox_renew')
        self.open(mailbox, 'mailbox_renew')()
        self.company.openapi_pec_token = False
        self.commit()
        self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('queued', []))
        self.assertIn("no usable token", mailbox.error_message)

    # ------------------------------------------------------------ a process that dies, or sleeps

    def test_a_crash_while_the_outcome_is_written(self):
        for operation in OPERATIONS:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                confirm = self.open(mailbox, operation)
                original = type(mailbox)._record_outcome
                type(mailbox)._record_outcome = lambda *args: 1 / 0
                try:
                    confirm()
                    with self.assertLogs(CALL_DISPATCH, 'ERROR'):
                        self.commit()
                finally:
                    type(mailbox)._record_outcome = original
                self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('unconfirmed', ['pending']))
                self.assert_counts(operation, 1, 1)
                self.run_cron('mailboxes')
                self.assert_applied(mailbox, operation)
                self.assert_counts(operation, 1, 1)

    def test_a_crash_while_the_answer_is_taken_over(self):
        """The line is closed with the record, or not at all."""
        mailbox = self.begin('mailbox_renew')
        confirm = self.open(mailbox, 'mailbox_renew')
        confirm()
        with mute_logger(CALL_DISPATCH):
            self.patch(type(mailbox), '_apply_record', lambda *args: 1 / 0)
            self.commit()
        self.assertEqual((mailbox.call_state, self.line_states(mailbox)), ('unconfirmed', ['pending']))
        self.assertEqual(self.sandbox.executed(RENEW), 1)

    def test_a_line_closed_meanwhile_is_not_called(self):
        """The process slept between taking the mailbox and calling; somebody closed the line."""
        for operation in OPERATIONS:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                confirm = self.open(mailbox, operation)
                line_class = type(self.env['openapi_pec.api_call'])
                original = line_class._lock_executions
                line_class._lock_executions = lambda line: line._close('never_arrived').flush_recordset()
                try:
                    confirm()
                    self.commit()
                finally:
                    line_class._lock_executions = original
                self.assert_counts(operation, 0, 0)

    def test_outcome_after_recovery_changes_nothing(self):
        for operation in OPERATIONS:
            with self.subTest(operation=operation):
                mailbox = self.lose_answer(operation)
                line = mailbox.sudo().api_call_ids
                self.run_cron('mailboxes')
                record = self.client.get_mailbox(mailbox.remote_id)
                messages = len(mailbox.message_ids)
                mailbox._record_outcome(line.id, {**record, 'id': 'other', 'stato': 'chiusa'}, None)
                self.assert_applied(mailbox, operation)
                self.assertEqual(len(mailbox.message_ids), messages)

    def test_an_answer_after_never_arrived_is_kept(self):
        mailbox = self.lose_answer('mailbox_renew', 'drop_before')
        line = mailbox.sudo().api_call_ids
        self.close_never_arrived(mailbox)
        mailbox._record_outcome(line.id, self.client.get_mailbox(mailbox.remote_id), None)
        self.assertEqual((mailbox.call_state, line.state), (False, 'accepted'))
        self.assertFalse([call for call in mailbox._get_awaited('mailbox_renew') if not call['is_accepted']])
        self.assertIn("Renew: it shows at the service now", mailbox.message_ids[0].body)

    def test_a_live_worker_is_not_disturbed(self):
        """A line that somebody is executing is not looked for."""
        mailbox = self.lose_answer('mailbox_revoke', 'drop_before')
        self.patch(type(self.env['openapi_pec.api_call']), '_without_live_worker', lambda lines: lines.browse())
        self.run_cron('mailboxes')
        self.assertEqual((mailbox.call_state, mailbox.sudo().api_call_ids.looked_at), ('unconfirmed', False))
        self.assertEqual((self.sandbox.executed(REVOKE), self.sandbox.requested(REVOKE)), (0, 1))

    # ------------------------------------------------------------ bought here, not elsewhere

    def import_all(self):
        """Take over what the account has, however young it is; return what was imported."""
        self.patch(const.service, 'SAFE_MINUTES', -10)
        before = self.env['openapi_pec.mailbox'].search([])
        result = self.env['openapi_pec.mailbox'].with_user(self.manager).action_import_from_service()
        return self.env['openapi_pec.mailbox'].search([]) - before, result['params']['message']

    def test_import_does_not_take_a_pending_purchase(self):
        mailbox = self.lose_answer('mailbox_create')
        imported, message = self.import_all()
        self.assertFalse(imported)
        self.assertIn("Left alone", message)
        self.run_cron('mailboxes')
        self.assert_applied(mailbox, 'mailbox_create')
        self.assertFalse(self.import_all()[0], "it is known now")

    def test_import_does_not_take_a_purchase_that_never_arrived(self):
        mailbox = self.lose_answer('mailbox_create', 'drop_before')
        self.close_never_arrived(mailbox)
        late = self.twin(mailbox)
        imported, message = self.import_all()
        self.assertFalse(imported)
        self.assertIn("Left alone", message)
        self.ask(mailbox, 'mailbox_create')
        self.assertEqual((mailbox.state, mailbox.remote_id), ('registered', late))
        self.assert_counts('mailbox_create', 0, 1)

    def test_import_does_not_take_what_is_about_to_be_bought(self):
        mailbox = self.begin('mailbox_create')
        self.open(mailbox, 'mailbox_create')()
        self.twin(mailbox)
        self.assertFalse(self.import_all()[0])
        self.commit()
        self.assertEqual(
            (mailbox.call_state, mailbox.is_held), ('queued', True), "somebody is asked whether it is this one")
        self.assertFalse(self.import_all()[0])
        self.assertEqual(self.sandbox.executed(BUY), 0, "nothing was bought here")
        mailbox.with_user(self.manager).action_give_up()
        self.assertEqual((mailbox.is_held, mailbox.candidates, mailbox.environment), (False, False, False))
        imported, _message = self.import_all()
        self.assertEqual((imported.address, imported.remote_state), (mailbox.address, 'registrata'))

    # ------------------------------------------------------------ one of two

    def test_two_drafts_of_one_address(self):
        first = self.begin('mailbox_create')
        second = self.create_mailbox(address=first.address)
        confirm_second = self.open(second, 'mailbox_create')
        self.lose_answer_of(first, 'mailbox_create')
        with self.assertRaisesRegex(UserError, "is the address of another mailbox here"):
            confirm_second()
        self.run_cron('mailboxes')
        self.assert_applied(first, 'mailbox_create')
        self.assert_counts('mailbox_create', 1, 1)

    def test_two_people_ask_for_one_mailbox(self):
        for operation in CHANGES:
            with self.subTest(operation=operation):
                mailbox = self.begin(operation)
                confirm, again = self.open(mailbox, operation), self.open(mailbox, operation)
                confirm()
                with self.assertRaisesRegex(UserError, "something else is under way"):
                    again()
                self.commit()
                self.assert_applied(mailbox, operation)
                with self.assertRaises(UserError):
                    again()
                self.commit()
                self.assert_counts(operation, 1, 1)

    def test_each_change_has_a_truth(self):
        """No operation can be called whose truth cannot be read."""
        operations = const.mailbox.OPERATIONS
        self.assertEqual({name for name, operation in operations.items() if operation.call}, set(CHANGES))
        self.assertEqual({name for name, operation in operations.items() if operation.truth}, set(CHANGES))

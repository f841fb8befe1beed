from psycopg2 import connect

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.models.service.call_right import LOCK_SPACE
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module

from ..common import CREATE
from ..common_client import ClientCase, RpcError
from ..common_mailbox import RENEW, REVOKE
from ..common_mailbox_operations import OperationsCase

QUESTION, LINE = 'openapi_pec.reconcile', 'openapi_pec.reconcile.line'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestChoose(ClientCase):
    """The question which record at the service is ours, as the web client opens and answers it."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())
        self.filing = self.create_filing()

    def lose_answer(self, *templates):
        """Submit the filing, whose answer is lost, with lookalikes at the service; return their ids."""
        self.sandbox.fault(CREATE, 'drop_before')
        self.submit(self.filing)
        body = self.filing._prepare_request_body()
        body.pop('callback')
        ids = [self.sandbox.create_filings(1, **{**body, **template})[0] for template in templates]
        self.run_cron('synchronize')
        self.assertEqual({row['id'] for row in self.filing.candidates}, set(ids))
        return ids

    def ask(self):
        """Press the button; return the action, and the question as the client shows it."""
        action = self.press(self.filing, 'action_choose')
        _fields, values, arch = self.open_form(action)
        return action, values, arch

    def test_two_candidates_are_offered_and_one_is_chosen(self):
        ids = self.lose_answer({'email': 'altra@example.com', 'cellulare': ''}, {})
        self.sandbox.set_stato('in_attesa_di_documenti', [ids[1]])
        action, question, _arch = self.ask()
        self.assertEqual(action['target'], 'new')
        self.assertEqual(
            question['record_name'], f"{self.filing.display_name}, {self.filing.pec_email} (Company's PEC)")
        lines = {line['remote_id']: line for line in question['line_ids']}
        self.assertEqual(set(lines), set(ids))
        self.assertEqual([lines[remote_id]['remote_state'] for remote_id in ids], ["Accepted", "To Be Signed"])
        self.assertTrue(all(line['changed_at'] for line in lines.values()))
        first, second = (lines[remote_id]['comparison'] for remote_id in ids)
        self.assertIn("Differs: Email (there altra@example.com, here mario@example.com).", first)
        self.assertRegex(first, r"Not given by the service: .*Mobile")
        self.assertRegex(second, r"Agrees: PEC, Tax Code, .*Qualification, Email, Mobile")
        self.assertNotIn("Differs", second)
        chosen = lines[ids[1]]
        self.assertEqual(self.rpc(LINE, 'action_this_one', [chosen['id']])['type'], 'ir.actions.act_window_close')
        self.assertEqual(
            (self.filing.state, self.filing.remote_id, self.filing.candidates), ('awaiting_documents', ids[1], False))
        self.assertIn(f"Anna Verdi decided that this is it: {ids[1]}", self.messages(self.filing))
        self.assertEqual((self.sandbox.executed(), self.sandbox.requested(CREATE)), (0, 1))
        with self.assertRaisesRegex(RpcError, "nothing to choose"), mute_logger('odoo.http'):
            self.rpc(LINE, 'action_this_one', [chosen['id']])

    def test_none_of_them(self):
        self.lose_answer({}, {})
        action, question, arch = self.ask()
        self.assertIn("it is paid twice", ''.join(arch.itertext()))
        [button] = [button for button in arch.iter('button') if button.get('string') == "None of These"]
        self.assertNotIn('btn-primary', button.get('class'))
        with self.assertRaisesRegex(RpcError, "Say in a few words why"), mute_logger('odoo.http'):
            self.rpc(QUESTION, 'action_none', [action['res_id']])
        self.assertTrue(self.filing.candidates)
        self.rpc(QUESTION, 'write', [action['res_id']], {'reason': "none is in the console"})
        self.rpc(QUESTION, 'action_none', [action['res_id']])
        self.assertFalse(question['is_free'])
        self.assertEqual((self.filing.state, self.filing.candidates), ('unconfirmed', False), "it is looked for on")
        self.assertIn("whether it was executed and paid is not known", self.filing.error_message)
        self.assertIn(
            "Anna Verdi decided that it is none of the records at the service that look like it, because: none is in "
            "the console",
            self.messages(self.filing))
        self.look_again(self.filing)
        action, question, _arch = self.ask()
        self.assertEqual((question['question'], question['looks'], question['line_ids']), ('free', 2, []))
        self.rpc(QUESTION, 'write', [action['res_id']], {'reason': "still not there"})
        self.rpc(QUESTION, 'action_none', [action['res_id']])
        self.assertEqual(self.filing.state, 'failed')
        self.assertIn("if it was executed after all, a new call is paid again", self.filing.error_message)

    def test_what_the_service_does_not_tell_is_unknown(self):
        ids = self.lose_answer({}, {})
        self.sandbox.delete(ids[0])
        _action, question, _arch = self.ask()
        comparisons = {line['remote_id']: line['comparison'] for line in question['line_ids']}
        self.assertEqual(comparisons[ids[0]], "The service does not know it any more.")
        self.assertIn("Agrees: PEC", comparisons[ids[1]])
        self.sandbox.fault('GET /comunica_pec/{id}', 'error_before', status=500, times=-1)
        _action, question, _arch = self.ask()
        for line in question['line_ids']:
            self.assertIn("Not known: the service cannot be asked now", line['comparison'])
            self.assertEqual((line['remote_id'] in ids, line['remote_state']), (True, "Accepted"))

    def test_a_call_in_flight_is_not_decided_on(self):
        """Another process holds the right to make the call: its outcome comes first."""
        self.sandbox.fault(CREATE, 'drop_before')
        self.submit(self.filing)
        body = self.filing._prepare_request_body()
        body.pop('callback')
        ids = self.sandbox.create_filings(2, **body)
        # Not by the scheduled job: it would keep the right until the end of the transaction, which in a test is the end
        # of the test.
        self.filing.candidates = [
            {'id': remote_id, 'stato': 'codice_in_richiesta', 'timestamp': None} for remote_id in ids]
        self.env.flush_all()
        action, question, _arch = self.ask()
        line = self.filing.sudo().api_call_ids
        with connect(self.env.cr._cnx.dsn) as worker, worker.cursor() as cr, mute_logger('odoo.http'):
            cr.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, line.id])
            for model, button, record_id in [(LINE, 'action_this_one', question['line_ids'][0]['id']),
                                             (QUESTION, 'action_none', action['res_id'])]:
                with self.assertRaisesRegex(RpcError, "at this moment, so nothing was changed or spent"):
                    self.rpc(model, button, [record_id])
        worker.close()
        self.assertEqual(
            (self.filing.state, line.state, len(self.filing.candidates)), ('unconfirmed', 'pending', len(ids)))
        self.rpc(QUESTION, 'write', [action['res_id']], {'reason': "none is in the console"})
        self.rpc(QUESTION, 'action_none', [action['res_id']])
        self.assertEqual((self.filing.state, self.filing.candidates), ('unconfirmed', False))

    @mute_logger('odoo.http', 'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')
    def test_what_was_not_offered_is_refused(self):
        """Also by somebody who calls the server without its web client."""
        ids = self.lose_answer({}, {})
        action, question, _arch = self.ask()
        [stranger] = self.sandbox.create_filings(1)
        line_id = question['line_ids'][0]['id']
        other = new_test_user(self.env, 'pec_other_manager', 'base.group_user,l10n_it_openapi_pec.group_manager')
        forgeries = [
            (self.manager, LINE, 'create', [{'choose_id': action['res_id'], 'remote_id': stranger}]),
            (self.manager, LINE, 'write', [[line_id], {'remote_id': stranger}]),
            (
                self.manager, QUESTION, 'create',
                [{'res_model': self.filing._name, 'res_id': self.filing.id, 'operation': 'create',
                                                 'question': 'which', 'line_ids': [(0, 0, {'remote_id': stranger})]}]),
            (self.manager, QUESTION, 'write', [[action['res_id']], {'res_id': self.filing.id}]),
            (self.manager, QUESTION, 'write', [[action['res_id']], {'line_ids': [(0, 0, {'remote_id': stranger})]}]),
            (self.user, 'openapi_pec.communication', 'action_choose', [self.filing.ids]),
            (self.user, LINE, 'action_this_one', [[line_id]]),
            (self.user, QUESTION, 'action_none', [[action['res_id']]]),
            (other, LINE, 'action_this_one', [[line_id]]),  # somebody else's question
        ]
        for user, model, method, arguments in forgeries:
            with self.subTest(user=user.login, model=model, method=method):
                self.log_in(user)
                with self.assertRaises(RpcError):
                    self.rpc(model, method, *arguments)
        self.assertEqual((self.filing.state, len(self.filing.candidates)), ('unconfirmed', 2))
        # What was offered once, and is no candidate any more.
        self.log_in(self.manager)
        self.filing.candidates = [row for row in self.filing.candidates if row['id'] == ids[1]]
        self.env.flush_all()
        [old] = [line['id'] for line in question['line_ids'] if line['remote_id'] == ids[0]]
        with self.assertRaisesRegex(RpcError, "nothing to choose"):
            self.rpc(LINE, 'action_this_one', [old])
        # What has become another filing's meanwhile.
        self.create_filing(kind='administrator').write(
            {'remote_id': ids[1], 'environment': 'sandbox', 'state': 'code_requested'})
        self.env.flush_all()
        [taken] = [line['id'] for line in question['line_ids'] if line['remote_id'] == ids[1]]
        with self.assertRaisesRegex(RpcError, "has become this record of the service meanwhile"):
            self.rpc(LINE, 'action_this_one', [taken])
        self.assertEqual(self.filing.state, 'unconfirmed')

    def test_nothing_to_choose(self):
        with self.assertRaisesRegex(RpcError, "nothing to choose"), mute_logger('odoo.http'):
            self.press(self.filing, 'action_choose')

    def test_no_field_depends_on_the_context_while_views_are_loaded(self):
        """The web client loads views, and what they tell of fields, without the action's context, and keeps them."""
        self.lose_answer({}, {})
        models = self.env['ir.model'].search([('model', '=like', 'openapi_pec.%')]).mapped('model')
        references = {
            'res_model': self.filing._name, 'res_id': self.filing.id, 'mailbox_type': 'STANDARD',
            'operation': 'mailbox_renew'}
        for model in (*models, 'res.partner', 'res.config.settings', 'res.company'):
            records = self.env[model]
            if records._abstract:
                continue
            context = {
                f'default_{name}': references.get(name)
                or (field.comodel_name and self.env[field.comodel_name].search([], limit=1).id)
                for name, field in records._fields.items() if name in references or field.type == 'many2one'}
            context |= {'active_model': self.filing._name, 'active_id': self.filing.id, 'active_ids': self.filing.ids}
            with self.subTest(model=model):
                self.assertEqual(
                    records.with_context(**context).fields_get(),
                    self.env(context={'lang': 'en_US'})[model].fields_get())

    def test_each_form_opens_as_the_client_opens_it(self):
        """Every dialog that a button of this addon opens: its views without the context, its values with it."""
        self.partner.write({'street': "Via delle Prove 1", 'zip': "00100"})
        mailbox = self.env['openapi_pec.mailbox'].create({
            'partner_id': self.partner.id, 'mailbox_type': 'STANDARD', 'customer_subtype': 'ED',
            'address': 'prova@testcert.legalmail.it'})
        self.env.flush_all()
        for record, button, values in [
            (self.filing, 'action_open_submit', {'communication_ids': self.filing.ids}),
            (mailbox, 'action_open_buy', {'mailbox_id': mailbox.id}),
            (self.partner, 'action_openapi_pec_buy', {'partner_id': self.partner.id}),
        ]:
            with self.subTest(button=button):
                action = self.press(record, button)
                fields, shown, _arch = self.open_form(action)
                for name, value in values.items():
                    told = shown[name]
                    told = told['id'] if isinstance(told, dict) else told
                    told = [line['id'] for line in told] if isinstance(told, list) else told
                    self.assertEqual(told, value, name)
                for name, field in fields.items():
                    if field['type'] == 'selection' and shown.get(name):
                        self.assertIn(shown[name], dict(field['selection']), name)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestChooseMailbox(OperationsCase):
    """The question whether a call that changes a mailbox was executed."""

    def lose_answer(self, operation, path, **changes):
        """Ask for an operation that never arrives, while somebody changes the mailbox in the console.

        :return: the question
        """
        mailbox = self.begin(operation)
        self.sandbox.fault(path, 'drop_before')
        self.ask(mailbox, operation)
        self.sandbox.change_mailboxes(**changes)
        self.run_cron('mailboxes')
        self.assertEqual([row['id'] for row in mailbox.candidates], [mailbox.remote_id])
        action = mailbox.with_user(self.manager).action_choose()
        self.assertEqual(action['name'], "Was It Executed?")
        return mailbox, self.env['openapi_pec.reconcile'].with_user(self.manager).browse(action['res_id'])

    def test_what_changed_is_told(self):
        mailbox, question = self.lose_answer('mailbox_renew', RENEW, data_scadenza='31/12/2039')
        self.assertEqual(
            (question.question, question.operation, question.is_free), ('executed', 'mailbox_renew', False))
        [line] = question.line_ids
        self.assertEqual(line.remote_state, "Active")
        self.assertRegex(line.comparison, r"Changed since the call: .*Expires \(from .* to 12/31/2039\)")
        self.assertRegex(line.comparison, "Unchanged: State, Type, .*Number of Users")
        question.reason = "not in the console"
        with self.assertRaisesRegex(UserError, "two looks that can be believed"):
            question.action_none()
        self.look_again(mailbox, 'mailboxes')
        question.action_none()
        self.assertEqual(mailbox.call_state, 'failed')
        self.assertIn("a new call is paid again", mailbox.error_message)
        self.assertIn("decided that the call was not executed, because: not in the console", self.messages(mailbox))

    def test_a_question_about_an_earlier_call_decides_nothing(self):
        mailbox, question = self.lose_answer('mailbox_revoke', REVOKE, descrizione='changed in the console')
        self.look_again(mailbox, 'mailboxes')
        question.reason = "not in the console"
        question.action_none()
        self.sandbox.fault(REVOKE, 'drop_before')
        self.ask(mailbox, 'mailbox_revoke')
        lines = mailbox.sudo().api_call_ids
        self.assertEqual(sorted(lines.mapped('state')), ['never_arrived', 'pending'])
        self.look_again(mailbox, 'mailboxes')
        with self.assertRaisesRegex(UserError, "has changed since this question was opened, so nothing was changed or "
                                               "spent"):
            question.action_none()
        self.assertEqual(sorted(lines.mapped('state')), ['never_arrived', 'pending'])

    def test_a_free_call_is_not_said_to_be_paid(self):
        mailbox, question = self.lose_answer('mailbox_revoke', REVOKE, descrizione='changed in the console')
        self.assertTrue(question.is_free)
        self.look_again(mailbox, 'mailboxes')
        question.reason = "not in the console"
        question.action_none()
        self.assertEqual(mailbox.call_state, 'failed')
        self.assertIn("probably it did not arrive. It costs nothing", mailbox.error_message)
        self.assertNotIn("paid", mailbox.error_message)

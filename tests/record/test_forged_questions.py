"""Questions that somebody forges, or that have become untrue while he looked at them: nothing is spent on them."""
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec import const

from ..common import CREATE
from ..common_client import ClientCase, RpcError
from ..common_mailbox import BUY, CHECK, RENEW, REVOKE
from ..common_mailbox_operations import OperationsCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestForgedQuestions(ClientCase, OperationsCase):
    """A manager of one company, over HTTP, with the records of another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env['res.company'].create({'name': "Altra S.r.l."})
        cls.stranger = new_test_user(
            cls.env, 'pec_stranger', 'base.group_user,base.group_partner_manager,l10n_it_openapi_pec.group_manager',
            company_id=cls.other.id, company_ids=[Command.set(cls.other.ids)])

    def as_stranger(self):
        self.env.flush_all()
        before = self.sandbox.stats()
        self.log_in(self.stranger)
        return before

    def assert_kept_out(self, model, values, specification, confirm, before):
        """None of the ways to make a question about these records leads anywhere.

        Nor does the question that is made by force.
        """
        for method, arguments in [
            ('onchange', ([], values, list(values), specification)),
            ('create', ([values],)),
            ('web_save', ([], values, specification)),
        ]:
            with self.subTest(method=method), mute_logger('odoo.http'), self.assertRaises(RpcError):
                self.rpc(model, method, *arguments)
        forced = self.env[model].create(values)
        self.env.flush_all()
        self.env.cr.execute(f'UPDATE {forced._table} SET create_uid = %s WHERE id = %s', [self.stranger.id, forced.id])
        self.env.invalidate_all()
        for method, arguments in [('web_read', (forced.ids, specification)), (confirm, (forced.ids,))]:
            with self.subTest(method=method), mute_logger('odoo.http'), self.assertRaises(RpcError):
                self.rpc(model, method, *arguments)
        self.assertEqual(self.sandbox.stats(), before)

    def test_order(self):
        """Spaces, renewals and revocations of another company's mailbox; what it was like is guessed right."""
        mailbox = self.take_over()
        before = self.as_stranger()
        for operation, more in [
            ('mailbox_renew', {'years': '1'}), ('mailbox_revoke', {'typed_address': mailbox.address}),
            ('mailbox_modify', {'disk_space': 1024}), ('mailbox_transform', {'new_type': 'GOLD'}),
        ]:
            with self.subTest(operation=operation):
                self.assert_kept_out(const.mailbox.OPERATIONS[operation].wizard, {
                    'mailbox_id': mailbox.id, 'snapshot': mailbox.snapshot, **more,
                }, {'is_sandbox': {}, 'price': {}, 'address': {}, 'awaited_sentence': {}}, 'action_confirm', before)
        self.assertEqual((mailbox.call_state, mailbox.operation), (False, False))
        self.assertEqual((self.sandbox.executed(RENEW), self.sandbox.executed(REVOKE)), (0, 0))

    def test_order_of_a_purchase(self):
        mailbox = self.create_mailbox()
        before = self.as_stranger()
        self.assert_kept_out(
            'openapi_pec.mailbox.confirmation', {'mailbox_id': mailbox.id},
            {'price': {}, 'warnings': {}},
            'action_confirm', before)
        self.assertEqual((mailbox.call_state, self.sandbox.executed(BUY), self.sandbox.requested(CHECK)), (False, 0, 0))

    def test_submit(self):
        filing = self.create_filing()
        before = self.as_stranger()
        self.assert_kept_out(
            'openapi_pec.submit', {'communication_ids': [Command.set(filing.ids)]}, {'price': {}, 'warnings': {}},
            'action_confirm', before)
        self.assertEqual((filing.state, self.sandbox.executed(CREATE)), ('draft', 0))

    def test_send(self):
        filing = self.create_filing()
        self.bring_to_signature(filing)
        self.upload(filing)
        before = self.as_stranger()
        self.assert_kept_out(
            'openapi_pec.delivery', {'communication_id': filing.id, 'reason': "so it has to be"},
            {'signature_findings': {}, 'identity_sentence': {}},
            'action_confirm', before)
        self.assertEqual(filing.state, 'awaiting_documents')

    def test_buy(self):
        """Whether an address is free is asked with the account of one's own company alone."""
        self.partner.company_id = self.company
        before = self.as_stranger()
        self.assert_kept_out(
            'openapi_pec.mailbox.purchase',
            {'partner_id': self.partner.id, 'company_id': self.company.id, 'local_part': 'forse'},
            {'proposals': {}, 'availability': {}}, 'action_prepare', before)

    def test_buy_with_the_account_of_another_company(self):
        contact = self.env['res.partner'].create({'name': "Contatto di Tutti", 'is_company': True})
        before = self.as_stranger()
        self.assert_kept_out(
            'openapi_pec.mailbox.purchase',
            {'partner_id': contact.id, 'company_id': self.company.id, 'local_part': 'forse'},
            {'proposals': {}, 'availability': {}}, 'action_prepare', before)

    def test_what_was_sent(self):
        filing = self.create_filing()
        self.submit(filing)
        before = self.as_stranger()
        line = filing.api_call_ids
        with mute_logger('odoo.http'), self.assertRaises(RpcError):
            self.rpc('openapi_pec.sent', 'web_save', [], {'api_call_id': line.id}, {'sent': {}})
        with mute_logger('odoo.http'), self.assertRaises(RpcError):
            self.rpc('openapi_pec.sent', 'onchange', [], {'api_call_id': line.id}, ['api_call_id'], {'sent': {}})
        self.assertEqual(self.sandbox.stats(), before)

    def test_receive(self):
        """Another company's files are not read as uploads."""
        filing = self.create_filing()
        self.bring_to_signature(filing)
        self.as_stranger()
        with mute_logger('odoo.http'), self.assertRaises(RpcError):
            ids = self.rpc('openapi_pec.upload', 'create', [{'attachment_ids': [Command.link(filing.procura_id.id)]}])
            self.rpc('openapi_pec.upload', 'action_read', ids)
        self.assertEqual(self.env['openapi_pec.upload.line'].search_count([]), 0)

    def test_choose(self):
        """A decision on another company's call, by the lines of a question that is the attacker's by force."""
        filing = self.create_filing()
        self.submit(filing)
        self.as_stranger()
        question = self.env['openapi_pec.reconcile'].create({
            'res_model': filing._name, 'res_id': filing.id, 'operation': 'create', 'question': 'which',
            'reason': "so it has to be",
            'line_ids': [Command.create({'remote_id': filing.remote_id})]})
        self.env.flush_all()
        for records in (question, question.line_ids):
            self.env.cr.execute(
                f'UPDATE {records._table} SET create_uid = %s WHERE id = ANY(%s)', [self.stranger.id, records.ids])
        self.env.invalidate_all()
        for model, method, ids in [
            ('openapi_pec.reconcile', 'action_none', question.ids),
            ('openapi_pec.reconcile.line', 'action_this_one', question.line_ids.ids),
        ]:
            with self.subTest(method=method), mute_logger('odoo.http'), self.assertRaisesRegex(
                    RpcError, "(?i)access|not allowed"):
                self.rpc(model, method, ids)

    def test_the_clicker_counts_and_not_sudo(self):
        """What is called is asked for by a user, however the records are read."""
        filing, mailbox = self.create_filing(), self.take_over()
        mailbox.write({'operation': 'mailbox_renew', 'request': {'years': 1, 'before': mailbox.snapshot}})
        self.env.flush_all()
        for user, sentence in [(self.user, "ask a manager"), (self.stranger, "")]:
            for record in (filing, mailbox):
                with self.subTest(user=user.name, model=record._name), self.assertRaisesRegex(AccessError, sentence):
                    record.with_user(user).sudo()._queue_call()
        with self.assertRaises(AccessError):
            self.company.with_user(self.user).sudo()._openapi_pec_accept_account('sandbox')
        filing.with_user(self.manager).sudo()._submit()
        self.assertEqual(filing.state, 'queued')

    # ------------------------------------------------------------ what changes while somebody looks at a question

    def test_a_draft_that_is_changed_meanwhile(self):
        """The manager looks at the question, a user corrects the draft, the manager clicks."""
        filing = self.create_filing()
        action = self.press(filing, 'action_open_submit')
        self.open_form(action)
        for name, value in [('pec_email', 'altra@legalmail.it'), ('mobile', '3409999999'), ('kind', 'administrator')]:
            was = filing[name]
            self.log_in(self.user)
            self.rpc(filing._name, 'web_save', filing.ids, {name: value}, {})
            self.log_in(self.manager)
            with self.subTest(name=name), mute_logger('odoo.http'), self.assertRaisesRegex(
                    RpcError, "showed of it has changed meanwhile"):
                self.rpc(action['res_model'], 'action_confirm', [action['res_id']])
            filing[name] = was
            self.env.flush_all()
        self.assertEqual((filing.state, self.sandbox.requested(CREATE)), ('draft', 0))
        action = self.press(filing, 'action_open_submit')
        self.rpc(action['res_model'], 'action_confirm', [action['res_id']])
        self.assertEqual((filing.state, self.sandbox.executed(CREATE)), ('code_requested', 1))

    def test_a_price_or_warning_that_is_new(self):
        filing = self.create_filing()
        action = self.press(filing, 'action_open_submit')
        self.env['openapi_pec.price'].create({'operation': 'create', 'amount': 19.90})
        self.env.flush_all()
        with mute_logger('odoo.http'), self.assertRaisesRegex(RpcError, "nothing was sent or spent"):
            self.rpc(action['res_model'], 'action_confirm', [action['res_id']])
        self.assertEqual((filing.state, self.sandbox.requested(CREATE)), ('draft', 0))

    def test_the_question_takes_no_other_filing(self):
        """What was shown is not the client's to say."""
        filing, other = self.create_filing(), self.create_filing()
        action = self.press(filing, 'action_open_submit')
        self.rpc(action['res_model'], 'write', [action['res_id']], {'communication_ids': [Command.set(other.ids)]})
        with mute_logger('odoo.http'), self.assertRaisesRegex(RpcError, "nothing was sent or spent"):
            self.rpc(action['res_model'], 'action_confirm', [action['res_id']])
        for method, arguments in [
                ('write', ([action['res_id']], {'snapshot': {}})), ('read', ([action['res_id']], ['snapshot']))]:
            with self.subTest(method=method), mute_logger('odoo.http'), self.assertRaises(RpcError):
                self.rpc(action['res_model'], method, *arguments)
        self.assertEqual(self.sandbox.requested(CREATE), 0)

    def test_a_mailbox_that_is_changed_meanwhile(self):
        mailbox = self.create_mailbox()
        action = self.press(mailbox, 'action_open_buy')
        [order] = self.rpc(action['res_model'], 'create', [{}], context=action['context'])
        mailbox.with_user(self.user).auto_renew = True
        self.env.flush_all()
        with mute_logger('odoo.http'), self.assertRaisesRegex(RpcError, "draft of the mailbox has been changed"):
            self.rpc(action['res_model'], 'action_confirm', [order])
        self.assertEqual((mailbox.call_state, self.sandbox.requested(BUY)), (False, 0))
        action = self.press(mailbox, 'action_open_buy')
        [order] = self.rpc(action['res_model'], 'create', [{}], context=action['context'])
        self.rpc(action['res_model'], 'action_confirm', [order])
        self.assertEqual((mailbox.state, self.sandbox.executed(BUY)), ('registered', 1))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestOddRecords(OperationsCase):
    """What a record, or a row of the service, lacks is said, and stops nothing else."""

    def test_refresh_without_an_identifier(self):
        filing = self.create_filing()
        for values in (
                {}, {'state': 'failed', 'environment': 'sandbox'},
                {'state': 'code_requested', 'environment': 'sandbox'}):
            filing.write(values)
            with self.subTest(values=values), self.assertRaisesRegex(
                    UserError, "not at the service, as far as Odoo knows"):
                filing.with_user(self.user).action_refresh()
        other = self.create_filing()
        self.submit(other)
        self.sandbox.set_stato('in_attesa_di_documenti')
        (filing + other).with_user(self.user).action_refresh()
        self.assertEqual((filing.state, other.state), ('code_requested', 'awaiting_documents'))
        self.sandbox.set_stato('documenti_caricati')
        self.run_cron('synchronize')
        self.assertEqual((filing.state, other.state), ('code_requested', 'documents_uploaded'))

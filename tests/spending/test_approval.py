from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from sandbox_api.const import WALLET

from ..account.test_wallet import WalletMixin
from ..common import PecCase

MANAGER = 'base.group_user,base.group_partner_manager,l10n_it_openapi_pec.group_manager'


class ApprovalMixin(WalletMixin):
    """Gives a test class a company with two managers, of whom one alone spends EUR 10."""

    def setUp(self):
        super().setUp()
        self.company.openapi_pec_approval_amount = 10
        self.second = new_test_user(
            self.env, 'pec_second', MANAGER, {'no_reset_password': True}, name="Dario Gialli").with_env(self.env)
        self.filing = self.create_filing()

    def request(self, *filings):
        """Have the first manager ask for approval; return the request as the second one sees it."""
        action = self.ask(*(filings or [self.filing])).action_ask_approval()
        return self.env[action['res_model']].with_user(self.second).browse(action['res_id'])


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestApproval(ApprovalMixin, PecCase):
    """What costs more than one manager spends alone is approved by another one, on whichever way it is asked for."""

    def test_asked_and_approved(self):
        question = self.ask(self.filing)
        self.assertTrue(question.is_approval_wanted)
        self.assertIn("More than the EUR 10.00", question.approval_sentence)
        with self.refused("Ask for Approval"):
            question.action_confirm()
        approval = self.request()
        self.assertEqual((approval.state, approval.price, approval.asked_by_id), ('asked', 15.7, self.manager))
        self.assertIn(self.second, approval.activity_ids.user_id)
        self.assertNotIn(self.manager, approval.activity_ids.user_id)
        self.assertEqual(self.filing.state, 'draft')
        approval.action_approve()
        self.commit()
        self.assertEqual((approval.state, approval.decided_by_id), ('approved', self.second))
        self.assertEqual(self.filing.state, 'code_requested')
        line = self.filing.api_call_ids
        self.assertEqual((line.user_id, line.approved_by_id), (self.manager, self.second))
        self.assertFalse(approval.activity_ids)
        self.assertIn("Dario Gialli approved it", self.messages(self.filing))
        with self.refused("decided already"):
            approval.action_approve()
        self.assertEqual(self.sandbox.executed(), 1)

    def test_nobody_approves_his_own(self):
        approval = self.request()
        with self.refused("another manager"):
            approval.with_user(self.manager).action_approve()
        with self.assertRaises(AccessError):
            approval.with_user(self.user).action_approve()
        for values in ({'state': 'approved'}, {'asked_by_id': self.second.id}, {'price': 1}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                approval.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.env['openapi_pec.approval'].with_user(self.manager).create({
                'company_id': self.company.id, 'environment': 'production', 'operation': 'create',
                'asked_by_id': self.second.id, 'res_model': 'openapi_pec.communication'})

    def test_no_way_around(self):
        filings = self.filing.with_user(self.manager)
        forged = {'openapi_pec_cleared': True, 'openapi_pec_approved': True}
        for records in (filings, filings.sudo(), filings.with_context(**forged)):
            with self.refused("Ask for Approval"):
                records.action_submit("a reason that is none")
        with self.refused("Ask for Approval"):
            filings.sudo()._queue_call()
        self.assertEqual(self.filing.state, 'draft')

    def test_many_small_ones_are_one_sum(self):
        self.company.openapi_pec_approval_amount = 20
        second = self.create_filing(kind='administrator')
        self.assertFalse(self.ask(self.filing).is_approval_wanted)
        self.assertTrue(self.ask(self.filing, second).is_approval_wanted)
        with self.refused("EUR 31.40"):
            (self.filing + second).with_user(self.manager).action_submit()
        approval = self.request(self.filing, second)
        self.assertEqual((approval.count, approval.price), (2, 31.4))
        approval.action_approve()
        self.run_cron('dispatch')
        self.assertEqual(set((self.filing + second).mapped('state')), {'code_requested'})

    def test_what_has_changed_is_closed(self):
        approval = self.request()
        self.filing.pec_email = 'altra@legalmail.it'
        action = approval.action_approve()
        self.assertIn("Changed since", action['params']['message'])
        self.assertEqual((approval.state, self.filing.state), ('changed', 'draft'))
        self.assertEqual(approval.activity_ids.user_id, self.manager)

    def test_a_changed_price_is_closed(self):
        approval = self.request()
        self.env['openapi_pec.price']._note('create', False, 19, "console")
        approval.action_approve()
        self.assertEqual((approval.state, self.filing.state), ('changed', 'draft'))

    def test_what_is_gone_is_closed(self):
        approval = self.request()
        self.filing.unlink()
        approval.action_approve()
        self.assertEqual(approval.state, 'changed')

    def test_asked_twice_is_asked_once(self):
        self.assertEqual(self.request(), self.request())

    def test_asked_otherwise_is_asked_anew(self):
        approval = self.request()
        question = self.ask(self.filing)
        question.reason = "the deadline is on Friday"
        again = self.env['openapi_pec.approval'].browse(question.action_ask_approval()['res_id'])
        self.assertNotEqual(again, approval)
        self.assertEqual((approval.state, again.state), ('changed', 'asked'))
        self.assertFalse(approval.activity_ids)
        self.filing.pec_email = 'altra@legalmail.it'
        self.assertNotEqual(self.request(), again)
        self.assertEqual(again.state, 'changed')

    def test_over_budget_meanwhile(self):
        """Who approves says why, where the first manager was not asked."""
        approval = self.request()
        self.company.openapi_pec_budget = 1
        with self.refused("over the budget"):
            approval.action_approve()
        self.env.invalidate_all()
        self.assertEqual(approval.state, 'asked')
        approval.decision_reason = "the chamber has asked for it"
        approval.action_approve()
        self.assertEqual((approval.state, self.filing.state), ('approved', 'queued'))
        self.assertIn("the chamber has asked for it", self.messages(self.filing))

    def test_of_who_is_no_manager_any_more(self):
        approval = self.request()
        self.manager.group_ids -= self.env.ref('l10n_it_openapi_pec.group_manager')
        action = approval.action_approve()
        self.assertIn("no manager here any more", action['params']['message'])
        self.assertEqual((approval.state, self.filing.state), ('changed', 'draft'))

    def test_told_on_the_filing(self):
        """Everybody reads on it that it waits, without the amount; who may decide opens it from there."""
        second = self.create_filing(kind='administrator')
        filings = self.filing + second
        self.assertEqual(filings.mapped('approval_sentence'), [False, False])
        approval = self.request(self.filing)
        self.env.invalidate_all()
        self.assertFalse(second.approval_sentence)
        for user in (self.manager, self.second, self.user):
            told = self.filing.with_user(user).approval_sentence
            self.assertIn("Communicate the PEC: approval asked of ", told)
            self.assertRegex(told, "Dario Gialli.* by Anna Verdi on ")
            self.assertNotIn("15", told.split(' on ')[0])
        for user in (self.manager, self.second):
            action = self.filing.with_user(user).action_open_approval()
            self.assertEqual((action['res_model'], action['res_id']), ('openapi_pec.approval', approval.id))
        with self.assertRaises(AccessError):
            self.filing.with_user(self.user).action_open_approval()
        approval.action_approve()
        self.env.invalidate_all()
        self.assertFalse(self.filing.approval_sentence)
        with self.refused("decided already"):
            self.filing.with_user(self.second).action_open_approval()

    def test_told_of_many_at_once(self):
        """The same number of queries for one filing as for several, however many requests wait."""
        filings = self.filing + self.create_filing(kind='administrator')
        self.request(self.filing)
        self.request(*filings)
        counts = []
        for asked in (filings, self.filing, filings):  # the first time fills the caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sentences = asked.with_user(self.user).mapped('approval_sentence')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
        self.assertEqual([sentence.count("waits for a decision") for sentence in sentences], [2, 1])
        action = self.filing.with_user(self.second).action_open_approval()
        found = self.env[action['res_model']].search(action['domain'])
        self.assertEqual(len(found), 2)

    def test_whose_reason_it_is(self):
        approval = self.request()
        with self.assertRaises(AccessError):
            approval.with_user(self.manager).decision_reason = "x"
        approval.decision_reason = "the address is not the company's"
        approval.action_reject()
        with self.assertRaises(AccessError):
            approval.decision_reason = "it is"

    def test_taken_back(self):
        approval = self.request()
        approval.with_user(self.manager).action_reject()
        self.assertEqual((approval.state, approval.decided_by_id), ('rejected', self.manager))

    def test_the_asker_s_figures_are_his(self):
        self.manager.sudo().openapi_pec_budget = 10
        question = self.ask(self.filing)
        question.reason = "the deadline is on Friday"
        approval = self.env['openapi_pec.approval'].with_user(self.second).browse(
            question.action_ask_approval()['res_id'])
        self.assertIn(f"over the budget of {self.manager.name}", approval.budget_sentence)
        self.assertNotIn("10.00", approval.budget_sentence)

    def test_what_is_named(self):
        """Contacts that managers of the company do not see are counted."""
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        seen, hidden = self.create_companies(2)
        hidden.company_id = other
        names = self.env['openapi_pec.approval']._get_names(self.company, seen + hidden)
        self.assertEqual(names, [seen.display_name, "1 more"])

    def test_an_old_balance_tells_nothing_of_after(self):
        self.sandbox.settings(credit=100)
        account = self.connect(environment='production')
        approval = self.request()
        self.assertIn("After this", approval.wallet_sentence)
        self.pass_minutes(account, 30)
        self.env.invalidate_all()
        self.assertNotIn("After this", approval.wallet_sentence)
        read = self.sandbox.requested(WALLET)
        approval.action_open()
        self.env.invalidate_all()
        self.assertEqual(self.sandbox.requested(WALLET), read + 1)
        self.assertIn("After this", approval.wallet_sentence)

    def test_on_the_overview(self):
        self.request()
        for user, count in ((self.second, 1), (self.manager, 0), (self.user, 0)):
            cards = self.env['openapi_pec.overview'].with_user(user).get_overview()['cards']
            rows = [row['count'] for card in cards if card['name'] == 'approvals' for row in card['rows']]
            self.assertEqual(sum(rows), count, user.login)

    def test_rejected_with_a_reason(self):
        approval = self.request()
        with self.refused("few words"):
            approval.action_reject()
        approval.decision_reason = "the address is not the company's"
        approval.action_reject()
        self.assertEqual((approval.state, self.filing.state), ('rejected', 'draft'))
        self.assertIn("the address is not", approval.activity_ids.summary)
        self.assertEqual(approval.activity_ids.user_id, self.manager)

    def test_a_second_manager_who_reads_another_language(self):
        self.env['res.lang']._activate_lang('it_IT')
        self.second.lang = 'it_IT'
        approval = self.request()
        approval.with_context(lang='it_IT').action_approve()
        self.assertEqual(self.filing.state, 'queued')

    def test_alone_one_spends(self):
        others = self.company._openapi_pec_get_managers() - self.manager
        self.assertIn(self.second, others)
        others.group_ids -= self.env.ref('l10n_it_openapi_pec.group_manager')
        self.assertFalse(self.ask(self.filing).is_approval_wanted)
        self.ask(self.filing).action_confirm()
        self.assertEqual(self.filing.state, 'queued')

    def test_of_another_company(self):
        approval = self.request()
        other = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_stranger', MANAGER, {'no_reset_password': True}, company_id=other.id,
            company_ids=[(6, 0, other.ids)])
        with self.assertRaises(AccessError):
            approval.with_user(stranger).action_approve()
        self.assertFalse(self.env['openapi_pec.approval'].with_user(stranger).search([('id', '=', approval.id)]))
        told = self.env['openapi_pec.approval'].with_user(stranger)._tell_waiting(self.filing)
        self.assertFalse(told)
        self.assertNotIn(stranger, self.company._openapi_pec_get_managers())

    def test_over_budget_and_approved(self):
        self.company.openapi_pec_budget = 1
        question = self.ask(self.filing)
        with self.refused("over the budget"):
            question.action_ask_approval()
        question.reason = "the deadline is on Friday"
        action = question.action_ask_approval()
        approval = self.env['openapi_pec.approval'].with_user(self.second).browse(action['res_id'])
        self.assertIn("over the budget", approval.budget_sentence)
        approval.action_approve()
        self.assertEqual(self.filing.state, 'queued')
        self.assertIn("the deadline is on Friday", self.messages(self.filing))

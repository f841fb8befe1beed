from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common_company import CODE
from ..common_look import LookCase, as_register
from ..common_mailbox import BUY, RENEW, MailboxCase
from .test_approval import MANAGER, ApprovalMixin

DEADLINE = "the deadline is on Friday"


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxSpending(ApprovalMixin, MailboxCase):
    """Mailboxes pass the same rule; in the sandbox it can be tried out."""

    def setUp(self):
        super().setUp()
        self.company.openapi_pec_environment = 'sandbox'

    def test_a_purchase_is_approved(self):
        mailbox = self.create_mailbox()
        order = self.open_order(mailbox, 'mailbox_create').create({})
        self.assertTrue(order.is_approval_wanted)
        with self.refused("Ask for Approval"):
            order.action_confirm()
        with self.refused("Ask for Approval"):
            mailbox.with_user(self.manager)._ask_for('mailbox_create')
        action = order.action_ask_approval()
        approval = self.env['openapi_pec.approval'].with_user(self.second).browse(action['res_id'])
        self.assertEqual((approval.operation, approval.price), ('mailbox_create', 11))
        mailbox.invalidate_recordset()
        self.assertIn("waits for a decision", mailbox.with_user(self.user).approval_sentence)
        self.assertEqual(mailbox.with_user(self.second).action_open_approval()['res_id'], approval.id)
        approval.action_approve()
        self.commit()
        self.assertEqual((mailbox.state, self.sandbox.requested(BUY)), ('registered', 1))
        line = mailbox.api_call_ids
        self.assertEqual((line.user_id, line.approved_by_id), (self.manager, self.second))

    def test_a_renewal_keeps_its_answers(self):
        self.company.openapi_pec_approval_amount = 0
        mailbox = self.buy_active()
        self.company.openapi_pec_approval_amount = 1
        self.env['openapi_pec.price']._note('mailbox_renew', 'STANDARD', 11, "console")
        expiry = mailbox.expires_on
        action = self.open_order(mailbox, 'mailbox_renew').create({'years': '2'}).action_ask_approval()
        approval = self.env['openapi_pec.approval'].with_user(self.second).browse(action['res_id'])
        self.assertEqual(approval.price, 22)
        self.assertIn("Years: 2", approval.description)
        fewer = self.open_order(mailbox, 'mailbox_renew').create({'years': '1'}).action_ask_approval()
        self.assertEqual(approval.state, 'changed', "it was asked anew for one year")
        approval = approval.browse(self.open_order(mailbox, 'mailbox_renew').create(
            {'years': '2'}).action_ask_approval()['res_id'])
        self.assertNotEqual(approval.id, fewer['res_id'])
        approval.action_approve()
        self.commit()
        self.assertEqual(self.sandbox.requested(RENEW), 1)
        self.assertEqual(mailbox.expires_on.year, expiry.year + 2)

    def test_a_mailbox_that_changed_is_not_paid(self):
        mailbox = self.create_mailbox()
        action = self.open_order(mailbox, 'mailbox_create').create({}).action_ask_approval()
        mailbox.holder_street = "Via Nuova 2"
        approval = self.env['openapi_pec.approval'].with_user(self.second).browse(action['res_id'])
        approval.action_approve()
        self.assertEqual((approval.state, mailbox.state), ('changed', 'draft'))

    def test_over_budget(self):
        self.company.write({'openapi_pec_approval_amount': 0, 'openapi_pec_budget': 5})
        mailbox = self.create_mailbox()
        order = self.open_order(mailbox, 'mailbox_create').create({})
        self.assertIn("over the budget", order.budget_sentence)
        with self.refused("over the budget"):
            order.action_confirm()
        order.reason = DEADLINE
        order.action_confirm()
        self.commit()
        self.assertEqual(mailbox.state, 'registered')
        self.assertIn(DEADLINE, self.messages(mailbox))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLookSpending(LookCase):
    """Look-ups by hand pass it; what is scheduled has a budget of its own, and counts."""

    def setUp(self):
        super().setUp()
        self.be_real()
        self.second = new_test_user(
            self.env, 'pec_second', MANAGER, {'no_reset_password': True}, name="Dario Gialli").with_env(self.env)

    def test_over_budget_with_a_reason(self):
        self.company.openapi_pec_budget = 0.15
        self.update()
        question = self.question()
        self.assertIn("EUR 0.10 of EUR 0.15", question.budget_sentence)
        for reason in (False, "ok", "- - - - - - - - - - -"):
            question.reason = reason
            with self.assertRaises(UserError):
                question.action_confirm()
        question.reason = DEADLINE
        action = question.action_confirm()
        self.commit()
        self.assertEqual(self.requested(), 2)
        update = self.env[action['res_model']].browse(action['res_id'])
        self.assertIn(DEADLINE, self.messages(update))

    def test_asked_again_over_budget_opens_the_question(self):
        look = self.update().look_ids
        self.company.openapi_pec_budget = 0.01
        look.sudo().state = 'lost'
        action = look.with_user(self.manager).action_ask_again()
        self.assertEqual(action['res_model'], 'openapi_pec.register_question')

    def test_approved(self):
        self.company.openapi_pec_approval_amount = 0.05
        question = self.question()
        action = question.action_ask_approval()
        approval = self.env['openapi_pec.approval'].with_user(self.second).browse(action['res_id'])
        self.assertEqual((approval.price, self.requested()), (0.1, 0))
        contact = self.partner.with_user(self.second)
        contact.invalidate_recordset()
        self.assertIn("Look up a company: approval asked of ", contact.openapi_pec_approval_sentence)
        self.assertEqual(contact.action_openapi_pec_open_approval()['res_id'], approval.id)
        action = approval.action_approve()
        self.commit()
        self.assertEqual((action['res_model'], self.requested()), ('openapi_pec.register_update', 1))
        line = self.line(self.looks.search([]))
        self.assertEqual((line.user_id, line.approved_by_id), (self.manager, self.second))

    def test_scheduled_ones_need_no_approval_and_count(self):
        self.company.write({
            'openapi_pec_approval_amount': 0.05, 'openapi_pec_budget': 0.05, 'openapi_pec_register_days': 30,
            'openapi_pec_register_budget': 10})
        self.sandbox.keep_companies(as_register(CODE))
        self.partner.with_company(self.company).openapi_pec_is_checked = True
        self.run_cron('looks')
        self.assertEqual(self.company._openapi_pec_get_spent(), 0.1, "it is queued")
        self.run_cron('dispatch')
        self.assertEqual((self.requested(), self.company._openapi_pec_get_spent()), (1, 0.1))

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common_look import LookCase
from ..common_mailbox import BUY, MailboxCase
from .test_approval import ApprovalMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPricesKept(ApprovalMixin, MailboxCase):
    """Whom budgets and approvals bind does not make the prices that they are counted with."""

    def setUp(self):
        super().setUp()
        self.prices = self.env['openapi_pec.price'].with_user(self.manager)
        self.create_price = {'operation': 'create', 'amount': 0.01}

    def test_who_is_bound_keeps_no_price(self):
        price = self.prices.search([('operation', '=', 'create')], limit=1)
        for limited in ('openapi_pec_budget', 'openapi_pec_approval_amount'):
            self.company.write({'openapi_pec_budget': 0, 'openapi_pec_approval_amount': 0, limited: 5})
            with self.subTest(limited=limited):
                for what in (
                        lambda: self.prices.create(self.create_price), lambda: price.write({'amount': 0.01}),
                        price.unlink):
                    with self.assertRaises(AccessError):
                        what()
        self.assertEqual(self.prices._get('create'), 15.7)
        self.manager.group_ids += self.env.ref('base.group_system')
        self.prices.create({**self.create_price, 'amount': 16})
        self.assertEqual(self.prices._get('create'), 16)

    def test_where_nobody_is_bound_a_manager_keeps_them(self):
        self.company.openapi_pec_approval_amount = 0
        self.prices.create({**self.create_price, 'amount': 16})
        self.assertEqual(self.prices._get('create'), 16)
        self.second.openapi_pec_budget = 5
        with self.assertRaises(AccessError):
            self.prices.create(self.create_price)

    def test_a_day_to_come(self):
        self.company.openapi_pec_approval_amount = 0
        tomorrow = fields.Date.context_today(self.prices) + timedelta(days=1)
        with self.assertRaises(ValidationError):
            self.prices.create({**self.create_price, 'seen_on': tomorrow})

    def test_nothing_is_sold_for_nothing(self):
        self.env['openapi_pec.price'].create({'operation': 'create', 'amount': 0})
        self.assertIsNone(self.prices._get('create'))
        self.assertTrue(self.ask(self.create_filing()).is_approval_wanted)
        self.assertEqual(self.prices._get('mailbox_revoke'), 0)

    def test_a_typed_price_approves_nothing(self):
        mailbox = self.create_mailbox('BRONZE', address='falegnameria.bronze@legalmail.it')
        order = self.open_order(mailbox, 'mailbox_create').create({'typed_price': 0.01})
        self.assertTrue(order.is_approval_wanted)
        with self.refused("Ask for Approval"):
            order.action_confirm()
        approval = self.env['openapi_pec.approval'].with_user(self.second).browse(order.action_ask_approval()['res_id'])
        self.assertIn(f"{self.manager.name} typed EUR 0.01", approval.description)
        self.assertIsNone(self.prices._get('mailbox_create', 'BRONZE'))
        approval.action_approve()
        self.commit()
        self.assertEqual((approval.state, self.sandbox.requested(BUY)), ('approved', 1))
        self.assertEqual(mailbox.sudo().api_call_ids.price, 0.01)
        self.assertEqual(self.prices._get('mailbox_create', 'BRONZE'), 0.01)

    def test_within_a_budget_it_is_kept_for_nobody(self):
        self.company.write({'openapi_pec_approval_amount': 0, 'openapi_pec_budget': 100})
        mailbox = self.create_mailbox('BRONZE', address='falegnameria.bronze@legalmail.it')
        self.open_order(mailbox, 'mailbox_create').create({'typed_price': 23.5}).action_confirm()
        self.assertEqual(mailbox.asked_price, 23.5)
        self.assertIsNone(self.prices._get('mailbox_create', 'BRONZE'))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLookPricesKept(ApprovalMixin, LookCase):
    """The same for look-ups."""

    def test_a_typed_price_approves_nothing(self):
        filing = self.create_filing(state='completed', environment='production')
        action = filing.with_user(self.manager).action_check_register()
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        with self.refused("type what the Openapi console asks"):
            question.action_ask_approval()
        question.typed_price = 0.01
        self.assertTrue(question.is_approval_wanted)
        with self.refused("Ask for Approval"):
            question.action_confirm()

    def test_a_typed_price_counts_for_a_budget(self):
        """It is kept for nobody else, and the journal keeps it of this look-up."""
        self.company.write({'openapi_pec_approval_amount': 0, 'openapi_pec_budget': 100})
        filing = self.create_filing(state='completed', environment='production')
        action = filing.with_user(self.manager).action_check_register()
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        question.typed_price = 0.03
        question.action_confirm()
        look = self.looks.search([('operation', '=', 'register_pec')])
        self.assertEqual(self.company._openapi_pec_get_spent(), 0.03)
        self.commit()
        self.assertEqual((self.line(look).price, self.line(look).is_price_known), (0.03, True))
        self.assertIsNone(self.env['openapi_pec.price']._get('register_pec'))

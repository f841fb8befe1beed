from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..account.test_wallet import WalletMixin
from ..common import PecCase

MANAGER = 'base.group_user,base.group_partner_manager,l10n_it_openapi_pec.group_manager'
DEADLINE = "the deadline is on Friday"


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestBudget(WalletMixin, PecCase):
    """Over budget a manager goes on with a reason, which is kept; nothing that costs passes by."""

    def test_over_budget_with_a_reason(self):
        self.company.openapi_pec_budget = 20
        first, second = self.create_filing(), self.create_filing(kind='administrator')
        question = self.ask(first)
        self.assertFalse(question.budget_sentence)
        question.action_confirm()
        question = self.ask(second)
        self.assertIn("EUR 15.70 of EUR 20.00 are spent or under way", question.budget_sentence)
        with self.refused("over the budget"):
            question.action_confirm()
        with self.refused("over the budget"):
            second.with_user(self.manager).action_submit()
        question.reason = DEADLINE
        question.action_confirm()
        self.assertEqual(second.state, 'queued')
        self.assertIn(DEADLINE, self.messages(second))
        self.assertEqual((second.asked_price, second.asked_by_id), (15.7, self.manager))

    def test_what_was_called_counts_for_all_companies_of_the_account(self):
        self.company.openapi_pec_budget = 20
        other = self.env['res.company'].create({'name': "Altra S.r.l.", 'openapi_pec_environment': 'production'})
        other._openapi_pec_set_token('production', 'sandbox-token')
        self.env['openapi_pec.api_call'].sudo().create({
            'operation': 'create', 'res_model': 'openapi_pec.communication', 'res_id': 1, 'company_id': other.id,
            'environment': 'production', 'user_id': self.manager.id, 'state': 'accepted', 'price': 15.7})
        self.assertIn("EUR 15.70", self.ask(self.create_filing()).budget_sentence)
        self.company.openapi_pec_budget, other.openapi_pec_budget = 0, 20
        self.assertIn("EUR 15.70", self.ask(self.create_filing()).budget_sentence, "the least one counts")
        self.company.openapi_pec_budget = 20
        other._openapi_pec_set_token('production', 'sandbox-token:another')
        self.assertFalse(self.ask(self.create_filing()).budget_sentence)

    def test_a_month_is_one_of_italy(self):
        """What is called an hour before midnight of Greenwich is the new month's in winter, and two hours in summer."""
        looks = self.env['openapi_pec.register_look']
        for now, before, since in (
                ('2027-01-01 00:30:00', '2026-12-31 22:59:59', '2026-12-31 23:00:00'),
                ('2026-12-31 23:30:00', '2026-12-31 22:59:59', '2026-12-31 23:00:00'),
                ('2026-12-31 22:30:00', '2026-11-30 22:59:59', '2026-11-30 23:00:00'),
                ('2026-07-15 12:00:00', '2026-06-30 21:59:59', '2026-06-30 22:00:00')):
            with self.subTest(now=now), freeze_time(now):
                calls = self.env['openapi_pec.api_call'].sudo().create([{
                    'operation': 'register_company', 'res_model': 'openapi_pec.register_look', 'res_id': 1,
                    'company_id': self.company.id, 'environment': 'production', 'user_id': self.manager.id,
                    'state': 'accepted', 'price': price, 'started_at': moment,
                } for moment, price in ((before, 5), (since, 3))])
                self.assertEqual(self.company._openapi_pec_get_spent(), 3)
                self.assertEqual(self.company._openapi_pec_get_spent(self.manager), 3)
                self.assertEqual(
                    looks._get_month(self.company, 'production', ['register_company']), [('register_company', 1, 3)])
                calls.write({'state': 'refused'})

    def test_ones_own_budget(self):
        self.manager.sudo().openapi_pec_budget = 10
        filing = self.create_filing()
        self.assertIn("over your own budget", self.ask(filing).budget_sentence)
        with self.assertRaises(UserError):
            filing.with_user(self.manager).action_submit()
        filing.with_user(self.manager).action_submit(DEADLINE)
        self.assertIn(DEADLINE, self.messages(filing))
        self.assertNotIn("10.00", self.messages(filing), "more people read a chatter than may know a budget")

    def test_who_sets_budgets(self):
        for user, values in (
                (self.manager, {'openapi_pec_budget': 5}), (self.user, {'openapi_pec_budget': 5}),
                (new_test_user(self.env, 'pec_rights', 'base.group_erp_manager'), {'openapi_pec_budget': 5})):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.manager.with_user(user).write(values)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.company.with_user(user).write({'openapi_pec_budget': 100, 'openapi_pec_approval_amount': 100})

    def test_a_domain_is_not_looked_up_over_budget(self):
        self.company.openapi_pec_budget = 0.01
        filing = self.create_filing(pec_email='prova@dominio-ignoto.it')
        with self.refused("need not be looked up"):
            filing.with_user(self.manager).action_look_up_domain()

    def test_what_is_not_known_is_not_nothing(self):
        self.env['openapi_pec.price'].search([('operation', '=', 'create')]).unlink()
        self.assertFalse(self.ask(self.create_filing()).budget_sentence)
        self.company.openapi_pec_budget = 1000
        question = self.ask(self.create_filing())
        self.assertIn("an amount that is not known yet", question.budget_sentence)
        with self.refused("over the budget"):
            question.action_confirm()

    def test_what_was_queued_before_prices_were_kept(self):
        filing = self.create_filing()
        filing.with_user(self.manager).action_submit()
        self.assertEqual(self.company._openapi_pec_get_spent(), 15.7)
        self.env.flush_all()
        self.env.cr.execute("UPDATE openapi_pec_communication SET asked_price = NULL WHERE id = %s", [filing.id])
        self.env.invalidate_all()
        self.assertEqual(self.company._openapi_pec_get_spent(), 15.7)

    def test_whoever_goes_on_has_not_asked(self):
        filing = self.create_filing()
        filing.with_user(self.manager).action_submit()
        self.env['openapi_pec.price']._note('create', False, 19, "console")
        second = new_test_user(self.env, 'pec_second', MANAGER, {'no_reset_password': True})
        filing.with_user(second).action_go_on()
        self.assertEqual((filing.asked_by_id, filing.asked_price), (self.manager, 15.7))
        filing.with_user(second).action_submit()
        self.assertEqual((filing.asked_by_id, filing.asked_price), (self.manager, 15.7))

    def test_domains_cannot_be_approved(self):
        new_test_user(self.env, 'pec_second', MANAGER, {'no_reset_password': True})
        self.company.openapi_pec_approval_amount = 0.01
        filing = self.create_filing(pec_email='prova@dominio-ignoto.it')
        with self.refused("Select fewer"):
            filing.with_user(self.manager).action_look_up_domain()

    def test_what_was_being_called_when_the_balance_was_read(self):
        self.sandbox.settings(credit=100)
        account = self.connect(environment='production')
        self.ask(self.create_filing())
        line = self.env['openapi_pec.api_call'].sudo().create({
            'operation': 'create', 'res_model': 'openapi_pec.communication', 'res_id': 1, 'environment': 'production',
            'company_id': self.company.id, 'user_id': self.manager.id, 'price': 15.7,
            'started_at': account.credit_at - timedelta(seconds=20)})
        self.assertEqual(self.company._openapi_pec_get_left(), (84.3, 15.7))
        line.write({'state': 'accepted', 'ended_at': account.credit_at - timedelta(seconds=5)})
        self.assertEqual(self.company._openapi_pec_get_left(), (100, 0))

    def test_a_budget_out_of_bounds(self):
        """It is refused before the database does, whose log would tell the whole row."""
        for amount in (-1, 1e12):
            with self.subTest(amount=amount), self.assertRaises(ValidationError), self.assertNoLogs('odoo.sql_db'):
                self.manager.sudo().openapi_pec_budget = amount

    def test_who_reads_limits(self):
        for name in (
                'openapi_pec_budget', 'openapi_pec_approval_amount', 'openapi_pec_low_credit',
                'openapi_pec_register_budget'):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.company.with_user(self.user).read([name])
            self.company.with_user(self.manager).read([name])

    def test_what_is_free_asks_nothing(self):
        self.company.write({'openapi_pec_budget': 1, 'openapi_pec_approval_amount': 1})
        filing = self.create_filing()
        filing.sudo().write({'environment': 'production', 'remote_id': 'x', 'state': 'awaiting_documents'})
        filing.sudo().with_user(self.manager).sudo()._queue_call()
        self.assertEqual((filing.state, filing.asked_price), ('queued', 0))

    def test_what_waits_is_not_asked_twice(self):
        filing = self.create_filing()
        filing.with_user(self.manager).action_submit()
        self.company.write({'openapi_pec_budget': 1, 'openapi_pec_approval_amount': 1})
        filing.with_user(self.manager).action_submit()
        filing.with_user(self.manager).action_go_on()
        self.assertEqual(filing.state, 'queued')

    def test_a_set_asks_once(self):
        """The queries of the rule do not grow with the number of records."""
        self.company.openapi_pec_budget = 100000
        filings = self.env['openapi_pec.communication'].union(*(
            self.create_filing(partner_id=company.id) for company in self.create_companies(12)))
        counts = []
        for some in (filings[:2], filings[2:4], filings[4:]):  # the first reads what stays in memory
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.manager)._clear_spending()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[1])

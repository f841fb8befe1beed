from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common_ledger import LedgerCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestBilling(LedgerCase):
    """Costs on customer invoices: each once, with tax and account of the product."""

    def setUp(self):
        super().setUp()
        if not self.env['account.journal'].search_count(
                [('type', '=', 'sale'), ('company_id', '=', self.company.id)], limit=1):
            self.env['account.chart.template'].try_loading('it', company=self.company, install_demo=False)
        (self.env.ref('base.EUR') + self.company.currency_id).rate_ids.unlink()  # one is as good as the other
        self.pay()
        self.manager.group_ids += self.env.ref('account.group_account_invoice')
        self.tax = self.env['account.tax'].create({
            'name': "22 %", 'amount': 22, 'type_tax_use': 'sale', 'company_id': self.company.id,
            'country_id': self.company.account_fiscal_country_id.id})
        self.income = self.env['account.account'].create(
            {'name': "Ricavi PEC", 'code': 'PEC001', 'account_type': 'income'})
        self.product = self.env['product.product'].create({
            'name': "Comunicazione PEC", 'type': 'service', 'taxes_id': [Command.set(self.tax.ids)],
            'property_account_income_id': self.income.id})
        self.filing = self.make_filings()

    def ask(self, costs, **values):
        """Return the question about costs, as a manager opens it."""
        action = costs.with_user(self.manager).action_invoice()
        question = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        question.write({'product_id': self.product.id, **values})
        return question

    def bill(self, costs, **values):
        self.ask(costs, **values).action_confirm()
        return self.env['account.move'].search([('move_type', '=', 'out_invoice')], order='id desc', limit=1)

    def test_an_invoice(self):
        cost = self.get_ledger(self.filing)
        move = self.bill(cost, markup=10)
        self.assertEqual((move.state, move.partner_id, move.move_type), ('draft', self.partner, 'out_invoice'))
        line = move.invoice_line_ids
        self.assertEqual((line.price_unit, line.tax_ids, line.account_id), (17.27, self.tax, self.income))
        self.assertIn(self.filing.name, line.name)
        self.env.invalidate_all()
        self.assertEqual(cost.move_id, move)
        self.assertEqual(move.with_user(self.manager).openapi_pec_cost_count, 1)
        opened = self.env['openapi_pec.ledger'].with_user(self.manager).search(
            move.with_user(self.manager).action_openapi_pec_costs()['domain'])
        self.assertEqual(opened, cost)

    def test_a_fiscal_position_counts(self):
        other = self.tax.copy({'name': "N3", 'amount': 0})
        position = self.env['account.fiscal.position'].create({'name': "Altra", 'company_id': self.company.id})
        other.write({'fiscal_position_ids': [Command.set(position.ids)], 'original_tax_ids': [
            Command.set(self.tax.ids)]})
        self.partner.property_account_position_id = position
        move = self.bill(self.get_ledger(self.filing))
        self.assertEqual((move.fiscal_position_id, move.invoice_line_ids.tax_ids), (position, other))

    def test_a_fixed_price(self):
        question = self.ask(self.get_ledger(self.filing), pricing='fixed')
        with self.assertRaisesRegex(UserError, "Nothing was invoiced"):
            question.action_confirm()
        question.write({'fixed_price': 30, 'description': "Pratica"})
        self.assertEqual((question.cost, question.total), (15.7, 30))
        question.action_confirm()
        line = self.env['account.move.line'].search([('product_id', '=', self.product.id)])
        self.assertEqual(line.price_unit, 30)
        self.assertTrue(line.name.startswith("Pratica: "))

    def test_one_for_each_client(self):
        other = self.create_companies(1)
        filings = self.filing + self.make_filings() + self.create_filing(partner_id=other.id)
        self.submit(filings[2])
        question = self.ask(self.get_ledger(filings))
        question.action_confirm()
        moves = self.get_ledger(filings).move_id
        self.assertEqual(moves.partner_id, self.partner + other)
        self.assertEqual(sorted(len(move.invoice_line_ids) for move in moves), [1, 2])
        prices = {line.name.split(': ')[1].split(' ')[0] for line in moves.invoice_line_ids}
        self.assertEqual(prices, set(filings.mapped('name')))

    def test_each_once(self):
        cost = self.get_ledger(self.filing)
        first, second = self.ask(cost), self.ask(cost)
        first.action_confirm()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Nothing was made"):
            second.action_confirm()
        self.assertIn("on an invoice already", self.ask(cost).left_out)

    def test_the_database_takes_it_once(self):
        move = self.bill(self.get_ledger(self.filing))
        with mute_logger('odoo.sql_db'), self.assertRaises(UniqueViolation):
            self.env['openapi_pec.billed_cost'].create(
                {'call_id': self.filing.api_call_ids.id, 'line_id': move.invoice_line_ids.id}).flush_recordset()

    def test_deleted(self):
        cost = self.get_ledger(self.filing)
        self.bill(cost).unlink()
        self.env.invalidate_all()
        self.assertFalse(cost.is_invoiced)
        self.assertTrue(self.bill(cost))
        self.env['account.move'].search([], order='id desc', limit=1).invoice_line_ids.unlink()
        self.env.invalidate_all()
        self.assertFalse(cost.is_invoiced)

    def test_cancelled(self):
        cost = self.get_ledger(self.filing)
        move = self.bill(cost)
        move.button_cancel()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(cost.is_invoiced)
        again = self.bill(cost)
        self.assertNotEqual(again, move)
        with mute_logger('odoo.sql_db'), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            move.button_draft()
            self.env.flush_all()

    def test_reversed(self):
        """A credit note that undoes the invoice gives the cost free."""
        cost = self.get_ledger(self.filing)
        move = self.bill(cost)
        move.action_post()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(cost.is_invoiced)
        move._reverse_moves(cancel=True)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(move.payment_state, 'reversed')
        self.assertFalse(cost.is_invoiced)
        self.assertNotEqual(self.bill(cost), move)

    def test_a_tax_that_is_included_in_prices(self):
        self.tax.price_include_override = 'tax_included'
        line = self.bill(self.get_ledger(self.filing)).invoice_line_ids
        self.assertEqual((line.price_unit, line.price_subtotal), (19.15, 15.7))

    def test_a_client_and_a_month(self):
        ledger = self.env['openapi_pec.ledger']
        other = self.create_companies(1)
        filing = self.create_filing(partner_id=other.id)
        self.submit(filing)
        question = self.ask(ledger)
        self.assertEqual(question.cost_ids, self.get_ledger(self.filing + filing).sorted(lambda line: -line.id))
        question.partner_id = other
        self.assertEqual(question.cost_ids.communication_id, filing)
        question.month = fields.Date.subtract(fields.Date.today(), months=2)
        self.assertFalse(question.cost_ids)
        question.month = fields.Date.today()
        question.action_confirm()
        self.assertEqual(self.get_ledger(filing).move_id.partner_id, other)

    def test_what_is_not_invoiced(self):
        lines = self.filing.api_call_ids
        for values, sentence in (
                ({'state': 'lost'}, "nobody knows whether they were paid"),
                ({'state': 'pending'}, "nobody knows whether they were paid"),
                ({'environment': 'sandbox'}, "of the sandbox"),
                ({'is_price_known': False}, "whose price is not known")):
            with self.subTest(values):
                before = {name: lines[name] for name in values}
                lines.write(values)
                self.env.flush_all()
                self.env.invalidate_all()
                question = self.ask(self.get_ledger(self.filing))
                self.assertIn(sentence, question.left_out)
                with self.assertRaisesRegex(UserError, "Nothing was made"):
                    question.action_confirm()
                lines.write(before)

    def test_another_company(self):
        company = self.env['res.company'].create({'name': "Altra S.r.l."})
        self.manager.company_ids += company
        cost = self.get_ledger(self.filing)
        elsewhere = cost.with_context(allowed_company_ids=[company.id, self.company.id])
        self.assertIn("of another company", self.ask(elsewhere).with_context(
            allowed_company_ids=[company.id, self.company.id]).left_out)
        question = self.ask(cost)
        with self.assertRaises(AccessError):
            question.with_context(allowed_company_ids=company.ids).action_confirm()

    def test_in_another_currency(self):
        pound = self.env.ref('base.GBP')
        pound.active = True
        self.env['res.currency.rate'].create({
            'currency_id': pound.id, 'rate': 2, 'name': '2020-01-01', 'company_id': self.company.id})
        journal = self.env['account.journal'].search(
            [('type', '=', 'sale'), ('company_id', '=', self.company.id)], limit=1)
        journal.currency_id = pound
        move = self.bill(self.get_ledger(self.filing))
        self.assertEqual((move.currency_id, move.invoice_line_ids.price_unit), (pound, 31.4))

    def test_who_may(self):
        cost = self.get_ledger(self.filing)
        self.manager.group_ids -= self.env.ref('account.group_account_invoice')
        with self.assertRaisesRegex(AccessError, "make invoices"):
            cost.with_user(self.manager).action_invoice()
        accountant = new_test_user(
            self.env, 'pec_accountant', 'base.group_user,account.group_account_invoice')
        with self.assertRaises(AccessError):
            cost.with_user(accountant).action_invoice()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLedgerAccess(LedgerCase):
    """Nobody writes it, and who works elsewhere does not see it."""

    def setUp(self):
        super().setUp()
        self.filing = self.make_filings()
        self.charge(-4)
        self.read_wallet()
        self.models = ('openapi_pec.ledger', 'openapi_pec.ledger_difference', 'openapi_pec.transaction')

    def test_nobody_writes(self):
        self.manager.group_ids += self.env.ref('base.group_system')
        for name in (*self.models, 'openapi_pec.billed_cost'):
            records = self.env[name].with_user(self.manager)
            found = (self.env[name].search([], limit=1) or self.env[name].browse(1)).with_user(self.manager)
            for change in (
                    lambda records, found: records.create({}), lambda records, found: found.write({'id': 1}),
                    lambda records, found: found.unlink()):
                with self.subTest(name), self.assertRaises(AccessError):
                    change(records, found)

    def test_who_reads(self):
        company = self.env['res.company'].create({'name': "Altra S.r.l."})
        stranger = new_test_user(
            self.env, 'pec_stranger', 'base.group_user,l10n_it_openapi_pec.group_manager', company_id=company.id,
            company_ids=[Command.set(company.ids)])
        for name in self.models:
            with self.subTest(name):
                self.assertTrue(self.env[name].with_user(self.manager).search([]))
                self.assertFalse(self.env[name].with_user(stranger).search([]))
                with self.assertRaises(AccessError):
                    self.env[name].search([])[0].with_user(stranger).read(['display_name'])
                with self.assertRaises(AccessError):
                    self.env[name].with_user(self.user).search([])

    def test_a_company_that_shares_the_account(self):
        """It sees what nobody explains, and not what another one's call was charged with."""
        company = self.env['res.company'].create({'name': "Altra S.r.l."})
        company._openapi_pec_use_account(self.account)
        stranger = new_test_user(
            self.env, 'pec_sharing', 'base.group_user,l10n_it_openapi_pec.group_manager', company_id=company.id,
            company_ids=[Command.set(company.ids)])
        seen = self.env['openapi_pec.transaction'].with_user(stranger).search([('amount', '<', 0)])
        self.assertEqual(seen.mapped('amount'), [-4])
        self.get_charge(self.filing).amount = -16
        self.env.flush_all()
        differences = self.env['openapi_pec.ledger_difference']
        self.assertEqual(
            sorted(differences.with_user(self.manager).search([]).mapped('kind')), ['other_price', 'without_call'])
        seen = differences.with_user(stranger).search([])
        self.assertEqual(seen.mapped('kind'), ['without_call'], "what one call was charged with is its company's")
        self.assertEqual(seen.action_open_calls()['domain'], [('id', 'in', [])])

    def test_grouping_and_export(self):
        ledger = self.env['openapi_pec.ledger'].with_user(self.manager)
        for group in ('started_at:month', 'partner_id', 'operation', 'user_id', 'money', 'state', 'witness'):
            self.assertTrue(ledger._read_group([], [group], ['cost:sum', 'vat:sum', 'charged:sum', '__count']), group)
        self.partner.name = "=1+1"
        self.manager.group_ids += self.env.ref('base.group_allow_export')
        line = self.get_ledger(self.filing)
        [[name, about]] = line.export_data(['partner_id/name', 'about'])['datas']
        self.assertFalse(name.startswith('='))
        self.assertTrue(about)

    def test_queries_of_the_list(self):
        spec = {name: {} for name in ('started_at', 'operation', 'about', 'cost', 'charged', 'witness', 'money')}
        ledger = self.env['openapi_pec.ledger'].with_user(self.manager)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            ledger.web_search_read([], {**spec, 'partner_id': {'fields': {'display_name': {}}}})
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        self.make_filings(3)
        self.assertEqual(count(), few)

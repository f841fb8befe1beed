from datetime import timedelta, timezone

from odoo import fields
from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api import pages
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_data import Transaction
from odoo.addons.l10n_it_openapi_pec.tools.api.pages import Rows

from ..common_ledger import TRANSACTIONS, LedgerCase

ROW = {'id': 'txn_1', 'amount': -15.7, 'createdAt': '2026-01-01T10:00:00+00:00', 'description': "pec.openapi.it"}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTransactions(LedgerCase):
    """What the wallet tells, read over HTTP, and which call each charge was made for."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())

    def test_a_single_call(self):
        filing = self.make_filings()
        self.assertEqual(filing.api_call_ids.sudo().vendor_account_id, self.account)
        self.read_wallet()
        charge = self.get_charge(filing)
        self.assertEqual((charge.kind, charge.amount, charge.host), ('charge', -15.7, 'pec.openapi.it'))
        line = self.get_ledger(filing)
        self.assertEqual((line.witness, line.charged, line.partner_id), ('matched', 15.7, self.partner))
        self.assertEqual((line.user_id, line.cost, line.money), (self.env.user, 0, 'nothing'), "a trial costs nothing")
        self.assertIn('prova@legalmail.it', line.about)
        self.assertFalse(self.get_differences())

    def test_what_is_paid(self):
        self.pay()
        filing = self.make_filings()
        line = self.get_ledger(filing)
        self.assertEqual((line.witness, line.cost, line.vat, line.money), ('none', 15.7, 3.454, 'paid'))
        self.read_wallet()
        line.invalidate_recordset()
        self.assertEqual((line.witness, line.charged, line.cost), ('matched', 15.7, 15.7))
        self.assertEqual(filing.with_user(self.manager).cost, 15.7)
        self.assertIn('15.70', self.partner.with_user(self.manager).openapi_pec_cost)

    def test_what_was_just_written_counts(self):
        """The ledger is made of tables: what this transaction has changed is in them when it is read."""
        line = self.get_ledger(self.make_filings())
        self.assertEqual(line.witness, 'none')
        self.account.transactions_read_at = fields.Datetime.now() + timedelta(minutes=1)
        line.invalidate_recordset()
        self.assertEqual(line.witness, 'by_day')

    def test_calls_apart_are_told_apart(self):
        for _number in range(2):
            filings = self.make_filings()
            self.read_wallet()
            self.let_pass(hours=3)
        self.read_wallet()
        charges = self.env['openapi_pec.transaction'].search([('kind', '=', 'charge')])
        self.assertEqual(len(charges.call_id), 2)
        self.assertIn(filings.api_call_ids, charges.call_id)
        self.assertFalse(self.get_differences())

    def test_equal_ones_at_the_same_time(self):
        filings = self.make_filings(2)
        self.read_wallet()
        self.assertFalse(self.get_charge(filings))
        self.assertEqual(self.get_ledger(filings).mapped('witness'), ['by_day', 'by_day'])
        self.let_pass(hours=2)
        self.read_wallet()
        self.assertFalse(self.get_differences(), "two calls, two charges")

    def test_a_later_one_makes_it_doubtful(self):
        filing = self.make_filings()
        self.read_wallet()
        self.assertTrue(self.get_charge(filing))
        self.charge(-15.7)
        self.read_wallet()
        self.assertFalse(self.get_charge(filing), "which of both was this call's, nobody knows")
        self.assertEqual(self.get_differences(), [('without_call', 15.7)])

    def test_late(self):
        self.sandbox.settings(mood={'transactions_late': 3600})
        filing = self.make_filings()
        self.read_wallet()
        self.assertFalse(self.get_charge(filing))
        self.assertFalse(self.get_differences(), "it may still come")
        self.sandbox.settings(mood={'transactions_late': 0})
        self.read_wallet()
        self.assertTrue(self.get_charge(filing))

    def test_never_charged(self):
        self.sandbox.settings(mood={'transactions_late': 86400})
        filing = self.make_filings()
        self.let_pass(hours=2)
        self.read_wallet()
        self.assertEqual(self.get_differences(), [('without_charge', -15.7)])
        [difference] = self.env['openapi_pec.ledger_difference'].with_user(self.manager).search([])
        calls = self.env['openapi_pec.ledger'].with_user(self.manager).search(
            difference.action_open_calls()['domain'])
        self.assertEqual(calls.communication_id, filing)

    def test_of_others(self):
        self.charge(-4, "API usage - sms.openapi.com")
        self.charge(100, "Wallet recharge")
        filing = self.make_filings()
        self.read_wallet()
        self.assertTrue(self.get_charge(filing))
        self.assertFalse(self.get_differences(), "other services are no matter of Odoo's")
        kinds = self.env['openapi_pec.transaction'].search([]).mapped('kind')
        self.assertEqual(sorted(set(kinds)), ['charge', 'recharge'])
        self.charge(-4)
        self.read_wallet()
        [difference] = self.env['openapi_pec.ledger_difference'].with_user(self.manager).search([])
        self.assertEqual((difference.kind, difference.difference), ('without_call', 4))
        found = self.env['openapi_pec.transaction'].with_user(self.manager).search(
            difference.action_open_transactions()['domain'])
        self.assertIn(-4, found.mapped('amount'))
        calls = self.env['openapi_pec.ledger'].with_user(self.manager).search(
            difference.action_open_calls()['domain'])
        self.assertEqual(calls.communication_id, filing)

    def test_rows_that_cannot_be_read(self):
        self.make_filings()
        self.sandbox.fault(TRANSACTIONS, 'error_before', status=200, body={'data': [ROW, {'id': 1}]})
        self.read_wallet()
        self.assertEqual(self.account.transactions_doubt, 'unreadable')
        self.assertFalse(self.account.transactions_read_at)
        self.assertFalse(self.env['openapi_pec.transaction'].search([('remote_id', '=', 'txn_1')]))
        self.assertEqual(self.get_differences(), [('not_read', 0)])
        self.read_wallet()
        self.assertFalse(self.get_differences())
        self.assertFalse(self.account.transactions_doubt)
        self.assertTrue(self.account.transactions_read_at)

    def test_not_whole(self):
        self.patch(pages, 'PAGE', 1)
        self.patch(pages, 'MAX_PAGES', 1)
        filing = self.make_filings()
        self.read_wallet()
        self.assertEqual(self.account.transactions_doubt, 'cut_off')
        self.assertFalse(self.get_charge(filing))

    def test_refused(self):
        self.sandbox.fault(TRANSACTIONS, 'error_before', status=401, body={
            'success': False, 'message': "Unauthorized", 'error': 140, 'data': None})
        self.read_wallet()
        self.assertEqual(self.account.transactions_doubt, 'unread')

    def test_sums(self):
        self.sandbox.settings(transactions='sums')
        first = self.make_filings()
        self.read_wallet()
        self.assertTrue(self.get_charge(first), "one call is its own sum")
        filings = first + self.make_filings()
        self.read_wallet()
        self.assertFalse(self.get_charge(filings))
        charge = self.env['openapi_pec.transaction'].search([('amount', '<', 0)])
        self.assertEqual((charge.kind, charge.amount), ('sum', -31.4))
        self.let_pass(hours=2)
        self.read_wallet()
        self.assertFalse(self.get_differences())
        self.let_pass(hours=-2)  # soon after midnight it was yesterday, and what follows is not of that day's sum
        self.charge(-1)
        self.make_filings()
        self.read_wallet()
        self.assertFalse(self.get_charge(self.env['openapi_pec.communication'].search([])), "sums tell no single call")
        self.assertEqual(self.get_differences()[-1:], [('without_call', 1.0)])

    def test_without_the_key(self):
        self.connect(with_key=False)
        filing = self.make_filings()
        self.read_wallet()
        self.assertFalse(self.sandbox.requested(TRANSACTIONS))
        self.assertEqual(self.get_ledger(filing).witness, 'none')

    def test_asked_once_a_minute(self):
        self.read_wallet()
        self.run_cron('accounts')
        self.assertEqual(self.sandbox.requested(TRANSACTIONS), 2, "one page, and one that tells nothing new")

    def test_another_price(self):
        self.pay()
        self.account.prices_read_at = fields.Datetime.now()  # the account itself tells nothing of it
        self.sandbox.settings(price=16.5)
        prices = self.env['openapi_pec.price']
        filing = self.make_filings()
        self.read_wallet()
        self.assertFalse(self.get_charge(filing), "its own charge may still come")
        self.let_pass(hours=2)
        self.read_wallet()
        line = self.get_ledger(filing)
        self.assertEqual((line.price, line.charged, line.cost), (15.7, 16.5, 16.5))
        self.assertEqual(self.get_differences(), [('other_price', 0.8)])
        self.assertEqual(prices._get('create'), 15.7, "one charge may be somebody else's")
        second = self.make_filings()
        self.read_wallet()
        self.let_pass(hours=2)
        self.read_wallet()
        price = prices._find('create')
        self.assertEqual((price.amount, price.seen_on), (16.5, fields.Date.today()))
        self.assertEqual(len(prices.search([('operation', '=', 'create')])), 2, "the earlier one stays")
        self.let_pass(hours=2)
        self.read_wallet()
        self.assertEqual(len(prices.search([('operation', '=', 'create')])), 2)
        self.assertEqual(self.get_differences(), [('other_price', 0.8)] * 2)
        charge = self.get_charge(second)
        self.charge(-16.5)
        self.read_wallet()
        newest = self.env['openapi_pec.transaction'].search([('amount', '=', -16.5)], limit=1)
        self.assertFalse(newest.call_id)
        newest.told_at = charge.told_at
        self.read_wallet()
        self.assertFalse(charge.call_id, "which of both was this call's, nobody knows")
        self.assertEqual(prices._get('create'), 15.7, "one is left that shows the other price")

    def test_half_a_cent(self):
        """What is kept is compared with what is told in the same way; what is corrected is no sum."""
        filing = self.make_filings()
        now = fields.Datetime.now()

        def tell(*amounts):
            self.account._note_transactions(Rows([
                Transaction(f'txn_{number}', amount, now.replace(tzinfo=timezone.utc), "x", 'pec.openapi.it')
                for number, amount in enumerate(amounts)]))
            return self.env['openapi_pec.transaction'].search(
                [('remote_id', '=like', 'txn\\__')], order='remote_id').mapped('kind')

        tell(-0.0125, -15.8)
        self.assertEqual(self.env['openapi_pec.transaction'].search([('remote_id', '=', 'txn_0')]).amount, -0.013)
        self.assertEqual(tell(-0.0125, -15.7), ['charge', 'charge'])
        self.assertTrue(self.get_charge(filing))
        self.assertEqual(tell(-0.0125, -15.7), ['charge', 'charge'])
        self.assertEqual(tell(-0.0125, -31.4), ['charge', 'sum'])
        self.assertFalse(self.get_charge(filing))

    def test_a_time_without_a_zone(self):
        """It tells no call from another."""
        filing = self.make_filings()
        rows = [Transaction(
            'txn_1', -15.7, fields.Datetime.now().replace(tzinfo=timezone.utc), "x", 'pec.openapi.it', False)]
        self.account._note_transactions(Rows(rows))
        self.assertFalse(self.get_charge(filing))
        self.assertEqual(self.get_ledger(filing).witness, 'by_day')

    def test_a_time_that_cannot_be(self):
        later = fields.Datetime.now() + timedelta(days=300)
        self.sandbox.fault(TRANSACTIONS, 'error_before', status=200, body={
            'data': [{**ROW, 'createdAt': later.isoformat() + 'Z'}]})
        self.read_wallet()
        self.assertEqual(self.account.transactions_doubt, 'unreadable')
        self.env['openapi_pec.transaction'].create({
            'account_id': self.account.id, 'remote_id': 'later', 'amount': -1, 'kind': 'charge', 'told_at': later})
        filing = self.make_filings()
        self.read_wallet()
        self.assertTrue(self.get_charge(filing), "it hides nothing that comes after it was kept")

    def test_calls_of_which_less_is_known(self):
        """Of unknown price, or with a pasted token: what was charged near them may be theirs."""
        for values in ({'is_price_known': False}, {'vendor_account_id': False}):
            with self.subTest(values):
                filing = self.make_filings()
                self.read_wallet()
                self.assertTrue(self.get_charge(filing))
                rival = self.create_filing()
                self.sandbox.settings(price=3)
                self.submit(rival)
                self.sandbox.settings(price=15.7)
                rival.api_call_ids.write(values)
                self.env.flush_all()
                self.read_wallet()
                self.assertFalse(self.get_charge(filing))
                self.let_pass(hours=3)

    def test_given_back(self):
        self.pay()
        self.make_filings()
        self.charge(15.7)
        self.read_wallet()
        self.assertIn('refund', self.env['openapi_pec.transaction'].search([]).mapped('kind'))
        self.assertEqual(self.get_differences(), [('refund', -15.7)])
        self.charge(-15.7)
        self.read_wallet()
        self.assertFalse(self.get_differences(), "what was charged twice, and given back once")

    def test_what_the_wallet_proves(self):
        """A call that might have been free was paid when its charge is found."""
        self.pay()
        filing = self.make_filings()
        filing.api_call_ids.may_be_free = True
        line = self.get_ledger(filing)
        self.assertEqual((line.money, line.cost), ('unknown', 0))
        self.read_wallet()
        line = self.get_ledger(filing)
        self.assertEqual((line.money, line.charged, line.cost), ('paid', 15.7, 15.7))
        self.assertEqual(filing.api_call_ids.money, 'unknown', "the journal knows what it knew")

    def test_a_trial_changes_no_price(self):
        self.sandbox.settings(price=16.5)
        filing = self.make_filings()
        self.read_wallet()
        self.let_pass(hours=2)
        self.read_wallet()
        self.assertEqual(self.get_ledger(filing).charged, 16.5)
        self.assertEqual(self.env['openapi_pec.price']._get('create'), 15.7)

    def test_queries_do_not_grow(self):
        filing, start = self.create_filing(), fields.Datetime.now() - timedelta(days=1)

        def count(number):
            times = [start + timedelta(hours=3 * each / number) for each in range(number)]
            self.env['openapi_pec.api_call'].create([{
                'operation': 'create', 'res_model': filing._name, 'res_id': filing.id, 'company_id': self.company.id,
                'environment': 'sandbox', 'user_id': self.manager.id, 'state': 'accepted', 'price': 100 * number + each,
                'vendor_account_id': self.account.id, 'started_at': moment,
            } for each, moment in enumerate(times)])
            rows = Rows([Transaction(
                f'txn_{number}_{each}', -100 * number - each, moment, "x", 'pec.openapi.it')
                for each, moment in enumerate(times)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.account._note_transactions(rows)
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            found = self.env['openapi_pec.transaction'].search([('remote_id', '=like', f'txn\\_{number}\\_%')])
            self.assertEqual(len(found.call_id), number)
            return queries

        count(1)
        self.assertEqual(count(4), count(60))

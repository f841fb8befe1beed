from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const

from ..common import LostAnswerCase
from ..common_ledger import LedgerMixin


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestEvidence(LedgerMixin, LostAnswerCase):
    """What the wallet tells of a call whose answer was lost; it neither pays nor frees."""

    def setUp(self):
        super().setUp()
        self.known = self.make_filings()  # whose charge shows that the wallet tells single calls
        self.read_wallet()
        self.let_pass(hours=3)

    def get_line(self):
        return self.filing.api_call_ids

    def tell(self):
        return self.get_line()._get_evidence()[0]

    def open_question(self):
        action = self.filing.with_user(self.manager).action_choose()
        return self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])

    def lose_and_hide(self):
        """Lose the answer of a call that was executed, and have the list not show what it made."""
        self.lose_answer('drop_after')
        [made] = [row['id'] for row in self.sandbox.filings() if row['casella_pec'] == self.filing.pec_email]
        self.sandbox.delete(made)

    def look_twice(self):
        for _look in range(2):
            self.look_again(self.filing)

    def test_charged(self):
        self.lose_and_hide()
        self.read_wallet()
        self.assertEqual(self.tell(), 'paid')
        line = self.get_line()
        self.assertEqual((line.state, self.filing.state), ('pending', 'unconfirmed'), "it decides nothing")
        self.assertEqual(self.get_ledger(self.filing).charged, 15.7)
        self.assertEqual(self.get_ledger(self.filing).cost, 0)
        self.look_twice()
        self.assertIn("a charge of EUR 15.70", self.filing.error_message)
        self.assertEqual((line.state, self.filing.state), ('pending', 'unconfirmed'))
        question = self.open_question()
        self.assertIn("probably this call was executed and paid", question.evidence)
        question.reason = "not in the console"
        question.action_none()
        self.assertEqual((line.state, self.filing.state), ('never_arrived', 'failed'), "the person decides")

    def test_not_charged(self):
        self.lose_answer('drop_before')
        self.read_wallet()
        self.assertFalse(self.tell(), "it may still come")
        self.let_pass(hours=2)
        self.assertFalse(self.tell(), "the list was read before")
        self.read_wallet()
        self.assertEqual(self.tell(), 'unpaid')
        self.look_twice()
        self.assertIn("probably nothing was spent", self.filing.error_message)
        self.assertEqual(self.get_line().state, 'pending')

    def test_read_when_somebody_is_about_to_decide(self):
        self.patch(const.service, 'LOOKS_APART_MINUTES', 2)
        self.lose_and_hide()
        for _look in range(2):
            self.look_again(self.filing, minutes=3)
        self.assertFalse(self.tell())
        question = self.open_question()
        self.assertIn("15.70", question.evidence)

    def test_another_charge_may_be_its(self):
        self.lose_answer('drop_before')
        self.charge(-15.7)
        self.charge(-15.7)
        self.read_wallet()
        self.assertFalse(self.tell(), "two charges, one call")
        self.let_pass(hours=2)
        self.read_wallet()
        self.assertFalse(self.tell(), "one of them may be its")

    def test_a_cheaper_charge_may_be_its(self):
        for amount, description in ((-4, "API usage - pec.openapi.it"), (-4, "Usage")):
            with self.subTest(description):
                self.lose_answer('drop_before')
                self.charge(amount, description)
                self.let_pass(hours=2)
                self.read_wallet()
                self.assertFalse(self.tell())
                self.filing = self.create_filing()
                self.let_pass(days=5)

    def test_before_it_is_paid_again(self):
        self.lose_answer('drop_before')
        self.let_pass(hours=2)
        self.read_wallet()
        self.look_twice()
        self.free(self.filing)
        self.assertIn("probably nothing was spent", self.filing.with_user(self.manager).earlier_call_sentence)
        question = self.env['openapi_pec.submit'].with_user(self.manager).create({
            'communication_ids': self.filing.ids})
        self.assertIn("probably nothing was spent", question.earlier_calls)
        self.let_pass(minutes=5)
        self.read_wallet()
        question.reason = "the console shows nothing of it"
        question.action_confirm()
        self.assertNotEqual(self.filing.state, 'failed', "a newer reading that tells the same is no change")

    def test_another_call_may_be_its(self):
        self.lose_answer('drop_before')
        self.make_filings()
        self.read_wallet()
        self.assertFalse(self.tell(), "one charge, two calls")

    def test_a_wallet_that_tells_no_single_call(self):
        self.get_charge(self.known).call_id = False
        self.known.api_call_ids.vendor_account_id = False
        self.age(self.env['openapi_pec.transaction'].search([]), 'told_at', days=2)
        self.lose_answer('drop_before')
        self.read_wallet()
        self.let_pass(hours=2)
        self.read_wallet()
        self.assertFalse(self.tell())

    def test_a_list_that_was_not_whole(self):
        self.lose_answer('drop_before')
        self.let_pass(hours=2)
        self.read_wallet()
        self.account.transactions_doubt = 'unreadable'
        self.assertFalse(self.tell())

    def test_answered_calls_need_none(self):
        self.assertFalse(self.known.api_call_ids._get_evidence_sentence())

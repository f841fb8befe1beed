from concurrent.futures import wait

from odoo.tests import tagged

from ..common_processes import PATIENCE, FilingProcessCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestBillingProcesses(FilingProcessCase):
    """Two people invoice the same costs at the same moment, on two servers."""

    def test_each_cost_once(self):
        person, _process = self.start()
        other, _process = self.start()
        ids = self.create_filings(person, 3)
        self.submit(person, ids).result(PATIENCE)
        person.run_job('dispatch')
        # As production, where calls are paid.
        self.query("UPDATE openapi_pec_api_call SET environment = 'production', money = 'paid', spent = price")
        product = person.call('product.product', 'create', [{'name': "Comunicazione PEC", 'type': 'service'}])
        costs = person.call('openapi_pec.ledger', 'search', [['communication_id', 'in', ids]])
        self.assertEqual(len(costs), 3)
        questions = []
        for one in (person, other):
            action = one.call('openapi_pec.ledger', 'action_invoice', costs)
            one.call('openapi_pec.billing', 'write', [action['res_id']], {'product_id': product[0]})
            questions.append(action['res_id'])
        with self.connection() as cr:  # both wait for the same rows, and begin together
            cr.execute("SELECT 1 FROM openapi_pec_api_call WHERE id = ANY(%s) FOR UPDATE", [costs])
            clicks = [
                self.threads.submit(one.call, 'openapi_pec.billing', 'action_confirm', [question])
                for one, question in zip((person, other), questions, strict=True)]
            self.wait_until(
                lambda: self.query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                   " AND wait_event_type = 'Lock'") == [(2,)], "both wait")
        wait(clicks, PATIENCE)
        errors = [str(click.exception()) for click in clicks if click.exception()]
        self.assertEqual(len(errors), 1)
        self.assertIn("None of these costs can be invoiced", errors[0])
        self.assertEqual(
            self.query("SELECT count(*), count(DISTINCT call_id) FROM openapi_pec_billed_cost WHERE is_active"),
            [(3, 3)])
        self.assertEqual(self.query("""
            SELECT count(DISTINCT line.move_id) FROM openapi_pec_billed_cost cost
              JOIN account_move_line line ON line.id = cost.line_id"""), [(1,)])

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.api_call import MONEY_BY_STATE, OPERATIONS

from ..common import CREATE, PecCase


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestJournal(PecCase):
    """The journal shows money as spent where that is certain, and nowhere else."""

    def create_line(self, state, operation='create', environment='production', **values):
        filing = self.create_filing()
        return self.env['openapi_pec.api_call'].create({
            'operation': operation, 'res_model': filing._name, 'res_id': filing.id, 'company_id': self.company.id,
            'environment': environment, 'user_id': self.manager.id, 'state': state, 'price': 15.7, **values})

    def test_each_state(self):
        states = [state for state, _label in self.env['openapi_pec.api_call']._fields['state'].selection]
        self.assertEqual(set(states), set(MONEY_BY_STATE))
        lines = {state: self.create_line(state) for state in states}
        self.assertEqual({state: (line.money, line.spent) for state, line in lines.items()}, {
            'pending': ('unknown', 0), 'accepted': ('paid', 15.7), 'refused': ('nothing', 0),
            'not_sent': ('nothing', 0), 'never_arrived': ('unknown', 0), 'lost': ('unknown', 0)})
        lines['pending']._close('accepted')
        self.assertEqual((lines['pending'].money, lines['pending'].spent), ('paid', 15.7))

    def test_free_and_trial_and_unknown_price(self):
        for operation, _label in OPERATIONS:
            money = 'nothing' if operation in const.service.FREE_OPERATIONS else 'paid'
            self.assertEqual(self.create_line('accepted', operation).money, money, operation)
        trial, unknown = self.create_line('accepted', environment='sandbox'), self.create_line(
            'accepted', is_price_known=False)
        self.assertEqual([(line.money, line.spent) for line in trial + unknown], [('nothing', 0), ('paid', 0)])

    def test_sums(self):
        for state in ('accepted', 'accepted', 'refused', 'not_sent', 'never_arrived'):
            self.create_line(state)
        calls = self.env['openapi_pec.api_call'].with_user(self.manager)
        domain = [('environment', '=', 'production')]
        self.assertEqual(
            dict(calls._read_group(domain, ['money'], ['spent:sum'])), {'paid': 31.4, 'nothing': 0, 'unknown': 0})
        self.assertFalse(
            calls.fields_get(['price'], ['aggregator'])['price'].get('aggregator'),
            "what was expected is added up nowhere")
        self.assertIn('name="spent" sum=', calls.get_view(view_type='list')['arch'])
        arch = self.env['openapi_pec.ledger'].with_user(self.manager).get_view(view_type='pivot')['arch']
        self.assertIn('name="cost"', arch)
        self.assertNotIn('name="price"', arch)

    def test_calls_that_were_made(self):
        self.company.openapi_pec_environment = 'production'
        filing = self.create_filing()
        self.sandbox.fault(
            CREATE, 'error_before', status=406, body={'success': False, 'message': "no", 'error': 336, 'data': None})
        self.submit(filing)
        filing.action_submit("once more, please")
        self.commit()
        self.assertEqual(filing.api_call_ids.mapped(lambda line: (line.state, line.money, line.spent)), [
            ('accepted', 'paid', 15.7), ('refused', 'nothing', 0)])

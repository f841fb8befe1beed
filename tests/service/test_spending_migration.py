import importlib.util
from pathlib import Path

from odoo.tests import tagged

from ..common import PecCase

SCRIPT = Path(__file__).resolve().parent.parent.parent / 'migrations/19.0.1.11.0/pre-filters.py'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSpendingMigration(PecCase):
    """A database of 19.0.1.10.0 keeps the filters of the window *Spending*, which is gone."""

    def test_filters_of_an_action_that_is_gone(self):
        gone = self.env['ir.actions.act_window'].create({'name': "Spending", 'res_model': 'openapi_pec.api_call'})
        self.env['ir.model.data'].create({
            'module': 'l10n_it_openapi_pec', 'name': 'action_api_call_report', 'model': gone._name, 'res_id': gone.id})
        custom, other = self.env['ir.filters'].create([
            {'name': name, 'model_id': 'openapi_pec.api_call', 'action_id': action, 'is_default': True}
            for name, action in (("Of this year", gone.id), ("Another", False))])
        spec = importlib.util.spec_from_file_location('pre_filters', SCRIPT)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.env.flush_all()
        module.migrate(self.env.cr, '19.0.1.10.0')
        self.env.invalidate_all()
        journal = self.env.ref('l10n_it_openapi_pec.action_api_call')
        self.assertEqual((custom.action_id.id, custom.is_default), (journal.id, False))
        self.assertEqual((other.action_id.id, other.is_default), (False, True))
        gone.unlink()
        self.assertTrue(custom.exists())

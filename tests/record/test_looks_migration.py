import importlib.util
from datetime import timedelta
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec import const

from ..common import PecCase

SCRIPT = Path(__file__).resolve().parent.parent.parent / 'migrations/19.0.1.2.0/post-looks.py'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestLooksMigration(PecCase):
    """What counted as never arrived in 19.0.1.1.0 is looked for again, and said as it is known; twins are told of."""

    def test_migration(self):
        lost, twin = self.create_filing(), self.create_filing()
        lost.sudo().write({'state': 'failed', 'error_message': "so"})
        twin.sudo().is_twin = True
        line = self.env['openapi_pec.api_call'].sudo().create({
            'operation': 'create', 'res_model': lost._name, 'res_id': lost.id, 'company_id': self.company.id,
            'environment': 'sandbox', 'user_id': self.env.uid, 'state': 'never_arrived', 'price': 15.7})
        spec = importlib.util.spec_from_file_location('post_looks', SCRIPT)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(self.env.cr, '19.0.1.1.0')
        self.env.invalidate_all()
        self.assertEqual(lost.look_until, line.started_at + timedelta(days=const.service.LOOK_DAYS))
        self.assertIn("that is not certain", lost.error_message)
        self.assertIn("The same filing is under way twice", ' '.join(twin.activity_ids.mapped('summary')))

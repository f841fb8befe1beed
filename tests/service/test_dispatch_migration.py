import importlib.util
from pathlib import Path

from odoo.tests import tagged

from ..common import PecCase

SCRIPT = Path(__file__).resolve().parent.parent.parent / 'migrations/19.0.1.5.0/post-dispatch.py'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestDispatchMigration(PecCase):
    """The job of a database made before 19.0.1.5.0 makes the calls again."""

    def test_migration(self):
        job = self.env.ref('l10n_it_openapi_pec.ir_cron_dispatch')
        self.assertEqual(job.model_id.model, 'openapi_pec.api_call', "in a new database")
        job.model_id = self.env['ir.model']._get_id('openapi_pec.communication')
        spec = importlib.util.spec_from_file_location('post_dispatch', SCRIPT)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(self.env.cr, '19.0.1.4.0')
        self.env.invalidate_all()
        self.assertEqual((job.model_id.model, job.code), ('openapi_pec.api_call', 'model._cron_dispatch()'))
        filing = self.create_filing()
        filing.action_submit()
        self.run_cron('dispatch')
        self.assertEqual(filing.api_call_ids.state, 'accepted')

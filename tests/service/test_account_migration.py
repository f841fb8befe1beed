import importlib.util
from pathlib import Path

from odoo.tests import TransactionCase, tagged
from odoo.tools.sql import column_exists

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / 'migrations'
SCRIPTS = ('19.0.1.2.0/pre-acct.py', '19.0.1.4.0/pre-secrets.py')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAccountMigration(TransactionCase):
    """The token of a database of the version before belongs to the environment that the company uses."""

    def test_tokens_are_kept(self):
        companies = self.env['res.company'].create([
            {'name': "Uno"}, {'name': "Due", 'openapi_pec_environment': 'production'}, {'name': "Tre"}])
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE res_company ADD COLUMN openapi_pec_token_secret varchar")
        self.env.cr.execute(
            "UPDATE res_company SET openapi_pec_token_secret = 'kept' WHERE id = ANY(%s)", [companies[:2].ids])
        for script in SCRIPTS * 2:
            spec = importlib.util.spec_from_file_location('script', MIGRATIONS / script)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            module.migrate(self.env.cr, '19.0.1.1.0')
        self.env.invalidate_all()
        self.assertEqual([company._openapi_pec_account() for company in companies], [
            ('sandbox', 'kept'), ('production', 'kept'), ('sandbox', None)])
        self.assertEqual(companies[1]._openapi_pec_account('sandbox'), ('sandbox', None))
        for column in ('openapi_pec_token_secret', 'openapi_pec_tokens'):
            self.assertFalse(column_exists(self.env.cr, 'res_company', column), "no secret is left behind")

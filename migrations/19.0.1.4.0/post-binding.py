"""The accounts belong to the database that they are in now: a copy made of it from now on pays nothing by itself."""
from odoo import SUPERUSER_ID, api

from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS


def migrate(cr, version):
    """Bind the accounts of all companies, those whose tokens are set later as well: that binds them anew."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    companies = env['res.company'].with_context(active_test=False).search([])
    for environment in HOSTS:
        companies._openapi_pec_write_facts(environment, home=env['res.company']._openapi_pec_get_home())

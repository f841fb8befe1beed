"""Drafts get their verdict, judged in sets with the rights of their company."""
from odoo import SUPERUSER_ID, api
from odoo.tools import split_every

from odoo.addons.l10n_it_openapi_pec.const.filing import EDITABLE_STATES
from odoo.addons.l10n_it_openapi_pec.const.service import SLICE_SIZE


def migrate(cr, version):
    """Judge all drafts; what was submitted has no verdict."""
    if not version:
        return
    filings = api.Environment(cr, SUPERUSER_ID, {})['openapi_pec.communication']
    for ids in split_every(SLICE_SIZE, filings.search([('state', 'in', EDITABLE_STATES)], order='id').ids):
        filings.browse(ids)._judge_now()
        filings.invalidate_model()

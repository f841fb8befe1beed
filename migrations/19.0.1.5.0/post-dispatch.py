"""The scheduled job that makes the calls of all models belongs to the journal, no longer to the filings."""
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give the job its new model; its data record is not updated, so that what a person has set of it stays."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    job = env.ref('l10n_it_openapi_pec.ir_cron_dispatch', raise_if_not_found=False)
    if job and job.model_id.model == 'openapi_pec.communication':
        job.model_id = env['ir.model']._get_id('openapi_pec.api_call')

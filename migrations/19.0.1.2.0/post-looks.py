"""What was called "never arrived" may have been executed all the same: it is looked for again, and said as it is known.
"""
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.call_recovery import FREED_SENTENCES


def migrate(cr, version):
    """Look again for the creations of the last 30 days that were not found; tell of filings that are under way twice.
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    since = fields.Datetime.now() - timedelta(days=const.service.LOOK_DAYS)
    lines = env['openapi_pec.api_call'].search([
        ('state', '=', 'never_arrived'), ('operation', 'in', list(const.service.CREATIONS)),
        ('started_at', '>=', since)])
    for line in lines:
        record = env[line.res_model].browse(line.res_id).exists()
        if not record:
            continue
        if not record.environment and not record.search([
                (record._address_field, '=', record[record._address_field]), ('environment', '=', line.environment)]):
            # of a mailbox that was a draft again; unless another one has its address
            record.environment = line.environment
        record.look_until = line.started_at + timedelta(days=const.service.LOOK_DAYS)
        if record._is_freed():
            record.error_message = record._for_reader()._in_words(FREED_SENTENCES[False]) % {
                'looks': max(line.looks, 2)}
    for filing in env['openapi_pec.communication'].search([('is_twin', '=', True)]):
        filing = filing._for_reader()
        filing._plan_activity('mail_activity_type_refund', filing.env._(
            "The same filing is under way twice: look whether both are wanted"))

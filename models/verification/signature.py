from odoo import api, models

from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import job


class OpenapiPecSignature(models.Model):
    """The scheduled job of signatures ends verifications as well: both are of the same account."""
    _inherit = 'openapi_pec.signature'

    @api.model
    @job
    def _cron_follow(self):
        result = super()._cron_follow()
        self.env['openapi_pec.verification']._give_up()
        return result

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.secrecy.secret_box import digest_token


class OpenapiPecRecordMixin(models.AbstractModel):
    """What callbacks of records have beside those of others: the service echoes a reference, and earlier versions have
    given it random tokens.
    """
    _inherit = 'openapi_pec.record.mixin'

    def _prepare_callback(self):
        return {**super()._prepare_callback(), 'field': 'data', 'data': {'reference': self.reference}}

    def _prepare_sent(self, operation):
        if operation not in const.service.CREATIONS:
            return {}
        body = self._prepare_request_body()
        return {**body, 'callback': {key: value for key, value in body['callback'].items() if key != 'url'}}

    @api.model
    def _find_for_callback(self, token):
        if '-' in token:
            return super()._find_for_callback(token)
        return self.sudo().search([('callback_digest', '=', digest_token(token))], limit=1)

"""Which account of the vendor each call was made in, and its wallet paid for."""
from odoo import models

from ..service.secret import PrivateMany2one


class OpenapiPecApiCall(models.Model):
    _inherit = 'openapi_pec.api_call'

    vendor_account_id = PrivateMany2one(
        'openapi_pec.account', "Openapi Account", readonly=True, index='btree_not_null', groups='base.group_system',
        help="Whose wallet pays; empty where a token was pasted.")


class OpenapiPecCallMixin(models.AbstractModel):
    _inherit = 'openapi_pec.call.mixin'

    # ------------------------------------------------------------ CALLS: step 2

    def _prepare_line(self, operation, **values):
        account = self.company_id._openapi_pec_get_connection(self.environment)
        return super()._prepare_line(operation, **{'vendor_account_id': account.id, **values})

from odoo import models
from odoo.http import request

from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import make_credentials

NAMES = ('username', 'pin', 'otp')  # of the fields of a form


class IrHttp(models.AbstractModel):
    """PIN and one-time password are sealed before anything is called with them: what calls a route, the routes
    themselves, and whoever reports a crash with the variables of each function, see none of them.
    """
    _inherit = 'ir.http'

    @classmethod
    def _dispatch(cls, endpoint):
        if endpoint.routing.get('openapi_pec_sealed'):
            request.params['credentials'] = cls._openapi_pec_seal(request.params)
        return super()._dispatch(endpoint)

    @staticmethod
    def _openapi_pec_seal(params):
        """Take out of the parameters of a request what opens a certificate.

        :param dict params: of a route with ``openapi_pec_sealed``.
        :return: it, or why it cannot be that.
        :rtype: Sealed | NotSent
        """
        username, pin, otp = (str(params.pop(name, '')) for name in NAMES)
        try:
            return make_credentials(username.strip(), pin, ''.join(otp.split()))
        except NotSent as error:
            return error.with_traceback(None)

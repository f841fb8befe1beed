import re

from odoo import http
from odoo.http import request

TOKEN = re.compile(r'[0-9a-f]{32}')
MAX_BODY_SIZE = 64 * 1024  # bytes; the body is not even read


class OpenapiPecCallback(http.Controller):

    @http.route(
        '/openapi_pec/callback/<string:token>', type='http', auth='public', methods=['POST'], csrf=False,
        save_session=False, max_content_length=MAX_BODY_SIZE,
    )
    def openapi_pec_callback(self, token, **_body):
        """Take the hint that a filing has changed; believe nothing of what it says.

        The service signs nothing and sends bodies of several shapes, so the secret in the address tells which filing
        is meant, and the state itself is read from the service by the scheduled job.

        :param str token: the filing's secret.
        :return: 200 with no content, or 404 for an unknown token.
        """
        filings = request.env['openapi_pec.communication'].sudo()
        filing = TOKEN.fullmatch(token) and filings.search([('callback_token', '=', token)], limit=1)
        if not filing:
            raise request.not_found()
        filing._callback_received()
        return request.make_response('')

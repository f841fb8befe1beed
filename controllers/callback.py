import re

from odoo import http
from odoo.http import request

TOKEN = re.compile(r'[0-9]{1,9}-[0-9a-f]{64}|[0-9a-f]{32}')  # the latter of earlier versions
PROBE = re.compile(r'own-[0-9a-f]{64}')  # of a test of the address
MAX_BODY_SIZE = 64 * 1024  # bytes; the body is not even read
MODELS = (
    'openapi_pec.communication', 'openapi_pec.mailbox', 'openapi_pec.signature', 'openapi_pec.certificate')


class OpenapiPecCallback(http.Controller):
    """What the service calls when a filing, a mailbox, a signature or a certificate has changed."""

    @http.route(
        '/openapi_pec/callback/<string:token>', type='http', auth='public', methods=['POST'], csrf=False,
        save_session=False, max_content_length=MAX_BODY_SIZE,
    )
    def openapi_pec_callback(self, token, **_body):
        """Have the state of a record read soon, without believing anything that the request says.

        The service signs nothing and sends bodies of several shapes, so the secret in the address tells which record
        is meant, and the state itself is read from the service by the scheduled job.

        :param str token: the record's secret.
        :return: 200 with no content, or 404 for an unknown token. A test of this address gets a 200 as well.
        """
        for model in MODELS if TOKEN.fullmatch(token) else ():
            record = request.env[model]._find_for_callback(token)
            if record:
                record._callback_received()
                return request.make_response('')
        if PROBE.fullmatch(token) and request.env['openapi_pec.account']._is_callback_probe(token):
            return request.make_response('')
        raise request.not_found()

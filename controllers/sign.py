from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import make_credentials

MAX_FORM_SIZE = 64 * 1024  # bytes
NAMES = ('username', 'pin', 'otp')  # of the fields of a form


def take_credentials(params):
    """Return what was typed to open a certificate, and take it out of what is logged and handed on.

    The form itself, in the memory of this request, has it to the end: Odoo may run the request again.

    :param dict params: of the request; what is secret goes out of it.
    :rtype: Sealed
    :raise NotSent: something is missing, or cannot be what it should be.
    """
    username, pin, otp = (str(params.pop(name, '')) for name in NAMES)
    for name in NAMES:
        request.params.pop(name, None)
    return make_credentials(username.strip(), pin, ''.join(otp.split()))


def ask_for_signature(filing, credentials):
    """Have a filing signed remotely, right after this request's transaction.

    :return: why it cannot be (UserError); None when it is asked for.
    """
    try:
        with request.env.cr.savepoint():
            request.env['openapi_pec.signature']._sign(filing, credentials)
    except UserError as error:
        return error
    return None


class OpenapiPecSign(http.Controller):
    """Where the dialog of a filing sends PIN and one-time password: no call of a model ever has them."""

    @http.route('/openapi_pec/sign', type='http', auth='user', methods=['POST'], max_content_length=MAX_FORM_SIZE)
    def openapi_pec_sign(self, filing_id='', **params):
        """Have a filing signed, which this user may change.

        :return: ``{'problem': why it was not asked for, or False}``; what becomes of it the filing shows.
        """
        filings = request.env['openapi_pec.communication']
        try:
            credentials = take_credentials(params)
        except NotSent as error:
            return request.make_json_response({'problem': filings._get_error_words(error)})
        filing = filings.browse(int(filing_id) if filing_id.isdecimal() else 0).exists()
        filing.check_access('write')
        problem = ask_for_signature(filing, credentials) if filing else filings.env._("This filing is not there.")
        return request.make_json_response({'problem': bool(problem) and str(problem)})

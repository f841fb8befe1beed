from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent

MAX_FORM_SIZE = 64 * 1024  # bytes


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

    @http.route(
        '/openapi_pec/sign', type='http', auth='user', methods=['POST'], max_content_length=MAX_FORM_SIZE,
        openapi_pec_sealed=True)
    def openapi_pec_sign(self, credentials, filing_id='', **params):
        """Have a filing signed, which this user may change.

        :param credentials: what was typed, sealed; or why it cannot be that (NotSent).
        :return: ``{'problem': why it was not asked for, or False}``; what becomes of it the filing shows.
        """
        filings = request.env['openapi_pec.communication']
        if isinstance(credentials, NotSent):
            return request.make_json_response({'problem': filings._get_error_words(credentials)})
        filing = filings.browse(int(filing_id) if filing_id.isdecimal() else 0).exists()
        filing.check_access('write')
        problem = ask_for_signature(filing, credentials) if filing else filings.env._("This filing is not there.")
        return request.make_json_response({'problem': bool(problem) and str(problem)})

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signature.signature import ReplacedError
from odoo.addons.l10n_it_openapi_pec.models.signer.signer_mixin import ID
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent

MAX_FORM_SIZE = 64 * 1024  # bytes


def ask_for_signature(filing, credentials, offer):
    """Have a filing signed remotely, right after this request's transaction.

    :param filing: as who signs sees it: on his page nobody's rights in Odoo count.
    :param offer: what he was shown, by the form that he has sent; it may be anything.
    :return: why it cannot be (UserError); None when it is asked for.
    """
    try:
        with request.env.cr.savepoint():
            filing.env['openapi_pec.signature']._sign(filing, credentials, str(offer))
    except UserError as error:
        return error
    return None


class OpenapiPecSign(http.Controller):
    """Where the dialog of a filing sends PIN and one-time password: no call of a model ever has them."""

    @http.route(
        '/openapi_pec/sign', type='http', auth='user', methods=['POST'], max_content_length=MAX_FORM_SIZE,
        openapi_pec_sealed=True)
    def openapi_pec_sign(self, credentials, filing_id='', offer='', **params):
        """Have a filing signed, which this user may change.

        :param credentials: what was typed, sealed; or why it cannot be that (NotSent).
        :return: ``{'problem': why it was not asked for, or False}``, with ``'offer'`` where there is another
            document to be read now; what becomes of it the filing shows.
        """
        filings = request.env['openapi_pec.communication']
        if isinstance(credentials, NotSent):
            return request.make_json_response({'problem': filings._in_words(const.remote_signature.NOT_TYPED) % (
                filings._get_error_words(credentials))})
        filing = filings.search([('id', '=', int(filing_id) if ID.fullmatch(filing_id) else 0)])
        if not filing:  # or it is another company's, which is told in the same words
            return request.make_json_response({'problem': filings.env._("This filing is not there.")})
        filing.check_access('write')
        problem = ask_for_signature(filing, credentials, offer)
        renewed = {'offer': filing._get_signing_offer()} if isinstance(problem, ReplacedError) else {}
        return request.make_json_response({'problem': bool(problem) and str(problem), **renewed})

from markupsafe import Markup

from odoo import http
from odoo.http import request
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.models.signature.signature import OutdatedError, UnderWayError
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent

from .sign import MAX_FORM_SIZE, ask_for_signature
from .signer_page import HEADERS, PROBLEM, READ, SignerPage, get_largest_body

_lt = LazyTranslate(__name__, default_lang='en_US')


class OpenapiPecSigner(SignerPage, http.Controller):
    """The page of one filing for the person who signs its power of attorney."""
    _model = 'openapi_pec.communication'
    _template = 'l10n_it_openapi_pec.signer_page'
    _documents = ('signed_file',)
    _shown_problems = ('sign_expired', 'no_credentials', 'too_many', 'outdated', 'not_now')
    _sentences = {
        'too_large': _lt(
            "The file is far too large: at most %s MB are taken. Go back, and upload the signed power of attorney "
            "alone."),
        'expired': _lt("This page was open for too long, so the file was not looked at."),
        'expired_next': _lt("Choose it again and upload it."),
        'not_awaited': _lt("No document is awaited now: the file was not kept."),
        'too_many': _lt("%s files were uploaded here today, and no more are looked at."),
        'too_many_next': _lt("Come back tomorrow, or ask who sent you the link."),
        'sign_expired': _lt("This page was open for too long, and nothing was signed."),
        'sign_expired_next': _lt("Type all three again, with the next one-time password."),
        'no_credentials': _lt("The username, which begins with RHI, the PIN or the one-time password is missing, or "
                              "holds characters that none has: nothing was signed."),
        'no_credentials_next': _lt("Type all three, and sign again."),
        'not_now': _lt("Nothing can be signed here at present, and nothing was signed."),
        'not_now_next': _lt("Upload a signed file, or ask who sent you the link."),
        'outdated': _lt("The power of attorney, or the signed file of it, has changed since this page was opened, and "
                        "nothing was signed."),
        'outdated_next': _lt("Read the power of attorney once more, then sign."),
        'earlier_counts': _lt("The signed file that arrived before still counts: there is nothing left to do for you."),
    }

    @http.route(
        '/openapi_pec/signature/<string:filing_id>', type='http', auth='public', csrf=False,
        max_content_length=get_largest_body)
    def openapi_pec_signature(self, filing_id, **params):
        """Show the page, or take the signed file that is uploaded on it."""
        return self._answer_page(filing_id, params)

    @http.route(
        '/openapi_pec/signature/<string:filing_id>/procura', type='http', auth='public', csrf=False,
        max_content_length=get_largest_body)
    def openapi_pec_signature_procura(self, filing_id, **params):
        """Return the power of attorney that is to be signed."""
        return self._answer_document(filing_id, params)

    @http.route(
        '/openapi_pec/signature/<string:filing_id>/signed', type='http', auth='public', csrf=False,
        max_content_length=get_largest_body)
    def openapi_pec_signature_signed(self, filing_id, **params):
        """Return what the signer has signed remotely, of which he has no copy otherwise."""
        filing = self._find(filing_id, params, READ)
        return self._answer_file(filing and filing._get_signer_copy(), params, 'application/pkcs7-mime')

    @http.route(
        '/openapi_pec/signature/<string:filing_id>/state', type='http', auth='public', csrf=False,
        max_content_length=get_largest_body)
    def openapi_pec_signature_state(self, filing_id, **params):
        """Return whether an upload still waits to be judged."""
        return self._answer_state(filing_id, params)

    @http.route(
        '/openapi_pec/signature/<string:filing_id>/sign', type='http', auth='public', csrf=False,
        max_content_length=MAX_FORM_SIZE, openapi_pec_sealed=True)
    def openapi_pec_signature_sign(self, filing_id, credentials, **params):
        """Have the power of attorney signed with the PIN and the one-time password that were typed on the page.

        :param credentials: both and the username, sealed; or why they cannot be that (NotSent).
        """
        filing = self._find(filing_id, params, ('POST',))
        if not filing:
            return self._render_nothing(params)
        if not request.validate_csrf(params.get('csrf_token')):
            return self._show_page(filing, 'sign_expired')
        if isinstance(credentials, NotSent):
            return self._show_page(filing, 'no_credentials')
        if not filing._count_signer_upload():
            return self._show_page(filing, 'too_many')
        problem = ask_for_signature(filing, credentials, params.get('offer', ''))
        if not problem or isinstance(problem, UnderWayError):  # which the page shows the result of
            return self._show_page(filing)
        if isinstance(problem, OutdatedError):  # what is signed well by now has nothing to be signed
            return self._show_page(filing, '' if filing.sudo().signature_level == 'good' else 'outdated')
        filing._tell_unsigned(problem)
        return self._show_page(filing, 'not_now')

    @staticmethod
    def _show_page(filing, problem=''):
        """Have the browser open the page, so that nothing which was typed is sent again when it is loaded anew.

        :param str problem: why nothing was signed: of ``_shown_problems``.
        """
        told = f'&{PROBLEM}={problem}' if problem else ''
        response = request.redirect(filing.get_portal_url(query_string=f'&lang={filing.env.lang}{told}'), code=303)
        response.headers.extend(HEADERS)
        return response

    def _is_under_way(self, filing):
        return filing._get_last_attempt().is_open

    def _get_values(self, filing):
        megabytes = filing.company_id.openapi_pec_max_megabytes
        return {
            'number': filing.name,
            'company_name': filing.company_name,
            'pec_email': filing.pec_email,
            'kind': dict(filing._fields['kind']._description_selection(filing.env))[filing.kind],
            'state': filing._get_signer_sentence(),
            'has_procura': bool(filing.procura_id),
            'is_received': filing._takes_documents() and bool(filing.signed_procura_id),
            'level': 'warning' if filing._takes_documents() and filing._is_signature_doubted() else None,
            'findings': None,
            'hint': filing.env._("At most %s MB. You see at once whether it is right.", megabytes),
            'too_large': filing.env._(
                "This file is larger than %s MB: choose the signed power of attorney alone.", megabytes),
            'progress': filing.env._("The file is being uploaded and checked …"),
            'procura_url': filing.get_portal_url(suffix='/procura'),
            'copy_url': bool(filing._get_signer_copy()) and filing.get_portal_url(suffix='/signed'),
            'is_signing': self._is_under_way(filing),
            'is_remote': False,
            'is_signed_here': filing._is_signed_here(),
            'is_verifying': filing._get_last_attempt().state == 'judging',
            'signing': filing._is_signed_remotely() and {
                'offer': filing._get_signing_offer(),
                'url': filing.get_portal_url(suffix='/sign', query_string=f'&lang={filing.env.lang}'),
                'sentence': filing._get_signer_outcome(),
                'warning': filing._get_signer_warning(),
                'username': filing._get_tried_username(),
                'progress': filing.env._("It is being signed, which takes up to half a minute …"),
            },
        }

    def _show_result(self, filing, result):
        if result['level'] == 'warning' and result['checksum'] != filing.signed_procura_id.checksum:
            return {}  # another file has taken its place
        is_remote = bool(result.get('is_remote'))
        if is_remote and result['level'] == 'refused' and filing._get_told_attempt().outcome != 'refused_file':
            return {}  # something else has come of a later attempt
        # A template of this addon has rendered them.
        return {'level': result['level'], 'findings': Markup(result['findings']), 'is_remote': is_remote}  # noqa: S704

    def _get_progress(self, values):
        shown = {'refused': 'refused', 'warning': 'doubtful', 'good': 'good'}.get(values['level'])
        return shown or (values['is_received'] and 'good')

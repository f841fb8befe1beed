from werkzeug.exceptions import RequestEntityTooLarge

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.l10n_it_openapi_pec import const

FORM_SIZE = 2**20  # bytes of a request besides the file; a file that is larger by less than this is told its limit on the page
HEADERS = [
    ('Cache-Control', 'no-store'),
    ('X-Robots-Tag', 'noindex, nofollow'),
    ('Referrer-Policy', 'no-referrer'),  # the address holds the token
    ('X-Frame-Options', 'DENY'),
    ('X-Content-Type-Options', 'nosniff'),
]
READ = ('GET', 'HEAD')


def _get_lang(wanted=''):
    """Return the code of the visitor's language: the one he chose, or else Italian, or else Odoo's."""
    installed = [code for code, _name in request.env['res.lang'].get_installed()]
    return next(code for code in (wanted, 'it_IT', request.env.lang, *installed) if code in installed)


def _get_largest_body(_controller):
    """Return how large a request may be, in bytes: the largest signed file of any company, and the form around it."""
    [[megabytes]] = request.env['res.company'].sudo()._read_group([], [], ['openapi_pec_max_megabytes:max'])
    size = megabytes * 2**20 + FORM_SIZE
    if (request.httprequest.content_length or 0) > size:
        env = request.env(context={'lang': _get_lang(request.httprequest.args.get('lang', ''))})
        raise RequestEntityTooLarge(env._(
            "The file is far too large: at most %s MB are taken. Go back, and upload the signed power of attorney alone.", megabytes))
    return size


class OpenapiPecSigner(http.Controller):
    """The page of one filing for who signs its power of attorney.

    It is told by its token alone, and is the same for every visitor who has it, logged in or not. Whoever lacks it, or comes
    in a way that there is not, gets the same plain 404: so the routes take all methods, and check the CSRF token themselves,
    behind the other one.
    """

    @http.route('/openapi_pec/signature/<string:filing_id>', type='http', auth='public', csrf=False, max_content_length=_get_largest_body)
    def openapi_pec_signature(self, filing_id, **params):
        """Show the page, or take the signed file that is uploaded on it."""
        filing = self._find(filing_id, params, (*READ, 'POST'))
        if request.httprequest.method in READ:
            return self._render(filing)
        if not request.validate_csrf(params.get('csrf_token')):
            return self._render(filing, status=400, problem=filing.env._(
                "This page was open for too long, so the file was not looked at. Choose it again and upload it."))
        if not filing._takes_signed_file():
            return self._render(filing, status=409, problem=filing.env._("No document is awaited now: the file was not kept."))
        if not filing._count_signer_upload():
            return self._render(filing, status=429, problem=filing.env._(
                "%s files were uploaded here today, and no more are looked at. Come back tomorrow, or ask who sent you the link.",
                const.SIGNER_UPLOADS))
        verdict = filing._receive_signed(self._read_upload(filing))
        return self._render(filing, verdict=verdict)

    @http.route(
        '/openapi_pec/signature/<string:filing_id>/procura', type='http', auth='public', csrf=False, max_content_length=_get_largest_body)
    def openapi_pec_signature_procura(self, filing_id, **params):
        """Return the power of attorney, as it is to be signed."""
        procura = self._find(filing_id, params, READ).procura_id
        if not procura:
            raise request.not_found()
        return request.make_response(procura.raw, [
            *HEADERS, ('Content-Type', 'application/pdf'), ('Content-Disposition', content_disposition(procura.name))])

    @staticmethod
    def _find(filing_id, params, methods):
        """Return the filing of this request, as an anonymous visitor sees it.

        :param str filing_id: from the address.
        :param dict params: of address and form, whatever they are.
        :param tuple methods: that there are.
        :raise NotFound: the token is not that of the filing, or the filing's page does not live.
        """
        token, wanted = (str(params.get(name, '')) for name in ('access_token', 'lang'))
        lang = _get_lang(wanted)
        filing = request.env['openapi_pec.communication']._find_for_signer(filing_id, token, lang)
        if not filing or request.httprequest.method not in methods:
            raise request.not_found()
        request.update_context(lang=lang)
        return filing

    @staticmethod
    def _read_upload(filing):
        """Return the uploaded file (bytes), no more of it than tells that it is too large; empty when there is none."""
        file = request.httprequest.files.get('signed_file')
        return file.read(filing.company_id.openapi_pec_max_megabytes * 2**20 + 1) if file else b''

    @staticmethod
    def _render(filing, status=200, verdict=None, problem=None):
        """Return the page.

        :param int status: of the answer.
        :param p7m.Verdict verdict: on what was uploaded with this request.
        :param str problem: why nothing was looked at.
        """
        company, lang = filing.company_id, filing.env.lang
        installed = request.env['res.lang'].get_installed()
        response = request.render('l10n_it_openapi_pec.signer_page', {
            'number': filing.name,
            'company_name': filing.company_name,
            'pec_email': filing.pec_email,
            'kind': dict(filing._fields['kind']._description_selection(filing.env))[filing.kind],
            'signer': f"{filing.first_name or ''} {filing.last_name or ''}".strip(),
            'sender': {'name': company.name, 'email': company.email, 'phone': company.phone},
            'state': filing._in_words(const.SIGNER_SENTENCES[filing.state]),
            'is_sandbox': filing.is_sandbox,
            'has_procura': bool(filing.procura_id),
            'takes_file': filing._takes_signed_file(),
            'is_received': filing.state == 'awaiting_documents' and bool(filing.signed_procura_id),
            'level': verdict and verdict.level,
            'findings': verdict and filing._show_findings(filing._get_signer_sentences(verdict)),
            'problem': problem,
            'megabytes': company.openapi_pec_max_megabytes,
            'hint': filing.env._("At most %s MB. You are told at once whether it is right.", company.openapi_pec_max_megabytes),
            'too_large': filing.env._(
                "This file is larger than %s MB: choose the signed power of attorney alone.", company.openapi_pec_max_megabytes),
            'progress': filing.env._("The file is being uploaded and checked …"),
            'lang_code': lang.replace('_', '-'),
            'page_url': filing.get_portal_url(query_string=f'&lang={lang}'),
            'procura_url': filing.get_portal_url(suffix='/procura'),
            'languages': [
                (name.partition(' / ')[2] or name, code.replace('_', '-'), filing.get_portal_url(query_string=f'&lang={code}'))
                for code, name in installed if code != lang
            ],
        }, status=status)
        response.headers.extend(HEADERS)
        return response

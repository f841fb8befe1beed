from werkzeug.exceptions import RequestEntityTooLarge

from odoo.http import content_disposition, request

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content

from .portal import ACCOUNT, ADDRESSES

# bytes of a request besides the files; the page itself refuses a file that is too large by less than this
FORM_SIZE = 2**20
HEADERS = [
    ('Cache-Control', 'no-store'),
    ('X-Robots-Tag', 'noindex, nofollow'),
    ('Referrer-Policy', 'no-referrer'),  # the address holds the token
    ('X-Frame-Options', 'DENY'),
    ('X-Content-Type-Options', 'nosniff'),
]
READ = ('GET', 'HEAD')
PROBLEM = 'problem'  # in the address: why what was sent was not looked at
# How far the signature is -> how the page shows the steps that lead to it: open, folded (something else can be uploaded
# instead) or not at all.
STEPS = {
    'nothing': 'open', 'partial': 'open', 'refused': 'open', 'pending': 'folded', 'doubtful': 'folded',
    'good': 'folded', 'closed': False,
}


def _get_lang(wanted='', spoken=()):
    """Return the code of the visitor's language: the one he chose, otherwise Italian, otherwise Odoo's.

    :param str wanted: the one he chose, from the address; it may be anything.
    :param spoken: those that his browser asks for, which come before Italian.
    """
    installed = [code for code, _name in request.env['res.lang'].get_installed()]
    return next(code for code in (wanted, *spoken, 'it_IT', request.env.lang, *installed) if code in installed)


def _get_spoken():
    """Return the codes of the installed languages that the visitor's browser asks for, the best one first."""
    installed = [code for code, _name in request.env['res.lang'].get_installed()]
    tags = [tag.lower().replace('-', '_') for tag in request.httprequest.accept_languages.values()]
    return [
        code for tag in tags for is_same in (str.__eq__, lambda code, tag: code[:2] == tag[:2])
        for code in installed if is_same(code.lower(), tag)]


def _get_languages(shown, get_url):
    """Return the other languages in which a page can be read: ``[(name, tag, address), …]``.

    :param str shown: code of the language in which it is shown.
    :param get_url: function of a code that returns the address.
    """
    return [
        (name.partition(' / ')[2] or name, code.replace('_', '-'), get_url(code))
        for code, name in request.env['res.lang'].get_installed() if code != shown]


def get_largest_body(controller):
    """Return how large a request may be, in bytes: the largest files of any company, and the form around them."""
    [[megabytes]] = request.env['res.company'].sudo()._read_group([], [], ['openapi_pec_max_megabytes:max'])
    size = controller._file_count * megabytes * 2**20 + FORM_SIZE
    if (request.httprequest.content_length or 0) > size:
        env = request.env(context={'lang': _get_lang(request.httprequest.args.get('lang', ''))})
        raise RequestEntityTooLarge(env[controller._model]._in_words(controller._sentences['too_large']) % megabytes)
    return size


class SignerPage:
    """What the pages have in common on which somebody signs a document of one record.

    The token alone identifies the page, which is the same for every visitor who has it, logged in or not. A visitor
    without it, or with a method that the page does not have, gets the same page, with the status 404, whatever is wrong
    and whether there is such a record or not. For this the routes take all methods, and check the CSRF token
    themselves, after the other one.

    It is no controller: the routes are defined for each page.
    """
    _model = None  # an `openapi_pec.signer.mixin`
    _template = None  # xml id of the page
    _file_count = 1  # that one request may hold
    _documents = ()  # the fields of the form that hold them
    # What the visitor is told, lazily translated: `too_large` (%s MB); why nothing was looked at, `expired`,
    # `not_awaited`, `too_many` (%s uploads); what to do then, `expired_next`, `too_many_next`; or, when all that is
    # needed was uploaded before, `earlier_counts`.
    _sentences = {}
    _shown_problems = ()  # keys of `_sentences` that the address may name

    def _get_values(self, record):
        """Return the values for the template that are particular to this page (dict)."""
        raise NotImplementedError

    def _read_said(self, params):
        """Return what the visitor told on the form besides the files (dict)."""
        return {}

    def _show_result(self, record, result):
        """Return what the page shows of the result of an upload (dict).

        :param dict result: what ``_take_upload`` of the record returned.
        """
        raise NotImplementedError

    def _get_progress(self, values):
        """Return how far the signature is by what was uploaded: a key of ``STEPS``, False where nothing was.

        :param dict values: of the template.
        """
        raise NotImplementedError

    def _is_under_way(self, record):
        """Return whether something else than an upload is awaited, of which the page shows the result by itself."""
        return False

    def _answer_page(self, record_id, params):
        """Show the page, or take the files that are uploaded on it."""
        record = self._find(record_id, params, (*READ, 'POST'))
        if not record:
            return self._render_nothing(params)
        if request.httprequest.method == 'GET':
            request.env['openapi_pec.signer_visit'].sudo()._note(record, 'opened')
        if request.httprequest.method in READ:
            upload = request.env['openapi_pec.signer_upload'].sudo()._find(record)
            if upload.state == 'waiting' or self._is_under_way(record):
                return self._render(record, is_pending=True)
            problem = params.get(PROBLEM) if params.get(PROBLEM) in self._shown_problems else None
            shown = self._render_result(record, upload.result) if upload else {}
            return self._render(record, **{'problem': problem, **shown})
        if not request.validate_csrf(params.get('csrf_token')):
            return self._render(record, status=400, problem='expired')
        if not record._takes_documents():
            return self._render(record, status=409, problem='not_awaited')
        files = {name: content for name in self._documents if (content := self._read_upload(record, name)) is not None}
        result = request.env['openapi_pec.signer_upload'].sudo()._receive(record, files, **self._read_said(params))
        if result is False:
            return self._render(record, status=429, problem='too_many')
        if not result:
            return self._render(record, is_pending=True)
        return self._render(record, **self._render_result(record, result, is_new=True))

    def _answer_state(self, record_id, params):
        """Return whether an upload still waits to be judged; the page asks this from time to time."""
        record = self._find(record_id, params, READ)
        if not record:
            return self._render_nothing(params)
        upload = request.env['openapi_pec.signer_upload'].sudo()._find(record)
        state = 'waiting' if self._is_under_way(record) else upload.state or 'judged'
        return request.make_response(state, [*HEADERS, ('Content-Type', 'text/plain')])

    def _render_result(self, record, result, is_new=False):
        """Return the values for the template that show the result of an upload (dict).

        :param bool is_new: whether it was uploaded just now; an older result counts as long as documents are awaited.
        """
        if 'problem' in result:  # as long as it is one: documents may be awaited again
            return {} if record._takes_documents() else {'problem': result['problem']}
        return self._show_result(record, result) if is_new or record._takes_documents() else {}

    def _show_problem(self, record, problem, own):
        """Return why nothing was looked at, and what to do now, as one text; False without a problem.

        :param str problem: key of ``_sentences``.
        :param dict own: what ``_get_values`` returned.
        """
        if not problem:
            return False
        sentence = record._in_words(self._sentences[problem])
        if problem == 'too_many':
            sentence %= const.signature.SIGNER_UPLOADS
        if not record._takes_documents() or own.get('level'):
            return f'{sentence} {own["state"]}'
        follows = f'{problem}_next' if record._awaits_signer() else 'earlier_counts'
        return f'{sentence} {record._in_words(self._sentences[follows])}'

    def _answer_document(self, record_id, params):
        """Return the document that is to be signed."""
        record = self._find(record_id, params, READ)
        document = record and record._get_signer_document()
        if document and request.httprequest.method == 'GET':
            request.env['openapi_pec.signer_visit'].sudo()._note(record, 'downloaded')
        return self._answer_file(document, params, 'application/pdf')

    def _answer_file(self, file, params, mimetype):
        """Return a file as a download; where there is none, the page of a link that opens nothing.

        :param file: attachment.
        :param dict params: of the address; they may be anything.
        :param str mimetype: of the file.
        """
        if not file:
            return self._render_nothing(params)
        return request.make_response(read_content(file), [
            *HEADERS, ('Content-Type', mimetype), ('Content-Disposition', content_disposition(file.name))])

    def _find(self, record_id, params, methods):
        """Return the record of this request, as an anonymous visitor sees it; empty when there is nothing to be seen.

        The token is not that of the record, its page is closed, or the method is another one.

        :param str record_id: from the address.
        :param dict params: of address and form; they may be anything.
        :param tuple methods: those of the route.
        """
        token, wanted = (str(params.get(name, '')) for name in ('access_token', 'lang'))
        lang = _get_lang(wanted)
        record = request.env[self._model]._find_for_signer(record_id, token, lang)
        if not record or request.httprequest.method not in methods:
            return record.browse()
        request.update_context(lang=lang)
        return record

    @staticmethod
    def _render_nothing(params):
        """Return the page of a link that opens nothing (any more), the same whatever is wrong.

        It names this Odoo's company, in the visitor's language: nothing of it depends on what the link was.

        :param dict params: of the address; they may be anything.
        """
        lang = _get_lang(str(params.get('lang', '')), _get_spoken())
        request.update_context(lang=lang)
        company = request.env.ref('base.public_user').sudo().company_id
        response = request.render('l10n_it_openapi_pec.signer_nothing', {
            'sender': {'name': company.name, 'email': company.email, 'phone': company.phone},
            'is_pending': False,
            'lang_code': lang.replace('_', '-'),
            'languages': _get_languages(lang, lambda code: f'?lang={code}'),
        }, status=404)
        response.headers.extend(HEADERS)
        return response

    @staticmethod
    def _read_upload(record, name):
        """Return an uploaded file (bytes), cut when it is too large by one byte; None when there is none."""
        file = request.httprequest.files.get(name)
        return file.read(record.company_id.openapi_pec_max_megabytes * 2**20 + 1) if file else None

    def _render(self, record, status=200, problem=None, is_pending=False, **received):
        """Return the page.

        :param int status: of the answer.
        :param str problem: why nothing was looked at: key of ``_sentences``.
        :param bool is_pending: whether an upload still waits to be judged.
        :param received: values for the template that show the result of an upload.
        """
        company, lang = record.company_id, record.env.lang
        own = self._get_values(record)
        is_from_account = bool(request.httprequest.args.get(ACCOUNT))
        kept = f'&{ACCOUNT}=1' if is_from_account else ''
        values = {
            'account_url': is_from_account and f'{ADDRESSES[self._model]}/{record.id}',
            'sender': {'name': company.name, 'email': company.email, 'phone': company.phone},
            'signer': record._get_signer_name(),
            'is_sandbox': record.is_sandbox,
            'takes_documents': record._takes_documents(),
            'problem': self._show_problem(record, problem, own),
            'is_pending': is_pending,
            'state_url': record.get_portal_url(suffix='/state'),
            'megabytes': company.openapi_pec_max_megabytes,
            'lang_code': lang.replace('_', '-'),
            'page_url': record.get_portal_url(query_string=f'&lang={lang}{kept}'),
            'languages': _get_languages(
                lang, lambda code: record.get_portal_url(query_string=f'&lang={code}{kept}')),
            **own,
            **received,
        }
        shown = (is_pending and 'pending') or self._get_progress(values) or (
            'nothing' if values['takes_documents'] else 'closed')
        is_open = values['takes_documents'] and problem != 'too_many'
        values |= {'shown': shown, 'steps': is_open and STEPS[shown]}
        response = request.render(self._template, values, status=status)
        response.headers.extend(HEADERS)
        return response

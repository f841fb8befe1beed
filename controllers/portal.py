from odoo import http
from odoo.http import request
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.tools.api.text import end_once
from odoo.addons.portal.controllers.portal import CustomerPortal, pager

_lt = LazyTranslate(__name__, default_lang='en_US')

FILING, MAILBOX = 'openapi_pec.communication', 'openapi_pec.mailbox'
# counter on the portal's home page -> the model whose records it counts
COUNTERS = {'pec_filing_count': FILING, 'pec_mailbox_count': MAILBOX}
ACCOUNT = 'account'  # the parameter of an address that says that the visitor comes from here
ADDRESSES = {FILING: '/my/pec', MAILBOX: '/my/pec-mailboxes'}
# status of a filing, where it is more than that it is under way -> the colour in which it is shown
COLOURS = {'entered': 'success', 'refused': 'danger', 'suspended': 'warning', 'awaiting_documents': 'warning'}
WAITING_SENTENCE = _lt("The power of attorney waits for the digital signature of %s.")


class OpenapiPecPortal(CustomerPortal):
    """*My Account* of a contact: his filings and mailboxes, and what he has to sign.

    The domain of the models says which they are. What is shown is handed to the templates as plain text. An identifier
    of another one's record and one that does not exist get the same answer.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        for counter, model in COUNTERS.items():
            if counter in counters:
                records = request.env[model]
                values[counter] = records.sudo().search_count(records._get_portal_domain(request.env.user))
        if 'pec_to_sign_count' in counters:
            values['pec_to_sign_count'] = sum(map(len, self._find_papers()))
        return values

    # ------------------------------------------------------------ pages

    @http.route(['/my/pec', '/my/pec/page/<int:page>'], type='http', auth='user', website=True)
    def openapi_pec_portal_filings(self, page=1, **_params):
        """List the filings of this contact."""
        return self._render_list(FILING, 'l10n_it_openapi_pec.portal_filings', 'pec_filings', page)

    @http.route(['/my/pec-mailboxes', '/my/pec-mailboxes/page/<int:page>'], type='http', auth='user', website=True)
    def openapi_pec_portal_mailboxes(self, page=1, **_params):
        """List the mailboxes of this contact."""
        return self._render_list(MAILBOX, 'l10n_it_openapi_pec.portal_mailboxes', 'pec_mailboxes', page)

    @http.route('/my/pec-papers', type='http', auth='user', website=True)
    def openapi_pec_portal_papers(self, **_params):
        """List what this contact has to sign."""
        filings, mailboxes = self._find_papers()
        return request.render('l10n_it_openapi_pec.portal_papers', {
            **self._prepare_portal_layout_values(), 'page_name': 'pec_papers',
            'papers': [*map(self._show, filings), *map(self._show, mailboxes)]})

    @http.route('/my/pec/<int:record_id>', type='http', auth='user', website=True)
    def openapi_pec_portal_filing(self, record_id, **_params):
        """Show one filing."""
        return self._render_one(FILING, record_id, 'l10n_it_openapi_pec.portal_filing', 'pec_filings')

    @http.route('/my/pec-mailboxes/<int:record_id>', type='http', auth='user', website=True)
    def openapi_pec_portal_mailbox(self, record_id, **_params):
        """Show one mailbox."""
        return self._render_one(MAILBOX, record_id, 'l10n_it_openapi_pec.portal_mailbox', 'pec_mailboxes')

    @http.route('/my/pec/<int:record_id>/sign', type='http', auth='user', website=True)
    def openapi_pec_portal_sign_filing(self, record_id, **_params):
        """Lead to the page on which this contact signs a filing's power of attorney."""
        return self._lead_to_page(FILING, record_id)

    @http.route('/my/pec-mailboxes/<int:record_id>/sign', type='http', auth='user', website=True)
    def openapi_pec_portal_sign_mailbox(self, record_id, **_params):
        """Lead to the page on which this contact signs a mailbox's form."""
        return self._lead_to_page(MAILBOX, record_id)

    # ------------------------------------------------------------ what they show

    def _find_papers(self):
        """Return the filings, and the mailboxes, that wait for this contact's own signature."""
        return [request.env[model]._find_to_sign(request.env.user) for model in (FILING, MAILBOX)]

    def _render_list(self, model, template, page_name, page):
        """Return the page with the records of a model that this contact finds under his account."""
        records, user = request.env[model], request.env.user
        domain = records._get_portal_domain(user)
        pages = pager(
            ADDRESSES[model], records.sudo().search_count(domain), page=page, step=self._items_per_page)
        shown = records.sudo().search(domain, limit=self._items_per_page, offset=pages['offset'])
        return request.render(template, {
            **self._prepare_portal_layout_values(), 'page_name': page_name, 'pager': pages,
            'default_url': ADDRESSES[model], 'records': list(map(self._show, shown))})

    def _render_one(self, model, record_id, template, page_name):
        """Return the page of one record; the same answer for all that this contact does not find."""
        record = request.env[model]._find_for_portal(request.env.user, record_id)
        if not record:
            raise request.not_found()
        return request.render(template, {
            **self._prepare_portal_layout_values(), 'page_name': page_name, 'record': self._show(record)})

    def _lead_to_page(self, model, record_id):
        """Redirect who signs to his page: nobody else gets its address."""
        record = request.env[model]._find_for_portal(request.env.user, record_id)
        if not record or not record._is_signed_by(request.env.user):
            raise request.not_found()
        response = request.redirect(record.get_portal_url(query_string=f'&lang={request.env.lang}&{ACCOUNT}=1'))
        response.headers['Cache-Control'] = 'no-store'
        return response

    def _show(self, record):
        """Return what a contact is told of a record: no more than its signer's page tells, and the state.

        :return: plain texts (dict).
        """
        url = f'{ADDRESSES[record._name]}/{record.id}'
        is_own = record._is_signed_by(request.env.user)
        shown = {
            'url': url, 'signer': record._get_signer_name(), 'is_sandbox': record.is_sandbox,
            'sender': record.company_id.name,
            'sign_url': is_own and record._awaits_signer() and f'{url}/sign',
            'page_url': is_own and f'{url}/sign',
        }
        if record._name == FILING:
            is_signed = record._is_signed()
            is_others = record.state == 'awaiting_documents' and not (is_signed or is_own)
            return {
                **shown, 'name': record.name, 'company_name': record.company_name, 'pec': record.pec_email,
                'title': record.company_name,
                'kind': dict(record._fields['kind']._description_selection(record.env))[record.kind],
                'state': record._get_told_status(),
                'colour': 'info' if is_signed else COLOURS.get(record.status, 'info'),
                'sentence': end_once(record._in_words(WAITING_SENTENCE) % shown['signer']) if is_others
                else record._get_signer_sentence()}
        types = dict(record._fields['mailbox_type']._description_selection(record.env))
        return {
            **shown, 'name': record.address, 'pec': record.address, 'company_name': record.holder_name,
            'title': record.holder_name or record.address, 'kind': types.get(record.mailbox_type),
            'state': record._get_told_status(),
            'colour': 'info', 'expires_on': format_date(record.env, record.expires_on),
            'sentence': record._get_applicant_sentence() if is_own else record._get_expiry_sentence()}

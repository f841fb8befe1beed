from odoo import http
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const

from .signer_page import SignerPage, get_largest_body

_lt = LazyTranslate(__name__, default_lang='en_US')


class OpenapiPecApplicant(SignerPage, http.Controller):
    """The page of one mailbox for its applicant, who signs the form and uploads it with an identity document."""
    _model = 'openapi_pec.mailbox'
    _template = 'l10n_it_openapi_pec.applicant_page'
    _file_count = 3
    _documents = ('signed_form', 'identity_document', 'identity_back')
    _sentences = {
        'too_large': _lt("The files are far too large: at most %s MB are taken of each. Go back, and upload smaller "
                         "ones."),
        'expired': _lt("This page was open for too long, so the files were not looked at."),
        'expired_next': _lt("Choose them again and upload them."),
        'not_awaited': _lt("No documents are awaited now: the files were not kept."),
        'too_many': _lt("Files were uploaded here %s times today, and no more are looked at."),
        'too_many_next': _lt("Come back tomorrow, or ask who sent you the link."),
        'earlier_counts': _lt("The documents that arrived before still count: there is nothing left to do for you."),
    }
    _labels = {
        'signed_form': _lt("Signed form"),
        'identity_document': _lt("Identity document"),
    }
    _one_photo = _lt("Identity document, one photo")
    _earlier = _lt("%s, the file that arrived before")

    @http.route(
        '/openapi_pec/mailbox/<string:mailbox_id>', type='http', auth='public', csrf=False,
        max_content_length=get_largest_body)
    def openapi_pec_mailbox(self, mailbox_id, **params):
        """Show the page, or take the documents that are uploaded on it."""
        return self._answer_page(mailbox_id, params)

    @http.route(
        '/openapi_pec/mailbox/<string:mailbox_id>/form', type='http', auth='public', csrf=False,
        max_content_length=get_largest_body)
    def openapi_pec_mailbox_form(self, mailbox_id, **params):
        """Return the form that is to be signed."""
        return self._answer_document(mailbox_id, params)

    @http.route(
        '/openapi_pec/mailbox/<string:mailbox_id>/state', type='http', auth='public', csrf=False,
        max_content_length=get_largest_body)
    def openapi_pec_mailbox_state(self, mailbox_id, **params):
        """Return whether an upload still waits to be judged."""
        return self._answer_state(mailbox_id, params)

    def _get_values(self, mailbox):
        megabytes = mailbox.company_id.openapi_pec_max_megabytes
        takes_documents = mailbox._takes_documents()
        kept = [name for name in self._labels if takes_documents and mailbox[name]]
        labels = {**self._labels, **({'identity_document': self._one_photo} if mailbox.is_back_missing else {})}
        missing = mailbox._get_missing_document() if kept else False
        return {
            'address': mailbox.address,
            'type': dict(mailbox._fields['mailbox_type']._description_selection(mailbox.env)).get(mailbox.mailbox_type),
            'holder': mailbox.holder_name or mailbox._get_signer_name(),
            'state': mailbox._get_applicant_sentence(),
            'is_refused': mailbox.state == 'documents_wrong',
            'is_storage': mailbox.form_kind == 'storage',
            'is_merged': mailbox.is_merged_type,
            'is_identity_in_form': mailbox.is_identity_in_form,
            'is_back_missing': takes_documents and mailbox.is_back_missing,
            'has_form': bool(mailbox._get_form()),
            'kept': [(name, mailbox._in_words(labels[name])) for name in kept],
            'missing': missing,
            'is_complete': bool(kept) and not missing,
            'refused': [],
            'refused_names': (),
            'hint': mailbox.env._("At most %s MB each. You see at once whether they can be read.", megabytes),
            'too_large': mailbox._in_words(const.mailbox.PDF_SENTENCES['too_large']) % {'megabytes': megabytes},
            'progress': mailbox.env._("The files are being uploaded and checked …"),
            'form_url': mailbox.get_portal_url(suffix='/form'),
        }

    def _read_said(self, params):
        return {name: bool(params.get(name)) for name in ('is_identity_in_form', 'is_one_page')}

    def _get_progress(self, values):
        if values['refused']:
            return 'refused'
        return 'good' if values['is_complete'] else values['kept'] and 'partial'

    def _show_result(self, mailbox, result):
        earlier = mailbox._in_words(self._earlier)
        return {
            'kept': [
                (name, earlier % label if name in result['refused'] else label)
                for name, label in self._get_values(mailbox)['kept']],
            'refused_names': tuple(result['refused']),
            'refused': [
                (mailbox._in_words(self._labels[name]), problem) for name, problem in result['refused'].items()]}

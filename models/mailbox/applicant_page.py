import base64
import time
from datetime import timedelta
from functools import partial

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools.upload import pdf, picture

from .documents import UPLOADS, try_pdf
from .mailbox import FORM, SEND

_lt = LazyTranslate(__name__, default_lang='en_US')

# State of a mailbox in which its page lives -> what there is to know now. In all others it is not found.
APPLICANT_SENTENCES = {
    'registered': _lt("The activation form waits for your signature."),
    'documents_wrong': _lt(
        "The provider did not accept the documents. Check that the form is complete and signed, and that your identity "
        "document is valid and readable on both sides; then upload both again."),
    'activating': _lt("Your documents have been delivered, and the mailbox is being activated. There is nothing to do "
                      "for you now."),
    'active': _lt("The mailbox is active. There is nothing to do for you here."),
}

APPLICANT_STORAGE_SENTENCE = _lt("The form for legal storage waits for your signature.")
APPLICANT_FORMLESS_SENTENCE = _lt("The form is being prepared. Come back when you are notified that it is ready.")
APPLICANT_RECEIVED_SENTENCE = _lt(
    "Your documents have arrived. They are looked at and sent to the provider: there is nothing left to do for you.")
APPLICANT_PARTIAL_SENTENCE = _lt(
    "A part of your documents has arrived. The page where you sign says what is still missing.")
APPLICANT_SENDING_SENTENCE = _lt("Your documents are on their way to the provider. There is nothing to do for you now.")
# reason of const.reason -> what is told outside of a mailbox; %s is the day
EXPIRY_SENTENCES = {
    'mailbox_expiring': _lt("The mailbox expires on %s. It is not renewed by itself: tell who looks after it for you "
                            "whether it is to be renewed, or it stops to receive."),
    'mailbox_expired': _lt("The mailbox expired on %s, and receives no more: ask who looks after it for you."),
}
RECEIVED_STATUS = _lt("Documents Received")
BACK = 'identity_back'  # the field of the form with the back of the identity document, when that is two files
APPLICANT_DAYS = 30  # for which the page of an active mailbox lives on

# what is missing, a key of const.mailbox.DOCUMENTS_SENTENCES -> the document
MISSING = {
    'form_missing': 'signed_form', 'identity_missing': 'identity_document', 'back_missing': 'identity_document'}

APPLICANT_NOT_NEEDED_SENTENCE = _lt(
    "You ticked that the identity document is in the same PDF as the form, so this file is not needed. If it is not in "
    "there, remove the tick and upload both.")

# What the chatters and the responsible's activity say when all documents are here: kind of form -> (sentence, summary).
COMPLETE_SENTENCES = {
    'activation': (
        _lt("the applicant uploaded the documents, and all that is needed is here. Look at them and press Send "
            "Documents."),
        _lt("Look at the applicant's documents and send them")),
    'storage': (
        _lt("the applicant uploaded the documents for legal storage, and all that is needed is here. Look at them and "
            "press Activate Legal Storage."),
        _lt("Look at the applicant's documents and activate legal storage")),
}
STORAGE_SUMMARY = _lt("Have the form for legal storage signed")


def get_sides(files, front=None):
    """Return the files of each document: of the identity document there may be two, its front and its back.

    :param dict files: ``{field of the form: bytes}``.
    :param bytes front: of the identity document, when it is kept already.
    :return: ``{field: [bytes, …]}``; None in the place of a front that is missing.
    """
    sides = {name: [files[name]] for name in UPLOADS if name in files}
    if BACK in files:
        sides['identity_document'] = [files.get('identity_document', front), files[BACK]]
    return sides


def is_one_photo(files):
    """Return whether of the identity document a photo was uploaded, and no other side.

    :param dict files: ``{field of the form: bytes}``.
    """
    return BACK not in files and bool(picture.get_kind(files.get('identity_document') or b''))


def make_pdf(sides, max_size, deadline, takes_pictures, form=None):
    """Return one PDF of the sides of a document, or None; and what stands against it, or False.

    :param list sides: what ``get_sides`` returns of it.
    :param int max_size: in bytes, of each file and of the result.
    :param float deadline: by ``time.monotonic()``; None for none.
    :param bool takes_pictures: whether a photograph is made a PDF; otherwise it is refused.
    :param bytes form: the blank form, which is not taken for the signed one; None for another document.
    :raise OutOfTimeError: there is no time.
    """
    def run(function, content):
        return try_pdf(function, content, max_size, None if deadline is None else deadline - time.monotonic())

    pages = []
    for content in sides:
        if content is None:
            return None, 'front_missing'
        is_picture = takes_pictures and bool(picture.get_kind(content))
        made, code = run(picture.to_pdf if is_picture else partial(pdf.judge, form=form), content)
        if code:
            return None, code
        pages.append(made if is_picture else content)
    return run(pdf.merge, pages) if pages[1:] else (pages[0], False)


class OpenapiPecMailbox(models.Model):
    """The applicant gets the form by mail, and uploads it signed on a page without a login.

    The identity document is uploaded there, too.
    """
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ mailing

    def action_mail_form(self):
        """Mail these forms to their applicants, and say who was left out.

        :return: the action that says it.
        """
        self.check_access('write')
        return self._mail_by_click()

    def _get_signer_document(self):
        return self._get_form()

    def _get_signing_about(self):
        return self.address

    def _on_form_fetched(self):
        result = super()._on_form_fetched()
        if self.form_mailed_checksum != self.form_id.checksum:
            self._forget_mail()
        self._mail_form_by_itself()
        return result

    def _on_form_forgotten(self):
        result = super()._on_form_forgotten()
        self._forget_mail()  # the same form is mailed anew when it is wanted again
        return result

    def _on_state_entered(self, state, sentence=None, values=None):
        result = super()._on_state_entered(state, sentence, values)
        if state == 'documents_wrong':
            for mailbox in self:
                mailbox._forget_mail()
                mailbox._mail_form_by_itself()
        return result

    def _mail_form_by_itself(self):
        """Have the form mailed if the company wants that and nobody did it yet.

        It counts as not done yet when another form came, or the documents were refused.
        """
        is_mailed = self.form_mailed_checksum == self.form_id.checksum
        if self.company_id.openapi_pec_mail_forms and self._get_form() and not is_mailed:
            self._mail_by_itself()

    # ------------------------------------------------------------ the applicant's page

    def _is_open_to_signer(self):
        """Return whether the applicant's page is open: in the states of ``APPLICANT_SENTENCES``.

        That of an active mailbox is open while the form for legal storage waits to be signed, and for some days after
        the activation.
        """
        if self.state != 'active' or self.form_kind == 'storage':
            return self.state in APPLICANT_SENTENCES
        since = fields.Date.today() - timedelta(days=APPLICANT_DAYS)
        return bool(self.activated_on) and self.activated_on > since

    def _takes_documents(self):
        return bool(self._get_form()) and self.call_state not in const.mailbox.CALLING and not self._is_away()

    def _awaits_signer(self):
        return self._takes_documents() and bool(self._get_documents_codes())

    def _plan_documents(self):
        activation = const.mailbox.STATE_ACTIVITIES.get(self.state)
        if self.form_kind:
            self._plan_activity(
                'mail_activity_type_mailbox_form', self._in_words(activation[1] if activation else STORAGE_SUMMARY))

    def _get_told_status(self):
        """Return what the state is called for who signs, and for the client."""
        if self._takes_documents() and not self._get_documents_codes():
            return self._in_words(RECEIVED_STATUS)
        return dict(self._fields['state']._description_selection(self.env))[self.state]

    def _get_applicant_sentence(self):
        """Return what the applicant has to know now, as a sentence."""
        sentence = APPLICANT_SENTENCES[self.state]
        if self.form_kind == 'storage':
            sentence = APPLICANT_STORAGE_SENTENCE
        if self.form_kind and self.call_state in const.mailbox.CALLING:
            sentence = APPLICANT_SENDING_SENTENCE
        elif self.form_kind and not self._get_form():
            sentence = APPLICANT_FORMLESS_SENTENCE
        elif self._takes_documents() and any(self[name] for name in UPLOADS):
            sentence = APPLICANT_PARTIAL_SENTENCE if self._get_documents_codes() else APPLICANT_RECEIVED_SENTENCE
        if self._is_away():
            sentence = const.signature.SIGNER_AWAY_SENTENCE
        elif not self.form_kind and (expiry := self._get_expiry_sentence()):
            return expiry
        return self._in_words(sentence)

    def _get_expiry_sentence(self):
        """Return what is told outside of a mailbox that expires soon, or has expired; False of any other."""
        expiry = EXPIRY_SENTENCES.get(self._judge_domicile()[0])
        return bool(expiry) and self._in_words(expiry) % format_date(self.env, self.expires_on)

    def _get_missing_document(self):
        """Return all that the applicant still has to upload, or to correct, as sentences for him; False: nothing."""
        return ' '.join(
            self._in_words(const.mailbox.DOCUMENTS_SENTENCES[code][1]) for code in self._get_documents_codes()) or False

    def _get_judge(self):
        max_size = self.company_id.openapi_pec_max_megabytes * 2**20
        forms = {'signed_form': read_content(self._get_form()) or None}
        front = read_content(self, 'identity_document') if self.is_back_missing else None

        def judge(files, patience):
            """Return of each document the PDF to be kept, or None, and what stands against it, or False.

            It is a key of ``const.mailbox.PDF_SENTENCES``: ``{field: (PDF, what stands against it)}``.
            """
            deadline = None if patience is None else time.monotonic() + patience
            return {
                name: make_pdf(
                    sides, max_size, deadline, takes_pictures=name == 'identity_document', form=forms.get(name))
                for name, sides in get_sides(files, front).items()}

        return judge

    def _get_unjudged_verdict(self):
        return dict.fromkeys(UPLOADS, (None, 'too_slow'))

    def _take_upload(self, files, verdict, **said):
        """Keep each good file that the applicant uploaded; without one, what was kept before stays.

        :param dict files: ``{field: bytes}``.
        :param dict verdict: ``{field: (PDF, what stands against it)}``.
        :param said: ``is_identity_in_form`` and ``is_one_page``, whether the applicant says so (bool).
        """
        is_identity_in_form = bool(said.get('is_identity_in_form')) and self.is_merged_type
        names = get_sides(files)
        problems = {name: self._get_pdf_sentence(verdict[name][1]) for name in names if verdict[name][1]}
        if is_identity_in_form and 'identity_document' in names:
            problems['identity_document'] = self._in_words(APPLICANT_NOT_NEEDED_SENTENCE)
        good = {name: verdict[name][0] for name in names if name not in problems}
        is_back_missing = not said.get('is_one_page') and (
            is_one_photo(files) if 'identity_document' in good else self.is_back_missing)
        is_said_later = is_back_missing != self.is_back_missing or (
            not files and bool(self.signed_form) and is_identity_in_form and not self.is_identity_in_form)
        if not files and not is_said_later:
            wanted = [
                name for code in self._get_documents_codes() if (name := MISSING.get(code))
                and not (is_identity_in_form and name == 'identity_document')]
            problems = dict.fromkeys(wanted or ['signed_form'], self._get_pdf_sentence('empty'))
        if good or is_said_later:
            self.with_user(SUPERUSER_ID)._for_reader()._keep_documents(good, is_identity_in_form, is_back_missing)
        return {'refused': problems}, not problems

    def _keep_documents(self, files, is_identity_in_form, is_back_missing):
        """Keep what the applicant uploaded, and have the responsible send it once all is here.

        :param dict files: ``{field: content}``, all judged.
        :param bool is_identity_in_form: whether the form holds the identity document.
        :param bool is_back_missing: whether one side alone of the identity document is here.
        """
        values = {}
        for name, content in files.items():
            if content != read_content(self, name):
                values |= {name: base64.b64encode(content), f'{name}_filename': self._get_document_name(name)}
        if is_identity_in_form != self.is_identity_in_form:
            values['is_identity_in_form'] = is_identity_in_form
        if is_identity_in_form and self.identity_document:
            values |= {'identity_document': False, 'identity_document_filename': False}
        if is_back_missing != self.is_back_missing or 'identity_document' in values:
            values['is_back_missing'] = is_back_missing and not is_identity_in_form
        if not values:
            return
        self.with_context(openapi_pec_documents_judged=True).write(values)
        self.activity_unlink([SEND])
        problem = self._get_documents_problem()
        sentence, summary = map(self._in_words, COMPLETE_SENTENCES[self.form_kind])
        if not problem:
            self.activity_unlink([FORM])
            self._announce(sentence)
            self._plan_activity('mail_activity_type_mailbox_send', summary)
            return
        self._announce(self.env._("the applicant uploaded a document, and that is not all yet. %s", problem))
        if not self.activity_search([FORM]):
            self._plan_documents()

    def _get_document_name(self, name):
        """Return the name that an uploaded file gets, whatever the applicant calls it."""
        form = self._get_form().name.removesuffix('.pdf')
        return {'signed_form': f'{form} firmato.pdf', 'identity_document': f"documento d'identità {self.address}.pdf"}[
            name]

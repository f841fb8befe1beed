import base64
import logging
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import keep_pdf, read_content
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotReady, OpenapiPecError, TooSlow
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, Finding
from odoo.addons.l10n_it_openapi_pec.tools.upload import pdf
from odoo.addons.l10n_it_openapi_pec.tools.upload.pdf import PdfError

_logger = logging.getLogger(__name__)

# The signed form and the identity document go as one PDF.
MERGED_TYPES = tuple(code for code, mailbox_type in const.mailbox.TYPES.items() if not mailbox_type.rank)

# kind of form -> (name of its file, method of the client that downloads it)
FORMS = {
    'activation': ('modulo attivazione', 'get_activation_form'),
    'storage': ('modulo conservazione', 'get_storage_form'),
}
UPLOADS = ('signed_form', 'identity_document')


def try_pdf(function, *arguments):
    """Run a function of ``tools.upload.pdf``.

    :return: what it returns, or None; and what stands against the file (key of ``const.mailbox.PDF_SENTENCES``), or
        False.
    :rtype: tuple
    """
    try:
        return function(*arguments), False
    except PdfError as error:
        return None, error.code
    except RuntimeError:
        _logger.exception("No PDF can be read on this machine.")
        return None, 'no_reader'


class OpenapiPecMailbox(models.Model):
    """The documents of a mailbox: the form that the applicant signs, and what goes back to the provider, as PDF.

    One form at a time waits to be signed: that of the activation, later that of legal storage (*conservazione*). What
    was delivered stays in the chatter.
    """
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ COMPUTE

    @api.depends('state', 'is_storage_wanted', 'has_storage', 'mailbox_type')
    def _compute_form_kind(self):
        for mailbox in self:
            mailbox.is_merged_type = mailbox.mailbox_type in MERGED_TYPES
            if mailbox.state in const.mailbox.ACTIVATION_STATES:
                mailbox.form_kind = 'activation'
            else:
                is_storage = mailbox.state == 'active' and mailbox.is_storage_wanted and not mailbox.has_storage
                mailbox.form_kind = 'storage' if is_storage else False

    @api.depends('form_id', 'form_of', 'form_kind')
    def _compute_form_file(self):
        # Nothing but a file, which Odoo computes without `bin_size`: beside another field, its size would be kept in
        # its place.
        for mailbox in self:
            mailbox.form_file = mailbox._get_form().datas

    @api.depends('form_id', 'form_of', 'form_kind')
    def _compute_form_filename(self):
        for mailbox in self:
            mailbox.form_filename = mailbox._get_form().name

    @api.depends('signed_form', 'identity_document', 'is_identity_in_form', 'is_back_missing')
    def _compute_has_documents(self):
        for mailbox in self:
            mailbox.has_documents = bool(read_content(mailbox, 'signed_form') and (
                (mailbox.is_identity_in_form and mailbox.is_merged_type)
                or (read_content(mailbox, 'identity_document') and not mailbox.is_back_missing)))

    def _get_form(self):
        """Return the attachment of the form that waits to be signed, empty when there is none (yet)."""
        return self.form_id if self.form_id and self.form_of == self.form_kind else self.form_id.browse()

    # ------------------------------------------------------------ the form to be signed

    def action_want_storage(self):
        """Fetch the form for legal storage, which the applicant has to sign before it is activated. Free."""
        self.check_access('write')
        self._check_orderable('mailbox_store')
        if self.has_storage:
            raise UserError(self.env._("Legal storage is active already."))
        self._forget_uploads()
        self.sudo().is_storage_wanted = True
        self.action_fetch_form()
        self._plan_activity('mail_activity_type_mailbox_form', self.env._("Have the form for legal storage signed"))

    def action_give_up_storage(self):
        """Give up legal storage before it is activated: its form, its uploads and its activities are removed."""
        self.check_access('write')
        for mailbox in self:
            if mailbox.form_kind != 'storage':
                raise UserError(self.env._(
                    "Legal storage is not being asked for with %s: there is nothing to give up.", mailbox.display_name))
            if mailbox.call_state in const.mailbox.CALLING:
                raise UserError(self.env._(
                    "A call is under way for %s: legal storage cannot be given up now. Wait for its outcome.",
                    mailbox.display_name))
            mailbox.sudo()._for_reader()._give_up_storage()

    def _give_up_storage(self):
        self._forget_uploads()
        self._forget_form()
        self.activity_unlink([f'l10n_it_openapi_pec.mail_activity_type_mailbox_{name}' for name in ('form', 'send')])
        if self.operation == 'mailbox_store':  # and was refused
            self.write({'call_state': False, 'operation': False, 'request': False, 'error_message': False})
            self.activity_unlink(['l10n_it_openapi_pec.mail_activity_type_mailbox_refused'])
        self._announce(self.env._("legal storage was given up before it was activated: nobody is asked for its form "
                                  "any more."))

    def _forget_form(self):
        """Stop asking for legal storage; the form that was fetched stays in the chatter."""
        self.write({'is_storage_wanted': False, 'form_id': False, 'form_of': False})
        self._on_form_forgotten()

    def action_fetch_form(self):
        """Download the form that is to be signed."""
        self.check_access('write')
        for mailbox in self:
            if not mailbox.form_kind:
                raise UserError(self.env._("No form of %s waits to be signed now.", mailbox.display_name))
            try:
                mailbox.sudo()._fetch_form(mailbox.company_id._openapi_pec_client(mailbox.environment))
            except NotReady as error:
                raise UserError(self._get_read_sentence('form', error)) from error
            except OpenapiPecError as error:
                if isinstance(error, TooSlow) and mailbox.form_kind == 'activation':  # which a job fetches
                    return self._leave_to_job()
                raise UserError(self._get_read_sentence('form', error)) from error
        return None

    def _fetch_form(self, client):
        """Download the form that is to be signed, and attach it."""
        name, method = FORMS[self.form_kind]
        content = getattr(client, method)(self.remote_id)
        self.form_id = keep_pdf(self, f"{name} {self.address}.pdf", content)
        self.form_of = self.form_kind
        self._message_log(body=self._for_reader().env._("Form to be signed received."), attachment_ids=self.form_id.ids)
        self._on_form_fetched()

    def _fetch_form_if_due(self, client):
        """Download the form that is to be signed, unless it is here; when it does not exist yet, later."""
        if not self.form_kind or self._get_form():
            return
        try:
            self._fetch_form(client)
        except OpenapiPecError as error:
            _logger.info("The form of %s cannot be fetched now: %s", self, error)

    # ------------------------------------------------------------ what comes back

    @api.model_create_multi
    def create(self, vals_list):
        return super(OpenapiPecMailbox, self.with_context(**const.signature.FROM_OUTSIDE)).create(vals_list).with_env(
            self.env)

    def write(self, vals):
        """Judge what is uploaded before it is kept."""
        if 'identity_document' in vals:  # as a whole, unless it is told otherwise
            vals = {'is_back_missing': False, **vals}
        uploads = {name: vals[name] for name in UPLOADS if vals.get(name)}
        for mailbox in self if uploads else ():
            if not mailbox.form_kind or mailbox.call_state in const.mailbox.CALLING:
                raise UserError(
                    self.env._("%s does not wait for documents now: the file was not kept.", mailbox.display_name))
            is_judged = self.env.su and self.env.context.get('openapi_pec_documents_judged')
            for name, content in () if is_judged else uploads.items():
                if problem := mailbox._judge_upload(name, base64.b64decode(content)):
                    raise UserError(self.env._("%(field)s: %(problem)s", field=self._get_label(name), problem=problem))
        if not vals.keys().isdisjoint((*UPLOADS, 'delivery')):
            return super(OpenapiPecMailbox, self.with_context(**const.signature.FROM_OUTSIDE)).write(vals)
        return super().write(vals)

    def _get_label(self, name):
        return self.fields_get([name], ['string'])[name]['string']

    def _judge_upload(self, name, content):
        """Return what stands against an uploaded file, as a sentence; False when it is good.

        :param str name: of its field.
        :param bytes content: the file, which may be anything.
        """
        form = read_content(self._get_form()) if name == 'signed_form' else None
        return self._try_pdf(partial(pdf.judge, form=form), content)[1]

    def _try_pdf(self, function, content):
        """Run a function of ``tools.upload.pdf``.

        :return: what it returns, or None; and what stands against the file, as a sentence, or False.
        :rtype: tuple
        """
        result, code = try_pdf(function, content, self.company_id.openapi_pec_max_megabytes * 2**20)
        return result, code and self._get_pdf_sentence(code)

    def _get_pdf_sentence(self, code):
        """Return what stands against a file, as a sentence."""
        finding = Finding(code, ERROR, {'megabytes': str(self.company_id.openapi_pec_max_megabytes)})
        return self._get_finding_sentence(finding, const.mailbox.PDF_SENTENCES)

    def _get_documents_problem(self):
        """Return what is missing, or wrong, in the documents to be sent, as sentences; False when nothing is."""
        return ' '.join(
            self._in_words(const.mailbox.DOCUMENTS_SENTENCES[code][0]) for code in self._get_documents_codes()) or False

    def _get_documents_codes(self):
        """Return all that is missing, or wrong, in the documents that are to be sent.

        :return: keys of ``const.mailbox.DOCUMENTS_SENTENCES``.
        :rtype: list
        """
        codes = [] if self.signed_form else ['form_missing']
        if self.is_merged_type and self.is_identity_in_form:
            return codes
        if not self.identity_document:
            return [*codes, 'identity_missing']
        if self.is_back_missing:
            return [*codes, 'back_missing']
        is_lost = self.signed_form and self.is_merged_type and pdf.is_signed(read_content(self, 'signed_form'))
        return ['signature_lost'] if is_lost else codes

    def _check_documents(self):
        """Raise when the documents cannot be sent."""
        if problem := self._get_documents_problem():
            raise UserError(self.env._("%s Nothing was sent.", problem))

    def _forget_uploads(self):
        """Remove form and identity document, to be uploaded anew; what was delivered stays in the chatter."""
        self.sudo().write({
            'signed_form': False, 'identity_document': False, 'is_identity_in_form': False, 'is_back_missing': False,
            'delivery': False,
            'signed_form_filename': False, 'identity_document_filename': False,
        })

    # ------------------------------------------------------------ what goes to the provider

    def _prepare_delivery(self):
        """Make one PDF of the documents where the provider wants one."""
        self._check_documents()
        if not self.is_merged_type or self.is_identity_in_form:
            self.delivery = False
            return
        merged, problem = self._try_pdf(pdf.merge, [read_content(self, name) for name in UPLOADS])
        if problem:
            raise UserError(
                self.env._("Form and identity document cannot be made one PDF: %s Nothing was sent.", problem))
        self.delivery = base64.b64encode(merged)

    def _get_delivery(self):
        """Return the documents to be sent, as bytes."""
        names = ['delivery'] if self.delivery else [
            'signed_form'] if self.is_identity_in_form and self.is_merged_type else UPLOADS
        return [read_content(self, name) for name in names]

    def _archive_delivery(self, operation):
        """Keep what was delivered in the chatter, and remove the uploads for the next documents."""
        names = {
            'signed_form': self.env._("signed form"), 'identity_document': self.env._("identity document"),
            'delivery': self.env._("signed form and identity document"),
        }
        kept = ['delivery'] if self.delivery else [name for name in UPLOADS if self[name]]
        today = fields.Date.context_today(self)
        attachments = self.env['ir.attachment']._openapi_pec_create([{
            'name': f"{names[name]} {today}.pdf", 'raw': read_content(self, name), 'res_model': self._name,
            'res_id': self.id,
        } for name in kept])
        self.delivered_ids += attachments
        self._message_log(body=self.env._("Delivered to the provider."), attachment_ids=attachments.ids)
        self._forget_uploads()
        if operation == 'mailbox_store':
            self.is_storage_wanted = False

import itertools
import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.models.service.account import MODELS
from odoo.addons.l10n_it_openapi_pec.tools.api.text import clean_text
from odoo.addons.l10n_it_openapi_pec.tools.secrecy.token_mask import mask_tokens

from .mailing import Previewed

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__, default_lang='en_US')

JOB = 'l10n_it_openapi_pec.ir_cron_signing'
# kind of a filing -> why it is made, for who signs its power of attorney
REASONS = {
    'company': _lt("The law asks every enterprise for a certified address (PEC), its digital domicile, in the business "
                   "register; offices and courts write to it with legal effect."),
    'administrator': _lt("The law asks the administrators of societies for a certified address (PEC) of their own in "
                         "the business register (art. 1 c. 860 L. 207/2024)."),
}
# status of Odoo's notification -> state of the request; with any other status it is on its way
STATES = {'sent': 'sent', 'exception': 'failed', 'bounce': 'failed', 'canceled': 'failed'}
# failure type of Odoo's notification -> what happened, and what to do
FAILURES = {
    'mail_smtp': _lt("the outgoing mail server cannot be reached. Have an administrator check it, then mail it again."),
    'mail_bounce': _lt("it came back undelivered. Check the address, then mail it again, or hand the document over "
                       "yourself."),
    'mail_email_invalid': _lt("the address is not valid. Correct it, then mail it again, or hand the document over "
                              "yourself."),
    'mail_email_missing': _lt("there is no address. Add one, then mail it again, or hand the document over yourself."),
    'mail_from_invalid': _lt("the sender's address is not valid. Correct that of the responsible or of the company, "
                             "then mail it again."),
    'mail_from_missing': _lt("the sender has no address. Add one to the responsible or to the company, then mail it "
                             "again."),
    'mail_spam': _lt("the mail server took it for spam. Ask an administrator, then mail it again."),
    'cancelled': _lt("it was taken out of the queue of outgoing mails. Mail it again."),
}
REFUSED = _lt("the mail server refused it. Check the address, then mail it again, or hand the document over yourself.")


class OpenapiPecSigningRequest(models.Model):
    """One mail to one person, with all documents that he has to sign.

    Its chatter holds the message; Odoo sends it and knows its delivery. The message that is kept has no link to the
    signer's pages: their tokens stand in the mail alone.
    """
    _name = 'openapi_pec.signing_request'
    _description = "Signing Request"
    _inherit = ['openapi_pec.spreadsheet.mixin', 'mail.thread']
    _order = 'id desc'
    _mail_post_access = 'read'  # nobody changes it, but whoever reads it may reply to an answer of the signer

    name = fields.Char("To", required=True, readonly=True)
    email = fields.Char(required=True, readonly=True)
    lang = fields.Char("Language", readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    partner_id = fields.Many2one('res.partner', "Contact", readonly=True, index='btree_not_null')
    user_id = fields.Many2one(
        'res.users', "In the Name of", readonly=True, help="The responsible, who gets the answer.")
    communication_ids = fields.One2many(
        'openapi_pec.communication', 'signing_request_id', "Filings", readonly=True,
        help="Those that were not mailed again since.")
    mailbox_ids = fields.One2many(
        'openapi_pec.mailbox', 'signing_request_id', "Mailboxes", readonly=True,
        help="Those that were not mailed again since.")
    sign_by = fields.Date(readonly=True, help="By when the signed documents are asked for.")
    note = fields.Text(readonly=True, help="What whoever mailed it has added.")
    asked_on = fields.Date("First Asked on", readonly=True)
    reminder = fields.Integer(readonly=True, help="Which reminder it is; 0 for none.")
    has_documents = fields.Boolean("Documents Attached", readonly=True)
    has_links = fields.Boolean("With the Link", readonly=True, help="To the page where the signer uploads.")
    message_id = fields.Many2one('mail.message', readonly=True, index='btree_not_null', ondelete='set null')
    state = fields.Selection(
        [('waiting', "On Its Way"), ('sent', "Mailed"), ('failed', "Failed")], required=True, readonly=True,
        default='waiting', index=True)
    failure_type = fields.Char(readonly=True)
    failure_text = fields.Text("What the Mail Server Says", readonly=True)
    failure = fields.Char("Why It Failed", compute='_compute_failure')

    # ------------------------------------------------------------ COMPUTE

    @api.depends('state', 'failure_type')
    @api.depends_context('lang')
    def _compute_failure(self):
        for request in self:
            request.failure = request.state == 'failed' and str(FAILURES.get(request.failure_type, REFUSED))

    @api.model
    def _get_thread_with_access(self, thread_id, *, hash=None, pid=None, token=None, **kwargs):  # noqa: A002 (portal's own word)
        """Let nobody read or write the chatter with a token."""
        return super()._get_thread_with_access(thread_id, **kwargs)

    @api.model
    def _trigger_cron(self, at=None):
        """Have the job run soon that follows the delivery of the mails, and mails what is due."""
        job = self.env.ref(JOB, raise_if_not_found=False)
        if job:
            job.sudo()._trigger(at)

    # ------------------------------------------------------------ mailing

    def _get_parts(self):
        """Return the filings, and the mailboxes, whose documents these requests mail; in a preview, those it shows.

        :return: a list of them, without what is empty.
        """
        previewed = self._get_previewed()
        parts = (
            [self.env[model].browse(previewed.ids.get(model, ())) for model in MODELS] if previewed
            else [self.communication_ids.sorted('id'), self.mailbox_ids.sorted('id')])
        return [part for part in parts if part]

    def _get_records(self):
        """Return what the mail is about first of all: filings, or mailboxes if there are none."""
        return next(iter(self._get_parts()), self.communication_ids)

    def _get_filings(self):
        """Return the filings whose documents the mail asks for; none of a request for mailboxes alone.

        Odoo renders a template that is changed, as at an update, with any request, whichever template it is mailed by.
        """
        return self._get_part(self.communication_ids)

    def _get_mailboxes(self):
        """Return the mailboxes whose documents the mail asks for; none of a request for filings alone."""
        return self._get_part(self.mailbox_ids)

    def _get_part(self, own):
        """Return what the mail shows of the model of some of its records."""
        return next((part for part in self._get_parts() if part._name == own._name), own)

    def _get_along(self):
        """Return the mailboxes that go along with filings."""
        return next(iter(self._get_parts()[1:]), self.mailbox_ids.browse())

    def _get_previewed(self):
        """Return what a preview shows (Previewed); None where there is none, whatever a request says in its context."""
        previewed = self.env.context.get('openapi_pec_previewed')
        return previewed if isinstance(previewed, Previewed) else None

    def _get_about(self):
        """Return in a few words what the documents are about."""
        names = self._get_records().mapped(lambda record: record._get_signing_about() or '')
        return ', '.join(names[:2]) + (f' (+{len(names) - 2})' if len(names) > 2 else '')

    def _get_link(self, record):
        """Return the address of a record's page, in the mail alone; False elsewhere, and when there is no link."""
        if self._get_previewed():
            return self.has_links and '#'
        return self.has_links and self.env.context.get('openapi_pec_in_mail') and record._get_signer_url()

    # ------------------------------------------------------------ what the templates write

    def _get_beginning(self):
        """Return with what the subject begins: nothing, unless it is a reminder."""
        return self.env._("Reminder: ") if self.reminder else ''

    def _get_asker(self):
        """Return who asks: the responsible and his company, or the company alone."""
        user = self.user_id
        person = user.name if user.active and not user.share and user.id != SUPERUSER_ID else ''
        company = self.company_id.name
        return self.env._("%(person)s of %(company)s", person=person, company=company) if person else company

    def _show_day(self, day):
        """Return a date as a sentence writes it."""
        return format_date(self.env, day, date_format='d MMMM y')

    def _get_deadline(self):
        """Return by when the signature is asked for, in words; False once that day has passed."""
        is_ahead = self.sign_by and self.sign_by >= fields.Date.context_today(self)
        return is_ahead and self._show_day(self.sign_by)

    def _get_reasons(self):
        """Return why a signature is asked for, as sentences: one for each kind of what is to be signed."""
        records = self._get_records()
        kinds = set(records.mapped('kind')) if 'kind' in records else ()
        words = self.env['openapi_pec.words.mixin']
        return [words._in_words(sentence) for kind, sentence in REASONS.items() if kind in kinds]

    def _put_tokens(self, body):
        """Return the body of this request's mail with the tokens of the pages that it is still about."""
        for record in itertools.chain(*self._get_parts()):
            body = body.replace(
                f'{record.access_url}?lang=',
                f'{record.access_url}?access_token={record._portal_ensure_token()}&amp;lang=')
        return body

    def message_post(self, **kwargs):
        """Post a message without the tokens that an answer may quote."""
        if body := kwargs.get('body'):
            kwargs['body'] = type(body)(mask_tokens(body))
        return super().message_post(**kwargs)

    def _post(self, template, documents):
        """Post the message, and put its mail into Odoo's queue.

        :param template: the ``mail.template`` of what is written.
        :param documents: the attachments.
        """
        template = template.with_context(lang=self.lang)
        subject, body, sender = (
            template._render_field(name, self.ids)[self.id] for name in ('subject', 'body_html', 'email_from'))
        thread = self.with_context(
            lang=self.lang, openapi_pec_body=template.with_context(openapi_pec_in_mail=True)._render_field(
                'body_html', self.ids)[self.id])
        author = self.user_id.partner_id or self.env.user.partner_id
        # who gets an answer
        thread._message_subscribe(partner_ids=author.filtered(lambda partner: not partner.partner_share).ids)
        self.message_id = thread.message_post(
            subject=subject, body=body, email_from=sender, author_id=author.id, outgoing_email_to=self.email,
            attachment_ids=documents.ids,
            message_type='comment', subtype_xmlid='mail.mt_comment',
            email_layout_xmlid='l10n_it_openapi_pec.mail_layout_signing',
            email_add_signature=False, notify_skip_followers=True, force_send=False, force_email_lang=self.lang,
            model_description=thread.env._("Documents to be signed"), force_record_name=self._get_about())

    def _notify_by_email_prepare_rendering_context(self, *args, **kwargs):
        """Pass the body with the links, which is not kept, to the layout of the mail."""
        return {
            **super()._notify_by_email_prepare_rendering_context(*args, **kwargs),
            'signing_body': self.env.context.get('openapi_pec_body'),
        }

    def _give_up(self):
        """Cancel the mails of these requests that have not left Odoo's queue: others replace them."""
        messages = self.message_id
        self.env['mail.mail'].sudo().search(
            [('mail_message_id', 'in', messages.ids), ('state', 'in', ('outgoing', 'exception'))]).cancel()
        self.env['mail.notification'].sudo().search(
            [('mail_message_id', 'in', messages.ids), ('notification_status', 'in', ('ready', 'exception', 'bounce'))],
        ).notification_status = 'canceled'
        messages._notify_message_notification_update()

    # ------------------------------------------------------------ the delivery of the mail

    @api.model
    def _cron_follow(self):
        """Take over the delivery of the mails, and mail what is due, reminders included."""
        commit_progress = self.env['ir.cron']._commit_progress
        changed = self.search(self._changed_domain(), order='id')
        commit_progress(remaining=len(changed))
        for request in changed:
            request._take_over()
            if not commit_progress(1):
                return
        for take, said in (('_take_due', {}), ('_take_reminders', {'is_reminder': True})):
            self._mail_due(take, **said)
            commit_progress()

    @api.model
    def _mail_due(self, take, **said):
        """Mail what is due, or later if somebody is changing it now: one mail to a person, of filings and mailboxes.

        :param str take: the method of these models that returns it.
        :param said: as ``_mail_together`` gets it.
        """
        try:
            with self.env.cr.savepoint():
                filings, mailboxes = (getattr(self.env[model], take)() for model in MODELS)
                for records, along in filings._pair(mailboxes):
                    records._mail_in_job(along, **said)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("What is to be mailed is being changed by somebody else: mailed later.")
            self._trigger_cron()

    @api.model
    def _changed_domain(self):
        """Return the domain of the requests whose mail may have got another state."""
        status = 'message_id.notification_ids.notification_status'
        ends = {
            state: [key for key, value in STATES.items() if value == state and key != 'canceled']
            for state in ('sent', 'failed')}
        return Domain.OR([
            Domain('state', '=', 'waiting'),
            Domain('state', '=', 'failed') & Domain(status, 'in', ends['sent']),
            Domain('state', '=', 'sent') & Domain(status, 'in', ends['failed']),
        ])

    def _take_over(self):
        """Take over the delivery of the mail, or later if somebody is changing a record of it now."""
        try:
            with self.env.cr.savepoint():
                parts = self._get_parts()
                if all(len(part.try_lock_for_update(allow_referencing=True)) == len(part) for part in parts):
                    self._take_outcome()
                else:
                    self._trigger_cron()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("What %s is about is being changed by somebody else: taken over later.", self)
            self._trigger_cron()
        except Exception:
            _logger.exception("The delivery of %s cannot be taken over.", self)

    def _take_outcome(self):
        """Update this request, and its filings or mailboxes, from Odoo's notification."""
        state, failure_type, failure_text = self._read_outcome()
        if state == self.state:
            return
        self.write({'state': state, 'failure_type': failure_type, 'failure_text': failure_text})
        for group in itertools.chain(*(part._by_reader() for part in self._get_parts())):
            if state == 'sent':
                group._mail_has_left()
            elif state == 'failed':
                group._mail_has_failed()

    def _read_outcome(self):
        """Return ``(state, failure type, answer of the mail server)``, as Odoo knows them."""
        notification = self.message_id.sudo().notification_ids[:1]
        mail = notification.mail_mail_id
        state = STATES.get(notification.notification_status, 'waiting')
        if state == 'waiting' and mail.state != 'outgoing':
            return 'failed', 'cancelled', False  # with the mail, or its message, nothing is left that could be sent
        if state != 'failed':
            return state, False, False
        failure_type = 'cancelled' if notification.notification_status == 'canceled' else notification.failure_type
        return state, failure_type, clean_text(notification.failure_reason or mail.failure_reason or '') or False

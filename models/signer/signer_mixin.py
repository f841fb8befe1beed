import logging
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import email_normalize

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api import public_address

_logger = logging.getLogger(__name__)

SIGNERS_NAMED = 10  # in what is shown after a click
DOCUMENTS_PER_MAIL = 20
MAIL_INFLATION = 1.4  # what a file grows by in a mail (base64 and its line breaks)
MAIL_TEXT_SIZE = 2**18  # bytes of a mail besides its documents, generously
MAIL_PAUSE_MINUTES = 1  # before something is mailed by itself: what arrives meanwhile for the same person goes along

ID = re.compile(r'[0-9]{1,9}')
TOKEN = re.compile(r'[0-9a-f]{64}|[0-9a-f-]{36}')  # the latter of earlier versions
MAIL_ACTIVITY = 'l10n_it_openapi_pec.mail_activity_type_mail'


class OpenapiPecSignerMixin(models.AbstractModel):
    """A record with a document that somebody outside signs: it is mailed to him, and he uploads it on a page, without a
    login.

    The page is told by its token alone, which opens that page and nothing else.
    """
    _name = 'openapi_pec.signer.mixin'
    _description = "Record with a Page for Its Signer"
    _inherit = ['portal.mixin', 'mail.thread']

    _signer_path = None  # of the page: /openapi_pec/<path>/<id>
    _signer_field = None  # the field with the contact of who signs
    _signer_document = None  # the fields <document>_mailed_at and <document>_mailed_checksum tell of its mail
    _signer_template = None  # full xml id of the mail
    # What is said of the mails, lazily translated: `nothing` (to mail), `one` and `many` (%(count)s %(whom)s),
    # `leaving`, `mailed` (to %(address)s), `linkless` (beside it), `undelivered` (%(address)s, %(reason)s),
    # `addressless` (%(label)s), `too_large`, `failed`, `link_problem` (%(url)s).
    _signer_mail_sentences = {}

    # The model that inherits also is an `openapi_pec.record.mixin`, and has `first_name`, `last_name`, `email` (of who
    # signs) and `company_id`.
    signer_uploads = fields.Integer(readonly=True, copy=False, help="How often something was uploaded on the signer's "
                                                                    "page on that day.")
    signer_uploads_on = fields.Date(readonly=True, copy=False)
    signing_request_id = fields.Many2one(
        'openapi_pec.signing_request', "Mail", readonly=True, copy=False, index='btree_not_null', ondelete='set null',
        help="The last mail of what is to be signed.")
    is_mail_due = fields.Boolean(
        readonly=True, copy=False, index='btree_not_null', help="About to be mailed by itself.")
    mail_state = fields.Selection(related='signing_request_id.state', string="Mail Status")
    mail_failure = fields.Char("Why the Mail Failed", compute='_compute_mail_failure')
    link_problem = fields.Char(compute='_compute_link_problem')

    @api.depends('signing_request_id.state', 'signing_request_id.failure_type')
    @api.depends_context('lang')
    def _compute_mail_failure(self):
        for record in self:
            record.mail_failure = record.sudo().signing_request_id.failure

    @api.depends('is_sandbox')
    @api.depends_context('lang')
    def _compute_link_problem(self):
        for record in self:
            record.link_problem = not record._takes_link() and record._in_words(
                self._signer_mail_sentences['link_problem']) % {'url': record.get_base_url() or '—'}

    # ------------------------------------------------------------ to be said by the model that inherits

    def _get_signer_document(self):
        """Return the attachment of what is to be signed, empty when there is none (yet)."""
        raise NotImplementedError

    def _is_open_to_signer(self):
        """Return whether the signer's page lives."""
        raise NotImplementedError

    def _takes_documents(self):
        """Return whether what is signed is awaited, and can be uploaded, now."""
        raise NotImplementedError

    def _get_signing_about(self):
        """Return what the document is about, for the subject of its mail."""
        raise NotImplementedError

    # ------------------------------------------------------------ the token opens one page, and no chatter

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for record in self:
            record.access_url = f'/openapi_pec/{self._signer_path}/{record.id}'
        return result

    @api.model
    def _get_thread_with_access(self, thread_id, *, hash=None, pid=None, token=None, **kwargs):  # noqa: A002 (portal's own word)
        """Let nobody read or write the chatter with the token of the signer's page."""
        return super()._get_thread_with_access(thread_id, **kwargs)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Put no link to the signer's page into what is mailed to the company."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        return [group for group in groups if group[0] != 'portal_customer']

    # ------------------------------------------------------------ who signs

    def _get_signer_name(self):
        """Return the name of who signs."""
        return f"{self.first_name or ''} {self.last_name or ''}".strip()

    def _get_signer_address(self):
        """Return the e-mail address of who signs, or False: what was typed here, otherwise the contact's as it is now.

        What was sent to the service stays as it was; a mail that did not arrive has to go to the right address all the
        same.
        """
        own, contact = email_normalize(self.email), email_normalize(self[self._signer_field].email)
        proposed = ((self.proposals or {}).get('email') or [None, None])[1]
        return contact if contact and (not own or own == email_normalize(proposed or '')) else own or contact

    def _get_signer_label(self):
        """Return the name of who signs and the record, for people of Odoo."""
        return f"{self._get_signer_name()} ({self.display_name})".strip()

    def _get_signer_lang(self):
        """Return the code of the language of who signs: Italian if nothing else is known and it is installed."""
        installed = [code for code, _name in self.env['res.lang'].get_installed()]
        wanted = (self[self._signer_field].lang, 'it_IT', self.company_id.partner_id.lang, *installed)
        return next(code for code in wanted if code in installed)

    def _get_signer_url(self):
        """Return the address of the signer's page in the signer's language; its token is put in when the mail leaves.
        """
        return f'{self.get_base_url()}{self.access_url}?lang={self._get_signer_lang()}'

    # ------------------------------------------------------------ mailing

    def _mail_by_click(self):
        """Mail what these records have to be signed, and say to whom, and who was left out.

        :return: the action that tells it.
        """
        self.check_access('write')
        sentences = self._signer_mail_sentences
        ready = self.filtered(lambda record: record._takes_documents())
        if not ready:
            raise UserError(self._in_words(sentences['nothing']))
        under_way = ready.filtered(lambda record: record.mail_state == 'waiting')
        addressed = (ready - under_way).filtered(lambda record: record._get_signer_address())
        too_large = addressed.filtered(lambda record: record._is_document_too_large() and not record._takes_link())
        mailable = addressed - too_large
        requests = mailable.sudo()._mail_to_signers()
        lines = self._join_skipped({
            self.env._("on their way already: %s"): under_way,
            self.env._("without an e-mail address: %s"): ready - under_way - addressed,
            self.env._("not waiting for a signature: %s"): self - ready,
            self.env._("too large for a mail: %s"): too_large,
        })
        if too_large or not all(requests.mapped('has_links')):
            lines.append((too_large or mailable.filtered('link_problem'))[0].link_problem)
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'warning' if lines else 'success',
                'sticky': bool(lines),
                'title': self._get_mailed_title(len(requests)),
                'message': ' '.join([*self._get_mailed_lines(requests), *lines]),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    def _join_skipped(self, skipped):
        """Return in a list the sentence that names who was left out, and why.

        :param dict skipped: ``{reason with a %s: records}``.
        """
        reasons = [
            reason % ', '.join(record._get_signer_label() for record in records) for reason,
            records in skipped.items() if records]
        return [self.env._("Not mailed: %s.", '; '.join(reasons))] if reasons else []

    def _get_mailed_title(self, count):
        """Return how many mails are on their way."""
        if not count:
            return self.env._("Nothing was mailed")
        return self.env._("1 mail is on its way") if count == 1 else self.env._("%s mails are on their way", count)

    def _get_mailed_lines(self, requests):
        """Return to whom the mails of some requests go, and where their outcome is seen."""
        if not requests:
            return []
        sentences = self._signer_mail_sentences
        people = list(dict.fromkeys(f'{request.name} <{request.email}>' for request in requests))
        whom, others = ', '.join(people[:SIGNERS_NAMED]), len(people[SIGNERS_NAMED:])
        values = {'count': len(people), 'whom': whom + (f' (+{others})' if others else '')}
        return [
            self._in_words(sentences['one' if len(people) == 1 else 'many']) % values,
            self._in_words(sentences['leaving'])]

    def _mail_to_signers(self):
        """Mail what each of these records (all with an address) has to be signed: one mail for all documents of a
        person.

        :return: the signing requests, whose mails Odoo is about to send.
        """
        requests = self.env['openapi_pec.signing_request']
        for records in self._by_mail():
            requests += records._mail_together()
        if requests:
            self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()
        return requests

    def _by_mail(self):
        """Return these records grouped by the mails that their documents leave in: by person, and as many as one mail
        holds.
        """
        people = self.grouped(lambda record: (
            record.company_id, record.is_sandbox, record._get_signer_address(),
            (record.fiscal_code or record._get_signer_name()).upper()))
        return [mail for records in people.values() for mail in records._split_by_size()]

    def _split_by_size(self):
        """Return these records of one person in parts, as many in each as one mail holds."""
        parts, space = [self.browse()], self[0]._get_mail_space()
        for record in self:
            size = record._get_document_size()
            if size > space or len(parts[-1]) == DOCUMENTS_PER_MAIL:
                parts.append(self.browse())
                space = record._get_mail_space()
            parts[-1] += record
            space -= size
        return parts

    def _get_document_size(self):
        """Return how many bytes of a mail the document takes; one that no mail can hold is not attached."""
        return 0 if self._is_document_too_large() else self._get_signer_document().file_size * MAIL_INFLATION

    def _is_document_too_large(self):
        """Return whether no mail can hold the document."""
        return self._get_signer_document().file_size * MAIL_INFLATION > self._get_mail_space()

    def _get_mail_space(self):
        """Return how many bytes the documents in one mail can take, by what the outgoing mail server is set to take."""
        servers = self.env['ir.mail_server'].sudo()
        sender = self.user_id.email_formatted or self.company_id.email_formatted or self.env.user.email_formatted
        server, _smtp_from = servers._find_mail_server(sender)
        return (server or servers)._get_max_email_size() * 2**20 - MAIL_TEXT_SIZE

    def _takes_link(self):
        """Return whether the mail may hold the link to the signer's page: people outside can open it, or it is a trial.
        """
        return self.is_sandbox or public_address.is_public(self.get_base_url())

    def _mail_together(self):
        """Mail the documents of these records, of one person, with one message.

        :return: the signing request.
        """
        documents = self.env['ir.attachment'].union(*(
            record._get_signer_document() for record in self if not record._is_document_too_large()))
        earlier = self.signing_request_id
        request = self.env['openapi_pec.signing_request'].create({
            'name': self[0]._get_signer_name() or self[0]._get_signer_address(),
            'email': self[0]._get_signer_address(),
            'lang': self[0]._get_signer_lang(),
            'company_id': self[0].company_id.id,
            'partner_id': self[0][self._signer_field].id,
            'user_id': self[0].user_id.id or self.env.uid,
            'has_documents': len(documents) == len(self),
            'has_links': self[0]._takes_link(),
        })
        for record in self:
            record.write({
                'signing_request_id': request.id, 'is_mail_due': False,
                'is_link_mailed': record.is_link_mailed or request.has_links,
                f'{self._signer_document}_mailed_checksum': record._get_signer_document().checksum,
            })
        self._give_up_mails(earlier)
        request._post(self.env.ref(self._signer_template), documents)
        return request

    @api.model
    def _give_up_mails(self, requests):
        """Let no mail of these earlier requests leave any more that failed, or that nothing is left to be said in."""
        requests.filtered(lambda request: request.state == 'failed' or not request._get_records())._give_up()

    def _forget_mail(self):
        """Let the document count as not mailed: there is another, or it is asked for anew."""
        earlier = self.signing_request_id
        self.write({
            'signing_request_id': False, f'{self._signer_document}_mailed_at': False,
            f'{self._signer_document}_mailed_checksum': False})
        self._give_up_mails(earlier.filtered(lambda request: request.state != 'sent'))

    # ------------------------------------------------------------ what became of the mail

    def _mail_has_left(self):
        """Note that the mail of these records was sent."""
        self.write({f'{self._signer_document}_mailed_at': fields.Datetime.now()})
        self.activity_unlink([MAIL_ACTIVITY])
        self._log_mail('mailed')

    def _mail_has_failed(self):
        """Note that the mail of these records did not reach its signer, and have somebody see to it."""
        self.write({f'{self._signer_document}_mailed_at': False})
        self._log_mail('undelivered')
        self._plan_mailing(self.env._("The mail did not arrive: %s", self[0].signing_request_id.failure))

    def _log_mail(self, key):
        """Log what became of a mail in the chatters of these records."""
        sentence = self._in_words(self._signer_mail_sentences[key])
        linkless = f" {self._in_words(self._signer_mail_sentences['linkless'])}" if key == 'mailed' else ''
        self._message_log_batch({
            record.id: sentence % {
                'address': record.signing_request_id.email, 'reason': record.signing_request_id.failure}
            + ('' if record.signing_request_id.has_links else linkless)
            for record in self})

    def _plan_mailing(self, summary):
        """Have the responsible of each of these records that still waits see to its mail."""
        self.activity_unlink([MAIL_ACTIVITY])
        waiting = self.filtered(lambda record: record._takes_documents())
        waiting._plan_activity(MAIL_ACTIVITY.partition('.')[2], summary)

    # ------------------------------------------------------------ mailing by itself

    def _mail_by_itself(self):
        """Have what has just arrived mailed soon, together with what else arrives for the same person."""
        self.is_mail_due = True
        self.env['openapi_pec.signing_request']._trigger_cron(
            fields.Datetime.now() + timedelta(minutes=MAIL_PAUSE_MINUTES))

    @api.model
    def _mail_due(self):
        """Mail what is to be mailed by itself; whatever stands against a mail, the document stays."""
        due = self.search([('is_mail_due', '=', True)], order='id').try_lock_for_update(allow_referencing=True)
        due.is_mail_due = False
        due = due.filtered(lambda record: record._takes_documents() and record.mail_state != 'waiting')
        unmailable = {
            'addressless': due.filtered(lambda record: not record._get_signer_address()),
            'too_large': due.filtered(lambda record: record._is_document_too_large() and not record._takes_link()),
        }
        for key, records in unmailable.items():
            for record in records:
                record._for_reader()._notify_unmailed(key)
        for records in (due - self.browse().union(*unmailable.values()))._by_mail():
            try:
                with self.env.cr.savepoint():
                    records._mail_to_signers()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:
                # Such as a template that somebody has changed: it must not hold up the others.
                _logger.exception("The documents of %s cannot be mailed to their signer.", records)
                for record in records:
                    record._for_reader()._notify_unmailed('failed')

    def _notify_unmailed(self, key):
        """Say why what was to be mailed by itself was not, and have somebody see to it."""
        sentence = self._in_words(self._signer_mail_sentences[key]) % {'label': self._get_signer_label()}
        self._message_log(body=sentence)
        self._plan_mailing(sentence)

    # ------------------------------------------------------------ the signer's page

    @api.model
    def _find_for_signer(self, record_id, token, lang):
        """Return the record whose page a visitor may see, as an anonymous visitor, whoever it is; empty when there is
        none.

        :param str record_id: the identifier in the address, which may be anything.
        :param str token: the secret in the address, likewise.
        :param str lang: the code of the language to speak.
        """
        public = self.env.ref('base.public_user').sudo()
        records = self.with_env(
            self.env(user=public.id, su=True, context={'lang': lang, 'tz': public.tz or 'Europe/Rome'}))
        record = records.browse(int(record_id)).exists() if ID.fullmatch(record_id) else records
        known = bool(TOKEN.fullmatch(token)) and record._knows_token(token)
        return record if known and record._is_open_to_signer() else records.browse()

    def _get_judge(self):
        """Return a function that judges uploaded files without the database, with all that it compares them with.

        It takes the files (``{document: bytes}``) and how many seconds there are (None for as long as it may take), and
        returns a verdict.

        :raise OutOfTimeError: (the function) there was no time.
        """
        raise NotImplementedError

    def _get_unjudged_verdict(self):
        """Return what to say of files that could not be judged, since the process ended whenever it was tried."""
        raise NotImplementedError

    def _take_upload(self, files, verdict, **said):
        """Keep what is good of uploaded files.

        :param dict files: ``{document: bytes}``.
        :param verdict: on them, as the function of ``_get_judge`` returns it.
        :param said: what the visitor told besides.
        :return: what the page shows of it (a dict that JSON can hold), and whether all was kept.
        """
        raise NotImplementedError

    def _count_signer_upload(self):
        """Count an upload, whatever becomes of it.

        :return: whether it is one of those that are judged today.
        """
        today = fields.Date.today()
        count = self.signer_uploads + 1 if self.signer_uploads_on == today else 1
        if count > const.signature.SIGNER_UPLOADS:
            return False
        self.write({'signer_uploads': count, 'signer_uploads_on': today})
        self.flush_recordset()  # another upload at this moment waits, and is counted anew
        return True

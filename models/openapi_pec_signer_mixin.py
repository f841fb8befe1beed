import logging
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import consteq, email_normalize

from odoo.addons.l10n_it_openapi_pec import const

_logger = logging.getLogger(__name__)

ID = re.compile(r'[0-9]{1,9}')
TOKEN = re.compile(r'[0-9a-f-]{36}')


class OpenapiPecSignerMixin(models.AbstractModel):
    """A record with a paper that somebody outside signs: it is mailed to him, and he uploads it on a page, without a login.

    The page is told by its token alone, which opens that page and nothing else.
    """
    _name = 'openapi_pec.signer.mixin'
    _description = "Record with a Page for Its Signer"
    _inherit = ['portal.mixin', 'mail.thread']

    _signer_path = None  # of the page: /openapi_pec/<path>/<id>
    _signer_field = None  # the field with the contact of who signs
    _signer_paper = None  # the fields <paper>_mailed_at and <paper>_mailed_checksum tell of its mail
    _signer_template = None  # full xml id of the mail
    # What is said of the mails, lazily translated: `nothing` (to mail), `leaving`, `mailed` (to %s), `addressless` (%s), `failed`.
    _signer_mail_sentences = {}

    # The model that inherits also is an `openapi_pec.record.mixin`, and has `first_name`, `last_name`, `email` (of who signs) and
    # `company_id`.
    access_token = fields.Char(readonly=True, exportable=False)
    signer_uploads = fields.Integer(readonly=True, copy=False, help="How often something was uploaded on the signer's page on that day.")
    signer_uploads_on = fields.Date(readonly=True, copy=False)

    # ------------------------------------------------------------ to be said by the model that inherits

    def _get_signer_paper(self):
        """Return the attachment of what is to be signed, empty when there is none (yet)."""
        raise NotImplementedError

    def _is_open_to_signer(self):
        """Return whether the signer's page lives."""
        raise NotImplementedError

    def _takes_papers(self):
        """Return whether what is signed is awaited, and can be uploaded, now."""
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
        """Return the e-mail address of who signs, or False."""
        return email_normalize(self.email) or email_normalize(self[self._signer_field].email)

    def _get_signer_label(self):
        """Return the name of who signs and the record, for people of Odoo."""
        return f"{self._get_signer_name()} ({self.display_name})".strip()

    def _get_signer_lang(self):
        """Return the code of the language of who signs: Italian if nothing else is known and it is installed."""
        installed = [code for code, _name in self.env['res.lang'].get_installed()]
        wanted = (self[self._signer_field].lang, 'it_IT', self.company_id.partner_id.lang, *installed)
        return next(code for code in wanted if code in installed)

    def _get_signer_url(self):
        """Return the address of the signer's page, with its token, in the signer's language."""
        return self.get_base_url() + self.get_portal_url(query_string=f'&lang={self._get_signer_lang()}')

    # ------------------------------------------------------------ mailing

    def _mail_by_click(self):
        """Mail what these records have to be signed, and say who was left out.

        :return: the action that tells it.
        """
        self.check_access('write')
        sentences = self._signer_mail_sentences
        ready = self.filtered(lambda record: record._takes_papers())
        if not ready:
            raise UserError(self._in_words(sentences['nothing']))
        addressed = ready.filtered(lambda record: record._get_signer_address())
        if addressed:
            addressed.sudo()._mail_to_signer()
        skipped = {
            self.env._("without an e-mail address: %s"): ready - addressed,
            self.env._("not waiting for a signature: %s"): self - ready,
        }
        lines = [sentence % ', '.join(record._get_signer_label() for record in records) for sentence, records in skipped.items() if records]
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'warning' if lines else 'success',
                'sticky': bool(lines),
                'title': self.env._("Mailed to %s signers", len(addressed)) if addressed else self.env._("Nothing was mailed"),
                'message': self.env._("Not mailed: %s", '; '.join(lines)) if lines else self._in_words(sentences['leaving']),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    def _mail_to_signer(self):
        """Queue the mail of what each of these records (all with an address) has to be signed, and note it in the chatter."""
        for mail in self.env.ref(self._signer_template).send_mail_batch(self.ids):
            mail.attachment_ids = self.browse(mail.res_id)._get_signer_paper()
        now = fields.Datetime.now()
        for record in self:
            record.write({
                f'{self._signer_paper}_mailed_at': now,
                f'{self._signer_paper}_mailed_checksum': record._get_signer_paper().checksum,
            })
        for records in self._by_reader():
            records._message_log_batch({
                record.id: record._in_words(self._signer_mail_sentences['mailed']) % record._get_signer_address() for record in records})
        self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()

    def _mail_by_itself(self):
        """Mail what has just arrived to be signed; whatever stands against the mail, the paper stays."""
        record = self._for_reader()
        sentences = self._signer_mail_sentences
        if not record._get_signer_address():
            record._message_log(body=record._in_words(sentences['addressless']) % record._get_signer_label())
            return
        try:
            with self.env.cr.savepoint():
                self._mail_to_signer()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            # Such as a template that somebody has changed: it must not hold up what was paid for.
            _logger.exception("The paper of %s cannot be mailed to its signer.", self)
            record._message_log(body=record._in_words(sentences['failed']))

    # ------------------------------------------------------------ the signer's page

    @api.model
    def _find_for_signer(self, record_id, token, lang):
        """Return the record whose page a visitor may see, as an anonymous visitor, whoever it is; empty when there is none.

        :param str record_id: the identifier in the address, which may be anything.
        :param str token: the secret in the address, likewise.
        :param str lang: the code of the language to speak.
        """
        public = self.env.ref('base.public_user').sudo()
        records = self.with_env(self.env(user=public.id, su=True, context={'lang': lang, 'tz': public.tz or 'Europe/Rome'}))
        record = records.browse(int(record_id)).exists() if ID.fullmatch(record_id) else records
        known = bool(TOKEN.fullmatch(token)) and consteq(record.access_token or '', token)
        return record if known and record._is_open_to_signer() else records.browse()

    def _count_signer_upload(self):
        """Count an upload, whatever becomes of it.

        :return: whether it is one of those that are judged today.
        """
        today = fields.Date.today()
        count = self.signer_uploads + 1 if self.signer_uploads_on == today else 1
        if count > const.SIGNER_UPLOADS:
            return False
        self.write({'signer_uploads': count, 'signer_uploads_on': today})
        self.flush_recordset()  # another upload at this moment waits, and is counted anew
        return True

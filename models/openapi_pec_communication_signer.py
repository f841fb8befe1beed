import base64
import logging
import re
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import consteq, email_normalize
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__, default_lang='en_US')

ID = re.compile(r'[0-9]{1,9}')
TOKEN = re.compile(r'[0-9a-f-]{36}')
# What the chatter says of an accepted upload: level of the verdict -> sentence.
UPLOAD_SENTENCES = {
    'good': _lt("the signer uploaded the signed power of attorney, and nothing was found against it. Press Send Documents."),
    'warning': _lt("the signer uploaded a signed power of attorney that is to be looked at before it is sent."),
}


class OpenapiPecCommunication(models.Model):
    """The signer gets the power of attorney by mail, and signs and uploads it on a page of one filing, without a login."""
    _name = 'openapi_pec.communication'
    _inherit = ['openapi_pec.communication', 'portal.mixin']

    access_token = fields.Char(readonly=True, exportable=False)
    procura_mailed_at = fields.Datetime("Mailed to the Signer", readonly=True, copy=False,
        help="When the power of attorney was last mailed to who is to sign it.")
    procura_mailed_checksum = fields.Char(readonly=True, copy=False, help="Of the power of attorney that was mailed.")
    completed_at = fields.Datetime(readonly=True, copy=False, help="The signer's page lives for some days longer.")
    signer_uploads = fields.Integer(readonly=True, copy=False, help="Files that were uploaded on the signer's page on that day.")
    signer_uploads_on = fields.Date(readonly=True, copy=False)

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for filing in self:
            filing.access_url = f'/openapi_pec/signature/{filing.id}'
        return result

    def _enter_state(self, state, sentence=None):
        if state == 'completed':
            self.completed_at = fields.Datetime.now()
        return super()._enter_state(state, sentence)

    # ------------------------------------------------------------ the token opens one page, and no chatter

    @api.model
    def _get_thread_with_access(self, thread_id, *, hash=None, pid=None, token=None, **kwargs):  # noqa: A002 (portal's own word)
        """Let nobody read or write the chatter with the token of the signer's page."""
        return super()._get_thread_with_access(thread_id, **kwargs)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Put no link to the signer's page into what is mailed to the company."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        return [group for group in groups if group[0] != 'portal_customer']

    # ------------------------------------------------------------ mailing

    def action_mail_procura(self):
        """Mail these powers of attorney to their signers, and say who was left out.

        :return: the action that tells it.
        """
        self.check_access('write')
        ready = self.filtered(lambda filing: filing.state == 'awaiting_documents' and filing.procura_id)
        if not ready:
            raise UserError(self.env._(
                "None of these powers of attorney is here and waits for its signature: nothing was mailed."))
        addressed = ready.filtered(lambda filing: filing._get_signer_address())
        if addressed:
            addressed.sudo()._mail_procura()
        skipped = {
            self.env._("without an e-mail address: %s"): ready - addressed,
            self.env._("not waiting for a signature: %s"): self - ready,
        }
        lines = [sentence % ', '.join(filing._get_signer_label() for filing in filings) for sentence, filings in skipped.items() if filings]
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'warning' if lines else 'success',
                'sticky': bool(lines),
                'title': self.env._("Mailed to %s signers", len(addressed)) if addressed else self.env._("Nothing was mailed"),
                'message': self.env._("Not mailed: %s", '; '.join(lines)) if lines else self.env._(
                    "The mails leave within minutes; each filing's chatter says to whom."),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    def _get_signer_address(self):
        """Return the e-mail address of who signs, or False."""
        return email_normalize(self.email) or email_normalize(self.representative_id.email)

    def _get_signer_label(self):
        """Return the name of who signs and the filing, for people of Odoo."""
        return f"{self.first_name or ''} {self.last_name or ''} ({self.display_name})".strip()

    def _get_signer_lang(self):
        """Return the code of the language of who signs: Italian if nothing else is known and it is installed."""
        installed = [code for code, _name in self.env['res.lang'].get_installed()]
        wanted = (self.representative_id.lang, 'it_IT', self.company_id.partner_id.lang, *installed)
        return next(code for code in wanted if code in installed)

    def _get_signer_url(self):
        """Return the address of the signer's page, with its token, in the signer's language."""
        return self.get_base_url() + self.get_portal_url(query_string=f'&lang={self._get_signer_lang()}')

    def _mail_procura(self):
        """Queue the mail of each of these powers of attorney (all with an address), and note it in the chatter."""
        template = self.env.ref('l10n_it_openapi_pec.mail_template_procura')
        for mail in template.send_mail_batch(self.ids):
            mail.attachment_ids = self.browse(mail.res_id).procura_id
        self.procura_mailed_at = fields.Datetime.now()
        for filing in self:
            filing.procura_mailed_checksum = filing.procura_id.checksum
        for lang, filings in self.grouped(lambda filing: filing.user_id.lang or self.env.lang).items():
            filings = filings.with_context(lang=lang)
            filings._message_log_batch({
                filing.id: filings.env._("The power of attorney was mailed to %s, to be signed.", filing._get_signer_address())
                for filing in filings
            })
        self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()

    def _fetch_procura(self, client):
        result = super()._fetch_procura(client)
        if self.company_id.openapi_pec_mail_procura and self.procura_mailed_checksum != self.procura_id.checksum:
            self._mail_procura_by_itself()
        return result

    def _mail_procura_by_itself(self):
        """Mail a power of attorney that has just arrived; whatever stands against the mail, the power of attorney stays."""
        filing = self._for_reader()
        if not filing._get_signer_address():
            filing._message_log(body=filing.env._(
                "The power of attorney was not mailed: %s has no e-mail address.", filing._get_signer_label()))
            return
        try:
            with self.env.cr.savepoint():
                self._mail_procura()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            # Such as a template that somebody has changed: it must not hold up what was paid for.
            _logger.exception("The power of attorney of %s cannot be mailed.", self)
            filing._message_log(body=filing.env._(
                "The power of attorney could not be mailed. Check the mail template, then mail it from the list of filings."))

    # ------------------------------------------------------------ many powers of attorney as one file

    def action_download_procure(self):
        """Download the powers of attorney of these filings as one ZIP file."""
        here = self.filtered('procura_id')
        if not here:
            raise UserError(self.env._("None of these filings has a power of attorney yet."))
        if len(here) > const.PROCURE_PER_ARCHIVE:
            raise UserError(self.env._("These are too many for one file: choose %s filings at most.", const.PROCURE_PER_ARCHIVE))
        return {
            'type': 'ir.actions.act_url',
            'url': f"/openapi_pec/procure.zip?ids={','.join(map(str, here.ids))}",
            'target': 'download',
        }

    # ------------------------------------------------------------ the signer's page

    @api.model
    def _find_for_signer(self, filing_id, token, lang):
        """Return the filing whose page a visitor may see, as an anonymous visitor, whoever it is; empty when there is none.

        :param str filing_id: the identifier in the address, which may be anything.
        :param str token: the secret in the address, likewise.
        :param str lang: the code of the language to speak.
        """
        public = self.env.ref('base.public_user').sudo()
        filings = self.with_env(self.env(user=public.id, su=True, context={'lang': lang, 'tz': public.tz or 'Europe/Rome'}))
        filing = filings.browse(int(filing_id)).exists() if ID.fullmatch(filing_id) else filings
        known = bool(TOKEN.fullmatch(token)) and consteq(filing.access_token or '', token)
        return filing if known and filing._is_open_to_signer() else filings.browse()

    def _is_open_to_signer(self):
        """Return whether the signer's page lives: in the states of ``const.SIGNER_SENTENCES``, and some days beyond."""
        since = fields.Datetime.now() - timedelta(days=const.SIGNER_DAYS)
        return self.state in const.SIGNER_SENTENCES and (
            self.state != 'completed' or (bool(self.completed_at) and self.completed_at > since))

    def _takes_signed_file(self):
        """Return whether the signer may upload now."""
        return self.state == 'awaiting_documents' and bool(self.procura_id)

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

    def _receive_signed(self, content):
        """Judge what the signer uploaded; keep it unless it is refused.

        :param bytes content: the file, which may be anything.
        :rtype: p7m.Verdict
        """
        verdict = self._judge_signed(content)
        checksum = self.env['ir.attachment']._compute_checksum(content)
        if verdict.level != 'refused' and checksum != self.signed_procura_id.checksum:
            self.with_user(SUPERUSER_ID)._for_reader()._keep_signed(content, UPLOAD_SENTENCES[verdict.level])
        return verdict

    def _keep_signed(self, content, sentence):
        """Keep what the signer uploaded, and have it sent by whoever follows the filing.

        :param bytes content: the file.
        :param sentence: a lazily translated text for the chatters.
        """
        self.write({
            'signed_procura_file': base64.b64encode(content),
            'signed_procura_filename': f"{self.procura_id.name}.p7m",
        })
        self.activity_unlink([f'l10n_it_openapi_pec.mail_activity_type_{kind}' for kind in ('sign', 'send')])
        self._announce(self._in_words(sentence))
        self._plan_activity('mail_activity_type_send', self.env._("Look at the signed power of attorney and send the documents"))

    def _get_signer_sentences(self, verdict):
        """Return what a verdict says to the signer, the worst first: ``[(level, code, sentence), …]``."""
        return [
            (level, code, self._in_words(const.SIGNER_FINDINGS[code]) % finding.values if code in const.SIGNER_FINDINGS else sentence)
            for finding, (level, code, sentence) in zip(verdict.findings, self._get_signature_sentences(verdict), strict=True)
        ]

from datetime import datetime, timezone

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools import p7m

from .file_content import read_content


class OpenapiPecCommunication(models.Model):
    """The signed power of attorney is judged before it is sent: the service takes any file, and the office refuses it days later."""
    _inherit = 'openapi_pec.communication'

    signature_findings = fields.Html("Signature", compute='_compute_signature', sanitize=False, exportable=False)
    signature_level = fields.Selection(
        [('refused', "Refused"), ('warning', "To Be Looked At"), ('good', "Good")], "Verdict on the Signature",
        compute='_compute_signature')
    is_signature_overridable = fields.Boolean(compute='_compute_signature')

    @api.depends('signed_procura_file', 'procura_id', 'fiscal_code', 'state', 'company_id.openapi_pec_max_megabytes')
    @api.depends_context('uid', 'lang', 'tz')
    def _compute_signature(self):
        for filing in self:
            content = filing._get_signed_content() if filing.state == 'awaiting_documents' else b''
            verdict = content and filing._judge_signed(content)
            filing.signature_level = verdict and verdict.level
            filing.is_signature_overridable = bool(verdict) and verdict.overridable
            filing.signature_findings = verdict and filing._show_verdict(verdict)

    def _get_signed_content(self):
        """Return the signed power of attorney (bytes), also while its upload is not saved yet; empty when there is none."""
        return read_content(self, 'signed_procura_file')

    def _judge_signed(self, content):
        """Judge a file as the signed power of attorney of this filing.

        :param bytes content: the file, which may be anything.
        :rtype: p7m.Verdict
        """
        terms = {
            'procura': read_content(self.procura_id) or None, 'fiscal_code': self.fiscal_code, 'now': datetime.now(timezone.utc),
            'max_size': self.company_id.sudo().openapi_pec_max_megabytes * 2**20,
        }
        verdict = p7m.judge(content, **terms)
        if any(finding.code in ('other_document', 'nothing_to_compare') for finding in verdict.findings):
            verdict = p7m.judge(content, other_procure=self._get_other_procure(), **terms)
        return verdict

    def _get_other_procure(self):
        """Return the powers of attorney of the other filings that this user may see in all of his companies.

        :return: ``{p7m.Fingerprint: name of the filing}``; nothing for the visitor of a signer's page.
        """
        if not self.env.user._is_internal():
            return {}
        everywhere = self.with_context(allowed_company_ids=self.env.user.company_ids.ids)
        others = everywhere.search([('procura_id', '!=', False), ('id', 'not in', self._origin.ids)])
        files = {filing: filing.procura_id.sudo() for filing in others}
        return {p7m.Fingerprint(file.file_size, file.checksum): filing.display_name for filing, file in files.items()}

    # ------------------------------------------------------------ in words

    def _get_signature_sentences(self, verdict):
        """Return what a verdict says, the worst first: ``[(level, code, sentence), …]``."""
        return [
            (finding.level, finding.code, self._in_words(const.SIGNATURE_FINDINGS[finding.code]) % {
                name: value if isinstance(value, str) else self._show_moment(value, with_time=name == 'signed_at')
                for name, value in finding.values.items()
            }) for finding in verdict.findings
        ]

    def _show_moment(self, moment, with_time=True):
        """Return an aware datetime as the reader writes it, in the reader's time zone."""
        zone = self.env.context.get('tz') or self.env.user.tz or 'Europe/Rome'
        naive = moment.astimezone(timezone.utc).replace(tzinfo=None)
        if with_time:
            return format_datetime(self.env, naive, tz=zone)
        return format_date(self.env, fields.Datetime.context_timestamp(self.with_context(tz=zone), naive).date())

    def _show_verdict(self, verdict):
        """Return findings and signers of a verdict for a person, as HTML."""
        return self._show_findings(self._get_signature_sentences(verdict), signers=[{
            'name': signer.name,
            'fiscal_code': signer.fiscal_code,
            'issuer': signer.issuer,
            'signed_at': signer.signed_at and self._show_moment(signer.signed_at),
            'valid_from': self._show_moment(signer.valid_from, with_time=False),
            'valid_until': self._show_moment(signer.valid_until, with_time=False),
        } for signer in verdict.signers])

    # ------------------------------------------------------------ what the verdict does

    def action_open_send(self):
        """Ask for the reason why a document is sent that is refused for nothing but being another one."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Send Nevertheless"),
            'res_model': 'openapi_pec.send',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_communication_id': self.id},
        }

    def _check_signed_procura(self, reason):
        """Raise when the signed power of attorney is refused; otherwise keep in the chatter who signed it, and all warnings.

        :param str reason: why it is sent nevertheless, if it is refused for nothing but what a person may override.
        """
        content = self._get_signed_content()
        if not content:
            raise UserError(self.env._("Upload the signed power of attorney (.p7m) first. Nothing was sent."))
        verdict = self._judge_signed(content)
        sentences = self._get_signature_sentences(verdict)
        reason = (reason or '').strip()
        if verdict.level == 'refused' and not (verdict.overridable and reason):
            raise UserError(self.env._(
                "The signed power of attorney would be refused; nothing was sent:\n%(findings)s",
                findings='\n'.join(f"- {sentence}" for level, _code, sentence in sentences if level == const.ERROR),
            ))
        self._log_signature(verdict, sentences, reason)

    def _log_signature(self, verdict, sentences, reason):
        """Keep in the chatter who signed what is sent, and what was warned of."""
        self.sudo()._message_log(body=Markup("<br/>").join(self._get_signature_log(verdict, sentences, reason)))

    def _get_signature_log(self, verdict, sentences, reason=''):
        """Return who signed what is sent, and what was warned of: a list of lines without any tax code."""
        signers = [
            f"{signer.name} ({self._show_moment(signer.signed_at)})" if signer.signed_at else signer.name for signer in verdict.signers]
        lines = [self.env._("Signed by: %s", ', '.join(signers))]
        if verdict.level == 'refused':
            lines.append(self.env._("Sent in spite of the following, because: %s", reason))
        return lines + [sentence for level, _code, sentence in sentences if level != const.FINE]

    def _send_judged(self, files):
        """Send signed powers of attorney that were judged just now and not refused, as ``action_send_documents`` sends one.

        :param dict files: ``{filing: (content, log)}``, the filings all waiting for documents; the log as of ``_get_signature_log``.
        """
        self.check_access('write')
        self.company_id._openapi_pec_check_configured()
        filings = self.sudo()
        replaced = filings.signed_procura_id
        signed = self.env['ir.attachment'].sudo().create([{
            'name': f'{filing.procura_id.name}.p7m', 'raw': files[filing][0], 'res_model': self._name, 'res_id': filing.id,
        } for filing in filings])
        for filing, attachment in zip(filings, signed, strict=True):
            filing.signed_procura_id = attachment
        replaced.unlink()
        filings._message_log_batch({filing.id: Markup("<br/>").join(log) for filing, (_content, log) in files.items()})
        filings._queue_call()

    def _get_signed_message(self):
        """Return what of the upload is delivered (bytes): the signed message itself, however it was wrapped as text."""
        content = self._get_signed_content()
        return self._judge_signed(content).message or content

from datetime import datetime, timezone

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.rights import RIGHTS, may
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools import p7m, trust
from odoo.addons.l10n_it_openapi_pec.tools.finding import ERROR, FINE, WARNING, get_worst_level

_lt = LazyTranslate(__name__, default_lang='en_US')

# What a finding means of the identity document beside the signed power of attorney, where that is something else than
# of the power of attorney itself: code -> level, sentence. It is sent along unless there is an error.
IDENTITY_FINDINGS = {
    **dict.fromkeys((
        'empty', 'unsigned_pdf', 'signed_pdf', 'encrypted', 'mail_without_file', 'outlook_mail', 'archive', 'picture',
        'office_document', 'web_page', 'xades', 'shortcut', 'certificate_file', 'time_stamp', 'archive_attached',
        'not_signed',
    ), (ERROR, _lt(
        "It is not a digitally signed file in the CAdES format, whatever its name, and the service takes no other "
        "(.p7m). Have it signed as well and upload that file, or have it put into the PDF of the power of attorney "
        "before that is signed."))),
    'several_files': (ERROR, _lt(
        "Several digitally signed files are in this one: save the identity document (.p7m) from it, and upload that "
        "file alone.")),
    **dict.fromkeys(('trailing_data', 'too_nested', 'too_complex', 'unreadable'), (ERROR, _lt(
        "It cannot be read as one signed file: sign the identity document anew, and upload that file alone."))),
    'too_large': (ERROR, _lt(
        "It is larger than %(megabytes)s MB: make the identity document smaller, have it signed anew and upload that "
        "file.")),
    'tampered': (ERROR, _lt(
        "The document was changed after %(signer)s signed it: have the identity document signed anew.")),
    **dict.fromkeys(('same_document', 'completed_document'), (ERROR, _lt(
        "It is the power of attorney once more: upload the signed identity document here, or remove the file."))),
    'no_pdf': (WARNING, _lt("What was signed is not a PDF: check that it can be read. A signed PDF is safer.")),
    **dict.fromkeys(('other_document', 'nothing_to_compare'), (FINE, None)),
}


# What is said of the identity document: code of a finding -> sentence.
IDENTITY_WORDS = {
    **const.signature.SIGNATURE_FINDINGS, **{code: sentence for code, (_level, sentence) in IDENTITY_FINDINGS.items()}}

NOTE = 'note'  # in the place of the level of a step of which nothing was found
SIGNATURE_REFUSED = _lt("The signed power of attorney would be refused; nothing was sent:\n%(findings)s")


class OpenapiPecCommunication(models.Model):
    """A signed file is judged before it is sent: the service takes any file, and the office refuses it days later."""
    _inherit = 'openapi_pec.communication'

    # ------------------------------------------------------------ COMPUTE

    @api.depends(
        'signed_procura_file', 'procura_id', 'fiscal_code', 'state', 'company_id.openapi_pec_max_megabytes',
        'company_id.openapi_pec_verify', 'verified_at')
    @api.depends_context('uid', 'lang', 'tz')
    def _compute_signature(self):
        awaiting = self.filtered(lambda filing: filing.state == 'awaiting_documents')
        contents = {filing: filing._get_signed_content() for filing in awaiting}
        verdicts = self._judge_together({filing: content for filing, content in contents.items() if content})
        for filing in self:
            verdict = verdicts.get(filing)
            filing.signature_level = verdict and verdict.level
            filing.is_signature_overridable = bool(verdict) and self._may_override(verdict)
            filing.is_verifiable = bool(verdict) and verdict.is_verified and filing._origin._is_to_verify()
            filing.signature_findings = verdict and filing._show_verdict(verdict)

    @api.depends('identity_document_file', 'procura_id', 'fiscal_code', 'state', 'company_id.openapi_pec_max_megabytes')
    @api.depends_context('lang', 'tz')
    def _compute_identity(self):
        for filing in self:
            is_awaited = filing.state == 'awaiting_documents'
            _message, filing.identity_level, lines = filing._judge_identity() if is_awaited else (None, False, [])
            filing.identity_sentence = '\n'.join(lines)

    def _read_upload(self, kind):
        """Return an uploaded file (bytes), also while it is not saved yet; empty when there is none."""
        return read_content(self[f'{kind}_id']) if self.id else read_content(self, f'{kind}_file')

    def _get_signed_content(self):
        """Return the signed power of attorney (bytes, empty when there is none), also while it is not saved yet."""
        return self._read_upload('signed_procura')

    def _judge_signed(self, content):
        """Judge a file as the signed power of attorney of this filing, by what is known now of who signed it.

        :param bytes content: the file, which may be anything.
        :rtype: trust.Joint
        """
        return self._judge_together({self: content})[self]

    @api.model
    def _judge_together(self, contents):
        """Judge files as the signed powers of attorney of filings, with one query for what is known of who signed them.

        :param dict contents: ``{filing: bytes}``.
        :return: ``{filing: trust.Joint}``.
        """
        verdicts = {filing: filing._judge_file(content) for filing, content in contents.items()}
        joints = self.env['openapi_pec.trust']._join_all(
            [(filing.company_id, verdict) for filing, verdict in verdicts.items()])
        return dict(zip(verdicts, joints, strict=True))

    def _judge_file(self, content):
        """Judge a file as :meth:`_judge_signed` does, by itself alone.

        :rtype: p7m.Verdict
        """
        terms = self._get_judge_terms()
        verdict = p7m.judge(content, **terms)
        if any(finding.code in ('other_document', 'nothing_to_compare') for finding in verdict.findings):
            verdict = p7m.judge(content, other_procure=self._get_other_procure(), **terms)
        return verdict

    @api.model
    def _may_override(self, verdict):
        """Return whether this user may send a refused file with a reason.

        :param trust.Joint verdict: on it.
        """
        return verdict.overridable and (not verdict.is_for_manager or may(self.env, 'distrust'))

    def _judge_identity(self):
        """Judge the identity document by its content: it is sent along only when it is signed well.

        :return: what is sent of it (bytes), or None; the verdict as of ``identity_level``; the lines that say it.
            When there is no such document, None, False and no lines.
        :rtype: tuple[bytes, str, list[str]]
        """
        content = self._read_upload('identity_document')
        if not content:
            return None, False, []
        verdict = p7m.judge(content, **self._get_judge_terms())
        findings = [
            finding._replace(level=IDENTITY_FINDINGS.get(finding.code, (finding.level,))[0])
            for finding in verdict.findings]
        errors = self._get_finding_sentences(findings, (ERROR,), IDENTITY_WORDS)
        if errors:
            return None, 'refused', [
                self.env._("The identity document is not sent along with the power of attorney."), *errors]
        warnings = self._get_finding_sentences(findings, (WARNING,), IDENTITY_WORDS)
        return verdict.message, 'warning' if warnings else 'good', [
            self.env._("The identity document is sent along with the power of attorney: it is signed."), *warnings]

    def _get_judge_terms(self):
        """Return what a file of this filing is compared with: arguments of ``p7m.judge``."""
        return {
            'procura': read_content(self.procura_id) or None, 'fiscal_code': self.fiscal_code,
            'now': datetime.now(timezone.utc),
            'max_size': self.company_id.sudo().openapi_pec_max_megabytes * 2**20,
        }

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

    # The verdict in words.

    def _show_verdict(self, verdict):
        """Return a verdict (``trust.Joint``) for a person, as HTML: its findings, and who signed.

        What was verified beyond the file comes first, in its steps.
        """
        findings = verdict.get_step(None) if verdict.is_verified else verdict.findings
        return self._show_findings(findings, const.trust.VERDICT_FINDINGS, [{
            'name': signer.name,
            'fiscal_code': signer.fiscal_code,
            'issuer': signer.issuer,
            'signed_at': signer.signed_at and self._show_moment(signer.signed_at),
            'valid_from': self._show_moment(signer.valid_from, with_time=False),
            'valid_until': self._show_moment(signer.valid_until, with_time=False),
        } for signer in verdict.signers], self._get_steps(verdict) if verdict.is_verified else ())

    def _get_steps(self, verdict):
        """Return the steps in which a file was verified beyond itself, as the template of findings shows them."""
        return [{
            'title': str(title),
            'level': get_worst_level(found) or NOTE,
            'sentences': self._get_finding_sentences(found, words=const.trust.VERDICT_FINDINGS) or [
                self._in_words(const.trust.NOT_ASKED)],
        } for step, title in const.trust.STEP_TITLES.items() for found in [verdict.get_step(step)]]

    # ------------------------------------------------------------ ACTIONS

    def action_open_send(self):
        """Ask for the reason why a document is sent that is refused for nothing but what a person may override."""
        self.check_access('write')
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Send Nevertheless"),
            'res_model': 'openapi_pec.delivery',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_communication_id': self.id},
        }

    def _check_signed_procura(self, reason):
        """Raise when the signed power of attorney is refused; otherwise log in the chatter who signed it, and warnings.

        :param str reason: why it is sent nevertheless, if it is refused for nothing but what a person may override.
        """
        content = self._get_signed_content()
        if not content:
            raise UserError(self.env._("Upload the signed power of attorney (.p7m) first. Nothing was sent."))
        verdict = self._judge_signed(content)
        if verdict.level == 'refused':
            errors = self._get_finding_sentences(verdict.findings, (ERROR,), const.trust.VERDICT_FINDINGS)
            refusal = self._get_refusal(SIGNATURE_REFUSED, errors)
            if not self._may_override(verdict):
                next_step = [self._in_words(RIGHTS['distrust'][1])] if verdict.overridable else []
                raise UserError('\n'.join([refusal, *next_step]))
            reason = self._require_reason(reason, refusal)
        self._log_signature(verdict, reason)

    def _log_signature(self, verdict, reason):
        """Keep in the chatter who signed, what was warned of, and whether the identity document is sent along."""
        _message, _level, identity_lines = self._judge_identity()
        self.sudo()._message_log(
            body=Markup("<br/>").join(self._get_signature_log(verdict, reason) + identity_lines))

    def _get_signature_log(self, verdict, reason=''):
        """Return who signed what is sent, what was verified of him, and what was warned of.

        :return: lines without any tax code (list of str).
        """
        signers = [
            f"{signer.name} ({self._show_moment(signer.signed_at)})" if signer.signed_at else signer.name
            for signer in verdict.signers]
        lines = [self.env._("Signed by: %s", ', '.join(signers))]
        if verdict.level == 'refused':
            lines.append(self.env._("Sent in spite of the following, because: %s", reason))
        return lines + self._get_finding_sentences(
            [finding for finding in verdict.findings if finding.level != FINE or finding.code in trust.LEVELS],
            words=const.trust.VERDICT_FINDINGS)

    def _send_judged(self, files):
        """Send signed powers of attorney that were just judged and not refused, as ``action_send_documents`` does.

        :param dict files: ``{filing: (content, log)}``, the filings all waiting for documents; the log as of
            ``_get_signature_log``.
        """
        self.check_access('write')
        self.company_id._openapi_pec_check_configured()
        filings = self.sudo()
        replaced = filings.signed_procura_id
        signed = self.env['ir.attachment']._openapi_pec_create([{
            'name': f'{filing.procura_id.name}.p7m', 'raw': files[filing][0], 'res_model': self._name,
            'res_id': filing.id,
        } for filing in filings])
        for filing, attachment in zip(filings, signed, strict=True):
            filing.signed_procura_id = attachment
        replaced.unlink()
        filings._message_log_batch({
            filing.id: Markup("<br/>").join(log + filing._judge_identity()[2]) for filing,
            (_content, log) in files.items()})
        filings._queue_call()

    def _get_signed_messages(self):
        """Return what is delivered of the uploads (list of bytes): the signed messages, not wrapped as text."""
        content = self._get_signed_content()
        identity_message, _level, _lines = self._judge_identity()
        return [self._judge_file(content).message or content, *([identity_message] if identity_message else [])]

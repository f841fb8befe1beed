import base64
from datetime import timedelta

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools import p7m, trust
from odoo.addons.l10n_it_openapi_pec.tools.finding import get_verdict_level

_lt = LazyTranslate(__name__, default_lang='en_US')

SIGNER_DAYS = 30  # for which the page of a completed filing lives on

# code of a finding -> what the signer is told of his file, in other words than the users of Odoo
SIGNER_FINDINGS = {
    **dict.fromkeys(('other_document', 'other_filing'), _lt(
        "The signed document is not the power of attorney that was downloaded for this filing: download it again from "
        "this page, sign that file as it is, and upload it.")),
    'unsigned_pdf': _lt(
        "This PDF is not signed digitally: sign it with your signature program or app in the CAdES format, as this "
        "page explains, and upload the file that ends in .p7m."),
    'empty': _lt("No file was chosen, or it is empty: choose the signed file and upload it again."),
    'no_tax_code': _lt("The certificate of %(signer)s holds no Italian tax code: who sent you the link will check who "
                       "signed."),
    'not_qualified': _lt(
        "The certificate of %(signer)s, issued by %(issuer)s, does not call itself qualified, and the office asks for "
        "a qualified one: sign again with a qualified signature (firma digitale)."),
    **dict.fromkeys(trust.OVERRIDABLE, _lt(
        "The certificate of %(signer)s, issued by %(issuer)s, is by the trusted list of authorities not a qualified "
        "one for signatures: the office would refuse it. Sign with a qualified signature (firma digitale).")),
    **dict.fromkeys(('unreadable', 'verification_failed', 'openapi_not_verified'), _lt(
        "This file could not be judged: sign the power of attorney again, and ask who sent you the link if it happens "
        "again.")),
}

# What the signer is not told, since he can do nothing about it: that something could not be asked.
UNTOLD = {code for code, meaning in trust.MEANINGS.items() if not meaning.is_told}

# What is said to the signer: code of a finding -> sentence.
SIGNER_WORDS = {**const.trust.VERDICT_FINDINGS, **SIGNER_FINDINGS}

# What the chatter says of an accepted upload that is sent by itself; of another one: level of the verdict -> sentence.
SENT_SENTENCE = _lt("the signer uploaded the signed power of attorney, and nothing was found against it: it is sent by "
                    "itself.")
UPLOAD_SENTENCES = {
    'sent': SENT_SENTENCE,
    'good': _lt("the signer uploaded the signed power of attorney, and nothing was found against it. Press Send the "
                "Signed Documents."),
    'warning': _lt("the signer uploaded a signed power of attorney that is to be looked at before it is sent."),
}


def get_told(verdict):
    """Return the findings of a verdict that the signer is told."""
    return [finding for finding in verdict.findings if finding.code not in UNTOLD]


class OpenapiPecCommunication(models.Model):
    """The page of a filing for its signer, who gets the power of attorney by mail, signs it and uploads it there."""
    _inherit = 'openapi_pec.communication'

    def _on_state_entered(self, state, sentence=None, values=None):
        if state == 'completed':
            values = {**(values or {}), 'completed_at': fields.Datetime.now()}
        return super()._on_state_entered(state, sentence, values)

    # ------------------------------------------------------------ ACTIONS

    def action_mail_procura(self):
        """Mail these powers of attorney to their signers, and show who was left out.

        :return: the action that shows it.
        """
        self.check_access('write')
        return self._mail_by_click()

    def action_download_procure(self):
        """Download the powers of attorney of these filings as one ZIP file."""
        self.check_access('read')
        here = self.filtered('procura_id')
        if not here:
            raise UserError(self.env._("None of these filings has a power of attorney yet."))
        if len(here) > const.filing.PROCURE_PER_ARCHIVE:
            raise UserError(self.env._(
                "These are too many for one file: choose %s filings at most.", const.filing.PROCURE_PER_ARCHIVE))
        return {
            'type': 'ir.actions.act_url',
            'url': f"/openapi_pec/procure.zip?ids={','.join(map(str, here.ids))}",
            'target': 'download',
        }

    # ------------------------------------------------------------ the mail

    def _on_procura_fetched(self):
        """Mail the power of attorney that has just been attached, if the company wants this and it is another one."""
        if self.company_id.openapi_pec_mail_procura and self.procura_mailed_checksum != self.procura_id.checksum:
            self._mail_by_itself()

    def _get_signer_document(self):
        return self.procura_id

    def _get_signing_about(self):
        return self.company_name

    # ------------------------------------------------------------ the signer's page

    def _is_open_to_signer(self):
        """Return whether the signer's page is open: in the states of ``const.signature.SIGNER_SENTENCES``.

        The page of a completed filing stays open for ``SIGNER_DAYS``.
        """
        since = fields.Datetime.now() - timedelta(days=SIGNER_DAYS)
        return self.state in const.signature.SIGNER_SENTENCES and (
            self.state != 'completed' or (bool(self.completed_at) and self.completed_at > since))

    def _takes_documents(self):
        return self.state == 'awaiting_documents' and bool(self.procura_id) and not self._is_away()

    def _awaits_signer(self):
        return self._takes_documents() and not self.signed_procura_id

    def _is_signed(self):
        """Return whether the signed power of attorney is here, and not delivered yet."""
        return bool(self.signed_procura_id) and self.state in const.signature.SIGNED_STATES

    def _get_told_status(self):
        """Return what the status is called for who signs, and for the client."""
        if self._is_signed():
            return self._in_words(const.signature.SIGNED_STATUS)
        return dict(self._fields['status']._description_selection(self.env)).get(self.status, '')

    def _is_signature_doubted(self):
        """Return whether what stands out in the file that the signer uploaded last is still to be looked at."""
        return (
            self.state == 'awaiting_documents' and bool(self.signed_procura_id)
            and self.doubted_checksum == self.signed_procura_id.checksum)

    def _get_signer_sentence(self):
        """Return what the signer has to know now, as a sentence."""
        sentence = const.signature.SIGNER_CHAMBER_SENTENCES.get(
            self.status, const.signature.SIGNER_SENTENCES[self.state])
        if self.state == 'awaiting_documents' and not self.procura_id:
            sentence = const.signature.SIGNER_SENTENCES['code_requested']
        elif self.state == 'awaiting_documents' and self.signed_procura_id:
            is_doubted = self._is_signature_doubted()
            sentence = (
                const.signature.SIGNER_DOUBTED_SENTENCE if is_doubted else const.signature.SIGNER_RECEIVED_SENTENCE)
        if self.state in ('queued', 'unconfirmed') and self.remote_id:
            sentence = const.signature.SIGNER_SENDING_SENTENCE
        if self._is_away():
            return self._in_words(const.signature.SIGNER_AWAY_SENTENCE)
        if self.is_sandbox and self.state in const.signature.SIGNER_TRIAL_STATES:
            return self._in_words(const.signature.SIGNER_TRIAL_SENTENCE) % self._in_words(sentence)
        return self._in_words(sentence)

    def _get_judge(self):
        terms, join = self._get_judge_terms(), self.env['openapi_pec.trust']._get_asking(self.company_id)
        # Reading a file is bounded, to a second or so, whatever it holds: so nothing has to end it. Asking about it is
        # left to the job.
        return lambda files, patience: join(p7m.judge(files.get('signed_file', b''), **terms), patience is not None)

    def _get_unjudged_verdict(self):
        return trust.join(p7m.Verdict([p7m.find('unreadable', {})], [], None, None))

    def _take_upload(self, files, verdict, *, words=None, **_said):
        """Keep the signed message that the signer uploaded, unless it is refused.

        :param dict words: what the chatter says of it, in the place of ``UPLOAD_SENTENCES``.
        """
        is_kept = verdict.level != 'refused'
        told = get_told(verdict)
        if is_kept and self.env['ir.attachment']._compute_checksum(verdict.message) != self.signed_procura_id.checksum:
            self.with_user(SUPERUSER_ID)._for_reader()._keep_signed(verdict, words or UPLOAD_SENTENCES)
        return {
            'level': get_verdict_level(told), 'findings': self._show_findings(told, SIGNER_WORDS),
            'checksum': is_kept and self.signed_procura_id.checksum,
        }, is_kept

    def _keep_signed(self, verdict, words):
        """Keep what the signer uploaded; it is sent by itself, or somebody is asked to look at it and to send it.

        :param trust.Joint verdict: on it, not refused.
        :param dict words: as of :meth:`_take_upload`.
        """
        self.write({
            'signed_procura_file': base64.b64encode(verdict.message),
            'signed_procura_filename': f"{self.procura_id.name}.p7m",
        })
        is_doubted = get_verdict_level(get_told(verdict)) == 'warning'
        self.doubted_checksum = is_doubted and self.signed_procura_id.checksum
        self.activity_unlink([f'l10n_it_openapi_pec.mail_activity_type_{kind}' for kind in ('sign', 'send')])
        if self._may_send_by_itself(verdict):
            self._announce(self._in_words(words['sent']))
            self._log_signature(verdict, '')
            # Not at once: the visitor waits, and so does whoever else uploads.
            self._queue_call(at_once=False)
            return
        self._announce(self._in_words(words[verdict.level]))
        self._plan_activity('mail_activity_type_send', self.env._("Look at the signed power of attorney and send the "
                                                                  "documents"))

    def _may_send_by_itself(self, verdict):
        """Return whether a signed file that was uploaded is sent without anybody looking at it, which costs nothing.

        The company wants that, nothing was found against the file, and the account it goes to can be used. It was
        judged without a lock: the power of attorney must still be the one with which it was compared.

        :param trust.Joint verdict: on the file.
        """
        company, procura = self.company_id.sudo(), read_content(self.procura_id)
        return (
            company.openapi_pec_send_signed and verdict.level == 'good'
            and bool(procura) and verdict.pdf.startswith(procura)
            and bool(company._openapi_pec_account(self.environment)[1]))

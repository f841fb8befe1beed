import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import lock_rows
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_company, check_right
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent

from .signature import OutdatedError, ReplacedError


class OpenapiPecCommunication(models.Model):
    """Filings whose powers of attorney can be signed remotely."""
    _inherit = 'openapi_pec.communication'

    signature_ids = fields.One2many('openapi_pec.signature', 'communication_id', "Remote Signatures", readonly=True)
    can_sign_remotely = fields.Boolean(compute='_compute_signing', help="A remote signature can be asked for now.")
    signing_sentence = fields.Text(compute='_compute_signing')
    is_signing = fields.Boolean(compute='_compute_signing', help="A remote signature is under way.")
    signature_call_ids = fields.Many2many(
        'openapi_pec.api_call', string="API Calls of Its Remote Signatures", compute='_compute_signature_call_ids',
        groups='l10n_it_openapi_pec.group_manager')
    can_take_late = fields.Boolean(
        compute='_compute_signing', help="A signature that was taken for lost was made after all.")
    can_delete_signed = fields.Boolean(
        compute='_compute_can_delete_signed', help="The service may still have a copy of the signed file.")

    @api.depends(
        'state', 'environment', 'procura_id', 'signed_procura_id', 'signature_level',
        'company_id.openapi_pec_sign_remotely', 'signature_ids.state', 'signature_ids.outcome',
        'signature_ids.error_message')
    @api.depends_context('uid', 'lang')
    def _compute_signing(self):
        for filing in self:
            last = filing._get_last_attempt()
            awaits = filing.state == 'awaiting_documents'
            filing.can_sign_remotely = (
                filing._is_signed_remotely() and not last.is_open and filing.signature_level != 'good')
            filing.is_signing = awaits and last.is_open
            filing.signing_sentence = awaits and filing._get_signing_sentence()
            filing.can_take_late = filing._awaits_signer() and not last.is_open and bool(filing._get_late())

    @api.depends(
        'signed_procura_id', 'signature_ids.state', 'signature_ids.deleted_at', 'signature_ids.signed_checksum')
    def _compute_can_delete_signed(self):
        for filing in self:
            filing.can_delete_signed = any(attempt._is_deletable() for attempt in filing.signature_ids)

    @api.depends('signature_ids.api_call_ids')
    def _compute_signature_call_ids(self):
        for filing in self:
            filing.signature_call_ids = filing.signature_ids.api_call_ids

    def _get_last_attempt(self):
        """Return the attempt that is under way, which may be an older one; else the last one; empty without any."""
        return self.signature_ids.filtered('is_open')[:1] or self.signature_ids[:1]

    def _get_told_attempt(self):
        """Return the last attempt, unless the signed file came after it, which is told of then; empty without one."""
        last, signed = self._get_last_attempt(), self.sudo().signed_procura_id
        is_over = last and signed.write_date and not last.is_open and last.create_date <= signed.write_date
        return last.browse() if is_over else last

    def _get_signing_sentence(self):
        """Return how far the last attempt is, or why it was in vain, as users are told; False when there is nothing."""
        last, words = self._get_told_attempt(), const.remote_signature
        sentence = last.error_message or (last.is_open and self._in_words(words.BEING_SIGNED))
        if sentence and self.signed_procura_id and not last.is_open:
            return f'{sentence}\n{self._in_words(words.STILL_COUNTS)}'
        return sentence

    def _get_late(self):
        """Return the signature that was taken for lost, and made after all; empty when there is none."""
        return self.signature_ids.filtered(lambda attempt: attempt._is_late())[:1]

    def _is_signed_remotely(self):
        """Return whether a remote signature is offered for this filing."""
        return not self._get_signing_obstacle()

    def _get_signing_obstacle(self):
        """Return why no remote signature is offered for this filing (lazy text); None when one is."""
        words = const.remote_signature
        if not self.company_id.sudo().openapi_pec_sign_remotely:
            return words.NOT_WANTED
        if not self._takes_documents():
            return words.NOT_AWAITED
        return None if self._is_of_present_environment() else words.OTHER_ENVIRONMENT

    def _get_signing_problem(self):
        """Return why this filing's power of attorney cannot be signed remotely now, in words; False when it can be."""
        if obstacle := self._get_signing_obstacle():
            return self._in_words(obstacle)
        words = const.remote_signature
        # Then no call is made, and a one-time password does not wait.
        if halt := self.company_id._openapi_pec_get_halt(self.environment):
            return self._in_words(words.HALTED) % self._in_words(halt)
        try:
            self.company_id._openapi_pec_client(self.environment, 'signature')
        except NotSent as error:
            return self._in_words(words.NOT_READY) % self._get_error_words(error).rstrip('.')
        return False

    # ------------------------------------------------------------ what is signed is what was shown

    def _get_signing_offer(self):
        """Return what the page, or the dialog, shows to who signs: the document, and a signed file that is here (str).
        """
        filing = self.sudo()
        return f"{filing.procura_id.checksum or ''}-{filing.signed_procura_id.checksum or ''}"

    def _check_offer(self, offer):
        """Raise when something has changed since who signs was shown an offer, or when it is signed well.

        :raise ReplacedError: the document has, alone.
        :raise OutdatedError: the signed file has, or is good.
        """
        present, words = self._get_signing_offer(), const.remote_signature
        if offer.partition('-')[2] != present.partition('-')[2]:
            raise OutdatedError(self._in_words(words.ARRIVED))
        if self.signature_level == 'good':
            raise OutdatedError(self._in_words(words.SIGNED_WELL))
        if offer != present:
            raise ReplacedError(self._in_words(words.REPLACED))

    # ------------------------------------------------------------ ACTIONS

    def action_sign_remotely(self):
        """Open the dialog in which who signs types PIN and one-time password: it is no record, and keeps neither.

        :raise UserError: it is signed well already.
        """
        self.check_access('write')
        self.ensure_one()
        if self.signature_level == 'good':
            raise UserError(self._in_words(const.remote_signature.SIGNED_WELL))
        is_over = self.representative_id._is_openapi_pec_certificate_over(self.company_id, self.environment)
        words, signer = const.remote_signature, self._get_signer_name()
        warnings = [
            *([self._in_words(words.TAKES_ITS_PLACE)] if self.signed_procura_id else []),
            *([self._in_words(words.ENDED) % signer] if is_over else [])]
        return {
            'type': 'ir.actions.client', 'tag': 'openapi_pec_sign', 'target': 'new',
            'name': self.env._("Sign Remotely"),
            'params': {
                'filing_id': self.id, 'filing': f'{self.name}, {self.company_name}',
                'signer': signer, 'offer': self._get_signing_offer(),
                'price': self._get_signing_price(),
                'username': (not is_over and self.representative_id.openapi_pec_sign_username) or '',
                'warning': '\n'.join(warnings),
                'document_url': f'/web/content/{self._name}/{self.id}/procura_file?filename={self.procura_filename}',
            },
        }

    def _get_signing_price(self):
        """Return what a remote signature of this filing costs, as a sentence."""
        price = self.env['openapi_pec.price']._get('sign_otp')
        if self.environment == 'sandbox':
            return self._in_words(const.service.NOT_PAID)
        if price is None:
            return self.env._("What the signature costs is not known here: look into the Openapi console.")
        return self.env._(
            "The signature costs EUR %s, before VAT, from the Openapi wallet; a wrong password perhaps as well.",
            self.company_id._openapi_pec_show_eur(price))

    def action_take_late(self):
        """Fetch the file of a signature that was taken for lost, and was made after all: free.

        :raise UserError: the filing does not need it any more.
        """
        self.check_access('write')
        self.ensure_one()
        lock_rows(self)
        filing = self.sudo()
        if not filing.can_take_late:
            raise UserError(self.env._(
                "The filing has changed meanwhile, so nothing was changed or spent. Refresh the page."))
        filing._get_late()._take_late()

    def action_delete_signed(self):
        """Have the service delete its copy of the signed file, which is kept here.

        :raise AccessError: for everybody but managers of the company.
        :raise UserError: it cannot be done now, or there is none.
        """
        check_right(self.env, 'decide')
        self.check_access('read')
        self.ensure_one()
        check_company(self.company_id)
        attempts = self.sudo().signature_ids.filtered(lambda attempt: attempt._is_deletable())
        if not attempts:
            raise UserError(self.env._(
                "The service has no copy of this signed file, as far as Odoo knows. Nothing was changed."))
        attempts._delete_now()

    # ------------------------------------------------------------ what was signed goes the way of an upload

    def _get_signer_outcome(self):
        """Return what the signer has to know of the last attempt, in his words; False when there is nothing."""
        last = self._get_told_attempt()
        words = const.remote_signature.SIGNER_OUTCOMES.get(last.outcome)
        if not words or last.kind != 'otp' or last.is_open:
            return False
        if last.outcome != 'wrong_credentials':
            return self._in_words(words)
        advice = last._get_wrong_advice(
            const.remote_signature.ONCE_WRONG_FOR_SIGNER, const.remote_signature.SEVERAL_WRONG_FOR_SIGNER)
        return f'{self._in_words(words)} {advice}'

    def _get_tried_username(self):
        """Return the username that was typed on the page for a signature in vain: the signer need not type it again."""
        last = self._get_signer_outcome() and self._get_told_attempt()
        return last and last.asked_by_id._is_public() and last.username

    def _get_signer_copy(self):
        """Return what the signer has signed remotely, as a copy for him (attachment); empty while something is doubted.
        """
        signed = self.sudo().signed_procura_id
        return signed if self._is_signed_here() and not self._is_signature_doubted() else signed.browse()

    def _is_signed_here(self):
        """Return whether the signed file that is here was signed remotely, with a one-time password."""
        signed = self.sudo().signed_procura_id
        return bool(signed) and any(
            attempt.kind == 'otp' and attempt.signed_checksum == signed.checksum for attempt in self.signature_ids)

    def _tell_unsigned(self, problem):
        """Keep in the chatter why who signs could not do so on his page."""
        own = self.sudo()._for_reader()
        body = own._in_words(const.remote_signature.UNSIGNED_ON_PAGE) % problem
        own._message_log(body=body, author_id=own.representative_id.id or None)

    def _get_signer_warning(self):
        """Return what the signer has to know before he types anything, in his words; False when there is nothing."""
        is_over = self.representative_id._is_openapi_pec_certificate_over(self.company_id, self.environment)
        return is_over and self._in_words(const.remote_signature.ENDED_FOR_SIGNER)

    def _take_upload(self, files, verdict, *, signature_id=None, **said):
        if not signature_id:
            return super()._take_upload(files, verdict, **said)
        attempt = self.env['openapi_pec.signature'].browse(signature_id).exists()
        is_automatic = attempt.kind == 'automatic'
        words = (const.sign_many if is_automatic else const.remote_signature).SIGNED_SENTENCES
        result, is_kept = super()._take_upload(files, verdict, words=words, **said)
        if is_kept:
            attempt.signed_checksum = self.signed_procura_id.checksum
        if is_kept and is_automatic:
            attempt.signed_digest = hashlib.sha256(verdict.message).hexdigest()  # without what was around it
        elif is_kept and verdict.level == 'good' and self.environment == 'production':  # the sandbox has others
            self.representative_id.sudo().openapi_pec_sign_username = attempt.username
        elif not is_kept and attempt:
            attempt._note_refused_file(verdict)
        return {**result, 'is_remote': True}, is_kept

from functools import partial

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, NoCredit, NotSent, WrongCredentials
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import Signature, describe_request, make_title


class OpenapiPecSignature(models.Model):
    """The call that has a document signed, and what its answers mean."""
    _inherit = 'openapi_pec.signature'

    # ------------------------------------------------------------ CALLS: steps 2 and 3

    @api.model
    def _due_domain(self):
        """Return the domain of what may be called now: nothing, where nobody has typed a PIN in this very request."""
        return super()._due_domain() if self._get_signing() else fields.Domain.FALSE

    def _due_operation(self):
        return f'sign_{self.kind}'

    def _prepare_call(self, operation, client):
        if self.communication_id.procura_id.checksum != self.checksum:
            raise NotSent(self.env._("The power of attorney has been replaced by another one"))
        signing, (document, title) = self._get_signing(), self._prepare_document()
        sign = partial(
            client.sign, operation, document, title, signing.credentials, self._prepare_callback(),
            is_awaited=signing.is_awaited)
        return partial(self._call_in_time, partial(signing.call, sign))

    def _prepare_sent(self, operation):
        return describe_request(*self._prepare_document())

    def _prepare_document(self):
        """Return what is signed: bytes, and its title at the service."""
        filing = self.communication_id
        return read_content(filing.procura_id), make_title(self.reference, f'{filing.name} {filing.company_name}')

    # ------------------------------------------------------------ CALLS: step 4, the outcome

    def _record_outcomes(self, outcomes):
        return super(OpenapiPecSignature, self.with_context(openapi_pec_signing=None))._record_outcomes(outcomes)

    def _record_outcome(self, line_id, data, error):
        line = self.env['openapi_pec.api_call'].browse(line_id)
        if isinstance(error, WrongCredentials) and line.state == 'pending':
            line._close(
                'accepted', may_be_free=True, status=error.status, code=str(error.code or ''),
                message=self._get_error_words(error))
            return self._close_wrong()
        if isinstance(error, NotSent) and error.reason in ('suspended', 'stopped') and line.state == 'pending':
            line._close('not_sent', message=self._get_error_words(error))
            return self._close_attempt('failed', 'not_begun')
        return super()._record_outcome(line_id, data, error)

    def _on_call_accepted(self, operation, data, started_at):
        signature = Signature(**data)
        self.remote_id = signature.id
        self._apply(signature)

    def _apply(self, signature):
        """Apply what the service tells of a signature that was asked for.

        :param Signature signature: of ``tools.api.signature_data``.
        """
        if not signature.is_failed:
            self._close_attempt('waiting', 'waiting')
            self.retry_at = fields.Datetime.now()
            return
        self.sudo().api_call_ids.may_be_free = True  # the service does not say what an attempt in vain costs
        number = f'[{signature.error_number}]' if signature.error_number else ''
        if signature.has_wrong_credentials:
            self._close_wrong(number)
        else:
            self._close_attempt('failed', 'error', number)

    def _on_call_refused(self, operation, sentence):
        self._close_attempt('failed', 'refused', sentence)

    def _on_call_unknown(self, line):
        self._close_attempt('unconfirmed', 'unconfirmed')
        self._trigger_cron(self._synchronize_job, line._get_next_look())

    # What certainly was not asked is asked again by a person alone: a one-time password is of no use any more.

    def _requeue(self, reason):
        self._close_attempt('failed', 'not_asked', f'[{reason}]')

    def _wait_for_environment(self):
        self._requeue(self.env._("The company uses another environment now"))

    def _wait_for_account(self, error):
        is_empty = isinstance(error, NoCredit)
        throttled = const.sign_many.THROTTLED if self.kind == 'automatic' else const.remote_signature.THROTTLED
        advice = const.remote_signature.NO_CREDIT if is_empty else throttled
        self._close_attempt('failed', 'refused', self._in_words(advice))

    def _pause_account(self):
        """Pause nothing: a token may lack the scopes for signatures alone."""

    def _refusal_sentence(self, operation, error):
        if isinstance(error, BadToken):
            return self._in_words(const.remote_signature.NO_SCOPE) % ', '.join(
                const.account.get_scopes(['signatures'], self.environment))
        advice = self._refusal_sentences.get((operation, str(error.code)))
        words = f'[{self._get_error_words(error)}, HTTP {error.status}, {error.code}]'
        return f'{self._in_words(advice)} {words}' if advice else words

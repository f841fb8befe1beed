from datetime import timedelta

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, NoCredit

_lt = LazyTranslate(__name__, default_lang='en_US')

EARLIER_CALL = _lt("Whether an earlier call, which was not found, was executed and paid is not certain.")

RETRY_MINUTES = (1, 5, 15, 60)  # pauses after a call that was certainly not sent; the last one repeats


class OpenapiPecCallMixin(models.AbstractModel):
    """Calls that certainly were not executed: the service refused them, or they were not sent and wait."""
    _inherit = 'openapi_pec.call.mixin'

    # ------------------------------------------------------------ CALLS: what waits to be sent

    def _requeue(self, reason):
        """Keep a record queued whose call certainly did not reach the service; the pauses grow."""
        minutes = RETRY_MINUTES[min(self.retry_count, len(RETRY_MINUTES) - 1)]
        retry_at = fields.Datetime.now() + timedelta(minutes=minutes)
        self.write({
            self._call_state_field: 'queued',
            'retry_at': retry_at,
            'retry_count': self.retry_count + 1,
            'error_message': self._add_earlier_call(self._get_retry_sentence(reason.rstrip('.'), minutes)),
        })
        self._trigger_cron('dispatch', retry_at)

    def _get_retry_sentence(self, reason, minutes):
        if minutes == 1:
            return self.env._("Not sent, nothing was spent: %s. Odoo tries again in 1 minute.", reason)
        return self.env._(
            "Not sent, nothing was spent: %(reason)s. Odoo tries again in %(minutes)s minutes.", reason=reason,
            minutes=minutes)

    def _wait_for_environment(self):
        """Keep a record queued until its company uses the environment again in which it was submitted."""
        retry_at = fields.Datetime.now() + timedelta(minutes=RETRY_MINUTES[-1])
        self.write({
            'retry_at': retry_at,
            'error_message': self._add_earlier_call(self.env._(
                "Not sent, nothing was spent: the company's environment has changed since this was submitted for "
                "\"%(environment)s\". It waits until an administrator chooses that environment again in the settings. "
                "If it is not wanted there any more, give it up.", environment=self._get_environment_label())),
        })
        self._trigger_cron('dispatch', retry_at)

    def _get_environment_label(self):
        return dict(self._fields['environment']._description_selection(self.env))[self.environment]

    def _wait_for_account(self, error):
        """Keep a record queued until the account has credit, or may call, again."""
        if isinstance(error, NoCredit):
            self.company_id._openapi_pec_pause('credit', record=self)
            self.company_id._openapi_pec_note_refusal(error.available)
        else:
            self.company_id._openapi_pec_pause('rate', record=self, seconds=error.retry_after)
        # what it waits for is told from the account
        self.write({self._call_state_field: 'queued', 'error_message': False})

    def _pause_account(self):
        """Pause the account's other calls, whose token would be refused as well."""
        if self._is_of_present_environment():
            self.company_id._openapi_pec_pause('token', record=self)

    # ------------------------------------------------------------ CALLS: the sentence about a refusal

    def _refusal_sentence(self, operation, error):
        """Return the sentence that explains a refusal: what happened, that nothing was spent, what to do."""
        if isinstance(error, BadToken):
            advice = self._get_token_advice()
        elif sentence := self._refusal_sentences.get((operation, str(error.code))):
            advice = self._in_words(sentence)
        else:
            advice = self.env._("The service refused the call. Correct what it names and submit again.")
        return self._add_earlier_call(self.env._(
            "Refused, nothing was spent. %(advice)s [%(message)s, HTTP %(status)s, code %(code)s]",
            advice=advice, message=self._get_error_words(error), status=error.status, code=error.code,
        ))

    def _get_token_advice(self):
        return self.env._(
            "The service does not accept the token, or the token lacks the scope for this call. "
            "Ask an administrator to check it in the settings, then submit again."
        )

    def _is_earlier_call_unknown(self):
        """Return whether an earlier call for the same was not found, and so may have been executed and paid."""
        return False

    def _add_earlier_call(self, sentence):
        """Add to a sentence that says that nothing was spent what is not known of an earlier call."""
        return f'{sentence} {self._in_words(EARLIER_CALL)}' if self._is_earlier_call_unknown() else sentence

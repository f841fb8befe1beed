import logging
from datetime import timedelta

from odoo import fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.api.client import COMPANY_HOSTS
from odoo.addons.l10n_it_openapi_pec.tools.api.company_calls import get_scopes
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, NoCredit

_logger = logging.getLogger(__name__)

NOT_DRY = 'not_dry'  # reason of an error: a count that was perhaps charged


class OpenapiPecRegisterLook(models.Model):
    """What becomes of a look: answered, refused, not sent, later, or lost; and what is said of it."""
    _inherit = 'openapi_pec.register_look'

    # ------------------------------------------------------------ CALLS: step 4, the outcome

    def _record_outcome(self, line_id, data, error):
        line = self.env['openapi_pec.api_call'].browse(line_id)
        if line.state == 'pending':
            if error is None and data['retry_after'] is not None:
                return self._wait_for_answer(line, data)
            if error is None and data['told'] is None:
                line.may_be_free = True
            if error is not None and error.reason == NOT_DRY:
                line.is_price_known = False
        return super()._record_outcome(line_id, data, error)

    def _wait_for_answer(self, line, data):
        """Keep the number of a request that the service answers later; its line stays pending."""
        line.write({'remote_id': data['id'], 'status': 302})
        self.write({
            'state': 'waiting', 'request_id': data['id'], 'error_message': self._in_words(const.look.WAITING),
            'retry_count': 0})
        self._read_later(data['retry_after'])

    def _read_later(self, seconds):
        """Have what comes later read after so many seconds."""
        self.retry_at = fields.Datetime.now() + timedelta(seconds=seconds)
        self._trigger_cron(self._synchronize_job, self.retry_at)

    def _on_call_accepted(self, operation, data, started_at):
        told = data['told']
        self.write({
            'state': 'not_found' if told is None else 'done', 'told': told or False, 'looked_at': started_at,
            'retry_at': False, 'error_message': False, 'is_taken_in': told is None})
        self._take_in()

    def _take_in(self):
        """Compare what was told with the contact, and keep what is known now of contact and filing.

        Where somebody else is changing them at this moment, the scheduled job does it: the answer was paid, and stays.
        """
        for look in self.filtered(lambda look: look.state == 'done' and not look.is_taken_in):
            own = look._for_reader()
            try:
                is_done = run_unless_met(self.env.cr, own._take_in_told)
                if not is_done:
                    self._trigger_cron(self._synchronize_job)
            except Exception:  # what was paid for stays, whatever another addon has against it
                _logger.exception("What %s was told cannot be compared.", look)
                is_done = False
            own.write({'is_taken_in': True} if is_done else {'error_message': own._in_words(const.look.NOT_COMPARED)})

    def _take_in_told(self):
        """Do what follows from an answer; whatever it touches, others may be changing."""
        is_other = self.operation != 'register_count' and not self._is_of_contact()
        if is_other or self.error_message:
            self.error_message = is_other and self._in_words(const.look.OTHER_CODE) % self.asked
        if self.operation == 'register_count':
            self._judge_counted()
        elif not is_other:
            self._note_pec()
            self.env['openapi_pec.register_difference']._make(self)
        self.env.flush_all()

    def _on_call_refused(self, operation, sentence):
        self.write({'state': 'failed', 'error_message': sentence})

    def _close_unasked(self, words):
        """Close these queued looks, which are not asked.

        :param words: a sentence of ``const.look`` that says why.
        """
        self._close_with('failed', lambda look: look._add_earlier_call(look._in_words(words)))

    def _close_with(self, state, say):
        """Close these looks, those of which the same is said together.

        :param say: function of a look, in the language of its reader, that returns what is said of it.
        """
        for sentence, looks in self.grouped(lambda look: say(look._for_reader())).items():
            looks.write({'state': state, 'retry_at': False, 'error_message': sentence})

    def _get_unknown_lines(self):
        """Return the calls of this look whose answers were lost, and which were perhaps paid."""
        return self.sudo().api_call_ids.filtered(lambda line: line.state == 'lost' and line.money == 'unknown')

    def _is_earlier_call_unknown(self):
        return bool(self._get_unknown_lines())

    def _add_earlier_call(self, sentence):
        return f'{sentence} {self._get_earlier_sentence(self._get_unknown_lines())}'.rstrip()

    def _on_call_unknown(self, line=None):
        looks = self.sudo()
        looks.api_call_ids._close('lost')
        looks._close_with('lost', lambda look: look._get_lost_sentence())

    def _wait_for_account(self, error):
        if isinstance(error, NoCredit):
            if error.needed != self.env['openapi_pec.price']._get(self.operation):
                error.available = None  # the vendor's example has "200" of a call of EUR 0.10: of what, nobody knows
            return super()._wait_for_account(error)
        # of its own host, which the filings' knows nothing of
        self.write({
            'state': 'queued', 'error_message': self._add_earlier_call(self._in_words(const.look.THROTTLED)),
            'retry_at': fields.Datetime.now() + timedelta(seconds=max(error.retry_after, const.look.PAUSE_SECONDS))})
        return self._trigger_cron('dispatch', self.retry_at)

    def _pause_account(self):
        """Pause nothing: a token may lack the scopes for look-ups alone."""

    def _on_account_paused(self, sentence):
        self.update_id._plan_account(sentence)

    # ------------------------------------------------------------ CALLS: in words

    def _refusal_sentence(self, operation, error):
        advice = self._refusal_sentences.get((operation, str(error.code)), const.look.ASK_AGAIN)
        words = self._in_words(advice)
        if isinstance(error, BadToken):
            host = COMPANY_HOSTS[self.environment].partition('//')[2]
            words = self._in_words(const.look.NO_SCOPE) % ', '.join(get_scopes(operation, host))
        return self._add_earlier_call(self._in_words(const.look.REFUSED) % {
            'advice': words, 'message': self._get_error_words(error), 'status': error.status, 'code': error.code})

    def _get_lost_sentence(self):
        """Return what is said of a look whose answer was lost: what is known of the money, and what can be done."""
        line = self.api_call_ids[:1]
        reason = line.message or self._in_words(const.look.NEVER_CAME if line.remote_id else const.look.NO_ANSWER)
        is_free = self.operation in const.service.FREE_OPERATIONS
        words = (
            const.look.LOST_TRIAL if self.environment == 'sandbox'
            else const.look.NOT_DRY if is_free and not line.is_price_known
            else const.look.LOST_FREE if is_free
            else const.look.LOST if line.is_price_known else const.look.LOST_UNPRICED)
        sentence = self._in_words(words) % {'reason': reason.rstrip('.'), 'price': self._show_amount(line.price)}
        return f'{sentence} {self._get_earlier_sentence(self._get_unknown_lines() - line)}'.rstrip()

    def _get_earlier_sentence(self, lines):
        """Return what is known of the money of earlier calls of a look; '' when they cost nothing.

        :param lines: of the journal, whose answers were lost.
        """
        if not lines:
            return ''
        words = const.look.EARLIER if all(lines.mapped('is_price_known')) else const.look.EARLIER_UNPRICED
        return self._in_words(words) % {'price': self._show_amount(sum(lines.mapped('price')))}

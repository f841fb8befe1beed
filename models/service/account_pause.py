from datetime import timedelta
from typing import NamedTuple

from odoo import fields, models
from odoo.tools.misc import format_datetime, formatLang
from odoo.tools.translate import LazyTranslate

from .lock import lock_rows

_lt = LazyTranslate(__name__, default_lang='en_US')

NO_CREDIT_PAUSE_MINUTES = 60

# Why an account is paused, and what a person can do about it.
PAUSE_CAUSES = {
    'credit': _lt(
        "the Openapi wallet holds too little credit. Top it up in the Openapi console; a manager then presses"
        " \"I Have Topped Up: Go On\"."),
    'token': _lt(
        "the service does not accept the token, or the token lacks a scope. Have an administrator correct it in the "
        "settings or in the Openapi console; a manager then presses \"The Token Was Corrected: Go On\"."),
    'rate': _lt("the service asks for a pause between calls."),
}

# Why nothing is sent from a copy, and what a person can do about it.
COPY_CAUSE = _lt(
    "this database may be a copy of the one in which the token was set, and nothing is sent from a copy. If it is the "
    "live database, have a system administrator say so in the settings.")

# What happens when nobody does anything, to what is not paused by hand as well.
PAUSE_ENDS = {
    'credit': _lt("Without that, Odoo tries again by itself at %s."),
    'token': _lt(
        "Without that, Odoo tries again by itself at %s; what the service then refuses fails, costs nothing, and can "
        "be submitted again."),
    'rate': _lt("Odoo goes on by itself at %s."),
}


class Balance(NamedTuple):
    """What is known of a wallet.

    :param float amount: EUR; None: not known.
    :param at: when it held that (datetime).
    :param str problem: '' when it was read; 'no_key' where it cannot be read, 'key' or 'service' where it could not be
        read now; then an amount is one of before.
    """

    amount: float | None
    at: object
    problem: str


class ResCompany(models.Model):
    """The pause of an account: no calls are made while credit, or a valid token, is missing, or at its request."""
    _inherit = 'res.company'

    def _openapi_pec_pause(self, reason, record, seconds=NO_CREDIT_PAUSE_MINUTES * 60):
        """Pause the calls of this account for some time, and notify its people once.

        :param str reason: of ``openapi_pec_pause_reason``.
        :param record: the record whose call found it out; its responsible gets the activity.
        :param float seconds: how long.
        """
        company = self.sudo()
        until = fields.Datetime.now() + timedelta(seconds=seconds)
        lock_rows(company)  # several calls may find it out at the same moment
        is_news = company.openapi_pec_pause_reason != reason
        company.write({'openapi_pec_pause_reason': reason, 'openapi_pec_paused_until': until})
        record._trigger_cron('dispatch', until)
        if is_news and reason != 'rate':
            record._on_account_paused({
                'credit': self.env._("Top up the Openapi wallet: PEC calls are waiting"),
                'token': self.env._("Check the Openapi token: PEC calls are waiting"),
            }[reason])

    def _openapi_pec_resume(self):
        """End the pause of these accounts; what is queued goes on."""
        paused = self.sudo().filtered('openapi_pec_pause_reason')
        if paused:
            lock_rows(paused)
            paused.write({'openapi_pec_pause_reason': False, 'openapi_pec_paused_until': False})
            activity_type = 'l10n_it_openapi_pec.mail_activity_type_account'
            for model in (
                    'openapi_pec.batch', 'openapi_pec.communication', 'openapi_pec.mailbox',
                    'openapi_pec.register_update', 'openapi_pec.certificate'):
                self.env[model].sudo().search([
                    ('company_id', 'in', paused.ids),
                    ('activity_ids.activity_type_id', '=', self.env.ref(activity_type).id),
                ]).activity_unlink([activity_type])
            self.env['openapi_pec.job.mixin']._trigger_cron('dispatch')

    def _openapi_pec_note_refusal(self, available):
        """Keep what a refusal for lack of credit has told of the wallet; an earlier figure would be taken for this one.

        :param available: EUR; None: it told nothing.
        """
        self.sudo().write({
            'openapi_pec_credit': available or 0,
            'openapi_pec_credit_at': available is not None and fields.Datetime.now()})

    def _openapi_pec_get_balance(self):
        """Return what is known of the wallet that this company spends from, whoever asks.

        :rtype: Balance
        """
        company = self.sudo()
        at = company.openapi_pec_credit_at
        return Balance(company.openapi_pec_credit if at else None, at, 'no_key')

    def _openapi_pec_forget_wallet(self):
        """Forget what a refusal has told of these companies' wallets: they may use others from now on."""
        self.sudo().filtered('openapi_pec_credit_at').write({'openapi_pec_credit': 0, 'openapi_pec_credit_at': False})

    def _openapi_pec_go_on(self):
        """End the pause of these accounts, for all companies that share them.

        A pause that the service asked for is not cut short.
        """
        for company in self:
            company._openapi_pec_with_same_account().filtered(
                lambda company: company.openapi_pec_pause_reason != 'rate')._openapi_pec_resume()

    def _openapi_pec_get_pause(self, by_hand=False):
        """Return why the calls of this account are paused, and a sentence that says it; both False if they are not.

        :param str by_hand: the sentence that tells that a person has paused them, if one has.
        :return: ``(reason, sentence)``; the reason is one of ``openapi_pec_pause_reason``, or 'resumption'.
        """
        company = self._openapi_pec_filter_own().sudo()
        until = company.openapi_pec_paused_until
        reason = until and until > fields.Datetime.now() and company.openapi_pec_pause_reason
        if not reason:
            return ('resumption', by_hand) if by_hand else (False, False)
        sentences = [
            self.env._("Not sent, nothing was spent: %s", str(PAUSE_CAUSES[reason])),
            by_hand or str(PAUSE_ENDS[reason]) % self._openapi_pec_show_moment(until),
        ]
        balance = reason == 'credit' and self._openapi_pec_filter_wallet() and self._openapi_pec_get_balance()
        if balance and balance.amount is not None:
            told = {
                'date': self._openapi_pec_show_moment(balance.at), 'amount': formatLang(self.env, balance.amount)}
            sentences.append(
                self.env._("When the last call was refused, on %(date)s, it held EUR %(amount)s.", **told)
                if balance.problem == 'no_key' else self.env._("On %(date)s it held EUR %(amount)s.", **told))
        return reason, ' '.join(sentences)

    def _openapi_pec_get_halt(self, environment):
        """Return why no call would be made now (lazy text), of calls that never wait; False when they would be made.

        It says nothing of what happens later by itself, and nothing of what the wallet holds: whoever signs reads it.
        """
        company = self.sudo()
        if company._openapi_pec_is_copy(environment):
            return COPY_CAUSE
        return PAUSE_CAUSES.get(company._openapi_pec_get_pause()[0], False)

    def _openapi_pec_show_moment(self, moment):
        return format_datetime(self.env, moment, tz=self.env.context.get('tz'), dt_format='short')

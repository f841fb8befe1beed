"""The balance of an account: read when somebody asks what is about to be spent, at most once a minute."""
from datetime import timedelta
from functools import partial

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, OpenapiPecError

from ..service.account_pause import Balance
from ..service.lock import is_met, lock_rows, run_unless_met

ACTIVITY = 'l10n_it_openapi_pec.mail_activity_type_account'
WALLET_LOCKS = 0x3A11E7  # first key of the advisory locks of readings (the second is the account's id): our own
AGAIN_SECONDS = 60  # after which a balance is read again


class OpenapiPecAccount(models.Model):
    """What the wallet holds. Whoever asks waits for one short reading, or for none."""
    _inherit = 'openapi_pec.account'

    # ------------------------------------------------------------ SYNCHRONISATION

    def _keep_wallet(self):
        """Read the balance where somebody wants to be told when it is low; a step of the scheduled job."""
        if self._get_least_credit():
            self._read_wallet()

    # ------------------------------------------------------------ CALLS: free, and never repeated

    def _read_wallet(self):
        """Read what the wallets hold, unless that was done within a minute, or another process is doing it.

        Nothing is raised: what could not be read is not known now. Whoever calls it asks the service nothing more in
        the same transaction: from then on the rows are locked.
        """
        due = self.filtered(lambda account: account._has_key() and account._is_wallet_due())
        for account, told in [(account, account._ask_credit()) for account in due]:  # all are asked before one is kept
            run_unless_met(self.env.cr, partial(account._keep_credit, *told))

    def _ask_credit(self):
        """Return what the wallet holds, or None and why that is not known: see :meth:`_keep_credit`."""
        try:
            return self._get_client().get_wallet().credit, False
        except OpenapiPecError as error:
            return None, 'key' if isinstance(error, BadToken) else 'service'

    def _is_wallet_due(self):
        """Return whether the balance is to be read now, by this process; then no other one reads it meanwhile."""
        asked_at = self.credit_asked_at
        if asked_at and asked_at > fields.Datetime.now() - timedelta(seconds=AGAIN_SECONDS):
            return False
        [[is_ours]] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", WALLET_LOCKS, self.id))
        return is_ours and not is_met(self)  # somebody may have read it since this transaction began

    def _keep_credit(self, credit, problem=False):
        """Keep what the wallet holds, or that it could not be read.

        :param credit: EUR; None: not known.
        :param problem: of ``wallet_problem``, or False.
        """
        if lock_rows(self, skip_locked=True):
            now = fields.Datetime.now()
            known = {} if credit is None else {'credit': credit, 'credit_at': now}
            self.write({'credit_asked_at': now, 'wallet_problem': problem, **known})
            self._tell_low_credit()

    def _note_refusal(self, facts):
        """Keep what a refusal has told; somebody who reads the balance at this moment learns the same."""
        if lock_rows(self, skip_locked=True):
            self.write(facts)
            self._tell_low_credit()

    # ------------------------------------------------------------ a low balance

    def _get_least_credit(self):
        """Return below which balance people want to be told (EUR); 0: nobody wants it. In the sandbox nobody pays."""
        limits = self.company_ids.sudo().mapped('openapi_pec_low_credit') if self.environment == 'production' else []
        return max(limits, default=0)

    def _is_credit_low(self):
        """Return whether the wallet holds less than somebody wants, as far as it is known."""
        return bool(self.credit_at) and self.credit < self._get_least_credit()

    def _tell_low_credit(self):
        """Tell the managers, once, that the wallet holds too little: again only after it held enough."""
        is_low = self._is_credit_low()
        if not self.credit_at or is_low == self.is_low:
            return
        self.is_low = is_low
        companies = self.company_ids.sudo().filtered('openapi_pec_low_credit')
        companies.partner_id.activity_unlink([ACTIVITY])
        for manager in companies._openapi_pec_get_managers() if is_low else ():
            company = (companies & manager.company_ids)[:1].with_context(lang=manager.lang)
            company.partner_id.activity_schedule(  # which everybody reads who sees the contact: no amount stands in it
                ACTIVITY, user_id=manager.id, summary=company.env._("The Openapi wallet is low: see the overview"))


class ResCompany(models.Model):
    """The balance that a company spends from: of its account, or as a refusal has told it where there is none."""
    _inherit = 'res.company'

    def _openapi_pec_read_wallet(self):
        """Have the balances of these companies' accounts read, for who may know of them."""
        self._openapi_pec_get_known_accounts()._read_wallet()

    def _openapi_pec_get_known_accounts(self):
        """Return the accounts at the vendor of these companies whose wallet this user may know about."""
        accounts = self.env['openapi_pec.account'].sudo()
        return accounts.union(*(
            company._openapi_pec_get_connection() for company in self._openapi_pec_filter_wallet()))

    def _openapi_pec_note_refusal(self, available):
        account = self._openapi_pec_get_connection()
        if not account:
            return super()._openapi_pec_note_refusal(available)
        return account._note_refusal(
            {'credit': available or 0, 'credit_at': available is not None and fields.Datetime.now()})

    def _openapi_pec_get_balance(self):
        account = self._openapi_pec_get_connection()
        if not account:
            return super()._openapi_pec_get_balance()
        problem = '' if account._has_key() else 'no_key'
        return Balance(
            account.credit if account.credit_at else None, account.credit_at, problem or account.wallet_problem or (
                '' if account.credit_at else 'service'))

    def _openapi_pec_get_low_sentence(self):
        """Return the sentence that says that the wallet is low; False when it is not, or this user may not know it."""
        account = self._openapi_pec_get_known_accounts()
        return bool(account) and account._is_credit_low() and self.env._(
            "The Openapi wallet is low: EUR %(amount)s, and less than EUR %(limit)s is to be told. Top it up in the "
            "Openapi console.", amount=formatLang(self.env, account.credit, digits=2),
            limit=formatLang(self.env, account._get_least_credit(), digits=2))

    def _openapi_pec_show_balance(self):
        """Return a sentence that says what the wallet holds, or why that is not known; '' for who may not know it.

        An old figure is told with its time, and never as if it were today's.
        """
        if not self._openapi_pec_filter_wallet():
            return ''
        balance = self._openapi_pec_get_balance()
        shown = balance.amount is not None and {
            'amount': formatLang(self.env, balance.amount, digits=2), 'date': self._openapi_pec_show_moment(balance.at)}
        if not balance.problem:
            return self.env._("Wallet: EUR %(amount)s (read on %(date)s).", **shown)
        sentences = [{
            'no_key': self.env._("Wallet: the balance is not available without the API key."),
            'key': self.env._(
                "Wallet: the balance is not known now, since the service does not accept e-mail and API key."),
            'service': self.env._("Wallet: the balance is not known now."),
        }[balance.problem]]
        if shown and self._openapi_pec_get_connection():
            sentences.append(self.env._("On %(date)s it was EUR %(amount)s.", **shown))
        elif shown:
            sentences.append(
                self.env._("The wallet held EUR %(amount)s when a call was refused, on %(date)s.", **shown))
        return ' '.join(sentences)

import contextlib
import time
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.client import PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    NotEnabled,
    OpenapiPecError,
    OutcomeUnknown,
    Refused,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import OauthClient
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_data import Limits
from odoo.addons.l10n_it_openapi_pec.tools.clock import now

from ..service.job_mixin import is_job
from ..service.lock import hold_alone, lock_rows

SPACE = 0x9EE  # first key of the advisory locks on accounts: any constant of our own
DAY = 86400  # seconds
# Seconds for which a new token may be refused: the services learn of it a little later. In a request somebody waits.
PATIENCE, REQUEST_PATIENCE = 120.0, 8.0
TRY_PAUSE = 1.0  # seconds between two tries
USED = tuple(f'uses_{name}' for name in const.account.FEATURES if name not in const.account.ALWAYS)
SETTINGS = (*USED, 'token_days', 'limit_amount', 'limit_requests', 'limit_ips')  # what a token is made with
ACTIVITY = 'l10n_it_openapi_pec.mail_activity_type_account'
LATE_MINUTES = 10  # for which a call whose answer was lost may still be executed, and calls with an old token go on
CONSOLE = {'console': const.account.TOKENS}
DISCONNECTED = {
    'connection': 'none', 'expires_at': False, 'refused_at': False, 'tried_at': False, 'token_problem': False,
    'has_double': False}


class TokenNotAccepted(BadToken):
    """A token that was just made is not accepted by the service that it is for; e-mail and key are."""


class Wish(NamedTuple):
    """Why a token is made, and what changes with it.

    :param str reason: of ``openapi_pec.token``.
    :param dict values: of the account, of ``SETTINGS`` and others, as they are from then on.
    :param company_ids: of Odoo, which use the account from then on.
    :param key: the API key, if it is kept from now on; '': it is forgotten; None: it stays as it is.
    :param bool joins: whether a company joins others, which decide how the account is used.
    """

    reason: str
    values: dict
    company_ids: tuple = ()
    key: str | None = None
    joins: bool = False


class OpenapiPecAccount(models.Model):
    """A token is made, tested, and put in the place of the one before.

    All that makes, renews or deletes a token holds the account's lock (:meth:`_hold`), and no transaction while it
    waits for the service: each step is a transaction of its own, so that a kill leaves what the next one understands.
    What the caller's own transaction reads of the account may be older than that, or missing.
    """
    _inherit = 'openapi_pec.account'

    def _read_now(self, name):
        """Return a secret of this account as it is now, and not as this transaction sees it; None when there is none.
        """
        return self._in_transaction(lambda account: account._get_secret(name))

    def _hold(self):
        """Hold the sole right to make, renew and delete this account's tokens; the context tells whether it is held."""
        return hold_alone(self.pool, SPACE, self.id, wait=False)

    # ------------------------------------------------------------ ACTIONS: connecting

    @api.model
    def _connect(self, company, environment, email, key, wish):
        """Have a company use an account, with a new token; what is wrong is told before anything has changed.

        :param company: of Odoo.
        :param str email, str key: of the account at the vendor.
        :param Wish wish: its features and limits.
        :raise UserError: e-mail and key are not accepted, an API is not enabled, or the service cannot be asked.
        """
        if sentence := company._openapi_pec_get_copy_sentence(environment):
            raise UserError(sentence)
        try:
            client = OauthClient(
                email, key, company._openapi_pec_base_url(environment, 'oauth'), company._openapi_pec_get_deadline())
            self._check_enabled(client.list_scopes(), environment, wish)
            account = self.browse(self._in_transaction(lambda own: own._get_or_create(email, environment)))
            with account._hold() as is_held:
                if not is_held:
                    raise UserError(self.env._(
                        "The token of this account is being renewed at this moment. Nothing was changed or spent; try "
                        "again in a minute."))
                if sentence := account._in_transaction(lambda own: own._get_copy_sentence()):
                    raise UserError(sentence)
                account._take_as_others(client, wish)
                account._make_token(client, wish)
                account._trigger_cron('accounts')  # which deletes what a lost answer has left
        except OpenapiPecError as error:
            raise UserError(self._get_connect_sentence(error, environment)) from error
        return account

    @api.model
    def _get_or_create(self, email, environment):
        """Return the id of the account of an e-mail, which has been proved to be ours."""
        known = self.search([('email', '=', email), ('environment', '=', environment)])
        return (known or self.create({'email': email, 'environment': environment})).id

    def _get_copy_sentence(self):
        """Return the sentence that says that this database may be a copy, for any company of this account; or False."""
        return next(filter(None, (
            company._openapi_pec_get_copy_sentence(self.environment) for company in self.company_ids)), False)

    def _check_enabled(self, scopes, environment, wish):
        """Raise when the account has not enabled an API that is wanted.

        :param scopes: that the service lists; one that it does not list is left to it.
        """
        refused = {scope.name.casefold() for scope in scopes if scope.is_enabled is False}
        names = [
            str(const.account.FEATURES[name].label) for name in self._get_features(wish.values)
            if refused.intersection(map(str.casefold, const.account.get_scopes([name], environment)))]
        if names:
            raise UserError(self.env._(
                "E-mail and key are right, but the account has not enabled the API that these need: %(features)s. "
                "Enable it in the Openapi console (%(console)s), or untick what is not needed. Nothing was changed or "
                "spent.", features=', '.join(names), console=const.account.CONSOLE))

    def _get_connect_sentence(self, error, environment):
        """Return the sentence that says why an account was not connected, and what to do."""
        labels = dict(self._fields['environment']._description_selection(self.env))
        told = {
            'reason': self.env['openapi_pec.words.mixin']._get_error_words(error).rstrip('.'),
            'environment': labels[environment], 'console': const.account.CONSOLE}
        if isinstance(error, TokenNotAccepted):
            return self.env._(
                "E-mail and key are right, and a token was made, but the service does not accept it from here: it was "
                "deleted again. Look at the limits, above all at the addresses. Nothing was changed or spent. "
                "[%(reason)s]", **told)
        if isinstance(error, BadToken):
            return self.env._(
                "The service does not accept this e-mail and API key (%(environment)s). Each environment has a key of "
                "its own: copy it from the Openapi console (%(console)s). Nothing was changed or spent. [%(reason)s]",
                **told)
        if isinstance(error, NotEnabled):
            return self.env._(
                "No token was made: a scope is missing, an API is not enabled in the account, or the key is the other "
                "environment's. Enable it in the Openapi console (%(console)s), untick what is not needed, or copy the "
                "key of this environment (%(environment)s). Nothing was changed or spent. [%(reason)s]", **told)
        if isinstance(error, OutcomeUnknown):
            return self.env._(
                "The service has not answered: %(reason)s. Nothing was spent, and a token that was used before stays. "
                "Press Connect again in a minute: what may have been made is found by its name and deleted.", **told)
        return self.env._(
            "The account cannot be connected now: %(reason)s. Nothing was changed or spent; try again later.", **told)

    # ------------------------------------------------------------ CALLS: a token is made

    def _make_token(self, client, wish):
        """Make a token, test it, and put it in the place of the one before, which is deleted later.

        This account is held. Until the last step the token before stays in use.

        :param OauthClient client: of this account.
        :param Wish wish: what it is made for.
        :raise OpenapiPecError: it was not made, is not accepted, or nobody knows; the one before stays in use.
        """
        plan = self._in_transaction(lambda account: account._begin_token(wish))
        made = self._make_or_find(client, plan)
        try:
            if made.scopes and made.get_lacking(plan['scopes']):
                raise Refused(
                    "The service made a token without some of the scopes that were asked for", reason='lacking')
            found = self._try_made(made, plan['environment'])
        except OpenapiPecError as error:
            with contextlib.suppress(OpenapiPecError):  # then the job does
                client.delete_token(made.token)
            if isinstance(error, BadToken):
                raise TokenNotAccepted(error.message, **error.get_details()) from None
            raise
        self._in_transaction(lambda account: account._put_in_place(plan['id'], made, found, wish))

    def _begin_token(self, wish):
        """Make the row of a token that is about to be made; return what it is made with (dict)."""
        settings = {**self._get_settings(), **wish.values}
        scopes = const.account.get_scopes(self._get_features(settings), self.environment)
        token = self.env['openapi_pec.token'].create({
            'account_id': self.id, 'name': '-', 'reason': wish.reason, 'scopes': '\n'.join(scopes)})
        token._name_token()
        limits = Limits(
            settings['limit_amount'] or None, tuple((settings['limit_ips'] or '').split()),
            settings['limit_requests'] or None)
        return {
            'id': token.id, 'name': token.name, 'beginning': token._get_beginning(), 'scopes': scopes,
            'ttl': settings['token_days'] * DAY, 'limits': limits, 'environment': self.environment}

    def _get_settings(self):
        """Return with what this account's tokens are made: ``{field of SETTINGS: value}``."""
        return {name: self[name] for name in SETTINGS}

    @staticmethod
    def _get_features(settings):
        """Return the names of the features that are wanted: keys of ``const.account.FEATURES``."""
        return [name for name in const.account.FEATURES if name in const.account.ALWAYS or settings.get(f'uses_{name}')]

    @staticmethod
    def _make_or_find(client, plan):
        """Make a token; when the answer is lost, find it by its name."""
        try:
            return client.make_token(plan['scopes'], plan['name'], plan['ttl'], plan['limits'])
        except OutcomeUnknown:
            with contextlib.suppress(OpenapiPecError):
                for token in client.find_tokens(plan['beginning']):
                    return token
            raise

    def _try_made(self, made, environment):
        """Read the list of filings with a token, which costs nothing, as soon as the service knows it.

        :return: ``(client, Listing)``
        """
        companies = self.env['res.company'].sudo()
        client = PecClient(
            made.token, companies._openapi_pec_base_url(environment), companies._openapi_pec_get_deadline())
        end = now() + (PATIENCE if is_job(self.env) else REQUEST_PATIENCE)
        while True:
            try:
                return client, client.list_filings()
            except BadToken as error:
                if error.status != 401 or now() > end:
                    raise
            time.sleep(TRY_PAUSE)

    def _put_in_place(self, token_id, made, found, wish):
        """Have this account use a token that was made; the one before is to be deleted.

        :param int token_id: its row.
        :param Token made: the token.
        :param found: as of :meth:`_try_made`; None: it was not tested.
        :param Wish wish: what it was made for.
        """
        lock_rows(self)
        moment = fields.Datetime.now()
        earlier = self.token_ids.filtered(lambda token: token.state in ('active', 'renewing', 'lost'))
        earlier.filtered(lambda token: token.state == 'renewing').write({'state': 'gone', 'ended_at': moment})
        (earlier.filtered(lambda token: token.state != 'gone')).write({'state': 'retiring', 'ended_at': moment})
        self.env.flush_all()  # one alone is in use
        days = wish.values.get('token_days') or self.token_days
        expires_at = made.expires_at.replace(tzinfo=None, microsecond=0) if made.expires_at else (
            moment + timedelta(days=days))
        self.env['openapi_pec.token'].browse(token_id).write(
            {'state': 'active', 'made_at': moment, 'expires_at': expires_at})
        self._set_secret('token', made.token)
        self._set_secret('refresh', made.refresh_token or None)
        if wish.key is not None:
            self._set_secret('key', wish.key or None)
        self.write({**wish.values, **DISCONNECTED, 'connection': 'active', 'expires_at': expires_at})
        self.activity_unlink([ACTIVITY])
        self._serve(self.env['res.company'].browse(wish.company_ids), found)

    def _serve(self, joining, found):
        """Have companies use this account from now on, and all that use it go on with its new token."""
        environment = self.environment
        joining.filtered(
            lambda company: company._openapi_pec_get_connection(environment) != self)._openapi_pec_use_account(self)
        self.invalidate_recordset(['company_ids'])
        companies = self.company_ids.sudo()
        companies._openapi_pec_read_token_anew()
        if found:
            companies._openapi_pec_note_account(*found, environment)
            companies._openapi_pec_write_facts(environment, tested=True)
        companies.filtered(
            lambda company: company.openapi_pec_environment == environment
            and company.openapi_pec_pause_reason == 'token')._openapi_pec_resume()

import logging
from datetime import timedelta

from odoo import fields, models
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.client import PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    Gone,
    OpenapiPecError,
    OutcomeUnknown,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import RenewalClient

from ..service.lock import lock_rows
from .connecting import ACTIVITY, DAY, Wish

_logger = logging.getLogger(__name__)

RENEW_DAYS = 7  # before its expiry, at least, a token is renewed
LATE_MINUTES = 10  # for which a call whose answer was lost may still be executed, and calls with an old token go on
RETRY_HOURS = 6  # between two renewals without the key
PAUSE_SECONDS = 2 * 3600  # of the companies of an account without a valid token; the job goes on with it
CONSOLE = {'console': const.account.TOKENS}


class OpenapiPecAccount(models.Model):
    """The token is renewed in time, by the scheduled job; what a kill has left is settled first.

    With the API key another token is made, put in place and used; the one before is deleted ten minutes later, so there
    is a valid one at any moment. Without it the service puts another one in place and deletes the one before, all at
    once: if the answer is lost then, nobody but the holder of the key can tell the new one, and that is the clear stop.
    """
    _inherit = 'openapi_pec.account'

    # ------------------------------------------------------------ COMPUTE

    def _compute_token_sentence(self):
        for account in self:
            account.token_sentence = account._get_token_sentence()

    def _get_token_sentence(self):
        """Return the sentence that says how the token's life goes on; False where there is none."""
        if self.connection != 'active' or not self.expires_at:
            return False
        day = format_date(self.env, self._get_due_at())
        if self._has_key():
            return self.env._("It is renewed by itself from %s on, with the API key: a new one is made and tested "
                              "before the old one is deleted.", day)
        return self.env._("It is renewed by itself from %s on, without the API key: if the answer is lost then, a "
                          "system administrator has to connect anew.", day)

    def _get_due_at(self):
        """Return from when on the token is renewed: a tenth of its life before its expiry, and a week at least."""
        life = timedelta(days=max(self.token_days, 1))
        return self.expires_at - min(max(life / 10, timedelta(days=RENEW_DAYS)), life / 2)

    def _get_stop_sentence(self):
        """Return the sentence that says that there is no valid token, or that it could not be renewed; or False."""
        return self.sudo().token_problem or False

    # ------------------------------------------------------------ SYNCHRONISATION: the job's step

    def _keep_token(self):
        """Delete what is left over, and renew the token when it is time or when it was refused.

        Whatever another process is doing with this account is left to it.
        """
        self.ensure_one()
        with self._hold() as is_held:
            if not is_held:
                return
            try:
                key = self._read_now('key')
                if key:
                    self._clear_up(self._get_client(key))
                self._renew(key)
            except OpenapiPecError as error:
                _logger.info("The token of %s cannot be kept now: %s", self, error)
                self._in_transaction(lambda account, error=error: account._note_problem(error))
        self.invalidate_recordset()

    def _renew(self, key):
        """Renew the token if that is due; settle a renewal that nobody has ended.

        :param key: the API key; None when it is not kept.
        """
        state = self._in_transaction(lambda account: account._get_state())
        if state['is_lost']:
            self._in_transaction(lambda account: account._stop())
        elif state['row'] == 'renewing':
            self._settle(state['is_late'])
        elif state['row'] == 'active' and state['is_refused']:
            if self._is_accepted() is False:
                self._renew_once('refused', state['may_renew'], key)
            else:
                self._in_transaction(lambda account: account.write({'refused_at': False}))
        elif state['row'] == 'active' and state['is_due']:
            self._renew_once('due', state['may_renew'] or key, key)

    def _get_state(self):
        """Return what is to be known of the token now (dict), of this transaction."""
        token = self.token_ids.filtered(lambda token: token.state in ('active', 'renewing'))
        moment = fields.Datetime.now()
        is_refused = bool(self.refused_at)
        tried = max(filter(None, (self.tried_at, token.reason == 'refused' and token.made_at)), default=None)
        return {
            'row': token.state, 'is_lost': self.connection == 'lost', 'is_refused': is_refused,
            'is_due': bool(self.expires_at) and moment >= self._get_due_at(),
            'is_late': bool(self.tried_at) and moment > self.tried_at + timedelta(minutes=LATE_MINUTES),
            'may_renew': not tried or moment > tried + timedelta(hours=RETRY_HOURS)}

    def _is_accepted(self):
        """Return whether the services accept the token: False when they do not, None when that cannot be known now."""
        client = PecClient(
            self._read_now('token'), self.env['res.company'].sudo()._openapi_pec_base_url(self.environment))
        try:
            client.list_filings()
        except BadToken as error:
            return error.status != 401  # it lacks a scope, or has reached a limit: another one would as well
        except OpenapiPecError:
            return None
        return True

    def _renew_once(self, reason, may_renew, key):
        """Renew the token, with the key or without it; stop where that was done lately, and it is refused again.

        :param str reason: of ``openapi_pec.token``.
        :param may_renew: whether that was not tried lately.
        :param key: as of :meth:`_renew`.
        """
        if not may_renew:
            if reason == 'refused':
                self._in_transaction(lambda account: account._stop())
        elif key:
            self._in_transaction(lambda account: account.write({'tried_at': fields.Datetime.now()}))
            try:
                self._make_token(self._get_client(key), Wish(reason, {}))
            except BadToken:
                if reason != 'refused':
                    raise
                self._in_transaction(lambda account: account._stop())
        elif self._read_now('refresh'):
            self._renew_without_key(reason)
        elif reason == 'refused':
            self._in_transaction(lambda account: account._stop())
        else:
            self._in_transaction(lambda account: account._tell(account.env._(
                "The token expires on %s, and cannot be renewed without the API key: connect the account again.",
                format_date(account.env, account.expires_at))))

    # ------------------------------------------------------------ CALLS: without the key

    def _renew_without_key(self, reason):
        """Have the service put another token in the place of this one, once."""
        client = RenewalClient(
            self._read_now('token'), self._read_now('refresh'),
            self.env['res.company'].sudo()._openapi_pec_base_url(self.environment, 'oauth'))
        ttl = self.token_days * DAY
        self._in_transaction(lambda account: account._set_renewing(True))
        try:
            made = client.renew_token(ttl)
        except OutcomeUnknown:  # the next run looks whether it was done
            raise
        except (BadToken, Gone):  # perhaps it was done before, and nobody knows
            self._settle(is_late=True)
            raise
        except OpenapiPecError:
            self._in_transaction(lambda account: account._set_renewing(False))
            raise
        self._in_transaction(lambda account: account._take_renewed(made, reason))

    def _set_renewing(self, is_renewing):
        """Note that the service is asked now to put another token in place, or that it certainly has not."""
        states = ('active', 'renewing') if is_renewing else ('renewing', 'active')
        lock_rows(self)
        self.token_ids.filtered(lambda token: token.state == states[0]).state = states[1]
        if is_renewing:
            self.tried_at = fields.Datetime.now()

    def _take_renewed(self, made, reason):
        """Use the token that the service has put in the place of the one before."""
        earlier = self.token_ids.filtered(lambda token: token.state == 'renewing')[:1]
        token = self.env['openapi_pec.token'].create({
            'account_id': self.id, 'name': earlier.name, 'reason': reason, 'scopes': '\n'.join(made.scopes)})
        self._put_in_place(token.id, made, None, Wish(reason, {}))

    def _settle(self, is_late):
        """Settle a renewal whose answer nobody has: the token before is still accepted, or it was replaced.

        :param bool is_late: whether it will not be executed any more.
        """
        is_accepted = self._is_accepted()
        if is_accepted and is_late:
            self._in_transaction(lambda account: account._set_renewing(False))
        elif is_accepted is False:
            self._in_transaction(lambda account: account._stop())

    # ------------------------------------------------------------ CALLS: what is left over

    def _clear_up(self, client):
        """Delete the tokens at the service that a row of ours names and nobody uses: they were replaced, or lost.

        :param OauthClient client: of this account.
        """
        left = self._in_transaction(lambda account: account._get_left_over())
        if not left:
            return
        gone = set()
        tokens = client.find_tokens(self.env['openapi_pec.token']._get_family())
        used = self._read_now('token')
        for token_id, (beginning, is_over) in left.items():
            found = [token for token in tokens if token.name.startswith(beginning) and token.token != used]
            for token in found:
                client.delete_token(token.token)
            if is_over or (not found and tokens.is_whole and not tokens.unreadable):
                gone.add(token_id)
        self._in_transaction(lambda account: account.token_ids.filtered(lambda token: token.id in gone).write(
            {'state': 'gone'}))

    def _get_left_over(self):
        """Return the tokens that are to be looked for and deleted: ``{id: (beginning of the name, whether at once)}``.

        What was perhaps not made yet is looked for again; what was replaced stays as long as calls with it go on.
        """
        early = fields.Datetime.now() - timedelta(minutes=LATE_MINUTES)
        left = self.token_ids._filter_own().filtered(
            lambda token: (token.state in ('making', 'lost') and token.asked_at <= early)
            or (token.state == 'retiring' and token.ended_at <= early))
        return {token.id: (token._get_beginning(), token.state == 'retiring') for token in left}

    # ------------------------------------------------------------ SYNCHRONISATION: what somebody is told

    def _note_problem(self, error):
        """Keep why the token could not be renewed, and tell a system administrator once."""
        token = self.token_ids.filtered(lambda token: token.state in ('active', 'renewing'))
        if self.connection != 'active' or not token or not self.expires_at or (
                fields.Datetime.now() < self._get_due_at() and not self.refused_at):
            return
        self._tell(self.env._(
            "The token could not be renewed: %(reason)s. It is still used, and expires on %(date)s. If this goes on, "
            "press Change and type the key again.", reason=self._get_error_words(error).rstrip('.'),
            date=format_date(self.env, self.expires_at)))

    def _stop(self):
        """Stop all calls of this account, which has no valid token, until a system administrator connects it anew."""
        lock_rows(self)
        if self.connection != 'lost':
            self.token_ids.filtered(lambda token: token.state in ('active', 'renewing')).write(
                {'state': 'lost', 'ended_at': fields.Datetime.now()})
            self.connection = 'lost'
            self._tell(self.env._(
                "The service does not accept the token any more, and Odoo cannot renew it. Nothing is sent or spent, "
                "and nothing is lost: what is queued waits. Press Connect and type e-mail and API key once; look into "
                "the console if they are refused: %(console)s", **CONSOLE))
        for company in self.company_ids.sudo():
            if company.openapi_pec_environment == self.environment:
                company._openapi_pec_pause('token', self, PAUSE_SECONDS)

    def _tell(self, sentence):
        """Keep what is wrong with the token, and plan one activity for a system administrator."""
        self.token_problem = sentence
        system = self.env.ref('base.group_system')
        if not self.user_id.active or self.user_id not in system.all_user_ids:
            self.user_id = system.all_user_ids.filtered('active').sorted('id')[:1]
        if not self.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY)):
            self._plan_activity('mail_activity_type_account', self.env._("The Openapi token needs you"))

    def _on_account_paused(self, sentence):
        """Nothing more: the administrator has his activity."""

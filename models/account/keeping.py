import logging
from datetime import timedelta

from odoo import fields, models
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec.tools.api.client import PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    Gone,
    OpenapiPecError,
    OutcomeUnknown,
    Refused,
    Throttled,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import RenewalClient

from ..service.lock import lock_rows
from .connecting import ACTIVITY, CONSOLE, DAY, DISCONNECTED, LATE_MINUTES, Wish

_logger = logging.getLogger(__name__)

RENEW_DAYS = 7  # before its expiry, at least, a token is renewed
RETRY_HOURS = 6  # between two renewals without the key, or of a token that is refused again
PAUSE_SECONDS = 2 * 3600  # of the companies of an account without a valid token; the job goes on with it


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

    def _is_overdue(self):
        """Return whether the token should have been renewed by now: half of the time for it has passed."""
        due = self.expires_at and self._get_due_at()
        return bool(due) and fields.Datetime.now() > due + (self.expires_at - due) / 2

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
                is_used = self._in_transaction(lambda account: account._retire_unused())
                is_alone = not key or self._clear_up(self._get_client(key))
                if not is_used:
                    self._in_transaction(lambda account: is_alone and account._forget_unused(key))
                elif is_alone:
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
            if key and state['may_renew']:
                self._renew_once('refused', True, key)
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
        last = self.token_ids.filtered('made_at')[:1]  # whatever has become of it
        moment = fields.Datetime.now()
        is_refused = bool(self.refused_at)
        tried = max(filter(None, (self.tried_at, last.reason == 'refused' and last.made_at)), default=None)
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

        It was done when a token was made, or certainly refused: while the service cannot be reached nothing was tried.

        :param str reason: of ``openapi_pec.token``.
        :param may_renew: whether that was not tried lately.
        :param key: as of :meth:`_renew`.
        """
        if not may_renew:
            if reason == 'refused':
                self._in_transaction(lambda account: account._stop())
        elif key:
            self._make_known(self._get_client(key), reason)
        elif self._read_now('refresh'):
            self._renew_without_key(reason)
        elif reason == 'refused':
            self._in_transaction(lambda account: account._stop())
        else:
            self._in_transaction(lambda account: account._tell(account.env._(
                "The token expires on %s, and cannot be renewed without the API key: connect the account again.",
                format_date(account.env, account.expires_at))))

    def _make_known(self, client, reason):
        """Make another token with the key, unless another database makes some under the name of this one.

        That it was tried is noted when the service has certainly refused it.

        :param OauthClient client: of this account.
        :param str reason: of ``openapi_pec.token``.
        """
        try:
            if not self._find_own(client)[1]:
                self._make_token(client, Wish(reason, {}))
        except Throttled:
            raise
        except Refused as error:
            self._in_transaction(lambda account: account.write({'tried_at': fields.Datetime.now()}))
            if reason != 'refused' or not isinstance(error, BadToken):
                raise
            self._in_transaction(lambda account: account._stop())

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
        except OpenapiPecError as error:
            is_tried = isinstance(error, Refused) and not isinstance(error, Throttled)
            self._in_transaction(lambda account: account._set_renewing(False, is_tried))
            raise
        self._in_transaction(lambda account: account._take_renewed(made, reason))

    def _set_renewing(self, is_renewing, is_tried=True):
        """Note that the service is asked now to put another token in place, or that it certainly has not.

        :param bool is_tried: whether it was asked at all, or may have been.
        """
        states = ('active', 'renewing') if is_renewing else ('renewing', 'active')
        lock_rows(self)
        self.token_ids.filtered(lambda token: token.state == states[0]).state = states[1]
        if is_renewing or not is_tried:
            self.tried_at = is_renewing and fields.Datetime.now()

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
        :return: whether no other database is known to make tokens under the name of this one.
        """
        left = self._in_transaction(lambda account: account._get_left_over())
        if left:
            tokens, others = self._find_own(client)
            if others:
                return False
            used = self._read_now('token')
            gone = self._delete_named(client, tokens, left, used)
            self._in_transaction(lambda account: account.token_ids.filtered(lambda token: token.id in gone).write(
                {'state': 'gone'}))
        return True

    def _get_left_over(self):
        """Return the tokens that are to be looked for and deleted: ``{id: (beginning of the name, whether at once)}``.

        What was perhaps not made yet is looked for again; what was replaced stays as long as calls with it go on.
        """
        early = fields.Datetime.now() - timedelta(minutes=LATE_MINUTES)
        left = self.token_ids._filter_own().filtered(
            lambda token: (token.state in ('making', 'lost') and token.asked_at <= early)
            or (token.state == 'retiring' and token.ended_at <= early))
        return {token.id: (token._get_beginning(), token.state == 'retiring') for token in left}

    # ------------------------------------------------------------ SYNCHRONISATION: what no company uses

    def _is_used(self):
        """Return whether a company uses this account; one that is archived does."""
        companies = self.env['res.company'].sudo().with_context(active_test=False)
        return bool(companies.search_count([(f'openapi_pec_{self.environment}_account_id', '=', self.id)], limit=1))

    def _retire_unused(self):
        """Return whether a company uses this account; if none does any more, its token is to be deleted."""
        if self._is_used():
            return True
        if self.connection != 'none':
            lock_rows(self)
            self.token_ids.filtered(lambda token: token.state in ('active', 'renewing', 'lost')).write(
                {'state': 'retiring', 'ended_at': fields.Datetime.now()})
            for name in ('token', 'refresh'):
                self._set_secret(name, None)
            self.write(DISCONNECTED)
            self.activity_unlink([ACTIVITY])
        return False

    def _forget_unused(self, key):
        """Forget the key of this account, which no company uses, as soon as its tokens are deleted.

        :param key: the API key; None when it is not kept, or is not accepted: then nothing can be deleted.
        """
        left = self.token_ids._filter_own().filtered(lambda token: token.state != 'gone')
        if key and left:
            return
        self.env['openapi_pec.secret']._forget_of(self)
        kept = left.filtered(lambda token: token.state == 'retiring')
        if kept:
            kept.state = 'lost'
            self._tell(self.env._(
                "No company uses this account any more: Odoo has forgotten its token, but cannot revoke it, since the "
                "API key is not kept, or not accepted. Delete it in the Openapi console: %(console)s", **CONSOLE))

    # ------------------------------------------------------------ SYNCHRONISATION: what somebody is told

    def _note_problem(self, error):
        """Keep why the token could not be renewed, and tell a system administrator once."""
        if isinstance(error, BadToken) and not self._is_used():
            self._forget_unused(None)
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

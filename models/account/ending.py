import contextlib
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import BadToken, OpenapiPecError

from ..service.lock import lock_rows
from ..service.rights import check_company, check_right
from .connecting import ACTIVITY, CONSOLE, DISCONNECTED, LATE_MINUTES


class OpenapiPecAccount(models.Model):
    """The account is disconnected, and what this database has made is deleted: by its name, and nothing else ever is.
    """
    _inherit = 'openapi_pec.account'

    # ------------------------------------------------------------ ACTIONS: disconnecting

    def action_disconnect(self):
        """Revoke this account's token, where the API key is kept, and forget all its secrets.

        :return: the action that says what became of the token.
        """
        self.ensure_one()
        self.check_access('read')
        check_right(self.env, 'accept')
        check_company(self.company_ids)
        account = self.sudo()
        with account._hold() as is_held:
            if not is_held:
                raise UserError(self.env._(
                    "The token of this account is being renewed at this moment. Nothing was changed or spent; try "
                    "again in a minute."))
            ended, problem = account._revoke()
            left = account._in_transaction(lambda own: own._forget(ended))
        if left and not problem:
            problem = self.env._(
                "Disconnected: the token in use was revoked, and the key is forgotten. What became of %(names)s is not "
                "known: it was asked for minutes ago, or the service's list cannot be read whole. Look into the "
                "Openapi console, and delete it there: %(console)s", names=', '.join(left), **CONSOLE)
        kind = 'warning' if problem else 'success'
        sentence = problem or self.env._("Disconnected: the token was revoked, and the key is forgotten.")
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': kind, 'sticky': kind == 'warning', 'message': sentence,
                       'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}},
        }

    def _revoke(self):
        """Delete all tokens that this database has made for this account.

        :return: the ids of the rows whose tokens certainly do not exist any more, and a sentence where nothing could be
            deleted: a copy of a database deletes nothing, and neither does who has no key.
        :rtype: tuple(set, str)
        """
        key, token = self._read_now('key'), self._read_now('token')
        made = self._in_transaction(lambda own: own._is_at_home() and own._get_made())
        if key and made is not False:
            with contextlib.suppress(BadToken):
                return self._revoke_made(self._get_client(key), token, made)
        return set(), self.env._(
            "Disconnected: Odoo has forgotten the token, but cannot revoke it, since the API key is not kept (or "
            "not accepted). Delete it in the Openapi console: %s", const.account.TOKENS)

    def _revoke_made(self, client, token, made):
        """Do what :meth:`_revoke` does, with the key.

        :param OauthClient client: of this account.
        :param token: that is in use, if there is one.
        :param dict made: as of :meth:`_get_made`.
        :raise BadToken: the key is not accepted.
        :raise UserError: the service cannot be asked.
        """
        try:
            tokens, others = self._find_own(client)
            if others:
                return set(), self.env._(
                    "Disconnected: Odoo has forgotten token and key, but has revoked nothing, since another database "
                    "makes tokens under the name of this one. Delete what nobody uses in the Openapi console: "
                    "%(console)s", **CONSOLE)
            ended = self._delete_named(client, tokens, made)
            if token:
                client.delete_token(token)
                ended |= {token_id for token_id, (*_name, is_used) in made.items() if is_used}
        except BadToken:
            raise
        except OpenapiPecError as error:
            raise UserError(self.env['openapi_pec.words.mixin']._get_unread_sentence(error)) from error
        return ended, ''

    def _get_made(self):
        """Return those tokens that this database has made and that may exist.

        :return: ``{id: (beginning of the name, whether it is made, whether it is the one in use)}``
        :rtype: dict
        """
        early = fields.Datetime.now() - timedelta(minutes=LATE_MINUTES)
        made = self.token_ids.filtered(lambda token: token.state != 'gone')._filter_own()
        return {
            token.id: (
                token._get_beginning(), None if token.state == 'making' and token.asked_at > early else True,
                token.state in ('active', 'renewing'))
            for token in made}

    @staticmethod
    def _delete_named(client, tokens, left, used=None):
        """Delete the tokens at the service that rows of ours name.

        :param OauthClient client: of the account.
        :param Rows tokens: that there are.
        :param dict left: ``{id of a row: (beginning of the name, whether its token is made, …)}``; False: one that is
            found may be made once more, None: it may be made yet.
        :param used: the token that stays.
        :return: the ids of the rows whose tokens certainly do not exist any more.
        :rtype: set
        """
        gone = set()
        is_whole = tokens.is_whole and not tokens.unreadable
        for token_id, (beginning, is_made, *_others) in left.items():
            found = [token for token in tokens if token.name.startswith(beginning) and token.token != used]
            for token in found:
                client.delete_token(token.token)
            if is_made if found else is_whole and is_made is not None:
                gone.add(token_id)
        return gone

    def _forget(self, ended):
        """Forget the secrets of this account, which no company uses any more.

        :param ended: the ids of the rows whose tokens do not exist any more.
        :return: the names of those that may exist.
        :rtype: list
        """
        lock_rows(self)
        self.company_ids.sudo()._openapi_pec_set_token(self.environment, None)
        self.env['openapi_pec.secret']._forget_of(self)
        moment = fields.Datetime.now()
        kept = self.token_ids.filtered(lambda token: token.state != 'gone')
        kept.filtered(lambda token: token.id in ended).write({'state': 'gone', 'ended_at': moment})
        left = kept.filtered(lambda token: token.state != 'gone')
        left.filtered(lambda token: token.state not in ('making', 'lost')).write({'state': 'lost', 'ended_at': moment})
        self.write(DISCONNECTED)
        self.activity_unlink([ACTIVITY])
        return left._filter_own().mapped('name')

    # ------------------------------------------------------------ CALLS: another database of the same name

    def _find_own(self, client):
        """Read which tokens of this database's name there are at the service; somebody is asked about others' ones.

        A copy that was restored under the same name elsewhere, or a backup of this database that was put back, makes
        or has made tokens of the same name: which of them are used there cannot be told from here.

        :param OauthClient client: of this account.
        :return: the tokens, and the names of those that no row of this database names.
        :rtype: tuple(Rows, list)
        """
        tokens = client.find_tokens(self.env['openapi_pec.token']._get_family())
        known = self._in_transaction(lambda account: account.env['openapi_pec.token']._get_known())
        others = [token.name for token in tokens if not token.name.startswith(known)]
        if others:
            self._in_transaction(lambda account: account._ask_about(others))
        return tokens, others

    def _ask_about(self, names):
        """Ask a system administrator which database is the live one.

        :param names: of tokens that another database has made under the name of this one (list of str).
        """
        self.has_double = True
        self._tell(self.env._(
            "At the service there is a token that another database has made under the name and identity of this one: "
            "%(name)s. So a copy of it is running elsewhere, or a backup was put back here. That neither takes away "
            "the other one's token, none is renewed or deleted from here; the present one is used until it expires. If "
            "this is the live database, press Change (or Connect): what the other one has made is left alone from "
            "then on, and you can delete it in the console: %(console)s. If this is the copy, remove the token in its "
            "settings.", name=names[0], **CONSOLE))

    def _take_as_others(self, client, wish):
        """Take what another database has made under our name as its own: who connects here says that ours is live.

        :param Wish wish: of who connects; one that joins with a further company decides nothing.
        """
        if not wish.joins and self._in_transaction(lambda account: account.has_double):
            others = self._find_own(client)[1]
            self._in_transaction(lambda account: account.token_ids.create([
                {'account_id': account.id, 'name': name, 'state': 'gone', 'reason': 'other'} for name in others]))

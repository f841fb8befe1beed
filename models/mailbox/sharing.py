from odoo import fields, models
from odoo.tools import email_normalize
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec.tools.api.text import fold_words
from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed as mailbox_truth


class OpenapiPecMailbox(models.Model):
    """Who uses a mailbox beside its holder: nobody is bought twice without a reason."""
    _inherit = 'openapi_pec.mailbox'

    lost_users = fields.Json(readonly=True, copy=False,
        help="Users that were asked for with calls which do not show at the service: they may turn up yet.")

    def _free_line(self, line, reason=None):
        if line.operation == 'mailbox_user':
            lost = {**self.request['user'], 'day': fields.Date.to_string(line.started_at)}
            self.lost_users = [*(self.lost_users or []), lost]
        return super()._free_line(line, reason)

    def _on_call_accepted(self, operation, data, started_at):
        if operation == 'mailbox_user' and not mailbox_truth.TRUTHS[operation](
                self.request['before'], self.request, None, data):
            self.lost_users = [
                *(self.lost_users or []), {**self.request['user'], 'day': fields.Date.to_string(started_at)}]
        return super()._on_call_accepted(operation, data, started_at)

    def _apply_users(self, users):
        result = super()._apply_users(users)
        if self.lost_users:
            known = [self._identify_user(user.first_name, user.last_name, user.email) for user in self.mailbox_user_ids]
            self.lost_users = [
                user for user in self.lost_users
                if self._identify_user(
                    user['nome'], user['cognome'], user['email_gestione_password']) not in known] or False
        return result

    def _find_users_like(self, first_name, last_name, email):
        """Return the users of this mailbox who have a name or an e-mail, compared leniently, and those who may be on
        their way.

        :return: ``[(is the same in both, sentence that names the user), …]``.
        """
        wanted = self._identify_user(first_name, last_name, email)
        found = []
        for user in self.mailbox_user_ids:
            same = self._count_same(wanted, self._identify_user(user.first_name, user.last_name, user.email))
            found.append((same, self._name_user(user.first_name, user.last_name, user.email, user.userid)))
        for user in self.lost_users or ():
            names = user['nome'], user['cognome'], user['email_gestione_password']
            found.append((self._count_same(wanted, self._identify_user(*names)), self.env._(
                "%(user)s, asked for on %(day)s with a call that does not show yet: look in the Openapi console "
                "whether it was executed",
                user=self._name_user(*names), day=format_date(self.env, user['day']))))
        return [(same == len(wanted), sentence) for same, sentence in found if same]

    @staticmethod
    def _identify_user(first_name, last_name, email):
        """Return what tells one user from another, whatever the case, spaces, accents and order of the names."""
        return sorted(fold_words(f'{first_name or ""} {last_name or ""}')), email_normalize(email) or ''

    @staticmethod
    def _count_same(wanted, known):
        return sum(bool(own) and own == other for own, other in zip(wanted, known, strict=True))

    @staticmethod
    def _name_user(first_name, last_name, email, userid=False):
        name = f'{first_name or ""} {last_name or ""}'.strip()
        return ', '.join(filter(None, (name, email, userid)))

from odoo import fields, models
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean, fold_words
from odoo.addons.l10n_it_openapi_pec.tools.pec.address import normalize_email


class OpenapiPecMailbox(models.Model):
    """The users of a mailbox beside its holder: nobody is paid for twice without a reason."""
    _inherit = 'openapi_pec.mailbox'

    # ------------------------------------------------------------ CALLS

    def _free_line(self, line, reason=None):
        if line.operation == 'mailbox_user':
            lost = {**self.request['user'], 'day': fields.Date.to_string(line.started_at)}
            self.lost_users = [*(self.lost_users or []), lost]
        return super()._free_line(line, reason)

    def _on_operation_accepted(self, operation, data, started_at):
        if operation == 'mailbox_user' and not const.mailbox.OPERATIONS[operation].truth.is_executed(
                self.request['before'], self.request, None, data):
            self.lost_users = [
                *(self.lost_users or []), {**self.request['user'], 'day': fields.Date.to_string(started_at)}]
        return super()._on_operation_accepted(operation, data, started_at)

    def _forget_found_users(self):
        """Forget the users of lost calls who have turned up at the service."""
        if not self.lost_users:
            return
        known = [self._identify_user(user.first_name, user.last_name, user.email) for user in self.mailbox_user_ids]
        self.lost_users = [user for user in self.lost_users if self._identify_user(
            user['nome'], user['cognome'], user['email_gestione_password']) not in known] or False

    # ------------------------------------------------------------ before another one is asked for

    def _find_users_like(self, first_name, last_name, email):
        """Return the users with this name or e-mail, compared leniently; those who may be on their way among them.

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
        return sorted(fold_words(f'{first_name or ""} {last_name or ""}')), normalize_email(email)

    @staticmethod
    def _count_same(wanted, known):
        return sum(bool(own) and own == other for own, other in zip(wanted, known, strict=True))

    @staticmethod
    def _name_user(first_name, last_name, email, userid=False):
        name = clean(f'{first_name or ""} {last_name or ""}')
        return ', '.join(filter(None, (name, email, userid)))

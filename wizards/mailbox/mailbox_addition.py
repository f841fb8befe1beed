from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean
from odoo.addons.l10n_it_openapi_pec.tools.pec.address import normalize_email
from odoo.addons.l10n_it_openapi_pec.tools.reason import get_reason


class OpenapiPecMailboxAddition(models.TransientModel):
    """The last question before a user (*utenza*) is added to a mailbox: who, and that nobody is paid for twice."""
    _name = 'openapi_pec.mailbox.addition'
    _description = "Addition of a User to a Mailbox"
    _inherit = ['openapi_pec.mailbox.order']
    _operation = 'mailbox_user'

    first_name = fields.Char()
    last_name = fields.Char("Surname")
    description = fields.Char(help="What this user is for, such as an office.")
    email = fields.Char("E-Mail", help="Where the user manages the password: an ordinary address of his own.")
    users_like = fields.Text(compute='_compute_users_like', help="Who there is already with the same name or e-mail.")

    @api.depends('mailbox_id', 'first_name', 'last_name', 'email')
    @api.depends_context('lang')
    def _compute_users_like(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            found = order._find_users_like()
            order.users_like = '\n'.join(sentence for _is_same, sentence in found) if found else False

    def _find_users_like(self):
        """Return who there is already with the name or e-mail of this user: see the mailbox's method."""
        return self.mailbox_id._find_users_like(self.first_name, self.last_name, self.email)

    def _get_request(self):
        return {'user': {
            **{key: clean(self[field]) for field, key in const.mailbox.USER_KEYS.items()},
            const.mailbox.USER_KEYS['email']: normalize_email(self.email)}}

    def _get_problem(self):
        if not all(clean(self[field]) for field in const.mailbox.USER_KEYS):
            return self.env._("Complete name, surname, description and e-mail.")
        if not normalize_email(self.email):
            return self.env._("The e-mail is not a well-formed address.")
        return False

    def _get_likeness_sentence(self):
        """Return what asks for a reason, as this user seems to be there already; False when nothing does."""
        found = self._find_users_like()
        users = '; '.join(sentence for _is_same, sentence in found)
        if any(is_same for is_same, _sentence in found):
            sentence = self.env._("This very user is there already: %s.", users)
        else:
            sentence = found and self.env._("There is already a user of this name or e-mail: %s.", users)
        return sentence if not sentence or self.is_sandbox else self.env._(
            "%s A further one is paid like the first.", sentence)

    def _check_order(self):
        checked = super()._check_order()
        if sentence := self._get_likeness_sentence():
            self.mailbox_id._require_reason(self.reason, sentence)
        return checked

    def action_confirm(self):
        action = super().action_confirm()
        if self.users_like:
            self.mailbox_id._message_log(body=self.env._(
                "%(user)s is added although there is already: %(users)s. The reason: %(reason)s",
                user=clean(f'{self.first_name} {self.last_name}'),
                users='; '.join(self.users_like.splitlines()),
                reason=get_reason(self.reason)))
        return action

from odoo import api, models
from odoo.exceptions import AccessError

from .clearance import get_approved


class OpenapiPecPrice(models.Model):
    """Whom budgets and approvals bind does not keep the prices that they are counted with."""
    _inherit = 'openapi_pec.price'

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self._check_keeper()
        return super().create(vals_list)

    def write(self, vals):
        self._check_keeper()
        return super().write(vals)

    def unlink(self):
        self._check_keeper()
        return super().unlink()

    def _check_keeper(self):
        """Raise when budgets or approvals are set, and this user is bound by them."""
        if not self.env.su and not self._is_kept_by_user():
            raise AccessError(self.env._(
                "Budgets or approvals are set, and prices are what they are counted with: a manager who is a system "
                "administrator too corrects them. Nothing was changed."))

    @api.model
    def _is_kept_by_user(self):
        """Return whether prices may be kept on this user's word."""
        return self.env.user.has_group('base.group_system') or not (
            self.env['res.company']._openapi_pec_is_spending_bound())

    # ------------------------------------------------------------ what is known

    @api.model
    def _note_typed(self, operation, mailbox_type, amount, source):
        is_kept = self._is_kept_by_user() or get_approved(self.env)
        return is_kept and super()._note_typed(operation, mailbox_type, amount, source)

from odoo import api, models
from odoo.exceptions import ValidationError

from ..service.secret import PrivateFloat

MOST = 1_000_000  # EUR a month


class ResUsers(models.Model):
    _inherit = 'res.users'

    openapi_pec_budget = PrivateFloat(
        "PEC Budget (EUR)", digits=(16, 2), groups='base.group_system', copy=False,
        help="What this manager's calls may cost in a calendar month before he says why he goes on; before VAT. 0: no "
             "budget of his own.")

    _openapi_pec_budget_not_negative = models.Constraint(
        'CHECK (openapi_pec_budget IS NULL OR openapi_pec_budget >= 0)', "A budget cannot be negative.")

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_openapi_pec_budget(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_openapi_pec_budget(vals)
        return super().write(vals)

    @api.model
    def _check_openapi_pec_budget(self, vals):
        """Raise when a budget is out of bounds, before the database does: its log would tell the user's whole row."""
        field = self._fields['openapi_pec_budget']
        if not 0 <= field.convert_to_cache(vals.get(field.name), self) <= MOST:
            raise ValidationError(self.env._("A budget can be EUR 0 to 1,000,000 a month."))

from odoo import models

from ..service.secret import PrivateFloat


class ResUsers(models.Model):
    _inherit = 'res.users'

    openapi_pec_budget = PrivateFloat(
        "PEC Budget (EUR)", digits=(16, 2), groups='base.group_system', copy=False,
        help="What this manager's calls may cost in a calendar month before he says why he goes on; before VAT. 0: no "
             "budget of his own.")

    _openapi_pec_budget_not_negative = models.Constraint(
        'CHECK (openapi_pec_budget IS NULL OR openapi_pec_budget >= 0)', "A budget cannot be negative.")

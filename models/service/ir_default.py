from odoo import models

ADDON = 'openapi_pec.'  # what the names of this addon's models begin with
SETTINGS = 'openapi_pec_'  # what the names of its settings of a company begin with


class IrDefault(models.Model):
    """Defaults of users: they fill in only what their user may write himself."""
    _inherit = 'ir.default'

    def _get_model_defaults(self, model_name, condition=False):
        defaults = super()._get_model_defaults(model_name, condition)
        if model_name.startswith(ADDON):
            fields = self.env[model_name]._fields
            return {name: value for name, value in defaults.items() if name in fields and not fields[name].readonly}
        if model_name == 'res.company':
            return {name: value for name, value in defaults.items() if not name.startswith(SETTINGS)}
        return defaults

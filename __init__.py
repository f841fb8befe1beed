from . import const
from . import controllers
from . import models
from . import wizards
from .tools.secrecy import row_mask, token_mask

token_mask.install()
row_mask.install()


def uninstall_hook(env):
    """Remove what Odoo does not know to be this addon's: the settings that it keeps as system parameters, such as the
    service's address.
    """
    env['ir.config_parameter'].search([('key', '=like', 'l10n\\_it\\_openapi\\_pec.%')]).unlink()

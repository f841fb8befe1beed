"""What was sent; Odoo's own uninstallation and merging of contacts."""
from . import base_module_uninstall
from . import base_partner_merge
from . import sent

"""What drafts propose takes the legal form into account: a sole trader's are asked for by the owner."""
from odoo import SUPERUSER_ID, api

from odoo.addons.l10n_it_openapi_pec.const.filing import EDITABLE_STATES


def migrate(cr, version):
    """Make the proposals of drafts anew whose contact has a legal form; what people typed stays."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    drafts = env['openapi_pec.communication'].search(
        [('state', 'in', EDITABLE_STATES), ('partner_id.openapi_pec_legal_form', '!=', False)])
    drafts._follow_anew()
    env.flush_all()

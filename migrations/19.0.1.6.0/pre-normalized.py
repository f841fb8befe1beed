"""The PEC of a contact is also kept normalised, so that equal ones are found equal however they were written."""
from odoo.tools.sql import column_exists, create_column

from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

TABLE, COLUMN = 'res_partner', 'openapi_pec_email_normalized'


def migrate(cr, version):
    """Fill the column before Odoo would compute it for all contacts, most of whom have no PEC."""
    if not version or column_exists(cr, TABLE, COLUMN):
        return
    create_column(cr, TABLE, COLUMN, 'varchar')
    cr.execute("SELECT id, openapi_pec_email FROM res_partner WHERE openapi_pec_email != ''")
    rows = [(partner_id, ' '.join(pec_address.find_compared(address))) for partner_id, address in cr.fetchall()]
    cr.execute("""
        UPDATE res_partner SET openapi_pec_email_normalized = NULLIF(new.address, '')
          FROM unnest(%s::int[], %s::varchar[]) AS new (id, address)
         WHERE res_partner.id = new.id
    """, [[partner_id for partner_id, _address in rows], [address for _partner_id, address in rows]])

from odoo.tools.sql import table_exists


def migrate(cr, version):
    """Leave it to the nightly job to fill the new column of the register of positions: no update waits for it."""
    if version and table_exists(cr, 'openapi_pec_position'):
        cr.execute("ALTER TABLE openapi_pec_position ADD COLUMN IF NOT EXISTS refused_on date")

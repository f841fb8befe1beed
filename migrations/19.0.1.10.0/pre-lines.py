from odoo.tools.sql import table_exists


def migrate(cr, version):
    """Leave it to the nightly job to fill the new columns of the register of positions: no update waits for it.

    Since when a line stands as it does is not known of lines from before.
    """
    if not version or not table_exists(cr, 'openapi_pec_position'):
        return
    cr.execute("""
        ALTER TABLE openapi_pec_position ADD COLUMN IF NOT EXISTS state_since timestamp,
                                         ADD COLUMN IF NOT EXISTS fine_reduced_days integer
    """)
    cr.execute("UPDATE openapi_pec_position SET again_on = CURRENT_DATE WHERE active")

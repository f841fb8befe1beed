"""Filings keep the first reason why a draft is to be corrected."""
from odoo.tools.sql import column_exists, create_column

TABLE, COLUMN = 'openapi_pec_communication', 'finding_reason'


def migrate(cr, version):
    """Add the column before Odoo would compute it for all filings; those of drafts follow, see post-verdict.py."""
    if version and not column_exists(cr, TABLE, COLUMN):
        create_column(cr, TABLE, COLUMN, 'varchar')

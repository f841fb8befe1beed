"""The same filing is recognised by its tax code, whichever contact it hangs on: a digest, and a unique index on it.

Of filings that are under way twice the older one stays under guard; the other is marked, and its responsible is told
afterwards.
"""
from odoo.tools import SQL
from odoo.tools.sql import column_exists

from odoo.addons.l10n_it_openapi_pec.const.filing import OPEN_STATES
from odoo.addons.l10n_it_openapi_pec.tools.pec.identity_digest import digest

TABLE = 'openapi_pec_communication'


def migrate(cr, version):
    """Fill the columns before the index is made: it could not be made on open twins."""
    if not version or column_exists(cr, TABLE, 'digest'):
        return
    cr.execute("DROP INDEX IF EXISTS openapi_pec_communication_filed_once")
    cr.execute("ALTER TABLE openapi_pec_communication ADD COLUMN digest varchar, ADD COLUMN is_twin boolean")
    cr.execute("""
        SELECT id, state, environment, company_fiscal_code, partner_id, kind, fiscal_code, pec_email
          FROM openapi_pec_communication
         WHERE environment IS NOT NULL AND COALESCE(pec_email, '') != '' ORDER BY submitted_at NULLS LAST, id
    """)
    seen, digests, twins = set(), [], []
    for filing_id, state, *identity in cr.fetchall():
        value = digest(*identity)
        if state in OPEN_STATES and value in seen:
            twins.append(filing_id)
            continue
        if state in OPEN_STATES:
            seen.add(value)
        digests.append((filing_id, value))
    for filing_id, value in digests:
        cr.execute(SQL("UPDATE openapi_pec_communication SET digest = %s WHERE id = %s", value, filing_id))
    cr.execute(SQL("UPDATE openapi_pec_communication SET is_twin = TRUE WHERE id = ANY(%s)", twins))

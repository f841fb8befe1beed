"""Filings keep the verdict on drafts, their status with the chamber's answer, and their PEC normalised."""
from odoo.tools.sql import column_exists, create_column

from odoo.addons.l10n_it_openapi_pec.const.filing import DELIVERED_STATES
from odoo.addons.l10n_it_openapi_pec.models.filing.overview import OUTCOME_STATUSES
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address

TABLE = 'openapi_pec_communication'
COLUMNS = {
    'pec_email_normalized': 'varchar', 'status': 'varchar', 'findings_level': 'varchar', 'finding_codes': 'jsonb'}


def migrate(cr, version):
    """Fill the columns before Odoo would compute them for all filings; the verdicts follow, see post-verdict.py."""
    if not version or column_exists(cr, TABLE, 'status'):
        return
    for column, column_type in COLUMNS.items():
        if not column_exists(cr, TABLE, column):
            create_column(cr, TABLE, column, column_type)
    cr.execute("""
        UPDATE openapi_pec_communication AS filing
           SET status = COALESCE(CASE WHEN own.state = ANY(%s) THEN known.status END, own.state)
          FROM openapi_pec_communication AS own
          LEFT JOIN unnest(%s::varchar[], %s::varchar[]) AS known (outcome, status)
                 ON known.outcome = own.chamber_outcome
         WHERE filing.id = own.id
    """, [list(DELIVERED_STATES), list(OUTCOME_STATUSES), list(OUTCOME_STATUSES.values())])
    cr.execute("SELECT DISTINCT pec_email FROM openapi_pec_communication WHERE pec_email != ''")
    addresses = {address: pec_address.normalize(address) for address, in cr.fetchall()}
    cr.execute("""
        UPDATE openapi_pec_communication SET pec_email_normalized = NULLIF(known.normalized, '')
          FROM unnest(%s::varchar[], %s::varchar[]) AS known (address, normalized)
         WHERE openapi_pec_communication.pec_email = known.address
    """, [list(addresses), list(addresses.values())])

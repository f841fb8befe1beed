"""Contacts have a legal form and a state, as their denomination tells: filled before Odoo computes them one by one."""
from psycopg2.extras import Json

from odoo.tools.sql import column_exists

from odoo.addons.l10n_it_openapi_pec.tools.italy import legal_form

SLICE = 5000  # contacts at a time


def migrate(cr, version):
    """Read the denominations of all contacts; those that tell nothing keep empty fields."""
    if not version or column_exists(cr, 'res_partner', 'openapi_pec_legal_form'):
        return
    cr.execute("""
        ALTER TABLE res_partner
          ADD COLUMN openapi_pec_legal_form varchar, ADD COLUMN openapi_pec_legal_state varchar,
          ADD COLUMN openapi_pec_denomination jsonb
    """)
    last_id = 0
    while True:
        cr.execute("""
            SELECT id, name, COALESCE(NULLIF(l10n_it_codice_fiscale, ''), vat), COALESCE(is_company, FALSE)
              FROM res_partner
             WHERE id > %s AND name IS NOT NULL ORDER BY id LIMIT %s
        """, [last_id, SLICE])
        rows = cr.fetchall()
        if not rows:
            return
        last_id = rows[-1][0]
        read = [(partner_id, legal_form.read(*denomination)) for partner_id, *denomination in rows]
        told = [
            (partner_id, reading.form or None, reading.state or None, Json(reading._asdict()))
            for partner_id, reading in read if any(reading)]
        if told:
            cr.execute_values("""
                UPDATE res_partner SET openapi_pec_legal_form = told.form, openapi_pec_legal_state = told.state,
                                       openapi_pec_denomination = told.denomination
                  FROM (VALUES %s) AS told (id, form, state, denomination)
                 WHERE res_partner.id = told.id
            """, told, template='(%s, %s, %s, %s::jsonb)', page_size=SLICE)

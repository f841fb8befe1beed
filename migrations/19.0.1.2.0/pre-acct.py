"""Each environment has a token of its own: the one that a company has belongs to the environment that it uses."""
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Move the tokens to where both are kept, and leave none behind."""
    if not version or not column_exists(cr, 'res_company', 'openapi_pec_token_secret'):
        return
    cr.execute("ALTER TABLE res_company ADD COLUMN IF NOT EXISTS openapi_pec_tokens jsonb")
    cr.execute("""
        UPDATE res_company
           SET openapi_pec_tokens = jsonb_build_object(openapi_pec_environment, openapi_pec_token_secret)
         WHERE COALESCE(openapi_pec_token_secret, '') != ''
    """)
    cr.execute("ALTER TABLE res_company DROP COLUMN openapi_pec_token_secret")

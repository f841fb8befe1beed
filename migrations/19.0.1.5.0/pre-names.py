"""Wizards, and a field, have other names: nothing of the old wizards stays, and mail templates name the new field."""
from odoo.tools import SQL
from odoo.tools.sql import column_exists, rename_column

# Nothing in them lasts: the tables are made anew under the names of now.
WIZARDS = (
    'openapi_pec.buy', 'openapi_pec.choose', 'openapi_pec.choose.line', 'openapi_pec.order', 'openapi_pec.receive',
    'openapi_pec.receive.line', 'openapi_pec.send',
)
REQUESTS = 'openapi_pec_signing_request'


def migrate(cr, version):
    """Drop what the old names have left; Odoo itself deletes the models, their fields and external ids at the end."""
    if not version:
        return
    cr.execute("""
        SELECT relation.name FROM ir_model_relation relation JOIN ir_model model ON model.id = relation.model
         WHERE model.model = ANY(%s)
    """, [list(WIZARDS)])
    for table in [*(name for [name] in cr.fetchall()), *(name.replace('.', '_') for name in WIZARDS)]:
        cr.execute(SQL("DROP TABLE IF EXISTS %s CASCADE", SQL.identifier(table)))
    _forget_rules(cr)
    if column_exists(cr, REQUESTS, 'has_papers'):
        rename_column(cr, REQUESTS, 'has_papers', 'has_documents')
    # Templates are a company's own: they are not updated.
    cr.execute("""
        UPDATE mail_template
           SET body_html = replace(body_html::text, 'object.has_papers', 'object.has_documents')::jsonb
         WHERE body_html::text LIKE '%object.has_papers%'
    """)


def _forget_rules(cr):
    """Delete the rules of the old wizards: rules are not updated, so only what is missing is made for the new ones."""
    cr.execute("""
        DELETE FROM ir_rule rule USING ir_model model
         WHERE model.id = rule.model_id AND model.model = ANY(%s) RETURNING rule.id
    """, [list(WIZARDS)])
    cr.execute(
        "DELETE FROM ir_model_data WHERE model = 'ir.rule' AND res_id = ANY(%s)",
        [[rule_id for [rule_id] in cr.fetchall()]])

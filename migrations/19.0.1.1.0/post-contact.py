"""Keep, of what the service had refused and nobody has changed since, that it did."""
from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

MODELS = (('openapi_pec.communication', 'create', 'state'), ('openapi_pec.mailbox', 'mailbox_create', 'call_state'))


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.flush_all()
    for model, operation, column in MODELS:
        # A refusal is written together with the end of its line in the journal: what was written later was changed by
        # somebody.
        cr.execute(SQL(
            """
            SELECT record.id, record.error_message
              FROM %(table)s AS record
              JOIN LATERAL (
                   SELECT state, status, ended_at FROM openapi_pec_api_call
                    WHERE res_model = %(model)s AND res_id = record.id AND operation = %(operation)s
                    ORDER BY id DESC LIMIT 1
                   ) AS line
                ON line.state = 'refused' AND line.status NOT IN (401, 403)
               AND record.write_date <= line.ended_at + interval '1 second'
             WHERE record.%(column)s = 'failed' AND record.error_message IS NOT NULL
            """, table=SQL.identifier(env[model]._table), model=model, operation=operation,
            column=SQL.identifier(column)))
        for record_id, sentence in cr.fetchall():
            env[model].browse(record_id)._keep_refused(operation, sentence)

"""Looks in another account than the one that was called counted when that account was left: they tell nothing of the
call.
"""
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Forget such looks of the calls whose answer is still missing, and say what is known of them."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    lines = env['openapi_pec.api_call'].search([('state', '=', 'pending'), ('accepted_doubt', 'like', 'other_account')])
    lines.write(
        {'looks': 0, 'looked_at': False, 'last_believed_at': False, 'doubt': 'other_account', 'accepted_doubt': False})
    for line in lines:
        if record := env[line.res_model].browse(line.res_id).exists():
            record._for_reader()._on_call_not_found(line)

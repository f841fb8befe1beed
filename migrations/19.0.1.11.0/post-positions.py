from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Have the job judge all lines of the register anew: of a refused filing more is said now than was before."""
    if version:
        api.Environment(cr, SUPERUSER_ID, {})['openapi_pec.position']._judge_later()

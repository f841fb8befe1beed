"""Plain Python, without Odoo: importing one module loads none of the others."""

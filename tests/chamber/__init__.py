"""The mail of the chambers of commerce, as it comes in through Odoo's gateway."""

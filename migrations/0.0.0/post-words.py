from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Translate labels, menus and pages anew, at each update: it keeps the words of an earlier version otherwise.

    What users keep of their own wording stands in records that no update writes (mails, prices, scheduled jobs).
    """
    if version:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env['ir.module.module']._get('l10n_it_openapi_pec')._update_translations(overwrite=True)

from odoo import SUPERUSER_ID, api


def migrate(cr, version):  # noqa: ARG001 (Odoo gives it)
    """Write the mails to signers anew, at each update. A text that somebody has changed stays."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in ('mail_template_signing', 'mail_template_signing_forms'):
        template = env.ref(f'l10n_it_openapi_pec.{name}', raise_if_not_found=False)
        if template and template.write_uid.id == SUPERUSER_ID:
            template.reset_template()

from odoo import SUPERUSER_ID, api


def migrate(cr, version):  # noqa: ARG001 (Odoo gives it)
    """Retire the templates of filings and mailboxes, which wrote the link into the message; signing requests have
    theirs.

    A text that somebody has changed is kept, archived, to be taken over by hand.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in ('mail_template_procura', 'mail_template_mailbox_form'):
        template = env.ref(f'l10n_it_openapi_pec.{name}', raise_if_not_found=False)
        if not template or not template.active:
            continue
        if template.write_uid.id == SUPERUSER_ID:
            template.unlink()
        else:
            template.active = False

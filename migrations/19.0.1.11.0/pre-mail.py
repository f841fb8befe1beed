# template -> what of a request its mail is about
TEMPLATES = {'mail_template_signing': '_get_filings', 'mail_template_signing_forms': '_get_mailboxes'}


def migrate(cr, version):
    """Have each mail to signers look at what it is about alone, also in a text that somebody has changed.

    Odoo renders a template that is changed, as at an update, with any request: one for the other mail stopped it.
    """
    if not version:
        return
    for name, method in TEMPLATES.items():
        cr.execute("""
            UPDATE mail_template SET body_html = replace(
                       body_html::text, 'object._get_records()', %s)::jsonb
              FROM ir_model_data
             WHERE ir_model_data.module = 'l10n_it_openapi_pec' AND ir_model_data.name = %s
               AND mail_template.id = ir_model_data.res_id
        """, (f'object.{method}()', name))

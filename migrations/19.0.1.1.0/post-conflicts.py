def migrate(cr, _version):
    """Have both jobs read the service once: what called back and was not read yet was noted on the records, which no
    longer is.
    """
    cr.execute("""
        INSERT INTO ir_cron_trigger (cron_id, call_at)
        SELECT res_id, now() AT TIME ZONE 'UTC'
          FROM ir_model_data
         WHERE module = 'l10n_it_openapi_pec' AND name IN ('ir_cron_synchronize', 'ir_cron_mailboxes')
    """)

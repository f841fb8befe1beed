def migrate(cr, version):
    """Keep the filters that users have saved in *Spending*, which is gone: the journal offers them, applied by none."""
    if not version:
        return
    cr.execute("""
        UPDATE ir_filters SET action_id = journal.res_id, is_default = FALSE
          FROM ir_model_data gone LEFT JOIN ir_model_data journal
               ON journal.module = gone.module AND journal.name = 'action_api_call'
         WHERE gone.module = 'l10n_it_openapi_pec' AND gone.name = 'action_api_call_report'
           AND ir_filters.action_id = gone.res_id
    """)

"""Who may not see the records of a company, and what is answered to him all the same."""
ADDON = 'odoo.addons.l10n_it_openapi_pec.'
NOBODY = ('public', 'portal', 'internal', 'access_rights', 'system')  # have no group of this addon
STRANGERS = ('stranger', 'passive', 'stranger_user')  # have, and work in another company
ANY = (*NOBODY, *STRANGERS)
# Find records by what is looked for: they find none.
SEARCHES = (
    'search', 'search_read', 'web_search_read', 'search_count', 'name_search', 'web_name_search',
    'formatted_read_group', 'web_read_group', 'read_group')

# Written with every new record.
CHATTER = ('mail_followers', 'mail_followers_mail_message_subtype_rel', 'mail_message', 'ir_model_data')
# The law, which is the same for every company, and what a change of it does: the lines are judged anew by the job.
RULES = ('openapi_pec.rule', 'openapi_pec.rule.term', 'openapi_pec.rule.fine')
JUDGED_ANEW = ('wrote openapi_pec_position', 'wrote ir_cron_trigger')
# What is answered, or done, all the same: (model, method, roles) -> (what comes of it beyond an answer, why that is
# right).
ALLOWED = {
    **{('openapi_pec.price', method, STRANGERS): ({'found records'}, ("prices are the vendor's, and the same for every "
                                                                     "company"))
       for method in ('read', 'web_read', 'export_data', 'get_metadata', *SEARCHES)},
    **{('openapi_pec.price', method, ('stranger', 'passive')): (
        {'wrote openapi_pec_price'}, "every manager keeps the one table of prices, where none is bound by them")
       for method in ('create', 'write', 'web_save', 'web_save_multi', 'copy', 'load')},
    ('openapi_pec.price', 'unlink', ('stranger', 'passive')): (
        {'wrote openapi_pec_price', 'wrote ir_model_data'}, "every manager keeps the one table of prices"),
    **{(model, method, STRANGERS): (
        {'found records', 'wrote ir_model_data'},
        "the law is public, and the same for every company; an export names it")
       for model in RULES for method in ('read', 'web_read', 'export_data', 'get_metadata', *SEARCHES)},
    **{(model, method, ('stranger', 'passive')): (
        {f"wrote {model.replace('.', '_')}", *JUDGED_ANEW}, "every manager keeps the one table of the law")
       for model in RULES
       for method in ('create', 'write', 'web_save', 'web_save_multi', 'copy', 'load', 'action_take_shipped')},
    **{(model, method, ('system',)): (
        {'found records', 'told a secret', 'wrote ir_model_data'},
        "the lists of the European Union are the same for every company, and a system administrator's to look after")
       for model in ('openapi_pec.trust_anchor', 'openapi_pec.trusted_list')
       for method in ('read', 'web_read', 'export_data', 'get_metadata', *SEARCHES)},
    **{('openapi_pec.trust_anchor', method, ('system',)): (
        {'wrote openapi_pec_trust_anchor', 'wrote ir_cron_trigger', 'wrote ir_model_data'},
        "a system administrator says who may sign the list of lists")
       for method in (
           'create', 'web_save', 'unlink', 'copy', 'name_create', 'load', 'action_confirm', 'default_get', 'onchange')},
    ('openapi_pec.trusted_list', 'action_fetch', ('system',)): (
        {'wrote openapi_pec_trusted_list', 'wrote ir_cron_trigger'}, "likewise: it is public"),
    **{('openapi_pec.chamber_word', method, STRANGERS): (
        {'found records'}, "what chambers write is the same for every company")
       for method in ('read', 'web_read', 'export_data', 'get_metadata', *SEARCHES)},
    **{('openapi_pec.chamber_word', method, ('stranger', 'passive')): (
        {'wrote openapi_pec_chamber_word', 'wrote ir_model_data'}, "every manager keeps the one table of words")
       for method in (
           'create', 'write', 'web_save', 'web_save_multi', 'copy', 'load', 'unlink', 'name_create', 'action_archive',
           'action_unarchive', 'toggle_active')},
    **{('openapi_pec.domain', method, STRANGERS): (
        {'found records', 'wrote ir_model_data'},
        "what was told of a domain is asked and paid once for everybody; an export names it")
       for method in ('read', 'web_read', 'export_data', 'get_metadata', *SEARCHES)},
    **{(model, method, STRANGERS): (
        {f'wrote {table}' for table in (model.replace('.', '_'), *CHATTER)},
        "a new record of one's own company, which names nothing")
       for model in ('openapi_pec.batch', 'openapi_pec.billing', 'openapi_pec.communicate', 'openapi_pec.import_row',
                     'openapi_pec.mailbox', 'openapi_pec.register_question', 'openapi_pec.submit', 'openapi_pec.upload')
       for method in ('name_create', 'load')},
    ('openapi_pec.connect', 'load', ('system',)): (
        {'wrote openapi_pec_connect', 'wrote ir_model_data'}, "a new question of one's own, which names nothing"),
    **{(model, 'action_confirm_home', ('system',)): (
        {'wrote ir_cron_trigger', 'wrote mail_message'},
        "whether a database is a copy is told for all companies, and by these alone")
       for model in (
           'openapi_pec.batch', 'openapi_pec.communication', 'openapi_pec.mailbox', 'openapi_pec.record.mixin')},
    **{(model, 'fields_get', ANY): ((), "the labels of fields, which Odoo tells everybody; less than without the addon")
       for model in (
           'openapi_pec.communication', 'openapi_pec.import_row', 'openapi_pec.mailbox', 'openapi_pec.record.mixin',
           'res.partner')},
    ('res.config.settings', 'action_openapi_pec_confirm_home', ('system',)): ({'wrote ir_cron_trigger'}, "likewise"),
    ('openapi_pec.import_row', 'get_import_templates', STRANGERS): ((), "a file, the same for everybody"),
    ('openapi_pec.import_row', 'action_open_import', STRANGERS): ((), "opens Odoo's import, the same for everybody"),
    ('openapi_pec.import_row', 'load', STRANGERS): ((), "tells that these columns are none of it"),
    ('openapi_pec.overview', 'get_overview', STRANGERS): ((), "counts the records of one's own companies"),
    ('openapi_pec.overview', 'read_wallets', STRANGERS): ((), "tells of the wallets of one's own companies"),
    ('openapi_pec.communication', 'get_import_templates', STRANGERS): ((), "an example file, the same for everybody"),
    ('openapi_pec.communication', 'load', STRANGERS): ((), "tells of each row that its contact is not found"),
    **{('openapi_pec.notice_list', method, STRANGERS): (
        {'wrote openapi_pec_notice_list'}, "a list of one's own, which names nobody before it is read")
       for method in ('create', 'web_save')},
    ('openapi_pec.office', 'get_import_templates', STRANGERS): ((), "an example file, the same for everybody"),
    ('openapi_pec.office', 'load', STRANGERS): ((), "tells that these columns are none of it"),
    ('openapi_pec.upload', 'create', STRANGERS): (
        {'wrote openapi_pec_receive'},
        "an upload of one's own; files of others that it names are refused when they are read"),
}


def judge(role, model, method, outcome, did, is_own, names_records):
    """Return what is wrong with the outcome of a call on what its caller may not see; '' when nothing is.

    It is to be refused as such, before anything is read, asked or written.

    :param str outcome: 'done', or the name of the error
    :param list did: what it did beyond answering: 'found records', 'told a secret', 'wrote a_table', …
    :param bool is_own: whether the method is this addon's, or overridden by it
    :param bool names_records: whether its arguments name the records
    """
    allowed = next(
        (what for (*call, roles), (what, _why) in ALLOWED.items() if call == [model, method] and role in roles), None)
    if allowed is not None and outcome in ('done', 'AccessError', 'UserError'):
        did = [one for one in did if one not in allowed]
        return f'{outcome}, {did}' if did else ''
    # Odoo's other methods answer, and tell nothing; that somebody may export nothing at all is said first.
    is_refused = outcome == 'AccessError' or not (is_own or names_records) or (method, outcome) == (
        'export_data', 'UserError')
    return '' if is_refused and not did else f'{outcome}, {did}'


def has_found(result):
    """Return whether a search has found records."""
    if isinstance(result, dict):
        result = result.get('length') or result.get('records') or result.get('groups')
    return bool(result)

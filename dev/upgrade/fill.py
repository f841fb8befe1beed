"""Data of an earlier version, made by its own code: this file is run in the shell of Odoo with that version."""
import json

NAME = 'l10n_it_openapi_pec'
# Tokens that a version before 19.0.1.4.0 draws by chance and keeps: of the signer's page, and of a callback.
PAGES = {
    'openapi_pec.communication': '3f0c9f4e-6f0f-4a55-9c39-0d6f5b1a7c11',
    'openapi_pec.mailbox': '7a1de2b8-93b4-4c06-8a1e-5e0c2d9f4b22'}
CALLBACKS = {
    'openapi_pec.communication': '5c6f1be2a9d84d0f8f3f0f64c1a2b311',
    'openapi_pec.mailbox': '9e8d7c6b5a4f43c2b1a0f1e2d3c4b522'}
NOT_SENT = ('draft', 'queued', 'unconfirmed', 'failed', 'cancelled')


def fill(env, tokens):
    """Make a record in each state, a line of the journal of each kind, and what users keep of their own.

    Print a line ``FACTS`` with what the present version must still know: ``{'pages': {model: token}, 'callbacks':
    {model: token}}``.

    :param dict tokens: the accounts' tokens, ``{environment: token}``.
    """
    for environment, token in tokens.items():
        env.company._openapi_pec_set_token(environment, token)
    env['res.lang']._activate_lang('it_IT')
    env['ir.module.module'].search([('name', '=', NAME)])._update_translations(['it_IT'])
    partner = env['res.partner'].create({
        'name': "Falegnameria Prova S.r.l.", 'is_company': True, 'l10n_it_codice_fiscale': '12485671007',
        'city': "Roma", 'state_id': env.ref('base.state_it_rm').id, 'openapi_pec_email': 'prova@legalmail.it'})
    env['res.partner'].create({
        'name': "Mario Rossi", 'parent_id': partner.id, 'email': 'mario@example.com', 'phone': '3401234518',
        'l10n_it_codice_fiscale': 'RSSMRA80A01H501U'})
    if 'openapi_pec.position' in env:
        partner._openapi_pec_follow()
    filings, mailboxes = fill_filings(env, partner), fill_mailboxes(env, partner)
    fill_journal(env, filings, mailboxes)
    facts = fill_links(env, [
        filings.filtered(lambda own: own.state == 'awaiting_documents'),
        mailboxes.filtered(lambda own: own.state == 'registered')])
    fill_customs(env)
    env.cr.commit()
    print('FACTS', json.dumps(facts))


def fill_filings(env, partner):
    """Make a filing in each state."""
    filings = env['openapi_pec.communication']
    for state, _label in filings._fields['state'].selection:
        filings += filings.create({'partner_id': partner.id, 'pec_email': f'{state}@legalmail.it'})
        filings[-1].sudo().write({
            'state': state,
            'environment': False if state == 'draft' else 'sandbox',
            'error_message': "so" if state == 'failed' else False,
            'remote_id': False if state in NOT_SENT else f'{filings[-1].id:024x}'})
    return filings


def fill_mailboxes(env, partner):
    """Make a mailbox in each state."""
    mailboxes = env['openapi_pec.mailbox']
    for state, _label in mailboxes._fields['state'].selection:
        mailboxes += mailboxes.create({
            'partner_id': partner.id, 'address': f'{state}@testcert.legalmail.it', 'mailbox_type': 'BRONZE'})
        mailboxes[-1].sudo().write({'state': state, **({} if state == 'draft' else {
            'environment': 'sandbox', 'remote_id': f'{mailboxes[-1].id:024x}'})})
    return mailboxes


def fill_journal(env, filings, mailboxes):
    """Make a line of the journal in each state, for a filing and for a mailbox."""
    calls = env['openapi_pec.api_call'].sudo()
    for number, (state, _label) in enumerate(calls._fields['state'].selection):
        for record, operation in ((filings[number], 'create'), (mailboxes[number], 'mailbox_create')):
            calls.create({
                'operation': operation, 'res_model': record._name, 'res_id': record.id, 'company_id': env.company.id,
                'environment': 'sandbox', 'user_id': env.uid, 'state': state, 'price': 15.7,
                'account': env.company._openapi_pec_get_fingerprint('sandbox')})


def fill_links(env, records):
    """Have links mailed, and callbacks known to the service; return the facts.

    Where the version keeps tokens in clear, one mail with a link has not left yet, and one answer quotes it.
    """
    for record in records:
        if record._fields['access_token'].store:
            record.sudo().write({
                'access_token': PAGES[record._name], 'callback_token': CALLBACKS[record._name]})
            url = record.get_portal_url(query_string="&amp;lang=it_IT")
            link = f'<a href="https://odoo.example.com{url}">Sign</a>'
            env['mail.mail'].create({'body_html': link, 'state': 'exception'})
            record.message_post(body="x").body = link
    return {
        'pages': {record._name: record.sudo().access_token for record in records},
        'callbacks': {record._name: record.sudo().callback_token for record in records}}


def fill_customs(env):
    """Make what users keep of their own: a filter, a default, a window action, a server action, wordings."""
    env['ir.filters'].create({
        'name': "Custom filter", 'model_id': 'openapi_pec.communication', 'user_ids': False,
        'domain': "[('state', '=', 'completed'), ('partner_id.name', 'ilike', 'Prova')]"})
    env['ir.default'].set('openapi_pec.mailbox', 'mailbox_type', 'SILVER')
    env['ir.actions.act_window'].create({
        'name': "Custom window", 'res_model': 'openapi_pec.mailbox', 'view_mode': 'list,form',
        'domain': "[('state', '=', 'active')]"})
    env['ir.actions.server'].create({
        'name': "Custom action", 'model_id': env['ir.model']._get_id('openapi_pec.communication'), 'state': 'code',
        'code': "action = records.action_create_batch()"})
    for xmlid in ('mail_template_signing', 'mail_template_signing_forms'):
        template = env.ref(f'{NAME}.{xmlid}').with_user(env.ref('base.user_admin'))  # as a person does
        template.with_context(lang='it_IT').subject = "Parole nostre"
    env.ref(f'{NAME}.ir_cron_synchronize').interval_number = 45

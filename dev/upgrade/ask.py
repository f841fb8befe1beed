"""Questions to a database that was updated: this file is run in the shell of Odoo with the present version."""
import re

import polib

from odoo.tools import file_path
from odoo.tools.safe_eval import safe_eval

NAME = 'l10n_it_openapi_pec'
OWN = ('partner_id.name', '=', "Falegnameria Prova S.r.l.")  # `fill` has made the records of this contact
STATES = {'openapi_pec.communication': 'awaiting_documents', 'openapi_pec.mailbox': 'registered'}


def ask(env, tokens, facts, judged_anew):
    """Print a line ``PROBLEM`` for each answer that is wrong, and ``ASKED ALL`` at the end.

    :param dict tokens: the accounts' tokens, ``{environment: token}``.
    :param dict facts: what ``fill`` has printed.
    :param bool judged_anew: whether the register judges in another way than the earlier version did.
    """
    for question in (
            ask_positions(env, judged_anew), ask_accounts(env, tokens), ask_links(env, facts), ask_models(env),
            ask_external_ids(env), ask_jobs(env), ask_customs(env), ask_words(env), ask_mails(env), ask_contacts(env)):
        for problem in question:
            print('PROBLEM', problem)
    env.cr.rollback()
    print('ASKED ALL')


def ask_accounts(env, tokens):
    """The accounts have their tokens, and the journal knows the accounts."""
    for environment, token in tokens.items():
        if env.company._openapi_pec_get_token(environment) != token:
            yield f'the token of {environment} is not what it was'
    # The demo office's calls are of an account that was never here.
    invented = env['ir.model.data'].search([('model', '=', 'openapi_pec.api_call'), ('module', '=', NAME)])
    for line in env['openapi_pec.api_call'].search(
            [('account', '!=', False), ('id', 'not in', invented.mapped('res_id'))]):
        if not env.company._openapi_pec_has_called(line):
            yield f'the account of {line} is not known any more'


def ask_links(env, facts):
    """The links that were mailed open their page, and the callbacks find their record."""
    for model, state in STATES.items():
        record = env[model].search([('state', '=', state), OWN])
        if len(record) != 1:
            yield f'not one record of {model} is {state}'
        elif record._find_for_signer(str(record.id), facts['pages'][model], 'en_US') != record:
            yield f'the link of {model} opens nothing'
        elif record._find_for_callback(facts['callbacks'][model]) != record:
            yield f'the callback of {model} is not known'


def ask_models(env):
    """Each model of the addon is in the registry, and each table is of a model or of a relation."""
    for model in env['ir.model'].search([('model', '=like', 'openapi\\_pec.%')]):
        if model.model not in env:
            yield f'the model {model.model} does not exist any more'
    names = {model._table for model in env.values()} | {
        field.relation for model in env.values() for field in model._fields.values()
        if field.type == 'many2many' and field.store}
    env.cr.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'openapi\\_pec%'")
    yield from (f'the table {table} is of no model' for [table] in env.cr.fetchall() if table not in names)


def ask_contacts(env):
    """Contacts that were there before have the legal form that their name tells, and their PEC normalised."""
    companies = env['res.partner'].search([('name', '=like', 'Falegnameria % S.r.l.')])
    if not companies:
        yield 'no contact is left whose name tells a legal form'
    for company in companies:
        if company.openapi_pec_legal_form != 'SR':
            yield f'the legal form of {company} is {company.openapi_pec_legal_form}'
    for contact in env['res.partner'].search([('openapi_pec_email', '!=', False)]):
        if contact.openapi_pec_email_normalized != contact.openapi_pec_email:
            yield f'the normalised PEC of {contact} is not its PEC'


def ask_positions(env, judged_anew):
    """Lines of the register of positions have a state, and wait for the nightly job; other questions change them."""
    for line in env['openapi_pec.position'].search([('partner_id.name', '=', OWN[2])]):
        if not line.state:
            yield f'{line} has no state'
        if judged_anew and (not line.again_on or line.again_on > line._get_today()):
            yield f'{line} is not judged anew tonight'


def ask_external_ids(env):
    """Each external id of the addon names a record that exists."""
    for data in env['ir.model.data'].search([('module', '=', NAME)]):
        if data.model not in env or not env[data.model].browse(data.res_id).exists():
            yield f'the external id {data.name} names nothing: {data.model}, {data.res_id}'


def ask_jobs(env):
    """The code of scheduled jobs and server actions calls methods that exist."""
    for action in env['ir.actions.server'].with_context(active_test=False).search(
            [('model_id.model', '=like', 'openapi\\_pec.%'), ('state', '=', 'code')]):
        for method in re.findall(r'\b(?:model|records?)\.(\w+)\(', action.code):
            if not hasattr(env[action.model_name], method):
                yield f'{action.name} calls {action.model_name}.{method}, which does not exist'


def ask_customs(env):
    """What users keep of their own works: window actions, filters, defaults, server actions, wordings."""
    for window in env['ir.actions.act_window'].search([('res_model', '=like', 'openapi\\_pec.%')]):
        env[window.res_model].get_views([(False, mode) for mode in window.view_mode.split(',')])
    for custom in env['ir.filters'].search([('model_id', '=like', 'openapi\\_pec.%')]):
        if not env[custom.model_id].search(safe_eval(custom.domain)):
            yield f'the filter {custom.name} finds nothing'
    if env['openapi_pec.mailbox'].new({}).mailbox_type != 'SILVER':
        yield 'the default of a field is lost'
    if not env['ir.actions.act_window'].search([('name', '=', "Custom window"), ('res_model', 'in', list(env))]):
        yield 'the window action is lost'
    drafts = env['openapi_pec.communication'].search([('state', '=', 'draft')])
    env['ir.actions.server'].search([('name', '=', "Custom action")]).with_context(
        active_model=drafts._name, active_ids=drafts.ids, active_id=drafts[:1].id).run()
    if env.ref(f'{NAME}.ir_cron_synchronize').interval_number != 45:
        yield 'the interval of a scheduled job is lost'


def ask_words(env):
    """Menus and labels say in Italian what the present translation says, not what an earlier one said."""
    for entry in polib.pofile(file_path(f'{NAME}/i18n/it.po')):
        for place, _line in entry.occurrences:
            told = re.fullmatch(r'model:(ir\.ui\.menu|ir\.model\.fields(?:\.selection)?),(\w+):(.+)', place)
            record = told and env.ref(told[3], raise_if_not_found=False)
            if record and record.with_context(lang='it_IT')[told[2]] != entry.msgstr:
                yield f'{told[3]} is called {record.with_context(lang="it_IT")[told[2]]}, not {entry.msgstr}'


def ask_mails(env):
    """The mail templates, which are never updated, say what they said and can be rendered."""
    partner = env['res.partner'].search([('name', '=', "Mario Rossi")], limit=1)
    for xmlid, model in (
            ('mail_template_signing', 'openapi_pec.communication'),
            ('mail_template_signing_forms', 'openapi_pec.mailbox')):
        template = env.ref(f'{NAME}.{xmlid}')
        if template.with_context(lang='it_IT').subject != "Parole nostre":
            yield f'the wording of {xmlid} is lost'
        record = env[model].search([('state', '=', STATES[model]), OWN])
        request = env['openapi_pec.signing_request'].sudo().create({
            'name': partner.name, 'email': partner.email, 'partner_id': partner.id, 'company_id': env.company.id})
        record.sudo().signing_request_id = request
        if not template._render_field('body_html', request.ids)[request.id]:
            yield f'{xmlid} renders nothing'

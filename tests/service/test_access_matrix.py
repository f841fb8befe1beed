"""Every model, every method that a client can call, every role.

The matrix is made from the registry, so that what is new is covered without a new test.

A call on what the caller may not see is expected to be refused as such, before anything is read, asked or written. What
is answered all the same stands in a table here, with the reason; it says nothing about the other company, and changes
nothing in any case.
"""
import inspect
from collections import defaultdict

from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common_mailbox import MailboxCase, make_pdf

ADDON = 'odoo.addons.l10n_it_openapi_pec.'
SECRET = 'segret'  # stands in whatever tells of the company that the callers may not see
NOBODY = ('public', 'portal', 'internal', 'access_rights', 'system')  # have no group of this addon
STRANGERS = ('stranger', 'passive', 'stranger_user')  # have, and work in another company
ANY = (*NOBODY, *STRANGERS)

# Arguments of the methods that every model has; `ids`, `id`, `values` (that point at the records of the other company),
# `field` and `domain` are put in. What is not here gets its arguments by the names of its parameters.
ARGUMENTS = {
    'read': ['$ids'],
    'web_read': ['$ids', {'display_name': {}}],
    'search': ['$domain'],
    'search_read': ['$domain', ['display_name']],
    'web_search_read': ['$domain', {'display_name': {}}],
    'search_count': ['$domain'],
    'name_search': [''],
    'web_name_search': ['', {'display_name': {}}],
    'formatted_read_group': ['$domain', ['create_uid'], ['__count']],
    'web_read_group': ['$domain', ['create_uid'], ['__count']],
    'read_group': ['$domain', ['create_uid'], ['create_uid']],
    'export_data': ['$ids', ['id', 'display_name']],
    'fields_get': [],
    'default_get': [['display_name', 'company_id', 'partner_id']],
    'onchange': [[], '$values', '$names', {'display_name': {}}],
    'create': [['$values']],
    'name_create': ["x"],
    'write': ['$ids', '$change'],
    'web_save': [[], '$values', {'display_name': {}}],
    'web_save_multi': ['$ids', '$changes', {'display_name': {}}],
    'unlink': ['$ids'],
    'copy': ['$ids'],
    'load': [['.id', '$field'], [['$id', "x"]]],
}
BY_NAME = {
    'domain': '$domain', 'fields': ['display_name'], 'field_names': ['display_name'], 'names': ['display_name'],
    'groupby': ['create_uid'], 'values': {}, 'vals': {}, 'views': [[False, 'form']], 'operation': 'read',
    'field_name': 'create_uid', 'fname': 'create_uid',
}
# Find records by what is looked for: they find none.
SEARCHES = (
    'search', 'search_read', 'web_search_read', 'search_count', 'name_search', 'web_name_search',
    'formatted_read_group', 'web_read_group', 'read_group')
# What they log of a refusal, and of what is out of use, is no matter here.
LOGGERS = (
    'py.warnings', 'odoo.addons.mail.models.mail_thread', 'odoo.sql_db', 'odoo.addons.base.models.ir_model',
    'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_access', 'odoo.models', 'odoo.orm.models',
    'odoo.domains')
# Written with every new record.
CHATTER = ('mail_followers', 'mail_followers_mail_message_subtype_rel', 'mail_message', 'ir_model_data')
# What is answered, or done, all the same: (model, method, roles) -> (what comes of it beyond an answer, why that is
# right).
ALLOWED = {
    **{('openapi_pec.price', method, STRANGERS): ({'found records'}, ("prices are the vendor's, and the same for every "
                                                                     "company"))
       for method in ('read', 'web_read', 'export_data', 'get_metadata', *SEARCHES)},
    **{('openapi_pec.price', method, ('stranger', 'passive')): (
        {'wrote openapi_pec_price'}, "every manager keeps the one table of prices")
       for method in ('create', 'write', 'web_save', 'web_save_multi', 'copy', 'load')},
    ('openapi_pec.price', 'unlink', ('stranger', 'passive')): (
        {'wrote openapi_pec_price', 'wrote ir_model_data'}, "every manager keeps the one table of prices"),
    **{('openapi_pec.domain', method, STRANGERS): (
        {'found records', 'wrote ir_model_data'},
        "what was told of a domain is asked and paid once for everybody; an export names it")
       for method in ('read', 'web_read', 'export_data', 'get_metadata', *SEARCHES)},
    **{(model, method, STRANGERS): (
        {f'wrote {table}' for table in (model.replace('.', '_'), *CHATTER)},
        "a new record of one's own company, which names nothing")
       for model in ('openapi_pec.batch', 'openapi_pec.communicate', 'openapi_pec.import_row', 'openapi_pec.mailbox',
                     'openapi_pec.submit', 'openapi_pec.upload')
       for method in ('name_create', 'load')},
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
    ('openapi_pec.communication', 'get_import_templates', STRANGERS): ((), "an example file, the same for everybody"),
    ('openapi_pec.communication', 'load', STRANGERS): ((), "tells of each row that its contact is not found"),
    ('openapi_pec.upload', 'create', STRANGERS): (
        {'wrote openapi_pec_receive'},
        "an upload of one's own; files of others that it names are refused when they are read"),
}
# What a user of the company itself may have called: it costs nothing, and delivers what was signed.
DELIVERIES = {
    ('openapi_pec.communication', 'action_send_documents'), ('openapi_pec.mailbox', 'action_send_documents'),
    ('openapi_pec.delivery', 'action_confirm'), ('openapi_pec.upload', 'action_send'),
}
# The last question of each operation on a mailbox, and what is filled in.
QUESTIONS = {
    'openapi_pec.mailbox.confirmation': {}, 'openapi_pec.mailbox.renewal': {'years': '1'},
    'openapi_pec.mailbox.enlargement': {'disk_space': 1024}, 'openapi_pec.mailbox.upgrade': {'new_type': 'GOLD'},
    'openapi_pec.mailbox.storage': {'new_space': 512}, 'openapi_pec.mailbox.addition': {'last_name': "x"},
    'openapi_pec.mailbox.revocation': {'typed_address': 'x'},
}


def expand(value, terms):
    """Return arguments with their terms put in."""
    if isinstance(value, str):
        return terms.get(value, value)
    if isinstance(value, list):
        return [expand(item, terms) for item in value]
    return value


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestAccessMatrix(MailboxCase):
    """The records of one company, and everybody who may not see them."""

    requests, writes = [], {}

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        TestAccessMatrix.requests.append(request.method)
        return super()._request_handler(session, request, **kwargs)

    def setUp(self):
        super().setUp()
        self.other = self.env['res.company'].create({'name': "Altra S.r.l."})
        at_home = {'company_id': self.other.id, 'company_ids': [Command.set(self.other.ids)]}
        pec, staff = 'l10n_it_openapi_pec.group_', 'base.group_user,base.group_allow_export'
        roles = {
            'public': (self.env.ref('base.public_user'), {}),
            'portal': (new_test_user(self.env, 'pec_m_portal', 'base.group_portal', **at_home), {}),
            'internal': (new_test_user(self.env, 'pec_m_internal', 'base.group_user', **at_home), {}),
            'access_rights': (
                new_test_user(self.env, 'pec_m_rights', f'{staff},base.group_erp_manager', **at_home), {}),
            'system': (new_test_user(self.env, 'pec_m_system', f'{staff},base.group_system', **at_home), {}),
            'stranger_user': (new_test_user(self.env, 'pec_m_user', f'{staff},{pec}user', **at_home), {}),
            'stranger': (new_test_user(
                self.env, 'pec_m_manager', f'base.group_user,base.group_partner_manager,{pec}manager', **at_home), {}),
            # Works in both companies, and has switched to the other one.
            'passive': (new_test_user(
                self.env, 'pec_m_both', f'base.group_user,base.group_partner_manager,{pec}manager',
                company_id=self.other.id,
                company_ids=[Command.set((self.other + self.company).ids)]), {'allowed_company_ids': self.other.ids}),
            'user': (self.user, {}),
        }
        self.roles = {
            name: self.env(user=user, su=False, context={'lang': 'en_US', **context})
            for name, (user, context) in roles.items()}
        self.records = self.make_records()
        self.values = self.point_at(self.records)
        self.env.flush_all()
        self.env.cr.postcommit.clear()

    # ------------------------------------------------------------ what there is to be attacked

    def make_records(self):
        """Make records of every model in the company that nobody sees: ``{model: records}``."""
        partner = self.partner
        (partner + self.representative).company_id = self.company
        partner.write({'name': "Segretissima S.r.l.", 'openapi_pec_email': 'segreta@legalmail.it'})
        file = self.env['ir.attachment'].create({
            'name': 'segreto.pdf', 'raw': make_pdf("segreto"), 'res_model': 'openapi_pec.communication'})
        draft = self.create_filing()
        held = self.create_filing(pec_email='segreta1@legalmail.it', environment='sandbox', state='unconfirmed')
        made = [
            self.create_filing(
                pec_email=f'segreta2{state}@legalmail.it', environment='sandbox', state=state,
                remote_id=f'segreto-{state}')
            for state in ('awaiting_documents', 'completed', 'code_requested')]
        freed = [self.create_filing(pec_email=f'segreta3{state}@legalmail.it', environment='sandbox', state=state)
                 for state in ('failed', 'cancelled', 'queued')]
        filings = draft.union(held, *made, *freed)
        made[0].procura_id = file
        file.res_id = made[0].id
        made[1].write({'chamber_outcome': 'respinta'})
        line = held._create_line('create')
        batch = self.env['openapi_pec.batch'].create({'company_id': self.company.id})
        freed[0].batch_id = batch
        mailbox = self.create_mailbox(address='segreta0@testcert.legalmail.it')
        active = self.create_mailbox(
            address='segreta1@testcert.legalmail.it', state='active', environment='sandbox',
            remote_id='segreto-casella', snapshot={'stato': 'evasa'})
        waiting = self.create_mailbox(
            address='segreta2@testcert.legalmail.it', state='active', environment='sandbox', remote_id='segreto-altra',
            call_state='queued',
            operation='mailbox_renew', request={'years': 1, 'before': {}})
        orders = [self.env[model].create({'mailbox_id': active.id}) for model in QUESTIONS]
        question = self.env['openapi_pec.reconcile'].create({
            'res_model': held._name, 'res_id': held.id, 'operation': 'create', 'question': 'which', 'reason': "so",
            'record_name': "segreto", 'line_ids': [Command.create({'remote_id': 'segreto'})]})
        mailing = self.env['openapi_pec.mailing'].create({
            'sign_by': '2030-01-01', 'note': "segreto",
            'line_ids': [Command.create({'communication_ids': [Command.set(made[0].ids)], 'is_ticked': True})]})
        reception = self.env['openapi_pec.upload'].create({'attachment_ids': [Command.link(file.id)]})
        return {records._name: records for records in (
            filings, line, batch, mailbox + active + waiting, question, question.line_ids, reception,
            self.env['openapi_pec.upload.line'].create({
                'receive_id': reception.id, 'name': 'segreto.p7m', 'status': 'good', 'communication_id': made[0].id,
                'is_ticked': True}),
            self.env['openapi_pec.submit'].create({'communication_ids': draft.ids}),
            *orders,
            self.env['openapi_pec.communicate'].create({'partner_ids': partner.ids}),
            self.env['openapi_pec.import_row'].create({'company_name': "Segreto S.r.l."}),
            self.env['openapi_pec.representative'].create({'communication_id': draft.id}),
            self.env['openapi_pec.delivery'].create({'communication_id': made[0].id, 'reason': "segreto"}),
            self.env['openapi_pec.sent'].create({'api_call_id': line.id}),
            self.env['openapi_pec.mailbox.purchase'].create({
                'partner_id': partner.id, 'company_id': self.company.id, 'mailbox_type': 'PECMASSIVA',
                'local_part': 'segreta'}),
            self.env['openapi_pec.mailbox.user'].create(
                {'mailbox_id': active.id, 'last_name': "Segreto", 'remote_id': '1'}),
            self.env['openapi_pec.signing_request'].create({
                'name': "Segreto", 'email': 'segreto@example.com', 'company_id': self.company.id,
                'partner_id': partner.id}),
            self.env['openapi_pec.foreign_filing'].create({
                'company_id': self.company.id, 'environment': 'sandbox', 'remote_id': 'segreto-altro',
                'state': 'unassigned', 'pec_email': 'segreta9@legalmail.it'}),
            self.env['openapi_pec.domain'].create({
                'name': 'pubblico.it', 'company_id': self.company.id, 'user_id': self.manager.id, 'state': 'failed',
                'environment': 'sandbox'}),
            self.env['openapi_pec.price'].search([], limit=1),
            self.env['openapi_pec.secret'].create({'key': 'segreto', 'sealed': 'segreto'}),
            self.env['openapi_pec.signer_upload'].create({'communication_id': made[0].id, 'said': {'segreto': True}}),
            self.env['openapi_pec.signer_visit'].create({'communication_id': made[0].id}),
            mailing, mailing.line_ids,
            self.env['base.module.uninstall'].create({}),
            # of other addons
            partner, self.company, file,
            self.env['res.config.settings'].create({'company_id': self.company.id}),
        )}

    def point_at(self, records):
        """Return, for each model, values of a new record that points at those: ``{model: values}``."""
        ids = {model: own.ids for model, own in records.items()}
        filing, mailbox = ids['openapi_pec.communication'][0], ids['openapi_pec.mailbox'][1]
        awaiting = records['openapi_pec.communication'].filtered('procura_id').id
        partner, company = self.partner.id, self.company.id
        return {
            'openapi_pec.communication': {'partner_id': partner, 'company_id': company},
            'openapi_pec.mailbox': {'partner_id': partner, 'company_id': company},
            'openapi_pec.batch': {'company_id': company, 'communication_ids': [Command.link(filing)]},
            'openapi_pec.submit': {'communication_ids': [Command.set([filing])]},
            'openapi_pec.communicate': {'partner_ids': [Command.set([partner])]},
            'openapi_pec.import_row': {'company_name': "x", 'company_id': company},
            'openapi_pec.representative': {'communication_id': filing, 'name': "x"},
            **{model: {'mailbox_id': mailbox, 'snapshot': {'stato': 'evasa'}, **more}
               for model, more in QUESTIONS.items()},
            'openapi_pec.delivery': {'communication_id': awaiting, 'reason': "x"},
            'openapi_pec.mailing': {'sign_by': '2030-01-01', 'note': "x"},
            'openapi_pec.mailing.line': {'mailing_id': ids['openapi_pec.mailing'][0], 'is_ticked': True},
            'openapi_pec.sent': {'api_call_id': ids['openapi_pec.api_call'][0]},
            'openapi_pec.mailbox.purchase': {
                'partner_id': partner, 'company_id': company, 'mailbox_type': 'STANDARD', 'local_part': 'x'},
            'openapi_pec.reconcile': {
                'res_model': 'openapi_pec.communication', 'res_id': filing, 'operation': 'create', 'question': 'which',
                'reason': "x"},
            'openapi_pec.reconcile.line': {'choose_id': ids['openapi_pec.reconcile'][0], 'remote_id': 'x'},
            'openapi_pec.upload': {'attachment_ids': [Command.link(ids['ir.attachment'][0])]},
            'openapi_pec.upload.line': {
                'receive_id': ids['openapi_pec.upload'][0], 'status': 'good', 'communication_id': awaiting},
            'openapi_pec.mailbox.user': {'mailbox_id': mailbox, 'remote_id': 'x'},
            'openapi_pec.price': {'operation': 'create', 'amount': 0},
            'res.config.settings': {'company_id': company},
        }

    # ------------------------------------------------------------ what can be called

    def get_own_models(self):
        """Return the models that this addon makes, those that hold records and those that others inherit."""
        return sorted(name for name in self.env.registry if name.startswith('openapi_pec.'))

    def get_methods(self, model):
        """Return the methods that a client can call.

        They are all of a model of this addon, and what this addon adds to another one.
        """
        own, cls = model.startswith('openapi_pec.'), type(self.env[model])
        names = set(dir(cls)) if own and not cls._abstract else {
            name for base in cls.mro() if base.__module__.startswith(ADDON) for name in vars(base)}
        if not own or cls._abstract:
            # Odoo's own, which go by its rights
            names -= {'create', 'write', 'unlink', 'copy', 'action_uninstall', 'button_uninstall'}
        return [name for name in sorted(names) if name not in self.env[model]._fields and self.is_public(model, name)]

    def is_public(self, model, name):
        if name.startswith('_') or not inspect.isroutine(inspect.getattr_static(type(self.env[model]), name)):
            return False
        try:
            return bool(get_public_method(self.env[model], name))
        except AccessError:
            return False

    def get_extended_models(self):
        return sorted(name for name, cls in self.env.registry.items() if not name.startswith('openapi_pec.') and any(
            base.__module__.startswith(ADDON) and '_inherit' in vars(base) for base in cls.mro()) and not cls._abstract)

    def get_arguments(self, model, method, records):
        """Return the arguments of a call on records, the records first where the method wants them."""
        cls, fields = type(self.env[model]), self.env[model]._fields
        field = next(
            (
                name for name, field in sorted(fields.items())
                if field.store and field.type == 'char' and not field.compute), 'id')
        values = self.values.get(model, {})
        terms = {
            '$ids': records.ids, '$id': str(records[:1].id), '$values': values, '$names': list(values), '$field': field,
            '$domain': [('id', 'in', records.ids)], '$change': {field: "x"},
            '$changes': [{field: "x"}] * len(records)}
        if method in ARGUMENTS:
            return expand(ARGUMENTS[method], terms)
        function = getattr(cls, method)
        parameters = list(inspect.signature(function).parameters.values())[1:]
        arguments = [
            expand(BY_NAME.get(parameter.name, False), terms) for parameter in parameters
            if parameter.default is parameter.empty
            and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)]
        return arguments if getattr(function, '_api_model', False) else [records.ids, *arguments]

    # ------------------------------------------------------------ what comes of it

    def count_writes(self):
        self.env.cr.execute("""
            SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
             WHERE n_tup_ins + n_tup_upd + n_tup_del > 0""")
        return dict(self.env.cr.fetchall())

    def call(self, env, model, method, arguments):
        """Call a method as a client does, and undo it.

        :return: the name of the error, or 'done'; and what it did beyond answering: requests, tables written, secrets
            told.
        """
        outcome, did = self.try_call(env, model, method, arguments)
        if any(one.startswith('wrote') for one in did):  # if it was not one before, that was refused
            outcome, did = self.try_call(env, model, method, arguments)
        return outcome, did

    def try_call(self, env, model, method, arguments):
        self.env.invalidate_all(flush=False)
        requests, result = len(self.requests), None
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            result = call_kw(env[model], method, arguments, {})
            self.env.flush_all()
            outcome = 'done'
        except Exception as error:  # noqa: BLE001 (which one is what is asked)
            outcome = 'AccessError' if isinstance(error, (AccessError, MissingError)) else 'UserError' if isinstance(
                error, UserError) else f'{type(error).__name__}: {error}'[:150]
        did = sorted({f'asked the service ({method})' for method in self.requests[requests:]})
        if outcome == 'done':
            before, self.writes = self.writes, self.count_writes()
            did += sorted(f'wrote {table}' for table, count in self.writes.items() if count != before.get(table))
            did += ['found records'] if method in SEARCHES and self.has_found(result) else []
            did += ['told a secret'] if SECRET in repr(result).lower() else []
            did += ['has a call made'] if any(
                getattr(hook, '__name__', '') == '_dispatch_after_commit'
                for hook in self.env.cr.postcommit._funcs) else []
        self.env.cr.postcommit.clear()
        self.env.cr.precommit.clear()
        self.env.transaction.clear()
        savepoint.close(rollback=True)
        return outcome, did

    @staticmethod
    def has_found(result):
        """Return whether a search has found records."""
        if isinstance(result, dict):
            result = result.get('length') or result.get('records') or result.get('groups')
        return bool(result)

    def run_all(self, roles, models, get_methods, judge):
        """Call everything; return what ``judge(role, model, method, outcome, did)`` has against it, grouped."""
        found, count = defaultdict(set), 0
        with mute_logger(*LOGGERS):
            for model in models:
                records = self.records.get(model, self.env[model])
                for method in get_methods(model):
                    is_action = method.startswith(('action_', 'get_sent'))
                    for role in roles:
                        # of a model, these may do nothing at all
                        is_each = is_action and records and role not in NOBODY
                        for target in records if is_each else [records]:
                            count += 1
                            outcome, did = self.call(
                                self.roles[role], model, method, self.get_arguments(model, method, target))
                            if problem := judge(role, model, method, outcome, did):
                                found[model, method, problem].add(role)
        return found, count

    def test_nothing_is_left_out(self):
        """Each model of this addon that holds records has some here."""
        left_out = [
            name for name in self.get_own_models() if not self.env[name]._abstract and not self.records.get(name)]
        self.assertFalse(left_out, "make records of these models in make_records")

    def test_nobody_gets_in(self):
        found, count = self.run_all(
            ANY, [*self.get_own_models(), *self.get_extended_models()], self.get_methods, self.judge_stranger)
        self.assertFalse(found, self.show(found))
        self.assertGreater(count, 5000)

    def test_a_user_spends_nothing(self):
        """All buttons, on the records of one's own company."""
        found, _count = self.run_all(
            ['user'], self.get_own_models(),
            lambda model: [name for name in self.get_methods(model) if name.startswith('action_')], self.judge_user)
        self.assertFalse(found, self.show(found))

    def show(self, found):
        """Return what was found as lines of a message."""
        return ''.join(
            f'\n{model}.{method}: {problem} ({", ".join(sorted(roles))})' for (model, method, problem),
            roles in sorted(found.items()))

    def judge_stranger(self, role, model, method, outcome, did):
        """Return what is wrong with an outcome; '' when nothing is."""
        allowed = next(
            (what for (*call, roles), (what, _why) in ALLOWED.items() if call == [model, method] and role in roles),
            None)
        if allowed is not None and outcome in ('done', 'AccessError', 'UserError'):
            did = [one for one in did if one not in allowed]
            return f'{outcome}, {did}' if did else ''
        cls = type(self.env[model])
        is_own = any(base.__module__.startswith(ADDON) and method in vars(base) for base in cls.mro())
        names_records = '$ids' in ARGUMENTS.get(method, ())
        # Odoo's other methods answer, and tell nothing; that somebody may export nothing at all is said first.
        is_refused = outcome == 'AccessError' or not (is_own or names_records) or (method, outcome) == (
            'export_data', 'UserError')
        return '' if is_refused and not did else f'{outcome}, {did}'

    def judge_user(self, role, model, method, outcome, did):
        costs = {*did} & {
            'has a call made', 'asked the service (POST)', 'asked the service (PATCH)', 'asked the service (DELETE)'}
        return f'{outcome}, {did}' if costs and (model, method) not in DELIVERIES else ''

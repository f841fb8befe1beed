"""Every model, every method that a client can call, every role.

The matrix is made from the registry (`dev/matrix`), so that what is new is covered without a new test.

A call on what the caller may not see is expected to be refused as such, before anything is read, asked or written. What
is answered all the same stands in a table there, with the reason; it says nothing about the other company, and changes
nothing in any case.
"""
from collections import defaultdict

from matrix import allowed, calls
from matrix import records as made

from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common_mailbox import MailboxCase

# What they log of a refusal, and of what is out of use, is no matter here.
LOGGERS = (
    'py.warnings', 'odoo.addons.mail.models.mail_thread', 'odoo.sql_db', 'odoo.addons.base.models.ir_model',
    'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_access', 'odoo.models', 'odoo.orm.models',
    'odoo.domains')
# What a user of the company itself may have called: it costs nothing, and delivers what was signed.
DELIVERIES = {
    ('openapi_pec.communication', 'action_send_documents'), ('openapi_pec.mailbox', 'action_send_documents'),
    ('openapi_pec.delivery', 'action_confirm'), ('openapi_pec.upload', 'action_send'),
}


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
        # That it refuses is what is asked; the explanation that Odoo writes takes as long as all the rest.
        self.patch(
            type(self.env['ir.rule']), '_make_access_error', lambda _rules, operation, _records: AccessError(operation))
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
                self.env, 'pec_m_manager',
                f'base.group_user,base.group_partner_manager,{pec}manager,{pec}signer', **at_home), {}),
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
        self.records = made.make_records(self.env, self.company, self.partner, self.representative, self.manager)
        self.values = made.point_at(self.records)
        self.env.flush_all()
        self.env.cr.postcommit.clear()

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
            did += ['found records'] if method in allowed.SEARCHES and allowed.has_found(result) else []
            did += ['told a secret'] if made.SECRET in repr(result).lower() else []
            did += ['has a call made'] if any(
                getattr(hook, '__name__', '') == '_dispatch_after_commit'
                for hook in self.env.cr.postcommit._funcs) else []
        self.env.cr.postcommit.clear()
        self.env.cr.precommit.clear()
        self.env.transaction.clear()
        savepoint.close(rollback=True)
        return outcome, did

    def run_all(self, roles, models, get_methods, judge):
        """Call everything; return what ``judge(role, model, method, outcome, did)`` has against it, grouped."""
        found, count = defaultdict(set), 0
        with mute_logger(*LOGGERS):
            for model in models:
                records = self.records.get(model, self.env[model])
                for method in get_methods(self.env, model):
                    is_action = method.startswith(('action_', 'get_sent'))
                    for role in roles:
                        # of a model, these may do nothing at all
                        is_each = is_action and records and role not in allowed.NOBODY
                        for target in records if is_each else [records]:
                            count += 1
                            outcome, did = self.call(
                                self.roles[role], model, method, calls.get_arguments(
                                    self.env, model, method, target, self.values.get(model, {})))
                            if problem := judge(role, model, method, outcome, did):
                                found[model, method, problem].add(role)
        return found, count

    def test_nothing_is_left_out(self):
        """Each model of this addon that holds records has some here."""
        left_out = [
            name for name in calls.get_own_models(self.env)
            if not self.env[name]._abstract and not self.records.get(name)]
        self.assertFalse(left_out, "make records of these models in dev/matrix/records.py")

    def test_nobody_gets_in(self):
        models = [*calls.get_own_models(self.env), *calls.get_extended_models(self.env)]
        found, count = self.run_all(allowed.ANY, models, calls.get_methods, self.judge_stranger)
        self.assertFalse(found, self.show(found))
        self.assertGreater(count, 5000)

    def test_a_user_spends_nothing(self):
        """All buttons, on the records of one's own company."""
        found, _count = self.run_all(
            ['user'], calls.get_own_models(self.env),
            lambda env, model: [name for name in calls.get_methods(env, model) if name.startswith('action_')],
            self.judge_user)
        self.assertFalse(found, self.show(found))

    def show(self, found):
        """Return what was found as lines of a message."""
        return ''.join(
            f'\n{model}.{method}: {problem} ({", ".join(sorted(roles))})' for (model, method, problem),
            roles in sorted(found.items()))

    def judge_stranger(self, role, model, method, outcome, did):
        """Return what is wrong with an outcome; '' when nothing is."""
        return allowed.judge(
            role, model, method, outcome, did, calls.is_own(self.env, model, method), calls.names_records(method))

    def judge_user(self, role, model, method, outcome, did):
        costs = {*did} & {
            'has a call made', 'asked the service (POST)', 'asked the service (PATCH)', 'asked the service (DELETE)'}
        return f'{outcome}, {did}' if costs and (model, method) not in DELIVERIES else ''

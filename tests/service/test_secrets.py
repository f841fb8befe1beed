"""Secrets: where they are kept, who can come near them, and what the tokens open that only come in."""
import collections
import logging

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.l10n_it_openapi_pec.models.filing.communication import AS_FILED
from odoo.addons.l10n_it_openapi_pec.models.service.account import MASK
from odoo.addons.l10n_it_openapi_pec.tools.secrecy import secret_box, token_mask

from ..common_account import EMAIL, KEY, AccountMixin
from ..common_mail import MailMixin, text_of
from ..common_mailbox import MailboxCase

SECRETS = 'openapi_pec.secret'
# What stands, or once stood, in the way to a secret: model -> fields.
FIELDS = {
    'res.company': ('openapi_pec_token', 'openapi_pec_tokens', 'openapi_pec_sealed_tokens'),
    'openapi_pec.communication': ('callback_token', 'access_token'),
    'openapi_pec.mailbox': ('callback_token', 'access_token'),
    'openapi_pec.connect': ('api_key',),
}
# Ways to read that Odoo offers to the users of a model: name -> function of records and the name of a field.
WAYS = {
    'read': lambda records, name: records.read([name]),
    'read_all': lambda records, name: records.read(),
    'search_read': lambda records, name: records.search_read([], [name]),
    'web_read': lambda records, name: records.web_read({name: {}}),
    'web_search_read': lambda records, name: records.web_search_read([], {name: {}}),
    'web_save': lambda records, name: records.web_save({}, {name: {}}),
    'export': lambda records, name: records.export_data([name]),
    'group': lambda records, name: records.formatted_read_group([], [name], ['__count']),
    'aggregate': lambda records, name: records.formatted_read_group([], [], [f'{name}:array_agg']),
    'web_group': lambda records, name: records.web_read_group([], [name]),
    'onchange': lambda records, name: records.onchange({}, [], {name: {}}),
    'onchange_of_it': lambda records, name: records.onchange({name: MASK}, [name], {name: {}}),
    'defaults': lambda records, name: records.default_get([name]),
    'copy': lambda records, name: records.copy_data(),
    'name_search': lambda records, name: records.name_search('s'),
    'described': lambda records, name: records.fields_get([name]),
    'views': lambda records, name: records.get_views([(False, 'form'), (False, 'list'), (False, 'search')]),
    'filter': lambda records, name: records.env['ir.filters'].create({
        'name': 'x', 'model_id': records._name, 'domain': f"[('{name}', '=like', 's%')]", 'user_ids': [],
    }) and records.search_read([(name, '=like', 's%')], ['display_name']),
    'sorted': lambda records, name: records.search_read([], ['id'], order=name),
    'attachment': lambda records, name: records.env['ir.attachment'].search_read(
        [('res_model', '=', records._name), ('res_id', 'in', records.ids)], ['datas', 'raw']),
    'messages': lambda records, name: records.env['mail.message'].search_read(
        [('model', '=', records._name)], ['body', 'tracking_value_ids']),
    'tracking': lambda records, name: records.env['mail.tracking.value'].search_read(
        [], ['old_value_char', 'new_value_char', 'old_value_text', 'new_value_text']),
    'template': lambda records, name: records.env['mail.template'].create({
        'name': 'x', 'model_id': records.env['ir.model']._get_id(records._name),
        'body_html': f'<t t-out="object.{name}"/><t t-out="object.read()"/>', 'subject': f'{{{{ object.{name} }}}}',
    })._render_field('body_html', records.ids),
}
# Fields to which somebody may come from an account, its question, its tokens, a company or the settings.
ACCOUNT_FIELDS = {
    'openapi_pec.account': ('has_key', 'token_sentence', 'token_ids', 'activity_ids', 'message_ids', 'display_name'),
    'openapi_pec.connect': ('api_key', 'account_id'),
    'openapi_pec.token': ('name', 'scopes', 'account_id'),
    'res.company': (
        'openapi_pec_token', 'openapi_pec_sealed_tokens', 'openapi_pec_accounts', 'openapi_pec_sandbox_account_id'),
    'res.config.settings': ('openapi_pec_token', 'openapi_pec_connection_id'),
}
VALUES = {'openapi_pec.connect': KEY}  # of what is no 'sandbox-token'
REFUSED = (AccessError, UserError, ValueError, NotImplementedError, TypeError)


class SecretsCase(MailMixin, AccountMixin, MailboxCase, HttpCase):
    """A filing and a mailbox whose documents wait in the queue of mails."""

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing()
        self.bring_to_signature(self.filing)
        self.mailbox = self.buy()
        self.run_cron('mailboxes')
        self.filing.with_user(self.user).action_mail_procura()
        self.mailbox.with_user(self.user).action_mail_form()

    def page(self, record, token=None):
        """Return the status of a record's page."""
        return self.url_open(f'{record.access_url}?access_token={token or record._portal_ensure_token()}').status_code

    def call_back(self, token):
        """Return the status of a callback."""
        return self.url_open(f'/openapi_pec/callback/{token}', method='POST').status_code


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSecretsKept(SecretsCase):

    def get_tokens(self):
        """Return all tokens in clear."""
        account = self.connect_by_hand(self.env['res.company'].create({
            'name': "Altra S.r.l.", 'user_ids': [Command.link(self.env.ref('base.user_admin').id)]}))
        return [
            'sandbox-token', *(account._get_secret(name) for name in ('key', 'token', 'refresh')), *(
                record[name] for record in (self.filing, self.mailbox) for name in ('callback_token', 'access_token'))]

    def test_no_row_of_any_table_holds_a_token(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [table for [table] in self.env.cr.fetchall()]
        self.assertIn('openapi_pec_secret', tables)
        for token in self.get_tokens():
            self.assertGreaterEqual(len(token), 11)
            self.env.cr.execute(SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s FROM %s AS whole_row WHERE strpos(whole_row::text, %s) > 0", table,
                    SQL.identifier(table), token)
                for table in tables))
            self.assertEqual({table for [table] in self.env.cr.fetchall()}, set(), token)

    def test_nothing_leads_to_the_secrets(self):
        graph = self.get_graph()
        self.assertFalse(graph[SECRETS], "the secrets lead nowhere")
        for model in graph:
            if model != SECRETS:
                self.assertNotIn(SECRETS, self.get_paths(graph, model), model)
        names = {name for names in FIELDS.values() for name in names}
        stored = [f'{model._name}.{name}' for model in self.env.registry.values() if model._name in FIELDS
                  for name in names & model._fields.keys() if model._fields[name].store]
        self.assertEqual(stored, [])

    def test_what_is_kept_is_encrypted(self):
        self.env.flush_all()
        key = self.company._openapi_pec_get_token_key('sandbox')
        self.env.cr.execute("SELECT sealed FROM openapi_pec_secret WHERE key = %s", [key])
        [[sealed]] = self.env.cr.fetchall()
        self.assertEqual(self.env[SECRETS]._get(key), 'sandbox-token')
        self.assertIsNone(secret_box.unseal('another secret', sealed))
        self.assertIsNone(
            secret_box.unseal(self.env['ir.config_parameter'].get_param('database.secret'), sealed[:-4] + 'AAA='))
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        company = self.env['res.company'].create({'name': "Nuova", 'openapi_pec_token': 'sandbox-token'})
        self.assertNotEqual(
            company.sudo().openapi_pec_sealed_tokens['sandbox'], sealed, "that two are the same is not seen")

    def test_a_company_takes_its_secrets_along(self):
        company = self.env['res.company'].create({'name': "Breve", 'openapi_pec_token': 'short-lived'})
        key = company._openapi_pec_get_token_key('sandbox')
        other = self.company._openapi_pec_get_token_key('sandbox')
        self.assertEqual(self.env[SECRETS]._get(key), 'short-lived')
        company.unlink()
        self.assertIsNone(self.env[SECRETS]._get(key))
        self.assertTrue(self.env[SECRETS]._get(other))

    def test_database_secret_has_changed(self):
        self.env['ir.config_parameter'].set_param('database.secret', 'another one')
        self.env.invalidate_all()
        self.assertEqual(self.company._openapi_pec_account('sandbox'), ('sandbox', None))
        self.assertFalse(self.company.openapi_pec_token)
        settings = self.env['res.config.settings'].create({})
        self.assertIn(
            "Sandbox: The token that was kept cannot be read any more", settings.openapi_pec_unreadable_sentence)
        with self.assertRaisesRegex(RedirectWarning, "database.secret has changed"):
            self.create_filing().action_submit()
        for job in ('synchronize', 'mailboxes'):
            self.run_cron(job)
        settings.openapi_pec_token = 'sandbox-token'
        self.env.invalidate_all()
        self.assertEqual(self.company._openapi_pec_account('sandbox'), ('sandbox', 'sandbox-token'))
        self.assertNotIn("Sandbox", settings.openapi_pec_unreadable_sentence)
        self.assertIn("Production", settings.openapi_pec_unreadable_sentence)
        self.company._openapi_pec_set_token('production', False)
        settings.invalidate_recordset()
        self.assertFalse(settings.openapi_pec_unreadable_sentence)

    def test_a_fingerprint_helps_no_guess(self):
        name = self.company._openapi_pec_get_fingerprint('sandbox')
        self.assertEqual(name, self.company._openapi_pec_get_fingerprint('sandbox'))
        self.assertNotIn(name[1:9], secret_box.digest_token('sandbox-token'))
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token:another')
        self.assertNotEqual(name, self.company._openapi_pec_get_fingerprint('sandbox'))
        self.env['ir.config_parameter'].set_param('database.secret', 'another one')
        self.company._openapi_pec_set_token('sandbox', 'sandbox-token')
        self.assertNotEqual(name, self.company._openapi_pec_get_fingerprint('sandbox'))

    # ------------------------------------------------------------ attacks

    def get_graph(self):
        """Return what leads where: ``{model: {relational field: model}}``."""
        return {
            model._name: {name: field.comodel_name for name, field in model._fields.items() if field.relational}
            for model in self.env.registry.values()}

    @staticmethod
    def get_paths(graph, model):
        """Return to which models a path of relational fields leads, and the shortest one: ``{model: 'a.b.c'}``."""
        paths, queue = {}, collections.deque([(model, ())])
        while queue:
            here, path = queue.popleft()
            for name, there in graph.get(here, {}).items():
                if there not in paths:
                    paths[there] = '.'.join((*path, name))
                    queue.append((there, (*path, name)))
        return paths

    def get_users(self):
        """Make one user of each role."""
        return {
            'public': self.env.ref('base.public_user'),
            'portal': new_test_user(self.env, 'pec_portal', 'base.group_portal'),
            'internal': self.outsider, 'user': self.user, 'manager': self.manager,
            'rights': new_test_user(self.env, 'pec_rights', 'base.group_user,base.group_erp_manager'),
            'system': new_test_user(self.env, 'pec_system', 'base.group_user,base.group_system'),
        }

    @mute_logger(
        'odoo.orm.domains', 'odoo.fields', 'odoo.orm.fields', 'odoo.orm.models', 'odoo.addons.base.models.ir_rule',
        'odoo.models')
    def tells(self, records, path, value):
        """Return whether a search tells a value that is there from one that is not."""
        counts = []
        for pattern in (value[:5] + '%', 'zzzzz%'):
            try:
                with self.env.cr.savepoint(flush=False):
                    counts.append(records.search_count([(path, '=like', pattern)]))
            except REFUSED:
                return False
        return counts[0] != counts[1]

    def test_the_secrets_are_nobodys(self):
        for role, user in self.get_users().items():
            secrets = self.env[SECRETS].with_user(user)
            secret = secrets.browse(self.env[SECRETS].search([], limit=1).id)
            for attack in (
                lambda own: own.search([]), lambda own: own.search_count([('sealed', '=like', 'g%')]),
                lambda own: own.search_read([], ['sealed']), lambda own: own.name_search('x'),
                lambda own: own.read(['key', 'sealed']), lambda own: own.export_data(['sealed']),
                lambda own: own.formatted_read_group([], ['key'], ['__count']), lambda own: own.read(['display_name']),
                lambda own: own.write({'sealed': 'x'}), lambda own: own.unlink(),
                lambda own: own.create({'key': 'x', 'sealed': 'x'}), lambda own: own.copy(),
            ):
                with self.subTest(role=role), self.assertRaises(UserError):  # AccessError is one
                    attack(secret)
            self.assertFalse(secret.load(['key', 'sealed'], [['x', 'x']])['ids'], role)
        self.assertFalse(self.env[SECRETS].search([('key', '=', 'x')]))

    def test_no_path_tells_a_token(self):
        """No search leads to a secret from any model that leads to a company, a filing or a mailbox.

        A User searches there, and everybody in attachments. The domains of attachments are run as superuser, so there
        it is the field, and not its groups, that must not be comparable.
        """
        graph, tried = self.get_graph(), 0
        attached = {'openapi_pec.communication': self.filing, 'openapi_pec.mailbox': self.mailbox}
        users = self.get_users()
        self.env['ir.attachment'].create([
            {'name': "x", 'raw': b'x', 'res_model': 'res.partner', 'res_id': user.partner_id.id}
            for user in users.values()])
        for role, user in users.items():
            for model in graph if role == 'user' else ('ir.attachment',):
                if self.env[model]._abstract:
                    continue
                paths = {model: '', **self.get_paths(graph, model)}
                for target, names in FIELDS.items():
                    for name in names if target in paths else ():
                        if name not in self.env[target]._fields:
                            continue
                        value = attached[target][name] if target in attached else VALUES.get(target, 'sandbox-token')
                        path = '.'.join(filter(None, (paths[target], name)))
                        tried += 1
                        self.assertFalse(
                            self.tells(self.env[model].with_user(user), path, value), f'{role}: {model}: {path}')
        self.assertGreater(tried, 300)

    @mute_logger(
        'odoo.orm.domains', 'odoo.fields', 'odoo.orm.fields', 'odoo.orm.models', 'odoo.addons.base.models.ir_rule',
        'odoo.models', 'odoo.addons.mail.models.mail_render_mixin', 'odoo.addons.mail.models.mail_template')
    def test_no_way_leads_to_an_accounts_secrets(self):
        """Whatever Odoo offers to read, as each kind of user, tells neither the API key nor a token of an account."""
        account = self.connect_by_hand()
        secrets = [account._get_secret(name) for name in ('key', 'token', 'refresh')]
        self.assertTrue(all(secrets))
        tried = 0
        for role, user in self.get_users().items():
            question = self.env['openapi_pec.connect'].with_user(self.env.ref('base.user_admin')).create(
                {'email': EMAIL, 'api_key': KEY})
            records = {
                'openapi_pec.account': account, 'openapi_pec.connect': question, 'openapi_pec.token': account.token_ids,
                'res.company': self.company,
                'res.config.settings': self.env['res.config.settings'].create({})}
            if role == 'system':
                records['openapi_pec.connect'] = question.with_user(user).create({'email': EMAIL, 'api_key': KEY})
            self.env.flush_all()
            for model, names in ACCOUNT_FIELDS.items():
                for name in names:
                    for way, read in WAYS.items():
                        self.env.invalidate_all()
                        told, tried = self.try_way(read, records[model].with_user(user), name), tried + 1
                        for secret in secrets:
                            self.assertNotIn(secret, told, f'{role}: {way} of {model}.{name}')
        self.assertGreater(tried, 2000)

    def try_way(self, read, records, name):
        """Return what a way to read tells, or the error that it raises (str)."""
        try:
            with self.env.cr.savepoint():
                return repr(read(records.sudo(False), name))
        except Exception as error:  # noqa: BLE001: whichever it is, it tells nothing
            return repr(error)

    def test_the_mask_is_all_that_is_read(self):
        system = self.get_users()['system']
        system.group_ids += self.env.ref('l10n_it_openapi_pec.group_manager')
        self.assertEqual(self.company.with_user(system).read(['openapi_pec_token'])[0]['openapi_pec_token'], MASK)
        for record in (self.filing, self.mailbox):
            for name in ('access_token', 'callback_token', 'callback_digest', 'link_digest'):
                with self.assertRaises(AccessError):
                    record.with_user(system).read([name])
            for name in ('access_token', 'callback_token'):
                with self.assertRaises(AccessError):
                    record.with_user(system).mapped(name)

    def test_neither_generation_nor_digest_is_peoples(self):
        for record in (self.filing, self.mailbox):
            for user in (self.user, self.manager):
                for name, value in (
                        ('link_generation', 0), ('link_digest', 'x'), ('callback_digest', 'x'),
                        ('is_link_mailed', False), ('access_token', 'x'), ('callback_token', 'x')):
                    with self.assertRaises(AccessError):
                        record.with_user(user).write({name: value})
            with self.assertRaises(AccessError):
                record.with_user(self.outsider).get_portal_url()
            with self.assertRaises(AccessError):
                record.with_user(self.outsider).action_withdraw_link()


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestTokensThatComeIn(SecretsCase):

    def test_the_right_and_the_wrong_ones(self):
        other = self.create_filing(pec_email='altra@legalmail.it')
        self.bring_to_signature(other)
        for record, stranger in ((self.filing, other), (self.filing, self.mailbox), (self.mailbox, self.filing)):
            self.assertEqual((self.page(record), self.call_back(record.callback_token)), (200, 200))
            number, token = record.callback_token.split('-')
            for wrong in (stranger.access_token, token, record.callback_token, record.access_token[::-1], '0' * 64):
                self.assertEqual(self.page(record, wrong), 404, wrong)
            theirs = stranger.callback_token.split('-')[1]
            for wrong in (
                    token, f'{number}-{theirs}', f'{number}-{record.access_token}', f'{number}-{"0" * 64}',
                    f'0{number}-{token}x', f'{int(number) + 10**6}-{token}', f'{"9" * 9}-{token}',
                    f'{"9" * 30}-{token}'):
                self.assertEqual(self.call_back(wrong), 404, wrong)

    def test_a_reminder_repeats_the_link(self):
        server = self.start_mail_server()
        self.send()
        self.filing.with_user(self.user).action_mail_procura()
        self.send()
        links = [
            text_of(mail).count(
                f'/openapi_pec/signature/{self.filing.id}?access_token={self.filing.access_token}&amp;lang=')
                 for _address, mail in server.mails if '/openapi_pec/signature/' in text_of(mail)]
        self.assertEqual(links, [1, 1])

    def test_withdrawn(self):
        server = self.start_mail_server()
        for record in (self.filing, self.mailbox):
            earlier = record.access_token
            self.assertEqual((record.is_link_out, self.page(record)), (True, 200))
            callback = record.callback_token
            record.with_user(self.user).action_withdraw_link()
            self.env.invalidate_all()
            self.assertNotEqual(record.access_token, earlier)
            self.assertEqual((self.page(record, earlier), self.page(record)), (404, 200))
            self.assertEqual((record.is_link_out, record.mail_state, callback), (False, False, record.callback_token))
            self.assertIn("The link to the page was withdrawn", self.messages(record))
        self.send()
        self.assertFalse(server.mails, "what was on its way with the link does not leave any more")
        self.filing.with_user(self.user).action_mail_procura()
        self.send()
        [(_address, mail)] = server.mails
        self.assertIn(self.filing.access_token, text_of(mail))
        self.assertTrue(self.filing.is_link_out)

    def test_withdrawn_of_several_in_one_mail(self):
        server = self.start_mail_server()
        other = self.create_filing(pec_email='altra@legalmail.it')
        self.bring_to_signature(other)
        self.send()
        server.mails.clear()
        (self.filing + other).with_user(self.user).action_mail_procura()
        other.with_user(self.user).action_withdraw_link()
        self.send()
        [(_address, mail)] = server.mails
        self.assertIn(self.filing.access_token, text_of(mail))
        self.assertNotIn(other.access_token, text_of(mail))

    def test_a_new_address(self):
        for record in (self.filing, self.mailbox):
            earlier = record.access_token
            record = record.with_context(openapi_pec_as_filed=AS_FILED)
            record.email = 'Mario@example.com'
            self.assertEqual(self.page(record, earlier), 200, "it is the same address")
            record.email = 'nuova@example.com'
            self.env.invalidate_all()
            self.assertEqual((self.page(record, earlier), self.page(record)), (404, 200))
            self.assertIn("so the link that the earlier one got was withdrawn", self.messages(record))
            self.assertEqual((record.is_link_out, record.mail_state), (False, False))

    def test_a_new_address_of_the_contact(self):
        earlier = {record: record.access_token for record in (self.filing, self.mailbox)}
        self.representative.email = 'Mario@example.com'
        for record, token in earlier.items():
            self.assertEqual(self.page(record, token), 200, "it is the same address")
        self.representative.email = 'nuova@example.com'
        for record, token in earlier.items():
            self.assertEqual((self.page(record, token), self.page(record)), (404, 200))
            self.assertEqual(
                record._get_signer_address(), 'nuova@example.com',
                "what was sent stays, the mail goes to the right address")
            self.assertEqual(record.email, 'mario@example.com')

    def test_the_log_has_no_token(self):
        token = self.filing.access_token
        query = f'?access_token={token}&lang=it_IT'
        with self.assertLogs('werkzeug', logging.INFO) as logged:
            self.assertEqual(self.url_open(f'/openapi_pec/signature/{self.filing.id}{query}').status_code, 200)
            document = f'/openapi_pec/signature/{self.filing.id}/procura?lang=it_IT&access_token={token}'
            self.assertEqual(self.url_open(document).status_code, 200)
            self.assertEqual(self.call_back(self.filing.callback_token), 200)
            self.assertEqual(self.call_back('f' * 32), 404)
            self.url_open('/web/login?access_token=of-somebody-else')
        lines = '\n'.join(logged.output)
        for secret in (token, self.filing.callback_token, 'f' * 32):
            self.assertNotIn(secret, lines)
        for shown in (f'GET /openapi_pec/signature/{self.filing.id}?access_token=***&lang=it_IT HTTP',
                      '/procura?lang=it_IT&access_token=*** HTTP', 'POST /openapi_pec/callback/*** HTTP',
                      'access_token=of-somebody-else'):
            self.assertIn(shown, lines)
        logger = logging.getLogger('werkzeug')
        token_mask.install()
        [own] = [known for known in logger.filters if isinstance(known, token_mask.TokenFilter)]
        logger.removeFilter(own)
        self.addCleanup(token_mask.install)
        with self.assertLogs(logger, logging.INFO) as logged:
            self.url_open(f'/openapi_pec/signature/{self.filing.id}{query}')
        self.assertIn(token, '\n'.join(logged.output), "without the filter it would be there")

    def test_masking(self):
        for text, masked in [
            ('GET /openapi_pec/callback/12-ab#x HTTP/1.1', 'GET /openapi_pec/callback/***#x HTTP/1.1'),
            ('/openapi_pec/mailbox/1/form?access_token=a&lang=b&access_token=c',
             '/openapi_pec/mailbox/1/form?access_token=***&lang=b&access_token=***'),
            ('/my/orders/1?access_token=a', '/my/orders/1?access_token=a'),
            ('/openapi_pec/procure.zip?ids=1', '/openapi_pec/procure.zip?ids=1'),
            ('"GET /IT-advanced/RSSMRA80A01H501U HTTP/1.1" 200', '"GET /IT-advanced/*** HTTP/1.1" 200'),
            ('GET /company/IT-search?pec=a%40b.it&dryRun=1 HTTP/1.1', 'GET /company/IT-search?*** HTTP/1.1'),
        ]:
            self.assertEqual(token_mask.mask_tokens(text), masked)

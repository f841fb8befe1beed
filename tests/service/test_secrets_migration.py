import hashlib
import json
from pathlib import Path

from odoo.modules.module import load_script
from odoo.tests import HttpCase, tagged
from odoo.tools.sql import column_exists

from odoo.addons.l10n_it_openapi_pec.tools.secrecy import secret_box

from ..common_mailbox import MailboxCase

SCRIPT = Path(__file__).resolve().parent.parent.parent / 'migrations/19.0.1.4.0/pre-secrets.py'
TOKENS = {'sandbox': 'sandbox-token:earlier', 'production': 'production-token:earlier'}
PAGE, CALLBACK = '12345678-1234-4234-8234-123456789012', 'abcdef0123456789abcdef0123456789'
LEFT = '?' + hashlib.sha256(b'a token that nobody has any more').hexdigest()[:8]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSecretsMigration(MailboxCase, HttpCase):
    """A database of the version before keeps its tokens, links and callbacks, and has none in clear any more."""

    def setUp(self):
        super().setUp()
        self.filing = self.create_filing()
        self.bring_to_signature(self.filing)
        self.mailbox = self.buy()
        self.run_cron('mailboxes')
        self.lines = self.filing.api_call_ids + self.mailbox.api_call_ids

    def put_back(self):
        """Bring the database to what it was before."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("DELETE FROM openapi_pec_secret")
        cr.execute("ALTER TABLE res_company ADD COLUMN openapi_pec_tokens jsonb")
        earlier = '?' + hashlib.sha256(TOKENS['sandbox'].encode()).hexdigest()[:8]
        cr.execute(
            "UPDATE res_company SET openapi_pec_tokens = %s, openapi_pec_accounts = %s WHERE id = %s",
            [json.dumps(TOKENS), json.dumps({'sandbox': {'left': [LEFT, f'{earlier} owner']}}), self.company.id])
        cr.execute(
            "UPDATE openapi_pec_api_call SET account = %s WHERE id = ANY(%s)", [f'{earlier} owner', self.lines.ids])
        for record in (self.filing, self.mailbox):
            cr.execute(f"""
                ALTER TABLE {record._table} ADD COLUMN callback_token varchar, ADD COLUMN access_token varchar;
                UPDATE {record._table} SET callback_token = %s, access_token = %s WHERE id = %s
            """, [CALLBACK[::-1] if record == self.mailbox else CALLBACK, PAGE, record.id])
        self.env.invalidate_all()

    def migrate(self):
        script = load_script(str(SCRIPT), 'pre_secrets')
        for _again in range(2):
            script.migrate(self.env.cr, '19.0.1.3.0')
        self.env.invalidate_all()

    def test_migration(self):
        link = f'https://odoo.example.com/openapi_pec/signature/{self.filing.id}?access_token={PAGE}&amp;lang=it_IT'
        mail = self.env['mail.mail'].create({'body_html': f'<a href="{link}">Sign</a>', 'state': 'exception'})
        answer = self.filing.message_post()
        answer.body = f'<p>&gt; {link}</p>'
        self.put_back()
        self.migrate()
        self.assertEqual({name: self.company._openapi_pec_get_token(name) for name in TOKENS}, TOKENS)
        for line in self.lines:
            self.assertTrue(self.company._openapi_pec_has_called(line), "the account is still known")
            self.assertRegex(line.account, r'^\?[0-9a-f]{16} owner$')
        self.assertEqual(self.company.openapi_pec_accounts['sandbox']['left'][1], self.lines[0].account)
        secret = self.env['ir.config_parameter'].get_param('database.secret')
        self.assertEqual(
            self.company.openapi_pec_accounts['sandbox']['left'][0], secret_box.key_earlier_fingerprints(secret, LEFT))
        self.assertEqual(mail.body_html, f'<a href="{link.replace(f"access_token={PAGE}&amp;", "")}">Sign</a>')
        self.assertNotIn(PAGE, answer.body)
        for table, column in [
            ('res_company', 'openapi_pec_tokens'), *((record._table, name) for record in (self.filing, self.mailbox)
                                                     for name in ('callback_token', 'access_token'))]:
            self.assertFalse(column_exists(self.env.cr, table, column), column)
        for path in (f'signature/{self.filing.id}', f'mailbox/{self.mailbox.id}'):
            self.assertEqual(
                self.url_open(f'/openapi_pec/{path}?access_token={PAGE}').status_code, 200, "the mailed link")
        for token in (CALLBACK, CALLBACK[::-1]):
            self.assertEqual(self.url_open(f'/openapi_pec/callback/{token}', method='POST').status_code, 200)
        self.assertEqual(self.url_open(f'/openapi_pec/callback/{"0" * 32}', method='POST').status_code, 404)
        self.assertTrue(self.filing.is_link_out and self.mailbox.is_link_out)
        self.filing.with_user(self.user).action_withdraw_link()
        self.assertEqual(self.url_open(f'/openapi_pec/signature/{self.filing.id}?access_token={PAGE}').status_code, 404)
        self.assertEqual(self.url_open(f'/openapi_pec/mailbox/{self.mailbox.id}?access_token={PAGE}').status_code, 200)

    def test_a_new_database(self):
        script = load_script(str(SCRIPT), 'pre_secrets')
        script.migrate(self.env.cr, None)
        self.assertEqual(self.company._openapi_pec_get_token('sandbox'), 'sandbox-token')

"""Secrets are kept encrypted, and tokens that only come in are derived: of those already out a digest is kept, and
nothing in clear.
"""
import json

from odoo.tools import SQL
from odoo.tools.sql import column_exists

from odoo.addons.l10n_it_openapi_pec.tools.secrecy import secret_box

TABLES = ('openapi_pec_communication', 'openapi_pec_mailbox')


def migrate(cr, version):
    """Encrypt the accounts' tokens, digest those of callbacks and pages, and leave none of them behind."""
    if not version:
        return
    cr.execute("SELECT value FROM ir_config_parameter WHERE key = 'database.secret'")
    [[secret]] = cr.fetchall()
    if column_exists(cr, 'res_company', 'openapi_pec_tokens'):
        _seal_tokens(cr, secret)
        _key_fingerprints(cr, secret)
    for table in TABLES:
        if column_exists(cr, table, 'callback_token'):
            _digest_tokens(cr, table)
    _mask_mails(cr)


def _seal_tokens(cr, secret):
    cr.execute("""
        CREATE TABLE IF NOT EXISTS openapi_pec_secret (
            id SERIAL NOT NULL, key varchar NOT NULL, sealed varchar NOT NULL, PRIMARY KEY (id))
    """)
    cr.execute("SELECT id, openapi_pec_tokens FROM res_company WHERE openapi_pec_tokens IS NOT NULL")
    for company_id, tokens in cr.fetchall():
        for environment, token in tokens.items():
            if token:
                cr.execute(SQL(
                    "INSERT INTO openapi_pec_secret (key, sealed) VALUES (%s, %s)",
                    f'res.company,{company_id},token,{environment}', secret_box.seal(secret, token)))
    cr.execute("UPDATE res_company SET openapi_pec_tokens = NULL WHERE openapi_pec_tokens IS NOT NULL")
    cr.execute("ALTER TABLE res_company DROP COLUMN openapi_pec_tokens")


def _key_fingerprints(cr, secret):
    cr.execute("SELECT id, account FROM openapi_pec_api_call WHERE account LIKE '%?%'")
    for line_id, account in cr.fetchall():
        cr.execute(SQL(
            "UPDATE openapi_pec_api_call SET account = %s WHERE id = %s",
            secret_box.key_earlier_fingerprints(secret, account), line_id))
    cr.execute("SELECT id, openapi_pec_accounts FROM res_company WHERE openapi_pec_accounts IS NOT NULL")
    for company_id, accounts in cr.fetchall():
        cr.execute(SQL(
            "UPDATE res_company SET openapi_pec_accounts = %s WHERE id = %s",
            secret_box.key_earlier_fingerprints(secret, json.dumps(accounts)), company_id))


def _digest_tokens(cr, table):
    name = SQL.identifier(table)
    cr.execute(SQL("""
        ALTER TABLE %s ADD COLUMN IF NOT EXISTS callback_digest varchar, ADD COLUMN IF NOT EXISTS link_digest varchar,
              ADD COLUMN IF NOT EXISTS is_link_mailed boolean
    """, name))
    cr.execute(SQL("""
        UPDATE %s SET callback_digest = encode(sha256(convert_to(callback_token, 'UTF8')), 'hex'),
               link_digest = encode(sha256(convert_to(NULLIF(access_token, ''), 'UTF8')), 'hex'),
               is_link_mailed = COALESCE(access_token, '') != '',
               callback_token = NULL, access_token = NULL
    """, name))
    cr.execute(SQL("ALTER TABLE %s DROP COLUMN callback_token, DROP COLUMN access_token", name))


def _mask_mails(cr):
    """Take the tokens out of the mails that have not left, which get them when they do, and out of answers that quote
    them.
    """
    cr.execute(r"""
        UPDATE mail_mail SET body_html = regexp_replace(
               body_html, '(/openapi_pec/(signature|mailbox)/\d+\?)access_token=[0-9a-f-]{36}(&amp;|&)', '\1', 'g')
         WHERE body_html LIKE '%/openapi_pec/%access_token=%'
    """)
    cr.execute(r"""
        UPDATE mail_message SET body = regexp_replace(
               body, '(/openapi_pec/(signature|mailbox)/\d+\?access_token=)[0-9a-f-]{36}', '\1***', 'g')
         WHERE model LIKE 'openapi\_pec.%' AND body LIKE '%/openapi_pec/%access_token=%'
    """)

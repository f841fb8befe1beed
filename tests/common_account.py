"""Helpers of the tests of accounts at the vendor: companies that use one."""
from datetime import timedelta

from odoo.addons.l10n_it_openapi_pec.models.service.job_mixin import JOB
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import OauthClient

from serving import EMAIL, KEY

from .common_oauth import FILINGS

MAILBOXES = tuple(f'{method}:test.pec.openapi.it/pec' for method in ('GET', 'POST', 'PATCH', 'DELETE'))
COMPANIES = tuple(f'GET:test.company.openapi.com/{path}' for path in (
    'IT-advanced', 'IT-legalforms', 'IT-pec', 'IT-search', 'IT-address'))
DAY = 86400
PRODUCTION_KEY = 'production-key'


class AccountMixin:
    """Gives a test class, of ``PecCase`` or alike, companies that use the sandbox API's account."""

    def connect(self, company=None, with_key=True, scopes=FILINGS, environment='sandbox', **values):
        """Have a company use the account of the sandbox API, with a token that was made for it.

        :param company: of Odoo; the test's by default.
        :param bool with_key: whether the API key is kept.
        :param str environment: whose account; the sandbox API stands for both.
        :return: the account.
        """
        company = company or self.company
        account = self.env['openapi_pec.account'].sudo().search(
            [('email', '=', EMAIL), ('environment', '=', environment)]) or self.env[
                'openapi_pec.account'].sudo().create({'email': EMAIL, 'environment': environment, **values})
        key = KEY
        if environment == 'production':
            key, scopes = PRODUCTION_KEY, [scope.replace(':test.', ':') for scope in scopes]
        made = OauthClient(EMAIL, key, self.sandbox.oauth_url).make_token(scopes, 'Odoo PEC test', 30 * DAY)
        account._set_secret('key', key if with_key else None)
        account._set_secret('token', made.token)
        account._set_secret('refresh', made.refresh_token)
        company._openapi_pec_use_account(account)
        return account

    def connect_by_hand(self, company=None, user=None, **typed):
        """Type e-mail and key in the question, and press Connect.

        :param typed: other values of the question.
        :return: the account.
        """
        user = user or self.env.ref('base.user_admin')
        company = company or self.company
        question = self.env['openapi_pec.connect'].with_user(user).with_company(company).create({
            'email': EMAIL, 'api_key': KEY, **typed})
        with self.real_transactions():
            question.action_connect()
        return company._openapi_pec_get_connection(question.environment)

    def let_pass(self, account, **ago):
        """Let time pass for the tokens of an account: ``timedelta``'s arguments."""
        self.env.flush_all()
        self.env.cr.execute("""
            UPDATE openapi_pec_token SET asked_at = asked_at - %(ago)s, made_at = made_at - %(ago)s,
                   ended_at = ended_at - %(ago)s, expires_at = expires_at - %(ago)s WHERE account_id = %(id)s;
            UPDATE openapi_pec_account SET expires_at = expires_at - %(ago)s, tried_at = tried_at - %(ago)s,
                   refused_at = refused_at - %(ago)s WHERE id = %(id)s
        """, {'ago': timedelta(**ago), 'id': account.id})
        self.env.invalidate_all()

    def keep(self, account):
        """Do what the scheduled job does for the token."""
        with self.real_transactions():
            account.sudo().with_context(openapi_pec_job=JOB)._keep_token()
        self.env.invalidate_all()

    def keep_later(self, account, **ago):
        """Do it after some time: when calls with an earlier token have ended."""
        self.let_pass(account, **ago or {'minutes': 11})
        self.keep(account)

"""Helpers of the tests of accounts at the vendor: companies that use one."""
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import OauthClient

from serving import EMAIL, KEY

from .common_oauth import FILINGS

MAILBOXES = tuple(f'{method}:test.pec.openapi.it/pec' for method in ('GET', 'POST', 'PATCH', 'DELETE'))
COMPANIES = tuple(f'GET:test.company.openapi.com/{path}' for path in (
    'IT-advanced', 'IT-legalforms', 'IT-pec', 'IT-search', 'IT-address'))
DAY = 86400


class AccountMixin:
    """Gives a test class, of ``PecCase`` or alike, companies that use the sandbox API's account."""

    def connect(self, company=None, with_key=True, scopes=FILINGS, **values):
        """Have a company use the account of the sandbox API, with a token that was made for it.

        :param company: of Odoo; the test's by default.
        :param bool with_key: whether the API key is kept.
        :return: the account.
        """
        company = company or self.company
        account = self.env['openapi_pec.account'].sudo().search(
            [('email', '=', EMAIL), ('environment', '=', 'sandbox')]) or self.env['openapi_pec.account'].sudo().create(
            {'email': EMAIL, 'environment': 'sandbox', **values})
        made = OauthClient(EMAIL, KEY, self.sandbox.oauth_url).make_token(scopes, 'Odoo PEC test', 30 * DAY)
        account._set_secret('key', KEY if with_key else None)
        account._set_secret('token', made.token)
        account._set_secret('refresh', made.refresh_token)
        company._openapi_pec_use_account(account)
        return account

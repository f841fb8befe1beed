"""A company's account at Openapi: its tokens, and the client that uses it."""
from urllib.parse import urlsplit

from odoo import api, models
from odoo.exceptions import RedirectWarning
from odoo.http import request

from odoo.addons.l10n_it_openapi_pec.tools.api.client import (
    COMPANY_HOSTS,
    HOSTS,
    LOOPBACK,
    PRODUCTION_HOSTS,
    CompanyClient,
    PecClient,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import OAUTH_HOSTS, OauthClient
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_client import SIGNATURE_HOSTS, SignatureClient
from odoo.addons.l10n_it_openapi_pec.tools.clock import now
from odoo.addons.l10n_it_openapi_pec.tools.secrecy import pasted

from .job_mixin import is_job

# for all that a person's request reads at the service; what is not read by then is left to the scheduled jobs
REQUEST_SECONDS = 15

MASK = '********'  # what stands for a token that is set: nobody reads it back
MODELS = ('openapi_pec.communication', 'openapi_pec.mailbox')  # whose records an account lists
# APIs of one account, which have hosts and scopes of their own: name -> (client, hosts, the system parameter that
# replaces them).
APIS = {
    'pec': (PecClient, HOSTS, 'l10n_it_openapi_pec.base_url'),
    'company': (CompanyClient, COMPANY_HOSTS, 'l10n_it_openapi_pec.company_base_url'),
    'oauth': (OauthClient, OAUTH_HOSTS, 'l10n_it_openapi_pec.oauth_base_url'),  # opened with e-mail and key
    'signature': (SignatureClient, SIGNATURE_HOSTS, 'l10n_it_openapi_pec.signature_base_url'),
}
OAUTH_NAMES = tuple(urlsplit(host).hostname for host in OAUTH_HOSTS.values())


class ResCompany(models.Model):
    """The tokens of a company, and the client that uses its account at the service."""
    _inherit = 'res.company'

    # ------------------------------------------------------------ COMPUTE: the tokens

    def _openapi_pec_get_token_key(self, environment):
        """Return the key under which the token of this company in an environment is kept."""
        return f'res.company,{self._origin.id},token,{environment}'

    def _compute_openapi_pec_sealed_tokens(self):
        keys = {
            (company, environment): company._openapi_pec_get_token_key(environment) for company in self
            for environment in HOSTS}
        sealed = self.env['openapi_pec.secret']._get_sealed(keys.values())
        for company in self:
            company.openapi_pec_sealed_tokens = {
                environment: sealed[key] for environment in HOSTS if (key := keys[company, environment]) in sealed}

    def _openapi_pec_get_token(self, environment):
        """Return the token of this company in an environment; None when there is none or it cannot be read."""
        return self.env['openapi_pec.secret']._unseal((self.sudo().openapi_pec_sealed_tokens or {}).get(environment))

    def _openapi_pec_is_token_unreadable(self, environment):
        """Return whether a token is kept that cannot be read, since `database.secret` has changed."""
        return environment in (self.sudo().openapi_pec_sealed_tokens or {}) and not self._openapi_pec_get_token(
            environment)

    def _openapi_pec_get_unreadable_sentence(self, environment):
        """Return the sentence that warns of a token that cannot be read; False when there is none."""
        return self._openapi_pec_is_token_unreadable(environment) and self.env._(
            "The token that was kept cannot be read any more, since the system parameter database.secret has changed. "
            "Have a system administrator paste the token again in the settings, or put the earlier database.secret "
            "back.")

    def _openapi_pec_set_token(self, environment, token):
        """Replace the token of these companies' accounts in an environment; the other one's stays."""
        token = pasted.unwrap(token) or None
        for company in self.sudo():
            if company._openapi_pec_get_token(environment) != token or company._openapi_pec_is_token_unreadable(
                    environment):
                company._openapi_pec_part_from_account(environment)
                company._openapi_pec_forget_test(environment)
                if environment == company.openapi_pec_environment:
                    company._openapi_pec_forget_wallet()
                self.env['openapi_pec.secret']._set(company._openapi_pec_get_token_key(environment), token)
                company._openapi_pec_read_token_anew()
        self._openapi_pec_write_facts(environment, home=token and self._openapi_pec_get_home())

    def _openapi_pec_read_token_anew(self):
        """Forget what this transaction has read of these companies' tokens, and what was computed of it."""
        companies = self.sudo()
        companies.modified(['openapi_pec_sealed_tokens'])
        companies.invalidate_recordset(['openapi_pec_sealed_tokens'])

    @api.depends('openapi_pec_sealed_tokens', 'openapi_pec_environment')
    def _compute_openapi_pec_token(self):
        for company in self:
            company.openapi_pec_token = company._openapi_pec_get_mask(company.openapi_pec_environment)

    def _openapi_pec_get_mask(self, environment):
        """Return what is shown in place of the token of an environment."""
        return MASK if self._openapi_pec_get_token(environment) else False

    def _inverse_openapi_pec_token(self):
        for company in self.filtered(lambda company: company.openapi_pec_token != MASK):
            # What a person writes is tested, by whichever way it comes; code keeps what it is told to.
            keep = company._openapi_pec_set_token if self.env.su else company._openapi_pec_replace_token
            keep(company.openapi_pec_environment, company.openapi_pec_token)
        self._openapi_pec_resume()

    # ------------------------------------------------------------ CRUD

    def write(self, vals):
        environment = vals.get('openapi_pec_environment')
        moved = environment and self.filtered(lambda company: company.sudo().openapi_pec_environment != environment)
        result = super().write(vals)
        if moved:
            moved._openapi_pec_forget_wallet()
        if 'openapi_pec_environment' in vals:
            self._openapi_pec_take_up_waiting()
        if {'openapi_pec_environment', 'openapi_pec_accounts'} & vals.keys():
            self.env['openapi_pec.communication']._judge_drafts([('company_id', 'in', self.ids)])
        return result

    def unlink(self):
        self.env['openapi_pec.secret']._forget_of(self)
        return super().unlink()

    def _openapi_pec_take_up_waiting(self):
        """Make the calls that waited until these companies chose their environment again."""
        for records in map(self.env.__getitem__, MODELS):
            waiting = records.sudo().search([
                (records._call_state_field, '=', 'queued'), ('company_id', 'in', self.ids), ('retry_at', '!=', False)])
            if own := waiting.filtered(lambda record: record._is_of_present_environment()):
                own.retry_at = False
                own._trigger_cron('dispatch')

    # ------------------------------------------------------------ CALLS: access to the service

    def _openapi_pec_base_url(self, environment=None, api_name='pec'):
        """Return the address of the service; a neutralised database never gets the production one.

        :param str environment: the company's present one, if none is told.
        :param str api_name: of ``APIS``.
        :raise NotSent: it is a production one in a neutralised database, or in the sandbox environment; or e-mail and
            key of an account would go to another host than the vendor's.
        """
        environment = environment or self.openapi_pec_environment
        parameters = self.env['ir.config_parameter'].sudo()
        is_copy = parameters.get_param('database.is_neutralized')
        _client, hosts, parameter = APIS[api_name]
        url = parameters.get_param(parameter) or hosts[environment]
        is_production = environment == 'production' or urlsplit(url).hostname in PRODUCTION_HOSTS
        if is_copy and is_production:
            raise NotSent(
                "This database is a neutralised copy: it cannot reach the production service", reason='neutralised')
        if is_production and environment == 'sandbox':
            raise NotSent(
                "The address of the service is a production one, and the company's environment is the sandbox",
                reason='production_address')
        if api_name == 'oauth' and urlsplit(url).hostname not in (*LOOPBACK, *OAUTH_NAMES):
            raise NotSent(
                "E-mail and API key are sent to no other host than the vendor's: correct the system parameter "
                "l10n_it_openapi_pec.oauth_base_url", reason='foreign_address')
        return url

    def _openapi_pec_client(self, environment=None, api_name='pec', deadline=None):
        """Return the client of this company's account.

        :param str environment: the company's present one, if none is told.
        :param str api_name: of ``APIS``.
        :param float deadline: until when it may read, on the clock of ``tools.clock``; by default that of the request.
        :raise NotSent: there is no usable token or address.
        """
        self.ensure_one()
        environment = environment or self.openapi_pec_environment
        if problem := self._openapi_pec_get_unreadable_sentence(environment):
            raise NotSent(problem.rstrip('.'))
        return APIS[api_name][0](
            self._openapi_pec_get_token(environment), self._openapi_pec_base_url(environment, api_name),
            deadline or self._openapi_pec_get_deadline())

    @api.model
    def _openapi_pec_get_deadline(self):
        """Return the moment until which this request may read from the service.

        It counts for all accounts and transactions of the request.

        :return: on the clock of ``tools.clock``; None when nobody waits.
        """
        if not request or is_job(self.env):
            return None
        if not hasattr(request, 'openapi_pec_deadline'):
            request.openapi_pec_deadline = now() + REQUEST_SECONDS
        return request.openapi_pec_deadline

    def _openapi_pec_check_configured(self, environment=None, api_name='pec'):
        """Raise, with a button to the settings, when an account cannot be used.

        :param str environment: the companies' present one, if none is told.
        :param str api_name: of ``APIS``.
        """
        for company in self:
            try:
                company._openapi_pec_client(environment, api_name)
            except NotSent as error:
                raise RedirectWarning(
                    self.env._(
                        "The Openapi account of %(company)s is not ready: %(reason)s. Nothing was sent or spent.",
                        company=company.display_name,
                        reason=self.env['openapi_pec.words.mixin']._get_error_words(error),
                    ),
                    self.env.ref('l10n_it_openapi_pec.action_settings').id, self.env._("Open the settings"),
                ) from error

    @api.model
    def _openapi_pec_by_account(self, records):
        """Group records by their account; several companies may share one.

        :param records: records with ``company_id`` and ``environment``; those without an environment are left out.
        :return: ``[(company, records), …]``, one pair for each account; its records have one environment.
        :rtype: list[tuple]
        """
        joined = self._openapi_pec_join_accounts(
            (company, environment, own) for company, all_own in records.grouped('company_id').items()
            for environment, own in all_own.grouped('environment').items() if environment)
        return [(companies[0], own) for companies, _environment, own in joined]

    def _openapi_pec_join_accounts(self, groups):
        """Join groups of records of one account.

        :param groups: of ``(company, environment, its records there)``.
        :return: ``[(companies, environment, their records there), …]``, one for each account.
        :rtype: list[tuple]
        """
        accounts = {}
        for company, environment, records in groups:
            key = company._openapi_pec_account(environment)
            companies, _environment, others = accounts.get(key, (self.browse(), environment, records.browse()))
            accounts[key] = (companies + company, environment, others + records)
        return list(accounts.values())

    def _openapi_pec_account(self, environment=None):
        """Return what identifies an account: ``(environment, token)``."""
        environment = environment or self.openapi_pec_environment
        return environment, self._openapi_pec_get_token(environment)

    def _openapi_pec_one_per_account(self):
        """Return the first company of each account that these companies use."""
        return self.browse().union(*{company._openapi_pec_account(): company for company in reversed(self)}.values())

    def _openapi_pec_with_same_account(self, environment=None):
        """Return all companies that use the account of this one; without a token, this one alone."""
        account = self._openapi_pec_account(environment)
        if not account[1]:
            return self.sudo()
        companies = self.sudo().search([])  # they are few; pylint: disable=no-search-all
        return companies.filtered(lambda company: company._openapi_pec_account(account[0]) == account)

    def _openapi_pec_notify_shared(self):
        """Return a sentence that names the accounts which several companies use; None when there are none.

        :rtype: str or None
        """
        shared = [
            users for company in self._openapi_pec_one_per_account()
            if len(users := company._openapi_pec_with_same_account()) > 1]
        return self.env._(
            "The account is used by several companies (%s): what does not show whose it is, waits to be assigned.",
            '; '.join(', '.join(users.mapped('name')) for users in shared)) if shared else None

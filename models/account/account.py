from odoo import api, fields, models
from odoo.tools import email_normalize

from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import OauthClient

from ..service.job_mixin import job

# What the scheduled job does for each account, in this order: names of methods of one account. Each settles the errors
# of its own calls, and one that an account without a kept key cannot do does nothing.
STEPS = ()


class OpenapiPecAccount(models.Model):
    """An account at the vendor, in one environment, whose e-mail a system administrator has typed.

    Its API key (if it is kept), its token and its refresh token are in ``openapi_pec.secret`` alone, under the keys
    of :meth:`_get_secret_key`. Companies that use it share its token; one that has pasted a token uses none.
    """
    _name = 'openapi_pec.account'
    _description = "Openapi Account"
    _inherit = ['openapi_pec.job.mixin']
    _rec_name = 'email'
    _order = 'id'

    environment = fields.Selection(
        [('sandbox', "Sandbox"), ('production', "Production")], required=True, readonly=True)
    email = fields.Char("Account E-mail", required=True, readonly=True)
    company_ids = fields.Many2many('res.company', string="Used by", compute='_compute_company_ids')

    _email_unique = models.UniqueIndex('(email, environment)', "This account is known already.")

    # ------------------------------------------------------------ COMPUTE

    def _compute_company_ids(self):
        companies = self.env['res.company'].sudo()
        for environment, accounts in self.grouped('environment').items():
            field = f'openapi_pec_{environment}_account_id'
            users = companies.search([(field, 'in', accounts.ids)]).grouped(field)
            for account in accounts:
                account.company_ids = users.get(account._origin, companies)

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals['email'] = email_normalize(vals.get('email')) or vals.get('email')
        return super().create(vals_list)

    def unlink(self):
        self.env['openapi_pec.secret']._forget_of(self)
        return super().unlink()

    # ------------------------------------------------------------ COMPUTE: its secrets

    def _get_secret_key(self, name):
        """Return the key under which a secret of this account is kept.

        :param str name: 'key' (the API key), 'token' or 'refresh'.
        """
        return f'{self._name},{self._origin.id},{name}'

    def _get_secret(self, name):
        """Return a secret of this account in clear; None when there is none, or it cannot be read."""
        return self.env['openapi_pec.secret']._get(self._get_secret_key(name))

    def _set_secret(self, name, value):
        """Replace a secret of this account; without a value, delete it."""
        self.env['openapi_pec.secret']._set(self._get_secret_key(name), value)

    def _has_key(self):
        """Return whether the API key of this account is kept and can be read."""
        return bool(self) and bool(self._get_secret('key'))

    # ------------------------------------------------------------ CALLS: access to OAuth v2

    def _get_client(self, key=None):
        """Return the client of OAuth v2 for this account.

        :param str key: the API key, if it is not the one that is kept.
        :rtype: OauthClient
        :raise NotSent: the key is not kept (reason ``no_key``), or the address cannot be used.
        """
        self.ensure_one()
        key = key or self._get_secret('key')
        if not key:
            raise NotSent("There are no usable e-mail and API key", reason='no_key')
        companies = self.env['res.company'].sudo()
        return OauthClient(
            self.email, key, companies._openapi_pec_base_url(self.environment, 'oauth'),
            companies._openapi_pec_get_deadline())

    # ------------------------------------------------------------ SYNCHRONISATION

    @api.model
    @job
    def _cron_keep(self):
        """Do for each account what time brings about, each step in a transaction of its own.

        A database that may be a copy does nothing: what it would make, renew or delete is the live database's.
        """
        accounts = self.search([])  # they are few; pylint: disable=no-search-all
        for account in accounts.filtered(lambda account: account._is_at_home()):
            for step in STEPS:
                getattr(account, step)()
                account._commit_in_cron()

    def _is_at_home(self):
        """Return whether a company of this database uses this account, and its token was set in this database."""
        return any(not company._openapi_pec_is_copy(self.environment) for company in self.company_ids)

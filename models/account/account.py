import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent
from odoo.addons.l10n_it_openapi_pec.tools.api.oauth_client import OauthClient

from ..service.job_mixin import job

_logger = logging.getLogger(__name__)

# What the scheduled job does for each account, in this order: names of methods of one account. Each settles the errors
# of its own calls, and one that an account without a kept key cannot do does nothing.
STEPS = ('_keep_token', '_keep_wallet', '_keep_prices', '_read_transactions', '_audit_callbacks')


class OpenapiPecAccount(models.Model):
    """An account at the vendor, in one environment, whose e-mail a system administrator has typed.

    Its API key (if it is kept), its token and its refresh token are in ``openapi_pec.secret`` alone, under the keys
    of :meth:`_get_secret_key`. Companies that use it share its token; one that has pasted a token uses none.
    """
    _name = 'openapi_pec.account'
    _description = "Openapi Account"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'openapi_pec.job.mixin']
    _rec_name = 'email'
    _order = 'id'

    environment = fields.Selection(
        [('sandbox', "Sandbox"), ('production', "Production")], required=True, readonly=True)
    email = fields.Char("Account E-mail", required=True, readonly=True)
    company_ids = fields.Many2many(
        'res.company', string="Used by", compute='_compute_company_ids', search='_search_company_ids')

    # Its token: connecting.py, keeping.py
    user_id = fields.Many2one(
        'res.users', "Connected by", readonly=True, index='btree_not_null',
        help="The system administrator who is told when the token needs somebody.")
    uses_domains = fields.Boolean("Looking Up Domains", readonly=True)
    uses_mailboxes = fields.Boolean("Mailboxes", readonly=True)
    uses_companies = fields.Boolean("Looking Up Companies", readonly=True)
    uses_signatures = fields.Boolean("Remote Signatures", readonly=True)
    token_days = fields.Integer("Token Lives (Days)", readonly=True, default=const.account.MAX_DAYS)
    limit_amount = fields.Float(
        "Each Token Can Spend at Most (EUR)", digits=(16, 2), readonly=True,
        help="When the token is renewed, the new one can spend as much again.")
    limit_requests = fields.Integer("Requests at Most", readonly=True)
    limit_ips = fields.Char("Used from These Addresses Only", readonly=True)
    has_key = fields.Boolean("API Key Kept", compute='_compute_has_key', compute_sudo=True)
    connection = fields.Selection(
        [('none', "Not Connected"), ('active', "Connected"), ('lost', "Stopped: No Valid Token")],
        required=True, readonly=True, default='none')
    expires_at = fields.Datetime("Token Expires", readonly=True)
    refused_at = fields.Datetime("Token Refused Since", readonly=True, help="A service has not accepted the token.")
    tried_at = fields.Datetime("Last Try to Renew", readonly=True)
    token_problem = fields.Text("Problem of the Token", readonly=True)
    has_double = fields.Boolean(
        "Another Database Found", readonly=True,
        help="It makes tokens under the name of this one: nothing is renewed or deleted until somebody connects anew.")
    token_sentence = fields.Text("Renewal", compute='_compute_token_sentence')
    token_ids = fields.One2many('openapi_pec.token', 'account_id', "Lives of the Token", readonly=True)

    # What the vendor tells of the callbacks that it tried to deliver here: deliveries.py
    callbacks_read_at = fields.Datetime("Deliveries Read On", readonly=True)
    callbacks_partial = fields.Boolean(readonly=True)  # the list could not be read whole: what follows is of before
    callbacks_address = fields.Char(readonly=True)  # of ours, without what is secret in it; the rest is about it
    callbacks_delivered_at = fields.Datetime("Last Callback Delivered On", readonly=True)
    callbacks_failed_at = fields.Datetime("Last Callback Not Delivered On", readonly=True)
    callbacks_failed = fields.Integer("Callbacks Not Delivered Since", readonly=True)
    callbacks_status = fields.Integer("Answered with HTTP Status", readonly=True)  # 0: no answer
    callbacks_sentence = fields.Text("Deliveries", compute='_compute_callbacks_sentence')
    callbacks_problem = fields.Text("Problem of the Callbacks", compute='_compute_callbacks_sentence')

    # The wallet: wallet.py
    credit = fields.Float("Balance (EUR)", digits=(16, 2), readonly=True)
    credit_at = fields.Datetime("Balance Known Since", readonly=True)
    credit_asked_at = fields.Datetime("Balance Last Asked", readonly=True, help="Whatever came of it.")
    wallet_problem = fields.Selection(
        [('key', "E-Mail and API Key Not Accepted"), ('service', "The Service Did Not Answer")],
        "Why It Is Not Known", readonly=True)
    is_low = fields.Boolean("Low Balance Told", readonly=True, help="It is told once, and again after it was higher.")
    prices_read_at = fields.Datetime("Prices Read", readonly=True)

    # What its wallet was charged with: models/ledger/reading.py
    transactions_read_at = fields.Datetime(
        "Transactions Read", readonly=True, help="When the list of the wallet's transactions was last read whole.")
    transactions_doubt = fields.Selection([
        ('unreadable', "Some Rows Cannot Be Read"),
        ('cut_off', "It Is Too Long to Be Read to Its End"),
        ('unread', "The Service Could Not Be Asked"),
    ], "Transactions Not Read", readonly=True, help="Why the last reading of the transactions decides nothing.")

    _email_unique = models.UniqueIndex('(email, environment)', "This account is known already.")

    # ------------------------------------------------------------ COMPUTE

    def _compute_company_ids(self):
        companies = self.env['res.company'].sudo()
        for environment, accounts in self.grouped('environment').items():
            field = f'openapi_pec_{environment}_account_id'
            users = companies.search([(field, 'in', accounts.ids)]).grouped(field)
            for account in accounts:
                account.company_ids = users.get(account._origin.id, companies)

    @api.model
    def _search_company_ids(self, operator, value):
        if operator != 'in':
            return NotImplemented
        used = Domain('id', 'in', [
            account.id for company in self.env['res.company'].sudo().browse(id_ for id_ in value if id_)
            for environment in HOSTS if (account := company._openapi_pec_get_connection(environment))])
        if False not in value:
            return used
        anybodys = self.env['res.company'].sudo().search([])  # they are few; pylint: disable=no-search-all
        return used | Domain('id', 'not in', [
            account.id for company in anybodys for environment in HOSTS
            if (account := company._openapi_pec_get_connection(environment))])

    def _compute_has_key(self):
        for account in self:
            account.has_key = account._has_key()

    # ------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals['email'] = email_normalize(vals.get('email')) or vals.get('email')
        return super().create(vals_list)

    def unlink(self):
        for account in self:
            account.company_ids.sudo()._openapi_pec_set_token(account.environment, None)
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
                try:
                    getattr(account, step)()
                    account._commit_in_cron()
                except Exception:  # of which the other steps and accounts know nothing
                    self.env.cr.rollback()
                    _logger.exception("%s of %s cannot be done.", step, account)

    def _is_at_home(self):
        """Return whether a company of this database uses this account, and its token was set in this database.

        Of an account that no company uses (yet, or any more), whether its tokens were made in this database.
        """
        if not self.company_ids:
            return bool(self.token_ids._filter_own())
        return any(not company._openapi_pec_is_copy(self.environment) for company in self.company_ids)

import ipaddress

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.account.connecting import SETTINGS, Wish
from odoo.addons.l10n_it_openapi_pec.models.service.account import MASK
from odoo.addons.l10n_it_openapi_pec.models.service.rights import check_company, check_right

MAX_IPS = 20
OF_ACCOUNT = {  # a field that shows how the account is connected now, and can be changed
    'compute': '_compute_of_account', 'store': True, 'readonly': False, 'compute_sudo': False}
DEFAULTS = {'uses_domains': True, 'token_days': const.account.MAX_DAYS}  # of an account that is new


class OpenapiPecConnect(models.TransientModel):
    """How a company is connected with an account at the vendor, or how its token is changed: e-mail and API key.

    The key that is typed is encrypted at once, beside this question and never in it, and forgotten when it is answered.
    """
    _name = 'openapi_pec.connect'
    _description = "Connection with an Openapi Account"
    _inherit = ['openapi_pec.input.mixin']

    account_id = fields.Many2one('openapi_pec.account', "Account", readonly=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', "Company", **OF_ACCOUNT)
    environment = fields.Selection([('sandbox', "Sandbox"), ('production', "Production")], **OF_ACCOUNT)
    email = fields.Char("Account E-mail", **OF_ACCOUNT)
    api_key = fields.Char("API Key", compute='_compute_api_key', inverse='_inverse_api_key')
    uses_domains = fields.Boolean("Look Up Domains", **OF_ACCOUNT)
    uses_mailboxes = fields.Boolean("Mailboxes", **OF_ACCOUNT)
    uses_companies = fields.Boolean("Look Up Companies", **OF_ACCOUNT)
    uses_signatures = fields.Boolean("Remote Signatures", **OF_ACCOUNT)
    token_days = fields.Integer("Lifetime", **OF_ACCOUNT)
    limit_amount = fields.Float("Can Spend at Most (EUR)", digits=(16, 2), **OF_ACCOUNT)
    limit_requests = fields.Integer("Requests at Most", **OF_ACCOUNT)
    limit_ips = fields.Char("Used from These Addresses Only", **OF_ACCOUNT)
    keeps_key = fields.Selection([
        ('keep', "Keep it, encrypted (recommended)"), ('forget', "Forget it"),
    ], "The Key Afterwards", **OF_ACCOUNT)

    # ------------------------------------------------------------ COMPUTE: how the account is connected now

    @api.depends('account_id')
    def _compute_of_account(self):
        for question in self:
            account = question.account_id
            company = account.company_ids & self.env.companies
            question.company_id = company[:1] or question.company_id or self.env.company
            question.environment = account.environment or question.environment or (
                question.company_id.sudo().openapi_pec_environment)
            question.email = account.email or question.email
            question.keeps_key = 'forget' if account and not account.has_key else 'keep'
            for name in SETTINGS:
                question[name] = account[name] if account else DEFAULTS.get(name, question[name])

    # ------------------------------------------------------------ CRUD

    def unlink(self):
        self.env['openapi_pec.secret']._forget_of(self)
        return super().unlink()

    # ------------------------------------------------------------ COMPUTE: the key, which nobody reads back

    def _get_secret_key(self):
        return f'{self._name},{self._origin.id},key'

    def _get_key(self):
        """Return the API key that was typed, else the one that the account has kept; None when there is none."""
        return self.env['openapi_pec.secret']._get(self._get_secret_key()) or self.account_id.sudo()._get_secret('key')

    @api.depends('account_id')
    def _compute_api_key(self):
        for question in self:
            question.api_key = MASK if question._get_key() else False

    def _inverse_api_key(self):
        for question in self.filtered(lambda question: question.api_key != MASK):
            self.env['openapi_pec.secret']._set(question._get_secret_key(), (question.api_key or '').strip())
        self.invalidate_recordset(['api_key'])  # what was typed is told to nobody

    # ------------------------------------------------------------ ACTIONS

    def action_connect(self):
        """Connect the company, or change the token: see ``openapi_pec.account``.

        :return: the action that says that it is connected.
        """
        self.ensure_one()
        self.check_access('write')
        check_right(self.env, 'accept')
        check_company(self.company_id)
        if self.account_id:
            self.account_id.check_access('read')
        values = self._get_values()
        key = self._get_key()
        if not key:
            raise UserError(self.env._("Type the API key of the account. Nothing was changed or spent."))
        account = self.env['openapi_pec.account'].sudo()._connect(
            self.company_id, self.account_id.environment or self.environment, values.pop('email'), key,
            Wish('changed' if self.account_id else 'connected', values, tuple(self.company_id.ids),
                 key if self.keeps_key == 'keep' else ''))
        self.env['openapi_pec.secret']._forget_of(self)
        return self._show_connected(account)

    def _get_values(self):
        """Return what is filled in, as an account has it (dict with ``email``); raise what is not possible."""
        email = self.account_id.email or email_normalize(self.email or '')
        if not email:
            raise UserError(self.env._(
                "This is no e-mail address: %s. Nothing was changed or spent.", self.email or ''))
        if not 1 <= self.token_days <= const.account.MAX_DAYS:
            raise UserError(self.env._("A token lives 1 to %s days. Nothing was changed or spent.",
                                       const.account.MAX_DAYS))
        if self.limit_amount < 0 or self.limit_requests < 0:
            raise UserError(self.env._("A limit is more than 0, or 0 for none. Nothing was changed or spent."))
        values = {name: self[name] for name in SETTINGS}
        return {**values, **self._get_shared(email), 'email': email, 'user_id': self.env.uid,
                'limit_ips': ' '.join(self._get_ips()) or False}

    def _get_ips(self):
        """Return the addresses that were typed (list); raise when one is none."""
        ips = (self.limit_ips or '').replace(',', ' ').replace(';', ' ').split()
        for ip in ips:
            try:
                ipaddress.ip_address(ip)
            except ValueError:
                raise UserError(self.env._(
                    "This is no IP address: %s. Nothing was changed or spent.", ip)) from None
        if len(ips) > MAX_IPS:
            raise UserError(self.env._("At most %s addresses are possible. Nothing was changed or spent.", MAX_IPS))
        return ips

    def _get_shared(self, email):
        """Return the features that other companies of the account use, which a company that joins leaves them (dict).
        """
        known = self.env['openapi_pec.account'].sudo().search(
            [('email', '=', email), ('environment', '=', self.environment)])
        others = known.company_ids - self.company_id
        is_joining = others and not self.account_id
        return {name: True for name in SETTINGS if name.startswith('uses_') and is_joining and known[name]}

    def _show_connected(self, account):
        """Return the action that says that the account is connected, until when, and closes the question."""
        [facts] = account._in_transaction(lambda own: own.read(['expires_at'], load=None))
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'success', 'title': self.env._("Connected"),
                'message': self.env._(
                    "A token was made and tested with the list of filings; nothing was spent. It expires on %s, and is "
                    "renewed by itself before.", format_date(self.env, facts['expires_at'])),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

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


def of_account(name):
    """Return the option of a field that shows how the account is connected now, and can be changed."""
    return {'default': lambda self: self._get_default(name)}


class OpenapiPecConnect(models.TransientModel):
    """How a company is connected with an account at the vendor, or how its token is changed: e-mail and API key.

    The key that is typed is encrypted at once, beside this question and never in it, and forgotten when it is answered.
    """
    _name = 'openapi_pec.connect'
    _description = "Connection with an Openapi Account"
    _inherit = ['openapi_pec.input.mixin']

    account_id = fields.Many2one('openapi_pec.account', readonly=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', **of_account('company_id'))
    environment = fields.Selection([('sandbox', "Sandbox"), ('production', "Production")], **of_account('environment'))
    email = fields.Char("Account E-mail", **of_account('email'))
    api_key = fields.Char("API Key", compute='_compute_api_key', inverse='_inverse_api_key')
    uses_domains = fields.Boolean("Look Up Domains", **of_account('uses_domains'))
    uses_mailboxes = fields.Boolean("Mailboxes", **of_account('uses_mailboxes'))
    uses_companies = fields.Boolean("Look Up Companies", **of_account('uses_companies'))
    uses_signatures = fields.Boolean("Remote Signatures", **of_account('uses_signatures'))
    token_days = fields.Integer("Lifetime", **of_account('token_days'))
    limit_amount = fields.Float(
        "Each Token Can Spend at Most (EUR)", digits=(16, 2), **of_account('limit_amount'),
        help="When the token is renewed, the new one can spend as much again.")
    limit_requests = fields.Integer("Requests at Most", **of_account('limit_requests'))
    limit_ips = fields.Char("Used from These Addresses Only", **of_account('limit_ips'))
    keeps_key = fields.Selection([
        ('keep', "Keep it, encrypted (recommended)"), ('forget', "Forget it"),
    ], "The Key Afterwards", **of_account('keeps_key'))

    @api.model
    def _get_default(self, name):
        """Return how the account that is to be changed is connected now; of a new one, what is proposed.

        :param str name: of a field.
        """
        account = self.env['openapi_pec.account'].browse(self.env.context.get('default_account_id'))
        if not account:
            proposed = {
                'company_id': self.env.company, 'keeps_key': 'keep', 'uses_domains': True,
                'environment': self.env.company.sudo().openapi_pec_environment, 'token_days': const.account.MAX_DAYS}
            return proposed.get(name, False)
        account.check_access('read')
        if name == 'company_id':
            return (account.company_ids & self.env.companies)[:1] or self.env.company
        return account[name] if name in account._fields else 'keep' if account.has_key else 'forget'

    # ------------------------------------------------------------ CRUD

    def unlink(self):
        self.env['openapi_pec.secret']._forget_of(self)
        return super().unlink()

    def onchange(self, values, field_names, fields_spec):
        typed = self.new({
            name: values.get(name) or self.env.context.get(f'default_{name}') for name in ('account_id', 'company_id')})
        # what they are called, and whether a key is kept, is told below
        typed.account_id._origin.check_access('read')
        check_company(typed.company_id._origin)
        return super().onchange(values, field_names, fields_spec)

    # ------------------------------------------------------------ COMPUTE: the key, which nobody reads back

    def _get_secret_key(self):
        return f'{self._name},{self._origin.id},key'

    def _get_key(self):
        """Return the API key that was typed, else the one that the account has kept; None when there is none.

        A company that does not use the account proves with the key that it may.
        """
        typed = self.env['openapi_pec.secret']._get(self._get_secret_key())
        account = self.account_id.sudo()
        is_own = self.company_id & self.env.companies & account.company_ids
        return typed or (account._get_secret('key') if is_own else None)

    @api.depends('account_id', 'company_id')
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
        if not self.company_id:
            raise UserError(self.env._("Choose the company that is to be connected. Nothing was changed or spent."))
        check_company(self.company_id)
        if self.account_id:
            self.account_id.check_access('read')
        values = self._get_values()
        key = self._get_key()
        if not key:
            raise UserError(self.env._("Type the API key of the account. Nothing was changed or spent."))
        account = self.env['openapi_pec.account'].sudo()._connect(
            self.company_id, self._get_environment(), values.pop('email'), key, self._get_wish(values, key))
        self.env['openapi_pec.secret']._forget_of(self)
        return self._show_connected(account)

    def _get_wish(self, values, key):
        """Return what is wished: whoever works in all companies of an account decides how it is used.

        A further one joins: it may add features, and changes neither limits nor life nor whether the key is kept.

        :param dict values: as of :meth:`_get_values`, without the e-mail.
        :param str key: the API key.
        :rtype: Wish
        :raise AccessError: this would change an account of companies in which the user does not work.
        """
        known = self._get_known()
        if known.company_ids and self.company_id not in known.company_ids:
            added = {name: True for name in SETTINGS if name.startswith('uses_') and values[name] and not known[name]}
            return Wish('connected', added, tuple(self.company_id.ids), key if known._has_key() else None, True)
        check_company(known.company_ids.sudo(False))
        return Wish(
            'changed' if self.account_id else 'connected', values, tuple(self.company_id.ids),
            key if self.keeps_key == 'keep' else '')

    def _get_known(self):
        """Return the account that is meant, as superuser; none if it is not known yet."""
        email = email_normalize(self.email or '')
        return self.account_id.sudo() or self.env['openapi_pec.account'].sudo().search(
            [('email', '=', email), ('environment', '=', self._get_environment())])

    def _get_environment(self):
        return self.account_id.environment or self.environment or self.company_id.sudo().openapi_pec_environment

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
        return {**values, 'email': email, 'user_id': self.env.uid,
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

from functools import partial

from odoo import fields, models
from odoo.tools.misc import format_date

from odoo.addons.l10n_it_openapi_pec import const

from ..service.account_pause import NO_CREDIT_PAUSE_MINUTES
from ..service.lock import run_unless_met


class ResCompany(models.Model):
    """Which account of the vendor a company uses, in each environment; none where its token was pasted."""
    _inherit = 'res.company'

    # Numbers, and no relational fields: Odoo evaluates some domains as superuser (that of attachments does), where a
    # path from a company to its account would tell balance and e-mail, letter by letter.
    openapi_pec_sandbox_account_id = fields.Integer(readonly=True, copy=False, groups=fields.NO_ACCESS)
    openapi_pec_production_account_id = fields.Integer(readonly=True, copy=False, groups=fields.NO_ACCESS)

    def _openapi_pec_get_connection(self, environment=None):
        """Return the account of the vendor that this company uses, as superuser; none where its token was pasted.

        :param str environment: the company's present one, if none is told.
        """
        company = self.sudo()
        account_id = company[f'openapi_pec_{environment or company.openapi_pec_environment}_account_id']
        return self.env['openapi_pec.account'].sudo().browse(account_id or ())

    def _openapi_pec_get_token_key(self, environment):
        account = self._openapi_pec_get_connection(environment)
        return account._get_secret_key('token') if account else super()._openapi_pec_get_token_key(environment)

    def _openapi_pec_get_fingerprint(self, environment):
        """Return what tells the account from others: a renewed token is the same account's."""
        account = self._openapi_pec_get_connection(environment)
        if not account:
            return super()._openapi_pec_get_fingerprint(environment)
        return const.service.UNKNOWN_ACCOUNT + self.env['openapi_pec.secret']._get_fingerprint(
            f'{account.environment} {account.email}')

    def _openapi_pec_get_expiry_sentence(self, environment):
        """Return the sentence that warns of a token that expires soon, or could not be renewed; False if none does."""
        account = self._openapi_pec_get_connection(environment)
        if not account:
            return False
        if account.token_problem:
            return account.token_problem
        return account._is_overdue() and self.env._(
            "The token expires on %s: it should have been renewed by now.", format_date(self.env, account.expires_at))

    def _openapi_pec_get_callback_sentence(self, environment):
        """Return the sentence that says that our callback address cannot be reached; False while nothing shows it."""
        account = self._openapi_pec_get_connection(environment)
        return bool(account) and account._get_callback_problem()

    # ------------------------------------------------------------ CALLS: a token that is refused

    def _openapi_pec_pause(self, reason, record, seconds=NO_CREDIT_PAUSE_MINUTES * 60):
        result = super()._openapi_pec_pause(reason, record, seconds)
        if reason == 'token' and record._name != 'openapi_pec.account':
            self._openapi_pec_note_refused(self.sudo().openapi_pec_environment)
        return result

    def _openapi_pec_note_refused(self, environment):
        """Have the scheduled job look whether the token of these companies' accounts is still valid."""
        for account in {company._openapi_pec_get_connection(environment) for company in self}:
            if account.connection == 'active' and not account.refused_at:
                run_unless_met(self.env.cr, partial(account.write, {'refused_at': fields.Datetime.now()}))
                account._trigger_cron('accounts')

    # ------------------------------------------------------------ CRUD: which account is used

    def _openapi_pec_set_token(self, environment, token):
        """Replace the token by one that was pasted, or by none: no account of the vendor is used then."""
        leaving = self.sudo().filtered(lambda company: company._openapi_pec_get_connection(environment))
        for company in leaving:
            company._openapi_pec_part_from_account(environment)
        leaving[f'openapi_pec_{environment}_account_id'] = False
        leaving._openapi_pec_read_token_anew()
        return super()._openapi_pec_set_token(environment, token)

    def _openapi_pec_use_account(self, account):
        """Have these companies use an account of the vendor, with its token; the one they had before is forgotten.

        :param account: of ``openapi_pec.account``, with a token.
        """
        environment = account.environment
        self._openapi_pec_set_token(environment, None)
        companies = self.sudo()
        companies[f'openapi_pec_{environment}_account_id'] = account.id
        companies._openapi_pec_read_token_anew()
        companies._openapi_pec_write_facts(environment, home=self._openapi_pec_get_home())

from odoo import fields, models


class ResCompany(models.Model):
    """Which account of the vendor a company uses, in each environment; none where its token was pasted."""
    _inherit = 'res.company'

    openapi_pec_sandbox_account_id = fields.Many2one(
        'openapi_pec.account', "Openapi Sandbox Account", readonly=True, copy=False, groups='base.group_system',
        ondelete='restrict', index='btree_not_null', domain=[('environment', '=', 'sandbox')])
    openapi_pec_production_account_id = fields.Many2one(
        'openapi_pec.account', "Openapi Account", readonly=True, copy=False, groups='base.group_system',
        ondelete='restrict', index='btree_not_null', domain=[('environment', '=', 'production')])

    def _openapi_pec_get_connection(self, environment=None):
        """Return the account of the vendor that this company uses, as superuser; none where its token was pasted.

        :param str environment: the company's present one, if none is told.
        """
        company = self.sudo()
        return company[f'openapi_pec_{environment or company.openapi_pec_environment}_account_id']

    def _openapi_pec_get_token_key(self, environment):
        account = self._openapi_pec_get_connection(environment)
        return account._get_secret_key('token') if account else super()._openapi_pec_get_token_key(environment)

    # ------------------------------------------------------------ CRUD: which account is used

    def _openapi_pec_set_token(self, environment, token):
        """Replace the token by one that was pasted, or by none: no account of the vendor is used then."""
        leaving = self.sudo().filtered(lambda company: company._openapi_pec_get_connection(environment))
        for company in leaving:
            company._openapi_pec_part_from_account(environment)
        leaving[f'openapi_pec_{environment}_account_id'] = False
        leaving.modified(['openapi_pec_sealed_tokens'])
        leaving.invalidate_recordset(['openapi_pec_sealed_tokens'])
        return super()._openapi_pec_set_token(environment, token)

    def _openapi_pec_use_account(self, account):
        """Have these companies use an account of the vendor, with its token; the one they had before is forgotten.

        :param account: of ``openapi_pec.account``, with a token.
        """
        environment = account.environment
        self._openapi_pec_set_token(environment, None)
        companies = self.sudo()
        companies[f'openapi_pec_{environment}_account_id'] = account
        companies.modified(['openapi_pec_sealed_tokens'])
        companies.invalidate_recordset(['openapi_pec_sealed_tokens'])
        companies._openapi_pec_write_facts(environment, home=self._openapi_pec_get_home())

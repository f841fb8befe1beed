from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS


class ResConfigSettings(models.TransientModel):
    """How the company's account is connected, until when, and whether its callbacks arrive."""
    _inherit = 'res.config.settings'

    openapi_pec_connection_id = fields.Many2one('openapi_pec.account', compute='_compute_openapi_pec_connection')
    openapi_pec_expires_at = fields.Datetime(compute='_compute_openapi_pec_connection')
    openapi_pec_token_sentence = fields.Text(compute='_compute_openapi_pec_connection')
    openapi_pec_token_problem = fields.Text(compute='_compute_openapi_pec_connection')  # until a token is pasted

    openapi_pec_callback_sentence = fields.Text(compute='_compute_openapi_pec_callback_sentence')

    @api.depends('company_id', 'openapi_pec_environment')
    @api.depends_context('lang', 'tz')
    def _compute_openapi_pec_connection(self):
        for settings in self:
            account = settings._get_openapi_pec_company()._openapi_pec_get_connection(settings.openapi_pec_environment)
            settings.openapi_pec_connection_id = account.sudo(False)
            settings.openapi_pec_expires_at = account.expires_at
            settings.openapi_pec_token_sentence = account._get_token_sentence()
            settings.openapi_pec_token_problem = account.token_problem

    @api.depends('company_id')
    @api.depends_context('lang')
    def _compute_openapi_pec_callback_sentence(self):
        for settings in self:
            settings.openapi_pec_callback_sentence = settings._openapi_pec_notify_each(
                settings._get_openapi_pec_company()._openapi_pec_get_callback_sentence)

    def action_openapi_pec_test_callback(self):
        """Test the callback address of the account that the vendor cannot reach."""
        self._check_openapi_pec_company()
        environments = filter(self.company_id._openapi_pec_get_callback_sentence, HOSTS)
        account = self.company_id._openapi_pec_get_connection(next(environments, None))
        return bool(account) and account.action_test_callback()

    def action_openapi_pec_connect(self):
        """Open the question for e-mail and key; of an account that is connected, what can be changed."""
        self._check_openapi_pec_company()
        account = self.company_id._openapi_pec_get_connection(self.openapi_pec_environment)
        action = self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_connect')
        return {**action, 'context': {
            'default_company_id': self.company_id.id, 'default_environment': self.openapi_pec_environment,
            **({'default_account_id': account.id} if account else {})}}

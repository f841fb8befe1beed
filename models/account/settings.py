from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """How the company's account is connected, and until when."""
    _inherit = 'res.config.settings'

    openapi_pec_connection_id = fields.Many2one('openapi_pec.account', compute='_compute_openapi_pec_connection')
    openapi_pec_expires_at = fields.Datetime(compute='_compute_openapi_pec_connection')
    openapi_pec_token_sentence = fields.Text(compute='_compute_openapi_pec_connection')
    openapi_pec_stop_sentence = fields.Text(compute='_compute_openapi_pec_connection')

    @api.depends('company_id', 'openapi_pec_environment')
    @api.depends_context('lang', 'tz')
    def _compute_openapi_pec_connection(self):
        for settings in self:
            account = settings._get_openapi_pec_company()._openapi_pec_get_connection(settings.openapi_pec_environment)
            settings.openapi_pec_connection_id = account.sudo(False)
            settings.openapi_pec_expires_at = account.expires_at
            settings.openapi_pec_token_sentence = account._get_token_sentence()
            settings.openapi_pec_stop_sentence = account._get_stop_sentence()

    def action_openapi_pec_connect(self):
        """Open the question for e-mail and key; of an account that is connected, what can be changed."""
        self._check_openapi_pec_company()
        account = self.company_id._openapi_pec_get_connection(self.openapi_pec_environment)
        action = self.env['ir.actions.act_window']._for_xml_id('l10n_it_openapi_pec.action_connect')
        return {**action, 'context': {
            'default_company_id': self.company_id.id, 'default_environment': self.openapi_pec_environment,
            **({'default_account_id': account.id} if account else {})}}

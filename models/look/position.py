from odoo import models


class OpenapiPecPosition(models.Model):
    """The steps of a line that ask the register, or take over what it has told."""
    _inherit = 'openapi_pec.position'

    def _open_check(self):
        """Open the question whether the register shows the company's PEC; the contact, for who may not spend."""
        company = self.company_id
        if self.kind != 'company' or not self.env['openapi_pec.register_question'].has_access('create'):
            return self.action_open_partner()
        filing = self.env['openapi_pec.communication'].search([
            ('company_id', '=', company.id), ('partner_id', '=', self.partner_id.id), ('kind', '=', 'company'),
            ('state', '=', 'completed'), ('environment', '=', company.sudo().openapi_pec_environment),
        ], order='id desc', limit=1)
        return filing.action_check_register() if filing else (
            self.partner_id.with_company(company).action_openapi_pec_update())

    def _open_differences(self):
        """Open what the register tells otherwise of the company; the contact, where nothing is known to differ."""
        has_any = self.partner_id.openapi_pec_difference_count
        return self.partner_id.action_openapi_pec_differences() if has_any else self.action_open_partner()

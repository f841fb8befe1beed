from odoo import api, models


class OpenapiPecRecordMixin(models.AbstractModel):
    """Why nothing is sent from a possible copy of the database: computed from the company, for each record."""
    _inherit = 'openapi_pec.record.mixin'

    @api.depends('environment', 'company_id.openapi_pec_environment', 'company_id.openapi_pec_accounts')
    @api.depends_context('uid', 'lang')
    def _compute_copy_sentence(self):
        for record in self:
            company = record.company_id
            record.copy_sentence = company._openapi_pec_get_copy_sentence(
                record.environment or company.sudo().openapi_pec_environment)

    def action_confirm_home(self):
        """Record that this is the live database: Odoo pays from here again."""
        self.env['res.company']._openapi_pec_confirm_home()
        for record in self:
            record._message_log(body=self.env._("%s says that this is the live database.", self.env.user.name))

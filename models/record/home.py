from odoo import api, fields, models


class OpenapiPecRecordMixin(models.AbstractModel):
    """Why nothing is sent from what may be a copy of the database: told from the company, so that it is true on each
    record.
    """
    _inherit = 'openapi_pec.record.mixin'

    copy_sentence = fields.Text("May Be a Copy", compute='_compute_copy_sentence')

    @api.depends('environment', 'company_id.openapi_pec_environment', 'company_id.openapi_pec_accounts')
    @api.depends_context('uid', 'lang')
    def _compute_copy_sentence(self):
        for record in self:
            company = record.company_id
            record.copy_sentence = company._openapi_pec_get_copy_sentence(
                record.environment or company.sudo().openapi_pec_environment)

    @api.depends('copy_sentence')
    def _compute_waiting(self):  # computes return nothing; pylint: disable=missing-return
        super()._compute_waiting()
        for record in self:
            if record.copy_sentence and record[record._call_state_field] == 'queued':
                record.waiting_for = 'copy'
                record.waiting_sentence = self.env._("Not sent, nothing was spent: this database may be a copy.")

    def action_confirm_home(self):
        """Say that this is the live database: Odoo pays from here again."""
        self.env['res.company']._openapi_pec_confirm_home()
        for record in self:
            record._message_log(body=self.env._("%s says that this is the live database.", self.env.user.name))

from odoo import models


class OpenapiPecPosition(models.Model):
    """The steps of a line that ask the register, or take over what it has told."""
    _inherit = 'openapi_pec.position'

    def _step_check_register(self):
        """Open the question whether the register shows what was filed; the contact, for who may not spend."""
        filing = self.env['openapi_pec.communication'].search([
            ('company_id', '=', self.company_id.id), ('partner_id', '=', self.partner_id.id), ('kind', '=', 'company'),
            ('state', '=', 'completed')], order='id desc', limit=1)
        may_ask = self.env['openapi_pec.register_question'].has_access('create')
        is_asked = filing and may_ask and self.kind == 'company'
        return filing.action_check_register() if is_asked else super()._step_check_register()

    def _step_take_over(self):
        return self._open_differences() or super()._step_take_over()

    def _step_compare(self):
        return self._open_differences() or super()._step_compare()

    def _open_differences(self):
        """Return the action that opens what the register tells otherwise of the company; None when nothing does."""
        has_any = self.partner_id.openapi_pec_difference_count
        return self.partner_id.action_openapi_pec_differences() if has_any else None

"""What waits for a second manager is told where one looks: on what it is about."""
from odoo import api, fields, models


class OpenapiPecCallMixin(models.AbstractModel):
    """Filings, mailboxes and what else is paid: whether somebody has asked another manager to approve it."""
    _inherit = 'openapi_pec.call.mixin'

    @api.depends_context('uid', 'lang', 'tz', 'allowed_company_ids')
    def _compute_approval_sentence(self):
        told = self.env['openapi_pec.approval']._tell_waiting(self)
        for record in self:
            record.approval_sentence = told.get(record._origin.id, False)

    def action_open_approval(self):
        """Open what waits for a decision about this record, with what the wallet holds now."""
        return self.env['openapi_pec.approval']._open_waiting(self)


class ResPartner(models.Model):
    """Contacts, for whom certificates are bought, and about whom the register is asked."""
    _inherit = 'res.partner'

    openapi_pec_approval_sentence = fields.Text(
        "Waits for Approval", compute='_compute_openapi_pec_approval_sentence',
        groups='l10n_it_openapi_pec.group_user')

    @api.depends_context('uid', 'lang', 'tz', 'allowed_company_ids')
    def _compute_openapi_pec_approval_sentence(self):
        told = self.env['openapi_pec.approval']._tell_waiting(self)
        for partner in self:
            partner.openapi_pec_approval_sentence = told.get(partner._origin.id, False)

    def action_openapi_pec_open_approval(self):
        """Open what waits for a decision about this contact, with what the wallet holds now."""
        return self.env['openapi_pec.approval']._open_waiting(self)

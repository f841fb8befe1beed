from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec.tools.finding import WARNING


class OpenapiPecMailboxConfirmation(models.TransientModel):
    """The last question before a mailbox is bought: its price, and what stands out in its data."""
    _name = 'openapi_pec.mailbox.confirmation'
    _description = "Confirmation of the Purchase of a Mailbox"
    _inherit = ['openapi_pec.mailbox.order']
    _operation = 'mailbox_create'

    mailbox_type = fields.Selection(related='mailbox_id.mailbox_type', related_sudo=False)
    auto_renew = fields.Boolean(related='mailbox_id.auto_renew', related_sudo=False)
    warnings = fields.Html(compute='_compute_warnings', sanitize=False)

    @api.depends('mailbox_id')
    def _compute_warnings(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            warnings = [
                finding for finding in order.mailbox_id._get_findings()[order.mailbox_id]
                if finding.level == WARNING
                and order.mailbox_id._get_finding_sentence(finding) != order.awaited_sentence]
            order.warnings = order.mailbox_id._show_findings(warnings) if warnings else False

    def _get_awaited_sentence(self):
        return self.mailbox_id._get_sighting_sentence()

    def _check_order(self):
        checked = super()._check_order()
        self.mailbox_id._check_buyable()
        return checked

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec.tools.outcome import changed as mailbox_truth

RENEWAL_YEARS = (1, 2, 3, 4, 5)


class OpenapiPecMailboxRenewal(models.TransientModel):
    """The last question before a mailbox is renewed: for how many years."""
    _name = 'openapi_pec.mailbox.renewal'
    _description = "Renewal of a Mailbox"
    _inherit = ['openapi_pec.mailbox.order']
    _operation = 'mailbox_renew'
    _priced_by = ('years',)

    mailbox_type = fields.Selection(related='mailbox_id.mailbox_type', related_sudo=False)
    expires_on = fields.Date(related='mailbox_id.expires_on', related_sudo=False)
    auto_renew = fields.Boolean(related='mailbox_id.auto_renew', related_sudo=False)
    years = fields.Selection([(str(years), str(years)) for years in RENEWAL_YEARS], default='1')
    new_expiry = fields.Date("Will Expire", compute='_compute_new_expiry')

    @api.depends('years', 'awaited_sentence')
    def _compute_new_expiry(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            # Of a renewal that does not show, nobody knows from which day on another one counts.
            known = order.expires_on and order.mailbox_id.state != 'revoked' and not order.awaited_sentence
            order.new_expiry = known and mailbox_truth.add_years(order.expires_on, int(order.years))

    def _get_request(self):
        return {'years': int(self.years or 1)}

    def _get_problem(self):
        return not self.years and self.env._("Choose for how many years.")

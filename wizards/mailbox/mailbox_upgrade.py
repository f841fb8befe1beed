from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const


class OpenapiPecMailboxUpgrade(models.TransientModel):
    """The last question before a mailbox is upgraded: to which larger type."""
    _name = 'openapi_pec.mailbox.upgrade'
    _description = "Upgrade of a Mailbox"
    _inherit = ['openapi_pec.mailbox.order']
    _operation = 'mailbox_transform'
    _priced_by = ('new_type',)

    mailbox_type = fields.Selection(related='mailbox_id.mailbox_type', related_sudo=False)
    new_type = fields.Selection(const.mailbox.TYPE_LABELS)
    new_types = fields.Json(compute='_compute_new_types')
    purpose = fields.Char("What It Is for", compute='_compute_purpose')

    @api.depends('mailbox_type')
    def _compute_new_types(self):
        types = const.mailbox.TYPES
        for order in self:
            now = types[order.mailbox_type].rank if order.mailbox_type else 0
            order.new_types = [code for code, mailbox_type in types.items() if mailbox_type.rank > now > 0]

    @api.depends('new_type')
    @api.depends_context('lang')
    def _compute_purpose(self):
        for order in self:
            order.purpose = order.new_type and order.mailbox_id._in_words(const.mailbox.TYPES[order.new_type].purpose)

    def _get_request(self):
        return {'mailbox_type': self.new_type}

    def _get_problem(self):
        return self.new_type not in (self.new_types or []) and self.env._("Choose a larger type.")

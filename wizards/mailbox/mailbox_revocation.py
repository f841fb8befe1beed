from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address


class OpenapiPecMailboxRevocation(models.TransientModel):
    """The last question before a mailbox is revoked: what still counts on its address. It is free, and final."""
    _name = 'openapi_pec.mailbox.revocation'
    _description = "Revocation of a Mailbox"
    _inherit = ['openapi_pec.mailbox.order']
    _operation = 'mailbox_revoke'

    expires_on = fields.Date(related='mailbox_id.expires_on', related_sudo=False)
    typed_address = fields.Char("Type the Address", help="To be sure that it is the right one.")
    domicile_names = fields.Text("Contacts with It as Digital Domicile", compute='_compute_domicile')
    takes_domicile_away = fields.Boolean(
        "Remove It from These Contacts", default=True, help="As soon as the mailbox is revoked.")
    filing_names = fields.Text("Communicated with", compute='_compute_domicile')
    invoice_names = fields.Text("Contacts with It for Electronic Invoices", compute='_compute_domicile')

    @api.depends('mailbox_id')
    def _compute_domicile(self):
        self.mailbox_id._check_may_spend()
        for order in self:
            mailbox, filings = order.mailbox_id, order.mailbox_id._get_standing_filings()
            states = dict(filings._fields['state']._description_selection(self.env))
            order.domicile_names = ', '.join(mailbox._get_domicile_partners().mapped('display_name')) or False
            order.filing_names = ', '.join(
                f'{filing.display_name} ({states[filing.state]})' for filing in filings) or False
            order.invoice_names = ', '.join(mailbox._get_invoice_partners().mapped('display_name')) or False

    def _get_request(self):
        partners = self.mailbox_id._get_domicile_partners() if self.takes_domicile_away else self.env['res.partner']
        return {'domicile_partner_ids': partners.ids}

    def _get_problem(self):
        is_same = pec_address.normalize(self.typed_address) == self.address
        return not is_same and self.env._(
            "Type the address of the mailbox, %s, to confirm that it is the right one.", self.address)

from datetime import timedelta

from odoo import api, fields, models

# model -> the field of a line with its records; of some lines one is empty
RECORDS = {'openapi_pec.communication': 'communication_ids', 'openapi_pec.mailbox': 'mailbox_ids'}


class OpenapiPecMailingLine(models.TransientModel):
    """One mail to one person that is about to leave: all that he has to sign.

    What is shown of it is read from its filings or mailboxes, with the rights of the user who looks.
    """
    _name = 'openapi_pec.mailing.line'
    _description = "Mail to a Signer, about to Leave"
    _inherit = ['openapi_pec.input.mixin']
    _order = 'id'

    mailing_id = fields.Many2one('openapi_pec.mailing', required=True, readonly=True, index=True, ondelete='cascade')
    communication_ids = fields.Many2many(  # its own name is too long for constraints
        'openapi_pec.communication', 'openapi_pec_mailing_line_filing_rel', string="Filings", readonly=True)
    mailbox_ids = fields.Many2many('openapi_pec.mailbox', string="Mailboxes", readonly=True)
    is_ticked = fields.Boolean("Mail Him")
    shown_mailed_at = fields.Datetime("Last Mailed, as Asked", readonly=True)
    name = fields.Char("To", compute='_compute_person')
    email = fields.Char(compute='_compute_person')
    about = fields.Char(compute='_compute_person')
    document_count = fields.Integer("Documents", compute='_compute_person')
    last_mailed_at = fields.Datetime("Last Mailed", compute='_compute_person')
    is_recent = fields.Boolean(compute='_compute_person', help="Mailed in the last days: not ticked by itself.")
    is_signed = fields.Boolean(compute='_compute_person', help="All of it is here, signed: not ticked by itself.")

    @api.depends(*RECORDS.values())
    def _compute_person(self):
        now = fields.Datetime.now()
        for line in self:
            records = [record for part in line._get_parts() for record in part]
            first = records[0] if records else self.env['openapi_pec.communication']
            mailed = [mailed_at for record in records if (mailed_at := record[f'{record._signer_document}_mailed_at'])]
            recent = timedelta(days=first.company_id.sudo().openapi_pec_remind_days)
            line.name = bool(first) and (first._get_signer_name() or first._get_signer_address())
            line.email = bool(first) and first._get_signer_address()
            line.about = ', '.join(record._get_signing_about() or '' for record in records)
            line.document_count = len(records)
            line.last_mailed_at = max(mailed, default=False)
            line.is_signed = bool(records) and not any(record._awaits_signer() for record in records)
            line.is_recent = bool(mailed) and max(mailed) > now - recent

    @api.depends(*RECORDS.values())
    @api.depends_context('lang')
    def _compute_display_name(self):
        for line in self:
            line.display_name = f'{line.name} <{line.email}>' if line.email else line.name

    def _get_parts(self):
        """Return the filings, and the mailboxes, of these mails, or raise if this user may not mail them.

        :return: a list of them, without what is empty.
        """
        lines = self.sudo()  # whose rules hide what somebody else has put there
        parts = [lines[name]._origin.sudo(False) for name in RECORDS.values()]
        for part in parts:
            part.check_access('write')
        return [part for part in parts if part]

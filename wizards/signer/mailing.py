from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .mailing_line import RECORDS


class OpenapiPecMailing(models.TransientModel):
    """The question before documents are mailed to who signs them: to whom, by when, and what the mail says.

    There is one mail for each person. Who was mailed in the last days, or has signed already, is left out unless he is
    ticked.
    """
    _name = 'openapi_pec.mailing'
    _description = "Mails to Signers"
    _inherit = ['openapi_pec.input.mixin']

    line_ids = fields.One2many('openapi_pec.mailing.line', 'mailing_id', "Mails")
    sign_by = fields.Date("Signature Wanted by", required=True)
    note = fields.Text(help="A few words of yours; they stand in each of the mails.")
    shown_line_id = fields.Many2one(
        'openapi_pec.mailing.line', "Preview of the Mail to", domain="[('mailing_id', '=', id)]")
    preview_subject = fields.Char("Subject", compute='_compute_preview')
    preview_body = fields.Html("Text", compute='_compute_preview', sanitize=False)
    preview_documents = fields.Char("Attached", compute='_compute_preview')
    left_out = fields.Text(compute='_compute_left_out', help="Why somebody is not ticked.")

    # ------------------------------------------------------------ COMPUTE

    @api.depends('shown_line_id', 'sign_by', 'note')
    def _compute_preview(self):
        for mailing in self:
            parts = mailing.shown_line_id._get_parts()
            mail = parts[0]._preview_mail(*parts[1:], **mailing._get_said()) if parts else {}
            mailing.preview_subject = mail.get('subject')
            mailing.preview_body = mail.get('body')
            mailing.preview_documents = ', '.join(mail.get('documents', ()))

    @api.depends('line_ids.is_ticked')
    @api.depends_context('lang')
    def _compute_left_out(self):
        for mailing in self:
            left = mailing.line_ids.filtered(lambda line: not line.is_ticked)
            signed = left.filtered('is_signed')
            recent = (left - signed).filtered('is_recent')
            mailing.left_out = '\n'.join(
                sentence % ', '.join(lines.mapped('display_name')) for lines, sentence in (
                    (recent, self.env._("Mailed in the last days, and left out unless you tick them: %s.")),
                    (signed, self.env._("Signed already: the documents are here. Tick them only to have them signed "
                                        "once more: %s."))) if lines) or False

    def _get_said(self):
        """Return what the mails say besides: arguments of ``_mail_to_signers``."""
        return {'sign_by': self.sign_by, 'note': (self.note or '').strip()}

    # ------------------------------------------------------------ ACTIONS

    @api.model
    def _open(self, filings, mailboxes):
        """Return the action that asks about mailing the documents of some filings and mailboxes, which can be mailed.

        Each has a document and an address.
        """
        days = min((filings.company_id | mailboxes.company_id).sudo().mapped('openapi_pec_sign_days'))
        mailing = self.sudo().create({
            'sign_by': fields.Date.context_today(self) + timedelta(days=days),
            'line_ids': [Command.create({
                RECORDS[part._name]: [Command.set(part.ids)] for part in mail if part
            }) for waits in (True, False) for mail in filings._filter_awaiting(waits)._pair(
                mailboxes._filter_awaiting(waits))],
        })
        for line in mailing.line_ids:
            line.write({
                'is_ticked': not (line.is_recent or line.is_signed), 'shown_mailed_at': line.last_mailed_at})
        mailing.shown_line_id = (mailing.line_ids.filtered('is_ticked') or mailing.line_ids)[:1]
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Mail to Who Signs"),
            'res_model': self._name,
            'res_id': mailing.id,
            'view_mode': 'form',
            'target': 'new',
        }

    def action_confirm(self):
        """Mail to those who are ticked.

        :return: the action that shows to whom.
        :raise UserError: nobody is ticked, or the day has passed.
        """
        self.check_access('write')
        self.ensure_one()
        lines = self.line_ids.filtered('is_ticked')
        parts = lines._get_parts()
        if not parts:
            raise UserError(self.env._("Nobody is ticked: tick who is to be mailed. Nothing was mailed."))
        lines.invalidate_recordset(['last_mailed_at'])  # computed as the question was opened
        if again := lines.filtered(lambda line: line.last_mailed_at and line.last_mailed_at != line.shown_mailed_at):
            raise UserError(self.env._(
                "Mailed since this question was opened: %s. Close it, and ask again if they are to be mailed once more."
                " Nothing was mailed.", ', '.join(again.mapped('name'))))
        today = fields.Date.context_today(self)
        if not self.sign_by or self.sign_by < today:
            raise UserError(self.env._(
                "The day by which the signature is wanted has passed: choose another one. Nothing was mailed."))
        action = parts[0]._mail_by_click(*parts[1:], **self._get_said())
        action['params']['next'] = {'type': 'ir.actions.act_window_close'}
        return action

from datetime import timedelta

from odoo import api, fields, models


class OpenapiPecSignerMixin(models.AbstractModel):
    """Reminders: who was mailed and uploads nothing is written to again, after days and as often as the company says.

    They are counted for each document, from a mail that has left; what was mailed by hand anew is counted anew. What an
    earlier version has mailed is reminded of by nobody.
    """
    _inherit = 'openapi_pec.signer.mixin'

    def _get_reminder_time(self, mailed_at):
        """Return when this record's signer is reminded next of a mail that has left; False when he is not.

        :param datetime mailed_at: when it has left.
        """
        company = self.company_id.sudo()
        is_wanted = self.reminders_sent < company.openapi_pec_reminders and self._awaits_signer()
        return is_wanted and mailed_at + timedelta(days=company.openapi_pec_remind_days)

    def _is_to_be_reminded(self):
        """Return whether a reminder that is due is still wanted, and can be mailed."""
        return (
            self.reminders_sent < self.company_id.sudo().openapi_pec_reminders and self._awaits_signer()
            and self.mail_state == 'sent' and bool(self._get_signer_address())
            and (self._takes_link() or not self._is_document_too_large()))

    def _prepare_reminder(self):
        """Return the values by which the request of a reminder differs from that of the first mail."""
        earlier = self.signing_request_id
        return {
            'reminder': max(self.mapped('reminders_sent')) + 1,
            'asked_on': min(earlier.filtered('asked_on').mapped('asked_on'), default=fields.Date.context_today(self)),
            'sign_by': min(earlier.filtered('sign_by').mapped('sign_by'), default=False),
            'note': False,
        }

    @api.model
    def _take_reminders(self):
        """Return what is due to be reminded of: one mail for all that a person has to sign by then."""
        now = fields.Datetime.now()
        due = self.search([('remind_at', '<=', now)], order='id').try_lock_for_update(allow_referencing=True)
        due.remind_at = False
        return due.filtered(lambda record: record._is_to_be_reminded())

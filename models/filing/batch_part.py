from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec import const


class OpenapiPecCommunication(models.Model):
    """A filing as a line of a batch."""
    _inherit = 'openapi_pec.communication'

    @api.model
    def _due_domain(self):
        return super()._due_domain() & (
            fields.Domain('batch_id', '=', False) | fields.Domain('batch_id.is_paused', '=', False))

    @api.depends('batch_id.is_paused')
    def _compute_waiting(self):
        return super()._compute_waiting()

    def _get_hand_pause(self):
        batch = self.batch_id
        return batch.is_paused and self.env._(
            "Batch %s is paused by hand: nothing of it is sent before a manager resumes it there.", batch.name)

    def _on_account_paused(self, sentence):
        """Notify the responsible of the batch, if there is one, once for all its filings."""
        if not self.batch_id:
            return super()._on_account_paused(sentence)
        return self.batch_id.activity_schedule(
            'l10n_it_openapi_pec.mail_activity_type_account', summary=sentence,
            user_id=self.batch_id.user_id.id or self.env.uid)

    # ------------------------------------------------------------ ACTIONS

    def action_create_batch(self):
        """Put these drafts into new batches, one for each company that pays, and open them."""
        self.check_access('write')
        drafts = self.filtered(lambda filing: filing.state in const.filing.EDITABLE_STATES and not filing.batch_id)
        if not drafts:
            raise UserError(self.env._("Choose filings that are not submitted yet and in no other batch."))
        batches = self.env['openapi_pec.batch']
        for company, filings in drafts.grouped('company_id').items():
            batches += batches.create({'company_id': company.id})
            filings.sudo().batch_id = batches[-1]
        return batches.action_open_worklist() if len(batches) == 1 else batches._get_records_action(
            name=self.env._("Multiple Filings"))

    def action_remove_from_batch(self):
        """Delete drafts, which removes them from their batch."""
        self.check_access('write')
        self.filtered(lambda filing: filing.state == 'draft').unlink()

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_it_openapi_pec.models.service.account_pause import PAUSE_CAUSES


class OpenapiPecRecordMixin(models.AbstractModel):
    """What a queued record waits for: computed from the company, so that it is true on each record."""
    _inherit = 'openapi_pec.record.mixin'

    @api.depends(lambda self: (self._call_state_field, 'copy_sentence', *(
        f'company_id.openapi_pec_{name}' for name in ('paused_until', 'pause_reason', 'credit', 'credit_at'))))
    @api.depends_context('lang', 'tz', 'uid')
    def _compute_waiting(self):
        for record in self:
            is_queued = record[record._call_state_field] == 'queued'
            record.waiting_for, record.waiting_sentence = record._get_waiting() if is_queued else (False, False)

    def _get_waiting(self):
        """Return what this queued record waits for, and the sentence that says it; both False when nothing stops it.

        :return: ``(reason of const.service.WAITING_FOR, sentence)``.
        """
        if self.copy_sentence:
            return 'copy', self.env._("Not sent, nothing was spent: this database may be a copy.")
        return self.company_id._openapi_pec_get_pause(self._get_hand_pause())

    @api.model
    def _search_waiting_for(self, operator, value):
        # What the account is paused for; a batch that is paused by hand is found as such.
        if operator != 'in' or {*value} - {*PAUSE_CAUSES}:
            return NotImplemented
        paused = self.env['res.company'].sudo().search(
            [('openapi_pec_paused_until', '>', fields.Datetime.now()), ('openapi_pec_pause_reason', 'in', list(value))])
        return fields.Domain([(self._call_state_field, '=', 'queued'), ('company_id', 'in', paused.ids)])

    def _get_hand_pause(self):
        """Return the sentence that says that a person has paused this record; False when nobody has."""
        return False

    def action_go_on(self):
        """End the account's pause, after a top-up or a corrected token, and make the calls that wait."""
        self._check_may_spend()
        for record in self:
            if record[record._call_state_field] != 'queued':
                raise UserError(self.env._(
                    "There is no call waiting for %s. It is not made a second time.", record.display_name.rstrip('.')))
        self.company_id._openapi_pec_go_on()
        if len(self) == 1:
            self.sudo()._queue_again()

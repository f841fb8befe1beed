from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec import const

_lt = LazyTranslate(__name__, default_lang='en_US')

# What is said of a call that was left pending when another one has made what is followed.
LEFT_CREATION = _lt(
    "The answer to one call for this is still missing, and what is followed here was made by another one: whether the "
    "first was executed and paid as well is not known. Odoo goes on looking for it for 30 days.")


class OpenapiPecRecordMixin(models.AbstractModel):
    """Calls that earlier versions left pending: their record has gone on, and nothing looked for them any more."""
    _inherit = 'openapi_pec.record.mixin'

    @api.model
    def _reconcile_left_pending(self):
        """Settle, by what is known, the pending calls of records that are at the service and do not wait for them."""
        lines = self.env['openapi_pec.api_call'].search([('res_model', '=', self._name), ('state', '=', 'pending')])
        records = self.browse(lines.mapped('res_id'))
        seen = records._get_seen()
        left = lines.filtered(lambda line: self.browse(line.res_id)._is_left_pending(line))
        for record_id, own in left.grouped('res_id').items():
            self.browse(record_id)._for_reader()._take_over(partial(self._reconcile_lines_left, own), seen)

    def _is_left_pending(self, line):
        """Return whether this record does not wait for the answer to a pending call of it."""
        is_awaited = self[self._call_state_field] == 'unconfirmed' and line.operation == self._due_operation()
        return bool(self.remote_id) and (line.operation in const.service.CREATIONS or not is_awaited)

    @staticmethod
    def _reconcile_lines_left(lines, record):
        for line in lines._without_live_worker().filtered(
                lambda line: line.state == 'pending' and record._is_left_pending(line)):
            record._reconcile_line_left(line)

    def _reconcile_line_left(self, line):
        """Settle a call that was left pending; look for it again where anything can show it."""
        if self._is_known_executed(line):
            line._close(
                'accepted', remote_id=self.remote_id, message=self.env._("Known from what the service has shown since"))
        elif line.operation in const.service.CREATIONS:
            line._close('never_arrived', message=self.env._("Another call has made the record; this one is looked for"))
            self.look_until = fields.Datetime.now() + timedelta(days=const.service.LOOK_DAYS)
            self._message_log(body=self._in_words(LEFT_CREATION))
        elif self._can_look_for(line):
            self[self._call_state_field] = 'unconfirmed'
        else:
            line._close('lost', message=self.env._("What became of it nothing shows any more"))

    def _is_known_executed(self, line):
        """Return whether what is known of this record proves that a pending call of it was executed."""
        made = self.sudo().api_call_ids.filtered(
            lambda own: own.state == 'accepted' and own.operation in const.service.CREATIONS)
        return line.operation in const.service.CREATIONS and self.remote_id not in made.mapped('remote_id')

from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.l10n_it_openapi_pec.tools.errors import OpenapiPecError


class OpenapiPecChoose(models.TransientModel):
    """A person's decision which record at the service is the one whose answer was lost, or whether a call was executed."""
    _name = 'openapi_pec.choose'
    _description = "Choice of a Record at the Service"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field='res_model', required=True, readonly=True)
    record_name = fields.Char("Record", compute='_compute_record_name')
    candidate = fields.Selection('_selection_candidate', "At the Service", help="As the service lists them.")

    @api.depends('res_model', 'res_id')
    def _compute_record_name(self):
        for wizard in self:
            wizard.record_name = wizard._get_record().display_name

    def _get_record(self):
        """Return the record whose call is to be decided on, as far as this user may write it."""
        if self.res_model not in self.pool.descendants(['openapi_pec.record.mixin'], '_inherit'):
            raise UserError(self.env._("There is nothing to choose any more: close this and look at the record."))
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access('write')
        return record

    @api.model
    def _selection_candidate(self):
        model = self.env.context.get('default_res_model')
        if model not in self.pool.descendants(['openapi_pec.record.mixin'], '_inherit'):
            return [('none', self.env._("None of these"))]
        record = self.env[model].browse(self.env.context.get('default_res_id')).exists()
        return [
            (row['id'], self.env._(
                "%(id)s, %(state)s, last changed %(date)s UTC", id=row['id'], state=row['stato'],
                date=datetime.fromtimestamp(row['timestamp'] or 0, timezone.utc).strftime('%Y-%m-%d %H:%M'),
            ))
            for row in record.candidates or []
        ] + [('none', self.env._("None of these"))]

    def action_confirm(self):
        """Adopt the chosen filing, or close the call as never arrived."""
        self.ensure_one()
        if not self.env.user.has_group('l10n_it_openapi_pec.group_manager'):
            raise AccessError(self.env._("Ask a manager of PEC communications to decide."))
        record = self._get_record().sudo()
        line = record.api_call_ids.filtered(lambda line: line.state == 'pending')
        if not line or not self.candidate:
            raise UserError(self.env._("There is nothing to choose any more: close this and look at the record."))
        if self.candidate == 'none':
            record.candidates = False
            record._close_never_arrived(line)
        else:
            try:
                found = record._read_remote(self.candidate)
            except OpenapiPecError as error:
                raise UserError(self.env._(
                    "The service cannot be asked now: %s. Nothing was changed or spent; try again later.", error.message.rstrip('.'),
                )) from error
            record._recover_line(line, [found])
        return {'type': 'ir.actions.act_window_close'}

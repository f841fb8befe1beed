from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class OpenapiPecChoose(models.TransientModel):
    """A person's decision which filing at the service is the one whose answer was lost."""
    _name = 'openapi_pec.choose'
    _description = "Choice of a Filing at the Service"

    communication_id = fields.Many2one('openapi_pec.communication', "Filing", required=True, readonly=True)
    candidate = fields.Selection('_selection_candidate', "Filing at the Service", help="As the service lists them.")

    @api.model
    def _selection_candidate(self):
        filing_id = self.env.context.get('default_communication_id')
        filing = self.env['openapi_pec.communication'].browse(filing_id).exists()
        return [
            (row['id'], self.env._(
                "%(id)s, %(state)s, last changed %(date)s UTC", id=row['id'], state=row['stato'],
                date=datetime.fromtimestamp(row['timestamp'] or 0, timezone.utc).strftime('%Y-%m-%d %H:%M'),
            ))
            for row in filing.candidates or []
        ] + [('none', self.env._("None of these"))]

    def action_confirm(self):
        """Adopt the chosen filing, or close the call as never arrived."""
        self.ensure_one()
        if not self.env.user.has_group('l10n_it_openapi_pec.group_manager'):
            raise AccessError(self.env._("Ask a manager of PEC communications to decide."))
        filing = self.communication_id.sudo()
        line = filing.api_call_ids.filtered(lambda line: line.state == 'pending')
        if not line or not self.candidate:
            raise UserError(self.env._("There is nothing to choose any more: close this and look at the filing."))
        if self.candidate == 'none':
            filing.candidates = False
            filing._close_never_arrived(line)
        else:
            record = filing.company_id._openapi_pec_client().get_filing(self.candidate)
            filing._recover_line(line, [record])
        return {'type': 'ir.actions.act_window_close'}

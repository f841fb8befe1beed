from odoo import models

from odoo.addons.l10n_it_openapi_pec.models.service.ir_websocket import CHANNEL

TOLD_FIELDS = frozenset({  # of which the page that shows a record tells
    'state', 'call_state', 'remote_state', 'error_message', 'chamber_outcome', 'procura_id', 'signed_procura_id',
    'identity_document_id', 'candidates', 'is_held', 'is_gone', 'late_announced', 'procura_mailed_at', 'expires_on'})


class OpenapiPecRecordMixin(models.AbstractModel):
    """Pages that show a record are told when it changes: a callback, a job or a colleague may have changed it."""
    _inherit = 'openapi_pec.record.mixin'

    def write(self, vals):
        result = super().write(vals)
        if TOLD_FIELDS & vals.keys() and not self.env.context.get('openapi_pec_untold'):
            self._tell_pages()
        return result

    def _tell_pages(self):
        """Tell the pages of these records' companies which records have changed, and nothing of them."""
        for company, records in self.sudo().grouped('company_id').items():
            self.env['bus.bus']._sendone(
                (company, CHANNEL), CHANNEL, {'model': self._name, 'ids': records.ids})

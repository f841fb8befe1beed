import re

from odoo import api, fields, models
from odoo.tools import consteq

from odoo.addons.l10n_it_openapi_pec import const

CALLBACK_TOKEN = re.compile(r'(?P<id>[0-9]{1,9})-[0-9a-f]{64}')


class OpenapiPecCallbackMixin(models.AbstractModel):
    """The callbacks of the service: their address is part of a request, and they wake the job that reads.

    A model that inherits names that job (``_synchronize_job``).
    """
    _name = 'openapi_pec.callback.mixin'
    _description = "Called Back by the Service"
    _inherit = ['openapi_pec.job.mixin']

    # In the address that the service calls back: for the code alone, which is superuser, and kept nowhere.
    callback_token = fields.Char(compute='_compute_callback_token', groups=fields.NO_ACCESS)

    @api.depends_context('uid')
    def _compute_callback_token(self):
        for record in self:
            known = self.env.su and record._origin
            record.callback_token = bool(
                known) and f"{known.id}-{self.env['openapi_pec.secret']._derive_token('callback', known, 0)}"

    def _prepare_callback(self):
        """Return the ``callback`` of a request (``Callback`` of the specification)."""
        return {
            'url': self.get_base_url() + const.service.CALLBACK_PATH + self.sudo().callback_token, 'method': 'JSON'}

    @api.model
    def _find_for_callback(self, token):
        """Return the record that the token in a callback's address names; empty when there is none."""
        records, parts = self.sudo(), CALLBACK_TOKEN.fullmatch(token)
        record = records.browse(int(parts['id']) if parts else ())
        return record.exists() if parts and consteq(record.callback_token, token) else records

    @api.model
    def _callback_received(self):
        """Have the state of these records read soon, since the service says that something changed.

        That the job is triggered is all that is noted. A row that only is inserted meets no other transaction, and a
        job forgets, when it begins, those that were there then: what comes while it reads triggers it again.
        """
        self._wake_cron(self._synchronize_job)

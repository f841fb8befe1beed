import re

from odoo import api, models
from odoo.tools import consteq

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.secrecy.secret_box import digest_token

CALLBACK_TOKEN = re.compile(r'(?P<id>[0-9]{1,9})-[0-9a-f]{64}')


class OpenapiPecRecordMixin(models.AbstractModel):
    """The callbacks of the service: their address is part of a request, and they wake the job that reads."""
    _inherit = 'openapi_pec.record.mixin'

    @api.depends_context('uid')
    def _compute_callback_token(self):
        for record in self:
            known = self.env.su and record._origin
            record.callback_token = bool(
                known) and f"{known.id}-{self.env['openapi_pec.secret']._derive_token('callback', known, 0)}"

    def _prepare_callback(self):
        """Return the ``callback`` of a request (``Callback`` of the specification)."""
        return {
            'url': f'{self.get_base_url()}/openapi_pec/callback/{self.sudo().callback_token}',
            'method': 'JSON',
            'field': 'data',
            'data': {'reference': self.reference},
        }

    def _prepare_sent(self, operation):
        if operation not in const.service.CREATIONS:
            return {}
        body = self._prepare_request_body()
        return {**body, 'callback': {key: value for key, value in body['callback'].items() if key != 'url'}}

    @api.model
    def _find_for_callback(self, token):
        """Return the record that the token in a callback's address names; empty when there is none."""
        records, parts = self.sudo(), CALLBACK_TOKEN.fullmatch(token)
        if parts:
            record = records.browse(int(parts['id']))
            return record.exists() if consteq(record.callback_token, token) else records
        return records.search([('callback_digest', '=', digest_token(token))], limit=1)

    @api.model
    def _callback_received(self):
        """Have the state of these records read soon, since the service says that something changed.

        That the job is triggered is all that is noted. A row that only is inserted meets no other transaction, and a
        job forgets, when it begins, those that were there then: what comes while it reads triggers it again.
        """
        self._wake_cron(self._synchronize_job)

"""The addon reaches public addresses alone, and no setting changes that. This addon, which is never shipped, does."""
from urllib.parse import urlsplit

from odoo import models

from odoo.addons.l10n_it_openapi_pec.tools import trust

LOOPBACK = '127.0.0.1'


class OpenapiPecTrust(models.AbstractModel):
    """What is asked of authorities is asked of the local sandbox API."""
    _inherit = 'openapi_pec.trust'

    def _get_fetcher(self, seconds):
        parts = urlsplit(self._run('ir.config_parameter', 'get_param', 'l10n_it_openapi_pec.base_url'))
        return trust.Fetcher([(LOOPBACK, parts.port)] if parts.hostname == LOOPBACK else (), seconds)


class OpenapiPecTrustedList(models.Model):
    """The local sandbox API has a list of lists."""
    _inherit = 'openapi_pec.trusted_list'

    def _get_list_url(self):
        return self.env['ir.config_parameter'].sudo().get_param('l10n_it_openapi_pec.base_url') + '/trust/lists.xml'

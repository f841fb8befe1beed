import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import run_unless_met
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content

DAYS = 7  # for which what nobody asked for is kept
MAX_BYTES = 128 * 2**20  # of all of it together


class OpenapiPecRevocationCopy(models.Model):
    """A revocation list, or an answer about one certificate, as it was fetched: it serves until it is out of date.

    It is believed only with the authority's signature, so whoever could change it could do no more than have it fetched
    again.
    """
    _name = 'openapi_pec.revocation_copy'
    _description = "Copy of a Revocation List"
    _order = 'used_on, id'

    name = fields.Char("Digest of the Address", required=True, readonly=True)
    content = fields.Binary(readonly=True, groups=fields.NO_ACCESS)
    size = fields.Integer("Bytes", readonly=True)
    used_on = fields.Date("Used Last", readonly=True)

    _name_unique = models.UniqueIndex('(name)')

    @api.model
    def _read(self, name):
        """Return what is kept under a name (bytes), None when there is nothing."""
        copy = self.search([('name', '=', name)], limit=1)
        today = fields.Date.today()
        if copy.used_on != today:
            run_unless_met(self.env.cr, lambda: copy.write({'used_on': today}))
        return read_content(copy, 'content') or None

    @api.model
    def _keep(self, name, content):
        """Keep what was fetched in the place of what is kept under that name; what was used least goes, if need be."""
        self.env.cr.execute(SQL(
            "INSERT INTO openapi_pec_revocation_copy (name) VALUES (%s) ON CONFLICT (name) DO NOTHING", name))
        self.search([('name', '=', name)]).with_context(**const.signature.FROM_OUTSIDE).write({
            'content': base64.b64encode(content), 'size': len(content), 'used_on': fields.Date.today()})
        self._make_room()

    @api.model
    def _make_room(self):
        """Delete what was used least, as far as all of it together is too large."""
        copies = self.search_fetch([], ['size'])  # they are few; pylint: disable=no-search-all
        total = sum(copies.mapped('size'))
        for copy in copies:
            if total <= MAX_BYTES:
                return
            total -= copy.size
            copy.unlink()

    @api.autovacuum
    def _gc_unused(self):
        """Delete what nobody asked for in a week."""
        self.search([('used_on', '<', fields.Date.today() - timedelta(days=DAYS))]).unlink()

import base64

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools import clock, trust

MAX_BYTES = 128 * 2**20  # of all of it together


class OpenapiPecRevocationCopy(models.Model):
    """A revocation list as it was fetched: for an hour it serves for the other certificates of the same authority.

    It is believed only with the authority's signature, so whoever could change it could do no more than have it fetched
    again.
    """
    _name = 'openapi_pec.revocation_copy'
    _description = "Copy of a Revocation List"
    _order = 'fetched_at, id'

    name = fields.Char("Digest of the Address", required=True, readonly=True)
    content = fields.Binary(readonly=True, groups=fields.NO_ACCESS)
    size = fields.Integer("Bytes", readonly=True)
    fetched_at = fields.Datetime(readonly=True)

    _name_unique = models.UniqueIndex('(name)')

    @api.model
    def _get_copy(self, name):
        """Return what is kept under a name (``trust.Copy``), None when there is nothing."""
        copy = self.search([('name', '=', name), ('size', '>', 0)], limit=1)
        return trust.Copy(
            read_content(copy, 'content'), clock.add_zone(copy.fetched_at)) if copy else None

    @api.model
    def _keep(self, name, copy):
        """Keep what was fetched in the place of what is kept under that name; the oldest goes, if need be.

        :param trust.Copy copy: what was fetched.
        """
        self.env.cr.execute(SQL(
            "INSERT INTO openapi_pec_revocation_copy (name) VALUES (%s) ON CONFLICT (name) DO NOTHING", name))
        self.search([('name', '=', name)]).with_context(**const.signature.FROM_OUTSIDE).write({
            'content': base64.b64encode(copy.content), 'size': len(copy.content),
            'fetched_at': clock.strip_zone(copy.fetched_at)})
        self._make_room()

    @api.model
    def _make_room(self):
        """Delete what is oldest, as far as all of it together is too large."""
        copies = self.search_fetch([], ['size'])  # they are few; pylint: disable=no-search-all
        total = sum(copies.mapped('size'))
        for copy in copies:
            if total <= MAX_BYTES:
                return
            total -= copy.size
            copy.unlink()

    @api.autovacuum
    def _gc_old(self):
        """Delete what serves nobody any more."""
        self.search([('fetched_at', '<', fields.Datetime.now() - clock.DAY)]).unlink()

import base64

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const


class IrAttachment(models.Model):
    """Files from outside are kept as what they begin as, whatever they are called, and nobody looks into them."""
    _inherit = 'ir.attachment'

    @api.model
    def _openapi_pec_create(self, vals_list):
        """Keep files from outside, with their content as ``raw``."""
        return self.sudo().with_context(**const.FROM_OUTSIDE).create(vals_list)

    def _compute_mimetype(self, values):
        """Tell as what a file is served: of one from outside by its first bytes, as one of a few types, none of which
        is a page.
        """
        content = values.get('raw') or base64.b64decode(values.get('datas') or b'')
        if not content or not self.env.context.get('openapi_pec_from_outside'):
            return super()._compute_mimetype(values)
        return next(kind for start, kind in const.FILE_TYPES.items() if content.startswith(start))

    def _index(self, *args, **kwargs):
        """Do not unpack what is from outside to make it searchable: anybody may have made it."""
        if self.env.context.get('openapi_pec_from_outside'):
            return None
        return super()._index(*args, **kwargs)

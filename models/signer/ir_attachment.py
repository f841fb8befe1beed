import base64

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const

# How a file begins -> as what it is kept and served, whatever its name says; what is not here is offered to be saved,
# and never shown.
FILE_TYPES = {
    b'%PDF-': 'application/pdf',
    b'\xff\xd8\xff': 'image/jpeg',
    b'\x89PNG\r\n\x1a\n': 'image/png',
    b'II*\0': 'image/tiff',
    b'MM\0*': 'image/tiff',
    b'0\x80': 'application/pkcs7-mime',
    b'0\x81': 'application/pkcs7-mime',
    b'0\x82': 'application/pkcs7-mime',
    b'0\x83': 'application/pkcs7-mime',
    b'0\x84': 'application/pkcs7-mime',
    b'': 'application/x-unknown',
}


class IrAttachment(models.Model):
    """Files from outside are kept as what they begin as, whatever they are called, and nobody looks into them."""
    _inherit = 'ir.attachment'

    @api.model
    def _openapi_pec_create(self, vals_list):
        """Keep files from outside, with their content as ``raw``."""
        return self.sudo().with_context(**const.signature.FROM_OUTSIDE).create(vals_list)

    def _compute_mimetype(self, values):
        """Tell as what a file is served: of one from outside by its first bytes, as one of a few types, none of which
        is a page.
        """
        content = values.get('raw') or base64.b64decode(values.get('datas') or b'')
        if not content or not self.env.context.get('openapi_pec_from_outside'):
            return super()._compute_mimetype(values)
        return next(kind for start, kind in FILE_TYPES.items() if content.startswith(start))

    def _index(self, *args, **kwargs):
        """Do not unpack what is from outside to make it searchable: anybody may have made it."""
        if self.env.context.get('openapi_pec_from_outside'):
            return None
        return super()._index(*args, **kwargs)

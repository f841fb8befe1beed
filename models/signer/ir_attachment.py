import base64

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const

# first bytes of a file -> the type as which it is kept and served, whatever its name says. Any other file is offered
# as a download and never shown.
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
    """Files from outside: their first bytes tell their type, whatever they are called, and nothing unpacks them."""
    _inherit = 'ir.attachment'

    @api.model
    def _openapi_pec_create(self, vals_list):
        """Create attachments with files from outside, whose content is ``raw``."""
        return self.sudo().with_context(**const.signature.FROM_OUTSIDE).create(vals_list)

    def _compute_mimetype(self, values):
        """Return the type of a file; one from outside has one of a few types, none of which is a page."""
        content = values.get('raw') or base64.b64decode(values.get('datas') or b'')
        if not content or not self.env.context.get('openapi_pec_from_outside'):
            return super()._compute_mimetype(values)
        return next(kind for start, kind in FILE_TYPES.items() if content.startswith(start))

    def _index(self, *args, **kwargs):
        """Leave out files from outside, which anybody can make: they are not unpacked for the full-text search."""
        if self.env.context.get('openapi_pec_from_outside'):
            return None
        return super()._index(*args, **kwargs)

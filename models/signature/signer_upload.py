from odoo import models


class OpenapiPecSignerUpload(models.Model):
    """A file that was signed remotely is judged as an upload is; until then its attempt is open."""
    _inherit = 'openapi_pec.signer_upload'

    def _record_outcome(self, files, verdict, is_awaited):
        is_seen = is_awaited and not (self.said or {}).get('signature_id')  # the page shows it after the click's answer
        return super()._record_outcome(files, verdict, is_seen)

    def write(self, vals):
        result = super().write(vals)
        if vals.get('state') == 'judged':
            self._end_signing()
        return result

    def unlink(self):
        self._end_signing()
        return super().unlink()

    def _end_signing(self):
        """End the attempts whose signed files these are."""
        uploads = self.sudo()
        ids = [upload.said['signature_id'] for upload in uploads if (upload.said or {}).get('signature_id')]
        uploads.env['openapi_pec.signature'].browse(ids).exists()._on_judged()

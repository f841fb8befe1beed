from odoo import http
from odoo.http import request

from odoo.addons.l10n_it_openapi_pec.models.service import archive

from .procure import send_zip


class OpenapiPecArchive(http.Controller):
    """The archive of this addon as a file, for system administrators."""

    @http.route('/openapi_pec/archive.zip', type='http', auth='user', methods=['GET'], readonly=True)
    def openapi_pec_archive(self, **_query):
        """Return the archive of all companies of this system administrator as one ZIP file."""
        request.update_context(allowed_company_ids=request.env.user.company_ids.ids)
        if not archive.may_pack(request.env):
            raise request.not_found()
        return send_zip(archive.pack(request.env), 'pec-archive.zip')

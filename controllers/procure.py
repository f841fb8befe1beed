import re
import tempfile
import zipfile

from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import Response, content_disposition, request

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.signer.file_content import read_content
from odoo.addons.l10n_it_openapi_pec.tools.upload import file_names

IDS = re.compile(r'[0-9]{1,9}(,[0-9]{1,9})*')
SPOOL_SIZE = 2**20  # bytes that are kept in memory


def send_zip(file, name):
    """Return the response that sends a temporary file.

    :param file: it is closed when it is sent.
    :param str name: the name under which the browser saves it.
    """
    size = file.seek(0, 2)
    file.seek(0)
    return Response(wrap_file(request.httprequest.environ, file), direct_passthrough=True, headers=[
        ('Content-Type', 'application/zip'),
        ('Content-Length', size),
        ('Content-Disposition', content_disposition(name)),
        ('Cache-Control', 'no-store'),
        ('X-Content-Type-Options', 'nosniff'),
    ])


class OpenapiPecProcure(http.Controller):
    """The powers of attorney (procure) of many filings as a file."""

    @http.route('/openapi_pec/procure.zip', type='http', auth='user', methods=['GET'], readonly=True)
    def openapi_pec_procure(self, ids='', **_query):
        """Return the powers of attorney of many filings, those that this user may see, as one ZIP file.

        :param str ids: identifiers of filings, with commas between them.
        """
        filings = request.env['openapi_pec.communication']
        if not IDS.fullmatch(ids) or not filings.has_access('read'):
            raise request.not_found()
        wanted = set(map(int, ids.split(',')))
        found = len(wanted) <= const.filing.PROCURE_PER_ARCHIVE and filings.search(
            [('id', 'in', list(wanted)), ('procura_id', '!=', False)])
        if not found:
            raise request.not_found()
        return send_zip(self._pack(found), 'procure.zip')

    @staticmethod
    def _pack(filings):
        """Return a temporary file with the powers of attorney of these filings; only one at a time is in memory."""
        file = tempfile.SpooledTemporaryFile(max_size=SPOOL_SIZE)  # noqa: SIM115 (closed when it is sent)
        names = file_names.distinct(
            [f"procura {filing.name} {filing.company_name or ''}" for filing in filings], '.pdf')
        with zipfile.ZipFile(file, 'w') as archive:
            for name, filing in zip(names, filings.sudo(), strict=True):
                procura = filing.procura_id.with_prefetch()
                archive.writestr(name, read_content(procura))
                procura.invalidate_recordset(['raw'])
        return file

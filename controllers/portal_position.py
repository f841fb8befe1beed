from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.l10n_it_openapi_pec.models.register.report import REPORT
from odoo.addons.portal.controllers.portal import CustomerPortal

COUNTER = 'pec_position_count'


class OpenapiPecPortalPosition(CustomerPortal):
    """*My Account* of a client: how it stands with its PEC, what is due, and the same as PDF.

    The model says which lines they are; none can be named in an address.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if COUNTER in counters:
            values[COUNTER] = len(self._find_positions())
        return values

    def _find_positions(self):
        return request.env['openapi_pec.position']._find_for_portal(request.env.user)

    @http.route('/my/pec-positions', type='http', auth='user', website=True)
    def openapi_pec_portal_positions(self, **_params):
        """Show the positions of this contact and its company."""
        return request.render('l10n_it_openapi_pec.portal_positions', {
            **self._prepare_portal_layout_values(), 'page_name': 'pec_positions',
            'clients': self._find_positions()._show_clients(lang=request.env.lang),
            'has_pdf': request.env['ir.actions.report'].get_wkhtmltopdf_state() == 'ok'})

    @http.route('/my/pec-positions/pdf', type='http', auth='user', website=True)
    def openapi_pec_portal_positions_pdf(self, **_params):
        """Return the positions of this contact and its company as PDF; nothing is found where there are none."""
        lines = self._find_positions()
        reports = request.env['ir.actions.report'].sudo()
        if not lines or reports.get_wkhtmltopdf_state() != 'ok':
            raise request.not_found()
        content, kind = reports._render_qweb_pdf(REPORT, lines.ids)
        name = f'{lines[0]._get_report_name()}.{kind}'
        return request.make_response(content, [
            ('Content-Type', 'application/pdf' if kind == 'pdf' else 'text/html; charset=utf-8'),
            ('Content-Disposition', content_disposition(name)), ('Cache-Control', 'no-store')])

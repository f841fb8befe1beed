import json

from werkzeug.datastructures import FileStorage

from odoo import http

from odoo.addons.l10n_it_openapi_pec.tools.spreadsheet_cells import defuse
from odoo.addons.web.controllers.export import ExcelExport
from odoo.addons.web.controllers.pivot import TableExporter

# prefixes of the models whose groups may be named by text from outside
MODELS = ('openapi_pec.', 'res.partner')


class OpenapiPecExcelExport(ExcelExport):
    """Odoo's export of a list with groups to XLSX."""

    def from_group_data(self, fields, columns_headers, groups):
        """Keep the names of groups from becoming formulas; the rows are safe already."""
        if groups._model._name.startswith(MODELS):
            self._defuse_groups(groups)
        return super().from_group_data(fields, columns_headers, groups)

    def _defuse_groups(self, node):
        node.children = {
            tuple(map(defuse, name)) if isinstance(name, tuple) else defuse(name): child
            for name, child in node.children.items()}
        for child in node.children.values():
            self._defuse_groups(child)


class OpenapiPecTableExporter(TableExporter):
    """Odoo's export of a pivot table to XLSX."""

    @http.route()
    def export_xlsx(self, data, **kw):
        """Keep the titles of a pivot table from becoming formulas."""
        table = json.load(data) if isinstance(data, FileStorage) else json.loads(data)
        if isinstance(table, dict) and str(table.get('model')).startswith(MODELS):
            for header in [header for row in table.get('col_group_headers', ()) for header in row] + table.get(
                    'rows', []):
                header['title'] = defuse(header.get('title'))
        return super().export_xlsx(json.dumps(table), **kw)

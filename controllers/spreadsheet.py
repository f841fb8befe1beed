import json

from werkzeug.datastructures import FileStorage

from odoo import http

from odoo.addons.l10n_it_openapi_pec.tools.api.text import defuse
from odoo.addons.web.controllers.export import ExcelExport
from odoo.addons.web.controllers.pivot import TableExporter

# how the names of models begin whose groups may be called by text from outside
MODELS = ('openapi_pec.', 'res.partner')


class OpenapiPecExcelExport(ExcelExport):

    def from_group_data(self, fields, columns_headers, groups):
        """Let no name of a group become a formula; the rows are marked already."""
        if groups._model._name.startswith(MODELS):
            self._defuse_groups(groups)
        return super().from_group_data(fields, columns_headers, groups)

    def _defuse_groups(self, node):
        node.children = {
            tuple(map(defuse, name)) if isinstance(name, tuple) else defuse(name): child for name,
            child in node.children.items()}
        for child in node.children.values():
            self._defuse_groups(child)


class OpenapiPecTableExporter(TableExporter):

    @http.route()
    def export_xlsx(self, data, **kw):
        """Let no title of a pivot table become a formula."""
        table = json.load(data) if isinstance(data, FileStorage) else json.loads(data)
        if isinstance(table, dict) and str(table.get('model')).startswith(MODELS):
            for header in [header for row in table.get('col_group_headers', ()) for header in row] + table.get(
                    'rows', []):
                header['title'] = defuse(header.get('title'))
        return super().export_xlsx(json.dumps(table), **kw)

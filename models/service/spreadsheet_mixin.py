from odoo import models

from odoo.addons.l10n_it_openapi_pec.tools.spreadsheet_cells import defuse


class OpenapiPecSpreadsheetMixin(models.AbstractModel):
    """A record with text from outside, which no export turns into a formula.

    Odoo's own export marks some of that in CSV, and nothing in XLSX.
    """
    _name = 'openapi_pec.spreadsheet.mixin'
    _description = "Exported without Formulas"

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        return [[defuse(value) for value in row] for row in rows]

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec.tools.spreadsheet_cells import defuse


class OpenapiPecSpreadsheetMixin(models.AbstractModel):
    """A record with text from outside, which no export turns into a formula; files that are filled in for it.

    Odoo's own export marks some of that in CSV, and nothing in XLSX.
    """
    _name = 'openapi_pec.spreadsheet.mixin'
    _description = "Exported without Formulas"

    @api.model
    def _get_templates(self, addresses, label):
        """Return what Odoo's import offers to be filled in, in the language of the reader.

        :param dict addresses: of the files, by language (``en`` and others).
        :param str label: what the reader presses.
        """
        return [{'label': label, 'template': addresses.get((self.env.lang or '')[:2], addresses['en'])}]

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        return [[defuse(value) for value in row] for row in rows]

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.filing.worklist import order_by_level
from odoo.addons.l10n_it_openapi_pec.models.record.record_mixin import LEVELS
from odoo.addons.l10n_it_openapi_pec.models.service.rights import without_internals
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean, fold_words
from odoo.addons.l10n_it_openapi_pec.tools.spreadsheet_cells import get_rows, undo_defuse

CELLS = const.import_row.CELLS
# Language -> file to be filled in; the first for all others.
TEMPLATES = {
    'en': '/l10n_it_openapi_pec/static/xlsx/multiple_filing.xlsx',
    'it': '/l10n_it_openapi_pec/static/xlsx/invio_multiplo.xlsx',
}
# What rows have to do with each other: cells by which they name the same company, person or address.
LINKS = ('company_fiscal_code', 'company_name', 'fiscal_code', 'pec_email', 'administrator_pec')
SHOWN = 40  # characters of what was written and not understood
INTERNALS = ('digest', 'following')  # that no person looks for


class OpenapiPecImportRow(models.TransientModel):
    """A row of a spreadsheet with a company, who asks for it, and the PECs to be communicated.

    Odoo's own import loads the rows; their list is the preview of what each of them would make, change and leave
    (import_plan.py). Nothing is made before somebody applies them (import_apply.py). Rows are everybody's own, and
    cleared after some days.
    """
    _name = 'openapi_pec.import_row'
    _description = "Row of a Spreadsheet"
    _inherit = ['openapi_pec.input.mixin']
    _order = 'level, id'
    _transient_max_hours = 24 * const.import_row.KEPT_DAYS

    number = fields.Integer(
        "Row", readonly=True, help="In the spreadsheet, the titles being row 1. Empty rows are not counted.")
    following = fields.Integer(
        readonly=True, exportable=False, help="Rows of the file that were to be loaded after this one.")

    # The cells
    company_name = fields.Char()
    company_fiscal_code = fields.Char("Company Tax Code", exportable=False)
    city = fields.Char("Municipality")
    province = fields.Char()
    pec_email = fields.Char("Company's PEC")
    kind = fields.Selection([
        ('company', "Company's PEC"), ('administrator', "Administrator's PEC"), ('both', "Both")],
        help="Which PECs are communicated. Empty: those that stand in the row.")
    person_name = fields.Char("Representative", help="Name and surname of the person who asks and signs.")
    fiscal_code = fields.Char("Representative's Tax Code", exportable=False)
    email = fields.Char(help="An ordinary address of the representative.")
    mobile = fields.Char(help="Mobile number of the representative.")
    administrator_pec = fields.Char("Administrator's PEC", help="The representative's personal PEC.")
    faults = fields.Json(  # behind a reason code may stand what was written
        readonly=True, exportable=False, help="What the file held and could not be kept: {field: reason code}.")

    # What becomes of it
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company,
        help="The company whose Openapi account pays.")
    state = fields.Selection([('new', "To Be Applied"), ('applied', "Applied")], readonly=True, default='new')
    takes_over = fields.Boolean(
        "Overwrite", help="Replace what the contacts have by what the spreadsheet has, where they differ.")
    level = fields.Selection(LEVELS, "Check", readonly=True)
    findings = fields.Text("To Be Looked At", readonly=True)
    effects = fields.Text("What It Does", readonly=True, help="What is made and changed when the row is applied.")
    differences = fields.Text(
        "Differs from the Contacts", readonly=True,
        help="What the contact has otherwise. It stays, unless \"Overwrite\" is ticked.")
    digest = fields.Char(
        readonly=True, exportable=False, help="Tells what the row was last shown to do from anything else.")
    partner_id = fields.Many2one('res.partner', "Existing Company", readonly=True)
    representative_id = fields.Many2one('res.partner', "Existing Person", readonly=True)

    # ------------------------------------------------------------ COMPUTE

    @api.depends('number', 'company_name', 'company_fiscal_code')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for row in self:
            name = row.company_name or row.company_fiscal_code
            number = self.env._("Row %s", row.number) if row.number else ''
            row.display_name = ': '.join(filter(None, (number, name))) or self.env._("Row")

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == 'level':
            return order_by_level(self, alias, field_name, direction, nulls, query)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # ------------------------------------------------------------ CRUD

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return without_internals(super().fields_get(allfields, attributes), INTERNALS)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        (rows | rows._get_linked())._judge_rows()
        return rows

    def write(self, vals):
        typed = vals.keys() & {*CELLS, 'takes_over'}
        linked = self._get_linked() if typed else self.browse()
        result = super().write(vals)
        if typed:
            for row in self.sudo().filtered('faults'):
                row.faults = {name: code for name, code in row.faults.items() if name not in typed} or False
            # the list shows these anew, and not those that they have to do with
            (self | linked | self._get_linked())._judge_rows(seen=self)
        return result

    def unlink(self):
        linked = self._get_linked() - self
        result = super().unlink()
        linked._judge_rows()
        return result

    def _get_linked(self):
        """Return the rows that are not applied and have a company, person or address in common with these."""
        values = [(name, list({*self.mapped(name)} - {False})) for name in LINKS]
        domains = [Domain(name, 'in', known) for name, known in values if known]
        own = Domain('state', '=', 'new') & Domain('create_uid', '=', self.env.uid)
        return self.search(own & Domain.OR(domains)) if domains else self.browse()

    # ------------------------------------------------------------ Odoo's own import

    @api.model
    def get_import_templates(self):
        """Return the file to be filled in, in the language of the reader."""
        self.check_access('read')
        return self._get_templates(TEMPLATES, self.env._("Spreadsheet to Be Filled In"))

    @api.model
    def load(self, fields, data):
        """Keep the rows of a file; whatever stands in their cells stops no other row, and is said of each row.

        :param list fields: names of the columns.
        :param list data: the rows, each a list of cells.
        :return: as Odoo's own: ``{'ids': list or False, 'messages': list, 'nextrow': int}``
        :rtype: dict
        """
        self.check_access('create')
        data = get_rows(data, len(fields))
        limit = self.env.context.get('_import_limit') or len(data)
        problem = self._get_file_problem(fields, data)
        first = self._get_first_number(len(data))
        vals_list = [] if problem else [
            {**vals, 'number': number} for number, cells in enumerate(data[:limit], first)
            if (vals := self._read_cells(dict(zip(fields, cells, strict=False))))]
        if not vals_list:
            problem = problem or self.env._("There is nothing in this file beside the titles of its columns.")
            return {'ids': False, 'messages': [{'type': 'error', 'message': problem}], 'nextrow': 0}
        vals_list[-1]['following'] = max(0, len(data) - limit)
        rows = self.create(vals_list)
        return {'ids': rows.ids, 'messages': [], 'nextrow': limit if limit < len(data) else 0}

    @api.model
    def _get_first_number(self, count):
        """Return the number in its file of the first row that is loaded; Odoo loads a long file in several parts.

        :param int count: of the rows that are not loaded yet.
        """
        last = self.search([('create_uid', '=', self.env.uid)], order='id desc', limit=1)
        return last.number + 1 if last.following == count else 2  # the titles are the first row

    @api.model
    def _get_file_problem(self, fields, data):
        """Return why a file cannot be read at all, None when it can be."""
        if others := [str(name) for name in fields if name not in CELLS]:
            return self.env._(
                "These columns are none of a multiple filing: %s. Leave them out, or match them with others.",
                ', '.join(others))
        if len(data) > const.import_row.MAX_ROWS:
            return self.env._(
                "The file has more than %s rows: divide it.", const.import_row.MAX_ROWS)
        return None

    @api.model
    def _read_cells(self, cells):
        """Return the values of a row, cleaned and bounded; none when all cells are empty.

        :param dict cells: field -> whatever stands there.
        """
        texts = {name: clean(undo_defuse(str(cell))) for name, cell in cells.items() if cell not in (None, False)}
        longest = const.service.MAX_CELL_LENGTH
        faults = {name: 'too_long' for name, text in texts.items() if len(text) > longest}
        vals = {name: text[:longest] for name, text in texts.items() if text}
        if written := vals.pop('kind', ''):
            kind = self._read_kind(written)
            vals |= {'kind': kind} if kind else {}
            faults |= {} if kind else {'kind': f'kind_unknown {written[:SHOWN]}'}
        return {**vals, 'faults': faults or False} if vals or faults else {}

    @api.model
    def _read_kind(self, text):
        """Return the kind that a cell names, in the reader's language, English or Italian; None when it names none."""
        labels = {
            ' '.join(fold_words(label)): kind
            for kind, label in self._fields['kind']._description_selection(self.env)}
        words = ' '.join(fold_words(text))
        return labels.get(words) or const.import_row.KIND_WORDS.get(words)

    # ------------------------------------------------------------ ACTIONS

    def action_open_import(self):
        """Open Odoo's import of a file for these rows."""
        self.check_access('create')
        return {
            'type': 'ir.actions.client', 'tag': 'import', 'name': self.env._("A Spreadsheet Becomes a Multiple Filing"),
            'params': {'active_model': self._name, 'context': {}}}

    def action_check(self):
        """Judge the rows anew, since contacts may have changed."""
        self.check_access('write')
        rows = self or self._get_listed()
        (rows | rows._get_linked())._judge_rows()

    def _get_listed(self):
        """Return the rows of the list in which nothing is selected, as far as they are one's own and not applied."""
        domain = self.env.context.get('active_domain')
        own = Domain('state', '=', 'new') & Domain('create_uid', '=', self.env.uid)
        try:
            return self.search(own & Domain(domain if isinstance(domain, list) else []))
        except ValueError as error:
            raise UserError(self.env._("These rows cannot be found: refresh the page.")) from error

from collections import defaultdict

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.client import bound_text
from odoo.addons.l10n_it_openapi_pec.tools.cleaning import clean, clean_lines, fold_name
from odoo.addons.l10n_it_openapi_pec.tools.italy import fiscal_code, omocodia, person_name
from odoo.addons.l10n_it_openapi_pec.tools.spreadsheet_cells import get_rows, undo_defuse

MAX_IMPORT_ERRORS = 50  # rows reported at once


class OpenapiPecContactImportMixin(models.AbstractModel):
    """Rows of a spreadsheet, in Odoo's own import, that name a company and a person by tax code, VAT number or name.

    ``_contact_columns``: the fields of both. The company is found first.
    """
    _name = 'openapi_pec.contact_import.mixin'
    _description = "Contacts by Tax Code in Spreadsheets"
    _contact_columns = ()

    @api.model
    def _read_contact_rows(self, fields, data):
        """Return rows whose contacts are found; with error messages, what is wrong with some rows.

        :param list fields: paths of fields, one for each column.
        :param list data: rows of cells, from outside.
        :return: ``(fields, data, messages)``, as of :meth:`_find_contacts`.
        """
        data = [
            [clean_lines(undo_defuse(cell)) if isinstance(cell, str) else cell for cell in cells]
            for cells in get_rows(data, len(fields))]
        messages = self._get_long_cells(fields, data)
        return (fields, data, messages) if messages else self._find_contacts(fields, data)

    @api.model
    def _get_long_cells(self, fields, data):
        """Return error messages about cells that are longer than anything that can be filed."""
        return [
            self._get_row_error(
                row, field, self.env._(
                    "The cell holds more than %s characters: shorten it.", const.service.MAX_CELL_LENGTH))
            for row, cells in enumerate(data) for field, cell in zip(fields, cells, strict=False)
            if isinstance(cell, str) and len(cell) > const.service.MAX_CELL_LENGTH
        ]

    @api.model
    def _get_row_error(self, row, field, sentence):
        """Return an error about a row (counted from 0) and field, as Odoo's import shows them."""
        return {
            'type': 'error', 'message': sentence, 'field': field.split('/')[0], 'rows': {'from': row, 'to': row},
            'record': row,
        }

    @api.model
    def _find_contacts(self, fields, data):
        """Replace the contacts in a spreadsheet by their database ids.

        :param list fields: paths of fields, one for each column.
        :param list data: rows of cells.
        :return: ``(fields, data, messages about the rows whose contact is not found)``.
        """
        about, who = self._contact_columns
        columns = {field: fields.index(field) for field in self._contact_columns if field in fields}
        rows, messages = [list(cells) for cells in data], []
        for cells in rows:
            for column in columns.values():
                cells[column] = bound_text(clean(str(cells[column] or '')))
        values = {cells[column] for cells in rows for column in columns.values()} - {''}
        found = self._find_by_code_or_name(values)
        companies, people, finders = {}, {}, {}
        for field, column in columns.items():
            if field == who:
                people = self._get_people_by_name(companies.values())
                finders = {value: partners._openapi_pec_people_finder() for value, partners in found.items()}
            for row, cells in enumerate(rows):
                value = cells[column]
                partners = found.get(value, self.env['res.partner'])
                if field == about:
                    companies[row] = match = partners._openapi_pec_best_placed()
                else:
                    company = companies.get(row, partners.browse())[:1]
                    persons = finders[value](company) if value in finders else partners
                    match = self._choose_person(value, partners, persons, people.get(company.id, {}))
                cells[column] = str(match.id) if len(match) == 1 else ''
                if len(match) != 1 and (value or self._fields[field].required):
                    has_stranger = field == who and any(not partner.is_company for partner in partners)
                    messages.append(self._get_row_error(
                        row, field, self._get_contact_sentence(field, value, match, has_stranger)))
        return [f'{field}/.id' if field in columns else field for field in fields], rows, messages

    @api.model
    def _get_people_by_name(self, companies):
        """Return the people of companies by what two ways of writing one name have in common, with one query.

        :param companies: iterable of recordsets of contacts; a person who is the enterprise is one of its people.
        :return: ``{id of the company: {person_name.name_key of a name: people}}``
        :rtype: dict
        """
        companies = self.env['res.partner'].union(*companies)
        children = companies.search_fetch([
            ('parent_id', 'in', companies.ids), ('is_company', '=', False),
            ('company_id', 'in', [False, *self.env.companies.ids])], ['name', 'complete_name', 'parent_id'])
        people = defaultdict(lambda: defaultdict(companies.browse))
        for person in children:
            people[person.parent_id.id][person_name.name_key(person.name)] |= person
        for person in companies.filtered(lambda company: not company.is_company):
            people[person.id][person_name.name_key(person.name)] |= person
        return people

    @api.model
    def _choose_person(self, value, partners, persons, people):
        """Return who represents a company as a cell says it: by a tax code, or by a name that its people have.

        A name that only people outside the company have is not enough, as strangers have the same: their complete name
        is ("Company, Person"), or the tax code. The words of a name stand in either order.

        :param str value: the cell.
        :param partners: the contacts with this code or name.
        :param persons: those of them who can represent the company of the same row.
        :param dict people: of :meth:`_get_people_by_name`, those of that company.
        :return: one contact; none, or several, where that cannot be told.
        """
        key = person_name.name_key(value)
        code = omocodia.identity(self._complete_code(value))
        if not key or any(code in map(omocodia.identity, (person.l10n_it_codice_fiscale, person.vat))
                          for person in persons):
            return persons
        own = people.get(key, partners.browse())
        same = own & partners  # written as the cell
        complete = partners.filtered(
            lambda partner: not partner.is_company
            and fold_name(partner.complete_name, is_bare=True) == fold_name(value, is_bare=True))
        return same or own or complete

    @api.model
    def _find_by_code_or_name(self, values):
        """Return ``{value: contacts}`` for tax codes, VAT numbers and names as they stand in a spreadsheet."""
        partners = self.env['res.partner']
        codes = {value: self._complete_code(value) for value in values}
        by_code = partners._openapi_pec_find(codes.values())
        names = [value for value, code in codes.items() if not by_code.get(omocodia.identity(code))]
        found = {
            value: by_code[omocodia.identity(code)].filtered_domain(
                [('company_id', 'in', [False, *self.env.companies.ids])])
            for value, code in codes.items() if omocodia.identity(code) in by_code
        }
        return found | partners._openapi_pec_find_names(names)

    @api.model
    def _complete_code(self, value):
        """Return a company's code with its leading zeros, which spreadsheets remove."""
        code = omocodia.normalize(value)
        return code.zfill(fiscal_code.COMPANY_LENGTH) if code.isdigit() and len(code) > 6 else code

    @api.model
    def _get_contact_sentence(self, field, value, matches, has_stranger=False):
        """Return why the contact of a row is not known, without repeating a tax code.

        :param bool has_stranger: somebody outside the company has the name.
        """
        label = self._fields[field]._description_string(self.env)
        if not value:
            return self.env._("%(field)s is missing: write the tax code, VAT number or name of a contact.", field=label)
        if matches:
            return self.env._(
                "%(field)s: several contacts are meant (%(names)s). Write the tax code of one, or merge them.",
                field=label, names=', '.join(matches[:5].mapped('display_name')))
        if has_stranger:
            return self.env._(
                "%(field)s: the company has nobody of this name; somebody else has. If that person is meant, write the "
                "tax code, or the complete name with the company before it, as in \"Company, Person\".", field=label)
        return self.env._(
            "%(field)s: there is no such contact. Create it in Contacts with this tax code, VAT number or name, or "
            "correct the cell.",
            field=label)

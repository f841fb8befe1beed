"""A spreadsheet of companies and their administrators, beside Odoo's own import of the same contacts."""
import csv
import io

import population
from measuring import compare, result

COUNT = 1_000
ROUNDS = 3
OPTIONS = {'quoting': '"', 'separator': ',', 'has_headers': True, 'encoding': 'utf-8'}
# what stands in a row of a multiple filing -> the field of a contact
CONTACT_FIELDS = {
    'company_name': 'name', 'company_fiscal_code': 'l10n_it_codice_fiscale', 'city': 'city',
    'pec_email': 'openapi_pec_email', 'person_name': 'child_ids/name',
    'fiscal_code': 'child_ids/l10n_it_codice_fiscale', 'email': 'child_ids/email', 'mobile': 'child_ids/phone'}
ROWS = 'openapi_pec.import_row'
NAME = 'Zwx Xkq'  # which nobody has


class Import:
    """The same companies again and again, under new names and codes.

    :param env: Odoo's environment, as superuser.
    """

    def __init__(self, env):
        self.superuser, self.made = env, 0
        self.env = population.get_manager(env)

    def write_rows(self):
        """Return rows of companies that are not there yet, as dicts of the cells of a multiple filing."""
        numbers = range(self.made, self.made + COUNT)
        self.made += COUNT
        return [{
            'company_name': company['name'], 'company_fiscal_code': company['l10n_it_codice_fiscale'],
            'city': company['city'], 'province': 'RM', 'pec_email': company['openapi_pec_email'],
            'person_name': NAME, 'fiscal_code': population.person_code_of(number), 'email': person['email'],
            'mobile': person['phone'],
        } for number in numbers for company, person in [
            (population.company_values(self.env, number), population.person_values(number))]]

    def load(self, model, rows):
        """Upload rows as a file of CSV, and import it as Odoo does."""
        file = io.StringIO()
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
        names = list(rows[0])
        wizard = self.env['base_import.import'].create({
            'res_model': model, 'file': file.getvalue().encode(), 'file_type': 'text/csv',
            'file_name': 'companies.csv'})
        found = wizard.execute_import(names, names, dict(OPTIONS))
        if any(message['type'] == 'error' for message in found['messages']):
            raise ValueError(found['messages'][:3])
        return self.env[model].browse(found['ids'])

    def load_contacts(self):
        """Import the contacts with Odoo's own import: each company's row has its administrator's data."""
        italy, rome = self.env.ref('base.it').name, self.env.ref('base.state_it_rm').name
        rows = [{
            **{field: row[cell] for cell, field in CONTACT_FIELDS.items()}, 'is_company': '1', 'country_id': italy,
            'state_id': rome} for row in self.write_rows()]
        assert len(self.load('res.partner', rows)) == COUNT
        self.env.cr.commit()

    def load_rows(self):
        """Load the rows of a multiple filing; return them."""
        rows = self.load(ROWS, self.write_rows())
        assert len(rows) == COUNT
        return rows

    def clear(self):
        """Remove the rows that were loaded, as Odoo does after some days."""
        self.superuser[ROWS].search([]).unlink()
        self.env.cr.commit()
        self.env.invalidate_all()

    def make_contacts(self):
        """Make the contacts of the rows of a multiple filing."""
        rows = self.load_rows()
        plans = rows._get_plans()
        for side in ('company', 'person'):
            rows._make_contacts(plans, side)
        self.env.cr.commit()

    def make_filings(self):
        """Apply the rows of a multiple filing: contacts, filings, and what is found about these."""
        rows = self.load_rows()
        before = self.superuser['openapi_pec.communication'].search_count([])
        rows.action_apply()
        self.env.cr.commit()
        assert self.superuser['openapi_pec.communication'].search_count([]) == before + COUNT


def measure(env, _url, _is_full):
    """Yield the figures of this benchmark."""
    spreadsheet = Import(env)
    for name, function in (
            ('import_contacts', spreadsheet.make_contacts), ('import_filings', spreadsheet.make_filings)):
        yield result(name, compare(function, spreadsheet.load_contacts, ROUNDS, spreadsheet.clear))

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec.tools.api.text import end_once
from odoo.addons.l10n_it_openapi_pec.tools.finding import FINE, ORDER, WARNING
from odoo.addons.l10n_it_openapi_pec.tools.italy import omocodia
from odoo.addons.l10n_it_openapi_pec.tools.italy.enterprise import OWNER


class OpenapiPecImportRow(models.TransientModel):
    """What would stand against the filings of each row, judged before any of them exists: it goes into a filing all the
    same, and is corrected here or there."""
    _inherit = 'openapi_pec.import_row'

    @api.model
    def _judge_filings(self, plans):
        """Add to plans what is found about the filings that they would make.

        Of rows that are left out, what stands in their own cells is judged, so that all is told at once.

        :param dict plans: ``{row: Plan}``
        """
        filings = self.env['openapi_pec.communication']
        blank = {name: False for name, field in filings._fields.items() if field.store and field.column_type}
        planned, left_out = {}, {}
        for row, plan in plans.items():
            for kind in row._get_kinds(plan.cells) if plan.is_left_out else plan.kinds:
                rows, get_values = (left_out, row._get_cell_values) if plan.is_left_out else (
                    planned, row._get_filing_values)
                rows[filings.new({**blank, **get_values(plan, kind)}, ref=f'{row.id}.{kind}')] = row
        found = filings.concat(*planned)._get_findings(together=True) if planned else {}
        alone = filings.concat(*left_out)._judge_alone() if left_out else {}
        found |= {
            filing: [finding for finding in findings if filing[finding.field]] for filing, findings in alone.items()}
        rows = planned | left_out
        place = self.env._("in this row, or afterwards on the filing")
        for filing, findings in found.items():
            for finding in sorted(findings, key=lambda finding: ORDER.index(finding.level)):
                if finding.level != FINE:
                    values = {**filing._get_finding_values(finding), 'place': place}
                    sentence = end_once(filing._get_finding_words(finding) % values)
                    plans[rows[filing]].findings.append((WARNING, f'{finding.field}.{finding.code}', sentence))

    def _get_filing_values(self, plan, kind):
        """Return the data of a filing that this row would make, as its contacts would propose them."""
        company = self._get_contact_values(plan, 'company', plan.contacts['company'])
        asking = self._get_asking(plan)
        person = self._get_contact_values(plan, 'person', asking)
        surname, name = asking._openapi_pec_split_name_as(person['name'], person['l10n_it_codice_fiscale'])
        code = company['l10n_it_codice_fiscale']
        qualification = OWNER if omocodia.is_personal(code) else 'LEGALE_RAPPRESENTANTE'
        state = self.env['res.country.state'].browse(company['state_id'] or ())
        owner = company if kind == 'company' else person
        return {
            # as others name it in what stands in their way
            'name': '' if plan.contacts['company'] else company['name'],
            'state': 'draft', 'kind': kind, 'company_id': self.company_id.id, 'user_id': self.env.uid,
            'partner_id': plan.contacts['company'].id, 'representative_id': asking.id,
            'qualification': 'AMMINISTRATORE' if kind == 'administrator' else qualification,
            'pec_email': owner['openapi_pec_email'], 'company_name': company['name'], 'company_fiscal_code': code,
            'city': company['city'], 'province': state.code or plan.cells['abbreviation'],
            'first_name': name, 'last_name': surname, 'fiscal_code': person['l10n_it_codice_fiscale'],
            'email': person['email'], 'mobile': person['phone']}

    def _get_cell_values(self, plan, kind):
        """Return the data of a filing that stand in this row itself, as they are communicated."""
        cells = plan.cells
        return {
            'state': 'draft', 'kind': kind, 'company_id': self.company_id.id, 'user_id': self.env.uid,
            'pec_email': cells['pec_email' if kind == 'company' else 'administrator_pec'],
            'city': cells['city'], 'province': cells['abbreviation'], 'email': cells['email'],
            'mobile': cells['mobile']}

    @api.model
    def _get_contact_values(self, plan, side, contact):
        """Return what a contact will hold once a row is applied: what is there, and what is made or written."""
        names = ('name', 'l10n_it_codice_fiscale', 'openapi_pec_email', *(
            ('city', 'state_id') if side == 'company' else ('email', 'phone')))
        there = {name: contact[name].id if name == 'state_id' else contact[name] for name in names}
        if side == 'company' and not there['l10n_it_codice_fiscale'] and contact.vat:
            there['l10n_it_codice_fiscale'] = contact._l10n_it_edi_normalized_codice_fiscale(contact.vat)
        return {**there, **plan.values[side]}

    @api.model
    def _get_asking(self, plan):
        """Return the contact who would ask: of a row that names nobody, who would be proposed."""
        company = plan.contacts['company']
        if plan.is_person or not company:
            return plan.contacts['person']
        if not company.is_company:
            return company
        people = self._get_people(company)
        return people.filtered('l10n_it_codice_fiscale')[:1] or people[:1]

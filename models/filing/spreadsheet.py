from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.l10n_it_openapi_pec.models.record.contact_import import MAX_IMPORT_ERRORS

# Language -> example file; the first for all others.
IMPORT_TEMPLATES = {
    'en': '/l10n_it_openapi_pec/static/xlsx/pec_communications.xlsx',
    'it': '/l10n_it_openapi_pec/static/xlsx/comunicazioni_pec.xlsx',
}


class OpenapiPecCommunication(models.Model):
    """Filings from elsewhere: drafts from a spreadsheet, and what was made at the service without Odoo."""
    _name = 'openapi_pec.communication'
    _inherit = ['openapi_pec.communication', 'openapi_pec.contact_import.mixin']
    _contact_columns = ('partner_id', 'representative_id')

    # ------------------------------------------------------------ ACTIONS

    def action_import_from_service(self):
        """Import the filings in the account that Odoo does not know, whichever filings are selected."""
        self.check_access('read')
        return self.env['openapi_pec.foreign_filing'].action_import()

    def _announce_import(self):
        """Log once in both chatters where these filings come from."""
        for (lang, kind), filings in self.grouped(
                lambda filing: (filing.user_id.lang or self.env.lang, filing.kind)).items():
            filings = filings.with_context(lang=lang)
            kinds = dict(self._fields['kind']._description_selection(filings.env))
            filings._announce(filings.env._(
                "imported from the service, where it was made without Odoo. The service does not say whose PEC it is; "
                "it was taken for: %s.", kinds[kind]))

    # ------------------------------------------------------------ drafts from a spreadsheet (Odoo's own import)

    @api.model
    def get_import_templates(self):
        """Return the example file in the language of the reader."""
        self.check_access('read')
        return self._get_templates(IMPORT_TEMPLATES, self.env._("Example of Filings, by Tax Code"))

    @api.model
    def load(self, fields, data):
        """Load drafts whose contacts stand there by tax code, VAT number or name; report each row without a contact."""
        self.check_access('create')
        try:
            self._check_own_fields({path.split('/')[0] for path in fields})
        except AccessError as error:
            return {'ids': False, 'messages': [{'type': 'error', 'message': str(error)}], 'nextrow': 0}
        fields, data, messages = self._read_contact_rows(fields, data)
        if messages:
            return {'ids': False, 'messages': messages[:MAX_IMPORT_ERRORS], 'nextrow': 0}
        return super().load(fields, data)

    def _load_records_create(self, vals_list):
        """Create drafts; defaults and proposals fill what the spreadsheet leaves empty."""
        return super()._load_records_create(
            [{name: value for name, value in vals.items() if value} for vals in vals_list])

    def _load_records_write(self, values):
        """Change drafts that a spreadsheet names by their ids; an id is no value to be written."""
        return super()._load_records_write({name: value for name, value in values.items() if name != 'id'})

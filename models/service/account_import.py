import logging

from odoo import api, models

from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    """Imports of lists that the service returned too slowly for a click: a scheduled job reads them."""
    _inherit = 'res.company'

    def _openapi_pec_leave_import(self, model):
        """Have the job of a model import these companies' lists for the present user."""
        for company in self:
            environment = company.openapi_pec_environment
            wanted = company._openapi_pec_get_facts(environment).get('imports') or {}
            company._openapi_pec_write_facts(environment, imports={**wanted, model: self.env.uid})

    @api.model
    def _openapi_pec_import_wanted(self, records):
        """Read and import the lists that were left to the job of a model.

        Each goes to ``records._import_wanted(company, listing)``.

        :return: whether all could be read.
        """
        companies, is_done = self.sudo().search([('openapi_pec_accounts', '!=', False)]), True
        for company in companies:
            environment = company.openapi_pec_environment
            wanted = company._openapi_pec_get_facts(environment).get('imports') or {}
            user = self.env['res.users'].browse(wanted.get(records._name)).exists()
            if not user:
                continue
            try:
                client = company._openapi_pec_client()
                listing = records._list_remote(client)
            except OpenapiPecError as error:
                _logger.info("The list of %s cannot be read now: %s", company.display_name, error)
                is_done = False
                continue
            try:
                company._openapi_pec_write_facts(
                    environment, imports={key: uid for key, uid in wanted.items() if key != records._name})
                company._openapi_pec_note_account(client, listing, environment)
                records.with_user(user).with_context(lang=user.lang).sudo()._import_wanted(company, listing)
                self.env['ir.cron']._commit_progress()
            except Exception:  # of which the other accounts know nothing
                self.env.cr.rollback()
                _logger.exception("The list of %s cannot be imported.", company.display_name)
                is_done = False
        return is_done

    def _openapi_pec_notify_imported(self, sentence):
        """Notify the user of this environment of the result of an import."""
        self.env['mail.thread'].message_notify(
            partner_ids=self.env.user.partner_id.ids, subject=self.env._("Imported from the service"), body=sentence)

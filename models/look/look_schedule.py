import logging
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import run_unless_met
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent

_logger = logging.getLogger(__name__)

COUNTED_PER_RUN = 50  # addresses of drafts


class OpenapiPecRegisterLook(models.Model):
    """What is asked without a person: companies ticked for it, every so many days, within a budget of the account."""
    _inherit = 'openapi_pec.register_look'

    @api.model
    def _ask_scheduled(self):
        """Ask what is due, for each company whose settings want it; off unless somebody has set days and a budget."""
        for company in self.env['res.company'].sudo().search([('openapi_pec_register_days', '>', 0)]):
            try:
                company._openapi_pec_client(company.openapi_pec_environment, self._api_name)
            except NotSent as error:
                _logger.info("The register is not asked for %s: %s", company.display_name, error)
                continue
            if company._openapi_pec_is_copy(company.openapi_pec_environment):
                continue
            own = self.with_company(company)
            own._ask_due(company)
            if not run_unless_met(self.env.cr, partial(own._count_due, company)):
                self._trigger_cron(self._synchronize_job)
            self._commit_in_cron()

    def _ask_due(self, company):
        """Ask about the companies that are due, as many as the budget of the account allows, the oldest look first."""
        price = self.env['openapi_pec.price']._get('register_company')
        if price is None:
            return
        due = self._get_due(company)
        if price:
            due = due[:int(self._get_budget_left(company) / price + 1e-6)]
        if due:
            update = self.env['openapi_pec.register_update']._start(company, due)
            self._ask(company, [
                {'partner_id': partner.id, 'operation': 'register_company', 'asked': code}
                for partner, code in due._openapi_pec_get_asked().items()], update)

    @api.model
    def _get_budget_left(self, company):
        """Return what may still be spent by itself in this month (EUR), with all look-ups of the account counted.

        What is about to be made counts, too: while the account is paused it may wait for days.
        """
        account = (company, company.openapi_pec_environment, list(const.look.PAID))
        spent = sum(amount for *_what, amount in self._get_month(*account))
        queued = sum(
            count * (self.env['openapi_pec.price']._get(operation) or 0)
            for operation, count in self._get_queued(*account).items())
        return max(company.openapi_pec_register_budget - spent - queued, 0)

    def _get_due(self, company):
        """Return the ticked contacts that were not asked about for so many days, the longest ago first."""
        partners = self.env['res.partner'].search([('openapi_pec_is_checked', '=', True)])
        since = fields.Datetime.now() - timedelta(days=company.openapi_pec_register_days)
        latest = dict(self.sudo()._read_group([
            ('partner_id', 'in', partners.ids), ('company_id', '=', company.id),
            ('operation', '=', 'register_company'), ('environment', '=', company.openapi_pec_environment),
        ], ['partner_id'], ['asked_at:max']))
        due = partners.filtered(lambda partner: not latest.get(partner) or latest[partner] < since)
        asked = due._openapi_pec_get_asked()
        return due.filtered(lambda partner: partner in asked).sorted(lambda partner: str(latest.get(partner) or ''))

    def _count_due(self, company):
        """Count the addresses of this company's drafts, unless the service has perhaps charged for a count."""
        if not self._is_count_doubtful(company, company.openapi_pec_environment):
            asked = self.sudo().search_fetch([
                ('company_id', '=', company.id), ('operation', '=', 'register_count'),
                ('environment', '=', company.openapi_pec_environment),
                ('asked_at', '>=', fields.Datetime.now() - timedelta(days=const.look.COUNT_DAYS))], ['asked'])
            drafts = self.env['openapi_pec.communication'].search([
                ('company_id', '=', company.id), ('state', 'in', const.filing.EDITABLE_STATES),
                ('pec_email_normalized', '!=', False), ('pec_email_normalized', 'not in', asked.mapped('asked')),
            ], limit=COUNTED_PER_RUN)
            if drafts:
                self._ask_counts(company, drafts)

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.pec import address as pec_address


class OpenapiPecRegisterLook(models.Model):
    """How many companies in Italy have an address as their PEC: counted by the service for free, without names.

    No company's PEC may serve anybody else (rule INT.P of the register), and one's own contacts are not all of Italy.
    """
    _inherit = 'openapi_pec.register_look'

    @api.model
    def _recent_counts(self):
        """Return the domain of the counts that are still believed."""
        oldest = fields.Datetime.now() - timedelta(days=const.look.COUNT_DAYS)
        return Domain([('operation', '=', 'register_count'), ('state', '=', 'done'), ('looked_at', '>=', oldest)])

    @api.model
    def _get_counts(self, addresses):
        """Return the last counts of some addresses, with one query.

        :param addresses: normalized.
        :return: ``{(company id, environment, address): what was told}``
        :rtype: dict
        """
        looks = self.sudo().search_fetch(
            self._recent_counts() & Domain('asked', 'in', list(addresses)),
            ['company_id', 'environment', 'asked', 'told'], order='looked_at, id') if addresses else self.browse()
        return {(look.company_id.id, look.environment, look.asked): look.told for look in looks}

    def _judge_counted(self):
        """Have the drafts judged anew whose address was counted."""
        self.env['openapi_pec.communication']._judge_drafts([
            ('pec_email_normalized', '=', self.asked), ('company_id', '=', self.company_id.id)])

    @api.model
    def _ask_counts(self, company, filings):
        """Have the service count the addresses of filings of one company, except those counted in the last days.

        :return: the looks that were made.
        """
        environment = company.openapi_pec_environment
        wanted = {}
        for filing in filings:
            address = pec_address.normalize(filing.pec_email)
            if '@' in address and ' ' not in address:
                wanted.setdefault(address, filing)
        known = self._get_counts(wanted)
        return self._ask(company, [
            {'partner_id': filing.partner_id.id, 'operation': 'register_count', 'asked': address}
            for address, filing in wanted.items() if (company.id, environment, address) not in known])

    @api.model
    def _is_count_doubtful(self, company):
        """Return whether a count of the account was perhaps charged, and no manager has asked again since."""
        return bool(self.sudo().search_count([
            ('operation', '=', 'register_count'), ('state', '=', 'lost'),
            ('company_id', 'in', company._openapi_pec_with_same_account().ids),
            ('api_call_ids', 'any', [('is_price_known', '=', False), ('state', '=', 'lost')])], limit=1))

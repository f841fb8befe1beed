from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.lock import meet
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
        due = [
            {'partner_id': filing.partner_id.id, 'operation': 'register_count', 'asked': address}
            for address, filing in wanted.items() if (company.id, environment, address) not in known]
        return self._ask(company, due[:self._get_most_counts(company, environment)])

    # ------------------------------------------------------------ whether counting is free

    @api.model
    def _get_most_counts(self, company, environment):
        """Return how many counts of an account may be queued now (None: any number).

        Until an answer has shown that the service counts without searching, one at a time: a search is charged. Until
        then, too, transactions that want to know it meet: only one of them queues the first count.

        :raise OperationalError: one of ``PG_CONCURRENCY_EXCEPTIONS_TO_RETRY``.
        """
        counts = self._get_account_counts(company, environment)
        told = self.sudo().search_fetch(counts & Domain('state', '=', 'done'), ['told']).mapped('told')
        # "Nothing found", with nothing told, is what a search answers as well.
        if any(count['number'] or count['cost'] is not None for count in told):
            return None
        meet(company._openapi_pec_with_same_account(environment).sorted('id')[:1])  # who counts at the same moment
        return 0 if self.sudo().search_count(counts & Domain('is_open', '=', True), limit=1) else 1

    def _check_first_count(self):
        """Raise when this is a count, and another one, the first of its account, is not answered yet."""
        if self.operation == 'register_count' and self._get_most_counts(self.company_id, self.environment) == 0:
            raise UserError(self.env._(
                "Another PEC is just being counted, to see that counting is free. Press again once it is answered. "
                "Nothing was asked or spent."))

    @api.model
    def _is_count_doubtful(self, company, environment):
        """Return whether a count of the account was perhaps charged, and no manager has asked again since."""
        return bool(self.sudo().search_count(self._get_account_counts(company, environment) & Domain([
            ('state', '=', 'lost'),
            ('api_call_ids', 'any', [('state', '=', 'lost'), ('money', '=', 'unknown')])]), limit=1))

    @api.model
    def _get_account_counts(self, company, environment):
        """Return the domain of the counts of an account."""
        return Domain([
            ('operation', '=', 'register_count'), ('environment', '=', environment),
            ('company_id', 'in', company._openapi_pec_with_same_account(environment).ids)])

    def _claim(self, price):
        """Close a count that another one has made doubtful meanwhile; what a manager asks again is asked."""
        if self.operation == 'register_count' and self._is_count_doubtful(self.company_id, self.environment) and (
                not self._get_unknown_lines()):
            self._close_unasked(const.look.COUNT_STOPPED)
            return None
        return super()._claim(price)

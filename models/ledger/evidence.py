from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.models.service.api_call import MONEY_BY_STATE

# States of a call of which nobody knows whether it was executed.
UNKNOWN_STATES = tuple(state for state, money in MONEY_BY_STATE.items() if money == 'unknown')


class OpenapiPecApiCall(models.Model):
    """What the wallet tells of a call whose answer was lost: a second witness, which neither pays nor frees."""
    _inherit = 'openapi_pec.api_call'

    def _read_evidence(self):
        """Read the transactions of the accounts that these calls were made with, before a person decides on them."""
        for account in self.sudo().vendor_account_id.filtered(lambda account: account._is_at_home()):
            account._read_transactions()

    def _get_evidence_sentence(self, tz=None):
        """Return what the wallet tells of this call, in words; False when it tells nothing that can be relied on.

        :param str tz: of the reader; the user's by default.
        """
        found, moment = self.sudo()._get_evidence()
        return found and self.env['openapi_pec.words.mixin']._in_words(const.ledger.EVIDENCE[found]) % {
            'amount': self.company_id._openapi_pec_show_eur(self.price),
            'when': format_datetime(self.env, moment, tz=tz, dt_format='short')}

    def _get_evidence(self):
        """Return what the wallet tells of this call.

        A charge counts when nothing else can explain it. That there is none counts when the list was read whole,
        later than any charge of this account has shown until now, tells single calls of this service, and has no charge
        that might be this call's: of this price or more since then, or of any at about that time.

        :return: a key of ``const.ledger.EVIDENCE`` or False, and when it was charged, or the list read.
        :rtype: tuple
        """
        account = self.vendor_account_id
        if self.state not in UNKNOWN_STATES or not account or not (self.is_price_known and self.price):
            return False, None
        transactions = self.env['openapi_pec.transaction'].sudo()
        own = fields.Domain('account_id', '=', account.id)
        charge = transactions.search(own & fields.Domain('call_id', '=', self.id))
        if charge:
            return 'paid', charge.told_at
        read_at = account.transactions_read_at
        if self.may_be_free or account.transactions_doubt or not read_at or read_at < self.started_at + max(
                account._get_longest_delay(), const.ledger.BELIEVED_AFTER):
            return False, None
        host = const.ledger.get_host(self.operation)
        own &= fields.Domain('host', '=', host)
        is_told_singly = transactions.search_count(own & fields.Domain('call_id', '!=', False), limit=1) and (
            not transactions.search_count(own & fields.Domain('kind', '=', 'sum'), limit=1))
        may_be_its = transactions.search_count([
            ('account_id', '=', account.id), ('host', 'in', [host, '', False]), ('call_id', '=', False),
            ('amount', '<', 0), '|', ('told_at', '=', False), '&',
            ('told_at', '>=', self.started_at - const.ledger.MARGIN), '|', ('amount', '<=', -self.price + 0.005),
            ('told_at', '<=', self.started_at + const.ledger.MARGIN)], limit=1)
        return ('unpaid', read_at) if is_told_singly and not may_be_its else (False, None)


class OpenapiPecAccount(models.Model):
    _inherit = 'openapi_pec.account'

    def _get_longest_delay(self):
        """Return how long after its time a charge of this account was first read, at the most (timedelta)."""
        [(seconds,)] = self.env.execute_query(SQL(
            "SELECT extract(epoch FROM max(create_date - told_at)) FROM openapi_pec_transaction"
            " WHERE account_id = %s AND call_id IS NOT NULL", self.id))
        return timedelta(seconds=float(seconds or 0))

"""The prices that the vendor tells an account, taken over where there is no doubt what they are the price of."""
from datetime import timedelta
from functools import partial

from odoo import fields, models

from odoo.addons.l10n_it_openapi_pec import const
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import OpenapiPecError

from ..service.lock import run_unless_met

PRICES_HOURS = 24  # after which they are read again

# Operation of the journal -> the scope of its call. A scope of `TYPED` has a price for each type of mailbox, by its
# name; of the others a price is taken over where it is the only one. What else is sold has no price that is told
# unambiguously.
SCOPES = {
    'create': 'POST:pec.openapi.it/comunica_pec',
    'domain': 'GET:pec.openapi.it/domini_pec',
    'register_company': 'GET:company.openapi.com/IT-advanced',
    'register_offices': 'GET:company.openapi.com/IT-stakeholders',
    'register_pec': 'GET:company.openapi.com/IT-pec',
    'mailbox_create': 'POST:pec.openapi.it/pec',
    'mailbox_renew': 'GET:pec.openapi.it/pec',
    'sign_otp': 'POST:esignature.openapi.com/EU-QES_otp',
    'verify': 'POST:esignature.openapi.com/verify',
    'sign_automatic': 'POST:esignature.openapi.com/EU-QES_automatic',
}
TYPED = ('mailbox_create', 'mailbox_renew')


def get_prices(operation, terms):
    """Return what a scope tells of the prices of an operation, without doubt.

    :param str operation: of ``SCOPES``.
    :param ScopeTerms terms: of its scope.
    :return: ``{type of mailbox, or False: EUR}``; what would cost nothing is left out, as nobody sells that.
    :rtype: dict
    """
    if operation in TYPED:
        told = {name.strip().upper(): amount for name, amount in terms.prices.items()}
        prices = {kind: told[kind] for kind in const.mailbox.OPERATIONS[operation].priced_types if kind in told}
    else:
        prices = {False: max(terms.prices.values())} if len(terms.prices) == 1 else {}
    return {kind: amount for kind, amount in prices.items() if amount > 0}


class OpenapiPecAccount(models.Model):
    """What calls cost, as the vendor tells this account."""
    _inherit = 'openapi_pec.account'

    def _keep_prices(self):
        """Read the prices once a day, and keep what has changed; a step of the scheduled job.

        Those of the vendor's sandbox are left alone: nothing is paid there.
        """
        known = self.prices_read_at
        if self.environment != 'production' or not self._has_key() or (
                known and known > fields.Datetime.now() - timedelta(hours=PRICES_HOURS)):
            return
        try:
            told = self._read_terms()
        except OpenapiPecError:
            return  # the next run asks again
        run_unless_met(self.env.cr, partial(self._take_prices, told))

    def _read_terms(self):
        """Return the terms of the scopes of all that is bought here: ``{operation: ScopeTerms}``.

        :raise OpenapiPecError: they cannot be read now.
        """
        client = self._get_client()
        scopes = {scope.name: scope for scope in client.list_scopes()}
        return {operation: client.get_terms(scopes[name]) for operation, name in SCOPES.items() if name in scopes}

    def _take_prices(self, told):
        """Keep the prices that are others than those that are kept.

        :param dict told: as of :meth:`_read_terms`.
        """
        prices = self.env['openapi_pec.price']
        for operation, terms in told.items():
            for kind, amount in get_prices(operation, terms).items():
                prices._note_told(
                    operation, kind, amount, terms.free_a_month,
                    self.env._("Told by Openapi to the account, scope %s", terms.name))
        self.prices_read_at = fields.Datetime.now()

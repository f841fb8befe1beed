"""Tables of the ledger: what the vendor charges, and what is said of it."""
from datetime import timedelta
from urllib.parse import urlsplit

from odoo.tools.translate import LazyTranslate

from odoo.addons.l10n_it_openapi_pec.tools.api.client import COMPANY_HOSTS, HOSTS
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_client import (
    PURCHASES,
    SIGNATURE_HOSTS,
    SIGNINGS,
    VERIFY,
)

from . import look, service

_lt = LazyTranslate(__name__, default_lang='en_US')

VAT_RATE = 0.22  # which the vendor's prices are without
# The hosts that charges name; in the sandbox some begin with `test.`, which is left out.
SANDBOX = 'test.'
PEC_HOST, COMPANY_HOST, SIGNATURE_HOST = (
    urlsplit(hosts['production']).hostname for hosts in (HOSTS, COMPANY_HOSTS, SIGNATURE_HOSTS))
# Operation of the journal -> the host to which it goes; all others go to that of the PEC API.
HOST_BY_OPERATION = {
    **{operation: COMPANY_HOST for operation, _label in look.OPERATIONS},
    **dict.fromkeys((*SIGNINGS, *PURCHASES, VERIFY), SIGNATURE_HOST)}
CHARGING_HOSTS = (PEC_HOST, COMPANY_HOST, SIGNATURE_HOST)
# States of the journal's lines that the vendor may have charged.
CHARGEABLE = (*service.CHARGED_STATES, 'never_arrived')
# From when on a charge that the list of transactions does not show counts as missing, at the earliest.
BELIEVED_AFTER = timedelta(hours=1)
OVERLAP = timedelta(days=3)  # of one reading of the transactions and the next one
MARGIN = timedelta(days=1)  # by which calls and charges are looked at that are older

# What the wallet tells of a call whose answer was lost.
EVIDENCE = {
    'paid': _lt(
        "The wallet of the Openapi account shows a charge of EUR %(amount)s of %(when)s that no other call explains: "
        "probably this call was executed and paid. That is no proof: look into the Openapi console before you decide."),
    'unpaid': _lt(
        "The wallet of the Openapi account, read on %(when)s, shows no charge of EUR %(amount)s for this call, while "
        "it shows those of others: probably nothing was spent. That is no proof: look into the Openapi console before "
        "you decide."),
}


def get_kind(amount, host):
    """Return the kind of a transaction that is read for the first time.

    :param float amount: EUR; less than nothing: it went out.
    :param str host: that its description names, without ``SANDBOX``.
    """
    return 'charge' if amount < 0 else 'refund' if host in CHARGING_HOSTS else 'recharge'


def get_host(operation):
    """Return the host that a charge for an operation of the journal names."""
    return HOST_BY_OPERATION.get(operation, PEC_HOST)

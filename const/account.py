"""What a token of an account is for: the features with the scopes that each needs, and the bounds of its life."""
from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang='en_US')

PEC, COMPANY, SIGNATURE = 'pec.openapi.it', 'company.openapi.com', 'esignature.openapi.com'  # hosts in production
TEST = 'test.'  # before the hosts of the vendor's sandbox


class Feature(NamedTuple):
    """What a token can be for.

    :param label: how people call it.
    :param tuple scopes: that it needs, as production calls them.
    """

    label: object
    scopes: tuple


# Name of a feature -> what it is. Filings are no choice: they are what all else belongs to, and their list tells
# whether a token works. The others are fields `uses_<name>` of an account.
FEATURES = {
    'filings': Feature(_lt("Filings"), tuple(f'{method}:{PEC}/comunica_pec' for method in ('GET', 'POST', 'PATCH'))),
    'domains': Feature(_lt("Looking Up Domains"), (f'GET:{PEC}/domini_pec',)),
    'mailboxes': Feature(_lt("Mailboxes"), (
        *(f'{method}:{PEC}/pec' for method in ('GET', 'POST', 'PATCH', 'DELETE')), f'GET:{PEC}/verifica_pec')),
    'companies': Feature(_lt("Looking Up Companies"), tuple(f'GET:{COMPANY}/{path}' for path in (
        'IT-advanced', 'IT-stakeholders', 'IT-check_id', 'IT-pec', 'IT-search'))),
    'signatures': Feature(_lt("Remote Signatures"), (
        f'POST:{SIGNATURE}/EU-QES_otp', f'POST:{SIGNATURE}/EU-QES_automatic', f'GET:{SIGNATURE}/signatures',
        f'DELETE:{SIGNATURE}/signatures', f'GET:{SIGNATURE}/certificates', f'POST:{SIGNATURE}/certificates',
        f'POST:{SIGNATURE}/verify')),
}
ALWAYS = ('filings',)

MAX_DAYS = 365  # that a token lives: the service allows no more
CONSOLE = 'https://console.openapi.com'  # as the specification tells
TOKENS = 'https://console.openapi.com/oauth'  # "Generate a new access token"


def get_scopes(features, environment):
    """Return the scopes of some features, as the service calls them in an environment.

    :param features: keys of ``FEATURES``.
    :rtype: list[str]
    """
    scopes = [scope for name in FEATURES if name in features for scope in FEATURES[name].scopes]
    return scopes if environment == 'production' else [scope.replace(':', f':{TEST}', 1) for scope in scopes]

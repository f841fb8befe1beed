"""The scopes of the services: what a token may be made for, and what the vendor says of each."""
import hashlib

from .const import (
    COMPANY_OPERATIONS,
    CREATE,
    CREATE_MAILBOX,
    DOMAIN,
    DOMAIN_PRICE,
    FREE_LOOK_UPS,
    LOOK_UP_COMPANY,
    LOOK_UP_OFFICES,
    LOOK_UP_PEC,
    OAUTH_OPERATIONS,
    RENEW,
    RESIZE,
    SEARCH,
)
from .signature_const import BUY_OTP, SIGN_AUTOMATIC, SIGN_OTP, SIGNATURE_OPERATIONS, VERIFY

TEST = 'test.'  # before the hosts of the vendor's sandbox
PEC_HOST = 'pec.openapi.it'
_HOSTS = {  # of the other operations
    **dict.fromkeys(COMPANY_OPERATIONS, 'company.openapi.com'),
    **dict.fromkeys(SIGNATURE_OPERATIONS, 'esignature.openapi.com'),
}
_PRICED_LOOK_UPS = (LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC, SEARCH)


def get_host(operation):
    """:return: the vendor's host, in production, of an operation that needs a token"""
    return _HOSTS.get(operation, PEC_HOST)


def get_scope(operation):
    """:return: the scope that a token needs for an operation, ``'POST:pec.openapi.it/comunica_pec'``"""
    method, path = operation.split(' ')
    return f'{method}:{get_host(operation)}/{path.split("/")[1]}'


def get_scopes(operations):
    """:return: list of the scopes of these operations, each once; OAuth itself has none"""
    return list(dict.fromkeys(map(get_scope, filter(lambda name: name not in OAUTH_OPERATIONS, operations))))


def write_scope(scope, is_test):
    """:return: a scope as the vendor's sandbox, or production, calls it"""
    method, place = scope.split(':', 1)
    return f'{method}:{TEST}{place}' if is_test else scope


def read_scope(text, is_test):
    """:return: the scope that a client names in the vendor's sandbox, or in production; None: it is one of the other"""
    method, _colon, place = text.partition(':')
    if place.startswith(TEST) != is_test:
        return None
    return f'{method}:{place.removeprefix(TEST)}'


def get_scope_id(scope, is_test):
    """:return: the id of a scope, 24 hexadecimal digits"""
    return hashlib.sha256(write_scope(scope, is_test).encode()).hexdigest()[:24]


def describe(scope, is_test, settings):
    """:return: dict, what the list of scopes shows of one

    :param settings: Settings
    """
    written = write_scope(scope, is_test)
    method, place = written.split(':', 1)
    domain, endpoint = place.split('/')
    return {
        'id': get_scope_id(scope, is_test), 'scope': written, 'method': method, 'endpoint': endpoint, 'domain': domain,
        'enabled': is_enabled(scope, settings)}


def describe_whole(scope, is_test, settings):
    """:return: dict, a scope with its prices, its free calls and what an account has to fulfil for it"""
    free = settings.free_looks if scope in map(get_scope, FREE_LOOK_UPS) else False
    enabled = is_enabled(scope, settings)
    return {
        **describe(scope, is_test, settings),
        'rateLimit': False,
        'freeLimits': {'dayLimit': False, 'monthLimit': free, 'yearLimit': False, 'totalLimit': False},
        'requirements': {'oa_general_contract': enabled},
        'prices': _get_prices(scope, settings),
    }


def is_enabled(scope, settings):
    """:return: whether the account has enabled the API of a scope"""
    return not {scope, scope.split(':')[1].split('/')[0]} & set(settings.not_enabled)


def _get_prices(scope, settings):
    """:return: dict of what the scope's calls cost in EUR; how the vendor calls each is documented of one alone"""
    mailboxes = {name.lower(): price for name, price in settings.mailbox_prices.items()}
    operations, signatures = settings.operation_prices, settings.signature_prices
    prices = {
        get_scope(CREATE): {'comunica_pec': settings.price},
        get_scope(CREATE_MAILBOX): {**mailboxes, 'multiutenza': operations['multiutenza']},
        get_scope(RESIZE): {name: operations[name] for name in ('modifica', 'conservazione')},
        get_scope(RENEW): mailboxes,
        get_scope(DOMAIN): {'domini_pec': DOMAIN_PRICE},
        **{get_scope(operation): {name.lower(): signatures[name]} for operation, name in (
            (SIGN_OTP, 'EU-QES_otp'), (SIGN_AUTOMATIC, 'EU-QES_automatic'), (VERIFY, 'verify'))},
        get_scope(BUY_OTP): {name: signatures[name] for name in ('namirial-otp', 'namirial-automatic')},
    }
    looks = {get_scope(operation): operation.split('/')[1] for operation in _PRICED_LOOK_UPS}
    if scope in looks:
        return {looks[scope].lower(): settings.look_prices[looks[scope]]}
    return prices.get(scope, {})

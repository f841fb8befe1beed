"""What is put into the sandbox by its control endpoints makes sense: the checks of it."""
from .callbacks import SHAPES
from .const import LOOK_PRICES, MAILBOX_FIELDS, MAILBOX_PRICES, MAILBOX_TYPES, NEW_MAILBOX, OPERATION_PRICES
from .faults import FAULTS
from .mailbox import parse_date
from .mood import VALUES
from .operations import OPERATIONS
from .signature_const import PREFIXES, SIGNATURE_PRICES


class Mistake(Exception):
    """The request to a control endpoint makes no sense: HTTP 400 with this text."""


def require(condition, sentence):
    """:raise Mistake: with a sentence, unless a condition is true"""
    if not condition:
        raise Mistake(sentence)


def is_number(value):
    """:return: whether a value is a number, 0 or more"""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def _is_credit(value):
    return is_number(value) or (isinstance(value, dict) and all(map(is_number, value.values())))


def _is_price_list(known):
    return lambda value: isinstance(value, dict) and set(value) <= set(known) and all(map(is_number, value.values()))


def is_callback(value):
    """:return: whether a value is what a record has as its callback: false, or an object with a url"""
    return value is False or (isinstance(value, dict) and isinstance(value.get('url'), str))


# what a mood is made of -> check
_MOOD = {
    **dict.fromkeys(
        ('list_late', 'details_late', 'renewal_late', 'changes_late', 'transactions_late', 'tokens_late',
         'list_cap'), is_number),
    'clock': lambda value: type(value) is int,
    **dict.fromkeys(('echo', 'number_ids'), lambda value: isinstance(value, bool)),
    'values': lambda value: isinstance(value, list) and all(item in VALUES for item in value),
}
# setting -> (check, what it must be)
SETTINGS = {
    'step': (is_number, 'a number of seconds'),
    'credit': (_is_credit, 'a number of EUR, or an object of account: EUR'),
    'price': (is_number, 'a number of EUR'),
    'callback_shape': (lambda value: value in tuple(SHAPES), 'one of ' + ', '.join(SHAPES)),
    'no_credit_form': (lambda value: value in (1, 2), '1 or 2'),
    'ahead': (is_number, 'a number of seconds'),
    'mailbox_prices': (_is_price_list(MAILBOX_PRICES), 'an object of EUR, with keys of ' + ', '.join(MAILBOX_PRICES)),
    'operation_prices': (
        _is_price_list(OPERATION_PRICES), 'an object of EUR, with keys of ' + ', '.join(OPERATION_PRICES)),
    'look_prices': (_is_price_list(LOOK_PRICES), 'an object of EUR, with keys of ' + ', '.join(LOOK_PRICES)),
    'free_looks': (lambda value: type(value) is int and value >= 0, 'a number of look-ups'),
    'offices_late': (is_number, 'a number of seconds'),
    'token_shape': (lambda value: value in ('bare', 'data'), 'bare or data'),
    'transactions': (lambda value: value in ('each', 'oldest_first', 'sums'), 'each, oldest_first or sums'),
    'not_enabled': (
        lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
        'a list of scopes or hosts'),
    'signature_prices': (
        _is_price_list(SIGNATURE_PRICES), 'an object of EUR, with keys of ' + ', '.join(SIGNATURE_PRICES)),
    'signing_late': (is_number, 'a number of seconds'),
    'credentials_told': (lambda value: value in ('state', 'refusal'), 'state or refusal'),
    'verification': (lambda value: isinstance(value, dict), 'an object of what a report tells'),
    'stock': (lambda value: type(value) is int and value >= 0, 'a number of certificates'),
    'mood': (
        lambda value: isinstance(value, dict)
        and all(_MOOD.get(key, bool)(item) and key in _MOOD for key, item in value.items()),
        'an object of ' + ', '.join(_MOOD) + '; values are of ' + ', '.join(VALUES)),
}
_MAILBOX_KINDS = {
    str: (lambda value: isinstance(value, str), 'text'),
    bool: (lambda value: isinstance(value, bool), 'true or false'),
    int: (lambda value: type(value) is int, 'an integer'),
}
# What a mailbox may be given -> (check, what it must be)
MAILBOX = {
    **dict.fromkeys((*MAILBOX_FIELDS, 'data_attivazione', 'descrizione', 'cod_attivazione', 'uid'),
                    _MAILBOX_KINDS[str]),
    **{field: _MAILBOX_KINDS[type(default)] for field, default in {**NEW_MAILBOX, 'autorinnovo': False}.items()},
    'tipo_casella': (lambda value: value in MAILBOX_TYPES, 'one of ' + ', '.join(MAILBOX_TYPES)),
    'data_scadenza': (
        lambda value: value == '' or (isinstance(value, str) and parse_date(value)), 'dd/mm/yyyy, or empty'),
    'callback': (is_callback, 'false or an object with a url'),
    'multiutenza': (lambda value: isinstance(value, list), 'a list'),
}
_TEXT = (lambda value: isinstance(value, str), 'text')
# What a certificate may be given -> (check, what it must be)
CERTIFICATE = {
    'certificateType': (lambda value: value in tuple(PREFIXES), 'one of ' + ', '.join(PREFIXES)),
    **dict.fromkeys(('certificateOwner', 'customReference', 'username', 'pin', 'otp', 'tax_code'), _TEXT),
    'wrong': (lambda value: type(value) is int and value >= 0, 'a number of attempts'),
    'expires_at': (is_number, 'seconds since 1970'),
    'callback': (is_callback, 'false or an object with a url'),
}
# key of a fault -> (check, what it must be)
RULE = {
    'operation': (lambda value: value in tuple(OPERATIONS), 'one of ' + ', '.join(OPERATIONS)),
    'fault': (lambda value: value in tuple(FAULTS), 'one of ' + ', '.join(FAULTS)),
    'times': (lambda value: isinstance(value, int) and (value > 0 or value == -1), 'a positive integer, or -1'),
    'seconds': (is_number, 'a number of seconds'),
    'status': (lambda value: isinstance(value, int) and 100 <= value <= 599, 'an HTTP status'),
    'body': (lambda value: True, 'anything'),
    'headers': (lambda value: isinstance(value, dict) and all(isinstance(item, str) for item in value.values()),
                'an object of strings'),
    'skip': (lambda value: isinstance(value, int) and value >= 0, 'an integer'),
    'location': (lambda value: isinstance(value, str), 'a URL'),
}


def check(values, table):
    """:return: the values, all of which the table knows and finds right"""
    for key, value in values.items():
        require(key in table, f'unknown key {key}; known are {", ".join(table)}')
        right, meaning = table[key]
        require(right(value), f'{key} must be {meaning}')
    return values

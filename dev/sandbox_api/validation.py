"""Checks of what the client sends, as the vendor makes them: presence and form, no check digits.

What the specification forbids is refused (``specification``), and here what it says in prose. The vendor's own examples
carry invalid tax codes and telephone numbers, and are accepted.
"""
import json
import re

from .answers import Refused
from .const import (
    CALLBACK_DEFAULT_FIELD,
    CALLBACK_DEFAULT_METHOD,
    CLIENT_TYPES,
    DATE_FIELDS,
    DOCUMENT_FIELDS,
    FILING_FIELDS,
    MAILBOX_FIELDS,
    REQUIRED_FIELDS,
    REQUIRED_MAILBOX_FIELDS,
    UPPER_CASE_FIELDS,
    UPPER_CASE_MAILBOX_FIELDS,
    USER_FIELDS,
)
from .mailbox import parse_date
from .specification import find_faults_of_body

_ADDRESS = re.compile(r'[A-Za-z0-9.!#$%&\'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}')
_DOMAIN = re.compile(r'(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}')
_ID = re.compile(r'[0-9a-fA-F]{24}')
_SPACE = re.compile(r'(?P<plus>\+?)(?P<number>[0-9]{1,9})')


def is_id(text):
    """:return: whether the text has the form of an id: 24 hexadecimal digits"""
    return bool(_ID.fullmatch(text))


def is_domain(text):
    """:return: whether the text, in lower case, has the form of a domain name"""
    return bool(_DOMAIN.fullmatch(text))


def read_object(operation, body):
    """Parse the body of a call.

    :param operation: name of the operation, for the refusal
    :param body: bytes
    :return: dict
    :raise Refused: when it is not a JSON object
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Refused(operation, 'json')
    return value


def read_filing(operation, body):
    """Check and normalise the body of a new filing.

    :param operation: name of the operation, for the refusal
    :param body: bytes
    :return: dict of all FILING_FIELDS; ``callback`` is a dict, or False when unset
    :raise Refused: 428 for each field that is missing or empty, then 406 for each that is malformed
    """
    received = _read_allowed(operation, body, REQUIRED_FIELDS, _FILING_CHECKS)
    filing = {field: received.get(field) or False for field in FILING_FIELDS}
    _normalise(operation, filing, UPPER_CASE_FIELDS, _FILING_CHECKS)
    return filing


def read_mailbox(operation, body):
    """Check and normalise the body of a new mailbox.

    :param operation: name of the operation, for the refusal
    :param body: bytes
    :return: dict of all MAILBOX_FIELDS, but for those of DOCUMENT_FIELDS that were not sent; ``callback`` is a dict, or
        False when unset
    :raise Refused: 428 for each field that is missing or empty, then 406 for each that is malformed
    """
    received = _read_allowed(operation, body, REQUIRED_MAILBOX_FIELDS, _MAILBOX_CHECKS)
    empty = {'callback': False, 'autorinnovo': False}
    mailbox = {
        field: received.get(field) or empty.get(field, '')
        for field in MAILBOX_FIELDS if field not in DOCUMENT_FIELDS or field in received
    }
    _normalise(operation, mailbox, UPPER_CASE_MAILBOX_FIELDS, _MAILBOX_CHECKS)
    if mailbox['sottotipo_cliente'] not in ('', *CLIENT_TYPES[mailbox['tipo_cliente']]):
        raise Refused(operation, 'invalid', field='sottotipo_cliente')
    mailbox['casella_pec'] = mailbox['casella_pec'].lower()
    if mailbox['callback']:
        # As in the specification's example, where the client sends url and field alone.
        mailbox['callback'] = {
            'field': CALLBACK_DEFAULT_FIELD, 'method': CALLBACK_DEFAULT_METHOD, 'data': {}, **mailbox['callback']}
    return mailbox


def read_user(operation, body):
    """Check the body of a mailbox's further user.

    :param operation: name of the operation, for the refusal
    :param body: bytes
    :return: dict of USER_FIELDS
    :raise Refused: 428 for each field that is missing or empty, then 406 for each that is malformed
    """
    received = _read_allowed(operation, body, USER_FIELDS, _USER_CHECKS)
    user = {field: received[field] for field in USER_FIELDS}
    _normalise(operation, user, (), _USER_CHECKS)
    return user


def read_space(value, unit, current=None):
    """Read how much space a mailbox is to have.

    :param value: as it came in the JSON: a number, or a text of one; with ``+`` before it, it is added
    :param unit: MiB, of which it must be a multiple
    :param current: MiB that there are; None: nothing to add to, hence no ``+``
    :return: MiB, or None when the value is not right
    """
    match = _SPACE.fullmatch(str(value)) if type(value) in (int, str) else None
    if not match or (match['plus'] and current is None) or int(match['number']) % unit:
        return None
    return int(match['number']) + (current if match['plus'] else 0)


def is_address(value):
    """:return: whether a value has the form of an e-mail address"""
    return isinstance(value, str) and bool(_ADDRESS.fullmatch(value))


def _read_allowed(operation, body, required, checks):
    """:return: dict, the body, which has the fields that are required, and nothing that the specification forbids

    :param checks: as for `_normalise`
    """
    received = read_object(operation, body)
    for field in required:
        if _is_empty(received.get(field)):
            raise Refused(operation, 'required', field=field)
    if faults := find_faults_of_body(operation, received):
        field = faults[0].place[0]
        raise Refused(operation, _get_check(checks, field)[1], field=field)
    return received


def _get_check(checks, field):
    """:return: (check, reason of the refusal) of a field; those that the table has not must be text"""
    return checks.get(field, (_is_text, 'invalid'))


def _normalise(operation, values, upper_case, checks):
    """Put fields in upper case, then refuse the first that is malformed.

    :param values: dict, which is changed
    :param upper_case: names of fields
    :param checks: dict of field -> (check, reason of the refusal); the others must be text
    """
    for field in upper_case:
        if isinstance(values[field], str):
            values[field] = values[field].upper()
    for field, value in values.items():
        check, reason = _get_check(checks, field)
        if not check(value):
            raise Refused(operation, reason, field=field)


def _is_empty(value):
    return value in (None, [], {}) or (isinstance(value, str) and not value.strip())


def _is_text(value):
    return isinstance(value, str)


def _is_date(value):
    return isinstance(value, str) and parse_date(value) is not None


def _is_allowed(value):
    """What the specification alone tells of."""
    return True


def _is_callback(value):
    """False when unset, else an object with a url."""
    return value is False or bool(value.get('url'))


# field -> (check, reason of the refusal)
_FILING_CHECKS = {
    'casella_pec': (is_address, 'casella_pec'),
    'email': (is_address, 'invalid'),
    'pec_amministratore': (_is_allowed, 'invalid'),
    'callback': (_is_callback, 'invalid'),
}
_MAILBOX_CHECKS = {
    'casella_pec': (is_address, 'invalid'),
    'email': (is_address, 'invalid'),
    'callback': (_is_callback, 'invalid'),
    'autorinnovo': (_is_allowed, 'invalid'),
    **dict.fromkeys(DATE_FIELDS, (_is_date, 'date')),
}
_USER_CHECKS = {'email_gestione_password': (is_address, 'invalid')}

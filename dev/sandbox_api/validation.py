"""Checks of what the client sends, as the vendor makes them: presence and form, no check digits.

The vendor's own examples carry invalid tax codes and telephone numbers, and are accepted.
"""
import json
import re

from .answers import Refused
from .const import CALLBACK_METHODS, FILING_FIELDS, QUALIFICHE, REQUIRED_FIELDS, UPPER_CASE_FIELDS

_ADDRESS = re.compile(r'[A-Za-z0-9.!#$%&\'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}')
_DOMAIN = re.compile(r'(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}')
_ID = re.compile(r'[0-9a-fA-F]{24}')


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
    received = read_object(operation, body)
    for field in REQUIRED_FIELDS:
        if _is_empty(received.get(field)):
            raise Refused(operation, 'required', field=field)
    filing = {field: received.get(field) or False for field in FILING_FIELDS}
    for field in UPPER_CASE_FIELDS:
        if isinstance(filing[field], str):
            filing[field] = filing[field].upper()
    for field in FILING_FIELDS:
        if not _CHECKS.get(field, _is_text)(filing[field]):
            raise Refused(operation, 'casella_pec' if field == 'casella_pec' else 'invalid', field=field)
    return filing


def _is_empty(value):
    return value in (None, [], {}) or (isinstance(value, str) and not value.strip())


def _is_text(value):
    return isinstance(value, str)


def _is_address(value):
    return isinstance(value, str) and bool(_ADDRESS.fullmatch(value))


def _is_callback(value):
    """False when unset, else an object with a url; the other keys are optional."""
    if value is False:
        return True
    return (
        isinstance(value, dict)
        and isinstance(value.get('url'), str) and bool(value['url'])
        and value.get('method', CALLBACK_METHODS[0]) in CALLBACK_METHODS
        and isinstance(value.get('field', ''), str)
        and isinstance(value.get('data', {}), (dict, list))  # PHP writes an empty object as []
    )


_CHECKS = {
    'casella_pec': _is_address,
    'email': _is_address,
    'qualifica': lambda value: value in QUALIFICHE,
    'pec_amministratore': lambda value: isinstance(value, bool),
    'callback': _is_callback,
}

"""The vendor's own specification, ``pec.openapi.json``: what it demands of the body of a request, and of an answer.

What it says in prose alone is left to ``validation``: that a date is written dd/mm/yyyy, which words a refusal has.
"""
import functools
import json
import re
from pathlib import Path
from typing import NamedTuple

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from .const import CREATE, CREATE_MAILBOX, MAILBOX_TYPES, RENEW

SPECIFICATION = json.loads((Path(__file__).parent / 'pec.openapi.json').read_text(encoding='utf-8'))
_URI = 'urn:pec'
_REGISTRY = Registry().with_resource(_URI, Resource(contents=SPECIFICATION, specification=DRAFT4))
_JSON, _TEXT = 'application/json', 'text/plain'


class Fault(NamedTuple):
    """Something that the specification does not allow.

    :param place: tuple of the keys that lead to it: of the body; ``('status',)`` or ``('media type',)`` of an answer
    :param value: what stands there
    :param problem: text
    """
    place: tuple
    value: object
    problem: str


class Deviation(NamedTuple):
    """What the specification does not allow, and yet is so.

    :param operations: names of operations; empty: all of them
    :param place: as in Fault
    :param is_it: function (value at this place) -> whether this is it
    :param reason: how that is known
    """
    operations: tuple
    place: tuple
    is_it: object
    reason: str

    def covers(self, operation, fault):
        """:return: whether the fault of a request or an answer is this deviation"""
        return (not self.operations or operation in self.operations) and fault.place == self.place and self.is_it(
            fault.value)


# Requests. What the examples of the specification send against its own schemas, and have answered with 200; nothing
# else of the kind is taken. Clients should not rely on it.
LENIENCIES = (
    Deviation(
        (CREATE_MAILBOX,), ('tipo_casella',), lambda value: isinstance(value, str) and value.upper() in MAILBOX_TYPES,
        'the example sends "bronze", and gets a BRONZE'),
    Deviation((CREATE_MAILBOX,), ('sottotipo_cliente',), lambda value: value == '',
              'the example of a private person, who has none, sends "", and gets it back'),
)
# Answers. The first two are the vendor's; the others this sandbox's own, where the specification has no word.
QUIRKS = (
    Deviation((), ('error',), lambda value: value is None,
              'every example of a success has null, where the schema has an integer that is not nullable'),
    Deviation((), ('data', 'callback'), lambda value: value is False,
              'the examples of filings without a callback have false, where the schema has an object'),
    Deviation((), ('status',), lambda value: value in (401, 403),
              'a wrong token, as observed, and one without the scope, whatever the operation'),
    Deviation((), ('status',), lambda value: value == 413, 'a body that is too large'),
    Deviation((CREATE, CREATE_MAILBOX), ('status',), lambda value: value == 400, 'a body that is no JSON'),
    Deviation((RENEW,), ('status',), lambda value: value in (402, 406),
              'no credit, and a number of years that is none: a renewal costs, and has neither answer'),
)


def find_operation(method, path):
    """:return: the name of the operation that a request calls, ``'GET /pec/{id}'``, or None

    :param path: of the URL, without the query
    """
    for name in _get_operations():
        its_method, template = name.split(' ')
        if method == its_method and re.fullmatch(re.sub(r'\\{\w+\\}', '[^/]*', re.escape(template)), path):
            return name
    return None


def find_faults_of_body(operation, body, deviations=LENIENCIES):
    """Hold the body of a request against the specification.

    :param operation: name of an operation that has a body, ``'POST /pec'``
    :param body: value of its JSON
    :param deviations: what is let pass; ``()``: nothing
    :return: list of Fault, in the order of the schema
    """
    path, method, _description = _split(operation)
    faults = _validate(_point_to(path, method, 'requestBody', 'content', _JSON, 'schema'), body)
    return [fault for fault in faults if not any(deviation.covers(operation, fault) for deviation in deviations)]


def find_faults_of_answer(operation, status, media_type, body, deviations=QUIRKS):
    """Hold an answer against the specification.

    :param operation: name of the operation that was called
    :param status: HTTP status
    :param media_type: value of Content-Type
    :param body: bytes
    :param deviations: what is let pass; ``()``: nothing
    :return: list of Fault
    """
    faults = _find_faults_of_answer(operation, str(status), media_type.partition(';')[0].strip(), body)
    return [fault for fault in faults if not any(deviation.covers(operation, fault) for deviation in deviations)]


def get_examples_of_bodies():
    """:return: dict of operation -> the body that the specification has as its example"""
    return {
        name: description['requestBody']['content'][_JSON]['example']
        for name, description in _get_operations().items() if 'requestBody' in description}


def get_documented_answers():
    """:return: dict of (operation, HTTP status) -> dict of media type -> its ``schema`` or ``example``; empty: no body
    """
    return {
        (name, int(status)): answer.get('content', {})
        for name, description in _get_operations().items() for status, answer in description['responses'].items()}


@functools.cache
def _get_operations():
    """:return: dict of name -> description"""
    return {
        f'{method.upper()} {path}': description
        for path, methods in SPECIFICATION['paths'].items() for method, description in methods.items()}


def _split(operation):
    """:return: path, method and description of an operation"""
    method, path = operation.split(' ')
    return path, method.lower(), _get_operations()[operation]


def _find_faults_of_answer(operation, status, media_type, body):
    path, method, description = _split(operation)
    if status not in description['responses']:
        return [Fault(('status',), int(status), 'has no such answer')]
    documented = description['responses'][status].get('content')
    if not documented:
        return [Fault((), body, 'has a body')] if body else []
    if media_type not in documented:
        return [Fault(('media type',), media_type, f'is none of {", ".join(documented)}')]
    try:
        value = {_JSON: json.loads, _TEXT: bytes.decode}.get(media_type, bytes)(body)
    except ValueError:
        return [Fault((), body, f'cannot be read as {media_type}')]
    if 'schema' in documented[media_type]:
        return _validate(_point_to(path, method, 'responses', status, 'content', media_type, 'schema'), value)
    return _compare(documented[media_type]['example'], value)


def _compare(example, value):
    """:return: list of Fault of an answer that has no schema: other keys than its example, or values of other types"""
    if not isinstance(value, dict) or value.keys() != example.keys():
        return [Fault((), value, f'has not the keys {", ".join(example)}')]
    return [
        Fault((key,), value[key], f'is not of the type of {expected!r}')
        for key, expected in example.items() if type(value[key]) is not type(expected)]


def _validate(schema, value):
    """:return: list of Fault, the first of each place"""
    faults = {}
    for error in _get_validator(schema).iter_errors(value):
        place = tuple(error.absolute_path)
        if error.validator == 'required':
            missing = [field for field in error.validator_value if field not in error.instance]
            faults |= {(*place, field): Fault((*place, field), None, 'is required') for field in missing}
        else:
            faults.setdefault(place, Fault(place, error.instance, error.message))
    return list(faults.values())


@functools.cache
def _get_validator(schema):
    return OAS30Validator({'$ref': schema}, registry=_REGISTRY, format_checker=oas30_format_checker)


def _point_to(path, *keys):
    """:return: URI of what stands in the specification below a path"""
    escaped = '/'.join(key.replace('~', '~0').replace('/', '~1') for key in ('paths', path, *keys))
    return f'{_URI}#/{escaped}'

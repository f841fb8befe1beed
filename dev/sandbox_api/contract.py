"""One specification of the vendor: what it demands of a request, and of an answer.

What it says in prose alone is left to the operations: that a date is written dd/mm/yyyy, which words a refusal has.
"""
import functools
import json
import re
from pathlib import Path
from typing import NamedTuple

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

_JSON, _TEXT, _ANY = 'application/json', 'text/plain', '*/*'
_NUMBERS = {'integer': int, 'number': float}  # as a query writes them


class Fault(NamedTuple):
    """Something that the specification does not allow.

    :param place: tuple of the keys that lead to it: of the body, or of the query; ``('status',)`` or
        ``('media type',)`` of an answer
    :param value: what stands there
    :param problem: text
    """
    place: tuple
    value: object
    problem: str


class Deviation(NamedTuple):
    """What the specification does not allow, and yet is so.

    :param operations: names of operations; empty: all of them
    :param place: as in Fault; None in it stands for any number of a list
    :param is_it: function (value at this place) -> whether this is it
    :param reason: how that is known
    """
    operations: tuple
    place: tuple
    is_it: object
    reason: str

    def covers(self, operation, fault):
        """:return: whether the fault of a request or an answer is this deviation"""
        place = tuple(None if isinstance(key, int) else key for key in fault.place)
        return (not self.operations or operation in self.operations) and place == self.place and self.is_it(
            fault.value)


class Contract:
    """One file of the vendor's.

    :param name: of the file beside this one
    :param leniencies: Deviations of requests, which the service takes all the same
    :param quirks: Deviations of answers
    :param format_checker: of the formats of text; None: none is checked
    :param listed: names of operations whose answers are lists of what their schema describes
    :param answered_as: dict of operation -> another one, whose answer it repeats
    :param enveloped: names of operations whose answers have an envelope around what their schema describes
    """

    def __init__(self, name, leniencies=(), quirks=(), format_checker=oas30_format_checker, listed=(),
                 answered_as=None, enveloped=()):
        self.specification = json.loads((Path(__file__).parent / name).read_text(encoding='utf-8'))
        self.leniencies, self.quirks, self.listed = leniencies, quirks, listed
        self.format_checker, self.answered_as, self.enveloped = format_checker, answered_as or {}, enveloped
        self.operations = {
            f'{method.upper()} {path}': description
            for path, methods in self.specification['paths'].items() for method, description in methods.items()}
        self._uri = f'urn:{name}'
        self._registry = Registry().with_resource(
            self._uri, Resource(contents=self.specification, specification=DRAFT4))
        self._get_validator = functools.cache(self._make_validator)

    def find_operation(self, method, path):
        """:return: the name of the operation that a request calls, ``'GET /pec/{id}'``, or None

        :param path: of the URL, without the query
        """
        for name in self.operations:
            its_method, template = name.split(' ')
            if method == its_method and re.fullmatch(re.sub(r'\\{\w+\\}', '[^/]*', re.escape(template)), path):
                return name
        return None

    def find_faults_of_body(self, operation, body, deviations=None):
        """Hold the body of a request against the specification.

        :param operation: name of an operation that has a body, ``'POST /pec'``
        :param body: value of its JSON
        :param deviations: what is let pass; ``()``: nothing; by default the leniencies
        :return: list of Fault, in the order of the schema
        """
        faults = self._validate(self._point_to(operation, 'requestBody', 'content', _JSON, 'schema'), body)
        return _without(self.leniencies if deviations is None else deviations, operation, faults)

    def find_faults_of_query(self, operation, query):
        """Hold the query of a request against the specification.

        :param operation: name of the operation
        :param query: dict of text
        :return: list of Fault
        """
        described = self.operations[operation].get('parameters', [])
        places = {item['name']: number for number, item in enumerate(described) if item['in'] == 'query'}
        faults = []
        for key, text in query.items():
            if key not in places:
                faults.append(Fault((key,), text, 'is no parameter'))
                continue
            schema = self._point_to(operation, 'parameters', str(places[key]), 'schema')
            try:
                value = _NUMBERS.get(described[places[key]]['schema'].get('type'), str)(text)
            except ValueError:
                value = text
            faults += [Fault((key,), text, fault.problem) for fault in self._validate(schema, value)]
        return faults

    def find_faults_of_answer(self, operation, status, media_type, body, deviations=None):
        """Hold an answer against the specification.

        :param operation: name of the operation that was called
        :param status: HTTP status
        :param media_type: value of Content-Type
        :param body: bytes
        :param deviations: what is let pass; ``()``: nothing; by default the quirks
        :return: list of Fault
        """
        faults = self._find_faults_of_answer(operation, str(status), media_type.partition(';')[0].strip(), body)
        return _without(self.quirks if deviations is None else deviations, operation, faults)

    def get_examples_of_bodies(self):
        """:return: dict of operation -> the body that the specification has as its example"""
        return {
            name: _get_example(description['requestBody']['content'][_JSON])
            for name, description in self.operations.items() if 'requestBody' in description
            and description['requestBody']['content'][_JSON].keys() & {'example', 'examples'}}

    def get_documented_answers(self):
        """:return: dict of (operation, HTTP status) -> dict of media type -> its ``schema``, ``example`` or
            ``examples``; empty: no body
        """
        return {
            (name, int(status)): self.resolve(answer).get('content', {})
            for name, description in self.operations.items() for status, answer in description['responses'].items()}

    def resolve(self, described):
        """:return: what is described, here or where a ``$ref`` within this specification points"""
        while '$ref' in described:
            found = self.specification
            for key in described['$ref'].removeprefix('#/').split('/'):
                found = found[key.replace('~1', '/').replace('~0', '~')]
            described = found
        return described

    def _find_faults_of_answer(self, operation, status, media_type, body):
        responses = self.operations[operation]['responses']
        if status not in responses:
            return [Fault(('status',), int(status), 'has no such answer')]
        documented = self.resolve(responses[status]).get('content')
        if not documented:
            return [Fault((), body, 'has a body')] if body else []
        if media_type not in documented and _ANY in documented:
            media_type = _ANY
        if media_type not in documented:
            return [Fault(('media type',), media_type, f'is none of {", ".join(documented)}')]
        try:
            value = {_JSON: json.loads, _TEXT: bytes.decode}.get(media_type, bytes)(body)
        except ValueError:
            return [Fault((), body, f'cannot be read as {media_type}')]
        if 'schema' not in documented[media_type]:
            return _compare(_get_example(documented[media_type]), value)
        repeated = self.answered_as.get(operation)
        source = repeated if repeated and status in self.operations[repeated]['responses'] else operation
        schema = self._point_to(source, 'responses', status, 'content', media_type, 'schema')
        if operation in self.enveloped and status == '200':
            if not isinstance(value, dict) or value.keys() != {'data', 'success', 'message', 'error'}:
                return [Fault((), value, 'has no envelope')]
            faults = self._validate(schema, value['data'])
            return [fault._replace(place=('data', *fault.place)) for fault in faults]
        if operation in self.listed and isinstance(value, dict) and isinstance(value.get('data'), list):
            return [fault for row in value['data'] for fault in self._validate(schema, {**value, 'data': row})]
        return self._validate(schema, value)

    def _validate(self, schema, value):
        """:return: list of Fault, the first of each place"""
        faults = {}
        for error in self._get_validator(schema).iter_errors(value):
            place = tuple(error.absolute_path)
            if error.validator == 'required':
                missing = [field for field in error.validator_value if field not in error.instance]
                faults |= {(*place, field): Fault((*place, field), None, 'is required') for field in missing}
            else:
                faults.setdefault(place, Fault(place, error.instance, error.message))
        return list(faults.values())

    def _make_validator(self, schema):
        return OAS30Validator({'$ref': schema}, registry=self._registry, format_checker=self.format_checker)

    def _point_to(self, operation, *keys):
        """:return: URI of what stands in the specification below an operation"""
        method, path = operation.split(' ')
        place, found = f'{self._uri}#', self.specification
        for key in ('paths', path, method.lower(), *keys):
            if '$ref' in found:
                place, found = self._uri + found['$ref'], self.resolve(found)
            place += '/' + key.replace('~', '~0').replace('/', '~1')
            found = found[int(key) if isinstance(found, list) else key]
        return place


def _without(deviations, operation, faults):
    """:return: list of the faults that are none of the deviations"""
    return [fault for fault in faults if not any(deviation.covers(operation, fault) for deviation in deviations)]


def _get_example(answer):
    """:return: the example of an answer, or the first of several, which have the same shape"""
    return answer['example'] if 'example' in answer else next(iter(answer['examples'].values()))['value']


def _compare(example, value):
    """:return: list of Fault of an answer that has no schema: other keys than its example, or values of other types"""
    if not isinstance(value, dict) or value.keys() != example.keys():
        return [Fault((), value, f'has not the keys {", ".join(example)}')]
    return [
        Fault((key,), value[key], f'is not of the type of {expected!r}')
        for key, expected in example.items() if type(value[key]) is not type(expected)]

"""Helpers of the tests that hold what is sent and answered against the vendor's specifications."""
import json
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from sandbox_api import specification

from .common import SandboxMixin


class Exchange(NamedTuple):
    """What went over the wire: operation, JSON of the body, HTTP status, and what is wrong with both sides."""
    operation: str
    body: object
    status: int
    faults_of_request: list
    faults_of_answer: list


class WireMixin(SandboxMixin):
    """Looks at each request to the sandbox and at its answer, as they travel."""
    contract, home = specification.PEC, ''  # of one of the vendor's services, and its path in the sandbox

    def setUp(self):
        super().setUp()
        type(self).wire = []

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        response = super()._request_handler(session, request, **kwargs)
        parts = urlsplit(request.url)
        operation = parts.path.startswith(f'{cls.home}/') and cls.contract.find_operation(
            request.method, parts.path.removeprefix(cls.home))
        if operation and request.url.startswith(cls.sandbox.url):
            body = request.body and json.loads(request.body)
            # Of what the service takes although it is forbidden, the product makes no use.
            faults = cls.contract.find_faults_of_body(operation, body, deviations=()) if body else []
            cls.wire.append(Exchange(
                operation, body, response.status_code,
                faults + cls.contract.find_faults_of_query(operation, dict(parse_qsl(parts.query))),
                cls.contract.find_faults_of_answer(
                    operation, response.status_code, response.headers.get('Content-Type', ''), response.content)))
        return response

    def assert_wire(self, requests=True):
        """All that went over the wire so far is what the specification allows.

        :param bool requests: also what was sent.
        """
        self.assertTrue(self.wire)
        for exchange in self.wire:
            faults = exchange.faults_of_answer + (exchange.faults_of_request if requests else [])
            self.assertEqual(faults, [], f'{exchange.operation} {exchange.status}')

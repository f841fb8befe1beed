"""Helpers of the tests that hold what is sent and answered against the vendor's specification."""
import json
from typing import NamedTuple
from urllib.parse import urlsplit

from sandbox_api import specification

from .common import SandboxMixin


class Exchange(NamedTuple):
    """What went over the wire: operation, JSON of the body, HTTP status, and what is wrong with both sides."""
    operation: str
    body: object
    status: int
    faults_of_body: list
    faults_of_answer: list


class WireMixin(SandboxMixin):
    """Looks at each request to the sandbox and at its answer, as they travel."""

    def setUp(self):
        super().setUp()
        type(self).wire = []

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        response = super()._request_handler(session, request, **kwargs)
        operation = specification.find_operation(request.method, urlsplit(request.url).path)
        if operation and request.url.startswith(cls.sandbox.url):
            body = request.body and json.loads(request.body)
            cls.wire.append(Exchange(
                operation, body, response.status_code,
                # Of what the service takes although it is forbidden, the product makes no use.
                specification.find_faults_of_body(operation, body, deviations=()) if body else [],
                specification.find_faults_of_answer(
                    operation, response.status_code, response.headers.get('Content-Type', ''), response.content)))
        return response

    def assert_wire(self, bodies=True):
        """All that went over the wire so far is what the specification allows.

        :param bool bodies: also what was sent.
        """
        self.assertTrue(self.wire)
        for exchange in self.wire:
            faults = exchange.faults_of_answer + (exchange.faults_of_body if bodies else [])
            self.assertEqual(faults, [], f'{exchange.operation} {exchange.status}')

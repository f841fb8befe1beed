"""Helpers of the tests of the Company API: its client, and the vendor's own examples."""
import copy

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.client import CompanyClient

from sandbox_api import specification
from sandbox_api.const import CHECK_ID, LOOK_UP_COMPANY, LOOK_UP_OFFICES, LOOK_UP_PEC, SEARCH

from .common import SandboxMixin

CODE = '12485671007'  # of the vendor's examples
COOPERATIVE, TRADER = '02590530347', 'RSSMRA80A01H501U'  # of the sandbox
PEC = 'openapi@legalmail.it'
# The paid look-ups: operation of the journal -> (operation of the service, function of a client that calls it)
LOOK_UPS = {
    'register_company': (LOOK_UP_COMPANY, lambda client, code=CODE: client.look_up_company(code)),
    'register_offices': (LOOK_UP_OFFICES, lambda client, code=CODE: client.look_up_offices(code)),
    'register_pec': (LOOK_UP_PEC, lambda client, code=CODE: client.look_up_pec(code)),
}
ENVELOPE = {'success': True, 'message': '', 'error': None}


def get_example(operation, status=200, name=None):
    """Return an envelope that the vendor's specification has as an example of an answer.

    :param str name: of one of several.
    """
    content = specification.COMPANY.get_documented_answers()[operation, status]['application/json']
    return copy.deepcopy(content['examples'][name]['value'] if name else content['example'])


class CompanyMixin(SandboxMixin):
    """Gives a test class a client of the Company API."""
    contract, home = specification.COMPANY, '/company'  # of WireMixin, where a class has it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = CompanyClient('sandbox-token', cls.sandbox.company_url)

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())

    def answer(self, operation, body, status=200, **options):
        """Have the next call of an operation answered with a body, or with text."""
        self.sandbox.fault(operation, 'error_before', status=status, body=body, **options)

    def tell(self, operation, data):
        """Have the next call of an operation answered with data."""
        self.answer(operation, {**ENVELOPE, 'data': data})

    def spent(self):
        """Return how many EUR are no longer in the wallet of the default account."""
        return round(1000 - self.sandbox.stats()['credit']['mail'], 2)


__all__ = [
    'CHECK_ID', 'CODE', 'COOPERATIVE', 'ENVELOPE', 'LOOK_UPS', 'LOOK_UP_COMPANY', 'LOOK_UP_OFFICES', 'LOOK_UP_PEC',
    'PEC', 'SEARCH', 'TRADER', 'CompanyMixin', 'get_example']

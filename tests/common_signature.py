"""Helpers of the tests of remote signatures: their client, the vendor's own examples, and a search for secrets."""
import copy
import gc
import types

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.sealed import Sealed
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_client import SignatureClient
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import make_credentials, make_title

import noted
from p7m_files import PDF
from sandbox_api import specification
from sandbox_api.signature_const import (
    BUY_AUTOMATIC,
    BUY_OTP,
    DELETE_SIGNATURE,
    LIST_CERTIFICATES,
    LIST_SIGNATURES,
    OTP,
    READ_CERTIFICATE,
    READ_SIGNATURE,
    SANDBOX_PIN,
    SANDBOX_USERNAME,
    SIGN_AUTOMATIC,
    SIGN_OTP,
)

from .common import SandboxMixin

REFERENCE = 'q7w3e9r2t5z8u1i4'
TITLE = make_title(REFERENCE, "Procura Falegnameria Prova S.r.l.")
ID = '67af24c5af9b55291406e946'  # of the vendor's examples
UNKNOWN_ID = 'a' * 24
PIN, ONE_TIME = 'Qx7-Lm42!zP', '90817263'  # of nobody's certificate: what is searched for
CREDENTIALS = make_credentials(SANDBOX_USERNAME, SANDBOX_PIN, OTP)
AUTOMATIC = make_credentials(SANDBOX_USERNAME, SANDBOX_PIN)
# operation of the service -> function of a client that calls it
CALLS = {
    SIGN_OTP: lambda client: client.sign('sign_otp', PDF, TITLE, CREDENTIALS),
    SIGN_AUTOMATIC: lambda client: client.sign('sign_automatic', PDF, TITLE, AUTOMATIC),
    LIST_SIGNATURES: lambda client: client.list_signatures(),
    READ_SIGNATURE: lambda client: client.get_signature(ID),
    DELETE_SIGNATURE: lambda client: client.delete_signature(ID),
    LIST_CERTIFICATES: lambda client: client.list_certificates(),
    READ_CERTIFICATE: lambda client: client.get_certificate(ID),
    BUY_OTP: lambda client: client.buy_certificate('certificate_otp', "Mario Rossi", REFERENCE),
    BUY_AUTOMATIC: lambda client: client.buy_certificate('certificate_automatic', "Mario Rossi", REFERENCE),
}
# those that change something -> operation of the table of refusals
CHANGES = {
    SIGN_OTP: 'sign_otp', SIGN_AUTOMATIC: 'sign_automatic', BUY_OTP: 'certificate_otp',
    BUY_AUTOMATIC: 'certificate_automatic', DELETE_SIGNATURE: 'signature_delete'}
PAID = tuple(operation for operation in CHANGES if operation != DELETE_SIGNATURE)

noted.note('a PIN', [PIN, ONE_TIME])


def get_examples(operation, status=200):
    """Return what the vendor's specification has as examples of an answer (dict of name -> value); perhaps none."""
    contract = specification.ESIGNATURE
    content = contract.get_documented_answers()[operation, status].get('application/json', {})
    examples = {name: contract.resolve(example) for name, example in content.get('examples', {}).items()}
    return copy.deepcopy({name: example['value'] for name, example in examples.items() if 'value' in example})


def build_example(operation, status=200):
    """Return an answer as the examples of its schema's properties have it."""
    contract = specification.ESIGNATURE
    schema = contract.get_documented_answers()[operation, status]['application/json']['schema']

    def build(schema):
        schema = contract.resolve(schema)
        if 'example' in schema or 'default' in schema:
            return copy.deepcopy(schema.get('example', schema.get('default')))
        if 'items' in schema:
            return [build(schema['items'])]
        return {key: build(inner) for key, inner in schema['properties'].items()} if 'properties' in schema else None

    return build(schema)


class SignatureMixin(SandboxMixin):
    """Gives a test class a client of the esignature API."""
    contract, home = specification.ESIGNATURE, '/esignature'  # of WireMixin, where a class has it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = SignatureClient('sandbox-token', cls.sandbox.signature_url)

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())

    def answer(self, operation, body, status=200, **options):
        """Have the next call of an operation answered with a body, or with text."""
        self.sandbox.fault(operation, 'error_before', status=status, body=body, **options)

    def sign(self, pin=SANDBOX_PIN, otp=OTP, username=SANDBOX_USERNAME, title=TITLE, **options):
        """Have the example signed with a one-time password."""
        return self.client.sign('sign_otp', PDF, title, make_credentials(username, pin, otp), **options)

    def sign_by_itself(self, pin=SANDBOX_PIN, username=SANDBOX_USERNAME, title=TITLE, **options):
        """Have the example signed without one."""
        return self.client.sign('sign_automatic', PDF, title, make_credentials(username, pin), **options)

    def find(self, reference, since=None, rows=None):
        """Return what the account's list of signatures, or another one, has with a reference."""
        rows = self.client.list_signatures(since) if rows is None else rows
        rows[:] = [row for row in rows if row.is_of(reference)]
        return rows

    def find_certificates(self, reference):
        return self.find(reference, rows=self.client.list_certificates())

    def spent(self):
        """Return how many EUR are no longer in the wallet of the default account."""
        return round(1000 - self.sandbox.stats()['credit']['mail'], 2)


# ------------------------------------------------------------ the search

def find_secrets(error, secrets):
    """Return where an error holds secrets: in its chain, its values, or what its traceback keeps of the product alive.

    What is sealed, which the caller holds as well, and modules, classes and functions are not looked into.

    :rtype: list[str]
    """
    found, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        held = {'text': (str(error), repr(error)), 'values': [vars(error), error.args]}
        traceback = error.__traceback__
        while traceback is not None:
            code = traceback.tb_frame.f_code
            if '/tools/' in code.co_filename and '/tests/' not in code.co_filename:
                held[code.co_name] = dict(traceback.tb_frame.f_locals)
            traceback = traceback.tb_next
        found += [f'{type(error).__name__}, {name}' for name, value in held.items() if _holds(value, secrets)]
        error = error.__cause__ or error.__context__
    return found


def _holds(value, secrets):
    """Return whether a secret can be reached from a value."""
    waiting, seen = [value], set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, (
                Sealed, types.ModuleType, type, types.FunctionType, types.FrameType, types.TracebackType)):
            continue
        seen.add(id(value))
        if isinstance(value, (str, bytes, bytearray)):
            text = value if isinstance(value, str) else bytes(value).decode('latin-1')
            if any(secret in text for secret in secrets):
                return True
            continue
        waiting += gc.get_referents(value)
    return False


__all__ = [
    'AUTOMATIC', 'BUY_AUTOMATIC', 'BUY_OTP', 'CALLS', 'CHANGES', 'CREDENTIALS', 'DELETE_SIGNATURE', 'ID',
    'LIST_CERTIFICATES', 'LIST_SIGNATURES', 'ONE_TIME', 'OTP', 'PAID', 'PDF', 'PIN', 'READ_CERTIFICATE',
    'READ_SIGNATURE', 'REFERENCE', 'SANDBOX_PIN', 'SANDBOX_USERNAME', 'SIGN_AUTOMATIC', 'SIGN_OTP', 'TITLE',
    'UNKNOWN_ID', 'SignatureMixin', 'build_example', 'find_secrets', 'get_examples']

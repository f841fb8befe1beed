from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import Gone, OpenapiPecError, OutcomeUnknown, Refused, Throttled
from odoo.addons.l10n_it_openapi_pec.tools.api.refusals import DOCUMENTED, EMPTY_LISTS, UNKNOWN_RECORDS, is_refusal

from sandbox_api.specification import COMPANY, PEC

from ..common import BODY, CREATE, DOMAIN, P7M, PATCH, SandboxMixin
from ..common_mailbox import ACTIVATE, BUY, MAILBOX, MODIFY, RENEW, REVOKE, STORE, TRANSFORM, USER, make_pdf
from .test_mailbox_client import BODY as MAILBOX_BODY
from .test_mailbox_client import NEW_USER

ID = '60ad149c3a7168084f1d2b68'
PDF = make_pdf()
# operation of the journal -> (operation of the service, function of a client that calls it)
CALLS = {
    'create': (CREATE, lambda client: client.create_filing(BODY)),
    'documents': (PATCH, lambda client: client.upload_documents(ID, [P7M])),
    'domain': (DOMAIN, lambda client: client.look_up_domain('legalmail.it')),
    'mailbox_create': (BUY, lambda client: client.create_mailbox(MAILBOX_BODY)),
    'mailbox_activate': (ACTIVATE, lambda client: client.activate_mailbox(ID, [PDF])),
    'mailbox_modify': (MODIFY, lambda client: client.add_space(ID, {'spazio_disco': 2048})),
    'mailbox_transform': (TRANSFORM, lambda client: client.upgrade_mailbox(ID, 'GOLD')),
    'mailbox_store': (STORE, lambda client: client.activate_storage(ID, [PDF], 512)),
    'mailbox_user': (USER, lambda client: client.add_user(ID, NEW_USER)),
    'mailbox_renew': (RENEW, lambda client: client.renew_mailbox(ID, 1)),
    'mailbox_revoke': (REVOKE, lambda client: client.revoke_mailbox(ID)),
}


def envelope(code):
    return {'success': False, 'message': "no", 'error': code, 'data': None}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestRefusals(SandboxMixin, BaseCase):
    """What is a refusal, and what may have been executed: the whole table over a socket."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', ())

    def test_the_table_is_the_specification(self):
        specification = PEC.specification
        for operation, (name, _call) in CALLS.items():
            method, path = name.split(' ')
            documented = set()
            for status, answer in specification['paths'][path][method.lower()]['responses'].items():
                example = answer.get('content', {}).get('application/json', {}).get('example') or {}
                if example.get('success') is False and status[0] == '4' and status != '402':
                    documented.add((int(status), str(example['error'])))
            self.assertEqual(DOCUMENTED[operation], documented, operation)
        lists = {path: EMPTY_LISTS[path] for path in ('/comunica_pec', '/pec')}  # for OAuth's see its client
        for path, (status, code) in lists.items():
            example = specification['paths'][path]['get']['responses'][str(status)]['content']['application/json'][
                'example']
            self.assertEqual(str(example['error']), code)
        answers = [specification['paths'][f'{path}/{{id}}']['get']['responses']['404'] for path in lists]
        answers.append(COMPANY.specification['paths']['/IT-check_id/{id}']['get']['responses']['404'])
        self.assertEqual(
            UNKNOWN_RECORDS, {
                (404, str(answer['content']['application/json']['example']['error'])) for answer in answers})

    def test_gone(self):
        """Only the documented 404 says that a record is not there.

        A route that is missing, or a wrong id, says nothing.
        """
        for name, call, code in [
            ('GET /comunica_pec/{id}', lambda client: client.get_filing(ID), 334),
            (MAILBOX, lambda client: client.get_mailbox(ID), 202),
        ]:
            for status, told, is_gone in [(404, code, True), (404, None, False), (404, 332, False), (400, 333, False)]:
                with self.subTest(operation=name, status=status, code=told), self.assertRaises(
                        OpenapiPecError) as raised:
                    self.sandbox.fault(name, 'error_before', status=status, body=envelope(told))
                    call(self.client)
                self.assertEqual(isinstance(raised.exception, Gone), is_gone)

    def test_refused(self):
        for operation, (name, call) in CALLS.items():
            for status, code in [*DOCUMENTED[operation], (401, 125.22), (402, 999), (403, None)]:
                with self.subTest(operation=operation, status=status, code=code), self.assertRaises(Refused):
                    self.sandbox.fault(name, 'error_before', status=status, body=envelope(code))
                    call(self.client)

    def test_unknown(self):
        """Whatever is not documented for this very operation may have been executed."""
        for operation, (name, call) in CALLS.items():
            for status, code in [
                    (408, None), (409, 355), (425, None), (499, None), (406, 999), (404, None), (400, None), (422, 80)]:
                with self.subTest(operation=operation, status=status, code=code), self.assertRaises(OutcomeUnknown):
                    self.sandbox.fault(name, 'error_before', status=status, body=envelope(code))
                    call(self.client)

    def test_no_envelope(self):
        for operation, (name, call) in CALLS.items():
            for status in (401, 402, 403, 406):
                with self.subTest(operation=operation, status=status), self.assertRaises(OutcomeUnknown):
                    self.sandbox.fault(name, 'not_envelope_4xx', status=status)
                    call(self.client)

    def test_throttled(self):
        for operation, (name, call) in CALLS.items():
            with self.subTest(operation=operation), self.assertRaises(Throttled):
                self.sandbox.fault(name, 'error_before', status=429, body=envelope(None))
                call(self.client)

    def test_codes_as_they_come(self):
        for code in (336, 336.0, '336'):
            self.assertTrue(is_refusal('create', 406, code))
        self.assertFalse(is_refusal('create', 428, 336))

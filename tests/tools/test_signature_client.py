import copy
import datetime
import json
import logging
import pickle
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools import p7m
from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api import pages as pages_module
from odoo.addons.l10n_it_openapi_pec.tools.api import signature_data
from odoo.addons.l10n_it_openapi_pec.tools.api.client import HOSTS, PRODUCTION_HOSTS, PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    Gone,
    NoCredit,
    NotFound,
    NotSent,
    OpenapiPecError,
    OtherRecord,
    OutcomeUnknown,
    Refused,
    Throttled,
    WrongCredentials,
)
from odoo.addons.l10n_it_openapi_pec.tools.api.refusals import ABSENT, DOCUMENTED
from odoo.addons.l10n_it_openapi_pec.tools.api.refusals import WRONG_CREDENTIALS as WRONG_CODE
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_client import SIGNATURE_HOSTS, SignatureClient
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import describe_request, make_credentials, make_title

from p7m_files import MARIO
from sandbox_api import specification

from ..common import BODY, LIST
from ..common_signature import (
    AUTOMATIC,
    BUY_AUTOMATIC,
    BUY_OTP,
    CALLS,
    CHANGES,
    CREDENTIALS,
    DELETE_SIGNATURE,
    ID,
    LIST_CERTIFICATES,
    LIST_SIGNATURES,
    ONE_TIME,
    OTP,
    PAID,
    PDF,
    PIN,
    READ_CERTIFICATE,
    READ_SIGNATURE,
    REFERENCE,
    SANDBOX_USERNAME,
    SIGN_AUTOMATIC,
    SIGN_OTP,
    TITLE,
    UNKNOWN_ID,
    SignatureMixin,
    build_example,
    find_secrets,
    get_examples,
)

UTC = datetime.timezone.utc
CONTRACT = specification.ESIGNATURE
ANOTHER = make_title('p0o9i8u7z6t5r4e3', "Another")
NOW = datetime.datetime.now(UTC)


class CallsCase(SignatureMixin, BaseCase):

    def call(self, operation, client=None):
        return CALLS[operation](client or self.client)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignatureExamples(CallsCase):
    """The vendor's own examples, replayed over a socket: each documented answer of each call that is used."""

    def test_signing(self):
        """As they are but for the title; one of them tells none."""
        for operation in (SIGN_OTP, SIGN_AUTOMATIC):
            seen = {}
            for name, example in get_examples(operation).items():
                if 'title' in example['data']['document']:
                    example['data']['document']['title'] = TITLE
                self.answer(operation, example)
                signature = self.call(operation)
                seen[name] = signature.state
                self.assertEqual((signature.id, signature.title), (example['data']['id'], TITLE))
                self.assertEqual((signature.error_number, signature.error_message), (None, ''))
                self.assertEqual((signature.is_done, signature.is_failed), (name == 'done', False))
            self.assertEqual(seen, {'wait_validation': 'WAIT_VALIDATION', 'done': 'DONE', 'wait_sign': 'WAIT_SIGN'})
            self.assertEqual(signature.created_at, datetime.datetime(2025, 2, 14, 11, 5, 37, 691000, UTC))

    def test_details(self):
        seen = {}
        for name, example in get_examples(READ_SIGNATURE).items():
            for wrap in (lambda told: told, lambda told: {'data': told, 'success': True, 'message': '', 'error': None}):
                self.answer(READ_SIGNATURE, wrap(example))
                if name == 'audit JSON':
                    with self.assertRaises(OutcomeUnknown):
                        self.call(READ_SIGNATURE)
                    self.sandbox.clear_faults()
                    continue
                signature = self.call(READ_SIGNATURE)
                self.assertEqual((signature.id, signature.title), (ID, "MyDocument Title"))
                seen[signature.state] = (
                    signature.error_number, signature.error_message, signature.has_wrong_credentials)
        self.assertEqual(seen, {
            **dict.fromkeys(('DONE', 'WAIT_VALIDATION', 'WAIT_SIGN'), (None, '', False)),
            'ERROR': (110, "Wrong Certificate Credentials", True)})

    def test_list(self):
        [example] = get_examples(LIST_SIGNATURES).values()
        for body in (example, example['data']):  # as the example has it, and as the schema
            self.answer(LIST_SIGNATURES, body)
            self.answer(LIST_SIGNATURES, '', 404)
            found = self.find('mydocument title')
            self.assertEqual([row.state for row in found], ['DONE', 'WAIT_VALIDATION', 'WAIT_SIGN'])
            self.assertEqual((found.unreadable, found.is_whole), (0, True))

    def test_certificates(self):
        link, day = 'https://my-domain.com/certificate.html', datetime.datetime(2025, 2, 14, 11, 11, 1, 892000, UTC)
        for operation in (BUY_OTP, BUY_AUTOMATIC):
            example = build_example(operation)
            example['data']['certificateOwner']['customReference'] = REFERENCE
            self.answer(operation, example)
            bought = self.call(operation)
            self.assertEqual((bought.id, bought.holder, bought.reference), (ID, "Mario Rossi", REFERENCE))
            self.assertEqual((bought.state, bought.link, bought.created_at), ('DONE', link, day))
            self.assertEqual(bought.expires_at.year, 2028)
        for body in (build_example(READ_CERTIFICATE), {'data': build_example(READ_CERTIFICATE), 'success': True}):
            self.answer(READ_CERTIFICATE, body)
            read = self.call(READ_CERTIFICATE)
            self.assertEqual(read[:6], (ID, 'EU-QES_automatic', "John Doe", "MyCustomReference#123", 'NEW', link))
        for body in (build_example(LIST_CERTIFICATES), {'data': build_example(LIST_CERTIFICATES), 'success': True}):
            self.answer(LIST_CERTIFICATES, body)
            self.answer(LIST_CERTIFICATES, [])
            self.assertEqual(self.find_certificates('mycustomreference#123'), [read])

    def test_documented_refusals(self):
        seen = set()
        for operation, status in CONTRACT.get_documented_answers():
            if operation not in CALLS or status < 400:
                continue
            examples = list(get_examples(operation, status).values())
            if operation in (BUY_OTP, BUY_AUTOMATIC):
                examples = [build_example(operation, status)]
            for example in examples or ['']:  # without a body
                self.answer(operation, example, status)
                seen.add((operation, status, example and example['error']))
                with self.subTest(operation=operation, status=status, example=example):
                    if (operation, status) in ((LIST_SIGNATURES, 404), (DELETE_SIGNATURE, 404)):
                        self.assertFalse(self.call(operation))
                        continue
                    with self.assertRaises(OpenapiPecError) as raised:
                        self.call(operation)
                    error = raised.exception
                    self.assertEqual((error.status, error.code), (status, example['error'] if example else None))
                    self.assertEqual(isinstance(error, Refused), bool(example) or status == 404)
                    self.assertEqual(isinstance(error, Gone), not example and status == 404)
        self.assertEqual(len(seen), 2 * 5 + 2 * 1 + 1 + 2 + 2 + 1 + 2, sorted(map(str, seen)))

    def test_the_tables_are_the_specification(self):
        for operation, name in CHANGES.items():
            documented = {
                (status, str(example['error'])) for its_name, status in CONTRACT.get_documented_answers()
                if its_name == operation and status >= 400 for example in (
                    [build_example(operation, status)] if 'certificate' in name
                    else get_examples(operation, status).values())}
            self.assertEqual(DOCUMENTED[name], documented, operation)
        described = {
            CONTRACT.operations[operation]['responses']['404']['description']
            for operation in (LIST_SIGNATURES, READ_SIGNATURE, DELETE_SIGNATURE, READ_CERTIFICATE)}
        self.assertEqual({404: described}, {status: set(words) for status, words in ABSENT.items()})
        numbers = {example.get('errorNumber') for example in get_examples(READ_SIGNATURE).values()}
        self.assertEqual({signature_data.WRONG_CREDENTIALS}, {number for number in numbers if type(number) is int})
        self.assertEqual(str(signature_data.WRONG_CREDENTIALS), WRONG_CODE)
        servers = {server['description'].lower(): server['url'] for server in CONTRACT.specification['servers']}
        self.assertEqual(SIGNATURE_HOSTS, servers)
        self.assertFalse(set(SIGNATURE_HOSTS.values()) & set(HOSTS.values()))
        self.assertIn('esignature.openapi.com', PRODUCTION_HOSTS)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignatureClient(CallsCase):
    """Documents that are signed, found, fetched and deleted, certificates that are bought, on the sandbox API."""

    def judge(self, signed, **arguments):
        return p7m.judge(signed, now=datetime.datetime.now(UTC), **arguments)

    def test_life(self):
        """Signed with a one-time password, found by its title, fetched, judged like any other file, deleted."""
        signature = self.sign()
        self.assertTrue(signature.is_done)
        self.assertEqual((self.spent(), self.sandbox.executed(SIGN_OTP)), (0.01, 1))
        self.assertEqual(self.find(REFERENCE), [signature])
        self.assertEqual(self.find('p0o9i8u7z6t5r4e3'), [])
        self.assertEqual(self.client.get_signature(signature.id), signature)
        signed = self.client.get_signed_document(signature.id)
        verdict = self.judge(signed, procura=PDF, fiscal_code=MARIO)
        self.assertEqual({finding.code for finding in verdict.findings if finding.level in (p7m.ERROR, p7m.WARNING)},
                         set())
        self.assertIs(self.client.delete_signature(signature.id), True)
        self.assertIs(self.client.delete_signature(signature.id), False)
        for read in (self.client.get_signature, self.client.get_signed_document):
            with self.assertRaises(Gone):
                read(signature.id)
        self.assertEqual(self.find(REFERENCE), [])
        self.assertEqual(self.spent(), 0.01)

    def test_what_is_sent(self):
        """The document and nothing else: CAdES, attached, SHA-256, basic level, no time stamp, which would cost."""
        callback = {'url': 'https://example.com/x', 'method': 'JSON', 'custom': {'reference': REFERENCE}}
        self.sign(callback=callback)
        [request] = [request for request in self.sandbox.requests() if request['method'] == 'POST']
        self.assertEqual({key: value for key, value in request['body'].items() if key != 'inputDocuments'}, {
            'certificateUsername': SANDBOX_USERNAME, 'certificatePassword': '***', 'certificateOtp': '***',
            'certificateIdOtp': -1, 'title': TITLE, 'signatureType': 'cades', 'callback': callback,
            'options': {
                'level': 'B', 'hashAlgorithm': 'SHA256', 'detached': False, 'withTimestamp': False,
                'asyncDocumentsValidation': False, 'asyncSignature': False}})

    def test_whose_signature(self):
        """With the vendor's sandbox credentials: of whom the power of attorney names; otherwise of the owner."""
        pec = PecClient('sandbox-token', self.sandbox.url)
        remote_id = pec.create_filing({**BODY, 'cf': 'BNCNNA85M41F205D', 'nome': 'anna', 'cognome': 'bianchi'})['id']
        self.sandbox.set_stato('in_attesa_di_documenti')
        procura = pec.get_procura(remote_id)
        certificate = self.sandbox.create_certificate(certificateOwner="Mario Rossi", tax_code=MARIO)['fields']
        for credentials, code in [
            (CREDENTIALS, 'BNCNNA85M41F205D'),
            (make_credentials(certificate['username'], certificate['pin'], OTP), MARIO),
        ]:
            signature = self.client.sign('sign_otp', procura, TITLE, credentials)
            signed = self.client.get_signed_document(signature.id)
            [signer] = self.judge(signed, procura=procura).signers
            self.assertEqual(signer.fiscal_code, code)
            self.sandbox.set_stato('in_attesa_di_documenti')
            self.assertEqual(pec.upload_documents(remote_id, [signed])['stato'], 'documenti_caricati')

    def test_automatic(self):
        """Without a one-time password: at once, or asked for now and signed later."""
        self.assertTrue(self.sign_by_itself().is_done)
        self.sandbox.settings(signing_late=30)
        signature = self.sign_by_itself(title=ANOTHER, is_awaited=False)
        self.assertEqual((signature.state, signature.is_done, signature.is_failed), ('WAIT_SIGN', False, False))
        with self.assertRaises(Gone):
            self.client.get_signed_document(signature.id)
        self.assertEqual(self.client.get_signature(signature.id).state, 'WAIT_SIGN')
        self.sandbox.settings(ahead=31)
        self.assertTrue(self.client.get_signature(signature.id).is_done)
        self.assertTrue(self.client.get_signed_document(signature.id))
        self.assertEqual(self.spent(), 0.06)

    def test_kept_for_thirty_days(self):
        """The document; what is told of the signature stays longer."""
        signature = self.sign()
        self.sandbox.settings(ahead=29 * 86400)
        self.assertTrue(self.client.get_signed_document(signature.id))
        self.sandbox.settings(ahead=30 * 86400)
        with self.assertRaises(Gone):
            self.client.get_signed_document(signature.id)
        self.assertEqual(self.client.get_signature(signature.id), signature)

    def test_wrong_credentials(self):
        """As a signature that failed, or as a refusal: told as such either way, and nothing is signed or repeated."""
        for told in ('state', 'refusal'):
            self.sandbox.reset(credentials_told=told)
            for sign, wrong in [
                (self.sign, {'pin': 'wrong'}), (self.sign, {'otp': '654321'}), (self.sign, {'username': 'RHI1'}),
                (self.sign_by_itself, {'pin': 'wrong'}), (self.sign_by_itself, {'username': 'AHI1'}),
            ]:
                with self.subTest(told=told, **wrong):
                    if told == 'state':
                        signature = sign(**wrong)
                        self.assertTrue(signature.has_wrong_credentials)
                        self.assertEqual(signature.error_message, "Wrong Certificate Credentials")
                        self.assertEqual(self.client.get_signature(signature.id), signature)
                        continue
                    with self.assertRaises(WrongCredentials) as raised:
                        sign(**wrong)
                    self.assertEqual((raised.exception.status, raised.exception.code), (422, 110))
            stats = self.sandbox.stats()
            self.assertEqual((stats['requests'][SIGN_OTP], stats['requests'][SIGN_AUTOMATIC]), (3, 2))
            self.assertEqual((self.sandbox.executed(SIGN_OTP), self.spent()), (0, 0))

    def test_wrong_later(self):
        """Credentials that nobody waits for: told by the state."""
        self.sandbox.settings(signing_late=30)
        signature = self.sign_by_itself(pin='wrong', is_awaited=False)
        self.assertEqual(signature.state, 'WAIT_SIGN')
        self.sandbox.settings(ahead=31)
        self.assertTrue(self.client.get_signature(signature.id).has_wrong_credentials)

    def test_locked(self):
        """After three wrong attempts the right PIN does not help; one right one before begins anew."""
        own = self.sandbox.create_certificate()['fields']
        right, wrong = ({'username': own['username'], 'pin': pin} for pin in (own['pin'], 'wrong'))
        for attempts in (2, 3):
            for _attempt in range(attempts):
                self.assertTrue(self.sign(**wrong).has_wrong_credentials)
            self.assertEqual(self.sign(**right).is_done, attempts == 2)
        locked = self.sign(**right)
        self.assertEqual((locked.is_failed, locked.has_wrong_credentials), (True, False))
        self.assertEqual(locked.error_message, "Certificate locked")
        self.sandbox.settings(credentials_told='refusal')
        with self.assertRaises(OutcomeUnknown) as raised:
            self.sign(**right)
        self.assertNotIsInstance(raised.exception, WrongCredentials)
        self.assertEqual(raised.exception.message, "Certificate locked")

    def test_certificates_that_do_not_fit(self):
        for fields, changes in [
            ({'certificateType': 'EU-QES_automatic'}, {}), ({}, {'stato': 'EXPIRED'}), ({}, {'stato': 'SUSPENDED'}),
            ({'account': 'other'}, {}),
        ]:
            certificate = self.sandbox.create_certificate(**fields)
            if changes:
                self.sandbox.change_certificate(certificate['id'], **changes)
            own = certificate['fields']
            self.assertTrue(self.sign(username=own['username'], pin=own['pin']).has_wrong_credentials, fields)

    def test_not_sent(self):
        for document in (b'', b'x' * (signature_data.MAX_DOCUMENT + 1)):
            with self.assertRaises(NotSent) as raised:
                self.client.sign('sign_otp', document, TITLE, CREDENTIALS)
            self.assertEqual(raised.exception.reason, 'unsignable')
        for username, pin, otp in [
            ('', 'x', None), ('RHI', '', None), ('RHI', None, None), ('RHI', 'è', None), ('RHI', 'a b', None),
            ('RHI', 'x' * 65, None), ('RHI', 'x', ''), ('RHI', 'x', '12a456'), ('RHI', 'x', '123'), ('RHI', 5, None),
            ('RHI', 'x', 123456), ('RHI\n', 'x', None), ('12345678', 'x', None), ('SHI1', 'x', None), (None, 'x', None),
        ]:
            with self.subTest(username=username, pin=pin, otp=otp), self.assertRaises(NotSent) as raised:
                make_credentials(username, pin, otp)
            self.assertEqual(raised.exception.reason, 'no_pin')
        for operation, credentials in (('sign_otp', AUTOMATIC), ('sign_automatic', CREDENTIALS)):
            with self.assertRaises(NotSent):
                self.client.sign(operation, PDF, TITLE, credentials)
        with self.assertRaises(NotSent):
            SignatureClient('', self.sandbox.signature_url)
        client = SignatureClient('sandbox-token', 'http://127.0.0.1:1')
        for operation in CALLS:
            with self.assertRaises(NotSent):
                self.call(operation, client)
        self.assertEqual(self.sandbox.stats()['requests'], {})

    # ------------------------------------------------------------ lost answers

    def test_lost_signature(self):
        """Found by the reference in its title, however the list spells it; the document is fetched all the same."""
        for fault, found, values in [
            ('drop_before', 0, []), ('drop_after', 1, []), ('truncate', 1, ['upper']), ('error_after', 1, ['entities']),
            ('wrong_json', 1, []), ('wrong_shape', 1, []), ('other_answer', 1, []), ('executed_late', 1, []),
        ]:
            self.sandbox.reset(mood={'values': values})
            self.sign(title=ANOTHER)
            self.sandbox.fault(SIGN_OTP, fault, seconds=0.1)
            with self.subTest(fault=fault):
                with self.assertRaises(OutcomeUnknown):
                    self.sign()
                end = time.monotonic() + 20
                while self.sandbox.executed(SIGN_OTP) < 1 + found and time.monotonic() < end:
                    time.sleep(0.05)
                rows = self.find(REFERENCE)
                self.assertEqual((len(rows), rows.unreadable, rows.is_whole), (found, 0, True))
                for row in rows:
                    self.assertTrue(self.client.get_signed_document(row.id))
                self.assertEqual(self.sandbox.requested(SIGN_OTP), 2)

    def test_twice(self):
        """What a gateway had executed twice is seen."""
        self.sandbox.fault(SIGN_OTP, 'twice')
        self.sign()
        self.assertEqual((len(self.find(REFERENCE)), self.spent()), (2, 0.02))

    def test_shown_late(self):
        self.sandbox.settings(mood={'list_late': 60})
        self.sign()
        self.assertEqual(self.find(REFERENCE), [])
        self.sandbox.settings(ahead=61)
        self.assertEqual(len(self.find(REFERENCE)), 1)

    def test_pages(self):
        """Found on whichever page; older ones are not looked at."""
        def rows(numbers, **fields):
            return {'data': [{
                'id': f'{number:024}', 'documentTitle': f'x {number}', 'state': 'DONE',
                'createdAt': (NOW - datetime.timedelta(hours=number)).isoformat(), **fields} for number in numbers]}

        for first, second, since, found, is_whole in [
            (rows(range(100)), rows([100], documentTitle=TITLE), None, 1, True),
            (rows(range(50, 150)), rows([150], documentTitle=TITLE), 24, 0, True),
            (rows([1], documentTitle=TITLE), rows([2], documentTitle=TITLE), 24, 2, True),
            (rows([1], documentTitle=TITLE, createdAt=None), rows([]), 24, 1, True),
        ]:
            for body in (first, second):
                self.answer(LIST_SIGNATURES, body)
            self.answer(LIST_SIGNATURES, '', 404)
            result = self.find(REFERENCE, since and NOW - datetime.timedelta(hours=since))
            self.assertEqual((len(result), result.is_whole), (found, is_whole))
            self.sandbox.clear_faults()
        self.patch(pages_module, 'MAX_PAGES', 1)
        self.sign()
        self.answer(LIST_SIGNATURES, rows(range(100)))
        result = self.find(REFERENCE)
        self.assertEqual((len(result), result.is_whole), (0, False), "the second page was not read")

    def test_rows_that_cannot_be_read(self):
        self.answer(LIST_SIGNATURES, {'data': [{}, 5, None, {'id': ID, 'documentTitle': TITLE}]})
        self.answer(LIST_SIGNATURES, '', 404)
        found = self.find(REFERENCE)
        self.assertEqual(([row.id for row in found], found.unreadable), ([ID], 3))

    def test_lists_that_are_none(self):
        """Only what is documented says that there is nothing: no bodiless 404, no words of it, no knowledge."""
        for operation in (LIST_SIGNATURES, LIST_CERTIFICATES):
            for status, body in [
                (200, {'data': {}}), (200, {'data': None}), (200, 'null'), (200, '5'), (200, ''), (400, ''),
                (404, '<html>'), (404, {'success': False, 'message': 'not found', 'error': None}), (404, {}),
                (404, {'success': False, 'message': '', 'error': 332}), (503, ''),
            ]:
                self.answer(operation, body, status)
                with self.subTest(operation=operation, status=status, body=body), self.assertRaises(OpenapiPecError):
                    self.call(operation)
                self.sandbox.clear_faults()
        for body in ('', ' ', {'success': False, 'message': 'No signatures found.', 'error': 5, 'data': None}):
            self.answer(LIST_SIGNATURES, body, 404)
            found = self.call(LIST_SIGNATURES)
            self.assertEqual((found, found.is_whole), ([], True))
            self.answer(LIST_CERTIFICATES, body, 404)
            with self.subTest(body=body), self.assertRaises(OutcomeUnknown):  # of certificates it is not documented
                self.call(LIST_CERTIFICATES)

    def test_certificates_of_nobody(self):
        """What does not tell whose it is may be anybody's, unless it is over."""
        for owner in (None, '', 5, {'name': "Mario", 'surname': "Rossi"}):
            for state, unreadable in (('DONE', 1), ('NEW', 1), (None, 1), ('EXPIRED', 0), ('CANCELLED', 0)):
                self.answer(LIST_CERTIFICATES, {'data': [
                    {'id': ID, 'certificateOwner': owner, 'state': state},
                    {'id': 'b' * 24, 'certificateOwner': "Mario ROSSI", 'state': 'DONE'}]})
                found = self.client.find_certificates_of("Mario Rossi")
                with self.subTest(owner=owner, state=state):
                    self.assertEqual(([row.id for row in found], found.unreadable), (['b' * 24], unreadable))

    def test_certificate_of_a_purchase(self):
        """What has the purchase's own reference is its own, whatever it tells of its owner."""
        self.answer(LIST_CERTIFICATES, {'data': [{'id': ID, 'state': 'DONE', 'customReference': 'a' * 16}]})
        found = self.client.find_certificates_of("Mario Rossi", 'a' * 16)
        self.assertEqual(([row.id for row in found], found.unreadable), ([ID], 0))

    # ------------------------------------------------------------ money and rights

    def test_no_credit(self):
        for form, needed in ((1, None), (2, 99.0)):
            self.sandbox.reset(credit=0, no_credit_form=form)
            for operation in PAID:
                with self.subTest(operation=operation), self.assertRaises(NoCredit) as raised:
                    self.call(operation)
                if operation == BUY_OTP:
                    self.assertEqual(raised.exception.needed, needed)
            self.assertEqual(self.sandbox.stats()['executed'], {})

    def test_rights(self):
        for token, refused in [
            ('sandbox-token-readonly', set(CHANGES)), ('sandbox-token-pec', set(CALLS)), ('wrong', set(CALLS)),
        ]:
            client = SignatureClient(token, self.sandbox.signature_url)
            for operation in refused:
                with self.subTest(token=token, operation=operation), self.assertRaises(BadToken):
                    self.call(operation, client)
        self.assertEqual(self.sandbox.stats()['executed'], {})

    def test_accounts(self):
        """An account sees its own signatures and certificates."""
        other = SignatureClient('sandbox-token:other', self.sandbox.signature_url)
        signature, certificate = self.sign(), self.call(BUY_OTP)
        self.assertEqual((other.list_signatures(), other.list_certificates()), ([], []))
        self.assertIs(other.delete_signature(signature.id), False)
        for call in (lambda: other.get_signature(signature.id), lambda: other.get_signed_document(signature.id),
                     lambda: other.get_certificate(certificate.id)):
            with self.assertRaises(Gone):
                call()

    def test_callbacks(self):
        """What is asked for without waiting is told when it is there; a certificate when it changes."""
        callback = {'url': f'{self.sandbox.url}/nowhere', 'custom': {'reference': REFERENCE}}
        self.sandbox.settings(callback_shape='custom', signing_late=0)
        self.sign_by_itself(callback=callback, is_awaited=False)
        certificate = self.client.buy_certificate('certificate_otp', "Mario Rossi", REFERENCE, callback)
        self.sandbox.change_certificate(certificate.id, stato='REGISTERING')
        end = time.monotonic() + 20
        while len(log := self.sandbox.stats()['callbacks']) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual({entry['scope'] for entry in log}, {
            'POST:esignature.openapi.com/EU-QES_automatic', 'POST:esignature.openapi.com/certificates'})
        self.assertEqual({entry['record']['state'] for entry in log}, {'DONE', 'REGISTERING'})
        self.assertTrue(all(entry['callback']['method'] == 'JSON' for entry in log))
        [told] = [entry for entry in log if 'signature' in entry]
        self.assertEqual(CONTRACT.find_faults_of_answer(
            READ_SIGNATURE, 200, 'application/json', json.dumps(told['record']).encode()), [])

    # ------------------------------------------------------------ certificates

    def test_certificate(self):
        for operation, kind in ((BUY_OTP, 'EU-QES_otp'), (BUY_AUTOMATIC, 'EU-QES_automatic')):
            self.sandbox.reset()
            certificate = self.call(operation)
            self.assertEqual(certificate[1:5], (kind, "Mario Rossi", REFERENCE, 'NEW'))
            self.assertTrue(certificate.link.startswith('https://'))
            self.assertEqual((certificate.expires_at - certificate.created_at).days, 3 * 365)
            self.assertEqual((self.spent(), self.sandbox.executed(operation)), (99, 1))
            self.assertEqual(self.find_certificates(REFERENCE), [certificate])
            for state in ('REGISTERING', 'EXPIRED', 'A new one'):
                self.sandbox.change_certificate(certificate.id, stato=state)
                self.assertEqual(self.client.get_certificate(certificate.id).state, state)

    def test_bought_and_used(self):
        self.call(BUY_OTP)
        [own] = self.sandbox.certificates()
        self.assertTrue(self.sign(username=own['fields']['username'], pin=own['fields']['pin']).is_done)

    def test_expired(self):
        self.call(BUY_OTP)
        [own] = self.sandbox.certificates()
        self.sandbox.change_certificate(own['id'], expires_at=1)
        self.assertEqual(self.client.get_certificate(own['id']).state, 'EXPIRED')
        self.assertTrue(self.sign(
            username=own['fields']['username'], pin=own['fields']['pin']).has_wrong_credentials)

    def test_out_of_stock(self):
        self.sandbox.settings(stock=0)
        with self.assertRaises(Refused) as raised:
            self.call(BUY_OTP)
        self.assertEqual((raised.exception.status, raised.exception.code, self.spent()), (404, 305, 0))

    def test_lost_certificate(self):
        for fault, found in (('drop_before', 0), ('drop_after', 1), ('truncate', 1), ('wrong_shape', 1),
                             ('other_answer', 1), ('error_after', 1)):
            self.sandbox.reset()
            self.sandbox.fault(BUY_OTP, fault)
            with self.subTest(fault=fault):
                with self.assertRaises(OutcomeUnknown):
                    self.call(BUY_OTP)
                self.assertEqual(len(self.find_certificates(REFERENCE)), found)
                self.assertEqual((self.spent(), self.sandbox.requested(BUY_OTP)), (99 * found, 1))


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignatureHostile(CallsCase):
    """Everything that can go wrong with a call, and what must never be told."""

    def test_what_changes_something_is_called_once(self):
        self.patch(client_module, 'READ_PAUSES', (0.0, 0.0))
        for operation in CHANGES:
            for fault, is_executed, options in [
                ('drop_before', False, {}), ('drop_after', True, {}), ('truncate', True, {}),
                ('error_after', True, {'status': 500}), ('error_after', True, {'status': 408}), ('huge', True, {}),
                ('wrong_json', True, {}), ('not_envelope_4xx', False, {'status': 401}),
                ('not_envelope_4xx', False, {'status': 404}), ('redirect', False, {'location': 'http://127.0.0.1:9/'}),
                ('error_before', False, {'status': 409, 'body': {'success': False, 'error': 635, 'message': ''}}),
                ('error_before', False, {'status': 422, 'body': {'success': False, 'error': 999, 'message': ''}}),
                ('error_before', False, {'status': 404, 'body': {'success': False, 'error': None, 'message': 'no'}}),
                ('error_before', False, {'status': 200, 'body': {'success': False, 'error': 635, 'message': ''}}),
                ('bomb', True, {}),
            ]:
                with self.subTest(operation=operation, fault=fault, **options):
                    self.sandbox.reset()
                    call = CALLS[operation]
                    if operation == DELETE_SIGNATURE:
                        remote_id = self.sign().id
                        call = lambda client, remote_id=remote_id: client.delete_signature(remote_id)  # noqa: E731
                    if (operation, fault) == (DELETE_SIGNATURE, 'truncate'):
                        continue  # its answer has no body that could be cut
                    self.sandbox.fault(operation, fault, **options)
                    with self.assertRaises(OutcomeUnknown):
                        call(self.client)
                    self.assertEqual((self.sandbox.requested(operation), self.sandbox.executed(operation)), (
                        1, int(is_executed)))

    def test_answers_without_what_was_paid_for(self):
        """A success without an identifier is no success: it may have been paid."""
        for operation in PAID:
            for body in (
                {}, [], {'success': True}, {'success': True, 'data': None}, {'success': True, 'data': []},
                {'success': True, 'data': {}}, {'success': True, 'data': {'id': ''}}, {'data': {'id': None}},
                {'success': True, 'data': {'id': 'x y'}}, {'success': True, 'data': {'id': 1.5}},
                {'success': True, 'data': {'id': True}}, {'success': True, 'data': {'id': 'x' * 65}},
                {'success': None, 'data': {'id': ID}}, '', 'null',
            ):
                self.answer(operation, body)
                with self.subTest(operation=operation, body=body), self.assertRaises(OutcomeUnknown):
                    self.call(operation)
            told = {'id': 5, 'customReference': REFERENCE}
            self.answer(operation, {'success': True, 'data': told})
            self.assertEqual(self.call(operation).id, '5')
        self.answer(BUY_OTP, {'success': True, 'data': {'id': ID}})
        with self.assertRaises(OtherRecord):  # nothing says that it is this purchase
            self.call(BUY_OTP)

    def test_answers_that_belong_to_others(self):
        signature, certificate = self.sign(), self.call(BUY_OTP)
        for operation, call, reason in [
            (SIGN_OTP, self.sign, 'other_signature'), (SIGN_AUTOMATIC, self.sign_by_itself, 'other_signature'),
            (BUY_OTP, lambda: self.call(BUY_OTP), 'other_certificate'),
            (READ_SIGNATURE, lambda: self.client.get_signature(signature.id), 'other_record'),
            (READ_CERTIFICATE, lambda: self.client.get_certificate(certificate.id), 'other_record'),
        ]:
            self.sandbox.fault(operation, 'other_answer')
            with self.subTest(operation=operation), self.assertRaises(OtherRecord) as raised:
                call()
            self.assertEqual(raised.exception.reason, reason)
        self.sandbox.fault(LIST_SIGNATURES, 'other_answer')
        self.answer(LIST_SIGNATURES, '', 404)
        self.assertEqual(self.find(REFERENCE), [])

    def test_documents_that_are_none(self):
        signature = self.sign()
        signed = self.client.get_signed_document(signature.id)
        for fault, options in [
            ('wrong_json', {}), ('wrong_shape', {}), ('truncate', {}), ('huge', {}), ('bomb', {}), ('drop_after', {}),
            ('error_before', {'status': 200, 'body': ''}), ('error_before', {'status': 200, 'body': '<html>'}),
            ('error_before', {'status': 204, 'body': ''}), ('error_before', {'status': 503}),
            ('redirect', {'location': f'{self.sandbox.url}/'}), ('not_envelope_4xx', {'status': 404}),
        ]:
            self.sandbox.fault(READ_SIGNATURE, fault, **options)
            with self.subTest(fault=fault, **options), self.assertRaises(OutcomeUnknown):
                self.client.get_signed_document(signature.id)
        for status, body, error in [
            (404, '', Gone), (404, {'success': False, 'message': 'Signature not found', 'error': 1}, Gone),
            (404, {'success': False, 'message': 'not found', 'error': None}, NotFound), (401, {
                'success': False, 'message': 'Wrong Token', 'error': 125.22}, BadToken),
        ]:
            self.answer(READ_SIGNATURE, body, status)
            with self.assertRaises(error) as raised:
                self.client.get_signed_document(signature.id)
            self.assertEqual(type(raised.exception), error)
        self.sandbox.fault(READ_SIGNATURE, 'packed')
        self.assertEqual(self.client.get_signed_document(signature.id), signed)

    def test_reads_are_repeated(self):
        self.patch(client_module, 'READ_PAUSES', (0.0, 0.0))
        signature, certificate = self.sign(), self.call(BUY_OTP)
        for operation, read in [
            (LIST_SIGNATURES, lambda: self.call(LIST_SIGNATURES)),
            (LIST_CERTIFICATES, lambda: self.call(LIST_CERTIFICATES)),
            (READ_SIGNATURE, lambda: self.client.get_signature(signature.id)),
            (READ_SIGNATURE, lambda: self.client.get_signed_document(signature.id)),
            (READ_CERTIFICATE, lambda: self.client.get_certificate(certificate.id)),
        ]:
            self.sandbox.fault(operation, 'drop_after')
            with self.subTest(operation=operation):
                self.assertTrue(read())

    def test_throttled(self):
        for operation in CALLS:
            self.answer(operation, '', 429, headers={'Retry-After': '7'})
            with self.subTest(operation=operation), self.assertRaises(Throttled) as raised:
                self.call(operation)
            self.assertEqual(raised.exception.retry_after, 7.0)

    def test_time_is_bounded(self):
        self.patch(client_module, 'CALL_TIMEOUT', 0.6)
        signature = self.sign()
        for operation, call in [
            (SIGN_OTP, self.sign), (READ_SIGNATURE, lambda: self.client.get_signed_document(signature.id)),
            (BUY_OTP, lambda: self.call(BUY_OTP)), (LIST_SIGNATURES, lambda: self.call(LIST_SIGNATURES)),
        ]:
            for fault in ('slow_body', 'slow_head', 'delay_after'):
                self.sandbox.fault(operation, fault, seconds=30)
                started = time.monotonic()
                with self.subTest(operation=operation, fault=fault), self.assertRaises(OutcomeUnknown):
                    call()
                self.assertLess(time.monotonic() - started, 10)
                self.sandbox.clear_faults()

    def test_no_redirect_takes_the_credentials_along(self):
        for operation in CALLS:
            self.sandbox.fault(operation, 'redirect', location=f'{self.sandbox.url}{LIST.split(" ")[1]}')
            with self.subTest(operation=operation), self.assertRaises(OutcomeUnknown):
                self.call(operation)
        self.assertEqual(self.sandbox.requested(LIST), 0)


class _Echo(BaseHTTPRequestHandler):
    """Answers with whatever was sent, wherever there is a place for it."""
    status, key, seen = 200, None, []

    def do_POST(self):
        sent = self.rfile.read(int(self.headers['Content-Length'])).decode()
        self.seen.append(sent)
        told = json.loads(sent)
        secrets = ' '.join(told.get(key, '') for key in ('certificatePassword', 'certificateOtp'))
        body = json.dumps(self.tell(told, secrets)).encode()
        self.send_response(self.status)
        self.send_header('Content-Length', str(len(body)))
        self.send_header('Content-Type', secrets)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Say nothing."""


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignatureSecrets(CallsCase):
    """PIN and one-time password go into the request, and nowhere else."""
    secrets = (PIN, ONE_TIME)

    def credentials(self):
        return make_credentials('RHI0123456789', PIN, ONE_TIME)

    def sign_with_them(self, client=None):
        return (client or self.client).sign('sign_otp', PDF, TITLE, self.credentials())

    def catch(self, error_class, client):
        """Return the error of a signing, as whoever handles it has it: `assertRaises` would clear its traceback."""
        try:
            self.sign_with_them(client)
        except error_class as error:
            return error
        return self.fail(f"There is no {error_class.__name__}")

    def assert_untold(self, *texts):
        for text in texts:
            for secret in self.secrets:
                self.assertNotIn(secret, text)

    def test_sealed(self):
        """Of credentials, and of a body with them, nothing tells what they are."""
        for sealed in (self.credentials(), self.credentials().add({'title': TITLE})):
            self.assert_untold(repr(sealed), str(sealed), f'{sealed}', f'{[sealed]}', repr(sealed.fields))
            for copy_it in (copy.copy, copy.deepcopy, pickle.dumps, json.dumps, vars):
                with self.assertRaises(TypeError):
                    copy_it(sealed)
            self.assertEqual(sealed.reveal()['certificatePassword'], PIN)
        self.assert_untold(json.dumps(describe_request(PDF, TITLE, {'url': 'https://example.com'})))

    def test_whatever_goes_wrong(self):
        """No error, nothing in its chain or traceback, no log, no object that stays."""
        client = SignatureClient('sandbox-token', self.sandbox.signature_url)
        own = vars(client).copy()
        refusals = [
            ('error_before', {'status': status, 'body': {
                'success': False, 'message': ' '.join(self.secrets), 'error': ONE_TIME}})
            for status in (400, 401, 402, 403, 404, 422, 500)]
        with self.assertLogs('', logging.DEBUG) as logs:
            logging.getLogger().debug("for the case that nobody says anything")
            for fault, options in [
                ('drop_before', {}), ('drop_after', {}), ('truncate', {}), ('wrong_json', {}), ('wrong_shape', {}),
                ('not_envelope_4xx', {}), ('huge', {}), ('bomb', {}), ('other_answer', {}), ('length_without_body', {}),
                ('error_before', {'status': 429, 'body': PIN}), ('redirect', {'location': f'http://x/{PIN}'}),
                ('error_before', {'status': 422, 'body': {'success': False, 'message': PIN, 'error': int(ONE_TIME)}}),
                ('error_before', {'status': 422, 'body': {'success': False, 'message': PIN, 'error': 110}}),
                ('error_before', {'status': 200, 'body': {'success': True, 'data': {'id': ONE_TIME}}}),
                ('error_before', {'status': 200, 'body': f'{PIN} {ONE_TIME}'}), *refusals,
            ]:
                self.sandbox.fault(SIGN_OTP, fault, **options)
                error = self.catch(OpenapiPecError, client)
                with self.subTest(fault=fault, **options):
                    self.assertEqual(find_secrets(error, self.secrets), [])
                    self.assertIsNone(error.__context__)
                    self.assert_untold(repr(error), str(error.code), str(error.detail))
                    self.assertEqual(vars(client), own)
            for url in ('http://127.0.0.1:1', 'https://127.0.0.1:1', self.sandbox.url.replace('http', 'https')):
                error = self.catch(NotSent, SignatureClient('sandbox-token', url))
                self.assertEqual(find_secrets(error, self.secrets), [], url)
        self.assert_untold(*logs.output)
        self.assert_untold(json.dumps(self.sandbox.requests()), json.dumps(self.sandbox.signatures()))

    def test_the_search_finds(self):
        """What is searched for is found where it would be: in a chain, a value, a traceback."""
        try:
            try:
                signature_data.read_record(signature_data.Signature, {'x': [PIN.encode()]})
            except OutcomeUnknown:
                raise ValueError  # noqa: B904
        except ValueError as error:
            self.assertEqual(find_secrets(error, self.secrets), ['OutcomeUnknown, read_record'])
        error = OutcomeUnknown("x", detail=ONE_TIME)
        self.assertEqual(find_secrets(error, self.secrets), ['OutcomeUnknown, values'])

    def echo(self, tell, status=200):
        """Have a service answer with what a function tells of the request; return its address."""
        handler = type('Echo', (_Echo,), {'tell': staticmethod(tell), 'status': status, 'seen': []})
        server = HTTPServer(('127.0.0.1', 0), handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join, 10)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f'http://127.0.0.1:{server.server_port}', handler.seen

    def test_a_service_that_repeats_them(self):
        """In texts that people see they are masked; what would be kept of them is none."""
        url, seen = self.echo(lambda told, secrets: {'success': True, 'data': {
            'id': ID, 'state': 'ERROR', 'errorNumber': int(ONE_TIME), 'errorMessage': f"Wrong: {secrets}",
            'document': {'title': TITLE}, 'options': told}})
        signature = SignatureClient('sandbox-token', url).sign('sign_otp', PDF, TITLE, self.credentials())
        self.assertEqual((signature.error_message, signature.error_number), ("Wrong: *** ***", None))
        self.assert_untold(repr(signature))
        self.assertEqual(json.loads(seen[0])['certificateOtp'], ONE_TIME, "sent, and once")
        self.assertEqual(len(seen), 1)
        url, _seen = self.echo(lambda told, secrets: {'success': False, 'error': secrets, 'message': secrets}, 422)
        error = self.catch(OutcomeUnknown, SignatureClient('sandbox-token', url))
        self.assertEqual((error.message, error.code), ("*** ***", "*** ***"))
        self.assertEqual(find_secrets(error, self.secrets), [])

    def test_short_ones(self):
        """A PIN of four digits is masked in what people see, and spoils no identifier in which it is by chance."""
        credentials = make_credentials('RHI0123456789', '4711', '815815')
        self.answer(SIGN_OTP, {'success': True, 'data': {
            'id': f'{ID[:-4]}4711', 'state': 'ERROR', 'errorNumber': 110, 'errorMessage': "4711 815815",
            'document': {'title': TITLE}}})
        signature = self.client.sign('sign_otp', PDF, TITLE, credentials)
        self.assertEqual((signature.id, signature.error_message), (f'{ID[:-4]}4711', "*** ***"))

    def test_unknown_ids_are_asked_for_as_they_are(self):
        for remote_id in ('../x', 'a/b', 'x?y', UNKNOWN_ID):
            with self.subTest(remote_id=remote_id), self.assertRaises(OpenapiPecError):
                self.client.get_signature(remote_id)
        self.assertEqual(
            [request['path'] for request in self.sandbox.requests()][-1], f'/esignature/signatures/{UNKNOWN_ID}/detail')
        self.assertEqual(self.sandbox.stats()['requests'].keys() - {READ_SIGNATURE}, set())

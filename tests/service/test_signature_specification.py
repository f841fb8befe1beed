import base64
import json

import requests

from odoo.tests import BaseCase, tagged

from sandbox_api import specification
from sandbox_api.signature_const import PURCHASES, SIGNATURE_OPERATIONS, SIGNINGS, VERIFY

from ..common_signature import (
    BUY_OTP,
    CALLS,
    DELETE_SIGNATURE,
    LIST_CERTIFICATES,
    LIST_SIGNATURES,
    OTP,
    PDF,
    PIN,
    READ_CERTIFICATE,
    READ_SIGNATURE,
    REFERENCE,
    SANDBOX_PIN,
    SANDBOX_USERNAME,
    SIGN_AUTOMATIC,
    SIGN_OTP,
    UNKNOWN_ID,
    SignatureMixin,
    build_example,
    get_examples,
)
from ..common_specification import WireMixin

TOKEN = 'sandbox-token'
CONTRACT = specification.ESIGNATURE
DOCUMENT = {'sourceType': 'base64', 'payload': base64.b64encode(PDF).decode()}
NEW = {
    'inputDocuments': [DOCUMENT], 'certificateUsername': SANDBOX_USERNAME, 'certificatePassword': SANDBOX_PIN,
    'certificateOtp': OTP, 'title': "x", 'signatureType': 'cades', 'options': {'level': 'B'}}
VALUES = (None, '', ' ', 'nonsense', 0, 5, 1.5, True, [], [5], [None], {}, {'x': 1}, {'level': 'X'},
          {'asyncSignature': 'x'}, {'hashAlgorithm': 5}, {'url': 5})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignatureSpecification(SignatureMixin, WireMixin, BaseCase):
    """What the client asks of the esignature API, and what the sandbox answers, is what the specification allows."""

    def call(self, operation, value='', body=None, token=None, **query):
        """Call an operation as no client of ours does."""
        method, path = operation.split(' ')
        return requests.request(
            method, self.sandbox.signature_url + path.partition('{')[0] + value, params=query, json=body,
            timeout=(5, 60), headers={'Authorization': f'Bearer {token or TOKEN}'}, allow_redirects=False)

    def test_examples(self):
        """The vendor's own examples are what the vendor allows, but for one slip; nothing else is put up with."""
        found = [
            (operation, status, name, fault.place) for operation, status in CONTRACT.get_documented_answers()
            if operation in SIGNATURE_OPERATIONS for name, example in get_examples(operation, status).items()
            for fault in CONTRACT.find_faults_of_answer(
                operation, status, 'application/json', json.dumps(example).encode(), deviations=())]
        self.assertEqual(found, [(READ_SIGNATURE, 200, 'detail WAIT_SIGN', ('errorNumber',))])
        for operation in (BUY_OTP, READ_CERTIFICATE, LIST_CERTIFICATES):
            self.assertEqual(CONTRACT.find_faults_of_answer(
                operation, 200, 'application/json', json.dumps(build_example(operation)).encode(), deviations=()), [])
        for operation, body in CONTRACT.get_examples_of_bodies().items():
            self.assertEqual(CONTRACT.find_faults_of_body(operation, body), [], operation)

    def test_client(self):
        """All that the client asks, and what it gets."""
        callback = {'url': 'http://127.0.0.1:9/x', 'method': 'JSON', 'custom': {'reference': REFERENCE}}
        self.sandbox.settings(signing_late=30)
        signature = self.sign(callback=callback)
        later = self.sign_by_itself(callback=callback, is_awaited=False)
        failed = self.sign(otp='000000')
        for read in (signature, later, failed):
            self.client.get_signature(read.id)
        self.client.get_signed_document(signature.id)
        self.client.list_signatures()
        self.client.delete_signature(signature.id)
        self.client.delete_signature(signature.id)
        for operation in ('certificate_otp', 'certificate_automatic'):
            certificate = self.client.buy_certificate(operation, "Mario Rossi", REFERENCE, callback)
            self.client.get_certificate(certificate.id)
        self.client.list_certificates()
        self.assert_wire()
        self.assertEqual({exchange.operation for exchange in self.wire}, set(CALLS))

    def test_answers(self):
        """Each documented answer of each operation that is served, and each that is the sandbox's own."""
        self.call(LIST_SIGNATURES)
        self.call(LIST_CERTIFICATES)
        signature = self.call(SIGN_OTP, body=NEW).json()['data']['id']
        for options in ({'asyncSignature': True}, {'asyncDocumentsValidation': True}):
            state = self.call(SIGN_AUTOMATIC, body={**NEW, 'options': options}).json()['data']['state']
            self.assertEqual(state, 'WAIT_SIGN' if 'asyncSignature' in options else 'WAIT_VALIDATION')
        for query in ({}, {'limit': 1}, {'skip': 9}, {'limit': 'x'}, {'limit': 1000}, {'state': 'DONE'},
                      {'certificateType': 'EU-QES_automatic'}, {'signatureType': 'pades'}):
            self.call(LIST_SIGNATURES, **query)
        for value in (signature, UNKNOWN_ID, 'wrong'):
            for action in ('detail', 'signedDocument', 'audit', ''):
                self.call(READ_SIGNATURE, f'{value}/{action}')
        for value in ('wrong', UNKNOWN_ID, signature, signature):
            self.call(DELETE_SIGNATURE, value)
        for operation in PURCHASES:
            bought = self.call(operation, body={'certificateOwner': "Mario Rossi"}).json()['data']['id']
        for state in ('NEW', 'DONE', 'EXPIRED'):
            self.sandbox.change_certificate(bought, stato=state)
            for value in (bought, UNKNOWN_ID, 'wrong'):
                self.call(READ_CERTIFICATE, value)
            for query in ({}, {'limit': 1}, {'limit': 1000}, {'state': 'NEW'}, {'state': 'X'}):
                self.call(LIST_CERTIFICATES, **query)
        self.assertEqual([self.call(VERIFY, body=body).status_code for body in (
            {'inputDocument': DOCUMENT['payload']}, {'inputDocument': DOCUMENT['payload'], 'recursive': False}, [],
            {}, {'inputDocument': ''}, {'inputDocument': 'à'}, {'inputDocument': DOCUMENT['payload'], 'recursive': 5},
        )], [200, 200, 400, 422, 422, 422, 422])
        self.sandbox.settings(stock=0)
        for operation in PURCHASES:
            self.assertEqual(self.call(operation, body={}).status_code, 404)
        self.sandbox.settings(stock=9, credit=0)
        for operation in (*SIGNINGS, *PURCHASES):
            self.assertEqual(self.call(operation, body=NEW if operation in SIGNINGS else {}).status_code, 402)
            self.assertEqual(self.call(operation, body=[]).status_code, 400)
        self.assertEqual(self.call(VERIFY, body={'inputDocument': DOCUMENT['payload']}).status_code, 402)
        for operation in SIGNINGS:
            self.assertEqual(self.call(operation, body={}).status_code, 422)
        for operation in SIGNATURE_OPERATIONS:
            value = {READ_SIGNATURE: f'{UNKNOWN_ID}/detail'}.get(operation, UNKNOWN_ID if '{' in operation else '')
            for token, status in (('wrong', 401), ('sandbox-token-pec', 403)):
                self.assertEqual(self.call(operation, value, token=token).status_code, status, operation)
        self.assert_wire(requests=False)
        seen = {(exchange.operation, exchange.status) for exchange in self.wire}
        documented = {key for key in CONTRACT.get_documented_answers() if key[0] in SIGNATURE_OPERATIONS}
        self.assertEqual(documented - seen, set())

    def test_refusals_in_the_vendors_words(self):
        spoiled = {
            615: ('inputDocuments', []), 622: ('signatureType', 'x'), 625: ('options', {'level': 'X'}),
            635: ('certificateUsername', ''), 640: ('certificatePassword', None)}
        for operation in SIGNINGS:
            examples = {example['error']: example for example in get_examples(operation, 422).values()}
            self.assertEqual(examples.keys(), spoiled.keys())
            for error, (field, value) in spoiled.items():
                answer = self.call(operation, body={**NEW, field: value})
                self.assertEqual((answer.status_code, answer.json()), (422, examples[error]))
        self.sandbox.settings(stock=0)
        for operation in PURCHASES:
            answer = self.call(operation, body={}).json()
            self.assertEqual(answer['message'], build_example(operation, 404)['message'])
            self.assertEqual(answer['error'], 305)

    def test_what_is_forbidden_is_refused(self):
        """Each field of a request for a signature with many a value: what is forbidden signs nothing."""
        forbidden = [
            (operation, body) for operation in SIGNINGS for field in NEW for value in VALUES
            if CONTRACT.find_faults_of_body(operation, body := {**NEW, field: value})]
        self.assertGreater(len(forbidden), 60)
        for operation, body in forbidden:
            self.assertEqual(self.call(operation, body=body).status_code, 422, body)
        for changes in (  # what this sandbox does not do
            {'signatureType': 'pades'}, {'options': {'detached': True}}, {'options': {'hashAlgorithm': 'SHA1'}},
            {'options': {'withTimestamp': True}}, {'inputDocuments': [DOCUMENT, DOCUMENT]},
            {'inputDocuments': DOCUMENT['payload']}, {'inputDocuments': [{'sourceType': 'base64'}]},
        ):
            self.assertEqual(self.call(SIGN_OTP, body={**NEW, **changes}).status_code, 422, changes)
        self.assertEqual((self.sandbox.signatures(), self.spent()), ([], 0))
        self.assertEqual(self.call(SIGN_OTP, body={**NEW, 'inputDocuments': DOCUMENT}).status_code, 200)

    def test_control(self):
        """What makes no sense is not kept, and PIN and password stand in nothing that the sandbox tells of requests."""
        certificate = self.sandbox.create_certificate()['id']
        for method, path, body in [
            ('POST', 'certificates', {'certificateType': 'x'}), ('POST', 'certificates', {'x': 1}),
            ('POST', 'certificates', {'pin': 5}), ('PATCH', f'certificates/{UNKNOWN_ID}', {}),
            ('PATCH', f'certificates/{certificate}', {'stato': 5}), ('POST', 'settings', {'stock': -1}),
            ('POST', 'settings', {'credentials_told': 'x'}), ('POST', 'settings', {'signature_prices': {'x': 1}}),
            ('POST', 'settings', {'signing_late': 'x'}), ('POST', 'settings', {'verification': 5}),
        ]:
            answer = requests.request(method, f'{self.sandbox.url}/_sandbox/{path}', json=body, timeout=(5, 60))
            self.assertEqual(answer.status_code, 400, (path, body))
        self.sign(pin=PIN)
        self.assertNotIn(PIN, json.dumps(self.sandbox.requests()))
        self.assertNotIn(PIN, json.dumps(self.sandbox.signatures()))
        [signature] = self.sandbox.signatures()
        self.sandbox.delete_signature(signature['id'])
        self.assertEqual(self.sandbox.signatures(), [])

    def test_what_does_not_conform_is_seen(self):
        """The measure measures: answers and requests that are wrong in one thing each."""
        done = get_examples(SIGN_OTP)['done']
        row = get_examples(LIST_SIGNATURES)['LIST']['data'][0]
        envelope = {'success': True, 'message': '', 'error': None}
        for operation, status, body, place in [
            (SIGN_OTP, 200, {**done, 'data': {**done['data'], 'state': 'X'}}, ('data', 'state')),
            (SIGN_OTP, 200, {**done, 'data': {**done['data'], 'certificateType': 'X'}}, ('data', 'certificateType')),
            (SIGN_OTP, 200, done['data'], ()), (SIGN_OTP, 418, {}, ('status',)),
            (SIGN_OTP, 422, {'success': False, 'message': 'x', 'error': '615', 'data': None}, ('error',)),
            (LIST_SIGNATURES, 200, {**envelope, 'data': [{**row, 'documentTitle': 5}]}, ('data', 0, 'documentTitle')),
            (LIST_SIGNATURES, 200, [row], ()), (LIST_SIGNATURES, 404, {'x': 1}, ()),
            (READ_SIGNATURE, 200, {'errorNumber': 'x'}, ('errorNumber',)),
            (READ_CERTIFICATE, 200, {'state': 'X'}, ('state',)), (LIST_CERTIFICATES, 200, {'data': []}, ()),
        ]:
            faults = CONTRACT.find_faults_of_answer(operation, status, 'application/json', json.dumps(body).encode())
            self.assertEqual([fault.place for fault in faults], [place], (operation, body))
        for body, count in [(NEW, 0), ({}, 1), ({**NEW, 'title': 5}, 1), ({**NEW, 'inputDocuments': 5}, 1)]:
            self.assertEqual(len(CONTRACT.find_faults_of_body(SIGN_OTP, body)), count, body)
        for query, count in [({'limit': '100', 'skip': '0'}, 0), ({'limit': '101'}, 1), ({'x': '1'}, 1)]:
            self.assertEqual(len(CONTRACT.find_faults_of_query(LIST_SIGNATURES, query)), count)

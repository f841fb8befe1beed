"""What the esignature API tells, whatever it tells: nothing odd gets through; and what is sent to it."""
import base64
import datetime
import hashlib
import json
import re

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api.errors import NotSent, OpenapiPecError, OutcomeUnknown
from odoo.addons.l10n_it_openapi_pec.tools.api.signature_data import (
    LONGEST_LINK,
    LONGEST_SUBJECT,
    MAX_DOCUMENT,
    Certificate,
    Signature,
    describe_request,
    has_reference,
    make_request,
    make_title,
    read_record,
    read_row,
)

from ..common_signature import (
    BUY_OTP,
    CALLS,
    ID,
    LIST_CERTIFICATES,
    LIST_SIGNATURES,
    PDF,
    PIN,
    READ_CERTIFICATE,
    READ_SIGNATURE,
    REFERENCE,
    SIGN_OTP,
    TITLE,
    SignatureMixin,
    build_example,
    get_examples,
)
from .test_company_data import ODD, places, put

REFERENCE_FORM = re.compile(r'[0-9a-z]{16,40}')  # of one attempt alone
# function that reads, and what -> examples of that
READERS = {
    (read_record, Signature): [get_examples(READ_SIGNATURE)['detail ERROR'], get_examples(SIGN_OTP)['done']['data']],
    (read_row, Signature): get_examples(LIST_SIGNATURES)['LIST']['data'][:1],
    (read_record, Certificate): [build_example(BUY_OTP)['data'], build_example(READ_CERTIFICATE)],
    (read_row, Certificate): build_example(LIST_CERTIFICATES),
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignatureData(BaseCase):

    def test_odd_values(self):
        """Something odd at each place of each example, one after the other."""
        for (read, kind), examples in READERS.items():
            for example in examples:
                for place in places(example):
                    for odd in ODD:
                        with self.subTest(read=read.__name__, kind=kind.__name__, place=place, odd=repr(odd)[:30]):
                            try:
                                found = read(kind, put(example, place, odd))
                            except OpenapiPecError as error:
                                self.assertIsInstance(error, OutcomeUnknown)
                                continue
                            for leaf in found or ():
                                self.check(leaf)

    def check(self, leaf):
        self.assertIsInstance(leaf, (str, int, datetime.datetime, type(None)))
        if isinstance(leaf, str):
            self.assertLessEqual(len(leaf), LONGEST_LINK)
            self.assertTrue(leaf.isprintable(), leaf)
        elif isinstance(leaf, datetime.datetime):
            self.assertEqual(leaf.utcoffset(), datetime.timedelta())

    def test_states(self):
        """A state that nobody knows is neither done nor failed; an error without its number is failed."""
        for state, number, told in [
            ('DONE', None, (True, False, False)), ('DONE', 0, (True, False, False)),
            ('DONE', 110, (True, False, False)), ('ERROR', 110, (False, True, True)),
            ('ERROR', '110', (False, True, True)), ('ERROR', None, (False, True, False)),
            ('ERROR', 'null,', (False, True, False)), ('WAIT_SIGNER', None, (False, False, False)),
            ('A new one', 110, (False, False, False)), (None, None, (False, False, False)),
        ]:
            read = read_record(Signature, {'id': ID, 'state': state, 'errorNumber': number, 'errorMessage': "x"})
            with self.subTest(state=state, number=number):
                self.assertEqual((read.is_done, read.is_failed, read.has_wrong_credentials), told)
                self.assertEqual(read.error_message, "x" if state == 'ERROR' else "")

    def test_links(self):
        """What a person is sent to is an address of the web, over TLS, and nothing else."""
        for link, is_one in [
            ('https://my-domain.com/certificate.html', True), ('https://a.it', True),
            ('https://a.it:8443/x?y=1#z', True), ('http://a.it/', False),
            ('javascript:alert(1)', False), ('https://a.it/"onclick="x', False),
            ('https://a.it/ x', False), ('https://user@a.it/', False), ('//a.it', False), ('https://', False),
            ('https://a.it/\u202ex', False), ('https://a.it/' + 'x' * LONGEST_LINK, False), (' https://a.it', False),
            (['https://a.it'], False), ('https://a.it\n', False),
        ]:
            read = read_record(Certificate, {'id': ID, 'certificateLink': link})
            self.assertEqual(read.link, link if is_one else '', link)

    def test_secrets(self):
        """Nothing that is read repeats what was sent along in secret."""
        data = {
            'id': ID, 'state': PIN, 'errorMessage': PIN, 'document': {'title': f'x {PIN}'}, 'errorNumber': PIN,
            'certificateOwner': {'owner': PIN, 'customReference': PIN}, 'certificateType': PIN}
        for read, kind in READERS:
            self.assertNotIn(PIN, repr(read(kind, data, (PIN,))))
            self.assertIsNone(read_row(kind, {'id': '12345678'}, ('12345678',)))

    def test_titles(self):
        """A reference, then what it is about, bounded; found again however it comes back."""
        self.assertTrue(REFERENCE_FORM.fullmatch(REFERENCE))
        self.assertEqual(TITLE, f"{REFERENCE} Procura Falegnameria Prova S.r.l.")
        self.assertEqual(make_title(REFERENCE, ''), REFERENCE)
        self.assertEqual(len(make_title(REFERENCE, "x" * 500)), len(REFERENCE) + 1 + LONGEST_SUBJECT)
        self.assertEqual(make_title(REFERENCE, "a\n\u202eb"), f"{REFERENCE} a b")
        for text, is_it in [
            (TITLE, True), (TITLE.upper(), True), (TITLE[:20], True), (f"Firma: {TITLE}", True), ('', False),
            (None, False), (make_title('p0o9i8u7z6t5r4e3', "Procura"), False), (5, False), ([REFERENCE], True),
        ]:
            self.assertEqual(has_reference(text, REFERENCE), is_it, text)
        self.assertFalse(has_reference(TITLE, ''))

    def test_what_is_sent_and_kept(self):
        body = make_request(PDF, TITLE)
        self.assertEqual(body['inputDocuments'], [
            {'sourceType': 'base64', 'payload': base64.b64encode(PDF).decode()}])
        self.assertEqual(body['options']['asyncSignature'], False)
        self.assertEqual(make_request(PDF, TITLE, is_awaited=False)['options']['asyncSignature'], True)
        self.assertNotIn('callback', body)
        for document in (b'', b'x' * (MAX_DOCUMENT + 1)):
            with self.assertRaises(NotSent):
                make_request(document, TITLE)
        self.assertTrue(make_request(b'x' * MAX_DOCUMENT, TITLE))
        kept = describe_request(PDF, TITLE, {'url': 'x'})
        self.assertEqual((kept['sha256'], kept['size']), (hashlib.sha256(PDF).hexdigest(), len(PDF)))
        self.assertNotIn(base64.b64encode(PDF).decode(), json.dumps(kept))
        self.assertEqual(kept.keys() - body.keys(), {'callback', 'sha256', 'size'})


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSignatureDataOverHttp(SignatureMixin, BaseCase):
    """The same through the client: JSON as it may come."""

    def test_odd_json(self):
        deep = '[' * 10**5
        for operation, call in CALLS.items():
            if operation.startswith('DELETE'):
                continue
            for body in (
                '', 'null', '5', '"x"', '{"data":', deep, '{"data": ' + deep, '{"data": [' + '9' * 10**5 + ']}',
                '\xff\xfe', '{"data": NaN}', '{"data": {"id": "\\ud800' + 'a' * 30 + '"}}',
                json.dumps({'success': 'yes', 'data': {}}), json.dumps({'success': None, 'data': {}}),
            ):
                self.answer(operation, body)
                with self.subTest(operation=operation, body=body[:30]), self.assertRaises(OutcomeUnknown):
                    call(self.client)
                self.sandbox.clear_faults()

import base64
import json

import requests

from odoo.tests import BaseCase, tagged

from sandbox_api import const, specification

from ..common import BODY as FILING
from ..common import CREATE, DOMAIN, LIST, P7M, PATCH
from ..common_mailbox import ACTIVATE, BUY, CHECK, MODIFY, STORE, TRANSFORM, USER
from ..common_specification import WireMixin
from ..tools.test_mailbox_client import NEW_USER
from .test_sandbox_mailboxes import BODY as MAILBOX
from .test_sandbox_mailboxes import MISSING, ONE, PDF, REFUSED, TOKEN

READ = 'GET /comunica_pec/{id}'
PROCURA = 'GET /comunica_pec/{id}/procura_registro_imprese'
DOCUMENT = base64.b64encode(P7M).decode()
# What the specification forbids somewhere, and allows elsewhere.
VALUES = (
    None, '', ' ', 'nonsense', 'x', '1500', 0, 5, 1500, -1024, 1.5, True, False, [], [5], [None], ['x'], {}, {'x': 1})
CALLBACKS = tuple({'url': 'http://127.0.0.1:9/', **wrong} for wrong in (
    {'url': 5}, {'url': None}, {'method': 'GET'}, {'method': 'post'}, {'field': None}, {'data': []}, {'data': 'x'}))
# Each operation with a body: one that nothing stands against, all keys filled in.
COMPLETE = {
    CREATE: {
        **FILING, 'callback': {
            'url': 'http://127.0.0.1:9/', 'method': 'JSON', 'field': 'data', 'data': {'reference': 'x'}}},
    PATCH: {'documenti': [DOCUMENT]},
    BUY: {
        **MAILBOX, 'tipo_casella': 'BRONZE', 'tipo_cliente': 'IM', 'sottotipo_cliente': 'X',
        'sottotipo_cliente_altro': 'altro', 'cellulare': '3401234518', 'comune_nascita_richiedente': 'Roma',
        'denominazione_titolare': 'prova', 'cf_piva_titolare': '12345678910', 'autorinnovo': True,
        'tipo_documento': 'PATENTE', 'numero_documento': 'X1', 'data_scadenza_documento': '29/02/2032',
        'documento_rilasciato_da': 'MIT', 'data_rilascio_documento': '29/02/2024',
        'callback': {'url': 'http://127.0.0.1:9/', 'method': 'POST', 'field': 'data', 'data': {}},
    },
    ACTIVATE: {'documenti': [PDF]},
    MODIFY: {'spazio_disco': 4096, 'spazio_storico': '+1024', 'spazio_conservazione': 1024},
    TRANSFORM: {'tipo_casella': 'GOLD'},
    STORE: {'documenti': PDF, 'spazio_conservazione': 1024},
    USER: NEW_USER,
}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSandboxSpecification(WireMixin, BaseCase):
    """The sandbox takes and tells what the vendor's specification allows.

    So no test sees more than the service would do.
    """

    def call(self, operation, body=None, query='', token=TOKEN, **parameters):
        method, path = operation.split(' ')
        return requests.request(
            method, self.sandbox.url + path.format(**parameters) + query, json=body,
            headers={'Authorization': f'Bearer {token}'},
            timeout=(5, 60))

    def prepare(self, operation):
        """Make the record that an operation is about; return its id."""
        self.sandbox.reset()
        if operation in (PATCH, CREATE):
            return self.sandbox.create_filings(1, 'in_attesa_di_documenti')[0]
        stored = {'conservazione': True, 'spazio_conservazione': 512} if operation == MODIFY else {}
        return self.sandbox.create_mailboxes(1, 'registrata' if operation == ACTIVATE else 'evasa', **stored)[0]

    # ------------------------------------------------------------ what is sent to it

    def test_examples_of_bodies(self):
        """The vendor's own examples are what the vendor allows, but for two values, which it takes all the same."""
        forbidden = {
            (operation, fault.place[0]): fault.value
            for operation, body in specification.get_examples_of_bodies().items()
            for fault in specification.find_faults_of_body(operation, body, deviations=())}
        self.assertEqual(forbidden, {(BUY, 'tipo_casella'): 'bronze', (BUY, 'sottotipo_cliente'): ''})
        self.assertEqual(
            {
                (operation, deviation.place[0]) for deviation in specification.LENIENCIES
                for operation in deviation.operations},
            set(forbidden))
        for operation, body in specification.get_examples_of_bodies().items():
            self.assertEqual(specification.find_faults_of_body(operation, body), [])
        self.assertEqual(self.call(BUY, specification.get_examples_of_bodies()[BUY]).status_code, 200)
        self.assertEqual(self.call(CREATE, specification.get_examples_of_bodies()[CREATE]).status_code, 200)

    def test_what_is_forbidden_is_refused(self):
        """Each field of each operation, with many a value: nothing that the specification forbids is executed."""
        self.assertEqual(COMPLETE.keys(), specification.get_examples_of_bodies().keys())
        for operation, complete in COMPLETE.items():
            record_id, before = self.prepare(operation), self.sandbox.stats()
            forbidden = [body for body in self.spoil(complete) if specification.find_faults_of_body(operation, body)]
            self.assertGreater(len(forbidden), 5, operation)
            for body in forbidden:
                response = self.call(operation, body, id=record_id)
                self.assertIn(response.status_code, (404, 406, 428), (operation, body))
                self.assertEqual(response.json()['data'], None)
            after = self.sandbox.stats()
            self.assertEqual(
                [after[key] for key in ('executed', 'credit')], [before[key] for key in ('executed', 'credit')])
            self.assertEqual(self.call(operation, complete, id=record_id).status_code, 200, operation)
        self.assert_wire(requests=False)

    def spoil(self, complete):
        """Bodies with one field spoiled each, or left out."""
        for field, value in complete.items():
            yield {key: complete[key] for key in complete if key != field}
            values = [*VALUES, *(CALLBACKS if field == 'callback' else [])]
            if isinstance(value, str):
                values += [value.lower(), value.upper()]
            for spoiled in values:
                yield {**complete, field: spoiled}

    def test_tables(self):
        """What the sandbox says again of the specification is the same."""
        schemas = specification.SPECIFICATION['components']['schemas']
        groups = {
            customer_type: tuple(text.partition(' - ')[0] for text in group.get('enum', ()))
            for customer_type, group in schemas['TipologieCliente']['properties'].items()}
        self.assertEqual(const.CLIENT_TYPES, groups)
        for schema, fields, required in [
            ('BodyPostComunicaPec', const.FILING_FIELDS, const.REQUIRED_FIELDS),
            ('BodyPostPec', const.MAILBOX_FIELDS, const.REQUIRED_MAILBOX_FIELDS),
            ('BodyPostMultiutenza', const.USER_FIELDS, const.USER_FIELDS),
        ]:
            self.assertEqual(set(fields), set(schemas[schema]['properties']))
            self.assertEqual(list(required), schemas[schema]['required'])
        self.assertEqual(list(const.MAILBOX_TYPES), schemas['BodyPostPec']['properties']['tipo_casella']['enum'])

    # ------------------------------------------------------------ what it answers

    def test_answers(self):
        """Each documented answer of each operation, and each that is the sandbox's own, is as the specification has it.
        """
        self.answer_for_mailboxes()
        self.answer_for_filings()
        self.answer_for_looks()
        self.assert_wire(requests=False)
        seen = {(exchange.operation, exchange.status) for exchange in self.wire}
        self.assertEqual(specification.get_documented_answers().keys() - seen, set())

    def answer_for_mailboxes(self):
        """Each operation on mailboxes: wrong ids, every refusal, bad tokens, success."""
        for method, path, body, _wrong, _missing in ONE:
            for mailbox_id in ('wrong', MISSING):
                self.call(f'{method} {path}', body, id=mailbox_id)
        for situation, method, path, body, *_expected in REFUSED:
            self.sandbox.reset()
            template = {'stato': 'evasa', **situation}
            credit, account = template.pop('credit', 1000), template.pop('account', 'mail')
            [mailbox_id] = self.sandbox.create_mailboxes(1, **template)
            self.sandbox.settings(credit=credit)
            path, _mark, query = path.partition('?')
            response = self.call(f'{method} {path}', body, _mark + query, f'{TOKEN}:{account}', id=mailbox_id)
            self.assertNotEqual(response.status_code, 200)
        for method, path, body, _wrong, _missing in ONE:
            operation = f'{method} {path}'
            mailbox_id = self.prepare(operation)
            self.assertEqual(self.call(operation, body, token='wrong', id=mailbox_id).status_code, 401)
            self.assertEqual(self.call(operation, COMPLETE.get(operation), id=mailbox_id).status_code, 200, operation)
            self.call('GET /pec/{id}', id=mailbox_id)
            self.call('GET /pec')
        self.call(BUY, MAILBOX)
        self.call(BUY, {**COMPLETE[BUY], 'casella_pec': 'altra@testcert.legalmail.it'})
        for mailbox in self.sandbox.mailboxes():
            self.call('GET /pec/{id}', id=mailbox['id'])

    def answer_for_filings(self):
        self.sandbox.reset()
        self.call(LIST)
        for record_id in ('wrong', MISSING):
            for operation in (READ, PATCH, PROCURA):
                self.call(operation, COMPLETE.get(operation), id=record_id)
        self.sandbox.settings(credit=1)
        for body in (FILING, {**FILING, 'casella_pec': 'no pec'}, {**FILING, 'qualifica': 'socio'}, {}, [1]):
            self.call(CREATE, body)
        self.sandbox.settings(credit=100)
        self.call(CREATE, FILING, token=f'{TOKEN}-readonly')
        for body in (FILING, COMPLETE[CREATE]):
            record_id = self.call(CREATE, body).json()['data']['id']
            self.call(PROCURA, id=record_id)
            self.call(PATCH, COMPLETE[PATCH], id=record_id)
            self.sandbox.set_stato('in_attesa_di_documenti')
            self.call(PROCURA, id=record_id)
            for documents in ({}, {'documenti': PDF}, COMPLETE[PATCH]):
                self.call(PATCH, documents, id=record_id)
            self.sandbox.set_stato('comunicazione_evasa')
            self.call(READ, id=record_id)
            self.call(LIST)

    def answer_for_looks(self):
        for domain in ('legalmail.it', 'example.com', 'no%20domain', ''):
            self.call(DOMAIN, dominio=domain)
        self.sandbox.settings(credit=0)
        self.call(DOMAIN, dominio='legalmail.it')
        # Which does not happen here by itself.
        self.sandbox.fault(DOMAIN, 'error_before', status=503, body={
            'success': False, 'message': 'service temporarily unavailable', 'error': 402, 'data': None})
        self.call(DOMAIN, dominio='legalmail.it')
        for address in ('a@legalmail.it', 'no%20pec', ''):
            self.call(CHECK, pec=address)

    def test_what_does_not_conform_is_seen(self):
        """The measure measures: answers that are wrong in one thing each."""
        envelope = {'success': True, 'message': '', 'error': None}
        for operation, status, media_type, body, place in [
            (READ, 200, 'application/json', {**envelope, 'data': {'timestamp': '5'}}, ('data', 'timestamp')),
            (READ, 200, 'application/json', {**envelope, 'data': {'stato': 'respinta'}}, ('data', 'stato')),
            (READ, 200, 'application/json', {**envelope, 'data': {'callback': []}}, ('data', 'callback')),
            (READ, 200, 'application/json', {**envelope, 'error': '5'}, ('error',)),
            (READ, 200, 'text/html', envelope, ('media type',)),
            (READ, 404, 'application/json', {'success': False, 'message': 'x', 'error': 334}, ()),
            (READ, 404, 'application/json', {'success': False, 'message': 'x', 'error': 'x', 'data': None}, ('error',)),
            (READ, 418, 'application/json', {}, ('status',)),
            (DOMAIN, 204, '', {}, ()),
        ]:
            content = json.dumps(body).encode()
            faults = specification.find_faults_of_answer(operation, status, media_type, content)
            self.assertEqual([fault.place for fault in faults], [place], (operation, body))
        [fault] = specification.find_faults_of_answer(READ, 200, 'application/json', b'{')
        self.assertIn('cannot be read', fault.problem)

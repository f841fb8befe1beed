import json
import socket
from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.api import client as client_module
from odoo.addons.l10n_it_openapi_pec.tools.api import mailbox_calls
from odoo.addons.l10n_it_openapi_pec.tools.api.client import PecClient
from odoo.addons.l10n_it_openapi_pec.tools.api.errors import (
    BadToken,
    Gone,
    NoCredit,
    NotFound,
    NotReady,
    NotSent,
    OutcomeUnknown,
    Refused,
    Throttled,
)

from ..common import DOMAIN, SandboxMixin
from ..common_mailbox import (
    ACTIVATE,
    ACTIVATION_FORM,
    BODY,
    BUY,
    CHECK,
    MAILBOX,
    MAILBOXES,
    MODIFY,
    RENEW,
    REVOKE,
    STORAGE_FORM,
    STORE,
    TRANSFORM,
    USER,
    make_pdf,
)

ID, NEW_ID = '6040e4613a716838dc4eee0e', '6045fdee3a716847a978a471'  # those of the specification
MISSING = '6040e4613a716838dc4eee0f'
PDF = make_pdf()

# ------------------------------------------------------------ the vendor's own examples, written out

LISTED = [
    {"id": ID, "casella_pec": "mypec@testcert.legalmail.it", "tipo_casella": "BRONZE", "stato": "revocata",
     "data_scadenza": "04/03/2022", "owner": "mail@domain.com", "timestamp": {
         "registrazione": 1614865504, "ultima_modifica": 1614868403, "evasione": 1614868312, "scadenza": 1646391493,
         "revoca": 1614868400}},
    {
        "id": "6040c9df3a716838dc4eede4", "casella_pec": "yourpec@testcert.legalmail.it", "tipo_casella": "STANDARD",
        "stato": "evasa",
     "data_scadenza": "04/03/2022", "owner": "mail@domain.com", "timestamp": {
         "registrazione": 1614858718, "ultima_modifica": 1614859181, "evasione": 1614859181, "scadenza": 1646391493}},
]
CREATED = {
    "casella_pec": "yourpec@testcert.legalmail.it", "tipo_casella": "BRONZE", "tipo_cliente": "PV",
    "sottotipo_cliente": "", "sottotipo_cliente_altro": "", "nome_richiedente": "mario", "cognome_richiedente": "rossi",
    "email": "mail@domain.com", "telefono": "0548798569", "codice_fiscale_richiedente": "RSSXXXXXXXX56E",
    "data_nascita_richiedente": "11/04/1982", "sesso_richiedente": "M", "nazione_nascita_richiedente": "IT",
    "provincia_nascita_richiedente": "RM", "denominazione_titolare": "", "cf_piva_titolare": "",
    "indirizzo_titolare": "via verdi 20", "comune_titolare": "roma", "cap_titolare": "00042", "nazione_titolare": "IT",
    "provincia_titolare": "rm",
    "callback": {"url": "https://your_domain.it/your_callback.php", "field": "data", "method": "POST", "data": {}},
    "dominio": "testcert.legalmail.it", "owner": "mail@domain.com",
    "timestamp": {"registrazione": 1615199724, "ultima_modifica": 1615199726}, "cellulare": "",
    "comune_nascita_richiedente": "", "cod_attivazione": "10174594", "uid": "MA178634", "conservazione": False,
    "data_scadenza": "", "descrizione": "prova.sviluppo@testcert.legalmail.it", "sms": False, "spazio_conservazione": 0,
    "spazio_disco": 0, "spazio_storico": 0, "stato": "registrata", "storico": False, "id": NEW_ID, "autorinnovo": False,
}
ACTIVATED = {
    **CREATED, "documenti_attivazione": [f"{NEW_ID}_0_attivazione.pdf", f"{NEW_ID}_1_attivazione.pdf"],
    "timestamp": {"registrazione": 1615199724, "ultima_modifica": 1615200175}, "stato": "in_evasione",
    "descrizione": "yourpec@testcert.legalmail.it",
}
UPGRADED = {
    **ACTIVATED, "sms": True, "tipo_casella": "GOLD", "stato": "evasa", "storico": True,
    "data_attivazione": "20/04/2021",
    "spazio_storico": 13312, "spazio_disco": 2048, "data_scadenza": "20/04/2022", "timestamp": {
        "registrazione": 1615199724, "evasione": 1615199724, "scadenza": 1646391493, "ultima_modifica": 1615200175},
}
STORED = {
    **UPGRADED, "conservazione": True, "documenti_conservazione": [f"{NEW_ID}_0_conservazione.pdf"],
    "spazio_conservazione": 1024}
ENLARGED = {**STORED, "spazio_storico": 14336, "spazio_disco": 3072, "spazio_conservazione": 1536}
RENEWED = {
    **CREATED, "cod_attivazione": "10173956", "sms": True, "uid": "MA177987", "stato": "evasa", "storico": True,
    "data_attivazione": "04/03/2021", "conservazione": True, "descrizione": "yourpec@testcert.legalmail.it",
    "spazio_storico": 3072,
    "spazio_disco": 3072, "spazio_conservazione": 512, "data_scadenza": "04/03/2022", "id": ID,
    "documenti_attivazione": [f"{ID}_0_attivazione.pdf", f"{ID}_1_attivazione.pdf"],
    "documenti_conservazione": [f"{ID}_0_conservazione.pdf", f"{ID}_1_conservazione.pdf"],
    "timestamp": {
        "registrazione": 1614865504, "ultima_modifica": 1614868403, "evasione": 1614868312, "scadenza": 1646391493},
    "multiutenza": [{
        "nome": "luca", "cognome": "bianchi", "descrizione": "prima utenza",
        "email_gestione_password": "mail@domain.com", "id_utenza": f"{ID}_0", "timestamp": {"attivazione": 1614868138},
        "userid": "MA177993"}],
}
REVOKED = {**RENEWED, "stato": "revocata", "timestamp": {**RENEWED["timestamp"], "revoca": 1614868400}}
NEW_USER = {
    "nome": "luca", "cognome": "bianchi", "descrizione": "prima utenza", "email_gestione_password": "mail@domain.com"}
SPACES = {"spazio_disco": 3072, "spazio_storico": 14336, "spazio_conservazione": 1536}

# What has a side effect: operation -> function (client, id) that calls it, and the answer of the specification.
CALLS = {
    BUY: (lambda client, remote_id: client.create_mailbox(BODY), CREATED),
    ACTIVATE: (lambda client, remote_id: client.activate_mailbox(remote_id, [PDF, PDF]), ACTIVATED),
    MODIFY: (lambda client, remote_id: client.add_space(remote_id, SPACES), ENLARGED),
    TRANSFORM: (lambda client, remote_id: client.upgrade_mailbox(remote_id, 'GOLD'), UPGRADED),
    STORE: (lambda client, remote_id: client.activate_storage(remote_id, [PDF], 1024), STORED),
    USER: (lambda client, remote_id: client.add_user(remote_id, NEW_USER), RENEWED),
    RENEW: (lambda client, remote_id: client.renew_mailbox(remote_id, 2), RENEWED),
    REVOKE: (lambda client, remote_id: client.revoke_mailbox(remote_id), REVOKED),
}
# What is only read.
READS = {
    MAILBOXES: lambda client, remote_id: client.list_mailboxes(),
    MAILBOX: lambda client, remote_id: client.get_mailbox(remote_id),
    CHECK: lambda client, remote_id: client.is_available('yourpec@testcert.legalmail.it'),
    ACTIVATION_FORM: lambda client, remote_id: client.get_activation_form(remote_id),
    STORAGE_FORM: lambda client, remote_id: client.get_storage_form(remote_id),
    DOMAIN: lambda client, remote_id: client.look_up_domain('legalmail.it'),
}
ALL = {**{operation: call for operation, (call, _answer) in CALLS.items()}, **READS}

CREDIT = "Insufficient Credit in Wallet: 182.03"
WRONG, UNKNOWN = (400, "Wrong id", NotFound), (404, "no pec found", NotFound)
NO_FORM = (406, "you cannot activate conservation if you do not first activate a pec")
# Every answer of the specification that is not a success: operation, HTTP status, error, message, class.
DOCUMENTED = [
    (DOMAIN, 402, 403, CREDIT, NoCredit), (DOMAIN, 406, 401, "domain not valid", Refused),
    (DOMAIN, 428, 400, "domain required", Refused),
    (DOMAIN, 503, 402, "service temporarily unavailable", OutcomeUnknown),
    (CHECK, 406, 208, "invalid casella_pec", Refused), (CHECK, 428, 207, "casella_pec required", Refused),
    (BUY, 402, 262, CREDIT, NoCredit),
    (BUY, 404, 326, "the domain $dominio is non-existent in the system or belongs to someone else", NotFound),
    (BUY, 406, 242, "data_nascita_richiedente not valid, accepted format: dd/mm/yyyy", Refused),
    (BUY, 428, 224, "tipo_casella required", Refused),
    (MAILBOX, 400, 201, *WRONG[1:]), (MAILBOX, 404, 202, *UNKNOWN[1:]),
    (REVOKE, 400, 301, *WRONG[1:]), (REVOKE, 404, 302, *UNKNOWN[1:]),
    (REVOKE, 406, 303, "your pec has already been revoked", Refused),
    (REVOKE, 428, 304, "you can revoke the pec only if it is active", Refused),
    (ACTIVATE, 400, 265, *WRONG[1:]), (ACTIVATE, 404, 266, *UNKNOWN[1:]),
    (ACTIVATE, 406, 296, "wrong file format, pdf required", Refused),
    (
        ACTIVATE, 428, 267, "you can activate the pec only when it is in the 'registrata|documenti_errati' state",
        Refused),
    (MODIFY, 400, 265, *WRONG[1:]), (MODIFY, 402, 290, CREDIT, NoCredit), (MODIFY, 404, 266, *UNKNOWN[1:]),
    (MODIFY, 406, 325, "the system only takes into account multiples of 1024", Refused),
    (MODIFY, 428, 282, "you must first activate the 'conservazione' service", Refused),
    (STORE, 400, 265, *WRONG[1:]), (STORE, 402, 297, CREDIT, NoCredit), (STORE, 404, 266, *UNKNOWN[1:]),
    (STORE, 406, 293, "conservazione service is already active", Refused),
    (STORE, 428, 294, "documenti required", Refused),
    (TRANSFORM, 400, 265, *WRONG[1:]), (TRANSFORM, 402, 279, CREDIT, NoCredit), (TRANSFORM, 404, 266, *UNKNOWN[1:]),
    (TRANSFORM, 406, 276, "a downgrade of the 'tipo_casella' is not allowed; only SILVER or GOLD allowed", Refused),
    (TRANSFORM, 428, 272, "you can trasform your certified mail only if it has been processed", Refused),
    (RENEW, 400, 201, *WRONG[1:]), (RENEW, 404, 202, *UNKNOWN[1:]),
    (RENEW, 428, 203, "you can renew only evaded or revoked pec", Refused),
    (USER, 400, 212, *WRONG[1:]), (USER, 402, 220, CREDIT, NoCredit), (USER, 404, 213, *UNKNOWN[1:]),
    (USER, 406, 217, "maximum number of users reached: 25", Refused),
    (USER, 428, 390, "this service cannot be activated on these boxes: DOMICILIODIGITALE|PECMASSIVA", Refused),
]
# The forms answer their errors as text.
DOCUMENTED_TEXTS = [
    (operation, status, message, error) for operation in (ACTIVATION_FORM, STORAGE_FORM) for status, message, error in [
        (400, "Invalid id", NotFound), (404, "no request matches this id:", NotFound), (*NO_FORM, NotReady)]
]
TEXT = {'Content-Type': 'text/plain'}


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMailboxClient(SandboxMixin, BaseCase):
    """The calls on mailboxes over a socket: each example of the specification, then everything that can go wrong."""

    def setUp(self):
        super().setUp()
        self.patch(client_module, 'READ_PAUSES', (0.0, 0.0))

    def answer(self, operation, data, **envelope):
        """Let the next call of an operation be answered with a success."""
        self.answer_with(operation, {'data': data, 'success': True, 'message': "", 'error': None, **envelope})

    def answer_with(self, operation, body, status=200, **options):
        self.sandbox.fault(operation, 'error_before', status=status, body=body, **options)

    def assert_asked_once(self, operation):
        """The one request of a test was this one: nothing was repeated, no redirect followed."""
        self.assertEqual(self.sandbox.stats()['requests'], {operation: 1})

    def take(self, remote_id=ID, stato='evasa', **template):
        """Make a mailbox that can be changed; return its id."""
        return self.sandbox.create_mailboxes(1, stato, tipo_casella='BRONZE', **template)[0]

    # ------------------------------------------------------------ the vendor's own examples

    def test_example_list(self):
        self.answer(MAILBOXES, LISTED)
        first, second = self.client.list_mailboxes()
        self.assertEqual(first, {
            'id': ID, 'casella_pec': 'mypec@testcert.legalmail.it', 'tipo_casella': 'BRONZE', 'stato': 'revocata',
            'data_scadenza': date(2022, 3, 4), 'timestamp': 1614865504, 'times': LISTED[0]['timestamp'],
            'owner': 'mail@domain.com'})
        self.assertEqual((second['stato'], second['times']), ('evasa', LISTED[1]['timestamp']))

    def test_example_empty_list(self):
        self.answer_with(MAILBOXES, {
            'success': False, 'message': "no pec linked to this account", 'error': 200, 'data': None}, status=404)
        self.assertEqual(self.client.list_mailboxes(), [])
        self.assertEqual(self.client.list_mailboxes(), [], "the sandbox says the same")

    def test_examples_of_calls(self):
        for operation, (call, example) in CALLS.items():
            with self.subTest(operation=operation):
                self.sandbox.reset()
                self.answer(operation, example)
                record = call(self.client, example['id'])
                self.assert_example(record, example)
                self.assert_asked_once(operation)

    def test_example_one(self):
        self.answer(MAILBOX, REVOKED)
        record = self.client.get_mailbox(ID)
        self.assert_example(record, REVOKED)
        self.assertEqual(
            record['multiutenza'],
            [{**NEW_USER, 'id_utenza': f'{ID}_0', 'userid': 'MA177993', 'activated_at': 1614868138}])
        self.assertEqual(record['times']['revoca'], 1614868400)

    def assert_example(self, record, example):
        """The record is the example, but for what is read as dates, times and users."""
        for key, value in example.items():
            if key.startswith('data_'):
                self.assertEqual(record[key], mailbox_calls.read_date(value), key)
                self.assertEqual(mailbox_calls.write_date(record[key]), value)
            elif key == 'timestamp':
                self.assertEqual((record['times'], record['timestamp']), (value, value['registrazione']))
            elif key == 'multiutenza':
                self.assertEqual([user['id_utenza'] for user in record[key]], [user['id_utenza'] for user in value])
            else:
                self.assertEqual(record[key], value, key)

    def test_examples_of_looks(self):
        for example, expected in [({'available': True}, True), ({'available': False}, False)]:
            self.answer(CHECK, example)
            self.assertIs(self.client.is_available('yourpec@testcert.legalmail.it'), expected)
        for message in ("casella_pec not available", "Not available", "this pec is NOT AVAILABLE: choose another"):
            self.sandbox.fault(CHECK, 'error_before', status=406, body={
                'success': False, 'message': message, 'error': 208, 'data': None})
            self.assertIs(self.client.is_available('yourpec@testcert.legalmail.it'), False)
        for status, message in ((406, "invalid casella_pec"), (428, "not available"), (406, "")):
            self.sandbox.fault(CHECK, 'error_before', status=status, body={
                'success': False, 'message': message, 'error': 208, 'data': None})
            with self.assertRaises(Refused):
                self.client.is_available('yourpec@testcert.legalmail.it')
        self.answer(DOMAIN, [], message="legalmail.it found!")
        self.assertIs(self.client.look_up_domain('legalmail.it'), True)
        self.sandbox.fault(DOMAIN, 'error_before', status=204, body='')
        self.assertIs(self.client.look_up_domain('example.com'), False)

    def test_what_is_sent(self):
        """Method, path and body of each call are those of the specification."""
        encoded = mailbox_calls.MailboxCalls._encode([PDF])[0]
        expected = {
            BUY: BODY, ACTIVATE: {'documenti': [len(encoded)] * 2}, MODIFY: SPACES, TRANSFORM: {'tipo_casella': 'GOLD'},
            STORE: {'spazio_conservazione': 1024, 'documenti': [len(encoded)]}, USER: NEW_USER, RENEW: None,
            REVOKE: None,
        }
        for operation, (call, example) in CALLS.items():
            with self.subTest(operation=operation):
                self.sandbox.reset()
                self.answer(operation, example)
                call(self.client, example['id'])
                [request] = self.sandbox.requests()
                method, path = operation.replace('{id}', example['id']).split()
                self.assertEqual(
                    (request['method'], request['path']), (method, path + ('?anni=2' if operation == RENEW else '')))
                self.assertEqual(request['body'], expected[operation])
                self.assertEqual(request['account'], 'mail', "the token opens the account")

    def test_what_the_sandbox_keeps(self):
        """The whole life of a mailbox, truly executed."""
        client = self.client
        address = BODY['casella_pec']
        self.assertTrue(client.is_available(address))
        mailbox_id = client.create_mailbox(BODY)['id']
        self.assertFalse(client.is_available(address))
        self.assertTrue(client.get_activation_form(mailbox_id).startswith(b'%PDF'))
        self.assertEqual(client.activate_mailbox(mailbox_id, [PDF, PDF])['stato'], 'in_evasione')
        self.sandbox.change_mailboxes(stato='evasa')
        expiry = client.get_mailbox(mailbox_id)['data_scadenza']
        self.assertEqual(client.renew_mailbox(mailbox_id, 2)['data_scadenza'], expiry.replace(year=expiry.year + 2))
        self.assertEqual(client.upgrade_mailbox(mailbox_id, 'GOLD')['tipo_casella'], 'GOLD')
        self.assertTrue(client.get_storage_form(mailbox_id).startswith(b'%PDF'))
        self.assertEqual(client.activate_storage(mailbox_id, [PDF], 1024)['spazio_conservazione'], 1024)
        record = client.add_space(mailbox_id, SPACES)
        self.assertEqual({key: record[key] for key in SPACES}, SPACES)
        self.assertEqual([user['nome'] for user in client.add_user(mailbox_id, NEW_USER)['multiutenza']], ['luca'])
        self.assertEqual(client.revoke_mailbox(mailbox_id)['stato'], 'revocata')
        self.assertEqual(client.renew_mailbox(mailbox_id, 1)['stato'], 'evasa')
        self.assertEqual(
            {operation: self.sandbox.executed(operation) for operation in CALLS}, {**dict.fromkeys(CALLS, 1), RENEW: 2})

    # ------------------------------------------------------------ every documented refusal

    def assert_raises(self, operation, error_class, status, code, message):
        with self.assertRaises(Refused if error_class is not OutcomeUnknown else OutcomeUnknown) as raised:
            ALL[operation](self.client, ID)
        error = raised.exception
        self.assertEqual(
            (type(error), error.status, error.code or None, error.message), (error_class, status, code, message))
        self.assert_asked_once(operation)

    def test_documented_refusals(self):
        for operation, status, code, message, error_class in DOCUMENTED:
            with self.subTest(operation=operation, status=status):
                self.sandbox.reset()
                self.answer_with(
                    operation, {'success': False, 'message': message, 'error': code, 'data': None}, status=status)
                if error_class is OutcomeUnknown:  # a 5xx may have been executed, whatever it says
                    self.assert_raises(operation, error_class, status, None, (
                        "The service answered with HTTP status 503 and nothing that can be read"))
                else:
                    self.assert_raises(
                        operation, Gone if (status, code) == (404, 202) else error_class, status, code, message)

    def test_documented_texts(self):
        for operation, status, message, error_class in DOCUMENTED_TEXTS:
            with self.subTest(operation=operation, status=status):
                self.sandbox.reset()
                self.answer_with(operation, message, status=status, headers=TEXT)
                expected = "The document does not exist yet" if error_class is NotReady else message
                self.assert_raises(operation, error_class, status, None, expected)

    def test_true_refusals(self):
        """The same, where the sandbox can be brought to them."""
        client, active = self.client, self.take()
        registered = self.take(stato='registrata', casella_pec='new@testcert.legalmail.it')
        simple = self.sandbox.create_mailboxes(
            1, casella_pec='a@test.domiciliodigitale.com', tipo_casella='DOMICILIODIGITALE')[0]
        full = self.take(casella_pec='full@testcert.legalmail.it', multiutenza=[NEW_USER] * 25)
        stored = self.take(casella_pec='stored@testcert.legalmail.it', conservazione=True)
        revoked = self.take(stato='revocata', casella_pec='revoked@testcert.legalmail.it')
        for call, error_class, status, code in [
            *((lambda call=call: call(client, 'wrong'), NotFound, 400, code) for call, code in self.with_id(0)),
            *(
                (lambda call=call: call(client, MISSING), Gone if code == 202 else NotFound, 404, code)
                for call, code in self.with_id(1)),
            (lambda: client.is_available('no pec'), Refused, 406, 208),
            (lambda: client.is_available(''), Refused, 428, 207),
            (lambda: client.create_mailbox({**BODY, 'tipo_casella': ''}), Refused, 428, 224),
            (lambda: client.create_mailbox({**BODY, 'data_nascita_richiedente': '1982-04-11'}), Refused, 406, 242),
            (lambda: client.create_mailbox({**BODY, 'casella_pec': 'a@legalmail.example'}), NotFound, 404, 326),
            (lambda: client.revoke_mailbox(revoked), Refused, 406, 303),
            (lambda: client.revoke_mailbox(registered), Refused, 428, 304),
            (lambda: client.activate_mailbox(active, [PDF]), Refused, 428, 267),
            (lambda: client.activate_mailbox(registered, [b'no PDF']), Refused, 406, 296),
            (lambda: client.add_space(active, {'spazio_disco': 3000}), Refused, 406, 325),
            (lambda: client.add_space(active, {'spazio_conservazione': 512}), Refused, 428, 282),
            (lambda: client.upgrade_mailbox(active, 'STANDARD'), Refused, 406, 276),
            (lambda: client.upgrade_mailbox(registered, 'GOLD'), Refused, 428, 272),
            (lambda: client.activate_storage(stored, [PDF], 512), Refused, 406, 293),
            (lambda: client.activate_storage(active, [], 512), Refused, 428, 294),
            (lambda: client.add_user(full, NEW_USER), Refused, 406, 217),
            (lambda: client.add_user(simple, NEW_USER), Refused, 428, 390),
            (lambda: client.renew_mailbox(registered, 1), Refused, 428, 203),
            (lambda: client.get_storage_form(registered), NotReady, 406, ''),
            (lambda: client.get_activation_form(revoked), NotReady, 406, ''),
        ]:
            with self.subTest(status=status, code=code), self.assertRaises(Refused) as raised:
                call()
            error = raised.exception
            self.assertEqual((type(error), error.status, error.code or ''), (error_class, status, code))
        self.assertEqual(self.sandbox.stats()['executed'], {})
        self.sandbox.settings(credit=1)
        for operation, code in {BUY: 262, MODIFY: 290, TRANSFORM: 279, STORE: 297, USER: 220}.items():
            with self.subTest(operation=operation), self.assertRaises(NoCredit) as raised:
                if operation == MODIFY:
                    client.add_space(active, {'spazio_disco': 4096})
                else:
                    CALLS[operation][0](PecClient('sandbox-token', self.sandbox.url), active)
            self.assertEqual((raised.exception.status, raised.exception.code), (402, code))
        self.assertEqual(self.sandbox.stats()['executed'], {})

    @staticmethod
    def with_id(number):
        """Each call on one mailbox, and its number for a wrong (0) or missing (1) id."""
        codes = {
            MAILBOX: (201, 202), ACTIVATION_FORM: ('', ''), STORAGE_FORM: ('', ''), ACTIVATE: (265, 266),
            MODIFY: (265, 266), TRANSFORM: (265, 266), STORE: (265, 266), USER: (212, 213), RENEW: (201, 202),
            REVOKE: (301, 302),
        }
        return [(ALL[operation], pair[number]) for operation, pair in codes.items()]

    def test_bad_tokens_and_scopes(self):
        for status, code, message in [
                (401, 125.22, "Wrong Token"), (403, 125.25, "Missing scope"), (403, '125.25', "API not enabled")]:
            for operation in ALL:
                with self.subTest(operation=operation, status=status):
                    self.sandbox.reset()
                    self.answer_with(operation, {'success': False, 'message': message, 'error': code}, status=status)
                    self.assert_raises(operation, BadToken, status, code, message)
        for operation, (call, _example) in CALLS.items():
            with self.subTest(operation=operation), self.assertRaises(BadToken):
                call(PecClient('wrong', self.sandbox.url), ID)
        for operation in set(CALLS) - {RENEW}:
            with self.subTest(operation=operation), self.assertRaises(BadToken):
                CALLS[operation][0](PecClient('sandbox-token-readonly', self.sandbox.url), ID)

    def test_both_forms_of_no_credit(self):
        for operation, (call, _example) in CALLS.items():
            for message, needed, available in [
                (CREDIT, None, None), ("Insufficient Credit in Wallet: 0.7 > 0.6", 0.7, 0.6),
                ("Insufficient Credit in Wallet: 11,00 > 0", 11, 0),
            ]:
                self.answer_with(operation, {'success': False, 'message': message, 'error': '262'}, status=402)
                with self.assertRaises(NoCredit) as raised:
                    call(self.client, ID)
                self.assertEqual(
                    (raised.exception.needed, raised.exception.available, raised.exception.code),
                    (needed, available, '262'))

    def test_throttled(self):
        for operation, (call, _example) in CALLS.items():
            with self.subTest(operation=operation):
                self.sandbox.reset()
                self.answer_with(operation, "slower", status=429, headers={'Retry-After': '7'})
                with self.assertRaises(Throttled) as raised:
                    call(self.client, ID)
                self.assertEqual(raised.exception.retry_after, 7)
                self.assert_asked_once(operation)

    # ------------------------------------------------------------ a call is never repeated, never redirected

    def test_never_repeated_never_redirected(self):
        for operation, (call, _example) in CALLS.items():
            for fault, options in [
                ('redirect', {'location': f'{self.sandbox.url}/pec'}),
                ('redirect', {'location': 'http://127.0.0.1:9/', 'status': 307}),
                ('error_before', {'status': 503}), ('error_before', {'status': 500}), ('drop_before', {}),
                ('drop_after', {}),
                ('truncate', {}), ('error_after', {'status': 502}), ('wrong_json', {}), ('wrong_shape', {}),
                ('not_envelope_4xx', {'status': 400}), ('error_before', {'status': 204, 'body': ''}),
                (
                    'error_before', {
                        'status': 503, 'body': {'success': False, 'error': 402, 'message': "x", 'data': None}}),
                ('error_before', {'status': 400, 'body': {'success': True, 'error': None, 'data': {'id': ID}}}),
                (
                    'error_before', {
                        'status': 200, 'body': {'success': False, 'error': 262, 'message': "x", 'data': None}}),
            ]:
                with self.subTest(operation=operation, fault=fault, **options):
                    self.sandbox.reset()
                    remote_id = self.take(
                        stato='registrata' if operation == ACTIVATE else 'evasa', casella_pec='x@testcert.legalmail.it',
                        conservazione=operation == MODIFY)
                    self.sandbox.fault(operation, fault, **options)
                    with self.assertRaises(OutcomeUnknown):
                        call(self.client, remote_id)
                    self.assert_asked_once(operation)
                    is_executed = fault in ('drop_after', 'truncate', 'error_after', 'wrong_json', 'wrong_shape')
                    self.assertEqual(
                        self.sandbox.executed(operation), int(is_executed), "so the test is about what it says")

    def test_time_is_bounded(self):
        remote_id = self.take()
        self.patch(client_module, 'READ_TIMEOUT', 0.3)
        for operation in (RENEW, REVOKE):
            self.sandbox.fault(operation, 'delay_after', seconds=1)
            with self.assertRaises(OutcomeUnknown):
                CALLS[operation][0](self.client, remote_id)
        self.patch(client_module, 'READ_TIMEOUT', 5.0)
        self.patch(client_module, 'CALL_TIMEOUT', 0.8)
        self.sandbox.fault(RENEW, 'slow_body', seconds=30)
        with self.assertRaises(OutcomeUnknown):
            CALLS[RENEW][0](self.client, remote_id)
        self.assertEqual((self.sandbox.requested(RENEW), self.sandbox.requested(REVOKE)), (2, 1))

    def test_availability_is_asked_once_and_quickly(self):
        """Somebody waits for it while typing."""
        self.patch(mailbox_calls, 'CHECK_SECONDS', 0.5)
        for fault, options in [
            ('delay_before', {'seconds': 1.5}), ('drop_before', {}), ('error_before', {'status': 500}),
            ('wrong_shape', {}),
        ]:
            with self.subTest(fault=fault):
                self.sandbox.reset()
                self.sandbox.fault(CHECK, fault, **options)
                with self.assertRaises(OutcomeUnknown):
                    self.client.is_available('yourpec@testcert.legalmail.it')
                self.assert_asked_once(CHECK)

    def test_not_sent(self):
        with socket.create_server(('127.0.0.1', 0)) as closed:
            port = closed.getsockname()[1]
        client = PecClient('sandbox-token', f'http://127.0.0.1:{port}')
        for operation, call in ALL.items():
            with self.subTest(operation=operation), self.assertRaises(NotSent):
                call(client, ID)
        self.assertEqual(self.sandbox.stats()['requests'], {})

    def test_reads_are_repeated(self):
        remote_id = self.take()
        for operation in (MAILBOXES, MAILBOX, ACTIVATION_FORM, STORAGE_FORM):
            for fault, options in [('drop_before', {}), ('error_before', {'status': 500}), ('truncate', {}),
                                   ('error_before', {'status': 429, 'headers': {'Retry-After': '0'}})]:
                with self.subTest(operation=operation, fault=fault):
                    self.sandbox.fault(operation, fault, times=2, **options)
                    self.assertTrue(READS[operation](self.client, remote_id))
            self.sandbox.fault(operation, 'error_before', status=500, times=-1)
            with self.subTest(operation=operation), self.assertRaises(OutcomeUnknown):
                READS[operation](self.client, remote_id)

    # ------------------------------------------------------------ hostile answers

    def test_answers_without_a_mailbox(self):
        """After a call that may have been paid, what holds no mailbox tells nothing."""
        for operation, call in {
                **{operation: call for operation, (call, _example) in CALLS.items()}, MAILBOX: READS[MAILBOX]}.items():
            for data in (
                    None, False, True, 0, [], [REVOKED], "text", {}, {'id': None}, {'id': 5}, {'id': ['x']}, {'id': ''},
                    {'id': '../../x'}, {'id': 'x' * 65}, {'id': ID + '\n'}, {'id': 'è'}):
                with self.subTest(operation=operation, data=data):
                    self.answer(operation, data)
                    with self.assertRaises(OutcomeUnknown):
                        call(self.client, ID)
        for body in (
                '[' * 100000, '[]', '"x"', 'null', '{"success": "true", "data": {}}', '', '\x00',
                '{"data": {"id": "x"}}'):
            with self.subTest(body=body[:20]):
                self.answer_with(RENEW, body)
                with self.assertRaises(OutcomeUnknown):
                    CALLS[RENEW][0](self.client, ID)

    def test_another_mailbox_than_asked(self):
        """The answer speaks of another mailbox: what became of ours is not known."""
        for operation in set(CALLS) - {BUY}:
            call, example = CALLS[operation]
            for other in (MISSING, ID.upper(), 'x'):
                with self.subTest(operation=operation, other=other):
                    self.sandbox.reset()
                    self.answer(operation, {**example, 'id': other})
                    with self.assertRaises(OutcomeUnknown):
                        call(self.client, ID)
                    self.assert_asked_once(operation)
        for address in ('other@testcert.legalmail.it', '', None, 5):
            with self.subTest(address=address):
                self.sandbox.reset()
                self.answer(BUY, {**CREATED, 'casella_pec': address})
                with self.assertRaises(OutcomeUnknown):
                    CALLS[BUY][0](self.client, ID)
                self.assert_asked_once(BUY)
        self.answer(BUY, {**CREATED, 'casella_pec': CREATED['casella_pec'].upper()})
        self.assertEqual(CALLS[BUY][0](self.client, ID)['id'], NEW_ID)
        self.answer(MAILBOX, {**REVOKED, 'id': MISSING})
        with self.assertRaises(OutcomeUnknown):
            self.client.get_mailbox(ID)

    def read_as(self, **values):
        """Read the specification's example with some values changed."""
        # Text, so that what JSON can hold beyond Unicode travels as it is.
        self.answer_with(MAILBOX, json.dumps({'success': True, 'data': {**REVOKED, **values}}))
        return self.client.get_mailbox(ID)

    def test_dates_that_are_none(self):
        for text in (
                '31/02/2026', '29/02/2027', '00/01/2026', '01/13/2026', '01/01/0000', '2026-01-01', '1/1/2026',
                '01/01/26', '01-01-2026', ' 01/01/2026', '01/01/2026\n', '01/01/20260', '٠١/٠١/٢٠٢٦', '', None, False,
                0, 1646391493, ['01/01/2026'], {}):
            with self.subTest(text=text):
                self.assertIsNone(self.read_as(data_scadenza=text)['data_scadenza'])
                self.answer(MAILBOXES, [{**LISTED[0], 'data_scadenza': text}])
                self.assertIsNone(self.client.list_mailboxes()[0]['data_scadenza'])
        self.assertEqual(self.read_as(data_scadenza='29/02/2028')['data_scadenza'], date(2028, 2, 29))
        self.assertEqual(self.read_as(data_scadenza='31/12/9999')['data_scadenza'], date(9999, 12, 31))
        self.assertEqual(self.read_as(data_scadenza='01/01/0001')['data_scadenza'], date(1, 1, 1))

    def test_numbers(self):
        for value, expected in [
            (3072, 3072), ('3072', 3072), ('0', 0), (0, 0), (2**31 - 1, 2**31 - 1), (2**31, 0), (10**40, 0),
            ('9' * 12, 0), (-1, 0), ('-1', 0), (3072.0, 0), (1e400, 0), (True, 0), ('٣٠٧٢', 0), ('3072 ', 0),
            ('+1024', 0), ('', 0), (None, 0), ([], 0), ({}, 0), ('x' * 1000, 0),
        ]:
            with self.subTest(value=value):
                record = self.read_as(spazio_disco=value, spazio_storico=value, spazio_conservazione=value)
                self.assertEqual([record[key] for key in SPACES], [expected] * 3)
        for value, expected in [
            (1646391493, 1646391493), ('1646391493', 1646391493), (0, None), (-5, None), (10**20, None), (1.5, None),
            (True, None), ('soon', None), (None, None), ([1], None), ('٣', None), ({}, None),
        ]:
            with self.subTest(value=value):
                record = self.read_as(timestamp={'registrazione': value, 'ultima_modifica': value, 'unknown': value})
                self.assertEqual(
                    record['times'], dict.fromkeys(('registrazione', 'ultima_modifica', 'unknown'), expected))
                self.assertEqual(record['timestamp'], expected)
        for value in (None, [], 'x', 1646391493, True):
            self.assertEqual(
                (self.read_as(timestamp=value)['times'], self.read_as(timestamp=value)['timestamp']), ({}, None))

    def test_texts(self):
        """What is no text counts as none; what is has one line, a length, and characters that a database takes."""
        for value, expected in [
            ("a\r\n\x00b\x1b[0m", "a b [0m"), ("\ud800x", "?x"), ("x" * 10000, "x" * 500), (None, ''), (5, ''),
            (['x'], ''), ({'a': 1}, ''), (" è ", "è"), ("<b>", "<b>"), ("RSSMRA80A01H501U", "RSSMRA80A01H501U"),
        ]:
            with self.subTest(value=value):
                record = self.read_as(
                    nome_richiedente=value, casella_pec=value, cod_attivazione=value, owner=value, unknown=value,
                    documenti_attivazione=[value],
                    multiutenza=[{'nome': value, 'id_utenza': value, 'timestamp': value}])
                for key in ('nome_richiedente', 'casella_pec', 'cod_attivazione', 'owner', 'unknown'):
                    self.assertEqual(record[key], expected, key)
                self.assertEqual(record['documenti_attivazione'], [expected])
                self.assertEqual(
                    (record['multiutenza'][0]['nome'], record['multiutenza'][0]['id_utenza']), (expected, expected))
                self.assertEqual(
                    (record['multiutenza'][0]['userid'], record['multiutenza'][0]['activated_at']), ('', None))
        for stato, expected in [
                ("evasa\n", "evasa"), ("EVASA", "EVASA"), (None, ''), (5, '5'), ("\ud800", '?'),
                ("x" * 999, "x" * 500)]:
            self.assertEqual(self.read_as(stato=stato)['stato'], expected)
        for tipo, expected in [("bronze", "BRONZE"), (None, ''), (7, ''), ("\x00gold", "GOLD")]:
            self.assertEqual(self.read_as(tipo_casella=tipo)['tipo_casella'], expected)

    def test_lists_within_a_record(self):
        users = [{**NEW_USER, 'id_utenza': str(number)} for number in range(5000)]
        record = self.read_as(
            multiutenza=users, documenti_attivazione=['x' * 2000] * 5000, documenti_conservazione=[None, 5, ['x'], 'y'])
        self.assertEqual((len(record['multiutenza']), len(record['documenti_attivazione'])), (100, 100))
        self.assertEqual(
            (len(record['documenti_attivazione'][0]), record['documenti_conservazione']), (500, ['', '', '', 'y']))
        for value in (None, {}, 'x', 5, {'0': NEW_USER}):
            record = self.read_as(multiutenza=value, documenti_attivazione=value)
            self.assertEqual((record['multiutenza'], record['documenti_attivazione']), ([], []))
        self.assertEqual(self.read_as(multiutenza=[None, 'x', 5, [], {}])['multiutenza'], [{
            **dict.fromkeys((*NEW_USER, 'id_utenza', 'userid'), ''), 'activated_at': None}])
        self.answer_with(MAILBOX, {'success': True, 'data': {'id': ID}})
        record = self.client.get_mailbox(ID)
        self.assertEqual(
            (record['stato'], record['spazio_disco'], record['multiutenza'], record['data_scadenza']),
            ('', 0, [], None))

    def test_hostile_lists(self):
        for data in ({'a': 1}, None, 'x', 5, True):
            with self.subTest(data=data):
                self.answer(MAILBOXES, data)
                with self.assertRaises(OutcomeUnknown):
                    self.client.list_mailboxes()
        self.answer(MAILBOXES, [None, 'x', 5, [], {}, {'id': None}, {'id': '../x'}, {'id': ID}, LISTED[1]])
        first, second = self.client.list_mailboxes()
        self.assertEqual(first, {
            'id': ID, 'casella_pec': '', 'tipo_casella': '', 'stato': '', 'data_scadenza': None, 'times': {},
            'timestamp': None, 'owner': ''})
        self.assertEqual(second['stato'], 'evasa')
        self.answer(MAILBOXES, [{**LISTED[0], 'id': f'{number:024x}'} for number in range(20000)])
        self.assertEqual(len(self.client.list_mailboxes()), 20000)
        self.patch(client_module, 'MAX_ANSWER_SIZE', 1000)
        self.sandbox.create_mailboxes(100)
        with self.assertRaises(OutcomeUnknown):
            self.client.list_mailboxes()

    def test_hostile_looks(self):
        for data in (
                None, [], True, 'true', {}, {'available': None}, {'available': 'true'}, {'available': 1},
                {'available': [True]}):
            with self.subTest(data=data):
                self.answer(CHECK, data)
                with self.assertRaises(OutcomeUnknown):
                    self.client.is_available('a@testcert.legalmail.it')
        for operation in (ACTIVATION_FORM, STORAGE_FORM):
            for content in (
                    "<html>no pdf", "", "PDF", "%PDF<html>", "<html>%PDF-1.7",
                    json.dumps({'success': True, 'data': "%PDF"})):
                with self.subTest(operation=operation, content=content):
                    self.sandbox.fault(operation, 'error_before', times=3, status=200, body=content)
                    with self.assertRaises(OutcomeUnknown):
                        READS[operation](self.client, ID)

    def test_addresses_and_identifiers_stay_one_segment(self):
        """What is put into a path cannot lead elsewhere."""
        for value in ('../rinnovo', 'x/rinnovo?anni=5', 'x?y', 'x#y', 'a b', 'è', '%2e%2e', '\n'):
            with self.subTest(value=value):
                self.sandbox.reset()
                with self.assertRaises(NotFound):
                    self.client.get_mailbox(value)
                self.assertEqual(set(self.sandbox.stats()['requests']), {MAILBOX})
                self.sandbox.reset()
                with self.assertRaises(Refused):
                    self.client.is_available(value)
                self.assertEqual(set(self.sandbox.stats()['requests']), {CHECK})

    def test_nothing_secret_in_errors(self):
        message = "bad RSSMRA80A01H501U 12485671007 sandbox-token <b>\n\x00" + 'x' * 1000
        for operation, (call, _example) in CALLS.items():
            self.answer_with(operation, {'success': False, 'message': message, 'error': message}, status=406)
            # With a code that nobody documents: whether it was executed is not known.
            with self.subTest(operation=operation), self.assertRaises(OutcomeUnknown) as raised:
                call(self.client, ID)
            for text in (raised.exception.message, raised.exception.code):
                self.assertTrue(text.startswith("bad *** *** *** <b> "), text)
                self.assertLessEqual(len(text), 500)

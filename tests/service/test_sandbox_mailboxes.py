import base64
import http.server
import json
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import requests

from odoo.tests import BaseCase, tagged

from ..common import Sandbox, SandboxMixin
from ..common_mailbox import BODY

TOKEN = 'sandbox-token'
MISSING = '6040e4613a716838dc4eee0e'
REQUIRED = [
    'casella_pec', 'tipo_casella', 'tipo_cliente', 'nome_richiedente', 'cognome_richiedente', 'email', 'telefono',
    'codice_fiscale_richiedente', 'data_nascita_richiedente', 'sesso_richiedente', 'nazione_nascita_richiedente',
    'indirizzo_titolare', 'comune_titolare', 'cap_titolare', 'nazione_titolare', 'provincia_titolare',
]
USER = {
    'nome': 'luca', 'cognome': 'bianchi', 'descrizione': 'prima utenza', 'email_gestione_password': 'mail@domain.com'}
PDF = base64.b64encode(b'%PDF-1.5\n%\xe2\xe3\xcf\xd3\n7 0 obj').decode()
NO_PDF = base64.b64encode(b'no PDF').decode()
FORM, STORAGE_FORM = '/pec/{id}/modulo_attivazione', '/pec/{id}/modulo_conservazione'
ACTIVATE, RESIZE, TRANSFORM = '/pec/{id}/attivazione', '/pec/{id}/modifica', '/pec/{id}/trasformazione'
STORE, USERS, RENEW = '/pec/{id}/conservazione', '/pec/{id}/multiutenza', '/pec/{id}/rinnovo'

NOT_ACTIVE = {'stato': 'registrata'}
SIMPLE = {'tipo_casella': 'PECMASSIVA'}
STORED = {'conservazione': True, 'spazio_conservazione': 512}
FULL = {'multiutenza': [USER] * 25}
DOCUMENTS = {'documenti': PDF}
NO_CREDIT = "Insufficient Credit in Wallet: {missing}"
MULTIPLES = "the system only takes into account multiples of {unit}"
SIMPLE_TEXT = "this service cannot be activated on these boxes: DOMICILIODIGITALE|PECMASSIVA"
STORAGE_TEXT = "you cannot activate conservation if you do not first activate a pec"
# Each operation on one mailbox: a body that is right, then the numbers of a wrong and of a missing id; None: in plain
# text.
ONE = [
    ('GET', '/pec/{id}', None, 201, 202), ('DELETE', '/pec/{id}', None, 301, 302), ('GET', FORM, None, None, None),
    ('PATCH', ACTIVATE, DOCUMENTS, 265, 266), ('PATCH', RESIZE, {'spazio_disco': '+1024'}, 265, 266),
    ('PATCH', TRANSFORM, {'tipo_casella': 'GOLD'}, 265, 266), ('PATCH', STORE, DOCUMENTS, 265, 266),
    ('GET', STORAGE_FORM, None, None, None), ('POST', USERS, USER, 212, 213), ('GET', RENEW, None, 201, 202),
]
# The mailbox that there is, an evasa BRONZE but for what is said; method, path, body; status, number, message.
REFUSED = [
    # documented
    ({}, 'GET', '/verifica_pec/', None, 428, 207, "casella_pec required"),
    ({}, 'GET', '/verifica_pec/no%20pec', None, 406, 208, "invalid casella_pec"),
    ({'account': 'other'}, 'GET', '/pec', None, 404, 200, "no pec linked to this account"),
    ({}, 'POST', '/pec', {**BODY, 'tipo_casella': ''}, 428, 224, "tipo_casella required"),
    ({}, 'POST', '/pec', {**BODY, 'data_nascita_richiedente': '1982-04-11'}, 406, 242,
     "data_nascita_richiedente not valid, accepted format: dd/mm/yyyy"),
    ({}, 'POST', '/pec', {**BODY, 'casella_pec': 'a@legalmail.example'}, 404, 326,
     "the domain legalmail.example is non-existent in the system or belongs to someone else"),
    ({'credit': 24}, 'POST', '/pec', BODY, 402, 262, NO_CREDIT.format(missing=1)),
    ({'stato': 'revocata'}, 'DELETE', '/pec/{id}', None, 406, 303, "your pec has already been revoked"),
    (NOT_ACTIVE, 'DELETE', '/pec/{id}', None, 428, 304, "you can revoke the pec only if it is active"),
    ({}, 'PATCH', ACTIVATE, DOCUMENTS, 428, 267,
     "you can activate the pec only when it is in the 'registrata|documenti_errati' state"),
    (NOT_ACTIVE, 'PATCH', ACTIVATE, {'documenti': [PDF, NO_PDF]}, 406, 296, "wrong file format, pdf required"),
    ({}, 'PATCH', RESIZE, {'spazio_disco': 3000}, 406, 325, MULTIPLES.format(unit=1024)),
    (
        {}, 'PATCH', RESIZE, {'spazio_conservazione': '+512'}, 428, 282,
        "you must first activate the 'conservazione' service"),
    ({'credit': 4}, 'PATCH', RESIZE, {'spazio_disco': '+1024'}, 402, 290, NO_CREDIT.format(missing=1)),
    ({}, 'PATCH', TRANSFORM, {'tipo_casella': 'STANDARD'}, 406, 276,
     "a downgrade of the 'tipo_casella' is not allowed; only SILVER or GOLD allowed"),
    (NOT_ACTIVE, 'PATCH', TRANSFORM, {'tipo_casella': 'GOLD'}, 428, 272,
     "you can trasform your certified mail only if it has been processed"),
    ({'credit': 38}, 'PATCH', TRANSFORM, {'tipo_casella': 'GOLD'}, 402, 279, NO_CREDIT.format(missing=1)),
    (STORED, 'PATCH', STORE, DOCUMENTS, 406, 293, "conservazione service is already active"),
    ({}, 'PATCH', STORE, {'documenti': []}, 428, 294, "documenti required"),
    ({'credit': 7}, 'PATCH', STORE, DOCUMENTS, 402, 297, NO_CREDIT.format(missing=1)),
    (NOT_ACTIVE, 'GET', STORAGE_FORM, None, 406, None, STORAGE_TEXT),
    ({'stato': 'revocata'}, 'GET', FORM, None, 406, None, STORAGE_TEXT),
    (FULL, 'POST', USERS, USER, 406, 217, "maximum number of users reached: 25"),
    (SIMPLE, 'POST', USERS, USER, 428, 390, SIMPLE_TEXT),
    ({'credit': 3}, 'POST', USERS, USER, 402, 220, NO_CREDIT.format(missing=1)),
    (NOT_ACTIVE, 'GET', RENEW, None, 428, 203, "you can renew only evaded or revoked pec"),
    # of the sandbox's own
    ({'casella_pec': 'yourpec@testcert.legalmail.it'}, 'POST', '/pec', BODY, 406, 242, "casella_pec not available"),
    ({}, 'POST', '/pec', {**BODY, 'tipo_casella': 'PECMASSIVA'}, 404, 326,
     "the domain testcert.legalmail.it is non-existent in the system or belongs to someone else"),
    (NOT_ACTIVE, 'PATCH', ACTIVATE, {}, 428, 267, "documenti required"),
    ({**NOT_ACTIVE, **SIMPLE}, 'PATCH', ACTIVATE, {'documenti': [PDF, PDF]}, 406, 296,
     "a single document with the signed form and the identity document is required"),
    (SIMPLE, 'PATCH', RESIZE, {'spazio_disco': '+1024'}, 428, 282, SIMPLE_TEXT),
    (NOT_ACTIVE, 'PATCH', RESIZE, {'spazio_disco': '+1024'}, 428, 282,
     "you can change the space of your certified mail only if it has been processed"),
    ({}, 'PATCH', RESIZE, {}, 428, 282, "spazio_disco, spazio_storico or spazio_conservazione required"),
    ({}, 'PATCH', RESIZE, {'spazio_disco': 1024}, 406, 325, "a downgrade of spazio_disco is not allowed"),
    *(({}, 'PATCH', RESIZE, {'spazio_storico': value}, 406, 325, MULTIPLES.format(unit=1024))
      for value in ("much", "+", "", -1024, "-1024", 4096.0, True, [4096], "4096 ", "٤٠٩٦", 10 ** 30)),
    (STORED, 'PATCH', RESIZE, {'spazio_conservazione': '+500'}, 406, 325, MULTIPLES.format(unit=512)),
    (SIMPLE, 'PATCH', TRANSFORM, {'tipo_casella': 'GOLD'}, 428, 272, SIMPLE_TEXT),
    ({}, 'PATCH', TRANSFORM, {}, 428, 272, "tipo_casella required"),
    ({'tipo_casella': 'SILVER'}, 'PATCH', TRANSFORM, {'tipo_casella': 'PECMASSIVA'}, 406, 276,
     "a downgrade of the 'tipo_casella' is not allowed; only GOLD allowed"),
    ({'tipo_casella': 'GOLD'}, 'PATCH', TRANSFORM, {'tipo_casella': 'GOLD'}, 406, 276,
     "a downgrade of the 'tipo_casella' is not allowed"),
    (SIMPLE, 'PATCH', STORE, DOCUMENTS, 428, 294, SIMPLE_TEXT),
    (NOT_ACTIVE, 'PATCH', STORE, DOCUMENTS, 428, 294, STORAGE_TEXT),
    ({}, 'PATCH', STORE, {'documenti': [PDF, "no base64"]}, 406, 296, "wrong file format, pdf required"),
    *(({}, 'PATCH', STORE, {**DOCUMENTS, 'spazio_conservazione': value}, 406, 325, MULTIPLES.format(unit=512))
      for value in (0, 500, "+512", "much")),
    (SIMPLE, 'GET', STORAGE_FORM, None, 406, None, SIMPLE_TEXT),
    (NOT_ACTIVE, 'POST', USERS, USER, 428, 390, "you can add a user only if the pec has been processed"),
    *(({}, 'POST', USERS, {**USER, field: ' '}, 428, 390, f"{field} required") for field in USER),
    ({}, 'POST', USERS, {**USER, 'email_gestione_password': 'nobody'}, 406, 217, "email_gestione_password not valid"),
    *(({}, 'GET', f'{RENEW}?anni={years}', None, 406, 204, "anni not valid, accepted values: from 1 to 5")
      for years in ('0', '6', '-1', '1.5', '', 'one', '٢')),
    ({'credit': 49}, 'GET', RENEW + '?anni=2', None, 402, 205, NO_CREDIT.format(missing=1)),
]


def in_years(years, day=None):
    """Return the same day in some years (one at least), as the service writes it after the first of them."""
    day = day or date.today()
    day = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return day.replace(year=day.year + years).strftime('%d/%m/%Y')


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestSandboxMailboxes(SandboxMixin, BaseCase):
    """The sandbox answers for mailboxes as the specification says."""

    def call(self, method, path, body=None, token=TOKEN, url=None):
        return requests.request(
            method, (url or self.sandbox.url) + path, json=body, headers={'Authorization': f'Bearer {token}'},
            timeout=(5, 60))

    def take(self, *arguments, **options):
        """Return the data of an answer that must be a success."""
        response = self.call(*arguments, **options)
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        self.assertEqual((answer['success'], answer['message'], answer['error']), (True, '', None))
        return answer['data']

    def assert_refused(self, response, status, error, message):
        self.assertEqual(response.status_code, status, response.text)
        if response.headers['Content-Type'].startswith('text/plain'):
            self.assertEqual((None, response.text), (error, message))
        else:
            self.assertEqual(response.json(), {'success': False, 'message': message, 'error': error, 'data': None})

    def wallet(self):
        return self.sandbox.stats()['credit']['mail']

    # ------------------------------------------------------------ refusals

    def test_refused(self):
        for situation, method, path, body, status, error, message in REFUSED:
            with self.subTest(f'{method} {path}', situation=situation, body=body):
                self.sandbox.reset()
                template = {'stato': 'evasa', **situation}
                credit, account = template.pop('credit', 1000), template.pop('account', 'mail')
                [mailbox_id] = self.sandbox.create_mailboxes(1, **template)
                self.sandbox.settings(credit=credit)
                before = self.sandbox.mailboxes()
                token = f'{TOKEN}:{account}'
                self.assert_refused(self.call(method, path.format(id=mailbox_id), body, token), status, error, message)
                self.assertEqual(self.sandbox.mailboxes(), before)
                stats = self.sandbox.stats()
                self.assertEqual((stats['executed'], stats['credit']['mail'], stats['callbacks']), ({}, credit, []))

    def test_wrong_and_missing_ids(self):
        [foreign_id] = self.sandbox.create_mailboxes(1)
        for method, path, body, wrong, missing in ONE:
            with self.subTest(f'{method} {path}'):
                plain = wrong is None
                for bad_id in ('wrong', MISSING + '0'):
                    self.assert_refused(
                        self.call(method, path.format(id=bad_id), body), 400, wrong,
                        "Invalid id" if plain else "Wrong id")
                for bad_id, account in [(MISSING, 'mail'), (foreign_id, 'other')]:
                    self.assert_refused(
                        self.call(method, path.format(id=bad_id), body, f'{TOKEN}:{account}'), 404, missing,
                        "no request matches this id:" if plain else "no pec found")
                self.assertEqual(self.call(method, path.format(id=foreign_id), body, 'wrong').json()['error'], 125.22)
                if method != 'GET':
                    self.assertEqual(
                        self.call(method, path.format(id=foreign_id), body, f'{TOKEN}-readonly').status_code, 403)
                if body:
                    for garbage in ("text", [1]):
                        self.assert_refused(
                            self.call(method, path.format(id=foreign_id), garbage), 400, None, "invalid JSON")
        self.assertEqual(self.sandbox.stats()['executed'], {})

    def test_required_in_order(self):
        for number, field in enumerate(REQUIRED):
            for nothing in ('', ' ', None):
                body = {**BODY, **dict.fromkeys(REQUIRED[number:], nothing)}
                self.assert_refused(self.call('POST', '/pec', body), 428, 224, f"{field} required")
        self.assert_refused(self.call('POST', '/pec', {}), 428, 224, "casella_pec required")

    def test_malformed(self):
        for field, values, message in [
            ('casella_pec', ['no pec', 5, 'a@b'], "{field} not valid"),
            ('tipo_casella', ['PLATINUM', 5], "{field} not valid"),
            ('tipo_cliente', ['ZZ', ['PV']], "{field} not valid"),
            ('sottotipo_cliente', ['SI', 'ZZ', 5], "{field} not valid"),
            ('sesso_richiedente', ['X', 'm', 'MF'], "{field} not valid"),
            ('email', ['nobody', 5], "{field} not valid"),
            ('nome_richiedente', [5, ['mario']], "{field} not valid"),
            ('tipo_documento', ['PATENTINO', '', None, 5], "{field} not valid"),
            ('autorinnovo', ['true', 1, None, ''], "{field} not valid"),
            ('callback', ['url', {}, {'url': ''}, {'url': 'http://x', 'method': 'GET'}], "{field} not valid"),
            *((field, ['1982-04-11', '31/02/1982', '1/4/1982', '11/04/82', '11-04-1982', '١١/٠٤/١٩٨٢', 5],
               "{field} not valid, accepted format: dd/mm/yyyy")
              for field in ('data_nascita_richiedente', 'data_scadenza_documento', 'data_rilascio_documento')),
            *((field, ['', ' ', None], "{field} not valid, accepted format: dd/mm/yyyy")
              for field in ('data_scadenza_documento', 'data_rilascio_documento')),
        ]:
            for value in values:
                if value == {}:
                    continue  # an empty object is none, as PHP writes it
                with self.subTest(field=field, value=value):
                    response = self.call('POST', '/pec', {**BODY, field: value})
                    self.assert_refused(response, 406, 242, message.format(field=field))
        self.assertEqual((self.sandbox.mailboxes(), self.wallet()), ([], 1000))

    def test_client_types(self):
        for number, (tipo, sottotipo, right) in enumerate([
            ('IM', 'SI', True), ('IM', 'PA', False), ('PS', 'PA', True), ('PL', 'LC', True), ('PL', 'SI', False),
            ('PV', 'X', False),
            ('PC', '', True), ('A', '', True), ('X', '', True), ('IM', '', True),
            # The specification shows capitals being made of small letters in other fields alone.
            ('IM', 'si', False), ('im', 'SI', False), ('IM', None, False),
        ]):
            body = {
                **BODY, 'casella_pec': f'a{number}@legalmail.it', 'tipo_cliente': tipo, 'sottotipo_cliente': sottotipo}
            response = self.call('POST', '/pec', body)
            self.assertEqual(response.status_code, 200 if right else 406, body)
            if right:
                record = response.json()['data']
                self.assertEqual((record['tipo_cliente'], record['sottotipo_cliente']), (tipo, sottotipo))

    # ------------------------------------------------------------ addresses

    def test_domains(self):
        legalmail = ['legalmail.it', 'testcert.legalmail.it', 'pec.example']
        domains = {
            'STANDARD': legalmail, 'BRONZE': legalmail, 'SILVER': legalmail, 'GOLD': legalmail,
            'DOMICILIODIGITALE': ['domiciliodigitale.com', 'test.domiciliodigitale.com', 'pec.example'],
            'PECMASSIVA': ['pecmassiva.com', 'test.domiciliodigitale.com', 'pec.example'],
        }
        every = {domain for group in domains.values() for domain in group} | {'pec.it'}
        for tipo, right in domains.items():
            for domain in every:
                body = {**BODY, 'casella_pec': f'{tipo}@{domain}', 'tipo_casella': tipo}
                self.assertEqual(self.call('POST', '/pec', body).status_code, 200 if domain in right else 404, body)

    def test_availability(self):
        def available(address='yourpec@testcert.legalmail.it'):
            return self.take('GET', f'/verifica_pec/{address}')['available']

        self.assertTrue(available())
        self.assertFalse(available('yourpec@pec.it'))
        self.take('POST', '/pec', BODY, f'{TOKEN}:other')
        self.assertFalse(available())
        self.assertFalse(available('YourPec@TestCert.Legalmail.it'))
        for stato, expected in [
            ('in_evasione', False), ('documenti_errati', False), ('evasa', False), ('revocata', False),
            ('new_stato', False), ('chiusa', True), ('registrazione_annullata', True),
        ]:
            self.sandbox.change_mailboxes(stato=stato)
            self.assertEqual(available(), expected, stato)
        self.take('POST', '/pec', {**BODY, 'casella_pec': 'YOURPEC@testcert.legalmail.it'})
        self.assertFalse(available())
        self.assertEqual(self.sandbox.executed('POST /pec'), 2)

    # ------------------------------------------------------------ the life of a mailbox

    def test_the_specifications_example(self):
        callback = {'url': 'https://your_domain.it/your_callback.php', 'field': 'data'}
        record = self.take('POST', '/pec', {**BODY, 'callback': callback})
        self.assertRegex(record.pop('id'), '^[0-9a-f]{24}$')
        self.assertRegex(record.pop('cod_attivazione'), '^[0-9]{8}$')
        self.assertRegex(record.pop('uid'), '^MA[0-9]{6}$')
        timestamp = record.pop('timestamp')
        self.assertEqual(set(timestamp), {'registrazione', 'ultima_modifica'})
        self.assertAlmostEqual(timestamp['registrazione'], time.time(), delta=60)
        self.assertEqual(record, {
            **BODY, 'tipo_casella': 'BRONZE', 'nazione_nascita_richiedente': 'IT', 'nazione_titolare': 'IT',
            'cellulare': '', 'comune_nascita_richiedente': '', 'callback': {**callback, 'method': 'POST', 'data': {}},
            'dominio': 'testcert.legalmail.it', 'owner': 'mail@domain.com', 'conservazione': False, 'data_scadenza': '',
            'descrizione': 'yourpec@testcert.legalmail.it', 'sms': False, 'spazio_conservazione': 0, 'spazio_disco': 0,
            'spazio_storico': 0, 'stato': 'registrata', 'storico': False, 'autorinnovo': False,
        })
        more = {
            'casella_pec': 'B@testcert.legalmail.it', 'autorinnovo': True, 'tipo_documento': 'PATENTE',
            'numero_documento': 'X1', 'data_scadenza_documento': '29/02/2032', 'documento_rilasciato_da': 'MIT',
            'data_rilascio_documento': '29/02/2024', 'provincia_nascita_richiedente': 'rm',
        }
        record = self.take('POST', '/pec', {**BODY, **more})
        self.assertEqual(record['callback'], False)
        expected = {**more, 'casella_pec': 'b@testcert.legalmail.it', 'provincia_nascita_richiedente': 'RM'}
        self.assertEqual({field: record[field] for field in more}, expected)
        self.assertEqual(self.wallet(), 950)

    def test_six_lives(self):
        domains = {'DOMICILIODIGITALE': 'test.domiciliodigitale.com', 'PECMASSIVA': 'test.domiciliodigitale.com'}
        for tipo, price in {
            'STANDARD': 11, 'BRONZE': 25, 'SILVER': 39, 'GOLD': 64, 'DOMICILIODIGITALE': 4.5, 'PECMASSIVA': 30,
        }.items():
            with self.subTest(tipo):
                self.sandbox.reset()
                address = f'life@{domains.get(tipo, "testcert.legalmail.it")}'
                self.live(self.take('POST', '/pec', {**BODY, 'casella_pec': address, 'tipo_casella': tipo}), price)

    def live(self, record, price):
        """Take a mailbox through all that can happen to one of its type."""
        mailbox_id, tipo = record['id'], record['tipo_casella']
        simple = tipo in ('DOMICILIODIGITALE', 'PECMASSIVA')
        self.assertEqual(self.wallet(), 1000 - price)
        times = [record['timestamp']['ultima_modifica']]

        def act(method, path, body=None, stato='evasa'):
            record = self.take(method, path.format(id=mailbox_id), body)
            self.assertEqual(record, self.take('GET', f'/pec/{mailbox_id}'))
            [row] = self.take('GET', '/pec')
            self.assertEqual(row, {key: record[key] for key in row})
            self.assertEqual(
                set(row), {'id', 'casella_pec', 'tipo_casella', 'stato', 'data_scadenza', 'timestamp', 'owner'})
            self.assertEqual(record['stato'], stato)
            times.append(record['timestamp']['ultima_modifica'])
            self.assertGreater(times[-1], times[-2], "each change shows, even within one second")
            return record

        def form(path):
            first, second = (self.call('GET', path.format(id=mailbox_id)) for _again in range(2))
            self.assertEqual((first.status_code, first.headers['Content-Type']), (200, 'application/pdf'))
            self.assertEqual((first.content[:5], first.content), (b'%PDF-', second.content))
            self.assertIn(mailbox_id.encode(), first.content)

        form(FORM)
        documents = [PDF] if simple else [PDF, PDF]
        record = act('PATCH', ACTIVATE, {'documenti': documents}, 'in_evasione')
        names = [f'{mailbox_id}_{number}_attivazione.pdf' for number in range(len(documents))]
        self.assertEqual(record['documenti_attivazione'], names)
        self.assert_refused(self.call('PATCH', ACTIVATE.format(id=mailbox_id), {'documenti': PDF}), 428, 267,
                            "you can activate the pec only when it is in the 'registrata|documenti_errati' state")
        self.sandbox.change_mailboxes(stato='documenti_errati')
        times.append(self.take('GET', f'/pec/{mailbox_id}')['timestamp']['ultima_modifica'])
        record = act('PATCH', ACTIVATE, {'documenti': PDF}, 'in_evasione')
        self.assertEqual(record['documenti_attivazione'], names[:1])

        self.sandbox.settings(step=0.01)
        time.sleep(0.05)
        record = self.take('GET', f'/pec/{mailbox_id}')
        self.sandbox.settings(step=0)
        times.append(record['timestamp']['ultima_modifica'])
        self.assertEqual(record['stato'], 'evasa')
        self.assertEqual(
            (record['data_attivazione'], record['data_scadenza']), (date.today().strftime('%d/%m/%Y'), in_years(1)))
        self.assertEqual(
            set(record['timestamp']), {'registrazione', 'ultima_modifica', 'evasione', 'scadenza'})
        self.assertEqual(date.fromtimestamp(record['timestamp']['scadenza']).strftime('%d/%m/%Y'), in_years(1))
        self.assertEqual(
            (record['sms'], record['storico'], record['spazio_storico'] > 0),
            (tipo in ('BRONZE', 'SILVER', 'GOLD'),) * 3)
        self.assertGreater(record['spazio_disco'], 0)
        form(FORM)

        spent = price
        if not simple:
            spent += self.enlarge(act, form, record)
        record = act('GET', RENEW + '?anni=2')
        self.assertEqual(record['data_scadenza'], in_years(3))
        record = act('GET', RENEW)
        self.assertEqual(record['data_scadenza'], in_years(4))
        price = {'STANDARD': 64, 'BRONZE': 64, 'SILVER': 64}.get(tipo, price)  # what it has become
        self.assertEqual(self.wallet(), 1000 - spent - 3 * price)

        record = act('DELETE', '/pec/{id}', stato='revocata')
        self.assertAlmostEqual(record['timestamp']['revoca'], time.time(), delta=60)
        record = act('GET', RENEW + '?anni=1')
        self.assertEqual((record['data_scadenza'], record['timestamp'].get('revoca')), (in_years(5), None))
        self.assertEqual(self.sandbox.executed('GET /pec/{id}/rinnovo'), 3)
        self.assertEqual(self.sandbox.executed('DELETE /pec/{id}'), 1)

    def enlarge(self, act, form, record):
        """Give a mailbox all that one of Legalmail can have; return what it costs."""
        disco, storico = record['spazio_disco'], record['spazio_storico']
        record = act('PATCH', RESIZE, {'spazio_disco': str(disco + 1024), 'spazio_storico': '+2048'})
        self.assertEqual(
            (record['spazio_disco'], record['spazio_storico'], record['storico']), (disco + 1024, storico + 2048, True))
        record = act('PATCH', RESIZE, {'spazio_disco': disco + 1024})
        self.assertEqual(record['spazio_disco'], disco + 1024)
        spent = 3 * 5
        form(STORAGE_FORM)
        record = act('PATCH', STORE, {'documenti': [PDF, PDF], 'spazio_conservazione': '1024'})
        self.assertEqual((record['conservazione'], record['spazio_conservazione']), (True, 1024))
        self.assertEqual(
            record['documenti_conservazione'], [f'{record["id"]}_{number}_conservazione.pdf' for number in range(2)])
        record = act('PATCH', RESIZE, {'spazio_conservazione': 1536})
        self.assertEqual(record['spazio_conservazione'], 1536)
        spent += 3 * 8
        for number in range(2):
            record = act('POST', USERS, USER)
            user = record['multiutenza'][number]
            self.assertEqual(user, {**user, **USER, 'id_utenza': f'{record["id"]}_{number}'})
            self.assertRegex(user['userid'], '^MA[0-9]{6}$')
            self.assertAlmostEqual(user['timestamp']['attivazione'], time.time(), delta=60)
        spent += 2 * 4
        prices = {'STANDARD': 11, 'BRONZE': 25, 'SILVER': 39, 'GOLD': 64}
        while record['tipo_casella'] != 'GOLD':
            old = record['tipo_casella']
            higher = list(prices)[list(prices).index(old) + 1]
            before, record = record, act('PATCH', TRANSFORM, {'tipo_casella': higher})
            self.assertEqual(record['tipo_casella'], higher)
            for field in ('spazio_disco', 'spazio_storico', 'spazio_conservazione', 'sms', 'storico'):
                self.assertGreaterEqual(record[field], before[field])
            spent += prices[higher] - prices[old]
        return spent

    def test_storage_of_the_default_size(self):
        [mailbox_id] = self.sandbox.create_mailboxes(1)
        record = self.take('PATCH', STORE.format(id=mailbox_id), DOCUMENTS)
        self.assertEqual((record['spazio_conservazione'], record['documenti_conservazione']),
                         (512, [f'{mailbox_id}_0_conservazione.pdf']))

    def test_users_limit(self):
        [mailbox_id] = self.sandbox.create_mailboxes(1, multiutenza=[USER] * 24)
        record = self.take('POST', USERS.format(id=mailbox_id), USER)
        self.assertEqual((len(record['multiutenza']), record['multiutenza'][24]['id_utenza']), (25, f'{mailbox_id}_24'))
        self.assert_refused(
            self.call('POST', USERS.format(id=mailbox_id), USER), 406, 217, "maximum number of users reached: 25")

    def test_renewals(self):
        old, leap = '15/03/2020', '29/02/2028'
        for stato, expiry, years, expected in [
            ('evasa', old, 1, '15/03/2021'), ('evasa', leap, 1, '28/02/2029'), ('evasa', leap, 4, '29/02/2032'),
            ('revocata', old, 2, in_years(2)), ('revocata', '29/02/2096', 1, '28/02/2097'),
        ]:
            [mailbox_id] = self.sandbox.create_mailboxes(1, stato, data_scadenza=expiry)
            self.assertEqual('revoca' in self.take('GET', f'/pec/{mailbox_id}')['timestamp'], stato == 'revocata')
            record = self.take('GET', f'{RENEW.format(id=mailbox_id)}?anni={years}', token=f'{TOKEN}-readonly')
            self.assertEqual(
                (record['stato'], record['data_scadenza'], 'revoca' in record['timestamp']), ('evasa', expected, False))
            self.assertEqual(date.fromtimestamp(record['timestamp']['scadenza']).strftime('%d/%m/%Y'), expected)
        self.assertEqual(self.wallet(), 1000 - 9 * 25)

    def test_prices_are_settings(self):
        self.sandbox.settings(mailbox_prices={'BRONZE': 1.5}, operation_prices={'multiutenza': 0.25})
        mailbox_id = self.take('POST', '/pec', BODY)['id']
        self.sandbox.change_mailboxes(stato='evasa')
        self.take('POST', USERS.format(id=mailbox_id), USER)
        self.take('PATCH', TRANSFORM.format(id=mailbox_id), {'tipo_casella': 'SILVER'})
        self.assertEqual(self.wallet(), 1000 - 1.5 - 0.25 - 37.5)
        self.sandbox.reset()
        self.assertEqual(self.sandbox.stats()['settings']['mailbox_prices']['BRONZE'], 25)

    # ------------------------------------------------------------ what tests of others rely on

    def test_faults(self):
        self.sandbox.fault('POST /pec', 'drop_after')
        with self.assertRaises(requests.ConnectionError):
            self.call('POST', '/pec', BODY)
        [mailbox] = self.sandbox.mailboxes()
        self.sandbox.change_mailboxes(stato='evasa')
        self.sandbox.fault('GET /pec/{id}/rinnovo', 'error_after', status=500)
        self.assertEqual(self.call('GET', RENEW.format(id=mailbox['id'])).status_code, 500)
        self.assertEqual(self.take('GET', f'/pec/{mailbox["id"]}')['data_scadenza'], in_years(2))
        self.sandbox.fault('GET /pec/{id}/rinnovo', 'drop_before')
        with self.assertRaises(requests.ConnectionError):
            self.call('GET', RENEW.format(id=mailbox['id']))
        self.assertEqual(self.sandbox.executed('GET /pec/{id}/rinnovo'), 1)
        self.assertEqual(self.sandbox.requested('GET /pec/{id}/rinnovo'), 2)

    def test_what_was_sent(self):
        mailbox_id = self.take('POST', '/pec', BODY)['id']
        self.take('PATCH', ACTIVATE.format(id=mailbox_id), {'documenti': [PDF, PDF]})
        self.sandbox.change_mailboxes(stato='evasa')
        self.take('PATCH', STORE.format(id=mailbox_id), {**DOCUMENTS, 'spazio_conservazione': 512})
        self.take('PATCH', RESIZE.format(id=mailbox_id), {'spazio_disco': '+1024'})
        self.assertEqual([request['body'] for request in self.sandbox.requests()], [
            BODY, {'documenti': [len(PDF)] * 2}, {'documenti': len(PDF), 'spazio_conservazione': 512},
            {'spazio_disco': '+1024'}])
        [mailbox] = self.sandbox.mailboxes()
        self.assertEqual(mailbox['account'], 'mail')
        self.assertEqual(
            [document['size'] for document in mailbox['documents']['attivazione']], [len(base64.b64decode(PDF))] * 2)
        self.assertRegex(mailbox['documents']['conservazione'][0]['sha256'], '^[0-9a-f]{64}$')

    def test_control(self):
        first, second = self.sandbox.create_mailboxes(2, casella_pec='a{n}@legalmail.it', data_scadenza='01/02/2027')
        self.assertEqual(
            [(mailbox['id'], mailbox['casella_pec'], mailbox['data_scadenza']) for mailbox in self.sandbox.mailboxes()],
            [(second, 'a2@legalmail.it', '01/02/2027'), (first, 'a1@legalmail.it', '01/02/2027')])
        before = self.take('GET', f'/pec/{first}')
        self.sandbox.change_mailboxes(
            [first], tipo_casella='GOLD', data_scadenza='', autorinnovo=True, spazio_disco=5000)
        record = self.take('GET', f'/pec/{first}')
        changes = {'tipo_casella': 'GOLD', 'data_scadenza': '', 'autorinnovo': True, 'spazio_disco': 5000}
        self.assertEqual({**record, 'timestamp': None}, {**before, **changes, 'timestamp': None})
        self.assertGreater(record['timestamp']['ultima_modifica'], before['timestamp']['ultima_modifica'])
        self.assertNotIn('scadenza', record['timestamp'])
        self.assertEqual(self.take('GET', f'/pec/{second}')['tipo_casella'], 'BRONZE')
        for changes in (
                {}, {'stato': 5}, {'tipo_casella': 'PLATINUM'}, {'spazio_disco': '5'}, {'unknown': 1},
                {'data_scadenza': '5'}):
            with self.assertRaises(requests.HTTPError):
                self.sandbox.change_mailboxes(**changes)
        with self.assertRaises(requests.HTTPError):
            self.sandbox.change_mailboxes([MISSING], stato='evasa')
        self.sandbox.delete_mailbox(first)
        self.assertEqual([row['id'] for row in self.take('GET', '/pec')], [second])
        self.assertEqual((self.wallet(), self.sandbox.stats()['executed']), (1000, {}))

    def test_callbacks(self):
        received = []

        class Client(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                received.append(self.rfile.read(int(self.headers['Content-Length'])).decode())
                self.send_response(200)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        def deliver(count):
            deadline = time.monotonic() + 60
            while len(received) < count and time.monotonic() < deadline:
                time.sleep(0.02)
            return [json.loads(parse_qs(body)['echo'][0])['data'] for body in received]

        with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Client) as client:
            threading.Thread(target=client.serve_forever, daemon=True).start()
            self.addCleanup(client.shutdown)
            callback = {'url': f'http://127.0.0.1:{client.server_port}', 'field': 'echo', 'data': {'reference': 'x'}}
            mailbox_id = self.take('POST', '/pec', {**BODY, 'callback': callback})['id']
            self.take('PATCH', ACTIVATE.format(id=mailbox_id), DOCUMENTS)
            deliver(1)
            self.sandbox.change_mailboxes(stato='evasa')
            deliver(2)
            self.take('GET', RENEW.format(id=mailbox_id))  # changes no stato
            self.take('DELETE', f'/pec/{mailbox_id}')
            records = deliver(3)
            client.shutdown()
        self.assertEqual([record['stato'] for record in records], ['in_evasione', 'evasa', 'revocata'])
        self.assertEqual(records[-1]['callback'], {**callback, 'method': 'POST'})
        self.assertEqual([entry['mailbox'] for entry in self.sandbox.stats()['callbacks']], [mailbox_id] * 3)

    def test_many(self):
        self.sandbox.create_mailboxes(10000)
        seconds = []
        for _time in range(3):  # the machine may be busy with something else
            started = time.monotonic()
            self.assertEqual(len(self.take('GET', '/pec')), 10000)
            seconds.append(time.monotonic() - started)
        self.assertLess(min(seconds), 5)

    def test_restart(self):
        with tempfile.TemporaryDirectory() as folder:
            seen = []
            for life in range(2):
                with Sandbox('--state', Path(folder, 'made', 'with it', 'state')) as sandbox:
                    if not life:
                        self.take('POST', '/pec', BODY, url=sandbox.url)
                        [first] = sandbox.mailboxes()
                        self.take('PATCH', ACTIVATE.format(id=first['id']), DOCUMENTS, url=sandbox.url)
                        [second] = sandbox.create_mailboxes(1, 'revocata', casella_pec='second@legalmail.it')
                        self.take('GET', RENEW.format(id=second), url=sandbox.url)
                        self.take('POST', USERS.format(id=second), USER, url=sandbox.url)
                    stats = sandbox.stats()
                    seen.append((
                        sandbox.mailboxes(), self.take('GET', '/pec', url=sandbox.url), stats['executed'],
                        stats['credit'], stats['mailboxes'], self.call('POST', '/pec', BODY, url=sandbox.url).text))
        self.assertEqual(*seen)
        self.assertEqual(seen[0][3], {'mail': 1000 - 25 - 25 - 4})

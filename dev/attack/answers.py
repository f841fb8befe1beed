"""Hostile answers of the service, and hostile text in them: the server stays up, and nothing acts where it is shown."""
import base64
import csv
import io
import json
import re
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import asking
import openpyxl
import psutil

import environment
from environment import say

MOST = 40  # seconds that a click may take: it reads for 15, and what it reads may come twice
MOST_MEMORY = 300  # MiB that all processes of the server may grow by
FILING, MAILBOX, FOREIGN = 'openapi_pec.communication', 'openapi_pec.mailbox', 'openapi_pec.foreign_filing'
CERTIFICATE = 'openapi_pec.certificate'
READS = (
    'GET /comunica_pec', 'GET /comunica_pec/{id}', 'GET /comunica_pec/{id}/procura_registro_imprese', 'GET /pec',
    'GET /pec/{id}', 'GET /pec/{id}/modulo_attivazione', 'GET /pec/{id}/modulo_conservazione', 'GET /certificates/{id}',
    'GET /certificates')
OF_JSON = LIST, READ, MAILBOXES, READ_MAILBOX, READ_CERTIFICATE, _CERTIFICATES = (
    READS[0], READS[1], READS[3], READS[4], *READS[7:])
# What begins a formula, acts in a browser, turns or hides what follows, or breaks a line, a database or a log.
TEXTS = (
    '=HYPERLINK("http://evil.example";"x")', '+1+cmd|\' /C calc\'!A0', '-2+3', '@SUM(1+1)', '\t=1+1', '\r=1+1',
    '\n=1+1',
    ' =1+1', '\u00a0=1+1', '{=1+1}', '\uff1d1+1', '\uff0b1', '"=1+1', "'=1+1", '\u200b=1+1', '\ufeff=1+1', '\x00=1+1',
    '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '<a href="javascript:alert(1)">x</a>',
    '<svg/onload=alert(1)>', '{{7*7}}', '${7*7}', '%(name)s %s %d', '<t t-out="1"/>', '&lt;b&gt;',
    'a\u202eb\u2066c', 'a\x00b\x07c\x1b[31m', 'x\r\nSet-Cookie: x=1', '\ud800', 'x' * 100_000, '\U0001f600' * 1000,
    "'; DROP TABLE res_partner; --", '../../../etc/passwd', 'http://[::1', 'file:///etc/passwd')
WRONG = (None, True, 0, -1, 1.5, 10**40, '', [], {}, [[]], {'a': {'b': []}}, ['x'] * 1000, float('nan'), float('inf'))
FORMULA = re.compile('[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|[\\s\u00a0\u200b\ufeff\x00]+[=+\\-@]|{=')
ACTS = re.compile(r'<script|<svg|<img[^>]*onerror|href="javascript:|onload=', re.IGNORECASE)
NOT_SHOWN = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]')
# A number, also one below zero, is none.
NUMBER = re.compile(r'-?[\d.,]+(e[+-]?\d+)?')


def _deep(bracket, depth, value='1'):
    return bracket * depth + value + {'[': ']', '{"a":': '}'}[bracket] * depth


def _say(data):
    """Return an answer of the service with these data, as text: Python's JSON writes numbers that are none."""
    return json.dumps({'success': True, 'message': '', 'error': None, 'data': data})


def get_answers(place):
    """Return what is answered, whatever was asked: ``[(name, fault, options), …]``.

    :param str place: an address to which nothing may be sent
    """
    html, page = '<html><body>' + '<script>alert(1)</script>' * 1000, {'Content-Encoding': 'br'}
    answers = [
        ('50 MiB', 'huge', {}), ('without an end', 'endless', {'seconds': 60}), ('packed twice', 'bomb', {}),
        ('packed once', 'bomb', {'headers': {'Content-Encoding': 'gzip'}}),
        ('said to be packed', 'error_before', {'status': 200, 'body': _say([]), 'headers': page}),
        ('another place', 'redirect', {'location': place}),
        ('another place, for good', 'redirect', {'location': place, 'status': 308}),
        ('itself', 'redirect', {'location': '/comunica_pec'}),
        ('a file of this server', 'redirect', {'location': 'file:///etc/passwd'}),
        ('cut off', 'truncate', {}), ('reset', 'drop_before', {}), ('no JSON', 'wrong_json', {}),
        ('another shape', 'wrong_shape', {}), ('another call', 'other_answer', {}),
        ('a byte now and then', 'slow_body', {'seconds': 30}), ('a head byte by byte', 'slow_head', {'seconds': 30}),
        ('a length without a body', 'length_without_body', {})]
    bodies = {
        'HTML': html, 'nothing': '', 'null': 'null', 'a number': '1', 'a text': '"x"', 'a list': '[1, 2]',
        'deep lists': _deep('[', 100_000), 'deep data': _say(0).replace('0', _deep('[', 400)),
        'deep objects': _deep('{"a":', 100_000), 'a deep record': _say(0).replace('0', _deep('{"a":', 400)),
        'a long number': _say(0).replace('0', '9' * 100_000), 'no number': _say(float('nan')),
        'half a character': '{"success": true, "data": "\\ud800"}',
        'twice the same key': '{"success": true, "success": 1}',
        'many keys': _say({f'k{number}': 'x' for number in range(200_000)}),
        'a list of numbers': _say([*range(10_000)]), 'a list of nothing': _say([None] * 100_000),
        'a list of lists': _say([[]] * 1000), 'a PDF': '%PDF-1.4 <script>alert(1)</script>'}
    answers += [(name, 'error_before', {'status': 200, 'body': body}) for name, body in bodies.items()]
    answers += [(f'HTML, status {status}', 'error_before', {'status': status, 'body': html})
                for status in (201, 204, 304, 400, 401, 402, 403, 404, 406, 408, 429, 500, 502, 503)]
    answers += [(f'text {number}', 'error_before', {'status': 400, 'body': {
        'success': False, 'message': text, 'error': text, 'data': text}})
        for number, text in enumerate(TEXTS) if text.isprintable()]
    return answers


class Heard(BaseHTTPRequestHandler):
    """A request at a place to which nothing may be sent."""

    def do_GET(self):
        """Keep it, and answer it."""
        self.server.heard.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_POST = do_PATCH = do_DELETE = do_GET

    def log_message(self, *arguments):
        """Nobody reads it."""


class Trap(HTTPServer):
    """A place of this machine that hears whether a redirect was followed."""

    def __init__(self):
        self.heard = []
        super().__init__(('127.0.0.1', 0), Heard)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        """Its address."""
        return 'http://127.0.0.1:{}'.format(*self.server_address[1:])


class Answers:
    """The attack.

    :param person: who works in the company that is attacked, and spends
    :param sandbox: the service
    :param process: of the server
    :param dict known: what `prepare.py` has told
    """

    def __init__(self, person, sandbox, process, known, database, table):
        self.person, self.sandbox, self.process, self.known = person, sandbox, process, known
        self.database, self.table = database, table
        self.filing, self.mailbox, self.certificate = (
            known['followed'][model] for model in (FILING, MAILBOX, CERTIFICATE))

    def run(self):
        """Try all."""
        trap, before = Trap(), self._get_memory()
        for name, fault, options in get_answers(f'{trap.url}/comunica_pec'):
            self._answer(name, fault, options)
        self._answer_wrong_types()
        self.table.add('redirects that were followed', got_in=bool(trap.heard), example=str(trap.heard[:3]))
        trap.shutdown()
        self.table.bound(
            'memory of the server, beyond before', (self._get_memory() - before) / 2**20, MOST_MEMORY, 'MiB')
        say('hostile text …')
        self._import_texts()
        self._refuse_with_texts()
        self._look_at_exports()
        self._look_at_views()

    def _get_memory(self):
        processes = [psutil.Process(self.process.pid)]
        return sum(one.memory_info().rss for process in processes for one in (
            process, *process.children(recursive=True)))

    def _call(self, model, method, *arguments, **keywords):
        return asking.call(self.person.session, self.person.url, model, method, arguments, keywords)

    def _press(self, attack, name, model, method, ids):
        """Press a button while the service answers so."""
        asking.judge(self.table, attack, f'{name}: {model}.{method}', self._call(model, method, ids), MOST)

    def _answer(self, name, fault, options):
        """Have all that is read answered so, and press what reads."""
        for operation in READS if fault != 'other_answer' else OF_JSON:
            self.sandbox.fault(operation, fault, times=-1, **options)
        buttons = (
            (FILING, 'action_refresh', [self.filing]), (FOREIGN, 'action_import', []),
            (MAILBOX, 'action_refresh', [self.mailbox]), (MAILBOX, 'action_import_from_service', []),
            (FILING, 'action_fetch_procura', [self.filing]), (MAILBOX, 'action_fetch_form', [self.mailbox]),
            (CERTIFICATE, 'action_refresh', [self.certificate]))
        for model, method, ids in buttons[:2] if fault.startswith('slow') else buttons:
            self._press('hostile answers', name, model, method, ids)
        self.sandbox.clear_faults()

    def _answer_wrong_types(self):
        """Give each field of a record, in lists and details, a value of another type."""
        [filing] = [row for row in self.sandbox.filings() if row['id'] == self.known['remote_ids'][FILING]]
        [mailbox] = [row for row in self.sandbox.mailboxes() if row['id'] == self.known['remote_ids'][MAILBOX]]
        for record, listed, read, model, method in (
                (filing, LIST, READ, FILING, 'action_import_from_service'),
                (mailbox, MAILBOXES, READ_MAILBOX, MAILBOX, 'action_import_from_service')):
            for value in WRONG:
                wrong = {**dict.fromkeys(record, value), 'id': record['id']}
                half = {**record, **dict.fromkeys([*record][::2], value), 'id': record['id']}
                for data in (wrong, half, {**half, 'id': 'f' * 24}, {**record, 'id': value}):
                    self.sandbox.fault(read, 'error_before', times=-1, status=200, body=_say(data))
                    self.sandbox.fault(listed, 'error_before', times=-1, status=200, body=_say([data, data, wrong]))
                    self._press('wrong types', f'{value!r:.20}', model, 'action_refresh', [
                        self.filing if model == FILING else self.mailbox])
                    self._press('wrong types', f'{value!r:.20}', model, method, [])
                    self.sandbox.clear_faults()
        for value in (*WRONG, *TEXTS):
            self._tell_certificate(value)
        for job in ('synchronize', 'mailboxes', 'import'):
            self._run_job(job)

    def _tell_certificate(self, value):
        """Have each field of a certificate read with a value, but for what says which one it is."""
        for names in (
                ('state',), ('certificateLink', 'expireAt'), ('certificateOwner', 'certificateType', 'createdAt')):
            told = {'id': self.known['remote_ids'][CERTIFICATE], 'state': 'DONE', **dict.fromkeys(names, value)}
            self.sandbox.fault(READ_CERTIFICATE, 'error_before', times=-1, status=200, body=json.dumps(told))
            self._press('wrong types', f'{value!r:.20}', CERTIFICATE, 'action_refresh', [self.certificate])
            self.sandbox.clear_faults()

    def _run_job(self, job):
        started = time.monotonic()
        [job_id] = environment.sql(
            f"SELECT res_id FROM ir_model_data WHERE module = 'l10n_it_openapi_pec' AND name = 'ir_cron_{job}'",
            self.database)
        answer = self._call('ir.cron', 'method_direct_trigger', [int(job_id)])
        self.table.add('jobs after hostile answers', got_in=answer.outcome not in ('done', 'UserError'),
                       seconds=time.monotonic() - started, example=f'{job}: {answer.outcome}',
                       has_trace=answer.has_trace)

    def _import_texts(self):
        """Have filings and mailboxes with such texts in every field imported."""
        # Half a character is in no file; it comes with answers and refusals.
        for number, text in enumerate(text.encode(errors='ignore').decode() for text in TEXTS):
            fields = dict.fromkeys((
                'ragione_sociale', 'comune', 'nome', 'cognome', 'qualifica', 'email', 'cellulare', 'provincia'), text)
            for cf_piva in ('12485671007', text):
                self.sandbox.create_filings(
                    1, text if number % 3 == 0 else 'comunicazione_evasa', **fields, cf_piva=cf_piva, cf=text,
                    casella_pec=f'ostile{number}{len(cf_piva)}@legalmail.it' if number % 2 else text)
            self.sandbox.create_mailboxes(1, text if number % 3 == 0 else 'evasa', **dict.fromkeys((
                'nome_richiedente', 'cognome_richiedente', 'email', 'telefono', 'denominazione_titolare',
                'indirizzo_titolare', 'comune_titolare', 'nazione_titolare', 'cap_titolare'), text),
                casella_pec=f'ostile{number}@testcert.legalmail.it')
        self._press('hostile text', 'import', FOREIGN, 'action_import', [])
        self._press('hostile text', 'import', MAILBOX, 'action_import_from_service', [])
        environment.sql("UPDATE openapi_pec_foreign_filing SET seen_at = seen_at - interval '1 hour'", self.database)
        for job in ('import', 'mailboxes', 'synchronize'):
            self._run_job(job)
        count = self._call(FOREIGN, 'search_count', []).result or 0
        self.table.add('hostile text', got_in=count < len(TEXTS),
                       example=f'{count} filings were imported: the attack tries less than it says')

    def _refuse_with_texts(self):
        """Have a paid call refused with such sentences, which reach chatters."""
        for number, text in enumerate(TEXTS):
            draft = self._call(FILING, 'create', [{
                'partner_id': self.known['holder'], 'pec_email': f'rifiutata{number}@legalmail.it'}]).result
            self.sandbox.fault('POST /comunica_pec', 'error_before', status=406, body={
                'success': False, 'message': text, 'error': 336, 'data': None})
            self._press('hostile text', f'refusal {number}', FILING, 'action_submit', draft)
            self.sandbox.clear_faults()

    def _look_at_exports(self):
        """Export all: no cell of this addon is a formula."""
        session, url = self.person.session, self.person.url
        token = asking.get_csrf_token(session, url)
        for model, names in self.known['exported'].items():
            ids = self._call(model, 'search', [[1, '=', 1]]).result
            data = {'model': model, 'ids': ids,
                    'fields': [{'name': name, 'label': name, 'type': 'char'} for name in names]}
            for kind, groupby in (('csv', []), ('xlsx', []), ('xlsx', self.known['grouped'][model])):
                response = asking.export(session, url, token, kind, {**data, 'groupby': groupby})
                is_file = response.ok and len(response.content) > 100
                cells = _read_cells(kind, response.content) if is_file else []
                found = [cell for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell)]
                self.table.add(f'formulas in exports ({kind})', got_in=bool(found) or not is_file,
                               example=f'{model}: {found[:2]!r:.90}' if is_file else f'{model}: no file: '
                               f'{response.status_code} {response.text[:200]}', has_trace=False)
        answer = session.get(f'{url}/openapi_pec/archive.zip', timeout=120)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            for name in archive.namelist():
                if name.endswith('.csv'):
                    cells = _read_cells('csv', archive.read(name))
                    found = [cell for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell)]
                    self.table.add('formulas in the archive', got_in=bool(found), example=f'{name}: {found[:2]!r:.90}')

    def _look_at_views(self):
        """Read all that views show: no text acts, and none hides or turns what stands beside it."""
        messages = self._call('mail.message', 'search_read', [['model', '=like', 'openapi_pec.%']], ['body']).result
        for message in messages or ():
            self.table.add('chatter', got_in=bool(ACTS.search(message['body']) or NOT_SHOWN.search(message['body'])),
                           example=f'{message["body"]!r:.120}')
        for model, names in self.known['exported'].items():
            for record in self._call(model, 'search_read', [], names).result or ():
                shown = json.dumps(record, ensure_ascii=False)
                self.table.add('records as views read them', got_in=bool(NOT_SHOWN.search(shown)),
                               example=f'{model}: {NOT_SHOWN.findall(shown)[:3]!r}')


def _read_cells(kind, content):
    """Return the cells of a spreadsheet as texts; what is a formula in it begins with an equals sign."""
    if kind == 'csv':
        rows = csv.reader(io.StringIO(content.decode('utf-8-sig'), newline=''))
        return [cell for row in rows for cell in row]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str)]


def encode(content):
    """Return bytes as JSON holds them."""
    return base64.b64encode(content).decode()

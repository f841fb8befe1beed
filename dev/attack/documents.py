"""Hostile files of people who are known: zips of signed files, spreadsheets of rows, what stands in their cells."""
import io
import json
import os
import re
import struct
import warnings
import zipfile

import asking
import openpyxl
from answers import ACTS, TEXTS, encode

import files

MOST = 60  # seconds until an answer
MEGABYTE = 2**20
ROW = 'openapi_pec.import_row'
COLUMNS = ('company_name', 'company_fiscal_code', 'city', 'province', 'pec_email', 'kind', 'person_name', 'fiscal_code',
           'email', 'mobile', 'administrator_pec')


def _zip(*entries, method=zipfile.ZIP_DEFLATED):
    output = io.BytesIO()
    with zipfile.ZipFile(output, 'w', method) as archive, warnings.catch_warnings():
        warnings.simplefilter('ignore')  # of the same name twice
        for name, content in entries:
            archive.writestr(name, content)
    return output.getvalue()


def get_zips():
    """Return uploads of signed files: ``[(name, content), …]``."""
    bomb = _zip(('x.p7m', bytes(200 * MEGABYTE)))
    link = zipfile.ZipInfo('x.p7m')
    link.external_attr = 0o120777 << 16
    lying = bytearray(_zip(('x.p7m', b'x' * 1000), method=zipfile.ZIP_STORED))
    place = lying.rindex(b'PK\x01\x02')
    lying[place + 20:place + 28] = struct.pack('<II', 0x7fffffff, 0x7fffffff)
    return [
        ('bomb', bomb), ('bombs', _zip(*[(f'{number}.p7m', bytes(20 * MEGABYTE)) for number in range(30)])),
        ('zip in zip', _zip(('x.zip', bomb))), ('link', _zip((link, '/etc/passwd'))),
        ('ways out', _zip(*[(name, b'x') for name in (
            '../../x.p7m', '/etc/x.p7m', 'C:\\x.p7m', '..\\x.p7m', 'x\x00.p7m', 'a/' * 500 + 'x.p7m', '\u202ex.p7m')])),
        ('many', _zip(*[(f'{number}.p7m', b'x') for number in range(20_000)])),
        ('the same name', _zip(*[('x.p7m', b'x')] * 100)), ('lying size', bytes(lying)),
        ('cut off', bomb[:len(bomb) // 2]), ('no directory', _zip(('x.p7m', b'x'))[:-22]),
        ('chance', os.urandom(MEGABYTE)),
        ('signed ones', _zip(*[(f'{name}.p7m', content) for name, content in files.get_signed()])),
        *((f'alone: {name}', content) for name, content in files.get_signed()[:8]),
        *((f'name {number}', _zip((text.encode(errors='replace').decode()[:200] + '.p7m', b'x')))
          for number, text in enumerate(TEXTS) if '\x00' not in text)]


def _sheet(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def get_sheets():
    """Return files for Odoo's import: ``[(name, media type, content), …]``."""
    excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    good = _sheet([COLUMNS, ['x'] * len(COLUMNS)])
    names = zipfile.ZipFile(io.BytesIO(good))
    laughs = b'<!DOCTYPE x [' + b''.join(
        b'<!ENTITY a%d "%s">' % (number, b'&a%d;' % (number - 1) * 10 if number else b'x' * 10) for number in range(9)
    ) + b']><x>&a8;</x>'
    return [
        ('laughs', excel, _zip(*[
            (name, laughs if 'sheet1' in name else names.read(name)) for name in names.namelist()])),
        ('cut off', excel, good[:-300]), ('HTML', excel, b'<html><script>alert(1)</script></html>'),
        ('chance', 'application/vnd.ms-excel', os.urandom(MEGABYTE)), ('nothing', 'text/csv', b''),
        ('NUL', 'text/csv', b'company_name\n\x00\x00\x00\n'),
        ('UTF-16', 'text/csv', 'company_name\nx\n'.encode('utf-16')),
        ('no UTF-8', 'text/csv', b'company_name\n\xff\xfe\xfd\n'),
        ('one quote', 'text/csv', b'company_name\n"' + b'x' * MEGABYTE),
        ('wide', 'text/csv', b','.join([b'x'] * 20_000) + b'\n'),
        ('a long cell', 'text/csv', b'company_name\n' + b'x' * MEGABYTE)]


class Documents:
    """The attack.

    :param person: a user of the attacked company, who spends nothing
    """

    def __init__(self, person, table):
        self.person, self.table = person, table

    def run(self):
        """Try all."""
        for name, content in get_zips():
            self._upload(name, content)
        for name, kind, content in get_sheets():
            self._import(name, kind, content)
        self._load()

    def _ask(self, model, method, *arguments, **keywords):
        return asking.call(self.person.session, self.person.url, model, method, arguments, keywords)

    def _judge(self, attack, name, answer):
        asking.judge(self.table, attack, name, answer, MOST)

    def _upload(self, name, content):
        """Upload as *Upload Signed Files* does: nothing of it is ready to be sent."""
        file = self._ask('ir.attachment', 'create', [{
            'name': f'{name[:100]}.zip', 'datas': encode(content), 'res_model': 'openapi_pec.upload'}])
        made = self._ask('openapi_pec.upload', 'create', [{'attachment_ids': [[6, 0, file.result or []]]}])
        read = self._ask('openapi_pec.upload', 'action_read', made.result)
        for answer in (file, made, read):
            self._judge('zips of signed files', name, answer)
        lines = self._ask('openapi_pec.upload.line', 'search_read', [['receive_id', 'in', made.result]], ['status'])
        statuses = {line['status'] for line in lines.result or ()}
        self.table.add('zips that are good', got_in='good' in statuses, example=f'{name}: {statuses}')

    def _import(self, name, kind, content):
        """Upload to Odoo's import, and look at its preview.

        Odoo's own reader answers some of it with an error of its own; it may take no time, and give no trace of this
        addon.
        """
        session, url = self.person.session, self.person.url
        made = self._ask('base_import.import', 'create', [{'res_model': ROW}])
        token = session.get(f'{url}/web').text.partition('csrf_token: "')[2].partition('"')[0]
        session.post(f'{url}/base_import/set_file', timeout=MOST, data={'csrf_token': token, 'id': made.result[0]},
                     files={'ufile': (f'{name}.x', content, kind)})
        options = {'has_headers': True, 'quoting': '"', 'separator': ',', 'encoding': '', 'advanced': True,
                   'keep_matches': False, 'sheet': '', 'sheets': []}
        answer = self._ask('base_import.import', 'parse_preview', made.result, options)
        is_well = answer.outcome not in ('no answer', 'closed') and (answer.seconds or 0) < MOST
        self.table.add('spreadsheets', got_in=not is_well, seconds=answer.seconds, has_trace=answer.has_trace,
                       example=f'{name}: {answer.outcome}')

    def _load(self):
        """Load rows with such texts in each cell, look at them, apply them."""
        rows = [[text.encode(errors='replace').decode()] * len(COLUMNS) for text in TEXTS]
        for name, columns, data in (
            ('texts', COLUMNS, rows), ('one column', COLUMNS[:1], [row[:1] for row in rows]),
            ('cells of all types', COLUMNS, [
                [value] * len(COLUMNS) for value in (None, True, 1, 1.5, [], {}, ['x'], {'a': 1})]),
            ('more cells than columns', COLUMNS[:1], rows), ('fewer', COLUMNS, [[], ['x']]),
            ('rows that are none', COLUMNS, [None, 1, 'x', {}]),
            ('columns that are none', ['id', '.id', 'company_id', 'state', None, 1, {}], [['x'] * 7]),
            ('too many', COLUMNS[:1], [['x']] * 100_001), ('no list', COLUMNS, 'x'),
            ('columns without a list', 'x', [])):
            self._judge('rows of spreadsheets', name, self._ask(ROW, 'load', columns, data))
        ids = self._ask(ROW, 'search', []).result or []
        shown = self._ask(ROW, 'read', ids, ['findings', 'effects', 'differences', 'display_name', *COLUMNS])
        self._judge('rows of spreadsheets', 'what they show', shown)
        for method in ('action_check', 'action_apply'):
            self._judge('rows of spreadsheets', method, self._ask(ROW, method, ids))
        exported = self._ask(ROW, 'export_data', ids, ['company_name', 'findings', 'effects'])
        self._judge('rows of spreadsheets', 'export', exported)
        told = json.dumps(self._ask('mail.message', 'search_read', [], ['body']).result or '')
        self.table.add('rows of spreadsheets', got_in=bool(ACTS.search(re.sub(r'\\"', '"', told))),
                       example='a text of a cell acts in a chatter')

"""Bodies that a form should not have: deep, large, in odd encodings, of a hundred thousand fields."""
import gzip
import itertools

import requests

PATIENCE = 60
MOST = 10  # seconds until an answer
MEGABYTE = 2**20
FORM = 'application/x-www-form-urlencoded'
REFUSED = {200, 303, 400, 401, 403, 404, 405, 409, 411, 413, 414, 415, 422, 429, 431}  # 200: of a page that is right


def _multipart(*parts, boundary=b'x', end=b'--'):
    return b''.join(b'--' + boundary + b'\r\n' + part + b'\r\n' for part in parts) + b'--' + boundary + end + b'\r\n'


def _field(name, value=b'x', more=b''):
    return b'Content-Disposition: form-data; name="' + name + b'"' + more + b'\r\n\r\n' + value


def get_bodies():
    """Return them: ``[(name, headers, content), …]``."""
    many = b'&'.join(b'field%d=x' % number for number in range(100_000))
    file = b'; filename="x.p7m"\r\nContent-Type: application/pkcs7-mime'
    parts = {'Content-Type': 'multipart/form-data; boundary=x'}
    return [
        ('a hundred thousand fields', {'Content-Type': FORM}, many),
        ('the same field', {'Content-Type': FORM}, b'access_token=x&' * 100_000),
        ('one long field', {'Content-Type': FORM}, b'lang=' + b'x' * (5 * MEGABYTE)),
        ('percent signs', {'Content-Type': FORM}, b'lang=' + b'%' * MEGABYTE),
        ('brackets', {'Content-Type': FORM}, b'lang' + b'[x]' * 100_000 + b'=x'),
        ('a hundred thousand parts', parts, _multipart(*[_field(b'f%d' % number) for number in range(100_000)])),
        ('a thousand files', parts, _multipart(*[_field(b'signed_file', b'x', file)] * 1000)),
        ('a part without an end', parts, _multipart(_field(b'signed_file', b'x' * MEGABYTE, file), end=b'')),
        ('a part of a megabyte of headers', parts, _multipart(b'X: ' + b'x' * MEGABYTE + b'\r\n\r\nx')),
        ('parts of parts', parts, _multipart(*[b'Content-Type: multipart/form-data; boundary=x\r\n\r\n'] * 10_000)),
        ('a boundary of a megabyte', {'Content-Type': 'multipart/form-data; boundary=' + 'x' * 60_000},
         _multipart(_field(b'f'), boundary=b'x' * 60_000)),
        ('name of a file', parts, _multipart(
            _field(b'signed_file', b'x', b'; filename="../../etc/\x00passwd\xff' + b'x' * 10_000 + b'.p7m"'))),
        ('UTF-16', {'Content-Type': f'{FORM}; charset=utf-16'}, 'lang=it_IT'.encode('utf-16')),
        ('UTF-7', {'Content-Type': f'{FORM}; charset=utf-7'}, b'lang=+ADw-script+AD4-'),
        ('no charset at all', {'Content-Type': f'{FORM}; charset=nothing'}, b'lang=\xff\xfe\x00'),
        ('not UTF-8', {'Content-Type': FORM}, b'access_token=\xff\xfe%ff%fe&lang=%00%ff'),
        ('packed', {'Content-Type': FORM, 'Content-Encoding': 'gzip'}, gzip.compress(b'x' * (50 * MEGABYTE))),
        ('deep JSON', {'Content-Type': 'application/json'}, b'[' * 500_000 + b']' * 500_000),
        ('deep JSON objects', {'Content-Type': 'application/json'}, b'{"a":' * 300_000 + b'1' + b'}' * 300_000),
        ('JSON that ends early', {'Content-Type': 'application/json'}, b'{"params": {'),
        ('a number', {'Content-Type': 'application/json'}, b'9' * 100_000),
        ('a call of JSON', {'Content-Type': 'application/json'},
         b'{"jsonrpc": "2.0", "params": {"access_token": ["x"]}}'),
        ('XML', {'Content-Type': 'text/xml'}, b'<!DOCTYPE x [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'),
        ('XML of a call', {'Content-Type': 'text/xml'}, (
            b'<?xml version="1.0"?><methodCall><methodName>version</methodName></methodCall>')),
        ('60 megabytes', {'Content-Type': 'application/octet-stream'}, bytes(60 * MEGABYTE)),
        ('nothing', {'Content-Type': 'multipart/form-data'}, b''),
    ]


def get_queries():
    """Return what an address should not have behind its question mark."""
    return [
        'access_token=' + 'x' * 7000, '&'.join(['access_token=x'] * 2000), '&'.join(f'f{n}=x' for n in range(1500)),
        'lang=' + '%F0%9F%98%80' * 500, 'lang=../../../etc/passwd', 'lang=it_IT%0d%0aSet-Cookie:%20x=1',
        'lang[]=x', 'lang=%00', 'access_token=%ff%fe', 'debug=1', 'debug=assets', 'db=postgres', 'access_token[x]=y',
        ';'.join(['access_token=x'] * 500), '%', '=&=&=', 'lang=<script>alert(1)</script>']


def run(url, paths, table):
    """Try all on each address of a visitor.

    :param list paths: addresses of pages and callbacks, right and wrong ones
    """
    session = requests.Session()
    for path, (name, headers, content) in itertools.product(paths, get_bodies()):
        _send(session, 'POST', url + path, table, 'odd bodies', f'{name} to {_show(path)}', headers, content)
    for path, query in itertools.product(paths, get_queries()):
        address = f'{url}{path}{"&" if "?" in path else "?"}{query}'
        for verb in ('GET', 'POST'):
            _send(session, verb, address, table, 'odd queries', f'{query[:40]} to {_show(path)}', {}, None)


def _show(path):
    return path.partition('?')[0][:50]


def _send(session, verb, address, table, attack, example, headers, content):
    try:
        answer = session.request(
            verb, address, headers=headers, data=content, timeout=PATIENCE, allow_redirects=False)
    except requests.Timeout:
        table.add(attack, got_in=True, example=f'{example}: no answer')
        return
    except requests.RequestException:  # closed at once, which is a refusal as well
        table.add(attack)
        return
    seconds = answer.elapsed.total_seconds()
    is_well = answer.status_code in REFUSED and seconds < MOST and '<script>alert' not in answer.text
    has_cookie = 'x' in answer.cookies
    table.add(attack, got_in=not is_well or has_cookie, seconds=seconds, has_trace='Traceback (most' in answer.text,
              example=f'{example}: status {answer.status_code}, {seconds:.1f} s')

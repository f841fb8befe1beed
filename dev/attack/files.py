"""Files that a visitor may upload and nobody should: small ones that cost much to read, large ones, wrong ones."""
import functools
import os
import zlib

import p7m_files

MEGABYTE = 2**20


def _pdf(*objects, trailer=b'<</Size 3/Root 1 0 R>>', prev=None):
    """A PDF of these objects, with a table that is right."""
    content, places = b'%PDF-1.5\n', []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b'%d 0 obj%sendobj\n' % (number, body)
    start = len(content)
    table = b'xref\n0 %d\n0000000000 65535 f \n' % (len(objects) + 1) + b''.join(
        b'%010d 00000 n \n' % place for place in places)
    tail = trailer[:-2] + (b'/Prev %d>>' % (start if prev is None else prev))
    return content + table + b'trailer' + tail + b'\nstartxref\n%d\n%%%%EOF' % start


def _stream(dictionary, content):
    return b'<<%s/Length %d>>stream\n%s\nendstream\n' % (dictionary, len(content), content)


def _xref_bomb(megabytes):
    """A table of cross-references that is packed small."""
    packed = zlib.compress(bytes(megabytes * MEGABYTE), 9)
    body = _stream(b'/Type/XRef/Filter/FlateDecode/W[1 4 2]/Size 30000000/Index[0 30000000]/Root 1 0 R', packed)
    return b'%PDF-1.5\n1 0 obj' + body + b'endobj\nstartxref\n9\n%%EOF'


def _object_bomb(megabytes):
    packed = zlib.compress(b'0 0 ' * (megabytes * MEGABYTE // 4), 9)
    return _pdf(
        b'<</Type/Catalog/Pages 2 0 R>>', _stream(b'/Type/ObjStm/Filter/FlateDecode/N 9999999/First 4', packed), prev=0)


def _deep(open_bracket, depth):
    return _pdf(
        b'<</Type/Catalog/Pages ' + open_bracket * depth + b'>>', b'<</Type/Pages/Kids[2 0 R]/Count 9>>', prev=0)


@functools.cache
def get_pdfs():
    """Return what is uploaded as a form or an identity document: ``[(name, content), …]``."""
    return [
        ('previous table is itself', (b'%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Prev '
                                     b'9>>\nstartxref\n9\n%%EOF')),
        ('table is its own previous', _pdf(b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[]/Count 0>>')),
        ('packed table', _xref_bomb(200)),
        ('packed objects', _object_bomb(100)),
        (
            'pages within themselves',
            _pdf(b'<</Type/Catalog/Pages 2 0 R>>', b'<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>', prev=0)),
        ('deep lists', _deep(b'[', 200_000)),
        ('deep dictionaries', _deep(b'<</A', 100_000)),
        (
            'many tables', b'%PDF-1.4\n' + b'xref\n0 1\n0000000000 65535 f \ntrailer<</Size 1>>\n' * 60_000
            + b'startxref\n9\n%%EOF'),
        ('many objects', b'%PDF-1.4\n' + b'1 0 obj<<>>endobj\n' * 250_000 + b'startxref\n0\n%%EOF'),
        ('HTML', b'<html><script>alert(1)</script></html>'),
        ('HTML behind the mark', b'%PDF-1.4\n<script>alert(1)</script>'),
        ('nothing', b''),
        ('chance', os.urandom(4 * MEGABYTE)),
    ]


@functools.cache
def get_signed():
    """Return what is uploaded as a signed power of attorney: ``[(name, content), …]``."""
    identity = p7m_files.identity()
    return [
        ('another document', p7m_files.sign(identity)),
        ('another document, large', p7m_files.sign(identity, os.urandom(8 * MEGABYTE))),
        ('deep BER', b'\x30\x80' * 2_000_000),
        ('deep octets', b'\x24\x80' * 2_000_000),
        ('long lengths', b'\x30\x84\x7f\xff\xff\xff' * 500_000),
        ('many small ones', b'\x30\x83\x7f\xff\xff' + b'\x02\x01\x00' * 2_000_000),
        ('a large number', b'\x30\x84\x00\x7f\xff\xff\x02\x84\x00\x7f\xff\xf9' + b'\xff' * 8 * MEGABYTE),
        ('base64 of nothing', b'-----BEGIN PKCS7-----\n' + b'A' * 8 * MEGABYTE),
        ('HTML', b'<html><script>alert(1)</script></html>'),
        ('chance', os.urandom(4 * MEGABYTE)),
        ('nothing', b''),
        *[(f'PDF: {name}', content) for name, content in get_pdfs()[:4]],
    ]

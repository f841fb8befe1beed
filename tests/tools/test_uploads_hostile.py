import subprocess
import time
import zlib
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools import p7m
from odoo.addons.l10n_it_openapi_pec.tools.p7m import ber
from odoo.addons.l10n_it_openapi_pec.tools.upload import pdf, pdf_structure

import p7m_files as files

from .test_p7m import in_octets
from .test_p7m_hostile import processor_time
from .test_pdf import CATALOG, MEGABYTE, PAGE, PAGES, compressed_pages, document, objects

LOOP = b'%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF'


def table(lead):
    """Return a cross-reference table without entries, of sixty bytes, that leads to a place."""
    return (b'xref\n0 0\ntrailer<</Prev %d>>startxref\n9\n' % lead).ljust(60)


def table_stream(unpacked=b'\1\0\0\0\0\0\0' * 4, size=4, more=b'', way=b'FlateDecode'):
    """Return a PDF whose cross-reference table is a stream."""
    packed = zlib.compress(unpacked, 9)
    head = b'%%PDF-1.5\n1 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Length %d/Filter/%s%s>>stream\n' % (
        size, len(packed), way, more)
    return head + packed + b'\nendstream\nendobj\nstartxref\n9\n%%EOF'


def attacks():
    """Yield names, files and the code that each is refused with, at once."""
    yield 'a table before itself', LOOP, 'too_slow'
    yield 'a table before itself, its name in numbers', LOOP.replace(b'/Prev', b'/#50re#76'), 'too_slow'
    yield 'two tables before each other', b'%PDF-1.4\n' + table(69) + table(9) + b'startxref\n9\n%%EOF', 'too_slow'
    yield 'thousands of tables', b'%PDF-1.4\n' + b''.join(table(69 + 60 * number) for number in range(3000)) + \
        b'startxref\n9\n%%EOF', 'too_slow'
    yield 'a start beyond the end', LOOP.replace(b'startxref\n9', b'startxref\n99999'), 'damaged'
    yield 'no start', LOOP.replace(b'startxref', b'startnone'), 'damaged'
    yield 'a table of a billion entries', LOOP.replace(b'0 1\n', b'0 1000000000\n'), 'damaged'
    yield 'a place that stands elsewhere', LOOP.replace(b'/Prev 9', b'/Prev 7 0 R'), 'damaged'
    yield 'a table stream that unpacks to much', table_stream(bytes(100 * MEGABYTE)), 'too_slow'
    yield 'a table stream of a billion entries', table_stream(size=10**9), 'too_slow'
    yield 'a table stream of millions of entries in parts', table_stream(more=b'/Index[0 9 100 9999999]'), 'too_slow'
    yield 'a table stream before itself', table_stream(more=b'/Prev 9'), 'too_slow'
    yield 'a table stream of differences', table_stream(
        bytes(8 * MEGABYTE), more=b'/DecodeParms<</Predictor 12>>'), 'too_slow'
    yield 'a table stream packed in another way', table_stream(way=b'LZWDecode'), 'too_slow'
    yield 'a stream of objects that unpacks to much', compressed_pages(100 * MEGABYTE), 'too_slow'
    yield 'its key in numbers', compressed_pages(100 * MEGABYTE).replace(b'/First', b'/#46irst'), 'too_slow'
    yield 'millions of streams', b'%PDF-1.4\n' + b'stream' * MEGABYTE + b'\nstartxref\n9\n%%EOF', 'too_slow'
    yield 'millions of starts', b'%PDF-1.4\n' + b'startxref 9\n' * MEGABYTE + b'%%EOF', 'too_slow'


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestUploadsHostile(BaseCase):
    """Files that are made to keep their reader busy are refused in no time, before any library reads them."""

    def test_pdf(self):
        self.assertLess(len(LOOP), 100)
        for name, content, code in attacks():
            with (
                self.subTest(name), patch.object(subprocess, 'run') as run, processor_time() as seconds,
                self.assertRaises(pdf.PdfError) as caught,
            ):
                pdf.judge(content, 20 * MEGABYTE)
            self.assertEqual(caught.exception.code, code, name)
            self.assertLess(seconds[0], 0.2 if len(content) < 10000 else 2, name)
            run.assert_not_called()

    def test_honest(self):
        honest = objects(CATALOG, PAGES, PAGE)
        for _time in range(50):  # saved again and again
            place = len(honest)
            before = honest.rindex(b'xref\n0 ')
            honest += b'xref\n0 0\ntrailer\n<</Size 4/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n' % (before, place)
        for content in (honest, document('one'), compressed_pages(20 * MEGABYTE), b'junk\n' + honest):
            pdf_structure.check(content)
        self.assertEqual(pdf.judge(honest, MEGABYTE), 1)

    def test_patience(self):
        """Who can wait for a moment only is told that it was not enough, not that the file is bad."""
        with self.assertRaises(pdf.OutOfTimeError):
            pdf.judge(document('one'), MEGABYTE, patience=0.001)
        started = time.monotonic()
        with self.assertRaises(pdf.OutOfTimeError):
            pdf.judge(b'%PDF-1.4\n' + b' ' * (8 * MEGABYTE) + b'\nstartxref\n9\n%%EOF', 20 * MEGABYTE, patience=1)
        self.assertLess(time.monotonic() - started, 25)  # a library searches for minutes

    def test_signed_message_of_small_parts(self):
        """Six million parts of one byte kept the server's own process busy for many seconds."""
        content = in_octets(files.identity(), files.endless(0x24, b'\x04\x01%' * (6 * MEGABYTE)))
        with processor_time() as seconds, self.assertRaises(p7m.P7mError) as caught:
            p7m.extract(content)
        self.assertEqual(caught.exception.code, 'too_complex')
        self.assertLess(seconds[0], 2)
        whole = in_octets(
            files.identity(), files.endless(0x24, b'\x04\x02%P' + b'\x04\x02DF' + b'\x04\x01-' * (ber.MAX_PARTS - 2)))
        self.assertEqual(len(p7m.extract(whole)), ber.MAX_PARTS + 2)

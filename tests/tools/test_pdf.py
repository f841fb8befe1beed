import base64
import concurrent.futures
import contextlib
import fcntl
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import textwrap
import time
import zlib
from pathlib import Path
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_it_openapi_pec.tools.upload import pdf, pdf_structure

import p7m_files as files

from ..odd_values import ODD_VALUES

MEGABYTE = 2**20
CATALOG = b'<</Type/Catalog/Pages 2 0 R>>'
PAGES = b'<</Type/Pages/Kids[3 0 R]/Count 1>>'
PAGE = b'<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>'
SIGNATURE = b'<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 840 960 240]/Contents<00>>>'
MUTATIONS = 400
MUTATIONS_ON_THE_WHOLE_WAY = 10

# Takes the place of PyPDF2 in the process of its own. `{body}` gives how many pages there are to be.
STAND_IN = """
import os, sys
class PdfReader:
    is_encrypted = False
    trailer = {{'/Root': {{'/Pages': {{'/Kids': []}}}}}}
    def __init__(self, stream, strict):
        self.content = stream.read()
    @property
    def pages(self):
        {body}
class PdfWriter:
    def add_page(self, page):
        pass
    def write(self, stream):
        stream.write(b'%PDF-result')
"""
# Answers to many files, in one process: what takes this long is as good as endless.
MANY_ANSWERS = """
import importlib.util, json, signal, sys
spec = importlib.util.spec_from_file_location('pdf', sys.argv[1])
pdf = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pdf)
sizes = json.loads(sys.stdin.buffer.readline())
library = pdf.find_library()
pdf.restrict(pdf.MEMORY_LIMIT, 60)
class Endless(BaseException):
    pass
def stop(*arguments):
    raise Endless
signal.signal(signal.SIGALRM, stop)
codes = []
for size in sizes:
    content = sys.stdin.buffer.read(size)
    signal.setitimer(signal.ITIMER_REAL, 0.25)
    try:
        answer, result = pdf._answer([content], 10**8, True, library)
        codes.append(answer['code'] or ('fine' if result.startswith(b'%PDF-') else 'odd'))
    except Endless:
        codes.append('endless')
    signal.setitimer(signal.ITIMER_REAL, 0)
print(json.dumps(codes))
"""


def document(*texts, rotation=0):
    """Return a PDF with a page for each text."""
    file = io.BytesIO()
    canvas = Canvas(file)
    for text in texts:
        canvas.setPageRotation(rotation)
        canvas.drawString(72, 700, text)
        canvas.acroForm.textfield(name=f'field {text}', value='filled in', x=72, y=600)
        canvas.bookmarkPage(text)
        canvas.addOutlineEntry(text, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def objects(*bodies, trailer=b'', repeat=False):
    """Return a PDF of numbered objects, the first of which is its catalog.

    :param bytes trailer: more of it.
    :param bool repeat: whether the cross-reference table says of itself that it comes before itself.
    """
    content, places = bytearray(b'%PDF-1.4\n'), []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += b'%d 0 obj\n%s\nendobj\n' % (number, body)
    start = len(content)
    trailer += b'/Prev %d' % start if repeat else b''
    content += b'xref\n0 %d\n0000000000 65535 f \n' % (len(bodies) + 1) + b''.join(
        b'%010d 00000 n \n' % place for place in places)
    content += b'trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n' % (len(bodies) + 1, trailer, start)
    return bytes(content)


def compressed_pages(size):
    """Return a PDF whose pages stand in an object stream that unpacks to some bytes."""
    members = [CATALOG, PAGES, PAGE]
    places = [sum(len(member) + 1 for member in members[:number]) for number in range(len(members))]
    index = b' '.join(b'%d %d' % (number, place) for number, place in enumerate(places, 1)) + b'\n'
    packed = zlib.compress(index + b'\n'.join(members) + b' ' * size, 9)
    content = bytearray(b'%PDF-1.5\n')
    stream_place = len(content)
    content += b'4 0 obj\n<</Type/ObjStm/N 3/First %d/Length %d/Filter/FlateDecode>>stream\n%s\nendstream\nendobj\n' % (
        len(index), len(packed), packed)
    place = len(content)
    entries = [(0, 0, 65535), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, stream_place, 0), (1, place, 0)]
    table = b''.join(
        kind.to_bytes(1, 'big') + first.to_bytes(4, 'big') + second.to_bytes(2, 'big')
        for kind, first, second in entries)
    content += (
        b'5 0 obj\n<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length %d>>stream\n%s\nendstream\nendobj\n'
        b'startxref\n%d\n%%%%EOF\n' % (len(table), table, place))
    return bytes(content)


def encrypted(content, user_password, owner_password=None):
    """Return a PDF with passwords."""
    reader_class, writer_class = pdf.find_library()
    writer = writer_class()
    for page in reader_class(io.BytesIO(content)).pages:
        writer.add_page(page)
    writer.encrypt(user_password, owner_password)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def texts(content):
    """Return the text of each page."""
    return [page.extract_text().strip() for page in pdf.find_library()[0](io.BytesIO(content)).pages]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestPdf(BaseCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = document('form 1', 'form 2')
        cls.identity = document('identity')

    def assert_refused(self, code, content, max_size=MEGABYTE, position=0):
        with self.assertRaises(pdf.PdfError) as caught:
            pdf.judge(content, max_size)
        self.assertEqual(
            (caught.exception.code, caught.exception.position, str(caught.exception)), (code, position, code))
        return caught.exception

    @contextlib.contextmanager
    def stand_in(self, body):
        """Have another library read in the process of its own; ``body`` returns the pages, and may do what it likes."""
        with tempfile.TemporaryDirectory() as folder, patch.object(sys, 'path', [folder, *sys.path]):
            body = textwrap.indent(textwrap.dedent(body).strip(), ' ' * 8).strip()
            Path(folder, 'PyPDF2.py').write_text(STAND_IN.format(body=body), encoding='utf-8')
            yield

    # -------------------------------------------------------- judging

    def test_judge(self):
        for name, content, pages in [
            ('one page', self.identity, 1),
            ('two pages', self.form, 2),
            ('memoryview', memoryview(self.form), 2),
            ('plain', objects(CATALOG, PAGES, PAGE), 1),
            ('something before the header', b'\r\nHTTP/1.1 200 OK\r\n\r\n' + self.form, 2),
            ('something behind the end', self.form + b'\n<!-- proxy -->' * 50 + b'\n\0\0 \n' * 1000, 2),
            ('object streams', compressed_pages(0), 1),
            ('incremental', self.form + b'% changed\n' + self.form[self.form.index(b'xref'):], 2),
        ]:
            with self.subTest(name):
                self.assertEqual(pdf.judge(content, MEGABYTE), pages)

    def test_no_pdf(self):
        for content in (
                b'a', b'hello', b'PK\x03\x04' + b'a' * 5000, b'<html>%PDF', b' ' * 1024 + b'%PDF-1.4',
                b'0\x80\x06\x03%PD', b'MI', b'MIIa', b'-----BEGIN CERTIFICATE-----\nMIIB', '%PDF-1.4'.encode('utf-16'),
                b'\x00' * 3000, b'BM is no image', b'RIFF'):
            with self.subTest(content=content[:20]):
                self.assert_refused('no_pdf', content)

    def test_empty(self):
        for content in (b'', None, False, '', bytearray(), memoryview(b'')):
            with self.subTest(content=content):
                self.assert_refused('empty', content)

    def test_too_large(self):
        self.assertEqual(pdf.judge(self.form, len(self.form)), 2)
        self.assertEqual(
            self.assert_refused('too_large', self.form, len(self.form) - 1).values['megabytes'][:4], '0.00')
        self.assertEqual(
            self.assert_refused('too_large', b'%PDF-' + b' ' * 3 * MEGABYTE, 2 * MEGABYTE).values, {'megabytes': '2'})

    def test_signed_envelope(self):
        """A .p7m, even when the PDF stands in it as it is."""
        signer = files.identity()
        der = files.sign(signer, self.form)
        self.assertIn(b'%PDF-', der[:1024])
        stamped = files.message([], [], self.form, kind=files.TIME_STAMPED_DATA)
        streamed = b'0\x80' + files.oid(files.SIGNED_DATA) + b'\xa0\x80' + der
        for name, content in {
            'DER': der, 'nested': files.sign(signer, der), 'base64': base64.b64encode(der),
            'lines of base64': base64.encodebytes(der),
            'PEM': files.pem(der), 'PEM with BOM': b'\xef\xbb\xbf' + files.pem(der), 'CMS': files.pem(der, 'CMS'),
            'cut': der[:300],
            'PKCS #7': files.pem(der, 'PKCS #7 SIGNED DATA'), 'indefinite': streamed, 'time-stamped': stamped,
            'mail': b'MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=signed-data\n\n'
            + base64.encodebytes(der),
        }.items():
            with self.subTest(name):
                self.assert_refused('signed_p7m', content)

    def test_image(self):
        for content in (
                b'\xff\xd8\xff\xe0\0\x10JFIF\0', b'\xff\xd8\xff\xe1..Exif', b'\x89PNG\r\n\x1a\n', b'GIF89a', b'II*\0',
                b'MM\0*', b'BM\x36\x10\0\0\0\0\0\0', b'RIFF\1\2\n\4WEBPVP8 ', b'\0\0\0\x18ftypheic\0',
                b'\0\0\0\x1cftypmif1', b'\0\0\0 ftypavif'):
            with self.subTest(content=content):
                self.assert_refused('image', content + b'%PDF-')

    def test_encrypted(self):
        for name, content in {
            'password': encrypted(self.form, 'secret'),
            'password for changing': encrypted(self.form, '', 'secret'),
            'unknown way': objects(CATALOG, PAGES, PAGE, b'<</Filter/Nobodys/V 9>>', trailer=b'/Encrypt 4 0 R'),
            'of the modern kind': objects(
                CATALOG, PAGES, PAGE,
                b'<</Filter/Standard/V 5/R 6/Length 256/P -4/O(%s)/U(%s)/OE(%s)/UE(%s)/Perms(%s)>>' % (
                    b'o' * 48, b'u' * 48, b'o' * 32, b'u' * 32, b'p' * 16), trailer=b'/Encrypt 4 0 R/ID[(a)(a)]'),
        }.items():
            with self.subTest(name):
                self.assert_refused('encrypted', content)

    def test_damaged(self):
        plain = objects(CATALOG, PAGES, PAGE)
        for name, content in {
            'header alone': b'%PDF-1.7\n',
            'header and end': b'%PDF-1.7\n%%EOF',
            'cut off': self.form[:-200],
            'cut in half': self.form[:len(self.form) // 2],
            'cut off after a change': self.form + self.form[9:400] + b'.' * 3000,
            'garbage': b'%PDF-1.4\n' + random.Random(1).randbytes(3000) + b'\n%%EOF',
            'no pages': objects(CATALOG, b'<</Type/Pages/Kids[]/Count 0>>'),
            'no page tree': objects(b'<</Type/Catalog>>'),
            'a page that is not there': objects(CATALOG, b'<</Type/Pages/Kids[7 0 R]/Count 1>>'),
            'an object that is itself': objects(CATALOG, b'2 0 R', PAGE),
            'a page that is a number': objects(CATALOG, PAGES, b'42'),
            'a table too long': plain.replace(b'0 4\n', b'0 999999999\n'),
        }.items():
            with self.subTest(name):
                self.assert_refused('damaged', content)

    def test_odd_values(self):
        for value in ODD_VALUES:
            with self.subTest(value=str(value)[:40].encode('ascii', 'backslashreplace')):
                self.assert_refused('no_pdf' if isinstance(value, bytes) and value else 'empty', value)
                self.assertIs(pdf.is_signed(value), False)

    def test_is_signed(self):
        signed = objects(CATALOG, PAGES, PAGE, SIGNATURE)
        for content, expected in [
            (signed, True), (signed.replace(b'[0 ', b' [ 0 '), True),
            (signed.replace(b'/Type/Sig', b'/Type /DocTimeStamp'), True),
            (signed.replace(b'/SubFilter/ETSI.CAdES.detached', b''), True), (memoryview(signed), True),
            (self.form, False), (b'', False), (b'/ByteRange[0 1 2 3]', False), (b'/Type/Sig', False),
            (signed.replace(b'/ByteRange', b'/Range'), False),
            (document('/ByteRange is a word, /Sig another'), False),
        ]:
            with self.subTest(content=bytes(content[-150:])):
                self.assertIs(pdf.is_signed(content), expected)
        self.assertEqual(pdf.judge(signed, MEGABYTE), 1)

    # -------------------------------------------------------- the blank form

    def test_blank(self):
        """What shows the same as the form, however it was saved, is not the signed form."""
        for content in (
            self.form, self.form + b'\n', b'Mail\n' + self.form, pdf.merge([self.form], MEGABYTE),
            memoryview(self.form),
        ):
            with self.assertRaises(pdf.PdfError) as caught:
                pdf.judge(content, MEGABYTE, form=self.form)
            self.assertEqual(caught.exception.code, 'blank')
        for content, pages in (
            (document('form 1', 'form 2', 'and a third page'), 3), (document('form 1', 'form 2, signed'), 2),
            (self.form.replace(b'ReportLab Generated PDF document', b'/Type/Sig /ByteRange [0 1 2 3]  '), 2),
        ):
            self.assertEqual(pdf.judge(content, MEGABYTE, form=self.form), pages)
        for form in (None, b'', b'no PDF', self.form[:-30]):  # which cannot be compared
            self.assertEqual(pdf.judge(self.form, MEGABYTE, form=form), 2)
        with self.assertRaises(pdf.PdfError) as caught:
            pdf.judge(self.form[:-30], MEGABYTE, form=self.form)
        self.assertEqual(caught.exception.code, 'damaged')

    # -------------------------------------------------------- merging

    def test_merge(self):
        merged = pdf.merge([self.form, self.identity], MEGABYTE)
        self.assertEqual(texts(merged), ['form 1', 'form 2', 'identity'])
        self.assertEqual(pdf.judge(merged, MEGABYTE), 3)
        self.assertEqual(texts(pdf.merge([self.identity, self.form], MEGABYTE)), ['identity', 'form 1', 'form 2'])
        self.assertEqual(texts(pdf.merge([self.identity, merged, self.identity], MEGABYTE)), [
            'identity', 'form 1', 'form 2', 'identity', 'identity'])
        self.assertEqual(texts(pdf.merge([self.form], MEGABYTE)), ['form 1', 'form 2'])

    def test_merge_keeps_pages_as_they_are(self):
        """Their size and rotation, even when they have them from the tree, and what was filled in."""
        inherited = objects(
            CATALOG, b'<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 300 400]/Rotate 90>>',
            b'<</Type/Page/Parent 2 0 R>>')
        merged = pdf.merge([inherited, document('turned', rotation=270), compressed_pages(0)], MEGABYTE)
        pages = pdf.find_library()[0](io.BytesIO(merged)).pages
        self.assertEqual([page.get('/Rotate') for page in pages], [90, 270, None])
        self.assertEqual([[float(side) for side in page['/MediaBox'][2:]] for page in pages][::2], [[300, 400], [9, 9]])
        field = pages[1]['/Annots'][0].get_object()
        self.assertEqual(field['/V'], 'filled in')
        self.assertIn(b'filled in', field['/AP']['/N'].get_data())

    def test_merge_refused(self):
        for contents, code, position in [
            ([], 'empty', None), (None, 'empty', None), ([self.form, b''], 'empty', 1), ([None], 'empty', 0),
            ([self.form, self.identity[:-100]], 'damaged', 1), ([self.form, objects(CATALOG, PAGES)], 'damaged', 1),
            ([b'GIF89a', self.form], 'image', 0), ([self.form, self.form, encrypted(self.form, 'x')], 'encrypted', 2),
            ([self.form, document('x' * MEGABYTE)], 'too_large', 1),
        ]:
            with self.subTest(code=code, position=position), self.assertRaises(pdf.PdfError) as caught:
                pdf.merge(contents, len(self.form) + len(self.identity))
            self.assertEqual((caught.exception.code, caught.exception.position), (code, position))

    def test_merged_too_large(self):
        contents = [
            objects(CATALOG, PAGES, PAGE.replace(b'>>', b'/Contents 4 0 R>>'), b'<</Length 50000>>stream\n%s\nendstream'
                    % random.Random(seed).randbytes(50000))
            for seed in range(2)
        ]
        self.assertGreater(len(pdf.merge(contents, 110000)), 100000)
        with self.assertRaises(pdf.PdfError) as caught:
            pdf.merge(contents, 100000)
        self.assertEqual((caught.exception.code, caught.exception.position), ('too_large', None))
        self.assertIn('megabytes', caught.exception.values)

    # -------------------------------------------------------- hostile files

    def test_endless(self):
        """Files that would send the library round in circles are refused before they do."""
        tree = [b'<</Type/Pages/Kids[%s]/Count 1>>' % (b'%d 0 R ' % number * 10) for number in range(3, 15)]
        for name, content in {
            'table before itself': objects(CATALOG, PAGES, PAGE, repeat=True),
            'tree of a thousand billion pages': objects(CATALOG, *tree, PAGE),
            'tree within itself': objects(CATALOG, b'<</Type/Pages/Kids[2 0 R]/Count 1>>'),
        }.items():
            with self.subTest(name):
                self.assert_refused('too_slow', content)
                with self.assertRaises(pdf.PdfError) as caught:
                    pdf.merge([self.form, content], MEGABYTE)
                self.assertEqual((caught.exception.code, caught.exception.position), ('too_slow', 1))

    def test_deep(self):
        for body in (b'[' * 20000 + b']' * 20000, b'<</A' * 20000 + b'>>' * 20000, b'(' * 20000):
            with self.subTest(body=body[:4]), contextlib.suppress(pdf.PdfError):
                self.assertEqual(
                    pdf.judge(objects(CATALOG, PAGES, PAGE[:-2] + b'/Contents ' + body + b'>>'), MEGABYTE), 1)

    def test_memory(self):
        """What unpacks to much is refused by the memory limit: with a greater one it would be read."""
        bomb = compressed_pages(200 * MEGABYTE)
        self.assertLess(len(bomb), MEGABYTE)
        with (
            patch.object(pdf_structure, 'check'), patch.object(pdf, 'MEMORY_LIMIT', 200 * MEGABYTE),
            self.assertRaises(pdf.PdfError) as caught,
        ):
            pdf.judge(bomb, MEGABYTE)
        self.assertIn(caught.exception.code, ('damaged', 'too_slow'))
        with patch.object(pdf, 'MEMORY_LIMIT', 200 * MEGABYTE):
            self.assertEqual(pdf.judge(compressed_pages(20 * MEGABYTE), MEGABYTE), 1)

    def mutated(self, count):
        """Return files that were changed here and there, behind the header, but not at the end."""
        generator = random.Random(7)
        originals = [
            self.form, self.identity, objects(CATALOG, PAGES, PAGE, SIGNATURE), compressed_pages(0),
            encrypted(self.identity, 'a')]
        contents = []
        for number in range(count):
            content = bytearray(originals[number % len(originals)])
            for _step in range(generator.randrange(1, 6)):
                place = generator.randrange(9, len(content) - 8)
                other = generator.randrange(9, len(content) - 8)
                size = generator.randrange(1, 40)
                kind = generator.randrange(5)
                if kind == 0:
                    content[place] = generator.randrange(256)
                elif kind == 1:
                    del content[place:min(place + size, len(content) - 8)]
                elif kind == 2:
                    content[place:place] = content[other:other + size]
                elif kind == 3:
                    content[place:place] = generator.choice(
                        [b'%', b'<<', b'>>', b'[', b'(', b'9' * 9, b'-1', b' 0 R ', b'\0', b'stream\n'])
                else:
                    content[place:place + size] = content[other:other + size]
            contents.append(bytes(content))
        return contents

    def test_mutations(self):
        """Whatever becomes of a file, in the process of its own there is an answer, or none in time."""
        contents = self.mutated(MUTATIONS)
        process = subprocess.run(
            [sys.executable, '-c', MANY_ANSWERS, pdf.__file__], check=True, capture_output=True, timeout=120,
            input=json.dumps([len(content) for content in contents]).encode() + b'\n' + b''.join(contents))
        codes = json.loads(process.stdout)
        self.assertEqual(len(codes), MUTATIONS)
        self.assertLessEqual({'fine', 'damaged', 'encrypted'}, set(codes))
        self.assertLessEqual(set(codes), {'fine', 'damaged', 'encrypted', 'endless', 'too_slow'})

    def test_mutations_on_the_whole_way(self):
        """... and in the server nothing but that answer, from several threads at once."""
        def judge(content):
            try:
                return pdf.judge(content, MEGABYTE)
            except pdf.PdfError as error:
                return error.code

        with patch.object(pdf, 'TIME_LIMIT', 5), concurrent.futures.ThreadPoolExecutor(3) as threads:
            started = time.monotonic()
            answers = list(threads.map(judge, self.mutated(MUTATIONS_ON_THE_WHOLE_WAY)))
        self.assertLess(time.monotonic() - started, 120)
        self.assertTrue({1, 2}.intersection(answers))
        self.assertLessEqual(
            {answer for answer in answers if isinstance(answer, str)}, {'damaged', 'encrypted', 'too_slow', 'no_pdf'})

    # -------------------------------------------------------- the process of its own

    def test_isolation(self):
        """It has nothing of the server: environment, open files, arguments, Odoo; and no right to write files."""
        with (
            tempfile.TemporaryFile() as open_file,
            os.fdopen(fcntl.fcntl(open_file, fcntl.F_DUPFD, 90)) as high_file,
            patch.dict(
                os.environ, {
                    'PGPASSWORD': 'secret', 'PYTHONPATH': '/nowhere', 'PYTHONSTARTUP': '/nowhere', 'HOME': '/root'}),
            self.stand_in("""
                problems = [name for name in os.environ if name not in ('LD_LIBRARY_PATH', 'LC_CTYPE')]
                problems += ['odoo'] * ('odoo' in sys.modules) + sys.argv[1:]
                problems += ['flag'] * (not sys.flags.isolated) + ['site'] * ('site' in sys.modules)
                problems += ['place'] * (os.path.dirname(os.path.abspath(sys.argv[0])) in sys.path)
                try:
                    os.fstat(%d)
                    problems.append('file')
                except OSError:
                    pass
                import resource, signal
                problems += [str(limit) for limit, most in [
                    (resource.RLIMIT_AS, 2**30), (resource.RLIMIT_CPU, 7), (resource.RLIMIT_CORE, 0),
                    (resource.RLIMIT_FSIZE, 0),
                ] if resource.getrlimit(limit)[1] != most]
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                try:
                    with open(os.path.join(os.path.dirname(__file__), 'written'), 'w') as file:
                        file.write('a')
                    problems.append('written')
                except OSError:
                    pass
                if problems:
                    os.write(2, repr(problems).encode())
                return [{}] * (1 + len(problems))
            """ % high_file.fileno()),
        ):
            os.set_inheritable(high_file.fileno(), True)
            self.assertEqual(pdf.judge(self.form, MEGABYTE), 1)

    def test_compiled_modules(self):
        """It takes them from where this process has its own, and writes none there."""
        for place in (None, '/nowhere/compiled'):
            with self.subTest(place), patch.object(sys, 'pycache_prefix', place), self.stand_in(
                    f'return [{{}}] * (1 + (sys.pycache_prefix == {place!r} and sys.dont_write_bytecode))'):
                self.assertEqual(pdf.judge(self.form, MEGABYTE), 2)

    def test_noise(self):
        """What the library prints is no part of the answer."""
        with self.stand_in("""
            print('noise')
            sys.stderr.write('noise')
            os.write(1, b'ready\\n{}\\n')
            import warnings, logging
            warnings.warn('noise')
            logging.error('noise')
            return [{}, {}, {}]
        """):
            self.assertEqual(pdf.judge(self.form, MEGABYTE), 3)

    def test_ways_to_fail(self):
        for body in ('import time; time.sleep(30)', 'while True: pass'):
            with self.subTest(body), self.stand_in(body), patch.object(pdf, 'TIME_LIMIT', 0.7):
                started = time.monotonic()
                self.assert_refused('too_slow', self.form)
                self.assertLess(time.monotonic() - started, 25)  # of thirty, or of no end
        for body, code in {
            'os._exit(0)': 'too_slow',
            'os.abort()': 'too_slow',
            'raise SystemExit': 'too_slow',
            'os.kill(os.getpid(), 9)': 'too_slow',
            'raise MemoryError': 'too_slow',
            'return [bytearray(2**31)]': 'too_slow',
            'raise RecursionError': 'damaged',
            'raise AssertionError("text")': 'damaged',
            'return None': 'damaged',
            'return []': 'damaged',
            'return [None]': 'damaged',
        }.items():
            with self.subTest(body), self.stand_in(body):
                self.assert_refused(code, self.form)

    def test_processor_time(self):
        """The system, too, ends what runs on, should the server be gone."""
        with self.stand_in('while True: pass'):
            task = {'path': sys.path, 'memory': 2**30, 'seconds': 0, 'max_size': MEGABYTE, 'sizes': [5], 'merge': False}
            process = subprocess.run(
                [sys.executable, '-I', '-S', pdf.__file__], input=json.dumps(task).encode() + b'\n%PDF-',
                capture_output=True, timeout=60, check=False)
        self.assertLess(process.returncode, 0)
        self.assertEqual(process.stdout, b'ready\n')

    def test_no_library(self):
        """A machine that cannot read any PDF does not blame the file."""
        with patch.object(sys, 'path', []), self.assertRaises(RuntimeError):
            pdf.judge(self.form, MEGABYTE)
        for executable in ('/nowhere/python', '/bin/true', ''):
            with self.subTest(executable), patch.object(sys, 'executable', executable), self.assertRaises(RuntimeError):
                pdf.judge(self.form, MEGABYTE)
        with patch.object(pdf, 'LIBRARIES', ('l10n_it_nowhere',)), self.assertRaises(ImportError):
            pdf.find_library()

    @mute_logger('PyPDF2', 'pypdf')
    def test_within_this_process(self):
        """The same answers without a process of its own, from files that can be trusted."""
        def ask(contents, max_size=MEGABYTE, merge=True):
            task = {
                'path': sys.path, 'memory': 0, 'seconds': 0, 'max_size': max_size, 'sizes': list(map(len, contents)),
                'merge': merge}
            target = io.BytesIO()
            with patch.object(pdf, 'restrict') as restrict:
                pdf.main(io.BytesIO(json.dumps(task).encode() + b'\n' + b''.join(contents)), target)
            restrict.assert_called_once_with(0, 0)
            self.assertTrue(target.getvalue().startswith(pdf.READY))
            line, _end, result = target.getvalue()[len(pdf.READY):].partition(b'\n')
            return json.loads(line), result

        answer, result = ask([self.form, self.identity])
        self.assertEqual(answer, {'code': None, 'pages': 3})
        self.assertEqual(texts(result), ['form 1', 'form 2', 'identity'])
        self.assertEqual(ask([self.form], merge=False), ({'code': None, 'pages': 2}, b''))
        self.assertEqual(ask([self.form], max_size=10), ({'code': 'too_large', 'position': None}, b''))
        self.assertEqual(ask([self.form, objects(CATALOG)]), ({'code': 'damaged', 'position': 1}, b''))
        self.assertEqual(ask([b'junk' + objects(CATALOG)]), ({'code': 'damaged', 'position': 0}, b''))
        self.assertEqual(ask([objects(CATALOG, b'<</Type/Pages/Kids[]>>')]), ({'code': 'damaged', 'position': 0}, b''))
        self.assertEqual(ask([encrypted(self.form, 'a')]), ({'code': 'encrypted', 'position': 0}, b''))
        self.assertEqual(
            ask([objects(CATALOG, b'2 0 R') + b'/Encrypt 1 0 R']), ({'code': 'encrypted', 'position': 0}, b''))
        with patch.object(pdf, '_pages', side_effect=MemoryError):
            self.assertEqual(ask([self.form]), ({'code': 'too_slow', 'position': 0}, b''))

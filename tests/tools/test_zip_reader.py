"""Zips from people who mean harm, from odd programs and from bad luck.

Each entry gets its sentence, and none costs much.
"""
import io
import random
import stat
import struct
import tracemalloc
import unicodedata
import zipfile
import zlib

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.upload import zip_reader
from odoo.addons.l10n_it_openapi_pec.tools.upload.zip_reader import Limits, ZipReaderError
from odoo.addons.l10n_it_openapi_pec.wizards.filing.upload import RECEIVE_FINDINGS

from .test_p7m_hostile import MUTATIONS, STEP, processor_time

MEGABYTE = 1 << 20
LIMITS = Limits(size=12 * MEGABYTE, entries=50, entry_size=2 * MEGABYTE, total_size=5 * MEGABYTE, ratio=100)
GOOD = b'a signed file'
MUTATED = 5000


def make_zip(*entries, method=zipfile.ZIP_DEFLATED):
    """Return a zip.

    :param entries: ``(name or ZipInfo, content)``.
    """
    output = io.BytesIO()
    with zipfile.ZipFile(output, 'w', method) as file:
        for name, content in entries:
            file.writestr(name, content)
    return output.getvalue()


def sentence_of(code):
    """Return what is told of a code, with its placeholders."""
    return RECEIVE_FINDINGS[code][1]._source


def with_field(content, mark, place, form, value):
    """Return a zip with another value in a field of the first header that begins with ``mark``."""
    changed = bytearray(content)
    struct.pack_into(form, changed, changed.find(mark) + place, value)
    return bytes(changed)


def special(name, mode, content=b'/etc/passwd'):
    """Return an entry of a special kind of file, as Unix programs write it."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info, content


def hand_made(entries):
    """Return a zip of stored pieces whose directory is written by hand.

    :param entries: ``(name, packed bytes, method, claimed size, flags)``; the local headers say the same.
    """
    body, directory = b'', b''
    for name, packed, method, size, flags in entries:
        crc = 0
        directory += zip_reader.DIRECTORY_ENTRY.pack(
            zip_reader.ENTRY_MARK, 20, 20, flags, method, 0, 0, crc, len(packed), size, len(name), 0, 0, 0, 0, 0,
            len(body)) + name
        body += zip_reader.LOCAL_HEADER.pack(
            zip_reader.LOCAL_MARK, 20, flags, method, 0, 0, crc, len(packed), size, len(name), 0)
        body += name + packed
    end = zip_reader.DIRECTORY_END.pack(
        zip_reader.END_MARK, 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return body + directory + end


def deflate(content):
    """Return bytes packed as zips have them, without a header of zlib."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def zip64(*entries, large=('size', 'packed', 'place'), end='large', before=b'', other=b'', behind=b'', **lies):
    """Return a zip with the fields of ZIP64, as online storages write it.

    :param entries: ``(name, content)``.
    :param large: which values of an entry stand in its field of ZIP64.
    :param end: ``large`` when the end of the directory leads to that of ZIP64, ``both`` when it says the same, ``old``
        when there is no other.
    :param before: what stands before the zip; ``other`` other extra fields before that of ZIP64; ``behind`` what stands
        behind the end of ZIP64, of its own.
    :param lies: other values than the true ones: ``size``, ``packed``, ``place``, ``record``.
    """
    body, directory = b'', b''
    for name, content in entries:
        packed = deflate(content)
        values = {'size': len(content), 'packed': len(packed), 'place': len(body)}
        field = b''.join(struct.pack('<Q', lies.get(name, values[name])) for name in values if name in large)
        extra = other + (struct.pack('<2H', 1, len(field)) + field if field else b'')
        small = {name: 0xFFFFFFFF if name in large else value for name, value in values.items()}
        directory += zip_reader.DIRECTORY_ENTRY.pack(
            zip_reader.ENTRY_MARK, 45, 45, 0, 8, 0, 0, zlib.crc32(content), small['packed'], small['size'], len(name),
            len(extra), 0, 0, 0, 0, small['place']) + name + extra
        body += zip_reader.LOCAL_HEADER.pack(
            zip_reader.LOCAL_MARK, 45, 0, 8, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(name), 20) + name
        body += struct.pack('<2H2Q', 1, 16, len(content), len(packed)) + packed
    count, record = len(entries), len(body) + len(directory)
    tail = b'' if end == 'old' else zip_reader.DIRECTORY_END_64.pack(
        zip_reader.END_MARK_64, 44 + len(behind), 45, 45, 0, 0, count, count, len(directory), len(body)
    ) + behind + zip_reader.LOCATOR_64.pack(zip_reader.LOCATOR_MARK_64, 0, lies.get('record', record), 1)
    numbers = (0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF) if end == 'large' else (
        count, count, len(directory), len(body))
    return before + body + directory + tail + zip_reader.DIRECTORY_END.pack(
        zip_reader.END_MARK, 0, 0, *numbers, 0)


def zips64():
    """Yield what is said of a zip with the fields of ZIP64, the zip, and the codes of its entries; or of all of it."""
    two, good = [(b'a.p7m', GOOD), (b'b/c.p7m', GOOD * 9)], [None, None]
    times = struct.pack('<2HBL', 0x5455, 5, 1, 0)
    yield "all of it large", zip64(*two), good
    yield "both ends", zip64(*two, end='both'), good
    yield "both ends, small entries", zip64(*two, end='both', large=()), good
    yield "large sizes, the old end", zip64(*two, end='old', large=('size', 'packed')), good
    yield "a large size", zip64(*two, end='old', large=('size',)), good
    yield "a large packed size", zip64(*two, end='old', large=('packed',)), good
    yield "a large place", zip64(*two, end='old', large=('place',)), good
    yield "small entries, a large end", zip64(*two, large=()), good
    yield "after other fields", zip64(*two, other=times), good
    yield "something of its own behind the end", zip64(*two, behind=bytes(30)), good
    yield "something before it", zip64(*two, before=b'MZ' + bytes(99)), good
    yield "a comment behind it", zip64(*two, end='both')[:-2] + struct.pack('<H', 5) + b'hello', good
    yield "empty", zip64(), []
    yield "empty, both ends", zip64(end='both'), []
    # bounds hold, and lies are found out
    yield "a bomb", zip64((b'bomb', bytes(2 * MEGABYTE)), *two), ['bomb', *good]
    yield "a bomb that lies", zip64((b'bomb', bytes(2 * MEGABYTE)), size=5), ['bomb']
    yield "too large", zip64((b'large', random.Random(1).randbytes(3 * MEGABYTE))), ['entry_too_large']
    yield "too many", zip64(*[(b'a', GOOD)] * 60), [None] * 50 + ['too_many']
    yield "another size", zip64(*two, size=7), ['lying_size', 'lying_size']
    yield "a size of exabytes", zip64(*two, size=1 << 63), ['lying_size', 'lying_size']
    yield "a packed size of exabytes", zip64(*two, packed=(1 << 64) - 1), good  # as much as there is
    yield "a place of exabytes", zip64(*two, place=1 << 63), ['broken', 'broken']
    yield "more fields than are looked at", zip64(*two, other=struct.pack('<2H', 9, 0) * 40), ['broken', 'broken']
    yield "a field without values", zip64(
        *two, other=struct.pack('<2H', 1, 0), large=('size',)), good  # the last one counts
    yield "a field that ends before its values", with_field(zip64(*two), b'\1\0\x18\0', 2, '<H', 9), ['broken', None]
    yield "an end that nothing leads to", zip64(*two, behind=bytes(30), record=9), 'zip_damaged'
    yield "an end beyond the end", zip64(*two, behind=bytes(30), record=1 << 62), 'zip_damaged'
    yield "a directory of exabytes", with_field(zip64(*two), b'PK\6\6', 40, '<Q', 1 << 62), 'zip_damaged'
    yield "a directory elsewhere", with_field(zip64(*two), b'PK\6\6', 48, '<Q', 1 << 62), 'zip_damaged'


def overlapping(count, size):
    """Return a zip all of whose entries unpack the same bytes."""
    packed = deflate(bytes(size))
    local = zip_reader.LOCAL_HEADER.pack(
        zip_reader.LOCAL_MARK, 20, 0, 8, 0, 0, 0, len(packed), size, 1, 0) + b'a' + packed
    entry = zip_reader.DIRECTORY_ENTRY.pack(
        zip_reader.ENTRY_MARK, 20, 20, 0, 8, 0, 0, zlib.crc32(bytes(size)), len(packed), size, 1, 0, 0, 0, 0, 0,
        0) + b'a'
    directory = entry * count
    return local + directory + zip_reader.DIRECTORY_END.pack(
        zip_reader.END_MARK, 0, 0, count, count, len(directory), len(local), 0)


def endless():
    """Return a deflated stream of blocks that are empty."""
    return b'\x00\x00\x00\xff\xff' * (MEGABYTE // 5)


def attacks():
    """Yield what is wrong, the zip, and the codes of its entries."""
    random_bytes = random.Random(1).randbytes(3 * MEGABYTE)
    good = ('good.p7m', GOOD)
    plain = make_zip(good)
    yield "nothing wrong", plain, [None]
    yield "stored", make_zip(good, method=zipfile.ZIP_STORED), [None]
    yield "something before it", b'MZ' + bytes(1000) + plain, [None]
    yield "a comment behind it", plain[:-2] + struct.pack('<H', 5) + b'hello', [None]
    yield "empty", make_zip(), []
    for name in ('/etc/passwd', '../../up.p7m', 'a/../../b.p7m', 'C:\\x.p7m', '..\\x.p7m', '\\\\host\\x', 'c:x'):
        yield f"a name that leads out: {name}", make_zip((name, GOOD), good), ['outside', None]
    yield "a link", make_zip(special('link.p7m', stat.S_IFLNK), good), ['link', None]
    yield "a device", make_zip(special('device', stat.S_IFCHR), special('pipe', stat.S_IFIFO), good), [
        'link', 'link', None]
    yield "folders", make_zip(('a/', b''), ('a/b/', b''), ('a/b/c.p7m', GOOD), special('d', stat.S_IFDIR)), [
        'folder', 'folder', None, 'folder']
    yield "macOS and Windows", make_zip(
        ('__MACOSX/._good.p7m', b'x'), ('a/._b.p7m', b'x'), ('a/.DS_Store', b'x'), ('Thumbs.db', b'x'),
        good), ['clutter'] * 4 + [None]
    yield "a zip in it", make_zip(('inner.zip', plain), ('empty.zip', make_zip()), good), [
        'nested_zip', 'nested_zip', None]
    yield "a document in it", make_zip(
        ('a.docx', make_zip(('word/document.xml', b''), ('[Content_Types].xml', b''))), good,
        ('procura.asice', make_zip(('mimetype', b'application/vnd.etsi.asic-e+zip'), method=zipfile.ZIP_STORED)),
        ('b.zip', make_zip(('a.docx', make_zip(('[Content_Types].xml', b'')))))), [None, None, None, 'nested_zip']
    yield "locks of office programs", make_zip(('~$procura.docx', b'x'), ('a/.~lock.b.odt#', b'x'), good), [
        'clutter', 'clutter', None]
    yield "encrypted as WinZip does", with_field(with_field(plain, b'PK\1\2', 8, '<H', 1), b'PK\1\2', 10, '<H', 99), [
        'encrypted']
    yield "deflated in 64 kB", with_field(with_field(plain, b'PK\1\2', 10, '<H', 9), b'PK\3\4', 8, '<H', 9), ['method']
    yield "the same name twice", hand_made([(b'a', GOOD, 0, len(GOOD), 0)] * 2), ['broken', 'broken']
    yield "a bomb", make_zip(('bomb', bytes(2 * MEGABYTE)), good), ['bomb', None]
    yield "a bomb that lies", with_field(make_zip(('bomb', bytes(2 * MEGABYTE)), good), b'PK\1\2', 24, '<L', 5), [
        'bomb', None]
    yield "too large", make_zip(('large', random_bytes), good), ['entry_too_large', None]
    yield "too large, stored", make_zip(('large', random_bytes), good, method=zipfile.ZIP_STORED), [
        'entry_too_large', None]
    yield "too much in all", make_zip(*((str(n), random_bytes[n:MEGABYTE + n] * 2) for n in range(4))), [
        None, None, 'all_too_large', 'all_too_large']
    yield "one stream for all", overlapping(40, MEGABYTE), [None] * 5 + ['all_too_large'] * 35
    yield "too many", make_zip(*((f'{n}.p7m', GOOD) for n in range(60))), [None] * 50 + ['too_many']
    yield "encrypted", with_field(plain, b'PK\1\2', 8, '<H', 1), ['encrypted']
    yield "encrypted, as only the file itself says", with_field(plain, b'PK\3\4', 6, '<H', 1), ['encrypted']
    yield "with a masked directory", with_field(plain, b'PK\1\2', 8, '<H', 0x2000), ['encrypted']
    yield "LZMA and bzip2", make_zip(good, method=zipfile.ZIP_LZMA), ['method']
    yield "two methods", with_field(plain, b'PK\1\2', 10, '<H', 0), ['broken']
    yield "another size", with_field(plain, b'PK\1\2', 24, '<L', 7), ['lying_size']
    yield "ZIP64", with_field(plain, b'PK\1\2', 24, '<L', 0xFFFFFFFF), ['lying_size']
    yield "a wrong checksum", with_field(plain, b'PK\1\2', 16, '<L', 7), ['broken']
    yield "cut off", with_field(plain, b'PK\1\2', 20, '<L', 3), ['broken']
    yield "a file elsewhere", with_field(plain, b'PK\1\2', 42, '<L', 9), ['broken']
    yield "a file beyond the end", with_field(plain, b'PK\1\2', 42, '<L', 0xFFFFFF00), ['broken']
    yield "a name that never ends", with_field(plain, b"PK\1\2", 28, "<H", 0xFFFF), ["outside"]
    yield "an odd stream", hand_made([(b'x', b'\xff' * 99, 8, 5, 0), (b'y', endless(), 8, 5, 0)]), ['broken', 'broken']
    yield "bytes that are no text", hand_made([(b'\xff\xfe', b'', 0, 0, 0x800), (b'', b'', 0, 0, 0)]), [None, 'folder']
    yield "a wrong count", with_field(make_zip(good, ('b', GOOD)), b'PK\5\6', 10, '<H', 1), [None, None]


REFUSED = [
    ("not a zip", b'%PDF-1.7', 'no_zip'),
    ("nothing", b'', 'no_zip'),
    ("the beginning alone", make_zip(('a', GOOD))[:40], 'zip_damaged'),
    ("a directory elsewhere", with_field(make_zip(('a', GOOD)), b'PK\5\6', 16, '<L', 0xFFFFFF), 'zip_damaged'),
    ("a directory of another size", with_field(make_zip(('a', GOOD)), b'PK\5\6', 12, '<L', 5), 'zip_damaged'),
    ("a directory larger than all", with_field(make_zip(('a', GOOD)), b'PK\5\6', 12, '<L', 0xFFFFFFFF), 'zip_damaged'),
    ("too large", bytes(LIMITS.size + 1), 'zip_too_large'),
]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestZipReader(BaseCase):

    def read_codes(self, content, limits=LIMITS):
        """Read a zip within the time and the memory that it may take; return what became of its entries."""
        tracemalloc.start()
        try:
            with processor_time() as seconds:
                codes = [self.check_entry(entry) for entry in zip_reader.read(content, limits)]
            memory = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertLess(seconds[0], 2)
        self.assertLess(memory, 4 * limits.entry_size)
        return codes

    def check_entry(self, entry):
        """Look whether an entry makes sense; return its code."""
        self.assertEqual(entry.content is None, entry.code is not None)
        self.assertLessEqual(len(entry.name), zip_reader.MAX_SHOWN)
        self.assertTrue(all(map(str.isprintable, entry.name)), ascii(entry.name))
        if entry.code:
            self.assertIn(entry.code, zip_reader.ENTRY_CODES)
            self.assertNotIn('%', sentence_of(entry.code) % entry.values)
        return entry.code

    def test_attacks(self):
        for name, content, codes in attacks():
            with self.subTest(name):
                self.assertEqual(self.read_codes(content), codes)

    def test_refused(self):
        for name, content, code in REFUSED:
            with self.subTest(name), self.assertRaises(ZipReaderError) as raised:
                zip_reader.read(content, LIMITS)
            self.assertEqual(raised.exception.code, code)
            self.assertTrue(sentence_of(code) % raised.exception.values)

    def test_every_code_happens_and_has_its_sentence(self):
        happened = {code for _name, _content, codes in attacks() for code in codes if code}
        self.assertEqual(happened, set(zip_reader.ENTRY_CODES))
        self.assertLessEqual(happened | {code for _name, _content, code in REFUSED}, RECEIVE_FINDINGS.keys())
        for code in zip_reader.ENTRY_CODES:
            self.assertEqual(RECEIVE_FINDINGS[code][0] == 'ignored', code in zip_reader.IGNORED, code)

    def test_thousands_of_entries(self):
        content = overlapping(60_000, 1)
        self.assertEqual(self.read_codes(content), [None] * LIMITS.entries + ['too_many'])

    def test_content(self):
        files = {
            'a.p7m': b'', 'città.p7m': GOOD, 'folder/b.p7m': random.Random(2).randbytes(MEGABYTE), 'c': b'c' * MEGABYTE}
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            entries = zip_reader.read(make_zip(*files.items(), method=method), LIMITS)
            self.assertEqual({entry.name: entry.content for entry in entries}, files)

    def test_streamed(self):
        """Programs that write without going back put sizes and checksum behind the file."""
        class Stream(io.BytesIO):

            def tell(self):
                raise io.UnsupportedOperation

        stream = Stream()
        with zipfile.ZipFile(stream, 'w', zipfile.ZIP_DEFLATED) as file:
            file.writestr('a.p7m', GOOD)
        [entry] = zip_reader.read(stream.getvalue(), LIMITS)
        self.assertEqual(entry.content, GOOD)

    def test_zip64(self):
        for name, content, expected in zips64():
            with self.subTest(name):
                if isinstance(expected, str):
                    with self.assertRaises(ZipReaderError) as raised:
                        zip_reader.read(content, LIMITS)
                    self.assertEqual(raised.exception.code, expected)
                else:
                    self.assertEqual(self.read_codes(content), expected)
        entries = zip_reader.read(zip64((b'a', GOOD), (b'b', b'')), LIMITS)
        self.assertEqual([(entry.name, entry.content) for entry in entries], [('a', GOOD), ('b', b'')])

    def test_thousands_of_fields(self):
        """An entry of sixty thousand bytes of empty fields costs no more than another one."""
        content = zip64(*[(b'a', GOOD)] * 150, large=(), other=struct.pack('<2H', 9, 0) * 16_000)
        limits = LIMITS._replace(entries=4000)
        self.assertEqual(self.read_codes(content, limits), [None] * 150)

    def test_accents(self):
        """Names are shown as they were meant, whatever program wrote them."""
        decomposed = unicodedata.normalize('NFD', 'società però.p7m')
        own = struct.pack('<2HBL', 0x7075, 5 + len('città.p7m'.encode()), 1, zlib.crc32(b'citt_.p7m')) + \
            'città.p7m'.encode()
        for name, flags, extra, shown in [
            (decomposed.encode(), 0, b'', 'società però.p7m'),  # macOS
            (decomposed.encode(), 0x800, b'', 'società però.p7m'),
            ('società però.p7m'.encode(), 0, b'', 'società però.p7m'),
            ('Müller & Söhne – procura.p7m'.encode(), 0, b'', 'Müller & Söhne – procura.p7m'),
            ('L’Aquila.p7m'.encode(), 0, b'', 'L’Aquila.p7m'),
            ('società però.p7m'.encode('cp437'), 0, b'', 'società però.p7m'),  # Windows
            ('società.p7m'.encode('cp850'), 0, b'', 'società.p7m'),
            ('È CITTÀ Ì Ò.p7m'.encode('cp850'), 0, b'', 'È CITTÀ Ì Ò.p7m'),  # capitals that DOS did not have
            (b'citt_.p7m', 0, own, 'città.p7m'),  # Info-ZIP
            (b'altro.p7m', 0, own, 'altro.p7m'),  # the field is of another name
            (b'citt_.p7m', 0, own[:6], 'citt_.p7m'),
            (b'procura.p7m', 0, b'', 'procura.p7m'),
            (b'\xff\xfe', 0x800, b'', '\ufffd\ufffd'),
            (b'\xe2\x80\xaegpj.p7m', 0, b'', '\ufffdgpj.p7m'),  # turns round what follows
        ]:
            content = bytearray(zip64((name, GOOD), large=(), other=extra, end='old'))
            struct.pack_into('<H', content, content.find(b'PK\1\2') + 8, flags)
            with self.subTest(shown):
                self.assertEqual([entry.name for entry in zip_reader.read(bytes(content), LIMITS)], [shown])

    def test_kinds_by_other_names(self):
        """What is left out by its name is left out in whatever code the name stands."""
        for name, code in [('__MACOSX/._società.p7m', 'clutter'), ('../società.p7m', 'outside'), ('città/', 'folder')]:
            for encoding in ('utf-8', 'cp437'):
                content = zip64((name.encode(encoding), b''), large=(), end='old')
                self.assertEqual(self.read_codes(content), [code])

    def test_a_file_by_itself(self):
        for limits, code in [
            (LIMITS, None), (LIMITS._replace(entries=0), 'too_many'),
            (LIMITS._replace(entry_size=3), 'entry_too_large'),
            (LIMITS._replace(total_size=3), 'all_too_large'),
        ]:
            entry = zip_reader.wrap('a', GOOD, limits)
            self.assertEqual(self.check_entry(entry), code)
            self.assertEqual(entry.content, None if code else GOOD)

    def test_documents(self):
        """A zip that is a document is judged as a whole, one that holds a document is opened."""
        word = make_zip(('word/document.xml', b''), ('[Content_Types].xml', b''), method=zipfile.ZIP_STORED)
        for content, is_document in (
            (word, True), (zip64((b'word/document.xml', b''), (b'[Content_Types].xml', b'')), True),
            (zip64((b'a.docx', word), end='both'), False), (zip64((b'a.docx', word)), False),
            (make_zip(('a.docx', word), method=zipfile.ZIP_STORED), False),
            (zip64((b'a.docx', word), end='old', large=()), False), (GOOD, False), (b'', False), (make_zip(), False),
        ):
            self.assertEqual(zip_reader.is_document(content), is_document)

    def test_names(self):
        for name, shown in [
            ('a.p7m', 'a.p7m'), ('a\nb', 'a\ufffdb'), ('\u202egpj.exe', '\ufffdgpj.exe'),
            ('x' * 200, '…' + 'x' * 99), (None, ''), (False, ''), ('a\xa0b\u2028c d', 'a b c d'),
        ]:
            self.assertEqual(zip_reader.show_name(name), shown)

    def test_mutations(self):
        """A zip is read or refused, and what is read is what was put in, or passes its checksum."""
        originals = [make_zip(('a.p7m', GOOD * 30), ('b/c.p7m', bytes(500)), method=method)
                     for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)]
        originals.append(zip64((b'a.p7m', GOOD * 30), (b'b/c.p7m', bytes(500))))
        mutations = [mutation for mutation in MUTATIONS if mutation.__name__ not in ('nest', 'armour')]
        chance, outcomes = random.Random(3), set()
        for _round in range(MUTATED):
            data = bytearray(chance.choice(originals))
            for which, place, value in STEP.iter_unpack(chance.randbytes(STEP.size * chance.randint(1, 6))):
                if data:
                    mutations[which % len(mutations)](data, place % len(data), value)
            try:
                for entry in zip_reader.read(bytes(data), LIMITS):
                    outcomes.add(self.check_entry(entry))
            except ZipReaderError as error:
                outcomes.add(error.code)
        self.assertGreater(len(outcomes), 8, outcomes)

"""Signed documents from people who mean harm, and from bad luck: what it may cost to judge them.

Bounds: a second of processor time for each begun megabyte of the file, and memory as `memory_bound` says.
"""
import base64
import collections
import contextlib
import functools
import random
import struct
import time
import tracemalloc

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools import p7m

import p7m_files as files
from p7m_files import (
    MARIO,
    PDF,
    Identity,
    algorithm,
    der,
    endless,
    identity,
    inside,
    integer,
    key,
    oid,
    sign,
    signer_info,
)

from .test_p7m import P7mCase, in_octets, rewritten, sentence_of

MEGABYTE = 1 << 20


def memory_bound(content):
    """Return how many bytes of memory may be in use at most while a file is judged, the file itself apart.

    Copies are made of it: without armour and white space, of the content in pieces, of the document within, as text.
    """
    return 8 * len(content) + 8 * MEGABYTE


@contextlib.contextmanager
def processor_time():
    """Measure the processor time of this thread in the block, in seconds."""
    seconds = []
    started = time.thread_time()
    try:
        yield seconds
    finally:
        seconds.append(time.thread_time() - started)


def seconds_bound(content):
    """Return how many seconds of processor time a file may take."""
    return 1 + len(content) // MEGABYTE


# ------------------------------------------------------------ attacks

def with_key(signer, modulus, exponent):
    """Return a signer whose certificate holds another RSA key (encoded numbers), and is as large as that makes it."""
    body, *rest = inside(signer.certificate)
    fields = inside(body)
    key_place = 6
    fields[key_place] = der(
        0x30, algorithm(files.RSA_ENCRYPTION), der(0x03, b'\0', der(0x30, modulus, exponent)))
    return Identity(signer.key, der(0x30, der(0x30, *fields), *rest))


def with_subject(signer, names):
    """Return a signer whose certificate names issuer and subject by other names (encoded)."""
    body, *rest = inside(signer.certificate)
    fields = inside(body)
    fields[3] = fields[5] = names
    return Identity(signer.key, der(0x30, der(0x30, *fields), *rest))


def attacks():
    """Yield ``(name, file)``."""
    mario = identity()
    info, certificate = signer_info(mario), mario.certificate

    # depth
    yield 'nested without end', b'\x30\x80' * (2 * MEGABYTE)
    yield 'nested without end, in the content', in_octets(mario, b'\x24\x80' * (2 * MEGABYTE))
    yield 'nested without end, in the certificates', files.message([info], [b'\x30\x80' * MEGABYTE])
    yield 'nested without end, in the signatures', files.message([b'\x30\x80' * MEGABYTE], [certificate])
    yield 'nested without end, in the kind', der(0x30, b'\x26\x80' * MEGABYTE)
    yield 'nested in lengths', nested_lengths(2000)
    yield '20 MB of parts that never end', b'\x24\x80' * (10 * MEGABYTE)
    yield '20 MB of parts that never end, as content', in_octets(mario, b'\x24\x80' * (10 * MEGABYTE - 2000))

    # number
    for name, part in {
        'empty': b'\x04\x00', 'of one byte': b'\x04\x01%', 'empty parts': b'\x24\x00',
        'endless empty parts': b'\x24\x80\x00\x00',
    }.items():
        yield f'millions of pieces, {name}', in_octets(mario, endless(0x24, part * (2 * MEGABYTE // len(part))))
    yield 'thousands of signatures', files.message([info] * 5000, [certificate])
    yield 'millions of signatures', files.message([b'\x30\x00' * MEGABYTE], [certificate])
    yield 'thousands of certificates', files.message([info], [certificate] * 5000)
    yield 'millions of certificates', files.message([info], [b'\x30\x00' * MEGABYTE])
    yield 'certificates of thousands of elements', files.message([info], [endless(0x30, b'\x05\x00' * 9000)] * 100)
    yield 'certificates of thousands of fields', files.message([info], [der(0x30, der(0x30, b'\x05\x00' * 9000))] * 100)
    yield 'thousands of attributes', sign(mario, extra=[der(0x30, oid('1.2.3'), der(0x31))] * 20_000)
    yield 'thousands of values', sign(mario, extra=[der(0x30, oid('1.2.3'), der(0x31, b'\x05\x00' * 60_000))])
    yield 'large attributes', sign(mario, extra=[der(0x30, oid('1.2.3'), der(0x31, der(0x04, bytes(2 * MEGABYTE))))])
    for size in (1, 7, 70):
        names = der(0x30, *(der(0x31, *(
            der(0x30, oid(f'2.5.4.{number}.{other}'), der(0x0C, b'A' * size))
            for other in range(7))) for number in range(100)))
        signer = with_subject(mario, names)
        yield f'names of hundreds of words of {size}', files.message(
            [signer_info(signer)] * 32, [signer.certificate] * 100)
    yield 'a name of a megabyte', sign(
        with_subject(mario, der(0x30, der(0x31, der(0x30, oid('2.5.4.3'), der(0x0C, b'A' * MEGABYTE))))))
    yield 'a serial number of a megabyte', rewritten(mario, 1, der(0x30, der(0x30), der(0x02, b'\x7f' * MEGABYTE)))
    yield 'an identifier of a megabyte', der(0x30, der(0x06, b'\x81' * MEGABYTE + b'\1'))

    # lengths
    for count in (1, 2, 4, 8, 126, 127):
        yield f'a length of {count} bytes', bytes([0x30, 0x80 | count]) + b'\xff' * count + bytes(200)
        yield f'a length of {count} bytes, in the content', in_octets(
            mario, bytes([0x04, 0x80 | count]) + b'\xff' * count)

    # keys
    for bits in (8192, 8193, 16384, MEGABYTE):
        yield f'a key of {bits} bits', sign(with_key(mario, integer(1 << bits - 1 | 1), integer(65537)))
    for bits in (64, 65, 4096, MEGABYTE):
        yield f'an exponent of {bits} bits', sign(with_key(mario, integer((1 << 2048) - 1), integer((1 << bits) - 1)))
    for name, number in {'no': 0, 'a small': 3, 'a negative': -(1 << 2048) + 1, 'an even': 1 << 2047}.items():
        yield f'{name} modulus', sign(with_key(mario, integer(number), integer(65537)))
    for exponent in (0, 1, 2, -3, 4):
        yield f'the exponent {exponent}', sign(with_key(mario, integer((1 << 2048) - 1), integer(exponent)))
    slow = with_key(mario, integer((1 << 8192) - 1), integer((1 << 64) - 1))
    long_signature = rewritten(slow, 5, der(0x04, b'\x7f' * 1024))
    slow_info = inside(inside(inside(inside(long_signature)[1])[0])[-1])[0]
    yield 'slow keys', files.message([slow_info] * 32, [slow.certificate])

    # hashes
    for salt in (-1, 513, 1 << 64, 1 << 8000):
        yield f'{salt.bit_length()} bits of salt', rewritten(
            mario, 4, algorithm(files.RSA_PSS, der(0x30, der(0xA2, integer(salt)))))
    large = PDF + bytes(4 * MEGABYTE)
    yield 'a large content, signed by many', files.message(
        [signer_info(mario, attributes=False)] * 32, [certificate], large)
    yield 'a large content, signed with all hashes', files.message(
        [signer_info(mario, large, digest=digest) for digest in files.DIGESTS] * 8, [certificate], large)
    content = PDF
    for level in range(5):
        content = sign(mario, bytes(MEGABYTE) * (level == 0) + content)
    yield 'large and nested', content

    # armour
    for name, text in {
            'A': b'A', '=': b'=', 'blanks': b' ', 'lines': b'A\n', 'padding': b'AA==',
            'dashes': b'-----BEGIN '}.items():
        yield f'20 MB of {name}', text * (20 * MEGABYTE // len(text))
    bomb = b'M' * (2 * MEGABYTE)
    for _round in range(4):
        bomb = base64.b64encode(bomb)
    yield 'base64 in base64', bomb
    yield 'PEM without end', b'-----BEGIN CMS-----\n' + b'MIIA' * (5 * MEGABYTE - 9)
    yield 'text that is none', ('0\xc2' + '\r\n' * (10 * MEGABYTE - 2)).encode()
    yield 'text with signs of four bytes', ('0\xc2\U0001f4a3' + '\x7f' * (20 * MEGABYTE - 7)).encode()
    yield 'zeros', bytes(20 * MEGABYTE)


def nested_lengths(depth):
    """Return elements one in the other, of definite lengths."""
    content = b''
    for _level in range(depth):
        content = der(0x30, content)
    return content


# ------------------------------------------------------------ mutations

# Each changes a file (bytearray) at a place, as a small number tells.

def flip(data, place, value):
    """Turn one bit over."""
    data[place] ^= 1 << value % 8


def put(data, place, value):
    """Write one byte."""
    data[place] = value


def delete(data, place, value):
    """Take some bytes out."""
    del data[place:place + 1 + value]


def insert(data, place, value):
    """Put some bytes in."""
    data[place:place] = bytes([value]) * (1 + value % 9)


def repeat(data, place, value):
    """Write a piece twice."""
    data[place:place] = data[place:place + 4 * value]


def move(data, place, value):
    """Copy a piece to the front half."""
    data[place // 2:place // 2] = data[place:place + value]


def cut(data, place, value):
    """Cut off what follows."""
    del data[place + 1:]


def change_length(data, place, value):
    """Change the length of the next element: what looks like one."""
    tags = [at for at in (data.find(tag, place, -1) for tag in b'\x30\x31\xa0\x04\x06\x02') if at >= 0]
    if tags:
        data[min(tags) + 1] = value


def make_endless(data, place, value):
    """Make the next element one of indefinite length, and end it somewhere."""
    at = data.find(b'\x30', place, -1)
    if at >= 0:
        data[at + 1] = 0x80
        data[at + value:at + value] = b'\0\0'


def nest(data, place, value):
    """Put all into a signed message that is as it should be, but for the signature."""
    data[:] = files.message([some_signature()], [], bytes(data))


def armour(data, place, value):
    """Write all as base64, or as PEM."""
    data[:] = base64.encodebytes(data) if value % 2 else files.pem(bytes(data))


@functools.cache
def some_signature():
    """Return a signature of something."""
    return signer_info(identity())


MUTATIONS = (flip, put, delete, insert, repeat, move, cut, change_length, make_endless, nest, armour)
STEP = struct.Struct('>BHB')  # which mutation, where, and its small number
FILES = 20_000


def originals(openssl):
    """Return one file of each kind, all with the same document in them."""
    mario, anna = identity(), identity(key(copy=2), f'TINIT-{MARIO}', serial=2)
    on_curve = identity(key('ec', files.ec.SECP256R1))
    signed = openssl.sign(mario)
    return [
        signed,
        openssl.sign(mario, options='-cades -nodetach -binary -stream'),
        openssl.sign(mario, options='-cades -nodetach -binary -keyid'),
        openssl.sign(mario, anna),
        openssl.sign(on_curve),
        openssl.sign(mario, key_options='rsa_padding_mode:pss'),
        openssl.sign(mario, options='-nodetach -binary -noattr'),
        sign(on_curve, named_digest='sha1'),
        sign(anna, signed),
        sign(on_curve, sign(on_curve, sign(on_curve))),
        files.message([signer_info(on_curve)], [on_curve.certificate], octets=endless(
            0x24, *(der(0x04, PDF[at:at + 50]) for at in range(0, len(PDF), 50)))),
        openssl.sign(mario, options='-cades -binary'),
        PDF,
    ]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestP7mHostile(P7mCase):

    def judge_within_bounds(self, content, **arguments):
        """Judge a file; return the verdict and what it took: seconds, bytes."""
        with processor_time() as seconds:
            verdict = self.judge(content, **arguments)
        self.assertLessEqual(seconds[0], seconds_bound(content))
        tracemalloc.start()
        try:
            self.judge(content, **arguments)
            memory = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertLessEqual(memory, memory_bound(content))
        return verdict, seconds[0], memory

    def test_attacks(self):
        for name, content in attacks():
            with self.subTest(name):
                self.assertEqual(self.judge_within_bounds(content)[0].level, 'refused')

    def test_large_files(self):
        """What is large and good is judged as quickly."""
        mario = identity()
        document = PDF + bytes(19 * MEGABYTE)
        for name, content in {
            'in one piece': sign(mario, document),
            'in base64': base64.encodebytes(sign(mario, document[:14 * MEGABYTE])),
            'streamed': self.openssl.sign(mario, content=document, options='-cades -nodetach -binary -stream'),
            'three levels': sign(mario, sign(mario, sign(mario, document))),
        }.items():
            with self.subTest(name):
                verdict = self.judge_within_bounds(content)[0]
                self.assertEqual([finding.code for finding in verdict.findings if finding.level != p7m.FINE], [])

    def test_many_filings(self):
        others = {p7m.fingerprint(PDF[:100] + b'%d' % number * number): str(number) for number in range(1, 2000)}
        verdict = self.judge_within_bounds(sign(identity(), PDF + bytes(MEGABYTE)), procura=None, other_procure=others)[
            0]
        self.assertEqual(verdict.level, 'warning')

    def test_mutations(self):
        """Whatever becomes of a file, it is judged; and what is not refused holds the document that was signed."""
        contents, judged, chance = originals(self.openssl), collections.Counter(), random.Random(FILES)
        for number in range(FILES):
            data = bytearray(chance.choice(contents))
            for which, place, value in STEP.iter_unpack(chance.randbytes(STEP.size * chance.randint(1, 8))):
                if data:
                    MUTATIONS[which % len(MUTATIONS)](data, place % len(data), value)
            self.judge_mutated(bytes(data), measured=number % 20 == 0, judged=judged)
        # Mutations reach deep into the files: every way to fail is taken.
        self.assertGreater(len(judged), 25, judged)

    def judge_mutated(self, content, measured, judged):
        """Judge one file, and look whether the verdict makes sense."""
        if measured:
            verdict = self.judge_within_bounds(content)[0]
        else:
            with processor_time() as seconds:
                verdict = self.judge(content)
            self.assertLessEqual(seconds[0], seconds_bound(content))
        judged.update({finding.code for finding in verdict.findings})
        about = base64.b64encode(content)  # keys differ from run to run
        self.assertNotIn('unreadable', [finding.code for finding in verdict.findings])
        if verdict.level != 'refused':
            self.assertEqual(verdict.pdf, PDF, about)
        for finding in verdict.findings:
            self.assertNotIn('%', sentence_of(finding) % finding.values, about)
        with contextlib.suppress(p7m.P7mError):
            self.assertEqual(p7m.extract(content), verdict.pdf, about)

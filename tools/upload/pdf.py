"""Judging uploaded PDFs, and merging several into one, within bounds, whatever the bytes.

The parser is PyPDF2 (or its successor pypdf, whichever Odoo came with), which hostile files can send round in circles
or make unpack without end. So none of it runs in the server: this very file, as a program, reads them in a process of
its own, which knows nothing of the server (neither its environment nor its files), may take so much memory and so much
time and no more, and whose answer is one line and at most one PDF of a bounded size. Nothing is written to disk. Before
it, the server looks itself whether the file could lead a library round in circles (``pdf_structure.py``), without one.

The pages are taken over as they are; what belongs to a whole document is left behind: bookmarks, attachments, scripts.
Form fields show what was filled in, and can be filled in no more. A signature within a PDF (PAdES) covers that file
alone, so it is lost: ``is_signed`` shows it before.
"""
import binascii
import contextlib
import hashlib
import importlib
import io
import json
import logging
import math
import os
import re
import subprocess
import sys
import warnings

try:
    import resource
except ImportError:  # there is none on Windows
    resource = None

TIME_LIMIT = 5  # seconds of processor time
TIME_PER_MEGABYTE = 1  # more of them
BUSY = 2  # how many times as long it may take by the clock: others are at work as well
NICENESS = 10  # by which this process gives way to those that answer
MAX_PAGES = 10_000  # pages, and nodes of the tree that they hang on
MAX_OBJECTS, MAX_DEPTH = 100_000, 100  # of what a page shows, and within each other
SHOWN = ('/Contents', '/Resources', '/Annots')  # of a page: what is drawn, with what, and what lies upon it
# what leads away from a page, or tells how it is kept
NOT_SHOWN = {'/Parent', '/P', '/Dest', '/A', '/ProcSet', '/Length', '/Filter', '/DecodeParms', '/StructParent'}
MEMORY_LIMIT = 1024 * 1024 * 1024  # bytes of address space
RECURSION_LIMIT = 3000  # calls within each other
LIBRARIES = ('PyPDF2', 'pypdf')  # the one that Odoo takes first
# What Python itself may need; nothing else of the server's environment, where secrets may be, is passed on.
ENVIRONMENT = ('LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SYSTEMROOT')
READY = b'ready\n'  # what the process says before it looks at the files

HEADER, HEADER_PLACE = b'%PDF-', 1024  # the first bytes, among which it stands
END, END_PLACE = b'%%EOF', 2048
ENCRYPTED = re.compile(rb'/Encrypt(?:\s+\d+\s+\d+\s+R|\s*<<)')
SIGNED_RANGE = re.compile(rb'/ByteRange\s*\[\s*\d+\s+\d+')
SIGNATURE = re.compile(rb'/(?:Type|FT)\s*/Sig\b|/SubFilter\s*/')

# What else people upload.
# object identifiers
CMS_KINDS = (b'\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07', b'\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01')
CMS_PLACE = 64  # the first bytes, among which one stands
CMS_ARMOUR = re.compile(rb'-----BEGIN (?:PKCS ?#?7|CMS)|application/(?:x-)?pkcs7-|multipart/signed')
IMAGE = re.compile(
    rb'\xff\xd8\xff|\x89PNG|GIF8[79]a|II\*\0|MM\0\*|BM.{4}\0{4}|RIFF.{4}WEBP'
    rb'|.{4}ftyp(?:heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif)', re.DOTALL)


class PdfError(Exception):
    """A file that is not taken.

    :param str code: why: ``empty``, ``too_large``, ``no_pdf``; ``signed_p7m`` (a signed envelope, in which a PDF may
        be), ``image``; ``encrypted``, ``damaged`` (or without a page), ``too_slow`` (it would take too much time or
        memory), ``blank`` (it shows no more than the form that was to be signed). It is all the text: nothing of the
        file is in it.
    :param int position: which one of several files it is, from 0; None when that is not known, or it is the result of
        all.
    :param values: strings for its sentence.
    """

    def __init__(self, code, position=0, **values):
        super().__init__(code)
        self.code, self.position, self.values = code, position, values


class OutOfTimeError(Exception):
    """A file was not read for as long as its caller could wait, which is less than it may take."""


# ------------------------------------------------------------ in the server

def judge(content, max_size, patience=None, form=None):
    """Look whether a file is a PDF that can be read.

    That it has a password only for changing it is enough for ``encrypted``: it could not be put together with another.

    :param bytes content: the file; or anything else for none.
    :param int max_size: in bytes.
    :param float patience: how many seconds the caller can wait, if that is less than what is given to such a file.
    :param bytes form: the PDF that was to be signed, when the file is that one, signed: without a signature within
        itself, the file has to show something else. None where that does not matter.
    :return: the number of its pages, at least 1.
    :rtype: int
    :raise PdfError: it cannot.
    :raise OutOfTimeError: the caller's patience is at its end.
    :raise RuntimeError: this machine cannot read PDFs at all, whatever the file.
    """
    contents = [content, form] if form and not is_signed(content) else [content]
    try:
        answer, _result = _run(contents, max_size, patience, merge=False, compare=len(contents) > 1)
    except PdfError as error:
        if error.position != 1:  # otherwise the form is one that cannot be compared
            raise
        answer, _result = _run([content], max_size, patience, merge=False)
    if answer.get('is_same'):
        raise PdfError('blank')
    return answer['pages']


def merge(contents, max_size, patience=None):
    """Put several PDFs into one, all their pages in the order of the files.

    :param list contents: the files (bytes).
    :param int max_size: in bytes, of each file and of the result.
    :param float patience: how many seconds the caller can wait, as ``judge`` has it.
    :rtype: bytes
    :raise PdfError: one of them cannot be read, or the result is too large.
    :raise RuntimeError: this machine cannot read PDFs at all, whatever the files.
    """
    if not contents:
        raise PdfError('empty', None)
    return _run(contents, max_size, patience, merge=True)[1]


def is_signed(content):
    """Return whether a PDF has a signature or a time stamp within itself, by the marks alone.

    Whether the signature is good is not checked.

    :param bytes content: the file; or anything else for none.
    :rtype: bool
    """
    content = _as_bytes(content)
    return bool(SIGNED_RANGE.search(content) and SIGNATURE.search(content))


def _run(contents, max_size, patience, **task):
    """Have a process of its own read some files.

    :return: what the process says (dict), and, when they are to be merged, the PDF.
    :raise PdfError: one of them is not taken.
    """
    contents = [_as_bytes(content) for content in contents]
    for position, content in enumerate(contents):
        check_kind(content, max_size, position)
    seconds = TIME_LIMIT + TIME_PER_MEGABYTE * sum(map(len, contents)) / 2**20
    answer, result = run_bounded(__file__, contents, seconds, patience, max_size=max_size, **task)
    if answer['code']:
        raise PdfError(
            answer['code'], answer['position'], **(_megabytes(max_size) if answer['code'] == 'too_large' else {}))
    return answer, result


def run_bounded(program, contents, seconds, patience, **task):
    """Have a program of this folder read some files in a process of its own.

    :param str program: its path; what it reads and answers is told by ``main``.
    :param list contents: the files (bytes).
    :param float seconds: of processor time that it may take.
    :param float patience: how many seconds the caller can wait; None for as long as it may take.
    :param task: what else it is told (JSON).
    :return: its answer (dict), and the bytes that follow it.
    :raise PdfError: ``too_slow``.
    :raise OutOfTimeError: the caller's patience is at its end.
    :raise RuntimeError: the program does not run on this machine.
    """
    timeout = min(BUSY * seconds, BUSY * seconds if patience is None else max(patience, 0))
    task |= {
        'path': [folder for folder in sys.path if folder and isinstance(folder, str)], 'memory': MEMORY_LIMIT,
        'seconds': seconds, 'sizes': [len(content) for content in contents], 'compiled': sys.pycache_prefix,
    }
    try:
        # Isolated: without the environment's settings, this folder among those of modules, or what the site adds.
        process = subprocess.run(
            [sys.executable, '-I', '-S', '-B', program], input=b''.join([json.dumps(task).encode(), b'\n', *contents]),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=timeout, check=False,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ})
    except subprocess.TimeoutExpired:
        if timeout < BUSY * seconds:
            raise OutOfTimeError from None
        raise PdfError('too_slow', None if len(contents) > 1 else 0) from None
    except OSError as error:
        raise RuntimeError(f'{sys.executable} cannot be started') from error
    if not process.stdout.startswith(READY):
        raise RuntimeError(f'{sys.executable} cannot run {os.path.basename(program)} (status {process.returncode})')
    line, _end, result = process.stdout[len(READY):].partition(b'\n')
    if not line:  # the system ended it
        raise PdfError('too_slow', None if len(contents) > 1 else 0)
    return json.loads(line), result


def check_kind(content, max_size, position=0):
    """Raise a :class:`PdfError` when a file is no PDF by its size (bytes) and its first and last bytes.

    The same when its structure may be given to no library.
    """
    if not content:
        raise PdfError('empty', position)
    if len(content) > max_size:
        raise PdfError('too_large', position, **_megabytes(max_size))
    start = content[:HEADER_PLACE]
    # A signed envelope may have the PDF, as it is, close to its start.
    if is_cms(start):
        raise PdfError('signed_p7m', position)
    if IMAGE.match(start):
        raise PdfError('image', position)
    if HEADER not in start:
        raise PdfError('no_pdf', position)
    # Cut off, it might be read as it was before somebody signed it or filled it in.
    if END not in content.rstrip(b'\0\t\n\f\r ')[-END_PLACE:]:
        raise PdfError('damaged', position)
    from . import pdf_structure  # noqa: PLC0415 - this file is a program as well, which has no neighbours
    try:
        pdf_structure.check(content)
    except pdf_structure.StructureError as error:
        raise PdfError(error.code, position) from None


def is_cms(start):
    """Return whether a file is a message of CMS (.p7m, .tsd), from its first bytes.

    It may be in DER, in base64, as PEM or as a mail.
    """
    start = start.removeprefix(b'\xef\xbb\xbf').lstrip()
    if start.startswith(HEADER):
        return False
    if CMS_ARMOUR.search(start):
        return True
    if start.startswith(b'MI'):
        with contextlib.suppress(binascii.Error):
            start = binascii.a2b_base64(b''.join(start.split())[:CMS_PLACE * 2])
    return start.startswith(b'0') and any(kind in start[:CMS_PLACE] for kind in CMS_KINDS)


def _as_bytes(content):
    """Return a file as bytes, b'' for what is none."""
    return bytes(content) if isinstance(content, (bytes, bytearray, memoryview)) else b''


def _megabytes(size):
    """Return the values for a sentence about a limit."""
    return {'megabytes': f'{size / 2**20:g}'}


# ------------------------------------------------------------ in the process of its own

def main(source, target):
    """Read one task and its files, write the answer.

    :param source: from which the server's task is read (a binary file).
    :param target: to which the answer is written.
    """
    task = json.loads(source.readline())
    restrict(task['memory'], task['seconds'])
    sys.path[:], sys.pycache_prefix = task['path'], task.get('compiled', sys.pycache_prefix)
    library = find_library()
    contents = [source.read(size) for size in task['sizes']]
    target.write(READY)
    target.flush()
    answer, result = _answer(contents, task['max_size'], task['merge'], library, task.get('compare'))
    target.write(json.dumps(answer).encode() + b'\n' + result)
    target.flush()


def restrict(memory, seconds):
    """Bound what this process may take, as far as the system can: for good."""
    warnings.simplefilter('ignore')
    logging.disable()
    sys.setrecursionlimit(RECURSION_LIMIT)
    if hasattr(os, 'nice'):  # there is none on Windows
        os.nice(NICENESS)
    for name, bound in {'AS': memory, 'CPU': math.ceil(seconds) + 1, 'CORE': 0, 'FSIZE': 0}.items():
        kind = getattr(resource, f'RLIMIT_{name}', None)
        with contextlib.suppress(ValueError, OSError):
            if kind is not None:
                most = resource.getrlimit(kind)[1]
                bound = bound if most == resource.RLIM_INFINITY else min(bound, most)
                resource.setrlimit(kind, (bound, bound))


def find_library():
    """Return the classes of the PDF library that read and write.

    :raise ImportError: there is none.
    """
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            library = importlib.import_module(name)
            # PyPDF2 had other names before 2.0, with which Odoo runs on Python 3.10.
            return (
                getattr(library, 'PdfReader', None) or library.PdfFileReader,
                getattr(library, 'PdfWriter', None) or library.PdfFileWriter,
            )
    raise ImportError(' / '.join(LIBRARIES))


def _answer(contents, max_size, merge, library, compare=False):
    """Return what is to be said of some files (of the first one, and whether another one shows the same, when they are
    to be compared), and the merged file (b'' when they are not to be merged).
    """
    files, position, compared = [], 0, {}
    try:
        for position, content in enumerate(contents):
            files.append(get_pages(content, position, library[0]))
        position = None
        pages = files[0] if compare else [page for file in files for page in file]
        if compare:
            compared['is_same'] = len(files[0]) == len(files[1]) and all(
                _get_digest(page) == _get_digest(other) for page, other in zip(*files, strict=True))
        result = _write(pages, max_size, library) if merge else b''
    except PdfError as error:
        return {'code': error.code, 'position': error.position}, b''
    except MemoryError:
        return {'code': 'too_slow', 'position': position}, b''
    except Exception:  # noqa: BLE001 - whatever a file makes the library raise
        return {'code': 'damaged', 'position': position}, b''
    return {'code': None, 'pages': len(pages), **compared}, result


def get_pages(content, position, reader_class):
    """Return the pages of a file.

    :raise PdfError: it is encrypted or has none.
    :raise Exception: of any class, when it is damaged.
    """
    start = content.find(HEADER)
    try:
        pages = _pages(content, position, reader_class)
    except (PdfError, MemoryError):
        raise
    except Exception:
        if ENCRYPTED.search(content):  # in a way that the library does not know
            raise PdfError('encrypted', position) from None
        if not start:
            raise
        pages = _pages(content[start:], position, reader_class)  # places may be counted from the header
    if not pages:
        raise PdfError('damaged', position)
    return pages


def _pages(content, position, reader_class):
    """Return the pages of a file; see :func:`get_pages`."""
    reader = reader_class(io.BytesIO(content), strict=False)
    if reader.is_encrypted if hasattr(reader, 'is_encrypted') else reader.isEncrypted:
        raise PdfError('encrypted', position)
    _count_nodes(reader, position)
    pages = list(reader.pages)
    for page in pages:
        # What stands on a page is not looked at, but it has to be there, as has its size.
        if any(page[part] is None for part in ('/Contents', '/MediaBox') if part in page):
            raise PdfError('damaged', position)
    return pages


def _count_nodes(reader, position):
    """Raise when the tree of pages has too many nodes.

    A node that hangs at many places counts at each, as it is read at each.
    """
    waiting, count = [reader.trailer['/Root']['/Pages']], 0
    while waiting:
        node = waiting.pop()
        children = node['/Kids'] if '/Type' not in node or node['/Type'] == '/Pages' else []
        count += 1
        if count + len(waiting) + len(children) > MAX_PAGES:
            raise PdfError('too_slow', position)
        waiting += [child.get_object() if hasattr(child, 'get_object') else child.getObject() for child in children]


def _get_digest(page):
    """Return a digest of what a page shows, however its file keeps it."""
    digest, count, waiting = hashlib.sha256(), 0, [(page.get(part), 0) for part in SHOWN]
    while waiting:
        value, depth = waiting.pop()
        count += 1
        if count > MAX_OBJECTS or depth > MAX_DEPTH:
            raise PdfError('too_slow', None)
        if value is not None and not isinstance(value, (str, int, float, bytes, list, dict)):
            value = value.get_object() if hasattr(value, 'get_object') else value.getObject()
        if hasattr(value, '_data'):  # a stream
            digest.update(value.get_data() if hasattr(value, 'get_data') else value.getData())
        keys = sorted(set(value) - NOT_SHOWN) if isinstance(value, dict) else []
        items = value if isinstance(value, list) else [value[key] for key in keys]
        waiting += [(item, depth + 1) for item in items]
        shown = [keys, len(items)] if isinstance(value, (dict, list)) else value
        digest.update(str(shown).encode(errors='replace'))
    return digest.digest()


def _write(pages, max_size, library):
    """Return a file of some pages, and make sure that it can be read and has them all.

    :raise PdfError: it is too large.
    """
    reader_class, writer_class = library
    writer = writer_class()
    add = writer.add_page if hasattr(writer, 'add_page') else writer.addPage
    for page in pages:
        add(page)
    file = io.BytesIO()
    writer.write(file)
    result = file.getvalue()
    if len(result) > max_size:
        raise PdfError('too_large', None)
    if len(get_pages(result, None, reader_class)) != len(pages):
        raise PdfError('damaged', None)
    return result


if __name__ == '__main__':
    # Whatever else would be written to the standard output does not mix with the answer.
    with open(os.dup(1), 'wb') as answer_file, open(os.devnull, 'wb') as nowhere:
        os.dup2(nowhere.fileno(), 1)
        main(sys.stdin.buffer, answer_file)

"""The text of files that hold a list (PDF, XLSX, CSV or plain text), read within bounds, whatever the bytes.

PDFs and spreadsheets are read by libraries that hostile files can send round in circles or make unpack without end. As
in ``pdf.py``, this very file, as a program, does it in a process of its own that may take so much memory and time and
no more. It stops by itself shortly before, and what it has read until then is not lost: its answer says how many pages
that is. Formulas are not computed: what a cell was worth last is read.
"""
import codecs
import contextlib
import io
import json
import os
import re
import signal
import sys
from typing import NamedTuple

if __name__ == '__main__':  # a program, which has no package
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import pdf
else:
    from . import pdf

TIME_LIMIT = 25  # seconds of processor time
SPARE = 2  # of them, in which the answer is written
MAX_TEXT = 20_000_000  # characters
MAX_ROWS = 300_000  # of all sheets
MAX_CELLS = 200  # of a row that are read
MAX_CELL = 1000  # characters of a cell that are
BYTES = 4  # that a character takes at most

ZIP, OLD_EXCEL = b'PK\x03\x04', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'
BINARY = re.compile(rb'[\0-\x08\x0e-\x1a\x1c-\x1f]')
START = 4096  # the first bytes, by which it is told what a file is
MARKS = {codecs.BOM_UTF8: 'utf-8', codecs.BOM_UTF16_LE: 'utf-16-le', codecs.BOM_UTF16_BE: 'utf-16-be'}


class ListText(NamedTuple):
    """The text of a file."""

    text: str
    read: int = 1  # pages, or sheets, that were read
    total: int = 1  # that there are
    is_cut: bool = False  # whether some of what was read goes on, but is left out


class Kept:
    """What the process of its own keeps of a file: pieces of its text, no more than the bounds allow."""

    def __init__(self):
        self.pieces, self.left, self.is_cut = [], MAX_TEXT, False

    def add(self, text):
        """Keep a piece, or as much of it as there is room for."""
        self.pieces.append(self.cut(text, self.left))
        self.left = max(self.left - len(text) - 1, 0)  # 1 for the line end

    def cut(self, value, most):
        """Return the beginning of a text or a row, and remember whether that is not all."""
        self.is_cut |= len(value) > most
        return value[:most]

    def is_full(self):
        """Return whether nothing more is to be read."""
        return not self.left or len(self.pieces) >= MAX_ROWS


class OutOfTimeError(BaseException):
    """The processor time of this process is nearly over: no library catches that."""


# ------------------------------------------------------------ in the server

def read(content, max_size, patience=None):
    """Return the text of a file.

    :param bytes content: the file, which may be anything.
    :param int max_size: in bytes.
    :param float patience: how many seconds the caller can wait, if that is less than what is given to such a file.
    :rtype: ListText
    :raise pdf.PdfError: it cannot be read: ``empty``, ``too_large``; ``signed_p7m``, ``image``, ``old_excel``,
        ``no_list`` (something else); ``encrypted``, ``damaged``, ``too_slow``; ``no_text`` (a PDF of pictures).
    :raise pdf.OutOfTimeError: the caller's patience is at its end.
    :raise RuntimeError: this machine cannot read such files at all.
    """
    start = content[:START]
    if pdf.HEADER in start[:pdf.HEADER_PLACE]:
        pdf.check_kind(content, max_size)
        return _run('pdf', content, patience)
    if not content:
        raise pdf.PdfError('empty')
    if len(content) > max_size:
        raise pdf.PdfError('too_large')
    if start.startswith(ZIP):
        return _run('xlsx', content, patience)
    if start.startswith(OLD_EXCEL):
        raise pdf.PdfError('old_excel')
    if pdf.IMAGE.match(start):
        raise pdf.PdfError('image')
    text = _decode(content)
    return ListText(text[:MAX_TEXT], is_cut=len(text) > MAX_TEXT)


def _decode(content):
    """Return the text of a file without a format.

    :raise pdf.PdfError: it has one.
    """
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return content[len(mark):].decode(encoding, 'replace')
    if BINARY.search(content[:START]):
        raise pdf.PdfError('signed_p7m' if pdf.is_cms(content[:pdf.HEADER_PLACE]) else 'no_list')
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode()
    return content.decode('cp1252', 'replace')


def _run(kind, content, patience):
    """Have a process of its own read a file.

    :raise pdf.PdfError: it cannot be read.
    """
    answer, result = pdf.run_bounded(__file__, [content], TIME_LIMIT, patience, kind=kind)
    if answer['code']:
        raise pdf.PdfError(answer['code'])
    text = result[:BYTES * MAX_TEXT].decode(errors='replace')[:MAX_TEXT]
    return ListText(text, answer['read'], answer['total'], answer['is_cut'])


# ------------------------------------------------------------ in the process of its own

def main(source, target):
    """Read one task and its file, write the answer: one line and the text.

    :param source: from which the server's task is read (a binary file).
    :param target: to which the answer is written.
    """
    task = json.loads(source.readline())
    pdf.restrict(task['memory'], task['seconds'])
    sys.path[:], sys.pycache_prefix = task['path'], task.get('compiled', sys.pycache_prefix)
    reader = READERS[task['kind']]()
    content = source.read(task['sizes'][0])
    target.write(pdf.READY)
    target.flush()
    answer, kept = {'code': None, 'read': 0, 'total': 0}, Kept()
    try:
        _set_alarm(task['seconds'] - SPARE)
        reader(content, answer, kept)
    except pdf.PdfError as error:
        answer['code'] = error.code
    except (OutOfTimeError, MemoryError):
        answer['code'] = None if kept.pieces else 'too_slow'
    except Exception:  # noqa: BLE001 - whatever a file makes the library raise
        answer['code'] = None if kept.pieces else 'damaged'
    _set_alarm(0)
    result = '' if answer['code'] else '\n'.join(kept.pieces)
    target.write(json.dumps({**answer, 'is_cut': kept.is_cut}).encode() + b'\n' + result.encode('utf-8', 'replace'))
    target.flush()


def _set_alarm(seconds):
    """Have ``OutOfTimeError`` raised after some processor time; 0: not any more."""
    if hasattr(signal, 'setitimer'):  # there is none on Windows
        signal.signal(signal.SIGPROF, _stop)
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _stop(*_arguments):
    raise OutOfTimeError


def _get_pdf_reader():
    """Return the function that reads PDFs."""
    reader_class, _writer_class = pdf.find_library()

    def read_pdf(content, answer, kept):
        pages = pdf.get_pages(content, 0, reader_class)
        answer['total'] = len(pages)
        for page in pages:
            if kept.is_full():
                break
            with contextlib.suppress(Exception):  # a page that the library cannot read is one that is not read
                kept.add(page.extract_text() if hasattr(page, 'extract_text') else page.extractText())
                answer['read'] += 1
        if not any(map(str.strip, kept.pieces)):
            raise pdf.PdfError('no_text')

    return read_pdf


def _get_sheet_reader():
    """Return the function that reads spreadsheets."""
    import openpyxl  # noqa: PLC0415 - which the server has no need of

    def read_sheets(content, answer, kept):
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        answer['total'] = len(book.worksheets)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # which a file may claim to be anything
            for row in sheet.iter_rows(values_only=True):
                cells = [_to_text(value, kept) for value in kept.cut(_without_end(row), MAX_CELLS)]
                if any(cells):
                    if kept.is_full():
                        return
                    kept.add('\t'.join(filter(None, cells)))
            answer['read'] += 1

    return read_sheets


def _without_end(row):
    """Return a row without the empty cells at its end."""
    length = len(row)
    while length and row[length - 1] is None:
        length -= 1
    return row[:length]


def _to_text(value, kept):
    """Return what a cell holds; a whole number without decimals, whatever kind of number it is."""
    if value is None or isinstance(value, bool):
        return ''
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    return ' '.join(kept.cut(str(value), MAX_CELL).split())


READERS = {'pdf': _get_pdf_reader, 'xlsx': _get_sheet_reader}


if __name__ == '__main__':
    # Whatever else would be written to the standard output does not mix with the answer.
    with open(os.dup(1), 'wb') as answer_file, open(os.devnull, 'wb') as nowhere:
        os.dup2(nowhere.fileno(), 1)
        main(sys.stdin.buffer, answer_file)

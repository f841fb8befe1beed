"""Looking at how a PDF hangs together, in time that grows with its size alone, before any library reads it.

A library goes from one cross-reference table to the earlier one (``/Prev``) as long as there is one, makes room for as
many objects as a table claims, and unpacks the streams that hold objects, whatever comes out. So these are looked at
here, without a library and without following anything twice: a few bytes can neither lead round in circles nor unpack
to gigabytes.

What stands on the pages (text, pictures) is not unpacked, here or by the library. What this reader does not understand,
it leaves alone: the bounds of the process in which the library reads come behind it (``pdf.py``).
"""
import itertools
import re
import zlib

MAX_TABLES = 1000  # cross-reference tables and streams: one for each time that the file was saved
MAX_ENTRIES = 250_000  # of all of them
MAX_STREAMS = 50_000
MAX_UNPACKED = 32 * 1024 * 1024  # bytes that all streams with objects, tables included, unpack to
# bytes of those that are put together from their differences: the library does so byte by byte
MAX_PREDICTED = 4 * 1024 * 1024
DICTIONARY_SIZE = 64 * 1024  # bytes of what stands at the end of a table
CHUNK = 64 * 1024  # bytes unpacked at once

START = re.compile(rb'startxref\s{0,20}(\d{1,20})')
TABLE = re.compile(rb'(?<!start)xref\s{0,20}')
SECTION = re.compile(rb'\s{0,20}(\d{1,20})\s{1,20}(\d{1,20})\s{0,20}')
ENTRY = re.compile(rb'\s{0,4}\d{1,10} {1,10}\d{1,10} {1,10}[nf]')
TRAILER = re.compile(rb'\s{0,20}trailer')
OBJECT = re.compile(rb'\d{1,20}\s{1,20}\d{1,20}\s{1,20}obj')
STREAM = re.compile(rb'stream(?:\r\n|\n|\r)?')
ESCAPED = re.compile(rb'#([0-9A-Fa-f]{2})')
LEADS = re.compile(rb'/(?:Prev|XRefStm)(?![A-Za-z0-9])\s{0,20}(\d{1,20}(?!\d|\.|\s{1,20}\d{1,20}\s{1,20}R))?')
INDEX = re.compile(rb'/Index\s{0,20}(\[[\d\s]{0,200000}\])?')
SIZE = re.compile(rb'/Size\s{0,20}(\d{1,20})')
# keys without which the library reads no objects from a stream
HOLDS_OBJECTS = re.compile(rb'/(?:First|W)(?![A-Za-z0-9])')
FILTER = re.compile(rb'/Filter\s{0,20}(?:/(\w{1,40})|\[\s{0,20}(?:/(\w{1,40})\s{0,20})?\])?')
PREDICTOR = re.compile(rb'/Predictor\s{0,20}1\d')
FLATE = (b'FlateDecode', b'Fl')
WINDOW = 24  # bytes around a place in which the library looks for what should stand there


class StructureError(Exception):
    """A file that no library may read.

    :param str code: why: ``damaged``, or ``too_slow`` when reading it would never end or take too much. It is all the
        text.
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def check(content):
    """Raise when a PDF leads round in circles, or claims or holds too much.

    :param bytes content: the file.
    :raise StructureError: it does.
    """
    _check_tables(content)
    _check_streams(content)


# ------------------------------------------------------------ tables

def _check_tables(content):
    """Go from each start to the earliest table, each table once."""
    starts = [int(match[1]) for match in itertools.islice(START.finditer(content), MAX_TABLES + 1)]
    if len(starts) > MAX_TABLES:
        raise StructureError('too_slow')
    if not starts or starts[-1] > len(content):
        raise StructureError('damaged')
    tables, before = {}, max(content.find(b'%PDF-'), 0)
    for shift in {0, before}:  # places may be counted from the header
        for start in dict.fromkeys(starts):
            _follow(content, start, shift, tables)


def _follow(content, start, shift, tables):
    """Go from one table to the earlier ones.

    :param int shift: what is to be added to places that the file names.
    :param dict tables: ``{place: (places that it leads to, number of its entries)}`` of those read before, to which
        these are added.
    :raise StructureError: a place comes twice on the way, or it is too long.
    """
    passed, waiting = set(), [start]
    while waiting:
        place = waiting.pop() + shift
        if place in passed:
            raise StructureError('too_slow')
        passed.add(place)
        if place not in tables:
            tables[place] = _read_table(content, place)
            if len(tables) > 2 * MAX_TABLES or sum(count for _leads, count in tables.values()) > 2 * MAX_ENTRIES:
                raise StructureError('too_slow')
        waiting += tables[place][0]


def _read_table(content, place):
    """Return where a table leads, and how many entries it claims; nothing of what is none.

    :raise StructureError: it cannot hold what it claims.
    """
    table = TABLE.search(content, max(place - WINDOW // 2, 0), place + WINDOW)
    if table:
        try:
            return _read_plain_table(content, table.end())
        except StructureError as error:
            if error.code == 'damaged' and table.start() != place:  # places may be meant in another way
                return [], 0
            raise
    stream = OBJECT.search(content, place, place + WINDOW + 40)
    if not stream:
        return [], 0
    end = content.find(b'stream', stream.end(), stream.end() + DICTIONARY_SIZE)
    if end < 0:
        return [], 0
    dictionary = _unescape(content[stream.end():end])
    return _read_leads(dictionary), _count_entries(dictionary)


def _read_plain_table(content, place):
    """Return where a table that is not packed leads, and how many entries it has.

    :param int place: of its first section.
    """
    place, count = _skip_entries(content, place)
    end = content.find(b'startxref', place, place + DICTIONARY_SIZE)
    if end < 0:
        raise StructureError('damaged')
    return _read_leads(_unescape(content[place:end])), count


def _skip_entries(content, place):
    """Return the place behind the entries of a table, and their number."""
    total = 0
    while not TRAILER.match(content, place):
        section = SECTION.match(content, place)
        count = int(section[2]) if section else -1
        if not 0 <= count <= (len(content) - place) // 10:
            raise StructureError('damaged')
        total += count
        if total > MAX_ENTRIES:
            raise StructureError('too_slow')
        place = section.end()
        for _number in range(count):
            entry = ENTRY.match(content, place)
            if not entry:
                raise StructureError('damaged')
            place = entry.end()
    return place, total


def _read_leads(dictionary):
    """Return the places to which a table leads."""
    places = [match[1] for match in LEADS.finditer(dictionary)]
    if None in places:  # no number, or not one that stands here
        raise StructureError('damaged')
    return [int(place) for place in places]


def _count_entries(dictionary):
    """Return how many entries a cross-reference stream claims; 0 of another object."""
    if not HOLDS_OBJECTS.search(dictionary):
        return 0
    index = INDEX.search(dictionary)
    if index and index[1] is None:
        raise StructureError('damaged')
    counts = index[1][1:-1].split()[1::2] if index else SIZE.findall(dictionary)[:1]
    total = sum(int(count) if len(count) < 10 else MAX_ENTRIES + 1 for count in counts)
    if total > MAX_ENTRIES:
        raise StructureError('too_slow')
    return total


def _unescape(dictionary):
    """Return a dictionary with the characters that are written as numbers in its names."""
    return ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), dictionary) if b'#' in dictionary else dictionary


# ------------------------------------------------------------ streams

def _check_streams(content):
    """Unpack the streams that hold objects, within bounds."""
    behind, unpacked, predicted = 0, 0, 0
    for number, stream in enumerate(STREAM.finditer(content)):
        if number == 2 * MAX_STREAMS:  # each has its end
            raise StructureError('too_slow')
        if content.endswith(b'end', 0, stream.start()):
            continue
        dictionary = content[max(behind, content.rfind(b'obj', behind, stream.start())):stream.start()]
        behind = stream.end()
        dictionary = _unescape(dictionary) if b'>>' in dictionary[-40:] else b''
        if not HOLDS_OBJECTS.search(dictionary) or not _is_packed(dictionary):
            continue
        size = _measure(content, stream.end(), MAX_UNPACKED - unpacked)
        unpacked += size
        predicted += size if PREDICTOR.search(dictionary) else 0
        if predicted > MAX_PREDICTED:
            raise StructureError('too_slow')


def _is_packed(dictionary):
    """Return whether a stream is packed in the one way in which streams with objects are; raise when it is in another.
    """
    if b'/Filter' not in dictionary:
        return False
    name = FILTER.search(dictionary)
    name = name and (name[1] or name[2])
    if name not in FLATE or len(FILTER.findall(dictionary)) > 1:
        raise StructureError('too_slow')
    return True


def _measure(content, place, most):
    """Return how many bytes a packed stream unpacks to; nothing of it is kept.

    :param int most: bytes that it may be.
    """
    unpacker, size, view = zlib.decompressobj(), 0, memoryview(content)
    try:
        while not unpacker.eof and place < len(content):
            rest = view[place:place + CHUNK]
            place += CHUNK
            while rest and not unpacker.eof:
                size += len(unpacker.decompress(rest, CHUNK))
                if size > most:
                    raise StructureError('too_slow')
                rest = unpacker.unconsumed_tail
    except zlib.error:
        raise StructureError('damaged') from None
    return size

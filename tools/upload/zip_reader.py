"""Reading the files in a zip of unknown origin, within bounds, whatever the bytes.

``read`` goes through a zip's directory and gives each entry, with its content or with the reason why there is none: one
bad entry does not stop the others. Nothing that the zip claims is believed: what an entry unpacks to is counted while
it is unpacked, its checksum compared, and its name is never used for anything but to be shown. Nothing is written to
disk.

The format is that of PKWARE's APPNOTE 6.3. Of its many options those are read that people's programs use for small
files: entries stored or deflated, in one part, and the larger fields of ZIP64, in which online storages write small
zips, too.
"""
import stat
import struct
import unicodedata
import zlib
from typing import NamedTuple

from ..p7m import kinds

DIRECTORY_END = struct.Struct('<4s4H2LH')
DIRECTORY_ENTRY = struct.Struct('<4s6H3L5H2L')
LOCAL_HEADER = struct.Struct('<4s5H3L2H')
DIRECTORY_END_64 = struct.Struct('<4sQ2H2L4Q')
LOCATOR_64 = struct.Struct('<4sLQL')
END_MARK, ENTRY_MARK, LOCAL_MARK = b'PK\x05\x06', b'PK\x01\x02', b'PK\x03\x04'
END_MARK_64, LOCATOR_MARK_64 = b'PK\x06\x06', b'PK\x06\x07'
ELSEWHERE = 0xFFFFFFFF  # in a field whose value stands in one of ZIP64
FIELD_64, FIELD_NAME = 0x0001, 0x7075  # extra fields: values of ZIP64; the name in UTF-8 (Info-ZIP)
MAX_FIELDS = 32  # extra fields of an entry that are looked at
MAX_COMMENT = 0xFFFF  # bytes behind the end of the directory
ENCRYPTED, UTF8 = 0x1 | 0x40 | 0x2000, 0x800  # general purpose flags
STORED, DEFLATED = 0, 8  # methods
DOS_FOLDER = 0x10  # external attribute
CHUNK = 64 * 1024  # bytes unpacked at once
FREE_OF_RATIO = 1024 * 1024  # bytes that any entry may unpack to, however well it was packed
MAX_SHOWN = 100  # characters of a name

# What programs put into a zip by themselves: not what people want to send.
CLUTTER_FOLDERS = ('__MACOSX',)
CLUTTER_NAMES = ('.ds_store', 'thumbs.db', 'desktop.ini')
CLUTTER_PREFIXES = ('._', '~$', '.~lock.')  # resource forks of macOS; locks of office programs


class ZipReaderError(Exception):
    """A zip, or an entry of it, that is not read.

    :param str code: why: of a zip ``no_zip``, ``zip_damaged``, ``zip_too_large``; of an entry one of ``ENTRY_CODES``.
        It is all the text: nothing of the file is in it.
    :param values: strings for its sentence.
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code, self.values = code, values


# Why an entry has no content; those of IGNORED are nothing that anybody misses.
IGNORED = ('folder', 'clutter')
ENTRY_CODES = (
    *IGNORED, 'link', 'outside', 'encrypted', 'method', 'broken', 'lying_size', 'entry_too_large', 'bomb',
    'all_too_large', 'nested_zip',
    'too_many',
)


class Limits(NamedTuple):
    """What is read at the most."""

    size: int  # bytes of the zip
    entries: int  # of the directory
    entry_size: int  # bytes that one entry unpacks to
    total_size: int  # bytes that all of them unpack to
    ratio: int  # how many times its packed size an entry may unpack to


class Entry(NamedTuple):
    """One entry of a zip, or, of the code ``too_many``, all that were not looked at."""

    name: str  # for people alone
    content: bytes  # None when it was not read
    code: str  # one of ENTRY_CODES when it was not read
    values: dict  # strings for the sentence that tells it


class _Header(NamedTuple):
    """An entry as the directory describes it."""

    name: str
    flags: int
    method: int
    checksum: int
    packed_size: int
    size: int
    attributes: int
    place: int  # of the local header


def is_zip(content):
    """Tell whether some bytes begin as a zip does, even one that holds nothing."""
    return content[:4] in (LOCAL_MARK, END_MARK)


def is_document(content):
    """Tell whether a zip is one document (of an office program, or signed as ASiC), which is judged as a whole."""
    return is_zip(content) and kinds.is_document(content)


def read(content, limits):
    """Go through a zip; yields one :class:`Entry` after the other, so that only one content is in memory at a time.

    :param bytes content: the zip.
    :param Limits limits: an entry beyond the limits is not read, and says so.
    :raise ZipReaderError: the zip cannot be read at all; before anything is yielded.
    """
    if len(content) > limits.size:
        raise ZipReaderError('zip_too_large', megabytes=f'{limits.size / 2**20:g}')
    start, shift = _find_directory(content)
    return _read_entries(content, start, shift, limits)


def wrap(name, content, limits):
    """Return the :class:`Entry` of a file (bytes) that came without a zip; it counts like one of a zip.

    :param Limits limits: what is left of them.
    """
    if limits.entries <= 0:
        return Entry(name, None, 'too_many', {})
    if len(content) > limits.entry_size:
        return Entry(name, None, 'entry_too_large', {'megabytes': f'{limits.entry_size / 2**20:.0f}'})
    if len(content) > limits.total_size:
        return Entry(name, None, 'all_too_large', {})
    return Entry(name, content, None, {})


def _find_directory(content):
    """Return where a zip's directory begins, and by how much its places are off: something may stand before the zip."""
    if not is_zip(content) and END_MARK not in content[-MAX_COMMENT - DIRECTORY_END.size:]:
        raise ZipReaderError('no_zip')
    end = content.rfind(END_MARK, max(0, len(content) - MAX_COMMENT - DIRECTORY_END.size))
    if end < 0 or end + DIRECTORY_END.size > len(content):
        raise ZipReaderError('zip_damaged')
    _mark, _disk, _first_disk, _here, count, size, place, _comment = DIRECTORY_END.unpack_from(content, end)
    end, size, place = _look_for_zip64(content, end, size, place)
    start = end - size
    if not size and count in (0, 0xFFFF):
        return end, 0
    if start < 0 or start < place or content[start:start + 4] != ENTRY_MARK:
        raise ZipReaderError('zip_damaged')
    return start, start - place


def _look_for_zip64(content, end, size, place):
    """Return where a zip's directory ends, its size and its place, from the records of ZIP64 if there are any."""
    locator = end - LOCATOR_64.size
    if locator < 0 or content[locator:locator + 4] != LOCATOR_MARK_64:
        return end, size, place
    # It stands right before the locator, or where that says when it has data of its own behind it.
    claimed = LOCATOR_64.unpack_from(content, locator)[2]
    for record in (locator - DIRECTORY_END_64.size, claimed):
        if 0 <= record <= locator - DIRECTORY_END_64.size and content[record:record + 4] == END_MARK_64:
            *_others, size_64, place_64 = DIRECTORY_END_64.unpack_from(content, record)
            return record, size_64 if size == ELSEWHERE else size, place_64 if place == ELSEWHERE else place
    raise ZipReaderError('zip_damaged')


def _read_entries(content, start, shift, limits):
    """Yield the entries of a directory that begins at ``start``; the count that it claims is not looked at."""
    left = limits.total_size
    for number, header in enumerate(_read_directory(content, start)):
        if number >= limits.entries:
            yield Entry('…', None, 'too_many', {})
            return
        name = show_name(header.name)
        try:
            unpacked = _read_entry(content, header, shift, limits, left)
        except ZipReaderError as error:
            # An entry that was unpacked in vain has cost its time.
            left -= error.values.pop('unpacked', 0)
            yield Entry(name, None, error.code, error.values)
        else:
            left -= len(unpacked)
            yield Entry(name, unpacked, None, {})


def _read_directory(content, place):
    """Yield the headers of a directory, up to what does not look like one."""
    while content[place:place + 4] == ENTRY_MARK and place + DIRECTORY_ENTRY.size <= len(content):
        (
            _mark, _version, _needed, flags, method, _time, _date, checksum, packed_size, size, name_size, extra_size,
            comment_size, _disk,
         _internal, attributes, local) = DIRECTORY_ENTRY.unpack_from(content, place)
        place += DIRECTORY_ENTRY.size
        name, place = content[place:place + name_size], place + name_size
        fields = _read_fields(content[place:place + extra_size]) if extra_size else {}
        place += extra_size + comment_size
        if ELSEWHERE in (size, packed_size, local):
            size, packed_size, local = _take_large(fields.get(FIELD_64, b''), size, packed_size, local)
        yield _Header(
            _read_name(name, flags, fields.get(FIELD_NAME, b'')), flags, method, checksum, packed_size, size,
            attributes, local)


def _read_fields(extra):
    """Return the extra fields of an entry: ``{identifier: bytes}``."""
    fields, place = {}, 0
    for _number in range(MAX_FIELDS):
        if place + 4 > len(extra):
            break
        identifier, size = struct.unpack_from('<2H', extra, place)
        fields[identifier] = extra[place + 4:place + 4 + size]
        place += 4 + size
    return fields


def _take_large(field, *values):
    """Return values, each that stands elsewhere replaced by the next one of the field of ZIP64, if that has one."""
    large = iter(struct.unpack_from(f'<{len(field) // 8}Q', field))
    return [next(large, value) if value == ELSEWHERE else value for value in values]


def _read_name(name, flags, field):
    """Return the name of an entry, its accents as one character each.

    It is in UTF-8 when the entry says so, and also when it does not but the bytes are (macOS never says so); else in
    the code page of Windows in western Europe, which has the letters of DOS in their places, and more of them. A name
    in UTF-8 may stand in a field of its own, with the checksum of the one it is for.
    """
    if len(field) > 5 and field[0] == 1 and field[1:5] == zlib.crc32(name).to_bytes(4, 'little'):
        name, flags = field[5:], UTF8
    try:
        text = name.decode()
    except UnicodeDecodeError:
        text = name.decode('utf-8' if flags & UTF8 else 'cp858', 'replace')
    return unicodedata.normalize('NFC', text)


# ------------------------------------------------------------ an entry

def _read_entry(content, header, shift, limits, left):
    """Return what an entry holds.

    :param int left: bytes that may be unpacked yet.
    :raise ZipReaderError: it is not read; ``unpacked`` among its values (int) is how many bytes were unpacked in
        vain.
    """
    _check_kind(header)
    place = header.place + shift
    if content[place:place + 4] != LOCAL_MARK or place + LOCAL_HEADER.size > len(content):
        raise ZipReaderError('broken')
    local = LOCAL_HEADER.unpack_from(content, place)
    if (header.flags | local[2]) & ENCRYPTED:
        raise ZipReaderError('encrypted')
    if header.method != local[3]:
        raise ZipReaderError('broken')
    if header.method not in (STORED, DEFLATED):
        raise ZipReaderError('method')
    place += LOCAL_HEADER.size + local[9] + local[10]
    packed = memoryview(content)[place:place + header.packed_size]
    unpacked = _unpack(packed, header.method, limits, left)
    if len(unpacked) != header.size:
        raise ZipReaderError('lying_size', unpacked=len(unpacked))
    if zlib.crc32(unpacked) != header.checksum:
        raise ZipReaderError('broken', unpacked=len(unpacked))
    if is_zip(unpacked) and not is_document(unpacked):
        raise ZipReaderError('nested_zip', unpacked=len(unpacked))
    return unpacked


def _check_kind(header):
    """Raise when an entry is no file that somebody wants to send, by its name and its attributes."""
    path = header.name.replace('\\', '/')
    *folders, name = path.split('/')
    if path.startswith('/') or '..' in path.split('/') or (path[1:2] == ':' and path[0].isalpha()) or '\0' in path:
        raise ZipReaderError('outside')
    kind = stat.S_IFMT(header.attributes >> 16)  # 0 when it was not made on Unix
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ZipReaderError('link')
    if not name or header.attributes & DOS_FOLDER or kind == stat.S_IFDIR:
        raise ZipReaderError('folder')
    if name.lower() in CLUTTER_NAMES or name.startswith(CLUTTER_PREFIXES) or folders[:1] == list(CLUTTER_FOLDERS):
        raise ZipReaderError('clutter')


def _unpack(packed, method, limits, left):
    """Return the bytes of an entry, read no further than the limits allow.

    :param memoryview packed: as they stand in the zip.
    :param int left: bytes that may be unpacked yet.
    :raise ZipReaderError: they are too many or damaged.
    """
    bounds = {
        'entry_too_large': limits.entry_size,
        'bomb': max(FREE_OF_RATIO, limits.ratio * len(packed)),
        'all_too_large': max(left, 0),
    }
    code, bound = min(bounds.items(), key=lambda item: item[1])
    unpacked = bytearray()
    for chunk in _chunks(packed, method):
        unpacked += chunk
        if len(unpacked) > bound:
            raise ZipReaderError(code, unpacked=len(unpacked), megabytes=f'{bound / 2**20:.0f}')
    return bytes(unpacked)


def _chunks(packed, method):
    """Yield the bytes of an entry, a few at a time.

    :raise ZipReaderError: they are damaged.
    """
    stream = zlib.decompressobj(-zlib.MAX_WBITS) if method == DEFLATED else None
    for place in range(0, len(packed), CHUNK):
        rest = packed[place:place + CHUNK]
        if not stream:
            yield rest
            continue
        try:
            while rest and not stream.eof:
                yield stream.decompress(rest, CHUNK)
                rest = stream.unconsumed_tail
        except zlib.error:
            raise ZipReaderError('broken') from None
    if stream and not stream.eof:  # it ends in the middle
        raise ZipReaderError('broken')


# ------------------------------------------------------------ names

def show_name(name):
    """Return the name of a file as it may be shown: one line, not too long, without characters that act on its text."""
    name = name if isinstance(name, str) else ''
    instead = {'C': '\N{REPLACEMENT CHARACTER}', 'Z': ' '}  # control characters; spaces and ends of lines of all kinds
    printable = ''.join(instead.get(unicodedata.category(character)[0], character) for character in name)
    return printable if len(printable) <= MAX_SHOWN else '…' + printable[1 - MAX_SHOWN:]

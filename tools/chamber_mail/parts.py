"""The parts of an e-mail, level by level (RFC 5322, RFC 2045 and 2046), read within bounds.

``p7m.mail`` looks for a file wherever it is. Here it matters in which message a part stands: of certified mail only
what stands in the envelope itself is the provider's word, and what stands in the message within is anybody's.
"""
import binascii
import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message as MimeMessage
from typing import NamedTuple

from ..pattern import Pattern

MAX_SIZE = 40 * 2**20  # bytes; certified mail has 30 MB at the most of its providers, base64 included
MAX_HEADER = 64 * 1024  # bytes of a header
MAX_FIELD = 2000  # characters of a field of it
MAX_NESTED = 8  # parts in parts
MAX_LEVELS = 4  # messages in messages
MAX_PARTS = 200
MAX_MARKS = 20000  # places that look like the line between two parts
MAX_DECODED = 2**20  # bytes of a part that are decoded, unless it is a message
BLANK_LINE = Pattern(rb'\r?\n[ \t]{0,9}\r?\n|\A\r?\n')
FOLDED = Pattern(r'\r?\n[ \t]+')
FIELD = Pattern(r'^([!-9;-~]{1,64}):[ \t]*(.*)$', re.MULTILINE)
LINE_END = Pattern(rb'(?:--)?[ \t]{0,99}(?:\r?\n|\Z)')
NO_BASE64 = Pattern(rb'[^A-Za-z0-9+/]+')
MESSAGE_KIND = 'message/rfc822'


class TooMuch(Exception):
    """A message has more of something than an honest one has; the argument says of what."""


class Part(NamedTuple):
    """A part that holds no other ones."""

    kind: str  # type and subtype, in small letters
    name: str  # of the file, in small letters; '' for none
    charset: str
    nested: int  # in how many parts of its message it is
    is_attached: bool
    encoded: bytes
    encoding: str

    def decode(self, most=MAX_DECODED):
        """Return the content (bytes), of which no more than about ``most`` is decoded."""
        return decode(self.encoded[:most * 2], self.encoding)[:most]


class Message(NamedTuple):
    """A message: its header, the parts that are its own, and the messages in it."""

    header: dict  # name in small letters -> value of the first such field, as it is written
    parts: list  # of Part
    messages: list  # of (name of the file, Message)

    def get_text(self, name):
        """Return the value of a field as a person reads it (RFC 2047), '' when there is none."""
        return decode_words(self.header.get(name, ''))


class Bounds:
    """Counts what was read, and raises when that is too much."""

    def __init__(self):
        self.parts = self.marks = 0

    def count(self, name, most):
        """Count one more.

        :param str name: ``parts`` or ``marks``.
        :raise TooMuch: there are more than ``most``.
        """
        setattr(self, name, getattr(self, name) + 1)
        if getattr(self, name) > most:
            raise TooMuch(name)


def read(content):
    """Return the parts of a message, and of the messages in it.

    :param bytes content: as it came.
    :rtype: Message
    :raise TooMuch: it is larger, deeper or has more parts than an honest one.
    """
    if len(content) > MAX_SIZE:
        raise TooMuch('bytes')
    return _read_message(content, 0, Bounds())


def _read_message(content, level, bounds):
    if level == MAX_LEVELS:
        raise TooMuch('levels')
    header, start = _split(content, 0, len(content))
    message = Message(_read_header(header), [], [])
    _read_part(content, start, len(content), message.header, message, (0, level, bounds))
    return message


def _read_part(content, start, end, header, message, place):
    """Add to a message the part whose header was read, and those in it."""
    nested, level, bounds = place
    bounds.count('parts', MAX_PARTS)
    kind = _get_parameter(header, 'content-type', None).partition(';')[0].strip().lower() or 'text/plain'
    name = (_get_parameter(header, 'content-disposition', 'filename')
            or _get_parameter(header, 'content-type', 'name')).lower()
    boundary = _get_parameter(header, 'content-type', 'boundary').encode('latin-1', 'replace')
    if kind.startswith('multipart/') and boundary:
        if nested == MAX_NESTED:
            raise TooMuch('nested')
        for own_start, own_end in _divide(content, start, end, boundary, bounds):
            own_header, own_body = _split(content, own_start, own_end)
            _read_part(
                content, own_body, own_end, _read_header(own_header), message, (nested + 1, level, bounds))
        return
    encoding = header.get('content-transfer-encoding', '').strip().lower()[:20]
    if kind == MESSAGE_KIND or name.endswith('.eml'):
        inner = decode(content[start:end], encoding)
        message.messages.append((name, _read_message(inner, level + 1, bounds)))
        return
    disposition = header.get('content-disposition', '').strip().lower()
    message.parts.append(Part(
        kind, name, _get_parameter(header, 'content-type', 'charset').lower(), nested,
        bool(name) or disposition.startswith('attachment'), content[start:end], encoding))


def _divide(content, start, end, boundary, bounds):
    """Yield where the parts between the lines of a boundary begin and end."""
    mark, begin, at = b'--' + boundary, None, start
    while (found := content.find(mark, at, end)) != -1:
        bounds.count('marks', MAX_MARKS)
        at = found + len(mark)
        line = LINE_END.match(content, at, end)
        if line is None or (found > start and content[found - 1] not in b'\r\n'):
            continue
        if begin is not None:
            yield begin, max(begin, found - 1 - (content[found - 2:found] == b'\r\n'))
        if content[at:at + 2] == b'--':
            return
        begin = at = line.end()
    if begin is not None:
        yield begin, end


def _split(content, start, end):
    """Return the header between two places, and where the body after it begins."""
    most = min(end, start + MAX_HEADER)
    if content[start:start + 2].startswith((b'\n', b'\r\n')):
        return b'', start + (2 if content[start:start + 1] == b'\r' else 1)
    found = BLANK_LINE.search(content, start, most)
    return (content[start:found.start()], found.end()) if found else (content[start:most], end)


def _read_header(header):
    """Return ``{name: value}`` of the first field of each name, unfolded and not longer than ``MAX_FIELD``."""
    fields = {}
    for name, value in FIELD.findall(FOLDED.sub(' ', header.decode('utf-8', 'replace'))):
        fields.setdefault(name.lower(), value.strip()[:MAX_FIELD])
    return fields


def _get_parameter(header, field, name):
    """Return a parameter of a field (RFC 2231), or with None the field as it is written; '' when there is none."""
    value = header.get(field, '')
    if name is None or not value:
        return value
    message = MimeMessage()
    message[field] = value
    try:
        found = message.get_param(name, '', field)
    except (ValueError, LookupError, TypeError, MessageError):
        return ''
    if isinstance(found, tuple):  # (charset, language, value)
        found = found[2]
    return decode_words(found or '').strip()


def decode(content, encoding):
    """Return what the body of a part stands for (RFC 2045, 6).

    :param bytes content: as it is written.
    :param str encoding: the name of its encoding, in small letters; an unknown one is none.
    """
    if encoding == 'base64':
        kept = NO_BASE64.sub(b'', content)
        return binascii.a2b_base64(kept[:len(kept) // 4 * 4] + _pad(kept))
    return binascii.a2b_qp(content) if encoding == 'quoted-printable' else content


def _pad(kept):
    """Return the last signs of base64, filled up to four; of one alone nothing can be made."""
    rest = kept[len(kept) // 4 * 4:]
    return rest + b'=' * (4 - len(rest)) if len(rest) > 1 else b''


def decode_words(text):
    """Return a text of a header as a person reads it (RFC 2047).

    :param str text: as it is written; no more than ``MAX_FIELD`` of it is read.
    """
    pieces = []
    try:
        for piece, charset in decode_header(text[:MAX_FIELD]):
            pieces.append(piece if isinstance(piece, str) else to_text(piece, charset or 'utf-8'))
    except (ValueError, binascii.Error, MessageError):
        return text[:MAX_FIELD]
    return ''.join(pieces)


# Of the many codecs of Python some take minutes for a crafted text: these take none.
CHARSET = Pattern(r'(?:utf-?8|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?[19]|(?:windows-|cp)125\d|utf-?16(?:-?[lb]e)?)')


def to_text(content, charset):
    """Return bytes as text; what is no text of a known charset is read as UTF-8, else as that of Windows.

    :param bytes content: decoded.
    :param str charset: as the part names it, or ''.
    """
    for name in (charset.lower() if CHARSET.fullmatch(charset.lower()) else 'utf-8', 'utf-8'):
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode('cp1252', 'replace')

"""Reading ASN.1 in BER and DER (ITU-T X.690) from strangers: without recursion, in linear time, with few copies.

A general ASN.1 library recurses where the bytes tell it to and takes longer to import than a file takes to be judged.
CMS needs little: walk over elements, and read half a dozen simple types. Everything here raises :exc:`Malformed` and
nothing else, whatever the bytes.
"""
import datetime
from typing import NamedTuple

CONSTRUCTED = 0x20
INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER = 0x02, 0x03, 0x04, 0x06
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31
STRING_ENCODINGS = {
    0x0C: 'utf-8',  # UTF8String
    0x12: 'ascii',  # NumericString
    0x13: 'ascii',  # PrintableString
    0x14: 'latin-1',  # TeletexString, as everybody writes it
    0x16: 'ascii',  # IA5String
    0x1A: 'ascii',  # VisibleString
    0x1C: 'utf-32-be',  # UniversalString
    0x1E: 'utf-16-be',  # BMPString
}

# What no honest file reaches.
MAX_DEPTH = 16  # open elements
MAX_ELEMENTS = 10_000  # within one element; of a content in parts only those that have parts themselves
MAX_PARTS = 100_000  # of a content in parts, which programs make of a thousand bytes or more
MAX_INTEGER = 2049  # bytes: 16384 bits and a sign
MAX_IDENTIFIER = 64  # bytes of an object identifier
MAX_TEXT = 200  # characters
# Moments are kept so far from the ends of what Python can hold that they can be shown in every time zone.
EARLIEST = datetime.datetime(1, 1, 3, tzinfo=datetime.timezone.utc)
LATEST = datetime.datetime(9999, 12, 29, tzinfo=datetime.timezone.utc)


class Malformed(ValueError):
    """The bytes are not what the standard says, or go beyond what an honest file needs."""


class Truncated(Malformed):
    """The bytes end before the element does."""


class TooMuch(Malformed):
    """There are more elements than an honest file needs."""


class Element(NamedTuple):
    """One element, as a place in the bytes it was read from."""

    tag: int  # its first byte
    data: memoryview  # all the bytes around it
    first: int  # offset of its tag
    start: int  # offset of its contents
    end: int  # offset behind its contents
    stop: int  # offset behind the element

    @property
    def body(self):
        """The contents."""
        return self.data[self.start:self.end]

    @property
    def raw(self):
        """The whole element, tag and length included."""
        return self.data[self.first:self.stop]


def _cut_off(data, limit):
    """Return the error of an element that goes beyond a limit: all that follows is missing, or only the length is
    wrong.
    """
    return Truncated("the bytes end too early") if limit == len(data) else Malformed("an element ends too early")


def _header(data, first, limit):
    """Read a tag and a length.

    :return: ``(tag, offset of the contents, length)``; the length is None when it is indefinite.
    """
    start = first + 2
    if start > limit:
        raise _cut_off(data, limit)
    tag, length = data[first], data[first + 1]
    if tag & 0x1F == 0x1F:
        raise Malformed("a tag number above 30")  # CMS and X.509 have none
    if length < 0x80:
        return tag, start, length
    if length == 0x80:
        if not tag & CONSTRUCTED:
            raise Malformed("an indefinite length without parts")
        return tag, start, None
    start += length & 0x7F
    if start > limit:
        raise _cut_off(data, limit)
    return tag, start, int.from_bytes(data[first + 2:start], 'big')


def _end_of_contents(data, offset, limit):
    """Return the offset of the two zero bytes that end contents of indefinite length."""
    depth = 1
    for _count in range(MAX_ELEMENTS):
        tag, start, length = _header(data, offset, limit)
        if length is None:
            depth += 1
            offset = start
        elif tag or length:
            offset = start + length
        else:
            depth -= 1
            if not depth:
                return offset
            offset = start
    raise TooMuch("too many elements")


def read(data, first, limit):
    """Read the element at an offset.

    :param memoryview data: the bytes.
    :param int first: where the element begins.
    :param int limit: where the bytes end that it may occupy.
    :rtype: Element
    :raise Malformed: it does not fit, or is no element.
    """
    tag, start, length = _header(data, first, limit)
    if length is None:
        end = _end_of_contents(data, start, limit)
        return Element(tag, data, first, start, end, end + 2)
    end = start + length
    if end > limit:
        raise _cut_off(data, limit)
    return Element(tag, data, first, start, end, end)


def parse(data):
    """Read the element with which some bytes (bytes-like) begin; see :func:`read`."""
    return read(memoryview(data), 0, len(data))


def children(element, *tags, most=MAX_ELEMENTS):
    """Return the elements within an element.

    :param tags: the tags that the first ones must have, None for any.
    :param int most: how many there may be.
    :rtype: list[Element]
    :raise Malformed: there are more, or fewer than ``tags``, or others.
    """
    found, offset = [], element.start
    while offset < element.end:
        if len(found) == most:
            raise TooMuch("too many elements")
        found.append(read(element.data, offset, element.end))
        offset = found[-1].stop
    if len(found) < len(tags) or any(tag not in (None, child.tag) for tag, child in zip(tags, found, strict=False)):
        raise Malformed("not the elements that belong here")
    return found


# ------------------------------------------------------------ simple types

# Each of these raises Malformed for an element of another type, or without a value of it.

def expect(element, tag):
    """Return an element that must have a tag."""
    if element.tag != tag:
        raise Malformed("not the element that belongs here")
    return element


def integer(element):
    """Return an INTEGER as an int."""
    body = expect(element, INTEGER).body
    if not 0 < len(body) <= MAX_INTEGER:
        raise Malformed("not a number")
    return int.from_bytes(body, 'big', signed=True)


def identifier(element):
    """Return an OBJECT IDENTIFIER in dotted form."""
    body = expect(element, OBJECT_IDENTIFIER).body
    if not 0 < len(body) <= MAX_IDENTIFIER or body[-1] & 0x80:
        raise Malformed("not an object identifier")
    arcs, value = [], 0
    for byte in body:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    root = min(arcs[0] // 40, 2)
    return '.'.join(map(str, [root, arcs[0] - 40 * root, *arcs[1:]]))


def algorithm(element):
    """Return ``(dotted identifier, element of the parameters or None)`` of an AlgorithmIdentifier."""
    name, *parameters = children(expect(element, SEQUENCE), OBJECT_IDENTIFIER)
    return identifier(name), parameters[0] if parameters else None


def bits(element):
    """Return the bytes of a BIT STRING; bits that do not fill a byte are left as they are."""
    body = expect(element, BIT_STRING).body
    if not body or body[0] > 7:
        raise Malformed("not a string of bits")
    return body[1:]


def text(element):
    """Return a string of any type as it may be shown: one line, printable, of bounded length; '' when it is no string.
    """
    encoding = STRING_ENCODINGS.get(element.tag)
    if not encoding:
        return ''
    decoded = bytes(element.body[:4 * MAX_TEXT]).decode(encoding, errors='replace')
    return ''.join(char if char.isprintable() else ' ' for char in decoded[:MAX_TEXT]).strip()


def moment(element):
    """Return a UTCTime or GeneralizedTime.

    Fractions of a second are dropped; a time without zone is read as UTC, which DER prescribes. RFC 5280 writes "never"
    as the last second of 9999, which is moved by some days, see ``LATEST``.

    :return: aware, in UTC.
    :rtype: datetime.datetime
    """
    if element.tag not in (UTC_TIME, GENERALIZED_TIME) or len(element.body) > 32:
        raise Malformed("not a time")
    value = bytes(element.body).decode('ascii', errors='replace')
    digits = value[:next((place for place, char in enumerate(value) if char not in '0123456789'), len(value))]
    zone = value[len(digits):].lstrip('.,0123456789')
    if element.tag == UTC_TIME:  # RFC 5280, 4.1.2.5.1
        digits = ('19' if digits[:2] >= '50' else '20') + digits
    digits = digits.ljust(14, '0')
    try:
        numbers = [int(digits[:4]), *(int(digits[place:place + 2]) for place in range(4, 14, 2))]
        result = datetime.datetime(*numbers, tzinfo=datetime.timezone.utc)
        if zone[:1] in ('+', '-'):
            offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
            result = result - offset if zone[0] == '+' else result + offset
    except (ValueError, OverflowError):
        raise Malformed("not a time") from None
    return min(max(result, EARLIEST), LATEST)


# ------------------------------------------------------------ long messages

class Cursor:
    """A place in a message that is read once, from front to back.

    So an element of indefinite length costs no search for its end, at whatever depth it lies.

    :param data: the message, bytes-like.
    """

    def __init__(self, data):
        self.data = memoryview(data)
        self.offset = 0
        self._parts = 0  # that were read
        # For each open element: where its contents end at the latest, and whether zero bytes end them.
        self._open = [(len(self.data), False)]

    def tag(self):
        """Return the tag of the next element, None at the end of the open one."""
        return None if self._at_end() else self.data[self.offset]

    def enter(self, tag):
        """Go into the next element, which must have a tag."""
        if self.tag() != tag or len(self._open) == MAX_DEPTH:
            raise Malformed("not the element that belongs here")
        limit = self._open[-1][0]
        _tag, self.offset, length = _header(self.data, self.offset, limit)
        if length is not None and self.offset + length > limit:
            raise _cut_off(self.data, limit)
        self._open.append((limit, True) if length is None else (self.offset + length, False))

    def leave(self):
        """Go out of the open element, which must have been read to its end."""
        if not self._at_end():
            raise Malformed("more elements than belong here")
        self.offset += 2 if self._open.pop()[1] else 0

    def element(self):
        """Read the next element and go behind it."""
        element = read(self.data, self.offset, self._open[-1][0])
        self.offset = element.stop
        return element

    def octets(self):
        """Read an OCTET STRING, whole or in parts that may have parts (X.690, 8.7), and go behind it.

        :return: the content; not copied when it stands in one piece.
        :rtype: memoryview
        """
        if self.tag() == OCTET_STRING:
            return self.element().body
        gathered, depth = bytearray(), len(self._open)
        for _part in range(MAX_ELEMENTS):
            self.enter(OCTET_STRING | CONSTRUCTED)
            self._gather(gathered)
            while self._at_end():
                self.leave()
                if len(self._open) == depth:
                    return memoryview(gathered)
                self._gather(gathered)
        raise TooMuch("too many parts")

    def _gather(self, gathered):
        """Append the parts that stand here one after the other. There can be many: the loop is bare on purpose."""
        data, offset, limit = self.data, self.offset, self._open[-1][0]
        while offset < limit and data[offset] == OCTET_STRING:
            self._parts += 1
            if self._parts > MAX_PARTS:
                raise TooMuch("too many parts")
            _tag, start, length = _header(data, offset, limit)
            offset = start + length
            if offset > limit:
                raise _cut_off(data, limit)
            gathered += data[start:offset]
        self.offset = offset

    def _at_end(self):
        limit, by_zeros = self._open[-1]
        if by_zeros and self.offset + 2 > limit:
            raise _cut_off(self.data, limit)
        if by_zeros:
            return self.data[self.offset] == 0 and self.data[self.offset + 1] == 0
        return self.offset >= limit

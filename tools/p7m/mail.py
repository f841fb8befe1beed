"""The files in an e-mail, or in S/MIME text such as .m7m (RFC 5322, RFC 2045 and 2046, RFC 8551), read within bounds.

Parts in parts are not followed one into the other: every line that divides parts, of whatever level, ends one. So there
is no depth that a stranger could choose, and the text is read a few times at the most.
"""
import binascii
import itertools
import re
from typing import NamedTuple

from ..pattern import Pattern
from . import armour, ber

MAX_HEADER = 256 * 1024  # bytes of a header
MAX_BOUNDARIES = 16
MAX_PARTS = 200
MAX_MESSAGES = 8  # one attached to the other
# The first field, after the length that Apple's mail program writes, or the line that divides a mailbox.
FIRST_LINE = Pattern(
    rb'\s{0,100}(?:[0-9]{1,12}[ \t]{0,20}[\r\n]{1,3})?(?:From [^\r\n]{0,1000}[\r\n]{1,3})?[A-Za-z][!-9;-~]{0,63}:')
LINES_PLACE = 4096  # bytes that tell which line ends there are
IS_MIME = Pattern(rb'^(?:content-type|mime-version):', re.IGNORECASE | re.MULTILINE)
BOUNDARY = Pattern(rb'\bboundary[ \t]{0,9}=[ \t]{0,9}(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
BLANK_LINE = Pattern(rb'\r?\n[ \t]{0,9}\r?\n')
FOLDED = Pattern(rb'\r?\n[ \t]+')
FIELD = {
    name: Pattern(rb'^%b:[ \t]*"?([^\s;"]{1,200})' % name, re.IGNORECASE | re.MULTILINE)
    for name in (b'content-type', b'content-transfer-encoding', b'from')}
# Of a part, in small letters
SIGNATURE = Pattern(rb'^content-[^\r\n]*(?:pkcs7-signature|\.p7s)', re.MULTILINE)
SIGNED_FILE = Pattern(rb'^content-[^\r\n]*(?:pkcs7-mime|\.p7m)', re.MULTILINE)
# What browsers write into a page that they save in one file.
SAVED_PAGE = Pattern(
    rb'^(?:snapshot-content-location:|from:[^\r\n]*(?:saved by|salvat[ao] da) )', re.IGNORECASE | re.MULTILINE)


class Part(NamedTuple):
    """A part of an e-mail that holds no other parts."""

    header: bytes  # in small letters, each field on one line
    content: bytes  # decoded

    @property
    def is_signature(self):
        """Whether it is the signature of the e-mail itself, beside what it signs."""
        return bool(SIGNATURE.search(self.header))

    @property
    def is_called_signed(self):
        """Whether it says that it is a signed file."""
        return bool(SIGNED_FILE.search(self.header))


def mend_lines(content):
    """Return an e-mail with line ends that are in use: some systems leave a CR alone, or write one more of them."""
    start = content[:LINES_PLACE]
    if b'\r' not in start or not FIRST_LINE.match(content):
        return content
    if b'\n' not in start:
        return content.replace(b'\r', b'\n')
    return content.replace(b'\r\r\n', b'\r\n') if b'\r\r\n' in start else content


def is_mail(content):
    """Tell whether some bytes begin as an e-mail or as S/MIME text does."""
    return bool(FIRST_LINE.match(content)) and bool(IS_MIME.search(_split(content)[0]))


def has_sender(content):
    """Tell whether an e-mail says who sent it; a signed file as S/MIME text does not."""
    return bool(FIELD[b'from'].search(_split(content)[0]))


def is_web_page(content):
    """Tell whether it is no e-mail but a page that a browser saved with all that belongs to it (.mhtml)."""
    return bool(SAVED_PAGE.search(_split(content)[0]))


def read(content):
    """Return the parts of an e-mail (bytes), those of e-mails attached to it as well.

    :rtype: list[Part]
    :raise ber.TooMuch: there are more than an honest e-mail has.
    """
    found, messages = [], [content]
    for number in itertools.count():
        if number == len(messages):
            return found
        content, messages[number] = messages[number], b''  # in memory no longer than it must
        for header, body in map(_split, _divide(content)):
            header = FOLDED.sub(b' ', header).lower()
            kind = _field(header, b'content-type') or b'text/plain'
            if kind.startswith(b'multipart/'):
                continue
            part = Part(header, _decode(body, _field(header, b'content-transfer-encoding')))
            if kind == b'message/rfc822' or is_mail(part.content):
                messages.append(part.content)
            else:
                found.append(part)
        if len(messages) > MAX_MESSAGES or len(found) > MAX_PARTS:
            raise ber.TooMuch("too many parts")


def _divide(content):
    """Return the pieces of an e-mail between the lines that divide its parts; the first begins with its header."""
    boundaries = {
        found[1] or found[2] for found in itertools.islice(BOUNDARY.finditer(content), MAX_BOUNDARIES)}
    if not boundaries:
        return [content]
    dividing = re.compile(
        rb'^--(?:%b)(?:--)?[ \t]*(?:\r?\n|\Z)' % b'|'.join(map(re.escape, sorted(boundaries, key=len, reverse=True))),
        re.MULTILINE)
    pieces, start = [], 0
    for line in itertools.islice(dividing.finditer(content), MAX_PARTS + 1):
        pieces.append(content[start:line.start()])
        start = line.end()
    if len(pieces) > MAX_PARTS:
        raise ber.TooMuch("too many parts")
    return [*pieces, content[start:]]


def _split(content):
    """Return header and body of a part, which begins at once when there is no header."""
    content = content.lstrip(b'\r\n') if content[:1] in (b'\r', b'\n') and FIRST_LINE.match(content) else content
    if content[:1] in (b'\r', b'\n'):
        return b'', content
    found = BLANK_LINE.search(content, 0, MAX_HEADER)
    return (content[:found.start()], content[found.end():]) if found else (content[:MAX_HEADER], b'')


def _field(header, name):
    """Return the first word of a field of a header, or None."""
    found = FIELD[name].search(header)
    return found and found[1]


def _decode(body, encoding):
    """Return what the body of a part stands for (RFC 2045, 6)."""
    if encoding == b'base64':
        return armour.peel(body) or b''
    return binascii.a2b_qp(body) if encoding == b'quoted-printable' else body

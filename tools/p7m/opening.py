"""Taking a file out of its armour and its signed messages."""
import binascii
from typing import NamedTuple

from . import ber, cms
from .findings import P7mError

MAX_SIZE = 20 * 1024 * 1024  # bytes
MAX_ROUNDS = 4  # of armour around a message
MAX_LEVELS = 5  # of messages one in the other
MAX_TAIL = 64  # bytes behind a message, white space and zeros apart

# Kind of a CMS message that is no signed one -> finding
OTHER_KINDS = {
    '1.2.840.113549.1.7.3': 'encrypted',  # enveloped
    '1.2.840.113549.1.7.4': 'encrypted',  # signed and enveloped, of PKCS #7
    '1.2.840.113549.1.7.6': 'encrypted',
    '1.2.840.113549.1.9.16.1.23': 'encrypted',  # authenticated and enveloped
    '1.2.840.113549.1.9.16.1.31': 'time_stamped',  # .tsd, RFC 5544
}
# Kind of malformation -> finding, the special ones first
MALFORMATIONS = {ber.Truncated: 'truncated', ber.TooMuch: 'too_complex', ber.Malformed: 'damaged'}
WHITE_SPACE = b' \t\r\n\x0b\x0c'
BASE64 = b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='
UTF8_MARK = b'\xef\xbb\xbf'
PEM_BEGIN, PEM_DASHES, PEM_END = b'-----BEGIN ', b'-----', b'-----END '
PEM_PREAMBLE = 4096  # bytes that may stand before


class Opened(NamedTuple):
    """A file without its wrappings."""

    message: bytes  # the outermost signed message, without armour
    layers: list  # of cms.SignedData, the outermost first
    document: bytes  # what the innermost holds


def open_file(content, max_size):
    """Take a file out of its armour and its signed messages.

    :rtype: Opened
    :raise P7mError: it is no signed message with a content.
    """
    if len(content) > max_size:
        raise P7mError('too_large', megabytes=f'{max_size / 2**20:g}')
    if not content.strip(WHITE_SPACE + b'\0'):
        raise P7mError('empty')
    message = document = _unarmour(content)
    layers, signers = [], 0
    while not layers or _is_signed_message(document):
        if len(layers) == MAX_LEVELS:
            raise P7mError('too_nested', levels=str(MAX_LEVELS))
        layers.append(_open_message(document))
        signers += len(layers[-1].signers)
        if signers > cms.MAX_SIGNERS:
            raise P7mError('too_complex')
        document = bytes(layers[-1].content)
        inner = _unarmour(document)
        document = inner if _is_signed_message(inner) else document
    return Opened(message[:layers[0].stop], layers, document)


def _unarmour(content):
    """Return the bytes that a PEM or base64 text stands for, unwrapping again what is wrapped again."""
    for _round in range(MAX_ROUNDS):
        if _is_binary(content) or is_pdf(content):
            break
        text = _pem_text(content).translate(None, WHITE_SPACE)
        if text.translate(None, BASE64):
            break
        try:
            # Of a text that is cut off, as much as there is: what is missing is found out later.
            content = binascii.a2b_base64(text[:len(text) // 4 * 4])
        except binascii.Error:
            break
    return content


def _pem_text(content):
    """Return the text between the first two lines of PEM, or all of it when there are none."""
    begin = content.find(PEM_BEGIN, 0, PEM_PREAMBLE)
    begin = begin if begin < 0 else content.find(PEM_DASHES, begin + len(PEM_BEGIN))
    if begin < 0:
        return content.removeprefix(UTF8_MARK)
    begin += len(PEM_DASHES)
    end = content.find(PEM_END, begin)
    return content[begin:end if end >= 0 else len(content)]


def _is_binary(content):
    """Tell whether some bytes look like a CMS message: a SEQUENCE longer than any text that begins with a "0"."""
    return content[:1] == b'0' and content[1:2] >= b'\x80'


def _is_signed_message(content):
    try:
        return _is_binary(content) and cms.read_kind(content) == cms.SIGNED_DATA
    except ber.Malformed:
        return False


def is_pdf(content):
    return content[:1024].removeprefix(UTF8_MARK).lstrip(WHITE_SPACE + b'\0').startswith(b'%PDF')


def _open_message(content):
    """Read a signed message that must be whole and hold its content.

    :rtype: cms.SignedData
    :raise P7mError: it is something else.
    """
    if is_pdf(content):
        raise P7mError('signed_pdf' if b'/ByteRange' in content else 'unsigned_pdf')
    if content.startswith(b'PK\x03\x04'):
        raise P7mError('asic')
    if not _is_binary(content):
        raise P7mError('not_signed')
    try:
        kind = cms.read_kind(content)
        if kind != cms.SIGNED_DATA:
            raise P7mError(OTHER_KINDS.get(kind, 'not_signed'))
        message = cms.read_signed_data(content)
    except ber.Malformed as error:
        if _is_mangled(content):
            raise P7mError('mangled') from None
        raise P7mError(next(code for kind, code in MALFORMATIONS.items() if isinstance(error, kind))) from None
    if len(content[message.stop:].strip(WHITE_SPACE + b'\0\x1a')) > MAX_TAIL:
        raise P7mError('trailing_data')
    if not message.signers:
        raise P7mError('no_signature')
    if message.content is None:
        raise P7mError('detached')
    return message


def _is_mangled(content):
    """Tell whether a damaged message was carried as if it were text: no binary file is UTF-8, or has CR before each LF.
    """
    try:
        content.decode()
    except UnicodeDecodeError:
        lines = content.count(b'\n')
        return lines > 3 and lines == content.count(b'\r\n')
    return True

"""Taking a file out of its armour, of the e-mail that brought it, and of its signed messages."""
from typing import NamedTuple

from . import ber, cms
from .beginnings import UTF8_MARK, WHITE_SPACE, is_binary, is_pdf, is_signed_message
from .findings import P7mError

MAX_SIZE = 20 * 1024 * 1024  # bytes
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
# What names the content of a time stamp (RFC 3161, 2.4.2), and where it stands
TIME_STAMP, TIME_STAMP_PLACE = bytes.fromhex('060b2a864886f70d0109100104'), 256
# Findings after which a signed message is looked for in the middle of the file
UNKNOWN = ('not_signed', 'unsigned_pdf', 'signed_pdf', 'mangled', 'truncated', 'damaged', 'certificate_file')
NOTHING = b'\0' + UTF8_MARK + b'\xff\xfe'  # bytes that say nothing, as white space does


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
    if not content.strip(WHITE_SPACE + NOTHING):
        raise P7mError('empty')
    message = content if is_binary(content) else _wrappings().take_off(content)
    try:
        opened = _open_layers(message)
    except P7mError as error:
        message = None if error.code not in UNKNOWN or is_pdf(message) else _wrappings().dig(content)
        if message is None:
            raise
        opened = _open_layers(message)
    if is_pdf(opened.document):
        return opened
    try:  # an e-mail that is signed as a whole, and may have the file attached
        attached = _wrappings().take_from_mail(opened.document)
        return _open_layers(attached) if attached else opened
    except P7mError as error:
        if error.code not in ('mail_without_file', 'detached'):
            raise
    return opened


def _wrappings():
    """Return what takes off wrappings: a plain signed message is judged sooner without it."""
    from . import wrappings  # noqa: PLC0415 - takes a while and is rarely needed
    return wrappings


def _open_layers(message):
    """Open a signed message, and those in it."""
    document, layers, signers = message, [], 0
    while not layers or is_signed_message(document):
        if len(layers) == MAX_LEVELS:
            raise P7mError('too_nested', levels=str(MAX_LEVELS))
        layers.append(_open_message(document))
        signers += len(layers[-1].signers)
        if signers > cms.MAX_SIGNERS:
            raise P7mError('too_complex')
        document = bytes(layers[-1].content)
        inner = document if is_pdf(document) else _wrappings().unarmour(document)
        document = inner if is_signed_message(inner) else document
    return Opened(message[:layers[0].stop], layers, document)


def _open_message(content):
    """Read a signed message that must be whole and hold its content.

    :rtype: cms.SignedData
    :raise P7mError: it is something else.
    """
    if is_pdf(content):
        raise P7mError('signed_pdf' if b'/ByteRange' in content else 'unsigned_pdf')
    if not is_binary(content):
        raise _wrappings().name_other(content)
    try:
        kind = cms.read_kind(content)
        if kind != cms.SIGNED_DATA:
            raise P7mError(OTHER_KINDS.get(kind, 'not_signed'))
        message = cms.read_signed_data(content)
    except ber.Malformed as error:
        raise _wrappings().name_damaged(content, error) from None
    if len(content[message.stop:].strip(WHITE_SPACE + b'\0\x1a')) > MAX_TAIL:
        raise P7mError('trailing_data')
    if not message.signers:  # certificates alone (.p7b, .p7c), or a document alone
        raise P7mError('certificate_file' if message.content is None else 'no_signature')
    if message.content is None:
        raise P7mError('detached')
    if TIME_STAMP in content[:TIME_STAMP_PLACE]:
        raise P7mError('time_stamp')
    return message

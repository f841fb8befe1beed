"""Taking a file out of its armour, of the e-mail that brought it, and of its signed messages."""
from typing import NamedTuple

from . import armour, ber, cms, digging, kinds, mail
from .armour import UTF8_MARK, WHITE_SPACE
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


# What names the content of a time stamp (RFC 3161, 2.4.2), and where it stands
TIME_STAMP, TIME_STAMP_PLACE = bytes.fromhex('060b2a864886f70d0109100104'), 256
# Findings after which a signed message is looked for in the middle of the file
UNKNOWN = ('not_signed', 'unsigned_pdf', 'signed_pdf', 'mangled', 'truncated', 'damaged', 'certificate_file')
ATTACHED = {'archive': None, 'outlook_mail': None, 'asic': 'ZIP'}  # in an e-mail: what may hold the signed file
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
    message = _unarmour(content)
    text = mail.mend_lines(armour.plain(message))
    if mail.is_mail(text):
        message = _take_from_mail(text)
    try:
        opened = _open_layers(message)
    except P7mError as error:
        message = None if error.code not in UNKNOWN or is_pdf(message) else _dig(content)
        if message is None:
            raise
        opened = _open_layers(message)
    if mail.is_mail(opened.document):  # an e-mail that is signed as a whole, and may have the file attached
        try:
            return _open_layers(_take_from_mail(opened.document))
        except P7mError as error:
            if error.code not in ('mail_without_file', 'detached'):
                raise
    return opened


def _dig(content):
    """Return the signed message in the middle of a file, None when there is none.

    :raise P7mError: there are several.
    """
    if _is_binary(content):
        return None
    found = digging.dig(content)
    whole = [message for message in found if _is_signed_message(message)]
    if len(whole) > 1:
        raise P7mError('several_files')
    return next(iter([*whole, *found]), None)


def _open_layers(message):
    """Open a signed message, and those in it."""
    document, layers, signers = message, [], 0
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
        peeled = None if _is_binary(content) or is_pdf(content) else armour.peel(content)
        if peeled is None:
            break
        content = peeled
    return content


def _take_from_mail(content):
    """Return the signed file in an e-mail.

    :raise P7mError: there is none, or several.
    """
    try:
        parts = mail.read(content)
    except ber.TooMuch:
        raise P7mError('too_complex') from None
    signed, called = {}, []
    for part in parts:
        file = b'' if part.is_signature else _unarmour(part.content)
        if _is_signed_message(file):
            signed[file] = True
        elif part.is_called_signed and file:
            called.append(file)
    if len(signed) > 1:
        raise P7mError('several_files')
    if not signed and not called:
        raise _name_mail(content, parts)
    # What only calls itself a signed file is judged all the same: what is wrong with it is found out.
    return next(iter([*signed, *called]))


def _name_mail(content, parts):
    """Return the error of an e-mail without a signed file."""
    if mail.is_web_page(content):
        return P7mError('web_page')
    for part in parts:
        code, values = kinds.recognise(part.content)
        if code in ATTACHED:
            return P7mError('archive_attached', kind=ATTACHED[code] or values['kind'])
    # A signed file as S/MIME text, which nobody has sent, with the signature beside it.
    is_beside = any(part.is_signature for part in parts) and not mail.has_sender(content)
    return P7mError('detached' if is_beside else 'mail_without_file')


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
    if not _is_binary(content):
        code, values = kinds.recognise(content)
        raise P7mError(code, **values)
    try:
        kind = cms.read_kind(content)
        if kind != cms.SIGNED_DATA:
            raise P7mError(OTHER_KINDS.get(kind, 'not_signed'))
        message = cms.read_signed_data(content)
    except ber.Malformed as error:
        if _is_mangled(content):
            raise P7mError('mangled') from None
        code = kinds.recognise_encoded(content)
        if code:
            raise P7mError(code) from None
        raise P7mError(next(code for kind, code in MALFORMATIONS.items() if isinstance(error, kind))) from None
    if len(content[message.stop:].strip(WHITE_SPACE + b'\0\x1a')) > MAX_TAIL:
        raise P7mError('trailing_data')
    if not message.signers:  # certificates alone (.p7b, .p7c), or a document alone
        raise P7mError('certificate_file' if message.content is None else 'no_signature')
    if message.content is None:
        raise P7mError('detached')
    if TIME_STAMP in content[:TIME_STAMP_PLACE]:
        raise P7mError('time_stamp')
    return message


def _is_mangled(content):
    """Tell whether a damaged message was carried as if it were text: no binary file is UTF-8, or has CR before each LF.
    """
    if kinds.is_mangled(content):
        return True
    try:
        content.decode()
    except UnicodeDecodeError:
        lines = content.count(b'\n')
        return lines > 3 and lines == content.count(b'\r\n')
    return True

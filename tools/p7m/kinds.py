"""What a file is that is no signed message: people pick the wrong one, and each has its own way out."""
import re

from ..pattern import Pattern
from . import armour, ber, certificate

# What a file begins with: where, the bytes, code of the finding, and how people know such a file.
SIGNS = (
    (0, b'Rar!\x1a\x07', 'archive', 'RAR'),
    (0, b'7z\xbc\xaf\x27\x1c', 'archive', '7z'),
    (0, b'\x1f\x8b\x08', 'archive', 'gzip'),
    (0, b'BZh', 'archive', 'bzip2'),
    (0, b'\xfd7zXZ\0', 'archive', 'xz'),
    (0, b'MSCF\0\0\0\0', 'archive', 'CAB'),
    (0, b'\x28\xb5\x2f\xfd', 'archive', 'Zstandard'),
    (0, b'LZIP\x01', 'archive', 'lzip'),
    (0, b'\x1f\x9d', 'archive', '.Z'),
    (0, b'\x60\xea', 'archive', 'ARJ'),
    (2, b'-lh', 'archive', 'LZH'),
    (7, b'**ACE**', 'archive', 'ACE'),
    (257, b'ustar', 'archive', 'tar'),
    (0x8001, b'CD001', 'archive', 'ISO'),
    (0, b'PK\x05\x06', 'asic', None),  # an empty zip, and one that was divided
    (0, b'PK\x07\x08', 'asic', None),
    (0, b'PK00PK', 'asic', None),
    (0, b'\xff\xd8\xff', 'picture', 'JPEG'),
    (0, b'\x89PNG\r\n\x1a\n', 'picture', 'PNG'),
    (0, b'GIF8', 'picture', 'GIF'),
    (0, b'II*\0', 'picture', 'TIFF'),
    (0, b'MM\0*', 'picture', 'TIFF'),
    (0, b'II+\0', 'picture', 'TIFF'),
    (0, b'MM\0+', 'picture', 'TIFF'),
    (0, b'\0\0\0\x0cjP  ', 'picture', 'JPEG 2000'),
    (0, b'8BPS', 'picture', 'Photoshop'),
    (0, b'AT&TFORM', 'picture', 'DjVu'),
    (40, b' EMF', 'picture', 'EMF'),
    (0, b'\xd7\xcd\xc6\x9a', 'picture', 'WMF'),
    (8, b'WEBP', 'picture', 'WebP'),
    (4, b'ftyphei', 'picture', 'HEIC'),
    (4, b'ftyphev', 'picture', 'HEIC'),
    (4, b'ftypmif1', 'picture', 'HEIC'),
    (4, b'ftypmsf1', 'picture', 'HEIC'),
    (4, b'ftypavif', 'picture', 'AVIF'),
    (0, b'\x78\x9f\x3e\x22', 'outlook_mail', 'winmail.dat'),
    (0, b'L\0\0\0\x01\x14\x02\0', 'shortcut', '.lnk'),
    (0, b'book\0\0\0\0mark', 'shortcut', 'alias'),
)
BITMAP = Pattern(rb'BM.{4}\0{4}', re.DOTALL)
# What a text is, by what it begins with, white space and capitals apart.
TEXTS = tuple((Pattern(sign, re.IGNORECASE | re.DOTALL), code, kind) for sign, code, kind in (
    (rb'\{\\rtf', 'office_document', 'RTF'),
    (rb'(?:\[DEFAULT\].{0,2000}?)?\[InternetShortcut\]', 'shortcut', '.url'),
    (rb'\[\{000214A0-0000-0000-C000-000000000046\}\]', 'shortcut', '.url'),
    (rb'\[Desktop Entry\]', 'shortcut', '.desktop'),
    (rb'bplist00.{0,4000}?WebMainResource', 'web_page', None),
    (rb'bplist00.{0,200}?URL', 'shortcut', '.webloc'),
    (rb'\{[^{}]{0,2000}"doc_id"', 'shortcut', 'Google Drive'),
))
# The same of XML, by what its first element is or holds at once.
ELEMENTS = tuple((Pattern(sign, re.IGNORECASE | re.DOTALL), code, kind) for sign, code, kind in (
    (rb'<plist.{0,2000}?<key>URL</key>', 'shortcut', '.webloc'),
    (rb'<svg[\s>]', 'picture', 'SVG'),
    (rb'<(?:w:wordDocument|pkg:package|office:document|Workbook)[\s>]', 'office_document', 'XML'),
    (rb'<Error(?:\s[^>]{0,500})?>\s{0,99}<Code>', 'web_page', None),  # of cloud storages
))
OLE = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'  # Word, Excel and Outlook before XML
OUTLOOK = '__substg1.0_'.encode('utf-16-le')  # names of its streams, in the directory wherever that is
ZIP = b'PK\x03\x04'
ZIP_HEADER = 30  # bytes before the name of the first file
ZIP_END, ZIP_END_PLACE = b'PK\x05\x06', 0xFFFF + 22
ZIP64_END, ZIP64_PLACE = b'PK\x06\x06', 56 + 20  # bytes before the other end
ELSEWHERE = 0xFFFFFFFF  # a size that stands in ZIP64
# What a zip that is a document has among its names, or says as its first file when that is stored as it is.
ZIPPED = (
    ((b'[Content_Types].xml',), 'Office'), ((b'xl/workbook.xml',), 'Office'), ((b'_rels/.rels',), 'Office'),
    ((b'META-INF/manifest.xml', b'content.xml'), 'OpenDocument'), ((b'mimetype', b'content.xml'), 'OpenDocument'),
    ((b'Index/Document.iwa',), 'Pages'),
)
MIME_KINDS = ((b'mimetypeapplication/vnd.oasis.opendocument', 'OpenDocument'), (b'mimetypeapplication/epub', 'EPUB'))
CONTAINER = b'mimetypeapplication/vnd.etsi.asic'
MARKUP = Pattern(rb'(?:\s{1,1000}|<!--.{0,20000}?-->|<!\[.{0,200}?\]>|<\?.{0,200}?\?>){0,99}', re.DOTALL)
DOCTYPE = Pattern(rb'<!doctype\s[^>]{0,1000}>\s{0,1000}', re.IGNORECASE)
WEB_PAGE = Pattern(
    rb'<!doctype\s{1,9}html|<(?:html|head|body|title|meta|script|noscript|style|link|div|table|center|form|h[1-6]|p|br'
    rb'|pre|span|iframe|frameset|font)[\s/>]', re.IGNORECASE)
# XAdES and XMLDSig (ETSI EN 319 132-1)
XML_SIGNATURE = b'http://www.w3.org/2000/09/xmldsig#'


# A signed message that was carried as if it were text: bytes above 127 became others, some were left out.
MANGLED = Pattern(rb'0[^*]{0,12}\*[^H]{0,3}H[^\r\n\x01]{0,6}[\r\n]{0,2}\x01\x07\x02')
MANGLED_PLACE, SIGNED_DATA = 40, bytes.fromhex('2a864886f70d010702')
# What else is encoded as signed messages are (X.690), by the tags of its elements.
TAGS = (
    ((ber.INTEGER, ber.SEQUENCE), 'certificate_file'),  # a key, alone (PKCS #8) or with its certificates (PKCS #12)
    ((ber.INTEGER, ber.OCTET_STRING), 'certificate_file'),  # a key on an elliptic curve
    ((ber.SEQUENCE, ber.OCTET_STRING), 'certificate_file'),  # a key with a password
    ((ber.INTEGER,) * 9, 'certificate_file'),  # a key of RSA alone
    ((ber.SEQUENCE, ber.SEQUENCE, ber.BIT_STRING), 'certificate_file'),  # a certificate, a list, or a request for one
)


def recognise(content):
    """Say what a file is that is no signed message.

    :param bytes content: the file, without armour.
    :return: ``(code of the finding, its values)``; the code ``not_signed`` when nothing is known of such a file.
    """
    for place, sign, code, kind in SIGNS:
        if content.startswith(sign, place):
            return code, {'kind': kind} if kind else {}
    if BITMAP.match(content):
        return 'picture', {'kind': 'BMP'}
    if content.startswith(ZIP):
        kind = _zipped(content)
        return ('office_document', {'kind': kind}) if kind else ('asic', {})
    if content.startswith(OLE):
        return ('outlook_mail', {'kind': '.msg'}) if OUTLOOK in content else ('office_document', {'kind': 'Office'})
    text = armour.plain(content)
    if is_mangled(content) or is_mangled(text):
        return 'mangled', {}
    # What begins with a "0" was a signed message, perhaps.
    if b'%PDF-' in content[:1024] and not content.startswith(b'0'):
        return ('signed_pdf' if b'/ByteRange' in content else 'unsigned_pdf'), {}
    return _recognise_text(text)


def is_document(content):
    """Tell whether a zip is one document, which is not opened as a zip: of an office program, or signed as ASiC."""
    return bool(_zipped(content)) or content.startswith(CONTAINER, ZIP_HEADER)


def is_mangled(content):
    """Tell whether some bytes began as a signed message does, before they were carried as if they were text."""
    return SIGNED_DATA not in content[:MANGLED_PLACE] and bool(MANGLED.match(content, 0, MANGLED_PLACE))


def recognise_encoded(content):
    """Say what a file is that is encoded as signed messages are, and is none.

    :return: the code of the finding; None when nothing is known of such a file.
    """
    try:
        fields = ber.children(ber.parse(content), most=certificate.MAX_FIELDS)
        tags = tuple(field.tag for field in fields)
        if tags[:1] == (ber.SEQUENCE,) and ber.children(fields[0])[0].tag == ber.INTEGER and tags[1:] in (
                (), (ber.SEQUENCE,)):
            return 'time_stamp'  # the answer of an authority (RFC 3161, 2.4.2)
    except (ber.Malformed, IndexError):
        return None
    return next((code for known, code in TAGS if tags[:len(known)] == known), None)


def _zipped(content):
    """Return how people know the document that a zip is, from the names of its files; None when it is none."""
    for sign, kind in MIME_KINDS:
        if content.startswith(sign, ZIP_HEADER):
            return kind
    directory = _zip_directory(content)
    return next((kind for names, kind in ZIPPED if all(
        name in directory or content.startswith(name, ZIP_HEADER) for name in names)), None)


def _zip_directory(content):
    """Return the directory of a zip as it is, b'' when it is not where it says."""
    end = content.rfind(ZIP_END, max(0, len(content) - ZIP_END_PLACE))
    size = int.from_bytes(content[end + 12:end + 16], 'little')
    if size == ELSEWHERE and content.startswith(ZIP64_END, max(0, end - ZIP64_PLACE)):
        end -= ZIP64_PLACE
        size = int.from_bytes(content[end + 40:end + 48], 'little')
    return content[end - size:end] if 0 <= size <= end else b''


def _recognise_text(text):
    """Say what a text is, which may be HTML or XML."""
    start = MARKUP.match(text).end()
    for sign, code, kind in TEXTS:
        if sign.match(text, start):
            return code, {'kind': kind} if kind else {}
    if text[start:start + 1] == b'<' and XML_SIGNATURE in text:
        return 'xades', {}
    if WEB_PAGE.match(text, start):
        return 'web_page', {}
    doctype = DOCTYPE.match(text, start)
    start = MARKUP.match(text, doctype.end()).end() if doctype else start
    for sign, code, kind in ELEMENTS:
        if sign.match(text, start):
            return code, {'kind': kind} if kind else {}
    return 'not_signed', {}

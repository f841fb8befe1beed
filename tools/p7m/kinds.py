"""What a file is that is no signed message: people pick the wrong one, and each has its own way out."""
import re

from . import armour

# What a file begins with: where, the bytes, code of the finding, and how people know such a file.
SIGNS = (
    (0, b'Rar!\x1a\x07', 'archive', 'RAR'),
    (0, b'7z\xbc\xaf\x27\x1c', 'archive', '7z'),
    (0, b'\x1f\x8b\x08', 'archive', 'gzip'),
    (0, b'BZh', 'archive', 'bzip2'),
    (0, b'\xfd7zXZ\0', 'archive', 'xz'),
    (0, b'MSCF\0\0\0\0', 'archive', 'CAB'),
    (257, b'ustar', 'archive', 'tar'),
    (0, b'\xff\xd8\xff', 'picture', 'JPEG'),
    (0, b'\x89PNG\r\n\x1a\n', 'picture', 'PNG'),
    (0, b'GIF8', 'picture', 'GIF'),
    (0, b'II*\0', 'picture', 'TIFF'),
    (0, b'MM\0*', 'picture', 'TIFF'),
    (8, b'WEBP', 'picture', 'WebP'),
    (4, b'ftyphei', 'picture', 'HEIC'),
    (4, b'ftyphev', 'picture', 'HEIC'),
    (4, b'ftypmif1', 'picture', 'HEIC'),
    (4, b'ftypavif', 'picture', 'AVIF'),
    (0, b'{\\rtf', 'office_document', 'RTF'),
    (0, b'\x78\x9f\x3e\x22', 'outlook_mail', 'winmail.dat'),
    (0, b'L\0\0\0\x01\x14\x02\0', 'shortcut', '.lnk'),
    (0, b'[InternetShortcut]', 'shortcut', '.url'),
    (0, b'[{000214A0-0000-0000-C000-000000000046}]', 'shortcut', '.url'),
)
OLE = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'  # Word, Excel and Outlook before XML
OUTLOOK = '__substg1.0_'.encode('utf-16-le')  # names of its streams, in the directory wherever that is
ZIP = b'PK\x03\x04'
ZIP_HEADER = 30  # bytes before the name of the first file
# What the first file of a zip that is a document begins with: its name, and what it says when it is stored as it is.
ZIPPED = {
    b'[Content_Types].xml': 'Office', b'_rels/.rels': 'Office', b'docProps/': 'Office',
    b'mimetypeapplication/vnd.oasis.opendocument': 'OpenDocument',
}
MARKUP = re.compile(rb'(?:\s{1,100}|<!--.{0,1000}?-->|<\?.{0,200}?\?>){0,9}', re.DOTALL)
WEB_PAGE = re.compile(rb'<!doctype\s{1,9}html|<(?:html|head|body|title|meta)[\s>]', re.IGNORECASE)
# XAdES and XMLDSig (ETSI EN 319 132-1)
XML_SIGNATURE = b'http://www.w3.org/2000/09/xmldsig#'


def recognise(content):
    """Say what a file is that is no signed message.

    :param bytes content: the file, without armour.
    :return: ``(code of the finding, its values)``; the code ``not_signed`` when nothing is known of such a file.
    """
    for place, sign, code, kind in SIGNS:
        if content.startswith(sign, place):
            return code, {'kind': kind}
    if content.startswith(ZIP):
        kinds = [kind for sign, kind in ZIPPED.items() if content.startswith(sign, ZIP_HEADER)]
        return ('office_document', {'kind': kinds[0]}) if kinds else ('asic', {})
    if content.startswith(OLE):
        return ('outlook_mail', {'kind': '.msg'}) if OUTLOOK in content else ('office_document', {'kind': 'Office'})
    # What begins with a "0" was a signed message, perhaps.
    if b'%PDF-' in content[:1024] and not content.startswith(b'0'):
        return ('signed_pdf' if b'/ByteRange' in content else 'unsigned_pdf'), {}
    return _marked_up(armour.plain(content))


def _marked_up(text):
    """Say what a text is that may be HTML or XML."""
    start = MARKUP.match(text).end()
    if WEB_PAGE.match(text, start):
        return 'web_page', {}
    if text[start:start + 1] == b'<' and XML_SIGNATURE in text:
        return 'xades', {}
    return 'not_signed', {}

"""Signed files in the middle of something else, and other files that people take for them."""
import base64
import json
import quopri

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools.p7m import digging, kinds

import p7m_files as files
from p7m_files import ANNA, MARIO, PDF, der, identity, integer, oid, sign

from .test_p7m import Case, P7mCase, broken, people
from .test_p7m_hostile import MEGABYTE, memory_bound, processor_time, seconds_bound
from .test_p7m_wrapped import JPEG, by_hand, letter, zipped

FORM = b'------WebKitFormBoundaryABC'
HEADER = b'MIIAAAYJKoZIhvcNAQcC'


def dug(_openssl):
    """Signed messages with something around them."""
    mario, anna = people()
    signed = sign(mario)
    once, url, lines = base64.b64encode(signed), base64.urlsafe_b64encode(signed), base64.encodebytes(signed)
    text, pem, kind = once.decode(), files.pem(signed), 'application/pkcs7-mime'
    certificate = files.pem(mario.certificate, 'CERTIFICATE')
    mail = bytes(letter(('procura.pdf.p7m', kind, signed)))
    other = base64.b64encode(sign(anna, PDF + b'x')).decode()
    return {
        'JSON': Case(json.dumps({'name': 'procura.pdf.p7m', 'content': text}).encode()),
        'JSON, alphabet of addresses': Case(b'{"file":"' + url.rstrip(b'=') + b'","size":"9"}'),
        'JSON, in lines': Case(json.dumps({'a': [{'b': lines.decode().replace('\n', '\r\n')}]}).encode()),
        'JSON of a data URL': Case(json.dumps({'a': {'b': f'data:{kind};base64,{text}'}}).encode()),
        'JSON of PEM': Case(json.dumps({'a': pem.decode()}).encode()),
        'JSON of an e-mail': Case(json.dumps(mail.decode()).encode()),
        'JSON, escaped': Case(json.dumps([text]).replace('+', '\\u002b').replace('/', '\\u002f').encode()),
        'Python': Case(repr(lines).encode()),
        'XML': Case(b'<?xml version="1.0"?><file><content>' + lines + b'</content></file>'),
        'XML, as it is': Case(b'<a><![CDATA[' + once + b']]></a>'),
        'entities': Case(text.replace('+', '&#43;').replace('/', '&#x2F;').replace('=', '&#61;').encode()),
        'named entities': Case(text.replace('+', '&plus;').replace('/', '&sol;').replace('=', '&equals;').encode()),
        'lines of HTML': Case(lines.replace(b'\n', b'<br/>\n')),
        'a data URL with a comma in a name': Case(b'data:%s;name="a, b.p7m";base64,' % kind.encode() + once),
        'a data URL with a long name': Case(b'data:%s;name=%s;base64,' % (kind.encode(), b'x' * 300) + once),
        'a data URL with a space': Case(b'data:%s; base64,' % kind.encode() + once),
        'a style': Case(b'url(data:%s;base64,' % kind.encode() + once + b')'),
        'quoted-printable': Case(quopri.encodestring(once)),
        'quoted-printable, alphabet of addresses': Case(quopri.encodestring(url)),
        'quoted in a reply': Case(b'Scriveva:\n\n' + b''.join(b'> ' + line for line in lines.splitlines(True))),
        'fields of a part': Case(
            b'Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.p7m\n\n' + lines),
        'a field of a form': Case(b'file=' + once.replace(b'+', b'%2B').replace(b'/', b'%2F').replace(b'=', b'%3D')),
        'a cell': Case(b'"procura";"' + once + b'";"x"'),
        'a mark read wrongly': Case('ï»¿'.encode() + once),
        'a full stop behind': Case(once + b'.'),
        'lines that a program broke': Case(once[:99] + '\u2028'.encode() + once[99:500] + '\xad'.encode() + once[500:]),
        'PEM with fields': Case(pem.replace(b'-----\n', b'-----\nComment: procura\n\n', 1)),
        'PEM far behind': Case(b'Issuer: CN=Prova\n' * 400 + pem),
        'PEM behind a certificate': Case(certificate + pem),
        'PEM before a certificate': Case(pem + certificate),
        'hexadecimal': Case(signed.hex().encode()),
        'hexadecimal of a database': Case(b'\\x' + signed.hex().upper().encode() + b'\n'),
        'UTF-16': Case(json.dumps({'content': text}).encode().decode().encode('utf-16')),
        'UTF-16 of each byte': Case(signed.decode('latin-1').encode('utf-16')),
        'a mark before it': Case(b'\xef\xbb\xbf' + signed),
        'lines before it': Case(b'\r\n\r\n' + signed),
        'an answer of HTTP': Case(b'HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n' % kind.encode() + signed),
        'a form': Case(
            FORM + b'\r\nContent-Disposition: form-data; name="a"; filename="a.p7m"\r\n\r\n' + signed + b'\r\n' + FORM
            + b'\r\nContent-Disposition: form-data; name="b"\r\n\r\n' + b'1' * 99 + b'\r\n' + FORM + b'--\r\n'),
        'MacBinary': Case(b'\0\x0fprocura.pdf.p7m'.ljust(128, b'\0') + signed + bytes(-len(signed) % 128)),
        'an indefinite length': Case(b'{"a": "' + base64.b64encode(
            files.endless(0x30, *files.inside(signed))) + b'", "b": "c"}'),
        'lines of old systems': Case(mail.replace(b'\n', b'\r')),
        'a CR too many': Case(mail.replace(b'\n', b'\r\r\n')),
        'a mail of Apple': Case(b'%d      \n' % len(mail) + mail + b'<?xml version="1.0"?><plist version="1.0"/>\n'),
        'a mail with an odd field': Case(b'X_Spam.Score: 0\r\n' + mail),
        'a mail of many fields': Case(b''.join(b'X-A: %s\r\n' % (b'a' * 900) for _field in range(100)) + mail),
        # what is wrong with it is told
        'JSON, cut off': Case(b'{"a":"' + once[:-400] + b'"}', 'truncated'),
        'JSON, changed': Case(b'{"a":"' + base64.b64encode(broken(signed)) + b'"}', 'tampered other_document'),
        'JSON, two': Case(json.dumps([text, other]).encode(), 'several_files'),
        'JSON, the same twice': Case(json.dumps([text, text]).encode()),
        'JSON of a PDF': Case(json.dumps({'a': base64.b64encode(PDF).decode()}).encode(), 'not_signed'),
        'JSON of a certificate': Case(
            json.dumps({'a': base64.b64encode(mario.certificate).decode()}).encode(), 'not_signed'),
        'a time stamp around it': Case(
            base64.b64encode(der(0x30, oid(files.TIME_STAMPED_DATA), der(0xA0, der(0x30, integer(1), der(4, signed))))),
            'time_stamped'),
        'a PDF that shows it': Case(PDF + once, 'unsigned_pdf'),
    }


def named(openssl):
    """Files that hold no signed message, by what they are."""
    mario, _anna = people()
    signed = sign(mario)
    detached = openssl.sign(mario, options='-cades -binary')
    stamp = der(0x30, oid(files.SIGNED_DATA), der(0xA0, der(
        0x30, integer(3), der(0x31), der(0x30, oid('1.2.840.113549.1.9.16.1.4'), der(0xA0, der(4, b'1'))),
        der(0xA0, mario.certificate), der(0x31, files.signer_info(mario, b'1')))))
    cases = {
        'certificate_file': {
            'a certificate': mario.certificate, 'as text': files.pem(mario.certificate, 'CERTIFICATE'),
            'certificates alone (.p7c)': files.message([], [mario.certificate], octets=b''),
            'a key': der(0x30, integer(0), der(0x30, oid(files.RSA_ENCRYPTION)), der(4, bytes(600))),
            'a key with a password': der(0x30, der(0x30, oid('1.2.840.113549.1.5.13')), der(4, bytes(600))),
            'a key and its certificate (.pfx)': der(
                0x30, integer(3), der(0x30, oid(files.DATA), der(0xA0, der(4, bytes(600)))), der(0x30, bytes(9))),
        },
        'time_stamp': {
            'an answer (.tsr)': der(0x30, der(0x30, integer(0)), stamp), 'the stamp alone': stamp,
            'in base64': base64.b64encode(der(0x30, der(0x30, integer(0)), stamp)),
        },
        'detached': {'.p7s': detached, '.p7s as text': files.pem(detached, 'PKCS #7 SIGNED DATA')},
        'mangled': {
            'bytes left out': signed.decode('utf-8', 'ignore').encode(),
            'bytes become question marks': signed.decode('ascii', 'replace').encode('ascii', 'replace'),
            'seven bits': bytes(byte & 0x7F for byte in signed), 'CR left out': signed.replace(b'\r', b''),
            'a redirection of Windows': signed.decode('cp850').encode('utf-16'),
        },
        'archive': {
            'LZH': b'\x22\x50-lh5-' + bytes(50), 'ARJ': b'\x60\xea' + bytes(50), '.Z': b'\x1f\x9d\x90' + bytes(50),
            'ACE': bytes(7) + b'**ACE**' + bytes(50), 'ISO': bytes(0x8001) + b'CD001' + bytes(99),
            'Zstandard': b'\x28\xb5\x2f\xfd' + bytes(50),
        },
        'asic': {'an empty zip': zipped(), 'a divided zip': b'PK\7\x08' + zipped(('a.p7m', signed)),
                 'ASiC-S': zipped(('mimetype', b'application/vnd.etsi.asic-s+zip'), ('META-INF/signature.p7s', signed)),
                 'a zip of a folder': zipped(('x/', b''), ('x/a.p7m', signed))},
        'picture': {
            'BMP': b'BM\x36\x10\0\0\0\0\0\0\x36\0\0\0' + bytes(50), 'BigTIFF': b'II+\0\x08\0\0\0',
            'a burst of HEIC': b'\0\0\0\x18ftypmsf1', 'JPEG 2000': b'\0\0\0\x0cjP  \r\n\x87\n',
            'Photoshop': b'8BPS\0\1',
            'SVG': b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "a" "b"><svg xmlns="http://www.w3.org/2000/svg"/>',
        },
        'office_document': {
            'Word of another program': zipped(
                ('word/numbering.xml', b''), ('word/document.xml', b''), ('[Content_Types].xml', b'')),
            'Excel of another program': zipped(('docProps/app.xml', b''), ('xl/workbook.xml', b'')),
            'OpenDocument in another order': zipped(
                ('content.xml', b''), ('mimetype', b'x'), ('META-INF/manifest.xml', b'')),
            'Pages': zipped(('Index/Document.iwa', b'')), 'RTF with a mark': b'\xef\xbb\xbf{\\rtf1}',
            'Word in XML': b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument a="b">',
        },
        'web_page': {
            str(part): part for part in (
                b'<div class="login">', b'<script>location="/login"</script>', b'<table ><tr>', b'<h1>403</h1>',
                b'<p>Sessione scaduta</p>', b'<form action="/login">', b'<br />\n<b>Warning</b>: session',
                b'<!--' + b'x' * 3000 + b'--><html>', b'<!--[if lt IE 7]><html><![endif]--><html>',
                b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>',
                b'bplist00\xd1\1\2_\x10\x0fWebMainResource',
                b'From: "Salvato da Windows Internet Explorer 11"\r\n' + by_hand((b'Content-Type: text/html', b'<p>')))
        },
        'shortcut': {
            '.webloc': b'<?xml version="1.0"?><!DOCTYPE plist PUBLIC "a" "b"><plist><dict><key>URL</key></dict>',
            '.webloc, binary': b'bplist00\xd1\1\2SURL', '.desktop': b'[Desktop Entry]\nType=Link\n',
            'with a mark': b'\xef\xbb\xbf[InternetShortcut]\nURL=x', 'of macOS': b'book\0\0\0\0mark' + bytes(50),
            'of a page in a frame': b'[DEFAULT]\r\nBASEURL=x\r\n[InternetShortcut]\r\nURL=x\r\n',
            'of Google': b'{"url":"https://docs.google.com/open?id=1","doc_id":"1"}',
        },
        'empty': {'a mark': b'\xef\xbb\xbf', 'a mark of UTF-16': b'\xff\xfe', 'erased': b'\xff' * 500},
        'archive_attached': {
            f'attached: {name}': bytes(letter((name, 'application/octet-stream', content))) for name, content in {
                'a.zip': zipped(('a.p7m', signed)), 'a.rar': b'Rar!\x1a\x07\x00' + signed,
                'winmail.dat': b'\x78\x9f\x3e\x22\x01\x00\x01' + signed}.items()},
        'mail_without_file': {
            'a picture attached': bytes(letter(('a.jpg', 'image/jpeg', JPEG))),
            'a table attached': bytes(letter(('a.xlsx', 'application/zip', zipped(('[Content_Types].xml', b'')))))},
        'not_signed': {
            'an invoice': b'<?xml version="1.0"?><p:FatturaElettronica/>', 'a program': b'MZ\x90\0' + bytes(500),
            'a film': b'\0\0\0\x18ftypmp42', 'an error': b'{"error": "x"}', 'words': b'404 Not Found',
            'XML': b'<a><b/></a>', 'a paragraph of XML': b'<paragraph/>', 'hexadecimal of a PDF': PDF.hex().encode()},
    }
    return {f'{code}: {name}': Case(content, code) for code, table in cases.items() for name, content in table.items()}


TABLES = (dug, named)


def attacks():
    """Yield names and files that are made to keep their reader busy."""
    size = 8 * MEGABYTE
    start = digging.SIGNED_DATA
    yield 'beginnings in base64', (HEADER + b' ') * (size // 21)
    yield 'beginnings that touch', HEADER * (size // 20)
    yield 'beginnings and dashes', (HEADER + b'-----') * (size // 25)
    yield 'what stands for line ends', b'"' + HEADER + b'\\n' * (size // 2 - 99)
    yield 'what stands for plus signs', b'"' + HEADER + b'&#43;' * (size // 5 - 99)
    yield 'signs of quoting', b'"' + HEADER + b'>' * (size - 99)
    yield 'hexadecimal', b'x3080' + start.hex().encode() + b'30' * (size // 2 - 99)
    yield 'elements', b'x0\x80' + start + b'0\x80' * (size // 2 - 99)
    yield 'elements in base64', b'x="' + base64.b64encode(b'0\x80' + start + b'0\x80' * (size // 3)) + b'"'
    yield 'CR alone', b'MIME-Version: 1.0\rContent-Type: multipart/mixed; boundary=a\r\r' + b'--a\r' * (size // 4 - 99)
    yield 'comments', (b'<!--' + b'a' * 19_990 + b'-->') * (size // 20_010)
    yield 'a type of document', b'<!doctype ' + b'a' * (size - 99)
    yield 'ends of zips', b'PK\3\4' + b'PK\5\6' * (size // 4 - 9)
    yield 'data', b'data:' + b'; ' * (size // 2 - 9)


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestP7mDug(P7mCase):

    def test_dug(self):
        self.check(dug)

    def test_named(self):
        self.check(named)

    def test_sentences(self):
        self.assertLessEqual({'certificate_file', 'time_stamp', 'archive_attached'}, self.check_sentences(TABLES))

    def test_message(self):
        """What is sent is the signed message alone, without what was around it."""
        signed = sign(people()[0])
        for content in (
            b'\r\n' + signed + b'\r\n', b'{"a":"' + base64.b64encode(signed) + b'"}', signed.hex().encode(),
            b'HTTP/1.1 200 OK\r\n\r\n' + signed + b'x' * 500,
        ):
            self.assertEqual(self.judge(content).message, signed)

    def test_documents_in_zips(self):
        for content, is_document in (
            (zipped(('word/document.xml', b''), ('[Content_Types].xml', b'')), True),
            (zipped(('mimetype', b'application/vnd.etsi.asic-e+zip')), True), (zipped(('a.p7m', b'')), False),
            (zipped(('a.docx', zipped(('[Content_Types].xml', b'')))), False), (b'PK\3\4', False), (b'', False),
        ):
            self.assertEqual(kinds.is_document(content), is_document)

    def test_persons_of_certificates(self):
        """The code stands where the makers of certificates have put it in the course of time."""
        for names, code in (
            ({'serial_number': f'IT:{MARIO}'}, MARIO), ({'serial_number': f'tinit-{MARIO.lower()}'}, MARIO),
            ({'serial_number': '20201234', 'common_name': f'ROSSI/MARIO/{MARIO}/1234'}, MARIO),
            ({'serial_number': 'VATIT-12345678903'}, None), ({'serial_number': 'PNOFR-1234'}, None),
            ({'serial_number': 'IDCIT-CA00000AA', 'common_name': f'{ANNA}/CA00000AA'}, ANNA),
        ):
            [signer] = self.judge(sign(identity(**names))).signers
            self.assertEqual(signer.fiscal_code, code, names)

    def test_hostile(self):
        for name, content in attacks():
            with self.subTest(name), processor_time() as seconds:
                self.assertEqual(self.judge(content).level, 'refused')
            self.assertLessEqual(seconds[0], seconds_bound(content) / 2, name)
            self.assertLessEqual(len(content), memory_bound(b''))

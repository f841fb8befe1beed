"""Signed files as they come from mails, scripts and storages; files that people upload in their place; identity cards.
"""
import base64
import gzip
import io
import tarfile
import tracemalloc
import zipfile
from email.message import EmailMessage
from email.mime.message import MIMEMessage

from odoo.tests import tagged

from odoo.addons.l10n_it_openapi_pec.tools import p7m
from odoo.addons.l10n_it_openapi_pec.tools.p7m import armour, mail

import p7m_files as files
from p7m_files import ANNA, MARIO, PDF, identity, sign

from .test_p7m import WRAPPED, Case, P7mCase, broken, people
from .test_p7m_hostile import MEGABYTE, memory_bound, processor_time, seconds_bound

JPEG = b'\xff\xd8\xff\xe0\x00\x10JFIF' + bytes(range(256))
CARD_ISSUER = "Sub CA for the Italian Electronic Identity Card - SUBCA001"


# ------------------------------------------------------------ text

def texts(_openssl):
    """Signed messages as text, and what became of the text on its way."""
    mario, _anna = people()
    signed = sign(mario)
    once = base64.b64encode(signed)
    url = base64.urlsafe_b64encode(signed)
    lines = base64.encodebytes(signed)
    text = once.decode()
    pem = files.pem(signed).decode()
    cases = {}
    for rest in range(3):  # the three lengths of padding
        document = PDF + b' ' * rest
        content = sign(mario, document)
        padded = base64.b64encode(content)
        arguments = {'procura': document}
        cases |= {
            f'{rest}: padding lost': Case(padded.rstrip(b'='), arguments=arguments),
            f'{rest}: padding lost, in lines': Case(
                base64.encodebytes(content).replace(b'=', b''), arguments=arguments),
            f'{rest}: one sign of padding too many': Case(padded.rstrip(b'=') + b'===', arguments=arguments),
            f'{rest}: alphabet of addresses, no padding': Case(
                base64.urlsafe_b64encode(content).rstrip(b'='), arguments=arguments),
            f'{rest}: PEM, padding lost': Case(files.pem(content).replace(b'=\n', b'\n').replace(b'=', b''),
                                               arguments=arguments),
            f'{rest}: data URL, padding lost': Case(
                b'data:application/pkcs7-mime;base64,' + padded.rstrip(b'='), arguments=arguments),
        }
    return cases | {
        'alphabet of addresses': Case(url),
        'alphabet of addresses, in lines': Case(b'\r\n'.join(url[at:at + 76] for at in range(0, len(url), 76))),
        'alphabet of addresses, PEM': Case(files.pem(signed).replace(lines, url + b'\n')),
        'both alphabets': Case(once[:400] + url[400:]),
        'data URL': Case(b'data:application/pkcs7-mime;base64,' + once),
        'data URL with a name': Case(b'data:application/octet-stream;name=a.p7m;charset=utf-8;BASE64,' + once),
        'data URL without a kind': Case(b'data:;base64,' + once),
        'data URL in quotes': Case(b'"data:application/x-pkcs7-mime;base64,' + once + b'"\n'),
        'data URL of the alphabet of addresses': Case(b'DATA:application/pkcs7-mime;base64,' + url),
        'data URL, escaped': Case(
            b'data:application/pkcs7-mime;base64,' + once.replace(b'+', b'%2B').replace(b'/', b'%2f')
            .replace(b'=', b'%3D')),
        'data URL of PEM': Case(b'data:;base64,' + base64.b64encode(pem.encode())),
        'a string of JSON': Case(b'"' + once.replace(b'/', b'\\/') + b'"'),
        'a string of JSON, in lines': Case(b'"' + lines.replace(b'\n', b'\\n') + b'"'),
        'escaped': Case(once.replace(b'+', b'%2B').replace(b'/', b'%2F').replace(b'=', b'%3D')),
        'plus signs that became spaces': Case(once.replace(b'+', b' ')),
        'plus signs that became spaces, two together': Case(
            base64.b64encode(sign(mario, PDF + b'\xfb\xef\xbe' * 3)).replace(b'+', b' '), arguments={
                'procura': PDF + b'\xfb\xef\xbe' * 3}),
        'lines that two spaces hold together': Case(lines.strip().replace(b'\n', b'  ')),
        'lines that spaces hold together': Case(lines.strip().replace(b'\n', b' ')),
        'two lines that a space holds together': Case(once[:1000] + b' ' + once[1000:]),
        'pieces with padding of their own': Case(
            b'\n'.join(base64.b64encode(signed[at:at + 100]) for at in range(0, len(signed), 100))),
        'spaces without width': Case(once[:500] + '\u200b\u00a0'.encode() + once[500:]),
        'zeros behind': Case(lines + bytes(9)),
        'UTF-16 of Windows': Case(b'\xff\xfe' + text.encode('utf-16-le')),
        'UTF-16, the other order': Case(b'\xfe\xff' + text.encode('utf-16-be')),
        'UTF-16 without a mark': Case(text.encode('utf-16-le')),
        'UTF-16, the other order without a mark': Case(text.encode('utf-16-be')),
        'UTF-16, PEM': Case(pem.encode('utf-16')),
        'UTF-16, in lines, padding lost': Case(
            b'\xff\xfe' + lines.decode().replace('\n', '\r\n').replace('=', '').encode('utf-16-le')),
        'UTF-16, data URL': Case(('data:application/pkcs7-mime;base64,' + text).encode('utf-16')),
        'UTF-16 in base64': Case(base64.b64encode(text.encode('utf-16'))),
        'a signed message in it, padding lost': Case(sign(mario, once.rstrip(b'='))),
        # what is no signed message
        'cut off': Case(once[:len(once) // 2 + 1], 'truncated'),
        'alphabet of addresses, cut off': Case(url[:-40], 'truncated'),
        'data URL, cut off': Case((b'data:application/pkcs7-mime;base64,' + once)[:-9], 'truncated'),
        'UTF-16, cut off': Case(text.encode('utf-16')[:-99], 'truncated'),
        'changed': Case(base64.urlsafe_b64encode(broken(signed)), 'tampered other_document'),
        'data URL of a PDF': Case(b'data:application/pdf;base64,' + base64.b64encode(PDF), 'unsigned_pdf'),
        'data URL of a picture': Case(b'data:image/jpeg;base64,' + base64.b64encode(JPEG), 'picture'),
        'data URL of nothing': Case(b'data:;base64,', 'not_signed'),
        'data URL of words': Case(b'data:,Procura%20firmata', 'not_signed'),
        'UTF-16 of words': Case('Procura firmata, già spedita'.encode('utf-16'), 'not_signed'),
        'words with dashes': Case(b'procura-firmata_rossi', 'not_signed'),
        'JSON': Case(b'{"error": "session expired", "code": 401}', 'not_signed'),
        'a signature of PGP': Case(
            b'-----BEGIN PGP SIGNATURE-----\nVersion: 1\n\niQEzBAABCAAdFiEE\n-----END PGP SIGNATURE-----\n',
            'not_signed'),
    }


# ------------------------------------------------------------ mails

def letter(*attachments, text="In allegato la procura firmata.", **header):
    """Return an e-mail with attachments: ``(name, kind, content)``, or another e-mail."""
    message = EmailMessage()
    header = {'From': 'mario@example.com', 'To': 'studio@example.com', 'Subject': "Procura", **header}
    for name, value in header.items():
        message[name] = value
    message.set_content(text)
    for attachment in attachments:
        if isinstance(attachment, EmailMessage):
            message.add_attachment(attachment)
        else:
            name, kind, content = attachment
            message.add_attachment(content, *kind.split('/'), filename=name)
    return message


def by_hand(*parts, header=b'', kind=b'multipart/mixed', line_end=b'\r\n'):
    """Return S/MIME text whose parts are given as ``(lines of the header, body)``, the bodies as they are."""
    text = header + b'MIME-Version: 1.0\nContent-Type: %s; boundary="----=_Part_1"\n\n' % kind
    text = text.replace(b'\n', line_end)
    for lines, body in parts:
        text += b'------=_Part_1' + line_end + lines.replace(b'\n', line_end) + line_end + line_end + body + line_end
    return text + b'------=_Part_1--' + line_end


P7M = b'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="procura.pdf.p7m"'
TSR = (b'Content-Type: application/timestamp-reply; name="procura.pdf.tsr"\nContent-Transfer-Encoding: base64',
       base64.b64encode(bytes(99)))
P7S = (b'Content-Type: application/x-pkcs7-signature; name="smime.p7s"\nContent-Transfer-Encoding: base64',
       base64.b64encode(bytes(99)))


def certified(attached, signature):
    """Return an e-mail as providers of PEC deliver it: signed, with the letter attached as a file.

    :param EmailMessage attached: the letter.
    :param bytes signature: the provider's.
    """
    message = EmailMessage()
    message['From'], message['Subject'] = '"Per conto di: a@pec.example" <posta@pec.example>', "POSTA CERTIFICATA"
    message.make_mixed()
    message.attach(MIMEMessage(attached))
    message.add_attachment(b'<postacert tipo="posta-certificata"/>', 'application', 'xml', filename='daticert.xml')
    body = bytes(message).partition(b'MIME-Version')
    return by_hand(
        (b'MIME-Version' + body[2].partition(b'\n\n')[0], body[2].partition(b'\n\n')[2]),
        (P7S[0], base64.encodebytes(signature)), kind=b'multipart/signed; protocol="application/x-pkcs7-signature"',
        header=body[0])


def mails(openssl):
    """E-mails with the signed file in them, or without it, and S/MIME text."""
    mario, anna = people()
    signed, other = sign(mario), sign(anna, PDF + b'x')
    file = ('procura.pdf.p7m', 'application/pkcs7-mime', signed)
    plain = bytes(letter(file))
    detached = openssl.sign(anna, content=b'mail', options='-binary')
    whole = bytes(letter(file)).replace(b'\n', b'\r\n')
    encrypted = openssl.output(
        'cms', '-encrypt', '-aes256', '-binary', '-outform', 'SMIME', '-recip', mario.write(openssl.folder),
        content=PDF)
    return {
        'attached': Case(plain),
        'attached, lines of Windows': Case(plain.replace(b'\n', b'\r\n')),
        'attached as anything': Case(bytes(letter(('procura', 'application/octet-stream', signed)))),
        'attached as a PDF': Case(bytes(letter(('procura.pdf', 'application/pdf', signed)))),
        'attached beside other files': Case(bytes(letter(
            ('procura.pdf', 'application/pdf', PDF), ('logo.jpg', 'image/jpeg', JPEG), file))),
        'attached twice': Case(bytes(letter(file, file))),
        'attached as PEM': Case(bytes(letter(('a.p7m', 'application/octet-stream', files.pem(signed))))),
        'attached as base64 once more': Case(
            bytes(letter(('a.p7m', 'application/pkcs7-mime', base64.b64encode(signed))))),
        'a name with accents': Case(bytes(letter(('procura società.pdf.p7m', 'application/pkcs7-mime', signed)))),
        'another line like the dividing one': Case(by_hand(
            (b'Content-Type: text/plain', b'a\r\n------=_Part_12\r\nContent-Type: text/plain\r\n\r\nb'),
            (P7M + b'\nContent-Transfer-Encoding: base64', base64.encodebytes(signed)))),
        'attached as .m7m': Case(bytes(letter(('a.m7m', 'application/octet-stream', by_hand(
            (P7M + b'\nContent-Transfer-Encoding: binary', signed), TSR))))),
        'forwarded': Case(bytes(letter(letter(file)))),
        'forwarded twice': Case(bytes(letter(letter(letter(file))))),
        'forwarded as a file': Case(bytes(letter(('postacert.eml', 'application/octet-stream', plain)))),
        'certified': Case(certified(letter(file), detached)),
        'in base64': Case(base64.b64encode(plain)),
        'in UTF-16': Case(plain.decode('ascii').encode('utf-16')),
        'with a mark': Case(b'\xef\xbb\xbf' + plain),
        'from a mailbox': Case(b'From mario@example.com Thu Jan  1 00:00:00 2026\n' + plain),
        'the end is missing': Case(plain.rstrip()[:-9]),
        'signed as a whole': Case(openssl.sign(anna, content=whole, options='-nodetach -binary', form='SMIME')),
        'S/MIME text': Case(openssl.sign(mario, form='SMIME')),
        'S/MIME text, lines of Windows': Case(openssl.sign(mario, form='SMIME').replace(b'\n', b'\r\n')),
        'S/MIME text with a sender': Case(b'From: a@example.com\nSubject: b\n' + openssl.sign(mario, form='SMIME')),
        'S/MIME text without the first field': Case(openssl.sign(mario, form='SMIME').partition(b'\n')[2]),
        '.m7m': Case(by_hand((P7M + b'\nContent-Transfer-Encoding: binary', signed), TSR)),
        '.m7m, lines of Unix': Case(by_hand(
            (P7M + b'\nContent-Transfer-Encoding: binary', signed), TSR, line_end=b'\n')),
        '.m7m in base64': Case(by_hand(
            (P7M + b'\nContent-Transfer-Encoding: base64', base64.encodebytes(signed)), TSR)),
        '.m7m, the time stamp first': Case(by_hand(TSR, (P7M + b'\nContent-Transfer-Encoding: binary', signed))),
        # what is wrong with it is told
        'attached and cut off': Case(bytes(letter((*file[:2], signed[:-50]))), 'truncated'),
        'attached and changed': Case(bytes(letter((*file[:2], broken(signed)))), 'tampered other_document'),
        'attached, another one': Case(
            bytes(letter((*file[:2], sign(mario, PDF[:-1])))), 'other_document'),
        'attached, a PDF of another name': Case(bytes(letter((*file[:2], PDF))), 'unsigned_pdf'),
        'attached, a picture of another name': Case(bytes(letter((*file[:2], JPEG))), 'picture'),
        '.m7m, cut off': Case(by_hand((P7M + b'\nContent-Transfer-Encoding: binary', signed))[:1500], 'truncated'),
        'encrypted': Case(encrypted, 'encrypted'),
        'several': Case(bytes(letter(file, ('altra.p7m', 'application/pkcs7-mime', other))), 'several_files'),
        'several, one forwarded': Case(
            bytes(letter(file, letter(('altra.p7m', 'application/pkcs7-mime', other)))), 'several_files'),
        'a PDF attached': Case(bytes(letter(('procura.pdf', 'application/pdf', PDF))), 'mail_without_file'),
        'nothing attached': Case(bytes(letter()), 'mail_without_file'),
        'nothing attached, but named': Case(bytes(letter(Subject='procura.pdf.p7m')), 'mail_without_file'),
        'certified, a PDF attached': Case(
            certified(letter(('procura.pdf', 'application/pdf', PDF)), detached), 'mail_without_file'),
        'signed as a whole, a PDF attached': Case(openssl.sign(
            anna, content=bytes(letter(('procura.pdf', 'application/pdf', PDF))),
            options='-cades -nodetach -binary', form='SMIME'), 'no_pdf not_the_applicant'),
        'S/MIME text, detached': Case(openssl.sign(mario, options='-cades', form='SMIME'), 'detached'),
        'a page saved with its pictures': Case(
            b'From: <Saved by Blink>\nSnapshot-Content-Location: https://example.com/\n' + by_hand(
                (b'Content-Type: text/html', b'<html></html>'), kind=b'multipart/related'), 'web_page'),
        'words with a colon': Case(b'Oggetto: procura\n\nIn allegato.', 'not_signed'),
    }


# ------------------------------------------------------------ other files

def zipped(*entries):
    """Return a zip of entries: ``(name, content)``."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, 'w') as file:
        for name, content in entries:
            file.writestr(name, content)
    return output.getvalue()


def tarred(name, content):
    """Return a tar archive of a file."""
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode='w') as file:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        file.addfile(info, io.BytesIO(content))
    return output.getvalue()


XADES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- procura -->\n<ds:Signature '
    'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="s1"><ds:SignedInfo/></ds:Signature>')
PAGE = '<!DOCTYPE html>\n<html lang="it"><head><title>Accesso</title></head><body>Sessione scaduta</body></html>'


def others(_openssl):
    """What people upload in the place of the signed file."""
    mario, _anna = people()
    signed = sign(mario)
    in_page = f'<html><body>{base64.b64encode(signed).decode()}</body></html>'
    return {
        'RAR 4': Case(b'Rar!\x1a\x07\x00' + signed, 'archive'),
        'RAR 5': Case(b'Rar!\x1a\x07\x01\x00' + signed, 'archive'),
        '7z': Case(b'7z\xbc\xaf\x27\x1c\x00\x04' + signed, 'archive'),
        'gzip': Case(gzip.compress(signed), 'archive'),
        'tar': Case(tarred('procura.p7m', signed), 'archive'),
        'RAR in base64': Case(base64.b64encode(b'Rar!\x1a\x07\x00' + signed), 'archive'),
        'ZIP': Case(zipped(('procura.pdf.p7m', signed)), 'asic'),
        'ASiC': Case(zipped(
            ('mimetype', b'application/vnd.etsi.asic-e+zip'), ('word/procura.pdf', PDF)), 'asic'),
        'Word': Case(zipped(('[Content_Types].xml', b'<Types/>'), ('word/document.xml', b'<a/>')), 'office_document'),
        'Excel': Case(zipped(('_rels/.rels', b'<a/>'), ('xl/workbook.xml', b'<a/>')), 'office_document'),
        'ZIP of a Word document': Case(zipped(
            ('a.docx', zipped(('[Content_Types].xml', b'<Types/>'))), ('procura.pdf.p7m', signed)), 'asic'),
        'OpenDocument': Case(
            zipped(('mimetype', b'application/vnd.oasis.opendocument.text'), ('content.xml', b'')), 'office_document'),
        'Word 97': Case(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(600), 'office_document'),
        'RTF': Case(b'{\\rtf1\\ansi Procura}', 'office_document'),
        'Outlook': Case(
            b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(600) + '__substg1.0_0037001F'.encode('utf-16-le'),
            'outlook_mail'),
        'winmail.dat': Case(b'\x78\x9f\x3e\x22\x01\x00\x01' + signed, 'outlook_mail'),
        'JPEG': Case(JPEG, 'picture'),
        'PNG': Case(b'\x89PNG\r\n\x1a\n' + bytes(50), 'picture'),
        'HEIC': Case(b'\0\0\0\x18ftypheic' + bytes(50), 'picture'),
        'TIFF': Case(b'II*\0' + bytes(50), 'picture'),
        'WebP': Case(b'RIFF\x10\0\0\0WEBPVP8 ', 'picture'),
        'shortcut of Windows': Case(b'L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F', 'shortcut'),
        'shortcut to an address': Case(b'[InternetShortcut]\r\nURL=https://example.com/a.p7m\r\n', 'shortcut'),
        'XAdES': Case(XADES.encode(), 'xades'),
        'XAdES around an invoice': Case(
            b'\xef\xbb\xbf<p:FatturaElettronica><a/>' + XADES.partition('-->')[2].encode() + b'</p:FatturaElettronica>',
            'xades'),
        'XAdES in UTF-16': Case(XADES.encode('utf-16'), 'xades'),
        'XAdES in base64': Case(base64.b64encode(XADES.encode()), 'xades'),
        'XML': Case(b'<?xml version="1.0"?><FatturaElettronica/>', 'not_signed'),
        'a page': Case(PAGE.encode(), 'web_page'),
        'a page in UTF-16': Case(PAGE.encode('utf-16'), 'web_page'),
        'a page in capitals': Case(b'\r\n<HTML><HEAD></HEAD></HTML>', 'web_page'),
        'a page of XML': Case(
            b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "a"><html/>', 'web_page'),
        'a page after a comment': Case(b'<!-- saved from url=(0014)about:internet -->\n<html><p>a</html>', 'web_page'),
        'a page that shows the file': Case(in_page.encode(), 'web_page'),
        'PAdES': Case(PDF + b'<</Type/Sig/ByteRange[0 1 2 3]/SubFilter/ETSI.CAdES.detached>>', 'signed_pdf'),
        'PAdES after a few bytes': Case(b'junk\0' + PDF + b'<</Type/Sig/ByteRange[0 1 2 3]>>', 'signed_pdf'),
        'PAdES in base64': Case(base64.b64encode(PDF + b'<</ByteRange[0 1 2 3]>>').rstrip(b'='), 'signed_pdf'),
        'PAdES, signed once more': Case(sign(mario, PDF + b'<</Type/Sig/ByteRange[0 1 2 3]>>')),
        'a PDF after a few bytes': Case(b'junk\0' + PDF, 'unsigned_pdf'),
        'noise': Case(bytes(range(1, 256)) * 9, 'not_signed'),
        'a script': Case(b'<script>alert(1)</script>', 'web_page'),
        'words': Case("La procura è firmata.".encode(), 'not_signed'),
        'a picture, signed': Case(sign(mario, JPEG), 'no_pdf'),
        'a page, signed': Case(sign(mario, PAGE.encode()), 'no_pdf'),
    }


# ------------------------------------------------------------ identity cards

def cards(openssl):
    """Signatures with the electronic identity card (CIE), and with what is like it."""
    def case(codes, applicant=MARIO, sign_with=sign, **how):
        names = {
            'serial_number': 'CA00000AA', 'given': None, 'surname': None, 'common_name': f'{MARIO}/CA00000AA',
            'usage': 'digital_signature', 'statements': None, 'issuer': CARD_ISSUER}
        return Case(sign_with(identity(**{**names, **how})), codes, arguments={'fiscal_code': applicant})

    card = 'identity_card_certificate'
    own = {'given': "Mario", 'surname': "Rossi"}
    authority = "Prova Qualified CA"
    return {
        'a card': case(card),
        'a card, signed by openssl': case(card, sign_with=openssl.sign),
        'a card with names': case(card, **own),
        'the code alone in the name': case(card, common_name=MARIO),
        'the code behind the name': case(card, common_name=f"Rossi Mario {MARIO}"),
        'the code in small letters': case(card, common_name=f'{MARIO.lower()}/ca00000aa'),
        'an omocode in the name': case(card, common_name=f'{files.OMOCODE}/CA00000AA'),
        'an issuer in Italian': case(card, issuer="CA della Carta d'identità elettronica"),
        'an issuer in capitals': case(card, issuer="MINISTERO DELL'INTERNO - SUBCA 3"),
        'an issuer in short': case(card, issuer="CA per CIE 2"),
        'a card that may sign': case(card, usage='digital_signature content_commitment'),
        "somebody else's card": case(f'{card} not_the_applicant', applicant=ANNA),
        'no code': case(f'{card} no_tax_code', common_name='CA00000AA', **own),
        'letters around a code': case(f'{card} no_tax_code', common_name=f'X{MARIO}X'),
        'two codes': case(f'{card} no_tax_code', common_name=f'{MARIO}/{ANNA}'),
        # what is no such card
        'a services card (CNS)': case(
            'authentication_certificate not_qualified', issuer="Prova CNS CA", common_name=f'{MARIO}/7420018.abc='),
        'a health card': case(
            'authentication_certificate not_qualified', issuer="Regione Prova - CA Cittadini", serial_number=MARIO),
        'an authority of a similar name': case(
            'authentication_certificate not_qualified', issuer="Societa' CIELO Authentication CA"),
        'a qualified certificate of the Ministry': case(
            '', issuer="Ministero dell'Interno Qualified CA", usage='content_commitment',
            statements=(files.QC_COMPLIANCE, files.QC_SSCD)),
        'a qualified certificate, its code in the name': case(
            '', issuer=authority, usage='content_commitment', statements=(files.QC_COMPLIANCE, files.QC_SSCD)),
        'a qualified certificate, the code in its place wins': case(
            'not_the_applicant', issuer=authority, usage='content_commitment', serial_number=f'TINIT-{ANNA}',
            statements=(files.QC_COMPLIANCE, files.QC_SSCD)),
    }


TABLES = (texts, mails, others, cards)


def attacks():
    """Yield names and files that are made to keep their reader busy."""
    size = 20 * MEGABYTE
    head = b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n'
    yield 'millions of parts', head + b'--a\n' * (size // 4 - 99)
    yield 'millions of lines that nearly divide', head + b'--\n' * (size // 3 - 99)
    yield 'millions of boundaries', b'MIME-Version: 1.0\n\n' + b'boundary=abcdefgh\n' * (size // 18 - 9)
    yield 'boundaries that are alike', b'MIME-Version: 1.0\n\n' + b''.join(
        b'boundary=%s\n' % (b'a' * length) for length in range(1, 200)) + (b'--' + b'a' * 199 + b'b\n') * (size // 210)
    yield 'mails in mails', (b'a: b\nContent-Type: message/rfc822\n\n') * (size // 40)
    yield 'mails in mails, in base64', mails_in_mails(12)
    yield 'a header without end', b'MIME-Version: 1.0\n' + b'a: b\n' * (size // 5 - 9)
    yield 'a header of white space', b'MIME-Version: 1.0\n' + b' ' * (size - 99)
    yield 'a header of line ends', b'MIME-Version: 1.0\na:' + b'\r\n ' * (size // 3 - 99)
    yield 'quoted signs', b'MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n' + b'=41' * (
        size // 3 - 99)
    yield 'a hundred parts of a signed kind', head + b''.join(
        b'--a\nContent-Type: application/pkcs7-mime\n\n' + b'0\x80' * 50_000 for _part in range(150))
    yield 'percent signs', b'data:;base64,' + b'AAAAAAAAAAAAAAAA%2B' * (size // 19 - 9)
    yield 'padding', b'AAAA' * 99 + b'AAA=' * (size // 4 - 999)
    yield 'pieces', b'AAA=' * 9_999 + b'AAAA' * (4 * MEGABYTE)
    yield 'UTF-16', 'A'.encode('utf-16-le') * (size // 2 - 9)
    yield 'UTF-16 of signs of two', b'\xff\xfe' + '\U0001f4a3'.encode('utf-16-le') * (size // 4 - 9)
    yield 'spaces', b'AAA ' * (size // 4 - 9)
    yield 'comments', b'<!--' * (size // 4 - 9)
    yield 'instructions', b'<?' * (size // 2 - 9)
    yield 'documents in OLE', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'_\0_\0s' * (size // 5 - 9)
    yield 'a picture of twenty megabytes', JPEG + bytes(size - 999)


def mails_in_mails(levels):
    """Return e-mails one in the other, each in base64."""
    content = b'MIME-Version: 1.0\n\nciao'
    for _level in range(levels):
        content = (b'MIME-Version: 1.0\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n'
                   + base64.encodebytes(content))
    return content


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestP7mWrapped(P7mCase):

    def test_texts(self):
        self.check(texts)

    def test_mails(self):
        self.check(mails)

    def test_others(self):
        self.check(others)

    def test_cards(self):
        self.check(cards)

    def test_sentences(self):
        self.assertLessEqual(WRAPPED, self.check_sentences(TABLES))

    def test_message(self):
        """What is sent is the signed message alone, without the e-mail or the text that brought it."""
        signed = sign(people()[0])
        for content in (
            bytes(letter(('a.p7m', 'application/pkcs7-mime', signed))),
            by_hand((P7M + b'\nContent-Transfer-Encoding: binary', signed), TSR),
            b'data:;base64,' + base64.urlsafe_b64encode(signed).rstrip(b'='),
            base64.b64encode(signed).decode().encode('utf-16'),
        ):
            verdict = self.judge(content)
            self.assertEqual((verdict.message, verdict.pdf), (signed, PDF))
            self.assertEqual(p7m.extract(content), PDF)

    def test_cards_told(self):
        """Of a card whose names are left out, the code is not shown in their place."""
        for common_name, shown in ((f'{MARIO}/CA00000AA', '…/CA00000AA'), (MARIO, 'no. 1267')):
            verdict = self.judge(sign(identity(
                serial_number='CA00000AA', given=None, surname=None, common_name=common_name, issuer=CARD_ISSUER,
                statements=None)))
            self.assertEqual([(signer.name, signer.fiscal_code) for signer in verdict.signers], [(shown, MARIO)])

    def test_hostile(self):
        for name, content in attacks():
            with self.subTest(name):
                self.assertLessEqual(len(content), 20 * MEGABYTE)
                with processor_time() as seconds:
                    verdict = self.judge(content)
                self.assertLessEqual(seconds[0], seconds_bound(content) / 2)
                self.assertEqual(verdict.level, 'refused')
                self.assertLessEqual(self.measure_memory(content), memory_bound(content))

    def measure_memory(self, content):
        """Return how many bytes of memory are in use at most while a file is judged."""
        tracemalloc.start()
        try:
            self.judge(content)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def test_bounds(self):
        signed = sign(people()[0])
        file = ('a.p7m', 'application/pkcs7-mime', signed)
        page = ('a.txt', 'text/plain', b'a')
        many = bytes(letter(*[page if name else file for name in range(mail.MAX_PARTS)]).as_bytes())
        self.assertEqual([finding.code for finding in self.judge(many).findings], ['too_complex'])
        for text, decoded in {
            b'AAA=AAA=AA==': bytes(5), b'AAA=AA==': bytes(2), b'AAAA=AAAA': bytes(6), b'====': b'', b'': b'', b'A': b'',
            b'AA': b'\0', b'AA===': b'\0', b'AAAA=': bytes(3), b'=AAAA': bytes(3),
        }.items():
            self.assertEqual(armour.decode(text), decoded, text)
        self.assertIsNone(armour.peel(b'a, b'))

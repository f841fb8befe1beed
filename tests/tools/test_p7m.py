import base64
import datetime
import functools
import hashlib
import re
import tempfile
from typing import NamedTuple
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from odoo.addons.l10n_it_openapi_pec.const.signature import SIGNATURE_FINDINGS
from odoo.addons.l10n_it_openapi_pec.tools import p7m
from odoo.addons.l10n_it_openapi_pec.tools.p7m import ber

import p7m_files as files
from p7m_files import (
    ANNA,
    DAY,
    MARIO,
    NOW,
    OMOCODE,
    PDF,
    der,
    ec,
    endless,
    identity,
    integer,
    key,
    oid,
    sign,
    signer_info,
)

# What makes openssl refuse a message, too.
BROKEN = {'tampered', 'signature_invalid', 'certificate_missing', 'unsupported_key'}
# What test_p7m_wrapped has files for.
WRAPPED = {
    'mail_without_file', 'several_files', 'outlook_mail', 'archive', 'office_document', 'web_page', 'xades', 'shortcut',
    'identity_card_certificate'}
# What test_p7m_dug has files for.
DUG = {'archive_attached', 'time_stamp'}
# Signed invoices in Odoo's own tests.
INVOICE, BROKEN_INVOICE = (
    f'l10n_it_edi/tests/import_xmls/{name}.xml.p7m' for name in ('IT01234567890_FPR01', 'IT09633951000_NpFwF'))


class Case(NamedTuple):
    """A file, and what is to be said about it."""

    content: bytes
    codes: str = ''  # of all errors and warnings, apart by spaces
    openssl: bool = True  # whether openssl is asked, too
    arguments: dict = {}  # of p7m.judge


def sentence_of(finding):
    """Return what is told, its values left out."""
    return str(SIGNATURE_FINDINGS[finding.code])


def people():
    """Return those who sign here."""
    return (
        identity(),
        identity(key(copy=2), f'TINIT-{ANNA}', "Anna", "Bianchi", common_name="Bianchi Anna", serial=4712),
    )


def forms(openssl):
    """The same signed message, as programs write and send it."""
    mario, _anna = people()
    signed = openssl.sign(mario)
    text, once = files.pem(signed), base64.b64encode(signed)
    return {
        'DER': Case(signed),
        'BER, streamed': Case(openssl.sign(mario, options='-cades -nodetach -binary -stream')),
        'BER, indefinite': Case(openssl.sign(mario, options='-cades -nodetach -binary -indef')),
        'PEM of openssl': Case(openssl.sign(mario, form='PEM')),
        'PEM': Case(text),
        'PEM, CMS': Case(files.pem(signed, 'CMS')),
        'PEM, lines of Windows': Case(files.pem(signed, line_end=b'\r\n')),
        'PEM after some words': Case(b'Firmato digitalmente\n\n' + text),
        'PEM without last line': Case(text.partition(b'-----END')[0]),
        'base64': Case(once),
        'base64 in lines': Case(base64.encodebytes(signed)),
        'base64 of Windows': Case(b'\xef\xbb\xbf' + base64.encodebytes(signed).replace(b'\n', b'\r\n')),
        'base64 twice': Case(base64.encodebytes(once)),
        'base64 of PEM': Case(base64.b64encode(text)),
        'base64 four times': Case(base64.b64encode(base64.b64encode(base64.b64encode(once)))),
        'base64 five times': Case(
            base64.b64encode(base64.b64encode(base64.b64encode(base64.b64encode(once)))), 'not_signed'),
        'a line end behind': Case(signed + b'\r\n'),
        'few bytes behind': Case(signed + b'x' * 64),
        'zeros behind': Case(signed + bytes(5000)),
        'more bytes behind': Case(signed + b'x' * 65, 'trailing_data'),
        'a document behind': Case(signed + PDF, 'trailing_data'),
        'content in pieces': Case(
            in_octets(mario, der(0x24, *(der(0x04, PDF[at:at + 9]) for at in range(0, len(PDF), 9))))),
        'content in pieces of pieces': Case(in_octets(mario, endless(
            0x24, der(0x24, der(0x04, PDF[:7]), endless(0x24), der(0x04, PDF[7:9])), der(0x04),
            der(0x04, PDF[9:]))), openssl=False),
        'content too deep in pieces': Case(in_octets(mario, functools.reduce(
            lambda inner, _level: der(0x24, inner), range(20), der(0x04, PDF))), 'damaged'),
    }


def in_octets(signer, octets):
    """Return a signed message whose content is encoded so."""
    return files.message([signer_info(signer)], [signer.certificate], octets=octets)


def algorithms(openssl):
    """Signatures of all kinds."""
    mario, _anna = people()
    cases = {
        f'RSA with {digest}': Case(openssl.sign(mario, options=f'-cades -nodetach -binary -md {digest}'))
        for digest in ('sha224', 'sha256', 'sha384', 'sha512')
    }
    cases |= {
        f'PSS with {options}': Case(openssl.sign(mario, key_options=f'rsa_padding_mode:pss {options}', options=(
            f'-cades -nodetach -binary -md {digest}')))
        for digest in ('sha256', 'sha512')
        for options in (
            '', 'rsa_pss_saltlen:digest', 'rsa_pss_saltlen:max', 'rsa_pss_saltlen:0', 'rsa_pss_saltlen:20',
            'rsa_mgf1_md:sha1', 'rsa_mgf1_md:sha384 rsa_pss_saltlen:48')
    }
    cases |= {
        f'on the curve {curve.name}': Case(
            openssl.sign(identity(key('ec', curve)), options=f'-cades -nodetach -binary -md {digest}'))
        for curve, digest in (
            (ec.SECP256R1, 'sha256'), (ec.SECP256R1, 'sha512'), (ec.SECP384R1, 'sha384'), (ec.SECP521R1, 'sha512'),
            (ec.BrainpoolP256R1, 'sha256'), (ec.BrainpoolP384R1, 'sha384'), (ec.BrainpoolP512R1, 'sha512'))
    }
    on_curve = identity(key('ec', ec.SECP256R1))
    return cases | {
        'RSA, 4096 bits': Case(openssl.sign(identity(key(detail=4096)))),
        'RSA, 1024 bits': Case(openssl.sign(identity(key(detail=1024))), 'weak_key'),
        'RSA, the hash within the name': Case(sign(mario, signature_oid=files.RSA_SHA256)),
        'RSA, the signature named as hash': Case(sign(mario, digest_oid=files.RSA_SHA256), openssl=False),
        'RSA, SHA-3': Case(openssl.sign(mario, options='-cades -nodetach -binary -md sha3-256')),
        'ECDSA, the hash not within the name': Case(sign(on_curve, signature_oid=files.EC_PUBLIC_KEY)),
        'the order of others is signed': Case(sign(mario, order=backwards)),
        'the order of DER is signed, not stored': Case(
            sign(mario, order=backwards, signed_order=sorted), openssl=False),
        'another order is signed': Case(sign(mario, signed_order=backwards), 'signature_invalid', openssl=False),
        'many attributes': Case(
            sign(mario, extra=[many_attributes(200)], order=backwards, signed_order=sorted), openssl=False),
        'no attributes': Case(
            openssl.sign(mario, options='-nodetach -binary -noattr'), 'no_certificate_named no_signing_time'),
        'no attributes, SHA-1': Case(
            sign(mario, attributes=False, digest='sha1'), 'weak_hash no_certificate_named no_signing_time'),
        'SHA-1': Case(openssl.sign(mario, options='-nodetach -binary -md sha1'), 'weak_hash no_certificate_named'),
        'MD5': Case(sign(mario, digest='md5'), 'weak_hash'),
        'PSS, SHA-1': Case(sign(mario, pss=('sha1', 'sha1', 20), digest='sha1'), 'weak_hash'),
        'PSS, the parameters left out': Case(
            rewritten(mario, 4, der(0x30, oid(files.RSA_PSS)), pss=('sha1', 'sha1', 20), digest='sha1'), 'weak_hash',
            openssl=False),
        'PSS, other parameters': Case(
            rewritten(mario, 4, files.algorithm(files.RSA_PSS), pss=('sha1', 'sha1', 20)), 'signature_invalid'),
        'PSS, an absurd salt': Case(
            patched(
                sign(mario, pss=('sha256', 'sha256', 32)), pss_parameters('sha256', 32), pss_parameters('sha256', 126)),
            'signature_invalid'),
        'an unknown hash': Case(sign(mario, digest_oid='1.2.3.4'), 'unsupported_algorithm', openssl=False),
        'an unknown signature': Case(
            sign(mario, signature_oid='1.2.840.113549.1.1.3'), 'unsupported_algorithm', openssl=False),
        'Ed25519': Case(sign(mario, signature_oid='1.3.101.112'), 'unsupported_algorithm', openssl=False),
        'a curve for a key of RSA': Case(sign(mario, signature_oid=files.ECDSA_SHA256), 'unsupported_key'),
        'a curve that nobody uses': Case(
            openssl.sign(identity(key('ec', ec.SECP256K1))), 'unsupported_key', openssl=False),
        'RSA, 512 bits': Case(sign(mario._replace(certificate=small_key(mario))), 'unsupported_key', openssl=False),
    }


def backwards(attributes):
    """Return attributes in the order that DER does not want."""
    return sorted(attributes, reverse=True)


def many_attributes(size):
    """Return an attribute with a value of so many bytes."""
    return der(0x30, oid('1.2.3.4'), der(0x31, der(0x04, bytes(size))))


def pss_parameters(name, salt):
    """Return parameters of PSS as `p7m_files.signer_info` writes them."""
    of = files.algorithm(files.DIGESTS[name])
    return der(0x30, der(0xA0, of), der(0xA1, files.algorithm(files.MGF1, of)), der(0xA2, integer(salt)))


def patched(content, old, new):
    """Return a content with some bytes replaced by as many others."""
    assert len(old) == len(new)
    assert content.count(old) == 1
    return content.replace(old, new)


def small_key(signer):
    """Return a certificate whose public key is cut to 512 bits: everything keeps its size, and a long exponent follows.
    """
    modulus = integer(signer.key.public_key().public_numbers().n)
    small = integer(1 << 511 | 1)
    return patched(
        signer.certificate, modulus + integer(65537), small + der(0x02, b'\1' * (len(modulus) - len(small) + 2)))


def signers(openssl):
    """Several signatures, and how they name their certificates."""
    mario, anna = people()
    signed = openssl.sign(mario)
    twice = openssl.sign(anna, content=signed)
    levels = {1: signed}
    for level in range(2, 8):
        levels[level] = sign((mario, anna)[level % 2], levels[level - 1])
    without = identity(key_identifier=False)
    odd = mario._replace(certificate=patched(mario.certificate, integer(4711), integer(-4711)))
    other_string = der(0x30, der(0x31, der(0x30, oid('2.5.4.6'), der(0x13, b'IT'))), der(
        0x31, der(0x30, oid('2.5.4.3'), der(0x1E, 'PROVA  Qualified CA'.encode('utf-16-be')))))
    return {
        'two': Case(openssl.sign(mario, anna)),
        'two, one over a changed document': Case(
            files.message([signer_info(mario), signer_info(anna, PDF + b'x')], [anna.certificate, mario.certificate]),
            'tampered'),
        'one in the other': Case(twice),
        'one in the other, base64': Case(openssl.sign(anna, content=base64.b64encode(signed))),
        'one in the other, streamed': Case(
            openssl.sign(anna, content=signed, options='-cades -nodetach -binary -stream')),
        'the inner one broken': Case(sign(anna, broken(signed)), 'tampered other_document', openssl=False),
        'five levels': Case(levels[5]),
        'six levels': Case(levels[6], 'too_nested'),
        'seven levels': Case(levels[7], 'too_nested'),
        'by key identifier': Case(openssl.sign(mario, options='-cades -nodetach -binary -keyid')),
        'by a key identifier that no certificate has': Case(
            sign(without, by_key=True), 'certificate_missing', openssl=False),
        'without certificates': Case(
            openssl.sign(mario, options='-cades -nodetach -binary -nocerts'), 'certificate_missing'),
        "another's certificate": Case(files.message([signer_info(mario)], [anna.certificate]), 'certificate_missing'),
        'many certificates': Case(files.message([signer_info(mario)], [anna.certificate] * 20 + [mario.certificate])),
        'an unreadable certificate beside': Case(files.message(
            [signer_info(mario)], [der(0xA1, der(0x02)), der(0x30), mario.certificate]), openssl=False),
        'a certificate with a negative number': Case(sign(odd), openssl=False),
        'issuer in other words': Case(rewritten(mario, 1, der(0x30, other_string, integer(4711))), openssl=False),
        'nobody': Case(files.message([], []), 'no_signature'),
        'not named': Case(openssl.sign(mario, options='-nodetach -binary'), 'no_certificate_named'),
        'named by SHA-1': Case(sign(mario, named_digest='sha1'), 'no_certificate_named'),
        'another one is named by SHA-1': Case(
            sign(mario, named=anna.certificate, named_digest='sha1'), 'other_certificate_named'),
        'named by SHA-512': Case(sign(mario, named_digest='sha512')),
        'named by an unknown hash': Case(
            sign(mario, named_digest='sha512').replace(oid(files.DIGESTS['sha512']), oid('2.16.840.1.101.3.4.9.9')),
            'signature_invalid'),
        'another one is named': Case(sign(mario, named=anna.certificate), 'other_certificate_named'),
        'named twice': Case(sign(mario, extra=[der(0x30, oid(files.SIGNING_CERTIFICATE_V2), der(0x31, der(0x30)))]),
                            'no_certificate_named', openssl=False),
        'named in an unreadable way': Case(
            sign(mario, named=None, extra=[der(0x30, oid(files.SIGNING_CERTIFICATE_V2), der(0x31, der(0x30)))]),
            'no_certificate_named'),
    }


def broken(signed):
    """Return a signed message whose document was changed."""
    return patched(signed, b'/Catalog', b'/Katalog')


def rewritten(signer, place, field, **how):
    """Return a message in which one field of the signature is another one; signed attributes are counted."""
    fields = files.inside(signer_info(signer, **how))
    fields[place] = field
    return files.message([der(0x30, *fields)], [signer.certificate])


def damages(openssl):
    """What was a signed message, and what never was."""
    mario, _anna = people()
    signed, streamed = openssl.sign(mario), openssl.sign(mario, options='-cades -nodetach -binary -stream')
    signature = files.inside(signer_info(mario))[-1][4:]
    by_hand = sign(mario)
    encrypted = openssl.output(
        'cms', '-encrypt', '-aes256', '-binary', '-outform', 'DER', '-recip', mario.write(openssl.folder), content=PDF)
    return {
        'empty': Case(b'', 'empty'),
        'blank': Case(b' \r\n\0\0', 'empty'),
        'too large': Case(signed, 'too_large', arguments={'max_size': len(signed) - 1}),
        'just not too large': Case(signed, arguments={'max_size': len(signed)}),
        'content changed': Case(broken(signed), 'tampered other_document'),
        'content changed, streamed': Case(broken(streamed), 'tampered other_document'),
        'a wrong hash signed': Case(sign(mario, message_digest=bytes(32)), 'tampered'),
        'a hash of no bytes signed': Case(sign(mario, message_digest=b'\0'), 'tampered'),
        'signature changed': Case(by_hand[:-1] + bytes([by_hand[-1] ^ 1]), 'signature_invalid'),
        'signature of zeros': Case(
            patched(by_hand, by_hand[-len(signature):], bytes(len(signature))), 'signature_invalid'),
        'attributes changed': Case(
            patched(by_hand, NOW.strftime('%y%m%d%H%M%SZ').encode(), (NOW - DAY).strftime('%y%m%d%H%M%SZ').encode()),
            'signature_invalid'),
        "another's key": Case(
            sign(mario._replace(key=key(copy=3))), 'signature_invalid'),
        'no hash signed': Case(without_attribute(mario, files.MESSAGE_DIGEST), 'signature_invalid'),
        'half': Case(signed[:len(signed) // 2], 'truncated'),
        'without its last byte': Case(signed[:-1], 'truncated'),
        'its first bytes': Case(signed[:20], 'truncated'),
        'streamed, half': Case(streamed[:len(streamed) // 2], 'truncated'),
        'streamed, without its last byte': Case(streamed[:-1], 'truncated'),
        'streamed, without its end': Case(streamed[:-6], 'truncated'),
        'PEM, half': Case(files.pem(signed)[:len(signed) // 2], 'truncated'),
        'base64, half': Case(base64.b64encode(signed)[:len(signed) // 2 + 1], 'truncated'),
        'carried as text of Windows': Case(lines_of_windows(signed, mario), 'mangled'),
        'carried as UTF-8': Case(signed.decode('latin-1').encode(), 'mangled'),
        'carried as ASCII': Case(signed.decode('ascii', errors='replace').encode(), 'mangled'),
        'carried as question marks': Case(
            signed.decode('ascii', errors='replace').replace('\ufffd', '?').encode(), 'mangled'),
        'a length too small': Case(changed(signed, 3, -1), 'damaged'),
        'a tag unknown': Case(changed(signed, 4, 0x19), 'damaged'),
        'encrypted': Case(encrypted, 'encrypted'),
        'encrypted, base64': Case(base64.b64encode(encrypted), 'encrypted'),
        'time stamped': Case(files.message([], [], kind=files.TIME_STAMPED_DATA), 'time_stamped'),
        'a message of another kind': Case(files.message([], [], kind='1.2.840.113549.1.9.16.1.9'), 'not_signed'),
        'a certificate': Case(mario.certificate, 'certificate_file'),
        'detached': Case(openssl.sign(mario, options='-cades -binary'), 'detached'),
        'PDF': Case(PDF, 'unsigned_pdf'),
        'PDF after white space': Case(b'\r\n ' + PDF, 'unsigned_pdf'),
        'PDF in base64': Case(base64.b64encode(PDF), 'unsigned_pdf'),
        'PDF with a signature within': Case(PDF + b'<</Type/Sig/ByteRange[0 1 2 3]>>', 'signed_pdf'),
        'ZIP': Case(b'PK\x03\x04' + bytes(200), 'asic'),
        'XML': Case(b'<?xml version="1.0"?><a/>' * 9, 'not_signed'),
        'words': Case(b'Procura', 'not_signed'),
        'words of an even number': Case(b'Procura firmata ', 'not_signed'),
        'an equals sign': Case(b'====', 'not_signed'),
        'PEM of nothing': Case(b'-----BEGIN PKCS7-----\n-----END PKCS7-----\n', 'not_signed'),
        'PEM that does not begin': Case(b'-----BEGIN PKCS7', 'not_signed'),
        'JPEG': Case(b'\xff\xd8\xff\xe0' + bytes(range(256)), 'picture'),
    }


def changed(content, place, by):
    """Return a content with one byte changed."""
    return content[:place] + bytes([content[place] + by & 0xFF]) + content[place + 1:]


def lines_of_windows(signed, signer):
    """Return a signed message of a text, with CR before each LF."""
    return sign(signer, b'%PDF-1.7\n' + b'one line\n' * 200).replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')


def without_attribute(signer, name):
    """Return a message whose signed attributes lack one."""
    return sign(
        signer, order=lambda attributes: sorted(attribute for attribute in attributes if oid(name) not in attribute))


def times(_openssl):
    """When the certificate is valid, and when it was used."""
    def case(codes, start, end, signed_at=NOW):
        return Case(sign(identity(start=NOW + start * DAY, end=NOW + end * DAY), signing_time=signed_at), codes)

    return {
        'valid': case('', -1, 1),
        'valid for ever': case('', -1, 365 * 70),
        'expired': case('expired_certificate', -100, -1),
        'expired, signed before': case('expired_certificate', -100, -1, NOW - 50 * DAY),
        'not valid yet': case('early_certificate', 1, 100),
        'signed before the certificate': case('signed_outside_validity', -10, 100, NOW - 11 * DAY),
        'signed before, expired now': case('expired_certificate', -10, -1, NOW - 11 * DAY),
        'signed after the certificate': case('signed_outside_validity signed_in_future', -10, 10, NOW + 11 * DAY),
        'signed in half an hour': case('', -10, 10, NOW + DAY / 48),
        'signed tomorrow': case('signed_in_future', -10, 10, NOW + DAY),
        'no time': case('no_signing_time', -10, 10, None),
        'an unreadable time': Case(sign(identity(), signing_time=None, extra=[
            der(0x30, oid(files.SIGNING_TIME), der(0x31, der(0x17, b'yesterday')))]), 'no_signing_time'),
    }


def certificates(_openssl):
    """What certificates are made for."""
    def case(codes, **how):
        return Case(sign(identity(**how)), codes)

    compliance, device = (files.QC_COMPLIANCE,), (files.QC_SSCD,)
    return {
        'for signatures': case(''),
        'for signatures and authentication': case('', usage='content_commitment digital_signature'),
        'for authentication': case('authentication_certificate', usage='digital_signature'),
        'for authentication and encryption': case(
            'authentication_certificate', usage='digital_signature key_encipherment'),
        "a health card's": case(
            'authentication_certificate not_qualified', usage='digital_signature', statements=None, serial_number=MARIO,
            given=None, surname=None, common_name=f'{MARIO}/7420018100000012.abcdEFGH='),
        'for encryption': case('wrong_certificate', usage='key_encipherment data_encipherment'),
        'for anything': case('unrestricted_certificate', usage=None),
        'not qualified': case('not_qualified', statements=None),
        'a statement of something else': case('not_qualified', statements=device),
        'unreadable statements': case('not_qualified', statements=der(0x30, der(0x02))),
        'statements of no list': case('not_qualified', statements=b'\x05\x00'),
        'no device': case('no_secure_device', statements=compliance),
        'no kind': case('', kinds=None),
        'several kinds': case('', kinds=(files.QC_SEAL, files.QC_SIGNATURE)),
        'for seals': case('not_for_signatures', kinds=(files.QC_SEAL,)),
        'for sites': case('not_for_signatures', kinds=(files.QC_WEB,)),
        'for nothing': case('not_for_signatures', kinds=()),
        'for seals, no device': case(
            'no_secure_device not_for_signatures', statements=compliance, kinds=(files.QC_SEAL,)),
    }


def persons(openssl):
    """Whose tax code the certificate holds, and who should have signed."""
    def case(codes, serial_number, applicant=MARIO):
        return Case(
            sign(identity(serial_number=serial_number)), codes, openssl=False, arguments={'fiscal_code': applicant})

    mario, anna = people()
    by_anna = sign(anna)
    digest = hashlib.sha256(by_anna).hexdigest()

    def appointed(codes, content, intermediaries):
        return Case(content, codes, openssl=False, arguments={'intermediaries': intermediaries})

    return {
        'TINIT': case('', f'TINIT-{MARIO}'),
        'IT': case('', f'IT:{MARIO}'),
        'PNOIT': case('', f'PNOIT-{MARIO}'),
        'bare': case('', MARIO),
        'in small letters': case('', f'tinit-{MARIO.lower()}'),
        'spaces': case('', f' TINIT-{MARIO} '),
        'a provisional code': case('', 'TINIT-12345678903', '12345678903'),
        'absent': case('no_tax_code', None),
        'another country': case('no_tax_code', 'TINDE-12345678903'),
        'a passport': case('no_tax_code', 'PASIT-AA1234567'),
        'digits without prefix': case('no_tax_code', '12345678903'),
        'too long': case('no_tax_code', f'TINIT-{MARIO}0'),
        'absent, nobody to compare with': case('no_tax_code', None, None),
        'an omocode': case('', f'TINIT-{OMOCODE}'),
        "the applicant's is an omocode": case('', f'TINIT-{MARIO}', OMOCODE),
        'both are': case('', f'TINIT-{OMOCODE}', f' {OMOCODE.lower()}'),
        'somebody else': case('not_the_applicant', f'TINIT-{ANNA}'),
        "the applicant's is a company's": case('not_the_applicant', f'TINIT-{MARIO}', '12485671007'),
        'nobody to compare with': case('', f'TINIT-{MARIO}', None),
        'an empty code to compare with': case('', f'TINIT-{MARIO}', ''),
        'appointed for this file': appointed('', by_anna, {digest: ANNA}),
        'appointed for another file': appointed('not_the_applicant', by_anna, {'0' * 64: ANNA}),
        'somebody else was appointed': appointed('not_the_applicant', by_anna, {digest: 'VRDLGU70A01F205C'}),
        'the applicant, where another one was appointed': appointed('', sign(mario), {digest: ANNA}),
        'one of two': Case(openssl.sign(anna, mario)),
        'none of two': Case(
            openssl.sign(anna, mario), 'not_the_applicant', arguments={'fiscal_code': 'VRDLGU70A01F205C'}),
    }


def documents(openssl):
    """What was signed, beside what should be."""
    mario, _anna = people()
    other = PDF.replace(b'Catalog', b'Another')
    filled = PDF + b'1 0 obj\n<</AcroForm>>\nendobj\n%%EOF\n'

    def case(codes, document, procura=PDF, others=()):
        others = {p7m.fingerprint(content): name for name, content in others}
        return Case(
            sign(mario, document), codes, openssl=False, arguments={'procura': procura, 'other_procure': others})

    return {
        'the same': case('', PDF),
        'the same, and others': case('', PDF, others=[('PEC/2', other), ('PEC/1', PDF)]),
        'filled in': case('', filled),
        "another filing's": case('other_filing', other, others=[('PEC/1', PDF + b'x'), ('PEC/2', other)]),
        "another filing's, filled in": case('other_filing', other + b'x', others=[('PEC/2', other)]),
        "another filing's, ours not known": case('other_filing', other, None, [('PEC/2', other)]),
        'nothing to compare': case('nothing_to_compare', other, None),
        'nothing to compare, but others': case('nothing_to_compare', other, None, [('PEC/1', PDF)]),
        'something else': case('other_document', other, others=[('PEC/1', filled)]),
        'a part of it': case('other_document', PDF[:-1]),
        'white space before it': case('other_document', b'\n' + PDF),
        'white space before it, as downloaded': case('', b'\n' + PDF, b'\n' + PDF),
        'XML': case('no_pdf', b'<?xml version="1.0"?><FatturaElettronica/>'),
        'nothing': case('no_pdf', b''),
        'a PDF in base64': case('no_pdf', base64.b64encode(PDF)),
        'a ZIP': case('no_pdf', b'PK\x03\x04' + bytes(200)),
        'a damaged signed message': case('no_pdf', openssl.sign(mario)[:-50]),
    }


TABLES = (forms, algorithms, signers, damages, times, certificates, persons, documents)


class P7mCase(BaseCase):
    """Judges files, and lets nothing fall into the last net of p7m.judge."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.openssl = files.OpenSsl(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.startClassPatcher(patch.object(p7m.judging, 'UNEXPECTED', ()))

    def judge(self, content, **arguments):
        return p7m.judge(content, **{'procura': PDF, 'fiscal_code': MARIO, 'now': NOW, **arguments})

    def check(self, table):
        """Judge all files of a table, and ask openssl for its opinion."""
        for name, case in table(self.openssl).items():
            with self.subTest(name):
                verdict = self.judge(case.content, **case.arguments)
                self.assertEqual([finding.code for finding in verdict.findings if finding.level != p7m.FINE],
                                 sorted(case.codes.split(), key=lambda code: p7m.ORDER.index(p7m.LEVELS[code])))
                levels = {p7m.LEVELS[code] for code in case.codes.split()}
                self.assertEqual(verdict.level, 'refused' if p7m.ERROR in levels else 'warning' if levels else 'good')
                self.assertNotIn(MARIO, repr(verdict) + repr([finding.values for finding in verdict.findings]))
                if case.openssl and verdict.message:
                    self.assertEqual(
                        self.openssl.verifies(verdict.message), not BROKEN & set(case.codes.split()), "as openssl says")

    def check_sentences(self, tables):
        """Look whether each file of some tables gives the values that its sentences name; return the codes found."""
        seen = set()
        for table in tables:
            for case in table(self.openssl).values():
                for finding in self.judge(case.content, **case.arguments).findings:
                    seen.add(finding.code)
                    sentence = sentence_of(finding)
                    self.assertEqual(
                        set(re.findall(r'%\((\w+)\)s', sentence)) - finding.values.keys(), set(), finding.code)
                    self.assertNotRegex(sentence % finding.values, r'%|\bNone\b')
                    for value in finding.values.values():
                        self.assertTrue(isinstance(value, str) or value.tzinfo, finding)
        return seen


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestP7m(P7mCase):

    def test_forms(self):
        self.check(forms)

    def test_algorithms(self):
        self.check(algorithms)

    def test_signers(self):
        self.check(signers)

    def test_damages(self):
        self.check(damages)

    def test_times(self):
        self.check(times)

    def test_certificates(self):
        self.check(certificates)

    def test_persons(self):
        self.check(persons)

    def test_documents(self):
        self.check(documents)

    def test_message(self):
        """What is sent is the outermost message: DER or BER, with nothing around it."""
        mario, anna = people()
        signed = self.openssl.sign(mario)
        for name, content in {
            'DER': signed, 'PEM': files.pem(signed), 'base64 twice': base64.b64encode(base64.b64encode(signed)),
            'bytes behind': signed + b'\r\n\x1a',
        }.items():
            with self.subTest(name):
                verdict = self.judge(content)
                self.assertEqual((verdict.message, verdict.pdf), (signed, PDF))
        twice = sign(anna, signed)
        self.assertEqual(self.judge(base64.b64encode(twice)).message, twice)
        self.assertEqual(self.judge(base64.b64encode(twice)).pdf, PDF)
        for content in (PDF, b'', signed[:-1]):
            self.assertEqual(self.judge(content)[1:], ([], None, None))

    def test_signers_told(self):
        """Of each level, the outermost first."""
        mario, anna = people()
        signed_at = NOW - 3 * DAY
        verdict = self.judge(sign(anna, sign(mario, signing_time=signed_at)))
        self.assertEqual(verdict.signers, [
            p7m.Signer(
                "Anna Bianchi", ANNA, "Prova Qualified CA", '1268', NOW - 300 * DAY, NOW + 300 * DAY, NOW, True, True),
            p7m.Signer(
                "Mario Rossi", MARIO, "Prova Qualified CA", '1267', NOW - 300 * DAY, NOW + 300 * DAY, signed_at, True,
                True),
        ])
        self.assertEqual(
            [finding.values for finding in verdict.findings if finding.code == 'nested'], [{'levels': '2'}])
        verdict = self.judge(broken(sign(identity(statements=None), signing_time=None)))
        self.assertEqual(
            [(signer.signed_at, signer.qualified, signer.intact) for signer in verdict.signers], [(None, False, False)])
        for names, expected in {
            ("Mario", "Rossi", "X"): "Mario Rossi", (None, None, "Mario Rossi"): "Mario Rossi",
            (None, "Rossi", "X"): "Rossi", (None, None, None): "no. 1267",
            (None, None, "Mario\u202eRossi\n"): "Mario Rossi", (None, None, f"{MARIO}/12.a"): "…/12.a",
        }.items():
            given, surname, common_name = names
            [signer] = self.judge(sign(identity(given=given, surname=surname, common_name=common_name))).signers
            self.assertEqual(signer.name, expected)

    def test_overriding(self):
        """A person may answer for the document, and for nothing else."""
        mario, anna = people()
        other = PDF + b'x'
        for content, arguments, expected in (
            (sign(mario, other), {'procura': PDF + b'y'}, True),
            (sign(anna, other), {'procura': PDF + b'y'}, True),
            (sign(mario, other), {'procura': PDF}, False),  # not refused
            (broken(sign(mario)), {}, False),
            (sign(mario, other), {'procura': None, 'other_procure': {p7m.fingerprint(other): 'PEC/2'}}, False),
            (PDF, {}, False),
        ):
            self.assertIs(self.judge(content, **arguments).overridable, expected)

    def test_same_things_said_once(self):
        mario, _anna = people()
        verdict = self.judge(sign(mario, sign(mario)))
        self.assertEqual([finding.code for finding in verdict.findings].count('signature_intact'), 1)

    def test_sentences(self):
        """There is a sentence for each finding, and a file for each sentence.

        The file gives the values that the sentence names.
        """
        self.assertEqual(SIGNATURE_FINDINGS.keys(), p7m.LEVELS.keys())
        self.assertLessEqual(set(p7m.LEVELS.values()), set(p7m.ORDER))
        self.assertLessEqual(set(p7m.OVERRIDABLE), p7m.LEVELS.keys())
        seen = self.check_sentences(TABLES) | {'unreadable'}  # test_net
        self.assertEqual(p7m.LEVELS.keys() - seen, {'too_complex', *WRAPPED, *DUG})  # test_attacks; other files

    def test_complexity(self):
        mario, _anna = people()
        info = signer_info(mario)
        self.assertEqual(self.judge(files.message([info] * 32, [mario.certificate])).level, 'good')
        for content in (
            files.message([info] * 33, [mario.certificate]),
            sign(mario, files.message([info] * 32, [mario.certificate])),
            files.message([info], [mario.certificate] * 101),
        ):
            self.assertEqual([finding.code for finding in self.judge(content).findings], ['too_complex'])

    def test_extract(self):
        mario, anna = people()
        self.assertEqual(p7m.extract(sign(mario)), PDF)
        self.assertEqual(p7m.extract(broken(sign(mario))), broken(PDF))
        self.assertEqual(p7m.extract(base64.b64encode(sign(anna, sign(mario)))), PDF)
        for content, code in {
            b'': 'empty', PDF: 'unsigned_pdf', sign(mario)[:-1]: 'truncated', sign(mario, b'<a/>'): 'no_pdf',
        }.items():
            with self.subTest(code), self.assertRaises(p7m.P7mError) as caught:
                p7m.extract(content)
            self.assertEqual((caught.exception.code, str(caught.exception)), (code, code))
        with self.assertRaises(p7m.P7mError) as caught:
            p7m.extract(sign(mario), max_size=100)
        self.assertEqual(caught.exception.code, 'too_large')

    def test_recognise(self):
        known = [p7m.fingerprint(content) for content in (PDF, PDF + b'1', PDF[:20], b'other', b'')]
        for content, expected in {
            PDF: known[0], PDF + b'2': known[0], PDF + b'1': known[1], PDF + b'12': known[1], PDF[:-1]: known[2],
            PDF[:20]: known[2], PDF[:19]: None, b'other words': known[3], b'othe': None, b'': None,
        }.items():
            with self.subTest(content=content[-3:], size=len(content)):
                self.assertEqual(p7m.recognise(content, known), expected)
        self.assertIsNone(p7m.recognise(PDF, []))

    def test_misuse(self):
        content = sign(people()[0])
        for arguments in (
            {'content': None}, {'content': ''}, {'content': bytearray(content)}, {'content': content, 'now': None},
            {'content': content, 'now': NOW.replace(tzinfo=None)}, {'content': content, 'procura': 'x'},
        ):
            with self.subTest(list(arguments)), self.assertRaises(p7m.P7mError) as caught:
                p7m.judge(**{'now': NOW, **arguments})
            self.assertEqual(caught.exception.code, 'misuse')

    def test_net(self):
        """A mistake of ours ends in a finding, and in the log without anything of the file."""
        with (
            patch.object(p7m.judging, 'UNEXPECTED', (LookupError,)),
            patch.object(p7m.opening, '_open_layers', side_effect=KeyError(MARIO)),
            self.assertLogs('odoo.addons.l10n_it_openapi_pec.tools.p7m.judging', 'ERROR') as logs,
        ):
            verdict = self.judge(b'x')
            with self.assertRaises(p7m.P7mError) as caught:
                p7m.extract(b'x')
        self.assertEqual(
            ([finding.code for finding in verdict.findings], caught.exception.code), (['unreadable'], 'unreadable'))
        self.assertEqual(len(logs.output), 2)
        self.assertNotIn(MARIO, str(logs.output))

    def test_moments(self):
        """Times as RFC 5280 writes them, and as others do; all can be shown in every time zone."""
        def moment(tag, text):
            return ber.moment(ber.parse(der(tag, text)))

        def utc(*numbers):
            return datetime.datetime(*numbers, tzinfo=datetime.timezone.utc)

        for tag, text, expected in (
            (0x17, b'261123120501Z', utc(2026, 11, 23, 12, 5, 1)),
            (0x17, b'2611231205Z', utc(2026, 11, 23, 12, 5)),
            (0x17, b'261123120501+0130', utc(2026, 11, 23, 10, 35, 1)),
            (0x17, b'261123120501-0130', utc(2026, 11, 23, 13, 35, 1)),
            (0x17, b'500101000000Z', utc(1950, 1, 1)),
            (0x17, b'491231235959Z', utc(2049, 12, 31, 23, 59, 59)),
            (0x18, b'20501231235959Z', utc(2050, 12, 31, 23, 59, 59)),
            (0x18, b'20261123120501.123Z', utc(2026, 11, 23, 12, 5, 1)),
            (0x18, b'20261123120501', utc(2026, 11, 23, 12, 5, 1)),
            (0x18, b'99991231235959Z', ber.LATEST),
            (0x18, b'00010101000000Z', ber.EARLIEST),
        ):
            with self.subTest(text):
                self.assertEqual(moment(tag, text), expected)
                for hours in (-14, 14):
                    moment(tag, text).astimezone(datetime.timezone(datetime.timedelta(hours=hours)))
        for tag, text in (
            (0x17, b''), (0x17, b'Z'), (0x17, b'261323120501Z'), (0x17, b'260230120501Z'), (0x17, b'261123120501+x'),
            (0x02, b'1'), (0x18, b'00000101000000Z'), (0x17, b'\xb2' * 12), (0x18, b'2' * 33),
            (0x18, b'00010101000000+2359'),
        ):
            with self.subTest(text), self.assertRaises(ber.Malformed):
                moment(tag, text)

    def test_invoices_of_odoo(self):
        """Odoo's own tests hold invoices that were really signed: what is not about a PDF is true of them, too."""
        for name in (INVOICE, BROKEN_INVOICE):
            try:
                with file_open(name, 'rb') as file:
                    content = file.read()
            except FileNotFoundError:
                self.skipTest(f"this Odoo comes without the tests of l10n_it_edi: there is no {name}")
            verdict = self.judge(content, procura=None)
            codes = [finding.code for finding in verdict.findings]
            with self.subTest(name):
                if name == BROKEN_INVOICE:
                    # It was edited by hand: the last piece of its content goes on to the end of the file. openssl
                    # refuses it, too.
                    self.assertEqual(codes, ['truncated'])
                    self.assertFalse(self.openssl.verifies(content))
                    continue
                self.assertEqual(
                    codes, ['expired_certificate', 'no_pdf', 'not_the_applicant', 'signature_intact', 'not_checked'])
                self.assertTrue(self.openssl.verifies(content))
                [signer] = verdict.signers
                self.assertRegex(signer.fiscal_code, r'^[A-Z0-9]{16}$')
                self.assertEqual(
                    (signer.issuer, signer.serial),
                    ('ArubaPEC EU Qualified Certificates CA G1', f'{8053854963463260051:x}'))
                self.assertEqual(
                    signer.signed_at, datetime.datetime(2021, 5, 12, 14, 26, 56, tzinfo=datetime.timezone.utc))
                self.assertEqual(
                    signer.valid_until, datetime.datetime(2023, 11, 13, 16, 34, 47, tzinfo=datetime.timezone.utc))
                self.assertTrue(signer.qualified and signer.intact)
                # When it was made, nothing but the document stood against it.
                verdict = self.judge(content, procura=None, fiscal_code=signer.fiscal_code, now=signer.signed_at)
                self.assertEqual([finding.code for finding in verdict.findings],
                                 ['no_pdf', 'signature_intact', 'the_applicant', 'not_checked'])
                self.assertEqual(
                    [finding.code for finding in self.judge(changed(content, 2000, 1)).findings][:2],
                    ['tampered', 'expired_certificate'])

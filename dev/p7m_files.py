"""Signed files for the tests, and for the sandbox API, which signs remotely.

The ``openssl`` command makes what people's programs make; what it refuses to make is made by hand.
"""
import base64
import datetime
import functools
import hashlib
import subprocess
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

# openssl signs at the time of the machine's clock, so all is relative to it.
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
PDF = b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n' + bytes(
    range(256)) + b'\r\ntrailer\n<</Root 1 0 R>>\n%%EOF\n'
MARIO, OMOCODE, ANNA = 'RSSMRA80A01H501U', 'RSSMRA80A01H50MM', 'BNCNNA85M41F205D'  # nobody's

QC_COMPLIANCE, QC_SSCD, QC_TYPE = '0.4.0.1862.1.1', '0.4.0.1862.1.4', '0.4.0.1862.1.6'
QC_SIGNATURE, QC_SEAL, QC_WEB = '0.4.0.1862.1.6.1', '0.4.0.1862.1.6.2', '0.4.0.1862.1.6.3'
DATA, SIGNED_DATA, TIME_STAMPED_DATA = '1.2.840.113549.1.7.1', '1.2.840.113549.1.7.2', '1.2.840.113549.1.9.16.1.31'
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = '1.2.840.113549.1.9.3', '1.2.840.113549.1.9.4', '1.2.840.113549.1.9.5'
SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'
RSA_ENCRYPTION, RSA_PSS, MGF1, RSA_SHA256 = (
    '1.2.840.113549.1.1.1', '1.2.840.113549.1.1.10', '1.2.840.113549.1.1.8', '1.2.840.113549.1.1.11')
EC_PUBLIC_KEY, ECDSA_SHA256 = '1.2.840.10045.2.1', '1.2.840.10045.4.3.2'
DIGESTS = {
    'md5': '1.2.840.113549.2.5', 'sha1': '1.3.14.3.2.26', 'sha256': '2.16.840.1.101.3.4.2.1',
    'sha512': '2.16.840.1.101.3.4.2.3',
}


# ------------------------------------------------------------ DER (X.690)

def der(tag, *parts):
    """Return an element."""
    body = b''.join(parts)
    size = len(body).to_bytes(8, 'big').lstrip(b'\0')
    return bytes([tag]) + (bytes([len(body)]) if len(body) < 0x80 else bytes([0x80 | len(size)]) + size) + body


def endless(tag, *parts):
    """Return an element of indefinite length."""
    return bytes([tag, 0x80]) + b''.join(parts) + b'\0\0'


def integer(value):
    """Return an INTEGER."""
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, 'big', signed=True))


def oid(dotted):
    """Return an OBJECT IDENTIFIER."""
    first, second, *arcs = map(int, dotted.split('.'))
    body = b''
    for arc in (40 * first + second, *arcs):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.insert(0, arc & 0x7F | 0x80)
        body += bytes(groups)
    return der(0x06, body)


def algorithm(dotted, parameters=b'\x05\x00'):
    """Return an AlgorithmIdentifier."""
    return der(0x30, oid(dotted), parameters)


def inside(element):
    """Return the elements within one, both in DER."""
    found, rest = [], _split(element)[1]
    while rest:
        size, _body = _split(rest)
        found.append(rest[:size])
        rest = rest[size:]
    return found


def _split(data):
    """Return the size and the contents of the first element."""
    count = max(data[1] - 0x80, 0)
    size = int.from_bytes(data[2:2 + count], 'big') if count else data[1]
    return 2 + count + size, data[2 + count:2 + count + size]


# ------------------------------------------------------------ people

@functools.cache
def key(kind='rsa', detail=2048, copy=1):
    """Return a private key, the same for the same arguments.

    :param kind: ``rsa``, or ``ec``.
    :param detail: the size in bits, or the class of the curve.
    """
    return rsa.generate_private_key(65537, detail) if kind == 'rsa' else ec.generate_private_key(detail())


class Identity(NamedTuple):
    """Somebody who can sign."""

    key: object
    certificate: bytes

    @property
    def issuer_and_serial(self):
        """How a signature names its certificate."""
        _version, serial, _algorithm, issuer, *_rest = inside(inside(self.certificate)[0])
        return der(0x30, issuer, serial)

    def write(self, folder):
        """Write certificate and key as openssl reads them; return the path."""
        path = folder / f'{hashlib.sha256(self.certificate).hexdigest()[:16]}.pem'
        path.write_bytes(pem(self.certificate, 'CERTIFICATE') + self.key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return path


def identity(
        signing_key=None, serial_number=f'TINIT-{MARIO}', given="Mario", surname="Rossi", *, common_name="Rossi Mario",
        usage='content_commitment', statements=(QC_COMPLIANCE, QC_SSCD), kinds=(QC_SIGNATURE,), start=NOW - 300 * DAY,
        end=NOW + 300 * DAY, serial=4711, issuer="Prova Qualified CA", key_identifier=True):
    """Return somebody with a certificate, by default such as a representative has.

    :param serial_number: the attribute of the subject that holds the tax code, None for none; alike the other names.
    :param usage: what the key is for, words of ``x509.KeyUsage`` apart by spaces; None if the certificate does not say.
    :param statements: on qualified certificates. None for no such extension; bytes for its value.
    :param kinds: what the statement on the kind of certificate lists; None for no such statement.
    """
    signing_key = signing_key or key()
    names = {
        NameOID.COUNTRY_NAME: 'IT', NameOID.SURNAME: surname, NameOID.GIVEN_NAME: given,
        NameOID.SERIAL_NUMBER: serial_number, NameOID.COMMON_NAME: common_name,
    }
    builder = x509.CertificateBuilder(
        x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, 'IT'), x509.NameAttribute(NameOID.COMMON_NAME, issuer)]),
        x509.Name([x509.NameAttribute(name, value) for name, value in names.items() if value]),
        signing_key.public_key(), serial, start, end)
    if usage is not None:
        flags = dict.fromkeys((
            'digital_signature', 'content_commitment', 'key_encipherment', 'data_encipherment', 'key_agreement',
            'key_cert_sign', 'crl_sign', 'encipher_only', 'decipher_only'), False)
        builder = builder.add_extension(x509.KeyUsage(**{**flags, **dict.fromkeys(usage.split(), True)}), critical=True)
    if key_identifier:
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(signing_key.public_key()), critical=False)
    if statements is not None:
        builder = builder.add_extension(x509.UnrecognizedExtension(
            x509.ObjectIdentifier('1.3.6.1.5.5.7.1.3'), _statements(statements, kinds)), critical=False)
    authority = key('ec', ec.SECP256R1, 'authority')
    return Identity(signing_key, builder.sign(authority, hashes.SHA256()).public_bytes(Encoding.DER))


def _statements(statements, kinds):
    """Return the value of the extension with statements on qualified certificates (RFC 3739; ETSI EN 319 412-5)."""
    if isinstance(statements, bytes):
        return statements
    kinds = [der(0x30, oid(QC_TYPE), der(0x30, *map(oid, kinds)))] if kinds is not None else []
    return der(0x30, *(der(0x30, oid(statement)) for statement in statements), *kinds)


# ------------------------------------------------------------ signing by hand (RFC 5652)

def signer_info(
        signer, content=PDF, *, digest='sha256', signing_time=NOW, named=True, named_digest=None, order=sorted,
        signed_order=None, by_key=False, attributes=True, pss=None, digest_oid=None, signature_oid=None,
        message_digest=None, extra=()):
    """Return the signature of one signer.

    :param Identity signer: who.
    :param digest: the hash, as hashlib names it.
    :param named: the certificate that ``signingCertificateV2`` names: True for the signer's, None for no such
        attribute.
    :param named_digest: the hash with which it does, instead of the implied SHA-256.
    :param order: of the signed attributes as they are stored; ``signed_order`` as they are signed, if differently.
    :param by_key: whether the certificate is named by its key identifier.
    :param attributes: whether there are signed attributes.
    :param pss: hash, hash of the mask and bytes of salt; None for the scheme that the key implies.
    :param digest_oid, signature_oid: how the algorithms are named, if differently.
    :param message_digest: the hash of the content, if a wrong one.
    :param extra: further attributes, encoded.
    """
    hash_algorithm = getattr(hashes, digest.upper())()
    is_rsa = isinstance(signer.key, rsa.RSAPrivateKey)
    signed = content
    if attributes:
        values = {
            CONTENT_TYPE: oid(DATA), MESSAGE_DIGEST: der(0x04, message_digest or hashlib.new(digest, content).digest())}
        if signing_time:
            values[SIGNING_TIME] = der(0x17, signing_time.strftime('%y%m%d%H%M%SZ').encode())
        if named:
            values[SIGNING_CERTIFICATE_V2] = _names(signer.certificate if named is True else named, named_digest)
        attributes = [*(der(0x30, oid(name), der(0x31, value)) for name, value in values.items()), *extra]
        signed = der(0x31, *(signed_order or order)(attributes))
    if pss:
        name, mask_name, salt = pss
        parameters = der(
            0x30, der(0xA0, algorithm(DIGESTS[name])), der(0xA1, algorithm(MGF1, algorithm(DIGESTS[mask_name]))),
            der(0xA2, integer(salt)))
        scheme = padding.PSS(padding.MGF1(getattr(hashes, mask_name.upper())()), salt)
        signature = signer.key.sign(signed, scheme, getattr(hashes, name.upper())())
        signature_algorithm = algorithm(RSA_PSS, parameters)
    elif is_rsa:
        signature = signer.key.sign(signed, padding.PKCS1v15(), hash_algorithm)
        signature_algorithm = algorithm(signature_oid or RSA_ENCRYPTION)
    else:
        signature = signer.key.sign(signed, ec.ECDSA(hash_algorithm))
        signature_algorithm = algorithm(signature_oid or ECDSA_SHA256, b'')
    certificate = x509.SubjectKeyIdentifier.from_public_key(signer.key.public_key()).digest
    return der(
        0x30, integer(3 if by_key else 1), der(0x80, certificate) if by_key else signer.issuer_and_serial,
        algorithm(digest_oid or DIGESTS[digest]), der(0xA0, *order(attributes)) if attributes else b'',
        signature_algorithm, der(0x04, signature))


def _names(certificate, digest):
    """Return a ``SigningCertificateV2`` (RFC 5035)."""
    value = der(0x04, hashlib.new(digest or 'sha256', certificate).digest())
    return der(0x30, der(0x30, der(0x30, algorithm(DIGESTS[digest]) if digest else b'', value)))


def message(signer_infos, certificates, content=PDF, octets=None, kind=SIGNED_DATA):
    """Return a signed message.

    :param signer_infos: encoded signatures.
    :param certificates: encoded, too.
    :param octets: the OCTET STRING of the content as it is encoded, if differently; b'' for a message without content.
    """
    octets = der(0x04, content) if octets is None else octets
    return der(0x30, oid(kind), der(0xA0, der(
        0x30, integer(1), der(0x31, *map(algorithm, DIGESTS.values())),
        der(0x30, oid(DATA), der(0xA0, octets) if octets else b''),
        der(0xA0, *certificates) if certificates else b'', der(0x31, *signer_infos))))


def sign(signer, content=PDF, **how):
    """Return a content signed by one signer; for ``how`` see :func:`signer_info`."""
    return message([signer_info(signer, content, **how)], [signer.certificate], content)


# ------------------------------------------------------------ the openssl command

class OpenSsl:
    """The ``openssl`` command, in a folder of its own.

    :param str folder: for keys and files.
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def run(self, *words, content=b''):
        """Run it with a file; return the process."""
        path = self.folder / 'input'
        path.write_bytes(content)
        return subprocess.run(
            ['openssl', *map(str, words), '-in', str(path)], capture_output=True, check=False, stdin=subprocess.DEVNULL)

    def output(self, *words, content=b''):
        """Run it with a file; return what it writes."""
        process = self.run(*words, content=content)
        if process.returncode:
            raise ValueError(process.stderr.decode(errors='replace'))
        return process.stdout

    def sign(self, *signers, content=PDF, options='-cades -nodetach -binary', key_options='', form='DER'):
        """Sign a content, by default as CAdES wants it."""
        words = []
        for signer in signers:
            words += [
                '-signer', signer.write(self.folder),
                *(word for option in key_options.split() for word in ('-keyopt', option))]
        return self.output('cms', '-sign', *options.split(), '-outform', form, *words, content=content)

    def verifies(self, content, *options):
        """Tell whether openssl finds the signatures of a message good; whose they are is not looked at."""
        return not self.run('cms', '-verify', '-noverify', '-binary', '-inform', 'DER', '-out', '/dev/null', *options,
                            content=content).returncode


def pem(content, label='PKCS7', line_end=b'\n'):
    """Return bytes as PEM."""
    text = base64.encodebytes(content).replace(b'\n', line_end)
    return b'-----BEGIN %s-----%s%s-----END %s-----%s' % (label.encode(), line_end, text, label.encode(), line_end)

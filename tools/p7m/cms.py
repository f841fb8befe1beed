"""The signed messages of CMS (RFC 5652) and CAdES (ETSI EN 319 122-1): reading them, and verifying their signatures.

Only the numbers of a public key are given to ``cryptography``: strict parsers of certificates choke on odd ones, and
only so the size of a hostile key can be bounded before anything is computed with it.
"""
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from . import ber, certificate

SIGNED_DATA = '1.2.840.113549.1.7.2'
MESSAGE_DIGEST, SIGNING_TIME = '1.2.840.113549.1.9.4', '1.2.840.113549.1.9.5'
SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'  # RFC 5035
RSA_PSS, MGF1 = '1.2.840.113549.1.1.10', '1.2.840.113549.1.1.8'

# What no honest file reaches.
MAX_SIGNERS = 32  # in one message
MAX_CERTIFICATES = 100
MAX_ATTRIBUTES = 100
MAX_ATTRIBUTES_SIZE = 256 * 1024  # bytes; the content is not among them
MAX_IDENTITY_SIZE = 8 * 1024  # bytes
RSA_BITS = range(1024, 8193)
MAX_RSA_EXPONENT_BITS = 64
MAX_SALT = 512  # bytes

HASHES = {
    'md5': hashes.MD5, 'sha1': hashes.SHA1,
    'sha224': hashes.SHA224, 'sha256': hashes.SHA256, 'sha384': hashes.SHA384, 'sha512': hashes.SHA512,
    'sha3_224': hashes.SHA3_224, 'sha3_256': hashes.SHA3_256, 'sha3_384': hashes.SHA3_384, 'sha3_512': hashes.SHA3_512,
}
DIGESTS = {
    '1.2.840.113549.2.5': 'md5',
    '1.3.14.3.2.26': 'sha1',
    '2.16.840.1.101.3.4.2.1': 'sha256',
    '2.16.840.1.101.3.4.2.2': 'sha384',
    '2.16.840.1.101.3.4.2.3': 'sha512',
    '2.16.840.1.101.3.4.2.4': 'sha224',
    '2.16.840.1.101.3.4.2.7': 'sha3_224',
    '2.16.840.1.101.3.4.2.8': 'sha3_256',
    '2.16.840.1.101.3.4.2.9': 'sha3_384',
    '2.16.840.1.101.3.4.2.10': 'sha3_512',
}
# Algorithm -> kind of key, hash; None: the signer's digest algorithm (RFC 3370, 3.2), for PSS in the parameters.
SIGNATURES = {
    '1.2.840.113549.1.1.1': ('rsa', None),
    '1.2.840.113549.1.1.4': ('rsa', 'md5'),
    '1.2.840.113549.1.1.5': ('rsa', 'sha1'),
    '1.2.840.113549.1.1.11': ('rsa', 'sha256'),
    '1.2.840.113549.1.1.12': ('rsa', 'sha384'),
    '1.2.840.113549.1.1.13': ('rsa', 'sha512'),
    '1.2.840.113549.1.1.14': ('rsa', 'sha224'),
    '2.16.840.1.101.3.4.3.13': ('rsa', 'sha3_224'),
    '2.16.840.1.101.3.4.3.14': ('rsa', 'sha3_256'),
    '2.16.840.1.101.3.4.3.15': ('rsa', 'sha3_384'),
    '2.16.840.1.101.3.4.3.16': ('rsa', 'sha3_512'),
    RSA_PSS: ('rsa', None),
    '1.2.840.10045.2.1': ('ec', None),
    '1.2.840.10045.4.1': ('ec', 'sha1'),
    '1.2.840.10045.4.3.1': ('ec', 'sha224'),
    '1.2.840.10045.4.3.2': ('ec', 'sha256'),
    '1.2.840.10045.4.3.3': ('ec', 'sha384'),
    '1.2.840.10045.4.3.4': ('ec', 'sha512'),
    '2.16.840.1.101.3.4.3.9': ('ec', 'sha3_224'),
    '2.16.840.1.101.3.4.3.10': ('ec', 'sha3_256'),
    '2.16.840.1.101.3.4.3.11': ('ec', 'sha3_384'),
    '2.16.840.1.101.3.4.3.12': ('ec', 'sha3_512'),
}
RSA_KEYS = ('1.2.840.113549.1.1.1', RSA_PSS)
EC_KEY = '1.2.840.10045.2.1'
# Names of the classes in cryptography...ec, which is imported only for a file that needs it.
CURVES = {
    '1.2.840.10045.3.1.7': 'SECP256R1',
    '1.3.132.0.34': 'SECP384R1',
    '1.3.132.0.35': 'SECP521R1',
    '1.3.36.3.3.2.8.1.1.7': 'BrainpoolP256R1',
    '1.3.36.3.3.2.8.1.1.11': 'BrainpoolP384R1',
    '1.3.36.3.3.2.8.1.1.13': 'BrainpoolP512R1',
}


class Broken(Exception):
    """A signature that is not good.

    :param str code: why: ``unsupported_algorithm``, ``unsupported_key``, ``tampered`` or ``signature_invalid``.
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


# ------------------------------------------------------------ reading

class SignerInfo(NamedTuple):
    """A signature of a message (RFC 5652, 5.3)."""

    issuer: bytes  # name of the certificate's issuer as encoded, and
    issuer_key: dict  # as certificate.comparable says, and
    serial: int  # serial number of the certificate; or
    key_identifier: bytes  # all others None
    digest: str  # key of HASHES, None when unknown
    signed: ber.Element  # the signed attributes, None when there are none
    attributes: dict  # the same: dotted identifier -> elements of the values
    algorithm: str  # dotted identifier
    parameters: ber.Element  # or None
    signature: bytes

    @property
    def hash_name(self):
        """The hash that is signed, as a key of HASHES; None when it is not known."""
        if self.algorithm == RSA_PSS:
            return _pss_parameters(self.parameters)[0]
        return SIGNATURES.get(self.algorithm, (None, None))[1] or self.digest

    @property
    def signed_at(self):
        """When the signer says he signed (aware, UTC), or None."""
        value = self.value(SIGNING_TIME)
        try:
            return value and ber.moment(value)
        except ber.Malformed:
            return None

    def value(self, name):
        """Return the element that is the only value of an attribute, or None."""
        values = self.attributes.get(name, ())
        return values[0] if len(values) == 1 else None


class SignedData(NamedTuple):
    """A signed message (RFC 5652, 5.1)."""

    content: memoryview  # None when it is detached
    certificates: list  # those that can be read
    signers: list
    stop: int  # offset behind the message


def read_kind(data):
    """Return the dotted identifier of the kind of a CMS message (RFC 5652, 3).

    :param data: bytes-like.
    :raise ber.Malformed: it is no such message.
    """
    cursor = ber.Cursor(data)
    cursor.enter(ber.SEQUENCE)
    return ber.identifier(cursor.element())


def read_signed_data(data):
    """Read a signed message; nothing is verified.

    :param data: bytes-like, of the kind ``SIGNED_DATA``. What follows the message is not looked at.
    :rtype: SignedData
    :raise ber.Malformed: it cannot be read.
    """
    cursor = ber.Cursor(data)
    cursor.enter(ber.SEQUENCE)
    cursor.element()  # the kind
    cursor.enter(0xA0)
    cursor.enter(ber.SEQUENCE)
    ber.integer(cursor.element())  # version
    ber.expect(cursor.element(), ber.SET)  # digest algorithms, which each signer repeats
    content = _read_content(cursor)
    certificates = cursor.element() if cursor.tag() == 0xA0 else None
    if cursor.tag() == 0xA1:  # revocation lists
        cursor.element()
    signers = ber.children(ber.expect(cursor.element(), ber.SET), most=MAX_SIGNERS)
    for _level in range(3):
        cursor.leave()
    return SignedData(
        content, list(_read_certificates(certificates)) if certificates else [],
        [_read_signer(signer) for signer in signers], cursor.offset)


def _read_content(cursor):
    """Read the content, None when it is detached."""
    content = None
    cursor.enter(ber.SEQUENCE)
    ber.identifier(cursor.element())
    if cursor.tag() is not None:
        cursor.enter(0xA0)
        content = cursor.octets()
        cursor.leave()
    cursor.leave()
    return content


def _read_certificates(element):
    """Read what can be read: a certificate that no signer needs may be as odd as it likes."""
    for child in ber.children(element, most=MAX_CERTIFICATES):
        try:
            yield certificate.read(child)
        except ber.Malformed:
            continue


def _read_signer(element):
    _version, identity, digest, *rest = ber.children(ber.expect(element, ber.SEQUENCE), ber.INTEGER, None, ber.SEQUENCE)
    signed = rest.pop(0) if rest and rest[0].tag == 0xA0 else None
    if len(rest) < 2:
        raise ber.Malformed("not a signer")
    if len(identity.body) > MAX_IDENTITY_SIZE or (signed and len(signed.body) > MAX_ATTRIBUTES_SIZE):
        raise ber.TooMuch("more than a signer needs")
    digest = ber.algorithm(digest)[0]
    algorithm, parameters = ber.algorithm(rest[0])
    return SignerInfo(
        *_read_identity(identity),
        # Some name the algorithm of the signature in the place of the digest's.
        DIGESTS.get(digest) or SIGNATURES.get(digest, (None, None))[1],
        signed, _read_attributes(signed) if signed else {},
        algorithm, parameters, bytes(ber.expect(rest[1], ber.OCTET_STRING).body),
    )


def _read_identity(element):
    """Read which certificate is the signer's: ``(issuer, its names, serial number, key identifier)``."""
    if element.tag == 0x80:
        return None, None, None, bytes(element.body)
    issuer, serial = ber.children(ber.expect(element, ber.SEQUENCE), ber.SEQUENCE, ber.INTEGER, most=2)
    return bytes(issuer.raw), certificate.comparable(certificate.read_names(issuer)), ber.integer(serial), None


def _read_attributes(element):
    """Read attributes: ``{dotted identifier: elements of the values}``."""
    attributes = {}
    for attribute in ber.children(element, most=MAX_ATTRIBUTES):
        name, values = ber.children(ber.expect(attribute, ber.SEQUENCE), ber.OBJECT_IDENTIFIER, ber.SET, most=2)
        attributes.setdefault(ber.identifier(name), []).extend(ber.children(values, most=MAX_ATTRIBUTES))
    return attributes


# ------------------------------------------------------------ signer and certificate

def find_certificate(signer, certificates):
    """Return the certificate of a signer among those of the message, or None.

    :param SignerInfo signer: identified by issuer and serial number, or by a key identifier (RFC 5652, 5.3).
    :param list certificates: of :class:`certificate.Certificate`.
    """
    if signer.key_identifier is not None:
        return next(
            (candidate for candidate in certificates if candidate.key_identifier == signer.key_identifier), None)
    candidates = [candidate for candidate in certificates if candidate.serial == signer.serial]
    exact = [candidate for candidate in candidates if candidate.issuer == signer.issuer]
    # Some write the issuer's name here with other types of strings than in the certificate.
    alike = [candidate for candidate in candidates if candidate.issuer_key == signer.issuer_key]
    return next(iter(exact + alike), None)


def names_certificate(signer, owner):
    """Tell whether the signed attributes name the signer's certificate (``signingCertificateV2``: RFC 5035, CAdES).

    :return: True or False; None when the attribute is absent or cannot be read.
    """
    try:
        name, value = _certificate_hash(signer.value(SIGNING_CERTIFICATE_V2))
        return digest(name, owner.raw) == value
    except (ber.Malformed, UnsupportedAlgorithm):
        return None


def _certificate_hash(attribute):
    """Return the name of the hash, and the hash, of the first certificate of a ``SigningCertificateV2``: the signer's.
    """
    if attribute is None:
        raise ber.Malformed("no such attribute")
    identifiers = ber.children(ber.expect(attribute, ber.SEQUENCE), ber.SEQUENCE)[0]
    first, *others = ber.children(ber.children(identifiers, ber.SEQUENCE)[0], None)
    if first.tag == ber.OCTET_STRING:
        return 'sha256', first.body
    name = DIGESTS.get(ber.algorithm(first)[0])
    if name is None or not others:
        raise ber.Malformed("no hash of a certificate")
    return name, ber.expect(others[0], ber.OCTET_STRING).body


# ------------------------------------------------------------ verifying

def digest(name, data):
    """Return a hash of bytes-like data.

    :param str name: key of ``HASHES``.
    """
    context = hash_context(name)
    context.update(data)
    return context.finalize()


def hash_context(name):
    """Return a hash that data can be added to: ``update``, ``copy``, ``finalize``."""
    return hashes.Hash(HASHES[name]())


def verify(signer, owner, content, digests):
    """Verify a signature (RFC 5652, 5.4 to 5.6).

    :param SignerInfo signer: the signature.
    :param certificate.Certificate owner: whose key made it.
    :param memoryview content: the content of the message.
    :param dict digests: hashes of the content by name, kept between the signers of one message.
    :return: the size of an RSA key in bits, or None.
    :raise Broken: it is not good.
    :raise ber.Malformed: it cannot be read.
    """
    kind = SIGNATURES.get(signer.algorithm, (None,))[0]
    if not kind or signer.hash_name is None or (signer.signed and signer.digest is None):
        raise Broken('unsupported_algorithm')
    try:
        verify_with_key, bits = _KEYS[kind](signer, owner.key)
        if not signer.signed:
            candidates = [content]
        else:
            _check_message_digest(signer, content, digests)
            candidates = _signed_bytes(signer.signed)
        if not any(_is_good(verify_with_key, candidate) for candidate in candidates):
            raise Broken('signature_invalid')
    except UnsupportedAlgorithm:
        raise Broken('unsupported_algorithm') from None
    return bits


def _is_good(verify_with_key, data):
    try:
        verify_with_key(data)
    except (InvalidSignature, ValueError):  # ValueError: a hash too long for the key, a salt too long
        return False
    return True


def _check_message_digest(signer, content, digests):
    """Compare the hash that was signed with the content's."""
    value = signer.value(MESSAGE_DIGEST)
    if value is None:
        raise ber.Malformed("no message digest")
    if signer.digest not in digests:
        digests[signer.digest] = digest(signer.digest, content)
    if digests[signer.digest] != ber.expect(value, ber.OCTET_STRING).body:
        raise Broken('tampered')


def _signed_bytes(attributes):
    """Return what may have been signed: the attributes as they are stored, and in the order of DER.

    The tag of a SET stands in the place of their own (RFC 5652, 5.4). They should have been signed and stored in the
    order of DER; some only sign them so, others do neither.
    """
    yield b'\x31' + bytes(attributes.raw[1:])
    body = b''.join(sorted(bytes(attribute.raw) for attribute in ber.children(attributes)))
    size = len(body).to_bytes(4, 'big').lstrip(b'\0') or b'\0'
    yield b'\x31' + (size if len(body) < 0x80 else bytes([0x80 | len(size)]) + size) + body


def _rsa(signer, key):
    """Return what verifies some bytes with an RSA key, and the key's size in bits."""
    (name, _parameters), encoded = _key_parts(key)
    modulus, exponent = map(ber.integer, ber.children(ber.parse(encoded), ber.INTEGER, ber.INTEGER, most=2))
    bits = modulus.bit_length()
    if (name not in RSA_KEYS or modulus < 0 or exponent < 3 or bits not in RSA_BITS
            or exponent.bit_length() > MAX_RSA_EXPONENT_BITS):
        raise Broken('unsupported_key')
    try:
        public_key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        raise Broken('unsupported_key') from None
    scheme, algorithm = padding.PKCS1v15(), HASHES[signer.hash_name]()
    if signer.algorithm == RSA_PSS:
        _name, mask_name, salt = _pss_parameters(signer.parameters)
        scheme = padding.PSS(mgf=padding.MGF1(HASHES[mask_name]()), salt_length=salt)
    return lambda data: public_key.verify(signer.signature, data, scheme, algorithm), bits


def _ec(signer, key):
    """Return what verifies some bytes with a key on an elliptic curve, and None."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - takes a while and is rarely needed
    (name, parameters), encoded = _key_parts(key)
    # A curve that is not named but spelled out could be anything (RFC 5480 forbids it).
    curve = parameters and parameters.tag == ber.OBJECT_IDENTIFIER and CURVES.get(ber.identifier(parameters))
    if name != EC_KEY or not curve:
        raise Broken('unsupported_key')
    try:
        public_key = ec.EllipticCurvePublicKey.from_encoded_point(getattr(ec, curve)(), bytes(encoded))
    except ValueError:
        raise Broken('unsupported_key') from None
    algorithm = HASHES[signer.hash_name]()
    return lambda data: public_key.verify(signer.signature, data, ec.ECDSA(algorithm)), None


_KEYS = {'rsa': _rsa, 'ec': _ec}


def _key_parts(key):
    """Return the algorithm of a SubjectPublicKeyInfo, as ``ber.algorithm`` does, and its bits."""
    algorithm, encoded = ber.children(key, ber.SEQUENCE, ber.BIT_STRING, most=2)
    return ber.algorithm(algorithm), ber.bits(encoded)


def _pss_parameters(element):
    """Read RSASSA-PSS-params (RFC 4055, 3.1).

    :return: ``(hash, hash of the mask generation, bytes of salt)``; a hash is a key of ``HASHES`` or None.
    :raise ber.Malformed: they cannot be read, or are none that could be used.
    """
    name, mask_name, salt = 'sha1', 'sha1', 20
    fields = {
        field.tag: ber.parse(field.body)
        for field in ber.children(ber.expect(element, ber.SEQUENCE))} if element else {}
    if 0xA0 in fields:
        name = DIGESTS.get(ber.algorithm(fields[0xA0])[0])
    if 0xA1 in fields:
        function, of = ber.algorithm(fields[0xA1])
        mask_name = DIGESTS.get(ber.algorithm(of)[0]) if function == MGF1 and of else None
    if 0xA2 in fields:
        salt = ber.integer(fields[0xA2])
    if mask_name is None or not 0 <= salt <= MAX_SALT:
        raise ber.Malformed("not the parameters of PSS")
    return name, mask_name, salt

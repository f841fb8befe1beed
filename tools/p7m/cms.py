"""The signed messages of CMS (RFC 5652) and CAdES (ETSI EN 319 122-1): reading them, and verifying their signatures."""
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm

from . import ber, certificate
from .keys import DIGESTS, SIGNATURES, WEAK_HASHES, Broken, digest, get_verifier, read_scheme

SIGNED_DATA = '1.2.840.113549.1.7.2'
MESSAGE_DIGEST, SIGNING_TIME = '1.2.840.113549.1.9.4', '1.2.840.113549.1.9.5'
SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'  # RFC 5035

# What no honest file reaches.
MAX_SIGNERS = 32  # in one message
MAX_CERTIFICATES = 100
MAX_ATTRIBUTES = 100
MAX_ATTRIBUTES_SIZE = 256 * 1024  # bytes; the content is not among them
MAX_IDENTITY_SIZE = 8 * 1024  # bytes

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
    unsigned: ber.Element  # the attributes that are not signed, None when there are none

    @property
    def scheme(self):
        """How it is signed, as ``keys.Scheme``."""
        return read_scheme(self.algorithm, self.parameters, self.digest)

    @property
    def hash_name(self):
        """The hash that is signed, as a key of HASHES; None when it is not known."""
        return self.scheme.hash_name

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
        signed, read_attributes(signed) if signed else {},
        algorithm, parameters, bytes(ber.expect(rest[1], ber.OCTET_STRING).body),
        next((field for field in rest[2:] if field.tag == 0xA1), None),
    )


def _read_identity(element):
    """Read which certificate is the signer's: ``(issuer, its names, serial number, key identifier)``."""
    if element.tag == 0x80:
        return None, None, None, bytes(element.body)
    issuer, serial = ber.children(ber.expect(element, ber.SEQUENCE), ber.SEQUENCE, ber.INTEGER, most=2)
    return bytes(issuer.raw), certificate.comparable(certificate.read_names(issuer)), ber.integer(serial), None


def read_attributes(element):
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

    :return: True or False; None when the attribute is absent, cannot be read, or names it by a hash that can be forged.
    """
    try:
        name, value = _certificate_hash(signer.value(SIGNING_CERTIFICATE_V2))
        is_named = digest(name, owner.raw) == value
        return None if is_named and name in WEAK_HASHES else is_named
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
    if signer.signed and signer.digest is None:
        raise Broken('unsupported_algorithm')
    is_good, bits = get_verifier(owner.key, signer.scheme, signer.signature)
    candidates = [content]
    if signer.signed:
        _check_message_digest(signer, content, digests)
        candidates = _signed_bytes(signer.signed)
    if not any(map(is_good, candidates)):
        raise Broken('signature_invalid')
    return bits


def _check_message_digest(signer, content, digests):
    """Compare the hash that was signed with the content's."""
    value = signer.value(MESSAGE_DIGEST)
    if value is None:
        raise ber.Malformed("no message digest")
    if signer.digest not in digests:
        try:
            digests[signer.digest] = digest(signer.digest, content)
        except UnsupportedAlgorithm:
            raise Broken('unsupported_algorithm') from None
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

"""What X.509 signs alike: certificates, revocation lists, answers about one certificate; and what certificates name."""
from typing import NamedTuple

from ..p7m import ber, certificate, keys

# Extensions (RFC 5280)
BASIC_CONSTRAINTS, CRL_POINTS, POLICIES = '2.5.29.19', '2.5.29.31', '2.5.29.32'
AUTHORITY_KEY, EXTENDED_USAGE, AUTHORITY_ACCESS = '2.5.29.35', '2.5.29.37', '1.3.6.1.5.5.7.1.1'
OCSP = '1.3.6.1.5.5.7.48.1'  # a way of access
SIGNS_CERTIFICATES = 0x04  # in the first byte of a key usage
BOOLEAN, URI = 0x01, 0x86
MAX_ADDRESSES = 10  # of a kind that a certificate names
MAX_ADDRESS = 1000  # characters


class Signed(NamedTuple):
    """Something signed (RFC 5280, 4.1: ``SIGNED``)."""

    data: ber.Element  # what is signed
    scheme: keys.Scheme
    signature: bytes
    rest: list  # elements that follow, of answers

    @property
    def weak_hash(self):
        """The name of a hash that can be forged, '' for a good one."""
        return keys.WEAK_HASHES.get(self.scheme.hash_name, '')

    def verify(self, key):
        """Verify it with a key (SubjectPublicKeyInfo).

        :return: ``(whether it was made with that key, size of an RSA key in bits or None)``. A key or an algorithm that
            is not in use verifies nothing.
        """
        try:
            is_good, bits = keys.get_verifier(key, self.scheme, self.signature)
            return is_good(self.data.raw), bits
        except (keys.Broken, ber.Malformed):
            return False, None


def read_signed(element):
    """Read something signed; nothing is verified.

    :param ber.Element element: what :class:`Signed` says.
    :rtype: Signed
    :raise ber.Malformed: it is something else.
    """
    data, algorithm, signature, *rest = ber.children(
        ber.expect(element, ber.SEQUENCE), ber.SEQUENCE, ber.SEQUENCE, ber.BIT_STRING)
    return Signed(data, keys.read_scheme(*ber.algorithm(algorithm)), bytes(ber.bits(signature)), rest)


def read_certificate(encoded):
    """Read a certificate (bytes); raise :exc:`ber.Malformed` when it cannot be read."""
    return certificate.read(ber.parse(encoded))


def get_fingerprint(encoded):
    """Return the SHA-256 of a certificate (bytes), hexadecimal."""
    return keys.digest('sha256', encoded).hex()


def get_name_key(names):
    """Return a name as it is looked up.

    :param dict names: as ``certificate.comparable`` returns them.
    :rtype: str
    """
    return '\n'.join(f'{name}={value}' for name, value in sorted(names.items()))


def is_authority(owner):
    """Tell whether a certificate says that it may issue others (RFC 5280, 4.2.1.9 and 4.2.1.3)."""
    is_ca = certificate.read_extension(owner.extensions, BASIC_CONSTRAINTS, lambda value: any(
        field.tag == BOOLEAN and any(field.body) for field in ber.children(value)[:1]))
    return bool(is_ca) and (owner.key_usage is None or bool(owner.key_usage & SIGNS_CERTIFICATES))


def get_policies(owner):
    """Return the policies that a certificate names (set of dotted identifiers)."""
    return certificate.read_extension(owner.extensions, POLICIES, lambda value: {
        ber.identifier(ber.children(policy, ber.OBJECT_IDENTIFIER)[0]) for policy in ber.children(value)}) or set()


def get_extended_usages(owner):
    """Return what a certificate is for besides its key usage (set of dotted identifiers); empty when it does not say.
    """
    return certificate.read_extension(
        owner.extensions, EXTENDED_USAGE, lambda value: set(map(ber.identifier, ber.children(value)))) or set()


def get_authority_key(owner):
    """Return the identifier of the key with which a certificate says that it was issued (bytes), or None."""
    return certificate.read_extension(owner.extensions, AUTHORITY_KEY, lambda value: next(
        (bytes(field.body) for field in ber.children(value) if field.tag == 0x80), None))


def get_answer_addresses(owner):
    """Return where one may ask about a certificate.

    :return: addresses (list of str) as the certificate writes them; only those of http and https.
    """
    def read(value):
        for description in ber.children(value, most=2 * MAX_ADDRESSES):
            name, place = ber.children(description, ber.OBJECT_IDENTIFIER, None, most=2)
            if ber.identifier(name) == OCSP:
                yield place

    return _get_addresses(certificate.read_extension(owner.extensions, AUTHORITY_ACCESS, lambda value: [*read(value)]))


def get_list_addresses(owner):
    """Return where the revocation lists are that say all about a certificate, as :func:`get_answer_addresses` does."""
    return _get_addresses(certificate.read_extension(
        owner.extensions, CRL_POINTS, lambda value: [
            name for point in ber.children(value, most=MAX_ADDRESSES) for name in _read_point(point)]))


def _read_point(point):
    """Return the names of a distribution point, none when it has only some reasons, or another's list."""
    fields = {field.tag: field for field in ber.children(point)}
    if 0xA0 not in fields or 0x81 in fields or 0xA2 in fields:
        return []
    return read_point_name(fields[0xA0])


def read_point_name(element):
    """Return the full names of a DistributionPointName (RFC 5280, 4.2.1.13)."""
    return [name for full in ber.children(element)[:1] if full.tag == 0xA0 for name in ber.children(
        full, most=MAX_ADDRESSES)]


def read_address(name):
    """Return the address of a GeneralName, '' when it is none."""
    text = bytes(name.body).decode('ascii', 'replace') if name.tag == URI and len(name.body) <= MAX_ADDRESS else ''
    return text if text.isascii() and text.isprintable() else ''


def _get_addresses(names):
    addresses = dict.fromkeys(map(read_address, names or ()))
    return [address for address in addresses if address.lower().startswith(('http://', 'https://'))][:MAX_ADDRESSES]

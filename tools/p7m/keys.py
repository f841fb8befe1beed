"""Public keys and what was signed with them: files, certificates, revocation lists, answers on them.

Only the numbers of a public key are given to ``cryptography``: strict parsers of certificates choke on odd ones, and
only so the size of a hostile key can be bounded before anything is computed with it.
"""
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from . import ber

RSA_PSS, MGF1 = '1.2.840.113549.1.1.10', '1.2.840.113549.1.1.8'
RSA_BITS = range(1024, 8193)  # no honest key is smaller or larger
GOOD_RSA_BITS = 2048  # ETSI TS 119 312
MAX_RSA_EXPONENT_BITS = 64
MAX_SALT = 512  # bytes

HASHES = {
    'md5': hashes.MD5, 'sha1': hashes.SHA1,
    'sha224': hashes.SHA224, 'sha256': hashes.SHA256, 'sha384': hashes.SHA384, 'sha512': hashes.SHA512,
    'sha3_224': hashes.SHA3_224, 'sha3_256': hashes.SHA3_256, 'sha3_384': hashes.SHA3_384, 'sha3_512': hashes.SHA3_512,
}
WEAK_HASHES = {'md5': "MD5", 'sha1': "SHA-1"}  # which can be forged; as they are called
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


class Scheme(NamedTuple):
    """How something is signed."""

    kind: str  # of key: ``rsa`` or ``ec``; None when the algorithm is not known
    hash_name: str  # key of ``HASHES``; None when it is not known
    pss: tuple = None  # of RSASSA-PSS: hash of the mask generation, bytes of salt


def read_scheme(algorithm, parameters, digest_name=None):
    """Read how something is signed from the algorithm of its signature.

    :param str algorithm: dotted identifier.
    :param ber.Element parameters: those of the algorithm, or None.
    :param str digest_name: the hash, as a key of ``HASHES``, where the algorithm implies none.
    :rtype: Scheme
    :raise ber.Malformed: the parameters cannot be read.
    """
    kind, hash_name = SIGNATURES.get(algorithm, (None, None))
    if algorithm == RSA_PSS:
        hash_name, *pss = _pss_parameters(parameters)
        return Scheme(kind, hash_name, tuple(pss))
    return Scheme(kind, hash_name or digest_name)


def get_verifier(key, scheme, signature):
    """Return what verifies a signature with a key.

    :param ber.Element key: SubjectPublicKeyInfo.
    :param Scheme scheme: how it was signed.
    :param bytes signature: as the algorithm's standard encodes it.
    :return: ``(function of bytes-like data that tells whether they were signed, size of an RSA key in bits or None)``.
    :raise Broken: ``unsupported_algorithm`` or ``unsupported_key``; the function raises the former.
    :raise ber.Malformed: the key cannot be read.
    """
    if not scheme.kind or scheme.hash_name is None:
        raise Broken('unsupported_algorithm')
    verify, bits = _with_supported(_KEYS[scheme.kind], key, scheme, signature)

    def is_good(data):
        try:
            _with_supported(verify, data)
        except (InvalidSignature, ValueError):  # ValueError: a hash too long for the key, a salt too long
            return False
        return True

    return is_good, bits


def _with_supported(function, *arguments):
    try:
        return function(*arguments)
    except UnsupportedAlgorithm:
        raise Broken('unsupported_algorithm') from None


def _rsa(key, scheme, signature):
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
    padded, algorithm = padding.PKCS1v15(), HASHES[scheme.hash_name]()
    if scheme.pss:
        mask_name, salt = scheme.pss
        padded = padding.PSS(mgf=padding.MGF1(HASHES[mask_name]()), salt_length=salt)
    return lambda data: public_key.verify(signature, data, padded, algorithm), bits


def _ec(key, scheme, signature):
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
    algorithm = HASHES[scheme.hash_name]()
    return lambda data: public_key.verify(signature, data, ec.ECDSA(algorithm)), None


_KEYS = {'rsa': _rsa, 'ec': _ec}


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

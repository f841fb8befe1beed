"""What is kept of secrets: sealed values, tokens that are derived and not kept, digests.

All depend on one secret of the database.
"""
import base64
import functools
import hashlib
import hmac
import re

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# What stood for a token before fingerprints were keyed: 8 digits of its bare hash.
_EARLIER_FINGERPRINT = re.compile(r'\?([0-9a-f]{8})(?![0-9a-f])')


@functools.lru_cache(maxsize=16)
def derive_key(secret, purpose):
    """Return the key for a purpose (32 bytes); no key discloses another one, nor the secret.

    :param str secret: the database's.
    :param str purpose: what the key is for.
    """
    if not secret:
        raise ValueError("The database has no secret")
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f'l10n_it_openapi_pec {purpose}'.encode()).derive(
        secret.encode())


def _get_box(secret):
    return Fernet(base64.urlsafe_b64encode(derive_key(secret, 'seal')))


def seal(secret, value):
    """Encrypt a value, so that without the secret it can be neither read nor changed.

    The same value looks different each time.

    :rtype: str
    """
    return _get_box(secret).encrypt(value.encode()).decode()


def unseal(secret, sealed):
    """Return the value that was sealed; None when it cannot be read, such as with another secret."""
    try:
        return _get_box(secret).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def derive_token(secret, purpose, *parts):
    """Return the token of a thing (64 hexadecimal digits): always the same, and not to be guessed.

    :param str purpose: what the token opens.
    :param parts: what distinguishes the thing from others: numbers and names.
    """
    return hmac.new(derive_key(secret, purpose), '\0'.join(map(str, parts)).encode(), hashlib.sha256).hexdigest()


def digest_token(token):
    """Return what is kept of a random token that was given out: it recognises the token, and does not disclose it."""
    return hashlib.sha256(token.encode()).hexdigest()


def fingerprint(secret, token):
    """Return what distinguishes a token from others (16 hexadecimal digits).

    Without the secret no guess can be tried against it.
    """
    return _key_fingerprint(secret, digest_token(token)[:8])


def key_earlier_fingerprints(secret, text):
    """Return a text with the fingerprints that earlier versions wrote as they are written now."""
    return _EARLIER_FINGERPRINT.sub(lambda match: '?' + _key_fingerprint(secret, match[1]), text)


def _key_fingerprint(secret, short_digest):
    return derive_token(secret, 'fingerprint', short_digest)[:16]

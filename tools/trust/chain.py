"""From a certificate to a service of a trusted list."""
from typing import NamedTuple

from ..p7m import ber
from ..p7m.certificate import Certificate
from . import signed
from .findings import TrustError

MAX_LINKS = 4
MAX_CANDIDATES = 8  # with the name of an issuer, in one file


class Link(NamedTuple):
    """A certificate and who issued it."""

    certificate: Certificate
    issuer: Certificate
    bits: int  # of the issuer's RSA key, or None

    @property
    def fingerprint(self):
        """That of the certificate: under it, what became known of its revocation is kept."""
        return signed.get_fingerprint(self.certificate.raw)


class Chain(NamedTuple):
    """A certificate that leads to a list."""

    links: tuple  # of Link; the issuer of the last one is in the list
    entries: list  # of services.Entry: the services with the key that issued it

    @property
    def trusted_list(self):
        """The list that it leads to."""
        return self.entries[0].trusted_list


class NoChain(TrustError):
    """A certificate that leads to no list.

    :param str code: ``issuer_not_listed``, ``issuer_forged`` or ``weak_certificate``.
    """


def find_chain(leaf, certificates, authorities):
    """Follow a certificate to a service of a list; there it ends, whoever has issued that one.

    Of the service's own certificate nothing is asked but its name and its key: many in the lists are no CA by what they
    say, or expired (ETSI TS 119 615).

    :param Certificate leaf: where it begins.
    :param list certificates: others that may be on the way.
    :param services.Authorities authorities: the lists.
    :rtype: Chain
    :raise NoChain: it leads to none.
    """
    links = ()
    for _link in range(MAX_LINKS):
        last = links[-1].issuer if links else leaf
        made = _read_made(last)
        entries = _find_issuers(last, made, authorities)
        if entries:
            issuer, bits = entries[0][1:]
            links = (*links, Link(last, issuer, bits))
            return Chain(links, [entry for entry, *_rest in entries])
        if not links and _claims_listed_key(last, authorities):
            raise NoChain('issuer_forged')
        candidates = [
            candidate for candidate in certificates
            if candidate.subject_key == last.issuer_key and signed.is_authority(candidate)
            and candidate.valid_from <= last.valid_from <= candidate.valid_until]
        issuer = next((
            candidate for candidate in candidates[:MAX_CANDIDATES] if made.verify(candidate.key)[0]), None)
        if issuer is None:
            break
        links = (*links, Link(last, issuer, made.verify(issuer.key)[1]))
    raise NoChain('issuer_not_listed')


def _read_made(owner):
    """Return how a certificate was signed."""
    try:
        made = signed.read_signed(ber.parse(owner.raw))
    except ber.Malformed:
        raise NoChain('issuer_not_listed') from None
    if made.weak_hash:
        raise NoChain('weak_certificate', hash=made.weak_hash)
    return made


def _find_issuers(owner, made, authorities):
    """Return the services whose key signed a certificate: ``[(entry, certificate of the service, size of its key)]``.
    """
    found = []
    for entry in authorities.find(owner.issuer_key):
        issuer = entry.get_certificate()
        is_good, bits = made.verify(issuer.key)
        if is_good:
            found.append((entry, issuer, bits))
    return found


def _claims_listed_key(owner, authorities):
    """Tell whether a certificate says that it was issued with a key of a list, which it was not.

    An authority may have a new key that the list does not have yet: that is no forgery.
    """
    claimed = signed.get_authority_key(owner)
    return any(
        claimed is None or claimed == entry.get_certificate().key_identifier
        for entry in authorities.find(owner.issuer_key))

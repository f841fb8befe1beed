"""The time stamp in a signature (CAdES-T: ETSI EN 319 122-1, 5.3; RFC 3161), when a trusted list knows who made it.

It proves that the signature was there at that moment; what the signer says of the time is only said.
"""
import datetime
from typing import NamedTuple

from ..p7m import ber, cms, keys
from .chain import NoChain, find_chain
from .revocation import CLOCK_SKEW
from .services import TIME_STAMPS
from .signed import get_extended_usages

STAMP, CONTENT_TYPE = '1.2.840.113549.1.9.16.2.14', '1.2.840.113549.1.9.3'
STAMP_CONTENT, FOR_STAMPS = '1.2.840.113549.1.9.16.1.4', '1.3.6.1.5.5.7.3.8'
MAX_STAMPS = 2


class Stamp(NamedTuple):
    """When a signature was there at the latest."""

    moment: datetime.datetime  # aware
    provider: str  # who says so


def has_stamp(info):
    """Tell whether a signature (``cms.SignerInfo``) has a time stamp, whoever made it."""
    return bool(_get_tokens(info))


def find_stamp(info, since, authorities, now):
    """Return the earliest :class:`Stamp` of a signature that can be trusted, None when there is none.

    :param cms.SignerInfo info: the signature.
    :param datetime.datetime since: when the certificate of who signed began: nothing was there before.
    :param services.Authorities authorities: the lists, which must not be expired.
    :param datetime.datetime now: aware.
    """
    found = []
    for token in _get_tokens(info):
        try:
            stamp = _read_stamp(token, info.signature, authorities, now)
        except (ber.Malformed, keys.Broken, NoChain, ValueError):
            continue
        found += [stamp] if stamp and stamp.moment >= since else []
    return min(found, default=None)


def _get_tokens(info):
    try:
        return cms.read_attributes(info.unsigned).get(STAMP, [])[:MAX_STAMPS] if info.unsigned else []
    except ber.Malformed:
        return []


def _read_stamp(token, signature, authorities, now):
    """Return the stamp of a token, None when it is not to be trusted."""
    message = cms.read_signed_data(bytes(token.raw))
    (signer,) = message.signers
    owner = cms.find_certificate(signer, message.certificates)
    content_type = signer.value(CONTENT_TYPE)
    if (message.content is None or owner is None or content_type is None
            or ber.identifier(content_type) != STAMP_CONTENT):
        return None
    cms.verify(signer, owner, message.content, {})
    _version, _policy, imprint, _serial, moment, *_rest = ber.children(
        ber.parse(message.content), ber.INTEGER, ber.OBJECT_IDENTIFIER, ber.SEQUENCE, ber.INTEGER, ber.GENERALIZED_TIME)
    algorithm, digest = ber.children(imprint, ber.SEQUENCE, ber.OCTET_STRING)
    hash_name, moment = keys.DIGESTS.get(ber.algorithm(algorithm)[0]), ber.moment(moment)
    if (hash_name is None or keys.WEAK_HASHES.keys() & {hash_name, signer.digest, signer.hash_name}
            or keys.digest(hash_name, signature) != digest.body or cms.names_certificate(signer, owner) is False
            or FOR_STAMPS not in get_extended_usages(owner)
            or not owner.valid_from <= moment <= min(owner.valid_until, now + CLOCK_SKEW)):
        return None
    return next((
        Stamp(moment, entry.service.provider) for entry in _find_services(owner, message.certificates, authorities)
        if not entry.trusted_list.is_expired(now) and _makes_stamps(entry.service, moment)), None)


def _find_services(owner, certificates, authorities):
    """Return the entries of a list that stand for who made a stamp: himself, or who issued his certificate."""
    own = [entry for entry in authorities.find(owner.subject_key) if entry.get_certificate().key.raw == owner.key.raw]
    return own or find_chain(owner, certificates, authorities).entries


def _makes_stamps(service, moment):
    period = service.get_period(moment)
    return period is not None and period.kind == TIME_STAMPS and period.is_granted(moment)

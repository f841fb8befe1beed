"""Verifying a signature beyond the file: the steps, each with what it found."""
import datetime
from typing import NamedTuple

from ..p7m import certificate, cms
from ..p7m.judging import net
from ..p7m.opening import MAX_SIZE, open_file
from .chain import GOOD_RSA_BITS, NoChain, find_chain
from .findings import Verdict, find
from .qualifying import FOR_SIGNATURES, get_quality
from .revocation import REVOKED, SUSPENDED, UNKNOWN
from .services import QUALIFIED_CERTIFICATES, REGULATION
from .stamps import find_stamp, has_stamp

# By how much a signer's clock may be ahead of who asked about the certificate right after he had signed.
CLOCK_AHEAD = datetime.timedelta(minutes=10)
# How long an answer speaks of the present: it is asked again each day.
FRESH = datetime.timedelta(hours=30)


class Signature(NamedTuple):
    """A signature of a file."""

    certificate: certificate.Certificate  # None when the file does not hold it
    certificates: list  # all that are beside it
    info: cms.SignerInfo


def open_signatures(content, max_size=MAX_SIZE):
    """Return the signatures of a file, the outermost first; whether they are good, ``p7m.judge`` says.

    :param bytes content: the file, as uploaded.
    :rtype: list[Signature]
    :raise P7mError: it cannot be opened.
    """
    with net():
        return [
            Signature(cms.find_certificate(info, layer.certificates), layer.certificates, info)
            for layer in open_file(content, max_size).layers for info in layer.signers]


def judge(signatures, authorities, *, now, statuses=None):
    """Verify signatures beyond the file. Nothing is fetched.

    :param signatures: of :class:`Signature`, as :func:`open_signatures` returns them.
    :param services.Authorities authorities: the trusted lists that are here.
    :param datetime.datetime now: aware.
    :param Mapping statuses: what became known of revocations, as ``asking.ask`` returns it for the verdict's ``links``.
    :rtype: Verdict
    :raise P7mError: ``unreadable``: a mistake of this program, which no file should bring out.
    """
    with net():
        verdicts = [_judge(signature, authorities, now, statuses or {}) for signature in signatures]
    findings = [finding for verdict in verdicts for finding in verdict.findings]
    links = {link.fingerprint: link for verdict in verdicts for link in verdict.links}
    return Verdict(
        [finding for place, finding in enumerate(findings) if finding not in findings[:place]], tuple(links.values()),
        next((verdict.territory for verdict in verdicts if verdict.territory), ''))


def _judge(signature, authorities, now, statuses):
    """Verify one signature."""
    owner = signature.certificate
    if owner is None:
        return Verdict([find('certificate_missing')])
    values = {'signer': owner.name, 'issuer': owner.issuer_name}
    try:
        chain = find_chain(owner, signature.certificates, authorities)
    except NoChain as error:
        return _judge_unlisted(owner, error, authorities, now, values)
    present = [entry for entry in chain.entries if not entry.trusted_list.is_expired(now)]
    if not present:
        return Verdict([_find_outdated('list_expired', chain.trusted_list, values)], (), chain.trusted_list.territory)
    chain = chain._replace(entries=present)
    stamp = find_stamp(signature.info, authorities, now)
    findings = [*_judge_services(owner, chain, stamp.moment if stamp else now, values)]
    if stamp:
        findings.append(find('stamped', stamped_at=stamp.moment, provider=stamp.provider, **values))
    elif has_stamp(signature.info):
        findings.append(find('time_stamp_not_trusted', **values))
    for link in chain.links:
        findings.append(_judge_status(
            link, statuses.get(link.fingerprint), signature.info.signed_at, stamp and stamp.moment, now))
    return Verdict(findings, chain.links)


def _find_outdated(code, trusted_list, values):
    return find(
        code, territory=trusted_list.territory, sequence=str(trusted_list.sequence),
        next_update=trusted_list.next_update or trusted_list.issued, **values)


def _judge_unlisted(owner, error, authorities, now, values):
    """Judge a certificate that leads to no list: the list in which it would be may not be here, or be out of date."""
    code, territory = authorities.get_wanted(owner.issuer_key, now)
    if error.code != 'issuer_not_listed' or code is None:
        return Verdict([find(error.code, **values, **error.values)])
    if code == 'list_missing':
        return Verdict([find(code, territory=territory or '?', **values)], (), territory)
    return Verdict([_find_outdated(code, authorities.lists[territory], values)], (), territory)


def _judge_services(owner, chain, moment, values):
    """Judge what the list says of who issued a certificate, then and at a moment; yields findings."""
    granted = [entry for entry in chain.entries if _is_granted(entry.service, owner.valid_from)]
    lasting = [entry for entry in granted if _is_granted(entry.service, moment)]
    speaking = (lasting or granted or chain.entries)[0]
    values = {
        **values, 'provider': speaking.service.provider, 'territory': speaking.trusted_list.territory,
        'sequence': str(speaking.trusted_list.sequence), 'issued_on': owner.valid_from}
    weakest = min((link.bits for link in chain.links if link.bits), default=GOOD_RSA_BITS)
    if weakest < GOOD_RSA_BITS:
        yield find('weak_authority', bits=str(weakest), **values)
    if not granted:
        yield find('not_granted_at_issue', **values)
    elif not lasting:
        yield find('not_granted_now', since=speaking.service.get_period(moment).since, **values)
    else:
        yield from _judge_quality(owner, [entry.service for entry in lasting], moment, values)


def _is_granted(service, moment):
    period = service.get_period(moment)
    return period is not None and period.kind == QUALIFIED_CERTIFICATES and period.is_granted


def _judge_quality(owner, services, moment, values):
    """Judge what the list says of a certificate of services that are granted; yields findings."""
    moments = [owner.valid_from, moment]
    fitting = [service for service in services if all(
        FOR_SIGNATURES in service.get_period(at).purposes for at in moments if at >= REGULATION)]
    qualities = [get_quality(owner, [service.get_period(at) for service in fitting]) for at in moments]
    if not fitting or not all(quality.is_for_signatures for quality in qualities):
        yield find('not_for_signatures_by_list', **values)
    elif not all(quality.is_qualified for quality in qualities):
        yield find('not_qualified_by_list', **values)
    elif not all(quality.is_clear for quality in qualities):
        yield find('qualifiers_unknown', **values)
    else:
        yield find('qualified', **values)
        if not qualities[-1].has_device:
            yield find('no_secure_device_by_list', **values)


def _judge_status(link, status, signed_at, stamped_at, now):
    """Return the finding of what is known of a revocation.

    What somebody says of when he signed proves nothing: without a time stamp only an answer about the present counts.

    :param datetime.datetime signed_at: when the signer says that he signed, or None.
    :param datetime.datetime stamped_at: when it was there at the latest, or None when nobody proves it.
    """
    owner = link.certificate
    values = {'signer': owner.name, 'issuer': owner.issuer_name}
    since = stamped_at or max(now - FRESH, signed_at - CLOCK_AHEAD if signed_at else now - FRESH)
    if status is None or (status.status not in (REVOKED, SUSPENDED) and status.checked_at < since):
        return find('revocation_not_asked', **values)
    if status.status == UNKNOWN:
        return find(status.problem, checked_at=status.checked_at, **values)
    values |= {'source': status.source, 'host': status.host, 'checked_at': status.checked_at}
    if status.revoked_at is None:
        return find('not_revoked', **values)
    values['revoked_at'] = status.revoked_at
    if stamped_at and stamped_at < status.revoked_at:
        return find('revoked_later', **values)
    if status.status == SUSPENDED:
        return find('suspended', **values)
    return find('revoked_since' if signed_at and signed_at < status.revoked_at else 'revoked', **values)

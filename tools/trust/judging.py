"""Verifying a signature beyond the file: the steps, each with what it found."""
import datetime
from typing import NamedTuple

from ..p7m import certificate, cms, keys
from ..p7m.findings import P7mError
from ..p7m.judging import net
from ..p7m.opening import MAX_SIZE, open_file
from .chain import NoChain, find_chain
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


class _Looked(NamedTuple):
    """What is known of a signature but for whether its certificates were revoked."""

    findings: list
    links: tuple = ()
    signed_at: datetime.datetime = None  # as the signer says
    stamped_at: datetime.datetime = None  # when it was there at the latest, if anybody proves it
    territory: str = ''


def judge(files, authorities, *, now, read_statuses=None):
    """Verify the signatures of files beyond the files. Nothing is fetched.

    :param files: bytes, which ``p7m.judge`` could open, or lists of :class:`Signature`.
    :param services.Authorities authorities: the trusted lists that are here.
    :param datetime.datetime now: aware.
    :param read_statuses: a function of ``links`` (of all files, called once) that returns what became known of their
        revocation, as ``asking.ask`` does. None: nothing is known.
    :return: a verdict for each file; of a signature that cannot be judged by a mistake of this program, that.
    :rtype: list[Verdict]
    """
    looked = [_look_into(file, authorities, now) for file in files]
    links = {link.fingerprint: link for file in looked for one in file for link in one.links}
    statuses = read_statuses(tuple(links.values())) if links and read_statuses else {}
    return [_conclude(file, statuses, now) for file in looked]


def _look_into(file, authorities, now):
    """Look at the signatures of a file (list of :class:`_Looked`)."""
    try:
        signatures = open_signatures(file, len(file)) if isinstance(file, bytes) else file
    except P7mError:  # a mistake of this program, which is logged
        return [_Looked([find('verification_failed')])]
    return [_look_safely(signature, authorities, now) for signature in signatures]


def _look_safely(signature, authorities, now):
    """Look at one signature; a mistake of this program takes nothing from what is found of the others."""
    try:
        with net():
            return _look(signature, authorities, now)
    except P7mError:
        return _Looked([find('verification_failed')])


def _conclude(looked, statuses, now):
    """Return the verdict of a file, now that it is known which certificates were revoked."""
    findings = [finding for one in looked for finding in (*one.findings, *(
        _judge_status(link, statuses.get(link.fingerprint), one, now) for link in one.links))]
    links = {link.fingerprint: link for one in looked for link in one.links}
    return Verdict(
        [finding for place, finding in enumerate(findings) if finding not in findings[:place]], tuple(links.values()),
        next((one.territory for one in looked if one.territory), ''))


def _look(signature, authorities, now):
    """Look at one signature."""
    owner = signature.certificate
    if owner is None:
        return _Looked([find('certificate_missing')])
    values = owner.described
    try:
        chain = find_chain(owner, signature.certificates, authorities)
    except NoChain as error:
        return _judge_unlisted(owner, error, authorities, now, values)
    present = [entry for entry in chain.entries if not entry.trusted_list.is_expired(now)]
    if not present:
        territory = chain.trusted_list.territory
        return _Looked([_find_outdated('list_expired', chain.trusted_list, values)], territory=territory)
    chain = chain._replace(entries=present)
    stamp = find_stamp(signature.info, owner.valid_from, authorities, now)
    findings = [*_judge_services(owner, chain, stamp.moment if stamp else now, values)]
    if stamp:
        findings.append(find('stamped', stamped_at=stamp.moment, provider=stamp.provider, **values))
    elif has_stamp(signature.info):
        findings.append(find('time_stamp_not_trusted', **values))
    return _Looked(findings, chain.links, signature.info.signed_at, stamp and stamp.moment)


def _find_outdated(code, trusted_list, values):
    return find(
        code, territory=trusted_list.territory, sequence=str(trusted_list.sequence),
        next_update=trusted_list.next_update or trusted_list.issued, **values)


def _judge_unlisted(owner, error, authorities, now, values):
    """Judge a certificate that leads to no list: the list in which it would be may not be here, or be out of date."""
    code, territory = authorities.get_wanted(owner.issuer_key, now)
    if error.code != 'issuer_not_listed' or code is None:
        return _Looked([find(error.code, **values, **error.values)])
    if code == 'list_expired':
        return _Looked([_find_outdated(code, authorities.lists[territory], values)], territory=territory)
    return _Looked([find(code, territory=territory or '?', **values)], territory=territory)


def _judge_services(owner, chain, moment, values):
    """Judge what the list says of who issued a certificate, then and at a moment; yields findings."""
    granted = [entry for entry in chain.entries if _is_granted(entry.service, owner.valid_from)]
    lasting = [entry for entry in granted if _is_granted(entry.service, moment)]
    speaking = (lasting or granted or chain.entries)[0]
    values = {
        **values, 'provider': speaking.service.provider, 'territory': speaking.trusted_list.territory,
        'sequence': str(speaking.trusted_list.sequence), 'issued_on': owner.valid_from}
    weakest = min((link.bits for link in chain.links if link.bits), default=keys.GOOD_RSA_BITS)
    if weakest < keys.GOOD_RSA_BITS:
        yield find('weak_authority', bits=str(weakest), **values)
    if not granted:
        yield find('not_granted_at_issue', **values)
    elif not lasting:
        yield find('not_granted_now', since=speaking.service.get_period(moment).since, **values)
    else:
        yield from _judge_quality(owner, [entry.service for entry in lasting], moment, values)


def _is_granted(service, moment):
    period = service.get_period(moment)
    return period is not None and period.kind == QUALIFIED_CERTIFICATES and period.is_granted(moment)


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


def _judge_status(link, status, looked, now):
    """Return the finding of what is known of a revocation.

    What somebody says of when he signed proves nothing: without a time stamp only an answer about the present counts.
    Nor does what was told before he signed say that his certificate was good when he did; of the authorities above him
    it counts, since they publish once in some months.

    :param _Looked looked: what is known of the signature.
    """
    owner, signed_at, stamped_at = link.certificate, looked.signed_at, looked.stamped_at
    values = owner.described
    signed = stamped_at or (signed_at and signed_at - CLOCK_AHEAD)
    since = stamped_at or max(now - FRESH, signed or now - FRESH)
    if status is None or (status.status not in (REVOKED, SUSPENDED) and status.checked_at < since):
        return find('revocation_not_asked', **values)
    if status.status == UNKNOWN:
        return find(status.problem, checked_at=status.checked_at, **values)
    values |= {'source': status.source, 'host': status.host, 'checked_at': status.checked_at}
    if status.revoked_at is None:
        is_told_before = link is looked.links[0] and signed and status.told_at < signed
        return find('revocation_told_before' if is_told_before else 'not_revoked', told_at=status.told_at, **values)
    values['revoked_at'] = status.revoked_at
    if stamped_at and stamped_at < status.revoked_at:
        return find('revoked_later', **values)
    if status.status == SUSPENDED:
        return find('suspended', **values)
    return find('revoked_since' if signed_at and signed_at < status.revoked_at else 'revoked', **values)

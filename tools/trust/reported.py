"""What somebody else has found in a signed file, judged in the steps in which a person is told of it.

Its words are documented by one example each: what they mean is known of a few alone. What is not known, or is not said
of the very certificates of the file, is told as that, and never as good.
"""
import datetime

from ..finding import ERROR
from .findings import Verdict, find
from .signed import get_fingerprint

VALID, REVOKED, SUSPENDED, INVALID = 'VALID', 'REVOKED', 'SUSPENDED', 'INVALID'
# status of a certificate -> finding
STATUSES = {
    VALID: 'openapi_not_revoked', REVOKED: 'openapi_revoked', SUSPENDED: 'openapi_suspended',
    INVALID: 'openapi_not_valid'}
LASTS = datetime.timedelta(days=7)  # how long a report speaks of the present
NOTHING = '–'  # in the place of a word that is not told


def judge_report(signatures, report, *, checked_at, now):
    """Judge a report on the signatures of a file.

    :param signatures: of ``judging.Signature``, as ``judging.open_signatures`` returns them.
    :param report: as ``tools.api.signature_report.Report``.
    :param datetime.datetime checked_at: when it was made; aware.
    :param datetime.datetime now: aware: what was not revoked long ago may be by now.
    :rtype: Verdict
    """
    owners = [signature.certificate for signature in signatures if signature.certificate]
    unreported, findings, is_old = list(owners), [], checked_at < now - LASTS
    for told in report.signatures:
        owner = next((owner for owner in owners if _is_about(told, owner)), None)
        values = {'signer': told.subject or NOTHING, 'issuer': told.issuer or NOTHING, 'checked_at': checked_at}
        if owner:
            values |= owner.described
        # What is said of somebody else speaks for nobody here; what it says against the file is heard.
        findings += [found for found in _judge_signature(told, values, is_old) if owner or found.level == ERROR]
        if owner in unreported:
            unreported.remove(owner)
    findings += [find('openapi_unreported', checked_at=checked_at, **owner.described) for owner in unreported]
    if report.is_verified is False:
        findings.append(find('openapi_not_verified', checked_at=checked_at))
    elif report.is_verified is None or report.unread:
        findings.append(find('openapi_incomplete', checked_at=checked_at))
    return Verdict([found for place, found in enumerate(findings) if found not in findings[:place]])


def _is_about(told, owner):
    """Return whether an entry of a report is about a certificate: as far as it can be, by the certificate itself."""
    if told.certificate:
        return told.certificate == get_fingerprint(owner.raw)
    return bool(told.serial) and int(told.serial) == owner.serial


def _judge_signature(told, values, is_old):
    """Judge what is told of one signature; yields findings."""
    yield find({True: 'openapi_whole', False: 'openapi_not_whole'}.get(told.is_whole, 'openapi_whole_untold'), **values)
    yield from _judge_issuer(told, values)
    if told.revoked_at:
        yield find('openapi_revoked_on', revoked_at=datetime.datetime.fromisoformat(told.revoked_at), **values)
    elif is_old and told.status == VALID:
        yield find('openapi_not_revoked_then', **values)
    elif told.status in STATUSES:
        yield find(STATUSES[told.status], **values)
    else:
        yield find('openapi_status_untold', word=told.status or NOTHING, **values)


def _judge_issuer(told, values):
    """Judge what is told of who issued a certificate, and what for; yields findings."""
    if told.issuer_status in (REVOKED, INVALID):
        yield find('openapi_issuer_revoked', **values)
    if told.is_listed is False:
        yield find('openapi_not_listed', **values)
    elif told.compliance == INVALID:
        yield find('openapi_not_qualified', **values)
    elif told.is_listed and told.compliance == VALID and told.issuer_status in (VALID, ''):
        yield find('openapi_qualified', **values)
        if told.device == INVALID:
            yield find('openapi_no_device', **values)
        elif told.device != VALID:
            yield find('openapi_device_untold', word=told.device or NOTHING, **values)
    else:
        word = told.issuer_status if told.compliance == VALID else told.compliance
        yield find('openapi_qualified_untold', word=NOTHING if word in ('', VALID) else word, **values)

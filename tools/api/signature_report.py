"""What the esignature API reports of a signed document that it has verified, read into small structures.

Its words are documented by one example each. They are kept as they come, and what they mean is judged elsewhere
(``tools/trust/reported``). What is not told is '' or None.
"""
import base64
import hashlib
import re
from typing import NamedTuple

from .errors import NotSent, OutcomeUnknown
from .signature_data import MAX_DOCUMENT
from .text import clean_word, mask_openers
from .values import as_dict, as_list, read_count, read_time

MOST_SIGNATURES = 50  # of a report that are read
MAX_CERTIFICATE = 40_000  # characters of one in base64
FLAGS = {True: True, False: False, 'true': True, 'false': False}
SERIAL = re.compile(r'[0-9]{1,50}')
LONGEST_NAME = 100


class ReportedSignature(NamedTuple):
    """What a report says of one signature. All of it is as JSON has it."""

    subject: str  # whose certificate it is, as people call him
    issuer: str
    certificate: str  # SHA-256 of the certificate
    serial: str  # number of the certificate, as the service writes it
    is_whole: bool | None
    status: str  # of the certificate
    revoked_at: str  # likewise; ISO 8601
    issuer_status: str
    is_listed: bool | None  # whether who issued it is in a trusted list
    compliance: str  # whether it is qualified
    device: str  # whether its key is in a qualified device


class Report(NamedTuple):
    """What the service found in a signed document."""

    is_verified: bool | None  # all in all
    signatures: list  # of ReportedSignature
    unread: int = 0  # entries that are none, or too many

    def dump(self):
        """Return it as JSON has it (dict)."""
        return {**self._asdict(), 'signatures': [signature._asdict() for signature in self.signatures]}


def load_report(kept):
    """Return a report from what :meth:`Report.dump` has returned."""
    return Report(**{**kept, 'signatures': [ReportedSignature(**signature) for signature in kept['signatures']]})


def make_verification(document):
    """Return the body of the request for a verification (dict).

    :param bytes document: signed.
    :raise NotSent: the document is empty or too large.
    """
    if not 0 < len(document) <= MAX_DOCUMENT:
        raise NotSent("The signed document is empty, or too large to be verified", reason='unverifiable')
    return {'inputDocument': base64.b64encode(document).decode(), 'recursive': True}


def describe_verification(document):
    """Return what may be kept of the request for a verification (dict): all but the document."""
    return {'size': len(document), 'sha256': hashlib.sha256(document).hexdigest(), 'recursive': True}


def read_report(data, secrets=()):
    """Read a report.

    :param data: of the answer; anything.
    :param secrets: strings to mask in its texts.
    :rtype: Report
    :raise OutcomeUnknown: it is none.
    """
    data = as_dict(data)
    entries = as_list(data.get('signatureReportList'))
    is_verified = _read_flag(data.get('overallVerified'))
    if is_verified is None and not entries:
        raise OutcomeUnknown("The service's answer holds no report on signatures", status=200, reason='no_report')
    read = [_read_signature(entry, secrets) for entry in entries[:MOST_SIGNATURES] if as_dict(entry)]
    told = read_count(data.get('nrOfSignatures')) or 0
    return Report(is_verified, read, max(len(entries), told) - len(read))


def _read_signature(entry, secrets):
    revoked_at = read_time(entry.get('signerCertificateRevocationDate'))
    names = [
        mask_openers(clean_word(_read_text(entry.get(key))), *secrets)[:LONGEST_NAME]
        for key in ('subjectCN', 'issuerCN')]
    words = [
        clean_word(_read_text(entry.get(key))).upper()
        for key in ('signerCertificateStatus', 'issuerCertificateStatus', 'qcComplianceStatus', 'qcSSCDStatus')]
    serial = str(entry.get('serialNumber', '')).strip()
    return ReportedSignature(
        *names, _read_fingerprint(entry.get('derEncodedSignerCert')), serial if SERIAL.fullmatch(serial) else '',
        _read_flag(entry.get('integrity')), words[0], revoked_at.isoformat() if revoked_at else '', words[1],
        _read_flag(entry.get('issuerTrustedList')), *words[2:])


def _read_flag(value):
    """Return a truth value, which may come as text; None: it is none."""
    value = value.strip().lower() if isinstance(value, str) else value
    return FLAGS[value] if type(value) in (bool, str) and value in FLAGS else None


def _read_text(value):
    return value if isinstance(value, str) else ''


def _read_fingerprint(value):
    """Return the SHA-256 of a certificate in base64, hexadecimal; '': it is none."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_CERTIFICATE:
        return ''
    try:
        return hashlib.sha256(base64.b64decode(''.join(value.split()), validate=True)).hexdigest()
    except ValueError:
        return ''

"""What can be found in a signed file, with the levels; who signed, and the verdict."""
import datetime
from typing import NamedTuple

from ..finding import ERROR, FINE, WARNING, Finding, get_verdict_level, is_overridable

# Code of a finding -> its level. An error stops the sending.
LEVELS = {
    # the file
    'empty': ERROR,
    'too_large': ERROR,
    'unsigned_pdf': ERROR,
    'signed_pdf': ERROR,  # PAdES
    'asic': ERROR,
    'encrypted': ERROR,
    'time_stamped': ERROR,
    'mail_without_file': ERROR,
    'several_files': ERROR,
    'archive_attached': ERROR,
    'outlook_mail': ERROR,
    'archive': ERROR,
    'picture': ERROR,
    'office_document': ERROR,
    'web_page': ERROR,
    'xades': ERROR,
    'shortcut': ERROR,
    'certificate_file': ERROR,
    'time_stamp': ERROR,
    'not_signed': ERROR,
    'mangled': ERROR,
    'truncated': ERROR,
    'damaged': ERROR,
    'trailing_data': ERROR,
    'detached': ERROR,
    'no_signature': ERROR,
    'too_nested': ERROR,
    'too_complex': ERROR,
    'unreadable': ERROR,
    'nested': FINE,
    # each signature
    'certificate_missing': ERROR,
    'unsupported_algorithm': ERROR,
    'unsupported_key': ERROR,
    'tampered': ERROR,
    'signature_invalid': ERROR,
    'weak_hash': ERROR,
    'weak_key': WARNING,
    'other_certificate_named': ERROR,
    'no_certificate_named': WARNING,
    'no_signing_time': WARNING,
    'signed_in_future': WARNING,
    'signature_intact': FINE,
    # its certificate
    'authentication_certificate': ERROR,
    'identity_card_certificate': ERROR,
    'wrong_certificate': ERROR,
    'unrestricted_certificate': WARNING,
    'expired_certificate': ERROR,
    'early_certificate': ERROR,
    'signed_outside_validity': ERROR,
    'not_qualified': WARNING,
    'no_secure_device': WARNING,
    'not_for_signatures': WARNING,
    # who signed
    'no_tax_code': WARNING,
    'not_the_applicant': WARNING,
    'the_applicant': FINE,
    'the_intermediary': FINE,
    # the document
    'no_pdf': ERROR,
    'same_document': FINE,
    'completed_document': FINE,
    'other_filing': ERROR,
    'other_document': ERROR,
    'nothing_to_compare': WARNING,
    'not_checked': FINE,
}
OVERRIDABLE = ('other_document',)  # by a person, with a reason


class P7mError(Exception):
    """A file that cannot be opened, or a call that makes no sense.

    :param str code: key of ``LEVELS``; ``misuse`` when the caller is wrong. It is all the text: nothing of the file is
        in it.
    :param values: those of its finding.
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code, self.values = code, values


def find(code, values):
    """Return a finding about a signed file, which is about no field.

    :param str code: key of ``LEVELS``.
    :param dict values: as of :class:`Finding`.
    """
    return Finding(code, LEVELS[code], values)


class Signer(NamedTuple):
    """Who signed, as the certificate and the signature say. Moments are aware and in UTC."""

    name: str
    fiscal_code: str  # upper case, or None
    issuer: str
    serial: str  # of the certificate, hexadecimal
    valid_from: datetime.datetime
    valid_until: datetime.datetime
    signed_at: datetime.datetime  # by the signer's own clock, or None
    qualified: bool  # whether the certificate calls itself so
    intact: bool  # whether the signature fits the content and the certificate

    def __repr__(self):  # a tax code must not reach a log
        return f'<Signer {self.serial}>'


class Verdict(NamedTuple):
    """What became known of a file."""

    findings: list
    signers: list  # the outermost signature's first
    message: bytes  # the signed message without armour: what is to be sent; None when there is none
    pdf: bytes  # the innermost document, or None

    @property
    def level(self):
        """``refused``, ``warning`` or ``good``."""
        return get_verdict_level(self.findings)

    @property
    def overridable(self):
        """Whether the file is refused for nothing but what a person may override."""
        return is_overridable(self.findings, OVERRIDABLE)

    def __repr__(self):
        return f'<Verdict {self.level}: {", ".join(finding.code for finding in self.findings)}>'


class Fingerprint(NamedTuple):
    """What is enough to recognise a document, whole or at the beginning of another: what Odoo keeps of its attachments.
    """

    size: int  # bytes
    checksum: str  # SHA-1, hexadecimal

"""What can be found beyond a signed file, with the levels; what goes wrong with lists and addresses; the verdict."""
from typing import NamedTuple

from ..finding import ERROR, FINE, WARNING, Finding, get_verdict_level, is_overridable

# Code of a finding -> its level, in the steps in which a signature is verified. An error stops the sending.
LEVELS = {
    'verification_failed': WARNING,  # by a mistake of this program, which no file should bring out
    # the trusted list
    'list_missing': WARNING,
    'list_expired': WARNING,
    # the chain to an authority of the list
    'certificate_missing': ERROR,
    'issuer_not_listed': ERROR,
    'issuer_forged': ERROR,
    'weak_certificate': ERROR,
    'weak_authority': WARNING,
    # what the list says of the authority
    'not_granted_at_issue': ERROR,
    'not_granted_now': ERROR,
    'not_qualified_by_list': ERROR,
    'not_for_signatures_by_list': ERROR,
    'no_secure_device_by_list': WARNING,
    'qualifiers_unknown': WARNING,
    'qualified': FINE,
    # when it was signed
    'stamped': FINE,
    'time_stamp_not_trusted': WARNING,
    # whether the certificate was revoked
    'revoked': ERROR,
    'revoked_since': ERROR,
    'suspended': ERROR,
    'revoked_later': FINE,
    'not_revoked': FINE,
    'revocation_not_asked': WARNING,
    'revocation_not_named': WARNING,
    'revocation_address_refused': WARNING,
    'revocation_unreachable': WARNING,
    'revocation_too_large': WARNING,
    'revocation_unreadable': WARNING,
    'revocation_stale': WARNING,
    'revocation_unknown': WARNING,
    # what Openapi reports, where a company has it asked
    'openapi_not_asked': WARNING,
    'openapi_unreported': WARNING,
    'openapi_incomplete': WARNING,
    'openapi_not_verified': ERROR,
    'openapi_whole': FINE,
    'openapi_not_whole': ERROR,
    'openapi_whole_untold': WARNING,
    'openapi_qualified': FINE,
    'openapi_issuer_revoked': ERROR,
    'openapi_not_listed': ERROR,
    'openapi_not_qualified': ERROR,
    'openapi_qualified_untold': WARNING,
    'openapi_no_device': WARNING,
    'openapi_device_untold': WARNING,
    'openapi_not_revoked': FINE,
    'openapi_revoked_on': ERROR,
    'openapi_revoked': ERROR,
    'openapi_suspended': ERROR,
    'openapi_not_valid': ERROR,
    'openapi_status_untold': WARNING,
}
# By a manager, with a reason: a list can be older than an authority.
OVERRIDABLE = (
    'issuer_not_listed', 'not_granted_at_issue', 'not_granted_now', 'not_qualified_by_list',
    'not_for_signatures_by_list', 'openapi_not_verified', 'openapi_not_whole', 'openapi_not_listed',
    'openapi_not_qualified', 'openapi_not_valid')

# Why a list was not taken; the one before is kept.
LIST_PROBLEMS = (
    'list_too_large', 'list_unreadable', 'list_dtd', 'list_kind', 'list_version', 'list_territory', 'list_older',
    'list_not_signed', 'list_signed_twice', 'list_signature_form', 'list_signer_unknown', 'list_signer_outdated',
    'list_signature_invalid', 'list_changed')
# Why nothing was fetched from an address.
FETCH_PROBLEMS = (
    'address_refused', 'unreachable', 'too_slow', 'redirected', 'refused', 'too_large')


class TrustError(Exception):
    """A list that is not taken, or an address from which nothing was fetched.

    :param str code: of ``LIST_PROBLEMS`` or ``FETCH_PROBLEMS``. It is all the text.
    :param values: those of its sentence.
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code, self.values = code, values


def find(code, **values):
    """Return a finding about a signature, which is about no field.

    :param str code: key of ``LEVELS``.
    :param values: as of :class:`Finding`.
    """
    return Finding(code, LEVELS[code], values)


class Verdict(NamedTuple):
    """What became known of a signature, or of all signatures of a file."""

    findings: list  # in the order of the steps
    links: tuple = ()  # of chain.Link: whose revocation can be asked for, since the chain has reached a list
    territory: str = ''  # whose trusted list is wanted and is not here, or is out of date

    @property
    def level(self):
        """``refused``, ``warning`` or ``good``."""
        return get_verdict_level(self.findings)

    @property
    def overridable(self):
        """Whether it is refused for nothing but what a manager may override."""
        return is_overridable(self.findings, OVERRIDABLE)

    def __repr__(self):
        return f'<Verdict {self.level}: {", ".join(finding.code for finding in self.findings)}>'

"""What the file says and what was verified beyond it, as one verdict of a signed file."""
from typing import NamedTuple

from .. import p7m
from ..finding import ERROR, ORDER, get_verdict_level, is_overridable
from .findings import MEANINGS, OVERRIDABLE, WHOLE

# What a certificate says of itself, on which a trusted list has the last word once it speaks: finding -> the findings
# whose place it takes. A report says nothing of what a certificate is for.
LAST_WORDS = {
    **dict.fromkeys((
        'qualified', 'no_secure_device_by_list', 'not_granted_at_issue', 'not_granted_now', 'not_qualified_by_list',
        'not_for_signatures_by_list'), ('not_qualified', 'no_secure_device', 'not_for_signatures')),
    **dict.fromkeys(('openapi_qualified', 'openapi_not_listed', 'openapi_not_qualified'), ('not_qualified',))}
_OF_WHOLE = (  # of what the file says
    'unsupported_algorithm', 'unsupported_key', 'tampered', 'signature_invalid', 'weak_hash',
    'weak_key', 'other_certificate_named', 'no_certificate_named', 'signature_intact')
# Code of a finding -> the step of ``STEPS`` to which it belongs; the others belong to none.
STEP_OF = {**{code: meaning.step for code, meaning in MEANINGS.items()}, **dict.fromkeys(_OF_WHOLE, WHOLE)}


class Joint(NamedTuple):
    """What became known of a file: of ``p7m.Verdict`` all, and what was verified beyond it."""

    findings: list  # the worst first
    signers: list
    message: bytes
    pdf: bytes
    is_verified: bool = False  # whether anything was verified beyond the file
    links: tuple = ()  # of chain.Link: whose revocation can be asked for
    territory: str = ''  # whose trusted list is wanted

    @property
    def level(self):
        """``refused``, ``warning`` or ``good``."""
        return get_verdict_level(self.findings)

    @property
    def overridable(self):
        """Whether it is refused for nothing but what a person may override, with a reason."""
        return is_overridable(self.findings, (*p7m.OVERRIDABLE, *OVERRIDABLE))

    @property
    def is_for_manager(self):
        """Whether only a manager may override it."""
        return any(finding.level == ERROR and finding.code in OVERRIDABLE for finding in self.findings)

    @property
    def is_to_ask(self):
        """Whether it is not known if a certificate was revoked, and its authority may tell now."""
        return any(finding.code in MEANINGS and MEANINGS[finding.code].is_to_ask for finding in self.findings)

    @property
    def fingerprints(self):
        """Of the certificates that can be asked about (set)."""
        return {link.fingerprint for link in self.links}

    def without_files(self):
        """Return it as it is kept while somebody is asked: without the message and the PDF."""
        return self._replace(message=None, pdf=None)

    def get_step(self, step):
        """Return what was found in a step of ``STEPS`` (list of findings); of no step for None."""
        return [finding for finding in self.findings if STEP_OF.get(finding.code) == step]

    def __repr__(self):
        return f'<Joint {self.level}: {", ".join(finding.code for finding in self.findings)}>'


def join(verdict, beyond=None):
    """Return a file's verdict with what was verified beyond it.

    :param p7m.Verdict verdict: of the file.
    :param findings.Verdict beyond: of its signatures; None when nothing was verified.
    :rtype: Joint
    """
    if beyond is None:
        return Joint(*verdict)
    spoken = {
        (code, *_get_owner(finding)) for finding in beyond.findings for code in LAST_WORDS.get(finding.code, ())}
    kept = [
        finding for finding in verdict.findings if finding.code != 'not_checked'
        and (finding.code, *_get_owner(finding)) not in spoken]
    added = [finding for finding in beyond.findings if finding.code not in p7m.LEVELS]  # which the file says as well
    findings = sorted(kept + added, key=lambda finding: ORDER.index(finding.level))
    return Joint(findings, *verdict[1:], True, beyond.links, beyond.territory)


def _get_owner(finding):
    """Return whose certificate a finding is about (``Certificate.described``)."""
    return [finding.values.get(name) for name in ('signer', 'issuer', 'serial')]

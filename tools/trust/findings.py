"""What can be found beyond a signed file, with the levels; what goes wrong with lists and addresses; the verdict."""
from typing import NamedTuple

from ..finding import ERROR, FINE, WARNING, Finding

# The steps in which a person is told of a signature
WHOLE, QUALIFIED, NOT_REVOKED = STEPS = ('whole', 'qualified', 'not_revoked')


class Meaning(NamedTuple):
    """What a finding means. An error stops the sending."""

    level: str
    step: str = QUALIFIED
    is_overridable: bool = False  # by a manager, with a reason: a list can be older than an authority
    is_to_ask: bool = False  # the certificate's authority may tell now
    is_told: bool = True  # to the signer, too; not what he can do nothing about


_REFUSED_BY_LIST = Meaning(ERROR, is_overridable=True)
_UNTOLD = Meaning(WARNING, is_told=False)
_UNASKED = _UNTOLD._replace(step=NOT_REVOKED)
_TO_ASK = _UNASKED._replace(is_to_ask=True)
# Code of a finding -> what it means, in the order in which a signature is verified.
MEANINGS = {
    'verification_failed': _REFUSED_BY_LIST,  # by a mistake of this program: what it would have found may refuse it
    # the trusted list
    'lists_unconfirmed': _UNTOLD,
    'list_missing': _UNTOLD,
    'list_unavailable': _UNTOLD,
    'list_expired': _UNTOLD,
    # the chain to an authority of the list
    'certificate_missing': Meaning(ERROR, WHOLE),
    'issuer_not_listed': _REFUSED_BY_LIST,
    'issuer_forged': Meaning(ERROR),
    'weak_certificate': Meaning(ERROR),
    'weak_authority': Meaning(WARNING),
    # what the list says of the authority
    'not_granted_at_issue': _REFUSED_BY_LIST,
    'not_granted_now': _REFUSED_BY_LIST,
    'not_qualified_by_list': _REFUSED_BY_LIST,
    'not_for_signatures_by_list': _REFUSED_BY_LIST,
    'no_secure_device_by_list': Meaning(WARNING),
    'qualifiers_unknown': Meaning(WARNING),
    'qualified': Meaning(FINE),
    # when it was signed
    'stamped': Meaning(FINE, NOT_REVOKED),
    'time_stamp_not_trusted': Meaning(WARNING, NOT_REVOKED),
    # whether the certificate was revoked
    'revoked': Meaning(ERROR, NOT_REVOKED),
    'revoked_since': Meaning(ERROR, NOT_REVOKED),
    'suspended': Meaning(ERROR, NOT_REVOKED),
    'revoked_later': Meaning(FINE, NOT_REVOKED),
    'not_revoked': Meaning(FINE, NOT_REVOKED),
    'revocation_not_asked': _TO_ASK,
    'revocation_told_before': _TO_ASK,
    'revocation_not_named': _UNASKED,
    'revocation_address_refused': _UNASKED,
    'revocation_unreachable': _TO_ASK,
    'revocation_too_large': _UNASKED,
    'revocation_unreadable': _TO_ASK,
    'revocation_stale': _TO_ASK,
    'revocation_unknown': _TO_ASK,
    # what Openapi reports, where a company has it asked
    'openapi_not_asked': _UNTOLD,
    'openapi_unreported': _UNTOLD,
    'openapi_incomplete': _UNTOLD,
    'openapi_not_verified': _REFUSED_BY_LIST,
    'openapi_whole': Meaning(FINE, WHOLE),
    'openapi_not_whole': _REFUSED_BY_LIST._replace(step=WHOLE),
    'openapi_whole_untold': _UNTOLD._replace(step=WHOLE),
    'openapi_qualified': Meaning(FINE),
    'openapi_issuer_revoked': Meaning(ERROR),
    'openapi_not_listed': _REFUSED_BY_LIST,
    'openapi_not_qualified': _REFUSED_BY_LIST,
    'openapi_qualified_untold': _UNTOLD,
    'openapi_no_device': _UNTOLD,
    'openapi_device_untold': _UNTOLD,
    'openapi_not_revoked': Meaning(FINE, NOT_REVOKED),
    'openapi_not_revoked_then': _UNASKED,
    'openapi_revoked_on': Meaning(ERROR, NOT_REVOKED),
    'openapi_revoked': Meaning(ERROR, NOT_REVOKED),
    'openapi_suspended': Meaning(ERROR, NOT_REVOKED),
    'openapi_not_valid': _REFUSED_BY_LIST._replace(step=NOT_REVOKED),
    'openapi_status_untold': _UNASKED,
}
LEVELS = {code: meaning.level for code, meaning in MEANINGS.items()}
OVERRIDABLE = tuple(code for code, meaning in MEANINGS.items() if meaning.is_overridable)

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
    """What became known of the signatures of a file, to be joined with what the file says (``joint``)."""

    findings: list  # in the order of the steps
    links: tuple = ()  # of chain.Link: whose revocation can be asked for, since the chain has reached a list
    territory: str = ''  # whose trusted list is wanted and is not here, or is out of date

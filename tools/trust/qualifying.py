"""What a list says of a certificate besides the certificate itself (ETSI TS 119 612, 5.5.9.2; TS 119 615, 4.4).

A service's qualifications have a criterion each: of a certificate that meets it, the qualifiers override what the
certificate says of itself. A criterion that this program does not know is neither met nor not met.
"""
from typing import NamedTuple

from ..p7m import certificate
from ..pattern import Pattern
from .signed import get_policies

SIE = '{http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#}'
XADES = '{http://uri.etsi.org/01903/v1.3.2#}'
QUALIFIER = 'http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/'
FOR_SIGNATURES = 'ForeSignatures'
# The bits of a key usage (RFC 5280) that its first byte holds
USAGES = {name: 0x80 >> place for place, name in enumerate((
    'digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign',
    'crlSign', 'encipherOnly'))}
DOTTED = Pattern(r'[0-2](?:\.[0-9]+)+')  # a policy
MAX_DEPTH = 8  # of criteria one in the other

# What a qualifier says: of the certificate's purpose, of the device that keeps its key.
FOR_OTHERS = {'QCForESeal', 'QCForWSA', 'QCForLegalPerson'}
WITH_DEVICE = {'QCWithQSCD', 'QCWithSSCD', 'QCQSCDManagedOnBehalf'}
WITHOUT_DEVICE = {'QCNoQSCD', 'QCNoSSCD'}


# ------------------------------------------------------------ reading

def read_qualifications(extension):
    """Return the qualifications in an extension of a service: list of ``[names of qualifiers, criterion]``.

    A criterion is a list that JSON can hold: ``['all' | 'atLeastOne' | 'none', criteria]``,
    ``['usage', {bit: wanted}]``, ``['policies', identifiers]``, or ``['unknown']``.
    """
    return [
        [[(qualifier.get('uri') or '').strip().removeprefix(QUALIFIER)
          for qualifier in element.iterfind(f'{SIE}Qualifiers/{SIE}Qualifier')],
         ['all', [_read_criteria(criteria) for criteria in element.iterfind(f'{SIE}CriteriaList')]]]
        for element in extension.iterfind(f'{SIE}Qualifications/{SIE}QualificationElement')]


def _read_criteria(element, depth=0):
    """Read a list of criteria."""
    found = []
    for child in element if depth < MAX_DEPTH else ():
        if child.tag == f'{SIE}CriteriaList':
            found.append(_read_criteria(child, depth + 1))
        elif child.tag == f'{SIE}KeyUsage':
            found.append(['usage', {
                bit.get('name', ''): (bit.text or '').strip() in ('true', '1')
                for bit in child.iterfind(f'{SIE}KeyUsageBit')}])
        elif child.tag == f'{SIE}PolicySet':
            found.append(['policies', [
                (name.text or '').strip().lower().removeprefix('urn:oid:')
                for name in child.iterfind(f'{SIE}PolicyIdentifier/{XADES}Identifier')]])
        elif child.tag != f'{SIE}Description':
            found.append(['unknown'])
    kind = element.get('assert', 'all')
    return [kind, found] if depth < MAX_DEPTH and kind in _ASSERTIONS else ['unknown']


# ------------------------------------------------------------ judging

def meets(owner, criterion):
    """Tell whether a certificate meets a criterion; None when that cannot be told.

    :param certificate.Certificate owner: the certificate.
    :param list criterion: see :func:`read_qualifications`.
    """
    kind, *values = criterion
    if kind == 'usage':
        return _has_usages(owner, values[0])
    if kind == 'policies':
        return _has_policies(owner, set(values[0]))
    if kind in _ASSERTIONS:
        return _ASSERTIONS[kind]([meets(owner, inner) for inner in values[0]])
    return None


def _has_usages(owner, wanted):
    if not wanted.keys() <= USAGES.keys():
        return None
    return all(bool((owner.key_usage or 0) & USAGES[name]) == is_set for name, is_set in wanted.items())


def _has_policies(owner, wanted):
    return wanted <= get_policies(owner) if all(map(DOTTED.fullmatch, wanted)) else None


def _any(results):
    """Return whether any is true, None when that depends on one that cannot be told."""
    return True if True in results else None if None in results else False


def _all(results):
    return False if False in results else None if None in results else True


def _none(results):
    found = _any(results)
    return None if found is None else not found


_ASSERTIONS = {'all': _all, 'atLeastOne': _any, 'none': _none}


class Quality(NamedTuple):
    """What a certificate is by a list, at a moment."""

    is_qualified: bool
    is_for_signatures: bool
    has_device: bool  # which keeps the key, and is qualified
    is_clear: bool = True  # whether all that the list says of it is understood


def get_quality(owner, periods):
    """Return what a certificate is by what a list says of its issuer's services at a moment.

    :param certificate.Certificate owner: the certificate.
    :param periods: of :class:`services.Period`: those of the services that issued it.
    :rtype: Quality
    """
    qualifiers, is_clear = set(), all(period.is_clear for period in periods)
    for names, criterion in (qualification for period in periods for qualification in period.qualifications):
        met = meets(owner, criterion)
        is_clear = is_clear and met is not None
        qualifiers.update(names if met else ())
    says_so = certificate.QC_COMPLIANCE in owner.qualities
    for_others = qualifiers & FOR_OTHERS
    device = certificate.QC_SSCD in owner.qualities or bool(qualifiers & WITH_DEVICE)
    return Quality(
        'NotQualified' not in qualifiers and (says_so or 'QCStatement' in qualifiers),
        not for_others and ('QCForESig' in qualifiers or owner.is_for_signatures),
        device and not qualifiers & WITHOUT_DEVICE, is_clear)

"""The signature of a trusted list (ETSI TS 119 612, annex B; XMLDSig; XAdES), verified strictly.

There is one signature, in the root; it covers the root without itself, and its own properties, and nothing else. What
is returned are the very bytes that were signed: whoever reads them reads nothing that was not, nor a comment that
divides a text. All that a list does not need is refused: DTDs, other transforms, other references, keys without a
certificate.
"""
import base64
import binascii
import datetime
from itertools import islice
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

from ..p7m import ber, keys
from ..pattern import Pattern
from .findings import TrustError
from .signed import get_fingerprint, read_certificate

DS = '{http://www.w3.org/2000/09/xmldsig#}'
XADES = '{http://uri.etsi.org/01903/v1.3.2#}'
PROPERTIES_TYPE = 'http://uri.etsi.org/01903#SignedProperties'
ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
# Canonical form, without comments -> whether it is exclusive
CANONICAL = {
    'http://www.w3.org/2001/10/xml-exc-c14n#': True,
    'http://www.w3.org/TR/2001/REC-xml-c14n-20010315': False,
}
PLAIN_CANONICAL = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'  # where none is named
DIGESTS = {
    'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
    'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
    'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
}
SCHEMES = {
    f'http://www.w3.org/{place}': scheme
    for size, octets in ((256, 32), (384, 48), (512, 64))
    for place, scheme in {
        f'2001/04/xmldsig-more#rsa-sha{size}': keys.Scheme('rsa', f'sha{size}'),
        f'2001/04/xmldsig-more#ecdsa-sha{size}': keys.Scheme('ec', f'sha{size}'),
        f'2007/05/xmldsig-more#sha{size}-rsa-MGF1': keys.Scheme('rsa', f'sha{size}', (f'sha{size}', octets)),
    }.items()
}
DTD = Pattern(rb'<!(?:DOCTYPE|ENTITY)')
HAS_MANY_ATTRIBUTES = etree.XPath('boolean(//*[count(@*) > 50])')  # which take long to be put in order
MAX_NAMESPACES = 30  # declared by an element and those around it: each is compared with each, for each element
MAX_ELEMENTS = 1000  # of a signature, of which a part is put in canonical form before it is known to be good
MAX_CERTIFICATES = 10  # beside a signature
MAX_SIGNATURE = 2048  # bytes


class SignedXml(NamedTuple):
    """A document whose signature is good."""

    content: bytes  # what was signed: the document without the signature, in canonical form
    signer: str  # fingerprint of the certificate
    valid_from: datetime.datetime  # of that certificate; aware
    valid_until: datetime.datetime


def parse(content):
    """Parse XML from outside: UTF-8, no DTD, nothing fetched.

    :param bytes content: the document.
    :return: the root.
    :raise TrustError: it is not well-formed, or has a DTD or processing instructions within.
    """
    parser = etree.XMLParser(
        encoding='utf-8', resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False)
    if DTD.search(content):
        raise TrustError('list_dtd')
    try:
        content.decode()
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise TrustError('list_unreadable') from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise TrustError('list_dtd')
    if (next(root.iter(etree.PI, etree.Entity), None) is not None or HAS_MANY_ATTRIBUTES(root)
            or _has_many_namespaces(root)):
        raise TrustError('list_unreadable')
    return root


def _has_many_namespaces(root):
    """Return whether more namespaces are declared, one element in the other, than any list has."""
    count = 0
    for event, _declared in etree.iterwalk(root, events=('start-ns', 'end-ns')):
        count += 1 if event == 'start-ns' else -1
        if count > MAX_NAMESPACES:
            return True
    return False


def open_signed(content, root_name, signers):
    """Verify the signature of a document.

    :param bytes content: the document.
    :param str root_name: the name of its root, with its namespace.
    :param signers: fingerprints of the certificates that may have signed it (SHA-256, hexadecimal).
    :rtype: SignedXml
    :raise TrustError: it is not what it must be; nothing of it is to be used.
    """
    root = parse(content)
    if root.tag != root_name:
        raise TrustError('list_kind')
    signature = _find_signature(root)
    info = _only(signature, f'{DS}SignedInfo')
    owner = _find_signer(signature, signers)
    _check_signature(signature, info, owner)
    properties = _only(_only(_only(
        signature, f'{DS}Object'), f'{XADES}QualifyingProperties'), f'{XADES}SignedProperties')
    root_reference, properties_reference = _find_references(info, properties)
    _check_digest(properties_reference, _canonical(properties, _get_transforms(properties_reference, ())))
    _check_named(properties, owner)
    is_exclusive = _get_transforms(root_reference, (ENVELOPED,))
    _take_out(signature)
    signed = _canonical(root.getroottree(), is_exclusive)
    _check_digest(root_reference, signed)
    return SignedXml(signed, get_fingerprint(owner.raw), owner.valid_from, owner.valid_until)


def _find_signature(root):
    """Return the only signature, which stands in the root."""
    signatures = list(root.iter(f'{DS}Signature'))
    if not signatures:
        raise TrustError('list_not_signed')
    if len(signatures) > 1:
        raise TrustError('list_signed_twice')
    is_large = next(islice(signatures[0].iter(), MAX_ELEMENTS, None), None) is not None
    if signatures[0].getparent() is not root or is_large:
        raise TrustError('list_signature_form')
    return signatures[0]


def _only(parent, name):
    """Return the only child of a name."""
    found = parent.findall(name)
    if len(found) != 1:
        raise TrustError('list_signature_form')
    return found[0]


def _decode(element, most):
    """Return the bytes that an element holds in base64."""
    text = ''.join((element.text or '').split())
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise TrustError('list_signature_form') from None
    if len(element) or not 0 < len(decoded) <= most:
        raise TrustError('list_signature_form')
    return decoded


def _find_signer(signature, signers):
    """Return the certificate beside a signature that may have made it."""
    found = signature.findall(f'{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate')
    if not 0 < len(found) <= MAX_CERTIFICATES:
        raise TrustError('list_signature_form')
    certificates = [_decode(element, 32 * 1024) for element in found]
    known = next((encoded for encoded in certificates if get_fingerprint(encoded) in signers), None)
    if known is None:
        raise TrustError('list_signer_unknown', fingerprint=get_fingerprint(certificates[0]))
    try:
        return read_certificate(known)
    except ber.Malformed:
        raise TrustError('list_signature_form') from None


def _check_signature(signature, info, owner):
    """Verify the value of a signature with the key of a certificate."""
    scheme = SCHEMES.get(_only(info, f'{DS}SignatureMethod').get('Algorithm'))
    method = _only(info, f'{DS}CanonicalizationMethod')
    if scheme is None or method.get('Algorithm') not in CANONICAL or len(method):
        raise TrustError('list_signature_form')
    value = _decode(_only(signature, f'{DS}SignatureValue'), MAX_SIGNATURE)
    if scheme.kind == 'ec':  # the two numbers one behind the other (XMLDSig, 6.4.3)
        half = len(value) // 2
        value = encode_dss_signature(int.from_bytes(value[:half], 'big'), int.from_bytes(value[half:], 'big'))
    data = _canonical(info, CANONICAL[method.get('Algorithm')])
    try:
        is_good = keys.get_verifier(owner.key, scheme, value)[0](data)
    except (keys.Broken, ber.Malformed):
        is_good = False
    if not is_good:
        raise TrustError('list_signature_invalid')


def _find_references(info, properties):
    """Return the references to the document and to the signature's properties; there are no others."""
    references = info.findall(f'{DS}Reference')
    of_root = [reference for reference in references if reference.get('URI') == '']
    of_properties = [
        reference for reference in references
        if properties.get('Id') and reference.get('URI') == f'#{properties.get("Id")}'
        and reference.get('Type') == PROPERTIES_TYPE]
    if (len(references), len(of_root), len(of_properties)) != (2, 1, 1):
        raise TrustError('list_signature_form')
    return of_root[0], of_properties[0]


def _get_transforms(reference, first):
    """Check that a reference has the transforms that it must have; return whether the canonical form is exclusive.

    :param tuple first: those before the canonical form.
    """
    transforms = reference.findall(f'{DS}Transforms/{DS}Transform')
    names = tuple(transform.get('Algorithm') for transform in transforms)
    form = names[len(first):] or (PLAIN_CANONICAL,)
    if names[:len(first)] != first or len(form) != 1 or form[0] not in CANONICAL or any(map(len, transforms)):
        raise TrustError('list_signature_form')
    return CANONICAL[form[0]]


def _check_digest(holder, data):
    """Compare a digest that was signed with that of some bytes.

    :param holder: the element that has the method and the value of the digest.
    """
    name = DIGESTS.get(_only(holder, f'{DS}DigestMethod').get('Algorithm'))
    if name is None:
        raise TrustError('list_signature_form')
    if keys.digest(name, data) != _decode(_only(holder, f'{DS}DigestValue'), 64):
        raise TrustError('list_changed')


def _check_named(properties, owner):
    """Check that the signature's properties name the certificate of its key (XAdES: ``SigningCertificate``)."""
    named = [
        digest for name in ('SigningCertificate', 'SigningCertificateV2') for digest in properties.findall(
            f'{XADES}SignedSignatureProperties/{XADES}{name}/{XADES}Cert/{XADES}CertDigest')]
    if not named:
        raise TrustError('list_signature_form')
    _check_digest(named[0], owner.raw)


def _canonical(element, is_exclusive):
    """Return an element, or a document, in canonical form, as it stands where it stands."""
    try:
        return etree.tostring(element, method='c14n', exclusive=is_exclusive, with_comments=False, with_tail=False)
    except etree.C14NError:  # it has none, as where a namespace is told relatively
        raise TrustError('list_unreadable') from None


def _take_out(signature):
    """Take the signature out of the document, and nothing else: text around it stays."""
    parent, before, tail = signature.getparent(), signature.getprevious(), signature.tail or ''
    if before is not None:
        before.tail = (before.tail or '') + tail
    else:
        parent.text = (parent.text or '') + tail
    signature.tail = None
    parent.remove(signature)

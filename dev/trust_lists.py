"""Trusted lists and lists of lists for the tests, and their signatures.

Python's own module writes the canonical form of XML here; the addon reads it with another one.
"""
import base64
import datetime
import functools
import hashlib
from typing import NamedTuple
from xml.etree.ElementTree import canonicalize
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from p7m_files import DAY, NOW, Identity, key
from trust_files import LONG_AGO, name

TSL = 'http://uri.etsi.org/02231/v2#'
SIE = 'http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#'
XADES = 'http://uri.etsi.org/01903/v1.3.2#'
DS = 'http://www.w3.org/2000/09/xmldsig#'
EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
ENVELOPED = f'{DS}enveloped-signature'
SERVICE_INFO = 'http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/'
QC, STAMPS = 'CA/QC', 'TSA/QTST'


# ------------------------------------------------------------ lists

def moment(value):
    """Return a moment as XML writes it."""
    return value.strftime('%Y-%m-%dT%H:%M:%SZ')


def encoded(certificate):
    """Return a certificate (bytes) as lists hold it: in base64, in lines."""
    return base64.encodebytes(certificate).decode()


class Entry(NamedTuple):
    """What a list says of a service from a moment on.

    :param purposes: such as ``ForeSignatures``.
    :param qualifications: XML of ``sie:QualificationElement``.
    :param further: further extensions in XML.
    """

    since: datetime.datetime = LONG_AGO
    status: str = 'granted'
    purposes: tuple = ('ForeSignatures',)
    qualifications: str = ''
    kind: str = QC
    further: str = ''

    def get_xml(self, tag, certificates):
        """Return its XML."""
        identities = ''.join(
            f'<DigitalId><X509Certificate>{encoded(certificate)}</X509Certificate></DigitalId>'
            for certificate in certificates)
        extensions = ''.join(
            '<Extension Critical="true"><AdditionalServiceInformation>'
            f'<URI xml:lang="en">{SERVICE_INFO}{purpose}</URI></AdditionalServiceInformation></Extension>'
            for purpose in self.purposes)
        if self.qualifications:
            extensions += (
                f'<Extension Critical="true"><sie:Qualifications>{self.qualifications}</sie:Qualifications>'
                '</Extension>')
        return (
            f'<{tag}><ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/{self.kind}</ServiceTypeIdentifier>'
            '<ServiceName><Name xml:lang="it">Servizio di prova</Name>'
            '<Name xml:lang="en">Service for\n  tests</Name></ServiceName>'
            f'<ServiceDigitalIdentity>{identities}</ServiceDigitalIdentity>'
            f'<ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{self.status}</ServiceStatus>'
            f'<StatusStartingTime>{moment(self.since)}</StatusStartingTime>'
            f'<ServiceInformationExtensions>{extensions}{self.further}</ServiceInformationExtensions></{tag}>')


def write_service(certificates, *entries):
    """Return the XML of a service.

    :param certificates: by which it is told.
    :param entries: of ``Entry``, the present one first; by default it is granted for ever.
    """
    present, *history = entries or (Entry(),)
    past = ''.join(entry.get_xml('ServiceHistoryInstance', certificates) for entry in history)
    return (
        f'<TSPService>{present.get_xml("ServiceInformation", certificates)}'
        f'<ServiceHistory>{past}</ServiceHistory></TSPService>')


def qualification(qualifiers, criteria='', kind='all'):
    """Return the XML of a qualification.

    :param str qualifiers: apart by spaces.
    :param str criteria: XML within its list of criteria.
    """
    return '<sie:QualificationElement><sie:Qualifiers>%s</sie:Qualifiers>%s</sie:QualificationElement>' % (
        ''.join(f'<sie:Qualifier uri="{SERVICE_INFO}{word}"/>' for word in qualifiers.split()),
        f'<sie:CriteriaList assert="{kind}">{criteria}</sie:CriteriaList>')


def policy(identifier):
    """Return the XML of a criterion: the policy that a certificate must have."""
    return (
        '<sie:PolicySet><sie:PolicyIdentifier><xades:Identifier Qualifier="OIDAsURN">urn:oid:'
        f'{identifier}</xades:Identifier></sie:PolicyIdentifier></sie:PolicySet>')


def bits(**wanted):
    """Return the XML of a criterion: the bits of the key usage that a certificate must have, or not."""
    return '<sie:KeyUsage>%s</sie:KeyUsage>' % ''.join(
        f'<sie:KeyUsageBit name="{bit}">{str(is_set).lower()}</sie:KeyUsageBit>' for bit, is_set in wanted.items())


def write_pointer(territory, url, signers, kind='application/vnd.etsi.tsl+xml'):
    """Return the XML of a pointer to another list."""
    identities = ''.join(
        '<ServiceDigitalIdentity><DigitalId><X509Certificate>'
        f'{encoded(signer.certificate)}</X509Certificate></DigitalId></ServiceDigitalIdentity>' for signer in signers)
    return (
        f'<OtherTSLPointer><ServiceDigitalIdentities>{identities}</ServiceDigitalIdentities>'
        f'<TSLLocation>{escape(url)}</TSLLocation><AdditionalInformation>'
        f'<OtherInformation><SchemeTerritory>{territory}</SchemeTerritory></OtherInformation><OtherInformation>'
        f'<add:MimeType>{kind}</add:MimeType></OtherInformation></AdditionalInformation></OtherTSLPointer>')


def write_list(
        services=(), pointers=(), *, territory='IT', version=6, sequence=42, issued=NOW - DAY, until=NOW + 100 * DAY,
        notice='https://eur-lex.invalid/eli/C/2026/1944/oj'):
    """Return a list without signature (text)."""
    next_update = f'<dateTime>{moment(until)}</dateTime>' if until else ''
    provider = (
        '<TrustServiceProvider><TSPInformation><TSPName><Name xml:lang="en">Prova S.p.A.</Name></TSPName>'
        f'</TSPInformation><TSPServices>{"".join(services)}</TSPServices></TrustServiceProvider>') if services else ''
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<TrustServiceStatusList xmlns="{TSL}" xmlns:sie="{SIE}" '
        f'xmlns:xades="{XADES}" xmlns:add="http://uri.etsi.org/02231/v2/additionaltypes#" Id="list" '
        'TSLTag="http://uri.etsi.org/19612/TSLTag">\n'
        f'<SchemeInformation><TSLVersionIdentifier>{version}</TSLVersionIdentifier>'
        f'<TSLSequenceNumber>{sequence}</TSLSequenceNumber>'
        f'<SchemeInformationURI><URI xml:lang="en">https://ec.invalid/about</URI><URI xml:lang="en">{escape(notice)}'
        '</URI></SchemeInformationURI>'
        f'<SchemeTerritory>{territory}</SchemeTerritory>'
        f'<PointersToOtherTSL>{"".join(pointers)}</PointersToOtherTSL>'
        f'<ListIssueDateTime>{moment(issued)}</ListIssueDateTime><NextUpdate>{next_update}</NextUpdate>'
        f'</SchemeInformation>\n<!-- said beside it --><TrustServiceProviderList>{provider}'
        '</TrustServiceProviderList>\n</TrustServiceStatusList>')


# ------------------------------------------------------------ their signatures

METHODS = {  # by the kind of key, and whether it is PSS
    ('rsa', False): 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha{}',
    ('rsa', True): 'http://www.w3.org/2007/05/xmldsig-more#sha{}-rsa-MGF1',
    ('ec', False): 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha{}',
}
DIGESTS = {256: 'http://www.w3.org/2001/04/xmlenc#sha256', 384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
           512: 'http://www.w3.org/2001/04/xmlenc#sha512'}


@functools.cache
def list_signer(signing_key=None, copy=1, start=LONG_AGO, end=NOW + 3000 * DAY):
    """Return who signs lists: an ``Identity`` with a certificate that he made himself."""
    signing_key = signing_key or key(copy=('list', copy))
    who = name(f"List operator {copy}")
    builder = x509.CertificateBuilder(who, who, signing_key.public_key(), 4, start, end)
    return Identity(signing_key, builder.sign(signing_key, hashes.SHA256()).public_bytes(Encoding.DER))


def fingerprint(signer):
    """Return the fingerprint of somebody's certificate."""
    return hashlib.sha256(signer.certificate).hexdigest()


def digest_element(data, size):
    """Return the XML of a digest."""
    value = base64.b64encode(hashlib.new(f'sha{size}', data).digest()).decode()
    return f'<ds:DigestMethod Algorithm="{DIGESTS[size]}"/><ds:DigestValue>{value}</ds:DigestValue>'


def make_signature(
        text, signer, *, size=256, is_pss=False, certificate=None, named=None, transforms=(ENVELOPED, EXCLUSIVE),
        uri='', properties=True, form=EXCLUSIVE, method=None, further=''):
    """Return the signature of a list (text of the element).

    :param str text: the list.
    :param Identity signer: who signs.
    :param size: bits of the hashes.
    :param certificate: the one beside it, if another one's; ``named`` the one that it names.
    :param transforms, uri: of the reference to the list.
    :param properties: whether its properties are signed.
    :param form: how what is signed is written canonically.
    :param method: the algorithm, if it is named otherwise.
    :param further: XML of further references.
    """
    held = certificate or signer.certificate
    signed_properties = (
        f'<xades:SignedProperties xmlns:xades="{XADES}" xmlns:ds="{DS}" Id="properties">'
        f'<xades:SignedSignatureProperties><xades:SigningTime>{moment(NOW)}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert>'
        f'<xades:CertDigest>{digest_element(named or held, 512)}'
        '</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>'
        '</xades:SignedProperties>')
    references = (
        f'<ds:Reference URI="{uri}"><ds:Transforms>%s</ds:Transforms>%s</ds:Reference>' % (
            ''.join(f'<ds:Transform Algorithm="{transform}"/>' for transform in transforms),
            digest_element(canonicalize(text).encode(), size)))
    if properties:
        references += (
            '<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#properties"><ds:Transforms>'
            f'<ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms>'
            f'{digest_element(canonicalize(signed_properties).encode(), size)}</ds:Reference>')
    kind = 'rsa' if isinstance(signer.key, rsa.RSAPrivateKey) else 'ec'
    info = canonicalize(
        f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{form}"/>'
        f'<ds:SignatureMethod Algorithm="{method or METHODS[kind, is_pss].format(size)}"/>{references}{further}'
        '</ds:SignedInfo>')
    signed = info
    if form == INCLUSIVE:  # what the root declares belongs to it
        signed = info.replace('<ds:SignedInfo ', f'<ds:SignedInfo xmlns="{TSL}" '
                              'xmlns:add="http://uri.etsi.org/02231/v2/additionaltypes#" ', 1).replace(
            f'xmlns:ds="{DS}">', f'xmlns:ds="{DS}" xmlns:sie="{SIE}" xmlns:xades="{XADES}">', 1)
    value = base64.b64encode(sign_bytes(signer.key, signed.encode(), size, is_pss)).decode()
    return (
        f'<ds:Signature xmlns:ds="{DS}" Id="signature">{info}<ds:SignatureValue>{value}</ds:SignatureValue>'
        f'<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{encoded(held)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>'
        f'<ds:Object><xades:QualifyingProperties xmlns:xades="{XADES}" Target="#signature">{signed_properties}'
        '</xades:QualifyingProperties></ds:Object></ds:Signature>')


def sign_bytes(signing_key, data, size, is_pss):
    """Return a signature as XML holds it."""
    algorithm = getattr(hashes, f'SHA{size}')()
    if isinstance(signing_key, rsa.RSAPrivateKey):
        scheme = padding.PSS(padding.MGF1(algorithm), size // 8) if is_pss else padding.PKCS1v15()
        return signing_key.sign(data, scheme, algorithm)
    octets = (signing_key.key_size + 7) // 8
    return b''.join(
        number.to_bytes(octets, 'big') for number in decode_dss_signature(signing_key.sign(data, ec.ECDSA(algorithm))))


def sign_list(text, signer=None, **how):
    """Return a signed list (bytes); for ``how`` see :func:`make_signature`."""
    return insert(text, make_signature(text, signer or list_signer(), **how))


def insert(text, signature):
    """Return a list with a signature as the last child of its root (bytes)."""
    head, end, _rest = text.rpartition('</TrustServiceStatusList>')
    return f'{head}{signature}{end}'.encode()

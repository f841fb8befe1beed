"""Reading trusted lists and the list of lists (ETSI TS 119 612, versions 5 and 6), once their signature is good."""
import base64
import re

from ..api.text import bound_text
from ..api.values import read_time
from ..p7m import ber
from .anchors import find_notice
from .findings import TrustError
from .qualifying import read_qualifications
from .services import QUALIFIED_CERTIFICATES, TIME_STAMPS, Period, Pointer, Service, Services, TrustedList
from .signed import get_fingerprint, get_name_key, read_certificate
from .signed_xml import open_signed, parse

TSL = '{http://uri.etsi.org/02231/v2#}'
ADDITIONAL = '{http://uri.etsi.org/02231/v2/additionaltypes#}'
XML_LANGUAGE = '{http://www.w3.org/XML/1998/namespace}lang'
SERVICE_TYPES = {
    f'http://uri.etsi.org/TrstSvc/Svctype/{kind}': kind for kind in (QUALIFIED_CERTIFICATES, TIME_STAMPS)}
STATUS = 'http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/'
PURPOSE = 'http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/'
XML_TYPE = 'application/vnd.etsi.tsl+xml'
# Extensions of a service that change nothing of what is asked here.
HARMLESS = ('AdditionalServiceInformation', 'ExpiredCertsRevocationInfo', 'TakenOverBy')
VERSIONS = (5, 6)
MAX_SIZE = 32 * 1024 * 1024  # bytes; the largest has five million


def read_list(content, signers, *, territory, at_least=0):
    """Verify a trusted list, and read it.

    :param bytes content: the list, as it was fetched.
    :param signers: fingerprints (SHA-256, hexadecimal) of who may sign it: of the list of lists the anchors, of a
        country's those that the list of lists names (:class:`Pointer`).
    :param str territory: whose list it must be, such as ``IT``; ``EU`` for the list of lists.
    :param int at_least: the sequence number of the list that is kept: an older one is not taken.
    :rtype: TrustedList
    :raise TrustError: with a code of ``LIST_PROBLEMS``; nothing of it is to be used. An expired list is no error: see
        :meth:`TrustedList.is_expired`.
    """
    if len(content) > MAX_SIZE:
        raise TrustError('list_too_large')
    signed = open_signed(content, f'{TSL}TrustServiceStatusList', signers)
    root = parse(signed.content)
    scheme = root.find(f'{TSL}SchemeInformation')
    try:
        result = _read_scheme(scheme, signed.signer)
    except (AttributeError, ValueError, TypeError):  # something that must be there is not
        raise TrustError('list_unreadable') from None
    if result.version not in VERSIONS:
        raise TrustError('list_version', version=str(result.version))
    if result.territory != territory:
        raise TrustError('list_territory', territory=result.territory)
    if result.sequence < at_least:
        raise TrustError('list_older', sequence=str(result.sequence))
    if not signed.valid_from <= result.issued <= signed.valid_until:
        raise TrustError('list_signer_outdated', issued=result.issued)
    for service in _read_services(root):
        result.services.add(service)
    return result._replace(pointers=[*_read_pointers(scheme)])


def _read_scheme(scheme, signer):
    """Return a list without services and pointers."""
    next_update = _text(scheme, 'NextUpdate', 'dateTime')
    return TrustedList(
        territory=_text(scheme, 'SchemeTerritory'), version=int(_text(scheme, 'TSLVersionIdentifier')),
        sequence=int(_text(scheme, 'TSLSequenceNumber')), issued=_read_moment(_text(scheme, 'ListIssueDateTime')),
        next_update=_read_moment(next_update) if next_update else None,
        notice=find_notice(*map(_strip, scheme.iterfind(f'{TSL}SchemeInformationURI/{TSL}URI'))), signer=signer,
        services=Services(), pointers=[])


def _read_pointers(scheme):
    """Yield pointers to the lists in XML."""
    for element in scheme.iterfind(f'{TSL}PointersToOtherTSL/{TSL}OtherTSLPointer'):
        facts = element.find(f'{TSL}AdditionalInformation')
        if facts is None or (kind := facts.find(f'.//{ADDITIONAL}MimeType')) is None or _strip(kind) != XML_TYPE:
            continue
        encoded = [*_read_encoded(element)]
        territory, url = (_strip(facts.find(f'.//{TSL}SchemeTerritory')), _text(element, 'TSLLocation'))
        if territory and url and encoded:
            yield Pointer(territory, url, sorted({get_fingerprint(certificate) for certificate in encoded}))


def _read_services(root):
    """Yield the services that this program asks for."""
    for provider in root.iterfind(f'{TSL}TrustServiceProviderList/{TSL}TrustServiceProvider'):
        name = _name(provider.find(f'{TSL}TSPInformation/{TSL}TSPName'))
        for element in provider.iterfind(f'{TSL}TSPServices/{TSL}TSPService'):
            service = _read_service(element, name)
            if service:
                yield service


def _read_service(element, provider):
    """Return a service, None when it is of another kind, or has no certificate that can be read."""
    present = element.find(f'{TSL}ServiceInformation')
    history = element.findall(f'{TSL}ServiceHistory/{TSL}ServiceHistoryInstance')
    if present is None or not any(
            _text(entry, 'ServiceTypeIdentifier') in SERVICE_TYPES for entry in (present, *history)):
        return None
    certificates = []
    for encoded in _read_encoded(present):
        try:
            owner = read_certificate(encoded)
        except ber.Malformed:
            continue
        certificates.append([get_name_key(owner.subject_key), base64.b64encode(encoded).decode()])
    now = _read_period(present)
    if not certificates or now is None:  # what was said of it before says nothing of the present
        return None
    periods = [now, *filter(None, map(_read_period, history))]
    return Service(provider, certificates, periods)


def _read_period(element):
    """Return what an entry says, None when it does not say from when on."""
    try:
        since = _read_moment(_text(element, 'StatusStartingTime'))
    except ValueError:
        return None
    kind = _text(element, 'ServiceTypeIdentifier')
    purposes, qualifications, is_clear = [], [], True
    for extension in element.iterfind(f'{TSL}ServiceInformationExtensions/{TSL}Extension'):
        names = {child.tag.rpartition('}')[2] for child in extension}
        purposes += [
            _strip(uri).removeprefix(PURPOSE)
            for uri in extension.iterfind(f'{TSL}AdditionalServiceInformation/{TSL}URI')]
        qualifications += read_qualifications(extension)
        if extension.get('Critical') in ('true', '1') and not names <= {*HARMLESS, 'Qualifications'}:
            is_clear = False
    return Period(
        since, SERVICE_TYPES.get(kind, kind), _text(element, 'ServiceStatus').removeprefix(STATUS), purposes,
        qualifications, is_clear)


# ------------------------------------------------------------ texts

def _read_encoded(element):
    """Yield the certificates (bytes) by which a service or a signer is told."""
    digital = f'{TSL}DigitalId/{TSL}X509Certificate'
    for certificate in (
            *element.iterfind(f'{TSL}ServiceDigitalIdentity/{digital}'),
            *element.iterfind(f'{TSL}ServiceDigitalIdentities/{TSL}ServiceDigitalIdentity/{digital}')):
        try:
            yield base64.b64decode(''.join((certificate.text or '').split()), validate=True)
        except ValueError:
            continue


def _strip(element):
    """Return the text of an element, '' when there is none."""
    return '' if element is None else (element.text or '').strip()


def _text(element, *names):
    """Return the text of the first element on a path."""
    return _strip(element.find('/'.join(f'{TSL}{name}' for name in names)))


def _name(element):
    """Return a name that stands in several languages: in English, or the first, as it may be shown."""
    names = [] if element is None else element.findall(f'{TSL}Name')
    english = [name for name in names if name.get(XML_LANGUAGE, '').lower().startswith('en')]
    return bound_text(re.sub(r'\s+', ' ', next((name.text or '' for name in (*english, *names)), '')))


def _read_moment(text):
    """Return a moment (aware, UTC) as XML writes it; raise ValueError for anything else."""
    moment = read_time(text)
    if moment is None:
        raise ValueError("not a moment")
    return moment

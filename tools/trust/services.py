"""Trusted lists as they are kept once they are verified: services of authorities, and where other lists are."""
import base64
import datetime
import json
from collections.abc import Sequence
from typing import NamedTuple

from .signed import get_name_key, read_certificate

QUALIFIED_CERTIFICATES, TIME_STAMPS = 'CA/QC', 'TSA/QTST'
GRANTED = 'granted'
# What a status was called before the Regulation applied (TS 119 612, D.5); since then it says nothing
OLD_GRANTED = ('undersupervision', 'supervisionincessation', 'accredited')
REGULATION = datetime.datetime(2016, 7, 1, tzinfo=datetime.timezone.utc)
# Countries that lists call otherwise than certificates
TERRITORIES = {'GR': 'EL', 'GB': 'UK'}
COUNTRY = '2.5.4.6'
MAX_NAMESAKES = 20  # certificates with one name that are tried


class Period(NamedTuple):
    """What a list says of a service from a moment on."""

    since: datetime.datetime  # aware
    kind: str  # QUALIFIED_CERTIFICATES, TIME_STAMPS, or another one, as the list names it
    status: str  # the last word of its identifier, such as ``granted``
    purposes: list  # such as ``ForeSignatures``
    qualifications: list  # of [qualifiers, criterion], see qualifying.py
    is_clear: bool  # whether all that it says and must not be overlooked is understood

    def is_granted(self, moment):
        """Return whether the service is qualified at a moment of this period."""
        return self.status == GRANTED or (self.status in OLD_GRANTED and moment < REGULATION)


class Service(NamedTuple):
    """A service of a trusted list."""

    provider: str
    certificates: list  # of [name of the subject as it is looked up, DER in base64]
    periods: list  # of Period, the present one first

    def get_period(self, moment):
        """Return what is said of the service at a moment, None before the first period.

        An entry may stand in the history once more, and may begin in the future.
        """
        past = [period for period in self.periods if period.since <= moment]
        return max(past, key=lambda period: period.since, default=None)  # of equal ones the first: the present one


class Services(Sequence):
    """The services of a list, each read when it is asked for: of hundreds one is.

    :param list lines: each service in JSON, as bytes.
    :param dict names: name of a certificate's subject, as it is looked up -> places of the services in ``lines``.
    """

    def __init__(self, lines=(), names=None):
        self.lines, self.names = list(lines), names or {}

    def add(self, service):
        """Add a :class:`Service`."""
        for name, _encoded in service.certificates:
            self.names.setdefault(name, []).append(len(self.lines))
        self.lines.append(_dump(service))

    def __len__(self):
        return len(self.lines)

    def __getitem__(self, place):
        provider, certificates, periods = json.loads(self.lines[place])
        return Service(provider, certificates, [Period(_moment(since), *rest) for since, *rest in periods])

    def find(self, name):
        """Return the services (list of :class:`Service`) with a certificate of a name."""
        return [self[place] for place in dict.fromkeys(self.names.get(name, ()))]


class Pointer(NamedTuple):
    """Where the list of a country is, and who may sign it."""

    territory: str
    url: str
    signers: list  # fingerprints


class TrustedList(NamedTuple):
    """A trusted list, or the list of lists, as it was verified."""

    territory: str  # such as ``IT``; ``EU`` of the list of lists
    version: int
    sequence: int
    issued: datetime.datetime
    next_update: datetime.datetime  # None: it is not kept up any more
    notice: str  # of the list of lists: that names its signers, such as ``C/2026/1944``; '': none that is known here
    signer: str  # fingerprint
    services: Services
    pointers: list

    def is_expired(self, now):
        """Return whether the next list should have come out."""
        return self.next_update is None or self.next_update < now

    def get_pointer(self, territory):
        """Return the :class:`Pointer` to a country's list, None when there is none."""
        return next((pointer for pointer in self.pointers if pointer.territory == territory), None)

    def dump(self):
        """Return it as bytes that can be kept; they must be kept as safe as it was verified."""
        head = {**self._asdict(), 'services': self.services.names}
        return b'\n'.join([_dump(head), *self.services.lines])


def load(content):
    """Return the :class:`TrustedList` that was kept as bytes."""
    head, *lines = content.split(b'\n')
    fields = json.loads(head)
    fields['issued'] = _moment(fields['issued'])
    fields['next_update'] = fields['next_update'] and _moment(fields['next_update'])
    fields['pointers'] = [Pointer(*pointer) for pointer in fields['pointers']]
    fields['services'] = Services(lines, fields['services'])
    return TrustedList(**fields)


def _dump(data):
    """Return data as JSON in one line."""
    return json.dumps(data, default=datetime.datetime.isoformat, separators=(',', ':')).encode()


def _moment(text):
    return datetime.datetime.fromisoformat(text)


class Entry(NamedTuple):
    """A certificate by which a list tells a service."""

    trusted_list: TrustedList
    service: Service
    encoded: str

    def get_certificate(self):
        """Return the certificate, which could be read when the list was."""
        return read_certificate(base64.b64decode(self.encoded))


class Authorities:
    """The services of some lists, by the names of their certificates.

    :param lists: of :class:`TrustedList`, one for a country.
    :param territories: countries whose list exists, whether it is among them or not: see :meth:`get_wanted`.
    :param str missing: code of the finding where no list is here at all.
    :param unavailable: countries whose list could not be had when it was last fetched.
    """

    def __init__(self, lists, territories=(), missing='list_missing', unavailable=()):
        self.lists = {trusted_list.territory: trusted_list for trusted_list in lists}
        self._territories = {*territories, *self.lists}
        self._missing, self._unavailable = missing, unavailable

    def find(self, names):
        """Return the entries (list of :class:`Entry`) whose certificate has a name.

        :param dict names: as ``certificate.comparable`` returns them.
        """
        wanted = get_name_key(names)
        return [
            Entry(trusted_list, service, encoded) for trusted_list in self.lists.values()
            for service in trusted_list.services.find(wanted)
            for name, encoded in service.certificates if name == wanted][:MAX_NAMESAKES]

    def get_wanted(self, names, now):
        """Return whose list must be fetched before anything can be said of an issuer that no list knows.

        :param dict names: of the issuer; its country says which list should know it.
        :return: ``(code of the finding or None, territory)``
        """
        country = names.get(COUNTRY, '').upper()
        territory = TERRITORIES.get(country, country)
        if not self._territories:
            return self._missing, territory
        if not self.lists or (territory in self._territories and territory not in self.lists):
            return 'list_unavailable' if territory in self._unavailable else 'list_missing', territory
        expired = self.lists.get(territory)
        return ('list_expired' if expired and expired.is_expired(now) else None), territory

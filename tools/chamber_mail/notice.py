"""A raw message, read: what a person and a proposal need of it."""
import datetime
import hashlib
import logging
import re
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from ..cleaning import clean
from ..clock import strip_zone
from ..pec import address as pec_address
from . import envelope, parts, texts

_logger = logging.getLogger(__name__)

# What mail programs and providers put before a subject.
PREFIX = re.compile(
    r'\s*(?:posta certificata|anomalia messaggio|fwd?|re|r|i|tr|inoltro|inoltra(?:to)?)\s*:', re.IGNORECASE)
MAX_PREFIXES = 10
MAX_NAME = 500  # characters of a subject or a sender that are kept
MAX_ATTACHED = 5  # messages attached to one whose texts are read
CERTIFIED, ANOMALY, ORDINARY = 'certified', 'anomaly', 'ordinary'


class Notice(NamedTuple):
    """A message. Of one that could not be read, ``problem`` says why, and the rest may be empty."""

    key: str  # the same for the same message, however often it comes
    subject: str  # without what was put before it
    subjects: tuple  # those of the messages within as well, likewise
    sender: str  # who certified mail says; else what the message itself says, which proves nothing
    trust: str  # CERTIFIED (by its envelope), ANOMALY (ordinary mail in an envelope) or ORDINARY
    sent_at: datetime.datetime | None  # UTC, without a time zone
    text: str
    is_receipt: bool  # of certified mail: no chamber wrote it
    problem: str = ''  # 'too_much', 'empty' or 'unreadable'
    attached_at: datetime.datetime | None = None  # likewise: what the first message attached to it says of itself


def read(content):
    """Read a raw message, whoever made it; this never raises.

    :param bytes content: as it came.
    :rtype: Notice
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        return _read(parts.read(content), digest)
    except (parts.TooMuch, RecursionError):
        problem = 'too_much'
    except Exception as error:  # noqa: BLE001 - whatever a message makes a library raise
        _logger.warning("A message could not be read: %s", type(error).__name__)
        problem = 'unreadable'
    return Notice(f'{ORDINARY} {digest}', '', (), '', ORDINARY, None, '', False, problem)


def _read(outer, digest):
    """Return the Notice of a message whose parts were read.

    :param parts.Message outer: it.
    :param str digest: of all its bytes.
    """
    found = envelope.find(outer)
    originals = [message for name, message in outer.messages if name == envelope.ORIGINAL]
    trust = ANOMALY if envelope.is_anomaly(outer) else ORDINARY
    if found and found.kind == envelope.DELIVERED and len(originals) == 1:
        trust = CERTIFIED
    inner = originals[0] if trust != ORDINARY and len(originals) == 1 else outer
    within = [inner, *(message for _name, message in inner.messages[:MAX_ATTACHED])]
    within += [deep for message in within[1:] for _name, deep in message.messages[:MAX_ATTACHED]]
    text = texts.tidy('\n\n'.join(filter(None, map(texts.get_text, within))))
    subjects = tuple(filter(None, (strip_prefixes(message.get_text('subject')) for message in within)))
    sender = found.sender if trust == CERTIFIED else clean(inner.get_text('from'))[:MAX_NAME]
    return Notice(
        f'{trust} {_get_identity(inner) or digest}', subjects[0] if subjects else '', subjects, sender, trust,
        (trust == CERTIFIED and found.sent_at) or _read_date(inner.header.get('date', '')), text,
        envelope.is_receipt(outer, found), '' if text or subjects else 'empty',
        _read_date(within[1].header.get('date', '')) if len(within) > 1 else None)


def strip_prefixes(subject):
    """Return a subject without "POSTA CERTIFICATA:", "Fwd:", "R:" and the like before it."""
    subject = clean(subject)[:MAX_NAME]
    for _prefix in range(MAX_PREFIXES):
        found = PREFIX.match(subject)
        if not found:
            break
        subject = subject[found.end():]
    return subject.strip()


def is_of(address, domains):
    """Tell whether an address is of one of some domains, or of a domain in one.

    :param str address: one address, as certified mail tells it.
    :param domains: names such as ``camcom.it``; in whatever case.
    :rtype: bool
    """
    address = pec_address.normalize(address)
    domain = address.partition('@')[2] if pec_address.is_well_formed(address) else ''
    return bool(domain) and any(
        domain == name or domain.endswith(f'.{name}') for name in (clean(name).lower().strip('.@') for name in domains)
        if name)


def _get_identity(message):
    """Return a digest of what a message calls itself, '' when it has no name."""
    name = message.header.get('message-id', '').strip()
    return name and hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()


def _read_date(text):
    """Return the time that a field ``Date`` says, None when it is none."""
    try:
        moment = parsedate_to_datetime(text[:100])
        return strip_zone(moment) if moment.tzinfo else moment
    except (ValueError, TypeError, OverflowError, IndexError):
        return None

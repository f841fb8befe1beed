"""A raw message, read: what a person and a proposal need of it."""
import datetime
import hashlib
import re
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from ..cleaning import clean
from ..pec import address as pec_address
from . import envelope, parts, texts

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
    problem: str = ''  # 'too_much' or 'empty'


def read(content):
    """Read a raw message, whoever made it; this never raises.

    :param bytes content: as it came.
    :rtype: Notice
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        outer = parts.read(content)
    except (parts.TooMuch, RecursionError):
        return Notice(f'{ORDINARY} {digest}', '', (), '', ORDINARY, None, '', False, 'too_much')
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
        envelope.is_receipt(outer, found), '' if text or subjects else 'empty')


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
        return moment.astimezone(datetime.timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, TypeError, OverflowError, IndexError):
        return None

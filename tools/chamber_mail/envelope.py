"""The envelope of Italian certified mail (PEC): what its provider certifies (DM 2/11/2005, technical rules).

A message that was delivered stands as ``postacert.eml`` in an envelope of the provider's, beside ``daticert.xml``,
which says who sent it. Ordinary mail that comes to a certified mailbox is wrapped as well, and certified by nobody
(``X-Trasporto: errore``, "ANOMALIA MESSAGGIO"). A ``daticert.xml`` within the wrapped message is anybody's.

The signature of the provider (S/MIME) is not verified here: without a list of providers' certificates it proves
nothing. So whoever can write to the address itself can make a whole envelope; into a certified mailbox none gets
without a mark.
"""
import datetime
import re
from typing import NamedTuple

from lxml import etree

from ..cleaning import clean
from ..clock import strip_zone
from ..pec import address as pec_address

DATA, ORIGINAL = 'daticert.xml', 'postacert.eml'
MAX_DATA = 256 * 1024  # bytes
MAX_NESTED = 2  # parts: of what is signed, and of the envelope
TRANSPORT, RECEIPT = 'x-trasporto', 'x-ricevuta'  # fields of the header
DELIVERED = 'posta-certificata'  # the kind of an envelope with a message
# Kinds of what the providers themselves write about a message that was sent.
RECEIPTS = frozenset({
    'accettazione', 'avvenuta-consegna', 'errore-consegna', 'non-accettazione', 'preavviso-errore-consegna',
    'presa-in-carico', 'rilevazione-virus'})
ANOMALY = re.compile(r'\s*anomalia messaggio\s*:', re.IGNORECASE)


class Envelope(NamedTuple):
    """What an envelope says."""

    kind: str  # as the XML names it
    sender: str  # address, normalized
    subject: str
    sent_at: datetime.datetime | None  # UTC, without a time zone


def find(message):
    """Return the envelope of a message, None when it is no certified mail, or nobody certifies it.

    What somebody forwards with its files has them as well, and not the provider's header.

    :param message: ``parts.Message``, the outermost.
    :rtype: Envelope | None
    """
    found = [part for part in message.parts if part.name == DATA]
    is_marked = message.header.get(TRANSPORT, '').lower() == DELIVERED or message.header.get(RECEIPT)
    if len(found) != 1 or found[0].nested > MAX_NESTED or not is_marked or is_anomaly(message):
        return None
    return read(found[0].decode(MAX_DATA + 1))


def is_anomaly(message):
    """Tell whether a message is ordinary mail that a provider of certified mail has wrapped."""
    return message.header.get(TRANSPORT, '').lower() == 'errore' or bool(ANOMALY.match(message.get_text('subject')))


def is_receipt(message, envelope):
    """Tell whether a message is a receipt of certified mail, which no chamber wrote.

    :param message: ``parts.Message``, the outermost.
    :param envelope: as :func:`find` returns it.
    """
    return (envelope.kind if envelope else message.header.get(RECEIPT, '').lower()) in RECEIPTS


def read(content):
    """Return what a ``daticert.xml`` says, None when it cannot be read or tells of an error.

    No entity is filled in, nothing is fetched, and a document that declares a type is not read at all.

    :param bytes content: of any kind.
    :rtype: Envelope | None
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser) if len(content) <= MAX_DATA else None
    except (etree.LxmlError, ValueError, LookupError):
        return None
    if root is None or root.tag != 'postacert' or root.getroottree().docinfo.doctype:
        return None
    if root.get('errore', 'nessuno') != 'nessuno':
        return None
    senders = root.findall('intestazione/mittente')
    sender = pec_address.normalize(senders[0].text) if len(senders) == 1 else ''
    return Envelope(
        root.get('tipo', ''), sender if pec_address.is_well_formed(sender) else '',
        clean(root.findtext('intestazione/oggetto')), _read_moment(root.find('dati/data')))


def _read_moment(element):
    """Return the time in an element ``data``, None when it is none."""
    if element is None:
        return None
    written = ' '.join(map(clean, (element.findtext('giorno'), element.findtext('ora'), element.get('zona'))))
    try:
        moment = datetime.datetime.strptime(written, '%d/%m/%Y %H:%M:%S %z')
        return strip_zone(moment)
    except (ValueError, OverflowError):
        return None

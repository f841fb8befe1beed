"""Whether a certificate was revoked: what a revocation list (RFC 5280) or an answer about it (OCSP, RFC 6960) says.

Nothing is fetched here. What was fetched is believed only with the signature of the certificate's issuer, or of whom
the issuer has appointed for answers.
"""
import datetime
from typing import NamedTuple

from ..p7m import ber, certificate, keys
from . import signed
from .findings import TrustError

GOOD, REVOKED, SUSPENDED, UNKNOWN = 'good', 'revoked', 'suspended', 'unknown'
CLOCK_SKEW = datetime.timedelta(hours=1)
MAX_AGE = datetime.timedelta(days=1)  # of what does not say when the next one comes
REASON, ISSUING_POINT = '2.5.29.21', '2.5.29.28'
HARMLESS = ('2.5.29.20', '2.5.29.35')  # number of the list, key of the issuer
ON_HOLD = 6  # reason (RFC 5280, 5.3.1)
ENUMERATED = 0x0A
SHA1 = bytes.fromhex('2b0e03021a')  # 1.3.14.3.2.26: what answers are asked with (RFC 5019); nothing is signed with it
BASIC_ANSWER, ANSWERS_OCSP = '1.3.6.1.5.5.7.48.1.1', '1.3.6.1.5.5.7.3.9'
MAX_ANSWERS, MAX_ANSWERERS = 20, 4
UNREADABLE = (ber.Malformed, ValueError, LookupError)  # what odd bytes raise


class Status(NamedTuple):
    """What is known of a certificate's revocation."""

    status: str  # GOOD, REVOKED, SUSPENDED or UNKNOWN
    problem: str = ''  # when it is not known: the code of the finding
    source: str = ''  # ``OCSP`` or ``CRL``
    host: str = ''  # who was asked
    revoked_at: datetime.datetime = None
    checked_at: datetime.datetime = None  # when it was asked; aware, as all moments
    told_at: datetime.datetime = None  # as of when it was told: a list can be days old


class Unusable(TrustError):
    """A revocation list or an answer that says nothing.

    :param str code: ``revocation_unreadable``, ``revocation_stale`` or ``revocation_unknown``.
    """


def check_fresh(this_update, next_update, now):
    """Raise :exc:`Unusable` when something is older than it may be, or comes from the future."""
    if this_update > now + CLOCK_SKEW or (next_update or this_update + MAX_AGE) < now:
        raise Unusable('revocation_stale')


# ------------------------------------------------------------ revocation lists

def judge_list(content, owner, issuer, now):
    """Look a certificate up in a revocation list.

    :param bytes content: the list in DER.
    :param certificate.Certificate owner: the certificate.
    :param certificate.Certificate issuer: who issued it, and must have signed the list.
    :param datetime.datetime now: aware.
    :rtype: Status
    :raise Unusable: it says nothing about this certificate.
    """
    try:
        made = signed.read_signed(ber.parse(content))
        fields = ber.children(made.data, most=8)
        fields = fields[1:] if fields[0].tag == ber.INTEGER else fields  # the version
        _algorithm, name, told_at, *rest = fields
        told_at = ber.moment(told_at)
        if certificate.comparable(certificate.read_names(name)) != owner.issuer_key or made.weak_hash:
            raise Unusable('revocation_unreadable')
        is_timed = bool(rest) and rest[0].tag in (ber.UTC_TIME, ber.GENERALIZED_TIME)
        next_update = ber.moment(rest.pop(0)) if is_timed else None
        check_fresh(told_at, next_update, now)
        _check_covers(next((field for field in rest if field.tag == 0xA0), None), owner)
        if not made.verify(issuer.key)[0]:
            raise Unusable('revocation_unreadable')
        entry = _find_entry(rest[0], owner.serial) if rest and rest[0].tag == ber.SEQUENCE else None
        status, revoked_at = _read_entry(entry) if entry else (GOOD, None)
    except UNREADABLE:
        raise Unusable('revocation_unreadable') from None
    return Status(status, source='CRL', revoked_at=revoked_at, checked_at=now, told_at=told_at)


def _check_covers(element, owner):
    """Check by the extensions of a list that it says all about a certificate."""
    for extension in ber.children(ber.children(element, ber.SEQUENCE)[0], most=100) if element else ():
        name, *critical, value = ber.children(extension, ber.OBJECT_IDENTIFIER, None)
        name = ber.identifier(name)
        if name == ISSUING_POINT:
            _check_point(ber.parse(ber.expect(value, ber.OCTET_STRING).body), owner)
        elif critical and any(critical[0].body) and name not in HARMLESS:
            raise Unusable('revocation_unreadable')


def _check_point(element, owner):
    """Check an IssuingDistributionPoint (RFC 5280, 5.2.5): of several lists of an authority it is the one that counts.
    """
    fields = {field.tag: field for field in ber.children(element)}
    set_fields = {tag for tag, field in fields.items() if tag != 0xA0 and any(field.body)}
    for_others = 0x81 if signed.is_authority(owner) else 0x82  # only users' certificates, only authorities'
    if set_fields - {0x81, 0x82} or for_others in set_fields:
        raise Unusable('revocation_unreadable')
    if 0xA0 in fields and not set(signed.get_list_addresses(owner)).intersection(
            map(signed.read_address, signed.read_point_name(fields[0xA0]))):
        raise Unusable('revocation_unreadable')


def _find_entry(element, serial):
    """Return the entry of a serial number, None when there is none. There can be many: the loop is bare on purpose."""
    data, offset, end = bytes(element.data), element.start, element.end
    wanted = encode_integer(serial)
    while offset < end:
        length = data[offset + 1] if offset + 1 < end else 0x80
        if data[offset] == ber.SEQUENCE and length < 0x80:
            start, stop = offset + 2, offset + 2 + length
        else:
            entry = ber.expect(ber.read(element.data, offset, end), ber.SEQUENCE)
            start, stop = entry.start, entry.stop
        if data.startswith(wanted, start, stop) or (
                _is_odd(data[start + 1:start + 4]) and ber.integer(ber.read(element.data, start, stop)) == serial):
            return ber.read(element.data, offset, end)
        offset = stop
    return None


def _is_odd(head):
    """Return whether a number is written longer than it must be, by its length and its first bytes."""
    return head[0] >= 0x80 or (head[0] > 1 and head[1] in (0, 0xFF) and (head[1] ^ head[2]) < 0x80)


def _read_entry(entry):
    """Return ``(status, since when)`` of an entry in a revocation list.

    What else a list says of an entry and must not be overlooked, as whose certificate it is, makes it say nothing.
    """
    _serial, revoked_at, *extensions = ber.children(entry, ber.INTEGER, None, most=8)
    reason = None
    for extension in ber.children(extensions[0]) if extensions else ():
        name, *critical, value = ber.children(extension, ber.OBJECT_IDENTIFIER, None)
        if ber.identifier(name) == REASON:
            reason = _read_reason(ber.parse(ber.expect(value, ber.OCTET_STRING).body))
        elif critical and any(critical[0].body):
            raise Unusable('revocation_unreadable')
    return SUSPENDED if reason == ON_HOLD else REVOKED, ber.moment(revoked_at)


def _read_reason(element):
    return int.from_bytes(ber.expect(element, ENUMERATED).body, 'big')


# ------------------------------------------------------------ answers about one certificate

def encode(tag, *parts):
    """Return an element in DER."""
    body = b''.join(parts)
    size = len(body).to_bytes(4, 'big').lstrip(b'\0')
    return bytes([tag]) + (bytes([len(body)]) if len(body) < 0x80 else bytes([0x80 | len(size)]) + size) + body


def encode_integer(value):
    """Return an INTEGER in DER."""
    size = (value + (value < 0)).bit_length() // 8 + 1
    return encode(ber.INTEGER, value.to_bytes(size, 'big', signed=True))


def encode_question(owner, issuer):
    """Return the request about a certificate (RFC 6960, 4.1)."""
    name_hash, key_hash, serial = _get_identity(owner, issuer, 'sha1')
    algorithm = encode(ber.SEQUENCE, encode(ber.OBJECT_IDENTIFIER, SHA1), b'\x05\x00')
    identity = encode(
        ber.SEQUENCE, algorithm, encode(ber.OCTET_STRING, name_hash), encode(ber.OCTET_STRING, key_hash),
        encode_integer(serial))
    return encode(ber.SEQUENCE, encode(ber.SEQUENCE, encode(ber.SEQUENCE, encode(ber.SEQUENCE, identity))))


def _get_identity(owner, issuer, hash_name):
    """Return how a certificate is told: hash of the issuer's name, hash of its key, serial number."""
    key = ber.bits(ber.children(issuer.key, ber.SEQUENCE, ber.BIT_STRING)[1])
    return keys.digest(hash_name, owner.issuer), keys.digest(hash_name, key), owner.serial


def judge_answer(content, owner, issuer, now):
    """Read the answer about a certificate; see :func:`judge_list`."""
    try:
        kind, *body = ber.children(ber.expect(ber.parse(content), ber.SEQUENCE), ENUMERATED)
        if any(kind.body) or not body:  # the answerer knows nothing, or is busy
            raise Unusable('revocation_unknown')
        name, value = ber.children(ber.children(body[0], ber.SEQUENCE)[0], ber.OBJECT_IDENTIFIER, ber.OCTET_STRING)
        if ber.identifier(name) != BASIC_ANSWER:
            raise Unusable('revocation_unreadable')
        made = signed.read_signed(ber.parse(value.body))
        status, revoked_at, told_at, next_update = _find_answer(made.data, owner, issuer)
        check_fresh(told_at, next_update, now)
        if made.weak_hash or not any(made.verify(key)[0] for key in _get_answerers(made.rest, issuer, now)):
            raise Unusable('revocation_unreadable')
    except UNREADABLE:
        raise Unusable('revocation_unreadable') from None
    if status == UNKNOWN:
        raise Unusable('revocation_unknown')
    return Status(status, source='OCSP', revoked_at=revoked_at, checked_at=now, told_at=told_at)


def _find_answer(data, owner, issuer):
    """Return ``(status, since when, from when, until when)`` of the answer about a certificate."""
    answers = [field for field in ber.children(data, most=8) if field.tag == ber.SEQUENCE]
    for answer in ber.children(answers[0], most=MAX_ANSWERS):
        identity, status, this_update, *rest = ber.children(answer, ber.SEQUENCE, None, ber.GENERALIZED_TIME)
        algorithm, name_hash, key_hash, serial = ber.children(
            identity, ber.SEQUENCE, ber.OCTET_STRING, ber.OCTET_STRING, ber.INTEGER)
        hash_name = keys.DIGESTS.get(ber.algorithm(algorithm)[0])
        told = (bytes(name_hash.body), bytes(key_hash.body), ber.integer(serial))
        if hash_name is None or told != _get_identity(owner, issuer, hash_name):
            continue
        next_update = next((ber.moment(ber.children(field)[0]) for field in rest if field.tag == 0xA0), None)
        return (*_read_status(status), ber.moment(this_update), next_update)
    raise Unusable('revocation_unreadable')


def _read_status(element):
    """Return ``(status, since when)``."""
    if element.tag == 0x80:
        return GOOD, None
    if element.tag != 0xA1:
        return UNKNOWN, None
    revoked_at, *reason = ber.children(element, ber.GENERALIZED_TIME)
    is_on_hold = bool(reason) and _read_reason(ber.children(reason[0])[0]) == ON_HOLD
    return SUSPENDED if is_on_hold else REVOKED, ber.moment(revoked_at)


def _get_answerers(rest, issuer, now):
    """Yield the keys that may have signed an answer: the issuer's, and those of whom it has appointed (4.2.2.2)."""
    yield issuer.key
    for element in ber.children(ber.children(rest[0], ber.SEQUENCE)[0], most=MAX_ANSWERERS) if rest else ():
        owner = certificate.read(element)
        made = signed.read_signed(element)
        if (owner.valid_from <= now <= owner.valid_until and not made.weak_hash
                and ANSWERS_OCSP in signed.get_extended_usages(owner)
                and owner.issuer_key == issuer.subject_key and made.verify(issuer.key)[0]):
            yield owner.key

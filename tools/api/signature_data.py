"""What the esignature API tells of signatures and certificates, read into small structures; and what is sent to it.

The rules come from the vendor's specification ``esignature.openapi.json``. It is read leniently, and bounded: details
come bare or below ``data``, a title here or there, and a state that nobody knows stays as it is told. What cannot be
read is None, or counted.
"""
import base64
import datetime
import hashlib
import re
from typing import NamedTuple

from ..outcome.created import fold
from .errors import NotSent, OutcomeUnknown
from .sealed import Sealed
from .text import bound_text, clean_text, mask_openers
from .values import as_dict, match_text, read_count, read_time

DONE, ERROR = 'DONE', 'ERROR'  # states of a signature; whatever else is told: it is waited for
ENDED = ('EXPIRED', 'CANCELLED')  # states of a certificate that is of no use any more
WRONG_CREDENTIALS = 110  # the one number of an error that the specification tells
ROW_ID = re.compile(r'[0-9A-Za-z_-]{1,64}')
LINK = re.compile(r'https://[0-9A-Za-z.-]+(?::[0-9]{1,5})?(?:[/?#][^\s"\'<>\\`{}|^\x00-\x20\x7f-\U0010ffff]*)?')
LONGEST_LINK = 1000  # characters
LONGEST_SUBJECT = 80
CERTIFICATE = re.compile(r'[ra]hi[0-9a-z]{0,61}', re.IGNORECASE)  # a username as the service gives them, in capitals
EXAMPLE = 'openapiSandboxUsername'  # the specification's, which its sandbox takes
PRINTABLE = re.compile(r'[\x21-\x7e]{1,64}')  # a PIN
OTP = re.compile(r'[0-9]{4,10}')
MAX_DOCUMENT = 10 * 1024 * 1024  # bytes; a power of attorney has a few hundred thousand
# CAdES, attached, of the basic level; a time stamp would cost extra.
OPTIONS = {'level': 'B', 'hashAlgorithm': 'SHA256', 'detached': False, 'withTimestamp': False}


class Signature(NamedTuple):
    """A signature that was asked for. Texts are '' and times None when they are not told."""
    id: str
    title: str  # as it was asked for
    state: str  # WAIT_VALIDATION, WAIT_SIGN, DONE, ERROR, or what nobody knows yet
    error_number: int | None  # of the state ERROR
    error_message: str
    created_at: datetime.datetime | None
    updated_at: datetime.datetime | None

    @property
    def is_done(self):
        """Whether there is a signed document."""
        return self.state == DONE

    @property
    def is_failed(self):
        """Whether there will be none."""
        return self.state == ERROR

    @property
    def has_wrong_credentials(self):
        """Whether there will be none because username, PIN or one-time password were not accepted."""
        return self.is_failed and self.error_number == WRONG_CREDENTIALS

    def is_of(self, reference):
        """Return whether it was asked for with a reference: see :func:`has_reference`."""
        return has_reference(self.title, reference)


class Certificate(NamedTuple):
    """A certificate that was bought. Texts are '' and times None when they are not told."""
    id: str
    kind: str  # EU-QES_otp, EU-QES_automatic, or another
    holder: str  # as it was given at the purchase; not the `owner` of an account, as filings have it
    reference: str  # likewise
    state: str  # NEW, REGISTERING, WORKING, DONE, CANCELLED, EXPIRED, SUSPENDED, or what nobody knows yet
    link: str  # where its owner identifies himself; https
    created_at: datetime.datetime | None
    expires_at: datetime.datetime | None

    def is_of(self, reference):
        """Return whether it was bought with a reference: see :func:`has_reference`."""
        return has_reference(self.reference, reference)


# ------------------------------------------------------------ what is sent

def is_username(text):
    """Return whether a text can be the username of a certificate: anything else may be a PIN in the wrong field."""
    return bool(CERTIFICATE.fullmatch(text)) or text == EXAMPLE


def make_credentials(username, pin, otp=None):
    """Return what opens a certificate for a signature, of which nothing tells PIN and one-time password.

    :param str username: of the certificate (``RHI…``, ``AHI…``); of these small letters are taken as capitals.
    :param str pin: of the same.
    :param str otp: the one-time password that the owner's app shows now; None: the certificate is automatic.
    :rtype: Sealed
    :raise NotSent: one of them is missing, or cannot be one.
    """
    if not (isinstance(username, str) and is_username(username)) or not (
            isinstance(pin, str) and PRINTABLE.fullmatch(pin)) or not (
            otp is None or (isinstance(otp, str) and OTP.fullmatch(otp))):
        raise _get_no_pin()
    username = username if username == EXAMPLE else username.upper()
    if otp is None:  # who has both signs with it
        return Sealed({}, {'certificateUsername': username, 'certificatePassword': pin})
    # -1: of the only one in the app, as in the examples
    return Sealed({'certificateUsername': username, 'certificateIdOtp': -1}, {
        'certificatePassword': pin, 'certificateOtp': otp})


def check_credentials(credentials, *, with_otp):
    """Check that credentials are of the kind that a signature needs.

    :param Sealed credentials: see :func:`make_credentials`.
    :param bool with_otp: whether they must have a one-time password; otherwise they must have none.
    :raise NotSent: they are of the other kind.
    """
    if ('certificateIdOtp' in credentials.fields) != with_otp:
        raise _get_no_pin()


def make_title(reference, subject):
    """Return the title of a signature, by which it is found again: the list of signatures tells nothing else of it.

    :param str reference: of one attempt alone; small letters and digits, 16 to 40.
    :param str subject: for people who look into the vendor's console.
    """
    return f'{reference} {bound_text(subject)[:LONGEST_SUBJECT]}'.strip()


def describe_request(document, title, callback=None):
    """Return what may be kept of the request for a signature (dict): all but the document and the credentials."""
    kept = {'title': title, 'signatureType': 'cades', 'options': OPTIONS, 'size': len(document),
            'sha256': hashlib.sha256(document).hexdigest()}
    return {**kept, 'callback': callback} if callback else kept


def make_request(document, title, callback=None, *, is_awaited=True):
    """Return the body of the request for a signature (dict), without the credentials.

    :raise NotSent: the document is empty or too large.
    """
    if not 0 < len(document) <= MAX_DOCUMENT:
        raise NotSent("The document is empty, or too large to be signed", reason='unsignable')
    body = {
        'inputDocuments': [{'sourceType': 'base64', 'payload': base64.b64encode(document).decode()}], 'title': title,
        'signatureType': 'cades',
        'options': {**OPTIONS, 'asyncDocumentsValidation': False, 'asyncSignature': not is_awaited}}
    return {**body, 'callback': callback} if callback else body


# ------------------------------------------------------------ what is told

def read_record(kind, data, secrets=()):
    """Read the details of a signature, or of a certificate.

    :param kind: ``Signature`` or ``Certificate``, of which one is returned.
    :param data: of the answer; anything.
    :param secrets: strings to mask in its texts; an identifier, or a number, that is one of them is none.
    :raise OutcomeUnknown: it is none.
    """
    record = read_row(kind, data, secrets)
    if record is None:
        _read, make_error = READERS[kind]
        raise make_error()
    return record


def read_row(kind, row, secrets=()):
    """Read a row of the list of signatures, or of certificates.

    :param kind: as for :func:`read_record`.
    :return: one of that kind; None: it has no identifier that can be used.
    """
    row = as_dict(row)
    row_id, (read, _make_error) = _read_id(row, secrets), READERS[kind]
    return read(row_id, row, secrets) if row_id else None


def has_reference(text, reference):
    """Return whether a title, or the reference of a certificate, is that of one attempt: as it was sent, or nearly so.

    :param str reference: of the attempt.
    """
    return bool(reference) and reference in fold(text)


def _get_no_pin():
    return NotSent(
        "The username, which begins with RHI or AHI, the PIN or the one-time password is missing, or holds characters "
        "that none has", reason='no_pin')


def _read_id(row, secrets):
    """Return the identifier of a row, which may come as a number; '': it has none that can be used."""
    told = row.get('id')
    told = str(told) if type(told) is int else told
    return '' if told in secrets else match_text(ROW_ID, told)


def _read_signature(row_id, row, secrets):
    title = as_dict(row.get('document')).get('title') or row.get('documentTitle') or row.get('title')
    state = clean_text(row.get('state') or '', *secrets)
    message = clean_text(row.get('errorMessage') or '', *secrets) if state == ERROR else ''
    number = read_count(row.get('errorNumber')) or None
    return Signature(
        row_id, mask_openers(bound_text(title), *secrets), state, None if str(number) in secrets else number, message,
        read_time(row.get('createdAt')), read_time(row.get('updatedAt')))


def _read_certificate(row_id, row, secrets):
    """Read a certificate: of whose owner the purchase's answer makes an object."""
    owner = row.get('certificateOwner')
    told = {**row, 'owner': owner, **as_dict(owner)}
    link = match_text(LINK, row.get('certificateLink'))
    return Certificate(
        row_id, clean_text(row.get('certificateType') or '', *secrets),
        mask_openers(bound_text(told['owner']), *secrets),
        mask_openers(bound_text(told.get('customReference')), *secrets),
        clean_text(row.get('state') or '', *secrets), link if len(link) <= LONGEST_LINK else '',
        read_time(row.get('createdAt')), read_time(row.get('expireAt')))


# what is read -> function (identifier, row, secrets); and one that makes the error of an answer that holds none
READERS = {
    Signature: (_read_signature, lambda: OutcomeUnknown(
        "The service's answer holds no signature", status=200, reason='no_signature')),
    Certificate: (_read_certificate, lambda: OutcomeUnknown(
        "The service's answer holds no certificate", status=200, reason='no_certificate')),
}

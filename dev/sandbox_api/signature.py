"""One signature and one certificate of the esignature API, as the sandbox keeps them and as the API shows them."""
import base64
import datetime
import hashlib
import secrets
from dataclasses import dataclass, replace

from . import clock
from .record import Record, new_id
from .signature_const import (
    BUY_AUTOMATIC,
    BUY_OTP,
    DONE,
    ERROR,
    EXPIRED,
    KEPT_DAYS,
    LISTED_TYPES,
    MOST_WRONG,
    NEW,
    PREFIXES,
    SIGN_AUTOMATIC,
    SIGN_OTP,
    SIGNED_TYPE,
    VALID_DAYS,
)

_DAY = 86400  # seconds


def write_time(at):
    """:return: text of a time, in seconds since 1970, as the examples have it"""
    told = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
    return told.isoformat(' ', 'milliseconds')


class _Called(Record):
    """What registers its callback as this API has it: JSON by default, and ``custom`` comes back."""

    @property
    def callback(self):
        """:return: dict as the callbacks of the other APIs are, or False"""
        callback = self.fields.get('callback')
        return {'method': 'JSON', **callback, 'data': callback.get('custom') or {}} if callback else False


@dataclass(frozen=True)
class Signature(_Called):
    """``fields``: certificateType, signatureType, title, description, options, callback, created_at, document (as the
    API describes it), becomes (the state that follows one of waiting) and error (number and message).

    :param signed: bytes of the signed document; b'' of one that is not signed
    """
    signed: bytes

    kind = 'signature'

    @property
    def has_document(self):
        """:return: whether there is a signed document, which is not kept for long"""
        return self.stato == DONE and clock.now() < self.changed_at + KEPT_DAYS * _DAY

    @property
    def operation(self):
        return SIGN_OTP if self.fields['certificateType'] == 'EU-QES_otp' else SIGN_AUTOMATIC

    def get_record(self):
        """:return: dict, the details as the API shows them"""
        fields = self.fields
        is_signed = self.stato == DONE
        number, message = fields['error'] if self.stato == ERROR else (None, None)
        document = {
            'title': fields['title'], 'description': fields['description'], 'inputDocuments': [fields['document']],
            'validatedDocument': {key: value for key, value in fields['document'].items() if key != 'sourceType'},
            **({'signedDocument': self._describe_signed()} if is_signed else {})}
        return {
            'id': self.id, 'updatedAt': write_time(self.changed_at), 'createdAt': write_time(fields['created_at']),
            'certificateType': fields['certificateType'], 'signatureType': fields['signatureType'],
            'state': self.stato, 'options': fields['options'], 'document': document, 'errorNumber': number,
            'errorMessage': message}

    def get_summary(self):
        """:return: dict, what the list shows of it"""
        told = self.get_record()
        kept = ('id', 'errorNumber', 'errorMessage', 'updatedAt', 'createdAt', 'certificateType', 'state',
                'signatureType')
        listed = LISTED_TYPES.get(told['certificateType'], told['certificateType'])
        return {**{key: told[key] for key in kept}, 'certificateType': listed, 'documentTitle': self.fields['title']}

    def change(self, **changes):
        """:return: the Signature as it is after a change of its ``stato``"""
        return replace(self, changed_at=clock.now(), **changes)

    def _describe_signed(self):
        return describe_document(self.signed, self.changed_at, f'{self.id}.p7m', SIGNED_TYPE)


@dataclass(frozen=True)
class Certificate(_Called):
    """``fields``: certificateType, certificateOwner, customReference, callback, created_at, expires_at, and what the
    API does not show: username, pin, wrong (attempts in a row), tax_code (of the owner), and otp where the app shows
    another one-time password than the usual one.
    """
    kind = 'certificate'

    @property
    def operation(self):
        return BUY_OTP if self.fields['certificateType'] == 'EU-QES_otp' else BUY_AUTOMATIC

    @property
    def is_locked(self):
        return self.fields['wrong'] >= MOST_WRONG

    @property
    def state(self):
        """:return: the stato, or that it has expired"""
        return EXPIRED if self.fields['expires_at'] <= clock.now() else self.stato

    def get_record(self):
        """:return: dict, as its reading shows it"""
        fields = self.fields
        return {
            'id': self.id, 'certificateOwner': fields['certificateOwner'],
            'customReference': fields['customReference'], 'certificateType': fields['certificateType'],
            'createdAt': write_time(fields['created_at']), 'expireAt': write_time(fields['expires_at']),
            'state': self.state, 'certificateLink': f'https://certificates.example/{self.id}',
            **({'callback': fields['callback']} if fields['callback'] else {})}

    def get_summary(self):
        """:return: dict, what the list shows of it"""
        return {key: value for key, value in self.get_record().items() if key != 'callback'}

    def get_receipt(self):
        """:return: dict, what its purchase is answered with"""
        told = self.get_summary()
        owner = {'owner': told['certificateOwner'], 'customReference': told.pop('customReference')}
        return {**told, 'certificateOwner': owner}

    def change(self, stato=None, **fields):
        """:return: the Certificate as it is after a change of anything"""
        return replace(self, stato=stato or self.stato, fields={**self.fields, **fields}, changed_at=clock.now())


def describe_document(content, at, name=None, mimetype='application/pdf'):
    """:return: dict, a document as the API describes it

    :param at: when it was made, in seconds since 1970
    :param name: of the file; None: made of its digest
    """
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    extension = 'pdf' if mimetype == 'application/pdf' else 'p7m'
    return {
        'createdAt': write_time(at), 'mimetype': mimetype, 'extension': extension, 'size': len(content),
        'id': new_id(at), 'md5': md5, 'name': name or f'{md5}.{extension}'}


def new_signature(account, fields, content, stato, signed):
    """Make a signature with a new id.

    :param fields: dict as in Signature, without what stands in the other parameters
    :param content: bytes of what was to be signed
    :rtype: Signature
    """
    now = clock.now()
    described = {'sourceType': 'base64', **describe_document(content, now)}
    return Signature(new_id(now), account, {**fields, 'document': described, 'created_at': now}, stato, now, signed)


def new_certificate(account, fields, stato=NEW):
    """Make a certificate with a new id, and a username and PIN which its owner would get by mail.

    :param fields: dict as in Certificate; certificateType is needed
    :rtype: Certificate
    """
    now = clock.now()
    prefix = PREFIXES[fields['certificateType']]
    return Certificate(new_id(now), account, {
        'certificateOwner': '', 'customReference': '', 'callback': False, 'created_at': now,
        'expires_at': now + VALID_DAYS * _DAY, 'username': f'{prefix}{secrets.randbelow(10 ** 13):013}',
        'pin': f'{secrets.randbelow(10 ** 8):08}', 'wrong': 0, 'tax_code': '', **fields}, stato, now)


def decode(text):
    """:return: bytes that base64 stands for, or None"""
    try:
        return base64.b64decode(''.join(text.split()), validate=True)
    except ValueError:
        return None

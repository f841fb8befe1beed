"""Whether a document is what it must be, as far as the vendor looks: its form, not its signatures."""
import base64
import binascii
import hashlib

from asn1crypto import cms, pem


def read_documents(value, is_right):
    """Decode ``documenti``, one or a list.

    :param value: base64 text, or a list of it
    :param is_right: function (bytes) -> whether a document is of the kind that is allowed
    :return: list of ``{'size': bytes, 'sha256': hex}``, or None when one of them is not
    """
    contents = [_decode(item) for item in (value if isinstance(value, list) else [value])]
    if not all(content is not None and is_right(content) for content in contents):
        return None
    return [{'size': len(content), 'sha256': hashlib.sha256(content).hexdigest()} for content in contents]


def is_p7m(content):
    """:return: whether bytes are a CMS / PKCS#7 signed message, DER or PEM"""
    try:
        der = pem.unarmor(content)[2] if pem.detect(content) else content
        message = cms.ContentInfo.load(der)
        # asn1crypto parses lazily: the signers are read so that a truncated file is found out.
        return message['content_type'].native == 'signed_data' and len(message['content']['signer_infos']) > 0
    except (ValueError, TypeError, KeyError):
        return False


def is_pdf(content):
    """:return: whether bytes begin as a PDF; the specification's own samples end in the middle"""
    return content.startswith(b'%PDF-')


def _decode(text):
    """:return: the bytes that the base64 stands for, or None"""
    if not isinstance(text, str):
        return None
    try:
        return base64.b64decode(''.join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None

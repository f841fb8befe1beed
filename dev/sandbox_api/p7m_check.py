"""Whether a document is a p7m, as far as the vendor looks: its form, not its signatures."""
import base64
import binascii

from asn1crypto import cms, pem


def read_p7m(text):
    """Decode one item of ``documenti``.

    :param text: base64 of a CMS / PKCS#7 signed message, DER or PEM
    :return: the bytes that the base64 stood for, or None when they are no p7m
    """
    if not isinstance(text, str):
        return None
    try:
        content = base64.b64decode(''.join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if _is_signed_data(content) else None


def _is_signed_data(content):
    try:
        der = pem.unarmor(content)[2] if pem.detect(content) else content
        message = cms.ContentInfo.load(der)
        # asn1crypto parses lazily: the signers are read so that a truncated file is found out.
        return message['content_type'].native == 'signed_data' and len(message['content']['signer_infos']) > 0
    except (ValueError, TypeError, KeyError):
        return False

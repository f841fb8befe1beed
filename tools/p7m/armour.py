"""Bytes that were written as text, so that they survive a mail, a form or a script: one such wrapping is taken off.

It reads what programs make of base64 (RFC 4648) and PEM (RFC 7468), and what is left of it when it was carried on: the
padding or a plus sign lost, the alphabet of addresses, a data URL (RFC 2397), UTF-16, a quoted string. Every step goes
over the text once, whatever the bytes.
"""
import binascii
import re

from ..pattern import Pattern
from .beginnings import LINE_ENDS, UTF8_MARK, WHITE_SPACE

BASE64 = b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='
FROM_ADDRESSES = bytes.maketrans(b'-_', b'+/')  # RFC 4648, 5
UTF16 = {b'\xff\xfe': 'utf-16-le', b'\xfe\xff': 'utf-16-be'}  # by its mark
SAMPLE = 64  # bytes that tell UTF-16 without a mark
PEM_BEGIN, PEM_DASHES, PEM_END = b'-----BEGIN ', b'-----', b'-----END '
PEM_PREAMBLE = 4096  # bytes that may stand before
DATA_URL = Pattern(rb'\s{0,99}["\']?data:.{0,1000}?;\s{0,9}base64\s{0,9},', re.IGNORECASE | re.DOTALL)
MAX_PIECES = 10_000  # of base64, each padded for itself
RARE_PLUS = 400  # one of so many signs of base64 is a plus sign at the least: it is one of 64

# What stands in base64 that went through an address, a script or a web page: what is found -> what it stands for.
DISGUISES = {
    b'%2B': b'+', b'%2b': b'+', b'%2F': b'/', b'%2f': b'/', b'%3D': b'=', b'%3d': b'=',
    b'%0A': b'', b'%0a': b'', b'%0D': b'', b'%0d': b'', b'%20': b'',
    b'\\/': b'/', b'\\r': b'', b'\\n': b'', b'"': b'', b"'": b'',
    b'\xc2\xa0': b'', b'\xe2\x80\x8b': b'', UTF8_MARK: b'', b'\0': b'', b'\x1a': b'',
}
QUOTES = (b'"', b"'")  # of a string
DISGUISED = 8  # at least so many times as long is the text than what is strange in it


def plain(content):
    """Return a text (bytes) in a code of single bytes and without its mark, when it stands in UTF-16 or has one.

    Whatever else the bytes are, they are returned as they are.
    """
    encoding = UTF16.get(content[:2])
    if encoding:
        return content[2:].decode(encoding, 'ignore').encode('latin-1', 'replace')
    sample = content[:SAMPLE]
    for first, encoding in ((1, 'utf-16-le'), (0, 'utf-16-be')):
        zeros, others = sample[first::2], sample[1 - first::2]
        if len(sample) >= 4 and not any(zeros) and all(others):
            return content.decode(encoding, 'ignore').encode('latin-1', 'replace')
    return content.removeprefix(UTF8_MARK)


def peel(content):
    """Return the bytes that a PEM or base64 text stands for, or None when it is no such text.

    :param bytes content: the text. Of one that is cut off, as much is returned as there is: what is missing is found
        out later.
    """
    text = _pem_text(plain(content))
    found = DATA_URL.match(text)
    text = text[found.end():] if found else text
    bare = _bare(text)
    strange = bare.translate(None, BASE64)
    if strange and len(strange) * DISGUISED <= len(bare):
        for disguise, meaning in DISGUISES.items():
            text = text.replace(disguise, meaning)
        bare = _bare(text)
        strange = bare.translate(None, BASE64)
    return None if strange else decode(bare)


def decode(text):
    """Return the bytes that base64 without anything else in it stands for.

    Its padding may be missing; it may also come in pieces of the same length, each with padding of its own.
    """
    if 0 < text.count(b'=', 0, -3) <= MAX_PIECES:
        pieces = re.findall(rb'[^=]+=*', text)
        if len(pieces) > 2 and len({len(piece) for piece in pieces[:-1]}) == 1:
            return b''.join(map(_decode_piece, pieces))
    return _decode_piece(text)


def _decode_piece(text):
    padded = _pad(text.rstrip(b'=')) if len(text) % 4 or text.endswith(b'===') else text
    try:
        return binascii.a2b_base64(padded)
    except binascii.Error:  # padding in the middle
        return binascii.a2b_base64(_pad(text.translate(None, b'=')))


def _pad(text):
    """Return base64 without padding as it should end; of a last group that is cut off, what there is."""
    return text[:-1] if len(text) % 4 == 1 else text + b'=' * (-len(text) % 4)


def _bare(text):
    """Return a text in the usual alphabet without white space, unless that stands for plus signs."""
    if b' ' in text and b'+' not in text and b'-' not in text:
        whole = text.translate(None, LINE_ENDS)
        if _has_lost_plus(whole):
            text = whole.replace(b' ', b'+')
    return text.translate(FROM_ADDRESSES, WHITE_SPACE)


def _has_lost_plus(text):
    """Tell whether the spaces of a text without plus signs are those: an address or a form was read wrongly.

    There are as many as chance makes, and with them the text is whole; spaces between lines stand apart by the same
    number of signs.
    """
    lines = text.split(None, 3)[:3]
    is_in_lines = len(lines) == 3 and len(set(map(len, lines))) == 1
    return not (is_in_lines or b'    ' in text or len(text) % 4 or text.count(b' ') * RARE_PLUS < len(text))


def _pem_text(content):
    """Return the text between the first two lines of PEM, or all of it when there are none."""
    begin = content.find(PEM_BEGIN, 0, PEM_PREAMBLE)
    begin = begin if begin < 0 else content.find(PEM_DASHES, begin + len(PEM_BEGIN))
    if begin < 0:
        return content
    begin += len(PEM_DASHES)
    end = content.find(PEM_END, begin)
    return content[begin:end if end >= 0 else len(content)]

"""A signed message in the middle of something else: the answer of a script, a web form, a log, a text that quotes it.

How a signed message begins is unmistakable, as it is, in base64 and in hexadecimal, so nothing else is taken for one.
Every step goes over the bytes once.
"""
import itertools
import re

from ..pattern import Pattern
from . import armour, ber

# What names a signed message (RFC 5652, 5), right behind a tag and a length of up to four bytes, or of none.
SIGNED_DATA = bytes.fromhex('06092a864886f70d010702')
START = Pattern(rb'0(?:\x80|\x81.|\x82..|\x83...|\x84....)' + re.escape(SIGNED_DATA), re.DOTALL)
START_PLACE = 4096  # bytes that may stand before it: headers of HTTP, of a form, of old systems
# The same in base64, by the length; what stands for the length may be anything.
TEXT_START = Pattern(
    rb'(?<![A-Za-z0-9+/_])MI(?:AGCSqGSIb3DQEHA|[EFGH].BgkqhkiG9w0BBwI|[IJKL]...YJKoZIhvcNAQcC'
    rb'|[MNOP]....GCSqGSIb3DQEHA|[QRST].....BgkqhkiG9w0BBwI)')
HEX_START = Pattern(rb'30(?:80|81..|82.{4}|83.{6}|84.{8})06092a864886f70d010702', re.IGNORECASE)
# One of these is in every text that has such a start, whatever else was done to it.
TRACES = (b'YJKoZIhvcNAQcC', b'GCSqGSIb3DQEHA', b'BgkqhkiG9w0BBwI')
RUN = {TEXT_START: Pattern(rb'[A-Za-z0-9+/_-]*'), HEX_START: Pattern(rb'[0-9A-Fa-f]*')}
DASHES = b'-----'  # they end PEM
MAX_FOUND = 16  # which are looked at; what follows counts as more of the last one
QUOTING = b'>'  # at the beginning of lines
# What stands in base64 that went through a web page, a script or a mail: what is found -> what it stands for.
DISGUISES = {
    b'=\r\n': b'', b'=\n': b'', b'=3D': b'=', b'=3d': b'=',  # quoted-printable
    b'&#43;': b'+', b'&#x2B;': b'+', b'&#x2b;': b'+', b'&plus;': b'+', b'\\u002b': b'+', b'\\u002B': b'+',
    b'&#47;': b'/', b'&#x2F;': b'/', b'&#x2f;': b'/', b'&sol;': b'/', b'\\u002f': b'/', b'\\u002F': b'/',
    b'&#61;': b'=', b'&#x3D;': b'=', b'&#x3d;': b'=', b'&equals;': b'=', b'\\u003d': b'=', b'\\u003D': b'=',
    b'&#10;': b'', b'&#13;': b'', b'&#xA;': b'', b'&#xD;': b'', b'&nbsp;': b'', b'\\t': b'',
    b'<br>': b'', b'<br/>': b'', b'<br />': b'', b'<BR>': b'',
    b'\xe2\x80\xa8': b'', b'\xe2\x80\xa9': b'', b'\xc2\xad': b'', b'\xef\xbb\xbf': b'',
}


def dig(content):
    """Find the signed messages that stand somewhere in some bytes.

    :param bytes content: which is no signed message itself, in whatever armour.
    :return: the distinct messages, each as long as it says it is.
    :rtype: list[bytes]
    """
    text = armour.plain(content)
    for place in (content, text):
        found = START.search(place, 0, START_PLACE)
        if found:
            return [_cut(place[found.start():])]
    if any(trace in text for trace in TRACES):
        return _dig_text(text, TEXT_START, armour.decode)
    return _dig_text(text, HEX_START, _decode_hex)


def _dig_text(text, start, decode):
    """Return the messages in a text in which one stands, in the code that ``start`` tells."""
    if start is TEXT_START:
        for disguise, meaning in (armour.DISGUISES | DISGUISES).items():
            # What only breaks lines keeps words apart; the quotes end what they are around.
            text = text.replace(disguise, b'"' if disguise in armour.QUOTES else meaning or b' ')
    starts = [begin.start() for begin in itertools.islice(start.finditer(text), MAX_FOUND)]
    found = []
    for place, end in itertools.pairwise([*starts, len(text)]):
        dashes = text.find(DASHES, place, end)
        run = text[place:dashes if dashes >= 0 else end].translate(None, armour.WHITE_SPACE + QUOTING)
        message = _cut(decode(RUN[start].match(run)[0].translate(armour.FROM_ADDRESSES)))
        if message not in found:
            found.append(message)
    return found


def _decode_hex(run):
    return bytes.fromhex(run[:len(run) // 2 * 2].decode())


def _cut(message):
    """Return a message without what follows it, if that can be told."""
    try:
        return message[:ber.parse(message).stop]
    except ber.Malformed:
        return message

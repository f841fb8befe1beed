"""What a signed message and a PDF begin with."""
from . import ber, cms

LINE_ENDS = b'\t\r\n\x0b\x0c'
WHITE_SPACE = b' ' + LINE_ENDS
UTF8_MARK = b'\xef\xbb\xbf'


def is_binary(content):
    """Tell whether some bytes look like a CMS message: a SEQUENCE longer than any text that begins with a "0"."""
    return content[:1] == b'0' and content[1:2] >= b'\x80'


def is_signed_message(content):
    """Tell whether some bytes begin as a signed message does."""
    try:
        return is_binary(content) and cms.read_kind(content) == cms.SIGNED_DATA
    except ber.Malformed:
        return False


def is_pdf(content):
    """Tell whether some bytes are a PDF, perhaps behind what says nothing."""
    return content[:1024].removeprefix(UTF8_MARK).lstrip(WHITE_SPACE + b'\0').startswith(b'%PDF')

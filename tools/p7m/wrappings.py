"""Files that are no plain signed message: armour and e-mails are taken off, what stands elsewhere is found, and what a
file is otherwise is said.

To load this takes a while, and few files need it.
"""
from . import armour, ber, digging, kinds, mail
from .beginnings import is_binary, is_pdf, is_signed_message
from .findings import P7mError

MAX_ROUNDS = 4  # of armour around a message
# Kind of malformation -> finding, the special ones first
MALFORMATIONS = {ber.Truncated: 'truncated', ber.TooMuch: 'too_complex', ber.Malformed: 'damaged'}

ATTACHED = {'archive': None, 'outlook_mail': None, 'asic': 'ZIP'}  # in an e-mail: what may hold the signed file


def take_off(content):
    """Return the signed message in a file, without its armour and the e-mail that brought it.

    :raise P7mError: it is an e-mail without one, or with several.
    """
    message = unarmour(content)
    return take_from_mail(message) or message


def unarmour(content):
    """Return the bytes that a PEM or base64 text stands for, unwrapping again what is wrapped again."""
    for _round in range(MAX_ROUNDS):
        peeled = None if is_binary(content) or is_pdf(content) else armour.peel(content)
        if peeled is None:
            break
        content = peeled
    return content


def take_from_mail(content):
    """Return the signed file in an e-mail; None when it is no e-mail.

    :raise P7mError: there is none, or several.
    """
    content = mail.mend_lines(armour.plain(content))
    if not mail.is_mail(content):
        return None
    try:
        parts = mail.read(content)
    except ber.TooMuch:
        raise P7mError('too_complex') from None
    signed, called = {}, []
    for part in parts:
        file = b'' if part.is_signature else unarmour(part.content)
        if is_signed_message(file):
            signed[file] = True
        elif part.is_called_signed and file:
            called.append(file)
    if len(signed) > 1:
        raise P7mError('several_files')
    if not signed and not called:
        raise _name_mail(content, parts)
    # What only calls itself a signed file is judged all the same: what is wrong with it is found out.
    return next(iter([*signed, *called]))


def _name_mail(content, parts):
    """Return the error of an e-mail without a signed file."""
    if mail.is_web_page(content):
        return P7mError('web_page')
    for part in parts:
        code, values = kinds.recognise(part.content)
        if code in ATTACHED:
            return P7mError('archive_attached', kind=ATTACHED[code] or values['kind'])
    # A signed file as S/MIME text, which nobody has sent, with the signature beside it.
    is_beside = any(part.is_signature for part in parts) and not mail.has_sender(content)
    return P7mError('detached' if is_beside else 'mail_without_file')


def dig(content):
    """Return the signed message in the middle of a file, None when there is none.

    :raise P7mError: there are several.
    """
    if is_binary(content):
        return None
    found = digging.dig(content)
    whole = [message for message in found if is_signed_message(message)]
    if len(whole) > 1:
        raise P7mError('several_files')
    return next(iter([*whole, *found]), None)


def name_damaged(content, malformation):
    """Return the error of a message that cannot be read.

    :param ber.Malformed malformation: what was found in it.
    """
    if _is_mangled(content):
        return P7mError('mangled')
    code = kinds.recognise_encoded(content)
    return P7mError(code or next(code for kind, code in MALFORMATIONS.items() if isinstance(malformation, kind)))


def name_other(content):
    """Return the error of a file that is not encoded as messages are."""
    code, values = kinds.recognise(content)
    return P7mError(code, **values)


def _is_mangled(content):
    """Tell whether a damaged message was carried as if it were text: no binary file is UTF-8, or has CR before each LF.
    """
    if kinds.is_mangled(content):
        return True
    try:
        content.decode()
    except UnicodeDecodeError:
        lines = content.count(b'\n')
        return lines > 3 and lines == content.count(b'\r\n')
    return True

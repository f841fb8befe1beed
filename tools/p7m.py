"""Judging a digitally signed file (.p7m) before it is sent, offline, whatever the bytes.

``judge`` gives a verdict: what is wrong or worth knowing, who signed and when, and the PDF inside. It speaks in codes;
the sentences for people are ``const.SIGNATURE_FINDINGS``. What cannot be known offline (whether the certificate leads to a
qualified authority, whether it was revoked) is said in a finding, never implied.

The rules are those of CMS (RFC 5652), CAdES (ETSI EN 319 122-1), qualified certificates (ETSI EN 319 412-5) and, for what
the Italian register accepts, AgID's rules on signed documents (CAD, D.Lgs. 82/2005; DPCM 22 February 2013).
"""
import binascii
import contextlib
import datetime
from typing import NamedTuple

from cryptography.exceptions import InternalError

from ..p7m import ber, certificate, cms as cms_signature
from ..italy.omocodia import same

MAX_SIZE = 20 * 1024 * 1024  # bytes
MAX_ROUNDS = 4  # of armour around a message
MAX_LEVELS = 5  # of messages one in the other
MAX_TAIL = 64  # bytes behind a message, white space and zeros apart
CLOCK_SKEW = datetime.timedelta(hours=1)  # by how much a signer's clock may be ahead
GOOD_RSA_BITS = 2048  # ETSI TS 119 312
WEAK_HASHES = {'md5': "MD5", 'sha1': "SHA-1"}

# ------------------------------------------------------------ findings

ERROR, WARNING, FINE = ORDER = ('error', 'warning', 'fine')

# Code of a finding -> its level. An error stops the sending.
LEVELS = {
    # the file
    'empty': ERROR,
    'too_large': ERROR,
    'unsigned_pdf': ERROR,
    'signed_pdf': ERROR,  # PAdES
    'asic': ERROR,
    'encrypted': ERROR,
    'time_stamped': ERROR,
    'not_signed': ERROR,
    'mangled': ERROR,
    'truncated': ERROR,
    'damaged': ERROR,
    'trailing_data': ERROR,
    'detached': ERROR,
    'no_signature': ERROR,
    'too_nested': ERROR,
    'too_complex': ERROR,
    'unreadable': ERROR,
    'nested': FINE,
    # each signature
    'certificate_missing': ERROR,
    'unsupported_algorithm': ERROR,
    'unsupported_key': ERROR,
    'tampered': ERROR,
    'signature_invalid': ERROR,
    'weak_hash': ERROR,
    'weak_key': WARNING,
    'other_certificate_named': ERROR,
    'no_certificate_named': WARNING,
    'no_signing_time': WARNING,
    'signed_in_future': WARNING,
    'signature_intact': FINE,
    # its certificate
    'authentication_certificate': ERROR,
    'wrong_certificate': ERROR,
    'unrestricted_certificate': WARNING,
    'expired_certificate': ERROR,
    'early_certificate': ERROR,
    'signed_outside_validity': ERROR,
    'not_qualified': WARNING,
    'no_secure_device': WARNING,
    'not_for_signatures': WARNING,
    # who signed
    'no_tax_code': WARNING,
    'not_the_applicant': WARNING,
    'the_applicant': FINE,
    # the document
    'no_pdf': ERROR,
    'same_document': FINE,
    'completed_document': FINE,
    'other_filing': ERROR,
    'other_document': ERROR,
    'nothing_to_compare': WARNING,
    'not_checked': FINE,
}
OVERRIDABLE = ('other_document',)  # by a person, with a reason

# Kind of a CMS message that is no signed one -> finding
OTHER_KINDS = {
    '1.2.840.113549.1.7.3': 'encrypted',  # enveloped
    '1.2.840.113549.1.7.4': 'encrypted',  # signed and enveloped, of PKCS #7
    '1.2.840.113549.1.7.6': 'encrypted',
    '1.2.840.113549.1.9.16.1.23': 'encrypted',  # authenticated and enveloped
    '1.2.840.113549.1.9.16.1.31': 'time_stamped',  # .tsd, RFC 5544
}
# Kind of malformation -> finding, the special ones first
MALFORMATIONS = {ber.Truncated: 'truncated', ber.TooMuch: 'too_complex', ber.Malformed: 'damaged'}
WHITE_SPACE = b' \t\r\n\x0b\x0c'
BASE64 = b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='
UTF8_MARK = b'\xef\xbb\xbf'
PEM_BEGIN, PEM_DASHES, PEM_END = b'-----BEGIN ', b'-----', b'-----END '
PEM_PREAMBLE = 4096  # bytes that may stand before
# What a hostile file could raise somewhere, if there were a mistake here. MemoryError counts: the file is too much.
UNEXPECTED = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError, MemoryError, InternalError)


class P7mError(Exception):
    """A file that cannot be opened, or a call that makes no sense.

    :param str code: key of ``LEVELS``; ``misuse`` when the caller is wrong. It is all the text: nothing of the file is in it.
    :param values: those of the finding that tells it.
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code, self.values = code, values


class Finding(NamedTuple):
    """Something to tell about a file; ``values`` holds strings and aware datetimes for its sentence, and no tax code."""

    code: str
    values: dict

    @property
    def level(self):
        """``error``, ``warning`` or ``fine``."""
        return LEVELS[self.code]

    @property
    def overridable(self):
        """Whether a person may send nevertheless, with a reason."""
        return self.code in OVERRIDABLE


class Signer(NamedTuple):
    """Who signed, as the certificate and the signature say. Moments are aware and in UTC."""

    name: str
    fiscal_code: str  # upper case, or None
    issuer: str
    serial: str  # of the certificate, hexadecimal
    valid_from: datetime.datetime
    valid_until: datetime.datetime
    signed_at: datetime.datetime  # by the signer's own clock, or None
    qualified: bool  # whether the certificate calls itself so
    intact: bool  # whether the signature fits the content and the certificate

    def __repr__(self):  # a tax code must not reach a log
        return f'<Signer {self.serial}>'


class Verdict(NamedTuple):
    """What became known of a file."""

    findings: list
    signers: list  # the outermost signature's first
    message: bytes  # the signed message without armour: what is to be sent; None when there is none
    pdf: bytes  # the innermost document, or None

    @property
    def level(self):
        """``refused``, ``warning`` or ``good``."""
        levels = {finding.level for finding in self.findings}
        return 'refused' if ERROR in levels else 'warning' if WARNING in levels else 'good'

    @property
    def overridable(self):
        """Whether the file is refused for nothing but what a person may override."""
        return self.level == 'refused' and all(finding.overridable for finding in self.findings if finding.level == ERROR)

    def __repr__(self):
        return f'<Verdict {self.level}: {", ".join(finding.code for finding in self.findings)}>'


class Fingerprint(NamedTuple):
    """What is enough to recognise a document, whole or at the beginning of another: what Odoo keeps of its attachments."""

    size: int  # bytes
    checksum: str  # SHA-1, hexadecimal


# ------------------------------------------------------------ what others call

def judge(content, *, procura=None, other_procure=None, fiscal_code=None, now, max_size=MAX_SIZE):
    """Judge a signed file.

    :param bytes content: the file, as uploaded.
    :param bytes procura: the power of attorney (*procura*) downloaded for this filing, if there is one.
    :param Mapping other_procure: those of other filings: ``{fingerprint(pdf): a name to tell}``.
    :param str fiscal_code: the applicant's tax code, if it is known.
    :param datetime.datetime now: aware.
    :param int max_size: the largest file, in bytes.
    :rtype: Verdict
    :raise P7mError: ``misuse``: a document is not bytes or ``now`` not aware. Never because of what the bytes are.
    """
    if not (isinstance(content, bytes) and isinstance(procura, (bytes, type(None)))
            and isinstance(now, datetime.datetime) and now.tzinfo):
        raise P7mError('misuse')
    try:
        with _net():
            opened = _open(content, max_size)
            signers, findings = _judge_signatures(opened.layers, now)
    except P7mError as error:
        return Verdict([Finding(error.code, error.values)], [], None, None)
    pdf = opened.document if _is_pdf(opened.document) else None
    findings += _judge_identity(signers, fiscal_code)
    findings += _judge_document(pdf, procura, other_procure or {})
    if len(opened.layers) > 1:
        findings.append(Finding('nested', {'levels': str(len(opened.layers))}))
    findings.append(Finding('not_checked', {}))
    findings.sort(key=lambda finding: ORDER.index(finding.level))
    return Verdict(findings, signers, opened.message, pdf)


def extract(content, max_size=MAX_SIZE):
    """Return the PDF in a signed file, whoever signed it; nothing is verified.

    :param bytes content: the file.
    :param int max_size: the largest file, in bytes.
    :raise P7mError: there is none; its ``code`` says why.
    """
    with _net():
        document = _open(content, max_size).document
    if not _is_pdf(document):
        raise P7mError('no_pdf')
    return document


@contextlib.contextmanager
def _net():
    """Turn what no file should be able to raise, a mistake of this program, into "unreadable"; it is logged without data."""
    try:
        yield
    except UNEXPECTED as error:
        import logging  # noqa: PLC0415 - takes a while and should never be needed
        place = error.__traceback__
        while place.tb_next:
            place = place.tb_next
        logging.getLogger(__name__).error(
            "A signed file could not be judged: %s in %s, line %s",
            type(error).__name__, place.tb_frame.f_code.co_name, place.tb_lineno)
        raise P7mError('unreadable') from None


def fingerprint(pdf):
    """Return the :class:`Fingerprint` of a document (bytes)."""
    return Fingerprint(len(pdf), cms_signature.digest('sha1', pdf).hex())


def recognise(pdf, fingerprints):
    """Find the document that a PDF is, or begins with: filling in a form appends to it (ISO 32000-1, 7.5.6).

    :param bytes pdf: the document.
    :param fingerprints: iterable of :class:`Fingerprint`, however many: the PDF is read once.
    :return: the longest that fits, or None.
    """
    known = {known for known in fingerprints if 0 < known.size <= len(pdf)}
    found, context, read = None, cms_signature.hash_context('sha1'), 0
    for size in sorted({known.size for known in known}):
        context.update(memoryview(pdf)[read:size])
        read = size
        candidate = Fingerprint(size, context.copy().finalize().hex())
        found = candidate if candidate in known else found
    return found


# ------------------------------------------------------------ opening

class Opened(NamedTuple):
    """A file without its wrappings."""

    message: bytes  # the outermost signed message, without armour
    layers: list  # of cms_signature.SignedData, the outermost first
    document: bytes  # what the innermost holds


def _open(content, max_size):
    """Take a file out of its armour and its signed messages.

    :rtype: Opened
    :raise P7mError: it is no signed message with a content.
    """
    if len(content) > max_size:
        raise P7mError('too_large', megabytes=f'{max_size / 2**20:g}')
    if not content.strip(WHITE_SPACE + b'\0'):
        raise P7mError('empty')
    message = document = _unarmour(content)
    layers, signers = [], 0
    while not layers or _is_signed_message(document):
        if len(layers) == MAX_LEVELS:
            raise P7mError('too_nested', levels=str(MAX_LEVELS))
        layers.append(_open_message(document))
        signers += len(layers[-1].signers)
        if signers > cms_signature.MAX_SIGNERS:
            raise P7mError('too_complex')
        document = bytes(layers[-1].content)
        inner = _unarmour(document)
        document = inner if _is_signed_message(inner) else document
    return Opened(message[:layers[0].stop], layers, document)


def _unarmour(content):
    """Return the bytes that a PEM or base64 text stands for, unwrapping again what is wrapped again."""
    for _round in range(MAX_ROUNDS):
        if _is_binary(content) or _is_pdf(content):
            break
        text = _pem_text(content).translate(None, WHITE_SPACE)
        if text.translate(None, BASE64):
            break
        try:
            # Of a text that is cut off, as much as there is: what is missing is found out later.
            content = binascii.a2b_base64(text[:len(text) // 4 * 4])
        except binascii.Error:
            break
    return content


def _pem_text(content):
    """Return the text between the first two lines of PEM, or all of it when there are none."""
    begin = content.find(PEM_BEGIN, 0, PEM_PREAMBLE)
    begin = begin if begin < 0 else content.find(PEM_DASHES, begin + len(PEM_BEGIN))
    if begin < 0:
        return content.removeprefix(UTF8_MARK)
    begin += len(PEM_DASHES)
    end = content.find(PEM_END, begin)
    return content[begin:end if end >= 0 else len(content)]


def _is_binary(content):
    """Tell whether some bytes look like a CMS message: a SEQUENCE longer than any text that begins with a "0"."""
    return content[:1] == b'0' and content[1:2] >= b'\x80'


def _is_signed_message(content):
    try:
        return _is_binary(content) and cms_signature.read_kind(content) == cms_signature.SIGNED_DATA
    except ber.Malformed:
        return False


def _is_pdf(content):
    return content[:1024].removeprefix(UTF8_MARK).lstrip(WHITE_SPACE + b'\0').startswith(b'%PDF')


def _open_message(content):
    """Read a signed message that must be whole and hold its content.

    :rtype: cms_signature.SignedData
    :raise P7mError: it is something else.
    """
    if _is_pdf(content):
        raise P7mError('signed_pdf' if b'/ByteRange' in content else 'unsigned_pdf')
    if content.startswith(b'PK\x03\x04'):
        raise P7mError('asic')
    if not _is_binary(content):
        raise P7mError('not_signed')
    try:
        kind = cms_signature.read_kind(content)
        if kind != cms_signature.SIGNED_DATA:
            raise P7mError(OTHER_KINDS.get(kind, 'not_signed'))
        message = cms_signature.read_signed_data(content)
    except ber.Malformed as error:
        if _is_mangled(content):
            raise P7mError('mangled') from None
        raise P7mError(next(code for kind, code in MALFORMATIONS.items() if isinstance(error, kind))) from None
    if len(content[message.stop:].strip(WHITE_SPACE + b'\0\x1a')) > MAX_TAIL:
        raise P7mError('trailing_data')
    if not message.signers:
        raise P7mError('no_signature')
    if message.content is None:
        raise P7mError('detached')
    return message


def _is_mangled(content):
    """Tell whether a damaged message was carried as if it were text: no binary file is UTF-8, or has CR before each LF."""
    try:
        content.decode()
    except UnicodeDecodeError:
        lines = content.count(b'\n')
        return lines > 3 and lines == content.count(b'\r\n')
    return True


# ------------------------------------------------------------ judging

def _judge_signatures(layers, now):
    """Judge each signature of each message.

    :return: ``(list of Signer, list of Finding)``.
    """
    signers, findings = [], []
    for layer in layers:
        digests = {}
        for signature in layer.signers:
            owner = cms_signature.find_certificate(signature, layer.certificates)
            if not owner:
                findings.append(Finding('certificate_missing', {}))
                continue
            problems = list(_judge_signature(signature, owner, layer.content, digests))
            intact = all(problem.level != ERROR for problem in problems)
            if intact:
                problems.append(Finding('signature_intact', {'signer': owner.name}))
            signers.append(_signer(signature, owner, intact))
            findings += [*problems, *_judge_time(signature.signed_at, owner, now), *_judge_certificate(owner)]
    return signers, [finding for place, finding in enumerate(findings) if finding not in findings[:place]]


def _signer(signature, owner, intact):
    return Signer(
        owner.name, owner.fiscal_code, owner.issuer_name, f'{owner.serial:x}', owner.valid_from, owner.valid_until,
        signature.signed_at, certificate.QC_COMPLIANCE in owner.qualities, intact)


def _judge_signature(signature, owner, content, digests):
    """Judge what is wrong with a signature, compared with content and certificate; yields findings."""
    values = {'signer': owner.name}
    try:
        key_bits = cms_signature.verify(signature, owner, content, digests)
    except cms_signature.Broken as broken:
        yield Finding(broken.code, values)
        return
    except ber.Malformed:
        yield Finding('signature_invalid', values)
        return
    weak = [name for hash_name, name in WEAK_HASHES.items() if hash_name in (signature.digest, signature.hash_name)]
    if weak:
        yield Finding('weak_hash', {**values, 'hash': weak[0]})
    if key_bits and key_bits < GOOD_RSA_BITS:
        yield Finding('weak_key', {**values, 'bits': str(key_bits)})
    named = cms_signature.names_certificate(signature, owner)
    if named is None:
        yield Finding('no_certificate_named', values)
    elif not named:
        yield Finding('other_certificate_named', values)


def _judge_time(signed_at, owner, now):
    """Judge the validity of a certificate when it was used and now; yields findings."""
    values = {'signer': owner.name, 'valid_from': owner.valid_from, 'valid_until': owner.valid_until}
    if owner.valid_until < now:
        yield Finding('expired_certificate', values)
    elif now < owner.valid_from:
        yield Finding('early_certificate', values)
    elif signed_at and not owner.valid_from <= signed_at <= owner.valid_until:
        yield Finding('signed_outside_validity', {**values, 'signed_at': signed_at})
    if not signed_at:
        yield Finding('no_signing_time', {'signer': owner.name})
    elif signed_at > now + CLOCK_SKEW:
        yield Finding('signed_in_future', {'signer': owner.name, 'signed_at': signed_at})


def _judge_certificate(owner):
    """Judge what a certificate is made for; yields findings."""
    values = {'signer': owner.name, 'issuer': owner.issuer_name}
    usage, qualities = owner.key_usage, owner.qualities
    if usage is None:
        yield Finding('unrestricted_certificate', values)
    elif not usage & certificate.NON_REPUDIATION:
        yield Finding('authentication_certificate' if usage & certificate.DIGITAL_SIGNATURE else 'wrong_certificate', values)
    if certificate.QC_COMPLIANCE not in qualities:
        yield Finding('not_qualified', values)
        return
    if certificate.QC_SSCD not in qualities:
        yield Finding('no_secure_device', values)
    if not owner.is_for_signatures:
        yield Finding('not_for_signatures', values)


def _judge_identity(signers, fiscal_code):
    """Judge whether the applicant signed; an appointed intermediary may sign for him. Yields findings."""
    for signer in signers:
        if not signer.fiscal_code:
            yield Finding('no_tax_code', {'signer': signer.name})
    known = [signer for signer in signers if signer.fiscal_code]
    if not fiscal_code or not known:
        return
    applicant = next((signer for signer in known if same(signer.fiscal_code, fiscal_code)), None)
    if applicant:
        yield Finding('the_applicant', {'signer': applicant.name})
    else:
        yield Finding('not_the_applicant', {'signer': ', '.join(dict.fromkeys(signer.name for signer in known))})


def _judge_document(pdf, procura, other_procure):
    """Judge whether the document is the one to be signed; yields findings."""
    if pdf is None:
        yield Finding('no_pdf', {})
    elif procura and pdf == procura:
        yield Finding('same_document', {})
    elif procura and pdf.startswith(procura):
        yield Finding('completed_document', {})
    elif other := recognise(pdf, other_procure):
        yield Finding('other_filing', {'filing': str(other_procure[other])})
    elif procura:
        yield Finding('other_document', {})
    else:
        yield Finding('nothing_to_compare', {})

"""Judging a signed file, and recognising the document in it."""
import contextlib
import datetime

from cryptography.exceptions import InternalError

from ..finding import ERROR, ORDER
from ..italy.omocodia import same
from . import ber, certificate, cms, keys
from .beginnings import is_pdf
from .findings import Fingerprint, P7mError, Signer, Verdict, find
from .opening import MAX_SIZE, open_file

CLOCK_SKEW = datetime.timedelta(hours=1)  # by how much a signer's clock may be ahead
# What a hostile file could raise somewhere, if there were a mistake here. MemoryError counts: the file is too much.
UNEXPECTED = (
    ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError, MemoryError, InternalError)


def judge(
        content, *, procura=None, other_procure=None, fiscal_code=None, intermediaries=None, now, max_size=MAX_SIZE):
    """Judge a signed file.

    :param bytes content: the file, as uploaded.
    :param bytes procura: the power of attorney (*procura*) downloaded for this filing, if there is one.
    :param Mapping other_procure: those of other filings: ``{fingerprint(pdf): a name to show}``.
    :param str fiscal_code: the applicant's tax code, if it is known.
    :param Mapping intermediaries: of signed files that were asked for on this side, who was appointed to sign them:
        ``{SHA-256 of the file (hexadecimal): tax code}``. He counts in these files alone.
    :param datetime.datetime now: aware.
    :param int max_size: the largest file, in bytes.
    :rtype: Verdict
    :raise P7mError: ``misuse``: a document is not bytes or ``now`` not aware. Never because of what the bytes are.
    """
    if not (isinstance(content, bytes) and isinstance(procura, (bytes, type(None)))
            and isinstance(now, datetime.datetime) and now.tzinfo):
        raise P7mError('misuse')
    try:
        with net():
            opened = open_file(content, max_size)
            signers, findings = _judge_signatures(opened.layers, now)
    except P7mError as error:
        return Verdict([find(error.code, error.values)], [], None, None)
    pdf = opened.document if is_pdf(opened.document) else None
    intermediary = intermediaries.get(keys.digest('sha256', content).hex()) if intermediaries else None
    findings += _judge_identity(signers, fiscal_code, intermediary)
    findings += _judge_document(pdf, procura, other_procure or {})
    if len(opened.layers) > 1:
        findings.append(find('nested', {'levels': str(len(opened.layers))}))
    findings.append(find('not_checked', {}))
    findings.sort(key=lambda finding: ORDER.index(finding.level))
    return Verdict(findings, signers, opened.message, pdf)


def extract(content, max_size=MAX_SIZE):
    """Return the PDF in a signed file; nothing is verified, not even who signed it.

    :param bytes content: the file.
    :param int max_size: the largest file, in bytes.
    :raise P7mError: there is none; its ``code`` says why.
    """
    with net():
        document = open_file(content, max_size).document
    if not is_pdf(document):
        raise P7mError('no_pdf')
    return document


@contextlib.contextmanager
def net():
    """Turn a mistake of this program, which no file should be able to raise, into "unreadable".

    The mistake is logged without data.
    """
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
    return Fingerprint(len(pdf), keys.digest('sha1', pdf).hex())


def recognise(pdf, fingerprints):
    """Find the document that a PDF is, or begins with: filling in a form appends to it (ISO 32000-1, 7.5.6).

    :param bytes pdf: the document.
    :param fingerprints: iterable of :class:`Fingerprint`, however many: the PDF is read once.
    :return: the longest that fits, or None.
    """
    known = {known for known in fingerprints if 0 < known.size <= len(pdf)}
    found, context, read = None, keys.hash_context('sha1'), 0
    for size in sorted({known.size for known in known}):
        context.update(memoryview(pdf)[read:size])
        read = size
        candidate = Fingerprint(size, context.copy().finalize().hex())
        found = candidate if candidate in known else found
    return found


# ------------------------------------------------------------ judging

def _judge_signatures(layers, now):
    """Judge each signature of each message.

    :return: ``(list of Signer, list of Finding)``.
    """
    signers, findings = [], []
    for layer in layers:
        digests = {}
        for signature in layer.signers:
            owner = cms.find_certificate(signature, layer.certificates)
            if not owner:
                findings.append(find('certificate_missing', {}))
                continue
            problems = list(_judge_signature(signature, owner, layer.content, digests))
            intact = all(problem.level != ERROR for problem in problems)
            if intact:
                problems.append(find('signature_intact', {'signer': owner.name}))
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
        key_bits = cms.verify(signature, owner, content, digests)
    except keys.Broken as broken:
        yield find(broken.code, values)
        return
    except ber.Malformed:
        yield find('signature_invalid', values)
        return
    used = signature.digest, signature.hash_name
    weak = [name for hash_name, name in keys.WEAK_HASHES.items() if hash_name in used]
    if weak:
        yield find('weak_hash', {**values, 'hash': weak[0]})
    if key_bits and key_bits < keys.GOOD_RSA_BITS:
        yield find('weak_key', {**values, 'bits': str(key_bits)})
    named = cms.names_certificate(signature, owner)
    if named is None:
        yield find('no_certificate_named', values)
    elif not named:
        yield find('other_certificate_named', values)


def _judge_time(signed_at, owner, now):
    """Judge the validity of a certificate when it was used and now; yields findings."""
    values = {'signer': owner.name, 'valid_from': owner.valid_from, 'valid_until': owner.valid_until}
    if owner.valid_until < now:
        yield find('expired_certificate', values)
    elif now < owner.valid_from:
        yield find('early_certificate', values)
    elif signed_at and not owner.valid_from <= signed_at <= owner.valid_until:
        yield find('signed_outside_validity', {**values, 'signed_at': signed_at})
    if not signed_at:
        yield find('no_signing_time', {'signer': owner.name})
    elif signed_at > now + CLOCK_SKEW:
        yield find('signed_in_future', {'signer': owner.name, 'signed_at': signed_at})


def _judge_certificate(owner):
    """Judge what a certificate is made for; yields findings."""
    values = owner.described
    usage, qualities = owner.key_usage, owner.qualities
    if owner.is_identity_card:
        yield find('identity_card_certificate', values)
        return
    if usage is None:
        yield find('unrestricted_certificate', values)
    elif not usage & certificate.NON_REPUDIATION:
        yield find(
            'authentication_certificate' if usage & certificate.DIGITAL_SIGNATURE else 'wrong_certificate', values)
    if certificate.QC_COMPLIANCE not in qualities:
        yield find('not_qualified', values)
        return
    if certificate.QC_SSCD not in qualities:
        yield find('no_secure_device', values)
    if not owner.is_for_signatures:
        yield find('not_for_signatures', values)


def _judge_identity(signers, fiscal_code, intermediary):
    """Judge whether the applicant signed; an appointed intermediary may sign for him. Yields findings.

    :param str intermediary: the tax code of him who was appointed to sign this very file; None: nobody is known to be.
    """
    for signer in signers:
        if not signer.fiscal_code:
            yield find('no_tax_code', {'signer': signer.name})
    known = [signer for signer in signers if signer.fiscal_code]
    if not fiscal_code or not known:
        return
    applicant = next((signer for signer in known if same(signer.fiscal_code, fiscal_code)), None)
    appointed = intermediary and next((signer for signer in known if same(signer.fiscal_code, intermediary)), None)
    if applicant:
        yield find('the_applicant', {'signer': applicant.name})
    elif appointed:
        yield find('the_intermediary', {'signer': appointed.name})
    else:
        yield find('not_the_applicant', {'signer': ', '.join(dict.fromkeys(signer.name for signer in known))})


def _judge_document(pdf, procura, other_procure):
    """Judge whether the document is the one to be signed; yields findings."""
    if pdf is None:
        yield find('no_pdf', {})
    elif procura and pdf == procura:
        yield find('same_document', {})
    elif procura and pdf.startswith(procura):
        yield find('completed_document', {})
    elif other := recognise(pdf, other_procure):
        yield find('other_filing', {'filing': str(other_procure[other])})
    elif procura:
        yield find('other_document', {})
    else:
        yield find('nothing_to_compare', {})

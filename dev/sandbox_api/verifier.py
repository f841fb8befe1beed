"""The vendor's verification of a signed document. Paid, and nothing of it is kept.

Whether the signatures fit the document, the ``openssl`` command says; who signed, their certificates. Which authority
is listed and what is revoked is told as the settings have it (``verification``): this sandbox knows no authority.
"""
import base64
import datetime
import subprocess
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from . import clock
from .answers import Refused, Reply, success
from .signature import decode, write_time
from .signature_const import VERIFY
from .specification import ESIGNATURE
from .validation import read_object

_LAYERS = 5  # of signatures around each other that are looked at
_NOTE = {'policy': 3, 'about': 2, 'type': 1}


def verify(call):
    """A report on the signatures of a document; one that is no signed document has none."""
    try:
        body = read_object(call.operation, call.body)
    except Refused:
        return Reply(400)  # both are documented without a body
    content = None if ESIGNATURE.find_faults_of_body(VERIFY, body) else decode(body['inputDocument'])
    if not content:
        return Reply(422)
    settings = call.world.settings
    call.world.charge(call, settings.signature_prices['verify'])
    report = _make_report(content, bool(body.get('recursive')), dict(settings.verification))
    call.note('verification')
    return success(report, 'Signature is valid' if report['overallVerified'] else 'Signature is not valid',
                   executed=True)


def _make_report(content, is_recursive, told):
    """:return: dict, the report as the API shows it

    :param told: dict of what is told in the place of what is found; keys of a report, or of a signature in it
    """
    signatures, rest = [], content
    for _layer in range(_LAYERS if is_recursive else 1):
        owners, within, is_whole = _open(rest)
        signatures += [_describe(owner, is_whole, len(signatures) + number) for number, owner in enumerate(owners)]
        if not within:
            break
        rest = within
    signatures = [{**signature, **{key: told[key] for key in signature.keys() & told.keys()}}
                  for signature in signatures]
    is_good = bool(signatures) and all(
        signature['integrity'] and signature['issuerTrustedList']
        and signature['signerCertificateStatus'] == 'VALID' for signature in signatures)
    now = write_time(clock.now())
    report = {
        'checkDate': now, 'verificationDate': now, 'signatureFormat': 'CAdES', 'nrOfSignatures': len(signatures),
        'overallVerified': is_good, 'signatureReportList': signatures,
        'noteReportList': [{**_NOTE, 'synopsis': 'Certified qualified in conformity', 'description': (
            f'The qualified certificate of {signature["subjectCN"]} complies with European Directive 1999/93/EC')}
            for signature in signatures],
        'plainDocument': base64.b64encode(rest).decode()}
    return {**report, **{key: told[key] for key in report.keys() & told.keys()}}


def _open(content):
    """:return: (certificates of who signed, what was signed or b'', whether the signatures fit it)"""
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / name for name in ('signed', 'signers', 'within')]
        places[0].write_bytes(content)
        run = subprocess.run(
            ['openssl', 'cms', '-verify', '-noverify', '-binary', '-inform', 'DER', '-in', places[0], '-signer',
             places[1], '-out', places[2]], capture_output=True, check=False)
        if run.returncode == 0:
            return x509.load_pem_x509_certificates(places[1].read_bytes()), places[2].read_bytes(), True
    try:
        return pkcs7.load_der_pkcs7_certificates(content)[:1] if content.startswith(b'\x30') else [], b'', False
    except ValueError:
        return [], b'', False


def _describe(owner, is_whole, number):
    """:return: dict, what is told of one signature

    :param owner: certificate of who signed
    """
    algorithm = owner.signature_hash_algorithm.name.upper()
    return {
        'id': str(number), 'integrity': is_whole, 'signatureAlgorithmName': f'{algorithm}withRSA',
        'subjectDN': owner.subject.rfc4514_string(), 'issuerDN': owner.issuer.rfc4514_string(),
        'subjectCN': _get_name(owner.subject), 'issuerCN': _get_name(owner.issuer),
        'serialNumber': str(owner.serial_number), 'signerCertificateStatus': 'VALID',
        'signerCertificateNotBefore': _write(owner, 'not_valid_before'),
        'signerCertificateNotAfter': _write(owner, 'not_valid_after'),
        'signerCertificateRevocationDate': '', 'issuerCertificateStatus': 'VALID',
        'issuerCertificateRevocationDate': '', 'trustedSignatureDate': False,
        'signatureDate': write_time(clock.now()), 'issuerTrustedList': True,
        'keySize': owner.public_key().key_size if isinstance(owner.public_key(), rsa.RSAPublicKey) else 256,
        'qcComplianceStatus': 'VALID', 'qcSSCDStatus': 'VALID',
        'derEncodedSignerCert': base64.b64encode(owner.public_bytes(Encoding.DER)).decode()}


def _get_name(name):
    return next((attribute.value for attribute in name.get_attributes_for_oid(NameOID.COMMON_NAME)), '')


def _write(owner, name):
    at = getattr(owner, f'{name}_utc', None) or getattr(owner, name)  # as versions of the library call it
    return write_time(at.replace(tzinfo=datetime.timezone.utc).timestamp())

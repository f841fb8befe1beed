"""The vendor's operations on signatures and certificates. Each: (Call) -> Reply, as those on filings.

One document at a time is signed, as CAdES with SHA-256, attached; what else the specification allows is refused. When a
signature is paid is documented nowhere: here when there is one. Nothing keeps PIN or one-time password.
"""
from .answers import Refused, Reply, json_reply, success
from .signature import decode, new_certificate, new_signature
from .signature_const import (
    DONE,
    ERROR,
    LIST_CERTIFICATES,
    LOCKED,
    OTP,
    SANDBOX_PIN,
    SANDBOX_USERNAME,
    SIGN_OTP,
    SIGNED_TYPE,
    TYPES,
    UNUSABLE,
    WAIT_SIGN,
    WAIT_VALIDATION,
    WRONG_CREDENTIALS,
)
from .signer import sign
from .specification import ESIGNATURE
from .validation import read_object

_NEEDED = ('inputDocuments', 'certificateUsername', 'certificatePassword')
_OPTIONS = {'asyncDocumentsValidation': False, 'asyncSignature': False, 'level': 'B', 'hashAlgorithm': 'SHA256'}


def sign_document(call):
    """A signature of one document, given as base64. Wrong credentials make one in the state ERROR, or a refusal."""
    body = read_object(call.operation, call.body)
    content = _check(call, body)
    certificate = _find_certificate(call, body)
    error = _judge_credentials(call, certificate, body)
    settings = call.world.settings
    if error and settings.credentials_told == 'refusal':
        raise Refused(call.operation, 'locked' if error == LOCKED else 'credentials')
    if not error:
        call.world.charge(call, settings.signature_prices[TYPES[call.operation]])
    options = {**_OPTIONS, **body.get('options', {})}
    becomes = ERROR if error else DONE
    stato = WAIT_VALIDATION if options['asyncDocumentsValidation'] else WAIT_SIGN if options[
        'asyncSignature'] else becomes
    signature = new_signature(call.account, {
        'certificateType': TYPES[call.operation], 'signatureType': body['signatureType'],
        'title': body.get('title', ''), 'description': body.get('description', ''), 'options': options,
        'callback': body.get('callback') or False, 'becomes': becomes, 'error': error,
    }, content, stato, b'' if error else sign(call.url, content, **_get_names(certificate)))
    call.world.store.signatures.add([signature])
    if not error:
        call.note(signature.id, signature.fields['title'], signature.callback)
    return success(signature.get_record(), 'Created', executed=not error)


def list_signatures(call):
    """The signatures of the account, newest first, page by page; none is a 404."""
    mood = call.world.settings.mood
    rows = [signature.get_summary() for signature in call.world.store.signatures.get_all()
            if signature.account == call.account]
    rows = [{**row, 'documentTitle': mood.spell(row['documentTitle'])} for row in rows
            if mood.shows_in_list(row) and all(
                row[key] == call.query.get(key, row[key]) for key in ('state', 'certificateType', 'signatureType'))]
    shown = call.cut(rows[:mood.list_cap or None])
    if not shown:
        raise Refused(call.operation, 'empty')
    return success(shown)


def read_signature(call):
    """The details of a signature, bare as the specification has them, or the signed document."""
    signature = call.find(call.world.store.signatures)
    if call.parameters['actionType'] in ('', 'detail'):
        return json_reply(200, signature.get_record())
    if call.parameters['actionType'] != 'signedDocument':  # audit and validatedDocument, which nobody asks for here
        raise Refused(call.operation, 'id')
    if not signature.has_document:
        raise Refused(call.operation, 'missing')
    return Reply(200, signature.signed, SIGNED_TYPE)


def delete_signature(call):
    """Delete a signature and its documents."""
    signature = call.find(call.world.store.signatures)
    call.world.store.signatures.delete(signature.id)
    call.note(signature.id, signature.fields['title'])
    return Reply(200, executed=True)


def buy_certificate(call):
    """A certificate; paid. Who it is for then identifies himself behind its link; username and PIN come by mail."""
    body = read_object(call.operation, call.body)
    settings, store, name = call.world.settings, call.world.store, call.operation.rpartition('/')[2]
    bought = [entry for entry in call.world.executions if entry['operation'] == call.operation]
    if len(bought) >= settings.stock:
        raise Refused(call.operation, 'stock')
    if ESIGNATURE.find_faults_of_body(call.operation, body):  # documented nowhere
        raise Refused(call.operation, 'json')
    call.world.charge(call, settings.signature_prices[name])
    certificate = new_certificate(call.account, {
        'certificateType': TYPES[call.operation],
        **{key: body.get(key, '') for key in ('certificateOwner', 'customReference')},
        'callback': body.get('callback') or False})
    store.certificates.add([certificate])
    call.note(certificate.id, certificate.fields['customReference'], certificate.callback)
    return success(certificate.get_receipt(), 'Certificate purchased successfully', executed=True)


def list_certificates(call):
    """The certificates of the account, newest first, page by page: a bare list."""
    if ESIGNATURE.find_faults_of_query(LIST_CERTIFICATES, call.query):
        raise Refused(call.operation, 'invalid')
    mood = call.world.settings.mood
    rows = [certificate.get_summary() for certificate in call.world.store.certificates.get_all()
            if certificate.account == call.account]
    return json_reply(200, call.cut([row for row in rows if mood.shows_in_list(row) and all(
        row[key] == call.query.get(key, row[key]) for key in ('state', 'certificateType'))]))


def read_certificate(call):
    """One certificate."""
    return json_reply(200, call.find(call.world.store.certificates).get_record())


def _check(call, body):
    """:return: bytes of the document that is to be signed

    :raise Refused: something in the body is wrong
    """
    for field in _NEEDED:
        if not body.get(field):
            raise Refused(call.operation, field)
    for fault in ESIGNATURE.find_faults_of_body(call.operation, body):
        known = fault.place and fault.place[0] in (*_NEEDED, 'signatureType')
        raise Refused(call.operation, fault.place[0] if known else 'options')
    if body.get('signatureType') != 'cades':
        raise Refused(call.operation, 'signatureType')
    options = body.get('options', {})
    if options.get('detached') or options.get('withTimestamp') or options.get('hashAlgorithm', 'SHA256') != 'SHA256':
        raise Refused(call.operation, 'options')
    documents = body['inputDocuments'] if isinstance(body['inputDocuments'], list) else [body['inputDocuments']]
    content = decode(documents[0].get('payload', '')) if len(documents) == 1 else None
    if not content:
        raise Refused(call.operation, 'inputDocuments')
    return content


def _get_names(certificate):
    """:return: dict, the names with which somebody signs; of who has the sandbox's own credentials, none"""
    if certificate is None:
        return {}
    given, _space, surname = certificate.fields['certificateOwner'].rpartition(' ')
    return {'given': given, 'surname': surname, 'tax_code': certificate.fields['tax_code']}


def _find_certificate(call, body):
    """:return: the Certificate of the account that a body names, or None"""
    for certificate in call.world.store.certificates.get_all():
        if (certificate.account, certificate.fields['username']) == (call.account, body['certificateUsername']):
            return certificate
    return None


def _judge_credentials(call, certificate, body):
    """:return: (number, message) of what is wrong with them, or None; what is wrong is counted"""
    own = certificate.fields if certificate else {'pin': SANDBOX_PIN}
    is_right = body['certificatePassword'] == own['pin'] and (
        call.operation != SIGN_OTP or body.get('certificateOtp') == own.get('otp', OTP))
    if certificate is None:
        return None if is_right and body['certificateUsername'] == SANDBOX_USERNAME else WRONG_CREDENTIALS
    if certificate.is_locked:
        return LOCKED
    wrong = 0 if is_right else certificate.fields['wrong'] + 1
    call.world.store.certificates.save(certificate.change(wrong=wrong))
    fits = is_right and certificate.state not in UNUSABLE and certificate.fields['certificateType'] == TYPES[
        call.operation]
    return None if fits else WRONG_CREDENTIALS

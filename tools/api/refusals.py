"""Which answers certainly mean that nothing was executed.

Source: the vendor's specifications ``pec.openapi.json``, ``company.openapi.json``, ``oauthv2.openapi.json`` and
``esignature.openapi.json``, which give examples for each status of an operation. A status or a code that is not
documented for the operation proves nothing: such a call may have been executed.
"""

# The gateway answers these before anything is executed, whatever the operation (with the vendor's envelope).
BEFORE_EVERYTHING = frozenset({401, 402, 403})

_WRONG_REQUEST = {(422, '615'), (422, '622'), (422, '625'), (422, '635'), (422, '640')}  # for a signature

# operation of the journal -> documented (HTTP status, code of the vendor)
DOCUMENTED = {
    'create': {(406, '336'), (428, '344')},
    'documents': {(400, '353'), (404, '354'), (406, '355'), (428, '356')},
    'domain': {(406, '401'), (428, '400')},
    'mailbox_create': {(404, '326'), (406, '242'), (428, '224')},
    'mailbox_activate': {(400, '265'), (404, '266'), (406, '296'), (428, '267')},
    'mailbox_modify': {(400, '265'), (404, '266'), (406, '325'), (428, '282')},
    'mailbox_transform': {(400, '265'), (404, '266'), (406, '276'), (428, '272')},
    'mailbox_store': {(400, '265'), (404, '266'), (406, '293'), (428, '294')},
    'mailbox_user': {(400, '212'), (404, '213'), (406, '217'), (428, '390')},
    'mailbox_renew': {(400, '201'), (404, '202'), (428, '203')},
    'mailbox_revoke': {(400, '301'), (404, '302'), (406, '303'), (428, '304')},
    'register_company': {(400, '303'), (404, '305'), (406, '304')},
    'register_offices': {(400, '207'), (406, '208')},
    'register_pec': {(400, '321'), (404, '323'), (406, '322')},
    'token_make': {(422, '70'), (422, '80'), (422, '90')},
    'token_renew': {(400, '150'), (404, '160'), (422, '100'), (422, '110')},
    'token_delete': {(400, '170'), (404, '180')},
    # wrong credentials are not among them: they are documented of a signature that failed, not of a refusal
    'sign_otp': _WRONG_REQUEST,
    'sign_automatic': _WRONG_REQUEST,
    'certificate_otp': {(404, '305')},
    'certificate_automatic': {(404, '305')},
    'signature_delete': set(),
    'verify': set(),  # documented by their statuses alone, which may be those of a document that was looked at
}

# What the specifications document for a record, asked for by its identifier, that is not there: (HTTP status, code). Of
# filings, mailboxes, requests for data of a company.
UNKNOWN_RECORDS = {(404, '334'), (404, '202'), (404, '244')}

# The same of OAuth v2, whose codes mean other things elsewhere: of tokens (read, renewed, deleted), of scopes.
UNKNOWN_OF_ACCOUNT = {(404, '120'), (404, '160'), (404, '180'), (404, '10')}
# What it documents for a scope that is none, or whose API the account has not enabled.
NOT_ENABLED = {(422, '90'), (422, '110')}

# Of signatures and certificates it documents these without a body or a code, by words alone: status -> words.
ABSENT = {404: ('No signatures found', 'Signature not found', 'Certificate not found')}
# The number by which it calls wrong credentials of a certificate.
WRONG_CREDENTIALS = '110'

# What the specification documents for a request for data of a company whose number will never be answered.
NO_REQUESTS = {(404, '244'), (406, '243')}

# list of an account -> (HTTP status, code) of its one documented empty answer
EMPTY_LISTS = {'/comunica_pec': (404, '332'), '/pec': (404, '200'), '/tokens': (404, '120'), '/callbacks': (404, '200')}


def is_refusal(operation, status, code):
    """Return whether an answer with the vendor's envelope certainly means that a call was not executed.

    :param str operation: key of ``DOCUMENTED``.
    :param int status: the HTTP status.
    :param code: ``error`` of the envelope: a number, a string or None.
    :rtype: bool
    """
    return status in BEFORE_EVERYTHING or (status, _write_code(code)) in DOCUMENTED[operation]


def is_empty_list(path, status, code):
    """Return whether an answer is the one that the specification documents for an account without records.

    :param str path: of the list; those that are no key of ``EMPTY_LISTS`` have no such answer.
    """
    return (status, _write_code(code)) == EMPTY_LISTS.get(path)


def is_unknown_record(status, code, documented=frozenset(UNKNOWN_RECORDS)):
    """Return whether an answer is the one that the specification documents for a record that is not there.

    Any other 404 is a gateway's, or says that the route is missing: it says nothing about the record.

    :param documented: what the service in question documents.
    """
    return (status, _write_code(code)) in documented


def is_not_enabled(status, code):
    """Return whether an answer is the one that is documented for a scope that an account cannot have."""
    return (status, _write_code(code)) in NOT_ENABLED


def is_absent(status, words):
    """Return whether an answer says of a signature or a certificate, or of all, that it is not there.

    :param str words: of the answer; '' for one without a body, as they are documented.
    """
    return status in ABSENT and words.strip().rstrip('.').casefold() in ('', *map(str.casefold, ABSENT[status]))


def is_wrong_credentials(code):
    """Return whether an answer says that the credentials of a certificate are not accepted."""
    return _write_code(code) == WRONG_CREDENTIALS


def is_no_request(status, code):
    """Return whether an answer is one that the specification documents for a number that is no request's (any more).

    Any other refusal of the reading says nothing about the request.
    """
    return (status, _write_code(code)) in NO_REQUESTS


def _write_code(code):
    """Return a code as the tables write it: it has been seen as a number, whole or not, and as a string."""
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)

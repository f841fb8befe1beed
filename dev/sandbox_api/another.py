"""What belongs to another call, in place of an answer: gateways have mixed them up."""
import json

from .const import COMPANY_OPERATIONS, OAUTH_OPERATIONS
from .signature_const import SIGNATURE_OPERATIONS

# of an account: what another one's token, scope, transaction, callback, signature or certificate has
_OF_ACCOUNT = {
    **dict.fromkeys(('id', 'token', 'refreshToken'), 'f' * 24), 'name': 'another', 'scope': 'GET:another.example/other',
    **dict.fromkeys(('documentTitle', 'title', 'owner', 'customReference'), 'another')}
_OF_COMPANY = {'pec': 'another@legalmail.it', 'history': [], **dict.fromkeys(('taxCode', 'vatCode'), '01234567897')}
_OF_FILING = {'id': 'f' * 24, 'casella_pec': 'another@legalmail.it', 'callback': False}


def make_another(operation, body):
    """Make another answer of one.

    :param operation: name of the operation that was called
    :param body: bytes of its answer
    :return: text
    """
    if not body.startswith((b'{', b'[')):
        return 'another'
    envelope = json.loads(body)
    data = envelope.get('data') if isinstance(envelope, dict) else envelope
    if operation in (*OAUTH_OPERATIONS, *SIGNATURE_OPERATIONS):
        rows = data if isinstance(data, list) else [data if isinstance(data, dict) else envelope]
        _replace(rows, ('document', 'certificateOwner'), _OF_ACCOUNT)
    elif operation in COMPANY_OPERATIONS:
        _replace(data if isinstance(data, list) else [data], ('companyDetails',), _OF_COMPANY)
    elif isinstance(data, dict):
        data |= _OF_FILING
    return json.dumps(envelope)


def _replace(rows, inner, others):
    """Put others in the place of what rows tell, as far as they tell it; also in the objects that they hold."""
    for row in filter(None, rows):
        for part in (row, *map(row.get, inner)):
            if isinstance(part, dict):
                part |= {key: value for key, value in others.items() if key in part}

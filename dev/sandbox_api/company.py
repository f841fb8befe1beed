"""The vendor's operations on companies: the Company API. Each: (Call) -> Reply, as those on filings.

Whether the vendor charges for a company that is not found, and when for an answer that comes later, is documented
nowhere: both are charged here, and at once.
"""
import math
import re

from . import clock
from .answers import Refused, Reply, json_reply, success
from .companies import tell_company, tell_offices, tell_pec
from .const import CHECK_ID, COMPANY_PATH, SEARCH, SEARCH_LIMIT
from .record import new_id
from .specification import COMPANY
from .validation import is_address, is_id

_CODE = re.compile(r'[0-9]{11}|[A-Z0-9]{16}', re.IGNORECASE)
_NO_FILTERS = ('dryRun', 'dataEnrichment', 'skip', 'limit')


def look_up_company(call):
    """Form, state, REA, seat and PEC of a company; paid, 30 a month are free. Not found is a 204."""
    return _look_up(call, lambda company: [tell_company(company)])


def look_up_pec(call):
    """The PEC of a company, and those before it; paid, 30 a month are free. Not found is a 204."""
    return _look_up(call, lambda company: [tell_pec(company)])


def look_up_offices(call):
    """Who has an office in a company; paid. Not found is a 204. With the setting `offices_late` a 302 comes first."""
    code = _read_code(call)
    _charge(call, code)
    seconds = call.world.settings.offices_late
    if not seconds:
        return _tell_offices(call, code, executed=True)
    request_id, now = new_id(clock.now()), clock.now()
    call.world.store.keep_request(request_id, call.account, code, now + seconds)
    envelope = {'data': {'state': 'PENDING', 'id': request_id}, 'success': True, 'message': '', 'error': None}
    pending = json_reply(302, envelope, executed=True)
    location = COMPANY_PATH + CHECK_ID.split(' ')[1].format(id=request_id)
    return Reply(
        pending.status, pending.body, executed=True,
        headers={'Location': location, 'Retry-After': str(math.ceil(seconds))})


def check_request(call):
    """What became of a request that was answered with a 302."""
    request_id = call.parameters['id']
    if not request_id:
        raise Refused(call.operation, 'required')
    if not is_id(request_id):
        raise Refused(call.operation, 'invalid')
    request = call.world.store.get_request(request_id.lower(), call.account)
    if request is None:
        raise Refused(call.operation, 'missing', id=request_id)
    code, ready_at = request
    if clock.now() < ready_at:
        return success({'state': 'PENDING', 'id': request_id})
    return _tell_offices(call, code)


def search(call):
    """Companies with a `pec`, by their ids, which are paid; any other filter finds all. With `dryRun=1` how many, free.

    None is a 204. How the vendor tells the number is documented nowhere.
    """
    if not set(call.query) - set(_NO_FILTERS):
        raise Refused(SEARCH, 'required')
    if 'pec' in call.query and not is_address(call.query['pec']):
        raise Refused(SEARCH, 'pec')
    for fault in COMPANY.find_faults_of_query(SEARCH, call.query):
        raise Refused(SEARCH, 'invalid', field=fault.place[0], problem=fault.problem)
    limit = int(call.query.get('limit', SEARCH_LIMIT))
    found = call.world.store.get_companies(pec=call.query.get('pec'))[:limit]
    if call.query.get('dryRun') == '1':
        cost = round(len(found) * call.world.settings.look_prices['IT-search'], 2)
        return success({'count': len(found), 'cost': cost}) if found else Reply(204)
    _charge(call, call.query.get('pec', ''), len(found))
    return success([{'id': company['id']} for company in found], executed=True) if found else Reply(204, executed=True)


def _charge(call, asked, count=1):
    """Take the price of a look-up, and write into the ledger about whom it was."""
    call.world.charge_look(call, count)
    call.note(asked)


def _look_up(call, tell):
    """Answer with what a function tells of a company."""
    code = _read_code(call, is_id)
    [company] = call.world.store.get_companies(code) or [None]
    if company is None and is_id(code):
        raise Refused(call.operation, 'missing', id=code)
    _charge(call, code)
    return Reply(204, executed=True) if company is None else success(tell(company), executed=True)


def _tell_offices(call, code, executed=False):
    [company] = call.world.store.get_companies(code) or [None]
    return Reply(204, executed=executed) if company is None else success(tell_offices(company), executed=executed)


def _read_code(call, is_other=lambda code: False):
    """:return: the code in the path, in capitals, or the id

    :param is_other: function (text) -> whether it may be this, too
    :raise Refused: when it is neither
    """
    [code] = call.parameters.values()
    if not code.strip():
        raise Refused(call.operation, 'required')
    if is_other(code):
        return code
    if not _CODE.fullmatch(code):
        raise Refused(call.operation, 'invalid')
    return code.upper()

"""The vendor's operations on filings. Each: (Call) -> Reply, synchronous; raises Refused before it changes anything."""
import hashlib

from .answers import Refused, Reply, success
from .const import AWAITING_DOCUMENTS, CODE_REQUESTED, DOCUMENTS_UPLOADED
from .filing import new_filing
from .p7m_check import read_p7m
from .procura import make_procura
from .validation import is_id, read_filing, read_object


def list_filings(call):
    """Every filing of the account; an empty list is a 404."""
    summaries = call.world.store.get_summaries(call.account)
    if not summaries:
        raise Refused(call.operation, 'empty')
    return success(summaries)


def create_filing(call):
    """A new filing; paid. Checked first, so that what is refused costs nothing."""
    filing = new_filing(call.account, read_filing(call.operation, call.body))
    call.world.charge(call, call.world.settings.price)
    call.world.store.add([filing])
    return success(filing.get_record(), executed=True)


def read_one(call):
    """The whole record."""
    return success(_find(call).get_record())


def upload_documents(call):
    """Upload `documenti`, one or a list, only p7m."""
    filing = _find(call)
    documenti = read_object(call.operation, call.body).get('documenti')
    if filing.stato != AWAITING_DOCUMENTS:
        raise Refused(call.operation, 'stato')
    if not documenti:
        raise Refused(call.operation, 'required')
    contents = [read_p7m(item) for item in (documenti if isinstance(documenti, list) else [documenti])]
    if None in contents:
        raise Refused(call.operation, 'p7m')
    documents = [{'size': len(content), 'sha256': hashlib.sha256(content).hexdigest()} for content in contents]
    filing = call.world.change(filing, stato=DOCUMENTS_UPLOADED, documents=documents)
    return success(filing.get_record(), executed=True)


def download_procura(call):
    """The power of attorney, PDF, once the chamber's code has come."""
    filing = _find(call)
    if filing.stato == CODE_REQUESTED:
        raise Refused(call.operation, 'stato')
    return Reply(200, make_procura(filing), 'application/pdf')


def _find(call):
    """:return: the Filing that the path names, of the calling account"""
    filing_id = call.parameters['id']
    if not is_id(filing_id):
        raise Refused(call.operation, 'id')
    filing = call.world.store.get(filing_id.lower())
    if filing is None or filing.account != call.account:
        raise Refused(call.operation, 'missing')
    return filing

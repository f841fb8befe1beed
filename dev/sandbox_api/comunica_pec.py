"""The vendor's operations on filings. Each: (Call) -> Reply, synchronous; raises Refused before it changes anything."""
from .answers import Refused, Reply
from .const import AWAITING_DOCUMENTS, CODE_REQUESTED, DOCUMENTS_UPLOADED
from .documents import is_p7m, read_documents
from .filing import new_filing
from .forms import make_procura
from .validation import read_filing, read_object


def list_filings(call):
    """Every filing of the account; an empty list is a 404."""
    return call.tell_all(call.world.store.filings.get_summaries(call.account))


def create_filing(call):
    """A new filing; paid. Checked first, so that what is refused costs nothing."""
    filing = new_filing(call.account, read_filing(call.operation, call.body))
    call.world.charge(call, call.world.settings.price)
    call.world.store.filings.add([filing])
    return call.tell(filing, executed=True)


def read_one(call):
    """The whole record."""
    return call.tell(call.find(call.world.store.filings))


def upload_documents(call):
    """Upload `documenti`, one or a list, only p7m."""
    filing = call.find(call.world.store.filings)
    documenti = read_object(call.operation, call.body).get('documenti')
    if filing.stato != AWAITING_DOCUMENTS:
        raise Refused(call.operation, 'stato')
    if not documenti:
        raise Refused(call.operation, 'required')
    documents = read_documents(documenti, is_p7m)
    if documents is None:
        raise Refused(call.operation, 'p7m')
    filing = call.world.change(filing, stato=DOCUMENTS_UPLOADED, documents=documents)
    return call.tell(filing, executed=True)


def download_procura(call):
    """The power of attorney, PDF, once the chamber's code has come."""
    filing = call.find(call.world.store.filings)
    if filing.stato == CODE_REQUESTED:
        raise Refused(call.operation, 'stato')
    return Reply(200, make_procura(filing), 'application/pdf')

"""The questions that are asked before something happens, by the rooms of ``models``."""
from . import service
from . import account
from . import spending
from . import record
from . import signer
from . import filing
from . import signature
from . import verification
from . import mailbox
from . import look
from . import register
from . import ledger

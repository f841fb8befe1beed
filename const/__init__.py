"""Tables that several rooms of ``models`` use; what one file alone uses stands there."""
from . import account
from . import filing
from . import import_row
from . import ledger
from . import look
from . import mailbox
from . import position
from . import reason
from . import remote_signature
from . import service
from . import sign_many
from . import signature
from . import trust
from . import verification

"""Tables that several rooms of ``models`` use; what one file alone uses stands there."""
from . import filing
from . import mailbox
from . import service
from . import signature

"""What filings, mailboxes and offices have in common.

In the order in which it reads: the record (``record_mixin`` declares its fields), the data that are proposed for it
(``data_mixin``), and its municipalities (``place_mixin``); contacts that a spreadsheet names (``contact_import``); the
look before a call that is paid, a call whose answer was lost, what was made twice; what a person decides on all this,
and what was seen before a call; following the service, and its callbacks; what is gone, or in another account; why a
call waits (pauses, copies of the database); what earlier versions left pending; the pages that are told of changes.
"""
from . import findings_mixin
from . import record_mixin
from . import data_mixin
from . import place_mixin
from . import contact_import
from . import look
from . import lost
from . import doubled
from . import decision
from . import sighting
from . import following
from . import callback
from . import gone
from . import pause
from . import home
from . import left_pending
from . import told

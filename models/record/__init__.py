"""What filings and mailboxes have in common.

In the order in which it reads: what is found before the click that costs; the record and how it follows the service;
the data that are proposed for it; what a person decides; what is gone, or left in another account; pauses; copies of
the database; what was seen before a call.
"""
from . import findings_mixin
from . import record_mixin
from . import data_mixin
from . import decision
from . import gone
from . import left_pending
from . import pause
from . import home
from . import sighting

"""The page on which the application opens.

``cards`` is the table of what is counted, and ``overview`` counts it; ``accounts`` tells of the accounts and of the
scheduled jobs, ``first_steps`` what is to be done until an account works.
"""
from . import overview
from . import accounts
from . import first_steps

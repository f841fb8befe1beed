"""The rule that every click passes that costs: what it costs, what is left of budgets, and who approves it.

``plan`` says of a sum what stands against it; ``clearance`` has every call that is asked for pass it, in one place;
``approval`` is what a second manager approves, and ``asked`` says on filings, mailboxes and contacts that it waits. All
of it is off before a system administrator sets a sum.
"""
from . import user
from . import settings
from . import plan
from . import clearance
from . import approval
from . import asked
from . import price

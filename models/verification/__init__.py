"""What Openapi reports of signed powers of attorney, where a company has it verify them: paid, one click each.

- ``verification``: one report, how it is asked for, the call, and what its answers mean;
- ``trust``: what a report says takes the place of what Odoo would find out itself;
- ``communication``: what filings have of it;
- ``signature``: the scheduled job of signatures ends what a process that died has left.
"""
from . import verification
from . import trust
from . import communication
from . import signature

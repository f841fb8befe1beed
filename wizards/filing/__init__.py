"""Questions about communications.

In the order in which it reads: before they are made, of several contacts (``communicate``); who asks and signs
(``representative``); before they are submitted (``submit``); when signed files come back, one line for each
(``upload``, ``upload_verify``, ``upload_line``); before a document is sent that would be refused (``delivery``).

A spreadsheet that becomes a multiple filing: ``import_row`` (all fields, how a file is loaded), ``import_plan`` (what
each row would do), ``import_judge`` (what would stand against its filings), ``import_apply`` (the button).
"""
from . import communicate
from . import representative
from . import submit
from . import delivery
from . import upload
from . import upload_verify
from . import upload_line
from . import import_row
from . import import_plan
from . import import_judge
from . import import_apply

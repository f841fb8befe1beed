"""Questions about communications.

In the order in which it reads: before they are made, of several contacts (``communicate``); who asks and signs
(``representative``); before they are submitted (``submit``); when signed files come back, one line for each
(``upload``, ``upload_line``); before a document is sent that is not the power of attorney (``delivery``).
"""
from . import communicate
from . import representative
from . import submit
from . import delivery
from . import upload
from . import upload_line

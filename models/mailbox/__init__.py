"""Certified mailboxes.

In the order in which it reads: the mailbox, its documents and the applicant's page; its operations, what a person
decides of them and what is awaited; what is found before the click; following the service; accounts of several
companies; the digital domicile; its users.
"""
from . import mailbox
from . import documents
from . import applicant_page
from . import operation
from . import decision
from . import awaited
from . import preflight
from . import synchronize
from . import user
from . import sharing
from . import domicile

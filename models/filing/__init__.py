"""Communications to the business register.

In the order in which it reads:

- a filing: ``communication`` (all its fields), ``data`` (what the contacts propose), ``documents`` (its files),
  ``actions`` (the buttons), ``call`` (what is sent, and what the answers mean), ``synchronize``;
- what is found before the click: ``preflight``, with another PEC of the same company ``under_way``; as the form shows
  it (``shown_findings``), as it is kept (``verdict``); who asks a manager for that click: ``asking``;
- the signed power of attorney: ``signature``, what is verified of it beyond the file: ``verifying``; ``signer_page``;
- what follows at the register: ``chamber``;
- many filings: ``batch``, ``batch_part``, ``worklist``, ``spreadsheet``, ``overview``;
- filings in the account that Odoo did not make: ``unassigned_filing`` (all fields, what a person decides),
  ``unassigned_match`` (how filings are made of them), ``unassigned_import`` (the button and the job).
"""
from . import batch
from . import communication
from . import data
from . import documents
from . import actions
from . import call
from . import synchronize
from . import preflight
from . import under_way
from . import shown_findings
from . import verdict
from . import asking
from . import signature
from . import verifying
from . import signer_page
from . import chamber
from . import batch_part
from . import worklist
from . import spreadsheet
from . import overview
from . import unassigned_filing
from . import unassigned_match
from . import unassigned_import

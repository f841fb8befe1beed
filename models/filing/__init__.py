"""Communications to the business register.

In the order in which it reads: the filing and its calls; what is found before the click; the signed power of attorney
and the signer's page; the chamber; batches, spreadsheets and the overview; what was filed elsewhere.
"""
from . import batch
from . import communication
from . import batch_part
from . import chamber
from . import spreadsheet
from . import overview
from . import preflight
from . import signature
from . import signer_page
from . import unassigned_filing

"""What is answered over HTTP.

In the order in which it reads: what the service calls (``callback``); the pages of signers without a login
(``signer_page``, what they have in common, ``signer`` of a filing, ``applicant`` of a mailbox); what a contact finds
under *My Account* (``portal``, ``portal_position``); the dialog for remote signatures (``sign``); ZIP files for users
(``procure``, ``archive``); spreadsheets without formulas (``spreadsheet``).
"""
from . import applicant
from . import archive
from . import callback
from . import portal
from . import portal_position
from . import procure
from . import sign
from . import signer
from . import spreadsheet

from . import applicant
from . import callback
from . import procure
from . import signer
from . import spreadsheet

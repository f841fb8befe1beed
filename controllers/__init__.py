from . import applicant
from . import archive
from . import callback
from . import procure
from . import signer
from . import spreadsheet

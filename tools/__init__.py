from . import client
from . import errors
from . import fiscal_code
from . import lost_filing
from . import pec_address
from . import working_time

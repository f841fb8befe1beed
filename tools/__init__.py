from . import client
from . import errors
from . import fiscal_code
from . import italian_form
from . import lost_filing
from . import mobile
from . import pec_address
from . import working_time

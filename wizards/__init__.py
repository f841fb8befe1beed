from . import base_partner_merge
from . import openapi_pec_buy
from . import openapi_pec_choose
from . import openapi_pec_order
from . import openapi_pec_send
from . import openapi_pec_submit
from . import openapi_pec_receive
from . import openapi_pec_receive_line

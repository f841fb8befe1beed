from . import openapi_pec_api_call
from . import openapi_pec_call_mixin
from . import openapi_pec_communication
from . import openapi_pec_communication_preflight
from . import openapi_pec_domain
from . import res_company
from . import res_config_settings
from . import res_partner

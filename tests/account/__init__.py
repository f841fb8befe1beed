from . import test_account_used
from . import test_callback_audit

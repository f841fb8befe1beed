from . import test_account_used

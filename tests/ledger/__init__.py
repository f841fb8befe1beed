from . import test_transactions

from . import test_transactions
from . import test_evidence
from . import test_billing
from . import test_billing_processes
from . import test_after_faults
from . import test_campaign_wallet
from . import test_ledger_tour

"""What each call has cost, beside what the vendor says that it has charged, and invoicing it to clients.

``transaction`` is what the wallet of an account tells (its fields), ``reading`` how it is read and which call each
charge was made for, ``evidence`` what it tells of a call whose answer was lost. ``ledger`` is the journal as an
accountant reads it, and ``difference`` what does not agree with the wallet. ``billing`` says which cost is on which
invoice; ``account_move`` is the invoice. ``communication`` and ``res_partner`` tell what a filing, or a client, has
cost.
"""
from . import transaction
from . import reading
from . import evidence
from . import ledger
from . import difference
from . import billing
from . import account_move
from . import communication
from . import res_partner

"""Choosing a mailbox, and the last question before an operation on one.

``mailbox_purchase`` chooses type and address of a new mailbox, and makes its draft. ``mailbox_order`` is what all last
questions have in common; the others are one each: ``const.mailbox.OPERATIONS`` names the model of each operation.
"""
from . import mailbox_purchase
from . import mailbox_order
from . import mailbox_confirmation
from . import mailbox_renewal
from . import mailbox_enlargement
from . import mailbox_upgrade
from . import mailbox_storage
from . import mailbox_addition
from . import mailbox_revocation

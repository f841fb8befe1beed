"""Choosing a mailbox, and the last question before an operation on one."""
from . import mailbox_order
from . import mailbox_purchase

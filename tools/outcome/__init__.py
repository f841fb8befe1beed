"""What became of a call whose answer was lost.

In the order in which it reads:

- ``created``: a call that makes a record: what the account's list shows of it
- ``changed``: a call that changes a mailbox: what the mailbox shows of it
- ``unassigned``: filings that were made elsewhere
"""

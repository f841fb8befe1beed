"""PEC addresses.

In the order in which it reads:

- ``address``: their form, and what their domain shows; ``proposals``: addresses for new mailboxes
- ``digital_domicile``: whose digital domicile an address may be
- ``identity_digest``: when two filings are the same
"""

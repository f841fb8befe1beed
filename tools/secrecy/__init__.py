"""Secrets: sealed, derived, digested; and kept out of the log.

In the order in which it reads:

- ``secret_box``: what is kept of secrets
- ``pasted``: a token as people paste it
- ``token_mask``, ``row_mask``: filters of the log, for tokens and tax codes in addresses, and for rows that the
  database quotes
"""

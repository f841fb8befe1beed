"""The account at the vendor: its e-mail and key, the tokens that it makes, its wallet, and what the vendor tells of it.

``account`` is one account of one environment, which several companies may use (its fields); ``company`` says which one
a company uses. A token that was pasted belongs to no account: the company keeps it itself, as in ``service``.
"""
from . import account
from . import company

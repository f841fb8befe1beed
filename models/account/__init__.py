"""The account at the vendor: its e-mail and key, the tokens that it makes, its wallet, and what the vendor tells of it.

``account`` is one account of one environment, which several companies may use (its fields); ``company`` says which one
a company uses, ``calls`` in which one each call was made; ``token`` is the log of its tokens, ``connecting`` makes the
first, ``keeping`` renews it, ``ending`` ends the last; ``wallet`` is its balance, ``prices`` what its calls cost;
``deliveries`` audits the callbacks. A token that was pasted belongs to no account: the company keeps it itself, as in
``service``.
"""
from . import account
from . import company
from . import calls
from . import token
from . import connecting
from . import ending
from . import keeping
from . import wallet
from . import prices
from . import deliveries
from . import settings

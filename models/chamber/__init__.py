"""The chamber's mail, as a proposal: nothing changes a filing but a person's click.

In the order in which it reads:

- ``chamber_word``: the words, senders and phrases that a message is judged by, which managers teach;
- ``chamber_message``: a message (all its fields, the buttons), ``chamber_reading`` (what it says, and about which
  filing), ``chamber_filing`` (what a filing shows of its messages);
- how mail comes in: ``mail_thread`` (the message as it came, for this room), ``company`` (the address of a
  company) and ``settings``.
"""
from . import chamber_word
from . import chamber_message
from . import chamber_reading
from . import chamber_filing
from . import mail_thread
from . import company
from . import settings
